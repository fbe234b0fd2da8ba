//! What is kept of a patient: every identity that some source gave, the coordinator, and who may be
//! the same person. A sighting notes that a file named the patient.

mod doubt;
mod merge;

pub use doubt::{Doubt, Kept};
pub(crate) use merge::{FROM, INTO};
pub use merge::{Merge, MergeId, Undone};

use super::rules::names::NameKey;
use super::rules::numbers::{self, Strength};
use super::rules::{Person, Reason, blocks, shareable, tokens};
use almoner_core::clinical::{self, HumanName};
use almoner_core::ids::{FileId, PatientId, RecordId, StaffId};
use almoner_core::loops::{Due, Loop, LoopKind, Owner};
use almoner_core::phrase::Phrase;
use almoner_core::record_id;
use almoner_core::rules::Rules;
use almoner_core::time::Timestamp;
use almoner_store::{Index, Key, Keys, Kind, Record};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

record_id!(
    /// A file's mention of a patient.
    SightingId
);

/// Identifiers: scope, system, value.
pub(crate) const BY_IDENTIFIER: Index = Index { code: 100, name: "patient_identifier" };
/// Kind of a key under which people are compared, and a sum of its text ([`blocks`]).
pub(crate) const BY_BLOCK: Index = Index { code: 101, name: "patient_block" };
/// A sum of birth date and family name.
pub(crate) const BY_BIRTH: Index = Index { code: 102, name: "patient_birth" };
/// How many patients there are, how many bear a family or given name, a telephone or an address:
/// counted.
pub(crate) const CROWD: Index = Index { code: 103, name: "patient_crowd" };
/// Record numbers, letters and digits only.
pub(crate) const BY_NUMBER: Index = Index { code: 105, name: "patient_number" };
/// Coordinator.
pub(crate) const BY_COORDINATOR: Index = Index { code: 106, name: "patient_coordinator" };
/// Token ([`super::rules::tokens`]), the text by which people are sorted.
pub(crate) const BY_TOKEN: Index = Index { code: 107, name: "patient_token" };
/// Two tokens in turn, the text by which people are sorted.
pub(crate) const BY_PAIR: Index = Index { code: 108, name: "patient_pair" };
/// Patient, then the text by which people are sorted and all tokens: what a search compares without
/// opening anybody's record.
pub(crate) const CARD: Index = Index { code: 109, name: "patient_card" };
/// File's digest, patient.
pub(crate) const SEEN_IN: Index = Index { code: 110, name: "sighting_file" };
/// File's digest, member, key.
pub(crate) const SEEN_AT: Index = Index { code: 111, name: "sighting_place" };
/// Patient, received.
pub(crate) const SEEN_OF: Index = Index { code: 112, name: "sighting_patient" };
/// Source, key: only of exports whose keys last (FHIR).
pub(crate) const SEEN_KEY: Index = Index { code: 113, name: "sighting_key" };

/// A patient (FHIR `Patient`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Patient {
    pub id: PatientId,
    /// One per source and its own numbers; the newest last.
    pub identities: Vec<Identity>,
    #[serde(default)]
    pub coordinator: Option<StaffId>,
    #[serde(default)]
    pub possible_duplicates: Vec<Suspect>,
    /// Those who were taken for the same person until somebody said otherwise: never proposed again.
    #[serde(default)]
    pub apart: Vec<Apart>,
    /// What sources say of numbers of this record: that they are two people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub doubted: Vec<Doubt>,
    pub created: Timestamp,
    pub updated: Timestamp,
    /// The record is only a name for this other one now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged_into: Option<PatientId>,
}

/// Who the patient is as one source knows them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Identity {
    /// Name of the source: the folder below `intake/`, or empty.
    pub source: String,
    /// The newest file that said so, and where in it.
    pub file: FileId,
    pub sha256: [u8; 32],
    #[serde(default)]
    pub member: String,
    #[serde(default)]
    pub place: String,
    #[serde(default)]
    pub key: String,
    pub received: Timestamp,
    pub demographics: clinical::Patient,
    /// Names, addresses and telephones that the source gave earlier and gives no more.
    #[serde(default)]
    pub former: Former,
    /// The newest raw FHIR resource, where the source was FHIR.
    #[serde(default)]
    pub verbatim: Option<String>,
    /// The record with which it came here, when two were merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came_with: Option<PatientId>,
}

/// What a source said earlier.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Former {
    pub names: Vec<HumanName>,
    pub addresses: Vec<clinical::Address>,
    pub telecoms: Vec<clinical::ContactPoint>,
    /// Numbers that the source has given up for another (a merge message): late files still name
    /// them.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub identifiers: Vec<clinical::Identifier>,
}

