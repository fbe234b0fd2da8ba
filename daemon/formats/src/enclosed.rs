//! Clinical documents within other exports: the C-CDA in an `OBX` of a message, or in an attachment of a
//! FHIR resource, is read as if it had come by itself. It is told in the midst of the export that brings
//! it, as a member of its own, once all of its person was told (`hl7v2.md` 7, `fhir.md` A2).

use crate::ccda;
use crate::detect::{Format, detect};
use crate::telling::{self, Listen};
use crate::text;
use almoner_core::clinical::{Content, Document, HumanName, Patient};
use almoner_core::export::{Export, PersonStatements, Problem, Severity, Told};
use almoner_core::text::fold;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::NaiveDate;
use std::borrow::Cow;

/// Enclosed documents of one file that are read, at most; more stay documents.
const MOST: usize = 10_000;
/// Signs of base64 that show what is in it.
const OPENING: usize = 8 << 10;

/// Hears an export, and reads what is enclosed in it.
pub(crate) struct Enclosed<'l, 'f> {
    listen: &'l mut Listen<'f>,
    today: Option<NaiveDate>,
    /// The member that is being told.
    path: String,
    /// Whether its documents may be clinical documents: those of a C-CDA are notes.
    reads: bool,
    /// Documents of the person who is being told.
    found: Vec<Found>,
    /// How many were read of the file, and how many of the member were left.
    read: usize,
    left: usize,
}

/// A clinical document that was found.
struct Found {
    /// Where in the member it is.
    place: String,
    text: String,
    /// Sensitivity labels of what brings it.
    labels: Vec<String>,
}

impl<'l, 'f> Enclosed<'l, 'f> {
    pub(crate) fn new(today: Option<NaiveDate>, listen: &'l mut Listen<'f>) -> Self {
        let (path, found) = (String::new(), Vec::new());
        Self { listen, today, path, reads: false, found, read: 0, left: 0 }
    }

    /// Passes on what is told, and what is enclosed in it.
    pub(crate) fn hear(&mut self, mut told: Told) {
        let mut whose = None;
        match &mut told {
            Told::Begin(heading) => {
                self.path.clone_from(&heading.path);
                self.reads = heading.format != Format::Ccda.token();
            }
            Told::Piece(piece) if self.reads => {
                for statement in &piece.statements {
                    if let Content::Document(document) = &statement.content
                        && let Some(text) = clinical(document)
                    {
                        let (place, labels) = (statement.place.clone(), statement.labels.clone());
                        self.found.push(Found { place, text: text.into_owned(), labels });
                    }
                }
                let ends = piece.last && !self.found.is_empty();
                whose = ends.then(|| piece.person.as_ref().map(without_statements));
            }
            Told::Piece(_) => {}
            Told::End(ending) => {
                let left = std::mem::take(&mut self.left);
                if let (true, Ok(export)) = (left > 0, &mut ending.outcome) {
                    export.problems.push(too_many(left));
                }
            }
        }
        (self.listen)(told);
        if let Some(whose) = whose {
            for found in std::mem::take(&mut self.found) {
                self.tell(&found, whose.as_ref());
            }
        }
    }

    fn tell(&mut self, found: &Found, bringer: Option<&PersonStatements>) {
        if self.read == MOST {
            self.left += 1;
            return;
        }
        self.read += 1;
        let path = within(&self.path, &found.place);
        let mut outcome = ccda::read_on(&found.text, self.today);
        if let Ok(export) = &mut outcome {
            export.problems.insert(0, enclosed());
            let people = export.people.iter_mut().flat_map(|person| &mut person.statements);
            for statement in people.chain(&mut export.shared) {
                for label in &found.labels {
                    if !statement.labels.contains(label) {
                        statement.labels.push(label.clone());
                    }
                }
            }
            if let Some(bringer) = bringer {
                same_or_told(&bringer.patient, export);
            }
        }
        telling::member(&path, outcome, self.listen);
    }
}

/// The path of a document within a member. A place within a set begins with its file.
fn within(member: &str, place: &str) -> String {
    if member.is_empty() || member.ends_with('*') {
        return place.to_owned();
    }
    format!("{member}/{place}")
}

