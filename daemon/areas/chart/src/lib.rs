//! The wing of the chart: the clinical facts that exports stated, each with its sources. Read only:
//! the EHR stays the source of truth for clinical facts.

pub mod allergies;
pub mod conditions;
pub mod documents;
pub mod encounters;
pub mod facts;
pub mod immunizations;
pub mod medications;
pub mod observations;
pub mod others;
pub mod procedures;

pub use facts::{Assertion, Fact, asserted_in, fact, of_kind, of_patient, on_day, referred, take};

#[cfg(test)]
mod tests;

use almoner_frame::{Anew, Area, Intake};
use almoner_people::patients::Merge;
use almoner_store::{KindEntry, Reaction, Record};

/// The area.
pub const AREA: Area = Area {
    name: "chart",
    kinds: &[
        KindEntry::of::<Fact>(),
        KindEntry::of::<facts::Raw>(),
        KindEntry::of::<facts::Fused>(),
    ],
    routes: facts::pages::ROUTES,
    tabs: facts::pages::TABS,
    panels: facts::pages::PANELS,
    alerts: Some(allergies::pages::alerts),
    timeline: Some(facts::pages::events::TIMELINE),
    resources: facts::fhir::RESOURCES,
    intake: Intake { join: None, take: Some(take), settle: None },
    reactions: &[Reaction { on: <Merge as Record>::KIND, react: facts::follow::on_merge }],
    anew: Anew {
        shared: Some(facts::anew::shared),
        asserted: Some(facts::anew::asserted),
        first: Some(facts::anew::first),
        clear: Some(facts::anew::clear),
        tell: Some(facts::anew::tell),
        ..Anew::NOTHING
    },
    ..Area::EMPTY
};

/// The areas of this wing.
pub const AREAS: &[&Area] = &[&AREA];
