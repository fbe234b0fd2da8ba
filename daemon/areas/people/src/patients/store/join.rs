//! Joining the people of an export to the people known: the rules decide, here it is written down.

use super::look::{Found, look};
use super::told::{self, Known};
use super::{now_of, seen_at};
use crate::patients::record::{Former, Identity, Patient, Sighting, SightingId, Suspect};
use crate::patients::rules::{Reason, numbers};
use almoner_core::clinical::Identifier;
use almoner_core::export::{How, PersonStatements};
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_core::receipt::Match;
use almoner_core::time::Timestamp;
use almoner_formats::fhir;
use almoner_frame::{Incoming, Joined};
use almoner_store::{Reader, Writer};

/// Joins a person of a file to somebody known, or makes a new patient; notes who may be the same.
pub fn join(writer: &mut Writer<'_>, file: &Incoming, said: &PersonStatements) -> Outcome<Joined> {
    let key = key_of(said);
    if let Some(patient) = seen_at(writer, &file.sha256, &file.member, key)? {
        return Ok(Joined { patient, match_: Match::Same, first: false, two: None });
    }
    let others = told::others_of(writer, file, said)?;
    let mut found = look(writer, file, said)?;
    if found.same.is_none() {
        found.same = told::renumbered(writer, file, said, &others)?;
    }
    let match_ = match_of(&found);
    let Found { same, alike, .. } = found;
    let mut patient = match same {
        Some(known) => known,
        None => Patient {
            id: PatientId::random(),
            identities: Vec::new(),
            coordinator: crate::staff::store::only_coordinator(writer)?,
            possible_duplicates: Vec::new(),
            apart: Vec::new(),
            doubted: Vec::new(),
            created: file.received,
            updated: file.received,
            merged_into: None,
        },
    };
    let id = patient.id;
    let at = add_identity(&mut patient, file, said, key);
    let came_with = patient.identities.get_mut(at).and_then(|identity| {
        let gone =
            others.iter().filter(|(it, known)| it.how == How::Merged && *known == Known::Nobody);
        identity.former.identifiers.extend(gone.flat_map(|(it, _)| it.identifiers.clone()));
        identity.came_with
    });
    for it in alike.into_iter().filter(|it| it.patient != id) {
        let score = it.score;
        suspect(writer, &mut patient, it.patient, &it.reasons, (score, file.received))?;
    }
    writer.put(&patient)?;
    let seen = sighting(SightingId::near(writer.act().at), patient.id, file, said);
    writer.put(&Sighting { came_with, ..seen })?;
    let two = told::heed(writer, file, said, (patient.id, match_), &others)?;
    // The file may give up this record for another: what it says besides is that one's.
    Ok(Joined { patient: now_of(writer, patient.id)?, match_, first: true, two })
}

/// A file's mention of a patient.
pub(super) fn sighting(
    id: SightingId,
    patient: PatientId,
    file: &Incoming,
    said: &PersonStatements,
) -> Sighting {
    Sighting {
        id,
        patient,
        file: file.file,
        sha256: file.sha256,
        source: file.source.clone(),
        format: file.format.clone(),
        document: file.document.clone(),
        member: file.member.clone(),
        key: key_of(said).to_owned(),
        place: said.place.clone(),
        received: file.received,
        number: number_of(&said.patient.identifiers, &file.source),
        came_with: None,
    }
}

/// The number that tells best whom a file means: never a social security number.
fn number_of(all: &[Identifier], source: &str) -> Option<Identifier> {
    let own = all.iter().filter(|id| !numbers::is_ssn(id));
    let best = own.reduce(|best, it| {
        if numbers::strength(it, source) > numbers::strength(best, source) { it } else { best }
    });
    best.cloned()
}

/// The key under which a file names a person.
pub(super) fn key_of(said: &PersonStatements) -> &str {
    if said.key.is_empty() { &said.place } else { &said.key }
}

/// How a person of a file would be joined; nothing is written.
pub fn foresee(reader: &Reader<'_>, file: &Incoming, said: &PersonStatements) -> Outcome<Match> {
    let found = look(reader, file, said)?;
    Ok(match_of(&found))
}

fn match_of(found: &Found) -> Match {
    match (&found.same, found.alike.is_empty()) {
        (Some(_), _) => Match::Same,
        (None, true) => Match::New,
        (None, false) => Match::Proposed,
    }
}

