//! The page My day: a sentence of what is due, the worklist in its parts, clocks, news.

mod feed;

use super::rules::{self, Group, Wanted};
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_core::loops::{OpenLoop, Owner};
use almoner_core::permission::May;
use almoner_core::phrase::Phrase;
use almoner_frame::kit::{self, Clock, Link, Pager, Row, Who};
use almoner_frame::{Page, Route, Visit, Words};
use almoner_people::{patients, staff};
use almoner_store::Reader;
use askama::Template;
use feed::News;
use std::collections::BTreeMap;

/// Lines of a part that the whole list shows; and of a part that is shown alone.
const SHORT: usize = 20;
const PAGE: u64 = 50;
/// Clocks beside the list.
const CLOCKS: usize = 5;

/// The pages.
pub(super) const ROUTES: &[Route] =
    &[Route::Show { path: "/", may: May::UseOwnAccount, page: my_day }];

#[derive(Template)]
#[template(path = "worklist/pages/my_day.html")]
struct MyDay<'p> {
    words: &'p Words,
    today: String,
    /// Who printed it and when, for paper.
    printed: String,
    sentence: Vec<Due>,
    views: Vec<Link>,
    kinds: Vec<Link>,
    parts: Vec<Part>,
    clocks: Vec<Clock>,
    clock_count: u64,
    clocks_href: String,
    news: Vec<News>,
}

#[derive(Template)]
#[template(path = "worklist/pages/start.html")]
struct Start<'p> {
    words: &'p Words,
    name: &'p str,
    links: Vec<(&'static str, &'static str, String)>,
}

/// A piece of the sentence under the heading.
struct Due {
    href: String,
    text: String,
    late: bool,
}

/// A part of the list as drawn.
struct Part {
    group: Group,
    count: u64,
    rows: Vec<Row>,
    /// Where the rest is, and how many they are.
    more: Option<(String, u64)>,
    pager: Pager,
    folded: bool,
    /// The first part: its first line has the page's primary button.
    top: bool,
}

impl MyDay<'_> {
    fn has_open(&self) -> bool {
        self.parts.iter().any(|part| !part.folded)
    }

    fn heading(&self, part: &Part) -> String {
        self.words.t(match part.group {
            Group::Overdue => "my-day-group-overdue",
            Group::Today => "my-day-group-today",
            Group::Week => "my-day-group-week",
            Group::Later => "my-day-group-later",
        })
    }
}

impl Part {
    fn is_late(&self) -> bool {
        self.group == Group::Overdue
    }
}

/// Whose loops are shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum View {
    Mine,
    Team,
    Unassigned,
}

impl View {
    fn of(visit: &Visit) -> Self {
        match visit.query("view") {
            "team" => Self::Team,
            "unassigned" => Self::Unassigned,
            _ => Self::Mine,
        }
    }

    fn takes(self, visit: &Visit, open: &OpenLoop) -> bool {
        match self {
            Self::Mine => open.owed.owner == Owner::Staff(visit.staff()),
            Self::Team => true,
            Self::Unassigned => open.owed.owner == Owner::Unassigned,
        }
    }
}

fn my_day(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    if !visit.may(May::SeeWorklist) {
        return start(visit);
    }
    let (words, zone, now) = (visit.words(), visit.house().zone, visit.now());
    let mut all = reader.loops(None)?;
    all.sort_by_key(|open| open.owed.due.late_from(zone));
    let view = View::of(visit);
    let views = views(visit, view, &all);
    all.retain(|open| view.takes(visit, open));
    let wanted = Wanted::parse(visit.query("kind"));
    let kinds = kinds(visit, wanted, &all);
    let news = if view == View::Mine { feed::news(reader, visit)? } else { Vec::new() };
    let mut running: Vec<&OpenLoop> = all.iter().filter(|open| open.owed.clock.is_some()).collect();
    let clock_count = running.len() as u64;
    running.truncate(CLOCKS);
    let running: Vec<OpenLoop> = running.into_iter().cloned().collect();
    all.retain(|open| wanted.takes(open));
    let parts = rules::part(all, now, zone);
    let sentence = sentence(visit, &parts);
    let title = title(words, &parts);
    let people = people(reader, visit, &parts, &running)?;
    let clocks = running.iter().filter_map(|open| clock(visit, open, &people)).collect();
    let printed = Phrase::new("my-day-printed")
        .with("clinic", visit.house().clinic)
        .with("name", visit.name())
        .with("at", now);
    let page = MyDay {
        words,
        today: format!("{}, {}", words.weekday(visit.today()), words.day(visit.today())),
        printed: visit.say(&printed),
        sentence,
        views,
        kinds,
        parts: drawn(reader, visit, view, parts, &people)?,
        clocks,
        clock_count,
        clocks_href: kit::with_query(visit, "kind", "clock"),
        news,
    };
    Ok(Page::draw(title, "/", &page)?.of_worklist())
}

