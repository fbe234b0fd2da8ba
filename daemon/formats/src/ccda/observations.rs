//! What was measured, answered or seen: results (template 22.4.2), vital signs (.27), social
//! history (.38 and kin), functional and mental status.
//!
//! One row is one observation, not one panel; the panel is named on each of its members.

use super::datatypes::{period, value};
use super::node::{El, at, attr, child, child_attr, children, has_template, is, related, text};
use super::problems::comment;
use super::source::Source;
use super::statements::{Spot, is_wordless};
use super::terms;
use almoner_core::clinical::{Concept, Content, Observation, Period, Value, system};
use almoner_core::export::{Sense, Statement};

/// Words of a row longer than this (bytes) are more than a name.
const NAME_LIMIT: usize = 80;

/// A laboratory or other result.
pub(super) fn result(spot: &Spot<'_, '_>) -> Option<Statement> {
    coded(spot, "laboratory")
}

/// A vital sign.
pub(super) fn vital(spot: &Spot<'_, '_>) -> Option<Statement> {
    coded(spot, "vital-signs")
}

/// A social fact: here the value is what counts. Scales and what is said of the home, the beliefs
/// and the caregiver keep a category of their own.
pub(super) fn social(spot: &Spot<'_, '_>) -> Option<Statement> {
    let apart = has_template(spot.act, &["69", "72", "109", "111"]) || is(spot.act, "act");
    valued(spot, if apart { "sdoh" } else { "social-history" })
}

/// A functional or mental status.
pub(super) fn function(spot: &Spot<'_, '_>) -> Option<Statement> {
    valued(spot, "functional-status")
}

/// An observation that must say what was observed.
fn coded(spot: &Spot<'_, '_>, category: &str) -> Option<Statement> {
    let mut code = spot.source.concept_at(spot.act, "code").unwrap_or_default();
    let named = !code.is_empty();
    if code.is_empty() {
        code.text = Some(spot.row()).filter(|row| !row.is_empty());
    }
    let sense = spot.sense(&code, named)?;
    let value = read_value(spot);
    if is_wordless(&code) {
        let shown = name_in_row(spot, &value).or_else(|| spot.section.name_of(&code));
        code.text = shown.or_else(|| known_name(&code));
    }
    Some(spot.statement(Content::Observation(observation(spot, category, code, value)), sense))
}

/// The name of an observation that every clinic makes, where the source gives its code alone.
fn known_name(code: &Concept) -> Option<String> {
    let name = terms::loinc_name(code.code_in(system::LOINC)?);
    Some(name.to_owned()).filter(|name| !name.is_empty())
}

/// What a row calls an observation that is coded without words: a short text that is not its value.
fn name_in_row(spot: &Spot<'_, '_>, value: &Value) -> Option<String> {
    let row = spot.row();
    let name = row.len() <= NAME_LIMIT && !row.contains(['|', '\n']);
    let is_value = match value {
        Value::Text(words) => *words == row,
        Value::Concept(concept) => concept.label() == row,
        _ => false,
    };
    (name && !is_value && row.chars().any(char::is_alphabetic)).then_some(row)
}

/// An observation whose value must say something.
fn valued(spot: &Spot<'_, '_>, category: &str) -> Option<Statement> {
    if spot.null() {
        return None;
    }
    let mut code = spot.source.concept_at(spot.act, "code").unwrap_or_default();
    name_by_template(spot.act, &mut code);
    let mut value = read_value(spot);
    let row = spot.row();
    let asked = child(spot.act, "value").is_some();
    if value == Value::Absent && !asked && !row.is_empty() {
        value = Value::Text(row.clone());
    }
    if value == Value::Absent && components(spot).is_empty() && (asked || code.is_empty()) {
        return None;
    }
    if code.is_empty() {
        code.text = Some(row).filter(|row| !row.is_empty());
    }
    let sense = if spot.negated() { Sense::Negated } else { Sense::Stated };
    Some(spot.statement(Content::Observation(observation(spot, category, code, value)), sense))
}

/// A code without words gets its name; R1.1 sends `ASSERTION` where later releases say what is observed: smoking status (template 22.4.78)
/// and tobacco use (.85) are told by their templates, with the codes that R2.1 gives them.
fn name_by_template(act: El<'_>, code: &mut Concept) {
    if is_wordless(code) {
        code.text = known_name(code);
    }
    if code.codings.is_empty() || code.codings.iter().any(|c| c.code != "ASSERTION") {
        return;
    }
    let loinc = if has_template(act, &["78", "2.16.840.1.113883.10.22.4.78"]) {
        "72166-2"
    } else if has_template(act, &["85"]) {
        "11367-0"
    } else {
        return;
    };
    let name = terms::loinc_name(loinc);
    code.codings.splice(0..0, Concept::coded(system::LOINC, loinc, name).codings);
    code.text = Some(name.to_owned());
}

/// What every observation has in common.
fn observation(spot: &Spot<'_, '_>, category: &str, code: Concept, value: Value) -> Observation {
    let absent = if value == Value::Absent { absent_reason(spot.act) } else { "" };
    Observation {
        code,
        category: category.to_owned(),
        status: status(spot.act).to_owned(),
        effective: when(spot),
        issued: None,
        value,
        data_absent: absent.to_owned(),
        interpretation: interpretations(spot),
        reference_range: reference_ranges(spot),
        components: components(spot),
        panel: panel(spot),
        encounter: None,
        note: comment(spot.act),
    }
}

