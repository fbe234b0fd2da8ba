//! Names and identifiers as they are compared: folded, without titles and suffixes, and with what
//! is no name or no identifier at all left out (`matching.md` §2).

use almoner_core::clinical::{HumanName, Identifier, system};
use almoner_core::text::fold;

/// A name as it is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct NameKey {
    /// Family name, folded, its parts joined: `okaforreyes`.
    pub family: String,
    /// Its parts: `okafor`, `reyes`.
    pub parts: Vec<String>,
    /// First given name, folded.
    pub given: String,
    /// Further given names or initials, folded.
    pub middle: Vec<String>,
    /// `jr`, `sr`, `ii` …; empty when there is none.
    pub suffix: String,
}

/// How much an identifier says about who somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Nothing: `UNK`, `999-99-9999`, a sample's number, a doctor's number.
    Worthless,
    /// Something, never alone: a social security number, a number nobody stands for.
    Weak,
    /// Much: a number with its authority.
    Strong,
}

const SUFFIXES: [&str; 9] = ["jr", "sr", "ii", "iii", "iv", "v", "2nd", "3rd", "4th"];
const TITLES: [&str; 10] = ["mr", "mrs", "ms", "miss", "dr", "sra", "sr.", "prof", "don", "dona"];

/// Words that stand where a name should be (`matching.md` §2, placeholder names).
const PLACEHOLDERS: [&str; 12] = [
    "unknown",
    "test",
    "baby",
    "babyboy",
    "babygirl",
    "newborn",
    "doe",
    "unk",
    "none",
    "patient",
    "anonymous",
    "na",
];

/// Values that are nobody's number (`exports.md`, identity).
const NO_VALUES: [&str; 10] =
    ["UNK", "UNKNOWN", "NONE", "NA", "NULL", "TEST", "NI", "ASKU", "NASK", "123456789"];

/// Under which the FHIR reader keeps a patient's own id; a test holds both to one word.
pub(crate) const FHIR_ID: &str = "urn:almoner:fhir-id";

/// OIDs of people's examples; numbers under them are copied from document to document.
const SAMPLE_ROOT: &str = "urn:oid:2.16.840.1.113883.19";
const SSN_OID: &str = "urn:oid:2.16.840.1.113883.4.1";
const NPI_OID: &str = "urn:oid:2.16.840.1.113883.4.6";

impl NameKey {
    /// The name as compared; `None` when it is no usable name.
    pub fn of(name: &HumanName) -> Option<Self> {
        let mut suffix = name.suffix.iter().map(|text| fold(text)).find(|s| is_suffix(s));
        let mut parts = words(&name.family);
        while parts.len() > 1 && parts.last().is_some_and(|last| is_suffix(last)) {
            suffix = parts.pop().or(suffix);
        }
        let mut given: Vec<String> = name.given.iter().flat_map(|part| words(part)).collect();
        while given.len() > 1 && given.last().is_some_and(|last| is_suffix(last) && last != "v") {
            suffix = given.pop().or(suffix);
        }
        if given.len() > 1 && given.first().is_some_and(|first| TITLES.contains(&first.as_str())) {
            given.remove(0);
        }
        let family = parts.concat();
        let mut given = given.into_iter();
        let first = given.next().unwrap_or_default();
        let key = Self {
            family,
            parts,
            given: first,
            middle: given.collect(),
            suffix: suffix.unwrap_or_default(),
        };
        key.usable().then_some(key)
    }

    /// Family and first given name are the same.
    pub fn exact(&self, other: &Self) -> bool {
        self.family == other.family && self.given == other.given
    }

    /// Family and given name are the same, but changed about.
    pub fn swapped(&self, other: &Self) -> bool {
        let turned = |a: &Self, b: &Self| {
            a.family == b.given_names() && (a.given == b.family || a.given_names() == b.family)
        };
        turned(self, other) || turned(other, self)
    }

    /// All given names, joined as a family name is.
    pub fn given_names(&self) -> String {
        std::iter::once(&self.given).chain(&self.middle).map(String::as_str).collect()
    }

    /// The family names have a part in common (double surnames, a married name added).
    pub fn same_family(&self, other: &Self) -> bool {
        self.family == other.family
            || self.parts.iter().any(|part| part.len() > 2 && other.parts.contains(part))
    }

    /// The first given names can be the same: equal, an initial, or a short form of the other.
    pub fn same_given(&self, other: &Self) -> bool {
        let (a, b) = (self.given.as_str(), other.given.as_str());
        let initial = |one: &str, two: &str| one.len() == 1 && two.starts_with(one);
        let start = |text: &str| text.chars().take(3).collect::<String>();
        a == b
            || initial(a, b)
            || initial(b, a)
            || (start(a).len() >= 3 && start(a) == start(b))
            || self.middle.iter().any(|middle| middle == b && b.len() > 1)
            || other.middle.iter().any(|middle| middle == a && a.len() > 1)
    }

    /// Both have suffixes, and unlike ones (Jr and Sr are two people).
    pub fn suffix_conflict(&self, other: &Self) -> bool {
        !self.suffix.is_empty() && !other.suffix.is_empty() && self.suffix != other.suffix
    }

