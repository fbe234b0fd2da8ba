//! Reading of visits and stays (Encounter) and of who pays (Coverage).

use super::{Outcome, fact};
use crate::fhir::datatypes::{PROBLEMS, code, identifiers, period};
use crate::fhir::json::Json;
use crate::fhir::node::Node;
use almoner_core::clinical::{Content, Coverage, Encounter, EncounterDiagnosis, Period};

/// Reads an Encounter. Cancelled ones stay: their status says so.
pub(super) fn encounter(node: Node<'_>) -> Outcome {
    let stay =
        if node.get("hospitalization").json.is_empty() { "admission" } else { "hospitalization" };
    let stay = node.get(stay);
    let person = |part: Node<'_>| part.reference(&["individual", "actor"]);
    // R5: each reason has values, and each value is a concept or points to one.
    let reasons = node
        .list("reason")
        .filter_map(|reason| reason.concept_or_target(&["value"], &["value"], PROBLEMS));
    let mut reason = node.concepts(&["reasonCode"], PROBLEMS);
    if reason.is_empty() {
        reason = reasons.collect();
    }
    if reason.is_empty() {
        reason = node.concepts(&["reason"], PROBLEMS);
    }
    if reason.is_empty() {
        reason.extend(node.concept_or_target(&[], &["reasonReference", "indication"], PROBLEMS));
    }
    let place = node.list("location").find_map(|part| part.reference(&["location"]));
    fact(Content::Encounter(Encounter {
        identifiers: identifiers(node.json.get("identifier")),
        class: class(node.json.get("class")),
        status: status(&node.text("status")),
        type_: node.concepts(&["type"], &[]),
        period: match period(node.json.get("period")) {
            Period { start: None, end: None } => period(node.json.get("actualPeriod")),
            said => said,
        },
        reason,
        diagnoses: node.list("diagnosis").filter_map(diagnosis).collect(),
        admit_source: stay.concept(&["admitSource"], &[]),
        discharge_disposition: stay.concept(&["dischargeDisposition"], &[]),
        location: place.map(|place| place.display).unwrap_or_default(),
        service_provider: node.reference(&["serviceProvider"]),
        participants: node.list("participant").filter_map(person).collect(),
        part_of: node.reference(&["partOf"]),
    }))
}

/// Reads a Coverage.
pub(super) fn coverage(node: Node<'_>) -> Outcome {
    let class = |kind: &str| {
        let mut parts = node.list("class").filter(|part| part.code(&["type"]) == kind);
        parts.next().map(|part| {
            let value = part.texts(&["name", "value"]);
            let id = || code(part.json.get("value").get("value"));
            if value.is_empty() { id() } else { value }
        })
    };
    // STU3 groups them, DSTU2 has them as they are.
    let grouping = node.get("grouping");
    let old = |keys: &[&str]| {
        let own = if grouping.json.is_empty() { node } else { grouping };
        own.texts(keys)
    };
    let payor = node.reference(&["payor", "insurer", "issuer"]);
    fact(Content::Coverage(Coverage {
        identifiers: identifiers(node.json.get("identifier")),
        status: node.text("status"),
        type_: node.concept(&["type"], &[]),
        payor: payor.map(|payor| payor.display).unwrap_or_default(),
        plan: class("plan").unwrap_or_else(|| old(&["planDisplay", "plan"])),
        group: class("group").unwrap_or_else(|| old(&["groupDisplay", "group"])),
        subscriber_id: match node.json.get("subscriberId") {
            Json::Text(id) => id.clone(),
            // R5: a list of identifiers.
            other => identifiers(other).into_iter().next().map(|id| id.value).unwrap_or_default(),
        },
        relationship: node.concept(&["relationship"], &[]),
        period: period(node.json.get("period")),
        ..Coverage::default()
    }))
}

/// One diagnosis of an Encounter: the code of the Condition it points to, or the pointer's words.
fn diagnosis(part: Node<'_>) -> Option<EncounterDiagnosis> {
    let keys = &["condition"];
    let code = part.concept_or_target(keys, keys, PROBLEMS)?;
    Some(EncounterDiagnosis { code, role: part.code(&["use", "role"]) })
}

/// Status in the words of R4; R5 has some of its own.
fn status(written: &str) -> String {
    let known = match written {
        "completed" | "discharged" => "finished",
        "on-hold" => "onleave",
        "discontinued" => "cancelled",
        other => other,
    };
    known.to_owned()
}

/// Encounter class as v3 ActCode, whatever version or vendor wrote it: R4 Coding, R5 list, DSTU2
/// word, HL7 v2 table 0004 letter.
fn class(json: &Json) -> String {
    let written = match json {
        Json::List(items) => items.first().map(code).unwrap_or_default(),
        one => code(one),
    };
    let known = match written.to_lowercase().as_str() {
        "inpatient" | "i" => "IMP",
        "outpatient" | "ambulatory" | "o" => "AMB",
        "emergency" | "e" => "EMER",
        "home" => "HH",
        "field" => "FLD",
        "daytime" => "SS",
        "virtual" => "VR",
        "p" | "preadmit" => "PRENC",
        "unk" | "other" => "",
        _ => return written,
    };
    known.to_owned()
}
