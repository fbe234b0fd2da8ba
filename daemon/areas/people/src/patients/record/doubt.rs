//! A source's word that two of its numbers, which are one person here, are two people (HL7 v2 A37).

use super::{Identity, Patient, Timestamp};
use almoner_core::clinical::Identifier;
use almoner_core::ids::{FileId, StaffId};
use serde::{Deserialize, Serialize};

/// A source says that this record is two people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Doubt {
    /// Name of the source, and the file in which it says so.
    pub source: String,
    pub file: FileId,
    /// The numbers of the one and of the other, as the source gives them.
    pub one: Vec<Identifier>,
    pub other: Vec<Identifier>,
    pub since: Timestamp,
    /// Somebody decided that they are one person all the same.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<Kept>,
}

/// Why two numbers are one person although their source says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    pub reason: String,
    pub by: Option<StaffId>,
    pub at: Timestamp,
}

impl Doubt {
    /// Whether it says the same of the same numbers.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        (&self.source, &self.one, &self.other) == (&other.source, &other.one, &other.other)
            || (&self.source, &self.other, &self.one) == (&other.source, &other.one, &other.other)
    }
}

impl Patient {
    /// Whether this record is asked about: nobody has decided, and both numbers still are its own.
    /// Once two records are made of it, there is nothing left to ask.
    pub(crate) fn is_doubted(&self, doubt: &Doubt) -> bool {
        doubt.kept.is_none()
            && self.merged_into.is_none()
            && self.has_one_of(&doubt.one)
            && self.has_one_of(&doubt.other)
    }

    /// The doubts that are to be decided, each with its place.
    pub(crate) fn doubts(&self) -> impl Iterator<Item = (usize, &Doubt)> {
        self.doubted.iter().enumerate().filter(|(_, it)| self.is_doubted(it))
    }

    fn has_one_of(&self, numbers: &[Identifier]) -> bool {
        self.identities.iter().any(|it| it.has_any(numbers))
    }
}

impl Identity {
    /// Whether one of these numbers is its own.
    pub(crate) fn has_any(&self, numbers: &[Identifier]) -> bool {
        self.numbers().any(|it| numbers.contains(it))
    }
}
