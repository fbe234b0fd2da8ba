//! Problems of many resources alike, told once: "12 × Claim" instead of twelve lines.

use almoner_core::export::{Problem, Severity};
use std::collections::HashMap;

/// Counts by code and type or field, in the order of their first place.
#[derive(Default)]
pub(crate) struct Tally {
    rows: Vec<Row>,
    index: HashMap<(&'static str, String), usize>,
}

struct Row {
    severity: Severity,
    code: &'static str,
    what: String,
    at: String,
    count: usize,
}

impl Tally {
    /// Counts one more of a kind; the place of the first one is kept.
    pub(crate) fn add(&mut self, severity: Severity, code: &'static str, what: &str, at: &str) {
        let key = (code, what.to_owned());
        if let Some(row) = self.index.get(&key).and_then(|index| self.rows.get_mut(*index)) {
            row.count += 1;
            return;
        }
        self.index.insert(key, self.rows.len());
        let (what, at) = (what.to_owned(), at.to_owned());
        self.rows.push(Row { severity, code, what, at, count: 1 });
    }

    /// One problem for each row.
    pub(crate) fn problems(self) -> Vec<Problem> {
        let problem = |row: Row| Problem::new(row.severity, &row.at, row.code, &words(&row));
        self.rows.into_iter().map(problem).collect()
    }
}

fn words(row: &Row) -> String {
    let (count, what) = (row.count, &row.what);
    match row.code {
        "kept_whole" => {
            format!("{count} × {what}: makes no fact here, is kept whole in the source document.")
        }
        "entered_in_error" => {
            format!("{count} × {what}: entered in error, says the source; not taken as a fact.")
        }
        "modified" => format!(
            "{count} × {what}: carries a rule of its source that can turn its meaning \
             (modifierExtension, implicitRules). Look at it in the source document before you rely \
             on it."
        ),
        "withdrawn" => format!(
            "{count} × {what}: the source deleted it since. It is no longer told as a fact of this \
             source; look whether something was built on it."
        ),
        "entry_delete" => format!(
            "{count} × {what}: the source deleted it, and does not say whose it was. Nothing was \
             taken back: look for it and decide."
        ),
        "no_information" => format!(
            "{count} × {what}: says only that nothing is known, which is not \"there is none\"; not \
             taken."
        ),
        "proposed_only" => {
            format!("{count} × {what}: a proposal that nobody ordered; not taken as a fact.")
        }
        "no_patient" => format!(
            "{count} × {what}: does not say which patient it is about; kept, but in nobody's chart."
        ),
        "field_unusable" => format!(
            "{count} × {what}: not written as FHIR asks and left out or shortened; the source \
             document has it as it came."
        ),
        "older_version" => {
            format!("{count} × {what}: comes more than once in the file; the newest was taken.")
        }
        "patient_inactive" => {
            "The source marks this patient's record as no longer in use. Check before you rely on it."
                .to_owned()
        }
        "patient_replaced" => {
            "The source says another record took this patient's place. Look for the other one."
                .to_owned()
        }
        "other_version" => format!(
            "Written in FHIR {what}, not R4: what corresponds was taken; compare with the source \
             document where it matters."
        ),
        _ => format!("{count} × {what}: could not be read; kept whole in the source document."),
    }
}
