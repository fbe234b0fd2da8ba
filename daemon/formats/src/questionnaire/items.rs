//! The items of a questionnaire: questions, groups, words to be read; those that only help or show
//! another item are put to that item.

use super::answers::{self, Sets};
use super::{codings, extension, said, text, value};
use crate::fhir::Json;
use almoner_core::clinical::{EnableWhen, InstrumentItem};
use std::collections::HashSet;

/// Groups within groups are read so deep.
const DEPTH: usize = 32;

/// Reads a list of items. Numbers that come twice are named in `odd`.
pub(super) fn read<'j>(
    list: &'j Json,
    sets: &Sets<'j>,
    seen: &mut HashSet<String>,
    odd: &mut Vec<String>,
    depth: usize,
) -> Vec<InstrumentItem> {
    if depth > DEPTH {
        odd.push("item (too deep)".to_owned());
        return Vec::new();
    }
    list.items().iter().map(|json| item(json, sets, seen, odd, depth)).collect()
}

fn item<'j>(
    json: &'j Json,
    sets: &Sets<'j>,
    seen: &mut HashSet<String>,
    odd: &mut Vec<String>,
    depth: usize,
) -> InstrumentItem {
    let link_id = text(json, "linkId");
    if link_id.is_empty() || !seen.insert(link_id.clone()) {
        odd.push("linkId".to_owned());
    }
    let mut help = Vec::new();
    let below = read(json.get("item"), sets, seen, odd, depth + 1);
    for (n, inner) in json.get("item").items().iter().enumerate() {
        if is_help(inner)
            && let Some(item) = below.get(n)
        {
            help.push(item.text.clone());
        }
    }
    help.retain(|words| !words.is_empty());
    let flag = |key: &str| matches!(json.get(key), Json::Bool(true));
    let limit = |ending: &str| extension(json, ending).map(said).unwrap_or_default();
    let (answers, answer_set) = answers::read(json, sets);
    let unit = extension(json, "questionnaire-unit").map(said).unwrap_or_default();
    InstrumentItem {
        link_id,
        prefix: text(json, "prefix"),
        text: text(json, "text"),
        type_: kind(json),
        codes: codings(json.get("code")),
        required: flag("required"),
        repeats: flag("repeats"),
        read_only: flag("readOnly"),
        hidden: matches!(extension(json, "questionnaire-hidden"), Some(Json::Bool(true))),
        max_length: json.text("maxLength").parse().ok(),
        lowest: limit("/minValue"),
        highest: limit("/maxValue"),
        unit,
        help,
        answers,
        answer_set,
        enable: enable(json),
        enable_behavior: text(json, "enableBehavior"),
        initial: initial(json),
        calculated: expression(json),
        items: below,
    }
}

/// The type in the words of R4: `question` with a way of constraint is R5's word for choices.
fn kind(json: &Json) -> String {
    let type_ = json.text("type").trim();
    match (type_, json.text("answerConstraint")) {
        ("coding", "optionsOrString") | ("question", _) => "open-choice".to_owned(),
        ("coding", _) => "choice".to_owned(),
        _ => type_.to_owned(),
    }
}

/// Whether an item only helps another one (item control `help`, `prompt`, `unit` …).
fn is_help(json: &Json) -> bool {
    let control = extension(json, "questionnaire-itemControl");
    let codes = control.map(|it| codings(it.get("coding"))).unwrap_or_default();
    json.text("type") == "display"
        && codes.iter().any(|it| it.code == "help" || it.code == "prompt")
}

fn enable(json: &Json) -> Vec<EnableWhen> {
    let conditions = json.get("enableWhen").items().iter();
    conditions
        .map(|it| {
            let mut answers = it.fields().iter().filter(|(key, _)| key.starts_with("answer"));
            let answer = answers.next().map(|(_, value)| value);
            // STU3: `hasAnswer` instead of an operator.
            let has = match it.get("hasAnswer") {
                Json::Bool(value) => Some(value.to_string()),
                _ => None,
            };
            let operator = text(it, "operator");
            EnableWhen {
                question: text(it, "question"),
                operator: match (operator.as_str(), &has) {
                    ("", Some(_)) => "exists".to_owned(),
                    ("", None) => "=".to_owned(),
                    _ => operator,
                },
                answer: has.or_else(|| answer.map(said)).unwrap_or_default(),
                coding: answer.and_then(super::coding),
            }
        })
        .collect()
}

/// What stands there beforehand: R4 a list, STU3 a single `initial[x]`.
fn initial(json: &Json) -> Vec<String> {
    let listed = json.get("initial").items().iter().filter_map(value).map(said);
    let single = json.fields().iter();
    let single = single.filter(|(key, _)| key.starts_with("initial") && key.len() > 7);
    listed.chain(single.map(|(_, value)| said(value))).filter(|it| !it.is_empty()).collect()
}

fn expression(json: &Json) -> String {
    let endings = ["calculatedExpression", "initialExpression", "calculatedValue"];
    let found = endings.iter().find_map(|ending| extension(json, ending));
    found
        .map(|it| match it.text("expression") {
            "" => said(it),
            words => words.to_owned(),
        })
        .unwrap_or_default()
}
