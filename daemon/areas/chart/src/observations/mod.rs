//! Results, vital signs and social facts (FHIR `Observation`).

pub(crate) mod pages;
pub mod rules;

use crate::facts::{self, Fact};
use almoner_core::clinical::FactKind;
use almoner_core::export::Sense;
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_store::Reader;

/// The newest observation of each code, the newest first.
pub fn latest(reader: &Reader<'_>, patient: PatientId, kind: FactKind) -> Outcome<Vec<Fact>> {
    let mut all = facts::of_kind(reader, patient, kind)?;
    let stands = |fact: &Fact| {
        let taken_back = facts::rules::is_taken_back(&fact.content);
        fact.sense == Sense::Stated && fact.time().is_some() && !taken_back
    };
    all.retain(stands);
    all.reverse();
    let mut newest: Vec<Fact> = Vec::new();
    for fact in all {
        let name = almoner_core::text::fold(fact.label());
        if !newest.iter().any(|known| almoner_core::text::fold(known.label()) == name) {
            newest.push(fact);
        }
    }
    Ok(newest)
}
