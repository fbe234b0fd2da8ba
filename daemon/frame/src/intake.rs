//! How an export comes in: `intake` reads the file, areas take what is theirs, through the same
//! operations as people's work.

use almoner_core::export::{PersonStatements, Statement};
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{FileId, PatientId};
use almoner_core::phrase::Phrase;
use almoner_core::receipt::{Match, Receipt, Status};
use almoner_core::time::Timestamp;
use almoner_store::{Index, Key, Keys, Kind, Reader, Record, Writer};
use serde::{Deserialize, Serialize};

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
    /// Whether the file names this person, under this key, for the first time.
    pub first: bool,
    /// What became of what the file says of two records.
    pub two: Option<Two>,
}

/// What became of a file's word that two records are one, or are not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Two {
    /// Two records became one.
    BecameOne,
    /// A person is asked whether they are one.
    Proposed,
    /// The number that is given up was not known here: it stands for the patient from now on.
    Retired,
    /// The file says that they are not one: nobody is asked any more whether they are.
    Unlinked,
    /// They are one record here, and the file says that they are two people: a person is asked.
    Doubted,
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
    /// Known, and from now on told as this statement tells it.
    Changed,
    /// No fact: so many entries are no longer listed by their source.
    Withdrew(u32),
}

/// Joins a person of a file to the people known, or makes a new one.
pub type Join = fn(&mut Writer<'_>, &Incoming, &PersonStatements) -> Outcome<Joined>;

/// Takes a statement of a patient, or of nobody.
pub type Take = fn(&mut Writer<'_>, &Incoming, Option<PatientId>, &Statement) -> Outcome<Taken>;

/// Hears what a message or document as a whole says of a patient.
pub type Settle = fn(&mut Writer<'_>, &Incoming, PatientId, &PersonStatements) -> Outcome<()>;

/// What an area takes from exports.
pub struct Intake {
    /// Joins a person of the file to the people known, or makes a new one. One area has it.
    pub join: Option<Join>,
    /// Takes a statement, of a patient or of nobody. The first area that takes it has it.
    pub take: Option<Take>,
    /// Told once a person's statements are all in, in the same transaction: what the message or
    /// document as a whole means (an ADT event, a discharge summary).
    pub settle: Option<Settle>,
}

impl Intake {
    /// Takes nothing.
    pub const NOTHING: Self = Self { join: None, take: None, settle: None };
}

/// A dropped file as the store keeps it: its receipt, and how far it was taken in.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct IntakeFile {
    pub receipt: Receipt,
    pub sha256: Sha256,
    /// Units of it that are in; counted in the same transaction as their facts.
    pub taken: u32,
    /// Whether its held copy and its receipt stand in the folder.
    pub filed: bool,
}

/// A SHA-256, kept as bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Sha256(#[serde(with = "serde_digest")] pub [u8; 32]);

/// Files by where they stand: status (1 byte), then when they came.
pub const BY_STATUS: Index = Index { code: 50, name: "file-status" };
/// Files by the SHA-256 of their bytes.
pub const BY_DIGEST: Index = Index { code: 51, name: "file-digest" };
/// Files by when they came.
pub const BY_RECEIVED: Index = Index { code: 52, name: "file-received" };
/// The same, the newest first.
pub const NEWEST: Index = Index { code: 54, name: "file-newest" };
/// How many files stand so: counted.
const OF_STATUS: Index = Index { code: 55, name: "file-of-status" };
/// Files whose held copy or receipt does not stand in the folder yet.
pub const UNFILED: Index = Index { code: 53, name: "file-unfiled" };

/// How many files stand so.
pub fn with_status(reader: &Reader<'_>, status: Status) -> Outcome<u64> {
    reader.counted(OF_STATUS, &Key::all().number(status as u64))
}

impl Record for IntakeFile {
    type Id = FileId;
    const KIND: Kind = Kind { code: 5, name: "intake-file" };
    const HISTORY: bool = false;

    fn id(&self) -> FileId {
        self.receipt.id
    }

    fn patient(&self) -> Option<PatientId> {
        None
    }

    fn keys(&self, keys: &mut Keys) {
        let received = self.receipt.received;
        keys.add(BY_STATUS, Key::all().number(self.receipt.status as u64).instant(received));
        keys.add(BY_DIGEST, Key::all().text(&self.receipt.sha256));
        keys.add(BY_RECEIVED, Key::all().instant(received));
        keys.add(NEWEST, Key::all().newest(received));
        keys.add_counted(OF_STATUS, Key::all().number(self.receipt.status as u64));
        if self.receipt.finished.is_some() && !self.filed {
            keys.add(UNFILED, Key::all().instant(received));
        }
    }
}

/// Has a file read again that was set aside or taken in part: after an update, say. It waits for
/// its turn then.
pub fn read_again(writer: &mut Writer<'_>, id: FileId) -> Outcome<()> {
    let mut file = writer.get::<IntakeFile>(id)?;
    let receipt = &mut file.receipt;
    if !matches!(receipt.status, Status::SetAside | Status::Partial) {
        return Err(Fault::refused("", Phrase::new("intake-retry-nothing")));
    }
    receipt.status = Status::Waiting;
    receipt.finished = None;
    // What it is may be told otherwise this time.
    for told in
        [&mut receipt.format, &mut receipt.version, &mut receipt.document, &mut receipt.software]
    {
        told.clear();
    }
    receipt.facts.clear();
    receipt.problems.clear();
    receipt.members.clear();
    (file.taken, file.filed) = (0, false);
    crate::lists::keep_questions(writer, id, Vec::new())?;
    writer.put(&file)
}

mod serde_digest {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(digest: &[u8; 32], out: S) -> Result<S::Ok, S::Error> {
        out.serialize_bytes(digest)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[u8; 32], D::Error> {
        struct Bytes([u8; 32]);
        impl<'de> Deserialize<'de> for Bytes {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                from.deserialize_bytes(Visitor).map(Self)
            }
        }
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = [u8; 32];
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("32 bytes")
            }
            fn visit_bytes<E: serde::de::Error>(self, bytes: &[u8]) -> Result<[u8; 32], E> {
                bytes.try_into().map_err(|_| E::invalid_length(bytes.len(), &self))
            }
        }
        Bytes::deserialize(from).map(|bytes| bytes.0)
    }
}
