//! What the buttons of a task do: each takes one step and says what was done.

use super::super::record::{Outcome as Result, Output, State, Task, TaskId};
use super::super::rules::Command;
use super::super::store;
use super::owner_name;
use crate::contacts::{self, About, ContactId};
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::StaffId;
use almoner_core::loops::Owner;
use almoner_core::phrase::Phrase;
use almoner_frame::{Form, Next, Visit, dates};
use almoner_store::{Reader, Writer};

/// Finished, or tried without success.
pub(super) fn finish(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    if form.text("do") == "fail" {
        let task = step(writer, visit, form, &Command::Fail, form.text("outcome"))?;
        return Ok(said(&task, "task-failed"));
    }
    let task: Task = writer.get(visit.id::<TaskId>("id")?)?;
    let on = dates::day(visit.language(), visit.today(), form.text("on"));
    let contact = if task.output == Output::Contact { contact_for(writer, &task)? } else { None };
    let words = form.text("outcome").to_owned();
    let task = step(writer, visit, form, &Command::Finish(Result { words, contact, on }), "")?;
    Ok(said(&task, "task-finished"))
}

/// The last step taken back.
pub(super) fn undo(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let task = meant(writer, visit, form)?;
    let task = store::undo(writer, task.id, None)?;
    Ok(said(&task, "task-was-undone"))
}

/// Open again after an end.
pub(super) fn reopen(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let task = step(writer, visit, form, &Command::Reopen, form.text("reason"))?;
    Ok(said(&task, "task-reopened"))
}

/// Begin, or go on after a wait.
pub(super) fn start(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let task: Task = writer.get(visit.id::<TaskId>("id")?)?;
    let held = matches!(task.state, State::OnHold { .. });
    let (command, key) =
        if held { (Command::Resume, "task-resumed") } else { (Command::Start, "task-started") };
    let task = step(writer, visit, form, &command, "")?;
    Ok(Next::saying(task.path(), Phrase::new(key)))
}

/// Wait until a day.
pub(super) fn hold(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let review = dates::day(visit.language(), visit.today(), form.text("review"));
    let unclear = || Fault::refused("review", Phrase::new("care-day-unclear"));
    let review = review.ok_or_else(unclear)?;
    let task = step(writer, visit, form, &Command::Hold(review), form.text("reason"))?;
    Ok(Next::saying(task.path(), Phrase::new("task-held").with("day", review)))
}

/// Give it to somebody else.
pub(super) fn hand_over(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let missing = || Fault::refused("owner", Phrase::new("task-owner-missing"));
    let owner = Owner::Staff(StaffId::parse(form.text("owner")).ok_or_else(missing)?);
    let task = step(writer, visit, form, &Command::HandOver(owner), form.text("reason"))?;
    let who = owner_name(writer, visit.words(), owner)?;
    Ok(Next::saying(task.path(), Phrase::new("task-handed-over").with("who", who)))
}

/// Not to be done at all.
pub(super) fn cancel(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let task = step(writer, visit, form, &Command::Cancel, form.text("reason"))?;
    Ok(said(&task, "task-cancelled"))
}

/// Takes a step with the task of the address; the form must be about the same patient.
fn step(
    writer: &mut Writer<'_>,
    visit: &Visit,
    form: &Form,
    command: &Command,
    reason: &str,
) -> Outcome<Task> {
    let task = meant(writer, visit, form)?;
    store::act(writer, task.id, command, reason)
}

fn said(task: &Task, key: &'static str) -> Next {
    Next::saying(task.path(), Phrase::new(key).with("what", task.title.as_str()))
}

/// The newest contact that was made for this task.
fn contact_for(reader: &Reader<'_>, task: &Task) -> Outcome<Option<ContactId>> {
    let Some(patient) = task.patient else { return Ok(None) };
    let all = contacts::of(reader, patient)?;
    let own = |it: &&contacts::Contact| it.about == About::Task(task.id.0) && it.mistake.is_none();
    Ok(all.iter().rfind(own).map(|it| it.id))
}

/// The task of the address; refused where the form was drawn for another patient.
pub(super) fn meant(reader: &Reader<'_>, visit: &Visit, form: &Form) -> Outcome<Task> {
    let task: Task = reader.get(visit.id::<TaskId>("id")?)?;
    let patient = task.patient.map(|patient| patient.to_string()).unwrap_or_default();
    if form.text("patient") == patient { Ok(task) } else { Err(Fault::Stale("task")) }
}
