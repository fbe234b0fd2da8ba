//! What became of the rows of a set: what was not taken, not read or not known is counted and told,
//! a line for each kind of thing, never one for each row.

use super::set::Set;
use almoner_core::export::{Problem, Severity};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// How many names one problem lists.
const LISTED: usize = 40;

/// Why a value or a row was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Loss {
    /// A row with another number of cells than its header.
    Ragged,
    /// A row that names a patient who is not in the set.
    Stranger,
    /// A row that names no patient, in a set of several.
    Nobody,
    /// A date that is no date.
    Date,
    /// A row without what it is a fact of.
    Hollow,
    /// A row that the source marks as deleted, or that is of a kind that is not taken.
    Excluded,
    /// A row that says again what another said, under the same key.
    Repeated,
    /// A word that the list of words does not have.
    Word,
}

/// Losses by kind and table (or column): how many, and where first.
#[derive(Debug, Default)]
pub(super) struct Account(RefCell<BTreeMap<(Loss, String), (usize, String)>>);

impl Account {
    pub fn count(&self, loss: Loss, what: &str, place: impl FnOnce() -> String) {
        let mut losses = self.0.borrow_mut();
        losses.entry((loss, what.to_owned())).or_insert_with(|| (0, place())).0 += 1;
    }

    /// One problem for each kind of loss.
    pub fn problems(&self) -> Vec<Problem> {
        let losses = self.0.borrow();
        let mut all: Vec<(Loss, usize, &str, Vec<String>)> = Vec::new();
        for ((loss, what), (count, place)) in losses.iter() {
            let told = format!("{what} ({count})");
            match all.last_mut().filter(|(held, ..)| held == loss) {
                Some((_, sum, _, names)) => {
                    *sum += count;
                    names.push(told);
                }
                None => all.push((*loss, *count, place, vec![told])),
            }
        }
        all.into_iter().map(|(loss, sum, place, names)| told(loss, sum, place, &names)).collect()
    }
}

fn told(loss: Loss, count: usize, place: &str, names: &[String]) -> Problem {
    use Severity::{Error, Info, Warning};
    let (severity, code, words) = match loss {
        Loss::Ragged => (
            Error,
            "row_ragged",
            "rows have another number of cells than their header and were not taken, since their \
             values may stand in wrong columns. Look at them in the original, from the place named",
        ),
        Loss::Stranger => (
            Error,
            "row_without_patient",
            "rows name a patient who is not in this export and were not taken. Ask for the export \
             with the table of patients whole",
        ),
        Loss::Nobody => (
            Error,
            "row_without_patient",
            "rows cannot be traced to a patient and were not taken, since the export holds several",
        ),
        Loss::Date => (Warning, "date_unread", "dates could not be read and are left out"),
        Loss::Hollow => {
            (Info, "row_hollow", "rows do not say what they are about and were not taken")
        }
        Loss::Excluded => (
            Info,
            "row_excluded",
            "rows are marked as deleted, or are of a kind that is not a fact, and were not taken",
        ),
        Loss::Repeated => (Info, "row_repeated", "rows say again what was taken once"),
        Loss::Word => {
            (Info, "word_unknown", "words of a status or kind are not known; left as not said")
        }
    };
    Problem::new(severity, place, code, &format!("{count} {words}: {}.", list(names)))
}

/// Tables and columns that nothing was taken from: one problem each.
pub(super) fn unused(set: &Set, never: &[String]) -> Vec<Problem> {
    let mut problems = Vec::new();
    let free: Vec<(&str, usize)> = set
        .sheets()
        .filter(|(sheet, _, rows)| *rows > 0 && !set.is_used(*sheet))
        .map(|(_, name, rows)| (name, rows))
        .collect();
    if !free.is_empty() {
        let rows: usize = free.iter().map(|(_, rows)| rows).sum();
        let names: Vec<String> =
            free.iter().map(|(name, rows)| format!("{name} ({rows})")).collect();
        let message = format!(
            "{} tables of the export ({rows} rows) hold nothing that is taken; they are kept with the \
             original: {}.",
            free.len(),
            list(&names)
        );
        problems.push(Problem::new(Severity::Info, "export", "tables_unused", &message));
    }
    let mut columns = set.unused_columns();
    columns.retain(|name| {
        let column = name.rsplit_once('.').map_or(name.as_str(), |(_, column)| column);
        !never.iter().any(|never| never.eq_ignore_ascii_case(column))
    });
    if !columns.is_empty() {
        let message = format!(
            "{} columns of tables that are taken hold values that are not; they are kept with the \
             original: {}.",
            columns.len(),
            list(&columns)
        );
        problems.push(Problem::new(Severity::Info, "export", "columns_unused", &message));
    }
    problems
}

fn list(names: &[String]) -> String {
    let shown = names.get(..LISTED.min(names.len())).unwrap_or_default().join(", ");
    match names.len().checked_sub(LISTED).filter(|more| *more > 0) {
        Some(more) => format!("{shown} and {more} more"),
        None => shown,
    }
}
