//! The trail's arithmetic: what one audit entry looks like as bytes, how entries become a Merkle
//! tree, how a tree head is signed, and how an exported trail is checked by somebody who holds
//! nothing but the clinic's public key.
//!
//! Pure: no store, no clock, no random numbers, no files. Bytes come in through readers and go out
//! through writers.
//!
//! Formats, none of them ours where a public one exists:
//! - Merkle tree and proofs: RFC 6962 section 2.1, verification as RFC 9162 sections 2.1.3.2 and
//!   2.1.4.2, SHA-256.
//! - Signed notes: C2SP signed-note, signature type `0x01` (Ed25519, RFC 8032).
//! - Checkpoints: C2SP tlog-checkpoint. Stored hashes: the 256-wide levels of C2SP tlog-tiles.
//! - Entries: JSON in the canonical form of RFC 8785, integers only ([`entry`]).
//!
//! The writer's path, in order: [`Entry::canonical`] → [`leaf_hash`] → [`Range::append`] (store the
//! hashes it yields) → from time to time [`Checkpoint::sign`].
#![warn(missing_docs)]

pub mod checkpoint;
pub mod entry;
pub mod export;
pub mod hash;
pub mod note;
pub mod proof;
pub mod range;
pub mod tiles;
pub mod verify;

pub use checkpoint::Checkpoint;
pub use entry::{Actor, Detail, Entry, EntryError, RecordRef, reason_commitment};
pub use hash::{Hash, digest, empty_root, leaf_hash, node_hash};
pub use note::{Note, NoteError, NoteSigner, VerifierKey};
pub use proof::{consistency, inclusion, verify_consistency, verify_inclusion};
pub use range::{Range, RangeError};
pub use tiles::{MemoryTiles, StoredHash, TileSource, TreeError, range_at, root_at};
