//! The kit of parts that every page is built from: the values that the templates in
//! `templates/kit/` draw.
//!
//! A template says `{% import "kit/parts.html" as kit %}` and then `{{ kit::tag("bad", "late") }}`;
//! parts with an inside are called: `{% call kit::panel("tasks", "Tasks") %}…{% endcall %}`. The
//! template's struct has a field `words: &Words`. Arguments with a default may be left out or
//! given by name: `{{ form::field("when", label, value, said, hint = "For example: nov 18") }}`.
//!
//! `kit/parts.html` as `kit`:
//! - `icon(name, tone = "")`, `tag(tone, text, icon = "")`, `notice(tone, text)`
//! - `btn(href, text, look = "", icon = "", about = "")`
//! - call `head(title, eyebrow = "", lede = "")`, inside: the page's buttons
//! - call `panel(id, title, note = "", href = "", more = "")`, inside: `<div class="body">`, a feed …
//! - `kv(term, value, unknown = "")` inside `<dl class="kv">`, `empty(title, text = "", href = "", action = "")`
//! - `views(label, links)`, `chips(label, links)` of [`Link`], `pager(pager)` of [`Pager`]
//! - `clock(clock)` of [`Clock`], `stepper(title, href, note, steps)` of [`Step`]
//! - `day(text)`, `event(time, tone, icon, what, detail = "", lang = "", by = "", href = "",
//!   struck = false)` inside `<ol class="tl">`, `person(who)` of [`Who`]
//!
//! `kit/form.html` as `form`:
//! - `errsum(problems)` of [`Problems`], `err(name, said)`, `hidden(name, value)`
//! - `field(name, label, value, said = "", hint = "", look = "short", kind = "text",
//!   optional = false, echo = "", auto = "off")`; a date is a field whose echo is
//!   [`crate::due::echo`]; what was typed is read by [`crate::dates`]
//! - `area(name, label, value, said = "", hint = "", rows = 4, optional = false)`
//! - `select(name, label, choices, said = "", hint = "", optional = false)`,
//!   `cards(kind, name, label, choices, said = "", hint = "", optional = false)` of [`Choice`]
//! - `submit(text, back = "")`
//!
//! `kit/fields.html` as `fields`, what longer forms need ([`fields`]): `source`, `born`, `picker`, `saved`,
//! `tasks`, `button`, `busy`, `unavailable`, call `confirm`.
//!
//! `kit/record.html` as `record`, of a patient and of measures ([`record`]): `banner`, `goal`, `member`,
//! `need`, `amended`, call `kpi`; its figure is a [`charts::Figure`].
//!
//! `kit/states.html` as `states`: call `stripe`, call `undo`, `progress`, `menu`, call `fold`, `allergies`.
//!
//! All of them with all their states are drawn on `/parts` of the demonstration.
//!
//! `kit/work.html` as `work`: `head(caption)` and `row(row, first, last, pri)` of [`Row`], inside
//! `<table class="wl">`.

pub mod charts;
pub mod fields;
pub mod marks;
pub mod record;
pub mod ribbon;

use crate::area::Tone;
use crate::due::{self, Deadline};
use crate::language::Words;
use crate::visit::Visit;
use almoner_core::fault::Refusal;
use almoner_core::loops::{LoopKind, OpenLoop};
use almoner_core::phrase::Phrase;
use almoner_core::time::{Timestamp, Zone};
use std::fmt::Write;

/// What must change in a form, in words.
#[derive(Clone, Debug, Default)]
pub struct Problems(Vec<(&'static str, String)>);

/// One of several answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub value: String,
    pub label: String,
    /// Chosen or ticked.
    pub on: bool,
}

/// A view or a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    pub href: String,
    pub label: String,
    pub count: Option<u64>,
    pub on: bool,
}

/// Where in a long list a page is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pager {
    pub from: u64,
    pub to: u64,
    pub total: u64,
    pub earlier: Option<String>,
    pub later: Option<String>,
}

/// A person outside their record: always with two identifiers (`UX.md` §2).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Who {
    pub href: String,
    /// "Okafor-Reyes, María".
    pub name: String,
    /// Birth date and record number: "Mar 4, 1958 · 004-81-937".
    pub sub: String,
    /// Tone, symbol and words of each tag ("Similar name", "Spanish, interpreter").
    pub tags: Vec<(Tone, &'static str, String)>,
}

