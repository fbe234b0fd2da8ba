//! Joining the people of an export to the people known, and looking patients up.

mod apart;

pub use apart::{set_apart, undo_apart};

use super::record::{
    BY_BIRTH, BY_COORDINATOR, BY_IDENTIFIER, BY_NAME, BY_NUMBER, CARD, Identity, Patient, SEEN_AT,
    SEEN_IN, SEEN_KEY, SEEN_OF, Sighting, SightingId, Suspect, digest_key, id_in, identifier_key,
    key_key, lasting, place_key,
};
use super::rules::names::strength;
use super::rules::tokens::class;
use super::rules::{Likeness, NameKey, Person, Reason, Strength, compare};
use almoner_core::clinical;
use almoner_core::export::PersonStatements;
use almoner_core::fault::Outcome;
use almoner_core::ids::{PatientId, RawId, RecordId, StaffId};
use almoner_core::receipt::Match;
use almoner_core::time::Timestamp;
use almoner_frame::{Incoming, Joined};
use almoner_store::{Key, Reader, Writer};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// More people than this of one file are not told apart.
const NAMED_AT: usize = 5_000;

/// More people than this under one name or day are not compared one by one.
const CROWD: usize = 200;

/// Joins a person of a file to somebody known, or makes a new patient; notes who may be the same.
pub fn join(writer: &mut Writer<'_>, file: &Incoming, said: &PersonStatements) -> Outcome<Joined> {
    let key = if said.key.is_empty() { &said.place } else { &said.key };
    if let Some(patient) = seen_at(writer, &file.sha256, &file.member, key)? {
        return Ok(Joined { patient, match_: Match::Same, first: false });
    }
    let verdict = find(writer, file, said)?;
    let match_ = match (&verdict.same, verdict.alike.is_empty()) {
        (Some(_), _) => Match::Same,
        (None, true) => Match::New,
        (None, false) => Match::Proposed,
    };
    let mut patient = match verdict.same {
        Some(known) => known,
        None => Patient {
            id: PatientId::random(),
            identities: Vec::new(),
            coordinator: crate::staff::store::only_coordinator(writer)?,
            possible_duplicates: Vec::new(),
            apart: Vec::new(),
            created: file.received,
            updated: file.received,
        },
    };
    add_identity(&mut patient, file, said, key);
    for (id, reasons) in verdict.alike {
        suspect(writer, &mut patient, id, reasons, file.received)?;
    }
    writer.put(&patient)?;
    writer.put(&Sighting {
        id: SightingId::random(),
        patient: patient.id,
        file: file.file,
        sha256: file.sha256,
        source: file.source.clone(),
        format: file.format.clone(),
        document: file.document.clone(),
        member: file.member.clone(),
        key: key.clone(),
        place: said.place.clone(),
        received: file.received,
    })?;
    Ok(Joined { patient: patient.id, match_, first: true })
}

/// How a person of a file would be joined; nothing is written.
pub fn foresee(reader: &Reader<'_>, file: &Incoming, said: &PersonStatements) -> Outcome<Match> {
    let verdict = find(reader, file, said)?;
    Ok(match (&verdict.same, verdict.alike.is_empty()) {
        (Some(_), _) => Match::Same,
        (None, true) => Match::New,
        (None, false) => Match::Proposed,
    })
}

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
    let key = Key::default().text(&super::rules::names::plain(value));
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

/// What is known of the people in question.
struct Verdict {
    same: Option<Patient>,
    alike: Vec<(PatientId, Vec<Reason>)>,
}

fn find(reader: &Reader<'_>, file: &Incoming, said: &PersonStatements) -> Outcome<Verdict> {
    let new = Person::of(&said.patient, &[]);
    let shared = sharing(reader, file, &said.patient)?;
    let mut ids: BTreeSet<PatientId> = shared.keys().copied().collect();
    if new.is_bare() {
        return known_by_number(reader, file, said, &shared);
    }
    ids.extend(like_named(reader, &new)?);
    let mut same = Vec::new();
    let mut alike = Vec::new();
    for id in ids {
        let known = reader.get::<Patient>(id)?;
        let mut weight = shared.get(&id).copied().unwrap_or(Strength::Worthless);
        if known.identities.iter().all(|identity| identity.person().is_bare())
            && weight > Strength::Worthless
        {
            weight = Strength::Strong; // its own Patient has come at last
        }
        match liken(&new, &known, weight) {
            Likeness::Same { sure } => same.push((Reverse(sure), known.created, known)),
            Likeness::Alike(reasons) => alike.push((order(&known), id, reasons)),
            Likeness::Unlike => {}
        }
    }
    same.sort_by_cached_key(|(sure, created, known)| (*sure, *created, order(known)));
    let mut same = same.into_iter().map(|(_, _, known)| known);
    let first = same.next();
    alike.extend(same.map(|other| (order(&other), other.id, vec![Reason::FitsBoth])));
    alike.sort();
    Ok(Verdict {
        same: first,
        alike: alike.into_iter().map(|(_, id, reasons)| (id, reasons)).collect(),
    })
}

