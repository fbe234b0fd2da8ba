//! What a message says besides its event: allergies (`AL1`, `IAM`), insurance (`IN1`), vaccines
//! (`RXA`) (HL7 v2.5.1 chapters 3, 4 and 6).

use super::scene::Scene;
use super::segment::{Piece, Segment};
use super::visit::reference;
use super::{codes, datatypes, times, values};
use almoner_core::clinical::{
    AllergyIntolerance, Concept, Content, Coverage, Identifier, Immunization, Period, Reaction,
    Value,
};
use almoner_core::export::{Sense, Statement};

/// SNOMED CT codes for "no known allergy" of some sort.
const NO_ALLERGY: [&str; 5] = ["716186003", "409137002", "429625007", "428607008", "716184000"];

/// Reads `AL1` or `IAM`, which agree in fields 2 to 5.
pub(super) fn allergy(scene: &Scene, segment: &Segment<'_>) -> Option<Statement> {
    let code = datatypes::concept(segment.field(3))?;
    let interactive = &segment.id == b"IAM";
    let (criticality, severity) = severity(&segment.field(4).component(1).text());
    let manifestations = segment.field(5).repetitions();
    let reactions: Vec<Reaction> = manifestations
        .filter_map(datatypes::concept)
        .map(|said| Reaction { manifestation: vec![said], severity: severity.to_owned() })
        .collect();
    let none = says_none(&code);
    let withdrawn = interactive && segment.field(6).component(1).text() == "D";
    let inactive = interactive && segment.field(17).component(1).text() == "I";
    let onset = if interactive { 11 } else { 6 };
    let allergy = AllergyIntolerance {
        code,
        clinical_status: if inactive { "inactive" } else { "active" }.to_owned(),
        verification_status: if withdrawn { "entered-in-error" } else { "" }.to_owned(),
        category: category(&segment.field(2).component(1).text()).to_owned(),
        criticality: criticality.to_owned(),
        onset: times::when(&segment.field(onset).component(1).text()),
        reactions,
        ..AllergyIntolerance::default()
    };
    let mut statement = scene.statement(segment, Content::Allergy(allergy));
    if none {
        statement.sense = Sense::NoneKnown;
    }
    if interactive {
        statement.identifiers.extend(datatypes::entity(segment.field(7), &scene.sender, ""));
    }
    Some(statement)
}

/// Reads `IN1`.
pub(super) fn coverage(scene: &Scene, in1: &Segment<'_>) -> Option<Statement> {
    let named = |n: usize| in1.field(n).component(1).string();
    let (payor, plan) = (named(4), datatypes::concept(in1.field(2)));
    let member = named(49);
    let subscriber_id = if member.is_empty() { named(36) } else { member };
    let plan = plan.map(|plan| plan.label().to_owned()).unwrap_or_default();
    if payor.is_empty() && plan.is_empty() && subscriber_id.is_empty() {
        return None;
    }
    let group = named(8);
    let identifiers: Vec<Identifier> = (!subscriber_id.is_empty())
        .then(|| Identifier {
            system: payor.clone(),
            value: subscriber_id.clone(),
            kind: "MB".to_owned(),
        })
        .into_iter()
        .collect();
    let type_ = datatypes::concept(in1.field(15)).or_else(|| datatypes::concept(in1.field(47)));
    let coverage = Coverage {
        identifiers: identifiers.clone(),
        type_,
        payor: if payor.is_empty() { named(3) } else { payor },
        plan,
        group: if group.is_empty() { named(9) } else { group },
        subscriber_id,
        relationship: datatypes::concept_in(in1.field(17), codes::RELATIONSHIP),
        period: Period {
            start: times::when(&in1.field(12).component(1).text()),
            end: times::when(&in1.field(13).component(1).text()),
        },
        ..Coverage::default()
    };
    let mut statement = scene.statement(in1, Content::Coverage(coverage));
    statement.identifiers = identifiers;
    Some(statement)
}

/// Reads `RXA` of a vaccination message; `order` is the `ORC` before it, with the dose's own id.
/// CVX 998 says that no vaccine was given, and is no statement.
pub(super) fn immunization(
    scene: &Scene,
    rxa: &Segment<'_>,
    order: Option<&Segment<'_>>,
    visit: Option<&Statement>,
) -> Option<Statement> {
    let code = datatypes::concept(rxa.field(5))?;
    if code.codings.iter().any(|coding| coding.code == "998") {
        return None;
    }
    let status = match (&*rxa.field(21).text(), &*rxa.field(20).component(1).text()) {
        ("D", _) => "entered-in-error",
        (_, "RE" | "NA") => "not-done",
        _ => "completed",
    };
    let immunization = Immunization {
        code,
        status: status.to_owned(),
        status_reason: datatypes::concept(rxa.field(18)),
        occurrence: times::when(&rxa.field(3).component(1).text()),
        lot_number: rxa.field(15).string(),
        manufacturer: words(rxa.field(17)),
        encounter: visit.map(reference),
    };
    let mut statement = scene.statement(rxa, Content::Immunization(immunization));
    if status == "not-done" {
        statement.sense = Sense::Negated;
    }
    statement.narrative = words(rxa.field(9));
    let filler = order.and_then(|orc| datatypes::entity(orc.field(3), &scene.sender, "FILL"));
    statement.identifiers.extend(filler);
    Some(statement)
}

/// Adds what an `OBX` says of the dose before it (eligibility, information sheet, site), in words.
pub(super) fn of_dose(obx: &Segment<'_>, dose: Option<&mut Statement>) {
    let (Some(dose), Some(asked)) = (dose, datatypes::concept(obx.field(3))) else { return };
    let said = match values::of(obx).0 {
        Value::Concept(concept) => concept.label().to_owned(),
        Value::Text(text) => text,
        Value::When(when) => when.to_string(),
        Value::Quantity(q) => format!("{}{} {}", q.comparator, q.value, q.unit).trim().to_owned(),
        _ => return,
    };
    let line = format!("{}: {said}", asked.label());
    let narrative = std::mem::take(&mut dose.narrative);
    let lines = [narrative, line].into_iter().filter(|line| !line.is_empty());
    dose.narrative = lines.collect::<Vec<_>>().join("\n");
}

/// "No known allergies", as a SNOMED code or in the words that feeds use.
fn says_none(code: &Concept) -> bool {
    let words = code.label().to_ascii_uppercase();
    let words = words.trim();
    code.codings.iter().any(|coding| NO_ALLERGY.contains(&coding.code.as_str()))
        || matches!(words, "NKA" | "NKDA" | "NKFA" | "NONE" | "NONE KNOWN")
        || (words.starts_with("NO KNOWN") && words.contains("ALLERG"))
}

/// Table 0127 (allergen type) → allergy-intolerance-category.
fn category(code: &str) -> &'static str {
    match code {
        "DA" | "AA" => "medication",
        "FA" => "food",
        "EA" | "LA" | "PA" => "environment",
        _ => "",
    }
}

/// Table 0128 (allergy severity) → criticality, and severity of the reaction.
fn severity(code: &str) -> (&'static str, &'static str) {
    match code.to_ascii_uppercase().as_str() {
        "SV" => ("high", "severe"),
        "MO" => ("", "moderate"),
        "MI" => ("low", "mild"),
        _ => ("", ""),
    }
}

/// The words of a coded field: its text, else its code.
fn words(field: Piece<'_>) -> String {
    datatypes::concept(field).map(|concept| concept.label().to_owned()).unwrap_or_default()
}