/// For those who have no worklist: the doors that are open to them.
fn start(visit: &Visit) -> Outcome<Page> {
    let words = visit.words();
    let nav = visit.house().areas.iter().flat_map(|area| area.nav);
    let mut open: Vec<_> = nav.filter(|item| visit.may(item.may)).collect();
    open.sort_by_key(|item| item.order);
    let links = open.iter().map(|item| (item.href, item.icon, words.t(item.label))).collect();
    Page::draw(words.t("start-title"), "/", &Start { words, name: visit.name(), links })
}

fn title(words: &Words, parts: &[(Group, Vec<OpenLoop>); 4]) -> String {
    let late = count(parts, Group::Overdue);
    if late == 0 {
        return words.t("nav-my-day");
    }
    format!("{}: {}", words.t("nav-my-day"), words.n("my-day-overdue", late))
}

fn count(parts: &[(Group, Vec<OpenLoop>); 4], group: Group) -> u64 {
    parts.iter().find(|(part, _)| *part == group).map_or(0, |(_, held)| held.len() as u64)
}

fn views(visit: &Visit, view: View, all: &[OpenLoop]) -> Vec<Link> {
    let link = |of: View, name: &str, key: &str| Link {
        href: if name.is_empty() { "/".to_owned() } else { format!("/?view={name}") },
        label: visit.words().t(key),
        count: Some(all.iter().filter(|open| of.takes(visit, open)).count() as u64),
        on: of == view,
    };
    vec![
        link(View::Mine, "", "my-day-mine"),
        link(View::Team, "team", "my-day-team"),
        link(View::Unassigned, "unassigned", "my-day-unassigned"),
    ]
}

fn kinds(visit: &Visit, wanted: Wanted, all: &[OpenLoop]) -> Vec<Link> {
    let words = visit.words();
    let link = |key: &str, of: Wanted, label: String| Link {
        href: kit::with_query(visit, "kind", key),
        label,
        count: (of != Wanted::All).then(|| all.iter().filter(|open| of.takes(open)).count() as u64),
        on: of == wanted,
    };
    let mut links = vec![
        link("", Wanted::All, words.t("my-day-all-kinds")),
        link("clock", Wanted::Clocks, words.t("my-day-clocks")),
    ];
    links.extend(Wanted::KINDS.into_iter().map(|kind| {
        link(kind.key(), Wanted::Kind(kind), words.t(&format!("loop-{}", kind.key())))
    }));
    links.retain(|link| link.on || link.count != Some(0));
    links
}

fn sentence(visit: &Visit, parts: &[(Group, Vec<OpenLoop>); 4]) -> Vec<Due> {
    let (words, zone, now) = (visit.words(), visit.house().zone, visit.now());
    let group = |group: Group, key: &str| {
        let n = count(parts, group);
        let text = words.n(key, n);
        (n, Due { href: format!("#{}", group.key()), text, late: group == Group::Overdue })
    };
    let ends_today =
        |open: &&OpenLoop| open.owed.clock.is_some() && Group::of(open, now, zone) == Group::Today;
    let clocks = parts.iter().flat_map(|(_, held)| held).filter(ends_today).count() as u64;
    let clock =
        Due { href: "#clocks".into(), text: words.n("my-day-clocks-today", clocks), late: false };
    let pieces = [
        group(Group::Overdue, "my-day-overdue"),
        group(Group::Today, "my-day-due-today"),
        (clocks, clock),
        group(Group::Week, "my-day-week"),
    ];
    pieces.into_iter().filter(|(n, _)| *n > 0).map(|(_, due)| due).take(3).collect()
}

