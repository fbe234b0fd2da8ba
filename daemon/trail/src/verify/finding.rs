//! What can be wrong with an exported trail, and at which entry.

use std::fmt;

use serde::Serialize;
use serde::ser::SerializeStruct;

use super::note_code;
use crate::note::NoteError;

/// The first bad place of an export.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// First entry that is, or may be, bad.
    pub first: u64,
    /// Index after the last entry that the finding is about: `first + 1` when the place is exact.
    pub until: u64,
    /// Entries `..proven` agree with a signed checkpoint; between `proven` and `first` nothing was
    /// signed yet.
    pub proven: u64,
    /// What is wrong there.
    pub what: What,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// The first line is no header of an export, or its numbers do not fit the file.
    Header,
    /// The header names another trail than the key.
    OtherTrail,
    /// The line is not an entry of the trail.
    NotAnEntry,
    /// An entry, but not as Almoner writes it: edited by hand or by a program.
    NotCanonical,
    /// Entries are gone; the next one there is `found`.
    Missing {
        /// Number of the entry that stands there instead.
        found: u64,
    },
    /// An entry stands here that does not belong here, before the right one.
    Inserted {
        /// Its number.
        found: u64,
    },
    /// Entries stand in another order than they were written.
    OutOfOrder {
        /// Number of the entry that stands here.
        found: u64,
    },
    /// The export ends before entries that a checkpoint or the header promises.
    Truncated {
        /// Number of entries promised.
        promised: u64,
    },
    /// The entries do not give the root that was signed: one of them was changed.
    RootDiffers {
        /// Size of the checkpoint.
        size: u64,
    },
    /// Two checkpoints of one size, both signed, with two roots: the trail was forked.
    Forked {
        /// Their size.
        size: u64,
    },
    /// This history holds by its own checkpoints but is not the one that an older checkpoint saw.
    HistoryRewritten {
        /// Size of the older checkpoint.
        size: u64,
    },
    /// Entries stand after the last checkpoint; nothing shows that they are true.
    Unsigned,
    /// A checkpoint of the export cannot be believed.
    Checkpoint {
        /// Which one in its file, from 1.
        number: u64,
        /// Why.
        error: NoteError,
    },
    /// Checkpoints stand in another order than they were signed.
    CheckpointOrder {
        /// Which one in its file, from 1.
        number: u64,
    },
    /// The older checkpoint given for comparison cannot be believed.
    OlderCheckpoint(NoteError),
}

impl Finding {
    /// A short word for programs.
    pub fn code(&self) -> &'static str {
        match self.what {
            What::Header => "header",
            What::OtherTrail => "other_origin",
            What::NotAnEntry => "not_an_entry",
            What::NotCanonical => "edited",
            What::Missing { .. } => "missing",
            What::Inserted { .. } => "inserted",
            What::OutOfOrder { .. } => "out_of_order",
            What::Truncated { .. } => "truncated",
            What::RootDiffers { .. } => "root_differs",
            What::Forked { .. } => "forked",
            What::HistoryRewritten { .. } => "history_rewritten",
            What::Unsigned => "unsigned",
            What::Checkpoint { error, .. } | What::OlderCheckpoint(error) => note_code(error),
            What::CheckpointOrder { .. } => "checkpoint_order",
        }
    }

    /// Which entries, in words.
    fn place(&self) -> String {
        match self.until.saturating_sub(self.first) {
            0 => format!("at entry {}", self.first),
            1 => format!("entry {}", self.first),
            _ => format!("one or more of entries {} to {}", self.first, self.until - 1),
        }
    }
}

impl What {
    /// Which word fits when entry `found` stands at `index` and is followed by entry `after`.
    pub(super) fn of_order(index: u64, found: u64, after: Option<u64>) -> Self {
        match after {
            _ if found < index && after == Some(index) => Self::Inserted { found },
            _ if found < index => Self::OutOfOrder { found },
            Some(after) if after == index || after == index + 1 => Self::OutOfOrder { found },
            _ => Self::Missing { found },
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, place) = (self.first, self.place());
        match self.what {
            What::Header => write!(out, "the header line does not fit the export ({place})"),
            What::OtherTrail => write!(out, "the export is of another trail than the key"),
            What::NotAnEntry => write!(out, "{place} is not an entry of a trail"),
            What::NotCanonical => {
                write!(out, "{place} was edited: its bytes are not as Almoner writes them")
            }
            What::Missing { found } => {
                write!(out, "entry {first} is missing: entry {found} stands in its place")
            }
            What::Inserted { found } => write!(
                out,
                "inserted at {first}: an entry numbered {found} stands before the right one"
            ),
            What::OutOfOrder { found } => {
                write!(out, "out of order at {first}: entry {found} stands there")
            }
            What::Truncated { promised } => write!(
                out,
                "truncated: the export ends before entry {first}, but {promised} entries are \
                 promised; only those before entry \
                 {} are proven",
                self.proven
            ),
            What::RootDiffers { size } => {
                write!(out, "{place} changed: they do not give the root signed at size {size}")
            }
            What::Forked { size } => {
                write!(out, "forked: two signed checkpoints of size {size} have different roots")
            }
            What::HistoryRewritten { size } => {
                write!(
                    out,
                    "history was rewritten: {place} differ from what the older \
                 checkpoint of size {size} saw"
                )
            }
            What::Unsigned => write!(out, "not signed: no checkpoint covers {place}"),
            What::Checkpoint { number, error } => {
                write!(out, "checkpoint {number} of the export: {error}")
            }
            What::CheckpointOrder { number } => {
                write!(out, "checkpoint {number} of the export is smaller than the one before it")
            }
            What::OlderCheckpoint(error) => write!(out, "the older checkpoint: {error}"),
        }
    }
}

impl Serialize for Finding {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Finding", 5)?;
        object.serialize_field("code", self.code())?;
        object.serialize_field("first", &self.first)?;
        object.serialize_field("until", &self.until)?;
        object.serialize_field("proven", &self.proven)?;
        object.serialize_field("message", &self.to_string())?;
        object.end()
    }
}
