//! Reads the definition of a questionnaire into an instrument: its items with their codes, answers
//! and what each counts, conditions and help (FHIR R4 `Questionnaire`; STU3 and R5 by what differs;
//! extensions of Structured Data Capture).

mod answers;
mod items;

use crate::fhir::{self, Json};
use almoner_core::clinical::{Coding, Identifier, Instrument, When};
use almoner_core::export::{Export, Unreadable};

/// Reads a file whose first resource is a questionnaire.
///
/// # Errors
/// The file holds no resource that could be read.
pub fn read(text: &str) -> Result<Export, Unreadable> {
    let outcome = fhir::read(text);
    let mut export = outcome
        .map_err(|why| Unreadable { format: "questionnaire".to_owned(), problem: why.problem })?;
    "questionnaire".clone_into(&mut export.format);
    Ok(export)
}

/// Reads one resource; `contained` are the resources within it. What could not be made sense of is
/// named in `odd`.
pub(crate) fn instrument(json: &Json, odd: &mut Vec<String>) -> Instrument {
    let sets = answers::Sets::of(json);
    let mut seen = std::collections::HashSet::new();
    let made = items::read(json.get("item"), &sets, &mut seen, odd, 0);
    Instrument {
        identifiers: identifiers(json),
        url: text(json, "url"),
        version: text(json, "version"),
        name: text(json, "name"),
        title: text(json, "title"),
        status: text(json, "status"),
        date: When::parse(json.text("date")),
        publisher: text(json, "publisher"),
        description: text(json, "description"),
        purpose: text(json, "purpose"),
        copyright: text(json, "copyright"),
        language: text(json, "language"),
        codes: codings(json.get("code")),
        items: made,
    }
}

/// Codes as they stand: lists of Coding, or concepts that hold them.
fn codings(json: &Json) -> Vec<Coding> {
    let all = json.items().iter().flat_map(|one| match one.get("coding").items() {
        [] => std::slice::from_ref(one),
        inner => inner,
    });
    all.filter_map(coding).collect()
}

/// One code with its words.
fn coding(json: &Json) -> Option<Coding> {
    let (code, display) = (json.text("code").trim(), json.text("display").trim());
    let words = (!display.is_empty()).then(|| display.to_owned());
    (!code.is_empty() || words.is_some()).then(|| Coding {
        system: json.text("system").trim().to_owned(),
        code: code.to_owned(),
        display: words,
    })
}

fn identifiers(json: &Json) -> Vec<Identifier> {
    let all = json.get("identifier").items().iter();
    let named = all.filter(|it| !it.text("value").is_empty());
    named
        .map(|it| Identifier {
            system: it.text("system").to_owned(),
            value: it.text("value").to_owned(),
            kind: String::new(),
        })
        .collect()
}

fn text(json: &Json, key: &str) -> String {
    json.text(key).trim().to_owned()
}

/// The value of the first extension whose address ends so.
fn extension<'j>(json: &'j Json, ending: &str) -> Option<&'j Json> {
    let all = json.get("extension").items().iter();
    let mut found = all.filter(|it| it.text("url").ends_with(ending));
    found.find_map(value)
}

/// The value of a `value[x]` element, whatever its type.
fn value(json: &Json) -> Option<&Json> {
    let mut fields = json.fields().iter();
    fields.find(|(key, _)| key.starts_with("value")).map(|(_, value)| value)
}

/// A value as text: a code's words, an amount with its unit, or the value itself.
fn said(json: &Json) -> String {
    match json {
        Json::Bool(value) => value.to_string(),
        Json::Object(_) => {
            let words = ["display", "text", "code", "reference"].map(|key| json.text(key));
            let words = words.into_iter().find(|it| !it.is_empty());
            let amount =
                || format!("{} {}", json.text("value"), json.text("unit")).trim().to_owned();
            words.map_or_else(amount, str::to_owned)
        }
        other => other.as_str().trim().to_owned(),
    }
}
