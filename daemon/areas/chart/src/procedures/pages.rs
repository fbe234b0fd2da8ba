//! Procedures as lines.

use crate::facts::Fact;
use crate::facts::view::Row;
use almoner_core::clinical::Procedure;
use almoner_core::export::Sense;
use almoner_frame::{Tone, Visit};

/// A procedure as a line.
pub(crate) fn row(visit: &Visit, fact: &Fact, it: &Procedure) -> Row {
    let words = visit.words();
    let who = it.performer.as_ref().map(|it| it.display.clone()).unwrap_or_default();
    let reason = it.reason.as_ref().map(|it| it.label().to_owned()).unwrap_or_default();
    let row = Row::of(visit, fact).saying(&[&who, &reason, &it.note]);
    if fact.sense == Sense::Negated || it.status == "not-done" {
        return row.tagged(Tone::Warn, words.t("procedure-not-done"));
    }
    match it.status.as_str() {
        "preparation" | "in-progress" => row.tagged(Tone::Info, words.t("procedure-open")),
        _ => row,
    }
}
