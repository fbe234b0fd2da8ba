//! What is kept of a task: what to do, why, by when, who sees to it, and how it ended.

use almoner_core::ids::{PatientId, StaffId};
use almoner_core::loops::{Due, Loop, LoopKind, Owner};
use almoner_core::phrase::Phrase;
use almoner_core::record_id;
use almoner_core::rules::Rules;
use almoner_core::time::Timestamp;
use almoner_frame::note_handmade;
use almoner_store::{Index, Key, Keys, Kind, Record};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

record_id!(
    /// A task.
    TaskId
);

/// Tasks of a patient, by when they were opened.
pub(crate) const BY_PATIENT: Index = Index { code: 310, name: "task_patient" };
/// The parts of a task.
pub(crate) const BY_PARENT: Index = Index { code: 311, name: "task_parent" };
/// Every task, by when it was opened.
pub(crate) const BY_OPENED: Index = Index { code: 312, name: "task_opened" };

/// Where a task stands (FHIR `Task.status`; `spec` of loops 4.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    Draft,
    /// Somebody should do it.
    Ready,
    InProgress,
    /// Waiting for a reason; looked at again on this day.
    OnHold {
        review: NaiveDate,
    },
    /// Asked of somebody else, who has not answered.
    Requested,
    /// Seen by them.
    Received,
    Accepted,
    /// They will not do it.
    Rejected,
    Completed,
    /// Tried, without success.
    Failed,
    Cancelled,
    EnteredInError,
}

/// What must stand at the end: a task is not finished by a tick alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Output {
    /// Words on what came of it.
    #[default]
    Words,
    /// A contact with the patient.
    Contact,
    /// A day on which something is booked.
    Appointment,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outcome {
    pub words: String,
    /// The contact that did it, where one was asked for.
    #[serde(default)]
    pub contact: Option<crate::contacts::ContactId>,
    /// The day booked, where one was asked for.
    #[serde(default)]
    pub on: Option<NaiveDate>,
}

/// A change of state or owner: when, by whom, why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub state: State,
    pub owner: Owner,
    pub at: Timestamp,
    pub by: Option<StaffId>,
    #[serde(default)]
    pub reason: String,
}

/// A task (FHIR `Task`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Task {
    pub id: TaskId,
    pub patient: Option<PatientId>,
    pub title: String,
    /// Why, and what is known.
    #[serde(default)]
    pub note: String,
    pub owner: Owner,
    /// The window: not worth looking at before `opens`, late after `due`.
    #[serde(default)]
    pub opens: Option<NaiveDate>,
    pub due: Due,
    pub state: State,
    #[serde(default)]
    pub output: Output,
    #[serde(default)]
    pub outcome: Option<Outcome>,
    /// The task it is a part of.
    #[serde(default)]
    pub parent: Option<TaskId>,
    pub opened: Timestamp,
    pub by: Option<StaffId>,
    #[serde(default)]
    pub steps: Vec<Step>,
    /// The patient with whose record it came here, when two were merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came_with: Option<PatientId>,
}

impl State {
    /// FHIR R4 task-status.
    pub fn key(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Ready => "ready",
            Self::InProgress => "in-progress",
            Self::OnHold { .. } => "on-hold",
            Self::Requested => "requested",
            Self::Received => "received",
            Self::Accepted => "accepted",
            Self::Rejected => "rejected",
            Self::Completed => "completed",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::EnteredInError => "entered-in-error",
        }
    }

    /// Whether nothing is owed any more.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Completed | Self::Failed | Self::Cancelled | Self::EnteredInError)
    }
}

impl Output {
    /// Its name in message keys.
    pub fn key(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Contact => "contact",
            Self::Appointment => "appointment",
        }
    }
}

impl Task {
    /// Its page.
    pub fn path(&self) -> String {
        format!("/tasks/{}", self.id)
    }

    /// The last change of state or owner.
    pub fn last(&self) -> Option<&Step> {
        self.steps.last()
    }
}

impl Record for Task {
    type Id = TaskId;
    const KIND: Kind = Kind { code: 31, name: "task" };

    fn id(&self) -> TaskId {
        self.id
    }

    fn patient(&self) -> Option<PatientId> {
        self.patient
    }

    fn keys(&self, keys: &mut Keys) {
        keys.add(BY_OPENED, Key::all().instant(self.opened));
        if let Some(patient) = self.patient {
            note_handmade(keys, patient);
            keys.add(BY_PATIENT, Key::all().id(patient).instant(self.opened));
        }
        if let Some(parent) = self.parent {
            keys.add(BY_PARENT, Key::all().id(parent));
        }
    }

    fn loops(&self, _rules: &Rules) -> Vec<Loop> {
        if self.state.is_over() {
            return Vec::new();
        }
        let (due, opens, why) = match self.state {
            State::OnHold { review } => {
                let why = Phrase::new("task-on-hold-why").with("day", review);
                (Due::Day(review), Some(review), why)
            }
            State::Rejected => (self.due, self.opens, Phrase::new("task-rejected-why")),
            _ => (self.due, self.opens, Phrase::new("task-why").with("why", self.note.as_str())),
        };
        let next = if self.output == Output::Contact { "contact-log" } else { "task-next" };
        let next_path = match (self.output, self.patient) {
            (Output::Contact, Some(patient)) => {
                format!("/p/{patient}/contacts/new?for={}", self.id)
            }
            _ => format!("{}#finish", self.path()),
        };
        vec![Loop {
            slot: 0,
            kind: LoopKind::Task,
            owner: self.owner,
            patient: self.patient,
            opens,
            due,
            what: Phrase::new("task-what").with("what", self.title.as_str()),
            why,
            next: Phrase::new(next),
            next_path,
            path: self.path(),
            clock: None,
        }]
    }
}
