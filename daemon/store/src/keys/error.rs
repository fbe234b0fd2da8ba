//! What can be wrong with a key: each case has its own name, because each needs another action.

use super::Slot;
use std::fmt;

/// Why a store could not be unlocked or its key slots not be changed.
#[derive(Debug)]
pub enum KeyError {
    /// The key given for this slot is not the one the slot was made with.
    WrongKey(Slot),
    /// None of the keys given belongs to an occupied slot of this file.
    NoSuchSlot(Slot),
    /// No key was given at all.
    NoKey,
    /// The file holds key slots, but both copies fail their checksum.
    Damaged,
    /// The file does not start like a store of ours.
    NotAStore,
    /// The key slots were written by a newer version; the number is its format.
    NewerFormat(u8),
    /// Dropping this slot would leave no slot that the keys at hand can open.
    LastSlot(Slot),
    /// The key file holds this number of bytes instead of 32.
    KeyFileLength(usize),
    /// The operating system gave no random bytes.
    NoRandomness,
    /// The storage below failed.
    Io(std::io::Error),
}

/// Why a typed recovery key was not accepted. Groups count from 1, as a person does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecoveryKeyError {
    /// The text has this number of letters and digits instead of 64, and no group stands out.
    Length(usize),
    /// This group has this number of letters and digits instead of 8.
    GroupLength { group: usize, found: usize },
    /// This group holds a sign that no recovery key has.
    Sign { group: usize, sign: char },
    /// This group's own checksum does not fit: it is mistyped, or stands in the wrong place.
    Checksum { group: usize },
}

impl fmt::Display for KeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WrongKey(slot) => write!(
                f,
                "the {slot} key does not open this store. Check that key and store belong \
                 together, or use the recovery key"
            ),
            Self::NoSuchSlot(slot) => write!(
                f,
                "this store has no slot for a {slot} key. Use another key, then enroll this one"
            ),
            Self::NoKey => f.write_str("no key was given. Name a key file or the recovery key"),
            Self::Damaged => f.write_str(
                "both copies of the store's key slots are damaged. Restore the newest backup",
            ),
            Self::NotAStore => {
                f.write_str("the file is not an Almoner store. Check the path to the store")
            }
            Self::NewerFormat(format) => write!(
                f,
                "the store has format {format}, made by a newer version. Update Almoner and retry"
            ),
            Self::LastSlot(slot) => write!(
                f,
                "the {slot} slot was kept: no other slot opens with the keys given. Enroll or \
                 present another key first"
            ),
            Self::KeyFileLength(found) => {
                write!(f, "the key file holds {found} bytes, not 32. Name the right key file")
            }
            Self::NoRandomness => {
                f.write_str("the system gave no random numbers. Restart the machine and retry")
            }
            Self::Io(error) => write!(f, "the store's keys could not be read or written: {error}"),
        }
    }
}

impl std::error::Error for KeyError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io(error) => Some(error),
            _ => None,
        }
    }
}

impl From<std::io::Error> for KeyError {
    fn from(error: std::io::Error) -> Self {
        Self::Io(error)
    }
}

impl fmt::Display for RecoveryKeyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Length(found) => write!(
                f,
                "the recovery key has {found} letters and digits, not 64. Type all 8 groups of 8"
            ),
            Self::GroupLength { group, found } => write!(
                f,
                "group {group} of the recovery key has {found} letters and digits, not 8. Type it \
                 again"
            ),
            Self::Sign { group, sign } => write!(
                f,
                "group {group} of the recovery key holds '{sign}', which no key has. Type it again"
            ),
            Self::Checksum { group } => write!(
                f,
                "group {group} of the recovery key is mistyped or in the wrong place. Compare it \
                 with the paper"
            ),
        }
    }
}

impl std::error::Error for RecoveryKeyError {}
