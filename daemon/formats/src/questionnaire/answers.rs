//! The answers from which one is chosen: written with the item, or in a list that the file holds.

use super::{coding, extension, said};
use crate::fhir::Json;
use almoner_core::clinical::AnswerOption;
use std::collections::HashMap;

/// Extensions that say what an answer counts: R4, R5, STU3, and the one of ISO 21090.
const ORDINAL: [&str; 4] =
    ["/ordinalValue", "/itemWeight", "/questionnaire-ordinalValue", "/iso21090-CO-value"];

/// Lists of answers within the resource, by how items refer to them.
pub(super) struct Sets<'j>(HashMap<String, &'j Json>);

impl<'j> Sets<'j> {
    pub(super) fn of(resource: &'j Json) -> Self {
        let mut sets = HashMap::new();
        for set in resource.get("contained").items() {
            if set.text("resourceType") != "ValueSet" {
                continue;
            }
            let (id, url) = (set.text("id"), set.text("url"));
            sets.insert(format!("#{}", id.trim_start_matches('#')), set);
            if !url.is_empty() {
                sets.insert(url.to_owned(), set);
                let version = set.text("version");
                sets.insert(format!("{url}|{version}"), set);
            }
        }
        Self(sets)
    }
}

/// The answers of an item, and the address of their list where the file does not hold it.
pub(super) fn read(item: &Json, sets: &Sets<'_>) -> (Vec<AnswerOption>, String) {
    let own = item.get("answerOption").items();
    // STU3 says `option`, and `options` for the list.
    let own = if own.is_empty() { item.get("option").items() } else { own };
    let answers: Vec<AnswerOption> = own.iter().filter_map(answer).collect();
    let address = match item.get("answerValueSet") {
        Json::Text(address) => address.as_str(),
        _ => match item.get("options") {
            Json::Text(address) => address.as_str(),
            reference => reference.text("reference"),
        },
    };
    if !answers.is_empty() || address.is_empty() {
        return (answers, String::new());
    }
    match sets.0.get(address).map(|set| listed(set)) {
        Some(listed) if !listed.is_empty() => (listed, String::new()),
        _ => (Vec::new(), address.to_owned()),
    }
}

fn answer(json: &Json) -> Option<AnswerOption> {
    let value = super::value(json)?;
    let coding = coding(value).filter(|_| matches!(value, Json::Object(_)));
    let ordinal = ordinal(json).or_else(|| ordinal(value)).unwrap_or_default();
    let exclusive = extension(json, "questionnaire-optionExclusive");
    Some(AnswerOption {
        text: said(value),
        coding,
        ordinal,
        exclusive: matches!(exclusive, Some(Json::Bool(true))),
        initial: matches!(json.get("initialSelected"), Json::Bool(true)),
    })
}

fn ordinal(json: &Json) -> Option<String> {
    let found = ORDINAL.iter().find_map(|ending| extension(json, ending));
    found.map(said).filter(|it| !it.is_empty())
}

/// The answers of a list: its expansion, else what it composes.
fn listed(set: &Json) -> Vec<AnswerOption> {
    let mut all = Vec::new();
    expanded(set.get("expansion").get("contains"), &mut all, 0);
    if !all.is_empty() {
        return all;
    }
    for include in set.get("compose").get("include").items() {
        let system = include.text("system");
        all.extend(include.get("concept").items().iter().map(|json| concept(json, system)));
    }
    all
}

fn expanded(list: &Json, all: &mut Vec<AnswerOption>, depth: usize) {
    if depth > 8 {
        return;
    }
    for json in list.items() {
        if !json.text("code").is_empty() && !matches!(json.get("abstract"), Json::Bool(true)) {
            all.push(concept(json, json.text("system")));
        }
        expanded(json.get("contains"), all, depth + 1);
    }
}

fn concept(json: &Json, system: &str) -> AnswerOption {
    let coding = coding(json).map(|mut it| {
        system.clone_into(&mut it.system);
        it
    });
    let text = said(json);
    AnswerOption { coding, text, ordinal: ordinal(json).unwrap_or_default(), ..Default::default() }
}
