//! Results of one number in their stages, in whatever order they come (HL7 v2.5.1 table 0085: P, F, C,
//! D, W, X), and what a source takes back.

use super::pages::{draw, visit};
use super::{House, noon};
use almoner_core::actor::Role;
use almoner_core::clinical::{Content, Value};
use almoner_frame::Language;
use almoner_people::patients::Patient;

/// A message with one result of one number.
fn message(n: usize, status: &str, value: &str) -> String {
    format!(
        "MSH|^~\\&|LAB|NORTH|||20261122120{n}||ORU^R01|M{n}|P|2.5.1\rPID|1||77^^^NORTH^MR||Doe^Jane||19800101|F\r\
         OBR|1|P1|F1|CHEM^Chemistry^L|||202611211200\rOBX|1|NM|2823-3^Potassium^LN|1|{value}|mmol/L|3.5-5|{}|||{status}|||202611211200",
        if value.starts_with('7') { "HH" } else { "" }
    )
}

/// What stands of the result when these came: value, status, flags; and how many facts.
fn stands(messages: &[(&str, &str)]) -> (String, String, Vec<String>, usize) {
    let house = House::new();
    for (n, (status, value)) in messages.iter().enumerate() {
        let minute = i64::try_from(n).unwrap();
        house.drop_file(message(n, status, value).as_bytes(), "lab", minute);
    }
    let all: Vec<crate::Fact> = house.desk.read(|reader| reader.all()).unwrap();
    let results: Vec<_> = all
        .iter()
        .filter_map(|fact| match &fact.content {
            Content::Observation(it) => Some((fact, it)),
            _ => None,
        })
        .collect();
    let (fact, it) = results.first().unwrap();
    assert!(fact.differs.is_empty(), "{messages:?}: {fact:?}");
    let value = match &it.value {
        Value::Quantity(it) => it.value.clone(),
        other => format!("{other:?}"),
    };
    let flags = it.interpretation.iter().map(|flag| flag.label().to_owned()).collect();
    let told = (value, it.status.clone(), flags, results.len());
    house.desk.close();
    told
}

#[test]
fn a_later_stage_takes_the_place_of_an_earlier_one_in_whatever_order_they_come() {
    let stood = |value: &str, status: &str, flags: &[&str]| {
        let flags: Vec<String> = flags.iter().map(|it| (*it).to_owned()).collect();
        (value.to_owned(), status.to_owned(), flags, 1)
    };
    for (messages, expected) in [
        (vec![("P", "7.1"), ("F", "4.2")], stood("4.2", "final", &[])),
        (vec![("F", "4.2"), ("P", "7.1")], stood("4.2", "final", &[])),
        (vec![("F", "7.1"), ("C", "4.2")], stood("4.2", "corrected", &[])),
        (vec![("C", "4.2"), ("F", "7.1")], stood("4.2", "corrected", &[])),
        (vec![("C", "4.2"), ("C", "4.4")], stood("4.4", "corrected", &[])),
        (vec![("P", "4.2"), ("F", "4.2"), ("P", "4.2")], stood("4.2", "final", &[])),
        (vec![("F", "7.1"), ("W", "")], stood("7.1", "entered-in-error", &["HH"])),
        (vec![("F", "7.1"), ("D", "7.1")], stood("7.1", "entered-in-error", &["HH"])),
        (vec![("D", ""), ("F", "7.1")], stood("Absent", "entered-in-error", &[])),
    ] {
        assert_eq!(stands(&messages), expected, "{messages:?}");
    }
}

#[test]
fn what_a_source_takes_back_leaves_the_lists() {
    let house = House::new();
    house.drop_file(message(0, "F", "7.1").as_bytes(), "lab", 0);
    let people: Vec<Patient> = house.desk.read(|reader| reader.all()).unwrap();
    let id = people[0].id.to_string();
    let shown = |path: &str, route: &str| {
        let at = path.replace("ID", &id);
        let visit = visit(Role::Coordinator, Language::English, &at, &[("patient", &id)]);
        let page = draw(&house, &visit, route).unwrap();
        page.main.as_str().contains("Potassium")
    };
    let chart = || shown("/p/ID/chart", "/p/{patient}/chart");
    let overview = || shown("/p/ID", "/p/{patient}");
    assert!(chart(), "chart");
    assert!(overview(), "overview");
    house.drop_file(message(1, "W", "").as_bytes(), "lab", 1);
    assert!(!chart() && !overview());
    let facts: Vec<crate::Fact> = house.desk.read(|reader| reader.all()).unwrap();
    assert_eq!(facts.len(), 1, "it stays in history");
    assert!(facts[0].updated >= noon());
    house.desk.close();
}