/// The lines that the page shows of each part: the page's own choice of part and page, else the
/// first of every part.
fn shown<'l>(visit: &Visit, group: Group, held: &'l [OpenLoop]) -> (&'l [OpenLoop], Pager) {
    if Group::parse(visit.query("group")) != Some(group) {
        return (held.get(..SHORT.min(held.len())).unwrap_or_default(), Pager::default());
    }
    let page = visit.query("page").parse().unwrap_or(1);
    let pager = Pager::new(page, PAGE, held.len() as u64, |page| {
        kit::with_query(visit, "page", &page.to_string())
    });
    let from = pager.skip().min(held.len());
    let to = usize::try_from(pager.to).unwrap_or(from).clamp(from, held.len());
    (held.get(from..to).unwrap_or_default(), pager)
}

fn people(
    reader: &Reader<'_>,
    visit: &Visit,
    parts: &[(Group, Vec<OpenLoop>); 4],
    running: &[OpenLoop],
) -> Outcome<BTreeMap<PatientId, Who>> {
    let alone = Group::parse(visit.query("group"));
    let lines = parts
        .iter()
        .filter(|(group, _)| visible(*group, alone))
        .flat_map(|(group, held)| shown(visit, *group, held).0);
    let ids = lines.chain(running).filter_map(|open| open.owed.patient);
    patients::on_screen(reader, visit, ids)
}

/// Whether a part's lines are on the page: what is later than 7 days only when asked for.
fn visible(group: Group, alone: Option<Group>) -> bool {
    alone.map_or(group != Group::Later, |only| only == group)
}

fn drawn(
    reader: &Reader<'_>,
    visit: &Visit,
    view: View,
    parts: [(Group, Vec<OpenLoop>); 4],
    people: &BTreeMap<PatientId, Who>,
) -> Outcome<Vec<Part>> {
    let (words, zone, now) = (visit.words(), visit.house().zone, visit.now());
    let alone = Group::parse(visit.query("group"));
    let mut names = BTreeMap::new();
    let mut drawn = Vec::new();
    for (group, held) in parts {
        if alone.is_some_and(|only| only != group) || held.is_empty() {
            continue;
        }
        let (lines, pager) = shown(visit, group, &held);
        let lines = if visible(group, alone) { lines } else { &[] };
        let mut rows = Vec::new();
        for open in lines {
            let who = open.owed.patient.and_then(|id| people.get(&id)).cloned();
            let mut row = Row::of(words, zone, now, open, who);
            if view == View::Team {
                row.owner = owner(reader, words, &mut names, open.owed.owner)?;
            }
            rows.push(row);
        }
        let left = (held.len() - rows.len()) as u64;
        let href = kit::with_query(visit, "group", group.key());
        drawn.push(Part {
            group,
            count: held.len() as u64,
            more: (alone.is_none() && left > 0).then_some((href, left)),
            top: drawn.is_empty(),
            folded: alone.is_none() && group > Group::Today,
            rows,
            pager,
        });
    }
    Ok(drawn)
}

fn owner(
    reader: &Reader<'_>,
    words: &Words,
    names: &mut BTreeMap<Owner, String>,
    owner: Owner,
) -> Outcome<String> {
    if let Some(name) = names.get(&owner) {
        return Ok(name.clone());
    }
    let name = match owner {
        Owner::Unassigned => words.t("my-day-nobody"),
        Owner::Staff(id) => staff::name_of(reader, id)?,
    };
    names.insert(owner, name.clone());
    Ok(name)
}

fn clock(visit: &Visit, open: &OpenLoop, people: &BTreeMap<PatientId, Who>) -> Option<Clock> {
    let who = open.owed.patient.and_then(|id| people.get(&id));
    let label = who.map_or_else(|| visit.say(&open.owed.what), |who| who.name.clone());
    Clock::of(visit.words(), visit.house().zone, visit.now(), open, &label)
}
