//! Writing of problems, allergies, vaccines and procedures.

use super::Header;
use super::parts::{
    absent, coded, concepts, known, maybe, must, note, put_status, put_time, put_when,
};
use crate::fhir::datatypes::ABATEMENT;
use crate::fhir::json::Json;
use crate::fhir::resources::says_none;
use almoner_core::clinical::{
    AllergyIntolerance, Concept, Condition, Immunization, Procedure, Reaction, system,
};
use almoner_core::export::Sense;

const CONDITION_CLINICAL: &str = "http://terminology.hl7.org/CodeSystem/condition-clinical";
const CONDITION_STATUS: &str = "http://terminology.hl7.org/CodeSystem/condition-ver-status";
const CONDITION_CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/condition-category";
const US_CONDITION_CATEGORY: &str = "http://hl7.org/fhir/us/core/CodeSystem/condition-category";
const US_CATEGORY: &str = "http://hl7.org/fhir/us/core/CodeSystem/us-core-category";
const ALLERGY_CLINICAL: &str = "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical";
const ALLERGY_STATUS: &str =
    "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification";
/// International Patient Summary: codes of absence.
const IPS_ABSENT: &str = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips";

const CLINICAL: [&str; 6] =
    ["active", "recurrence", "relapse", "inactive", "remission", "resolved"];
const VERIFICATION: [&str; 6] =
    ["unconfirmed", "provisional", "differential", "confirmed", "refuted", "entered-in-error"];
const PROCEDURE: [&str; 8] = [
    "preparation",
    "in-progress",
    "not-done",
    "on-hold",
    "stopped",
    "completed",
    "entered-in-error",
    "unknown",
];

/// Writes a Condition.
pub fn condition(it: &Condition, sense: Sense, header: &Header<'_>) -> Json {
    let mut json = header.open("Condition");
    let over = matches!(it.clinical_status.as_str(), "" | "inactive" | "resolved" | "remission");
    // Rule con-4: nothing that ended is active. A source that says both keeps its end here.
    if !over && it.abatement.is_some() {
        let mut end = Json::object().with("url", ABATEMENT);
        put_when(&mut end, "valueDateTime", it.abatement.as_ref());
        json.put("extension", vec![end]);
    }
    let verification = verified(&it.verification_status, sense);
    if verification != "entered-in-error" && CLINICAL.contains(&it.clinical_status.as_str()) {
        json.put("clinicalStatus", coded(CONDITION_CLINICAL, &it.clinical_status));
    }
    if VERIFICATION.contains(&verification) {
        json.put("verificationStatus", coded(CONDITION_STATUS, verification));
    }
    json.put("category", vec![condition_category(&it.category)]);
    json.put("severity", maybe(it.severity.as_ref()));
    json.put("code", none_or(&it.code, sense, system::SNOMED, "160245001"));
    json.put("subject", header.subject());
    json.put("encounter", header.encounter(it.encounter.as_ref()));
    put_when(&mut json, "onsetDateTime", it.onset.as_ref());
    if over {
        put_when(&mut json, "abatementDateTime", it.abatement.as_ref());
    }
    put_when(&mut json, "recordedDate", it.recorded.as_ref());
    json.put("note", note(&it.note));
    json
}

