//! Names of records: 128-bit ids, one type per kind of record, so that a task's id can't be taken
//! for a patient's.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// What every id type can do.
pub trait RecordId: Copy + Eq + Ord + std::hash::Hash + Send + Sync + 'static {
    /// The id as 16 bytes, the form of its key in the store.
    fn bytes(self) -> [u8; 16];
    /// The id with these bytes.
    fn from_bytes(bytes: [u8; 16]) -> Self;
}

/// Makes an id type over a random 128-bit number, shown as 32 hexadecimal digits with hyphens.
#[macro_export]
macro_rules! record_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            serde::Serialize, serde::Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub $crate::ids::RawId);

        impl $name {
            /// A new random id.
            pub fn random() -> Self {
                Self($crate::ids::RawId::random())
            }
            /// A new id that stands near those made about the same time.
            pub fn near(at: $crate::time::Timestamp) -> Self {
                Self($crate::ids::RawId::near(at))
            }
            /// Reads an id as shown; `None` when it is none.
            pub fn parse(text: &str) -> Option<Self> {
                $crate::ids::RawId::parse(text).map(Self)
            }
        }
        impl $crate::ids::RecordId for $name {
            fn bytes(self) -> [u8; 16] {
                self.0.bytes()
            }
            fn from_bytes(bytes: [u8; 16]) -> Self {
                Self($crate::ids::RawId::from_bytes(bytes))
            }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
        impl std::str::FromStr for $name {
            type Err = ();
            fn from_str(text: &str) -> Result<Self, ()> {
                Self::parse(text).ok_or(())
            }
        }
    };
}

/// An id whose kind is not known here: the trail and the indexes use it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RawId(Uuid);

impl RawId {
    /// A new random id (UUID version 4: tells nothing about its time or its neighbours).
    pub fn random() -> Self {
        Self(Uuid::new_v4())
    }
    /// A new id that begins with its time (UUID version 7, RFC 9562 section 5.7): what is saved
    /// together stands together, and fills its pages. For kinds of which there are very many.
    pub fn near(at: Timestamp) -> Self {
        let (random, millis) = (Uuid::new_v4().into_bytes(), at.timestamp_millis().max(0));
        // Where version 4 has its own marks, version 7 has its.
        let random = random.last_chunk().unwrap_or(&[0; 10]);
        Self(uuid::Builder::from_unix_timestamp_millis(millis.unsigned_abs(), random).into_uuid())
    }
    /// Reads `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx`.
    pub fn parse(text: &str) -> Option<Self> {
        (text.len() == 36).then(|| Uuid::parse_str(text).ok()).flatten().map(Self)
    }
    /// The 16 bytes of the id.
    pub fn bytes(self) -> [u8; 16] {
        self.0.into_bytes()
    }
    /// The id with these bytes.
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(Uuid::from_bytes(bytes))
    }
    /// An id drawn from a keyed digest: the same place of the same file gets the same id again.
    pub fn derived(mut digest: [u8; 16]) -> Self {
        digest[6] = (digest[6] & 0x0f) | 0x80; // RFC 9562 version 8
        digest[8] = (digest[8] & 0x3f) | 0x80;
        Self(Uuid::from_bytes(digest))
    }
}

impl std::fmt::Display for RawId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.hyphenated().fmt(f)
    }
}

impl std::fmt::Debug for RawId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        std::fmt::Display::fmt(self, f)
    }
}

record_id!(
    /// A patient (FHIR `Patient`).
    PatientId
);
record_id!(
    /// Somebody of the clinic who signs in.
    StaffId
);
record_id!(
    /// A file that was dropped into the intake folder.
    FileId
);
record_id!(
    /// A chart fact.
    FactId
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_ids_begin_with_their_time_and_differ() {
        let at = |millis| chrono::DateTime::from_timestamp_millis(millis).unwrap();
        let (early, late) =
            (RawId::near(at(1_790_000_000_000)), RawId::near(at(1_790_000_000_001)));
        assert!(early < late);
        assert_eq!(early.bytes()[..6], 1_790_000_000_000_u64.to_be_bytes()[2..]);
        assert_eq!(early.0.get_version_num(), 7);
        assert_eq!(early.0.get_variant(), uuid::Variant::RFC4122);
        assert_ne!(RawId::near(at(0)), RawId::near(at(0)));
        assert_eq!(RawId::near(at(-1)).bytes()[..6], [0; 6], "before 1970 is the beginning");
    }
}
