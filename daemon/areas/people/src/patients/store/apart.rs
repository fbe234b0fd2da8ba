//! The decision that two records are two people, and how it is taken back.

use crate::patients::record::{Apart, Kept, Patient, Suspect};
use almoner_core::actor::Actor;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{PatientId, StaffId};
use almoner_core::time::Timestamp;
use almoner_store::Writer;
use chrono::NaiveDate;

/// Two patients are two people: neither is proposed to the other again. Stale when nobody proposes
/// them (any more).
pub fn set_apart(
    writer: &mut Writer<'_>,
    one: PatientId,
    other: PatientId,
    reason: &str,
) -> Outcome<()> {
    let (by, at) = (author(writer), writer.act().at);
    let mut both = [writer.get::<Patient>(one)?, writer.get::<Patient>(other)?];
    for (patient, of) in both.iter_mut().zip([other, one]) {
        let suspect = take(&mut patient.possible_duplicates, |it| it.patient == of)
            .ok_or(Fault::Stale("patient"))?;
        patient.apart.push(Apart { suspect, reason: reason.to_owned(), by, at });
        patient.updated = at;
    }
    both.iter().try_for_each(|patient| writer.put(patient))
}

/// Nobody can tell yet whether two patients are one: they are asked about again from a day on, or when
/// data comes that makes it likelier or gives another reason. Stale when nobody proposes them (any more).
pub fn put_off(
    writer: &mut Writer<'_>,
    one: PatientId,
    other: PatientId,
    until: NaiveDate,
) -> Outcome<()> {
    let at = writer.act().at;
    let mut both = [writer.get::<Patient>(one)?, writer.get::<Patient>(other)?];
    for (patient, of) in both.iter_mut().zip([other, one]) {
        let mut all = patient.possible_duplicates.iter_mut();
        let suspect = all.find(|it| it.patient == of).ok_or(Fault::Stale("patient"))?;
        suspect.again = Some(until);
        patient.updated = at;
    }
    both.iter().try_for_each(|patient| writer.put(patient))
}

/// Takes that decision back: they are proposed to each other as before.
pub fn undo_apart(writer: &mut Writer<'_>, one: PatientId, other: PatientId) -> Outcome<()> {
    let at = writer.act().at;
    let mut both = [writer.get::<Patient>(one)?, writer.get::<Patient>(other)?];
    for (patient, of) in both.iter_mut().zip([other, one]) {
        let apart = take(&mut patient.apart, |it| it.suspect.patient == of);
        let Apart { suspect, .. } = apart.ok_or(Fault::Stale("patient"))?;
        restore(patient, suspect, at);
    }
    both.iter().try_for_each(|patient| writer.put(patient))
}

/// The numbers of a source are one person although it says otherwise. Stale when nobody asks (any
/// more).
pub fn keep_whole(writer: &mut Writer<'_>, id: PatientId, at: usize, reason: &str) -> Outcome<()> {
    let kept = Kept { reason: reason.to_owned(), by: author(writer), at: writer.act().at };
    let mut patient = writer.get::<Patient>(id)?;
    let asked = patient.doubts().any(|(place, _)| place == at);
    let doubt = patient.doubted.get_mut(at).filter(|_| asked).ok_or(Fault::Stale("patient"))?;
    patient.updated = kept.at;
    doubt.kept = Some(kept);
    writer.put(&patient)
}

fn restore(patient: &mut Patient, suspect: Suspect, at: Timestamp) {
    patient.possible_duplicates.push(suspect);
    patient.updated = at;
}

fn take<T>(list: &mut Vec<T>, is: impl Fn(&T) -> bool) -> Option<T> {
    list.iter().position(is).map(|at| list.remove(at))
}

pub(super) fn author(writer: &Writer<'_>) -> Option<StaffId> {
    match &writer.act().actor {
        Actor::Staff(id) => Some(*id),
        _ => None,
    }
}
