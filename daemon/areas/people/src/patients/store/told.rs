//! What a source says of two records: that they are one (an HL7 v2 merge or link, a FHIR
//! `Patient.link`), or are not. A merge
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

/// What a file says of another record, and who that is here.
pub(super) type Tied<'s> = (&'s Other, Known);

/// Who bears the numbers of the other records of which a file speaks.
pub(super) fn others_of<'s>(
    reader: &Reader<'_>,
    file: &Incoming,
    said: &'s PersonStatements,
) -> Outcome<Vec<Tied<'s>>> {
    said.others.iter().map(|other| Ok((other, who(reader, file, other)?))).collect()
}

fn who(reader: &Reader<'_>, file: &Incoming, other: &Other) -> Outcome<Known> {
    let mut holders: BTreeSet<PatientId> = BTreeSet::new();
    for id in &other.identifiers {
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
    others: &[Tied<'_>],
) -> Outcome<Option<Patient>> {
    let [(Other { how: How::Merged, .. }, Known::One(id))] = others else { return Ok(None) };
    let known = reader.get::<Patient>(*id)?;
    let new = Person::of(&said.patient, &Former::default(), &file.source);
    Ok((!contradicts(reader, &[new], &known)).then_some(known))
}

/// Does what the file says of the patient and others, now that the patient is known; tells what matters
/// most of it.
pub(super) fn heed(
    writer: &mut Writer<'_>,
    file: &Incoming,
    said: &PersonStatements,
    (patient, match_): (PatientId, Match),
    others: &[Tied<'_>],
) -> Outcome<Option<Two>> {
    let mut told = Vec::new();
    for (other, known) in others {
        // One link may have joined them to another already, or the other to somebody.
        let known = match known {
            Known::One(id) => Known::One(now_of(writer, *id)?),
            known => *known,
        };
        let patient = now_of(writer, patient)?;
        told.extend(heed_one(writer, file, said, (patient, match_), (other, known))?);
    }
    Ok(told.into_iter().min_by_key(|two| match two {
        Two::BecameOne => 0,
        Two::Doubted => 1,
        Two::Proposed => 2,
        Two::Retired => 3,
        Two::Unlinked => 4,
    }))
}

fn heed_one(
    writer: &mut Writer<'_>,
    file: &Incoming,
    said: &PersonStatements,
    (patient, match_): (PatientId, Match),
    (said_of, other): Tied<'_>,
) -> Outcome<Option<Two>> {
    let how = said_of.how;
    let Known::One(other) = other else {
        return Ok(match (how, other) {
            (How::Merged, Known::Nobody) => Some(Two::Retired),
            (_, Known::Nobody) => None,
            _ => Some(Two::Proposed),
        });
    };
    if other == patient {
        return Ok(match how {
            How::Merged => Some(Two::Retired),
            How::Unlinked => {
                doubt(writer, file, said, (patient, said_of))?;
                Some(Two::Doubted)
            }
            _ => None,
        });
    }
    // Who is given up for whom. A message of HL7 v2 says nothing of its survivor but a number: they
    // must have been known before.
    let (gone, stays) = match how {
        How::Merged if match_ == Match::Same => (other, patient),
        How::Replaces => (other, patient),
        How::ReplacedBy => (patient, other),
        How::Merged | How::Linked => {
            propose(writer, file, patient, other)?;
            return Ok(Some(Two::Proposed));
        }
        How::Unlinked => {
            withdraw(writer, patient, other)?;
            return Ok(Some(Two::Unlinked));
        }
    };
    if surely(writer, gone, stays)? {
        merge(writer, gone, stays, "", Some(file.file))?;
        return Ok(Some(Two::BecameOne));
    }
    propose(writer, file, patient, other)?;
    Ok(Some(Two::Proposed))
}

/// Whether a source's word is enough: nobody here has made anything for the record that is given up,
/// nor decided that they are two, and the two do not contradict each other.
fn surely(reader: &Reader<'_>, gone: PatientId, stays: PatientId) -> Outcome<bool> {
    if handmade(reader, gone)? > 0 {
        return Ok(false);
    }
    let (gone, stays) = (reader.get::<Patient>(gone)?, reader.get::<Patient>(stays)?);
    let apart = stays.apart.iter().any(|it| it.suspect.patient == gone.id);
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
    (patient, of): (PatientId, &Other),
) -> Outcome<()> {
    let mut patient = writer.get::<Patient>(patient)?;
    let doubt = Doubt {
        source: file.source.clone(),
        file: file.file,
        one: of.identifiers.clone(),
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
