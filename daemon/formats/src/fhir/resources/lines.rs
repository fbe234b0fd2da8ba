//! Reading of types of which the record shows a line, and which are kept whole: family history, devices,
//! consents, flags, messages, answers to questionnaires (US Core; `fhir.md` A4). The first three C-CDA
//! tells too, by entries of the sections Family History, Medical Equipment and Advance Directives.

use super::{Outcome, fact};
use crate::fhir::datatypes::{identifiers, notes, period};
use crate::fhir::json::Json;
use crate::fhir::node::Node;
use almoner_core::clinical::{Concept, Content, FactKind, Identifier, Other, Period};

/// Answers of a questionnaire that a line holds, at most; all are in the resource.
const ANSWERS: usize = 200;
/// Items within items are followed so deep.
const DEPTH: usize = 8;

/// Reads such a type; `None` for any other, and for what is about nobody.
pub(super) fn read(node: Node<'_>, resource_type: &str) -> Option<Outcome> {
    let (code, at, told) = match resource_type {
        "FamilyMemberHistory" => family(node),
        "Device" => device(node)?,
        "Consent" => consent(node),
        "Flag" => flag(node),
        "Communication" => message(node),
        "QuestionnaireResponse" => answers(node),
        _ => return None,
    };
    let remarks = notes(node.any(&["note", "comment"]));
    let words = [told, remarks].into_iter().filter(|words| !words.is_empty()).collect::<Vec<_>>();
    let mut numbers = identifiers(node.json.get("identifier"));
    numbers.extend(udi(node));
    Some(fact(Content::Other(Other {
        kind: FactKind::Resource,
        resource_type: resource_type.to_owned(),
        code,
        status: node.text("status"),
        period: at,
        identifiers: numbers,
        note: words.join("\n"),
    })))
}

/// What it is, when, and what is said of it.
type Line = (Concept, Period, String);

fn moment(node: Node<'_>, keys: &[&str]) -> Period {
    Period { start: node.when(keys), end: None }
}

/// The illnesses of a relative, and who that is.
fn family(node: Node<'_>) -> Line {
    let mut codes: Vec<Concept> =
        node.list("condition").filter_map(|it| it.concept(&["code"], &[])).collect();
    let code = if codes.len() > 1 {
        let words: Vec<&str> = codes.iter().map(Concept::label).collect();
        Concept::text(words.join(", "))
    } else {
        codes.pop().unwrap_or_default()
    };
    let relative = node.concept(&["relationship"], &[]).unwrap_or_default();
    (code, moment(node, &["date"]), relative.label().to_owned())
}

/// A device of a patient; one of nobody is no part of a record.
fn device(node: Node<'_>) -> Option<Line> {
    node.reference(&["patient", "subject"])?;
    let names = node.list("deviceName").map(|it| it.texts(&["name", "value"]));
    let name = names.chain([node.text("model")]).find(|name| !name.is_empty());
    let coded = node.concept(&["type"], &[]).filter(|code| !code.is_empty());
    let number = || udi(node).map(|id| Concept::text(id.value));
    let code = coded.or_else(|| name.clone().map(Concept::text)).or_else(number);
    let code = code.unwrap_or_default();
    let model = name.filter(|name| name != code.label()).unwrap_or_default();
    Some((code, moment(node, &["manufactureDate"]), model))
}

/// A device's unique number as its label says it (R4 `udiCarrier`, STU3 `udi`).
fn udi(node: Node<'_>) -> Option<Identifier> {
    let carrier = node.first("udiCarrier");
    let said = [carrier.text("carrierHRF"), carrier.text("deviceIdentifier")];
    let value = said.into_iter().find(|text| !text.is_empty());
    let one = || node.get("udi").texts(&["carrierHRF", "deviceIdentifier"]);
    let value = value.unwrap_or_else(one);
    (!value.is_empty()).then(|| Identifier { value, ..Identifier::default() })
}

/// What is agreed to, or refused, and for how long.
fn consent(node: Node<'_>) -> Line {
    let category = node.concept(&["category"], &[]);
    let code = category.or_else(|| node.concept(&["scope"], &[])).unwrap_or_default();
    let provision = node.get("provision");
    let mut at = period(provision.json.get("period"));
    at.start = at.start.or_else(|| node.when(&["dateTime", "date"]));
    // R4 `provision.type`, R5 `decision`.
    let decision = [provision.text("type"), node.text("decision")].concat();
    (code, at, decision)
}

fn flag(node: Node<'_>) -> Line {
    let category = node.concept(&["category"], &[]);
    let kind = category.map(|it| it.label().to_owned()).unwrap_or_default();
    let code = node.concept(&["code"], &[]).unwrap_or_default();
    (code, period(node.json.get("period")), kind)
}

/// A message: what it is about, when it was sent, its words.
fn message(node: Node<'_>) -> Line {
    let about = node.concept(&["topic", "reasonCode", "category", "reason"], &[]);
    let words = node.list("payload").map(|it| it.text("contentString"));
    let words: Vec<String> = words.filter(|words| !words.is_empty()).collect();
    let words = words.join("\n");
    let code = about.unwrap_or_else(|| Concept::text(words.lines().next().unwrap_or_default()));
    (code, moment(node, &["sent", "received"]), words)
}

/// A questionnaire's answers, one a line: `Little interest: 2`.
fn answers(node: Node<'_>) -> Line {
    let named = node.get("_questionnaire").json.get("extension").items();
    let shown = named.iter().map(|it| it.text("valueString")).find(|name| !name.is_empty());
    let pointer = node.reference(&["questionnaire"]).map(|it| it.display);
    let pointer = pointer.filter(|name| !name.is_empty());
    let address = node.text("questionnaire");
    let tail = address.split('|').next().unwrap_or_default().rsplit('/').next();
    let title = shown.map(str::to_owned).or(pointer);
    let title = title.unwrap_or_else(|| tail.unwrap_or_default().to_owned());
    let mut lines = Vec::new();
    items(node, &mut lines, 0);
    (Concept::text(title), moment(node, &["authored"]), lines.join("\n"))
}

fn items(node: Node<'_>, lines: &mut Vec<String>, depth: usize) {
    if depth == DEPTH {
        return;
    }
    for item in ["item", "group", "question"].into_iter().flat_map(|key| node.list(key)) {
        let question = item.texts(&["text", "linkId"]);
        let said: Vec<String> = item.list("answer").map(|it| answer(it.json)).collect();
        let said: Vec<&str> =
            said.iter().map(String::as_str).filter(|words| !words.is_empty()).collect();
        if !said.is_empty() && lines.len() < ANSWERS {
            lines.push(format!("{question}: {}", said.join(", ")));
        }
        items(item, lines, depth + 1);
        for answer in item.list("answer") {
            items(answer, lines, depth + 1);
        }
    }
}

/// The words of an answer, whatever its type.
fn answer(json: &Json) -> String {
    let value = json.fields().iter().find(|(name, _)| name.starts_with("value"));
    let Some((_, value)) = value else { return String::new() };
    match value {
        Json::Object(_) => {
            let amount = [value.text("value"), value.text("unit")];
            let words =
                ["display", "text", "title", "url", "code"].iter().map(|key| value.text(key));
            let found = words.into_iter().find(|words| !words.is_empty());
            let amount = amount.join(" ").trim().to_owned();
            if amount.is_empty() { found.unwrap_or_default().to_owned() } else { amount }
        }
        Json::Bool(yes) => yes.to_string(),
        other => other.as_str().to_owned(),
    }
}
