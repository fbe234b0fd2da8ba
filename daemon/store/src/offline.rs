//! A look into a store that no daemon has open: what restoring a backup must know of it. Nothing of
//! a patient comes out: keys, counts and instants of the trail.

use crate::backup::{self, Identity};
use crate::engine::{Snapshot, broken};
use crate::keys::KeyRing;
use crate::sealed::{self, SealedError};
use crate::tables::Table;
use crate::trail;
use crate::unit::View;
use almoner_core::fault::{Fault, Outcome};
use almoner_trail::{Entry, VerifierKey};
use std::collections::BTreeSet;
use std::path::Path;

/// Cache for a store that is only looked at, in bytes.
const CACHE: usize = 16 << 20;

/// What a closed store tells.
#[derive(Debug)]
pub struct Closed {
    /// Verifies this store's checkpoints and backup manifests.
    pub key: VerifierKey,
    /// Number of entries in its trail.
    pub entries: u64,
    /// When its last entry was written, RFC 3339 in UTC.
    pub last: Option<String>,
    identity: Option<[u8; 32]>,
    since: Since,
}

/// What a trail has from one entry on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Since {
    /// Entries that changed a record.
    pub changes: u64,
    /// Different people who made them.
    pub people: u64,
}

/// Opens the store at `path` and looks; what stands on its trail from entry `from` on is counted.
/// Fails with [`SealedError`] inside the fault when it can't be opened.
pub fn look(path: &Path, keys: &KeyRing, from: u64) -> Outcome<Closed> {
    let unsealed = sealed::open(path, keys, CACHE).map_err(|cause: SealedError| broken(cause))?;
    let snapshot = Snapshot::take(&unsealed.database)?;
    let view = View::Snapshot(&snapshot);
    let key = trail::signer(&view)?.verifier_key().clone();
    let identity = snapshot.get(Table::Meta, trail::APPLIANCE.as_bytes())?;
    let identity = identity.and_then(|bytes| <[u8; 32]>::try_from(bytes.as_slice()).ok());
    let entries = trail::head(&view)?.size();
    let (mut last, mut tally) = (None, Tally::default());
    let first = from.min(entries.saturating_sub(1));
    snapshot.scan(Table::Trail, &first.to_be_bytes(), None, &mut |_, bytes| {
        if let Ok(entry) = Entry::parse(&trail::canonical(bytes)?) {
            if entry.seq >= from {
                tally.count(&entry);
            }
            last = Some(entry.at);
        }
        Ok(true)
    })?;
    Ok(Closed { key, entries, last, identity, since: tally.since() })
}

/// Counts changes and the people who made them, entry by entry.
#[derive(Debug, Default)]
pub struct Tally {
    changes: u64,
    people: BTreeSet<String>,
}

impl Tally {
    /// Takes one entry into account.
    pub fn count(&mut self, entry: &Entry) {
        if entry.records.iter().any(|record| record.digest.is_some()) {
            self.changes += 1;
            if entry.actor.kind == "staff" {
                self.people.insert(entry.actor.id.clone());
            }
        }
    }

    /// What was counted so far.
    pub fn since(&self) -> Since {
        Since { changes: self.changes, people: self.people.len() as u64 }
    }
}

impl Closed {
    /// The identity that reads the appliance's own backups.
    pub fn identity(&self) -> Outcome<Identity> {
        let secret = self.identity.as_ref().ok_or_else(|| {
            Fault::broken("the store has no key for its backups: use the recovery key")
        })?;
        backup::identity_from_bytes(secret).map_err(broken)
    }

    /// What its trail has from the entry on that was asked for.
    pub fn since(&self) -> Since {
        self.since
    }
}
