//! Visits, stays and telephone encounters (FHIR `Encounter`).

pub(crate) mod pages;
pub mod rules;

use crate::facts::{self, Fact};
use almoner_core::clinical::FactKind;
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_store::Reader;

/// A patient's visits and stays, the newest first.
pub fn of_patient(reader: &Reader<'_>, patient: PatientId) -> Outcome<Vec<Fact>> {
    let mut all = facts::of_kind(reader, patient, FactKind::Encounter)?;
    all.retain(|fact| !facts::rules::is_taken_back(&fact.content));
    all.reverse();
    Ok(all)
}
