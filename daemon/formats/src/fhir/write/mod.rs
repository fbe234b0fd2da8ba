//! Writing: from clinical facts to FHIR R4 resources, and stored resources served under our own
//! ids. What is mandatory in R4 is always there: where the source was silent the element says so
//! (`data-absent-reason`, or the code `unknown` where the value set has one); nothing is invented.

mod clinical;
mod documents;
mod encounters;
mod medications;
mod observations;
mod parts;
mod people;
mod server;
mod verbatim;

pub use clinical::{allergy, condition, immunization, procedure};
pub use documents::document;
pub use encounters::{coverage, encounter};
pub use medications::medication;
pub use observations::observation;
pub use people::{organization, patient, practitioner, related_person};
pub use server::{
    Access, Entry, Link, Offer, Origin, Rank, audit_event, bundle, capability, outcome, provenance,
};
pub use verbatim::{by_key, type_of, verbatim};

use super::json::Json;
use almoner_core::clinical::{Content, MedicationUse, Reference};
use almoner_core::export::Sense;
use parts::absent;

/// Finds our own reference (`Condition/0197…`) for one of an export (its key); `None` when what it
/// means is not here.
pub type Rename<'a> = &'a dyn Fn(&str) -> Option<String>;

/// What a resource bears beside its content.
#[derive(Clone, Copy)]
pub struct Header<'a> {
    pub id: &'a str,
    /// `meta.versionId`; empty for none.
    pub version: &'a str,
    /// `meta.lastUpdated`, a FHIR `instant`; empty for none.
    pub last_updated: &'a str,
    /// SHA-256 of the newest source document that says it, in hex; empty when none does.
    pub source_sha256: &'a str,
    /// Reference to the patient (`Patient/0197…`); empty for what is about no patient.
    pub subject: &'a str,
    /// Reference to the encounter; when empty the content's own goes through `rename`.
    pub encounter: &'a str,
    pub rename: Rename<'a>,
}

/// Writes a fact of any kind; `None` for those that are not written yet, and those kept without a
/// type of their own ([`Content::Other`]), which are served from their stored text.
pub fn resource(content: &Content, sense: Sense, header: &Header<'_>) -> Option<Json> {
    Some(match content {
        Content::Condition(it) => condition(it, sense, header),
        Content::Medication(it) => medication(it, sense, header),
        Content::Allergy(it) => allergy(it, sense, header),
        Content::Observation(it) => observation(it, header),
        Content::Immunization(it) => immunization(it, sense, header),
        Content::Procedure(it) => procedure(it, sense, header),
        Content::Encounter(it) => encounter(it, header),
        Content::Coverage(it) => coverage(it, header),
        Content::Document(it) => document(it, header),
        Content::Relation(it) => related_person(it, header),
        Content::Practitioner(it) => practitioner(it, header),
        Content::Organization(it) => organization(it, header),
        Content::Authorization(_)
        | Content::Resource(_)
        | Content::ResourceList(_)
        | Content::Instrument(_)
        | Content::Other(_) => return None,
    })
}

/// The type as which a fact is written. A fact with stored FHIR text is served as that text's own
/// type instead: see [`type_of`].
pub fn resource_type(content: &Content) -> &str {
    match content {
        Content::Condition(_) => "Condition",
        Content::Medication(it) => match it.use_ {
            MedicationUse::Ordered | MedicationUse::Discharge => "MedicationRequest",
            MedicationUse::Reported | MedicationUse::Admission => "MedicationStatement",
            MedicationUse::Administered => "MedicationAdministration",
            MedicationUse::Dispensed => "MedicationDispense",
        },
        Content::Allergy(_) => "AllergyIntolerance",
        Content::Observation(_) => "Observation",
        Content::Immunization(_) => "Immunization",
        Content::Procedure(_) => "Procedure",
        Content::Encounter(_) => "Encounter",
        Content::Coverage(_) => "Coverage",
        Content::Document(_) => "DocumentReference",
        Content::Relation(_) => "RelatedPerson",
        Content::Practitioner(_) => "Practitioner",
        Content::Organization(_) => "Organization",
        Content::Authorization(it) if it.answered => "ClaimResponse",
        Content::Authorization(_) => "Claim",
        Content::Resource(_) | Content::ResourceList(_) => "HealthcareService",
        Content::Instrument(_) => "Questionnaire",
        Content::Other(other) => &other.resource_type,
    }
}

impl Header<'_> {
    /// A resource with its type, id and meta.
    fn open(&self, resource_type: &str) -> Json {
        let json = Json::object().with("resourceType", resource_type).with("id", self.id);
        json.with("meta", self.meta(Json::object()))
    }

    /// `meta` with our version, time and source set in `meta` as it was.
    fn meta(&self, mut meta: Json) -> Json {
        meta.put("versionId", self.version);
        meta.put("lastUpdated", self.last_updated);
        let source = match self.source_sha256 {
            "" => String::new(),
            sha256 => format!("urn:almoner:source:{sha256}"),
        };
        meta.put("source", source);
        meta
    }

    /// The patient, under the element's name; mandatory wherever this is asked for.
    fn subject(&self) -> Json {
        match self.subject {
            "" => absent("unknown"),
            subject => Json::object().with("reference", subject),
        }
    }

    fn encounter(&self, own: Option<&Reference>) -> Json {
        match self.encounter {
            "" => own.map_or(Json::Null, |own| self.reference(own)),
            encounter => Json::object().with("reference", encounter),
        }
    }

    /// A reference of the content; what is not here keeps its words, or its address elsewhere.
    fn reference(&self, reference: &Reference) -> Json {
        let target = match reference.key.as_str() {
            "" => None,
            key => (self.rename)(key).or_else(|| key.starts_with("http").then(|| key.to_owned())),
        };
        Json::object().with("reference", target).with("display", &reference.display)
    }

    fn references(&self, list: &[Reference]) -> Vec<Json> {
        list.iter().map(|reference| self.reference(reference)).collect()
    }
}
