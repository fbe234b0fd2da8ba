//! An instrument as it is held: its questions, the resource as it was received, and the file it came
//! with.

use super::rules;
use almoner_core::clinical::Instrument;
use almoner_core::ids::{FileId, PatientId};
use almoner_core::record_id;
use almoner_core::time::Timestamp;
use almoner_store::{Index, Key, Keys, Kind, Record};
use serde::{Deserialize, Serialize};

record_id!(
    /// An instrument.
    InstrumentId
);

/// Instruments by their canonical address and version.
pub(crate) const BY_ADDRESS: Index = Index { code: 320, name: "instrument_address" };
/// Instruments by name.
pub(crate) const BY_NAME: Index = Index { code: 321, name: "instrument_name" };

/// An instrument (FHIR `Questionnaire`).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct HeldInstrument {
    pub id: InstrumentId,
    /// Its address and version, by which a further file is known to hold the same ([`rules::address`]).
    pub address: String,
    pub instrument: Instrument,
    /// The resource as it was received (JSON).
    #[serde(default)]
    pub verbatim: Option<String>,
    /// The file that it stands in now, and when that came.
    pub file: FileId,
    pub sha256: [u8; 32],
    #[serde(default)]
    pub source: String,
    pub received: Timestamp,
    pub first_seen: Timestamp,
}

impl HeldInstrument {
    /// Its page.
    pub fn path(&self) -> String {
        format!("/instruments/{}", self.id)
    }
}

impl Record for HeldInstrument {
    type Id = InstrumentId;
    const KIND: Kind = Kind { code: 32, name: "instrument" };
    const PACKED: bool = true;

    fn id(&self) -> InstrumentId {
        self.id
    }

    fn patient(&self) -> Option<PatientId> {
        None
    }

    fn keys(&self, keys: &mut Keys) {
        keys.add(BY_ADDRESS, Key::all().sum::<12>(&[&self.address]));
        keys.add(BY_NAME, Key::all().text(&rules::name(&self.instrument)));
    }
}
