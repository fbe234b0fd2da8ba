//! Taking statements: when two tell one fact, when they differ, and when they are two.

use super::{House, noon};
use almoner_core::clinical::{
    AllergyIntolerance, Concept, Condition, Content, Encounter, Identifier, Medication,
    Observation, Patient, Period, Quantity, Value, When, system,
};
use almoner_core::export::{Export, PersonStatements, Sense, Statement};
use almoner_core::ids::FileId;
use almoner_frame::Incoming;

/// A statement that stands at a place of a C-CDA document.
pub(super) fn said(place: &str, content: Content) -> Statement {
    Statement {
        key: place.to_owned(),
        place: place.to_owned(),
        content,
        sense: Sense::Stated,
        identifiers: Vec::new(),
        recorded: None,
        author: String::new(),
        section: String::new(),
        narrative: String::new(),
        labels: Vec::new(),
        verbatim: None,
        distinct: false,
    }
}

pub(super) fn file(number: u8) -> Incoming {
    Incoming {
        file: FileId::random(),
        sha256: [number; 32],
        source: "epic".into(),
        format: "ccda".into(),
        document: "ccd".into(),
        software: String::new(),
        member: String::new(),
        received: noon() + chrono::Duration::minutes(number.into()),
    }
}

pub(super) fn export(statements: Vec<Statement>) -> Export {
    let patient = Patient {
        identifiers: vec![Identifier {
            system: "urn:oid:1.2.3".into(),
            value: "1".into(),
            kind: String::new(),
        }],
        birth_date: When::parse("1958-03-04"),
        ..Patient::default()
    };
    let person = PersonStatements { patient, statements, ..PersonStatements::default() };
    Export { people: vec![person], ..Export::default() }
}

/// Takes one statement, then another of a second file (or the same): how many facts there are, and
/// how many of them are flagged.
fn facts(one: Statement, two: Statement, same_file: bool) -> (usize, usize) {
    let house = House::new();
    if same_file {
        house.take(file(1), export(vec![one, two]));
    } else {
        house.take(file(1), export(vec![one]));
        house.take(file(2), export(vec![two]));
    }
    let all: Vec<crate::Fact> = house.desk.read(|reader| reader.all()).unwrap();
    let damage = almoner_store::check::check(&house.desk).unwrap().damage;
    assert!(damage.is_empty(), "{damage:?}");
    house.desk.close();
    (all.len(), all.iter().filter(|fact| !fact.differs.is_empty()).count())
}

fn when(text: &str) -> Option<When> {
    When::parse(text)
}

fn weight(time: &str, value: &str) -> Content {
    let quantity = Quantity { value: value.into(), unit: "kg".into(), ..Quantity::default() };
    Content::Observation(Observation {
        code: Concept::coded(system::LOINC, "29463-7", "Weight"),
        category: "vital-signs".into(),
        effective: Period { start: when(time), end: None },
        value: Value::Quantity(quantity),
        ..Observation::default()
    })
}

fn problem(status: &str, onset: &str, category: &str) -> Content {
    Content::Condition(Condition {
        code: Concept::coded(system::SNOMED, "38341003", "Hypertension"),
        clinical_status: status.into(),
        onset: when(onset),
        category: category.into(),
        ..Condition::default()
    })
}

fn drug(dose: &str, start: &str, status: &str) -> Content {
    Content::Medication(Medication {
        code: Concept::coded(system::RXNORM, "310429", "furosemide 20 MG"),
        status: status.into(),
        dose: Some(Quantity { value: dose.into(), unit: "mg".into(), ..Quantity::default() }),
        period: Period { start: when(start), end: None },
        ..Medication::default()
    })
}

#[test]
fn across_files() {
    let list = "problem-list-item";
    for (case, one, two, expected) in vec![
        (
            "weight again",
            weight("2026-11-01", "78.0"),
            weight("2026-11-01T09:30:00-05:00", "78"),
            (1, 0),
        ),
        ("weights of a day differ", weight("2026-11-01", "78"), weight("2026-11-01", "79"), (2, 2)),
        ("weights of two days", weight("2026-11-01", "78"), weight("2026-11-02", "79"), (2, 0)),
        (
            "two readings of a day",
            weight("2026-11-01", "78"),
            weight("2026-11-01T09:30:00-05:00", "79"),
            (2, 0),
        ),
        (
            "one instant, two zones",
            weight("2026-11-01T23:30:00-05:00", "78"),
            weight("2026-11-02T04:30:00Z", "78"),
            (1, 0),
        ),
        (
            "resolved since",
            problem("active", "2019", list),
            problem("resolved", "2019-05", list),
            (1, 0),
        ),
        ("onset not told", problem("active", "2019", list), problem("active", "", list), (1, 0)),
        (
            "two onsets, both active",
            problem("active", "2019", list),
            problem("active", "2021", list),
            (2, 2),
        ),
        (
            "an earlier episode",
            problem("resolved", "2011", list),
            problem("active", "2021", list),
            (2, 0),
        ),
        (
            "of a visit",
            problem("active", "2019", list),
            problem("active", "2019", "encounter-diagnosis"),
            (2, 0),
        ),
        (
            "drug again",
            drug("20", "2026-01-01", "active"),
            drug("20.0", "2026-01-01", "completed"),
            (1, 0),
        ),
        (
            "two doses at a time",
            drug("20", "2026-01-01", "active"),
            drug("40", "2026-01-01", "active"),
            (2, 2),
        ),
        (
            "a later order",
            drug("20", "2026-01-01", "active"),
            drug("40", "2026-06-01", "active"),
            (2, 0),
        ),
    ] {
        assert_eq!(facts(said("a", one), said("b", two), false), expected, "{case}");
    }
}

