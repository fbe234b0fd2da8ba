//! What is said beside a medicine: that it was handed out (medication dispense, template 22.4.18), and
//! whether it is taken as it should be (medication adherence, 22.4.508). In words, since neither
//! changes what was prescribed.

use super::datatypes::{event, quantity};
use super::node::{El, attr, child, has_template, is, related};
use super::statements::{Spot, author_name};

/// Whether a supply is one that was done: the dispense, not the order.
pub(super) fn is_dispensed(act: El<'_>) -> bool {
    has_template(act, &["18"]) || is(act, "supply") && attr(act, "moodCode") == Some("EVN")
}

/// A line for each dispense and each word about adherence.
pub(super) fn words(spot: &Spot<'_, '_>) -> Vec<String> {
    let lines = related(spot.act).filter_map(|(_, act)| {
        if is_dispensed(act) {
            return dispensed(spot, act);
        }
        has_template(act, &["508"]).then(|| adherence(spot, act)).flatten()
    });
    lines.collect()
}

/// `Dispensed 2026-01-02: 30 tablet, Main Street Pharmacy`.
fn dispensed(spot: &Spot<'_, '_>, act: El<'_>) -> Option<String> {
    let when = event(spot.source, act).map(|when| format!(" {when}")).unwrap_or_default();
    let amount = child(act, "quantity").and_then(quantity);
    let amount = amount.map(|it| format!("{} {}", it.value, it.unit).trim_end().to_owned());
    let from = child(act, "performer").map(author_name);
    let said = [amount, from].into_iter().flatten().filter(|words| !words.is_empty());
    let said = said.collect::<Vec<_>>().join(", ");
    let line = format!("Dispensed{when}: {said}");
    (!when.is_empty() || !said.is_empty()).then(|| line.trim_end_matches(": ").to_owned())
}

/// `Adherence: Not taking medication`, in the words of the source.
fn adherence(spot: &Spot<'_, '_>, act: El<'_>) -> Option<String> {
    let value = spot.source.concept_at(act, "value").map(|it| it.label().to_owned());
    let said = value.filter(|words| !words.is_empty()).unwrap_or_else(|| spot.source.row(act));
    (!said.is_empty()).then(|| format!("Adherence: {said}"))
}
