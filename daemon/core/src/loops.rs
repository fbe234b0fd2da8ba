//! Loops: what is still owed to a patient, by whom, by when. A record says which loops it holds;
//! the store keeps them in one index, so that a worklist is one range read.

use crate::ids::{PatientId, RawId, StaffId};
use crate::phrase::Phrase;
use crate::time::{Timestamp, Zone};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// Who must see to it.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum Owner {
    /// Nobody yet: the lead must give it to someone.
    #[default]
    Unassigned,
    /// One member of staff.
    Staff(StaffId),
}

/// Whose loops: one owner's (or nobody's), or all of the team.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    Owner(Owner),
    Team,
}

/// By when. A day lasts until its end in the clinic's zone; an instant is exact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Due {
    Day(NaiveDate),
    Instant(Timestamp),
}

impl Due {
    /// The first instant at which it is late.
    pub fn late_from(self, zone: Zone) -> Timestamp {
        match self {
            Self::Day(day) => zone.end_of(day),
            Self::Instant(at) => at,
        }
    }

    /// The clinic day it falls on.
    pub fn day(self, zone: Zone) -> NaiveDate {
        match self {
            Self::Day(day) => day,
            Self::Instant(at) => zone.day(at),
        }
    }
}

/// What sort of promise it is (`product.md`, "loop").
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LoopKind {
    Task,
    /// Something said to the patient ("I'll call on Thursday").
    Promise,
    TransitionContact,
    TransitionMedicines,
    TransitionVisit,
    TransitionMonitoring,
    /// A patient without a coordinator, a file nobody could read: work for the lead.
    Assignment,
    /// A possible duplicate person that somebody must decide.
    Match,
}

impl LoopKind {
    /// Every kind, in the order of its number.
    pub const ALL: [Self; 8] = [
        Self::Task,
        Self::Promise,
        Self::TransitionContact,
        Self::TransitionMedicines,
        Self::TransitionVisit,
        Self::TransitionMonitoring,
        Self::Assignment,
        Self::Match,
    ];

    /// Its number in the store's keys; a new kind goes to the end.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The kind with this number.
    pub fn of_code(code: u8) -> Option<Self> {
        Self::ALL.get(usize::from(code)).copied()
    }

    /// Its name in links and message keys.
    pub fn key(self) -> &'static str {
        match self {
            Self::Task => "task",
            Self::Promise => "promise",
            Self::TransitionContact => "transition-contact",
            Self::TransitionMedicines => "transition-medicines",
            Self::TransitionVisit => "transition-visit",
            Self::TransitionMonitoring => "transition-monitoring",
            Self::Assignment => "assignment",
            Self::Match => "match",
        }
    }
}

/// A clock that runs by a rule: "contact within 2 business days (CPT 99495)".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RuleClock {
    /// The rule, for the page.
    pub rule: Phrase,
    /// When the clock started.
    pub started: Timestamp,
}

/// One open loop of a record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Loop {
    /// Which of the record's loops it is; unlike within the record.
    pub slot: u8,
    pub kind: LoopKind,
    pub owner: Owner,
    pub patient: Option<PatientId>,
    /// Not worth looking at before this day (a window opens).
    pub opens: Option<NaiveDate>,
    pub due: Due,
    /// What is owed, in words: "Call after hospital discharge".
    pub what: Phrase,
    /// Why, or where it stands: "Discharged Nov 19, no contact yet".
    pub why: Phrase,
    /// The next verb ("Log call") and the page where it is done.
    pub next: Phrase,
    pub next_path: String,
    /// The loop's own page.
    pub path: String,
    pub clock: Option<RuleClock>,
}

/// A loop as the index holds it: with the record that owes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenLoop {
    /// The record's kind, as the store knows it, and id.
    pub kind: u16,
    pub id: RawId,
    pub owed: Loop,
}

impl OpenLoop {
    /// Whether it is late at `now`.
    pub fn is_late(&self, now: Timestamp, zone: Zone) -> bool {
        self.owed.due.late_from(zone) <= now
    }
}
