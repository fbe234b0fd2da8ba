//! Writing of results, vital signs and social facts: Observation.

use super::Header;
use super::parts::{
    coded, concept, concepts, must, note, put_instant, put_status, put_time, put_when, quantity,
};
use crate::fhir::datatypes::ABSENT_REASON;
use crate::fhir::json::Json;
use almoner_core::clinical::{Observation, Quantity, Value};

const STATUS: [&str; 8] = [
    "registered",
    "preliminary",
    "final",
    "amended",
    "corrected",
    "cancelled",
    "entered-in-error",
    "unknown",
];
const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/observation-category";
const CATEGORIES: [&str; 9] = [
    "social-history",
    "vital-signs",
    "imaging",
    "laboratory",
    "procedure",
    "survey",
    "exam",
    "therapy",
    "activity",
];
const US_CATEGORY: &str = "http://hl7.org/fhir/us/core/CodeSystem/us-core-category";
const US_CATEGORIES: [&str; 9] = [
    "sdoh",
    "functional-status",
    "disability-status",
    "cognitive-status",
    "treatment-intervention-preference",
    "care-experience-preference",
    "observation-adi-documentation",
    "clinical-test",
    "lab-test",
];
/// FHIR R4 data-absent-reason.
const REASONS: [&str; 15] = [
    "unknown",
    "asked-unknown",
    "temp-unknown",
    "not-asked",
    "asked-declined",
    "masked",
    "not-applicable",
    "unsupported",
    "as-text",
    "error",
    "not-a-number",
    "negative-infinity",
    "positive-infinity",
    "not-performed",
    "not-permitted",
];

/// Writes an Observation. The panel is not written: in R4 the panel points to its parts.
pub fn observation(it: &Observation, header: &Header<'_>) -> Json {
    let mut json = header.open("Observation");
    put_status(&mut json, "status", &it.status, &STATUS);
    json.put("category", vec![category(&it.category)]);
    json.put("code", must(&it.code));
    if !header.subject.is_empty() {
        json.put("subject", header.subject());
    }
    json.put("encounter", header.encounter(it.encounter.as_ref()));
    put_time(&mut json, "effective", &it.effective);
    put_instant(&mut json, "issued", it.issued.as_ref());
    put_value(&mut json, &it.value);
    // Rule obs-6: a reason for its absence only where there is no value.
    if it.value == Value::Absent {
        json.put("dataAbsentReason", reason(&it.data_absent));
    }
    json.put("interpretation", concepts(&it.interpretation));
    json.put("note", note(&it.note));
    json.put("referenceRange", vec![Json::object().with("text", &it.reference_range)]);
    let component = |(code, value): &(almoner_core::clinical::Concept, Value)| {
        let mut part = Json::object().with("code", must(code));
        put_value(&mut part, value);
        part
    };
    json.put("component", it.components.iter().map(component).collect::<Vec<_>>());
    json
}

/// Puts `value[x]`; a number that JSON cannot hold stands as words.
fn put_value(json: &mut Json, value: &Value) {
    let part = |side: &Option<Quantity>| side.as_ref().map(quantity);
    match value {
        Value::Absent => {}
        Value::Quantity(it) => match quantity(it) {
            Json::Null => {
                let words = format!("{}{} {}", it.comparator, it.value, it.unit);
                json.put("valueString", words.trim());
            }
            written => json.put("valueQuantity", written),
        },
        Value::Concept(it) => json.put("valueCodeableConcept", concept(it)),
        Value::Text(text) => json.put("valueString", text),
        Value::Range { low, high } => {
            json.put("valueRange", Json::object().with("low", part(low)).with("high", part(high)));
        }
        Value::When(when) => put_when(json, "valueDateTime", Some(when)),
        Value::Boolean(yes) => json.put("valueBoolean", *yes),
    }
}

fn category(code: &str) -> Json {
    if CATEGORIES.contains(&code) {
        coded(CATEGORY, code)
    } else if US_CATEGORIES.contains(&code) {
        coded(US_CATEGORY, code)
    } else {
        Json::object().with("text", code)
    }
}

fn reason(code: &str) -> Json {
    if REASONS.contains(&code) {
        return coded(ABSENT_REASON, code);
    }
    Json::object().with("text", code)
}
