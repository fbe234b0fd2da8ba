//! Making two people of one record (`matching.md` §6): the identities that are somebody else's become a
//! new person, the files that named them too, and what these said follows when the other areas hear of it.
//! What people made here stays. The two are told apart from then on, and can be made one again.

use super::apart::author;
use super::look::weighed;
use super::sightings;
use crate::patients::record::{Apart, Merge, MergeId, Patient, Sighting, Suspect, Undone};
use crate::patients::rules::{Decision, Reason, part};
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::PatientId;
use almoner_store::{Reader, Writer};
use std::collections::BTreeSet;

/// What a split would move.
pub(crate) struct Parting {
    /// How many files name each identity, in their order.
    pub(crate) files: Vec<usize>,
    /// Files of which it cannot be told which identity they mean: they stay.
    pub(crate) unsure: usize,
}

/// Looks at what hangs on each identity of a patient.
pub(crate) fn parting(reader: &Reader<'_>, patient: &Patient) -> Outcome<Parting> {
    // A file that names somebody twice is one file.
    let (mut files, mut unsure) =
        (vec![BTreeSet::new(); patient.identities.len()], BTreeSet::new());
    for seen in sightings(reader, patient.id)? {
        let of = part::meant(patient, &seen).and_then(|at| files.get_mut(at));
        of.unwrap_or(&mut unsure).insert(seen.sha256);
    }
    Ok(Parting { files: files.iter().map(BTreeSet::len).collect(), unsure: unsure.len() })
}

/// Makes a new person of these identities of a patient. Refused with words where it must not be.
pub fn split(
    writer: &mut Writer<'_>,
    id: PatientId,
    go: &[usize],
    reason: &str,
) -> Outcome<PatientId> {
    let before = writer.get::<Patient>(id)?;
    if before.merged_into.is_some() {
        return Err(Fault::Stale("patient"));
    }
    part::may_go(&before, go).or_ok()?;
    let (own, other) = parted(writer, &before, go, reason)?;
    // For the other areas it is a merge that is taken back, though nothing was merged: what the files
    // of the new person said goes to them, and nothing bears its mark.
    let (at, by) = (writer.act().at, author(writer));
    let merge = Merge {
        id: MergeId::random(),
        from: other.id,
        into: id,
        marks: vec![other.id],
        changed: Vec::new(),
        at,
        by,
        file: None,
        reason: reason.to_owned(),
        undone: Some(Undone { at, by, reason: reason.to_owned() }),
    };
    let moved: Vec<Sighting> = sightings(writer, id)?
        .into_iter()
        .filter(|seen| part::meant(&before, seen).is_some_and(|at| go.contains(&at)))
        .collect();
    writer.quietly(|writer| {
        for seen in moved {
            writer.put(&Sighting { patient: other.id, came_with: None, ..seen })?;
        }
        writer.put(&own)?;
        hand_on(writer, &before, other)
    })?;
    writer.put(&merge)?;
    Ok(merge.from)
}

/// The patient with what is left, and the new one; each knows that the other is somebody else.
fn parted(
    writer: &Writer<'_>,
    before: &Patient,
    go: &[usize],
    reason: &str,
) -> Outcome<(Patient, Patient)> {
    let (at, by) = (writer.act().at, author(writer));
    let mut own = before.clone();
    let mut other = Patient {
        id: PatientId::random(),
        identities: Vec::new(),
        // Whoever saw to the one sees to the other until somebody gives them away.
        coordinator: before.coordinator,
        possible_duplicates: Vec::new(),
        apart: Vec::new(),
        // Asked on whichever has both of its numbers; on neither where they are parted now.
        doubted: before.doubted.clone(),
        created: at,
        updated: at,
        merged_into: None,
    };
    own.identities.clear();
    for (place, identity) in before.identities.iter().enumerate() {
        let side = if go.contains(&place) { &mut other } else { &mut own };
        side.identities.push(identity.clone());
    }
    for identity in &mut other.identities {
        identity.came_with = None;
    }
    own.updated = at;
    let score = weighed(writer, &other, &own)?.map_or(0.0, |it| it.score);
    #[allow(clippy::cast_possible_truncation)] // a score is small
    let tenths = (score * 10.0).round() as i32;
    let apart = |patient, asks| Apart {
        suspect: Suspect {
            patient,
            reasons: vec![Reason::Parted],
            since: at,
            asks,
            tenths,
            again: None,
        },
        reason: reason.to_owned(),
        by,
        at,
    };
    let (mine, theirs) = (apart(other.id, false), apart(own.id, true));
    own.apart.push(mine);
    other.apart.push(theirs);
    Ok((own, other))
}

/// What was decided and proposed of the one record holds for the new person too, where it is of them:
/// who is another person than both is another than each; who may be the one may be the other.
fn hand_on(writer: &mut Writer<'_>, before: &Patient, mut other: Patient) -> Outcome<()> {
    for apart in &before.apart {
        let mut third = writer.get::<Patient>(apart.suspect.patient)?;
        let theirs = third.apart.iter().find(|it| it.suspect.patient == before.id).cloned();
        if let Some(mut theirs) = theirs {
            theirs.suspect.patient = other.id;
            third.apart.push(theirs);
            other.apart.push(apart.clone());
            writer.put(&third)?;
        }
    }
    for suspect in &before.possible_duplicates {
        let mut third = writer.get::<Patient>(suspect.patient)?;
        let verdict = weighed(writer, &other, &third)?;
        let alike = verdict.filter(|it| it.decision != Decision::Unlike);
        let theirs = third.possible_duplicates.iter().find(|it| it.patient == before.id).cloned();
        if let (Some(_), Some(mut theirs)) = (alike, theirs) {
            theirs.patient = other.id;
            third.possible_duplicates.push(theirs);
            other.possible_duplicates.push(suspect.clone());
            writer.put(&third)?;
        }
    }
    writer.put(&other)
}
