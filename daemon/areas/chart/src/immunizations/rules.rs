//! When two statements tell one vaccination. Pure.

use crate::facts::rules::{
    Likeness, Times, fill, fill_concept, fill_text, fill_time, same_concept, times,
};
use almoner_core::clinical::Immunization;

/// Compares two vaccinations: one vaccine on one day is one.
pub fn compare(old: &Immunization, new: &Immunization) -> Likeness {
    let time = times(old.occurrence.as_ref(), new.occurrence.as_ref());
    if !same_concept(&old.code, &new.code) || !matches!(time, Times::Fit | Times::Missing) {
        return Likeness::Other;
    }
    let done = |it: &Immunization| it.status != "not-done";
    if done(old) == done(new) { Likeness::Same } else { Likeness::Differs }
}

/// Takes over what a further statement says.
pub fn merge(into: &mut Immunization, from: &Immunization, newer: bool) {
    fill_concept(&mut into.code, &from.code);
    fill_text(&mut into.status, &from.status, newer);
    fill(&mut into.status_reason, &from.status_reason);
    fill_time(&mut into.occurrence, &from.occurrence);
    fill_text(&mut into.lot_number, &from.lot_number, false);
    fill_text(&mut into.manufacturer, &from.manufacturer, false);
    fill(&mut into.encounter, &from.encounter);
}
