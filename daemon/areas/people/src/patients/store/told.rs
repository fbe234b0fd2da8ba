//! What a source says of two records: that they are one (an HL7 v2 merge or link), or are not. A merge
//! is done where both records are known, nothing contradicts, and nobody here has worked on the one that
//! is given up; else a person is asked (`hl7v2.md` §6, `matching.md` §6).

use super::join::suspect;
use super::{merge, now_of};
use crate::patients::record::{BY_IDENTIFIER, Doubt, Former, Patient, identifier_key};
use crate::patients::rules::numbers::strength;
use crate::patients::rules::{Person, Probe, Reason, Strength, compare};
use almoner_core::export::{How, Other, PersonStatements};
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_core::receipt::Match;
use almoner_frame::{Incoming, Two, handmade};
use almoner_store::{Reader, Writer};
use std::collections::BTreeSet;

/// Who the other record is here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    Nobody,
    One(PatientId),
    Several,
}

/// Who bears the numbers of the other record of which a file speaks.
pub(super) fn other_of(
    reader: &Reader<'_>,
    file: &Incoming,
    said: &PersonStatements,
) -> Outcome<Known> {
    let mut holders: BTreeSet<PatientId> = BTreeSet::new();
    for id in said.other.iter().flat_map(|it| &it.identifiers) {
        if strength(id, &file.source) > Strength::Worthless {
            let found =
                reader.exactly::<PatientId>(BY_IDENTIFIER, &identifier_key(id, &file.source))?;
            holders.extend(found);
        }
    }
    Ok(match (holders.first(), holders.len()) {
        (Some(only), 1) => Known::One(*only),
        (None, _) => Known::Nobody,
        _ => Known::Several,
    })
}

/// The patient whose number the file gives up for a new one: they are who the file is about.
pub(super) fn renumbered(
    reader: &Reader<'_>,
    file: &Incoming,
    said: &PersonStatements,
    other: Known,
) -> Outcome<Option<Patient>> {
    let (Some(Other { how: How::Merged, .. }), Known::One(id)) = (&said.other, other) else {
        return Ok(None);
    };
    let known = reader.get::<Patient>(id)?;
    let new = Person::of(&said.patient, &Former::default(), &file.source);
    Ok((!contradicts(reader, &[new], &known)).then_some(known))
}

/// Does what the file says of the two, now that the patient is known.
pub(super) fn heed(
    writer: &mut Writer<'_>,
    file: &Incoming,
    said: &PersonStatements,
    (patient, match_): (PatientId, Match),
    other: Known,
) -> Outcome<Option<Two>> {
    let Some(Other { how, .. }) = &said.other else { return Ok(None) };
    let Known::One(other) = other else {
        let known = *how == How::Merged && other == Known::Nobody;
        return Ok(Some(if known { Two::Retired } else { Two::Proposed }));
    };
    if other == patient {
        if *how != How::Unlinked {
            return Ok(Some(Two::Retired));
        }
        doubt(writer, file, said, patient)?;
        return Ok(Some(Two::Doubted));
    }
    match how {
        How::Merged if surely(writer, patient, match_, other)? => {
            merge(writer, other, patient, "", Some(file.file))?;
            Ok(Some(Two::BecameOne))
        }
        How::Merged | How::Linked => {
            propose(writer, file, patient, other)?;
            Ok(Some(Two::Proposed))
        }
        How::Unlinked => {
            withdraw(writer, patient, other)?;
            Ok(Some(Two::Unlinked))
        }
    }
}

fn surely(
    reader: &Reader<'_>,
    patient: PatientId,
    match_: Match,
    other: PatientId,
) -> Outcome<bool> {
    if match_ != Match::Same || handmade(reader, other)? > 0 || now_of(reader, patient)? != patient
    {
        return Ok(false);
    }
    let (stays, gone) = (reader.get::<Patient>(patient)?, reader.get::<Patient>(other)?);
    let apart = stays.apart.iter().any(|it| it.suspect.patient == other);
    let people: Vec<Person> = stays.identities.iter().map(|it| it.person()).collect();
    Ok(!apart && !contradicts(reader, &people, &gone))
}

/// Both name and birth date are another's: the message may have been mistyped.
fn contradicts(reader: &Reader<'_>, people: &[Person], known: &Patient) -> bool {
    let rules = reader.rules().matching(reader.rules().zone.day(reader.now()));
    let mut pairs = people.iter().flat_map(|one| {
        known.identities.iter().map(move |it| compare(&Probe::new(one, rules), &it.person(), rules))
    });
    pairs.any(|verdict| {
        let reasons = verdict.reasons();
        reasons.contains(&Reason::NameDiffers) && reasons.contains(&Reason::BirthDateDiffers)
    })
}

fn propose(
    writer: &mut Writer<'_>,
    file: &Incoming,
    patient: PatientId,
    other: PatientId,
) -> Outcome<()> {
    let mut patient = writer.get::<Patient>(patient)?;
    let probable = writer.rules().matching(writer.rules().zone.day(file.received)).probable;
    suspect(writer, &mut patient, other, &[Reason::SourceSays], (probable, file.received))?;
    writer.put(&patient)
}

/// The source says that one record of ours is two people: a person decides.
fn doubt(
    writer: &mut Writer<'_>,
    file: &Incoming,
    said: &PersonStatements,
    patient: PatientId,
) -> Outcome<()> {
    let mut patient = writer.get::<Patient>(patient)?;
    let doubt = Doubt {
        source: file.source.clone(),
        file: file.file,
        one: said.other.iter().flat_map(|it| it.identifiers.clone()).collect(),
        other: said.patient.identifiers.clone(),
        since: file.received,
        kept: None,
    };
    // Said again, it is asked again, whatever was decided before.
    patient.doubted.retain(|it| !it.is_same(&doubt));
    patient.doubted.push(doubt);
    writer.put(&patient)
}

/// The source no longer takes them for one: neither do we propose it.
fn withdraw(writer: &mut Writer<'_>, patient: PatientId, other: PatientId) -> Outcome<()> {
    for (one, of) in [(patient, other), (other, patient)] {
        let mut one = writer.get::<Patient>(one)?;
        one.possible_duplicates.retain(|it| it.patient != of);
        writer.put(&one)?;
    }
    Ok(())
}
