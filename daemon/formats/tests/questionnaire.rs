//! Questionnaires of the development data become instruments with every item, answer, code, weight
//! and condition that a plain walk through the JSON counts.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::print_stdout)] // the counts of each run

use almoner_core::clinical::{Content, Instrument, InstrumentItem, system};
use almoner_core::export::Export;
use almoner_formats::read;
use serde_json::Value;
use std::path::{Path, PathBuf};

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data")
}

fn instruments(export: &Export) -> Vec<&Instrument> {
    let all = export.shared.iter().filter_map(|it| match &it.content {
        Content::Instrument(it) => Some(&**it),
        _ => None,
    });
    all.collect()
}

fn read_one(bytes: &[u8]) -> (Export, Instrument) {
    let mut members = read(bytes, "questionnaire.json");
    let export = members.remove(0).outcome.unwrap_or_else(|why| panic!("{why:?}"));
    let one = instruments(&export)[0].clone();
    (export, one)
}

/// Numbers that a walk finds: items, answers, LOINC codes of items, weights, conditions, required.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    items: usize,
    answers: usize,
    loinc: usize,
    weights: usize,
    conditions: usize,
    required: usize,
}

fn list<'v>(json: &'v Value, key: &str) -> &'v [Value] {
    json[key].as_array().map_or(&[][..], Vec::as_slice)
}

fn weight(json: &Value) -> bool {
    list(json, "extension").iter().any(|it| {
        let url = it["url"].as_str().unwrap_or_default();
        url.ends_with("ordinalValue") || url.ends_with("itemWeight") || url.ends_with("CO-value")
    })
}

fn walk(item: &Value, whole: &Value, counts: &mut Counts) {
    counts.items += 1;
    let mut answers: Vec<&Value> = list(item, "answerOption").iter().collect();
    if answers.is_empty() {
        answers.extend(list(item, "option"));
    }
    counts.weights += answers.iter().filter(|it| weight(it) || weight(&it["valueCoding"])).count();
    counts.answers += answers.len();
    if answers.is_empty()
        && let Some(address) =
            item["answerValueSet"].as_str().or(item["options"]["reference"].as_str())
    {
        let sets = list(whole, "contained").iter();
        let set = sets.filter(|it| it["resourceType"] == "ValueSet").find(|it| {
            address == format!("#{}", it["id"].as_str().unwrap_or_default()) || it["url"] == address
        });
        if let Some(set) = set {
            let expanded = list(&set["expansion"], "contains");
            let composed: Vec<&Value> = list(&set["compose"], "include")
                .iter()
                .flat_map(|it| list(it, "concept"))
                .collect();
            let all: Vec<&Value> =
                if expanded.is_empty() { composed } else { expanded.iter().collect() };
            counts.answers += all.len();
            counts.weights += all.iter().filter(|it| weight(it)).count();
        }
    }
    counts.loinc += list(item, "code").iter().filter(|it| it["system"] == system::LOINC).count();
    counts.conditions += list(item, "enableWhen").len();
    counts.required += usize::from(item["required"] == true);
    for inner in list(item, "item") {
        walk(inner, whole, counts);
    }
}

fn counted(instrument: &Instrument) -> Counts {
    let mut counts = Counts::default();
    instrument.walk(&mut |item: &InstrumentItem| {
        counts.items += 1;
        counts.answers += item.answers.len();
        counts.weights += item.answers.iter().filter(|it| !it.ordinal.is_empty()).count();
        counts.loinc += item.codes.iter().filter(|it| it.system == system::LOINC).count();
        counts.conditions += item.enable.len();
        counts.required += usize::from(item.required);
    });
    counts
}

#[test]
fn every_file_of_the_table_with_all_that_is_in_it() {
    let table = std::fs::read_to_string(data().join("truth/questionnaire.tsv")).expect("the table");
    let (mut files, mut items, mut answers, mut weights) = (0, 0, 0, 0);
    for line in table.lines().skip(1) {
        let row: Vec<&str> = line.split('\t').collect();
        assert_eq!((row[6], row[8]), ("1", "Questionnaire=1"));
        let bytes = std::fs::read(data().join("questionnaire").join(row[0])).unwrap();
        let (export, one) = read_one(&bytes);
        assert_eq!(export.format, "questionnaire", "{}", row[0]);
        assert_eq!((export.shared.len(), export.people.len()), (1, 0), "{}", row[0]);
        let text = String::from_utf8_lossy(&bytes);
        let json: Value = serde_json::from_str(text.trim_start_matches('\u{feff}')).unwrap();
        let mut wanted = Counts::default();
        for item in list(&json, "item") {
            walk(item, &json, &mut wanted);
        }
        assert_eq!(counted(&one), wanted, "{}", row[0]);
        assert_eq!(one.title, json["title"].as_str().unwrap_or_default().trim(), "{}", row[0]);
        assert_eq!(one.url, json["url"].as_str().unwrap_or_default(), "{}", row[0]);
        files += 1;
        items += wanted.items;
        answers += wanted.answers;
        weights += wanted.weights;
    }
    println!("questionnaires: {files} files, {items} items, {answers} answers, {weights} weights");
    assert!(files == 26 && items > 200 && answers > 300 && weights > 30);
}

