//! What columns, kinds of list and cells are called: the shipped data (`config/data/lists`), made
//! ready to be looked up.

use almoner_core::lists::{Field, ListKind};
use almoner_core::text::fold;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::LazyLock;

const SHIPPED: &str = include_str!("../../../../../config/data/lists/columns.toml");

/// Ways to write one name with short forms that are kept, at most.
const SPELLINGS: usize = 64;

/// What a heading may begin with where it speaks of the patient.
const WHOSE: [&str; 8] =
    ["patient", "member", "client", "person", "participant", "resident", "ptnt", "pt"];

/// Of each table the codes, each with the words that mean it.
type Meanings = BTreeMap<String, BTreeMap<String, Vec<String>>>;

/// The data, ready to be looked up.
pub(super) struct Words {
    fields: HashMap<String, Vec<Field>>,
    /// Fields that say who the patient is.
    person: HashSet<Field>,
    pub kinds: Vec<Kind>,
    vague: HashSet<String>,
    tracking: HashSet<String>,
    foot: HashSet<String>,
    short: HashMap<String, String>,
    meanings: Meanings,
    pub births_from: i32,
}

/// A kind of list: what it needs, and what tells it from the others.
pub(super) struct Kind {
    pub list: ListKind,
    /// Of each group one field must be there.
    pub needs: Vec<Vec<Field>>,
    /// Fields that only this kind has.
    pub marks: Vec<Field>,
    pub fields: Vec<Field>,
}

/// A heading as it is looked up.
pub(super) struct Name {
    /// Its tokens in their long forms, joined: what columns are known by.
    pub key: String,
    /// Further spellings.
    others: Vec<String>,
    /// The same without "patient" before it.
    bare: Vec<String>,
}

/// The shipped data. It is part of the program; that it can be read is a test.
pub(super) fn words() -> &'static Words {
    static WORDS: LazyLock<Words> = LazyLock::new(|| Words::of(SHIPPED).unwrap_or_default());
    &WORDS
}

impl Words {
    fn of(text: &str) -> Result<Self, String> {
        let file: File = toml::from_str(text).map_err(|fault| fault.to_string())?;
        let mut words = Self { births_from: file.births_from, ..Self::default() };
        for (long, forms) in &file.short {
            words.short.extend(forms.iter().map(|form| (form.clone(), long.clone())));
        }
        for field in &file.field {
            if field.person {
                words.person.insert(field.key);
            }
            for phrase in &field.words {
                for key in words.spellings(phrase, &file.short) {
                    let known = words.fields.entry(key).or_default();
                    if !known.contains(&field.key) {
                        known.push(field.key);
                    }
                }
            }
        }
        let joined = |phrases: &[String]| -> HashSet<String> {
            phrases.iter().map(|phrase| words.tokens(phrase).concat()).collect()
        };
        let (vague, tracking, foot) =
            (joined(&file.vague), joined(&file.tracking), joined(&file.foot));
        (words.vague, words.tracking, words.foot) = (vague, tracking, foot);
        words.kinds = file
            .kind
            .into_iter()
            .map(|kind| Kind {
                list: kind.key,
                needs: kind.needs,
                marks: kind.marks,
                fields: kind.fields,
            })
            .collect();
        words.meanings = file.words;
        Ok(words)
    }

    /// A heading as it is looked up.
    pub fn name(&self, heading: &str) -> Name {
        let tokens = self.tokens(heading);
        let raw = plain_tokens(heading).concat();
        let whose = |token: &str| WHOSE.contains(&token);
        let mut bare = Vec::new();
        if let Some((first, rest)) = tokens.split_first()
            && whose(first)
            && !rest.is_empty()
        {
            bare.push(rest.concat());
        }
        bare.extend(WHOSE.iter().filter_map(|whose| Some(raw.strip_prefix(whose)?.to_owned())));
        Name { key: tokens.concat(), others: vec![raw], bare }
    }

    /// The fields that a heading can mean; those of the patient also behind "patient".
    pub fn fields(&self, name: &Name) -> Vec<Field> {
        let mut found: Vec<Field> = Vec::new();
        for key in std::iter::once(&name.key).chain(&name.others) {
            found.extend(self.fields.get(key).into_iter().flatten());
        }
        if found.is_empty() {
            let bare = name.bare.iter().filter_map(|key| self.fields.get(key)).flatten();
            found.extend(bare.filter(|field| self.person.contains(field)));
        }
        found
    }

    /// Whether a field says who the patient is.
    pub fn is_person(&self, field: Field) -> bool {
        self.person.contains(&field)
    }

    /// Whether a heading alone never tells what kind a list is.
    pub fn is_vague(&self, name: &Name) -> bool {
        self.vague.contains(&name.key)
    }

    /// Whether a heading is one of a clinic's tracking sheet.
    pub fn is_tracking(&self, name: &Name) -> bool {
        self.tracking.contains(&name.key)
    }

    /// Whether a cell begins a line below the list: "Total: 17", "Page 1 of 3".
    pub fn is_foot(&self, cell: &str) -> bool {
        let words: String = cell.chars().take(60).collect();
        let words = words.split([':', '=']).next().unwrap_or_default();
        let kept = |token: &String| {
            !token.chars().all(|c| c.is_ascii_digit()) && !matches!(token.as_str(), "of" | "de")
        };
        let tokens: Vec<String> = self.tokens(words).into_iter().filter(kept).collect();
        self.foot.contains(&tokens.concat())
    }

