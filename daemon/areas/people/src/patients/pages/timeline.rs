//! The timeline: what every area knows to have happened, the newest first, one page at a time. Filters
//! and the date to begin with stand in the address.

use super::record_page;
use crate::patients::record::Patient;
use crate::staff;
use almoner_core::fault::Outcome;
use almoner_core::ids::{PatientId, StaffId};
use almoner_frame::due::echo;
use almoner_frame::kit::{self, Choice, Link};
use almoner_frame::timeline::{self, By, Place, Told, Window};
use almoner_frame::{Page, TimelineItem, Visit, Words, dates};
use almoner_store::Reader;
use askama::Template;
use chrono::NaiveDate;

/// Lines on one page.
const PAGE: usize = 50;

#[derive(Template)]
#[template(path = "patients/pages/timeline.html")]
struct Timeline<'p> {
    words: &'p Words,
    path: String,
    kinds: Vec<Link>,
    kind: String,
    by: Vec<Choice>,
    to: Date,
    days: Vec<Day>,
    /// Whether anything but everything is asked for.
    narrowed: bool,
    /// How far back was looked, where nothing was found so far.
    looked: Option<String>,
    newest: Option<String>,
    earlier: Option<String>,
}

/// The date to begin with: as typed, what was understood, what is wrong with it.
#[derive(Default)]
struct Date {
    typed: String,
    day: Option<NaiveDate>,
    echo: String,
    wrong: String,
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

/// What all areas tell of a window.
pub(super) fn told(
    reader: &Reader<'_>,
    visit: &Visit,
    id: PatientId,
    window: &Window<'_>,
) -> Outcome<Told> {
    let areas = visit.house().areas.iter().filter_map(|area| area.timeline.as_ref());
    let asked = areas.filter(|area| area.kinds.iter().any(|kind| window.takes(kind)));
    let parts = asked.map(|area| (area.tell)(reader, visit, id, window));
    Ok(timeline::merge(parts.collect::<Outcome<_>>()?, window.most))
}

/// The same by day, in words; `after` is the line with which the page before ended.
pub(super) fn days(visit: &Visit, items: Vec<TimelineItem>, after: Option<Place>) -> Vec<Day> {
    let (words, zone) = (visit.words(), visit.house().zone);
    let mut days: Vec<(Option<NaiveDate>, String, Day)> = Vec::new();
    for item in items {
        let at = item.place.at();
        let day = item.when.date().map(|_| zone.day(at));
        let heading = heading(visit, &item, day);
        let line = line(visit, item);
        match days.last_mut() {
            Some((last, said, open)) if *last == day && *said == heading => open.lines.push(line),
            open => {
                let ended = after.filter(|_| open.is_none()).map(|place| zone.day(place.at()));
                let goes_on = day.is_some() && day == ended;
                let label = if goes_on {
                    words.of_text("timeline-continued", &heading)
                } else {
                    heading.clone()
                };
                days.push((day, heading, Day { label, lines: vec![line] }));
            }
        }
    }
    days.into_iter().map(|(.., day)| day).collect()
}

pub(super) fn page(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let id: PatientId = visit.id("patient")?;
    let words = visit.words();
    let cursor: Option<Place> = visit.query("page").parse().ok();
    let to = date(visit);
    let begin = to.day.map(|day| Place::before(visit.house().zone.end_of(day)));
    let kind = visit.query("kind");
    let by = by(visit.query("by"));
    let window = Window { before: cursor.or(begin), most: PAGE, kind, by };
    let told = told(reader, visit, id, &window)?;
    let href = |place: Place| kit::with_query(visit, "page", &place.to_string());
    let looked = told.more.filter(|_| told.items.is_empty());
    let page = Timeline {
        words,
        path: visit.path().to_owned(),
        kinds: links(visit, kind),
        kind: kind.to_owned(),
        by: choices(reader, visit, id)?,
        narrowed: !kind.is_empty() || by != By::Anybody || window.before.is_some(),
        to,
        looked: looked.map(|place| words.day(visit.house().zone.day(place.at()))),
        newest: cursor.map(|_| kit::with_query(visit, "page", "")),
        earlier: told.more.map(href),
        days: days(visit, told.items, cursor),
    };
    record_page(reader, visit, id, &words.t("tab-timeline"), &page)
}

/// The date that was typed, in any usual form.
fn date(visit: &Visit) -> Date {
    let typed = visit.query("to").trim().to_owned();
    if typed.is_empty() {
        return Date::default();
    }
    let words = visit.words();
    match dates::day(visit.language(), visit.today(), &typed) {
        Some(day) => {
            Date { typed, day: Some(day), echo: echo(words, visit.today(), day), ..Date::default() }
        }
        None => Date { typed, wrong: words.t("timeline-to-wrong"), ..Date::default() },
    }
}

/// By whom, as it stands in the address.
fn by(text: &str) -> By<'_> {
    let staff = text.strip_prefix("staff-").and_then(StaffId::parse).map(By::Staff);
    let source = || text.strip_prefix("source-").map(By::Source);
    let here = (text == "here").then_some(By::Here);
    here.or(staff).or_else(source).unwrap_or(By::Anybody)
}

