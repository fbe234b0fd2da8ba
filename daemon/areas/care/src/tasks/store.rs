//! Operations on tasks: load, decide, put. Closing a whole closes its parts with it.

use super::record::{BY_OPENED, BY_PARENT, BY_PATIENT, Task, TaskId};
use super::rules::{self, By, Command, NewTask};
use crate::contacts::store::author;
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_store::{Key, Reader, Writer};

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
