//! Writing of who is who: Patient, RelatedPerson, Practitioner, Organization.

use super::Header;
use super::parts::{
    absent, addresses, coded, coding, concepts, contact_points, human_names, identifiers, known,
    maybe, period, put_date, put_when,
};
use crate::fhir::json::Json;
use crate::fhir::resources::{ETHNICITY, INTERPRETER, NO, RACE, YES};
use almoner_core::clinical::{
    Communication, Concept, Organization, Patient, Practitioner, RelatedPerson, system,
};

const GENDERS: [&str; 4] = ["male", "female", "other", "unknown"];
/// US Core: the categories of the OMB, race and ethnicity; every other code is a detail.
const OMB: [&str; 7] = ["1002-5", "2028-9", "2054-5", "2076-8", "2106-3", "2135-2", "2186-5"];

/// Writes a Patient.
pub fn patient(it: &Patient, header: &Header<'_>) -> Json {
    let extensions = vec![
        categories(RACE, &it.race),
        categories(ETHNICITY, &it.ethnicity),
        interpreter(it.interpreter_needed),
    ];
    let mut json = header.open("Patient").with("extension", extensions);
    json.put("identifier", identifiers(&it.identifiers));
    json.put("name", human_names(&it.names));
    json.put("telecom", contact_points(&it.telecoms));
    json.put("gender", known(&it.gender, &GENDERS));
    put_date(&mut json, "birthDate", it.birth_date.as_ref());
    if it.deceased_at.is_some() {
        put_when(&mut json, "deceasedDateTime", it.deceased_at.as_ref());
    } else if it.deceased {
        json.put("deceasedBoolean", true);
    }
    json.put("address", addresses(&it.addresses));
    json.put("maritalStatus", maybe(it.marital_status.as_ref()));
    if it.multiple_birth {
        json.put("multipleBirthBoolean", true);
    }
    json.put("communication", it.communications.iter().map(communication).collect::<Vec<_>>());
    json.put("generalPractitioner", header.references(&it.general_practitioner));
    let organization = it.managing_organization.as_ref();
    json.put("managingOrganization", organization.map(|it| header.reference(it)));
    json
}

/// Writes a RelatedPerson.
pub fn related_person(it: &RelatedPerson, header: &Header<'_>) -> Json {
    let mut json = header.open("RelatedPerson").with("identifier", identifiers(&it.identifiers));
    json.put("patient", header.subject());
    json.put("relationship", concepts(&it.relationship));
    json.put("name", human_names(&it.names));
    json.put("telecom", contact_points(&it.telecoms));
    json.put("gender", known(&it.gender, &GENDERS));
    put_date(&mut json, "birthDate", it.birth_date.as_ref());
    json.put("address", addresses(&it.addresses));
    json.put("period", period(&it.period));
    json
}

/// Writes a Practitioner. The specialty belongs to a role, which R4 keeps elsewhere
/// (PractitionerRole), and is not written here.
pub fn practitioner(it: &Practitioner, header: &Header<'_>) -> Json {
    let json = header.open("Practitioner").with("identifier", identifiers(&it.identifiers));
    let json = json.with("name", human_names(&it.names));
    let json = json.with("telecom", contact_points(&it.telecoms));
    json.with("address", addresses(&it.addresses))
}

/// Writes an Organization (rule org-1: it has an identifier or a name).
pub fn organization(it: &Organization, header: &Header<'_>) -> Json {
    let json = header.open("Organization").with("identifier", identifiers(&it.identifiers));
    let mut json = json.with("type", concepts(&it.type_)).with("name", &it.name);
    if it.name.is_empty() && it.identifiers.is_empty() {
        json.put("_name", absent("unknown"));
    }
    let json = json.with("telecom", contact_points(&it.telecoms));
    json.with("address", addresses(&it.addresses))
}

/// US Core race or ethnicity; its text is mandatory and is the words of all its codes.
fn categories(url: &str, list: &[Concept]) -> Json {
    if list.is_empty() {
        return Json::Null;
    }
    let mut parts: Vec<Json> = Vec::new();
    for code in list.iter().flat_map(|concept| &concept.codings) {
        let category = OMB.contains(&code.code.as_str()) || code.system != system::RACE;
        let kind = if category { "ombCategory" } else { "detailed" };
        parts.push(Json::object().with("url", kind).with("valueCoding", coding(code)));
    }
    let words: Vec<&str> = list.iter().map(Concept::label).collect();
    parts.push(Json::object().with("url", "text").with("valueString", words.join(", ")));
    Json::object().with("extension", parts).with("url", url)
}

fn interpreter(needed: Option<bool>) -> Json {
    let Some(needed) = needed else { return Json::Null };
    let (code, display) = if needed { (YES, "Yes") } else { (NO, "No") };
    let coding = Json::object().with("system", system::SNOMED).with("code", code);
    Json::object().with("url", INTERPRETER).with("valueCoding", coding.with("display", display))
}

fn communication(spoken: &Communication) -> Json {
    let tag = spoken.language.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let language = if tag {
        coded("urn:ietf:bcp:47", &spoken.language)
    } else {
        Json::object().with("text", &spoken.language)
    };
    let json = Json::object().with("language", language);
    if spoken.preferred { json.with("preferred", true) } else { json }
}
