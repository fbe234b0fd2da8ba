//! Operations on tasks: load, decide, put. Closing a whole closes its parts with it.

use super::record::{BY_OPENED, BY_PARENT, BY_PATIENT, Step, Task, TaskId};
use super::rules::{self, By, Command, NewTask, PARENT_CLOSED};
use crate::contacts::store::author;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::PatientId;
use almoner_core::phrase::Phrase;
use almoner_core::time::Timestamp;
use almoner_people::patients::{Merge, MergeId};
use almoner_store::{Change, Key, Reader, Writer};

/// How deep parts of parts may go.
const DEEPEST: u8 = 5;

/// Opens a task.
pub fn open(writer: &mut Writer<'_>, new: NewTask) -> Outcome<Task> {
    if let Some(known) = writer.find::<Task>(new.id)? {
        return Ok(known);
    }
    let by = By { staff: author(writer), at: writer.act().at, reason: "" };
    let task = rules::open(new, by)?;
    writer.put(&task)?;
    Ok(task)
}

/// Whether there is a task of a patient: then people have worked on them.
pub(super) fn worked(reader: &Reader<'_>, patient: PatientId) -> Outcome<bool> {
    let mut any = false;
    reader.each(BY_PATIENT, &Key::all().id(patient), &mut |_, _| {
        any = true;
        Ok(false)
    })?;
    Ok(any)
}

/// Takes a step. Where it ends the task, its open parts are cancelled in the same transaction.
pub fn act(writer: &mut Writer<'_>, id: TaskId, command: &Command, reason: &str) -> Outcome<Task> {
    let by = By { staff: author(writer), at: writer.act().at, reason };
    let task = rules::act(writer.get::<Task>(id)?, command, by)?;
    let mut closed = Vec::new();
    if task.state.is_over() {
        close_parts(writer, id, by, DEEPEST, &mut closed)?;
    }
    writer.put(&task)?;
    closed.iter().try_for_each(|part| writer.put(part))?;
    Ok(task)
}

/// Takes the last step of a task back, if it is the one taken at `at` (any, where none is given);
/// parts that were closed with it are open again.
pub fn undo(writer: &mut Writer<'_>, id: TaskId, at: Option<Timestamp>) -> Outcome<Task> {
    let task = writer.get::<Task>(id)?;
    let step = task.last().map(|last| last.at);
    if at.is_some() && at != step {
        return Err(Fault::refused("", Phrase::new("task-undo-changed")));
    }
    let back = before(writer, task)?;
    writer.put(&back)?;
    let mut wholes = vec![id];
    for _ in 0..DEEPEST {
        let mut next = Vec::new();
        for whole in wholes {
            next.extend(parts(writer, whole)?.into_iter().filter(|part| {
                let closed = |last: &Step| Some(last.at) == step && last.reason == PARENT_CLOSED;
                part.last().is_some_and(closed)
            }));
        }
        wholes = next.iter().map(|part| part.id).collect();
        for part in next {
            let back = before(writer, part)?;
            writer.put(&back)?;
        }
    }
    Ok(back)
}

/// A task as it stood before its last step.
fn before(writer: &Writer<'_>, task: Task) -> Outcome<Task> {
    let by = By { staff: author(writer), at: writer.act().at, reason: "" };
    let image = writer.history::<Task>(task.id)?.pop();
    let image = image.ok_or_else(|| Fault::refused("", Phrase::new("task-undo-late")))?;
    rules::undo(&task, image.record, by)
}

/// The parts of a task.
pub fn parts(reader: &Reader<'_>, id: TaskId) -> Outcome<Vec<Task>> {
    let ids: Vec<TaskId> = reader.ids(BY_PARENT, &Key::all().id(id))?;
    let mut parts: Vec<Task> = ids.into_iter().map(|id| reader.get(id)).collect::<Outcome<_>>()?;
    parts.sort_by_key(|part| (part.opened, part.id));
    Ok(parts)
}

/// A patient's tasks, the oldest first.
pub fn of(reader: &Reader<'_>, patient: PatientId) -> Outcome<Vec<Task>> {
    let ids: Vec<TaskId> = reader.ids(BY_PATIENT, &Key::all().id(patient))?;
    ids.into_iter().map(|id| reader.get(id)).collect()
}

/// The ids of all tasks, the oldest first.
pub(super) fn all(reader: &Reader<'_>) -> Outcome<Vec<TaskId>> {
    reader.ids(BY_OPENED, &Key::all())
}

/// The ids of a patient's tasks, the oldest first.
pub(super) fn ids_of(reader: &Reader<'_>, patient: PatientId) -> Outcome<Vec<TaskId>> {
    reader.ids(BY_PATIENT, &Key::all().id(patient))
}

fn close_parts(
    reader: &Reader<'_>,
    id: TaskId,
    by: By<'_>,
    depth: u8,
    closed: &mut Vec<Task>,
) -> Outcome<()> {
    if depth == 0 {
        return Ok(());
    }
    for part in parts(reader, id)?.into_iter().filter(|part| !part.state.is_over()) {
        close_parts(reader, part.id, by, depth - 1, closed)?;
        closed.push(rules::close_part(part, by)?);
    }
    Ok(())
}

/// Two patients' records became one, or two again: the tasks go with theirs.
pub(super) fn on_merge(writer: &mut Writer<'_>, change: Change) -> Outcome<()> {
    let merge = writer.get::<Merge>(MergeId(change.id))?;
    let joined = merge.undone.is_none();
    let (now, next) = if joined { (merge.from, merge.into) } else { (merge.into, merge.from) };
    writer.quietly(|writer| {
        for task in of(writer, now)?.into_iter().filter(|it| joined || merge.moved(it.came_with)) {
            let mark = task.came_with;
            let came_with = if joined { merge.mark(mark) } else { merge.unmark(mark) };
            writer.put(&Task { patient: Some(next), came_with, ..task })?;
        }
        Ok(())
    })
}
