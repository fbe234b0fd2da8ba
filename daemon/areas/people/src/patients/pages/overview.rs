//! The overview: what to do next, then every area's panels, then what happened last.

use super::record_page;
use super::timeline::{self, Day};
use super::view;
use crate::patients::record::Patient;
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_core::loops::OpenLoop;
use almoner_frame::due::{self, Deadline};
use almoner_frame::timeline::{Place, Window};
use almoner_frame::{Page, PanelPlace, Trust, Try, Visit, Words};
use almoner_store::Reader;
use askama::Template;

/// Lines of the timeline on the overview.
const LINES: usize = 10;
/// Tries of what is to be done next.
const TRIES: usize = 5;

#[derive(Template)]
#[template(path = "patients/pages/overview.html")]
struct Overview<'p> {
    words: &'p Words,
    name: String,
    base: String,
    next: Option<Next>,
    main: Vec<Trust>,
    side: Vec<Trust>,
    days: Vec<Day>,
}

/// The first of what is owed.
struct Next {
    what: String,
    why: String,
    due: Deadline,
    verb: String,
    href: String,
    path: String,
    icon: &'static str,
    more: usize,
    tries: Vec<Tried>,
}

/// What was tried already.
struct Tried {
    at: String,
    what: String,
    by: String,
    href: String,
}

pub(super) fn page(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let id: PatientId = visit.id("patient")?;
    let golden = reader.get::<Patient>(id)?.golden();
    let words = visit.words();
    // What is planned stands in the panels: here is what has happened.
    let today = Place::before(visit.house().zone.end_of(visit.today()));
    let told = timeline::told(reader, visit, id, &Window::newest(Some(today), LINES))?;
    let page = Overview {
        words,
        name: view::plain_name(words, &golden),
        base: format!("/p/{id}"),
        next: next(reader, visit, id, golden.deceased)?,
        main: panels(reader, visit, id, PanelPlace::Main)?,
        side: panels(reader, visit, id, PanelPlace::Side)?,
        days: timeline::days(visit, told.items, None),
    };
    record_page(reader, visit, id, &words.t("tab-overview"), &page)
}

fn next(reader: &Reader<'_>, visit: &Visit, id: PatientId, died: bool) -> Outcome<Option<Next>> {
    let open = reader.loops_of(id)?;
    let words = visit.words();
    let waiting = |it: &&OpenLoop| it.owed.opens.is_none_or(|day| day <= visit.today());
    let count = open.iter().filter(waiting).count();
    let Some(first) = open.iter().find(waiting) else { return Ok(None) };
    // Nobody is called who has died: what is still open is looked at.
    let owed = &first.owed;
    let (verb, href) = if died && owed.next_path.starts_with(&format!("/p/{id}/contacts/new")) {
        (words.t("overview-look"), owed.path.clone())
    } else {
        (words.say(&owed.next), owed.next_path.clone())
    };
    Ok(Some(Next {
        tries: tries(reader, visit, first)?,
        what: words.say(&first.owed.what),
        why: words.say(&first.owed.why),
        due: due::say(words, visit.house().zone, visit.now(), first.owed.due),
        verb,
        href,
        path: first.owed.path.clone(),
        icon: almoner_frame::kit::icon(first.owed.kind),
        more: count.saturating_sub(1),
    }))
}

/// The last few tries of a loop, the earliest first.
fn tries(reader: &Reader<'_>, visit: &Visit, open: &OpenLoop) -> Outcome<Vec<Tried>> {
    let mut all = Vec::new();
    for tries in visit.house().areas.iter().filter_map(|area| area.tries) {
        all.extend(tries(reader, visit, open)?);
    }
    all.sort_by_key(|it| it.at);
    let (words, zone) = (visit.words(), visit.house().zone);
    let shown = all.split_off(all.len().saturating_sub(TRIES));
    let tried = |it: Try| Tried {
        at: format!("{}, {}", words.short_day(zone.day(it.at)), words.clock(it.at)),
        what: visit.say(&it.what),
        by: it.by,
        href: it.href,
    };
    Ok(shown.into_iter().map(tried).collect())
}

fn panels(
    reader: &Reader<'_>,
    visit: &Visit,
    id: PatientId,
    place: PanelPlace,
) -> Outcome<Vec<Trust>> {
    let areas = visit.house().areas.iter();
    let mut panels: Vec<_> = areas
        .flat_map(|area| area.panels)
        .filter(|panel| panel.place == place && visit.may(panel.may))
        .collect();
    panels.sort_by_key(|panel| panel.order);
    let mut drawn = Vec::new();
    for panel in panels {
        drawn.extend((panel.draw)(reader, visit, id)?);
    }
    Ok(drawn)
}