/// The first value that says something; some vendors send an empty one before it.
fn read_value(spot: &Spot<'_, '_>) -> Value {
    let values = children(spot.act, "value").map(|element| value(spot.source, element));
    let mut value = values.into_iter().find(|value| *value != Value::Absent).unwrap_or_default();
    if let Value::Concept(concept) = &mut value
        && is_wordless(concept)
    {
        concept.text = name_of_answer(concept);
    }
    value
}

/// The words for an answer that is coded without any, where every clinic gives that answer.
fn name_of_answer(answer: &Concept) -> Option<String> {
    let known = answer.codings.iter().map(|coding| terms::answer_name(&coding.code));
    known.into_iter().find(|name| !name.is_empty()).map(str::to_owned)
}

/// The observation's own time, else that of the panel around it.
fn when(spot: &Spot<'_, '_>) -> Period {
    let periods = spot.chain().filter(|node| is(*node, "observation") || is(*node, "organizer"));
    let times = periods.filter_map(|node| spot.source.first(node, "effectiveTime"));
    let mut periods = times.map(|time| period(spot.source, time));
    periods.find(|period| *period != Period::default()).unwrap_or_default()
}

/// FHIR observation-status of a CDA act status.
fn status(act: El<'_>) -> &'static str {
    match child_attr(act, "statusCode", "code").unwrap_or_default() {
        "completed" | "normal" => "final",
        "active" | "held" | "suspended" => "preliminary",
        "aborted" | "cancelled" => "cancelled",
        _ => "unknown",
    }
}

/// FHIR data-absent-reason of the value's null flavour.
fn absent_reason(act: El<'_>) -> &'static str {
    let Some(value) = child(act, "value") else { return "" };
    match attr(value, "nullFlavor").unwrap_or_default() {
        "UNK" | "NI" => "unknown",
        "ASKU" => "asked-unknown",
        "NASK" => "not-asked",
        "NAV" => "temp-unknown",
        "NA" => "not-applicable",
        "MSK" => "masked",
        _ => "",
    }
}

/// Interpretations (`H`, `L`, `A` …) as the source coded or worded them.
fn interpretations(spot: &Spot<'_, '_>) -> Vec<Concept> {
    let codes = children(spot.act, "interpretationCode").map(|cd| spot.source.concept(cd));
    codes.filter(|concept| !concept.is_empty()).collect()
}

/// Reference ranges in words: the source's words, else low and high.
fn reference_ranges(spot: &Spot<'_, '_>) -> String {
    let ranges = children(spot.act, "referenceRange").filter_map(|range| {
        let range = child(range, "observationRange")?;
        let words = child(range, "text").map(|ed| spot.source.words(ed)).unwrap_or_default();
        if !words.is_empty() {
            return Some(words);
        }
        let element = child(range, "value")?;
        match value(spot.source, element) {
            Value::Range { low: Some(low), high: Some(high) } => {
                Some(format!("{} - {} {}", low.value, high.value, high.unit).trim_end().to_owned())
            }
            Value::Quantity(q) => {
                Some(format!("{}{} {}", q.comparator, q.value, q.unit).trim_end().to_owned())
            }
            Value::Text(words) => Some(words),
            _ => None,
        }
    });
    let ranges: Vec<String> = ranges.collect();
    ranges.join("; ")
}

/// The members of an assessment scale (template 22.4.86): question and answer.
fn components(spot: &Spot<'_, '_>) -> Vec<(Concept, Value)> {
    let members = related(spot.act).map(|(_, act)| act).filter(|act| has_template(*act, &["86"]));
    let read = members.filter_map(|act| {
        let code = spot.source.concept_at(act, "code")?;
        let value = child(act, "value").map(|v| value(spot.source, v)).unwrap_or_default();
        Some((code, value))
    });
    read.collect()
}

/// The name of the panel (organizer) around the observation.
fn panel(spot: &Spot<'_, '_>) -> Option<Concept> {
    let organizer = spot.chain().find(|node| is(*node, "organizer"))?;
    let code = spot.source.first(organizer, "code").map(|cd| spot.source.concept(cd))?;
    (!terms::words_say_nothing(code.label())).then_some(code)
}

/// Whether a patient needs an interpreter (template 22.4.514, LOINC 54588-9), where the document
/// says so anywhere.
pub(super) fn interpreter_needed(source: &Source<'_>) -> Option<bool> {
    let asked = source.coded.iter().filter(|cd| attr(**cd, "code") == Some("54588-9"));
    let asked = asked.filter_map(El::parent_element).filter(|act| is(*act, "observation"));
    asked.filter_map(|act| at(act, "value")).find_map(|value| {
        match attr(value, "code").unwrap_or_default() {
            "373066001" | "LA33-6" | "Y" => Some(true),
            "373067005" | "LA32-8" | "N" => Some(false),
            _ => match text(value).to_lowercase().as_str() {
                "yes" => Some(true),
                "no" => Some(false),
                _ => None,
            },
        }
    })
}
