//! Measurements as lines.

use crate::facts::Fact;
use crate::facts::view::Row;
use almoner_core::clinical::{Observation, Quantity, Value};
use almoner_frame::{Tone, Visit, Words};

/// A measurement as a line.
pub(crate) fn row(visit: &Visit, fact: &Fact, it: &Observation) -> Row {
    let words = visit.words();
    let parts: Vec<String> = it
        .components
        .iter()
        .map(|(code, part)| format!("{}: {}", code.label(), value(words, part)))
        .collect();
    let main = match (&it.value, it.data_absent.is_empty(), parts.is_empty()) {
        (Value::Absent, false, _) => words.t("observation-absent"),
        (Value::Absent, true, false) => String::new(),
        (Value::Absent, true, true) => words.t("observation-no-value"),
        (said, _, _) => value(words, said),
    };
    let range = if it.reference_range.is_empty() {
        String::new()
    } else {
        words.of_text("observation-range", &it.reference_range)
    };
    let mut row =
        Row::of(visit, fact).saying(&[&main, &parts.join(", "), &range, it.note.as_str()]);
    for flag in &it.interpretation {
        let (tone, key) = match flag.codings.first().map_or(flag.label(), |it| &it.code) {
            "H" | "HU" => (Tone::Warn, "observation-high"),
            "L" | "LU" => (Tone::Warn, "observation-low"),
            "HH" | "LL" | "AA" => (Tone::Bad, "observation-critical"),
            "A" => (Tone::Warn, "observation-abnormal"),
            _ => continue,
        };
        row = row.tagged(tone, words.t(key));
    }
    match it.status.as_str() {
        "preliminary" => row.tagged(Tone::Info, words.t("observation-preliminary")),
        "amended" | "corrected" => row.tagged(Tone::Info, words.t("observation-corrected")),
        "cancelled" => row.tagged(Tone::Plain, words.t("observation-cancelled")),
        _ => row,
    }
}

/// A value in words, its digits as the source wrote them.
pub(crate) fn value(words: &Words, value: &Value) -> String {
    match value {
        Value::Absent => String::new(),
        Value::Quantity(it) => quantity(it),
        Value::Concept(it) => it.label().to_owned(),
        Value::Text(it) => it.clone(),
        Value::Range { low, high } => {
            let end = |end: &Option<Quantity>| end.as_ref().map(quantity).unwrap_or_default();
            format!("{} – {}", end(low), end(high))
        }
        Value::When(it) => words.when(it),
        Value::Boolean(true) => words.t("about-yes"),
        Value::Boolean(false) => words.t("about-no"),
    }
}

fn quantity(it: &Quantity) -> String {
    let unit = super::rules::unit(&it.unit);
    format!("{}{} {unit}", it.comparator, it.value).trim().to_owned()
}
