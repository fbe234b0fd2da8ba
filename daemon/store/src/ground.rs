//! The ground under the desk: the opened database, and what becomes of it when the disk gives back
//! a page that is not what was written. redb refuses everything after the first failed read; so the
//! writer opens the file again, and only what stands on the damaged page stays out of reach. See
//! decision 0006.

use crate::engine::{Snapshot, broken};
use crate::sealed::{Damage, Gauge, SealedError, Unsealed};
use almoner_core::fault::{Fault, Outcome};
use redb::Database;
use std::sync::{Mutex, PoisonError, RwLock};

/// Opens the store's file again, as it was opened at the start.
pub type Reopen = Box<dyn Fn() -> Result<Unsealed, SealedError> + Send + Sync>;

/// What people should know of the store's file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Health {
    /// The first damage met since the start; from then on people's changes are refused.
    pub damage: Option<Damage>,
    /// So much was written under the data key that it should be replaced.
    pub rekey_due: bool,
}

/// The database with what is needed to open it again.
pub(crate) struct Ground {
    database: RwLock<Option<Database>>,
    gauge: Mutex<Option<Gauge>>,
    met: Mutex<Option<Damage>>,
    reopen: Option<Reopen>,
}

impl Health {
    /// What to say in `almoner status`; empty when all is well.
    pub fn warnings(self) -> Vec<String> {
        let damage = self.damage.map(|damage| {
            format!("{damage}. Until then charts can be read, what stands there can't, and changes are refused")
        });
        let rekey = self.rekey_due.then(|| "the store's data key is worn: re-key the store".into());
        damage.into_iter().chain(rekey).collect()
    }
}

impl Ground {
    /// A database that can't be opened again, and tells nothing of its file.
    pub(crate) fn bare(database: Database) -> Self {
        Self {
            database: RwLock::new(Some(database)),
            gauge: Mutex::new(None),
            met: Mutex::new(None),
            reopen: None,
        }
    }

    pub(crate) fn sealed(unsealed: Unsealed, reopen: Reopen) -> Self {
        let bare = Self::bare(unsealed.database);
        Self { gauge: Mutex::new(Some(unsealed.gauge)), reopen: Some(reopen), ..bare }
    }

    /// Works with the database as it stands.
    pub(crate) fn with<T>(&self, work: impl FnOnce(&Database) -> Outcome<T>) -> Outcome<T> {
        let database = self.database.read().unwrap_or_else(PoisonError::into_inner);
        work(database.as_ref().ok_or_else(|| Fault::broken("the store is closed"))?)
    }

    pub(crate) fn snapshot(&self) -> Outcome<Snapshot> {
        self.with(Snapshot::take)
    }

    pub(crate) fn health(&self) -> Health {
        let gauge = self.gauge.lock().unwrap_or_else(PoisonError::into_inner);
        let met = *self.met.lock().unwrap_or_else(PoisonError::into_inner);
        let rekey_due = gauge.as_ref().is_some_and(Gauge::rekey_due);
        Health { damage: met.or_else(|| gauge.as_ref().and_then(hurt)), rekey_due }
    }

    /// The damage for which redb refuses everything now, if it can be opened again.
    pub(crate) fn hurt(&self) -> Option<Damage> {
        let gauge = self.gauge.lock().unwrap_or_else(PoisonError::into_inner);
        gauge.as_ref().and_then(hurt)
    }

    /// Opens the file again. Only the writer calls this, between two transactions.
    pub(crate) fn mend(&self, damage: Damage) -> Outcome<()> {
        let Some(reopen) = &self.reopen else { return Err(broken(damage)) };
        log::error!(
            "{damage}. What stands there can't be read, changes are refused, the rest goes on"
        );
        self.met.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(damage);
        let mut database = self.database.write().unwrap_or_else(PoisonError::into_inner);
        drop(database.take());
        let unsealed = reopen().map_err(broken)?;
        *self.gauge.lock().unwrap_or_else(PoisonError::into_inner) = Some(unsealed.gauge);
        *database = Some(unsealed.database);
        Ok(())
    }
}

/// Damage met by reading. A worn key and a failed write are not mended by opening again.
fn hurt(gauge: &Gauge) -> Option<Damage> {
    gauge.damage().filter(|damage| *damage != Damage::RekeyDue && !gauge.write_failed())
}
