//! Which steps a task may take, and what each needs. Pure.

use super::record::{Outcome, Output, State, Step, Task, TaskId};
use almoner_core::fault::{Fault, Outcome as Verdict, Refusal};
use almoner_core::ids::{PatientId, StaffId};
use almoner_core::loops::{Due, Owner};
use almoner_core::phrase::Phrase;
use almoner_core::time::Timestamp;
use chrono::NaiveDate;

/// A task before it is opened.
#[derive(Clone, Debug)]
pub struct NewTask {
    /// One per form: opening the same one twice opens it once.
    pub id: TaskId,
    pub patient: Option<PatientId>,
    pub title: String,
    pub note: String,
    pub owner: Owner,
    pub opens: Option<NaiveDate>,
    pub due: Due,
    pub output: Output,
    pub parent: Option<TaskId>,
}

impl NewTask {
    /// A task for somebody by a day, of which nothing else is said.
    pub fn new(patient: Option<PatientId>, title: &str, owner: Owner, due: Due) -> Self {
        Self {
            id: TaskId::random(),
            patient,
            title: title.to_owned(),
            note: String::new(),
            owner,
            opens: None,
            due,
            output: Output::Words,
            parent: None,
        }
    }
}

/// Something done with a task.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    Start,
    /// Wait, for a reason, until this day.
    Hold(NaiveDate),
    Resume,
    Finish(Outcome),
    /// Tried, without success.
    Fail,
    Cancel,
    /// Undo an end.
    Reopen,
    HandOver(Owner),
    /// Other words, or another day.
    Change {
        title: String,
        note: String,
        due: Due,
    },
    /// Another window.
    Move {
        opens: Option<NaiveDate>,
        due: Due,
    },
    /// The other side has seen it, takes it on, or does not.
    Receive,
    Accept,
    Reject,
    MarkMistake,
}

/// Who does it, when, and why.
#[derive(Clone, Copy, Debug)]
pub(super) struct By<'a> {
    pub staff: Option<StaffId>,
    pub at: Timestamp,
    pub reason: &'a str,
}

/// Opens a task.
pub(super) fn open(new: NewTask, by: By<'_>) -> Verdict<Task> {
    let mut refusal = Refusal::default();
    refusal.when(new.title.trim().is_empty(), "title", Phrase::new("task-title-missing"));
    let backwards = match (new.opens, new.due) {
        (Some(opens), Due::Day(due)) => opens > due,
        _ => false,
    };
    refusal.when(backwards, "due", Phrase::new("task-window-backwards"));
    refusal.or_ok()?;
    let first = Step {
        state: State::Ready,
        owner: new.owner,
        at: by.at,
        by: by.staff,
        reason: String::new(),
    };
    Ok(Task {
        id: new.id,
        patient: new.patient,
        title: new.title.trim().to_owned(),
        note: new.note.trim().to_owned(),
        owner: new.owner,
        opens: new.opens,
        due: new.due,
        state: State::Ready,
        output: new.output,
        outcome: None,
        parent: new.parent,
        opened: by.at,
        by: by.staff,
        steps: vec![first],
        came_with: None,
    })
}

/// Takes a step, or says why not.
pub(super) fn act(mut task: Task, command: &Command, by: By<'_>) -> Verdict<Task> {
    let state = next_state(task.state, command)
        .ok_or_else(|| Fault::refused("", Phrase::new("task-step-impossible")))?;
    needs(&task, command, by)?;
    match command {
        Command::Finish(outcome) => task.outcome = Some(outcome.clone()),
        Command::Reopen => task.outcome = None,
        Command::HandOver(owner) => task.owner = *owner,
        Command::Move { opens, due } => (task.opens, task.due) = (*opens, *due),
        Command::Change { title, note, due } => {
            (task.title, task.note) = (title.trim().to_owned(), note.trim().to_owned());
            task.due = *due;
        }
        _ => {}
    }
    task.state = state;
    let (owner, reason) = (task.owner, by.reason.trim().to_owned());
    task.steps.push(Step { state, owner, at: by.at, by: by.staff, reason });
    Ok(task)
}

