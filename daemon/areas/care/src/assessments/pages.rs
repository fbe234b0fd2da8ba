//! The pages of instruments: the list, and the questions of one with their answers.

use super::record::{HeldInstrument, InstrumentId};
use super::rules::{self, Numbered};
use super::store;
use almoner_core::clinical::{AnswerOption, Coding, EnableWhen, InstrumentItem};
use almoner_core::fault::Outcome;
use almoner_core::permission::May;
use almoner_core::text::visible;
use almoner_frame::{NavItem, Page, Route, Visit, Words};
use almoner_store::Reader;
use askama::Template;

const NAV_PATH: &str = "/instruments";
/// Answers that a question shows.
const ANSWERS: usize = 60;

/// The pages.
pub(super) const ROUTES: &[Route] = &[
    Route::Show { path: "/instruments", may: May::SeeResources, page: list },
    Route::Show { path: "/instruments/{id}", may: May::SeeResources, page: one },
];

/// The line of the navigation.
pub(super) const NAV: &[NavItem] = &[NavItem {
    label: "nav-instruments",
    href: NAV_PATH,
    may: May::SeeResources,
    icon: "clip",
    order: 46,
    count: None,
}];

#[derive(Template)]
#[template(path = "assessments/pages/list.html")]
struct List<'p> {
    words: &'p Words,
    lines: Vec<Line>,
}

struct Line {
    href: String,
    title: String,
    questions: String,
    publisher: String,
    came: String,
}

#[derive(Template)]
#[template(path = "assessments/pages/one.html")]
struct One<'p> {
    words: &'p Words,
    title: String,
    description: String,
    items: Vec<Item>,
    facts: Vec<(String, String)>,
    copyright: String,
}

/// An item as drawn.
struct Item {
    number: String,
    text: String,
    heading: bool,
    marks: Vec<String>,
    help: Vec<String>,
    answers: Vec<String>,
    conditions: Vec<String>,
}

fn list(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let words = visit.words();
    let line = |held: HeldInstrument| Line {
        href: held.path(),
        title: visible(held.instrument.label()),
        questions: words.n("instrument-questions", rules::questions(&held.instrument)),
        publisher: visible(&held.instrument.publisher),
        came: came(visit, &held),
    };
    let lines = store::all(reader)?.into_iter().map(line).collect();
    Page::draw(words.t("nav-instruments"), NAV_PATH, &List { words, lines })
}

fn one(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let held = store::held(reader, visit.id::<InstrumentId>("id")?)?;
    let words = visit.words();
    let it = &held.instrument;
    let title = visible(it.label());
    let page = One {
        words,
        title: title.clone(),
        description: visible(&it.description),
        items: rules::outline(it).iter().map(|numbered| item(words, numbered)).collect(),
        facts: facts(visit, &held),
        copyright: visible(&it.copyright),
    };
    Page::draw(title, NAV_PATH, &page)
}

fn came(visit: &Visit, held: &HeldInstrument) -> String {
    let words = visit.words();
    let day = words.day(visit.house().zone.day(held.received));
    match held.source.as_str() {
        "" => words.of_text("instrument-received", &day),
        source => format!("{source}, {day}"),
    }
}

fn facts(visit: &Visit, held: &HeldInstrument) -> Vec<(String, String)> {
    let words = visit.words();
    let it = &held.instrument;
    let codes: Vec<String> = it.codes.iter().map(code).collect();
    let all = [
        ("instrument-address", it.url.clone()),
        ("instrument-version", it.version.clone()),
        ("instrument-status", it.status.clone()),
        ("instrument-publisher", it.publisher.clone()),
        ("instrument-codes", codes.join(", ")),
        ("instrument-date", it.date.as_ref().map(|when| words.when(when)).unwrap_or_default()),
        ("instrument-came", came(visit, held)),
    ];
    let said = all.into_iter().filter(|(_, value)| !value.is_empty());
    said.map(|(key, value)| (words.t(key), visible(&value))).collect()
}

fn item(words: &Words, numbered: &Numbered<'_>) -> Item {
    let it = numbered.item;
    let prefix = if it.prefix.is_empty() { String::new() } else { format!("{} ", it.prefix) };
    let mut answers: Vec<String> =
        it.answers.iter().take(ANSWERS).map(|answer| said(words, answer)).collect();
    if it.answers.len() > ANSWERS {
        answers.push(words.n("instrument-more-answers", it.answers.len() - ANSWERS));
    }
    if !it.answer_set.is_empty() {
        answers.push(words.of_text("instrument-answer-set", &visible(&it.answer_set)));
    }
    let behavior = if it.enable_behavior == "any" { "instrument-if-any" } else { "instrument-if" };
    Item {
        number: numbered.number.clone(),
        text: visible(&format!("{prefix}{}", it.text)),
        heading: it.type_ == "group",
        marks: marks(words, it),
        help: it.help.iter().map(|text| visible(text)).collect(),
        answers,
        conditions: it.enable.iter().map(|when| condition(words, behavior, when)).collect(),
    }
}

/// What is to be known of a question: its kind, whether it must be answered, its codes.
fn marks(words: &Words, it: &InstrumentItem) -> Vec<String> {
    let mut marks = Vec::new();
    if it.is_question() {
        let key = format!("instrument-type-{}", it.type_);
        let kind = words.t(&key);
        marks.push(if kind == key { it.type_.clone() } else { kind });
    }
    let mut add = |holds: bool, key: &str| {
        if holds {
            marks.push(words.t(key));
        }
    };
    add(it.required, "instrument-required");
    add(it.repeats, "instrument-repeats");
    add(it.hidden, "instrument-hidden");
    add(!it.calculated.is_empty(), "instrument-calculated");
    marks.extend(it.codes.iter().map(code));
    if !it.unit.is_empty() {
        marks.push(it.unit.clone());
    }
    marks.iter().map(|mark| visible(mark)).collect()
}

fn code(it: &Coding) -> String {
    let list = if it.system.contains("loinc.org") { "LOINC " } else { "" };
    format!("{list}{}", it.code)
}

/// An answer: its words, its code, what it counts.
fn said(words: &Words, it: &AnswerOption) -> String {
    let mut text = visible(&it.text);
    if let Some(coding) = it.coding.as_ref().filter(|coding| coding.code != it.text) {
        text = format!("{text} ({})", visible(&coding.code));
    }
    if !it.ordinal.is_empty() {
        text = format!("{text} · {}", words.of_text("instrument-points", &visible(&it.ordinal)));
    }
    if it.exclusive {
        text = format!("{text} · {}", words.t("instrument-exclusive"));
    }
    text
}

fn condition(words: &Words, key: &str, it: &EnableWhen) -> String {
    let sign = if it.operator == "exists" { ":" } else { it.operator.as_str() };
    words.of_text(key, &visible(&format!("{} {sign} {}", it.question, it.answer)))
}