#[test]
fn within_a_file() {
    let again =
        |content: Content| (said("section[1]", content.clone()), said("section[2]", content));
    let (one, two) = again(weight("2026-11-01", "78"));
    assert_eq!(facts(one, two, true), (1, 0), "told twice in a C-CDA document");
    let (mut one, mut two) = again(weight("2026-11-01", "78"));
    (one.key, two.key) = ("Observation/1".into(), "Observation/2".into());
    (one.distinct, two.distinct) = (true, true);
    assert_eq!(facts(one.clone(), two.clone(), true), (2, 0), "two FHIR resources");
    assert_eq!(facts(one.clone(), two, false), (1, 0), "two exports");
    let mut later = one.clone();
    later.content = weight("2026-11-01", "87");
    assert_eq!(facts(one, later, false), (1, 0), "one resource, put right");
}

#[test]
fn what_is_denied_differs_from_what_is_said() {
    let taken = said("a", drug("20", "", "active"));
    let denied = Statement { sense: Sense::Negated, ..said("b", drug("20", "", "active")) };
    assert_eq!(facts(taken, denied, false), (2, 2));
}

#[test]
fn a_stay_is_closed_by_a_later_message() {
    let stay = |status: &str, end: &str| {
        Content::Encounter(Encounter {
            identifiers: vec![Identifier {
                system: "SBH".into(),
                value: "88120417".into(),
                kind: "VN".into(),
            }],
            class: "IMP".into(),
            status: status.into(),
            period: Period { start: when("2026-11-11T08:00:00"), end: when(end) },
            ..Encounter::default()
        })
    };
    let house = House::new();
    house.take(file(1), export(vec![said("a", stay("in-progress", ""))]));
    house.take(file(2), export(vec![said("b", stay("finished", "2026-11-15T11:20:00"))]));
    let all: Vec<crate::Fact> = house.desk.read(|reader| reader.all()).unwrap();
    let [fact] = all.as_slice() else { panic!("one stay, not {}", all.len()) };
    let Content::Encounter(it) = &fact.content else { panic!("no stay") };
    assert_eq!(
        (it.status.as_str(), it.period.end.clone()),
        ("finished", when("2026-11-15T11:20:00"))
    );
    assert_eq!(fact.assertions.len(), 2);
    house.desk.close();
}

#[test]
fn four_things_are_said_of_allergies() {
    use crate::allergies::State;
    let allergy = |code: Concept| {
        Content::Allergy(AllergyIntolerance {
            code,
            clinical_status: "active".into(),
            ..AllergyIntolerance::default()
        })
    };
    let penicillin = || said("a", allergy(Concept::coded(system::RXNORM, "7980", "Penicillin")));
    let none = || Statement {
        sense: Sense::NoneKnown,
        recorded: when("2026-11-03"),
        ..said("b", allergy(Concept::coded(system::SNOMED, "716186003", "No known allergy")))
    };
    for (case, statements, expected) in [
        ("nothing said", vec![], State::NotRecorded),
        ("none", vec![none()], State::NoneKnown { drugs_only: false, said: when("2026-11-03") }),
        (
            "one",
            vec![penicillin()],
            State::Listed(vec![("Penicillin".into(), String::new())], false),
        ),
        (
            "one and none",
            vec![penicillin(), none()],
            State::Listed(vec![("Penicillin".into(), String::new())], false),
        ),
        ("to what?", vec![said("a", allergy(Concept::default()))], State::Unreadable),
    ] {
        let house = House::new();
        house.take(file(1), export(statements));
        let state = house.desk.read(|reader| {
            let people: Vec<almoner_people::patients::Patient> = reader.all()?;
            crate::allergies::state(reader, people[0].id)
        });
        assert_eq!(state.unwrap(), expected, "{case}");
        house.desk.close();
    }
}

/// A FHIR resource of one source and id, at a version.
fn version(meta: &str, text: &str) -> Statement {
    let raw = format!(
        r#"{{"resourceType":"Condition","id":"c","meta":{{{meta}}},"code":{{"text":"{text}"}}}}"#
    );
    let condition = Condition { code: Concept::text(text), ..Condition::default() };
    Statement {
        key: "Condition/c".into(),
        verbatim: Some(raw),
        distinct: true,
        ..said("Bundle.entry[1]", Content::Condition(condition))
    }
}

#[test]
fn the_newer_version_of_a_resource_stands_whichever_came_first() {
    let june = r#""versionId":"2","lastUpdated":"2026-06-01T00:00:00Z""#;
    let may = r#""versionId":"1","lastUpdated":"2026-05-01T00:00:00Z""#;
    for (first, second, stands) in [
        ((may, "Old"), (june, "New"), "New"),
        ((june, "New"), (may, "Old"), "New"),
        (("", "Old"), ("", "New"), "New"),
        ((june, "Old"), (june, "New"), "New"),
        (
            (r#""lastUpdated":"2026-06-01T00:00:00Z""#, "New"),
            (r#""lastUpdated":"2026-05-31T22:00:00-04:00""#, "Later"),
            "Later",
        ),
        ((r#""versionId":"10""#, "New"), (r#""versionId":"9""#, "Old"), "New"),
        ((r#""versionId":"b""#, "Old"), (r#""versionId":"a""#, "New"), "New"),
    ] {
        let house = House::new();
        house.take(file(1), export(vec![version(first.0, first.1)]));
        house.take(file(2), export(vec![version(second.0, second.1)]));
        let all: Vec<crate::Fact> = house.desk.read(|reader| reader.all()).unwrap();
        assert_eq!(all.len(), 1, "{first:?} {second:?}");
        assert_eq!(all[0].label(), stands, "{first:?} {second:?}");
        assert_eq!(all[0].assertions.len(), 2, "both are named");
        house.desk.close();
    }
}