/// Writes an AllergyIntolerance; "none known" as SNOMED CT 716186003 where the source had no code.
pub fn allergy(it: &AllergyIntolerance, sense: Sense, header: &Header<'_>) -> Json {
    let mut json = header.open("AllergyIntolerance");
    let verification = verified(&it.verification_status, sense);
    let status = known(&it.clinical_status, &["active", "inactive", "resolved"]);
    // Rule ait-1: a clinical status, unless entered in error.
    let status = match status.as_str() {
        "" => absent("unknown"),
        status => coded(ALLERGY_CLINICAL, status),
    };
    if verification != "entered-in-error" {
        json.put("clinicalStatus", status);
    }
    let allowed = ["unconfirmed", "presumed", "confirmed", "refuted", "entered-in-error"];
    if allowed.contains(&verification) {
        json.put("verificationStatus", coded(ALLERGY_STATUS, verification));
    }
    json.put("type", known(&it.type_, &["allergy", "intolerance"]));
    let category = known(&it.category, &["food", "medication", "environment", "biologic"]);
    json.put("category", vec![category]);
    json.put("criticality", known(&it.criticality, &["low", "high", "unable-to-assess"]));
    json.put("code", none_or(&it.code, sense, system::SNOMED, "716186003"));
    json.put("patient", header.subject());
    put_when(&mut json, "onsetDateTime", it.onset.as_ref());
    put_when(&mut json, "recordedDate", it.recorded.as_ref());
    json.put("reaction", it.reactions.iter().map(reaction).collect::<Vec<_>>());
    json
}

/// Writes an Immunization.
pub fn immunization(it: &Immunization, sense: Sense, header: &Header<'_>) -> Json {
    let mut json = header.open("Immunization");
    let status = match sense {
        Sense::Negated => "not-done",
        _ => &it.status,
    };
    put_status(&mut json, "status", status, &["completed", "not-done", "entered-in-error"]);
    json.put("statusReason", maybe(it.status_reason.as_ref()));
    json.put("vaccineCode", none_or(&it.code, sense, IPS_ABSENT, "no-known-immunizations"));
    json.put("patient", header.subject());
    json.put("encounter", header.encounter(it.encounter.as_ref()));
    match &it.occurrence {
        Some(when) => put_when(&mut json, "occurrenceDateTime", Some(when)),
        None => json.put("_occurrenceDateTime", absent("unknown")),
    }
    json.put("lotNumber", &it.lot_number);
    json.put("manufacturer", Json::object().with("display", &it.manufacturer));
    json
}

/// Writes a Procedure.
pub fn procedure(it: &Procedure, sense: Sense, header: &Header<'_>) -> Json {
    let mut json = header.open("Procedure");
    let status = match sense {
        Sense::Negated => "not-done",
        _ => &it.status,
    };
    put_status(&mut json, "status", status, &PROCEDURE);
    json.put("code", none_or(&it.code, sense, IPS_ABSENT, "no-known-procedures"));
    json.put("subject", header.subject());
    json.put("encounter", header.encounter(it.encounter.as_ref()));
    put_time(&mut json, "performed", &it.performed);
    let actor = it.performer.as_ref().map(|who| header.reference(who));
    json.put("performer", vec![Json::object().with("actor", actor)]);
    json.put("reasonCode", vec![maybe(it.reason.as_ref())]);
    json.put("note", note(&it.note));
    json
}

/// The code of a fact; of "there is none" the source's own none-code, else the one given.
pub(super) fn none_or(code: &Concept, sense: Sense, system: &str, none: &str) -> Json {
    if sense != Sense::NoneKnown || says_none(code) {
        return must(code);
    }
    let json = coded(system, none);
    let words = code.label();
    if words.is_empty() { json } else { json.with("text", words) }
}

/// A negated problem or allergy is a refuted one.
fn verified(status: &str, sense: Sense) -> &str {
    if sense == Sense::Negated { "refuted" } else { status }
}

fn condition_category(category: &str) -> Json {
    match category {
        "problem-list-item" | "encounter-diagnosis" => coded(CONDITION_CATEGORY, category),
        "health-concern" => coded(US_CONDITION_CATEGORY, category),
        "sdoh" | "functional-status" | "disability-status" | "cognitive-status" => {
            coded(US_CATEGORY, category)
        }
        words => Json::object().with("text", words),
    }
}

fn reaction(it: &Reaction) -> Json {
    let mut seen = concepts(&it.manifestation);
    if seen.is_empty() {
        seen.push(absent("unknown"));
    }
    let severity = known(&it.severity, &["mild", "moderate", "severe"]);
    Json::object().with("manifestation", seen).with("severity", severity)
}