/// Whom one may choose: everybody here, and the sources that know the patient.
fn choices(reader: &Reader<'_>, visit: &Visit, id: PatientId) -> Outcome<Vec<Choice>> {
    let words = visit.words();
    let mut all = vec![
        (String::new(), words.t("timeline-by-anybody")),
        ("here".to_owned(), words.t("timeline-by-here")),
    ];
    let staff = staff::all(reader)?.into_iter().filter(|it| !it.disabled);
    all.extend(staff.map(|it| {
        (format!("staff-{}", it.id), words.of_text("timeline-by-staff", it.name.as_str()))
    }));
    let patient = reader.get::<Patient>(id)?;
    let mut sources: Vec<&str> = patient.identities.iter().map(|it| it.source.as_str()).collect();
    sources.sort_unstable();
    sources.dedup();
    all.extend(sources.into_iter().map(|source| {
        let name = super::about::source_name(words, source);
        (format!("source-{source}"), words.of_text("timeline-by-source", name.as_str()))
    }));
    let chosen = visit.query("by");
    let choice = |(value, label): (String, String)| Choice { on: value == chosen, value, label };
    Ok(all.into_iter().map(choice).collect())
}

fn links(visit: &Visit, chosen: &str) -> Vec<Link> {
    let areas = visit.house().areas.iter().filter_map(|area| area.timeline.as_ref());
    let kinds = areas.flat_map(|area| area.kinds.iter().copied());
    let words = visit.words();
    let link = |kind: &str| Link {
        href: kit::with_query(visit, "kind", kind),
        label: words.t(&format!("timeline-{}", if kind.is_empty() { "all" } else { kind })),
        count: None,
        on: kind == chosen,
    };
    std::iter::once("").chain(kinds).map(link).collect()
}

/// "Today", "Wednesday, Nov 18, 2026", "May 2019".
fn heading(visit: &Visit, item: &TimelineItem, day: Option<NaiveDate>) -> String {
    let words = visit.words();
    match day {
        Some(day) if day == visit.today() => words.t("timeline-today"),
        Some(day) => format!("{}, {}", words.weekday(day), words.day(day)),
        None => words.when(&item.when),
    }
}

fn line(visit: &Visit, item: TimelineItem) -> Line {
    let words = visit.words();
    let timed = item.when.time().is_some();
    Line {
        time: if timed { words.clock(item.place.at()) } else { String::new() },
        tone: item.tone.class(),
        icon: item.icon,
        what: visit.say(&item.what),
        detail: item.detail,
        lang: item.lang,
        by: item.source,
        href: item.href.unwrap_or_default(),
    }
}
