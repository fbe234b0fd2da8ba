//! An instrument as it is held: its questions, the resource as it was received, and the file it came
//! with.

use super::rules;
use almoner_core::clinical::Instrument;
use almoner_core::ids::{FileId, PatientId};
use almoner_core::record_id;
use almoner_core::time::Timestamp;
use almoner_frame::anew::Mention;
use almoner_store::{Index, Key, Keys, Kind, Record};
use serde::{Deserialize, Serialize};

record_id!(
    /// An instrument.
    InstrumentId
);

/// Instruments by their canonical address and version.
pub(crate) const BY_ADDRESS: Index = Index { code: 320, name: "instrument_address" };
/// Instruments that a file holds.
pub(crate) const HELD_IN: Index = Index { code: 322, name: "instrument_file" };
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
    /// Every file that holds it, the first one first; none in what earlier programs wrote.
    #[serde(default)]
    pub holders: Vec<Holder>,
}

/// A file that holds an instrument, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Holder {
    pub file: FileId,
    pub sha256: [u8; 32],
    #[serde(default)]
    pub member: String,
    pub key: String,
}

impl Holder {
    /// The place, as files speak anew by it.
    pub(super) fn mention(&self) -> Mention {
        let Self { file, sha256, member, key } = self.clone();
        Mention { file, sha256, member, key }
    }
}

/// Half of a file's digest is unlike every other's.
pub(super) fn file_key(sha256: &[u8; 32]) -> Key {
    Key::all().bytes(sha256.first_chunk::<16>().map_or(&[], |half| half))
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
        for holder in &self.holders {
            keys.add(HELD_IN, file_key(&holder.sha256));
        }
        keys.add(BY_NAME, Key::all().text(&rules::name(&self.instrument)));
    }
}
