//! The sealed store: everything below redb, so that the file on disk tells a thief nothing and a
//! changed byte never becomes a wrong row.
//!
//! redb sees an ordinary file of 4 KiB pages. Below it each page is sealed with AES-256-GCM, and
//! the file is laid out so that a power cut at any moment leaves a state that opens by itself:
//! what describes the pages (nonces and tags, redb's header) is never overwritten in place, but
//! alternates between two places, of which one is always whole and durable. See `layout` for the
//! map of the file, `vault` for the order of writes, `open` for the two-step open.
//!
//! Part of the file put back from an earlier copy, or lost by a disk that lies about syncs, is found
//! where one of the 330 regions changed last (165 MiB) or a header is concerned, see `tags`. Not
//! promised: putting back the whole file is not seen here, only by the audit trail's checkpoints
//! kept elsewhere.

mod backend;
mod cipher;
mod error;
mod header;
mod layout;
mod open;
mod rekey;
mod tags;
mod vault;

pub use error::{Damage, SealedError, damage_in, is_damage};
pub use open::{
    Opened, Storage, Unsealed, create, create_on, open, open_memory, open_on, pages_on,
};
pub use rekey::rekey;
pub use vault::{Gauge, REKEY_DUE, REKEY_FORCED, Sealed};
