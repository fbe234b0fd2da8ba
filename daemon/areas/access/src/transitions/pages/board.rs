//! The board: every open transition in the column of the step that it waits for, late ones first; or
//! the same as a table.

use super::super::record::{Stage, TransitionEpisode};
use super::super::rules::{self, Standing};
use super::super::store;
use super::{column, tell};
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_core::loops::{OpenLoop, Owner};
use almoner_core::permission::May;
use almoner_frame::kit::{Link, Row, Who, with_query};
use almoner_frame::{Page, Tone, Visit, Words};
use almoner_people::{patients, staff};
use almoner_store::{Reader, Record};
use askama::Template;
use std::collections::BTreeMap;

/// Ended episodes that the board still shows: those of so many days.
const LATELY_DAYS: u64 = 7;

const COLUMNS: [&str; 5] = [
    "transition-column-contact",
    "transition-column-contacted",
    "transition-column-medicines",
    "transition-column-visit",
    "transition-column-day",
];

#[derive(Template)]
#[template(path = "transitions/pages/board.html")]
struct Board<'p> {
    words: &'p Words,
    open: usize,
    late: usize,
    views: Vec<Link>,
    chips: Vec<Link>,
    table: bool,
    rows: Vec<Row>,
    columns: Vec<Column>,
    others: Vec<Column>,
}

struct Column {
    id: &'static str,
    heading: String,
    cards: Vec<Card>,
}

/// One episode on the board.
struct Card {
    href: String,
    who: Who,
    lines: Vec<(Tone, String)>,
    owner: String,
    next: String,
    next_href: String,
    late: bool,
}

/// An episode with what is due first.
struct Entry {
    episode: TransitionEpisode,
    standing: Standing,
    first: Option<OpenLoop>,
    late: bool,
}

pub(super) fn page(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let words = visit.words();
    let mine = visit.query("whose") == "mine";
    let own = |it: &TransitionEpisode| !mine || it.owner == Owner::Staff(visit.staff());
    let mut entries: Vec<Entry> =
        store::open(reader)?.into_iter().filter(own).map(|it| entry(reader, it)).collect();
    let zone = visit.house().zone;
    entries.sort_by_key(|entry| entry.first.as_ref().map(|it| it.owed.due.late_from(zone)));
    let ended = store::ended_lately(reader, LATELY_DAYS)?;
    let ended: Vec<Entry> = ended.into_iter().filter(own).map(|it| entry(reader, it)).collect();
    let all = entries.iter().chain(&ended).map(|it| it.episode.patient);
    let people = patients::on_screen(reader, visit, all)?;
    let table = visit.query("view") == "table";
    let board = Board {
        words,
        open: entries.len(),
        late: entries.iter().filter(|entry| entry.late).count(),
        views: views(visit, table),
        chips: chips(visit, mine),
        table,
        rows: if table { rows(visit, &entries, &people) } else { Vec::new() },
        columns: columns(reader, visit, &entries, &people)?,
        others: others(reader, visit, &entries, &ended, &people)?,
    };
    Page::draw(words.t("nav-transitions"), "/transitions", &board)
}

fn entry(reader: &Reader<'_>, episode: TransitionEpisode) -> Entry {
    let zone = reader.rules().zone;
    let standing = rules::standing(&episode, reader.rules());
    let loops = rules::loops(&episode, reader.rules());
    let first = loops.into_iter().min_by_key(|owed| owed.due.late_from(zone));
    let first = first.map(|owed| OpenLoop {
        kind: <TransitionEpisode as Record>::KIND.code,
        id: episode.id.0,
        owed,
    });
    let late = first.as_ref().is_some_and(|open| open.is_late(reader.now(), zone));
    Entry { episode, standing, first, late }
}

fn views(visit: &Visit, table: bool) -> Vec<Link> {
    let link = |value: &str, key: &str, on: bool| Link {
        href: with_query(visit, "view", value),
        label: visit.words().t(key),
        count: None,
        on,
    };
    vec![link("", "transition-view-board", !table), link("table", "transition-view-table", table)]
}

