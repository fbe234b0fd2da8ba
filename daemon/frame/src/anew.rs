//! How what files said is taken back and said anew: when an export is undone, when a corrected
//! document takes the place of an older one, when a newer program reads stored files again. What
//! stands of a patient is what the standing files say, in the order in which they came; so each of
//! these is the same work: take away what files alone made, and take the standing files in again.

use crate::intake::Incoming;
use almoner_core::changes::{Changes, Way};
use almoner_core::clinical::{FactKind, Identifier};
use almoner_core::export::PersonStatements;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{FileId, PatientId, RawId, RecordId, StaffId};
use almoner_core::phrase::Phrase;
use almoner_core::receipt::Status;
use almoner_core::record_id;
use almoner_core::time::Timestamp;
use almoner_store::{Index, Key, Keys, Kind, Reader, Record, Turned, Writer};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Of whom something is said anew.
#[derive(Clone, Copy, Debug)]
pub enum Whose<'a> {
    Patient(PatientId),
    /// These records, which are about nobody: practitioners, organizations, resources.
    Nobody(&'a [RawId]),
}

/// A place of a file that speaks of something: a person of it, or a statement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mention {
    pub file: FileId,
    pub sha256: [u8; 32],
    pub member: String,
    pub key: String,
}

/// What an area says of a record that turned out otherwise.
pub enum Told {
    Fact(FactKind, Way, String),
    Patient(Way),
    Transition(Way, String),
}

/// What became of a record, and its image to speak of: as it is now, else as it was.
pub fn turn<R: Record>(
    turned: &Turned,
    alike: impl FnOnce(&R, &R) -> bool,
) -> Outcome<Option<(Way, R)>> {
    Ok(match (turned.before::<R>()?, turned.after::<R>()?) {
        (Some(before), None) => Some((Way::Gone, before)),
        (None, Some(after)) => Some((Way::New, after)),
        (Some(before), Some(after)) if alike(&before, &after) => Some((Way::Kept, after)),
        (Some(_), Some(after)) => Some((Way::Changed, after)),
        (None, None) => None,
    })
}

/// Takes records away, those of them that are there.
pub fn clear<R: Record>(writer: &mut Writer<'_>, ids: &[RawId]) -> Outcome<()> {
    for id in ids.iter().map(|id| R::Id::from_bytes(id.bytes())) {
        if writer.find::<R>(id)?.is_some() {
            writer.remove::<R>(id)?;
        }
    }
    Ok(())
}

