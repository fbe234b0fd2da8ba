//! The timeline: what every area knows to have happened, the newest first.

use super::record_page;
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_frame::kit::{self, Link, Pager};
use almoner_frame::{Page, TimelineItem, Visit, Words};
use almoner_store::Reader;
use askama::Template;
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// Lines on one page.
const PAGE: u64 = 100;

#[derive(Template)]
#[template(path = "patients/pages/timeline.html")]
struct Timeline<'p> {
    words: &'p Words,
    kinds: Vec<Link>,
    days: Vec<Day>,
    pager: Pager,
}

/// What happened on one day.
pub(super) struct Day {
    pub label: String,
    pub lines: Vec<Line>,
}

/// One event.
pub(super) struct Line {
    pub time: String,
    pub tone: &'static str,
    pub icon: &'static str,
    pub what: String,
    pub detail: String,
    pub lang: String,
    pub by: String,
    pub href: String,
}

/// Everything that happened, the newest first.
pub(super) fn items(
    reader: &Reader<'_>,
    visit: &Visit,
    id: PatientId,
) -> Outcome<Vec<TimelineItem>> {
    let mut items = Vec::new();
    for area in visit.house().areas {
        if let Some(timeline) = area.timeline {
            items.extend(timeline(reader, visit, id)?);
        }
    }
    items.sort_by_cached_key(|item| {
        (std::cmp::Reverse(item.at), item.kind, visit.say(&item.what), item.detail.clone())
    });
    Ok(items)
}

/// The same by day, in words.
pub(super) fn days(visit: &Visit, items: Vec<TimelineItem>) -> Vec<Day> {
    let mut days: Vec<(Option<NaiveDate>, Day)> = Vec::new();
    for item in items {
        let day = item.when.date();
        let label = heading(visit, &item);
        let line = line(visit, item);
        match days.last_mut() {
            Some((last, open)) if *last == day && open.label == label => open.lines.push(line),
            _ => days.push((day, Day { label, lines: vec![line] })),
        }
    }
    days.into_iter().map(|(_, day)| day).collect()
}

pub(super) fn page(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let id: PatientId = visit.id("patient")?;
    let words = visit.words();
    let all = items(reader, visit, id)?;
    let chosen = visit.query("kind");
    let kinds = links(visit, &all, chosen);
    let shown: Vec<TimelineItem> =
        all.into_iter().filter(|item| chosen.is_empty() || item.kind == chosen).collect();
    let number = visit.query("page").parse().unwrap_or(1);
    let total = u64::try_from(shown.len()).unwrap_or(u64::MAX);
    let pager =
        Pager::new(number, PAGE, total, |page| kit::with_query(visit, "page", &page.to_string()));
    let size = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let part: Vec<TimelineItem> = shown.into_iter().skip(pager.skip()).take(size).collect();
    let page = Timeline { words, kinds, days: days(visit, part), pager };
    record_page(reader, visit, id, &words.t("tab-timeline"), &page)
}

fn links(visit: &Visit, items: &[TimelineItem], chosen: &str) -> Vec<Link> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for item in items {
        *counts.entry(item.kind).or_default() += 1;
    }
    let words = visit.words();
    let link = |kind: &str, count: Option<u64>| Link {
        href: kit::with_query(visit, "kind", kind),
        label: words.t(&format!("timeline-{}", if kind.is_empty() { "all" } else { kind })),
        count,
        on: kind == chosen,
    };
    let all = link("", u64::try_from(items.len()).ok());
    std::iter::once(all).chain(counts.into_iter().map(|(k, n)| link(k, Some(n)))).collect()
}

/// "Today", "Wednesday, Nov 18, 2026", "May 2019".
fn heading(visit: &Visit, item: &TimelineItem) -> String {
    let words = visit.words();
    match item.when.date() {
        Some(day) if day == visit.today() => words.t("timeline-today"),
        Some(day) => format!("{}, {}", words.weekday(day), words.day(day)),
        None => words.when(&item.when),
    }
}

fn line(visit: &Visit, item: TimelineItem) -> Line {
    let words = visit.words();
    let time = match item.when.time() {
        Some((_, Some(_))) => words.clock(item.at),
        Some((local, None)) => words.clock(visit.house().zone.instant(local)),
        None => String::new(),
    };
    Line {
        time,
        tone: item.tone.class(),
        icon: item.icon,
        what: visit.say(&item.what),
        detail: item.detail,
        lang: item.lang,
        by: item.source,
        href: item.href.unwrap_or_default(),
    }
}
