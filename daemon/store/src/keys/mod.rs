//! The keys of the store: who may open the sealed file, and how a lost key is survived.
//!
//! The pages of a store are encrypted under one random data key (DEK). That key never lies on
//! disk bare: it is wrapped once for each *slot*, as LUKS does. Slot 0 is opened by the appliance
//! (a key file, or a systemd credential bound to the machine), slot 1 by the recovery key on
//! paper, slot 2 optionally by a second site. Any one slot opens the store; losing all is final.

mod error;
mod recovery;
mod secret;
mod slots;

pub use error::{KeyError, RecoveryKeyError};
pub use recovery::{GROUPS, RecoveryKey};
pub use secret::{Dek, Kek, KeyRing, Slot};
pub use slots::{FileId, KEY_PAGES, KeySlots, drop_slot, enroll, inspect};
