//! Reading of medicines: what was ordered, what is taken, what was given.

use super::{Outcome, Why, category, judged};
use crate::fhir::datatypes::{MEDICINES, PROBLEMS, code, period, quantity};
use crate::fhir::json::Json;
use crate::fhir::node::Node;
use almoner_core::clinical::{
    Concept, Content, Medication, MedicationUse, Period, Quantity, Reference,
};

/// Reads a MedicationRequest (DSTU2 MedicationOrder). `doNotPerform` is a negation; a proposal is
/// no order.
pub(super) fn request(node: Node<'_>) -> Outcome {
    if node.text("intent") == "proposal" {
        return Outcome::Bare(Why::Proposed);
    }
    let dose = node.first("dosageInstruction");
    let discharge = category(node, &["category"], &["discharge"]) == "discharge";
    let supply = node.get("dispenseRequest");
    // R4 `reported[x]`, R5 `reported`: not this source's own order, but told to it.
    let reported = ["reportedBoolean", "reported"].iter().any(|key| node.flag(key) == Some(true))
        || !node.json.get("reportedReference").is_empty();
    let medication = Medication {
        use_: match (discharge, reported) {
            (true, _) => MedicationUse::Discharge,
            (false, true) => MedicationUse::Reported,
            (false, false) => MedicationUse::Ordered,
        },
        sig: directions(node, "dosageInstruction"),
        period: period(dose.get("timing").get("repeat").get("boundsPeriod").json),
        refills: supply.text("numberOfRepeatsAllowed").parse().ok(),
        ..common(node, dose)
    };
    finish(medication, node.flag("doNotPerform") == Some(true))
}

/// Reads a MedicationStatement. `not-taken` (STU3 `taken=n`, DSTU2 `wasNotTaken`) is a negation.
pub(super) fn statement(node: Node<'_>) -> Outcome {
    let dose = node.first("dosage");
    let medication = Medication {
        use_: MedicationUse::Reported,
        sig: directions(node, "dosage"),
        period: node.time("effective"),
        ..common(node, dose)
    };
    let not = medication.status == "not-taken"
        || node.text("taken") == "n"
        || node.flag("wasNotTaken") == Some(true);
    finish(medication, not)
}

/// Reads a MedicationAdministration: given, which makes it no current medicine.
pub(super) fn administration(node: Node<'_>) -> Outcome {
    let dose = node.first("dosage");
    let medication = Medication {
        use_: MedicationUse::Administered,
        sig: dose.text("text"),
        period: match node.time("effective") {
            Period { start: None, end: None } => node.time("occurrence"),
            time => time,
        },
        ..common(node, dose)
    };
    let not = medication.status == "not-done" || node.flag("notGiven") == Some(true);
    finish(medication, not)
}

/// Reads a MedicationDispense: a fill. Its time is when it was handed over, else when it was made ready.
/// One that was not made (`declined`, `cancelled`, DSTU2 and STU3 `notDone`) is a negation.
pub(super) fn dispense(node: Node<'_>) -> Outcome {
    let dose = node.first("dosageInstruction");
    let medication = Medication {
        use_: MedicationUse::Dispensed,
        sig: directions(node, "dosageInstruction"),
        period: Period { start: node.when(&["whenHandedOver", "whenPrepared"]), end: None },
        requester: node.list("performer").find_map(|it| it.reference(&["actor"])),
        quantity: quantity(node.json.get("quantity")),
        days_supply: quantity(node.json.get("daysSupply")),
        ..common(node, dose)
    };
    let not = matches!(medication.status.as_str(), "declined" | "cancelled" | "not-done")
        || node.flag("notDone") == Some(true);
    finish(medication, not)
}

/// What all kinds of medication resource say alike.
fn common(node: Node<'_>, dose: Node<'_>) -> Medication {
    let reasons: (&[&str], &[&str]) = (
        &["reasonCode", "reason", "reasonForUseCodeableConcept"],
        &["reasonReference", "reason", "reasonForUseReference"],
    );
    let needed = dose.json.get("asNeededCodeableConcept");
    let needed = if needed.is_empty() { dose.json.get("asNeededFor") } else { needed };
    let said = ["asNeededBoolean", "asNeeded"].iter().any(|key| dose.flag(key) == Some(true));
    Medication {
        code: medicine(node),
        status: node.text("status"),
        dose: amount(dose),
        route: dose.concept(&["route"], &[]),
        frequency: frequency(dose.get("timing").json),
        as_needed: said || !needed.is_empty(),
        authored: node.when(&["authoredOn", "dateAsserted", "dateWritten"]),
        reason: node.concept_or_target(reasons.0, reasons.1, PROBLEMS),
        requester: requester(node),
        encounter: node.reference(&["encounter", "context"]),
        ..Medication::default()
    }
}

fn finish(medication: Medication, not: bool) -> Outcome {
    let code = medication.code.clone();
    judged(Content::Medication(medication), &code, not)
}

/// The medicine: coded here, in a Medication contained or in the set, or by the pointer's words.
fn medicine(node: Node<'_>) -> Concept {
    let concepts = &["medicationCodeableConcept", "medication"];
    let pointers = &["medicationReference", "medication"];
    node.concept_or_target(concepts, pointers, MEDICINES).unwrap_or_default()
}

/// The directions as written, one a line: for the pharmacy, else for the patient.
fn directions(node: Node<'_>, list: &str) -> String {
    let whole = node.text("renderedDosageInstruction");
    let words = node.list(list).map(|dose| dose.texts(&["text", "patientInstruction"]));
    let lines: Vec<String> = words.filter(|words| !words.is_empty()).collect();
    if lines.is_empty() { whole } else { lines.join("\n") }
}

fn amount(dose: Node<'_>) -> Option<Quantity> {
    let rate = dose.first("doseAndRate").json.get("doseQuantity");
    let places = [rate, dose.any(&["doseQuantity", "quantityQuantity", "dose", "quantity"])];
    places.into_iter().find_map(quantity)
}

/// How often, in words: the source's own, else counted from its structure, as in `2 per 1 d`.
fn frequency(timing: &Json) -> String {
    let words = timing.get("code").text("text");
    if !words.is_empty() {
        return words.to_owned();
    }
    let abbreviation = code(timing.get("code"));
    if !abbreviation.is_empty() {
        return abbreviation;
    }
    let repeat = timing.get("repeat");
    let (times, per) = (repeat.text("frequency"), repeat.text("period"));
    let unit = [repeat.text("periodUnit"), repeat.text("periodUnits")].concat();
    if per.is_empty() || unit.is_empty() {
        return String::new();
    }
    let times = if times.is_empty() { "1" } else { times };
    let most = repeat.text("frequencyMax");
    let range = if most.is_empty() { String::new() } else { format!("-{most}") };
    let moments: Vec<&str> = repeat.get("when").items().iter().map(Json::as_str).collect();
    format!("{times}{range} per {per} {unit} {}", moments.join(" ")).trim().to_owned()
}

fn requester(node: Node<'_>) -> Option<Reference> {
    // STU3 wraps it: requester.agent.
    let agent = node.get("requester").reference(&["agent"]);
    agent.or_else(|| node.reference(&["requester", "prescriber", "informationSource"]))
}
