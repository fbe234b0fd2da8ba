//! One unit of writing within a shared transaction: its changes wait in memory until it has
//! succeeded, so that a refusal or a panic leaves nothing of it.

use crate::engine::{Base, Snapshot, Visit};
use crate::tables::Table;
use almoner_core::fault::Outcome;
use std::cell::RefCell;
use std::collections::BTreeMap;

type Overlay = BTreeMap<(Table, Vec<u8>), Option<Vec<u8>>>;

/// Changes that are not yet in the transaction.
pub(crate) struct Unit<'a> {
    base: &'a dyn Base,
    overlay: RefCell<Overlay>,
}

/// What a reader looks at.
#[derive(Clone, Copy)]
pub(crate) enum View<'a> {
    Snapshot(&'a Snapshot),
    Unit(&'a Unit<'a>),
}

impl<'a> Unit<'a> {
    pub(crate) fn new(base: &'a dyn Base) -> Self {
        Self { base, overlay: RefCell::default() }
    }

    pub(crate) fn set(&self, table: Table, key: Vec<u8>, value: Option<Vec<u8>>) {
        self.overlay.borrow_mut().insert((table, key), value);
    }

    /// Lays the changes into the transaction; returns how many there were.
    pub(crate) fn apply(self) -> Outcome<usize> {
        let overlay = self.overlay.into_inner();
        for ((table, key), value) in &overlay {
            self.base.set(*table, key, value.as_deref())?;
        }
        Ok(overlay.len())
    }

    pub(crate) fn get(&self, table: Table, key: &[u8]) -> Outcome<Option<Vec<u8>>> {
        if let Some(value) = self.overlay.borrow().get(&(table, key.to_vec())) {
            return Ok(value.clone());
        }
        self.base.get(table, key)
    }

    fn scan(&self, table: Table, from: &[u8], to: Option<&[u8]>, visit: Visit<'_>) -> Outcome<()> {
        let mut rows = BTreeMap::new();
        self.base.scan(table, from, to, &mut |key, value| {
            rows.insert(key.to_vec(), value.to_vec());
            Ok(true)
        })?;
        for ((at, key), value) in self.overlay.borrow().range((table, from.to_vec())..) {
            if *at != table || to.is_some_and(|to| key.as_slice() >= to) {
                break;
            }
            match value {
                Some(value) => drop(rows.insert(key.clone(), value.clone())),
                None => drop(rows.remove(key)),
            }
        }
        for (key, value) in &rows {
            if !visit(key, value)? {
                break;
            }
        }
        Ok(())
    }
}

impl View<'_> {
    pub(crate) fn get(&self, table: Table, key: &[u8]) -> Outcome<Option<Vec<u8>>> {
        match self {
            Self::Snapshot(snapshot) => snapshot.get(table, key),
            Self::Unit(unit) => unit.get(table, key),
        }
    }

    /// Visits the rows from `from` on, up to but without `to`, in the order of their keys.
    pub(crate) fn scan(
        &self,
        table: Table,
        from: &[u8],
        to: Option<&[u8]>,
        visit: Visit<'_>,
    ) -> Outcome<()> {
        match self {
            Self::Snapshot(snapshot) => snapshot.scan(table, from, to, visit),
            Self::Unit(unit) => unit.scan(table, from, to, visit),
        }
    }
}
