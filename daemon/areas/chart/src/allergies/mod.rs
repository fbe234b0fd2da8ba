//! Allergies and intolerances, and the four things that can be said of them (`UX.md` §2).

pub(crate) mod pages;
pub mod rules;

pub use rules::State;

use crate::facts;
use almoner_core::clinical::FactKind;
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_store::Reader;

/// What is known of a patient's allergies.
pub fn state(reader: &Reader<'_>, patient: PatientId) -> Outcome<State> {
    Ok(rules::state(&facts::of_kind(reader, patient, FactKind::Allergy)?))
}
