//! Facts from rows: what a column map calls a condition, a medicine or a visit, as a statement with its
//! key, its place and the source's own number.

use super::account::Loss;
use super::cells::{BoundPiece, Cells};
use super::map::Wide;
use super::set::{Bound, whole};
use super::values;
use almoner_core::clinical::{
    AllergyIntolerance, Concept, Condition, ContactPoint, Content, Coverage, Document, Encounter,
    EncounterDiagnosis, FactKind, Identifier, Immunization, Medication, MedicationUse, Observation,
    Other, Period, Practitioner, Procedure, Reaction, Reference, RelatedPerson, Value, system,
};
use almoner_core::export::{Sense, Statement};
use std::collections::HashMap;

/// A row that is a fact, with what the map says around it.
pub(super) struct Row<'s> {
    pub cells: Cells<'s>,
    /// The table it stands in, as the map names it.
    pub table: &'s str,
    pub parts: &'s [BoundPiece<'s>],
    /// More lines of the note.
    pub lines: &'s [(&'s str, Bound)],
    pub identifier: Option<Identifier>,
    /// The visits of the set: the source's number, and the key of the statement.
    pub visits: &'s HashMap<String, String>,
}

/// What the row says, by the kind that the map gives it; `None` when it does not say what it is about.
pub(super) fn content(kind: &str, row: &Row<'_>) -> Option<Content> {
    Some(match kind {
        "condition" => Content::Condition(condition(row)?),
        "medication" => Content::Medication(medication(row)?),
        "allergy" => Content::Allergy(allergy(row)?),
        "observation" => Content::Observation(observation(row)?),
        "immunization" => Content::Immunization(immunization(row)?),
        "procedure" => Content::Procedure(procedure(row)?),
        "encounter" => Content::Encounter(encounter(row)),
        "coverage" => Content::Coverage(coverage(row)?),
        "document" => Content::Document(document(row)?),
        "relation" => Content::Relation(relation(row)?),
        "practitioner" => Content::Practitioner(practitioner(row)?),
        "appointment" => other(row, FactKind::Appointment, "Appointment")?,
        "referral" => other(row, FactKind::Referral, "ServiceRequest")?,
        "goal" => other(row, FactKind::Goal, "Goal")?,
        "care_plan" => other(row, FactKind::CarePlan, "CarePlan")?,
        "order" => other(row, FactKind::Resource, "ServiceRequest")?,
        _ => return None,
    })
}

/// The statement around a content.
pub(super) fn statement(row: &Row<'_>, key: String, content: Content) -> Statement {
    let cells = &row.cells;
    let sense = match &content {
        Content::Allergy(it) if says_none(it.code.label()) => Sense::NoneKnown,
        Content::Condition(it) if says_none(it.code.label()) => Sense::NoneKnown,
        Content::Medication(it) if says_none(it.code.label()) => Sense::NoneKnown,
        _ => Sense::Stated,
    };
    Statement {
        key,
        place: cells.scene.set.place(cells.at),
        content,
        sense,
        identifiers: row.identifier.iter().cloned().collect(),
        recorded: cells.when("recorded"),
        author: cells.text("author"),
        section: cells.text("section"),
        narrative: String::new(),
        labels: cells.all("label"),
        verbatim: None,
        distinct: row.identifier.is_some(),
    }
}

/// The observations of a row whose columns are a fact each, with the column that each stands in.
pub(super) fn wide(
    row: &Row<'_>,
    columns: &[(&Wide, Bound, Option<Bound>)],
) -> Vec<(usize, Content)> {
    let cells = &row.cells;
    let (set, at) = (cells.scene.set, cells.at);
    let mut found = Vec::new();
    for (number, (wide, column, second)) in columns.iter().enumerate() {
        let first = &*column.first(set, at);
        let other = second.as_ref().map(|second| second.first(set, at)).unwrap_or_default();
        let other = &*other;
        if first.is_empty() && other.is_empty() {
            continue;
        }
        let mut observation = about(row);
        observation.code = named(&wide.text, &wide.loinc);
        match (&wide.first, &wide.second) {
            (Some((words, code)), Some((_, words2, code2))) => {
                for (value, words, code) in [(first, words, code), (other, words2, code2)] {
                    if !value.is_empty() {
                        let value = values::value(value, &wide.unit);
                        observation.components.push((named(words, code), value));
                    }
                }
            }
            _ => observation.value = values::value(first, &wide.unit),
        }
        found.push((number, Content::Observation(observation)));
    }
    found
}

