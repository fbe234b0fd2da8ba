//! The page My day: a sentence of what is due, the day's hours, the worklist in its parts, clocks,
//! news.

mod bulk;
mod feed;
mod list;
mod ribbon;
mod saved;

use super::record::Batch;
use super::rules::{Asked, Group, Whose};
use super::store;
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_core::loops::{OpenLoop, Owner, Scope};
use almoner_core::permission::May;
use almoner_frame::kit::ribbon::Ribbon;
use almoner_frame::kit::{Clock, Pager, Row, Who};
use almoner_frame::shell::counted;
use almoner_frame::typed::Typed;
use almoner_frame::{Live, Page, Route, Visit, Words, drafts};
use almoner_people::patients;
use almoner_store::{Reader, Verb};
use askama::Template;
use feed::News;
use list::{Menu, Tab};
use std::collections::BTreeMap;

/// Lines of a part that the whole list shows; and of a part that is shown alone.
const SHORT: usize = 15;
const PAGE: usize = 50;
/// Clocks beside the list.
const CLOCKS: usize = 5;
/// Drafts beside the list.
const DRAFTS: usize = 8;

/// The pages.
pub(super) const ROUTES: &[Route] = &[
    Route::Show { path: "/", may: May::UseOwnAccount, page: my_day },
    Route::Ask { path: "/my-day/selected", may: May::WorkTasks, page: bulk::selected },
    Route::Work {
        path: "/my-day/finish",
        may: May::WorkTasks,
        verb: Verb("task.finish"),
        work: bulk::finish,
        again: bulk::finish_again,
    },
    Route::Work {
        path: "/my-day/move",
        may: May::WorkTasks,
        verb: Verb("task.move"),
        work: bulk::move_all,
        again: bulk::move_again,
    },
    Route::Work {
        path: "/my-day/hand-over",
        may: May::WorkTasks,
        verb: Verb("task.hand_over"),
        work: bulk::hand_over,
        again: bulk::hand_over_again,
    },
    Route::Work {
        path: "/my-day/undo/{batch}",
        may: May::WorkTasks,
        verb: Verb("task.undo"),
        work: bulk::undo,
        again: bulk::undo_again,
    },
    Route::Show { path: "/views", may: May::SeeWorklist, page: saved::page },
    Route::Work {
        path: "/views/save",
        may: May::SeeWorklist,
        verb: Verb("view.save"),
        work: saved::save,
        again: saved::again,
    },
    Route::Work {
        path: "/views/rename",
        may: May::SeeWorklist,
        verb: Verb("view.rename"),
        work: saved::rename,
        again: saved::again,
    },
    Route::Work {
        path: "/views/delete",
        may: May::SeeWorklist,
        verb: Verb("view.delete"),
        work: saved::delete,
        again: saved::again,
    },
    Route::Work {
        path: "/views/first",
        may: May::SeeWorklist,
        verb: Verb("view.first"),
        work: saved::first,
        again: saved::again,
    },
];

#[derive(Template)]
#[template(path = "worklist/pages/my_day.html")]
struct MyDay<'p> {
    words: &'p Words,
    today: String,
    sentence: Vec<Due>,
    /// What was just done to several tasks.
    just_done: Option<JustDone>,
    ribbon: Option<Ribbon>,
    tabs: Vec<Tab>,
    save_href: String,
    menus: Vec<Menu>,
    clear: bool,
    /// Where the list is, for what is done to chosen lines.
    back: String,
    /// There are lines to choose.
    picks: bool,
    parts: Vec<Part>,
    clocks: Vec<Clock>,
    clocks_href: String,
    news: Vec<News>,
    drafts: Vec<Left>,
    typed: Typed,
}

/// A form that was left.
struct Left {
    href: String,
    what: String,
    who: String,
    saved: String,
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
    count: String,
    lines: Vec<Row>,
    /// Where the rest is, and its words.
    more: Option<(String, String)>,
    pager: Pager,
    folded: bool,
    /// The first part: its first line has the page's primary button.
    top: bool,
}

