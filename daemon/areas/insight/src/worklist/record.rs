//! What My day keeps for one person: their own views, and what was done to many tasks at once, so
//! that it can be taken back while they look at it.

use almoner_care::tasks::TaskId;
use almoner_core::ids::{PatientId, StaffId};
use almoner_core::phrase::Phrase;
use almoner_core::record_id;
use almoner_core::time::Timestamp;
use almoner_store::{Index, Key, Keys, Kind, Record};
use serde::{Deserialize, Serialize};

record_id!(
    /// Something done to several tasks at once.
    BatchId
);

/// Batches of a person, by time.
pub(super) const BY_STAFF: Index = Index { code: 600, name: "batch_staff" };

/// What was done to the chosen tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Done {
    Finished,
    Moved,
    HandedOver,
    Undone,
}

/// Something done to several tasks at once: a result for each.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batch {
    pub id: BatchId,
    pub staff: StaffId,
    pub at: Timestamp,
    pub done: Done,
    /// The tasks to which it was done, and their titles.
    pub changed: Vec<(TaskId, String)>,
    /// Address and words of those to which it could not be done, and why not.
    pub failed: Vec<(String, Phrase, Phrase)>,
}

impl Done {
    /// Its name in message keys.
    pub fn key(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Moved => "moved",
            Self::HandedOver => "handed-over",
            Self::Undone => "undone",
        }
    }
}

impl Record for Batch {
    type Id = BatchId;
    const KIND: Kind = Kind { code: 60, name: "batch" };
    const HISTORY: bool = false;
    const WITNESSED: bool = false;

    fn id(&self) -> BatchId {
        self.id
    }
    fn patient(&self) -> Option<PatientId> {
        None
    }
    fn keys(&self, keys: &mut Keys) {
        keys.add(BY_STAFF, Key::all().id(self.staff).instant(self.at));
    }
}

/// The views that a person has saved.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct View {
    pub name: String,
    /// The filters, as they stand in an address: `kind=task&lang=es`.
    pub query: String,
}

/// All views of one person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Views {
    pub id: StaffId,
    pub views: Vec<View>,
    /// Name of the view with which My day opens.
    #[serde(default)]
    pub first: Option<String>,
}

impl Record for Views {
    type Id = StaffId;
    const KIND: Kind = Kind { code: 61, name: "views" };
    const HISTORY: bool = false;
    const WITNESSED: bool = false;

    fn id(&self) -> StaffId {
        self.id
    }
    fn patient(&self) -> Option<PatientId> {
        None
    }
}