fn named(words: &str, loinc: &str) -> Concept {
    let codings = values::coding("LOINC", loinc, "").into_iter().collect();
    values::concept(words, codings).unwrap_or_default()
}

/// "No known allergies" and its kin, in the words of vendors.
fn says_none(words: &str) -> bool {
    let words = crate::tables::normal(words);
    words.starts_with("noknown") || matches!(words.as_str(), "nka" | "nkda" | "none")
}

/// The concept of a field that a fact cannot do without.
fn needed(row: &Row<'_>, name: &str) -> Option<Concept> {
    let concept = row.cells.concept(name);
    if concept.is_none() {
        let scene = row.cells.scene;
        scene.account.count(Loss::Hollow, row.table, || scene.set.place(row.cells.at));
    }
    concept
}

fn visit(row: &Row<'_>) -> Option<Reference> {
    let key = row.visits.get(whole(&row.cells.text("encounter")))?.clone();
    Some(Reference { key, display: String::new() })
}

/// The note, with the map's further lines.
fn note(row: &Row<'_>) -> String {
    let mut lines = row.cells.all("note");
    for (words, path) in row.lines {
        let values = path.all(row.cells.scene.set, row.cells.at);
        if !values.is_empty() {
            lines.push(format!("{words}: {}", values.join(", ")));
        }
    }
    lines.join("\n")
}

fn condition(row: &Row<'_>) -> Option<Condition> {
    let cells = &row.cells;
    let abatement = cells.when("abatement");
    let mut clinical_status = cells.text("status");
    let over = abatement.is_some() || cells.flag("status_resolved") == Some(true);
    if clinical_status.is_empty() && over {
        "resolved".clone_into(&mut clinical_status);
    } else if clinical_status.is_empty() && cells.flag("status_resolved") == Some(false) {
        "active".clone_into(&mut clinical_status);
    }
    Some(Condition {
        code: needed(row, "code")?,
        clinical_status,
        verification_status: cells.text("verification"),
        category: cells.text("category"),
        severity: cells.concept("severity"),
        onset: cells.when("onset"),
        abatement,
        recorded: cells.when("recorded"),
        encounter: visit(row),
        note: note(row),
    })
}

fn medication(row: &Row<'_>) -> Option<Medication> {
    let cells = &row.cells;
    let stopped = cells.flag("stopped") == Some(true) || cells.when("stopped_at").is_some();
    let use_ = match cells.text("use").as_str() {
        "reported" => MedicationUse::Reported,
        "administered" => MedicationUse::Administered,
        "discharge" => MedicationUse::Discharge,
        "admission" => MedicationUse::Admission,
        _ => MedicationUse::Ordered,
    };
    Some(Medication {
        code: needed(row, "code")?,
        use_,
        status: if stopped { "stopped".to_owned() } else { cells.text("status") },
        sig: cells.lines("sig"),
        dose: cells.quantity("dose", "dose_unit"),
        route: cells.concept("route"),
        frequency: cells.text("frequency"),
        as_needed: cells.flag("as_needed") == Some(true),
        period: Period {
            start: cells.when("start"),
            end: cells.when("stopped_at").or_else(|| cells.when("end")),
        },
        authored: cells.when("authored"),
        refills: cells.text("refills").parse().ok(),
        reason: cells.concept("reason"),
        requester: cells.named("requester"),
        encounter: visit(row),
        quantity: None,
        days_supply: None,
    })
}