/// The id of the record that stood under a key before it was taken away, unless it stands again.
pub fn known_id<R: Record>(
    writer: &Writer<'_>,
    index: Index,
    key: &Key,
    is_it: impl Fn(&R) -> bool,
) -> Outcome<Option<R::Id>> {
    let Some(outer) = writer.outer() else { return Ok(None) };
    for id in outer.exactly::<R::Id>(index, key)? {
        if is_it(&outer.get::<R>(id)?) && writer.find::<R>(id)?.is_none() {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// The patients whom a file names.
pub type Named = fn(&Reader<'_>, &[u8; 32]) -> Outcome<Vec<PatientId>>;
/// Where a patient is named.
pub type Mentions = fn(&Reader<'_>, PatientId) -> Outcome<Vec<Mention>>;
/// Records about nobody that a file asserts, each with all places that assert it.
pub type Shared = fn(&Reader<'_>, &[u8; 32]) -> Outcome<Vec<(RawId, Vec<Mention>)>>;
/// How many facts of each kind a file asserts.
pub type Asserted = fn(&Reader<'_>, &[u8; 32]) -> Outcome<BTreeMap<FactKind, u32>>;
/// Whether the statement at a place was the first to tell its fact; `None` when it tells none.
pub type First = fn(&Reader<'_>, &[u8; 32], &str, &str) -> Outcome<Option<bool>>;
/// Takes away what files alone made.
pub type Clear = fn(&mut Writer<'_>, Whose<'_>) -> Outcome<()>;
/// Names a patient again who was named there; with all that the file says of them when it speaks.
pub type Rejoin = fn(&mut Writer<'_>, &Incoming, PatientId, &PersonStatements, bool) -> Outcome<()>;
/// Told when all standing files have spoken: whether any named the patient, whether people have
/// worked on them.
pub type Close = fn(&mut Writer<'_>, PatientId, Rest) -> Outcome<()>;
/// Says what a turned record of the area's is.
pub type Tell = fn(&Reader<'_>, &Turned) -> Outcome<Option<Told>>;
/// Whether people have worked on a patient.
pub type Worked = fn(&Reader<'_>, PatientId) -> Outcome<bool>;

/// What is left of a patient when all standing files have spoken.
#[derive(Clone, Copy, Debug)]
pub struct Rest {
    /// A file still names them.
    pub named: bool,
    /// People have worked on them: then they stay.
    pub worked: bool,
}

/// What an area does when files speak anew.
pub struct Anew {
    pub named: Option<Named>,
    pub mentions: Option<Mentions>,
    pub shared: Option<Shared>,
    pub asserted: Option<Asserted>,
    pub first: Option<First>,
    pub clear: Option<Clear>,
    pub rejoin: Option<Rejoin>,
    pub close: Option<Close>,
    pub tell: Option<Tell>,
    pub worked: Option<Worked>,
}

impl Anew {
    /// Has no part in it.
    pub const NOTHING: Self = Self {
        named: None,
        mentions: None,
        shared: None,
        asserted: None,
        first: None,
        clear: None,
        rejoin: None,
        close: None,
        tell: None,
        worked: None,
    };
}

/// What shall be done with a file that was taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum What {
    /// Taken back, as if it had never come.
    Undo,
    /// Read again by this program.
    Reread,
}

/// Somebody wants it done, or wants to see what it would change; the intake does it in its turn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// The file's.
    pub id: FileId,
    pub what: What,
    /// Only to see what it would change.
    pub preview: bool,
    pub by: Option<StaffId>,
    pub at: Timestamp,
    /// Why, in the words of who wants it; it goes on the trail.
    #[serde(default)]
    pub reason: Option<String>,
}

/// What it would change, as of a moment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Preview {
    /// The file's.
    pub id: FileId,
    pub what: What,
    pub at: Timestamp,
    pub changes: Changes,
    /// The first of them, one by one.
    pub lines: Vec<Line>,
    /// How many there are.
    pub all: u32,
}

/// One of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Line {
    pub patient: Option<PatientId>,
    pub way: Way,
    /// `None`: the patient, or a transition.
    pub kind: Option<FactKind>,
    pub words: String,
}

record_id!(
    /// A document as one of a series.
    EditionId
);

/// Which document a member of a file is, and which ones it takes the place of (CDA `setId`,
/// `versionNumber`, `relatedDocument[@typeCode='RPLC']`: CDA R2 §4.2.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edition {
    pub id: EditionId,
    pub file: FileId,
    pub sha256: [u8; 32],
    pub member: String,
    /// What kind of document: `discharge-summary` …
    pub document: String,
    pub own: Option<Identifier>,
    pub set: Option<Identifier>,
    pub version: Option<u32>,
    pub replaces: Vec<Identifier>,
}

/// Wishes, the oldest first.
pub const WISHES: Index = Index { code: 56, name: "wish" };
/// File's digest.
pub const EDITION_OF: Index = Index { code: 57, name: "edition-file" };
/// The document's own number.
pub const EDITION_OWN: Index = Index { code: 58, name: "edition-own" };
/// The number of its series.
pub const EDITION_SET: Index = Index { code: 59, name: "edition-set" };
/// The numbers of those it takes the place of.
pub const EDITION_REPLACES: Index = Index { code: 60, name: "edition-replaces" };

/// Key of a document's number.
pub fn number_key(id: &Identifier) -> Key {
    Key::all().sum::<12>(&[&id.system, &id.value])
}

/// Refuses, in words, where there is nothing to undo or to read again, or the file is being read.
pub fn may_wish(reader: &Reader<'_>, id: FileId, what: What) -> Outcome<()> {
    let receipt = reader.get::<crate::intake::IntakeFile>(id)?.receipt;
    let refused = |key: &'static str| Err(Fault::refused("", Phrase::new(key)));
    match (receipt.status, what) {
        (Status::Waiting | Status::Working, _) => return refused("intake-wish-busy"),
        (Status::Duplicate, _) => return refused("intake-wish-duplicate"),
        (Status::SetAside, What::Undo) => return refused("intake-undo-nothing"),
        _ if receipt.undone.is_some() => return refused("intake-wish-undone"),
        _ => {}
    }
    if reader.find::<Wish>(id)?.is_some_and(|it| !it.preview) {
        return refused("intake-wish-busy");
    }
    Ok(())
}

/// Wants a file undone or read again, or to see what that would change.
pub fn wish(writer: &mut Writer<'_>, id: FileId, what: What, preview: bool) -> Outcome<()> {
    let reason = writer.act().reason.clone();
    wish_for(writer, id, what, (preview, reason))
}

/// Wants a file undone or read again, for a reason.
pub fn wish_because(writer: &mut Writer<'_>, id: FileId, what: What, reason: &str) -> Outcome<()> {
    wish_for(writer, id, what, (false, Some(reason.to_owned())))
}

fn wish_for(
    writer: &mut Writer<'_>,
    id: FileId,
    what: What,
    (preview, reason): (bool, Option<String>),
) -> Outcome<()> {
    may_wish(writer, id, what)?;
    let by = match &writer.act().actor {
        almoner_core::actor::Actor::Staff(by) => Some(*by),
        _ => None,
    };
    let at = writer.act().at;
    writer.put(&Wish { id, what, preview, by, at, reason })
}

impl Record for Wish {
    type Id = FileId;
    const KIND: Kind = Kind { code: 8, name: "intake-wish" };
    const HISTORY: bool = false;

    fn id(&self) -> FileId {
        self.id
    }

    fn patient(&self) -> Option<PatientId> {
        None
    }

    fn keys(&self, keys: &mut Keys) {
        keys.add(WISHES, Key::all().instant(self.at));
    }
}

impl Record for Preview {
    type Id = FileId;
    const KIND: Kind = Kind { code: 9, name: "intake-preview" };
    const HISTORY: bool = false;
    const WITNESSED: bool = false;

    fn id(&self) -> FileId {
        self.id
    }

    fn patient(&self) -> Option<PatientId> {
        None
    }
}

impl Record for Edition {
    type Id = EditionId;
    const KIND: Kind = Kind { code: 15, name: "edition" };
    const HISTORY: bool = false;

    fn id(&self) -> EditionId {
        self.id
    }

    fn patient(&self) -> Option<PatientId> {
        None
    }

    fn keys(&self, keys: &mut Keys) {
        keys.add(EDITION_OF, Key::all().digest(&self.sha256));
        for (index, id) in [(EDITION_OWN, &self.own), (EDITION_SET, &self.set)] {
            if let Some(id) = id {
                keys.add(index, number_key(id));
            }
        }
        for id in &self.replaces {
            keys.add(EDITION_REPLACES, number_key(id));
        }
    }
}

impl Preview {
    /// The preview of a file, where one was made.
    pub fn of(reader: &Reader<'_>, id: FileId, what: What) -> Outcome<Option<Self>> {
        Ok(reader.find::<Self>(id)?.filter(|it| it.what == what))
    }
}

/// Whether a file waits to be undone or read again, or for its preview.
pub fn wished(reader: &Reader<'_>, id: FileId) -> Outcome<Option<Wish>> {
    reader.find(id)
}
