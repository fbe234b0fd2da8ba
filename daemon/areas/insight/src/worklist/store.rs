//! Reading worklists in short ranges, whatever the number of patients and loops; and what a person
//! keeps of their own: views, and what was just done.

use super::record::{BY_STAFF, Batch, BatchId, Done, View, Views};
use super::rules::{Asked, Group, Sort, Whose};
use almoner_care::tasks::{self, Command, Task, TaskId};
use almoner_core::fault::{Fault, Outcome, Refusal};
use almoner_core::ids::{RawId, RecordId, StaffId};
use almoner_core::loops::{OpenLoop, Owner, Scope};
use almoner_core::phrase::Phrase;
use almoner_core::time::Timestamp;
use almoner_people::patients;
use almoner_store::{Key, Reader, Record, Writer};
use chrono::{Days, NaiveDate, TimeDelta};

/// Loops of one part that are looked at one by one, where a filter or another order asks for it.
const LOOKED_AT: usize = 500;
/// Loops among which the clocks are looked for.
const CLOCKS_AMONG: usize = 200;
/// Views that a person may save.
const VIEWS: usize = 12;

/// A part of a list.
pub(super) struct Part {
    /// How many it has in all; of a filtered part at most [`LOOKED_AT`].
    pub count: u64,
    /// The lines of the page.
    pub lines: Vec<OpenLoop>,
}

/// Whose loops a list shows.
pub(super) fn scope(me: StaffId, whose: Whose) -> Scope {
    match whose {
        Whose::Mine => Scope::Owner(Owner::Staff(me)),
        Whose::Unassigned => Scope::Owner(Owner::Unassigned),
        Whose::Team => Scope::Team,
    }
}

/// How many loops there are in a part, or in all: from the counts that the store keeps.
pub(super) fn count(reader: &Reader<'_>, scope: Scope, group: Option<Group>) -> Outcome<u64> {
    let days = reader.loop_counts(scope)?;
    let today = reader.rules().zone.day(reader.now());
    let week = today + Days::new(7);
    let within = |wanted: &dyn Fn(NaiveDate) -> bool| -> u64 {
        days.iter().filter(|(_, day, _)| wanted(*day)).map(|(.., n)| n).sum()
    };
    Ok(match group {
        None => within(&|_| true),
        Some(Group::Overdue) => reader.late_loops(scope)?,
        Some(Group::Today) => within(&|day| day <= today).saturating_sub(reader.late_loops(scope)?),
        Some(Group::Week) => within(&|day| day > today && day <= week),
        Some(Group::Later) => within(&|day| day > week),
    })
}

/// A part of a list: what the address asks for, from line `skip` on.
pub(super) fn part(
    reader: &Reader<'_>,
    scope: Scope,
    asked: &Asked,
    group: Group,
    (skip, take): (usize, usize),
) -> Outcome<Part> {
    let plain = !asked.filters() && asked.sort == Sort::Due;
    let limit = if plain { skip + take } else { LOOKED_AT };
    let mut lines = earliest(reader, scope, Some(group), limit)?;
    if !plain {
        lines = filtered(reader, asked, lines)?;
        sort(reader, asked.sort, &mut lines)?;
    }
    let count =
        if asked.filters() { lines.len() as u64 } else { count(reader, scope, Some(group))? };
    Ok(Part { count, lines: lines.into_iter().skip(skip).take(take).collect() })
}

/// How many loops an address asks for in all.
pub(super) fn count_asked(reader: &Reader<'_>, scope: Scope, asked: &Asked) -> Outcome<u64> {
    let groups = asked.group.map_or(Group::ALL.to_vec(), |group| vec![group]);
    let mut total = 0;
    for group in groups {
        total += if asked.filters() {
            part(reader, scope, asked, group, (0, 0))?.count
        } else {
            count(reader, scope, Some(group))?
        };
    }
    Ok(total)
}

/// The clocks among the most urgent loops.
pub(super) fn clocks(reader: &Reader<'_>, scope: Scope) -> Outcome<Vec<OpenLoop>> {
    let mut loops = earliest(reader, scope, None, CLOCKS_AMONG)?;
    loops.retain(|open| open.owed.clock.is_some());
    Ok(loops)
}

