//! What is kept of a contact: who was called or seen, how, how it ended, what was said and what was
//! promised. Signed when saved: its words are never changed, only added to or marked as a mistake.

use almoner_core::ids::{PatientId, RawId, StaffId};
use almoner_core::loops::{Due, Loop, LoopKind, Owner};
use almoner_core::phrase::Phrase;
use almoner_core::record_id;
use almoner_core::rules::Rules;
use almoner_core::time::Timestamp;
use almoner_frame::note_handmade;
use almoner_frame::timeline::Place;
use almoner_store::{Index, Key, Keys, Kind, Record};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

record_id!(
    /// A contact with a patient or somebody of theirs.
    ContactId
);

/// Contacts of a patient, by their place on the timeline: the newest first.
pub(crate) const BY_PATIENT: Index = Index { code: 300, name: "contact_patient" };

/// Slot of the loop "try again"; promises have the slots below.
const TRY_AGAIN: u8 = 255;

/// How people were in touch (FHIR `Communication.medium`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    #[default]
    Phone,
    Video,
    InPerson,
    HomeVisit,
    /// Secure message, text message, e-mail: written, both ways.
    Message,
    Letter,
}

/// Who began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    #[default]
    Outgoing,
    Incoming,
}

/// Who was reached, or whom the attempt was for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    #[default]
    Patient,
    Caregiver,
    Other,
}

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// They talked, or wrote to each other.
    Reached,
    LeftVoicemail,
    NoAnswer,
    Busy,
    WrongNumber,
    /// Reached, but did not want to talk.
    Refused,
    /// A letter or message went out; nobody knows yet whether it was read.
    Sent,
}

/// Who carried the words between two languages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interpreter {
    /// None, and none was needed.
    #[default]
    None,
    /// A qualified interpreter or bilingual member of staff: number or kind.
    Qualified(String),
    /// The patient did not want one: in whose words.
    Declined(String),
}

/// What the contact was for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum About {
    /// Nothing that is open here: said so by the writer.
    #[default]
    Nothing,
    /// A transition episode.
    Transition(RawId),
    /// A task.
    Task(RawId),
}

/// Something said to the patient: "I'll call on Thursday".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Promise {
    pub what: String,
    pub due: NaiveDate,
    /// How it ended; open until then.
    #[serde(default)]
    pub ended: Option<PromiseEnd>,
}

/// How a promise ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PromiseEnd {
    pub kept: bool,
    pub at: Timestamp,
    pub by: Option<StaffId>,
    /// Why it was not kept; empty when it was.
    #[serde(default)]
    pub reason: String,
}

/// Words added to a signed contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Addendum {
    pub text: String,
    pub reason: String,
    pub at: Timestamp,
    pub by: Option<StaffId>,
}

/// Why a contact never happened as written (FHIR `entered-in-error`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mistake {
    pub reason: String,
    pub at: Timestamp,
    pub by: Option<StaffId>,
}

/// A contact (FHIR `Communication`; `Encounter` of class VR where they talked).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub id: ContactId,
    pub patient: PatientId,
    /// Who wrote it down, and owns what was promised.
    pub by: StaffId,
    pub mode: Mode,
    pub direction: Direction,
    pub party: Party,
    pub ending: Ending,
    /// When it was; `recorded` is when it was written down.
    pub at: Timestamp,
    pub recorded: Timestamp,
    /// BCP-47 tag of the language spoken; empty when not said.
    #[serde(default)]
    pub language: String,
    #[serde(default)]
    pub interpreter: Interpreter,
    /// What was said.
    #[serde(default)]
    pub note: String,
    #[serde(default)]
    pub minutes: Option<u16>,
    #[serde(default)]
    pub promises: Vec<Promise>,
    #[serde(default)]
    pub about: About,
    /// When the writer means to try again.
    #[serde(default)]
    pub next_try: Option<NaiveDate>,
    /// A later contact took the place of the next try.
    #[serde(default)]
    pub tried_again: bool,
    #[serde(default)]
    pub addenda: Vec<Addendum>,
    #[serde(default)]
    pub mistake: Option<Mistake>,
    /// The patient with whose record it came here, when two were merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came_with: Option<PatientId>,
}

impl Mode {
    /// Every mode, as a form lists them.
    pub const ALL: [Self; 6] =
        [Self::Phone, Self::Video, Self::InPerson, Self::HomeVisit, Self::Message, Self::Letter];

    /// Its name in forms, files and message keys.
    pub fn key(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Video => "video",
            Self::InPerson => "in_person",
            Self::HomeVisit => "home_visit",
            Self::Message => "message",
            Self::Letter => "letter",
        }
    }

    /// The mode of this name.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|mode| mode.key() == text)
    }

    /// Whether words go both ways, as the contact after a discharge must (CPT 99495: face to face,
    /// telephone, electronic).
    pub fn is_interactive(self) -> bool {
        self != Self::Letter
    }
}