/// A line of the worklist.
#[derive(Clone, Debug)]
pub struct Row {
    pub due: Deadline,
    pub icon: &'static str,
    pub what: String,
    pub why: String,
    pub href: String,
    pub who: Option<Who>,
    /// Who must see to it, where the list is not one person's; else empty.
    pub owner: String,
    pub next: String,
    pub next_href: String,
    /// Its name in the list's form; empty where it can't be chosen.
    pub pick: String,
    /// "Changed 9:40 am by Lee Park": somebody else had it in hand today; else empty.
    pub changed: String,
    /// Just done: struck, its page takes it back.
    pub done: bool,
}

/// What a search shows below its field.
#[derive(Clone, Debug)]
pub struct Hits {
    pub id: String,
    /// What was typed, for ears.
    pub label: String,
    pub rows: Vec<Who>,
    /// "All 23 results", that nobody fits, or that the server is silent.
    pub said: String,
}

/// A clock that runs by a rule.
#[derive(Clone, Debug)]
pub struct Clock {
    pub href: String,
    pub label: String,
    /// "2 days late", "2 h 18 min left".
    pub left: String,
    pub tone: Tone,
    /// How much of the time has gone, in percent.
    pub share: u8,
    /// The rule, in words.
    pub rule: String,
}

/// Where a step of a loop stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    Done,
    At,
    ToCome,
    Stuck,
    Skipped,
}

/// A step of a loop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub label: String,
    pub state: StepState,
}

impl Problems {
    /// The problems of a refusal in the reader's language.
    pub fn of(visit: &Visit, refusal: &Refusal) -> Self {
        Self(refusal.problems.iter().map(|(field, what)| (*field, visit.say(what))).collect())
    }