/// Another patient who may be the same person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspect {
    pub patient: PatientId,
    pub reasons: Vec<Reason>,
    pub since: Timestamp,
    /// True on the record that came later: it holds the loop.
    pub asks: bool,
    /// The score, in tenths of a bit.
    #[serde(default)]
    pub tenths: i32,
    /// Somebody was not sure: to be asked again from this day on, or when data comes that makes it
    /// likelier or gives another reason.
    #[serde(default)]
    pub again: Option<NaiveDate>,
}

/// Another patient of whom somebody decided that they are not the same person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Apart {
    /// What was proposed: it is proposed again when the decision is taken back.
    pub suspect: Suspect,
    pub reason: String,
    pub by: Option<StaffId>,
    pub at: Timestamp,
}

/// A file named the patient. Kept apart from the patient, so that the thousandth message about
/// somebody is as cheap as the first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sighting {
    pub id: SightingId,
    pub patient: PatientId,
    pub file: FileId,
    pub sha256: [u8; 32],
    pub source: String,
    /// `ccda`, `fhir`, `hl7v2` …, and what kind of it: `discharge-summary`, `adt` …
    #[serde(default)]
    pub format: String,
    #[serde(default)]
    pub document: String,
    #[serde(default)]
    pub member: String,
    /// Key and place of the patient's statement in the file.
    pub key: String,
    #[serde(default)]
    pub place: String,
    pub received: Timestamp,
    /// The number by which the file named the patient: which of their identities it meant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<clinical::Identifier>,
    /// The record with which the identity that it named came here, when two were merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came_with: Option<PatientId>,
}

impl Identity {
    /// What is compared of it.
    pub(crate) fn person(&self) -> Person {
        Person::of(&self.demographics, &self.former, &self.source)
    }

    /// Its numbers, those that were retired among them.
    pub(crate) fn numbers(&self) -> impl Iterator<Item = &clinical::Identifier> {
        self.demographics.identifiers.iter().chain(&self.former.identifiers)
    }
}

impl Record for Patient {
    type Id = PatientId;
    const KIND: Kind = Kind { code: 1, name: "patient" };

    fn id(&self) -> PatientId {
        self.id
    }

    fn patient(&self) -> Option<PatientId> {
        Some(self.id)
    }

    fn keys(&self, keys: &mut Keys) {
        if self.merged_into.is_some() {
            return;
        }
        for identity in &self.identities {
            identifier_keys(identity, keys);
            let person = identity.person();
            birth_keys(&person, keys);
            crowd_keys(&person, keys);
            for block in blocks::kept(&person) {
                keys.add(BY_BLOCK, block_key(&block));
            }
        }
        keys.add_counted(CROWD, crowd_key(&[""]));
        token_keys(self, keys);
        if let Some(coordinator) = self.coordinator {
            keys.add_counted(BY_COORDINATOR, Key::default().id(coordinator));
        }
    }

    fn loops(&self, rules: &Rules) -> Vec<Loop> {
        // The one that is to be decided first: what was put off waits.
        let asking = self.possible_duplicates.iter().filter(|suspect| suspect.asks);
        let first = asking.min_by_key(|suspect| suspect.again);
        let one = first.map(|it| match_loop(self, rules, 0, (it.since, it.again)));
        let doubt = self.doubts().map(|(_, it)| it.since).min();
        let two = doubt.map(|since| match_loop(self, rules, 1, (since, None)));
        one.into_iter().chain(two).collect()
    }
}

/// The question whether a record is one person with another, or two by itself: asked of the lead, late
/// after some business days (`matching.md` §8).
fn match_loop(
    patient: &Patient,
    rules: &Rules,
    slot: u8,
    (since, again): (Timestamp, Option<NaiveDate>),
) -> Loop {
    let day = rules.zone.day(since);
    let within = rules.matching(day).decide_business_days;
    let path = format!("/intake/match/{}", patient.id);
    let doubted = slot > 0;
    let [what, why] = if doubted {
        ["match-doubt-what", "match-doubt-why"]
    } else {
        ["match-loop-what", "match-loop-why"]
    };
    Loop {
        slot,
        kind: LoopKind::Match,
        owner: Owner::Unassigned,
        patient: Some(patient.id),
        opens: again,
        due: Due::Day(again.unwrap_or_else(|| rules.calendar().add_business_days(day, within))),
        what: Phrase::new(what),
        why: Phrase::new(why).with("since", day),
        next: Phrase::new("match-loop-next"),
        next_path: path.clone(),
        path,
        clock: None,
    }
}

impl Record for Sighting {
    type Id = SightingId;
    const KIND: Kind = Kind { code: 2, name: "sighting" };
    const HISTORY: bool = false;

    fn id(&self) -> SightingId {
        self.id
    }

    fn patient(&self) -> Option<PatientId> {
        Some(self.patient)
    }

