//! The documents of the development data, and what the truth counts of them.

use almoner_core::clinical::{Content, MedicationUse};
use almoner_core::export::{Export, Sense, Statement, Unreadable};
use std::path::PathBuf;

/// The development data, beside the repository.
pub(crate) fn data() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data")
}

/// The text of a file of the development data, decoded as its encoding says.
pub(crate) fn text(path: &str) -> String {
    let file = data().join("ccda").join(path);
    let bytes = std::fs::read(&file).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    let (text, _, invalid) = encoding_rs::UTF_8.decode(&bytes);
    if !invalid {
        return text.into_owned();
    }
    encoding_rs::WINDOWS_1252.decode(&bytes).0.into_owned()
}

/// Reads a file of the development data.
pub(crate) fn read(path: &str) -> Result<Export, Unreadable> {
    almoner_formats::ccda::read(&text(path))
}

/// The statements of the only patient.
pub(crate) fn statements(export: &Export) -> &[Statement] {
    assert_eq!(export.people.len(), 1);
    &export.people[0].statements
}

/// The kind under which the truth table counts a statement of a section; `None` for what it does
/// not count: the header, diagnoses of a stay, health concerns, functional status, plans.
pub(crate) fn counted(statement: &Statement) -> Option<&'static str> {
    if !statement.place.contains("/section") {
        return None;
    }
    Some(match &statement.content {
        Content::Condition(c) if matches!(&*c.category, "problem-list-item" | "history") => {
            "problems"
        }
        Content::Medication(_) => "medications",
        Content::Allergy(_) => "allergies",
        Content::Observation(o) => match &*o.category {
            "laboratory" => "results",
            "vital-signs" => "vitals",
            "social-history" => "social",
            _ => return None,
        },
        Content::Immunization(_) => "immunizations",
        Content::Procedure(_) => "procedures",
        Content::Encounter(_) => "encounters",
        _ => return None,
    })
}

/// Whether a statement is a fact and no denial.
pub(crate) fn stated(statement: &Statement) -> bool {
    statement.sense == Sense::Stated
}

/// The medicines of one list.
pub(crate) fn medicines(export: &Export, list: MedicationUse) -> usize {
    let on_list = |s: &&Statement| matches!(&s.content, Content::Medication(m) if m.use_ == list);
    statements(export).iter().filter(on_list).count()
}
