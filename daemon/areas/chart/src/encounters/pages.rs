//! Visits as lines.

use crate::facts::Fact;
use crate::facts::view::Row;
use almoner_core::clinical::{Concept, Encounter};
use almoner_frame::{Tone, Visit};

/// A visit as a line.
pub(crate) fn row(visit: &Visit, fact: &Fact, it: &Encounter) -> Row {
    let words = visit.words();
    let mut row = Row::of(visit, fact);
    let class = match it.class.as_str() {
        "IMP" | "ACUTE" | "NONAC" => "encounter-inpatient",
        "OBSENC" => "encounter-observation",
        "EMER" => "encounter-emergency",
        "SS" => "encounter-short-stay",
        "AMB" => "encounter-ambulatory",
        "HH" => "encounter-home",
        "VR" => "encounter-virtual",
        _ => "",
    };
    if it.type_.is_empty() {
        row.label = words.t(if class.is_empty() { "encounter-visit" } else { class });
    } else if !class.is_empty() && class != "encounter-ambulatory" {
        row = row.tagged(Tone::Info, words.t(class));
    }
    let reason = it.reason.iter().map(Concept::label).collect::<Vec<_>>().join(", ");
    let found = it.diagnoses.iter().map(|it| it.code.label()).collect::<Vec<_>>().join(", ");
    let until = it.period.end.as_ref().filter(|end| it.period.start.as_ref() != Some(*end));
    let until = until.map(|end| words.of_text("encounter-until", &words.when(end)));
    let to = it.discharge_disposition.as_ref().map(|to| to.label().to_owned());
    let place = match (&it.service_provider, it.location.as_str()) {
        (Some(provider), "") => provider.display.clone(),
        (_, location) => location.to_owned(),
    };
    let row = row.saying(&[
        &place,
        if found.is_empty() { &reason } else { &found },
        &until.unwrap_or_default(),
        &to.unwrap_or_default(),
    ]);
    match it.status.as_str() {
        "planned" => row.tagged(Tone::Info, words.t("encounter-planned")),
        "in-progress" | "arrived" => row.tagged(Tone::Warn, words.t("encounter-open")),
        "cancelled" => row.tagged(Tone::Plain, words.t("encounter-cancelled")),
        _ => row,
    }
}
