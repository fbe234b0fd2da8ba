//! Reading of results, vital signs and social facts: Observation.

use super::{Outcome, category, judged};
use crate::fhir::datatypes::{
    DATA_ABSENT, RESULTS, code, concept, extension, notes, period, quantity, when,
};
use crate::fhir::json::Json;
use crate::fhir::node::Node;
use almoner_core::clinical::{Content, Observation, Period, Quantity, Value, When};

/// Reads an Observation.
pub(super) fn observation(node: Node<'_>) -> Outcome {
    let component =
        |part: Node<'_>| (part.concept(&["code"], RESULTS).unwrap_or_default(), value(part.json));
    let range = node.list("referenceRange").map(|range| range_words(range.json));
    let range = range.filter(|words| !words.is_empty()).collect::<Vec<_>>();
    let observation = Observation {
        code: node.concept(&["code"], RESULTS).unwrap_or_default(),
        category: category(node, &["category"], &[]),
        status: node.text("status"),
        effective: node.time("effective"),
        issued: node.when(&["issued"]),
        value: value(node.json),
        data_absent: absent(node.json),
        interpretation: node.concepts(&["interpretation"], &[]),
        reference_range: range.join("; "),
        components: node.list("component").map(component).collect(),
        panel: None,
        encounter: node.reference(&["encounter", "context"]),
        note: notes(node.any(&["note", "comment", "comments"])),
    };
    // An answer may be a none-code too; only the observation's own code decides what is asserted.
    let code = observation.code.clone();
    judged(Content::Observation(observation), &code, false)
}

/// Reads `value[x]` of an Observation or one of its components.
pub(crate) fn value(json: &Json) -> Value {
    let found = json.fields().iter().find_map(|(key, value)| {
        let kind = key.trim_start_matches('_').strip_prefix("value")?;
        (!value.is_empty()).then_some((key.as_str(), kind, value))
    });
    let Some((key, kind, written)) = found else { return Value::Absent };
    let text = || match written.as_str() {
        "" => Value::Absent,
        words => Value::Text(words.to_owned()),
    };
    match kind {
        "Quantity" | "Age" | "Duration" | "Count" => match quantity(written) {
            Some(quantity) => Value::Quantity(quantity),
            None => Value::Absent,
        },
        "CodeableConcept" | "Coding" => match concept(written, &[]) {
            concept if concept.is_empty() => Value::Absent,
            concept => Value::Concept(concept),
        },
        "Integer" | "Decimal" => {
            let value = written.as_str().to_owned();
            Value::Quantity(Quantity { value, ..Quantity::default() })
        }
        "Boolean" => Value::Boolean(*written == Json::Bool(true)),
        "DateTime" | "Date" => {
            when(json, key.trim_start_matches('_')).map_or_else(text, Value::When)
        }
        "String" | "Time" if !key.starts_with('_') => text(),
        "Range" => {
            Value::Range { low: quantity(written.get("low")), high: quantity(written.get("high")) }
        }
        "Ratio" => Value::Text(ratio(written)),
        "Period" => {
            let Period { start, end } = period(written);
            let side = |w: Option<When>| w.map(|w| w.to_string());
            Value::Text([side(start), side(end)].map(Option::unwrap_or_default).join("/"))
        }
        _ => Value::Absent,
    }
}

/// Why there is no value: a code, or the extension on the value itself.
fn absent(json: &Json) -> String {
    let reason = code(json.get("dataAbsentReason"));
    if !reason.is_empty() {
        return reason;
    }
    let on_value = json.fields().iter().filter(|(key, _)| key.contains("value"));
    let mut found = on_value.filter_map(|(_, value)| extension(value, DATA_ABSENT));
    found.next().map(|reason| reason.text("valueCode").to_owned()).unwrap_or_default()
}

/// `1:40`, as a titre is written; units where there are any.
fn ratio(json: &Json) -> String {
    let side = |key: &str| quantity(json.get(key)).map(|q| words(&q)).unwrap_or_default();
    format!("{}:{}", side("numerator"), side("denominator"))
}

/// A reference range in words: the source's own, else from its bounds.
fn range_words(json: &Json) -> String {
    let text = json.text("text").trim();
    if !text.is_empty() {
        return text.to_owned();
    }
    match (quantity(json.get("low")), quantity(json.get("high"))) {
        (Some(low), Some(high)) if low.unit == high.unit => {
            let unit = high.unit.clone();
            format!("{} - {} {unit}", low.value, high.value).trim().to_owned()
        }
        (Some(low), Some(high)) => format!("{} - {}", words(&low), words(&high)),
        (Some(low), None) => format!(">= {}", words(&low)),
        (None, Some(high)) => format!("<= {}", words(&high)),
        (None, None) => String::new(),
    }
}

fn words(quantity: &Quantity) -> String {
    format!("{}{} {}", quantity.comparator, quantity.value, quantity.unit).trim().to_owned()
}
