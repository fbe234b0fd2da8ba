//! `fixtures/golden.tsv`: facts of documents of all vendors, each line checked by eye against the XML. The
//! columns are kind (with `not` or `none` before it), label, first three codes, status, start,
//! end, and a detail of the kind: category, reactions, dose and schedule, value, lot, diagnoses.

use super::samples::{read, statements};
use almoner_core::clinical::{
    AllergyIntolerance, Concept, Content, Medication, Period, Quantity, Reaction, Value, When,
};
use almoner_core::export::{Sense, Statement};
use std::collections::BTreeMap;

/// Documents that must be in the table at least.
const DOCUMENTS: usize = 60;

#[test]
fn facts_checked_by_eye_are_read_so() {
    let table = include_str!("../fixtures/golden.tsv");
    let mut expected: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in table.lines().skip(1) {
        let (path, facts) = line.split_once('\t').unwrap();
        expected.entry(path).or_default().push(facts);
    }
    let mut missed = Vec::new();
    for (path, facts) in &expected {
        let export = read(path).unwrap_or_else(|e| panic!("{path}: {e:?}"));
        let found: Vec<String> = statements(&export).iter().filter_map(row).collect();
        let absent = facts.iter().filter(|fact| !found.iter().any(|row| row == **fact));
        missed.extend(absent.map(|fact| format!("{path}: {fact}")));
    }
    let facts: usize = expected.values().map(Vec::len).sum();
    println!("{} documents, {facts} facts, {} not as read", expected.len(), missed.len());
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    assert!(expected.len() >= DOCUMENTS);
}

/// A statement as a line of the table.
fn row(statement: &Statement) -> Option<String> {
    let sense = match statement.sense {
        Sense::Stated => "",
        Sense::Negated => "not ",
        Sense::NoneKnown => "none ",
    };
    let (code, status, period, detail) = parts(&statement.content)?;
    let cells = [
        format!("{sense}{}", statement.content.kind().key()),
        code.label().to_owned(),
        codes(code),
        status,
        day(period.start.as_ref()),
        day(period.end.as_ref()),
        detail,
    ];
    Some(cells.join("\t"))
}

/// Code, status, times and detail of a content.
fn parts(content: &Content) -> Option<(&Concept, String, Period, String)> {
    let from = |start: &Option<When>| Period { start: start.clone(), end: None };
    Some(match content {
        Content::Condition(c) => {
            let period = Period { start: c.onset.clone(), end: c.abatement.clone() };
            (&c.code, c.clinical_status.clone(), period, c.category.clone())
        }
        Content::Allergy(a) => (&a.code, a.clinical_status.clone(), from(&a.onset), reactions(a)),
        Content::Medication(m) => (&m.code, m.status.clone(), m.period.clone(), schedule(m)),
        Content::Observation(o) => {
            (&o.code, o.status.clone(), o.effective.clone(), value(&o.value))
        }
        Content::Immunization(i) => {
            (&i.code, i.status.clone(), from(&i.occurrence), i.lot_number.clone())
        }
        Content::Procedure(p) => (&p.code, p.status.clone(), p.performed.clone(), String::new()),
        Content::Encounter(e) => {
            let diagnoses: Vec<String> = e.diagnoses.iter().map(|d| codes(&d.code)).collect();
            let status = format!("{} {}", e.class, e.status).trim().to_owned();
            let code =
                e.type_.first().unwrap_or(const { &Concept { text: None, codings: vec![] } });
            (code, status, e.period.clone(), diagnoses.join("; "))
        }
        Content::Other(o) => (&o.code, o.status.clone(), o.period.clone(), o.resource_type.clone()),
        _ => return None,
    })
}

fn codes(concept: &Concept) -> String {
    let short = |system: &str| system.rsplit(['/', ':']).next().unwrap_or_default().to_owned();
    let codes = concept.codings.iter().take(3).map(|c| format!("{}|{}", short(&c.system), c.code));
    codes.collect::<Vec<_>>().join(" ")
}

fn day(when: Option<&When>) -> String {
    when.map(|when| when.as_str().to_owned()).unwrap_or_default()
}

fn quantity(q: &Quantity) -> String {
    format!("{}{} {}", q.comparator, q.value, q.unit).trim_end().to_owned()
}

fn reactions(allergy: &AllergyIntolerance) -> String {
    let told = |r: &Reaction| {
        let words: Vec<&str> = r.manifestation.iter().map(Concept::label).collect();
        format!("{} {}", words.join("+"), r.severity).trim().to_owned()
    };
    allergy.reactions.iter().map(told).collect::<Vec<_>>().join("; ")
}

fn schedule(medication: &Medication) -> String {
    let dose = medication.dose.as_ref().map(quantity);
    let route = medication.route.as_ref().map(|route| route.label().to_owned());
    let parts = [dose, route, Some(medication.frequency.clone())].into_iter().flatten();
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

fn value(value: &Value) -> String {
    match value {
        Value::Quantity(q) => quantity(q),
        Value::Concept(c) => format!("{} {}", c.label(), codes(c)).trim_end().to_owned(),
        Value::Text(text) => text.clone(),
        Value::When(when) => when.as_str().to_owned(),
        Value::Boolean(yes) => yes.to_string(),
        Value::Range { low, high } => {
            let end =
                |q: &Option<Quantity>| q.as_ref().map(|q| q.value.clone()).unwrap_or_default();
            format!("{}..{}", end(low), end(high))
        }
        Value::Absent => String::new(),
    }
}
