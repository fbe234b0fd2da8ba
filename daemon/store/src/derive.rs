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
#[derive(Clone, Debug, Default)]
pub struct Key(Vec<u8>);

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

    pub(crate) fn under(&self, index: Index) -> Vec<u8> {
        let mut row = index.code.to_be_bytes().to_vec();
        row.extend_from_slice(&self.0);
        row
    }
}

/// The index rows of one record, as it names them.
pub struct Keys {
    id: [u8; 16],
    zone: Zone,
    rows: Vec<Vec<u8>>,
}

impl Keys {
    pub(crate) fn new(id: [u8; 16], zone: Zone) -> Self {
        Self { id, zone, rows: Vec::new() }
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

    pub(crate) fn into_rows(mut self) -> Vec<Vec<u8>> {
        self.rows.sort();
        self.rows.dedup();
        self.rows
    }
}

/// A signed number as an unsigned one in the same order.
pub(crate) fn sortable(number: i64) -> u64 {
    number.cast_unsigned() ^ (1 << 63)
}
