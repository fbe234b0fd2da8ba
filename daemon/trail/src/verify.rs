//! Checks an exported trail with nothing but the clinic's public key: reads both files once, from
//! front to back, in constant memory, and says OK or the first entry that is bad and how.
//!
//! What OK means: each entry `from..to` stands at its place in the one history whose heads the key
//! has signed. It does not say that history was never rewritten *before* the oldest checkpoint
//! somebody kept elsewhere: give those as `since`.

mod finding;
mod walk;

use std::fmt;
use std::io::{self, BufRead};

use serde::Serialize;

pub use finding::{Finding, What};
use walk::Walk;

use crate::export::{ExportHeader, FORMAT, LineReader};
use crate::hash::Hash;
use crate::note::{NoteError, VerifierKey};
use crate::range::Range;

/// What was checked and held.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Report {
    /// The trail's name.
    pub origin: String,
    /// First entry in the export.
    pub from: u64,
    /// Index after the last entry in the export.
    pub to: u64,
    /// Root of the tree of `to` entries.
    pub root: Hash,
    /// Signed checkpoints of the export that were computed again and held.
    pub checkpoints: u64,
    /// Checkpoints before `from`: their signatures hold, their roots cannot be computed from this
    /// export.
    pub before: u64,
    /// Sizes of the older checkpoints, kept elsewhere, that this history continues.
    pub since: Vec<u64>,
}

/// Why there is no OK.
#[derive(Debug)]
pub enum Failure {
    /// The export is not what was signed.
    Bad(Finding),
    /// A file could not be read.
    Unreadable(io::Error),
    /// An older checkpoint lies before the first entry of a partial export: an export from that
    /// size or earlier is needed.
    Uncovered {
        /// Size of the older checkpoint.
        since: u64,
        /// First entry of the export.
        from: u64,
    },
}

impl Report {
    /// What this report proves, in plain words.
    pub fn proves(&self) -> String {
        let Self { origin, from, to, .. } = self;
        let count = to - from;
        let held = match self.since.as_slice() {
            [] => "No checkpoint kept elsewhere was given: this does not show that history was \
                 never rewritten as a whole."
                .to_owned(),
            sizes => format!(
                "It continues the history of the checkpoint(s) kept elsewhere at size {}.",
                sizes.iter().map(u64::to_string).collect::<Vec<_>>().join(", ")
            ),
        };
        if *from == 0 {
            format!(
                "All {count} entries of {origin}, from the first, are complete, in order and \
                 unchanged as signed. {held}"
            )
        } else {
            format!(
                "Entries {from} to {} of {origin} stand complete, in order and unchanged at \
                 their places in the signed history. \
                 Of the {from} entries before them it proves only that the signed history had \
                 fixed them; their content was not in \
                 this export and was not checked. {held}",
                to.saturating_sub(1)
            )
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bad(finding) => finding.fmt(out),
            Self::Unreadable(error) => {
                write!(out, "a file of the export could not be read: {error}")
            }
            Self::Uncovered { since, from } => write!(
                out,
                "the older checkpoint is of size {since}, but this export begins at entry \
                 {from}: export the trail from entry \
                 {since} or earlier and check again"
            ),
        }
    }
}

impl std::error::Error for Failure {}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Unreadable(error)
    }
}

/// Checks an export against its checkpoints and against older checkpoints kept elsewhere (whole
/// signed notes).
///
/// Strict: entries after the last checkpoint are a finding, because nothing shows that they are
/// true.
pub fn verify<E: BufRead, C: BufRead>(
    export: E,
    checkpoints: C,
    key: &VerifierKey,
    since: &[String],
) -> Result<Report, Failure> {
    let mut entries = LineReader::entries(export);
    let mut line = Vec::new();
    let mut more = entries.read(&mut line)?;
    let header = read_header(&line, key)?;
    let start = match &header {
        Some(header) => header.start().map_err(|_| bad(0, 1, What::Header))?,
        None => Range::new(),
    };
    let mut walk = Walk::new(start, key, checkpoints, since)?;
    if header.is_some() {
        more = entries.read(&mut line)?;
    }
    walk.compare()?;
    while more {
        walk.take(&line, &mut entries)?;
        walk.compare()?;
        more = entries.read(&mut line)?;
    }
    walk.finish(header.as_ref())
}

fn bad(first: u64, until: u64, what: What) -> Failure {
    Failure::Bad(Finding { first, until, proven: first, what })
}

/// The header, if the first line is one; a header of another trail or of another format is a
/// finding.
fn read_header(line: &[u8], key: &VerifierKey) -> Result<Option<ExportHeader>, Failure> {
    if !line.starts_with(br#"{"format":"#) {
        return Ok(None);
    }
    let header: ExportHeader = serde_json::from_slice(line).map_err(|_| bad(0, 1, What::Header))?;
    if header.format != FORMAT || header.to < header.from {
        return Err(bad(header.from, header.from, What::Header));
    }
    if header.origin != key.name() {
        return Err(bad(header.from, header.from, What::OtherTrail));
    }
    Ok(Some(header))
}

/// Which of the two words a note's fault deserves in a report.
pub(crate) fn note_code(error: NoteError) -> &'static str {
    match error {
        NoteError::OtherKey => "other_key",
        NoteError::OtherOrigin => "other_origin",
        NoteError::BadSignature => "bad_signature",
        _ => "not_a_checkpoint",
    }
}

#[cfg(test)]
mod tamper;
#[cfg(test)]
mod tests;
