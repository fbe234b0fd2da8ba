//! One door for every file: find out what it is, then let the right reader have it.

use crate::detect::{Format, Verdict, detect};
use crate::{ccda, fhir, hl7v2, text};
use almoner_core::export::{Export, Problem, Severity, Unreadable};

/// One file of an archive, or the file itself.
pub struct Member {
    /// Path within the archive; empty for the file itself.
    pub path: String,
    pub outcome: Result<Export, Unreadable>,
}

/// Reads a dropped file whole. The name is only written into what is said of a member.
pub fn read(bytes: &[u8], _name: &str) -> Vec<Member> {
    let verdict = detect(bytes);
    vec![Member { path: String::new(), outcome: read_one(bytes, &verdict) }]
}

/// Reads one file that is no archive; what its decoding assumed is said with what was read.
fn read_one(bytes: &[u8], verdict: &Verdict) -> Result<Export, Unreadable> {
    let reader = match verdict.format {
        Format::Ccda => ccda::read,
        Format::Fhir => fhir::read,
        Format::Hl7v2 => hl7v2::read,
        _ => return Err(not_read(verdict)),
    };
    let decoded = text::decode(bytes);
    let mut export = reader(&decoded.text)?;
    export.problems.extend(decoded.problems);
    Ok(export)
}

/// Says that a file is kept as a document, and what to do.
fn not_read(verdict: &Verdict) -> Unreadable {
    let (code, message) = match verdict.format {
        Format::Empty => {
            ("file_empty", "The file holds nothing. Ask the sender to export it again.".to_owned())
        }
        Format::Unknown | Format::Xml | Format::Json => (
            "format_unknown",
            format!(
                "This kind of file is not known ({}). It is kept whole and can be opened as a \
                 document. If it is an export of a health record, ask the sender for C-CDA, FHIR \
                 or HL7 v2.",
                verdict.reason
            ),
        ),
        _ => (
            "format_not_read_yet",
            format!(
                "Files of this kind ({}) are not read yet. It is kept whole and shown as a \
                 document; no facts were taken from it.",
                verdict.format.token()
            ),
        ),
    };
    Unreadable {
        format: verdict.format.token().to_owned(),
        problem: Problem::new(Severity::Error, "file", code, &message),
    }
}
