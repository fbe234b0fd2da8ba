//! What a receipt counts. A statement that stands beside the sections of its kind is taken all the
//! same, but would make the count of "problems" or "visits" one that no reader of the document can
//! find again: the visit in a document's header, the diagnoses of a stay, functional status.

use almoner_core::clinical::{Content, FactKind};
use almoner_core::export::{Sense, Statement};
use almoner_core::receipt::Counts;
use almoner_frame::Taken;
use std::collections::BTreeMap;

/// Counts a statement of an export of this format.
pub(crate) fn count(
    counts: &mut BTreeMap<FactKind, Counts>,
    format: &str,
    statement: &Statement,
    taken: Taken,
) {
    if format == "ccda" && is_beside(statement) {
        return;
    }
    let is_list = matches!(statement.content, Content::ResourceList(_));
    if is_list && !matches!(taken, Taken::Withdrew(1..)) {
        return;
    }
    let counts = counts.entry(statement.content.kind()).or_default();
    match (statement.sense, taken) {
        (Sense::NoneKnown, _) => counts.none_known += 1,
        (Sense::Negated, _) => counts.negated += 1,
        (Sense::Stated, Taken::Same) => counts.same += 1,
        (Sense::Stated, Taken::Changed) => {
            counts.same += 1;
            counts.changed += 1;
        }
        (Sense::Stated, Taken::Withdrew(count)) => counts.withdrawn += count,
        (Sense::Stated, Taken::New | Taken::NotMine) => counts.new += 1,
    }
}

/// Whether a statement of a C-CDA document stands beside the sections that its kind is counted by.
fn is_beside(statement: &Statement) -> bool {
    match &statement.content {
        Content::Condition(it) => !matches!(&*it.category, "problem-list-item" | "history"),
        Content::Observation(it) => {
            !matches!(&*it.category, "laboratory" | "vital-signs" | "social-history")
        }
        Content::Encounter(_) => !statement.place.contains("/section"),
        _ => false,
    }
}
