//! The chart as FHIR R4: patients, every kind of fact, and for each where it comes from
//! (`interface.md` §4). Patients are served here because they point to practitioners and
//! institutions, which are facts of the chart.

use super::record::{ASSERTED_IN, Fact, OF_PATIENT, OF_TYPE, file_key, typed};
use super::store;
use almoner_core::clinical::Content;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{FactId, PatientId, RawId, RecordId};
use almoner_core::permission::May;
use almoner_core::time::Timestamp;
use almoner_formats::fhir::Json;
use almoner_formats::fhir::write::{self, Header, Origin};
use almoner_frame::fhir::Written;
use almoner_frame::{Resource, Scope};
use almoner_people::patients::{self, Patient, hex};
use almoner_store::{Index, Key, Reader};
use std::collections::BTreeSet;

macro_rules! of_facts {
    ($($type_:literal),* $(,)?) => {
        &[
            Resource { type_: "Patient", may: May::ReadFhir, ids: people, write: person },
            $(Resource {
                type_: $type_,
                may: May::ReadFhir,
                ids: |reader, scope| facts(reader, scope, $type_),
                write: |reader, id| written(reader, id, $type_),
            },)*
            Resource { type_: "Provenance", may: May::ReadFhir, ids: all, write: provenance },
        ]
    };
}

/// What the chart serves.
pub const RESOURCES: &[Resource] = of_facts![
    "RelatedPerson",
    "Practitioner",
    "Organization",
    "Condition",
    "MedicationRequest",
    "MedicationStatement",
    "AllergyIntolerance",
    "Observation",
    "Immunization",
    "Procedure",
    "Encounter",
    "DocumentReference",
    "DiagnosticReport",
    "Coverage",
];