/// The reason of a part's end that came with the whole's.
pub(super) const PARENT_CLOSED: &str = "parent-closed";
/// The reason of a step that changed the task itself.
pub(super) const EDITED: &str = "edited";
/// The reason of a step that was taken back.
pub(super) const UNDONE: &str = "undone";
/// A step can be taken back for so many hours (`UX.md` §6, Undo).
const UNDO_HOURS: i64 = 24;

/// Whether the last step can be taken back: not the opening, not an undo, not after a day.
pub fn can_undo(task: &Task, now: Timestamp) -> bool {
    let fresh = |last: &Step| (now - last.at).num_hours() < UNDO_HOURS && last.reason != UNDONE;
    task.steps.len() > 1 && task.last().is_some_and(fresh)
}

/// Takes the last step back: everything stands as `before` it, and the history tells both.
pub(super) fn undo(task: &Task, before: Task, by: By<'_>) -> Verdict<Task> {
    let follows = before.steps.len() + 1 == task.steps.len();
    if !can_undo(task, by.at) || !follows {
        return Err(Fault::refused("", Phrase::new("task-undo-late")));
    }
    let reason = UNDONE.to_owned();
    let (state, owner) = (before.state, before.owner);
    let mut steps = task.steps.clone();
    steps.push(Step { state, owner, at: by.at, by: by.staff, reason });
    Ok(Task { steps, ..before })
}

/// Closes a part because the whole was closed.
pub(super) fn close_part(task: Task, by: By<'_>) -> Verdict<Task> {
    act(task, &Command::Cancel, By { reason: PARENT_CLOSED, ..by })
}

/// The state after a step; `None` where the step is not possible.
fn next_state(state: State, command: &Command) -> Option<State> {
    use State::{
        Accepted, Cancelled, Completed, Draft, EnteredInError, Failed, InProgress, OnHold, Ready,
        Received, Rejected, Requested,
    };
    let open = !state.is_over();
    match command {
        Command::Start => matches!(state, Draft | Ready | Accepted).then_some(InProgress),
        Command::Hold(review) => {
            matches!(state, Ready | InProgress).then_some(OnHold { review: *review })
        }
        Command::Resume => matches!(state, OnHold { .. }).then_some(InProgress),
        Command::Finish(_) => (open && state != Rejected).then_some(Completed),
        Command::Fail => open.then_some(Failed),
        Command::Cancel => open.then_some(Cancelled),
        Command::Reopen => (!open && state != EnteredInError).then_some(Ready),
        Command::HandOver(_) => open.then_some(if state == Rejected { Ready } else { state }),
        Command::Move { .. } | Command::Change { .. } => open.then_some(state),
        Command::Receive => (state == Requested).then_some(Received),
        Command::Accept => matches!(state, Requested | Received).then_some(Accepted),
        Command::Reject => matches!(state, Requested | Received).then_some(Rejected),
        Command::MarkMistake => Some(EnteredInError),
    }
}