fn chips(visit: &Visit, mine: bool) -> Vec<Link> {
    let link = |value: &str, key: &str, on: bool| Link {
        href: with_query(visit, "whose", value),
        label: visit.words().t(key),
        count: None,
        on,
    };
    vec![link("", "transition-all", !mine), link("mine", "transition-mine", mine)]
}

fn rows(visit: &Visit, entries: &[Entry], people: &BTreeMap<PatientId, Who>) -> Vec<Row> {
    let (words, zone) = (visit.words(), visit.house().zone);
    let row = |entry: &Entry| {
        let who = people.get(&entry.episode.patient).cloned();
        let open = entry.first.as_ref()?;
        Some(Row::of(words, zone, visit.now(), open, who))
    };
    entries.iter().filter_map(row).collect()
}

fn columns(
    reader: &Reader<'_>,
    visit: &Visit,
    entries: &[Entry],
    people: &BTreeMap<PatientId, Who>,
) -> Outcome<Vec<Column>> {
    let mut columns = Vec::new();
    for (at, key) in COLUMNS.into_iter().enumerate() {
        let here = entries
            .iter()
            .filter(|it| it.standing.stage == Stage::Home && column(&it.standing) == at);
        let cards = here.map(|it| card(reader, visit, it, people)).collect::<Outcome<_>>()?;
        columns.push(Column { id: key, heading: visit.words().t(key), cards });
    }
    Ok(columns)
}

/// Those whose clocks do not run, or run otherwise: emergency room, hospital, facility, ended.
fn others(
    reader: &Reader<'_>,
    visit: &Visit,
    entries: &[Entry],
    ended: &[Entry],
    people: &BTreeMap<PatientId, Who>,
) -> Outcome<Vec<Column>> {
    let group = |key: &'static str, of: Vec<&Entry>| -> Outcome<Column> {
        let cards =
            of.into_iter().map(|it| card(reader, visit, it, people)).collect::<Outcome<_>>()?;
        Ok(Column { id: key, heading: visit.words().t(key), cards })
    };
    let of = |stages: &[Stage]| -> Vec<&Entry> {
        entries.iter().filter(|it| stages.contains(&it.standing.stage)).collect()
    };
    let mut groups = vec![
        group("transition-group-emergency", of(&[Stage::Emergency]))?,
        group("transition-group-hospital", of(&[Stage::Admitted, Stage::Expected]))?,
        group("transition-group-facility", of(&[Stage::Facility]))?,
        group("transition-group-ended", ended.iter().collect())?,
    ];
    groups.retain(|group| !group.cards.is_empty());
    Ok(groups)
}

fn card(
    reader: &Reader<'_>,
    visit: &Visit,
    entry: &Entry,
    people: &BTreeMap<PatientId, Who>,
) -> Outcome<Card> {
    let words = visit.words();
    let Entry { episode, standing, first, late } = entry;
    let day = tell::day_of(visit, standing);
    let mut lines = if standing.stage == Stage::Home {
        let tracks = [
            tell::contact(visit, standing),
            tell::medicines(visit, standing),
            tell::seen(visit, standing),
        ];
        // While nobody was reached, that is what the card is about.
        let shown = if column(standing) == 0 { 1 } else { 3 };
        tracks.into_iter().flatten().take(shown).map(|(text, tone)| (tone, text)).collect()
    } else {
        vec![(Tone::Plain, tell::headline(words, episode))]
    };
    if !day.is_empty() {
        lines.push((Tone::Plain, day));
    }
    let owner = match episode.owner {
        Owner::Staff(id) => staff::name_of(reader, id)?,
        Owner::Unassigned => words.t("transition-nobody"),
    };
    let next = first.as_ref().filter(|_| visit.may(May::WorkTransitions));
    Ok(Card {
        href: episode.path(),
        who: people.get(&episode.patient).cloned().unwrap_or_default(),
        lines,
        owner,
        next: next.map(|it| words.say(&it.owed.next)).unwrap_or_default(),
        next_href: next.map(|it| it.owed.next_path.clone()).unwrap_or_default(),
        late: *late,
    })
}
