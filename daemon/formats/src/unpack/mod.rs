//! Opens zip and gzip without trusting them: bounded in entries, size and ratio; names are labels,
//! never paths; what an honest exporter does not write is refused whole.

mod gzip;
mod zip;

pub(crate) use gzip::gunzip;
pub(crate) use zip::{Entry, Zip};

use crate::source::OPENING;
use almoner_core::export::{Problem, Severity};
use serde::{Deserialize, Serialize};
use std::io::Read;

/// What an archive may demand (design: limits on imports).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Entries of one archive.
    pub entries: usize,
    /// Bytes of everything that comes out of one dropped file.
    pub inflated_bytes: u64,
    /// Inflated bytes for each packed one, judged once [`Limits::ratio_from_bytes`] came out.
    pub ratio: u64,
    pub ratio_from_bytes: u64,
    /// Archives within archives: 2 allows a gzip within a zip.
    pub depth: usize,
    /// Bytes of a file that is read whole; a larger one is read piece by piece, where its format
    /// allows that.
    pub whole_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            entries: 10_000,
            inflated_bytes: 2 * 1024 * 1024 * 1024,
            ratio: 100,
            ratio_from_bytes: 1024 * 1024,
            depth: 2,
            whole_bytes: 64 * 1024 * 1024,
        }
    }
}

/// What is left of the bytes that one dropped file may grow to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    limits: Limits,
    left: u64,
}

impl Budget {
    /// A whole budget.
    pub(crate) fn new(limits: Limits) -> Self {
        Self { limits, left: limits.inflated_bytes }
    }

    /// A packed stream whose bytes are paid from this budget. `packed` is its length in bytes as it
    /// came.
    pub(crate) fn meter<R: Read>(&mut self, stream: R, packed: u64) -> Metered<'_, R> {
        Metered { budget: self, stream, packed, out: 0 }
    }
}

/// A stream that ends with a fault once a limit is passed.
pub(crate) struct Metered<'b, R> {
    budget: &'b mut Budget,
    stream: R,
    packed: u64,
    out: u64,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = match self.stream.read(into) {
            Err(fault) if fault.kind() == std::io::ErrorKind::Interrupted => return Err(fault),
            Err(_) => return Err(Spill::Damaged.into()),
            Ok(count) => count,
        };
        let Budget { limits, left } = &mut *self.budget;
        *left = left.checked_sub(count as u64).ok_or(Spill::TooLarge)?;
        self.out += count as u64;
        let allowed = self.packed.max(1).saturating_mul(limits.ratio);
        if self.out > limits.ratio_from_bytes && self.out > allowed {
            return Err(Spill::Ratio.into());
        }
        Ok(count)
    }
}

/// What was taken of a stream.
pub(crate) enum Taken {
    Whole(Vec<u8>),
    /// The beginning of what is longer.
    Large(Vec<u8>),
}

/// Reads a stream to its end, if that comes within so many bytes.
pub(crate) fn take(mut bytes: impl Read, most: u64) -> Result<Taken, Spill> {
    let mut taken = Vec::new();
    let mut read = |taken: &mut Vec<u8>, most: u64| {
        bytes.by_ref().take(most).read_to_end(taken).map_err(|fault| Spill::of(&fault))
    };
    read(&mut taken, OPENING as u64)?;
    // The beginning is enough of what turns out to be long: it need not be kept.
    let left = most.saturating_sub(taken.len() as u64);
    let opening = taken.len();
    read(&mut taken, left.saturating_add(1))?;
    if taken.len() as u64 <= most {
        return Ok(Taken::Whole(taken));
    }
    taken.truncate(opening.max(1));
    Ok(Taken::Large(taken))
}

/// Reads a stream to its end and lets go of it.
pub(crate) fn drain(mut bytes: impl Read) -> Result<(), Spill> {
    std::io::copy(&mut bytes, &mut std::io::sink()).map(|_| ()).map_err(|fault| Spill::of(&fault))
}

/// Why a stream was not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Spill {
    Damaged,
    TooLarge,
    Ratio,
}

impl std::fmt::Display for Spill {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl std::error::Error for Spill {}

impl From<Spill> for std::io::Error {
    fn from(spill: Spill) -> Self {
        Self::other(spill)
    }
}

impl Spill {
    /// Why reading a metered stream ended.
    pub(crate) fn of(fault: &std::io::Error) -> Self {
        let inner = fault.get_ref().and_then(|inner| inner.downcast_ref::<Self>());
        inner.copied().unwrap_or(Self::Damaged)
    }

    pub(crate) fn problem(self, format: &str) -> Problem {
        match self {
            Self::Damaged => error(
                &format!("{format}_damaged"),
                "The archive is damaged or cut off. Ask the sender for it again.",
            ),
            Self::TooLarge => error(
                "archive_too_large",
                "What the archive holds is larger than allowed. Unpack it and drop its parts one \
                 after the other.",
            ),
            Self::Ratio => error(
                "archive_ratio",
                "The archive grows more than any health record does, as attacks do; it was \
                 refused. If you trust the sender, unpack it yourself and drop what it holds.",
            ),
        }
    }
}

/// The refusal of an archive within too many others.
pub(crate) fn too_deep() -> Problem {
    error(
        "archive_too_deep",
        "The archive holds archives within archives. Unpack the outer one and drop what it holds.",
    )
}

/// A file of an archive that can't be had.
pub(crate) fn damaged_member() -> Problem {
    error(
        "member_damaged",
        "This file of the archive is damaged, or packed in a way that is not read. Unpack it \
         yourself and drop it again, or ask the sender for it.",
    )
}

fn error(code: &str, message: &str) -> Problem {
    Problem::new(Severity::Error, "file", code, message)
}