    /// The code that a cell's words mean in a table of meanings.
    pub fn meaning(&self, table: &str, cell: &str) -> Option<&str> {
        let folded = fold(cell);
        let codes = self.meanings.get(table)?;
        let fits = |words: &Vec<String>| words.contains(&folded);
        codes.iter().find(|(_, words)| fits(words)).map(|(code, _)| code.as_str())
    }

    /// Tokens of a heading in their long forms.
    fn tokens(&self, heading: &str) -> Vec<String> {
        let long = |token: String| self.short.get(&token).cloned().unwrap_or(token);
        plain_tokens(heading).into_iter().map(long).collect()
    }

    /// All joined spellings of a phrase: long forms, and each of the short ones.
    fn spellings(&self, phrase: &str, short: &BTreeMap<String, Vec<String>>) -> Vec<String> {
        let mut all = vec![String::new()];
        for token in self.tokens(phrase) {
            let forms = short.get(&token).into_iter().flatten();
            let forms: Vec<&str> =
                std::iter::once(&token).chain(forms).map(String::as_str).collect();
            all = all
                .iter()
                .flat_map(|begun| forms.iter().map(move |form| format!("{begun}{form}")))
                .take(SPELLINGS)
                .collect();
        }
        all
    }
}

impl Default for Words {
    fn default() -> Self {
        Self {
            fields: HashMap::new(),
            person: HashSet::new(),
            kinds: Vec::new(),
            vague: HashSet::new(),
            tracking: HashSet::new(),
            foot: HashSet::new(),
            short: HashMap::new(),
            meanings: BTreeMap::new(),
            births_from: 1900,
        }
    }
}

/// Tokens of a heading, folded: `ApptDate` and `Chart #` are two each.
fn plain_tokens(heading: &str) -> Vec<String> {
    let mut spaced = String::with_capacity(heading.len() + 8);
    let mut before = ' ';
    for c in heading.chars().take(200) {
        if c == '#' {
            spaced.push_str(" number ");
        } else {
            if before.is_lowercase() && c.is_uppercase() {
                spaced.push(' ');
            }
            spaced.push(c);
        }
        before = c;
    }
    fold(&spaced).split(' ').filter(|token| !token.is_empty()).map(str::to_owned).collect()
}

#[derive(Deserialize)]
struct File {
    births_from: i32,
    vague: Vec<String>,
    foot: Vec<String>,
    tracking: Vec<String>,
    short: BTreeMap<String, Vec<String>>,
    field: Vec<FieldWords>,
    kind: Vec<KindNeeds>,
    words: Meanings,
}

#[derive(Deserialize)]
struct FieldWords {
    key: Field,
    #[serde(default)]
    person: bool,
    words: Vec<String>,
}

#[derive(Deserialize)]
struct KindNeeds {
    key: ListKind,
    needs: Vec<Vec<Field>>,
    marks: Vec<Field>,
    fields: Vec<Field>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_data_is_read_and_names_every_field_and_kind() {
        let words = Words::of(SHIPPED).unwrap();
        let mut named: HashSet<Field> = HashSet::new();
        named.extend(words.fields.values().flatten());
        let missing: Vec<_> = Field::ALL.iter().filter(|field| !named.contains(field)).collect();
        assert!(missing.is_empty(), "{missing:?}");
        let kinds: HashSet<ListKind> = words.kinds.iter().map(|kind| kind.list).collect();
        assert_eq!(kinds.len(), ListKind::ALL.len());
        for kind in &words.kinds {
            let own = kind.marks.iter().chain(&kind.fields);
            for field in kind.needs.iter().flatten() {
                let known = own.clone().any(|it| it == field) || words.is_person(*field);
                assert!(known, "{:?} needs {field:?} and does not read it", kind.list);
            }
        }
    }

    #[test]
    fn no_word_of_a_table_means_two_things() {
        for (table, codes) in &words().meanings {
            let mut seen = HashSet::new();
            for word in codes.values().flatten() {
                assert!(seen.insert(word), "{table}: {word}");
                assert_eq!(*word, fold(word), "{table}: {word} is not folded");
            }
        }
    }

    #[test]
    fn headings_are_known_however_they_are_written() {
        let words = words();
        for (heading, field) in [
            ("Pt. DOB", Field::BirthDate),
            ("PatientFirstName", Field::FirstName),
            ("patient firstname", Field::FirstName),
            ("ptnt lngg", Field::Language),
            ("apptdate", Field::AppointmentDate),
            ("Appt Dt", Field::AppointmentDate),
            ("ApptStartTime", Field::AppointmentTime),
            ("Med Rec Nbr", Field::Mrn),
            ("Chart #", Field::Mrn),
            ("Teléfono celular", Field::MobilePhone),
            ("FECHA DE NACIMIENTO", Field::BirthDate),
            ("patient_mobile_no", Field::MobilePhone),
            ("Patient Primary Ins Pkg Name", Field::Payer),
            ("D.O.B.", Field::BirthDate),
            ("Disch Date/Time", Field::DischargeDate),
        ] {
            let found = words.fields(&words.name(heading));
            assert!(found.contains(&field), "{heading}: {found:?}");
        }
        for heading in ["Guarantor Name", "Emergency contact phone", "Balance", "Patient Status"] {
            assert!(words.fields(&words.name(heading)).is_empty(), "{heading}");
        }
        assert!(words.is_foot("Total: 17") && words.is_foot("Page 2 of 9"));
        assert!(!words.is_foot("Paget, Ann") && !words.is_foot("17"));
        assert_eq!(words.meaning("sex", "Femenino"), Some("female"));
        assert_eq!(words.meaning("appointment", "No-Show"), Some("noshow"));
    }
}
