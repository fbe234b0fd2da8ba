//! `fixtures/golden.tsv`: facts of documents of all vendors, each line checked against what the XML and
//! its narrative say, not against this reader. A line without columns is the path of a document, the
//! lines after it are its facts. The columns are kind (with `not` or `none` before it),
//! label, first three codes, status, start, end, and a detail of the kind: category, reactions, dose and
//! schedule, value, lot, diagnoses, plan and numbers of a policy, telephones of a relation. `patient`
//! is the header's person: name, numbers, sex, birth, death, then place, telephone, languages, race and
//! ethnicity. `noted` is what the receipt must say of the document.

use super::samples::{read, statements};
use almoner_core::clinical::{
    AllergyIntolerance, Concept, Content, Coverage, HumanName, Medication, Patient, Period,
    Quantity, Reaction, RelatedPerson, Value, When,
};
use almoner_core::export::{Sense, Statement};
use std::collections::BTreeMap;

/// Documents that must be in the table at least, and facts.
const DOCUMENTS: usize = 100;
const FACTS: usize = 1_000;

#[test]
fn facts_checked_by_eye_are_read_so() {
    let table = include_str!("../fixtures/golden.tsv");
    let mut expected: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut path = "";
    for line in table.lines().skip(1) {
        if line.contains('\t') {
            expected.entry(path).or_default().push(line);
        } else {
            path = line;
        }
    }
    let mut missed = Vec::new();
    for (path, facts) in &expected {
        let export = read(path).unwrap_or_else(|e| panic!("{path}: {e:?}"));
        let mut found: Vec<String> = statements(&export).iter().filter_map(row).collect();
        found.push(patient(&export.people[0].patient));
        found.extend(export.problems.iter().map(|problem| noted(&problem.code)));
        let absent = facts.iter().filter(|fact| !found.iter().any(|row| row == **fact));
        missed.extend(absent.map(|fact| format!("{path}: {fact}")));
    }
    let facts: usize = expected.values().map(Vec::len).sum();
    println!("{} documents, {facts} facts, {} not as read", expected.len(), missed.len());
    assert!(missed.is_empty(), "{}", missed.join("\n"));
    assert!(expected.len() >= DOCUMENTS && facts >= FACTS);
}

/// A statement as a line of the table.
fn row(statement: &Statement) -> Option<String> {
    let sense = match statement.sense {
        Sense::Stated => "",
        Sense::Negated => "not ",
        Sense::NoneKnown => "none ",
    };
    let (code, status, period, detail) = parts(&statement.content)?;
    Some(line([
        format!("{sense}{}", statement.content.kind().key()),
        code.label().to_owned(),
        codes(&code),
        status,
        day(period.start.as_ref()),
        day(period.end.as_ref()),
        detail,
    ]))
}

/// The cells of a line, blanks and breaks within them made one space.
fn line(cells: [String; 7]) -> String {
    let cells = cells.map(|cell| cell.split_whitespace().collect::<Vec<_>>().join(" "));
    cells.join("\t")
}

/// The person of the header as a line of the table.
fn patient(patient: &Patient) -> String {
    let place = patient.addresses.first().map(|a| {
        let parts = [&*a.city, &*a.state, &*a.postal_code];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    });
    let telecom = patient.telecoms.first().map(|t| t.value.clone());
    let languages = patient.communications.iter().map(|c| c.language.clone());
    let origins = patient.race.iter().chain(&patient.ethnicity).map(codes);
    let detail = place.into_iter().chain(telecom).chain(languages).chain(origins);
    let detail: Vec<String> = detail.filter(|part| !part.is_empty()).collect();
    let numbers = patient.identifiers.iter().take(3);
    let numbers = numbers.map(|id| format!("{}|{}", short(&id.system), id.value));
    line([
        "patient".to_owned(),
        patient.names.first().map(person).unwrap_or_default(),
        numbers.collect::<Vec<_>>().join(" "),
        patient.gender.clone(),
        day(patient.birth_date.as_ref()),
        day(patient.deceased_at.as_ref()),
        detail.join("; "),
    ])
}

/// What was noted, as a line of the table.
fn noted(code: &str) -> String {
    let mut cells = [const { String::new() }; 7];
    "noted".clone_into(&mut cells[0]);
    code.clone_into(&mut cells[1]);
    line(cells)
}

/// Code, status, times and detail of a content.
fn parts(content: &Content) -> Option<(Concept, String, Period, String)> {
    let from = |start: &Option<When>| Period { start: start.clone(), end: None };
    Some(match content {
        Content::Condition(c) => {
            let period = Period { start: c.onset.clone(), end: c.abatement.clone() };
            (c.code.clone(), c.clinical_status.clone(), period, c.category.clone())
        }
        Content::Allergy(a) => {
            (a.code.clone(), a.clinical_status.clone(), from(&a.onset), reactions(a))
        }
        Content::Medication(m) => (m.code.clone(), m.status.clone(), m.period.clone(), schedule(m)),
        Content::Observation(o) => {
            (o.code.clone(), o.status.clone(), o.effective.clone(), value(&o.value))
        }
        Content::Immunization(i) => {
            (i.code.clone(), i.status.clone(), from(&i.occurrence), i.lot_number.clone())
        }
        Content::Procedure(p) => {
            (p.code.clone(), p.status.clone(), p.performed.clone(), String::new())
        }
        Content::Encounter(e) => {
            let diagnoses: Vec<String> = e.diagnoses.iter().map(|d| codes(&d.code)).collect();
            let status = format!("{} {}", e.class, e.status).trim().to_owned();
            let code = e.type_.first().cloned().unwrap_or_default();
            (code, status, e.period.clone(), diagnoses.join("; "))
        }
        Content::Other(o) => {
            (o.code.clone(), o.status.clone(), o.period.clone(), o.resource_type.clone())
        }
        Content::Coverage(c) => (payor(c), c.status.clone(), c.period.clone(), policy(c)),
        Content::Document(d) => {
            (d.type_.clone(), d.content_type.clone(), from(&d.date), d.title.clone())
        }
        Content::Relation(r) => {
            let telecoms: Vec<&str> = r.telecoms.iter().map(|t| &*t.value).collect();
            (relation(r), String::new(), Period::default(), telecoms.join("; "))
        }
        _ => return None,
    })
}

/// Who pays, with the codes of the policy's kind.
fn payor(coverage: &Coverage) -> Concept {
    let codings = coverage.type_.clone().unwrap_or_default().codings;
    Concept { text: Some(coverage.payor.clone()), codings }
}

/// Plan, group, number and whose policy it is.
fn policy(coverage: &Coverage) -> String {
    let relationship = coverage.relationship.as_ref().map(Concept::label).unwrap_or_default();
    let parts = [&*coverage.plan, &*coverage.group, &*coverage.subscriber_id, relationship];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("; ")
}

/// A relation by name, with all codes that say what they are to the patient.
fn relation(related: &RelatedPerson) -> Concept {
    let codings = related.relationship.iter().flat_map(|r| r.codings.clone()).collect();
    Concept { text: related.names.first().map(person), codings }
}

fn person(name: &HumanName) -> String {
    format!("{} {}", name.given.join(" "), name.family).trim().to_owned()
}

fn short(system: &str) -> &str {
    system.rsplit(['/', ':']).next().unwrap_or_default()
}

fn codes(concept: &Concept) -> String {
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
