//! Looking at the store. A reader sees one moment, can't write, and notes each patient whose record
//! it opened: `serve` has these notes on the trail before the answer leaves.

use crate::blobs;
use crate::derive::{Index, Key};
use crate::engine::{Visit, after};
use crate::record::{Kind, Record, decode};
use crate::tables::Table;
use crate::unit::View;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{PatientId, RawId, RecordId};
use almoner_core::rules::Rules;
use almoner_core::time::Timestamp;
use almoner_trail::Entry;
use std::cell::RefCell;
use std::collections::BTreeSet;

/// A view of the store at one moment.
pub struct Reader<'a> {
    pub(crate) view: View<'a>,
    rules: &'a Rules,
    now: Timestamp,
    opened: RefCell<BTreeSet<PatientId>>,
}

/// A record with its version (how often it was saved).
#[derive(Clone, Debug)]
pub struct Stored<R> {
    pub version: u32,
    pub record: R,
}

/// An entry of the trail with its place.
pub struct TrailEntry {
    pub seq: u64,
    pub entry: Entry,
    /// The words of the reason, when one was given and it has not been purged.
    pub reason: Option<String>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(view: View<'a>, rules: &'a Rules, now: Timestamp) -> Self {
        Self { view, rules, now, opened: RefCell::default() }
    }

