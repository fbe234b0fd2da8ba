//! What is kept of the clinic's own columns: the columns, and for each patient what a sheet said and
//! what a person wrote here.

use almoner_core::ids::{FileId, PatientId, StaffId};
use almoner_core::lists::ColumnType;
use almoner_core::record_id;
use almoner_core::time::Timestamp;
use almoner_frame::note_handmade;
use almoner_store::{Index, Key, Keys, Kind, Record};
use serde::{Deserialize, Serialize};

record_id!(
    /// A column of the caseload.
    ColumnId
);
record_id!(
    /// What stands in a column for a patient.
    CellId
);

/// Cells: patient, column.
pub(super) const OF_PATIENT: Index = Index { code: 120, name: "caseload_value_patient" };

/// A column that the clinic made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Column {
    pub id: ColumnId,
    /// As the sheet calls it, or as somebody renamed it.
    pub name: String,
    /// The name under which sheets bring values, when it was renamed.
    #[serde(default)]
    pub known_as: String,
    /// Where it stands; lower first.
    pub order: u32,
    #[serde(default)]
    pub type_: ColumnType,
    /// The values to choose from, where it is a choice.
    #[serde(default)]
    pub choices: Vec<String>,
    /// Not shown on the caseload; the patient's page has it still.
    #[serde(default)]
    pub hidden: bool,
}

/// What stands in a column for a patient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cell {
    pub id: CellId,
    pub column: ColumnId,
    pub patient: PatientId,
    /// What the newest sheet says.
    #[serde(default)]
    pub told: Option<Told>,
    /// What a person wrote here; it stands until a person changes it again.
    #[serde(default)]
    pub here: Option<Here>,
    /// The patient with whose record it came here, when two were merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub came_with: Option<PatientId>,
}

/// What a sheet says, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    pub value: String,
    /// Name of the source: the folder below `intake/`, or empty.
    pub source: String,
    pub file: FileId,
    /// `row 17`.
    pub place: String,
    pub received: Timestamp,
}

/// What a person wrote.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Here {
    pub value: String,
    pub by: Option<StaffId>,
    pub at: Timestamp,
    /// What the sheet said then: a sheet that says so still is no news.
    #[serde(default)]
    pub over: String,
}

impl Column {
    /// The name by which a sheet's heading is matched.
    pub fn heading(&self) -> &str {
        if self.known_as.is_empty() { &self.name } else { &self.known_as }
    }
}

impl Cell {
    /// What stands in it.
    pub fn value(&self) -> &str {
        match (&self.here, &self.told) {
            (Some(here), _) => &here.value,
            (None, Some(told)) => &told.value,
            (None, None) => "",
        }
    }

    /// What the sheet says now, where that is neither what a person wrote here nor what they wrote
    /// over.
    pub fn differs(&self) -> Option<&Told> {
        let (here, told) = (self.here.as_ref()?, self.told.as_ref()?);
        (told.value != here.value && told.value != here.over).then_some(told)
    }
}

impl Record for Column {
    type Id = ColumnId;
    const KIND: Kind = Kind { code: 18, name: "caseload-column" };

    fn id(&self) -> ColumnId {
        self.id
    }

    fn patient(&self) -> Option<PatientId> {
        None
    }
}

impl Record for Cell {
    type Id = CellId;
    const KIND: Kind = Kind { code: 19, name: "caseload-value" };

    fn id(&self) -> CellId {
        self.id
    }

    fn patient(&self) -> Option<PatientId> {
        Some(self.patient)
    }

    fn keys(&self, keys: &mut Keys) {
        if self.here.is_some() {
            note_handmade(keys, self.patient);
        }
        keys.add(OF_PATIENT, Key::default().id(self.patient).id(self.column));
    }
}