fn item<'i>(instrument: &'i Instrument, link_id: &str) -> &'i InstrumentItem {
    let mut found = None;
    instrument.walk(&mut |item| {
        if item.link_id == link_id && found.is_none() {
            found = Some(item);
        }
    });
    found.unwrap_or_else(|| panic!("{link_id}"))
}

#[test]
fn an_answer_with_code_words_and_weight() {
    let bytes =
        std::fs::read(data().join("questionnaire/us-core/Questionnaire-AUDIT-C.json")).unwrap();
    let (_, audit) = read_one(&bytes);
    let often = item(&audit, "/68517-2");
    assert!(often.help.len() + audit.items.len() > 3 || often.answers.len() > 2);
    let six = &item(&audit, "/68520-6").answers;
    let coded =
        six.iter().map(|it| (it.coding.as_ref().unwrap().code.as_str(), it.ordinal.as_str()));
    let coded: Vec<_> = coded.collect();
    assert!(coded.contains(&("LA6270-8", "0")), "{coded:?}");
}

#[test]
fn versions_three_and_five() {
    let three = br##"{"resourceType":"Questionnaire","status":"draft","title":"Old","item":[
        {"linkId":"1","text":"Smoke?","type":"choice","option":[
          {"valueCoding":{"code":"y","display":"Yes","extension":[{"url":"http://hl7.org/fhir/StructureDefinition/questionnaire-ordinalValue","valueDecimal":2}]}},
          {"valueString":"sometimes"}],"initialInteger":1},
        {"linkId":"2","text":"How many?","type":"integer","enableWhen":[{"question":"1","hasAnswer":true}]},
        {"linkId":"3","type":"choice","text":"Which?","options":{"reference":"#set"}}],
        "contained":[{"resourceType":"ValueSet","id":"set","compose":{"include":[{"system":"s","concept":[{"code":"a","display":"A"}]}]}}]}"##;
    let (_, one) = read_one(three);
    let first = item(&one, "1");
    assert_eq!(
        (first.answers[0].ordinal.as_str(), first.answers[1].text.as_str()),
        ("2", "sometimes")
    );
    assert_eq!(first.initial, ["1"]);
    assert_eq!(item(&one, "2").enable[0].operator, "exists");
    assert_eq!(item(&one, "3").answers[0].coding.as_ref().unwrap().system, "s");
    let five = br#"{"resourceType":"Questionnaire","status":"active","title":"New","item":[
        {"linkId":"1","text":"Pain","type":"coding","answerConstraint":"optionsOrString","answerOption":[
          {"extension":[{"url":"http://hl7.org/fhir/StructureDefinition/itemWeight","valueDecimal":3}],"valueCoding":{"code":"a"}}]},
        {"linkId":"2","type":"coding","answerValueSet":"http://example.org/vs|1","text":"Far"}]}"#;
    let (_, one) = read_one(five);
    assert_eq!(
        (item(&one, "1").type_.as_str(), item(&one, "1").answers[0].ordinal.as_str()),
        ("open-choice", "3")
    );
    assert_eq!(item(&one, "2").answer_set, "http://example.org/vs|1");
}

#[test]
fn in_a_bundle_beside_patients() {
    let bundle = br#"{"resourceType":"Bundle","type":"collection","entry":[
        {"resource":{"resourceType":"Patient","id":"p","name":[{"family":"Doe","given":["Ana"]}]}},
        {"resource":{"resourceType":"Questionnaire","id":"q","status":"active","title":"Check","item":[{"linkId":"1","type":"display","text":"Hello"}]}}]}"#;
    let members = read(bundle, "bundle.json");
    let export = members[0].outcome.as_ref().unwrap();
    assert_eq!((export.people.len(), instruments(export).len()), (1, 1));
    assert!(export.shared[0].verbatim.is_some(), "kept as it was received");
}

#[test]
fn damage_is_refused_or_told() {
    let path = data().join("questionnaire/lforms/phq9.json");
    let text = std::fs::read_to_string(path).unwrap();
    let members = read(&text.as_bytes()[..text.len() / 2], "cut");
    assert!(members[0].outcome.is_err());
    let twice = br#"{"resourceType":"Questionnaire","status":"active","title":"Two","item":[
        {"linkId":"1","type":"string","text":"a"},{"linkId":"1","type":"string","text":"b"},{"type":"string","text":"c"}]}"#;
    let (export, one) = read_one(twice);
    assert_eq!(one.items.len(), 3, "nothing is lost");
    assert!(!export.problems.is_empty(), "and it is told");
}
