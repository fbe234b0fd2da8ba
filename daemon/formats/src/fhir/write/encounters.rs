//! Writing of visits and stays (Encounter) and of who pays (Coverage).

use super::Header;
use super::parts::{absent, coded, concepts, identifiers, maybe, must, period, put_status};
use crate::fhir::json::Json;
use almoner_core::clinical::{Coverage, Encounter, EncounterDiagnosis};

const STATUS: [&str; 9] = [
    "planned",
    "arrived",
    "triaged",
    "in-progress",
    "onleave",
    "finished",
    "cancelled",
    "entered-in-error",
    "unknown",
];
const CLASS: &str = "http://terminology.hl7.org/CodeSystem/v3-ActCode";
const ROLE: &str = "http://terminology.hl7.org/CodeSystem/diagnosis-role";
const COVERAGE_CLASS: &str = "http://terminology.hl7.org/CodeSystem/coverage-class";

/// Writes an Encounter. Its diagnoses are contained Conditions: R4 lets it only point to them.
pub fn encounter(it: &Encounter, header: &Header<'_>) -> Json {
    let mut json = header.open("Encounter");
    let contained = it.diagnoses.iter().enumerate().map(|(at, it)| diagnosis(at, it, header));
    json.put("contained", contained.collect::<Vec<_>>());
    json.put("identifier", identifiers(&it.identifiers));
    put_status(&mut json, "status", &it.status, &STATUS);
    json.put("class", class(&it.class));
    json.put("type", concepts(&it.type_));
    if !header.subject.is_empty() {
        json.put("subject", header.subject());
    }
    let person = |who| Json::object().with("individual", header.reference(who));
    json.put("participant", it.participants.iter().map(person).collect::<Vec<_>>());
    json.put("period", period(&it.period));
    json.put("reasonCode", concepts(&it.reason));
    let pointer = |(at, it): (usize, &EncounterDiagnosis)| {
        let condition = Json::object().with("reference", format!("#diagnosis-{at}"));
        let condition = condition.with("display", it.code.label());
        Json::object().with("condition", condition).with("use", coded(ROLE, &it.role))
    };
    json.put("diagnosis", it.diagnoses.iter().enumerate().map(pointer).collect::<Vec<_>>());
    let stay = Json::object().with("admitSource", maybe(it.admit_source.as_ref()));
    let to = maybe(it.discharge_disposition.as_ref());
    json.put("hospitalization", stay.with("dischargeDisposition", to));
    let place = Json::object().with("display", &it.location);
    json.put("location", vec![Json::object().with("location", place)]);
    json.put("serviceProvider", it.service_provider.as_ref().map(|it| header.reference(it)));
    json.put("partOf", it.part_of.as_ref().map(|it| header.reference(it)));
    json
}

/// Writes a Coverage.
pub fn coverage(it: &Coverage, header: &Header<'_>) -> Json {
    let mut json = header.open("Coverage").with("identifier", identifiers(&it.identifiers));
    let allowed = ["active", "cancelled", "draft", "entered-in-error"];
    put_status(&mut json, "status", &it.status, &allowed);
    json.put("type", maybe(it.type_.as_ref()));
    json.put("subscriberId", &it.subscriber_id);
    json.put("beneficiary", header.subject());
    json.put("relationship", maybe(it.relationship.as_ref()));
    json.put("period", period(&it.period));
    let payor = match it.payor.as_str() {
        "" => absent("unknown"),
        name => Json::object().with("display", name),
    };
    json.put("payor", vec![payor]);
    let class = |kind: &str, value: &str| match value {
        "" => Json::Null,
        value => Json::object().with("type", coded(COVERAGE_CLASS, kind)).with("value", value),
    };
    json.put("class", vec![class("group", &it.group), class("plan", &it.plan)]);
    json
}

fn class(code: &str) -> Json {
    match code {
        "" => absent("unknown"),
        code => Json::object().with("system", CLASS).with("code", code),
    }
}

fn diagnosis(at: usize, it: &EncounterDiagnosis, header: &Header<'_>) -> Json {
    let json = Json::object().with("resourceType", "Condition");
    let json = json.with("id", format!("diagnosis-{at}")).with("code", must(&it.code));
    json.with("subject", header.subject())
}
