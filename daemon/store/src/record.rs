//! What a record must say of itself, and what every act must say.

use crate::codec;
use crate::derive::Keys;
use crate::writer::Writer;
use almoner_core::actor::Actor;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{PatientId, RawId, RecordId};
use almoner_core::loops::Loop;
use almoner_core::rules::Rules;
use almoner_core::time::Timestamp;
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A kind of record: its number in keys (never used again for another) and its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind {
    pub code: u16,
    /// The word on the trail and in messages: `patient`, `task` …
    pub name: &'static str,
}

/// What is done, as the trail writes it: `task.close`, `chart.read` …
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verb(pub &'static str);

/// Who does what, when, and why. No writer exists without one.
#[derive(Clone, Debug)]
pub struct Act {
    pub actor: Actor,
    pub verb: Verb,
    pub at: Timestamp,
    /// Words of a reason; kept beside the trail, the trail holds a commitment to them.
    pub reason: Option<String>,
    /// Where from: network address, and the visit (session) it belongs to.
    pub address: Option<String>,
    pub visit: Option<String>,
}

impl Act {
    /// An act without reason, address or visit.
    pub fn new(actor: Actor, verb: Verb, at: Timestamp) -> Self {
        Self { actor, verb, at, reason: None, address: None, visit: None }
    }
}

/// A record: what the store keeps of one thing.
pub trait Record: Serialize + DeserializeOwned + Send + 'static {
    /// Its id type.
    type Id: RecordId + std::fmt::Display;
    /// Its kind.
    const KIND: Kind;
    /// Version of its shape; a change that `#[serde(default)]` can't carry counts it up.
    const SHAPE: u16 = 1;
    /// Whether earlier images are kept. Not for facts, whose source documents are kept instead.
    const HISTORY: bool = true;
    /// Whether each save stands on the trail. Only for rows without meaning to anybody (a
    /// session's "last seen").
    const WITNESSED: bool = true;
    /// Whether its rows are packed, when the unit that saved them ends: for kinds that fill the store. Unpacking a row costs a few
    /// microseconds, so not for what long lists show.
    const PACKED: bool = false;

    fn id(&self) -> Self::Id;
    /// Whose record it is; reading it is noted as opening this patient's chart.
    fn patient(&self) -> Option<PatientId>;
    /// Its index rows: pure, so that indexes can be rebuilt at any time.
    fn keys(&self, _keys: &mut Keys) {}
    /// What it still owes: pure.
    fn loops(&self, _rules: &Rules) -> Vec<Loop> {
        Vec::new()
    }
    /// Reads a row of an older shape.
    fn revive(shape: u16, _body: &[u8]) -> Outcome<Self> {
        Err(Fault::broken(format!(
            "a {} row has shape {shape}, this program knows {}: install the newer program again",
            Self::KIND.name,
            Self::SHAPE
        )))
    }
}

/// Reads the body of a row, of whatever shape.
pub(crate) fn decode<R: Record>(row: &[u8]) -> Outcome<(u32, R)> {
    let (header, body) = codec::split(row)?;
    Ok((header.version, revive(header.shape, &body)?))
}

/// Reads a body of this shape.
pub(crate) fn revive<R: Record>(shape: u16, body: &[u8]) -> Outcome<R> {
    if shape == R::SHAPE { codec::decode(body) } else { R::revive(shape, body) }
}

/// What a record says of itself, without its type: for checks and rebuilds over all kinds.
pub struct Derived {
    pub patient: Option<PatientId>,
    pub keys: Vec<Vec<u8>>,
    /// Keys of counts that this record adds one to.
    pub counted: Vec<Vec<u8>>,
    pub loops: Vec<Loop>,
}

/// A kind as the list of areas knows it.
#[derive(Clone, Copy)]
pub struct KindEntry {
    pub kind: Kind,
    pub shape: u16,
    /// [`Record::HISTORY`], [`Record::WITNESSED`] and [`Record::PACKED`].
    pub history: bool,
    pub witnessed: bool,
    pub packed: bool,
    /// Derives a row's index keys and loops.
    pub derive: fn(row: &[u8], rules: &Rules) -> Outcome<Derived>,
}

impl KindEntry {
    /// The entry of a record type.
    pub const fn of<R: Record>() -> Self {
        Self {
            kind: R::KIND,
            shape: R::SHAPE,
            history: R::HISTORY,
            witnessed: R::WITNESSED,
            packed: R::PACKED,
            derive: derive::<R>,
        }
    }
}

fn derive<R: Record>(row: &[u8], rules: &Rules) -> Outcome<Derived> {
    let (_, record) = decode::<R>(row)?;
    let mut keys = Keys::new(record.id().bytes(), rules.zone);
    record.keys(&mut keys);
    let (keys, counted) = keys.into_rows();
    Ok(Derived { patient: record.patient(), keys, counted, loops: record.loops(rules) })
}

/// A saved record, as reactions see it.
#[derive(Clone, Copy, Debug)]
pub struct Change {
    pub kind: Kind,
    pub id: RawId,
    pub patient: Option<PatientId>,
    /// True for its first save.
    pub created: bool,
}

/// What an area does when another area's record was saved: in the same transaction, in the order
/// of the list of areas, at most four deep.
#[derive(Clone, Copy)]
pub struct Reaction {
    /// The kind it waits for.
    pub on: Kind,
    pub react: fn(&mut Writer<'_>, Change) -> Outcome<()>,
}
