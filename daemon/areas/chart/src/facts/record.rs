//! A fact of a chart: what one or more source documents state about a patient, each with its place.

use super::rules;
use crate::others;
use almoner_core::clinical::{Content, FactKind, Identifier, When};
use almoner_core::export::Sense;
use almoner_core::ids::{FactId, FileId, PatientId, RawId, RecordId};
use almoner_core::time::{Timestamp, Zone};
use almoner_frame::timeline::Place;
use almoner_people::patients::{MergeId, hex};
use almoner_store::{Index, Key, Keys, Kind, Record};
use serde::{Deserialize, Serialize};

/// Sum of patient (or none), kind and name; time.
pub(crate) const NATURAL: Index = Index { code: 200, name: "fact_name" };
/// Patient, FHIR type, steady order.
pub(crate) const OF_PATIENT: Index = Index { code: 201, name: "fact_patient" };
/// FHIR type, steady order.
pub(crate) const OF_TYPE: Index = Index { code: 202, name: "fact_type" };
/// Half of the file's digest, FHIR type, steady order.
pub(crate) const ASSERTED_IN: Index = Index { code: 203, name: "fact_file" };
/// A little of the file's digest, sum of digest, member and key; FHIR type.
pub(crate) const AT_PLACE: Index = Index { code: 204, name: "fact_place" };
/// Sum of source and its own lasting key; FHIR type.
pub(crate) const BY_KEY: Index = Index { code: 205, name: "fact_key" };
/// Patient, kind.
pub(crate) const OF_KIND: Index = Index { code: 206, name: "fact_kind" };

/// Patient, place on the timeline: what it tells.
pub(crate) const TOLD: Index = Index { code: 208, name: "fact_told" };
/// Day, patient: visits and appointments, not stays.
pub(crate) const ON_DAY: Index = Index { code: 207, name: "fact_day" };

/// A fact.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fact {
    pub id: FactId,
    /// Whose it is; none for practitioners, organizations and the like.
    pub patient: Option<PatientId>,
    /// The FHIR type as which it is served.
    pub resource_type: String,
    pub content: Content,
    #[serde(default)]
    pub sense: Sense,
    /// Every statement that says so, the first one first.
    pub assertions: Vec<Assertion>,
    /// The sources' own identifiers of their statements.
    #[serde(default)]
    pub identifiers: Vec<Identifier>,
    /// Sensitivity labels of any source.
    #[serde(default)]
    pub labels: Vec<String>,
    /// Words of the narrative that belong to it.
    #[serde(default)]
    pub narrative: String,
    /// Whether a raw FHIR resource is kept: in `verbatim`, of older facts beside them ([`Raw`]).
    #[serde(default)]
    pub raw: bool,
    /// The newest raw FHIR resource, where a source was FHIR. In the fact's own row, which is packed:
    /// most of it is what the content says too.
    #[serde(default)]
    pub verbatim: Option<String>,
    /// True when another statement has added to the content since: the raw resource tells less.
    #[serde(default)]
    pub outgrown: bool,
    pub first_seen: Timestamp,
    pub updated: Timestamp,
    /// Facts that tell of the same thing and can't both be right.
    #[serde(default)]
    pub differs: Vec<FactId>,
    /// The patient with whose record it came here, when two were merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came_with: Option<PatientId>,
}

/// Facts that became one when two patients' records did: as they were, and as they are together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Fused {
    /// The merge's own id.
    pub id: MergeId,
    pub patient: PatientId,
    pub facts: Vec<Pairing>,
}

/// Two facts that became one.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pairing {
    /// The one that was taken up by the other …
    pub gone: Fact,
    /// … before …
    pub before: Fact,
    /// … and after.
    pub after: Fact,
}

impl Record for Fused {
    type Id = MergeId;
    const KIND: Kind = Kind { code: 22, name: "fused-facts" };
    const HISTORY: bool = false;
    const PACKED: bool = true;