/// The earliest loops of a part, or of all.
pub(super) fn earliest(
    reader: &Reader<'_>,
    scope: Scope,
    group: Option<Group>,
    limit: usize,
) -> Outcome<Vec<OpenLoop>> {
    let zone = reader.rules().zone;
    let (from, to) = group.map(|group| group.bounds(reader.now(), zone)).unwrap_or_default();
    // The parts end with their last moment, the store's ranges before it.
    let behind = |at: Timestamp| at + TimeDelta::milliseconds(1);
    reader.loops_between(scope, from.map(behind), to.map(behind), limit)
}

fn filtered(
    reader: &Reader<'_>,
    asked: &Asked,
    mut loops: Vec<OpenLoop>,
) -> Outcome<Vec<OpenLoop>> {
    loops.retain(|open| asked.wanted.takes(open));
    if asked.language.is_empty() {
        return Ok(loops);
    }
    let mut kept = Vec::new();
    for open in loops {
        let card = open.owed.patient.map(|id| patients::card(reader, id)).transpose()?.flatten();
        if card.is_some_and(|card| card.speaks(&asked.language)) {
            kept.push(open);
        }
    }
    Ok(kept)
}

fn sort(reader: &Reader<'_>, by: Sort, loops: &mut [OpenLoop]) -> Outcome<()> {
    match by {
        Sort::Due => {}
        Sort::Kind => loops.sort_by_key(|open| open.owed.kind),
        Sort::Who => {
            let mut names = std::collections::BTreeMap::new();
            for id in loops.iter().filter_map(|open| open.owed.patient) {
                if let std::collections::btree_map::Entry::Vacant(free) = names.entry(id) {
                    free.insert(patients::card(reader, id)?.map(|card| card.sorted));
                }
            }
            let name = |open: &OpenLoop| open.owed.patient.and_then(|id| names.get(&id).cloned());
            loops.sort_by_cached_key(name);
        }
    }
    Ok(())
}

/// A loop as a tick box names it.
pub(super) fn pick(open: &OpenLoop) -> String {
    format!("{}.{}.{}", open.kind, open.id, open.owed.slot)
}

/// The loop that a tick box names, if it is open still.
pub(super) fn picked(reader: &Reader<'_>, pick: &str) -> Outcome<Option<(String, OpenLoop)>> {
    let Some(task) = task_of(pick) else { return Ok(None) };
    let Some(task) = reader.find::<Task>(task)? else { return Ok(None) };
    let owed = task.loops(reader.rules()).into_iter().next();
    let id = RawId::from_bytes(task.id.bytes());
    Ok(owed.map(|owed| (pick.to_owned(), OpenLoop { kind: Task::KIND.code, id, owed })))
}

fn task_of(pick: &str) -> Option<TaskId> {
    let mut parts = pick.split('.');
    let kind: u16 = parts.next()?.parse().ok()?;
    (kind == Task::KIND.code).then(|| TaskId::parse(parts.next()?)).flatten()
}

/// Takes one step with each of the tasks; each for itself, so that one that can't does not stop the
/// others. What became of each is kept for the person to see, and to take back.
pub(super) fn act_on_all(
    writer: &mut Writer<'_>,
    me: StaffId,
    picks: &[String],
    done: Done,
    command: &dyn Fn(&Task) -> Command,
) -> Outcome<BatchId> {
    let mut batch = batch(writer, me, done);
    for pick in picks {
        let Some(id) = task_of(pick) else { continue };
        let Some(task) = writer.find::<Task>(id)? else { continue };
        let result = tasks::act(writer, id, &command(&task), "");
        note(&mut batch, &task, result)?;
    }
    keep(writer, batch)
}

/// Takes back what was done to several tasks; what somebody has changed since stays.
pub(super) fn undo_all(writer: &mut Writer<'_>, me: StaffId, id: BatchId) -> Outcome<BatchId> {
    let done = writer.get::<Batch>(id)?;
    if done.staff != me {
        return Err(Fault::Absent("batch"));
    }
    let mut batch = batch(writer, me, Done::Undone);
    for (id, _) in &done.changed {
        let Some(task) = writer.find::<Task>(*id)? else { continue };
        let result = tasks::undo(writer, *id, Some(done.at));
        note(&mut batch, &task, result)?;
    }
    keep(writer, batch)
}

fn batch(writer: &Writer<'_>, staff: StaffId, done: Done) -> Batch {
    let at = writer.act().at;
    Batch { id: BatchId::random(), staff, at, done, changed: Vec::new(), failed: Vec::new() }
}