/// What was just done, as the notice tells it.
struct JustDone {
    text: String,
    tasks: Vec<(String, String)>,
    failed: Vec<(String, String, String)>,
    /// Where it is taken back; empty where it can't be.
    undo: String,
}

impl MyDay<'_> {
    fn has_open(&self) -> bool {
        self.parts.iter().any(|part| !part.folded)
    }

    /// What can be done to chosen lines.
    fn acts(&self) -> [(&'static str, String); 3] {
        [("done", "finish"), ("move", "move"), ("give", "hand-over")]
            .map(|(value, key)| (value, self.words.t(&format!("bulk-do-{key}"))))
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

/// A part before it is drawn.
struct Read {
    group: Group,
    count: u64,
    lines: Vec<OpenLoop>,
    pager: Pager,
}

fn my_day(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    if !visit.may(May::SeeWorklist) {
        return start(visit);
    }
    let words = visit.words();
    let me = visit.staff();
    let saved = store::views(reader, me)?;
    let asked = list::asked(visit, &saved);
    let scope = store::scope(me, asked.whose);
    let clocks = store::clocks(reader, scope)?;
    let shown_clocks = clocks.get(..CLOCKS).unwrap_or(&clocks);
    let parts = read(reader, scope, &asked)?;
    let ids = parts.iter().flat_map(|part| &part.lines).chain(shown_clocks);
    let ids = ids.filter_map(|open| open.owed.patient).collect::<Vec<_>>();
    let people = patients::on_screen(reader, visit, ids)?;
    let mine = asked.whose == Whose::Mine;
    let page = MyDay {
        words,
        today: format!("{}, {}", words.weekday(visit.today()), words.day(visit.today())),
        sentence: sentence(reader, visit, scope)?,
        just_done: just_done(reader, visit)?,
        ribbon: if mine { ribbon::of_day(reader, visit)? } else { None },
        tabs: list::tabs(reader, visit, &asked, &saved)?,
        save_href: format!("/views?{}", asked.query()),
        menus: list::menus(visit, &asked, &people),
        clear: asked.filters() || asked.group.is_some(),
        back: asked.href(),
        picks: visit.may(May::WorkTasks),
        parts: drawn(reader, visit, &asked, parts, &people)?,
        clocks: shown_clocks.iter().filter_map(|open| clock(visit, open, &people)).collect(),
        clocks_href: Asked { wanted: super::rules::Wanted::Clocks, ..asked.clone() }.href(),
        news: if mine { feed::news(reader, visit)? } else { Vec::new() },
        drafts: left(reader, visit)?,
        typed: Typed::fresh(visit, ""),
    };
    let late = reader.late_loops(Scope::Owner(Owner::Staff(me)))?;
    Ok(Page::draw(title(words, late), "/", &page)?.showing(Live::Worklist))
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

fn title(words: &Words, late: u64) -> String {
    if late == 0 {
        return words.t("nav-my-day");
    }
    format!("{}: {}", words.t("nav-my-day"), words.n("my-day-overdue", late))
}

/// What is due, whatever is filtered.
fn sentence(reader: &Reader<'_>, visit: &Visit, scope: Scope) -> Outcome<Vec<Due>> {
    let words = visit.words();
    let mut pieces = Vec::new();
    for (group, key) in [
        (Group::Overdue, "my-day-overdue"),
        (Group::Today, "my-day-due-today"),
        (Group::Week, "my-day-week"),
    ] {
        let n = store::count(reader, scope, Some(group))?;
        let text = words.n(key, n);
        let late = group == Group::Overdue;
        pieces.push((n, Due { href: format!("#{}", group.key()), text, late }));
    }
    let today = store::earliest(reader, scope, Some(Group::Today), 200)?;
    let clocks = today.iter().filter(|open| open.owed.clock.is_some()).count() as u64;
    let text = words.n("my-day-clocks-today", clocks);
    pieces.insert(2, (clocks, Due { href: "#clocks".into(), text, late: false }));
    Ok(pieces.into_iter().filter(|(n, _)| *n > 0).map(|(_, due)| due).take(3).collect())
}

/// The parts that the address asks for: all, or one with its pages.
fn read(reader: &Reader<'_>, scope: Scope, asked: &Asked) -> Outcome<Vec<Read>> {
    let mut parts = Vec::new();
    for group in Group::ALL {
        if asked.group.is_some_and(|only| only != group) {
            continue;
        }
        let alone = asked.group.is_some();
        // What is later than 7 days is only counted until it is asked for.
        let take = match (alone, group) {
            (true, _) => PAGE,
            (false, Group::Later) => 0,
            (false, _) => SHORT,
        };
        let skip = usize::try_from(asked.page.max(1) - 1).unwrap_or(0) * PAGE;
        let skip = if alone { skip } else { 0 };
        let part = store::part(reader, scope, asked, group, (skip, take))?;
        let href = |page: u64| format!("{}&page={page}", asked.href());
        let pager = if alone {
            Pager::new(asked.page, PAGE as u64, part.count, href)
        } else {
            Pager::default()
        };
        if part.count > 0 {
            parts.push(Read { group, count: part.count, lines: part.lines, pager });
        }
    }
    Ok(parts)
}

fn drawn(
    reader: &Reader<'_>,
    visit: &Visit,
    asked: &Asked,
    parts: Vec<Read>,
    people: &BTreeMap<PatientId, Who>,
) -> Outcome<Vec<Part>> {
    let words = visit.words();
    let mut names = BTreeMap::new();
    let mut drawn = Vec::new();
    for part in parts {
        let mut lines = Vec::new();
        for open in &part.lines {
            lines.push(list::line(reader, visit, asked.whose, open, people, &mut names)?);
        }
        let left = part.count - lines.len() as u64;
        let more = (asked.group.is_none() && left > 0).then(|| {
            let href = Asked { group: Some(part.group), ..asked.clone() }.href();
            (href, words.n("my-day-more", left))
        });
        drawn.push(Part {
            group: part.group,
            count: counted(part.count),
            more,
            top: drawn.is_empty(),
            folded: asked.group.is_none() && part.group > Group::Today,
            lines,
            pager: part.pager,
        });
    }
    Ok(drawn)
}

fn just_done(reader: &Reader<'_>, visit: &Visit) -> Outcome<Option<JustDone>> {
    let Some(id) = super::record::BatchId::parse(visit.query("done")) else { return Ok(None) };
    let Some(batch) = store::just_done(reader, visit.staff(), id, visit.now())? else {
        return Ok(None);
    };
    let key = format!("bulk-{}", batch.done.key());
    let can_undo = !batch.changed.is_empty() && batch.done != super::record::Done::Undone;
    let undo = if can_undo { format!("/my-day/undo/{}", batch.id) } else { String::new() };
    let Batch { changed, failed, .. } = batch;
    let failed = failed.iter();
    Ok(Some(JustDone {
        text: visit.words().n(&key, changed.len()),
        tasks: changed.into_iter().map(|(id, title)| (format!("/tasks/{id}"), title)).collect(),
        failed: failed
            .map(|(href, what, why)| (href.clone(), visit.say(what), visit.say(why)))
            .collect(),
        undo,
    }))
}

/// The forms that the person left, the latest first.
fn left(reader: &Reader<'_>, visit: &Visit) -> Outcome<Vec<Left>> {
    let mut drafts = drafts::of(reader, visit.staff())?;
    drafts.sort_by_key(|draft| std::cmp::Reverse(draft.saved));
    drafts.truncate(DRAFTS);
    let line = |draft: drafts::Draft| {
        let who = draft.patient.map(|id| patients::who(reader, visit, id)).transpose()?;
        Ok(Left {
            who: who.map(|who| who.name).unwrap_or_default(),
            saved: visit.words().instant(draft.saved),
            href: draft.page,
            what: draft.what,
        })
    };
    drafts.into_iter().map(line).collect()
}

fn clock(visit: &Visit, open: &OpenLoop, people: &BTreeMap<PatientId, Who>) -> Option<Clock> {
    let who = open.owed.patient.and_then(|id| people.get(&id));
    let label = who.map_or_else(|| visit.say(&open.owed.what), |who| who.name.clone());
    Clock::of(visit.words(), visit.house().zone, visit.now(), open, &label)
}
