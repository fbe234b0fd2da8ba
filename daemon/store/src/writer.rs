//! Writing to the store. `put` saves a record, its index rows, its loops, the image that stood
//! before, and remembers it for the trail; when the unit ends, the trail gets its entries, all in
//! the same transaction.

use crate::derive::Keys;
use crate::engine::Base;
use crate::reader::{Reader, counted, record_key};
use crate::record::{Act, Change, Kind, KindEntry, Reaction, Record, decode, revive};
use crate::tables::Table;
use crate::trail::{self, TrailHead, Witness};
use crate::unit::{Unit, View};
use crate::{blobs, codec, loops};
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{PatientId, RawId, RecordId};
use almoner_core::loops::Loop;
use almoner_core::receipt::LoopCounts;
use almoner_core::rules::Rules;
use almoner_core::time::Timestamp;
use std::ops::Deref;

/// How deep reactions may call each other.
const MAX_DEPTH: u8 = 4;

/// The right to write, for one act. Reads what it wrote itself.
pub struct Writer<'a> {
    pub(crate) unit: &'a Unit<'a>,
    reader: Reader<'a>,
    act: &'a Act,
    around: &'a Surroundings<'a>,
    depth: u8,
    quiet: bool,
    pub(crate) witness: Witness,
    pub(crate) loops: LoopCounts,
    outer: Option<&'a Reader<'a>>,
}

impl<'a> Deref for Writer<'a> {
    type Target = Reader<'a>;
    fn deref(&self) -> &Reader<'a> {
        &self.reader
    }
}

impl<'a> Writer<'a> {
    pub(crate) fn new(
        unit: &'a Unit<'a>,
        around: &'a Surroundings<'a>,
        act: &'a Act,
        outer: Option<&'a Reader<'a>>,
    ) -> Self {
        Writer {
            unit,
            reader: Reader::new(View::Unit(unit), around.rules, act.at),
            act,
            around,
            depth: 0,
            quiet: false,
            witness: Witness::default(),
            loops: LoopCounts::default(),
            outer,
        }
    }

    /// What stands outside of work that is done anew ([`Writer::anew`]); `None` in all other work.
    pub fn outer(&self) -> Option<&'a Reader<'a>> {
        self.outer
    }

    /// Does work as if it were done at another time: a file taken in again counts from the day on
    /// which it came.
    pub fn at<T>(
        &mut self,
        at: Timestamp,
        work: impl FnOnce(&mut Writer<'_>) -> Outcome<T>,
    ) -> Outcome<T> {
        let act = Act { at, ..self.act.clone() };
        let mut then = Writer::new(self.unit, self.around, &act, self.outer);
        (then.witness, then.loops) = (std::mem::take(&mut self.witness), self.loops);
        then.quiet = self.quiet;
        let value = work(&mut then);
        let (witness, loops) = (std::mem::take(&mut then.witness), then.loops);
        (self.witness, self.loops) = (witness, loops);
        value
    }

    pub(crate) fn around(&self) -> &'a Surroundings<'a> {
        self.around
    }
}

impl Writer<'_> {
    /// Who does what, when, why.
    pub fn act(&self) -> &Act {
        self.act
    }

    /// Saves a record. Saving what already stands there does nothing.
    pub fn put<R: Record>(&mut self, record: &R) -> Outcome<()> {
        let id = record.id().bytes();
        let key = record_key(R::KIND, id);
        let before = self.view.get(Table::Records, &key)?;
        let stood = before.as_deref().map(codec::split).transpose()?;
        let version = stood.as_ref().map_or(0, |(header, _)| header.version);
        let header = codec::RowHeader { shape: R::SHAPE, version: version + 1 };
        let row = codec::row(header, record)?;
        if let Some((_, body)) = &stood
            && *body == codec::split(&row)?.1
        {
            return Ok(());
        }
        let old = stood.map(|(header, body)| revive::<R>(header.shape, &body)).transpose()?;
        self.index(id, old.as_ref(), Some(record))?;
        self.owe(id, old.as_ref(), record)?;
        if R::HISTORY && before.is_some() {
            let mut at = key.clone();
            at.extend_from_slice(&version.to_be_bytes());
            self.unit.set(Table::History, at, before);
        }
        if R::WITNESSED {
            self.witness.changed(R::KIND, RawId::from_bytes(id), record.patient());
        }
        self.unit.set(Table::Records, key, Some(row));
        let change = Change {
            kind: R::KIND,
            id: RawId::from_bytes(id),
            patient: record.patient(),
            created: old.is_none(),
        };
        self.react(change)
    }

