//! What is kept of a patient: every identity that some source gave, the coordinator, and who may be
//! the same person. A sighting notes that a file named the patient.

use super::rules::names::{self, NameKey, Strength};
use super::rules::{Person, Reason, tokens};
use almoner_core::clinical::{self, HumanName};
use almoner_core::ids::{FileId, PatientId, RecordId, StaffId};
use almoner_core::loops::{Due, Loop, LoopKind, Owner};
use almoner_core::phrase::Phrase;
use almoner_core::record_id;
use almoner_core::rules::Rules;
use almoner_core::time::Timestamp;
use almoner_store::{Index, Key, Keys, Kind, Record};
use serde::{Deserialize, Serialize};

record_id!(
    /// A file's mention of a patient.
    SightingId
);

/// Identifiers: scope, system, value.
pub(crate) const BY_IDENTIFIER: Index = Index { code: 100, name: "patient_identifier" };
/// Family, first given name, birth date.
pub(crate) const BY_NAME: Index = Index { code: 101, name: "patient_name" };
/// Birth date, family.
pub(crate) const BY_BIRTH: Index = Index { code: 102, name: "patient_birth" };
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

/// A decision about a possible duplicate is asked for within so many days: the lead is alerted
/// after 5 business days (`matching.md` §8), which is a week.
const DECIDE_WITHIN_DAYS: u64 = 7;

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
    pub created: Timestamp,
    pub updated: Timestamp,
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
}

/// What a source said earlier.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Former {
    pub names: Vec<HumanName>,
    pub addresses: Vec<clinical::Address>,
    pub telecoms: Vec<clinical::ContactPoint>,
}

/// Another patient who may be the same person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suspect {
    pub patient: PatientId,
    pub reasons: Vec<Reason>,
    pub since: Timestamp,
    /// True on the record that came later: it holds the loop.
    pub asks: bool,
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
}

impl Identity {
    /// What is compared of it.
    pub(crate) fn person(&self) -> Person {
        Person::of(&self.demographics, &self.former.names)
    }

    fn names(&self) -> impl Iterator<Item = NameKey> {
        self.demographics.names.iter().chain(&self.former.names).filter_map(NameKey::of)
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
        for identity in &self.identities {
            identifier_keys(identity, keys);
            name_keys(identity, keys);
        }
        token_keys(self, keys);
        if let Some(coordinator) = self.coordinator {
            keys.add_counted(BY_COORDINATOR, Key::default().id(coordinator));
        }
    }

    fn loops(&self, rules: &Rules) -> Vec<Loop> {
        let Some(first) = self.possible_duplicates.iter().find(|suspect| suspect.asks) else {
            return Vec::new();
        };
        let day = rules.zone.day(first.since);
        let path = format!("/p/{}/similar", self.id);
        vec![Loop {
            slot: 0,
            kind: LoopKind::Match,
            owner: Owner::Unassigned,
            patient: Some(self.id),
            opens: None,
            due: Due::Day(day + chrono::Days::new(DECIDE_WITHIN_DAYS)),
            what: Phrase::new("match-loop-what"),
            why: Phrase::new("match-loop-why").with("since", day),
            next: Phrase::new("match-loop-next"),
            next_path: path.clone(),
            path,
            clock: None,
        }]
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
    let scope = names::scope(id, source);
    Key::default().text(scope).text(&id.system).text(&names::plain(&id.value))
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
    for id in &identity.demographics.identifiers {
        if names::strength(id, &identity.source) > Strength::Worthless {
            keys.add(BY_IDENTIFIER, identifier_key(id, &identity.source));
        }
        if !names::is_ssn(id) && id.system != almoner_formats::fhir::FHIR_ID {
            keys.add(BY_NUMBER, Key::default().text(&names::plain(&id.value)));
        }
    }
}

fn name_keys(identity: &Identity, keys: &mut Keys) {
    let person = identity.person();
    for name in identity.names() {
        let key = Key::default().text(&name.family).text(&name.given);
        keys.add(BY_NAME, person.born.map_or(key.clone(), |day| key.day(day)));
        if let Some(day) = person.born {
            keys.add(BY_BIRTH, Key::default().day(day).text(&name.family));
        }
    }
    if person.names.is_empty()
        && let Some(day) = person.born
    {
        keys.add(BY_BIRTH, Key::default().day(day).text(""));
    }
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
