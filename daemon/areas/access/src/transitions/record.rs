//! What is kept of a transition: the stay, who sees to the patient afterwards, and what was done on
//! each of the three tracks: contact, medicines, visit.

use super::rules;
use super::rules::stay::Stay;
use almoner_care::contacts::{Ending, Party};
use almoner_core::ids::{FactId, PatientId, RawId, StaffId};
use almoner_core::loops::{Loop, Owner};
use almoner_core::record_id;
use almoner_core::rules::Rules;
use almoner_core::time::Timestamp;
use almoner_frame::note_handmade;
use almoner_frame::timeline::Place;
use almoner_people::patients::MergeId;
use almoner_store::{Index, Key, Keys, Kind, Record};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

record_id!(
    /// A transition episode.
    EpisodeId
);

/// Episodes of a patient.
pub(crate) const BY_PATIENT: Index = Index { code: 400, name: "transition_patient" };
/// Episodes that are open.
pub(crate) const OPEN: Index = Index { code: 401, name: "transition_open" };
/// Episodes that have ended, by the day of the last move.
pub(crate) const ENDED: Index = Index { code: 402, name: "transition_ended" };

/// Episodes of an owner, by the time of the last move.
pub(crate) const MOVED: Index = Index { code: 403, name: "transition_moved" };

/// Patient, place on the timeline: each change of stage.
pub(crate) const MOVED_OF: Index = Index { code: 404, name: "transition_moves" };

/// A contact or a failed attempt, as it counts here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// The contact's id.
    pub contact: RawId,
    pub at: Timestamp,
    pub ending: Ending,
    pub party: Party,
    /// Words went both ways (not a letter).
    pub interactive: bool,
    /// The patient's side called.
    pub incoming: bool,
    pub next_try: Option<NaiveDate>,
}

/// How complex the decisions are: the visit is due in 7 days (CPT 99496) or in 14 (99495).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Complexity {
    /// Not decided: the shorter time counts.
    #[default]
    Undecided,
    High,
    Moderate,
}

/// Something done by somebody, on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Done {
    pub on: NaiveDate,
    pub by: Option<StaffId>,
    pub recorded: Timestamp,
    #[serde(default)]
    pub note: String,
}

/// The visit after the stay.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Visit {
    pub booked: Option<Done>,
    pub seen: Option<Done>,
    pub missed: Vec<Done>,
}

/// What a message said of the discharge itself (HL7 v2 ADT).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Word {
    /// A03: discharged.
    Discharged,
    /// A13: the discharge was cancelled.
    DischargeCancelled,
    /// A16: a discharge is expected.
    DischargeExpected,
    /// A25: it is expected no more.
    DischargeNotExpected,
}

/// One such message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    pub word: Word,
    /// By the source's clock.
    pub at: Timestamp,
}

/// The patient is in hospital again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Readmission {
    pub on: NaiveDate,
    /// The episode of the new stay.
    pub episode: Option<EpisodeId>,
}

/// How an episode can end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EndKind {
    /// Day 30 came, or the emergency visit was followed up.
    Finished,
    Readmitted,
    Deceased,
    Hospice,
    /// The patient does not want it.
    Declined,
    /// Could not be reached, moved away.
    Lost,
    /// The admission was cancelled, or the episode was opened by mistake.
    Withdrawn,
    /// It turned out to be the same stay as another episode's.
    Duplicate,
}

/// Somebody ended it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct End {
    pub how: EndKind,
    pub reason: String,
    pub by: Option<StaffId>,
    pub at: Timestamp,
}

/// Where an episode stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// In hospital or emergency room.
    Admitted,
    /// A discharge is expected.
    Expected,
    /// Home: the clocks run.
    Home,
    /// Home from the emergency room.
    Emergency,
    /// In a nursing facility or another hospital: not home.
    Facility,
    Ended(EndKind),
}

/// A change of stage: when it happened, when it was written down, by whom.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Move {
    pub stage: Stage,
    /// When it happened, as far as known.
    pub at: Timestamp,
    pub recorded: Timestamp,
    pub by: Option<StaffId>,
    /// The fact that told it.
    pub fact: Option<FactId>,
}

