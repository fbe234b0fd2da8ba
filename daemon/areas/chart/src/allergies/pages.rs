//! Allergies as lines, and as the first alert of the banner.

use super::State;
use crate::facts::Fact;
use crate::facts::view::Row;
use almoner_core::clinical::{AllergyIntolerance, Concept};
use almoner_core::export::Sense;
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_core::permission::May;
use almoner_core::phrase::Phrase;
use almoner_core::text::visible;
use almoner_frame::{Alert, Tone, Visit};
use almoner_store::Reader;

/// An allergy as a line.
pub(crate) fn row(visit: &Visit, fact: &Fact, it: &AllergyIntolerance) -> Row {
    let words = visit.words();
    let reactions = it.reactions.iter().flat_map(|it| &it.manifestation);
    let reactions = reactions.map(Concept::label).collect::<Vec<_>>().join(", ");
    let severe = it.reactions.iter().any(|reaction| reaction.severity == "severe");
    let mut row = Row::of(visit, fact).saying(&[reactions.as_str()]);
    if fact.sense == Sense::Negated || it.verification_status == "refuted" {
        return row.tagged(Tone::Plain, words.t("allergy-not"));
    }
    if severe || it.criticality == "high" {
        row = row.tagged(Tone::Bad, words.t("allergy-severe"));
    }
    if super::rules::standing(it) { row } else { row.tagged(Tone::Plain, words.t("allergy-over")) }
}

/// The banner's first alert: one of four texts, never nothing.
pub(crate) fn alerts(reader: &Reader<'_>, visit: &Visit, id: PatientId) -> Outcome<Vec<Alert>> {
    if !visit.may(May::SeeChart) {
        return Ok(Vec::new());
    }
    let (tone, text) = match super::state(reader, id)? {
        State::Listed(list, unread) => {
            let named = |(what, how): (String, String)| {
                if how.is_empty() { what } else { format!("{what} ({how})") }
            };
            let more = unread.then(|| visit.words().t("allergies-and-unread"));
            let list = list.into_iter().map(named).chain(more).collect::<Vec<_>>().join(" · ");
            (Tone::Bad, Phrase::new("allergies-listed").with("list", visible(&list)))
        }
        State::NoneKnown { drugs_only, said } => {
            let key = match (drugs_only, said.is_some()) {
                (false, true) => "allergies-none-said",
                (false, false) => "allergies-none",
                (true, true) => "allergies-no-drug-said",
                (true, false) => "allergies-no-drug",
            };
            let day = said.map(|when| visit.words().when(&when)).unwrap_or_default();
            (Tone::Plain, Phrase::new(key).with("day", day))
        }
        State::NotRecorded => (Tone::Warn, Phrase::new("allergies-not-recorded")),
        State::Unreadable => (Tone::Bad, Phrase::new("allergies-unreadable")),
    };
    Ok(vec![Alert { order: 1, tone, icon: "alert", text, href: None }])
}