fn allergy(row: &Row<'_>) -> Option<AllergyIntolerance> {
    let cells = &row.cells;
    let mut reactions = Vec::new();
    for piece in row.parts {
        for part in piece.each(cells.scene, cells.at) {
            let manifestation: Vec<Concept> = part.concept("manifestation").into_iter().collect();
            if !manifestation.is_empty() {
                reactions.push(Reaction { manifestation, severity: part.text("severity") });
            }
        }
    }
    Some(AllergyIntolerance {
        code: needed(row, "code")?,
        clinical_status: cells.text("status"),
        verification_status: cells.text("verification"),
        type_: cells.text("type"),
        category: cells.text("category"),
        criticality: cells.text("criticality"),
        onset: cells.when("onset"),
        recorded: cells.when("recorded"),
        reactions,
    })
}

/// What all observations of a row share.
fn about(row: &Row<'_>) -> Observation {
    let cells = &row.cells;
    Observation {
        category: cells.text("category"),
        status: cells.text("status"),
        effective: Period { start: cells.when("effective"), end: None },
        issued: cells.when("issued"),
        encounter: visit(row),
        note: note(row),
        ..Observation::default()
    }
}

fn observation(row: &Row<'_>) -> Option<Observation> {
    let cells = &row.cells;
    let (low, high) = (cells.text("low"), cells.text("high"));
    let mut reference_range = cells.text("range");
    if reference_range.is_empty() {
        reference_range = match (low.is_empty(), high.is_empty()) {
            (false, false) => format!("{low} - {high}"),
            (false, true) => format!(">= {low}"),
            (true, false) => format!("<= {high}"),
            (true, true) => String::new(),
        };
    }
    Some(Observation {
        code: needed(row, "code")?,
        value: values::value(&cells.lines("value"), &cells.text("unit")),
        interpretation: cells.concepts("interpretation"),
        reference_range,
        panel: cells.concept("panel"),
        ..about(row)
    })
}

fn immunization(row: &Row<'_>) -> Option<Immunization> {
    let cells = &row.cells;
    Some(Immunization {
        code: needed(row, "code")?,
        status: cells.text("status"),
        status_reason: cells.concept("status_reason"),
        occurrence: cells.when("occurrence"),
        lot_number: cells.text("lot"),
        manufacturer: cells.text("manufacturer"),
        encounter: visit(row),
    })
}

fn procedure(row: &Row<'_>) -> Option<Procedure> {
    let cells = &row.cells;
    Some(Procedure {
        code: needed(row, "code")?,
        status: cells.text("status"),
        performed: cells.period(),
        performer: cells.named("performer"),
        reason: cells.concept("reason"),
        encounter: visit(row),
        note: note(row),
    })
}

fn encounter(row: &Row<'_>) -> Encounter {
    let cells = &row.cells;
    let mut diagnoses = Vec::new();
    for piece in row.parts {
        for part in piece.each(cells.scene, cells.at) {
            let code = part.concept("code");
            diagnoses.extend(code.map(|code| EncounterDiagnosis { code, role: part.text("role") }));
        }
    }
    let participants = cells.all("participant").into_iter();
    Encounter {
        identifiers: row.identifier.iter().cloned().collect(),
        class: cells.text("class"),
        status: cells.text("status"),
        type_: cells.concept("type").into_iter().collect(),
        period: cells.period(),
        reason: cells.concepts("reason"),
        diagnoses,
        admit_source: cells.concept("admit_source"),
        discharge_disposition: cells.concept("disposition"),
        location: cells.text("location"),
        service_provider: cells.named("organization"),
        participants: participants
            .map(|display| Reference { key: String::new(), display })
            .collect(),
        part_of: None,
    }
}

