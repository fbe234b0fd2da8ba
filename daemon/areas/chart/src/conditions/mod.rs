//! Problems and diagnoses (FHIR `Condition`).

pub(crate) mod pages;
pub mod rules;

use crate::facts::{self, Fact};
use almoner_core::clinical::{Content, FactKind};
use almoner_core::export::Sense;
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_store::Reader;

/// The standing problems of the problem list: not over, not refuted, not a diagnosis of one visit
/// only.
pub fn standing(reader: &Reader<'_>, patient: PatientId) -> Outcome<Vec<Fact>> {
    let all = facts::of_kind(reader, patient, FactKind::Condition)?;
    Ok(all.into_iter().filter(is_standing).collect())
}

fn is_standing(fact: &Fact) -> bool {
    let Content::Condition(it) = &fact.content else { return false };
    fact.sense == Sense::Stated
        && !rules::ended(it)
        && it.verification_status != "refuted"
        && it.verification_status != "entered-in-error"
        && rules::list(&it.category) == "problem"
}
