//! Whom a person opened last: kept for them alone, so that the next search begins where the last
//! one ended.

use almoner_core::ids::{PatientId, StaffId};
use almoner_core::time::Timestamp;
use almoner_store::{Kind, Record};
use serde::{Deserialize, Serialize};

/// So many are remembered.
const MOST: usize = 5;

/// The patients whom a member of staff opened last, the latest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recent {
    pub id: StaffId,
    pub patients: Vec<(PatientId, Timestamp)>,
}

impl Recent {
    /// The same after somebody was opened.
    pub(super) fn with(mut self, patient: PatientId, at: Timestamp) -> Self {
        self.patients.retain(|(known, _)| *known != patient);
        self.patients.insert(0, (patient, at));
        self.patients.truncate(MOST);
        self
    }
}

impl Record for Recent {
    type Id = StaffId;
    const KIND: Kind = Kind { code: 14, name: "recent" };
    const HISTORY: bool = false;
    const WITNESSED: bool = false;

    fn id(&self) -> StaffId {
        self.id
    }
    fn patient(&self) -> Option<PatientId> {
        None
    }
}