    fn keys(&self, keys: &mut Keys) {
        keys.add(SEEN_IN, digest_key(&self.sha256).id(self.patient));
        keys.add(SEEN_AT, place_key(&self.sha256, &self.member, &self.key).id(self.patient));
        keys.add(SEEN_OF, Key::default().id(self.patient).instant(self.received));
        if lasting(&self.key) {
            keys.add(SEEN_KEY, key_key(&self.source, &self.key).id(self.patient));
        }
    }
}

/// Key of an identifier as indexed.
pub(crate) fn identifier_key(id: &clinical::Identifier, source: &str) -> Key {
    let scope = numbers::scope(id, source);
    Key::default().text(scope).text(&id.system).text(&numbers::plain(&id.value))
}

/// Key of a file.
pub(crate) fn digest_key(sha256: &[u8; 32]) -> Key {
    Key::default().prefix(&hex(sha256))
}

/// Key of a place in a file.
pub(crate) fn place_key(sha256: &[u8; 32], member: &str, key: &str) -> Key {
    digest_key(sha256).text(member).text(key)
}

/// Key of a source's own name for the patient.
pub(crate) fn key_key(source: &str, key: &str) -> Key {
    Key::default().text(source).text(key)
}

/// Whether an export's key means the same in the next export too: `Patient/17`, not a place.
pub(crate) fn lasting(key: &str) -> bool {
    let id = key.rsplit_once("Patient/").map_or("", |(_, id)| id);
    !id.is_empty() && id.len() <= 64 && !key.contains(['[', ' '])
}

/// Lower-case hexadecimal digits of a digest.
pub fn hex(digest: &[u8]) -> String {
    let digit = |four: u8| char::from_digit(four.into(), 16).unwrap_or('0');
    digest.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// A telephone number's keys: its last ten digits, seven and four.
pub(crate) fn phone_keys(value: &str) -> Vec<String> {
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    let last = |n: usize| digits.get(digits.len().saturating_sub(n)..).unwrap_or_default();
    match digits.len() {
        0..4 => Vec::new(),
        4 => vec![digits],
        5..=7 => vec![last(7).to_owned(), last(4).to_owned()],
        _ => vec![last(10).to_owned(), last(7).to_owned(), last(4).to_owned()],
    }
}

fn identifier_keys(identity: &Identity, keys: &mut Keys) {
    for id in identity.numbers() {
        if numbers::strength(id, &identity.source) > Strength::Worthless {
            keys.add(BY_IDENTIFIER, identifier_key(id, &identity.source));
        }
        if !numbers::is_ssn(id) && id.system != almoner_formats::fhir::FHIR_ID {
            keys.add(BY_NUMBER, Key::default().text(&numbers::plain(&id.value)));
        }
    }
}

/// Who is easily taken for somebody: one birth date and family name.
fn birth_keys(person: &Person, keys: &mut Keys) {
    let Some(day) = person.born else { return };
    for name in person.names.iter().filter(|it| !it.family.is_empty()) {
        keys.add(BY_BIRTH, birth_key(day, &name.family));
    }
}

fn crowd_keys(person: &Person, keys: &mut Keys) {
    for NameKey { family, given, .. } in &person.names {
        for (kind, name) in [("family", family), ("given", given)] {
            if !name.is_empty() {
                keys.add_counted(CROWD, crowd_key(&[kind, name]));
            }
        }
    }
    for text in shareable(person) {
        keys.add_counted(CROWD, crowd_key(&["reach", &text]));
    }
}

/// Key of a birth date and family name.
pub(crate) fn birth_key(day: NaiveDate, family: &str) -> Key {
    Key::default().sum::<8>(&[&day.to_string(), family])
}

/// Key under which people are compared.
pub(crate) fn block_key((kind, text): &blocks::Block) -> Key {
    Key::default().byte(u8::try_from(*kind).unwrap_or_default()).sum::<8>(&[text])
}

/// Key of what is counted.
pub(crate) fn crowd_key(parts: &[&str]) -> Key {
    Key::default().sum::<8>(parts)
}

fn token_keys(patient: &Patient, keys: &mut Keys) {
    let (tokens, sorted) = tokens::tokens(patient);
    for token in &tokens {
        keys.add(BY_TOKEN, Key::default().text(token).text(&sorted));
    }
    for pair in tokens::pairs(&tokens) {
        keys.add(BY_PAIR, Key::default().text(&pair).text(&sorted));
    }
    let tokens: Vec<&str> = tokens.iter().map(String::as_str).collect();
    keys.add(CARD, Key::default().id(patient.id).text(&sorted).text(&tokens.join(" ")));
}

/// The patient's id at the end of an index row's rest.
pub(crate) fn id_in(rest: &[u8]) -> Option<PatientId> {
    rest.last_chunk::<16>().map(|id| PatientId::from_bytes(*id))
}
