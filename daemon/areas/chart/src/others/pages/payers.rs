//! Who pays, and what payers gave leave for, as lines: whether it is active, until when, when the
//! payer was asked; the decision with its number, dates and amount.

use crate::facts::Fact;
use crate::facts::view::Row;
use almoner_core::clinical::{
    Authorization, Benefit, Concept, Coverage, Other, Quantity, When, x12,
};
use almoner_frame::{Tone, Visit, Words};

/// Benefits that a line tells; the document has them all.
const SHOWN: usize = 8;

/// A coverage as a line.
pub(super) fn coverage(visit: &Visit, fact: &Fact, it: &Coverage) -> Row {
    let words = visit.words();
    let label = |concept: Option<&Concept>| concept.map(|it| it.label().to_owned());
    let said = |key: &str, text: &str| match text {
        "" => String::new(),
        text => words.of_text(key, text),
    };
    let when = |key: &str, when: Option<&When>| {
        when.map_or_else(String::new, |when| words.of_text(key, &words.when(when)))
    };
    let mut parts = vec![
        it.plan.clone(),
        label(it.type_.as_ref()).unwrap_or_default(),
        said("coverage-member", &it.subscriber_id),
        said("coverage-group", &it.group),
        label(it.relationship.as_ref()).unwrap_or_default(),
        when("coverage-until", it.period.end.as_ref()),
        when("coverage-checked", it.checked.as_ref()),
    ];
    let told = it.benefits.iter().filter(|benefit| !is_status(benefit));
    let lines: Vec<String> = told.map(|benefit| benefit_line(words, benefit)).collect();
    parts.extend(lines.iter().take(SHOWN).cloned());
    if lines.len() > SHOWN {
        parts.push(words.n("coverage-more-benefits", lines.len() - SHOWN));
    }
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let row = Row::of(visit, fact).saying(&parts);
    let over = ends_before(visit, it.period.end.as_ref());
    match it.status.as_str() {
        "active" if over => row.tagged(Tone::Warn, words.t("coverage-ended")),
        "active" => row.tagged(Tone::Good, words.t("coverage-active")),
        "cancelled" => row.tagged(Tone::Bad, words.t("coverage-inactive")),
        "" if it.checked.is_some() => row.tagged(Tone::Warn, words.t("coverage-not-said")),
        _ => row,
    }
}

/// A payer's rejection of the question whether somebody is covered.
pub(super) fn rejection(visit: &Visit, fact: &Fact, it: &Other) -> Row {
    let row = Row::of(visit, fact).saying(&[&it.note]);
    row.tagged(Tone::Bad, visit.words().t("coverage-rejected"))
}

/// Leave asked for or given, as a line.
pub(super) fn authorization(visit: &Visit, fact: &Fact, it: &Authorization) -> Row {
    let words = visit.words();
    let named = |key: &str, text: &str| match text {
        "" => String::new(),
        text => words.of_text(key, text),
    };
    let date = |key: &str, when: Option<&When>| {
        when.map_or_else(String::new, |when| words.of_text(key, &words.when(when)))
    };
    let amount = it.quantity.as_ref().map(count).unwrap_or_default();
    let reasons: Vec<&str> = it.reasons.iter().map(Concept::label).collect();
    let mut parts = vec![
        named("authorization-number", &it.number),
        amount,
        date("authorization-from", it.period.start.as_ref()),
        date("coverage-until", it.period.end.as_ref()),
        reasons.join(", "),
        named("authorization-payer", &it.payer),
        it.providers.join(", "),
    ];
    parts.extend(it.services.iter().map(|service| {
        let amount = service.quantity.as_ref().map(count).unwrap_or_default();
        let decision = service.decision.as_ref().map(Concept::label).unwrap_or_default();
        [service.code.label(), &amount, decision].join(" ").trim().to_owned()
    }));
    parts.push(it.note.clone());
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    let row = Row::of(visit, fact).saying(&parts);
    let Some(decision) = &it.decision else {
        let key = if it.answered { "authorization-open" } else { "authorization-asked" };
        return row.tagged(Tone::Info, words.t(key));
    };
    let tone = match decision.code_in(x12::REVIEW_ACTION) {
        Some("A1") => Tone::Good,
        Some("A2" | "A6" | "NA") => Tone::Info,
        Some("A4" | "CT") => Tone::Warn,
        _ => Tone::Bad,
    };
    row.tagged(tone, decision.label().to_owned())
}

/// Whether a line only says that the plan is active or not.
fn is_status(it: &Benefit) -> bool {
    let code = it.kind.code_in(x12::BENEFIT).unwrap_or_default();
    let bare = it.amount.is_empty() && it.percent.is_empty() && it.note.is_empty();
    bare && matches!(code, "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8")
}

/// A benefit in words: "Co-payment (Hospital): 50, per visit, in the network".
fn benefit_line(words: &Words, it: &Benefit) -> String {
    let services: Vec<&str> = it.services.iter().take(3).map(Concept::label).collect();
    let more = it.services.len().saturating_sub(services.len());
    let services = services.join(", ");
    let services = if more > 0 { format!("{services}, +{more}") } else { services };
    let what = match services.as_str() {
        "" => it.kind.label().to_owned(),
        services => format!("{} ({services})", it.kind.label()),
    };
    let mut parts = Vec::new();
    let mut add = |text: String| {
        if !text.is_empty() {
            parts.push(text);
        }
    };
    if !it.amount.is_empty() {
        add(words.of_text("benefit-amount", &it.amount));
    }
    if !it.percent.is_empty() {
        add(words.of_text("benefit-share", &it.percent));
    }
    add(it.quantity.as_ref().map(count).unwrap_or_default());
    if let Some(per) = &it.per {
        add(words.of_text("benefit-per", per.label()));
    }
    match it.in_network {
        Some(true) => add(words.t("benefit-in-network")),
        Some(false) => add(words.t("benefit-out-of-network")),
        None => {}
    }
    if it.authorization == Some(true) {
        add(words.t("benefit-needs-authorization"));
    }
    add(it.note.clone());
    if parts.is_empty() { what } else { format!("{what}: {}", parts.join(", ")) }
}

fn count(it: &Quantity) -> String {
    format!("{} {}", it.value, it.unit).trim().to_owned()
}

fn ends_before(visit: &Visit, end: Option<&When>) -> bool {
    end.and_then(When::date).is_some_and(|end| end < visit.today())
}