/// An instant as FHIR writes it.
pub fn instant(at: Timestamp) -> String {
    at.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

fn people(reader: &Reader<'_>, scope: Scope) -> Outcome<Vec<RawId>> {
    let mut all: Vec<Patient> = match scope {
        Scope::All => reader.all()?,
        Scope::Patient(id) => reader.find(id)?.into_iter().collect(),
        Scope::Source(sha256) => {
            let ids = patients::named_in(reader, &sha256)?;
            ids.into_iter().map(|id| reader.get(id)).collect::<Outcome<_>>()?
        }
    };
    all.sort_by_cached_key(patients::order);
    Ok(all.into_iter().map(|patient| raw(patient.id)).collect())
}

fn facts(reader: &Reader<'_>, scope: Scope, type_: &str) -> Outcome<Vec<RawId>> {
    let (index, key) = scoped(scope);
    Ok(unlike(reader.ids::<FactId>(index, &typed(key, type_))?))
}

/// Provenance is there once for each patient and each fact.
fn all(reader: &Reader<'_>, scope: Scope) -> Outcome<Vec<RawId>> {
    let mut ids = people(reader, scope)?;
    for resource in RESOURCES.iter().filter(|it| !matches!(it.type_, "Patient" | "Provenance")) {
        ids.extend((resource.ids)(reader, scope)?);
    }
    Ok(ids)
}

fn scoped(scope: Scope) -> (Index, Key) {
    match scope {
        Scope::All => (OF_TYPE, Key::all()),
        Scope::Patient(id) => (OF_PATIENT, Key::default().id(id)),
        Scope::Source(sha256) => (ASSERTED_IN, file_key(&sha256)),
    }
}

fn unlike(ids: Vec<FactId>) -> Vec<RawId> {
    let mut seen = BTreeSet::new();
    ids.into_iter().filter(|id| seen.insert(*id)).map(raw).collect()
}

fn raw(id: impl RecordId) -> RawId {
    RawId::from_bytes(id.bytes())
}

/// The resource with which record took the place of this one, or whose place it took (FHIR `Patient.link`).
fn linked(reader: &Reader<'_>, patient: &Patient, json: Json) -> Outcome<Json> {
    let to = |id: PatientId, type_: &str| {
        let other = Json::object().with("reference", format!("Patient/{id}"));
        Json::object().with("other", other).with("type", type_)
    };
    if let Some(into) = patient.merged_into {
        return Ok(json.with("active", false).with("link", vec![to(into, "replaced-by")]));
    }
    let merges = patients::in_force(reader, patient.id)?;
    if merges.is_empty() {
        return Ok(json);
    }
    Ok(json.with("link", merges.iter().map(|it| to(it.from, "replaces")).collect::<Vec<_>>()))
}

fn person(reader: &Reader<'_>, id: RawId) -> Outcome<Option<Written>> {
    let Some(stored) = reader.stored::<Patient>(PatientId::from_bytes(id.bytes()))? else {
        return Ok(None);
    };
    let patient = stored.record;
    let sightings = patients::sightings(reader, patient.id)?;
    let newest = sightings.first().map(|sighting| hex(&sighting.sha256)).unwrap_or_default();
    let rename = |key: &str| -> Option<String> {
        let from = sightings.iter().map(|it| (&it.sha256, it.member.as_str(), it.source.as_str()));
        for (sha256, member, source) in from {
            if let Some(found) = name_of(reader, sha256, member, source, key) {
                return Some(found);
            }
        }
        None
    };
    let header = Header {
        id: &patient.id.to_string(),
        version: &stored.version.to_string(),
        last_updated: &instant(patient.updated),
        source_sha256: &newest,
        subject: "",
        encounter: "",
        rename: &rename,
    };
    let only = match patient.identities.as_slice() {
        [only] if only.former == patients::Former::default() => only.verbatim.as_deref(),
        _ => None,
    };
    let json = match only.map(|raw| write::verbatim(raw, &header)) {
        Some(Ok(json)) => json,
        _ => write::patient(&shown(&patient), &header),
    };
    let json = linked(reader, &patient, json)?;
    Ok(Some(Written {
        json: json.to_string(),
        version: stored.version.to_string(),
        patient: Some(patient.id),
        last_updated: patient.updated,
    }))
}

/// What is served of a patient: our own marks left out.
fn shown(patient: &Patient) -> almoner_core::clinical::Patient {
    let mut golden = patient.golden();
    golden.identifiers.retain(|id| id.system != almoner_formats::fhir::FHIR_ID);
    golden
}

fn written(reader: &Reader<'_>, id: RawId, type_: &str) -> Outcome<Option<Written>> {
    let Some(stored) = reader.stored::<Fact>(FactId::from_bytes(id.bytes()))? else {
        return Ok(None);
    };
    let fact = stored.record;
    if fact.resource_type != type_ {
        return Ok(None);
    }
    let subject = fact.patient.map(|id| format!("Patient/{id}")).unwrap_or_default();
    let rename = |key: &str| -> Option<String> {
        let mut from: Vec<_> = fact.assertions.iter().collect();
        from.sort_by_key(|it| std::cmp::Reverse((it.received, it.sha256)));
        let found = from
            .into_iter()
            .find_map(|it| name_of(reader, &it.sha256, &it.member, &it.source, key));
        let about_patient = key.contains("Patient/") && !subject.is_empty();
        found.or_else(|| about_patient.then(|| subject.clone()))
    };
    let newest = fact.newest().map(|it| hex(&it.sha256)).unwrap_or_default();
    let header = Header {
        id: &fact.id.to_string(),
        version: &stored.version.to_string(),
        last_updated: &instant(fact.updated),
        source_sha256: &newest,
        subject: &subject,
        encounter: "",
        rename: &rename,
    };
    let Some(json) = resource(reader, &fact, &header)? else { return Ok(None) };
    Ok(Some(Written {
        json: json.to_string(),
        version: stored.version.to_string(),
        patient: fact.patient,
        last_updated: fact.updated,
    }))
}

fn resource(reader: &Reader<'_>, fact: &Fact, header: &Header<'_>) -> Outcome<Option<Json>> {
    let typed = write::resource_type(&fact.content) == fact.resource_type
        && !matches!(fact.content, Content::Other(_));
    let raw = if fact.outgrown && typed { None } else { store::raw_of(reader, fact)? };
    match raw {
        Some(raw) => write::verbatim(&raw, header).map(Some).map_err(|_| {
            Fault::broken("a stored FHIR resource can't be read again: check the store")
        }),
        None => Ok(write::resource(&fact.content, fact.sense, header)),
    }
}

/// Our name for what a file calls `key`: a fact, or a patient.
fn name_of(
    reader: &Reader<'_>,
    sha256: &[u8; 32],
    member: &str,
    source: &str,
    key: &str,
) -> Option<String> {
    let fact = store::referred_from(reader, sha256, member, source, key).ok().flatten();
    if let Some((type_, id)) = fact {
        // A reference to what is not served would lead nowhere.
        let served = RESOURCES.iter().any(|resource| resource.type_ == type_);
        return served.then(|| format!("{type_}/{id}"));
    }
    let bare = key.strip_prefix("urn:uuid:").map(|id| format!("Patient/{id}"));
    [Some(key.to_owned()), bare].into_iter().flatten().find_map(|key| {
        let found = patients::referred(reader, sha256, member, source, &key).ok().flatten();
        found.map(|id| format!("Patient/{id}"))
    })
}

fn provenance(reader: &Reader<'_>, id: RawId) -> Outcome<Option<Written>> {
    let own = id.to_string();
    if let Some(fact) = reader.find::<Fact>(FactId::from_bytes(id.bytes()))? {
        let mut sources: Vec<String> = fact.assertions.iter().map(|it| hex(&it.sha256)).collect();
        sources.sort();
        sources.dedup();
        let author = fact.newest().map(|it| it.author.clone()).unwrap_or_default();
        let target = format!("{}/{own}", fact.resource_type);
        let at = fact.updated;
        return Ok(Some(origin(&own, &target, at, &author, &sources, fact.patient)));
    }
    let Some(patient) = reader.find::<Patient>(PatientId::from_bytes(id.bytes()))? else {
        return Ok(None);
    };
    let sightings = patients::sightings(reader, patient.id)?;
    let mut sources: Vec<String> = sightings.iter().map(|it| hex(&it.sha256)).collect();
    sources.sort();
    sources.dedup();
    let target = format!("Patient/{own}");
    Ok(Some(origin(&own, &target, patient.updated, "", &sources, Some(patient.id))))
}

fn origin(
    id: &str,
    target: &str,
    at: Timestamp,
    author: &str,
    sources: &[String],
    patient: Option<PatientId>,
) -> Written {
    let recorded = instant(at);
    let json = write::provenance(&Origin {
        id,
        target,
        recorded: &recorded,
        author,
        transmitter: "",
        sources,
    });
    Written { json: json.to_string(), version: String::new(), patient, last_updated: at }
}
