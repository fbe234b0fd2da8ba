//! Two records that became one, and what is needed to make two of them again.

use super::{Patient, PatientId, Timestamp};
use almoner_core::ids::{FileId, StaffId};
use almoner_core::record_id;
use almoner_store::{Index, Key, Keys, Kind, Record};
use serde::{Deserialize, Serialize};

record_id!(
    /// Two records that became one.
    MergeId
);

/// Patient who stays; when.
pub(crate) const INTO: Index = Index { code: 114, name: "merge_into" };
/// Patient who was merged into another.
pub(crate) const FROM: Index = Index { code: 115, name: "merge_from" };

/// Two records that became one: each area moves what it keeps of the one to the other when this is
/// saved, and back when it is saved as undone (a reaction of its own).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Merge {
    pub id: MergeId,
    /// The record that is only a name for the other now …
    pub from: PatientId,
    /// … which stays.
    pub into: PatientId,
    /// What moved bears one of these marks: the record itself, and those merged into it before.
    pub marks: Vec<PatientId>,
    /// The records that changed, each as it was before and after: both, and whom they were proposed to.
    pub changed: Vec<(Patient, Patient)>,
    pub at: Timestamp,
    /// Who decided, or the file that said so.
    pub by: Option<StaffId>,
    #[serde(default)]
    pub file: Option<FileId>,
    pub reason: String,
    #[serde(default)]
    pub undone: Option<Undone>,
}

/// Two records were made of it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Undone {
    pub at: Timestamp,
    pub by: Option<StaffId>,
    pub reason: String,
}

impl Merge {
    /// The mark that something of the merged record bears while it is here.
    pub fn mark(&self, known: Option<PatientId>) -> Option<PatientId> {
        known.or(Some(self.from))
    }

    /// Whether something with this mark came here by this merge.
    pub fn moved(&self, mark: Option<PatientId>) -> bool {
        mark.is_some_and(|mark| self.marks.contains(&mark))
    }

    /// The mark that it bears once it is back: none where it goes to a new person.
    pub fn unmark(&self, mark: Option<PatientId>) -> Option<PatientId> {
        mark.filter(|it| *it != self.from && !self.is_split())
    }

    /// Whether two records were made of one that had never been two here: a merge that is undone from
    /// the beginning, so that every area parts what it keeps by the same rules.
    pub fn is_split(&self) -> bool {
        self.changed.is_empty()
    }
}

impl Record for Merge {
    type Id = MergeId;
    const KIND: Kind = Kind { code: 3, name: "merge" };
    const PACKED: bool = true;

    fn id(&self) -> MergeId {
        self.id
    }

    fn patient(&self) -> Option<PatientId> {
        Some(self.into)
    }

    fn keys(&self, keys: &mut Keys) {
        keys.add(INTO, Key::all().id(self.into).instant(self.at));
        if self.undone.is_none() {
            keys.add(FROM, Key::all().id(self.from));
        }
    }
}