    fn id(&self) -> MergeId {
        self.id
    }

    fn patient(&self) -> Option<PatientId> {
        Some(self.patient)
    }
}

/// One statement of one file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Assertion {
    pub file: FileId,
    pub sha256: [u8; 32],
    #[serde(default)]
    pub source: String,
    #[serde(default)]
    pub member: String,
    #[serde(default)]
    pub place: String,
    /// Its key in the export; references point to it.
    pub key: String,
    #[serde(default)]
    pub recorded: Option<When>,
    #[serde(default)]
    pub author: String,
    #[serde(default)]
    pub section: String,
    pub received: Timestamp,
    /// Two statements of this file that look alike are still two.
    #[serde(default)]
    pub distinct: bool,
}

/// The newest raw FHIR resource of a fact, as earlier programs kept it: beside the fact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raw {
    /// The fact's id.
    pub id: FactId,
    pub patient: Option<PatientId>,
    pub json: String,
}

impl Record for Raw {
    type Id = FactId;
    const KIND: Kind = Kind { code: 21, name: "resource" };
    /// The source documents are kept instead.
    const HISTORY: bool = false;

    fn id(&self) -> FactId {
        self.id
    }

    fn patient(&self) -> Option<PatientId> {
        self.patient
    }
}

impl Fact {
    /// The kind under which pages and receipts count it.
    pub fn kind(&self) -> FactKind {
        self.content.kind()
    }

    /// The newest statement.
    pub fn newest(&self) -> Option<&Assertion> {
        self.assertions.iter().max_by_key(|it| (it.received, it.sha256, &it.member, &it.key))
    }

    /// The time by which it is sorted and shown.
    pub fn time(&self) -> Option<&When> {
        rules::shown_time(&self.content)
    }

    /// Its place on the timeline, if that tells of it. Results of one moment and one document stand
    /// at one place.
    pub(crate) fn place(&self, zone: Zone) -> Option<Place> {
        let stands = self.sense == Sense::Stated && !rules::is_taken_back(&self.content);
        let when = self.time().filter(|_| stands)?;
        let n = rules::told(self.kind())?;
        let document = self.newest().and_then(|it| it.sha256.first_chunk::<16>());
        let mark = match (self.kind(), document) {
            (FactKind::Result, Some(document)) => RawId::from_bytes(*document),
            _ => self.id.0,
        };
        Some(Place::new(rules::instant(zone, when), mark, n))
    }

    /// What pages call it.
    pub fn label(&self) -> &str {
        match &self.content {
            Content::Condition(it) => it.code.label(),
            Content::Medication(it) => it.code.label(),
            Content::Allergy(it) => it.code.label(),
            Content::Observation(it) => it.code.label(),
            Content::Immunization(it) => it.code.label(),
            Content::Procedure(it) => it.code.label(),
            Content::Encounter(it) => it.type_.first().map_or("", |concept| concept.label()),
            Content::Coverage(it) if it.payor.is_empty() => &it.plan,
            Content::Coverage(it) => &it.payor,
            Content::Document(it) if it.title.is_empty() => it.type_.label(),
            Content::Document(it) => &it.title,
            Content::Relation(it) => it.names.first().map_or("", |name| &name.family),
            Content::Practitioner(it) => it.names.first().map_or("", |name| &name.family),
            Content::Organization(it) => &it.name,
            Content::Authorization(it) => others::rules::subject(it),
            // Other wings keep these; see `store::take`.
            Content::Resource(it) => it.title(),
            Content::Instrument(it) => it.label(),
            Content::ResourceList(_) => "",
            Content::Other(it) => it.code.label(),
        }
    }