    /// Both have middle names, and unlike ones.
    pub fn middle_conflict(&self, other: &Self) -> bool {
        let (Some(a), Some(b)) = (self.middle.first(), other.middle.first()) else { return false };
        !(a.starts_with(b.as_str()) || b.starts_with(a.as_str()))
    }

    fn usable(&self) -> bool {
        let real =
            |text: &str| text.len() > 1 && !PLACEHOLDERS.contains(&text) && !text.starts_with("zz");
        let family_only_doe = self.family == "doe" && !PLACEHOLDERS.contains(&self.given.as_str());
        (real(&self.family) || family_only_doe) && real(&self.given)
    }
}

/// How much an identifier says, coming from this source.
pub fn strength(id: &Identifier, source: &str) -> Strength {
    let value = plain(&id.value);
    let first = value.chars().next();
    let monotone = value.chars().all(|c| Some(c) == first);
    if monotone && value.len() != 1 || NO_VALUES.contains(&value.as_str()) || value.is_empty() {
        return Strength::Worthless;
    }
    // A number that a merge message retires is not the survivor's own until somebody decides.
    if id.kind == "prior" {
        return Strength::Worthless;
    }
    if id.system.starts_with(SAMPLE_ROOT) || id.system == NPI_OID || id.system == system::US_NPI {
        return Strength::Worthless;
    }
    if is_ssn(id) || matches!(id.kind.as_str(), "AN" | "VN") {
        return Strength::Weak;
    }
    let named = !source.is_empty();
    match id.system.as_str() {
        "" => Strength::Weak,
        FHIR_ID if named || value.len() >= 32 || id.value.contains('/') => Strength::Strong,
        FHIR_ID => Strength::Weak,
        uri if uri.contains(':') => Strength::Strong,
        _word if named => Strength::Strong,
        _ => Strength::Weak,
    }
}

/// Whether it is a social security number.
pub fn is_ssn(id: &Identifier) -> bool {
    id.kind == "SS" || id.system == system::US_SSN || id.system == SSN_OID
}

/// Within what an identifier is unlike: one source for what only that source says, else the world.
pub fn scope<'s>(id: &Identifier, source: &'s str) -> &'s str {
    let own_words = !id.system.contains(':');
    if own_words || id.system == FHIR_ID && !id.value.contains('/') { source } else { "" }
}

/// An identifier's value as compared: letters and digits only, upper case.
pub fn plain(value: &str) -> String {
    value.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

fn words(text: &str) -> Vec<String> {
    fold(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

/// Whether a word says which of a family bears the name: "jr", "iii".
pub(crate) fn is_suffix(word: &str) -> bool {
    SUFFIXES.contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(family: &str, given: &[&str]) -> Option<NameKey> {
        let given = given.iter().map(|part| (*part).to_owned()).collect();
        NameKey::of(&HumanName { family: family.into(), given, ..HumanName::default() })
    }

    #[test]
    fn names_are_folded_and_taken_apart() {
        let key = name("Okafor-Reyes Jr.", &["María del Carmen"]).unwrap();
        assert_eq!(key.family, "okaforreyes");
        assert_eq!(key.parts, ["okafor", "reyes"]);
        assert_eq!((key.given.as_str(), key.suffix.as_str()), ("maria", "jr"));
        assert_eq!(key.middle, ["del", "carmen"]);
    }

    #[test]
    fn placeholders_are_no_names() {
        for (family, given) in
            [("Unknown", "Unknown"), ("Smith", "Baby"), ("Q", "Anna"), ("ZZTest", "Ann"), ("", "")]
        {
            assert!(name(family, &[given]).is_none(), "{family} {given}");
        }
        assert!(name("Doe", &["Jane"]).is_some());
    }

    #[test]
    fn identifiers_are_weighed() {
        let id = |system: &str, value: &str, kind: &str| Identifier {
            system: system.into(),
            value: value.into(),
            kind: kind.into(),
        };
        for (given, source, expected) in [
            (id("urn:oid:1.2.3", "UNK", ""), "epic", Strength::Worthless),
            (id("urn:oid:1.2.3", "999-99-9999", ""), "epic", Strength::Worthless),
            (id("urn:oid:2.16.840.1.113883.19.5", "998991", ""), "epic", Strength::Worthless),
            (id(SSN_OID, "111-00-2330", ""), "epic", Strength::Weak),
            (id("", "4711", "MR"), "epic", Strength::Weak),
            (id("urn:oid:1.2.3", "4711", "MR"), "", Strength::Strong),
            (id("SBH", "4711", "MR"), "cerner", Strength::Strong),
            (id("SBH", "4711", "MR"), "", Strength::Weak),
            (id(FHIR_ID, "17", "fhir"), "ecw", Strength::Strong),
            (id(FHIR_ID, "17", "fhir"), "", Strength::Weak),
        ] {
            assert_eq!(strength(&given, source), expected, "{given:?} from '{source}'");
        }
    }
}
