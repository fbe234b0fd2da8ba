//! Reading of who is who: Patient, RelatedPerson, Practitioner, Organization.

use crate::fhir::datatypes::{
    addresses, code, concept, contact_points, extension, human_names, identifiers, period,
};
use crate::fhir::json::Json;
use crate::fhir::node::Node;
use almoner_core::clinical::{
    Communication, Concept, Organization, Patient, Practitioner, RelatedPerson,
};

pub(crate) const RACE: &str = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race";
pub(crate) const ETHNICITY: &str =
    "http://hl7.org/fhir/us/core/StructureDefinition/us-core-ethnicity";
pub(crate) const INTERPRETER: &str =
    "http://hl7.org/fhir/us/core/StructureDefinition/us-core-interpreter-needed";
const INTERPRETER_BASE: &str =
    "http://hl7.org/fhir/StructureDefinition/patient-interpreterRequired";
/// SNOMED CT: yes, no.
pub(crate) const YES: &str = "373066001";
pub(crate) const NO: &str = "373067005";

/// Reads a Patient.
pub(crate) fn patient(node: Node<'_>) -> Patient {
    let json = node.json;
    let died = node.when(&["deceasedDateTime"]);
    let many = json.get("multipleBirthInteger");
    Patient {
        identifiers: identifiers(json.get("identifier")),
        names: human_names(json.get("name")),
        birth_date: node.when(&["birthDate"]),
        gender: node.text("gender").to_lowercase(),
        telecoms: contact_points(json.get("telecom")),
        addresses: addresses(json.get("address")),
        deceased: died.is_some() || node.flag("deceasedBoolean") == Some(true),
        deceased_at: died,
        marital_status: node.concept(&["maritalStatus"], &[]),
        race: categories(json, RACE),
        ethnicity: categories(json, ETHNICITY),
        communications: communications(json),
        interpreter_needed: interpreter(json),
        multiple_birth: node.flag("multipleBirthBoolean") == Some(true) || !many.is_empty(),
        general_practitioner: match node.json.get("generalPractitioner") {
            Json::Null => node.references("careProvider"),
            _ => node.references("generalPractitioner"),
        },
        managing_organization: node.reference(&["managingOrganization"]),
    }
}

/// Reads a RelatedPerson, or one `contact` of a Patient, which has the same parts.
pub(crate) fn related_person(node: Node<'_>) -> RelatedPerson {
    let json = node.json;
    RelatedPerson {
        identifiers: identifiers(json.get("identifier")),
        names: human_names(json.get("name")),
        relationship: node.concepts(&["relationship"], &[]),
        telecoms: contact_points(json.get("telecom")),
        addresses: addresses(json.get("address")),
        gender: node.text("gender").to_lowercase(),
        birth_date: node.when(&["birthDate"]),
        period: period(json.get("period")),
    }
}

/// Reads a Practitioner; the specialty comes from a PractitionerRole of the set, if any.
pub(crate) fn practitioner(node: Node<'_>) -> Practitioner {
    let json = node.json;
    Practitioner {
        identifiers: identifiers(json.get("identifier")),
        names: human_names(json.get("name")),
        telecoms: contact_points(json.get("telecom")),
        addresses: addresses(json.get("address")),
        specialty: None,
    }
}

/// Reads an Organization.
pub(crate) fn organization(node: Node<'_>) -> Organization {
    let json = node.json;
    Organization {
        identifiers: identifiers(json.get("identifier")),
        name: node.text("name"),
        type_: node.concepts(&["type"], &[]),
        telecoms: contact_points(json.get("telecom")),
        addresses: addresses(json.get("address")),
    }
}

/// US Core race or ethnicity: each category and detail; words only where there is no code.
fn categories(json: &Json, url: &str) -> Vec<Concept> {
    let Some(outer) = extension(json, url) else { return Vec::new() };
    let parts = outer.get("extension").items();
    let coded = parts.iter().filter(|part| matches!(part.text("url"), "ombCategory" | "detailed"));
    let mut list: Vec<Concept> = coded
        .map(|part| concept(part.get("valueCoding"), &[]))
        .filter(|concept| !concept.is_empty())
        .collect();
    let text = parts.iter().find(|part| part.text("url") == "text");
    let words = text.map(|part| part.text("valueString")).filter(|words| !words.is_empty());
    match (list.as_mut_slice(), words) {
        ([], Some(words)) => list.push(Concept::text(words)),
        ([only], Some(words)) if only.label() != words => only.text = Some(words.to_owned()),
        _ => {}
    }
    list
}

fn communications(json: &Json) -> Vec<Communication> {
    let list = json.get("communication").items().iter().map(|item| Communication {
        language: code(item.get("language")),
        preferred: *item.get("preferred") == Json::Bool(true),
    });
    list.filter(|spoken| !spoken.language.is_empty()).collect()
}

fn interpreter(json: &Json) -> Option<bool> {
    if let Some(needed) = extension(json, INTERPRETER) {
        return match needed.get("valueCoding").text("code") {
            YES => Some(true),
            NO => Some(false),
            _ => None,
        };
    }
    match extension(json, INTERPRETER_BASE)?.get("valueBoolean") {
        Json::Bool(needed) => Some(*needed),
        _ => None,
    }
}
