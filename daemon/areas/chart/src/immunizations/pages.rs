//! Vaccinations as lines.

use crate::facts::Fact;
use crate::facts::view::Row;
use almoner_core::clinical::Immunization;
use almoner_core::export::Sense;
use almoner_frame::{Tone, Visit};

/// A vaccination as a line.
pub(crate) fn row(visit: &Visit, fact: &Fact, it: &Immunization) -> Row {
    let words = visit.words();
    let reason = it.status_reason.as_ref().map(|it| it.label().to_owned()).unwrap_or_default();
    let lot = if it.lot_number.is_empty() {
        String::new()
    } else {
        words.of_text("immunization-lot", &it.lot_number)
    };
    let row = Row::of(visit, fact).saying(&[&it.manufacturer, &lot, &reason]);
    if fact.sense == Sense::Negated || it.status == "not-done" {
        return row.tagged(Tone::Warn, words.t("immunization-not-given"));
    }
    row
}
