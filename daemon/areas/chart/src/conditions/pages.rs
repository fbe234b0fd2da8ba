//! Problems as lines of a page.

use super::rules;
use crate::facts::Fact;
use crate::facts::view::Row;
use almoner_core::clinical::{Condition, Content};
use almoner_core::export::Sense;
use almoner_frame::{Tone, Visit};

/// A problem as a line.
pub(crate) fn row(visit: &Visit, fact: &Fact, it: &Condition) -> Row {
    let words = visit.words();
    let mut row = Row::of(visit, fact);
    let ended =
        it.abatement.as_ref().map(|when| words.of_text("condition-until", &words.when(when)));
    let severity = it.severity.as_ref().map(|it| it.label().to_owned());
    row =
        row.saying(&[&severity.unwrap_or_default(), &ended.unwrap_or_default(), it.note.as_str()]);
    if fact.sense == Sense::Negated || it.verification_status == "refuted" {
        row = row.tagged(Tone::Plain, words.t("condition-not"));
    } else if rules::ended(it) {
        row = row.tagged(Tone::Plain, words.t("condition-ended"));
    }
    match rules::list(&it.category) {
        "visit" => row.tagged(Tone::Info, words.t("condition-of-visit")),
        "admission" => row.tagged(Tone::Info, words.t("condition-at-admission")),
        "discharge" => row.tagged(Tone::Info, words.t("condition-at-discharge")),
        "history" => row.tagged(Tone::Plain, words.t("condition-history")),
        _ => row,
    }
}

/// Standing problems before those that are over; others keep their order.
pub(crate) fn standing_first(facts: &mut [Fact]) {
    facts.sort_by_key(|fact| match &fact.content {
        Content::Condition(it) => {
            let list = rules::list(&it.category) != "problem";
            (rules::ended(it) || fact.sense != Sense::Stated, list)
        }
        _ => (false, false),
    });
}