/// Adds what the file says to the identity it is of, and tells which one that is.
pub(super) fn add_identity(
    patient: &mut Patient,
    file: &Incoming,
    said: &PersonStatements,
    key: &str,
) -> usize {
    let ours = |identity: &Identity| identity.source == file.source;
    let given_up = said.others.iter().filter(|it| it.how == How::Merged);
    let numbers: Vec<_> =
        said.patient.identifiers.iter().chain(given_up.flat_map(|it| &it.identifiers)).collect();
    let shares = |it: &Identity| it.numbers().any(|known| numbers.contains(&known));
    let bare = |it: &Identity| {
        said.patient.identifiers.is_empty() || it.demographics.identifiers.is_empty()
    };
    let all = &patient.identities;
    let own = all.iter().position(|it| ours(it) && shares(it));
    if let Some(at) = own.or_else(|| all.iter().position(|it| ours(it) && bare(it))) {
        let mut identity = patient.identities.remove(at);
        let before = identity.clone();
        let newer = is_newer(&identity, file, said, key);
        identity.absorb(&said.patient, newer);
        if newer && said.verbatim.is_some() {
            identity.verbatim.clone_from(&said.verbatim);
        }
        let changed = (&identity.demographics, &identity.former, &identity.verbatim)
            != (&before.demographics, &before.former, &before.verbatim);
        if newer && changed {
            stamp(&mut identity, file, said, key);
            patient.updated = file.received;
        }
        patient.identities.insert(at, identity);
        return at;
    }
    let mut identity = Identity {
        source: file.source.clone(),
        file: file.file,
        sha256: file.sha256,
        member: String::new(),
        place: String::new(),
        key: String::new(),
        received: file.received,
        demographics: said.patient.clone(),
        former: Former::default(),
        verbatim: said.verbatim.clone(),
        came_with: None,
    };
    stamp(&mut identity, file, said, key);
    patient.identities.push(identity);
    patient.updated = file.received;
    patient.identities.len() - 1
}

/// Whether what a file says is newer than what is known: of one FHIR resource by its version, else by when
/// it came.
fn is_newer(known: &Identity, file: &Incoming, said: &PersonStatements, key: &str) -> bool {
    let texts = said.verbatim.as_deref().zip(known.verbatim.as_deref());
    let texts = texts.filter(|_| known.key == key);
    let later = texts.and_then(|(raw, stored)| fhir::is_later(raw, stored));
    later.unwrap_or(file.received >= known.received)
}

fn stamp(identity: &mut Identity, file: &Incoming, said: &PersonStatements, key: &str) {
    identity.file = file.file;
    identity.sha256 = file.sha256;
    identity.member.clone_from(&file.member);
    identity.place.clone_from(&said.place);
    key.clone_into(&mut identity.key);
    identity.received = file.received;
}

/// Marks two patients as possibly the same, on both records; the later one asks for a decision. What
/// somebody put off is asked again when it comes up anew.
pub(super) fn suspect(
    writer: &mut Writer<'_>,
    patient: &mut Patient,
    other: PatientId,
    reasons: &[Reason],
    (score, since): (f64, Timestamp),
) -> Outcome<()> {
    if patient.apart.iter().any(|it| it.suspect.patient == other) {
        return Ok(());
    }
    #[allow(clippy::cast_possible_truncation)] // a score is small
    let tenths = (score * 10.0).round() as i32;
    let of = |patient, asks| Suspect {
        patient,
        reasons: reasons.to_vec(),
        since,
        asks,
        tenths,
        again: None,
    };
    let mut known = writer.get::<Patient>(other)?;
    let theirs = known.possible_duplicates.iter_mut().find(|it| it.patient == patient.id);
    let mine = patient.possible_duplicates.iter_mut().find(|it| it.patient == other);
    if let (Some(mine), Some(theirs)) = (mine, theirs) {
        if tenths > mine.tenths || reasons.len() > mine.reasons.len() {
            for it in [mine, theirs] {
                it.reasons = reasons.to_vec();
                (it.tenths, it.again) = (tenths, None);
            }
            writer.put(&known)?;
        }
        return Ok(());
    }
    known.possible_duplicates.push(of(patient.id, false));
    writer.put(&known)?;
    patient.possible_duplicates.push(of(other, true));
    Ok(())
}
