//! Reads X12: who is covered (271), what was asked (270), and what a payer gave leave for (278), of
//! versions 4010 and 5010. Other transactions are recognised by name and kept. Sources: ASC X12.5,
//! X12.6 and the HIPAA guides 005010X279A1 and 005010X217.

mod benefits;
mod codes;
mod eligibility;
pub mod envelope;
mod loops;
mod names;
mod payload;
mod review;
mod scene;
mod segment;

pub use segment::{Marks, Segment};

use crate::original::{Piece, visible};
use almoner_core::export::{Export, Problem, Severity, Unreadable};
use codes::CODES;
use scene::Scene;

pub(crate) use envelope::is_header;
pub(crate) use payload::is_within;

/// Problems that are listed.
const PROBLEMS: usize = 500;

/// Reads a file of one or more interchanges.
///
/// # Errors
/// No transaction of a kind that is taken stands in it.
pub fn read(text: &str) -> Result<Export, Unreadable> {
    let text = payload::unwrap(text);
    let (interchanges, problems) = envelope::open(&text);
    let mut export = Export { format: "x12".to_owned(), problems, ..Export::default() };
    let mut kept: Vec<&str> = Vec::new();
    let mut taken = 0;
    for interchange in &interchanges {
        if interchange.test {
            export.problems.push(Problem::new(
                Severity::Warning,
                "ISA",
                "x12_test",
                "The sender marks the file as test data (ISA15).",
            ));
        }
        for group in &interchange.groups {
            for transaction in &group.transactions {
                let known = take(&mut export, transaction, group);
                describe(&mut export, transaction, group.version, interchange.sender);
                taken += usize::from(known);
                if !known && !kept.contains(&transaction.kind) {
                    kept.push(transaction.kind);
                }
            }
        }
    }
    if taken == 0 {
        return Err(nothing(&export, &kept));
    }
    export.problems.extend(kept.iter().map(|kind| keeping(kind, Severity::Warning)));
    export.problems.sort_by_key(|problem| problem.severity);
    export.problems.truncate(PROBLEMS);
    Ok(export)
}

/// The segments of a file as they stand in it, each with the place that statements name.
pub fn pieces(text: &str) -> Vec<Piece> {
    let text = payload::unwrap(text);
    let (interchanges, _) = envelope::open(&text);
    let groups = interchanges.iter().flat_map(|one| &one.groups);
    let mut pieces = Vec::new();
    for transaction in groups.flat_map(|group| &group.transactions) {
        for segment in &transaction.segments {
            pieces.push(Piece {
                place: format!("transaction {} segment {}", transaction.number, segment.number),
                kind: segment.id().to_owned(),
                text: visible(segment.text),
                marked: false,
            });
        }
    }
    pieces
}

/// Reads one transaction; false when its kind is not taken.
fn take(
    export: &mut Export,
    transaction: &envelope::Transaction<'_>,
    group: &envelope::Group<'_>,
) -> bool {
    let scene = Scene::of(transaction, group);
    match transaction.kind {
        "270" => eligibility::read(&scene, false, export),
        "271" => eligibility::read(&scene, true, export),
        "278" => review::read(&scene, export),
        _ => return false,
    }
    true
}

/// Takes what the file as a whole is.
fn describe(
    export: &mut Export,
    transaction: &envelope::Transaction<'_>,
    version: &str,
    sender: &str,
) {
    if export.document.is_empty() {
        transaction.kind.clone_into(&mut export.document);
        let version = if version.is_empty() { transaction.guide } else { version };
        version.clone_into(&mut export.version);
        sender.clone_into(&mut export.software);
        let bht = transaction.segments.iter().find(|one| one.id() == "BHT");
        export.created = eligibility::made(bht, None);
    } else if export.document != transaction.kind {
        "mixed".clone_into(&mut export.document);
    }
}

/// Says that transactions of a kind are kept and not taken.
fn keeping(kind: &str, severity: Severity) -> Problem {
    let words = codes::words(&CODES.transaction, kind);
    let message = format!(
        "The file holds X12 {kind} ({words}). Facts are taken from eligibility answers (271) and \
         reviews of services (278) only; this is kept whole and can be opened as a document."
    );
    Problem::new(severity, "file", "x12_kept", &message)
}

fn nothing(export: &Export, kept: &[&str]) -> Unreadable {
    let broken = export.problems.iter().find(|problem| problem.severity == Severity::Error);
    let problem = match (kept.first(), broken) {
        (Some(kind), _) => keeping(kind, Severity::Error),
        (None, Some(broken)) => broken.clone(),
        (None, None) => Problem::new(
            Severity::Error,
            "file",
            "x12_no_transaction",
            "The file begins like X12 but holds no transaction that could be read. Ask the sender \
             to send it again.",
        ),
    };
    Unreadable { format: "x12".to_owned(), problem }
}
