//! Backups: one encrypted file that holds every row of the store, and a small signed note beside it
//! that says what is in it.
//!
//! # The file (`ID.backup`)
//! age v1 (X25519 recipients) over zstd over a plain stream of records, so that on the worst day
//! two public tools open it: `age -d -i KEY ID.backup | zstd -d`. The zstd stream is a row of
//! frames of at most [`FRAME`] bytes each: memory stays bounded whatever the size of the clinic.
//! Numbers are big-endian. The plain stream:
//!
//! | record | bytes |
//! |---|---|
//! | start | `almoner.backup/1\n`, then `A`, u32 length, [`About`] as JSON |
//! | small file | `F`, u16 length, name, u32 length, content |
//! | table begins | `T`, u16 length, name |
//! | row | `R`, u32 length of key, u32 length of value, key, value |
//! | table ends | `E`, u64 number of rows, SHA-256 over its rows (the bytes after each `R`) |
//! | end | `Z`, u32 length, [`Manifest`] as JSON |
//!
//! # The note (`ID.manifest`)
//! An [`Outside`] as one line of JSON, signed like the trail's checkpoints (C2SP signed-note): the
//! same manifest, and size and SHA-256 of the encrypted file. Whoever holds only the public key can
//! tell a damaged backup from a sound one; what is in the rows, only the recovery key or the
//! appliance's key can read.

mod archive;
mod folder;
mod identity;
mod reader;
mod single;

use std::fmt;
use std::io;

use almoner_trail::{Hash, NoteError};
use serde::{Deserialize, Serialize};

pub use age::x25519::{Identity, Recipient};
pub use archive::Archive;
pub use folder::{Made, Verified, create, list, read_manifest, verify};
pub use identity::{identity_from_bytes, recipient_from_text};
pub use reader::{ArchiveReader, Part};
pub use single::{decrypt, encrypt};

/// First bytes of the plain stream, and version of the format.
const START: &[u8] = b"almoner.backup/1\n";

/// Most plain bytes in one zstd frame.
const FRAME: usize = 4 << 20;

/// Longest key in a table, in bytes.
const MAX_KEY: usize = 64 << 10;

/// Longest value in a table, in bytes.
const MAX_VALUE: usize = 1 << 30;

/// Longest small file, and longest manifest, in bytes.
const MAX_FILE: usize = 16 << 20;

/// Longest name of a table or small file, in bytes.
const MAX_NAME: usize = 255;

/// What is known of a backup before its first row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// Version of the store's schema.
    pub schema: u32,
    /// Version of redb that wrote the store.
    pub redb: String,
    /// Version of Almoner.
    pub app: String,
    /// When the snapshot was taken, RFC 3339 in UTC.
    pub taken_at: String,
    /// The trail's signed checkpoint of the snapshot, a whole signed note.
    pub checkpoint: String,
}

/// Count and digest of one table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableSum {
    /// Name of the table.
    pub name: String,
    /// Number of rows.
    pub rows: u64,
    /// Bytes of keys and values.
    pub bytes: u64,
    /// SHA-256 over the rows as they stand in the plain stream.
    pub sha256: Hash,
}

/// Name and digest of one small file, such as the CA certificate or the configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSum {
    /// Name, without folders.
    pub name: String,
    /// Length in bytes.
    pub bytes: u64,
    /// SHA-256 of its content.
    pub sha256: Hash,
}

/// What a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// What was known before the first row.
    pub about: About,
    /// Tables in the order of the file.
    pub tables: Vec<TableSum>,
    /// Small files in the order of the file.
    pub files: Vec<FileSum>,
}

/// What stands beside a backup, signed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Outside {
    /// `almoner.backup.manifest/1`.
    pub schema: String,
    /// The backup's id: the first part of both file names.
    pub id: String,
    /// Length of the encrypted file, in bytes.
    pub bytes: u64,
    /// SHA-256 of the encrypted file.
    pub sha256: Hash,
    /// What the encrypted file holds.
    pub manifest: Manifest,
}

/// Why a backup could not be written, read or believed.
#[derive(Debug)]
pub enum BackupError {
    /// The disk said no.
    Io(io::Error),
    /// The file ends too early.
    Truncated,
    /// Bytes of the file were changed, or it was written wrongly; the place in words.
    Altered(String),
    /// No key that was given opens the file.
    WrongKey,
    /// The note beside the backup cannot be believed.
    Manifest(NoteError),
    /// Another version of the format.
    Format,
    /// The caller asked for something a backup cannot hold; what, in words.
    Refused(&'static str),
}

impl BackupError {
    /// Exit code of the command line: 9 integrity failure, 10 wrong key, 1 anything else.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Manifest(NoteError::OtherKey | NoteError::OtherOrigin) | Self::WrongKey => 10,
            Self::Truncated | Self::Altered(_) | Self::Manifest(_) => 9,
            Self::Io(_) | Self::Format | Self::Refused(_) => 1,
        }
    }

    /// A short word for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Io(_) => "backup_io",
            Self::Truncated => "backup_truncated",
            Self::Altered(_) => "backup_damaged",
            Self::WrongKey => "backup_wrong_key",
            Self::Manifest(NoteError::OtherKey | NoteError::OtherOrigin) => "manifest_other_key",
            Self::Manifest(_) => "manifest_damaged",
            Self::Format => "backup_format",
            Self::Refused(_) => "backup_refused",
        }
    }
}

impl fmt::Display for BackupError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(
                out,
                "the backup could not be written or read: {error}; check disk and mount"
            ),
            Self::Truncated => {
                write!(out, "the backup is cut off: use another backup, and make a new one")
            }
            Self::Altered(place) => {
                write!(
                    out,
                    "the backup is damaged ({place}): use another backup, and make a new one"
                )
            }
            Self::WrongKey => write!(
                out,
                "none of the keys given opens this backup: it was made for another \
                 appliance or recovery key"
            ),
            Self::Manifest(error) => write!(out, "the manifest beside the backup: {error}"),
            Self::Format => write!(
                out,
                "the backup is of a format this version does not know: use the version that made it"
            ),
            Self::Refused(what) => write!(out, "not a backup that can be made: {what}"),
        }
    }
}

impl std::error::Error for BackupError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            _ => None,
        }
    }
}

impl From<io::Error> for BackupError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

#[cfg(test)]
mod tests;
