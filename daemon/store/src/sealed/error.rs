//! What can be wrong with a sealed file, and how to recognise it again after it went through redb.

use super::layout::pages_of;
use crate::keys::KeyError;
use redb::{CommitError, DatabaseError, StorageError, TableError, TransactionError};
use std::fmt;
use std::io;

/// Damage found in the file, or a limit reached: carried inside an [`io::Error`] through redb.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Damage {
    /// The bytes of this logical page are not what was written.
    Page(u64),
    /// The disk reported an error when this logical page, or one shortly after it, was read.
    Unreadable(u64),
    /// This logical page was asked for but never written, as far as its tag block tells.
    Unwritten(u64),
    /// Both tag blocks of this region are unreadable, so all its pages are.
    TagBlocks(u64),
    /// The pages of this region are of another time than the header: the disk lost writes it had
    /// acknowledged, or a part of the file was put back from an earlier copy.
    Untimely(u64),
    /// Both header slots are unreadable.
    Header,
    /// The file is shorter than it was: pages it had, pages it has.
    Truncated { had: u64, has: u64 },
    /// Not damage: so much was written under this data key that it must be replaced.
    RekeyDue,
}

/// Why a sealed store could not be made or opened.
#[derive(Debug)]
pub enum SealedError {
    /// The keys do not open it.
    Key(KeyError),
    /// The file is damaged in a way that no committed state survives whole.
    Damaged(Damage),
    /// Another process has the store open.
    InUse,
    /// A store must not be made over an existing file.
    Exists,
    /// The file system failed.
    Io(io::Error),
    /// redb refused the (authentic) content.
    Database(DatabaseError),
}

impl Damage {
    /// Whether the lenient second step of the open may help: only where pages or tag blocks
    /// fail, which redb can find to be unused.
    pub(super) fn may_be_unused(self) -> bool {
        matches!(self, Self::Page(_) | Self::Unwritten(_) | Self::TagBlocks(_) | Self::Untimely(_))
    }
}

/// The damage that an error of redb carries, if that is what it is.
pub fn damage_in(error: &StorageError) -> Option<Damage> {
    match error {
        StorageError::Io(error) => damage_in_io(error),
        _ => None,
    }
}

/// Whether a fault says that what is on the disk is not what was written: wherever in redb or in
/// the sealed file it was found.
pub fn is_damage(fault: &(dyn std::error::Error + 'static)) -> bool {
    let storage = |error: &StorageError| {
        damage_in(error).is_some_and(|damage| damage != Damage::RekeyDue)
            || matches!(error, StorageError::Corrupted(_))
    };
    if let Some(error) = fault.downcast_ref::<SealedError>() {
        return matches!(error, SealedError::Damaged(_) | SealedError::Database(_));
    }
    if let Some(TableError::Storage(error)) = fault.downcast_ref::<TableError>() {
        return storage(error);
    }
    if let Some(TransactionError::Storage(error)) = fault.downcast_ref::<TransactionError>() {
        return storage(error);
    }
    if let Some(CommitError::Storage(error)) = fault.downcast_ref::<CommitError>() {
        return storage(error);
    }
    fault.downcast_ref::<StorageError>().is_some_and(storage)
}

pub(super) fn damage_in_io(error: &io::Error) -> Option<Damage> {
    error.get_ref()?.downcast_ref::<Damage>().copied()
}

impl From<Damage> for io::Error {
    fn from(damage: Damage) -> Self {
        let kind = match damage {
            Damage::RekeyDue => io::ErrorKind::QuotaExceeded,
            _ => io::ErrorKind::InvalidData,
        };
        Self::new(kind, damage)
    }
}

impl From<DatabaseError> for SealedError {
    fn from(error: DatabaseError) -> Self {
        match error {
            DatabaseError::DatabaseAlreadyOpen => Self::InUse,
            DatabaseError::Storage(StorageError::Io(error)) => Self::from(error),
            other => Self::Database(other),
        }
    }
}

impl From<io::Error> for SealedError {
    fn from(error: io::Error) -> Self {
        match (damage_in_io(&error), error.kind()) {
            (Some(damage), _) => Self::Damaged(damage),
            (None, io::ErrorKind::AlreadyExists) => Self::Exists,
            (None, _) => Self::Io(error),
        }
    }
}

impl From<KeyError> for SealedError {
    fn from(error: KeyError) -> Self {
        Self::Key(error)
    }
}

impl std::error::Error for Damage {}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Page(page) => write!(
                f,
                "page {page} of the store failed authentication: its bytes were changed on disk. \
                 Restore the newest backup"
            ),
            Self::Unreadable(page) => write!(
                f,
                "page {page} of the store, or one shortly after it, can't be read: the disk \
                 reports an error. Restore the newest backup and replace the disk"
            ),
            Self::Unwritten(page) => write!(
                f,
                "page {page} of the store was read but never written: its tag block is from an \
                 earlier time. Restore the newest backup"
            ),
            Self::TagBlocks(region) => {
                let (first, last) = pages_of(*region);
                write!(
                    f,
                    "pages {first} to {last} of the store are unreadable: both their tag blocks \
                     failed authentication. Restore the newest backup"
                )
            }
            Self::Untimely(region) => {
                let (first, last) = pages_of(*region);
                write!(
                    f,
                    "pages {first} to {last} of the store are of another time than the rest: the \
                     disk lost writes it had confirmed, or part of the file was put back. Restore \
                     the newest backup and replace the disk"
                )
            }
            Self::Header => f.write_str(
                "page 0 of the store is unreadable: both header slots failed authentication. \
                 Restore the newest backup",
            ),
            Self::Truncated { had, has } => write!(
                f,
                "the store was cut from {had} to {has} pages outside Almoner: page {has} is \
                 missing. Restore the newest backup"
            ),
            Self::RekeyDue => f.write_str(
                "the store's data key has sealed as many pages as is safe; nothing more is \
                 written. Re-key the store",
            ),
        }
    }
}

impl std::error::Error for SealedError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Key(error) => Some(error),
            Self::Damaged(damage) => Some(damage),
            Self::Io(error) => Some(error),
            Self::Database(error) => Some(error),
            Self::InUse | Self::Exists => None,
        }
    }
}

impl fmt::Display for SealedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Key(error) => error.fmt(f),
            Self::Damaged(damage) => damage.fmt(f),
            Self::InUse => f.write_str(
                "the store is open in another process. Stop the service, or ask it instead",
            ),
            Self::Exists => {
                f.write_str("a file of this name is there already. Move it away, or open it")
            }
            Self::Io(error) => write!(f, "the store file could not be read or written: {error}"),
            Self::Database(error) => {
                write!(f, "the store's content was refused: {error}. Restore the newest backup")
            }
        }
    }
}
