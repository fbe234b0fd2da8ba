//! Patients when files speak anew: their identities are what the standing files say, in the order in
//! which these came. Who was joined to whom stands; a patient whom no file names any more goes,
//! unless people have worked on them.

use super::join::{add_identity, key_of, sighting};
use super::look::look;
use super::{in_force, sightings};
use crate::patients::record::{
    Identity, Patient, SEEN_AT, SEEN_OF, Sighting, SightingId, place_key,
};
use almoner_core::export::PersonStatements;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{PatientId, RecordId};
use almoner_core::phrase::Phrase;
use almoner_frame::Incoming;
use almoner_frame::anew::{self, Mention, Rest, Told, Whose};
use almoner_store::{Key, Reader, Turned, Writer};

/// Where a patient is named.
pub(crate) fn mentions(reader: &Reader<'_>, patient: PatientId) -> Outcome<Vec<Mention>> {
    let mention =
        |it: Sighting| Mention { file: it.file, sha256: it.sha256, member: it.member, key: it.key };
    Ok(sightings(reader, patient)?.into_iter().map(mention).collect())
}

/// The files' mentions go; the identities stand until the first file has spoken again.
pub(crate) fn clear(writer: &mut Writer<'_>, whose: Whose<'_>) -> Outcome<()> {
    let Whose::Patient(patient) = whose else { return Ok(()) };
    // What came with which record is people's work: it is parted by people first.
    let merged = writer.find::<Patient>(patient)?.is_some_and(|it| it.merged_into.is_some());
    if merged || !in_force(writer, patient)?.is_empty() {
        return Err(Fault::refused("", Phrase::new("intake-anew-merged")));
    }
    for known in sightings(writer, patient)? {
        writer.remove::<Sighting>(known.id)?;
    }
    Ok(())
}

/// A file names the patient again: they are who it says, where it speaks.
pub(crate) fn rejoin(
    writer: &mut Writer<'_>,
    file: &Incoming,
    id: PatientId,
    said: &PersonStatements,
    speaks: bool,
) -> Outcome<()> {
    if speaks {
        let mut patient = writer.get::<Patient>(id)?;
        let before = writer.outer().map(|outer| outer.find::<Patient>(id)).transpose()?.flatten();
        // The first file that speaks finds what stood before.
        if before.is_some_and(|it| it.identities == patient.identities) && !spoken(writer, id)? {
            patient.identities.clear();
        }
        let updated = patient.updated;
        add_identity(&mut patient, file, said, key_of(said));
        patient.updated = updated;
        writer.put(&patient)?;
    }
    let place = place_key(&file.sha256, &file.member, key_of(said));
    let mut known = None;
    if let Some(outer) = writer.outer() {
        outer.each(SEEN_AT, &place, &mut |_, id| {
            known = Some(SightingId::from_bytes(id.bytes()));
            Ok(false)
        })?;
    }
    writer.put(&sighting(
        known.unwrap_or_else(|| SightingId::near(writer.act().at)),
        id,
        file,
        said,
    ))
}

/// When all have spoken: who is named by none goes, unless people have worked on them; of possible
/// duplicates those stay who are still alike.
pub(crate) fn close(writer: &mut Writer<'_>, id: PatientId, rest: Rest) -> Outcome<()> {
    let Some(mut patient) = writer.find::<Patient>(id)? else { return Ok(()) };
    let Some(outer) = writer.outer() else { return Ok(()) };
    let before = outer.find::<Patient>(id)?;
    if !rest.named && !rest.worked {
        for suspect in std::mem::take(&mut patient.possible_duplicates) {
            forget(writer, suspect.patient, id)?;
        }
        // Those that say nothing any more: who they name is met again when they speak again.
        for known in sightings(writer, id)? {
            writer.remove::<Sighting>(known.id)?;
        }
        return writer.remove::<Patient>(id);
    }
    if doubts_gone(writer, &mut patient)? {
        writer.put(&patient)?;
    }
    if before.as_ref().is_some_and(|it| it.identities == patient.identities) {
        return Ok(());
    }
    let mut kept = Vec::new();
    for suspect in std::mem::take(&mut patient.possible_duplicates) {
        let mut alike = false;
        for identity in &patient.identities {
            alike |= is_alike(writer, identity, suspect.patient)?;
        }
        if alike {
            kept.push(suspect);
        } else {
            forget(writer, suspect.patient, id)?;
        }
    }
    patient.possible_duplicates = kept;
    patient.updated = patient.updated.max(outer.now());
    writer.put(&patient)
}

/// What is said of a patient who turned out otherwise.
pub(crate) fn tell(_: &Reader<'_>, turned: &Turned) -> Outcome<Option<Told>> {
    let turn = anew::turn::<Patient>(turned, |before, after| before.golden() == after.golden())?;
    Ok(turn.map(|(way, _)| Told::Patient(way)))
}

/// A person gave them to another coordinator than the intake did, or decided whom they are not.
pub(crate) fn worked(reader: &Reader<'_>, id: PatientId) -> Outcome<bool> {
    let Some(patient) = reader.find::<Patient>(id)? else { return Ok(false) };
    let images = reader.history::<Patient>(id)?;
    let first = images.first().map_or(patient.coordinator, |it| it.record.coordinator);
    Ok(!patient.apart.is_empty() || patient.coordinator != first)
}

fn spoken(reader: &Reader<'_>, id: PatientId) -> Outcome<bool> {
    let mut any = false;
    reader.each(SEEN_OF, &Key::default().id(id), &mut |_, _| {
        any = true;
        Ok(false)
    })?;
    Ok(any)
}

/// What no standing file says any more is no doubt, unless somebody has decided it.
fn doubts_gone(reader: &Reader<'_>, patient: &mut Patient) -> Outcome<bool> {
    if patient.doubted.is_empty() {
        return Ok(false);
    }
    let files: Vec<_> = sightings(reader, patient.id)?.into_iter().map(|it| it.file).collect();
    let count = patient.doubted.len();
    patient.doubted.retain(|it| it.kept.is_some() || files.contains(&it.file));
    Ok(patient.doubted.len() != count)
}

fn forget(writer: &mut Writer<'_>, holder: PatientId, gone: PatientId) -> Outcome<()> {
    let Some(mut other) = writer.find::<Patient>(holder)? else { return Ok(()) };
    other.possible_duplicates.retain(|it| it.patient != gone);
    writer.put(&other)
}

/// Whether one who is said to be like this would be proposed as the other, as both are known now.
fn is_alike(reader: &Reader<'_>, identity: &Identity, other: PatientId) -> Outcome<bool> {
    let file = Incoming {
        file: identity.file,
        sha256: identity.sha256,
        source: identity.source.clone(),
        format: String::new(),
        document: String::new(),
        software: String::new(),
        member: identity.member.clone(),
        received: identity.received,
    };
    let patient = identity.demographics.clone();
    let said = PersonStatements { patient, ..PersonStatements::default() };
    Ok(look(reader, &file, &said)?.alike.iter().any(|it| it.patient == other))
}