fn note(batch: &mut Batch, task: &Task, result: Outcome<Task>) -> Outcome<()> {
    match result {
        Ok(task) => batch.changed.push((task.id, task.title)),
        Err(Fault::Refused(refusal)) => {
            let what = Phrase::new("task-what").with("what", task.title.as_str());
            batch.failed.push((task.path(), what, why(refusal)));
        }
        Err(fault) => return Err(fault),
    }
    Ok(())
}

fn why(refusal: Refusal) -> Phrase {
    let first = refusal.problems.into_iter().next();
    first.map_or(Phrase::new("task-step-impossible"), |(_, what)| what)
}

/// Keeps a batch, and forgets those that can't be taken back any more.
fn keep(writer: &mut Writer<'_>, batch: Batch) -> Outcome<BatchId> {
    let old: Vec<BatchId> = writer.ids(BY_STAFF, &Key::all().id(batch.staff))?;
    let (me, now) = (batch.staff, batch.at);
    for id in old {
        let gone = |it: &Batch| it.staff == me && (now - it.at).num_hours() >= 24;
        if writer.find::<Batch>(id)?.is_some_and(|it| gone(&it)) {
            writer.remove::<Batch>(id)?;
        }
    }
    writer.put(&batch)?;
    Ok(batch.id)
}

/// What a person just did to several tasks.
pub(super) fn just_done(
    reader: &Reader<'_>,
    me: StaffId,
    id: BatchId,
    now: Timestamp,
) -> Outcome<Option<Batch>> {
    let batch = reader.find::<Batch>(id)?;
    Ok(batch.filter(|it| it.staff == me && (now - it.at).num_hours() < 24))
}

/// The views of a person.
pub(super) fn views(reader: &Reader<'_>, me: StaffId) -> Outcome<Views> {
    let views = reader.find::<Views>(me)?;
    Ok(views.unwrap_or(Views { id: me, views: Vec::new(), first: None }))
}

/// Saves a view under a name; one of the same name is replaced.
pub(super) fn save_view(writer: &mut Writer<'_>, me: StaffId, view: View) -> Outcome<()> {
    let mut views = views(writer, me)?;
    let mut refusal = Refusal::default();
    let name = view.name.as_str();
    refusal.when(name.is_empty(), "name", Phrase::new("view-name-missing"));
    refusal.when(name.chars().count() > 40, "name", Phrase::new("view-name-long"));
    let known = views.views.iter().position(|it| it.name == name);
    let full = known.is_none() && views.views.len() >= VIEWS;
    refusal.when(full, "name", Phrase::new("view-too-many"));
    refusal.or_ok()?;
    match known.and_then(|at| views.views.get_mut(at)) {
        Some(old) => *old = view,
        None => views.views.push(view),
    }
    writer.put(&views)
}

/// Gives a view another name.
pub(super) fn rename_view(
    writer: &mut Writer<'_>,
    me: StaffId,
    old: &str,
    new: &str,
) -> Outcome<()> {
    let mut views = views(writer, me)?;
    let mut refusal = Refusal::default();
    refusal.when(new.is_empty(), "name", Phrase::new("view-name-missing"));
    refusal.when(new.chars().count() > 40, "name", Phrase::new("view-name-long"));
    let taken = old != new && views.views.iter().any(|it| it.name == new);
    refusal.when(taken, "name", Phrase::new("view-name-taken"));
    refusal.or_ok()?;
    if views.first.as_deref() == Some(old) {
        views.first = Some(new.to_owned());
    }
    let view = views.views.iter_mut().find(|it| it.name == old).ok_or(Fault::Absent("view"))?;
    new.clone_into(&mut view.name);
    writer.put(&views)
}

/// Takes a view away.
pub(super) fn delete_view(writer: &mut Writer<'_>, me: StaffId, name: &str) -> Outcome<()> {
    let mut views = views(writer, me)?;
    views.views.retain(|it| it.name != name);
    if views.first.as_deref() == Some(name) {
        views.first = None;
    }
    writer.put(&views)
}

/// My day opens with this view; with one's own list, where the name is empty.
pub(super) fn open_with(writer: &mut Writer<'_>, me: StaffId, name: &str) -> Outcome<()> {
    let mut views = views(writer, me)?;
    views.first = views.views.iter().find(|it| it.name == name).map(|it| it.name.clone());
    writer.put(&views)
}
