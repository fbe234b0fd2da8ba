//! The tables of the store, all of them, on one screen. Every table maps bytes to bytes.
//!
//! | table | key | value |
//! |---|---|---|
//! | `records` | kind (2), id (16) | row ([`crate::codec`]) |
//! | `index` | index (2), key, id (16) | empty |
//! | `loops` | side (1) … ([`crate::loops`]) | loop, its owner, or a count |
//! | `history` | kind (2), id (16), version (4) | the row that stood before |
//! | `trail` | sequence (8) | canonical entry |
//! | `trail_hashes` | level (1), index (8) | hash |
//! | `trail_patients` | patient (16), sequence (8) | empty |
//! | `reasons` | sequence (8) | salt and words of a reason |
//! | `checkpoints` | size (8) | signed note |
//! | `blobs` | SHA-256 (32), chunk (4) | compressed piece |
//! | `meta` | name | small values: schema, keys, fingerprints |

use redb::TableDefinition;

pub(crate) type Def = TableDefinition<'static, &'static [u8], &'static [u8]>;

/// One table of the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Table {
    Records,
    Index,
    Loops,
    History,
    Trail,
    TrailHashes,
    TrailPatients,
    Reasons,
    Checkpoints,
    Blobs,
    Meta,
}

impl Table {
    pub(crate) const ALL: [Self; 11] = [
        Self::Records,
        Self::Index,
        Self::Loops,
        Self::History,
        Self::Trail,
        Self::TrailHashes,
        Self::TrailPatients,
        Self::Reasons,
        Self::Checkpoints,
        Self::Blobs,
        Self::Meta,
    ];

    /// Its name in the file and in backups.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Records => "records",
            Self::Index => "index",
            Self::Loops => "loops",
            Self::History => "history",
            Self::Trail => "trail",
            Self::TrailHashes => "trail_hashes",
            Self::TrailPatients => "trail_patients",
            Self::Reasons => "reasons",
            Self::Checkpoints => "checkpoints",
            Self::Blobs => "blobs",
            Self::Meta => "meta",
        }
    }

    pub(crate) fn definition(self) -> Def {
        TableDefinition::new(self.name())
    }

    /// The table of this name.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|table| table.name() == name)
    }
}