    /// Problems in words that are there already.
    pub fn said(problems: Vec<(&'static str, String)>) -> Self {
        Self(problems)
    }

    /// What is wrong with a field; empty when nothing is.
    pub fn on(&self, field: &str) -> &str {
        let found = self.0.iter().find(|(name, _)| *name == field);
        found.map_or("", |(_, said)| said.as_str())
    }

    /// Field and problem, in order.
    pub fn all(&self) -> &[(&'static str, String)] {
        &self.0
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl Choice {
    /// Answers whose words are the messages `{prefix}-{value}`; those in `chosen` are on.
    pub fn list(words: &Words, prefix: &str, values: &[&str], chosen: &[&str]) -> Vec<Self> {
        let choice = |value: &&str| Self {
            value: (*value).to_owned(),
            label: words.t(&format!("{prefix}-{value}")),
            on: chosen.contains(value),
        };
        values.iter().map(choice).collect()
    }
}

impl Who {
    /// Birth date and record number, apart: numbers stand in letters in which I, l and 1 differ.
    pub fn identifiers(&self) -> (&str, &str) {
        match self.sub.rsplit_once(" · ") {
            Some((born, record)) if record.contains(|c: char| c.is_ascii_digit()) => (born, record),
            _ => (&self.sub, ""),
        }
    }
}

impl Pager {
    /// The `page`th page (from 1 on) of `size` lines out of `total`; `href` says where a page is.
    pub fn new(page: u64, size: u64, total: u64, href: impl Fn(u64) -> String) -> Self {
        let last = total.div_ceil(size.max(1)).max(1);
        let page = page.clamp(1, last);
        Self {
            from: (page - 1) * size + 1,
            to: (page * size).min(total),
            total,
            earlier: (page > 1).then(|| href(page - 1)),
            later: (page < last).then(|| href(page + 1)),
        }
    }

    /// How many lines to leave out before this page.
    pub fn skip(&self) -> usize {
        usize::try_from(self.from.saturating_sub(1)).unwrap_or(usize::MAX)
    }

    /// Whether there is more than one page.
    pub fn needed(&self) -> bool {
        self.earlier.is_some() || self.later.is_some()
    }

    /// "1 to 50 of 213".
    pub fn said(&self) -> Phrase {
        let number = |n: u64| i64::try_from(n).unwrap_or(i64::MAX);
        Phrase::new("kit-pager")
            .with("from", number(self.from))
            .with("to", number(self.to))
            .with("total", number(self.total))
    }
}

impl Row {
    /// The line of an open loop.
    pub fn of(
        words: &Words,
        zone: Zone,
        now: Timestamp,
        open: &OpenLoop,
        who: Option<Who>,
    ) -> Self {
        Self {
            due: due::say(words, zone, now, open.owed.due),
            icon: icon(open.owed.kind),
            what: words.say(&open.owed.what),
            why: words.say(&open.owed.why),
            href: open.owed.path.clone(),
            who,
            owner: String::new(),
            next: words.say(&open.owed.next),
            next_href: open.owed.next_path.clone(),
            pick: String::new(),
            changed: String::new(),
            done: false,
        }
    }
}

impl Clock {
    /// A clock that stands still: why, and when somebody looks again.
    pub fn paused(href: &str, label: &str, left: &str, why: &str, share: u8) -> Self {
        let [href, label, left, rule] = [href, label, left, why].map(str::to_owned);
        Self { href, label, left, tone: Tone::Plain, share, rule }
    }

    /// The clock of a loop that has one; `label` says whose.
    pub fn of(
        words: &Words,
        zone: Zone,
        now: Timestamp,
        open: &OpenLoop,
        label: &str,
    ) -> Option<Self> {
        let rule = open.owed.clock.as_ref()?;
        let end = open.owed.due.late_from(zone);
        let whole = (end - rule.started).num_minutes().max(1);
        let gone = (now - rule.started).num_minutes().clamp(0, whole);
        let (left, tone) = due::left(words, zone, now, open.owed.due);
        Some(Self {
            href: open.owed.path.clone(),
            label: label.to_owned(),
            left,
            tone,
            share: u8::try_from(gone * 100 / whole).unwrap_or(100),
            rule: words.say(&rule.rule),
        })
    }
}

impl StepState {
    /// Its class in the stylesheet.
    pub fn class(self) -> &'static str {
        match self {
            Self::Done => "d",
            Self::At => "at",
            Self::ToCome => "",
            Self::Stuck => "stuck",
            Self::Skipped => "omit",
        }
    }

    /// Key of what is said of it to ears.
    pub fn key(self) -> &'static str {
        match self {
            Self::Done => "kit-step-done",
            Self::At => "kit-step-at",
            Self::ToCome => "kit-step-to-come",
            Self::Stuck => "",
            Self::Skipped => "kit-step-skipped",
        }
    }

    pub fn is_at(self) -> bool {
        matches!(self, Self::At | Self::Stuck)
    }

    pub fn is_done(self) -> bool {
        self == Self::Done
    }
}

/// The symbol of a kind of loop.
pub fn icon(kind: LoopKind) -> &'static str {
    match kind {
        LoopKind::Task => "check",
        LoopKind::Promise => "phone",
        LoopKind::TransitionContact | LoopKind::TransitionMonitoring => "home",
        LoopKind::TransitionMedicines => "pill",
        LoopKind::TransitionVisit => "cal",
        LoopKind::Assignment => "people",
        LoopKind::Match => "same",
    }
}

/// The visit's address with one value of its query changed; an empty value is left out, and so is
/// the page, which begins again.
pub fn with_query(visit: &Visit, name: &str, value: &str) -> String {
    let kept = visit.queries().iter().filter(|(key, _)| key != name && key != "page");
    let mut pairs: Vec<(&str, &str)> = kept.map(|(key, v)| (key.as_str(), v.as_str())).collect();
    if !value.is_empty() {
        pairs.push((name, value));
    }
    href(visit.path(), pairs)
}

/// A path with a query.
pub(crate) fn with_queries(path: &str, query: &[(String, String)]) -> String {
    href(path, query.iter().map(|(key, value)| (key.as_str(), value.as_str())))
}

fn href<'q>(path: &str, query: impl IntoIterator<Item = (&'q str, &'q str)>) -> String {
    let mut href = String::from(path);
    for (at, (key, value)) in query.into_iter().enumerate() {
        href.push(if at == 0 { '?' } else { '&' });
        encode(&mut href, key);
        href.push('=');
        encode(&mut href, value);
    }
    href
}

/// Writes a text as it stands in an address (RFC 3986, 2.3).
fn encode(href: &mut String, text: &str) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            href.push(char::from(byte));
        } else {
            let _ = write!(href, "%{byte:02X}");
        }
    }
}

#[cfg(test)]
#[path = "kit_tests.rs"]
mod tests;