    /// The rules in force.
    pub fn rules(&self) -> &'a Rules {
        self.rules
    }

    /// The moment of the request, by the appliance's clock.
    pub fn now(&self) -> Timestamp {
        self.now
    }

    /// The record with this id; [`Fault::Absent`] when there is none.
    pub fn get<R: Record>(&self, id: R::Id) -> Outcome<R> {
        self.find::<R>(id)?.ok_or(Fault::Absent(R::KIND.name))
    }

    /// The record with this id, if there is one.
    pub fn find<R: Record>(&self, id: R::Id) -> Outcome<Option<R>> {
        Ok(self.stored::<R>(id)?.map(|stored| stored.record))
    }

    /// The record with its version, if there is one.
    pub fn stored<R: Record>(&self, id: R::Id) -> Outcome<Option<Stored<R>>> {
        let Some(row) = self.view.get(Table::Records, &record_key(R::KIND, id.bytes()))? else {
            return Ok(None);
        };
        let (version, record) = decode::<R>(&row)?;
        self.note(record.patient());
        Ok(Some(Stored { version, record }))
    }

    /// The earlier images of a record, oldest first.
    pub fn history<R: Record>(&self, id: R::Id) -> Outcome<Vec<Stored<R>>> {
        let prefix = record_key(R::KIND, id.bytes());
        let mut images = Vec::new();
        self.scan_prefix(Table::History, &prefix, &mut |_, row| {
            let (version, record) = decode::<R>(row)?;
            self.note(record.patient());
            images.push(Stored { version, record });
            Ok(true)
        })?;
        Ok(images)
    }

    /// The ids of all records under a key or the beginning of a key, in key order.
    pub fn ids<I: RecordId>(&self, index: Index, key: &Key) -> Outcome<Vec<I>> {
        let mut ids = Vec::new();
        self.each(index, key, &mut |_, id| {
            ids.push(I::from_bytes(id.bytes()));
            Ok(true)
        })?;
        Ok(ids)
    }

    /// The ids under exactly this key.
    pub fn exactly<I: RecordId>(&self, index: Index, key: &Key) -> Outcome<Vec<I>> {
        let mut ids = Vec::new();
        self.each(index, key, &mut |rest, id| {
            if rest.is_empty() {
                ids.push(I::from_bytes(id.bytes()));
            }
            Ok(rest.is_empty())
        })?;
        Ok(ids)
    }

    /// How many records stand under exactly this key, which they named as a counted one.
    pub fn counted(&self, index: Index, key: &Key) -> Outcome<u64> {
        Ok(counted(self.view.get(Table::Index, &key.count_under(index))?))
    }

    /// Visits the rows under a key's beginning: what follows it in the key, and the id. The visitor
    /// says whether to go on.
    pub fn each(
        &self,
        index: Index,
        key: &Key,
        visit: &mut dyn FnMut(&[u8], RawId) -> Outcome<bool>,
    ) -> Outcome<()> {
        self.each_from(index, key, key, visit)
    }

    /// The same from a longer key on.
    pub fn each_from(
        &self,
        index: Index,
        key: &Key,
        from: &Key,
        visit: &mut dyn FnMut(&[u8], RawId) -> Outcome<bool>,
    ) -> Outcome<()> {
        let (prefix, from) = (key.under(index), from.under(index));
        let to = after(&prefix);
        self.view.scan(Table::Index, &from, to.as_deref(), &mut |row, _| {
            let rest = row.get(prefix.len()..).unwrap_or_default();
            let Some((rest, id)) = rest.split_last_chunk::<16>() else { return Ok(true) };
            visit(rest, RawId::from_bytes(*id))
        })
    }

    /// Visits the rows of an index whose keys lie between two keys (the second left out).
    pub fn between(
        &self,
        index: Index,
        from: &Key,
        to: &Key,
        visit: &mut dyn FnMut(RawId) -> Outcome<bool>,
    ) -> Outcome<()> {
        let (from, to) = (from.under(index), to.under(index));
        self.view.scan(Table::Index, &from, Some(&to), &mut |row, _| {
            row.last_chunk::<16>().map_or(Ok(true), |id| visit(RawId::from_bytes(*id)))
        })
    }

    /// Every record of a kind, in the order of their ids. For small kinds and for exports.
    pub fn all<R: Record>(&self) -> Outcome<Vec<R>> {
        let mut records = Vec::new();
        self.scan_prefix(Table::Records, &R::KIND.code.to_be_bytes(), &mut |_, row| {
            let (_, record) = decode::<R>(row)?;
            self.note(record.patient());
            records.push(record);
            Ok(true)
        })?;
        Ok(records)
    }

    /// How many records of a kind there are.
    pub fn count(&self, kind: Kind) -> Outcome<u64> {
        let mut count = 0;
        self.scan_prefix(Table::Records, &kind.code.to_be_bytes(), &mut |_, _| {
            count += 1;
            Ok(true)
        })?;
        Ok(count)
    }

    /// The bytes of a source document by its SHA-256, if it is here.
    pub fn blob(&self, sha256: &[u8; 32]) -> Outcome<Option<Vec<u8>>> {
        blobs::read(&self.view, sha256)
    }

    /// One piece (of [`blobs::PIECE`] bytes, the last may be shorter) of a source document.
    pub fn blob_piece(&self, sha256: &[u8; 32], number: u32) -> Outcome<Option<Vec<u8>>> {
        blobs::read_piece(&self.view, sha256, number)
    }

    /// A source document, to be read from any place.
    pub fn open_blob(&self, sha256: &[u8; 32]) -> Outcome<Option<blobs::Blob<'_, 'a>>> {
        blobs::Blob::open(self, sha256)
    }

    /// Number of entries on the trail.
    pub fn trail_size(&self) -> Outcome<u64> {
        Ok(crate::trail::head(&self.view)?.size())
    }

    /// Entries of the trail from `from` on, at most `limit`.
    pub fn trail(&self, from: u64, limit: usize) -> Outcome<Vec<TrailEntry>> {
        let mut entries = Vec::new();
        self.view.scan(Table::Trail, &from.to_be_bytes(), None, &mut |key, bytes| {
            entries.push(self.trail_entry(key, bytes)?);
            Ok(entries.len() < limit)
        })?;
        Ok(entries)
    }

    /// Entries that concern a patient, oldest first, at most the newest `limit`.
    pub fn trail_of(&self, patient: PatientId, limit: usize) -> Outcome<Vec<TrailEntry>> {
        self.trail_of_before(patient, u64::MAX, limit)
    }

    /// The same of entries with numbers below `before`. Looks back in steps that double, so that the
    /// newest cost no more than they are, however long the trail is.
    pub fn trail_of_before(
        &self,
        patient: PatientId,
        before: u64,
        limit: usize,
    ) -> Outcome<Vec<TrailEntry>> {
        let key = |seq: u64| [patient.bytes().as_slice(), &seq.to_be_bytes()].concat();
        let (mut top, mut step) = (before.min(self.trail_size()?), 256);
        let mut seqs: Vec<Vec<u8>> = Vec::new();
        while top > 0 && seqs.len() < limit {
            let from = top.saturating_sub(step);
            let mut part = Vec::new();
            self.view.scan(Table::TrailPatients, &key(from), Some(&key(top)), &mut |key, _| {
                part.push(key.get(16..).unwrap_or_default().to_vec());
                Ok(true)
            })?;
            part.append(&mut seqs);
            seqs = part;
            (top, step) = (from, step.saturating_mul(2));
        }
        let newest = seqs.split_off(seqs.len().saturating_sub(limit));
        let mut entries = Vec::new();
        for key in newest {
            if let Some(bytes) = self.view.get(Table::Trail, &key)? {
                entries.push(self.trail_entry(&key, &bytes)?);
            }
        }
        Ok(entries)
    }

    /// The number of the first entry that was made at an instant or after it, told by halving: where
    /// the clock was set back meanwhile, entries near it may stand a little before or behind.
    pub fn trail_since(&self, at: Timestamp) -> Outcome<u64> {
        let (mut low, mut high) = (0, self.trail_size()?);
        while low < high {
            let middle = low + (high - low) / 2;
            let entry = self.trail(middle, 1)?.pop();
            let made = entry.and_then(|it| it.entry.at.parse::<Timestamp>().ok());
            if made.is_some_and(|made| made < at) { low = middle + 1 } else { high = middle }
        }
        Ok(low)
    }

    /// A small value of the appliance: settings, keys, fingerprints.
    pub fn meta(&self, name: &str) -> Outcome<Option<Vec<u8>>> {
        self.view.get(Table::Meta, name.as_bytes())
    }

    /// The secret of the appliance's own age key: for its backups and for what it holds outside
    /// the store.
    pub fn appliance_secret(&self) -> Outcome<[u8; 32]> {
        let secret = self.meta(crate::trail::APPLIANCE)?;
        secret.and_then(|bytes| bytes.try_into().ok()).ok_or_else(|| {
            Fault::broken("the store has no key of the appliance: it is damaged, restore a backup")
        })
    }

    /// The patients whose records were opened so far; forgets them.
    pub fn take_opened(&self) -> BTreeSet<PatientId> {
        self.opened.take()
    }

    fn note(&self, patient: Option<PatientId>) {
        if let Some(patient) = patient {
            self.opened.borrow_mut().insert(patient);
        }
    }

    fn trail_entry(&self, key: &[u8], bytes: &[u8]) -> Outcome<TrailEntry> {
        let bytes = crate::trail::canonical(bytes)?;
        let entry = Entry::parse(&bytes).map_err(|cause| Fault::Broken(Box::new(cause)))?;
        let reason = self.view.get(Table::Reasons, key)?;
        let reason = reason
            .and_then(|row| row.get(32..).map(|words| String::from_utf8_lossy(words).into_owned()));
        Ok(TrailEntry { seq: entry.seq, entry, reason })
    }

    pub(crate) fn scan_prefix(&self, table: Table, prefix: &[u8], visit: Visit<'_>) -> Outcome<()> {
        self.view.scan(table, prefix, after(prefix).as_deref(), visit)
    }
}

/// What a row that counts says; nothing is written of none.
pub(crate) fn counted(row: Option<Vec<u8>>) -> u64 {
    row.and_then(|bytes| bytes.try_into().ok()).map_or(0, u64::from_be_bytes)
}

/// Key of a record's row.
pub(crate) fn record_key(kind: Kind, id: [u8; 16]) -> Vec<u8> {
    let mut key = kind.code.to_be_bytes().to_vec();
    key.extend_from_slice(&id);
    key
}
