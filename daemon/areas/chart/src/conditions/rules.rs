//! When two statements tell one problem, and what a list of problems holds. Pure.

use crate::facts::rules::{
    Likeness, Pair, Times, fill, fill_concept, fill_text, fill_time, same_concept, times,
};
use almoner_core::clinical::Condition;

/// Compares two problems. Diagnoses of a visit never become problems of the list by themselves
/// (`fhir.md` A4), so the list they stand on must be the same.
pub fn compare(old: &Condition, new: &Condition, pair: Pair) -> Likeness {
    if !same_concept(&old.code, &new.code) || list(&old.category) != list(&new.category) {
        return Likeness::Other;
    }
    if refuted(old) != refuted(new) {
        return Likeness::Differs;
    }
    let onset = times(old.onset.as_ref(), new.onset.as_ref());
    let end = times(old.abatement.as_ref(), new.abatement.as_ref());
    match (onset, end) {
        (Times::Differ, _) | (_, Times::Differ) if pair.same_number && !pair.same_file => {
            Likeness::Same
        }
        (Times::Differ, _) if !pair.same_file && !ended(old) && !ended(new) => Likeness::Differs,
        (Times::Differ, _) | (_, Times::Differ) => Likeness::Other,
        _ => Likeness::Same,
    }
}

/// Takes over what a further statement says.
pub fn merge(into: &mut Condition, from: &Condition, newer: bool) {
    fill_concept(&mut into.code, &from.code);
    fill_text(&mut into.clinical_status, &from.clinical_status, newer);
    fill_text(&mut into.verification_status, &from.verification_status, newer);
    fill_text(&mut into.category, &from.category, false);
    fill(&mut into.severity, &from.severity);
    fill_time(&mut into.onset, &from.onset);
    fill_time(&mut into.abatement, &from.abatement);
    fill_time(&mut into.recorded, &from.recorded);
    fill(&mut into.encounter, &from.encounter);
    fill_text(&mut into.note, &from.note, false);
}

/// Whether it is over.
pub fn ended(it: &Condition) -> bool {
    matches!(it.clinical_status.as_str(), "inactive" | "resolved" | "remission")
        || it.clinical_status.is_empty() && it.abatement.is_some()
}

/// Which list a category belongs to: the problem list, the past, or a visit's diagnoses.
pub fn list(category: &str) -> &'static str {
    match category {
        "encounter-diagnosis" => "visit",
        "admission-diagnosis" => "admission",
        "discharge-diagnosis" => "discharge",
        "history" => "history",
        _ => "problem",
    }
}

fn refuted(it: &Condition) -> bool {
    it.verification_status == "refuted"
}
