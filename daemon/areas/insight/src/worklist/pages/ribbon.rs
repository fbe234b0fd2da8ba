//! The hours of the day: one's own work that has a time, and the visits of one's patients. What lies
//! side by side is stacked; the same stands as a list for narrow screens.

use almoner_chart::{Fact, on_day};
use almoner_core::clinical::When;
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_core::loops::{Due, Owner, Scope};
use almoner_core::permission::May;
use almoner_core::time::Timestamp;
use almoner_frame::Visit;
use almoner_frame::kit::ribbon::{Event, Hour, Ribbon};
use almoner_people::patients;
use almoner_store::Reader;
use chrono::{TimeDelta, Timelike};
use std::collections::BTreeMap;

/// The ribbon goes from 8 to 18 o'clock in quarters of an hour.
const OPENS: u32 = 8;
const QUARTERS: u32 = 40;
/// Quarters that something takes of which only the beginning is known.
const WIDTH: u32 = 4;
/// Things beside each other in one lane, at most; the list has them all.
const STACKED: u32 = 2;
/// Things of one lane, at most.
const MOST: usize = 24;

/// Something before it has a place.
struct Thing {
    at: Timestamp,
    title: String,
    sub: String,
    href: String,
    work: bool,
    over: bool,
}

/// The hours of today; nothing where nothing has a time.
pub(super) fn of_day(reader: &Reader<'_>, visit: &Visit) -> Outcome<Option<Ribbon>> {
    let mut things = work(reader, visit)?;
    if visit.may(May::SeeChart) {
        things.extend(visits(reader, visit)?);
    }
    if things.is_empty() {
        return Ok(None);
    }
    things.sort_by_key(|thing| (!thing.work, thing.at));
    let mut events = Vec::new();
    let mut rows = BTreeMap::new();
    let mut ends: BTreeMap<(bool, u32), u32> = BTreeMap::new();
    for thing in &things {
        let place = place(visit, thing.at).and_then(|from| {
            let free = |row: &u32| ends.get(&(thing.work, *row)).is_none_or(|end| *end <= from);
            let row = (0..STACKED).find(free)?;
            ends.insert((thing.work, row), from + WIDTH);
            Some((row, from))
        });
        let most = rows.entry(thing.work).or_insert(0);
        *most = (*most).max(place.map_or(1, |(row, _)| row + 1));
        events.push((thing, place));
    }
    let visits_row = 2 + rows.get(&true).copied().unwrap_or(1);
    let rows = visits_row - 2 + rows.get(&false).copied().unwrap_or(1);
    let drawn = events.into_iter().map(|(thing, place)| event(visit, thing, place, visits_row));
    let now = place(visit, visit.now());
    Ok(Some(Ribbon {
        events: drawn.collect(),
        hours: hours(visit),
        rows,
        past: now.filter(|at| at % 4 > 0).map(past).unwrap_or_default(),
        now: now.map(|at| (format!("c{}", at + 1), visit.words().clock(visit.now()))),
        visits_row,
    }))
}

/// The quarter of an hour in which an instant lies, from 0 on.
fn place(visit: &Visit, at: Timestamp) -> Option<u32> {
    let local = visit.house().zone.local(at);
    let minutes = (local.hour() * 60 + local.minute()).checked_sub(OPENS * 60)?;
    let quarter = minutes / 15;
    (quarter < QUARTERS).then_some(quarter)
}

/// The gone quarters of the hour that is running.
fn past(at: u32) -> String {
    format!("c{} w{}", at - at % 4 + 1, at % 4)
}

fn hours(visit: &Visit) -> Vec<Hour> {
    let hour = |number: u32| {
        let at = visit.today().and_hms_opt(OPENS + number, 0, 0)?;
        let label = almoner_frame::due::clock(visit.words(), visit.house().zone.instant(at));
        let gone = at + TimeDelta::hours(1) <= visit.house().zone.local(visit.now()).naive_local();
        Some(Hour { class: format!("c{}", number * 4 + 1), gone, label })
    };
    (0..QUARTERS / 4).filter_map(hour).collect()
}

fn event(visit: &Visit, thing: &Thing, place: Option<(u32, u32)>, visits_row: u32) -> Event {
    let kind = if thing.work { "call" } else { "visit" };
    let done = if thing.over { " done" } else { "" };
    let class = place.map(|(row, from)| {
        let row = row + if thing.work { 2 } else { visits_row };
        let width = WIDTH.min(QUARTERS - from);
        format!("{kind}{done} l{row} c{} w{width}", from + 1)
    });
    let time = visit.words().clock(thing.at);
    Event {
        listed: class.is_none(),
        class: class.unwrap_or_default(),
        title: thing.title.clone(),
        sub: if thing.sub.is_empty() { time } else { format!("{time} · {}", thing.sub) },
        href: thing.href.clone(),
        work: thing.work,
    }
}

/// One's own loops that are due at a time of today.
fn work(reader: &Reader<'_>, visit: &Visit) -> Outcome<Vec<Thing>> {
    let (zone, today) = (visit.house().zone, visit.today());
    let begin = today.pred_opt().map(|day| zone.end_of(day));
    let me = Scope::Owner(Owner::Staff(visit.staff()));
    let loops = reader.loops_between(me, begin, Some(zone.end_of(today)), 200)?;
    let mut things = Vec::new();
    for open in loops {
        let Due::Instant(at) = open.owed.due else { continue };
        let who = open.owed.patient.map(|id| patients::who(reader, visit, id)).transpose()?;
        things.push(Thing {
            at,
            title: visit.say(&open.owed.what),
            sub: who.map(|who| who.name).unwrap_or_default(),
            href: open.owed.path,
            work: true,
            over: false,
        });
        if things.len() == MOST {
            break;
        }
    }
    Ok(things)
}

/// Visits and appointments of one's own patients today, as the chart tells them.
fn visits(reader: &Reader<'_>, visit: &Visit) -> Outcome<Vec<Thing>> {
    let me = visit.staff();
    let own = |patient: PatientId| patients::is_coordinator(reader, me, patient);
    let mut things = Vec::new();
    for fact in on_day(reader, visit.today(), own)?.into_iter().take(MOST) {
        let (Some(at), Some(patient)) = (time(visit, &fact), fact.patient) else { continue };
        let who = patients::who(reader, visit, patient)?;
        things.push(Thing {
            at,
            title: who.name,
            sub: fact.label().to_owned(),
            href: who.href,
            work: false,
            over: at <= visit.now(),
        });
    }
    // One visit told by two messages is one visit.
    things.sort_by(|a, b| (a.at, &a.href).cmp(&(b.at, &b.href)));
    things.dedup_by(|a, b| (a.at, &a.href) == (b.at, &b.href));
    Ok(things)
}

/// The instant of a fact that has a time of day.
fn time(visit: &Visit, fact: &Fact) -> Option<Timestamp> {
    let (local, offset) = fact.time().and_then(When::time)?;
    let told = |seconds: i32| (local - TimeDelta::seconds(seconds.into())).and_utc();
    Some(offset.map_or_else(|| visit.house().zone.instant(local), told))
}
