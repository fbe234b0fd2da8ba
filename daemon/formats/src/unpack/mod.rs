//! Opens zip and gzip without trusting them: bounded in entries, size and ratio; names are labels,
//! never paths; what an honest exporter does not write is refused whole.

mod gzip;
mod zip;

pub use gzip::gunzip;
pub use zip::Zip;

use almoner_core::export::{Problem, Severity};
use std::io::Read;

/// What an archive may demand (design: limits on imports).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            entries: 10_000,
            inflated_bytes: 2 * 1024 * 1024 * 1024,
            ratio: 100,
            ratio_from_bytes: 1024 * 1024,
            depth: 2,
        }
    }
}

/// What is left of the bytes that one dropped file may grow to.
#[derive(Debug)]
pub struct Budget {
    limits: Limits,
    left: u64,
}

impl Budget {
    /// A whole budget.
    pub fn new(limits: Limits) -> Self {
        Self { limits, left: limits.inflated_bytes }
    }

    /// Reads a stream to its end, or until a limit is passed. `packed` is its length in bytes as
    /// it came.
    fn inflate(&mut self, mut stream: impl Read, packed: u64) -> Result<Vec<u8>, Spill> {
        let mut out = Vec::new();
        let mut buffer = vec![0; 64 * 1024];
        loop {
            let count = match stream.read(&mut buffer) {
                Ok(0) => return Ok(out),
                Ok(count) => count,
                Err(fault) if fault.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(_) => return Err(Spill::Damaged),
            };
            self.left = self.left.checked_sub(count as u64).ok_or(Spill::TooLarge)?;
            out.extend_from_slice(buffer.get(..count).unwrap_or_default());
            let len = out.len() as u64;
            let allowed = packed.max(1).saturating_mul(self.limits.ratio);
            if len > self.limits.ratio_from_bytes && len > allowed {
                return Err(Spill::Ratio);
            }
        }
    }
}

/// Why a stream was not read to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Spill {
    Damaged,
    TooLarge,
    Ratio,
}

impl Spill {
    fn problem(self, format: &str) -> Problem {
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

fn error(code: &str, message: &str) -> Problem {
    Problem::new(Severity::Error, "file", code, message)
}
