//! The sealed store: everything below redb, so that the file on disk tells a thief nothing and a
//! changed byte never becomes a wrong row.
//!
//! redb sees an ordinary file of 4 KiB pages. Below it each page is sealed with AES-256-GCM, and
//! the file is laid out so that a power cut at any moment leaves a state that opens by itself:
//! what describes the pages (nonces and tags, redb's header) is never overwritten in place, but
//! alternates between two places, of which one is always whole and durable. See `layout` for the
//! map of the file, `vault` for the order of writes, `open` for the two-step open.
//!
//! Not promised: putting back an older copy of the whole file, or of a whole region with its tag
//! blocks, is not seen here; the audit trail's checkpoints kept elsewhere show the first, redb's
//! integrity check the second.

mod backend;
mod cipher;
mod error;
mod header;
mod layout;
mod open;
mod rekey;
mod tags;
mod vault;

pub use error::{Damage, SealedError, damage_in};
pub use open::{
    Opened, Storage, Unsealed, create, create_on, open, open_memory, open_on, pages_on,
};
pub use rekey::rekey;
pub use vault::{Gauge, REKEY_DUE, REKEY_FORCED, Sealed};