    /// The order of [`Self::order`] for keys, of which each fact has three: the time to the second, the
    /// beginning of the name, and a sum of all by which the rest stands apart.
    fn short_order(&self) -> Key {
        let (time, name, place) = self.order();
        let digits: Vec<u32> = time.chars().take(19).filter_map(|it| it.to_digit(10)).collect();
        let pair = |at: usize| {
            let digit = |at: usize| digits.get(at).copied();
            let value = digit(at).map(|ten| ten * 10 + digit(at + 1).unwrap_or(0) + 1);
            value.and_then(|value| u8::try_from(value).ok()).unwrap_or(0)
        };
        let begun = (0..6).map(|at| name.as_bytes().get(at).copied().unwrap_or(0));
        let order: Vec<u8> = (0..7).map(|at| pair(at * 2)).chain(begun).collect();
        Key::default().bytes(&order).sum::<5>(&[&time, &name, &place])
    }

    /// A steady order that does not depend on ids: time, name, then the first place by name (a few
    /// bytes of the file's digest are enough for that).
    pub fn order(&self) -> (String, String, String) {
        let time = self.time().map(ToString::to_string).unwrap_or_default();
        let name = rules::names(&self.content).into_iter().next().unwrap_or_default();
        let place = |it: &Assertion| {
            let digest = it.sha256.first_chunk::<6>().map_or_else(String::new, |some| hex(some));
            format!("{digest} {} {}", it.member, it.key)
        };
        let place = self.assertions.iter().map(place).min().unwrap_or_default();
        (time, name, place)
    }
}

impl Record for Fact {
    type Id = FactId;
    const KIND: Kind = Kind { code: 20, name: "fact" };
    /// The source documents are kept instead.
    const HISTORY: bool = false;
    const PACKED: bool = true;

    fn id(&self) -> FactId {
        self.id
    }

    fn patient(&self) -> Option<PatientId> {
        self.patient
    }

    fn keys(&self, keys: &mut Keys) {
        let order = self.short_order();
        let ordered = |key: Key| key.then(&order);
        // What is only kept is served from its raw resource, or not at all.
        let kept = matches!(self.content, Content::Other(_)) && !self.raw;
        let type_ = if kept { "" } else { self.resource_type.as_str() };
        keys.add(OF_TYPE, ordered(typed(Key::default(), type_)));
        if let Some(patient) = self.patient {
            keys.add(OF_PATIENT, ordered(typed(Key::default().id(patient), type_)));
        }
        keys.add(OF_KIND, kind_key(self.patient, self.kind()));
        if let (Some(patient), Some(place)) = (self.patient, self.place(keys.zone())) {
            keys.add(TOLD, place.under(Key::default().id(patient)));
        }
        let moment = day_of(rules::moment(&self.content));
        if let Some(patient) = self.patient.filter(|_| rules::is_meeting(&self.content)) {
            keys.add(ON_DAY, Key::default().text(&moment).id(patient));
        }
        let numbers = rules::of_numbers(&self.identifiers);
        for name in rules::names(&self.content).into_iter().chain(numbers) {
            keys.add(NATURAL, name_key(self.patient, self.kind(), &name).text(&moment));
        }
        for it in &self.assertions {
            keys.add(ASSERTED_IN, ordered(typed(file_key(&it.sha256), type_)));
            keys.add(AT_PLACE, typed(place_key(&it.sha256, &it.member, &it.key), type_));
            if let Some(key) = lasting(it) {
                keys.add(BY_KEY, typed(source_key(&it.source, key), type_));
            }
        }
    }
}

/// FHIR types by the number that stands for them in keys: never changed, only added to. 0 stands for
/// none, 255 before a type that is not here.
const TYPES: [&str; 40] = [
    "AllergyIntolerance",
    "Appointment",
    "Bundle",
    "CarePlan",
    "CareTeam",
    "Claim",
    "Communication",
    "Composition",
    "Condition",
    "Consent",
    "Coverage",
    "Device",
    "DiagnosticReport",
    "DocumentReference",
    "Encounter",
    "EpisodeOfCare",
    "ExplanationOfBenefit",
    "FamilyMemberHistory",
    "Flag",
    "Goal",
    "Group",
    "HealthcareService",
    "ImagingStudy",
    "Immunization",
    "List",
    "Location",
    "Media",
    "Medication",
    "MedicationAdministration",
    "MedicationRequest",
    "MedicationStatement",
    "Observation",
    "Organization",
    "Practitioner",
    "PractitionerRole",
    "Procedure",
    "Provenance",
    "QuestionnaireResponse",
    "RelatedPerson",
    "ServiceRequest",
];

