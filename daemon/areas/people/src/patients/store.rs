//! Joining the people of an export to the people known, and looking patients up.

pub(super) mod anew;
mod apart;
pub(super) mod asked;
mod join;
mod look;
mod merge;
mod queue;
mod split;
mod told;

pub use apart::{keep_whole, put_off, set_apart, undo_apart};
pub use join::{foresee, join};
pub(crate) use look::weighed;
pub use merge::{in_force, merge, merge_of, now_of, unmerge};
pub use queue::{Waiting, waiting};
pub use split::split;
pub(crate) use split::{Parting, parting};

use super::record::{
    BY_COORDINATOR, BY_NUMBER, CARD, Patient, SEEN_AT, SEEN_IN, SEEN_KEY, SEEN_OF, Sighting,
    SightingId, digest_key, id_in, key_key, lasting, place_key,
};
use super::rules::tokens::class;
use almoner_core::fault::Outcome;
use almoner_core::ids::{PatientId, RawId, RecordId, StaffId};
use almoner_core::time::Timestamp;
use almoner_store::{Key, Reader, Writer};
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// More people than this of one file are not told apart.
const NAMED_AT: usize = 5_000;

/// Gives a patient to a coordinator, or to nobody.
pub fn assign(writer: &mut Writer<'_>, id: PatientId, to: Option<StaffId>) -> Outcome<()> {
    let mut patient = writer.get::<Patient>(id)?;
    patient.coordinator = to;
    patient.updated = writer.act().at;
    writer.put(&patient)
}

/// Who coordinates a patient's care, if anybody.
pub fn coordinator_of(reader: &Reader<'_>, id: PatientId) -> Outcome<Option<StaffId>> {
    Ok(reader.find::<Patient>(id)?.and_then(|patient| patient.coordinator))
}

/// The patients who have exactly this identifier.
pub fn with_identifier(reader: &Reader<'_>, system: &str, value: &str) -> Outcome<Vec<PatientId>> {
    let key = Key::default().text(&super::rules::numbers::plain(value));
    let mut found = Vec::new();
    for id in reader.exactly::<PatientId>(BY_NUMBER, &key)? {
        let patient = reader.get::<Patient>(id)?;
        let mut said = patient.identities.iter().flat_map(|one| &one.demographics.identifiers);
        if said.any(|it| it.system == system && it.value == value) {
            found.push(id);
        }
    }
    Ok(found)
}

/// The patients of a coordinator, in no order.
pub fn caseload_ids(reader: &Reader<'_>, staff: StaffId) -> Outcome<Vec<PatientId>> {
    reader.ids(BY_COORDINATOR, &Key::default().id(staff))
}

/// How many patients a coordinator has.
pub fn caseload_count(reader: &Reader<'_>, staff: StaffId) -> Outcome<u64> {
    reader.counted(BY_COORDINATOR, &Key::default().id(staff))
}

/// The patients of a coordinator, by name.
pub fn caseload(reader: &Reader<'_>, staff: StaffId) -> Outcome<Vec<Patient>> {
    let ids = caseload_ids(reader, staff)?;
    let mut patients: Vec<Patient> =
        ids.into_iter().map(|id| reader.get(id)).collect::<Outcome<_>>()?;
    patients.sort_by_cached_key(order);
    Ok(patients)
}

/// What lists sort and filter by: read without opening anybody's record.
pub struct Card {
    /// "okaforreyes maria".
    pub sorted: String,
    tokens: String,
}

impl Card {
    /// Whether the patient speaks this language first, as some source says.
    pub fn speaks(&self, code: &str) -> bool {
        let token = format!("{}{code}", class::LANGUAGE);
        self.tokens.split(' ').any(|it| it == token)
    }
}

/// A patient's card.
pub fn card(reader: &Reader<'_>, id: PatientId) -> Outcome<Option<Card>> {
    let mut card = None;
    reader.each(CARD, &Key::default().id(id), &mut |rest, _| {
        let text = String::from_utf8_lossy(rest);
        let (sorted, tokens) = text.trim_end_matches('\0').split_once('\0').unwrap_or_default();
        card = Some(Card { sorted: sorted.to_owned(), tokens: tokens.to_owned() });
        Ok(false)
    })?;
    Ok(card)
}

