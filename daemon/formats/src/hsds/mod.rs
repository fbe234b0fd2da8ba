//! Reads directories of community services: Open Referral HSDS 1.1 and 2 (sets of CSV), 3 (JSON of an
//! API, tables), the UK profile, and exports of single products by maps of their columns. Every
//! version becomes the same entries.

mod join;
mod names;
mod owners;
mod parts;
mod pile;

use crate::tables::normal;
use almoner_core::clinical::{Content, Identifier, ResourceList};
use almoner_core::export::{Export, Problem, Sense, Severity, Statement, Unreadable};
use names::{Kind, NAMES};
use pile::Pile;

/// Problems that are listed.
const PROBLEMS: usize = 500;

/// Reads a file by itself.
///
/// # Errors
/// It lists no service, organization or place.
pub fn read(text: &str) -> Result<Export, Unreadable> {
    read_set(&[("", text)])
}

/// Reads the files of one directory together: each with its path in the set and its text.
///
/// # Errors
/// None of them lists a service, organization or place.
pub fn read_set(files: &[(&str, &str)]) -> Result<Export, Unreadable> {
    let mut pile = Pile::default();
    for (path, text) in files {
        pile.open(path, text);
    }
    let (entries, problems) = join::join(&pile);
    let whole = [Kind::Organization, Kind::Service].iter().all(|kind| pile.whole.contains(kind));
    let broken = pile.problems.iter().any(|problem| problem.severity == Severity::Error);
    let mut export = Export {
        format: "hsds".to_owned(),
        version: pile.version.to_owned(),
        document: pile.document.to_owned(),
        software: pile.software,
        title: pile.title,
        problems: pile.problems,
        ..Export::default()
    };
    if entries.is_empty() {
        return Err(nothing(&export.problems));
    }
    let count = u32::try_from(entries.len()).unwrap_or(u32::MAX);
    export.shared = entries.into_iter().map(|one| entry(one.place, one.entry)).collect();
    if whole && !broken {
        let list = Content::ResourceList(ResourceList { entries: count });
        export.shared.push(statement("list".to_owned(), "file".to_owned(), list));
    }
    export.problems.extend(problems);
    export.problems.sort_by_key(|problem| problem.severity);
    export.problems.truncate(PROBLEMS);
    Ok(export)
}

/// Whether a header row, in small letters and digits, is that of a product that is known by name.
pub(crate) fn is_product(columns: &[&str]) -> bool {
    let columns: Vec<String> = columns.iter().map(|name| normal(name)).collect();
    NAMES.vendor(&columns).is_some()
}

fn entry(place: String, entry: almoner_core::clinical::ServiceEntry) -> Statement {
    let id = Identifier {
        system: "urn:almoner:hsds".to_owned(),
        value: entry.id.clone(),
        kind: String::new(),
    };
    let recorded = entry.modified.clone();
    let mut said = statement(entry.id.clone(), place, Content::Resource(Box::new(entry)));
    said.identifiers.push(id);
    said.recorded = recorded;
    said
}

fn statement(key: String, place: String, content: Content) -> Statement {
    Statement {
        key,
        place,
        content,
        sense: Sense::Stated,
        identifiers: Vec::new(),
        recorded: None,
        author: String::new(),
        section: String::new(),
        narrative: String::new(),
        labels: Vec::new(),
        verbatim: None,
        distinct: true,
    }
}

fn nothing(problems: &[Problem]) -> Unreadable {
    let broken = problems.iter().find(|problem| problem.severity == Severity::Error);
    let problem = broken.cloned().unwrap_or_else(|| {
        Problem::new(
            Severity::Error,
            "file",
            "hsds_no_entry",
            "The file belongs to a directory of services but lists no service, organization or \
             place by itself. Drop all files of the directory together, as one zip.",
        )
    });
    Unreadable { format: "hsds".to_owned(), problem }
}