/// The key with a FHIR type as its next part.
pub(crate) fn typed(key: Key, type_: &str) -> Key {
    let number = TYPES.iter().position(|known| *known == type_).map(|place| place + 1);
    match number.and_then(|number| u8::try_from(number).ok()) {
        Some(number) => key.bytes(&[number]),
        None if type_.is_empty() => key.bytes(&[0]),
        None => key.bytes(&[u8::MAX]).text(type_),
    }
}

/// The FHIR type that [`typed`] wrote at the end of a key.
pub(crate) fn type_at(rest: &[u8]) -> String {
    match rest.split_first() {
        Some((&u8::MAX, text)) => {
            String::from_utf8_lossy(text.strip_suffix(&[0]).unwrap_or(text)).into_owned()
        }
        Some((&number, _)) if number > 0 => {
            TYPES.get(usize::from(number) - 1).map_or_else(String::new, |known| (*known).to_owned())
        }
        _ => String::new(),
    }
}

/// Key of a patient's facts (or nobody's) of one kind.
pub(crate) fn kind_key(patient: Option<PatientId>, kind: FactKind) -> Key {
    let nobody = RawId::from_bytes([0; 16]).bytes();
    let id = patient.map_or(nobody, RecordId::bytes);
    let number = FactKind::ALL.iter().position(|known| *known == kind).unwrap_or_default();
    Key::default().id(PatientId::from_bytes(id)).bytes(&[u8::try_from(number).unwrap_or_default()])
}

/// Key of a patient's facts (or nobody's) of one kind and name. A little of the patient's id comes
/// first, so that what is written of one patient is written in one place.
pub(crate) fn name_key(patient: Option<PatientId>, kind: FactKind, name: &str) -> Key {
    let id = patient.map_or([0; 16], RecordId::bytes);
    let near = id.first_chunk::<3>().map_or(&[][..], |some| some);
    Key::default().bytes(near).sum::<12>(&[&hex(&id), kind.key(), name])
}

/// Key of all that a file asserts.
pub(crate) fn file_key(sha256: &[u8; 32]) -> Key {
    Key::default().bytes(sha256.first_chunk::<16>().map_or(&[][..], |some| some))
}

/// Key of a statement's place.
pub(crate) fn place_key(sha256: &[u8; 32], member: &str, key: &str) -> Key {
    let near = sha256.first_chunk::<3>().map_or(&[][..], |some| some);
    Key::default().bytes(near).sum::<12>(&[&hex(sha256), member, key])
}

/// Key of what a source calls by a lasting name.
pub(crate) fn source_key(source: &str, key: &str) -> Key {
    Key::default().sum::<12>(&[source, key])
}

/// The day of a time, or as much of it as is known.
pub(crate) fn day_of(time: Option<&When>) -> String {
    let text = time.map(When::as_str).unwrap_or_default();
    text.get(0..10).unwrap_or(text).to_owned()
}

/// The key of a statement when it means the same in the source's next export too: `Type/id`.
pub(crate) fn lasting(it: &Assertion) -> Option<&str> {
    let (kind, id) = it.key.rsplit_once('/')?;
    let plain = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-.".contains(&b));
    let typed = kind.rsplit('/').next().is_some_and(|t| t.starts_with(char::is_uppercase));
    (it.distinct && typed && !id.is_empty() && plain(id)).then_some(it.key.as_str())
}
