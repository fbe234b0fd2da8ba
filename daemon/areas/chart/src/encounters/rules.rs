//! When two statements tell one visit. Pure.

use crate::facts::rules::{
    Likeness, Times, fill, fill_concept, fill_list, fill_text, fill_time, same_concept,
    share_number, times,
};
use almoner_core::clinical::{Encounter, When};

/// Compares two visits: by their number, else by when and what they were.
pub fn compare(old: &Encounter, new: &Encounter) -> Likeness {
    let (a, b) = (old.period.start.as_ref(), new.period.start.as_ref());
    let start = times(a, b);
    if share_number(&old.identifiers, &new.identifiers) {
        // A number that is used again for a later visit is another visit; an admission time that
        // was put right is the same one.
        let near = start != Times::Differ || apart(a, b).is_some_and(|days| days <= 1);
        return if near { Likeness::Same } else { Likeness::Other };
    }
    let numbered = |it: &Encounter| it.identifiers.iter().any(|id| !id.system.is_empty());
    if start != Times::Fit || numbered(old) && numbered(new) && same_authority(old, new) {
        return Likeness::Other;
    }
    let class = old.class.is_empty() || new.class.is_empty() || old.class == new.class;
    let type_ = old.type_.is_empty()
        || new.type_.is_empty()
        || old.type_.iter().any(|a| new.type_.iter().any(|b| same_concept(a, b)));
    let end = times(old.period.end.as_ref(), new.period.end.as_ref()) != Times::Differ;
    let place = |it: &Encounter| almoner_core::text::fold(&it.location);
    let (x, y) = (place(old), place(new));
    let place = x.is_empty() || y.is_empty() || x == y;
    if class && type_ && end && place { Likeness::Same } else { Likeness::Other }
}

/// Takes over what a further statement says: a stay that was open is now closed.
pub fn merge(into: &mut Encounter, from: &Encounter, newer: bool) {
    fill_list(&mut into.identifiers, &from.identifiers);
    fill_text(&mut into.class, &from.class, newer);
    let later = later(&into.status, &from.status);
    fill_text(&mut into.status, &from.status, newer && later);
    for concept in &from.type_ {
        match into.type_.iter_mut().find(|it| same_concept(it, concept)) {
            Some(known) => fill_concept(known, concept),
            None => into.type_.push(concept.clone()),
        }
    }
    fill_time(&mut into.period.start, &from.period.start);
    if newer && from.period.end.is_some() {
        into.period.end.clone_from(&from.period.end);
    }
    fill_time(&mut into.period.end, &from.period.end);
    for reason in &from.reason {
        if !into.reason.iter().any(|known| same_concept(known, reason)) {
            into.reason.push(reason.clone());
        }
    }
    for diagnosis in &from.diagnoses {
        let known = |it: &almoner_core::clinical::EncounterDiagnosis| {
            it.role == diagnosis.role && same_concept(&it.code, &diagnosis.code)
        };
        if !into.diagnoses.iter().any(known) {
            into.diagnoses.push(diagnosis.clone());
        }
    }
    fill(&mut into.admit_source, &from.admit_source);
    if newer && from.discharge_disposition.is_some() {
        into.discharge_disposition.clone_from(&from.discharge_disposition);
    }
    fill(&mut into.discharge_disposition, &from.discharge_disposition);
    fill_text(&mut into.location, &from.location, newer);
    fill(&mut into.service_provider, &from.service_provider);
    fill_list(&mut into.participants, &from.participants);
    fill(&mut into.part_of, &from.part_of);
}

/// A finished visit is not opened again by a message that came late.
fn later(old: &str, new: &str) -> bool {
    let rank = |status: &str| match status {
        "planned" => 1,
        "arrived" | "triaged" => 2,
        "in-progress" | "onleave" => 3,
        "finished" => 4,
        "cancelled" => 5,
        _ => 0,
    };
    rank(new) >= rank(old)
}

fn apart(a: Option<&When>, b: Option<&When>) -> Option<i64> {
    Some((a?.date()? - b?.date()?).num_days().abs())
}

/// Both have numbers of one authority, and not the same one.
fn same_authority(old: &Encounter, new: &Encounter) -> bool {
    old.identifiers.iter().any(|a| new.identifiers.iter().any(|b| a.system == b.system))
}