/// Compares with every identity of a patient; the best one counts.
fn liken(new: &Person, known: &Patient, shared: Strength) -> Likeness {
    let mut best = Likeness::Unlike;
    for identity in &known.identities {
        match (compare(new, &identity.person(), shared), &best) {
            (same @ Likeness::Same { .. }, _) => return same,
            (alike @ Likeness::Alike(_), Likeness::Unlike) => best = alike,
            _ => {}
        }
    }
    best
}

/// A person of whom the file gives only a number: the one patient with that number, else nobody.
fn known_by_number(
    reader: &Reader<'_>,
    file: &Incoming,
    said: &PersonStatements,
    shared: &BTreeMap<PatientId, Strength>,
) -> Outcome<Verdict> {
    let by_key = by_key(reader, &file.source, &said.key)?;
    let only = match shared.keys().collect::<Vec<_>>().as_slice() {
        [only] => Some(**only),
        _ => None,
    };
    let same = by_key.or(only).map(|id| reader.get::<Patient>(id)).transpose()?;
    Ok(Verdict { same, alike: Vec::new() })
}

/// Patients who share identifiers, and how much the strongest of them says. A number that stands
/// for several people already says little.
fn sharing(
    reader: &Reader<'_>,
    file: &Incoming,
    person: &clinical::Patient,
) -> Outcome<BTreeMap<PatientId, Strength>> {
    let mut found = BTreeMap::new();
    for id in &person.identifiers {
        let own = strength(id, &file.source);
        if own == Strength::Worthless {
            continue;
        }
        let holders: Vec<PatientId> =
            reader.exactly(BY_IDENTIFIER, &identifier_key(id, &file.source))?;
        let weight = if holders.len() > 1 { Strength::Weak } else { own };
        for holder in holders.into_iter().take(CROWD) {
            let known = found.entry(holder).or_insert(weight);
            *known = (*known).max(weight);
        }
    }
    Ok(found)
}

/// Patients of the same name (whatever birth date), of the swapped name, or of the same birth date
/// and family.
fn like_named(reader: &Reader<'_>, new: &Person) -> Outcome<BTreeSet<PatientId>> {
    let mut ids = BTreeSet::new();
    for name in &new.names {
        let NameKey { family, given, .. } = name;
        let named =
            |a: &str, b: &str| reader.ids::<PatientId>(BY_NAME, &Key::default().text(a).text(b));
        ids.extend(named(family, given)?.into_iter().take(CROWD));
        ids.extend(named(&name.given_names(), family)?.into_iter().take(CROWD));
        ids.extend(named(given, family)?.into_iter().take(CROWD));
        if let Some(day) = new.born {
            let key = Key::default().day(day).text(family);
            ids.extend(reader.ids::<PatientId>(BY_BIRTH, &key)?.into_iter().take(CROWD));
        }
    }
    Ok(ids)
}

fn add_identity(patient: &mut Patient, file: &Incoming, said: &PersonStatements, key: &str) {
    let own = |identity: &Identity| {
        let ids = &identity.demographics.identifiers;
        identity.source == file.source
            && (said.patient.identifiers.iter().any(|id| ids.contains(id))
                || said.patient.identifiers.is_empty()
                || ids.is_empty())
    };
    if let Some(at) = patient.identities.iter().position(own) {
        let mut identity = patient.identities.remove(at);
        let before = identity.clone();
        let newer = file.received >= identity.received;
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
        return;
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
        former: super::record::Former::default(),
        verbatim: said.verbatim.clone(),
    };
    stamp(&mut identity, file, said, key);
    patient.identities.push(identity);
    patient.updated = file.received;
}

fn stamp(identity: &mut Identity, file: &Incoming, said: &PersonStatements, key: &str) {
    identity.file = file.file;
    identity.sha256 = file.sha256;
    identity.member.clone_from(&file.member);
    identity.place.clone_from(&said.place);
    key.clone_into(&mut identity.key);
    identity.received = file.received;
}

/// Marks two patients as possibly the same, on both records; the later one asks for a decision.
fn suspect(
    writer: &mut Writer<'_>,
    patient: &mut Patient,
    other: PatientId,
    reasons: Vec<Reason>,
    since: Timestamp,
) -> Outcome<()> {
    let known = patient.possible_duplicates.iter();
    let mut known = known.chain(patient.apart.iter().map(|it| &it.suspect));
    if known.any(|it| it.patient == other) {
        return Ok(());
    }
    let of = |patient, asks| Suspect { patient, reasons: reasons.clone(), since, asks };
    let mut known = writer.get::<Patient>(other)?;
    known.possible_duplicates.push(of(patient.id, false));
    writer.put(&known)?;
    patient.possible_duplicates.push(of(other, true));
    Ok(())
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