    /// Saves without anybody's reaction: for records that only change whose they are, many at once, when
    /// a reaction to each would see half of them. Whoever does this tells the others afterwards.
    pub fn quietly<T>(&mut self, work: impl FnOnce(&mut Self) -> Outcome<T>) -> Outcome<T> {
        let before = std::mem::replace(&mut self.quiet, true);
        let done = work(self);
        self.quiet = before;
        done
    }

    /// Takes a record away: only for rows that are nobody's history (sessions, drafts).
    pub fn remove<R: Record>(&mut self, id: R::Id) -> Outcome<()> {
        let key = record_key(R::KIND, id.bytes());
        let Some(row) = self.view.get(Table::Records, &key)? else { return Ok(()) };
        let (_, old) = decode::<R>(&row)?;
        self.index(id.bytes(), Some(&old), None)?;
        let owed = old.loops(self.rules());
        self.tally(&owed, &[]);
        owed.iter().try_for_each(|owed| self.close::<R>(id.bytes(), owed))?;
        if R::WITNESSED {
            self.witness.changed(R::KIND, RawId::from_bytes(id.bytes()), old.patient());
        }
        self.unit.set(Table::Records, key, None);
        Ok(())
    }

    /// Refuses when the record is no longer at the version that a form was drawn from.
    pub fn expect<R: Record>(&self, id: R::Id, version: u32) -> Outcome<R> {
        let stored = self.stored::<R>(id)?.ok_or(Fault::Absent(R::KIND.name))?;
        if stored.version == version { Ok(stored.record) } else { Err(Fault::Stale(R::KIND.name)) }
    }

    /// Keeps the bytes of a source document; true when they were not here yet.
    pub fn keep_blob(&mut self, sha256: &[u8; 32], bytes: &[u8]) -> Outcome<bool> {
        blobs::write(&self.reader.view, self.unit, sha256, bytes)
    }

    /// Keeps one piece (of [`blobs::PIECE`] bytes, the last may be shorter) of a source document that
    /// is too large for one transaction. Piece 0 comes last.
    pub fn keep_blob_piece(&mut self, sha256: &[u8; 32], number: u32, piece: &[u8]) {
        blobs::write_piece(self.unit, sha256, number, piece);
    }

    /// Sets a small value of the appliance.
    pub fn set_meta(&mut self, name: &str, value: Option<&[u8]>) {
        self.unit.set(Table::Meta, name.as_bytes().to_vec(), value.map(<[u8]>::to_vec));
    }

    /// Has the act stand on the trail although it changed no record: a refused sign-in, a read.
    pub fn witness(&mut self, outcome: &'static str) {
        self.witness.always(outcome);
    }

    /// Adds a count or a token to the act's entries on the trail. Never patient data.
    pub fn detail(&mut self, name: &'static str, value: impl Into<almoner_trail::Detail>) {
        self.witness.detail(name, value.into());
    }

    /// Notes that a patient's record was opened by this act.
    pub fn saw(&mut self, patient: PatientId) {
        self.witness.saw(patient);
    }

    /// How many loops this unit opened, moved and closed so far.
    pub fn loop_counts(&self) -> LoopCounts {
        self.loops
    }