fn needs(task: &Task, command: &Command, by: By<'_>) -> Verdict<()> {
    let mut refusal = Refusal::default();
    let reasoned = matches!(
        command,
        Command::Hold(_) | Command::Fail | Command::Cancel | Command::Reject | Command::MarkMistake
    );
    let silent = reasoned && by.reason.trim().is_empty();
    refusal.when(silent, "reason", Phrase::new("care-reason-missing"));
    match command {
        Command::Finish(outcome) => {
            let empty = outcome.words.trim().is_empty();
            refusal.when(empty, "outcome", Phrase::new("task-outcome-missing"));
            let uncalled = task.output == Output::Contact && outcome.contact.is_none();
            refusal.when(uncalled, "outcome", Phrase::new("task-contact-missing"));
            let unbooked = task.output == Output::Appointment && outcome.on.is_none();
            refusal.when(unbooked, "on", Phrase::new("task-appointment-missing"));
        }
        Command::HandOver(owner) => {
            refusal.when(*owner == task.owner, "owner", Phrase::new("task-owner-same"));
        }
        Command::Move { opens: Some(opens), due: Due::Day(due) } => {
            refusal.when(opens > due, "due", Phrase::new("task-window-backwards"));
        }
        Command::Change { title, due, .. } => {
            refusal.when(title.trim().is_empty(), "title", Phrase::new("task-title-missing"));
            let backwards =
                matches!((task.opens, due), (Some(opens), Due::Day(due)) if opens > *due);
            refusal.when(backwards, "due", Phrase::new("task-window-backwards"));
        }
        _ => {}
    }
    refusal.or_ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use almoner_core::rules::Rules;
    use almoner_store::Record;

    fn by(reason: &str) -> By<'_> {
        By { staff: None, at: "2026-11-19T15:00:00Z".parse().unwrap(), reason }
    }

    fn task() -> Task {
        let due = Due::Day("2026-11-20".parse().unwrap());
        open(NewTask::new(None, "Send the study", Owner::Unassigned, due), by("")).unwrap()
    }

    fn done(words: &str) -> Command {
        Command::Finish(Outcome { words: words.into(), contact: None, on: None })
    }

    /// The states that a task passes through, or where it stops.
    fn check(commands: &[(Command, &str)], expect: &[&str]) {
        let mut task = task();
        let mut passed = Vec::new();
        for (command, reason) in commands {
            match act(task.clone(), command, by(reason)) {
                Ok(next) => {
                    passed.push(next.state.key());
                    task = next;
                }
                Err(Fault::Refused(refusal)) => {
                    passed.push(refusal.problems[0].0);
                    break;
                }
                Err(fault) => panic!("{fault}"),
            }
        }
        assert_eq!(passed, expect);
    }

    #[test]
    fn a_task_goes_its_way() {
        let review = "2026-11-25".parse().unwrap();
        check(&[(Command::Start, ""), (done("sent"), "")], &["in-progress", "completed"]);
        check(&[(done(" "), "")], &["outcome"]);
        check(&[(Command::Cancel, "")], &["reason"]);
        check(&[(Command::Cancel, "moved away"), (Command::Start, "")], &["cancelled", ""]);
        check(
            &[(Command::Hold(review), "waits"), (Command::Resume, "")],
            &["on-hold", "in-progress"],
        );
        check(&[(done("sent"), ""), (Command::Reopen, "")], &["completed", "ready"]);
        check(&[(Command::MarkMistake, "x"), (Command::Reopen, "")], &["entered-in-error", ""]);
        check(&[(Command::Resume, "")], &[""]);
        check(&[(Command::HandOver(Owner::Unassigned), "")], &["owner"]);
    }

    #[test]
    fn what_must_stand_at_the_end() {
        let call = Task { output: Output::Contact, ..task() };
        assert!(act(call, &done("called"), by("")).is_err());
        let visit = Task { output: Output::Appointment, ..task() };
        assert!(act(visit.clone(), &done("booked"), by("")).is_err());
        let on = Some("2026-12-01".parse().unwrap());
        let booked = Command::Finish(Outcome { words: "booked".into(), contact: None, on });
        assert!(act(visit, &booked, by("")).is_ok());
    }

    #[test]
    fn it_is_a_loop_while_it_is_open() {
        let rules = Rules::default();
        let open = task();
        assert_eq!(open.loops(&rules).len(), 1);
        let review = "2026-11-25".parse().unwrap();
        let held = act(open.clone(), &Command::Hold(review), by("waits")).unwrap();
        assert_eq!(held.loops(&rules)[0].due, Due::Day(review));
        assert!(act(open, &done("sent"), by("")).unwrap().loops(&rules).is_empty());
    }
}
