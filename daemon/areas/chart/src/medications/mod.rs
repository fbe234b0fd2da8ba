//! Medicines that were ordered, reported, or given along (FHIR `MedicationRequest`,
//! `MedicationStatement`).

pub(crate) mod pages;
pub mod rules;

use crate::facts::{self, Fact};
use almoner_core::clinical::{Content, FactKind, MedicationUse};
use almoner_core::export::Sense;
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_store::Reader;

/// The uses, in the order in which lists stand side by side.
pub const USES: [MedicationUse; 5] = [
    MedicationUse::Admission,
    MedicationUse::Discharge,
    MedicationUse::Ordered,
    MedicationUse::Reported,
    MedicationUse::Administered,
];

/// The medicines that are taken now, as far as the sources say.
pub fn current(reader: &Reader<'_>, patient: PatientId) -> Outcome<Vec<Fact>> {
    let all = facts::of_kind(reader, patient, FactKind::Medication)?;
    Ok(all.into_iter().filter(is_current).collect())
}

/// All medicines by their use; the newest first.
pub fn by_use(reader: &Reader<'_>, patient: PatientId) -> Outcome<Vec<(MedicationUse, Vec<Fact>)>> {
    let mut all = facts::of_kind(reader, patient, FactKind::Medication)?;
    all.reverse();
    let of = |use_| {
        let list = all.iter().filter(|fact| use_of(fact) == Some(use_)).cloned().collect();
        (use_, list)
    };
    Ok(USES.into_iter().map(of).filter(|(_, list): &(_, Vec<Fact>)| !list.is_empty()).collect())
}

fn use_of(fact: &Fact) -> Option<MedicationUse> {
    match &fact.content {
        Content::Medication(it) => Some(it.use_),
        _ => None,
    }
}

fn is_current(fact: &Fact) -> bool {
    let Content::Medication(it) = &fact.content else { return false };
    let taken = matches!(
        it.use_,
        MedicationUse::Ordered | MedicationUse::Reported | MedicationUse::Discharge
    );
    fact.sense == Sense::Stated && taken && rules::current(it)
}