    fn index<R: Record>(&self, id: [u8; 16], old: Option<&R>, new: Option<&R>) -> Outcome<()> {
        let zone = self.rules().zone;
        let rows = |record: &R| {
            let mut keys = Keys::new(id, zone);
            record.keys(&mut keys);
            keys.into_rows()
        };
        let (before, counted_before) = old.map(rows).unwrap_or_default();
        let (after, counted_after) = new.map(rows).unwrap_or_default();
        for row in before.iter().filter(|row| after.binary_search(row).is_err()) {
            self.unit.set(Table::Index, row.clone(), None);
        }
        for row in after.into_iter().filter(|row| before.binary_search(row).is_err()) {
            self.unit.set(Table::Index, row, Some(Vec::new()));
        }
        for key in counted_before.iter().filter(|key| counted_after.binary_search(key).is_err()) {
            self.count(key, -1)?;
        }
        for key in counted_after.iter().filter(|key| counted_before.binary_search(key).is_err()) {
            self.count(key, 1)?;
        }
        Ok(())
    }

    fn count(&self, key: &[u8], change: i64) -> Outcome<()> {
        let count = counted(self.view.get(Table::Index, key)?).saturating_add_signed(change);
        let value = (count > 0).then(|| count.to_be_bytes().to_vec());
        self.unit.set(Table::Index, key.to_vec(), value);
        Ok(())
    }

    fn owe<R: Record>(&mut self, id: [u8; 16], old: Option<&R>, new: &R) -> Outcome<()> {
        let rules = self.rules();
        let before = old.map(|record| record.loops(rules)).unwrap_or_default();
        let after = new.loops(rules);
        self.tally(&before, &after);
        for owed in before.iter().filter(|owed| !after.contains(owed)) {
            self.close::<R>(id, owed)?;
        }
        for owed in after.iter().filter(|owed| !before.contains(owed)) {
            for (row, value) in loops::rows(R::KIND, id, owed, rules.zone)? {
                self.unit.set(Table::Loops, row, Some(value));
            }
            loops::count(self.unit, owed, rules.zone, true)?;
        }
        Ok(())
    }

    fn close<R: Record>(&self, id: [u8; 16], owed: &Loop) -> Outcome<()> {
        let zone = self.rules().zone;
        for row in loops::keys(R::KIND, id, owed, zone) {
            self.unit.set(Table::Loops, row, None);
        }
        loops::count(self.unit, owed, zone, false)
    }

    pub(crate) fn tally(&mut self, before: &[Loop], after: &[Loop]) {
        for owed in after {
            match before.iter().find(|old| old.slot == owed.slot) {
                None => self.loops.opened += 1,
                Some(old) if old != owed => self.loops.moved += 1,
                Some(_) => {}
            }
        }
        let gone = |old: &&Loop| !after.iter().any(|owed| owed.slot == old.slot);
        self.loops.closed += u32::try_from(before.iter().filter(gone).count()).unwrap_or(u32::MAX);
    }

    fn react(&mut self, change: Change) -> Outcome<()> {
        if self.quiet {
            return Ok(());
        }
        let reactions = self.around.reactions;
        for reaction in reactions.iter().filter(|reaction| reaction.on == change.kind) {
            if self.depth == MAX_DEPTH {
                return Err(Fault::broken("reactions call each other too deep"));
            }
            self.depth += 1;
            let reacted = (reaction.react)(self, change);
            self.depth -= 1;
            reacted?;
        }
        Ok(())
    }
}

/// What every unit of a batch needs.
pub(crate) struct Surroundings<'a> {
    pub rules: &'a Rules,
    pub reactions: &'a [Reaction],
    pub kinds: &'a [KindEntry],
}

/// Runs one unit: work, then trail, then the changes into the transaction. On a fault nothing of it
/// remains.
pub(crate) fn run<T>(
    tables: &dyn Base,
    around: &Surroundings<'_>,
    head: &mut TrailHead,
    act: &Act,
    work: impl FnOnce(&mut Writer<'_>) -> Outcome<T>,
) -> Outcome<T> {
    let unit = Unit::new(tables);
    let (value, next) = {
        let mut writer = Writer::new(&unit, around, act, None);
        let value = work(&mut writer)?;
        unit.pack(around.kinds)?;
        (value, trail::append(&unit, head, act, &writer.witness)?)
    };
    unit.apply()?;
    *head = next;
    Ok(value)
}

impl From<Kind> for almoner_trail::Detail {
    fn from(kind: Kind) -> Self {
        kind.name.into()
    }
}
