//! Reading of types whose own area is not built yet: shown as a line and kept whole.

use super::{Outcome, Why, fact};
use crate::fhir::datatypes::{code, identifiers, narrative, notes, period};
use crate::fhir::json::Json;
use crate::fhir::node::Node;
use almoner_core::clinical::{Concept, Content, FactKind, Other, Period};

/// SNOMED CT categories of orders that are no referral: laboratory, imaging, surgery, diagnostics.
const ORDERS: [&str; 5] = ["108252007", "363679005", "387713003", "103693007", "409063005"];

/// Reads a type that has no clinical type of its own; most make no fact.
pub(super) fn read(node: Node<'_>, resource_type: &str) -> Outcome {
    let kind = match resource_type {
        "Appointment" => FactKind::Appointment,
        "ServiceRequest" | "ReferralRequest" | "ProcedureRequest"
            if referral(node, resource_type) =>
        {
            FactKind::Referral
        }
        "Task" => FactKind::Referral,
        "Goal" => FactKind::Goal,
        "CarePlan" | "CareTeam" => FactKind::CarePlan,
        "EpisodeOfCare" => FactKind::Encounter,
        "PractitionerRole" | "Location" | "HealthcareService" => FactKind::Resource,
        _ => return Outcome::Unmodelled,
    };
    if node.text("intent") == "proposal" {
        return Outcome::Bare(Why::Proposed);
    }
    fact(Content::Other(Other {
        kind,
        resource_type: resource_type.to_owned(),
        code: title(node),
        status: node.texts(&["status", "lifecycleStatus"]),
        period: time(node),
        identifiers: identifiers(node.json.get("identifier")),
        note: words(node),
    }))
}

/// An order is a referral unless its category says laboratory, imaging or the like.
fn referral(node: Node<'_>, resource_type: &str) -> bool {
    if resource_type == "ReferralRequest" {
        return true;
    }
    let codings = |json: &Json| json.get("coding").items().iter().map(code).collect::<Vec<_>>();
    let codes: Vec<String> = node.list("category").flat_map(|c| codings(c.json)).collect();
    if codes.is_empty() {
        return says_referral(title(node).label());
    }
    !codes.iter().any(|code| ORDERS.contains(&code.as_str()))
}

/// Whether the words of an order without a category are those of a referral.
fn says_referral(words: &str) -> bool {
    let words = words.to_lowercase();
    ["referral", "refer to", "consult"].iter().any(|word| words.contains(word))
}

/// What to show as its title.
fn title(node: Node<'_>) -> Concept {
    let own = ["title", "name", "description"].iter().find_map(|key| {
        let json = node.json.get(key);
        matches!(json, Json::Text(text) if !text.trim().is_empty()).then(|| json.as_str())
    });
    let coded = ["code", "description", "serviceType", "appointmentType", "type", "specialty"];
    let coded = || {
        node.concept(&coded, &[]).or_else(|| node.concept(&["category", "serviceCategory"], &[]))
    };
    own.map(Concept::text).or_else(coded).unwrap_or_default()
}

fn time(node: Node<'_>) -> Period {
    let places = ["period", "executionPeriod"].map(|key| period(node.json.get(key)));
    let said = |period: &Period| period.start.is_some() || period.end.is_some();
    if let Some(found) = places.into_iter().find(said) {
        return found;
    }
    if let Some(found) = Some(node.time("occurrence")).filter(said) {
        return found;
    }
    Period {
        start: node.when(&["start", "startDate", "authoredOn", "dateSent", "created"]),
        // Of a goal: by when (R4 `target.dueDate`, DSTU2 `targetDate`).
        end: node
            .when(&["end", "targetDate"])
            .or_else(|| node.list("target").find_map(|target| target.when(&["dueDate"]))),
    }
}

/// Remarks of the source; of a plan without any, its narrative (some systems put all of it there). Of
/// a care team who belongs to it, of a goal how far it is, of an appointment why it was called off.
fn words(node: Node<'_>) -> String {
    let said = notes(node.any(&["note", "comment"]));
    let resource_type = node.json.text("resourceType");
    let told = match resource_type {
        "CarePlan" | "Goal" if said.is_empty() => narrative(node.json),
        _ => said,
    };
    let more = match resource_type {
        "CareTeam" => node.list("participant").map(member).collect(),
        "Goal" => vec![concept_words(node, &["achievementStatus"])],
        "Appointment" => vec![concept_words(node, &["cancelationReason", "cancellationReason"])],
        _ => Vec::new(),
    };
    let all = std::iter::once(told).chain(more);
    all.filter(|words| !words.is_empty()).collect::<Vec<_>>().join("\n")
}

fn concept_words(node: Node<'_>, keys: &[&str]) -> String {
    node.concept(keys, &[]).map(|concept| concept.label().to_owned()).unwrap_or_default()
}

/// One member of a care team: the role, and the name.
fn member(part: Node<'_>) -> String {
    let role = concept_words(part, &["role"]);
    let name = part.reference(&["member"]).map(|who| who.display).unwrap_or_default();
    let words = [role, name].into_iter().filter(|words| !words.is_empty());
    words.collect::<Vec<_>>().join(": ")
}