impl Direction {
    /// Its name in forms and files.
    pub fn key(self) -> &'static str {
        match self {
            Self::Outgoing => "outgoing",
            Self::Incoming => "incoming",
        }
    }

    /// The direction of this name.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Outgoing, Self::Incoming].into_iter().find(|direction| direction.key() == text)
    }
}

impl Party {
    /// Every party.
    pub const ALL: [Self; 3] = [Self::Patient, Self::Caregiver, Self::Other];

    /// Its name in forms.
    pub fn key(self) -> &'static str {
        match self {
            Self::Patient => "patient",
            Self::Caregiver => "caregiver",
            Self::Other => "other",
        }
    }
}

impl Ending {
    /// Every ending with the party it was with, as a form offers them: the name, then both.
    pub const CHOICES: [(&'static str, Self, Party); 9] = [
        ("reached", Self::Reached, Party::Patient),
        ("reached_caregiver", Self::Reached, Party::Caregiver),
        ("reached_other", Self::Reached, Party::Other),
        ("no_answer", Self::NoAnswer, Party::Patient),
        ("left_voicemail", Self::LeftVoicemail, Party::Patient),
        ("busy", Self::Busy, Party::Patient),
        ("wrong_number", Self::WrongNumber, Party::Patient),
        ("refused", Self::Refused, Party::Patient),
        ("sent", Self::Sent, Party::Patient),
    ];

    /// The ending and party of a name such as `reached_caregiver`.
    pub fn parse(text: &str) -> Option<(Self, Party)> {
        let found = Self::CHOICES.iter().find(|(name, ..)| *name == text);
        found.map(|(_, ending, party)| (*ending, *party))
    }

    /// Whether it was an attempt that reached nobody.
    pub fn is_failed_attempt(self) -> bool {
        matches!(
            self,
            Self::LeftVoicemail | Self::NoAnswer | Self::Busy | Self::WrongNumber | Self::Refused
        )
    }
}

impl Contact {
    /// The name of its ending with its party.
    pub fn choice(&self) -> &'static str {
        let fits = |choice: &&(&str, Ending, Party)| {
            choice.1 == self.ending && (self.ending != Ending::Reached || choice.2 == self.party)
        };
        Ending::CHOICES.iter().find(fits).map_or("sent", |(name, ..)| name)
    }

    /// Its page.
    pub fn path(&self) -> String {
        format!("/p/{}/contacts/{}", self.patient, self.id)
    }

    /// Its place on the timeline.
    pub(crate) fn place(&self) -> Place {
        Place::new(self.at, self.id.0, 0)
    }

    fn promise_loop(&self, slot: u8, promise: &Promise) -> Loop {
        Loop {
            slot,
            kind: LoopKind::Promise,
            owner: Owner::Staff(self.by),
            patient: Some(self.patient),
            opens: None,
            due: Due::Day(promise.due),
            what: Phrase::new("promise-what").with("what", promise.what.as_str()),
            why: Phrase::new("promise-why").with("at", self.at),
            next: Phrase::new("promise-next"),
            next_path: self.path(),
            path: self.path(),
            clock: None,
        }
    }

    fn try_again(&self, on: NaiveDate) -> Loop {
        Loop {
            slot: TRY_AGAIN,
            kind: LoopKind::Task,
            owner: Owner::Staff(self.by),
            patient: Some(self.patient),
            opens: None,
            due: Due::Day(on),
            what: Phrase::new("try-again-what"),
            why: Phrase::new("try-again-why").with("at", self.at),
            next: Phrase::new("contact-log"),
            next_path: format!("/p/{}/contacts/new", self.patient),
            path: self.path(),
            clock: None,
        }
    }
}

impl Record for Contact {
    type Id = ContactId;
    const KIND: Kind = Kind { code: 30, name: "contact" };

    fn id(&self) -> ContactId {
        self.id
    }

    fn patient(&self) -> Option<PatientId> {
        Some(self.patient)
    }

    fn keys(&self, keys: &mut Keys) {
        note_handmade(keys, self.patient);
        keys.add(BY_PATIENT, self.place().under(Key::all().id(self.patient)));
    }

    fn loops(&self, _rules: &Rules) -> Vec<Loop> {
        if self.mistake.is_some() {
            return Vec::new();
        }
        let open = (0..TRY_AGAIN).zip(&self.promises).filter(|(_, p)| p.ended.is_none());
        let mut loops: Vec<Loop> =
            open.map(|(slot, promise)| self.promise_loop(slot, promise)).collect();
        if let Some(on) = self.next_try
            && self.about == About::Nothing
            && !self.tried_again
        {
            loops.push(self.try_again(on));
        }
        loops
    }
}