fn coverage(row: &Row<'_>) -> Option<Coverage> {
    let cells = &row.cells;
    let coverage = Coverage {
        identifiers: row.identifier.iter().cloned().collect(),
        status: cells.text("status"),
        type_: cells.concept("type"),
        payor: cells.text("payor"),
        plan: cells.text("plan"),
        group: cells.text("group"),
        subscriber_id: cells.text("member"),
        relationship: cells.concept("relationship"),
        period: cells.period(),
        ..Coverage::default()
    };
    let said = !coverage.payor.is_empty()
        || !coverage.plan.is_empty()
        || !coverage.subscriber_id.is_empty();
    if !said {
        cells.scene.account.count(Loss::Hollow, row.table, || cells.scene.set.place(cells.at));
    }
    said.then_some(coverage)
}

fn document(row: &Row<'_>) -> Option<Document> {
    let cells = &row.cells;
    let text = values::words_of(&cells.lines("text"));
    if text.trim().is_empty() && cells.text("url").is_empty() {
        cells.scene.account.count(Loss::Hollow, row.table, || cells.scene.set.place(cells.at));
        return None;
    }
    Some(Document {
        identifiers: row.identifier.iter().cloned().collect(),
        type_: cells.concept("type").unwrap_or_default(),
        category: "clinical-note".to_owned(),
        status: cells.text("status"),
        title: cells.text("title"),
        date: cells.when("date"),
        authors: cells.named("author").into_iter().collect(),
        content_type: "text/plain".to_owned(),
        text,
        url: cells.text("url"),
        encounter: visit(row),
        ..Document::default()
    })
}

fn relation(row: &Row<'_>) -> Option<RelatedPerson> {
    let cells = &row.cells;
    let (name, telecoms) = (cells.name(), telecoms(cells));
    if name.is_none() && telecoms.is_empty() {
        cells.scene.account.count(Loss::Hollow, row.table, || cells.scene.set.place(cells.at));
        return None;
    }
    Some(RelatedPerson {
        identifiers: row.identifier.iter().cloned().collect(),
        names: name.into_iter().collect(),
        relationship: cells.concepts("relationship"),
        telecoms,
        addresses: cells.address().into_iter().collect(),
        gender: crate::hl7v2::codes::gender(&cells.text("gender")).to_owned(),
        birth_date: cells.when("birth_date"),
        period: cells.period(),
    })
}

/// The telephone numbers and the address of mail that stand in columns of the row itself.
fn telecoms(cells: &Cells<'_>) -> Vec<ContactPoint> {
    const KINDS: [(&str, &str, &str); 6] = [
        ("phone", "phone", ""),
        ("home_phone", "phone", "home"),
        ("work_phone", "phone", "work"),
        ("mobile_phone", "phone", "mobile"),
        ("fax", "fax", ""),
        ("email", "email", ""),
    ];
    let mut found = Vec::new();
    for (field, system, use_) in KINDS {
        for value in cells.all(field) {
            found.push(ContactPoint { system: system.to_owned(), value, use_: use_.to_owned() });
        }
    }
    found
}

fn practitioner(row: &Row<'_>) -> Option<Practitioner> {
    let cells = &row.cells;
    let mut identifiers: Vec<Identifier> = row.identifier.iter().cloned().collect();
    let npi = cells.text("npi");
    if !npi.is_empty() {
        identifiers.push(Identifier {
            system: system::US_NPI.to_owned(),
            value: npi,
            kind: "NPI".to_owned(),
        });
    }
    Some(Practitioner {
        identifiers,
        names: vec![cells.name()?],
        telecoms: telecoms(cells),
        addresses: cells.address().into_iter().collect(),
        specialty: cells.concept("specialty"),
    })
}

fn other(row: &Row<'_>, kind: FactKind, resource_type: &str) -> Option<Content> {
    let cells = &row.cells;
    Some(Content::Other(Other {
        kind,
        resource_type: resource_type.to_owned(),
        code: needed(row, "code")?,
        status: cells.text("status"),
        period: cells.period(),
        identifiers: row.identifier.iter().cloned().collect(),
        note: note(row),
    }))
}

/// What an observation holds, so that one without any value is told from one with.
pub(super) fn is_silent(content: &Content) -> bool {
    matches!(content, Content::Observation(it)
        if it.value == Value::Absent && it.components.is_empty() && it.note.is_empty())
}
