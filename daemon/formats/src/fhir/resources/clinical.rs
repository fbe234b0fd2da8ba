//! Reading of problems, allergies, vaccines and procedures.

use super::{Outcome, category, judged};
use crate::fhir::datatypes::{ABATEMENT, PROBLEMS, PROCEDURES, VACCINES, extension, notes, when};
use crate::fhir::node::Node;
use almoner_core::clinical::{
    AllergyIntolerance, Condition, Content, Immunization, Procedure, Reaction,
};

/// Categories that tell how to list a Condition.
const CONDITION_CATEGORIES: [&str; 3] =
    ["problem-list-item", "encounter-diagnosis", "health-concern"];

/// Reads a Condition. `refuted` is a negation: it is not so.
pub(super) fn condition(node: Node<'_>) -> Outcome {
    let said = [notes(node.json.get("note")), notes(node.json.get("notes"))];
    let mut words: Vec<String> = said.into_iter().filter(|words| !words.is_empty()).collect();
    let onset = node.text("onsetString");
    if !onset.is_empty() {
        words.insert(0, onset);
    }
    let condition = Condition {
        code: node.concept(&["code"], PROBLEMS).unwrap_or_default(),
        clinical_status: node.code(&["clinicalStatus"]),
        verification_status: node.code(&["verificationStatus"]),
        category: category(node, &["category"], &CONDITION_CATEGORIES),
        severity: node.concept(&["severity"], PROBLEMS),
        onset: node.time("onset").start,
        abatement: node.time("abatement").start.or_else(|| {
            let ours = extension(node.json, ABATEMENT)?;
            when(ours, "valueDateTime")
        }),
        recorded: node.when(&["recordedDate", "assertedDate", "dateRecorded", "dateAsserted"]),
        encounter: node.reference(&["encounter", "context"]),
        note: words.join("\n"),
    };
    let refuted = condition.verification_status == "refuted";
    let code = condition.code.clone();
    judged(Content::Condition(condition), &code, refuted)
}

/// Reads an AllergyIntolerance; without a code of its own the substance of its first reaction.
pub(super) fn allergy(node: Node<'_>) -> Outcome {
    let reaction = |item: Node<'_>| Reaction {
        manifestation: item.concepts(&["manifestation"], PROBLEMS),
        severity: item.text("severity"),
    };
    let substance = || node.first("reaction").concept(&["substance"], &[]);
    // DSTU2 has one status for how it stands and how sure it is.
    let old = node.text("status");
    let stands = match old.as_str() {
        "active" | "unconfirmed" | "confirmed" => "active",
        status @ ("inactive" | "resolved") => status,
        _ => "",
    };
    let sure =
        Some(old.as_str()).filter(|it| matches!(*it, "unconfirmed" | "confirmed" | "refuted"));
    let or =
        |said: String, otherwise: &str| if said.is_empty() { otherwise.to_owned() } else { said };
    let allergy = AllergyIntolerance {
        code: node.concept(&["code", "substance"], &[]).or_else(substance).unwrap_or_default(),
        clinical_status: or(node.code(&["clinicalStatus"]), stands),
        verification_status: or(node.code(&["verificationStatus"]), sure.unwrap_or_default()),
        type_: node.code(&["type"]),
        category: category(node, &["category"], &[]),
        criticality: criticality(&node.text("criticality")),
        onset: node.time("onset").start,
        recorded: node.when(&["recordedDate", "assertedDate"]),
        reactions: node.list("reaction").map(reaction).filter(said).collect(),
    };
    let refuted = allergy.verification_status == "refuted";
    let code = allergy.code.clone();
    judged(Content::Allergy(allergy), &code, refuted)
}

/// Reads an Immunization. `not-done` (STU3 `notGiven`, DSTU2 `wasNotGiven`) is a negation.
pub(super) fn immunization(node: Node<'_>) -> Outcome {
    let withheld = ["notGiven", "wasNotGiven"].iter().any(|key| node.flag(key) == Some(true));
    let status = node.text("status");
    let reason = node.concept(&["statusReason"], &[]);
    let explained = || node.get("explanation").concept(&["reasonNotGiven"], &[]);
    let maker = node.reference(&["manufacturer"]).map(|maker| maker.display);
    let immunization = Immunization {
        code: node.concept(&["vaccineCode"], VACCINES).unwrap_or_default(),
        status: if withheld { "not-done".to_owned() } else { status },
        status_reason: reason.or_else(explained),
        occurrence: node.time("occurrence").start.or_else(|| node.when(&["date"])),
        lot_number: node.text("lotNumber"),
        manufacturer: maker.unwrap_or_default(),
        encounter: node.reference(&["encounter"]),
    };
    let not = immunization.status == "not-done";
    let code = immunization.code.clone();
    judged(Content::Immunization(immunization), &code, not)
}

/// Reads a Procedure. `not-done` (STU3 `notDone`) is a negation.
pub(super) fn procedure(node: Node<'_>) -> Outcome {
    let undone = ["notDone", "notPerformed"].iter().any(|key| node.flag(key) == Some(true));
    let status = node.text("status");
    let performed = node.time("performed");
    let actor = node.first("performer").reference(&["actor"]);
    let reasons: (&[&str], &[&str]) = (&["reasonCode", "reason"], &["reasonReference", "reason"]);
    let procedure = Procedure {
        code: node.concept(&["code"], PROCEDURES).unwrap_or_default(),
        status: if undone { "not-done".to_owned() } else { status },
        performed: if performed.start.is_some() || performed.end.is_some() {
            performed
        } else {
            node.time("occurrence")
        },
        performer: actor,
        reason: node.concept_or_target(reasons.0, reasons.1, PROBLEMS),
        encounter: node.reference(&["encounter", "context"]),
        note: notes(node.any(&["note", "notes"])),
    };
    let not = procedure.status == "not-done";
    let code = procedure.code.clone();
    judged(Content::Procedure(procedure), &code, not)
}

/// Criticality in the words of R4; DSTU2 writes the codes of HL7 v3.
fn criticality(written: &str) -> String {
    let known = match written {
        "CRITL" => "low",
        "CRITH" => "high",
        "CRITU" => "unable-to-assess",
        other => other,
    };
    known.to_owned()
}

fn said(reaction: &Reaction) -> bool {
    !reaction.manifestation.is_empty() || !reaction.severity.is_empty()
}
