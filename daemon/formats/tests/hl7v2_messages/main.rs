//! Messages of every kind that carries something for a chart, made up from the standard: what each
//! becomes, one line per statement. Here is what the tests share.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod events;
mod orders;
mod standard;

use almoner_core::clinical::{Concept, Content, Identifier, Period, When};
use almoner_core::export::{Export, Sense, Statement};
use almoner_formats::read;

/// A message about Jane Doe, one segment on each line; blanks around them do not count.
pub(crate) fn export(type_: &str, segments: &str) -> Export {
    let head = format!("MSH|^~\\&|EHR|NORTH|||20260704120000||{type_}|C1|P|2.5.1");
    let pid = "PID|1||77^^^NORTH^MR||Doe^Jane||19800101|F";
    let mut all = vec![head.as_str()];
    let segments: Vec<&str> = segments.lines().map(str::trim).filter(|s| !s.is_empty()).collect();
    if !segments.iter().any(|segment| segment.starts_with("PID")) {
        all.push(pid);
    }
    all.extend(segments);
    read(all.join("\r").as_bytes(), "x.hl7").remove(0).outcome.unwrap()
}

/// What the message says, one line per statement.
pub(crate) fn told(type_: &str, segments: &str) -> Vec<String> {
    let export = export(type_, segments);
    export.people.iter().flat_map(|person| &person.statements).map(line).collect()
}

pub(crate) fn line(statement: &Statement) -> String {
    let sense = match statement.sense {
        Sense::Stated => "",
        Sense::Negated => "not ",
        Sense::NoneKnown => "none ",
    };
    let cells = cells(&statement.content);
    let mut cells: Vec<String> = cells.into_iter().filter(|cell| !cell.is_empty()).collect();
    cells.insert(0, format!("{sense}{}", statement.content.kind().key()));
    let ids: Vec<&str> = statement.identifiers.iter().map(|id: &Identifier| &*id.value).collect();
    if !ids.is_empty() {
        cells.push(format!("#{}", ids.join(" #")));
    }
    cells.join(" | ")
}

fn cells(content: &Content) -> Vec<String> {
    let code = |concept: &Concept| concept.label().to_owned();
    match content {
        Content::Condition(c) => vec![
            code(&c.code),
            c.category.clone(),
            [&*c.clinical_status, &*c.verification_status].concat(),
            day(c.onset.as_ref()),
            day(c.abatement.as_ref()),
        ],
        Content::Medication(m) => vec![
            code(&m.code),
            format!("{:?} {}", m.use_, m.status),
            m.dose.as_ref().map(|q| format!("{} {}", q.value, q.unit)).unwrap_or_default(),
            m.route.as_ref().map(code).unwrap_or_default(),
            m.frequency.clone(),
            m.sig.clone(),
            span(&m.period),
            m.refills.map(|n| format!("{n} refills")).unwrap_or_default(),
        ],
        Content::Procedure(p) => vec![code(&p.code), span(&p.performed)],
        Content::Encounter(e) => vec![e.class.clone(), e.status.clone(), span(&e.period)],
        Content::Coverage(c) => vec![c.payor.clone(), c.plan.clone(), c.group.clone()],
        Content::Observation(o) => vec![code(&o.code), format!("{:?}", o.value), o.note.clone()],
        Content::Immunization(i) => vec![code(&i.code), i.status.clone()],
        Content::Other(o) => vec![
            o.resource_type.clone(),
            code(&o.code),
            o.status.clone(),
            span(&o.period),
            o.note.clone(),
        ],
        Content::Document(d) => vec![d.title.clone(), d.status.clone()],
        other => panic!("{other:?}"),
    }
}

fn day(when: Option<&When>) -> String {
    when.map(|when| when.as_str().to_owned()).unwrap_or_default()
}

fn span(period: &Period) -> String {
    let ends = [day(period.start.as_ref()), day(period.end.as_ref())];
    if ends.iter().all(String::is_empty) { String::new() } else { ends.join("..") }
}

/// Type, segments, and the statements they become.
pub(crate) type Case = (&'static str, &'static str, &'static [&'static str]);

pub(crate) fn check(cases: &[Case]) {
    for (type_, segments, expected) in cases {
        assert_eq!(told(type_, segments), *expected, "{type_}\n{segments}");
    }
}
