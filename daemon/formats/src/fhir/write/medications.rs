//! Writing of medicines: MedicationRequest, MedicationStatement, MedicationAdministration or
//! MedicationDispense, by what the source meant.

use super::Header;
use super::clinical::none_or;
use super::parts::{
    absent, coded, known, maybe, note, period, put_status, put_time, put_when, quantity,
};
use super::resource_type;
use crate::fhir::json::Json;
use almoner_core::clinical::{Content, Medication, MedicationUse, Period, system};
use almoner_core::export::Sense;

const REQUEST: [&str; 8] = [
    "active",
    "on-hold",
    "cancelled",
    "completed",
    "entered-in-error",
    "stopped",
    "draft",
    "unknown",
];
const STATEMENT: [&str; 8] = [
    "active",
    "completed",
    "entered-in-error",
    "intended",
    "stopped",
    "on-hold",
    "unknown",
    "not-taken",
];
const ADMINISTRATION: [&str; 7] =
    ["in-progress", "not-done", "on-hold", "completed", "entered-in-error", "stopped", "unknown"];
const DISPENSE: [&str; 9] = [
    "preparation",
    "in-progress",
    "cancelled",
    "on-hold",
    "completed",
    "entered-in-error",
    "stopped",
    "declined",
    "unknown",
];
const CATEGORY: &str = "http://terminology.hl7.org/CodeSystem/medicationrequest-category";
/// SNOMED CT "No known medications".
const NONE: &str = "787481004";

/// Writes a medicine as the type that [`super::resource_type`] gives.
pub fn medication(it: &Medication, sense: Sense, header: &Header<'_>) -> Json {
    let mut json = header.open(resource_type(&Content::Medication(it.clone())));
    let code = none_or(&it.code, sense, system::SNOMED, NONE);
    match it.use_ {
        MedicationUse::Ordered | MedicationUse::Discharge => {
            request(&mut json, it, sense, header, code);
        }
        MedicationUse::Reported | MedicationUse::Admission => {
            statement(&mut json, it, sense, header, code);
        }
        MedicationUse::Administered => administration(&mut json, it, sense, header, code),
        MedicationUse::Dispensed => dispense(&mut json, it, sense, header, code),
    }
    json
}

fn request(json: &mut Json, it: &Medication, sense: Sense, header: &Header<'_>, code: Json) {
    put_status(json, "status", &it.status, &REQUEST);
    json.put("intent", "order");
    if it.use_ == MedicationUse::Discharge {
        json.put("category", vec![coded(CATEGORY, "discharge")]);
    }
    if sense == Sense::Negated {
        json.put("doNotPerform", true);
    }
    json.put("medicationCodeableConcept", code);
    json.put("subject", header.subject());
    json.put("encounter", header.encounter(it.encounter.as_ref()));
    put_when(json, "authoredOn", it.authored.as_ref());
    json.put("requester", it.requester.as_ref().map(|who| header.reference(who)));
    json.put("reasonCode", vec![maybe(it.reason.as_ref())]);
    json.put("dosageInstruction", dosage(it, &it.period));
    let refills = it.refills.map(|count| Json::from(u64::from(count)));
    json.put("dispenseRequest", Json::object().with("numberOfRepeatsAllowed", refills));
}

fn statement(json: &mut Json, it: &Medication, sense: Sense, header: &Header<'_>, code: Json) {
    let status = if sense == Sense::Negated { "not-taken" } else { &it.status };
    put_status(json, "status", status, &STATEMENT);
    json.put("medicationCodeableConcept", code);
    json.put("subject", header.subject());
    json.put("context", header.encounter(it.encounter.as_ref()));
    put_time(json, "effective", &it.period);
    put_when(json, "dateAsserted", it.authored.as_ref());
    json.put("informationSource", it.requester.as_ref().map(|who| header.reference(who)));
    json.put("reasonCode", vec![maybe(it.reason.as_ref())]);
    json.put("dosage", dosage(it, &Period::default()));
}

fn administration(json: &mut Json, it: &Medication, sense: Sense, header: &Header<'_>, code: Json) {
    let status = if sense == Sense::Negated { "not-done" } else { &it.status };
    put_status(json, "status", known(status, &ADMINISTRATION).as_str(), &ADMINISTRATION);
    json.put("medicationCodeableConcept", code);
    json.put("subject", header.subject());
    json.put("context", header.encounter(it.encounter.as_ref()));
    put_time(json, "effective", &it.period);
    if it.period == Period::default() {
        json.put("_effectiveDateTime", absent("unknown"));
    }
    json.put("reasonCode", vec![maybe(it.reason.as_ref())]);
    // Rule mad-1: a dosage has a dose; directions without one stand as a note.
    match it.dose.as_ref().map(quantity).filter(|dose| !dose.is_empty()) {
        Some(dose) => {
            let json_dose = Json::object().with("text", &it.sig);
            let json_dose = json_dose.with("route", maybe(it.route.as_ref())).with("dose", dose);
            json.put("dosage", json_dose);
        }
        None => json.put("note", note(&it.sig)),
    }
}

fn dispense(json: &mut Json, it: &Medication, sense: Sense, header: &Header<'_>, code: Json) {
    let status = if sense == Sense::Negated { "declined" } else { &it.status };
    put_status(json, "status", known(status, &DISPENSE).as_str(), &DISPENSE);
    json.put("medicationCodeableConcept", code);
    json.put("subject", header.subject());
    json.put("context", header.encounter(it.encounter.as_ref()));
    let actor = it.requester.as_ref().map(|who| header.reference(who));
    json.put("performer", vec![Json::object().with("actor", actor)]);
    json.put("quantity", it.quantity.as_ref().map(quantity));
    json.put("daysSupply", it.days_supply.as_ref().map(quantity));
    // Rule mdd-1: what was handed over was so no earlier than it was made ready; only one is known.
    put_when(json, "whenHandedOver", it.period.start.as_ref());
    json.put("dosageInstruction", dosage(it, &Period::default()));
}

/// The directions, one Dosage a line; all structure stands in the first.
fn dosage(it: &Medication, bounds: &Period) -> Vec<Json> {
    let mut lines = it.sig.lines();
    let words = |line: &str| Json::object().with("text", line);
    let mut first = words(lines.next().unwrap_or_default());
    let often = Json::object().with("text", &it.frequency);
    let repeat = Json::object().with("boundsPeriod", period(bounds));
    first.put("timing", Json::object().with("repeat", repeat).with("code", often));
    if it.as_needed {
        first.put("asNeededBoolean", true);
    }
    first.put("route", maybe(it.route.as_ref()));
    let dose = it.dose.as_ref().map(quantity);
    first.put("doseAndRate", vec![Json::object().with("doseQuantity", dose)]);
    let mut list = vec![first];
    list.extend(lines.map(words));
    list
}