/// A transition (FHIR `EpisodeOfCare`): from the news of a stay to day 30 at home.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TransitionEpisode {
    pub id: EpisodeId,
    pub patient: PatientId,
    pub owner: Owner,
    pub stay: Stay,
    pub opened: Timestamp,
    /// When the appliance heard of the discharge.
    #[serde(default)]
    pub discharge_heard: Option<Timestamp>,
    /// Home from the facility since this day, as somebody was told.
    #[serde(default)]
    pub home_since: Option<Done>,
    /// Asked where the patient is, and still not home.
    #[serde(default)]
    pub asked: Vec<Done>,
    #[serde(default)]
    pub attempts: Vec<Attempt>,
    #[serde(default)]
    pub complexity: Complexity,
    #[serde(default)]
    pub medicines: Option<Done>,
    #[serde(default)]
    pub visit: Visit,
    #[serde(default)]
    pub said: Vec<Said>,
    #[serde(default)]
    pub readmitted: Option<Readmission>,
    /// The chart says that the patient died.
    #[serde(default)]
    pub died: bool,
    #[serde(default)]
    pub end: Option<End>,
    /// Somebody has taken note of how it ended.
    #[serde(default)]
    pub noted: Option<Done>,
    #[serde(default)]
    pub moves: Vec<Move>,
    /// The patient with whose record it came here, when two were merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came_with: Option<PatientId>,
}

/// The episodes of two patients whose records became one, each as it was before and after.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joined {
    /// The merge's own id.
    pub id: MergeId,
    pub patient: PatientId,
    pub episodes: Vec<(TransitionEpisode, TransitionEpisode)>,
}

impl Record for Joined {
    type Id = MergeId;
    const KIND: Kind = Kind { code: 41, name: "joined-transitions" };
    const HISTORY: bool = false;
    const PACKED: bool = true;

    fn id(&self) -> MergeId {
        self.id
    }

    fn patient(&self) -> Option<PatientId> {
        Some(self.patient)
    }
}

impl EndKind {
    /// Its name in message keys and forms.
    pub fn key(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Readmitted => "readmitted",
            Self::Deceased => "deceased",
            Self::Hospice => "hospice",
            Self::Declined => "declined",
            Self::Lost => "lost",
            Self::Withdrawn => "withdrawn",
            Self::Duplicate => "duplicate",
        }
    }
}

impl Stage {
    /// Its name in message keys.
    pub fn key(self) -> &'static str {
        match self {
            Self::Admitted => "admitted",
            Self::Expected => "expected",
            Self::Home => "home",
            Self::Emergency => "emergency",
            Self::Facility => "facility",
            Self::Ended(how) => how.key(),
        }
    }

    /// Whether it has ended.
    pub fn is_over(self) -> bool {
        matches!(self, Self::Ended(_))
    }
}

impl Complexity {
    /// Its name in forms.
    pub fn key(self) -> &'static str {
        match self {
            Self::Undecided => "undecided",
            Self::High => "high",
            Self::Moderate => "moderate",
        }
    }
}

impl TransitionEpisode {
    /// Its page.
    pub fn path(&self) -> String {
        format!("/transitions/{}", self.id)
    }

    /// Whether somebody has worked on it; else it is only what files told.
    pub fn is_handmade(&self) -> bool {
        let ended = self.end.as_ref().is_some_and(|end| end.by.is_some());
        let visit = self.visit.booked.is_some() || self.visit.seen.is_some();
        ended
            || visit
            || !self.visit.missed.is_empty()
            || !self.attempts.is_empty()
            || !self.asked.is_empty()
            || self.home_since.is_some()
            || self.medicines.is_some()
            || self.noted.is_some()
            || self.complexity != Complexity::Undecided
    }

    /// The stage as it was last written down.
    pub fn stage(&self) -> Stage {
        self.moves.last().map_or(Stage::Admitted, |step| step.stage)
    }
}

impl Record for TransitionEpisode {
    type Id = EpisodeId;
    const KIND: Kind = Kind { code: 40, name: "transition" };

    fn id(&self) -> EpisodeId {
        self.id
    }

    fn patient(&self) -> Option<PatientId> {
        Some(self.patient)
    }

    fn keys(&self, keys: &mut Keys) {
        keys.add(BY_PATIENT, Key::all().id(self.patient));
        if self.is_handmade() {
            note_handmade(keys, self.patient);
        }
        for (n, step) in (0..=u8::MAX).zip(&self.moves) {
            let place = Place::new(step.at, self.id.0, n);
            keys.add(MOVED_OF, place.under(Key::all().id(self.patient)));
        }
        let moved = self.moves.last().map_or(self.opened, |step| step.recorded);
        let index = if self.stage().is_over() { ENDED } else { OPEN };
        keys.add(index, Key::all().instant(moved));
        if let Owner::Staff(staff) = self.owner {
            keys.add(MOVED, Key::all().id(staff).instant(moved));
        }
    }

    fn loops(&self, rules: &Rules) -> Vec<Loop> {
        rules::loops(self, rules)
    }
}
