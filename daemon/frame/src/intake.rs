//! How an export comes in: `intake` reads the file, areas take what is theirs, through the same
//! operations as people's work.

use almoner_core::export::{PersonStatements, Statement};
use almoner_core::fault::Outcome;
use almoner_core::ids::{FileId, PatientId};
use almoner_core::receipt::Match;
use almoner_core::time::Timestamp;
use almoner_store::Writer;

/// The file that is coming in.
#[derive(Clone, Debug)]
pub struct Incoming {
    pub file: FileId,
    pub sha256: [u8; 32],
    /// Name of the source: the folder below `intake/`, or empty.
    pub source: String,
    pub format: String,
    /// `discharge-summary`, `adt` …
    pub document: String,
    pub software: String,
    /// The file's path within its archive; empty for the file itself.
    pub member: String,
    pub received: Timestamp,
}

/// To whom a person of the file was joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Joined {
    pub patient: PatientId,
    pub match_: Match,
}

/// What became of a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// It is another area's.
    NotMine,
    /// A new fact.
    New,
    /// A fact already known from another statement.
    Same,
}

/// What an area takes from exports.
pub struct Intake {
    /// Joins a person of the file to the people known, or makes a new one. One area has it.
    pub join: Option<fn(&mut Writer<'_>, &Incoming, &PersonStatements) -> Outcome<Joined>>,
    /// Takes a statement, of a patient or of nobody. The first area that takes it has it.
    pub take:
        Option<fn(&mut Writer<'_>, &Incoming, Option<PatientId>, &Statement) -> Outcome<Taken>>,
    /// Told once a person's statements are all in, in the same transaction: what the message or
    /// document as a whole means (an ADT event, a discharge summary).
    pub settle:
        Option<fn(&mut Writer<'_>, &Incoming, PatientId, &PersonStatements) -> Outcome<()>>,
}

impl Intake {
    /// Takes nothing.
    pub const NOTHING: Self = Self { join: None, take: None, settle: None };
}
