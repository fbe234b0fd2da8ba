//! Other versions of FHIR than R4, and damage: what corresponds is read, nothing panics.

use super::{codes, one, text_of, truth};
use almoner_core::clinical::{Content, MedicationUse};
use almoner_core::export::{Export, Sense};
use almoner_formats::fhir::{self, Json, search, write};

fn content(export: &Export) -> (&Content, Sense) {
    let statement = &export.people[0].statements[0];
    assert!(statement.verbatim.is_none(), "served anew as R4");
    assert!(codes(export).contains(&"other_version"));
    (&statement.content, statement.sense)
}

#[test]
fn stu3_is_read_as_what_it_corresponds_to() {
    let export =
        one(r#"{"resourceType":"Immunization","id":"1","status":"completed","notGiven":true,
        "date":"2017-03-01","patient":{"reference":"Patient/1"},"vaccineCode":{"text":"Flu"},
        "explanation":{"reasonNotGiven":[{"text":"refused"}]}}"#);
    assert_eq!(export.version, "STU3");
    let (Content::Immunization(it), Sense::Negated) = content(&export) else { panic!() };
    assert_eq!(
        (it.status.as_str(), it.occurrence.as_ref().unwrap().as_str()),
        ("not-done", "2017-03-01")
    );
    assert_eq!(it.status_reason.as_ref().unwrap().label(), "refused");
    let export = one(r#"{"resourceType":"Condition","id":"1","clinicalStatus":"active",
        "assertedDate":"2017","subject":{"reference":"Patient/1"},"context":{"reference":"Encounter/2"},
        "code":{"text":"Asthma"}}"#);
    let (Content::Condition(it), _) = content(&export) else { panic!() };
    assert_eq!(
        (it.clinical_status.as_str(), it.recorded.as_ref().unwrap().as_str()),
        ("active", "2017")
    );
    assert_eq!(it.encounter.as_ref().unwrap().key, "Encounter/2");
}

#[test]
fn dstu2_is_read_as_what_it_corresponds_to() {
    let export = one(r#"{"resourceType":"MedicationOrder","id":"1","status":"active",
        "dateWritten":"2015-02-03","patient":{"reference":"Patient/1"},
        "prescriber":{"display":"Dr A"},"medicationCodeableConcept":{"text":"Aspirin"},
        "dosageInstruction":[{"text":"daily","doseQuantity":{"value":81.0,"unit":"mg"}}]}"#);
    assert_eq!(export.version, "DSTU2");
    let (Content::Medication(it), _) = content(&export) else { panic!() };
    assert_eq!((it.use_, it.sig.as_str()), (MedicationUse::Ordered, "daily"));
    assert_eq!(it.dose.as_ref().unwrap().value, "81.0");
    assert_eq!(it.requester.as_ref().unwrap().display, "Dr A");
}

#[test]
fn r5_is_read_as_what_it_corresponds_to() {
    let export = one(r#"{"resourceType":"Encounter","id":"1","status":"completed",
        "class":[{"coding":[{"code":"IMP"}]}],"subject":{"reference":"Patient/1"},
        "actualPeriod":{"start":"2024-01-02"},"admission":{"dischargeDisposition":{"text":"Home"}},
        "reason":[{"value":[{"concept":{"text":"Fall"}}]}]}"#);
    assert_eq!(export.version, "R5");
    let (Content::Encounter(it), _) = content(&export) else { panic!() };
    assert_eq!((it.class.as_str(), it.reason[0].label()), ("IMP", "Fall"));
    assert_eq!(it.status, "finished");
    assert_eq!(it.period.start.as_ref().unwrap().as_str(), "2024-01-02");
    assert_eq!(it.discharge_disposition.as_ref().unwrap().label(), "Home");
    let export =
        one(r#"{"resourceType":"MedicationRequest","id":"1","status":"active","intent":"order",
        "medication":{"concept":{"text":"Aspirin"}},"subject":{"reference":"Patient/1"}}"#);
    let (Content::Medication(it), _) = content(&export) else { panic!() };
    assert_eq!(it.code.label(), "Aspirin");
}

/// Small changes of real files: cut, doubled, swapped, values changed. None may stop the program,
/// and what can be parsed is written again as the same.
#[test]
fn mutants_never_panic() {
    let rows = truth();
    let texts = rows.iter().map(|row| text_of(&row["path"]));
    let seeds: Vec<String> = texts.filter(|text| text.len() < 40_000).collect();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let asked =
        [pair("patient", "example"), pair("date:missing", "false"), pair("code:not", "x|y")];
    let query = search::parse("Observation", &asked, "").expect("a query");
    let header = write::Header {
        id: "1",
        version: "",
        last_updated: "",
        source_sha256: "",
        subject: "",
        encounter: "",
        rename: &|_| None,
    };
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let (mut read, mut matched) = (0, 0);
    for round in 0..4000 {
        let text = mutant(&seeds[dice.below(seeds.len())], round, &mut dice);
        read += usize::from(fhir::read(&text).is_ok());
        let _ = write::verbatim(&text, &header);
        if let Ok(json) = Json::parse(&text) {
            assert_eq!(Json::parse(&json.to_string()), Ok(json.clone()), "writes what it read");
            matched += usize::from(search::matches(&query, &json));
        }
    }
    println!("mutants still readable: {read} of 4000, {matched} found");
    assert!(read > 500);
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("64 bits") % limit.max(1)
    }
}

const TOKENS: [&str; 10] = [
    "null",
    "[]",
    "{}",
    "\"\"",
    "true",
    "-1e999",
    "\"\\ud800\"",
    "[[{}]]",
    "\"Patient/\"",
    "\"#\"",
];

/// One to five changes of a text, of the kind that `round` says.
fn mutant(seed: &str, round: usize, dice: &mut Dice) -> String {
    let mut text = seed.to_owned();
    for _ in 0..=dice.below(4) {
        let marks: Vec<usize> = text.match_indices([':', ',', '"']).map(|(at, _)| at + 1).collect();
        if marks.is_empty() {
            break;
        }
        let at = marks[dice.below(marks.len())];
        let end = marks[dice.below(marks.len())];
        match round % 4 {
            0 => text.truncate(at),
            1 => text.insert_str(at, TOKENS[dice.below(TOKENS.len())]),
            2 => another_value(&mut text, at, TOKENS[dice.below(TOKENS.len())]),
            _ => text.replace_range(at.min(end)..at.max(end), ""),
        }
    }
    text
}

/// The next value after a place becomes another: from its colon to the next comma.
fn another_value(text: &mut String, at: usize, token: &str) {
    let (colon, comma) = (text[at..].find(':'), text[at..].find(','));
    if let (Some(from), Some(to)) = (colon, comma)
        && from < to
    {
        text.replace_range(at + from + 1..at + to, token);
    }
}
