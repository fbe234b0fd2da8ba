//! Medicines as lines, and the page of medicine lists side by side.

use super::rules::{self, Change, Listed};
use super::{Line, side_by_side};
use crate::facts::Fact;
use crate::facts::view::Row;
use almoner_core::clinical::{Content, Medication};
use almoner_core::export::Sense;
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_core::phrase::Phrase;
use almoner_frame::{Page, Tone, Visit, Words};
use almoner_people::patients::record_page;
use almoner_store::Reader;
use askama::Template;

/// The three lists, as messages and headings name them.
const COLUMNS: [&str; 3] = ["before", "discharge", "now"];
/// Lines of what was given or has ended, before the chart shows all.
const SHORT: usize = 25;

#[derive(Template)]
#[template(path = "medications/pages/lists.html")]
struct Lists<'p> {
    words: &'p Words,
    /// Of the lists that there are.
    heads: Vec<String>,
    /// Whether there are two to compare.
    compared: bool,
    lines: Vec<Shown>,
    missing: String,
    given: Vec<Row>,
    dispensed: Vec<Row>,
    ended: Vec<Row>,
    more: bool,
    all: String,
}

/// One medicine on the three lists.
struct Shown {
    name: String,
    sorted: String,
    /// Nothing differs.
    alike: bool,
    changes: Vec<(&'static str, String)>,
    /// A cell for each list that there is.
    cells: Vec<Option<Row>>,
}

/// A medicine as a line.
pub(crate) fn row(visit: &Visit, fact: &Fact, it: &Medication) -> Row {
    let words = visit.words();
    let said = directions(it);
    let reason = it.reason.as_ref().map(|it| words.of_text("medicine-for", it.label()));
    let supply = supply(words, it);
    let until = it.period.end.as_ref().map(|it| words.of_text("medicine-until", &words.when(it)));
    let row = Row::of(visit, fact).saying(&[
        &supply,
        &said,
        &reason.unwrap_or_default(),
        &until.unwrap_or_default(),
    ]);
    if fact.sense == Sense::Negated {
        return row.tagged(Tone::Warn, words.t("medicine-not-taken"));
    }
    match it.status.as_str() {
        "on-hold" => row.tagged(Tone::Warn, words.t("medicine-on-hold")),
        "stopped" | "cancelled" => row.tagged(Tone::Plain, words.t("medicine-stopped")),
        "completed" | "ended" => row.tagged(Tone::Plain, words.t("medicine-completed")),
        _ => row,
    }
}

/// What a pharmacy handed out: `30 tablet, for 30 days`.
fn supply(words: &Words, it: &Medication) -> String {
    let amount = it.quantity.as_ref().map(|it| format!("{} {}", it.value, it.unit));
    let days = it.days_supply.as_ref().map(|it| words.of_text("medicine-for-days", &it.value));
    joined(&[amount.unwrap_or_default(), days.unwrap_or_default()])
}

/// Those of the parts that say something, one after the other.
fn joined(parts: &[String]) -> String {
    let parts = parts.iter().map(|part| part.trim()).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(", ")
}

/// How it is taken, in the source's own words, else from its dose.
fn directions(it: &Medication) -> String {
    if !it.sig.is_empty() {
        return it.sig.trim().to_owned();
    }
    let dose = it.dose.as_ref().map(|dose| format!("{} {}", dose.value, dose.unit));
    let route = it.route.as_ref().map(|route| route.label().to_owned());
    joined(&[dose.unwrap_or_default(), route.unwrap_or_default(), it.frequency.clone()])
}

pub(crate) fn page(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let id: PatientId = visit.id("patient")?;
    let words = visit.words();
    let lists = side_by_side(reader, id)?;
    let mut lines: Vec<Shown> =
        lists.lines.iter().map(|line| shown(visit, line, lists.there)).collect();
    lines.sort_by(|a, b| (a.alike, &a.sorted).cmp(&(b.alike, &b.sorted)));
    let rows =
        |facts: &[Fact]| facts.iter().take(SHORT).map(|it| crate::facts::row(visit, it)).collect();
    let page = Lists {
        words,
        heads: COLUMNS
            .iter()
            .zip(lists.there)
            .filter(|(_, there)| *there)
            .map(|(name, _)| words.t(&format!("medicines-{name}")))
            .collect(),
        compared: lists.there.iter().filter(|there| **there).count() > 1,
        lines,
        missing: missing(words, lists.there),
        given: rows(&lists.given),
        dispensed: rows(&lists.dispensed),
        ended: rows(&lists.ended),
        more: [&lists.given, &lists.dispensed, &lists.ended].iter().any(|it| it.len() > SHORT),
        all: format!("/p/{id}/chart?section=medicines"),
    };
    record_page(reader, visit, id, &words.t("tab-medicines"), &page)
}

/// Which of the lists to compare did not come.
fn missing(words: &Words, there: [bool; 3]) -> String {
    match there {
        [true, true, true] | [false, false, false] => String::new(),
        [false, false, true] => words.t("medicines-no-stay"),
        [false, ..] => words.t("medicines-no-before"),
        [_, false, _] => words.t("medicines-no-discharge"),
        [_, _, false] => words.t("medicines-no-now"),
    }
}

fn shown(visit: &Visit, line: &Line, there: [bool; 3]) -> Shown {
    let words = visit.words();
    let name = line.any().map(|fact| crate::facts::row(visit, fact).label).unwrap_or_default();
    let steps = steps(line, there);
    let told = steps.iter().filter(|(_, change)| *change != Change::Same);
    let mut changes: Vec<(&'static str, String)> =
        told.map(|(at, change)| told_change(words, line, *at, *change)).collect();
    let alike = changes.is_empty();
    if alike && !steps.is_empty() {
        changes.push((Tone::Good.class(), words.t("medicines-same")));
    }
    Shown {
        sorted: almoner_core::text::fold(&name),
        name,
        alike,
        changes,
        cells: line
            .on
            .iter()
            .zip(there)
            .filter(|(_, there)| *there)
            .map(|(fact, _)| fact.as_ref().map(|fact| cell(visit, fact)))
            .collect(),
    }
}

/// What changed from list to list, of the lists that are there: to which one, and what.
fn steps(line: &Line, there: [bool; 3]) -> Vec<(usize, Change)> {
    let known = line.on.iter().zip(there).enumerate().filter(|(_, (_, there))| *there);
    let known: Vec<(usize, Option<Listed<'_>>)> =
        known.map(|(at, (fact, _))| (at, fact.as_ref().and_then(listed))).collect();
    let pairs = known.windows(2).filter_map(|pair| match pair {
        [(_, from), (at, to)] => {
            let first = known.first().filter(|(first, _)| *first == 0 && *at == 2);
            let before = first.and_then(|(_, it)| *it);
            let change = rules::change(*from, *to);
            change.map(|change| (*at, rules::since(before, *to, change)))
        }
        _ => None,
    });
    pairs.collect()
}

fn listed(fact: &Fact) -> Option<Listed<'_>> {
    let Content::Medication(it) = &fact.content else { return None };
    Some(Listed { it, taken: fact.sense == Sense::Stated && rules::current(it) })
}

/// A change in words: "At discharge: new", "Now: 20 mg → 40 mg".
fn told_change(words: &Words, line: &Line, at: usize, change: Change) -> (&'static str, String) {
    let list = COLUMNS.get(at).copied().unwrap_or_default();
    let list = words.t(&format!("medicines-{list}"));
    let said = |key: &'static str| words.say(&Phrase::new(key).with("list", list.as_str()));
    let directions = |fact: Option<&Fact>| match fact.map(|it| &it.content) {
        Some(Content::Medication(it)) => directions(it),
        _ => String::new(),
    };
    match change {
        Change::New => (Tone::Info.class(), said("medicines-new")),
        Change::Again => (Tone::Warn.class(), said("medicines-again")),
        Change::AsBefore => (Tone::Warn.class(), said("medicines-as-before")),
        Change::Stopped => (Tone::Warn.class(), said("medicines-stopped")),
        Change::NotListed => (Tone::Warn.class(), said("medicines-not-listed")),
        Change::Same => (Tone::Good.class(), words.t("medicines-same")),
        Change::Otherwise => {
            let earlier = line.on.iter().take(at).flatten().last();
            let to = line.on.get(at).and_then(Option::as_ref);
            let phrase = Phrase::new("medicines-otherwise")
                .with("list", list.as_str())
                .with("from", directions(earlier))
                .with("to", directions(to));
            (Tone::Warn.class(), words.say(&phrase))
        }
    }
}

fn cell(visit: &Visit, fact: &Fact) -> Row {
    let mut row = crate::facts::row(visit, fact);
    if row.detail.is_empty() {
        row.detail = visit.words().t("medicines-no-directions");
    }
    row
}
