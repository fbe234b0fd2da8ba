//! A picture of all that the store says of patients, without ids and stamps: two stores that say the
//! same give the same picture.

use super::House;
use almoner_access::transitions::TransitionEpisode;
use almoner_chart::Fact;
use almoner_frame::anew::Edition;
use almoner_frame::intake::IntakeFile;
use almoner_people::patients::{Patient, Sighting};
use almoner_store::Reader;
use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// Fields that say when the appliance heard of something, and fields that hold a record's own id.
const STAMPS: [&str; 12] = [
    "id",
    "received",
    "first_seen",
    "updated",
    "since",
    "created",
    "opened",
    "recorded",
    "discharge_heard",
    "heard",
    "news",
    "file",
];

/// The picture, line by line.
pub(super) fn picture(house: &House) -> Vec<String> {
    house.desk.read(|reader| Ok(lines(reader))).unwrap()
}

fn lines(reader: &Reader<'_>) -> Vec<String> {
    let labels = labels(reader);
    let mut lines = Vec::new();
    let mut add = |kind: &str, value: Value, patient: Option<String>| {
        let mut value = value;
        strip(&mut value, "");
        let mut text = format!("{kind} {} {value}", patient.unwrap_or_default());
        for (id, label) in &labels {
            text = text.replace(id.as_str(), label);
        }
        lines.push(text);
    };
    for it in reader.all::<Patient>().unwrap() {
        add("patient", json(&it), Some(it.id.to_string()));
    }
    for it in reader.all::<Sighting>().unwrap() {
        add("sighting", json(&it), None);
    }
    for it in reader.all::<Fact>().unwrap() {
        add("fact", json(&it), None);
    }
    for it in reader.all::<TransitionEpisode>().unwrap() {
        add("transition", json(&it), None);
    }
    for it in reader.all::<Edition>().unwrap() {
        add("edition", json(&it), None);
    }
    for it in reader.loops(None).unwrap() {
        let owed = (it.owed.slot, it.owed.kind, it.owed.due, it.owed.what.key.into_owned());
        add("loop", json(&owed), it.owed.patient.map(|id| id.to_string()));
    }
    lines.sort();
    lines
}

fn json(record: &impl Serialize) -> Value {
    serde_json::to_value(record).unwrap()
}

/// Takes ids and stamps away; puts lists without an order into one.
fn strip(value: &mut Value, name: &str) {
    match value {
        Value::Object(fields) => {
            fields.retain(|key, _| !STAMPS.contains(&key.as_str()));
            // When a change of stage was written down, where nobody knows when it happened.
            if fields.contains_key("stage") {
                fields.remove("at");
            }
            for (key, value) in fields.iter_mut() {
                strip(value, key);
            }
        }
        Value::Array(items) => {
            for item in items.iter_mut() {
                strip(item, name);
            }
            if matches!(name, "differs" | "possible_duplicates" | "facts") {
                items.sort_by_key(Value::to_string);
            }
        }
        _ => {}
    }
}

/// What stands for each id: where the record was first told.
fn labels(reader: &Reader<'_>) -> BTreeMap<String, String> {
    let mut labels = BTreeMap::new();
    let mut first: BTreeMap<String, String> = BTreeMap::new();
    let mut told = |id: String, place: String| {
        let known = first.entry(id).or_insert_with(|| place.clone());
        *known = place.min(known.clone());
    };
    for it in reader.all::<Sighting>().unwrap() {
        told(it.patient.to_string(), format!("P{:02x?} {}", &it.sha256[..4], it.key));
    }
    for fact in reader.all::<Fact>().unwrap() {
        for it in &fact.assertions {
            told(fact.id.to_string(), format!("F{:02x?} {}", &it.sha256[..4], it.key));
        }
    }
    for it in reader.all::<TransitionEpisode>().unwrap() {
        let mut numbers: Vec<String> =
            it.stay.numbers.iter().map(|number| number.value.clone()).collect();
        numbers.sort();
        told(it.id.to_string(), format!("T{} {:?}", numbers.join(","), it.stay.admitted));
    }
    labels.extend(first);
    for it in reader.all::<IntakeFile>().unwrap() {
        labels.insert(it.receipt.id.to_string(), it.receipt.sha256);
    }
    labels
}
