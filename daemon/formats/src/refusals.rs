//! What is said of a file that is not read, and what to do then.

use crate::detect::{Format, Verdict};
use almoner_core::export::{Problem, Severity, Unreadable};

/// An archive holds no file.
pub(crate) fn empty_archive() -> Problem {
    Problem::new(
        Severity::Error,
        "file",
        "archive_empty",
        "The archive holds no file. Ask the sender to pack it again.",
    )
}

/// The bytes can't be had.
pub(crate) fn unavailable() -> Problem {
    Problem::new(
        Severity::Error,
        "file",
        "file_unavailable",
        "The bytes of the file could not be read from the store. Have the store checked (`almoner \
         store check`), then have the file read again.",
    )
}

/// A file is too large for its format.
pub(crate) fn too_large() -> Problem {
    Problem::new(
        Severity::Error,
        "file",
        "file_too_large",
        "The file is larger than can be read at once. It is kept whole. Ask the sender for it in \
         parts: fewer patients, or fewer years, in each.",
    )
}

/// Says that a file is kept as a document, and what to do.
pub(crate) fn not_read(verdict: &Verdict) -> Unreadable {
    let (code, message) = match verdict.format {
        Format::Empty => {
            ("file_empty", "The file holds nothing. Ask the sender to export it again.".to_owned())
        }
        Format::Unknown if verdict.reason.ends_with(" archive") => (
            "archive_not_opened",
            format!(
                "Archives of this kind ({}) are not opened. It is kept whole. Unpack it on a computer \
                 of the clinic, and drop the folder, or pack that as a zip and drop it.",
                verdict.reason
            ),
        ),
        Format::Unknown | Format::Xml | Format::Json => (
            "format_unknown",
            format!(
                "This kind of file is not known ({}). It is kept whole and can be opened as a \
                 document. If it is an export of a health record, ask the sender for C-CDA, FHIR \
                 or HL7 v2.",
                verdict.reason
            ),
        ),
        Format::Ccr => (
            "ccr_not_read",
            "This is a Continuity of Care Record (ASTM E2369), an older kind of summary. It is kept \
             whole and can be opened as a document; no facts were taken from it. Ask the sender for \
             C-CDA."
                .to_owned(),
        ),
        Format::Office if verdict.reason.starts_with("old") => (
            "office_old_or_locked",
            "This is a file of an old office program, or one that is locked with a password. It is \
             kept whole. Open it on a computer of the clinic, save it as a new file without a \
             password, and drop that."
                .to_owned(),
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
