//! Index keys: how a record is found again. A key is made of parts whose bytes sort as they read.

use almoner_core::ids::RecordId;
use almoner_core::time::Zone;
use chrono::{Datelike, NaiveDate};

/// An index: its number in keys and its word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Index {
    pub code: u16,
    pub name: &'static str,
}

/// A key (or the beginning of one) of an index.
#[derive(Clone, Debug)]
pub struct Key(Vec<u8>);

/// Most keys are no longer than this many bytes.
const USUAL: usize = 56;

impl Default for Key {
    fn default() -> Self {
        Self(Vec::with_capacity(USUAL))
    }
}

impl Key {
    /// The empty key: everything in the index.
    pub fn all() -> Self {
        Self::default()
    }

    /// Adds a text as one whole part.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        self.0.extend(text.bytes().filter(|b| *b != 0));
        self.0.push(0);
        self
    }

    /// Adds the beginning of a text (only as the last part of a search).
    #[must_use]
    pub fn prefix(mut self, text: &str) -> Self {
        self.0.extend(text.bytes().filter(|b| *b != 0));
        self
    }

    /// Adds an id.
    #[must_use]
    pub fn id(mut self, id: impl RecordId) -> Self {
        self.0.extend_from_slice(&id.bytes());
        self
    }

    /// Adds a SHA-256, as its bytes.
    #[must_use]
    pub fn digest(mut self, sha256: &[u8; 32]) -> Self {
        self.0.extend_from_slice(sha256);
        self
    }

    /// Adds a number.
    #[must_use]
    pub fn number(mut self, number: u64) -> Self {
        self.0.extend_from_slice(&number.to_be_bytes());
        self
    }

    /// Adds an instant in milliseconds; earlier sorts first.
    #[must_use]
    pub fn instant(self, at: almoner_core::time::Timestamp) -> Self {
        self.number(sortable(at.timestamp_millis()))
    }

    /// Adds an instant; later sorts first, for what is looked at from its newest end.
    #[must_use]
    pub fn newest(self, at: almoner_core::time::Timestamp) -> Self {
        self.number(!sortable(at.timestamp_millis()))
    }

    /// The [`Key::newest`] instant with which the rest of a row's key begins.
    pub fn newest_of(rest: &[u8]) -> Option<almoner_core::time::Timestamp> {
        let number = !u64::from_be_bytes(*rest.first_chunk::<8>()?) ^ (1 << 63);
        chrono::DateTime::from_timestamp_millis(number.cast_signed())
    }

    /// Adds one byte.
    #[must_use]
    pub fn byte(mut self, byte: u8) -> Self {
        self.0.push(byte);
        self
    }

    /// The instant with which the rest of a row's key begins.
    pub fn instant_of(rest: &[u8]) -> Option<almoner_core::time::Timestamp> {
        let number = u64::from_be_bytes(*rest.first_chunk::<8>()?) ^ (1 << 63);
        chrono::DateTime::from_timestamp_millis(number.cast_signed())
    }

    /// Adds a day; earlier sorts first.
    #[must_use]
    pub fn day(self, day: NaiveDate) -> Self {
        self.number(sortable(day.num_days_from_ce().into()))
    }

    /// Adds bytes as they are: a part of which all keys of the index have the same length, or end it.
    #[must_use]
    pub fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.extend_from_slice(bytes);
        self
    }

    /// Adds all parts of another key.
    #[must_use]
    pub fn then(self, rest: &Self) -> Self {
        self.bytes(&rest.0)
    }

    /// Adds a short sum of texts that are only ever asked for whole: so many bytes of their SHA-256.
    /// Twelve are unlike for unlike texts, whoever chooses them.
    #[must_use]
    pub fn sum<const BYTES: usize>(self, texts: &[&str]) -> Self {
        let mut context = ring::digest::Context::new(&ring::digest::SHA256);
        for text in texts {
            context.update(&(text.len() as u64).to_be_bytes());
            context.update(text.as_bytes());
        }
        let digest = context.finish();
        self.bytes(digest.as_ref().first_chunk::<BYTES>().map_or(&[], |some| some))
    }

    pub(crate) fn count_under(&self, index: Index) -> Vec<u8> {
        let mut row = COUNTS.to_vec();
        row.extend(self.under(index));
        row
    }

    pub(crate) fn under(&self, index: Index) -> Vec<u8> {
        let mut row = Vec::with_capacity(2 + self.0.len() + 16);
        row.extend_from_slice(&index.code.to_be_bytes());
        row.extend_from_slice(&self.0);
        row
    }
}

/// Before the rows that count keys; no index has this number.
const COUNTS: [u8; 2] = [0xFF; 2];

/// The index rows of one record, as it names them.
pub struct Keys {
    id: [u8; 16],
    zone: Zone,
    rows: Vec<Vec<u8>>,
    counted: Vec<Vec<u8>>,
}

impl Keys {
    pub(crate) fn new(id: [u8; 16], zone: Zone) -> Self {
        Self { id, zone, rows: Vec::new(), counted: Vec::new() }
    }

    /// The clinic's time zone: which instant a source's local time is. When it changes, the index is
    /// built anew.
    pub fn zone(&self) -> Zone {
        self.zone
    }

    /// The record shall be found under this key.
    pub fn add(&mut self, index: Index, key: Key) {
        let mut row = key.under(index);
        row.extend_from_slice(&self.id);
        self.rows.push(row);
    }

    /// The same, and how many records stand under this key is kept beside them: for numbers that
    /// every page shows.
    pub fn add_counted(&mut self, index: Index, key: Key) {
        self.counted.push(key.count_under(index));
        self.add(index, key);
    }

    /// The rows, and the keys of the counts that this record adds one to.
    pub(crate) fn into_rows(mut self) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
        for list in [&mut self.rows, &mut self.counted] {
            list.sort();
            list.dedup();
        }
        (self.rows, self.counted)
    }
}

/// A signed number as an unsigned one in the same order.
pub(crate) fn sortable(number: i64) -> u64 {
    number.cast_unsigned() ^ (1 << 63)
}