/// The clinical document that stands at a place of an export's documents: what [`Enclosed`] tells under
/// that place.
pub(crate) fn at(export: &Export, place: &str) -> Option<String> {
    let people = export.people.iter().flat_map(|person| &person.statements);
    let mut all = people.chain(&export.shared).filter(|statement| statement.place == place);
    all.find_map(|statement| match &statement.content {
        Content::Document(document) => Some(clinical(document)?.into_owned()),
        _ => None,
    })
}

/// The words of a document in force that is a clinical document.
fn clinical(document: &Document) -> Option<Cow<'_, str>> {
    let in_force = matches!(document.status.as_str(), "current" | "");
    if !in_force || !is_clinical(&document.text, &document.data_base64) {
        return None;
    }
    if !document.text.is_empty() {
        return Some(Cow::Borrowed(&*document.text));
    }
    let bytes = STANDARD.decode(signs(&document.data_base64).collect::<Vec<u8>>()).ok()?;
    is_ccda(&bytes).then(|| Cow::Owned(text::decode(&bytes).text.into_owned()))
}

/// Whether the words or the bytes of a document are those of a clinical document, by their beginning.
pub(crate) fn is_clinical(words: &str, base64: &str) -> bool {
    if !words.is_empty() {
        return words.starts_with(['<', '\u{feff}']) && is_ccda(words.as_bytes());
    }
    let head: Vec<u8> = signs(base64).take(OPENING).collect();
    let whole = head.get(..head.len() / 4 * 4).unwrap_or_default();
    STANDARD.decode(whole).is_ok_and(|bytes| is_ccda(&bytes))
}

fn is_ccda(bytes: &[u8]) -> bool {
    detect(bytes).format == Format::Ccda
}

/// The signs of base64 without what breaks its lines.
fn signs(base64: &str) -> impl Iterator<Item = u8> + '_ {
    base64.bytes().filter(|byte| !byte.is_ascii_whitespace())
}

fn without_statements(person: &PersonStatements) -> PersonStatements {
    PersonStatements {
        patient: person.patient.clone(),
        key: person.key.clone(),
        place: person.place.clone(),
        ..PersonStatements::default()
    }
}

/// A document of the person whose export brings it bears that person's numbers too; one of another
/// person says so.
fn same_or_told(bringer: &Patient, export: &mut Export) {
    let [person] = export.people.as_mut_slice() else { return };
    let own = &mut person.patient;
    let family = |names: &[HumanName]| -> Vec<String> {
        names.iter().map(|name| fold(&name.family)).filter(|name| !name.is_empty()).collect()
    };
    let (brought, written) = (family(&bringer.names), family(&own.names));
    let named = brought.iter().any(|name| written.contains(name));
    let born = bringer.birth_date.is_some() && bringer.birth_date == own.birth_date;
    if named && born {
        for identifier in &bringer.identifiers {
            if !own.identifiers.contains(identifier) {
                own.identifiers.push(identifier.clone());
            }
        }
        return;
    }
    let other_name = !brought.is_empty() && !written.is_empty() && !named;
    let other_birth = !born && bringer.birth_date.is_some() && own.birth_date.is_some();
    if other_name || other_birth {
        let place = person.place.clone();
        export.problems.push(another(&place));
    }
}

fn enclosed() -> Problem {
    Problem::new(
        Severity::Info,
        "file",
        "document_enclosed",
        "This document came inside another file. It was read as if it had come by itself.",
    )
}

fn another(place: &str) -> Problem {
    Problem::new(
        Severity::Warning,
        place,
        "enclosed_other_person",
        "This document names another person, or another birth date, than the message or resource that \
         brought it. What it says is with the person whom it names. Ask the sender whose it is.",
    )
}

fn too_many(left: usize) -> Problem {
    let words = format!(
        "{left} further enclosed documents are kept as documents; no facts were taken from them. Ask \
         the sender for the file in parts."
    );
    Problem::new(Severity::Warning, "file", "enclosed_left", &words)
}
