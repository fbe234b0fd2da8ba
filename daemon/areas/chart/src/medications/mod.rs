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

/// The medicines that are taken now, as far as the sources say: each medicine once, by its newest
/// statement, whatever list that stands on.
pub fn current(reader: &Reader<'_>, patient: PatientId) -> Outcome<Vec<Fact>> {
    let mut all = facts::of_kind(reader, patient, FactKind::Medication)?;
    all.retain(is_current);
    all.sort_by_cached_key(|fact| {
        let newest = fact.newest().map(|it| it.received);
        (fact.order().0, use_of(fact) == Some(MedicationUse::Discharge), newest, fact.order())
    });
    let mut each: Vec<Fact> = Vec::new();
    for fact in all.into_iter().rev() {
        if !each.iter().any(|known| same_medicine(known, &fact)) {
            each.push(fact);
        }
    }
    Ok(each)
}

/// Whether another list tells otherwise of a medicine: that it was stopped, or another dose.
/// `all` are the patient's medicines.
pub fn lists_differ(all: &[Fact], fact: &Fact) -> bool {
    all.iter().any(|other| match (&fact.content, &other.content) {
        (Content::Medication(a), Content::Medication(b)) if same_medicine(fact, other) => {
            let later = other.order().0 >= fact.order().0 || b.period.end > a.period.start;
            let stopped = !rules::current(b) || other.sense != fact.sense;
            let lists = is_a_list(b.use_) && a.use_ != b.use_;
            lists && (stopped && later || rules::taken_otherwise(a, b))
        }
        _ => false,
    })
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

fn same_medicine(a: &Fact, b: &Fact) -> bool {
    match (&a.content, &b.content) {
        (Content::Medication(a), Content::Medication(b)) => {
            facts::rules::same_concept(&a.code, &b.code)
        }
        _ => false,
    }
}

fn is_a_list(use_: MedicationUse) -> bool {
    matches!(use_, MedicationUse::Ordered | MedicationUse::Reported | MedicationUse::Discharge)
}

fn is_current(fact: &Fact) -> bool {
    let Content::Medication(it) = &fact.content else { return false };
    fact.sense == Sense::Stated && is_a_list(it.use_) && rules::current(it)
}