/// Whether somebody is the coordinator of a patient.
pub fn is_coordinator(reader: &Reader<'_>, staff: StaffId, patient: PatientId) -> Outcome<bool> {
    let mut own = false;
    // The row's key is the coordinator, its id the patient.
    reader.each(BY_COORDINATOR, &Key::default().id(staff).id(patient), &mut |_, _| {
        own = true;
        Ok(false)
    })?;
    Ok(own)
}

/// The patients whom a source document names.
pub fn named_in(reader: &Reader<'_>, sha256: &[u8; 32]) -> Outcome<Vec<PatientId>> {
    let mut ids = BTreeSet::new();
    reader.each(SEEN_IN, &digest_key(sha256), &mut |rest, _| {
        ids.extend(id_in(rest));
        Ok(true)
    })?;
    Ok(ids.into_iter().collect())
}

/// The keys under which a member of a file names people, each with whom; `None` where they are more
/// than are looked through.
pub fn named_at(
    reader: &Reader<'_>,
    sha256: &[u8; 32],
    member: &str,
) -> Outcome<Option<Vec<(String, PatientId)>>> {
    let (mut named, mut all) = (Vec::new(), true);
    reader.each(SEEN_AT, &digest_key(sha256).text(member), &mut |rest, _| {
        all = named.len() < NAMED_AT;
        let key = rest.split(|byte| *byte == 0).next().unwrap_or_default();
        named.extend(id_in(rest).map(|id| (String::from_utf8_lossy(key).into_owned(), id)));
        Ok(all)
    })?;
    Ok(all.then_some(named))
}

/// The files that name a patient, the newest first.
pub fn sightings(reader: &Reader<'_>, patient: PatientId) -> Outcome<Vec<Sighting>> {
    let ids = reader.ids::<SightingId>(SEEN_OF, &Key::default().id(patient))?;
    let mut all: Vec<Sighting> =
        ids.into_iter().map(|id| reader.get(id)).collect::<Outcome<_>>()?;
    all.sort_by_cached_key(|s| (Reverse(s.received), s.sha256, s.member.clone(), s.key.clone()));
    Ok(all)
}

/// When the newest file about a patient came: "chart as of".
pub fn chart_as_of(reader: &Reader<'_>, patient: PatientId) -> Outcome<Option<Timestamp>> {
    let mut newest = None;
    reader.each(SEEN_OF, &Key::default().id(patient), &mut |_, id| {
        newest = Some(id);
        Ok(true)
    })?;
    let Some(id) = newest else { return Ok(None) };
    let sighting = reader.find::<Sighting>(SightingId::from_bytes(id.bytes()))?;
    Ok(sighting.map(|sighting| sighting.received))
}

/// The patient whom a reference of a file means: by its place in that file, else by the source's
/// lasting name.
pub fn referred(
    reader: &Reader<'_>,
    sha256: &[u8; 32],
    member: &str,
    source: &str,
    key: &str,
) -> Outcome<Option<PatientId>> {
    if let Some(patient) = seen_at(reader, sha256, member, key)? {
        return Ok(Some(patient));
    }
    by_key(reader, source, key)
}

/// A steady order of patients that does not depend on their ids: name, birth date, time, number.
pub fn order(patient: &Patient) -> (String, String, Timestamp, String) {
    let golden = patient.golden();
    let name = golden
        .names
        .first()
        .map(|name| almoner_core::text::fold(&format!("{} {}", name.family, name.given.join(" "))));
    let born = golden.birth_date.map(|when| when.to_string());
    let number = golden.identifiers.first().map(|id| id.value.clone());
    let text = Option::unwrap_or_default;
    (text(name), text(born), patient.created, text(number))
}

fn seen_at(
    reader: &Reader<'_>,
    sha256: &[u8; 32],
    member: &str,
    key: &str,
) -> Outcome<Option<PatientId>> {
    let mut found = None;
    reader.each(SEEN_AT, &place_key(sha256, member, key), &mut |rest, _: RawId| {
        found = id_in(rest);
        Ok(false)
    })?;
    Ok(found)
}

/// The one patient whom a source knows by this lasting key.
fn by_key(reader: &Reader<'_>, source: &str, key: &str) -> Outcome<Option<PatientId>> {
    if !lasting(key) {
        return Ok(None);
    }
    let mut ids = BTreeSet::new();
    reader.each(SEEN_KEY, &key_key(source, key), &mut |rest, _| {
        ids.extend(id_in(rest));
        Ok(true)
    })?;
    Ok(ids.first().filter(|_| ids.len() == 1).copied())
}
