//! When two statements tell one procedure. Pure.

use crate::facts::rules::{
    Likeness, Times, fill, fill_concept, fill_text, fill_time, same_concept, times,
};
use almoner_core::clinical::Procedure;

/// Compares two procedures: one procedure at one time is one.
pub fn compare(old: &Procedure, new: &Procedure) -> Likeness {
    let time = times(old.performed.start.as_ref(), new.performed.start.as_ref());
    if !same_concept(&old.code, &new.code) || !matches!(time, Times::Fit | Times::Missing) {
        return Likeness::Other;
    }
    let done = |it: &Procedure| it.status != "not-done";
    if done(old) == done(new) { Likeness::Same } else { Likeness::Differs }
}

/// Takes over what a further statement says.
pub fn merge(into: &mut Procedure, from: &Procedure, newer: bool) {
    fill_concept(&mut into.code, &from.code);
    fill_text(&mut into.status, &from.status, newer && from.status != "unknown");
    fill_time(&mut into.performed.start, &from.performed.start);
    fill_time(&mut into.performed.end, &from.performed.end);
    fill(&mut into.performer, &from.performer);
    fill(&mut into.reason, &from.reason);
    fill(&mut into.encounter, &from.encounter);
    fill_text(&mut into.note, &from.note, false);
}
