//! The receipt of a dropped file: what it was, what was taken from it, and what could not be read.
//! Its JSON form is a promise to the outside (`interface.md` §3).

use crate::clinical::FactKind;
use crate::export::Problem;
use crate::ids::{FileId, PatientId, StaffId};
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where a file stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// All of it was understood.
    Done,
    /// The sound parts were taken, the problems are listed.
    Partial,
    /// Nothing was taken; the file is kept whole.
    SetAside,
    /// The same bytes came before.
    Duplicate,
    /// Its bytes are safe; its turn comes.
    Waiting,
    /// Being read.
    Working,
}

impl Status {
    /// Every one of them.
    pub const ALL: [Self; 6] =
        [Self::Done, Self::Partial, Self::SetAside, Self::Duplicate, Self::Waiting, Self::Working];
}

/// How a patient of the file was joined to the people already known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Match {
    /// Nobody like this was known.
    New,
    /// Known, by a number, or by name, birth date and something besides.
    Same,
    /// A new person who may be the same as another: somebody must decide.
    Proposed,
}

/// A patient of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MatchedPatient {
    pub id: PatientId,
    #[serde(rename = "match")]
    pub match_: Match,
}

/// How many statements of one kind the file held.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Counts {
    /// Facts not known before.
    pub new: u32,
    /// Already known from another statement.
    pub same: u32,
    /// "None known" statements.
    pub none_known: u32,
    /// "Does not take", "refused".
    pub negated: u32,
    /// Of those known: told otherwise than before (entries of a directory).
    #[serde(skip_serializing_if = "is_none")]
    pub changed: u32,
    /// Known before and no longer listed by their source (entries of a directory).
    #[serde(skip_serializing_if = "is_none")]
    pub withdrawn: u32,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde asks so
fn is_none(count: &u32) -> bool {
    *count == 0
}

/// What the file did to loops.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LoopCounts {
    pub opened: u32,
    pub moved: u32,
    pub closed: u32,
    pub proposed: u32,
}

/// The receipt itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    pub id: FileId,
    pub name: String,
    pub sha256: String,
    pub bytes: u64,
    pub received: Timestamp,
    pub finished: Option<Timestamp>,
    /// Name of the folder below `intake/`, or empty.
    #[serde(default)]
    pub source: String,
    #[serde(default)]
    pub format: String,
    #[serde(default)]
    pub version: String,
    #[serde(default)]
    pub document: String,
    #[serde(default)]
    pub software: String,
    pub status: Status,
    /// The receipt of the first file with the same bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duplicate_of: Option<FileId>,
    /// The first of them, of a file with very many.
    #[serde(default)]
    pub patients: Vec<MatchedPatient>,
    /// How many more there are.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub patients_more: u64,
    #[serde(default)]
    pub facts: BTreeMap<FactKind, Counts>,
    #[serde(default)]
    pub loops: LoopCounts,
    #[serde(default)]
    pub problems: Vec<Problem>,
    /// Receipts of the files within an archive.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Member>,
    /// Which generation of the reading program took it in; 0 before they were counted.
    #[serde(default, skip_serializing_if = "is_unnumbered")]
    pub generation: u32,
    /// When it was taken back as a whole, as if it had never come.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone: Option<Undone>,
}

/// A file was taken back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    pub at: Timestamp,
    /// Who wanted it; nobody when it was asked for on the command line.
    pub by: Option<StaffId>,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde's form
fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// A file within an archive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub name: String,
    pub format: String,
    pub version: String,
    pub document: String,
    pub status: Status,
    #[serde(default)]
    pub facts: BTreeMap<FactKind, Counts>,
}

#[allow(clippy::trivially_copy_pass_by_ref)] // serde asks in this form
fn is_unnumbered(number: &u32) -> bool {
    *number == 0
}
