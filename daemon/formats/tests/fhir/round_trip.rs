//! What is written reads again as what was read: typed content of all development data, and stored
//! resources served under our ids.

use super::{data, text_of, truth};
use almoner_core::clinical::{Content, Patient};
use almoner_core::export::{Export, Sense};
use almoner_formats::fhir::{self, FHIR_ID, Json, write};
use std::collections::BTreeMap;

fn same(key: &str) -> Option<String> {
    Some(key.to_owned())
}

fn header<'a>(id: &'a str, subject: &'a str) -> write::Header<'a> {
    write::Header {
        id,
        version: "3",
        last_updated: "2026-11-22T08:00:00Z",
        source_sha256: "00ff",
        subject,
        encounter: "",
        rename: &same,
    }
}

/// Content without what R4 has no place for in this resource: the panel (it points the other way)
/// and the specialty (it belongs to a role).
fn plain(content: &Content) -> Content {
    let mut content = content.clone();
    match &mut content {
        Content::Observation(it) => it.panel = None,
        Content::Practitioner(it) => it.specialty = None,
        _ => {}
    }
    content
}

fn known(patient: &Patient) -> Patient {
    let mut patient = patient.clone();
    patient.identifiers.retain(|id| id.system != FHIR_ID);
    patient
}

fn only_statement(export: &Export) -> Option<(Content, Sense)> {
    let all = export.people.iter().flat_map(|person| &person.statements).chain(&export.shared);
    let mut all = all.map(|statement| (plain(&statement.content), statement.sense));
    all.next()
}

#[test]
fn what_is_written_reads_again_the_same() {
    let (mut facts, mut people) = (0, 0);
    let mut misses: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in truth() {
        let Ok(export) = fhir::read(&text_of(&row["path"])) else { continue };
        for person in &export.people {
            let text = write::patient(&person.patient, &header("p", "")).to_string();
            let again = fhir::read(&text).expect("readable");
            people += 1;
            if known(&again.people[0].patient) != known(&person.patient) {
                let what = format!("{:?}\n{:?}", person.patient, again.people[0].patient);
                misses.entry("Patient".to_owned()).or_default().push(what);
            }
            for statement in &person.statements {
                facts += check(&statement.content, statement.sense, &person.key, &mut misses);
            }
        }
        for statement in &export.shared {
            facts += check(&statement.content, statement.sense, "", &mut misses);
        }
    }
    println!("round trip: {facts} facts, {people} patients");
    for (kind, list) in &misses {
        println!("{kind}: {}", list.len());
        list.iter().take(3).for_each(|line| println!("    {line}"));
    }
    assert!(facts > 8_000 && misses.is_empty());
}

fn check(
    content: &Content,
    sense: Sense,
    subject: &str,
    misses: &mut BTreeMap<String, Vec<String>>,
) -> usize {
    let Some(json) = write::resource(content, sense, &header("x", subject)) else { return 0 };
    let kind = write::resource_type(content).to_owned();
    assert_eq!(json.text("resourceType"), kind);
    let again = fhir::read(&json.to_string()).ok().and_then(|export| only_statement(&export));
    if again != Some((plain(content), sense)) {
        let what = format!("{content:?} {sense:?}\n{again:?}\n{json}");
        misses.entry(kind).or_default().push(what);
    }
    1
}

#[test]
fn stored_resources_keep_everything_but_their_names() {
    let rename =
        |reference: &str| (reference == "Patient/example").then(|| "Patient/own".to_owned());
    for row in truth().iter().filter(|row| row["path"].starts_with("us-core/")) {
        let raw = text_of(&row["path"]);
        let header = write::Header { rename: &rename, ..header("own-id", "") };
        let json = write::verbatim(&raw, &header).expect("sound");
        assert_eq!(json.text("id"), "own-id");
        assert_eq!(json.get("meta").text("source"), "urn:almoner:source:00ff");
        let mut before = Json::parse(&raw).expect("sound");
        let mut after = json.clone();
        for side in [&mut before, &mut after] {
            for field in ["id", "meta"] {
                side.put(field, Json::Null);
            }
            strip(side);
        }
        assert_eq!(before.to_string(), after.to_string(), "{}", row["path"]);
    }
}

/// Takes the references out, which are meant to differ.
fn strip(json: &mut Json) {
    match json {
        Json::List(items) => items.iter_mut().for_each(strip),
        Json::Object(fields) => {
            let reference = |(key, value): &(String, Json)| {
                key != "reference" || matches!(value, Json::Text(t) if t.starts_with('#'))
            };
            fields.retain(reference);
            for (_, value) in fields.iter_mut() {
                strip(value);
            }
            fields.retain(|(key, value)| key != "extension" && !value.is_empty());
        }
        _ => {}
    }
}

#[test]
fn references_are_renamed_left_or_reduced_to_words() {
    let raw = r##"{"resourceType":"Observation","id":"1","meta":{"profile":["p"],"versionId":"9"},
        "valueQuantity":{"value":7.10},"subject":{"reference":"Patient/1/_history/2","display":"A"},
        "performer":[{"reference":"Practitioner/5","display":"Dr B"},{"reference":"Practitioner/6"},
        {"reference":"http://else/Practitioner/7"},{"reference":"#c"}]}"##;
    let rename = |reference: &str| (reference == "Patient/1").then(|| "Patient/own".to_owned());
    let json = write::verbatim(raw, &write::Header { rename: &rename, ..header("n", "") }).unwrap();
    let text = json.to_string();
    assert!(text.contains(r#""subject":{"reference":"Patient/own","display":"A"}"#), "{text}");
    assert!(text.contains(r#""performer":[{"display":"Dr B"},{"extension""#), "{text}");
    assert!(text.contains(r##"{"reference":"http://else/Practitioner/7"},{"reference":"#c"}"##));
    assert!(text.contains(r#""meta":{"profile":["p"],"versionId":"3""#) && text.contains("7.10"));
}

#[test]
fn mandatory_elements_are_there_even_when_the_source_was_silent() {
    use almoner_core::clinical as c;
    let of = |content: Content| {
        write::resource(&content, Sense::Stated, &header("1", "Patient/1")).unwrap().to_string()
    };
    for (content, expected) in [
        (Content::Condition(c::Condition::default()), r#""code":{"extension""#),
        (Content::Observation(c::Observation::default()), r#""status":"unknown""#),
        (Content::Medication(c::Medication::default()), r#""intent":"order""#),
        (Content::Allergy(c::AllergyIntolerance::default()), r#""clinicalStatus":{"extension""#),
        (
            Content::Immunization(c::Immunization::default()),
            r#""_occurrenceDateTime":{"extension""#,
        ),
        (Content::Encounter(c::Encounter::default()), r#""class":{"extension""#),
        (Content::Coverage(c::Coverage::default()), r#""payor":[{"extension""#),
        (Content::Document(c::Document::default()), r#""content":[{"attachment":{"extension""#),
    ] {
        let text = of(content);
        assert!(text.contains(expected), "{text}");
        assert!(text.contains("Patient/1"), "{text}");
    }
    let none = write::allergy(
        &c::AllergyIntolerance::default(),
        Sense::NoneKnown,
        &header("1", "Patient/1"),
    );
    assert_eq!(none.get("code").get("coding").items()[0].text("code"), "716186003");
    assert!(data().is_dir());
}
