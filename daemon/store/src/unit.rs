//! One unit of writing within a shared transaction: its changes wait in memory until it has
//! succeeded, so that a refusal or a panic leaves nothing of it.

use crate::codec;
use crate::engine::{Base, Changes, Snapshot, Visit};
use crate::record::KindEntry;
use crate::tables::Table;
use almoner_core::fault::Outcome;
use std::cell::RefCell;
use std::ops::Bound;

/// Changes that are not yet in the transaction.
pub(crate) struct Unit<'a> {
    base: &'a dyn Base,
    overlay: RefCell<[Changes; Table::ALL.len()]>,
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
        if let Some(changes) = self.overlay.borrow_mut().get_mut(table as usize) {
            changes.insert(key, value);
        }
    }

    /// Packs the records that were saved, each once however often it was saved.
    pub(crate) fn pack(&self, kinds: &[KindEntry]) -> Outcome<()> {
        let packed: Vec<[u8; 2]> =
            kinds.iter().filter(|it| it.packed).map(|it| it.kind.code.to_be_bytes()).collect();
        let mut overlay = self.overlay.borrow_mut();
        let Some(records) = overlay.get_mut(Table::Records as usize) else { return Ok(()) };
        for (key, row) in records.iter_mut() {
            let kind = key.first_chunk::<2>().filter(|kind| packed.contains(kind));
            if let (Some(_), Some(row)) = (kind, row)
                && let Some(smaller) = codec::packed(row)?
            {
                *row = smaller;
            }
        }
        Ok(())
    }

    /// The changes, table by table.
    pub(crate) fn into_changes(self) -> impl Iterator<Item = (Table, Changes)> {
        Table::ALL.into_iter().zip(self.overlay.into_inner())
    }

    /// Lays the changes into the transaction.
    pub(crate) fn apply(self) -> Outcome<()> {
        let base = self.base;
        self.into_changes().try_for_each(|(table, changes)| base.set_all(table, changes))
    }

    pub(crate) fn get(&self, table: Table, key: &[u8]) -> Outcome<Option<Vec<u8>>> {
        let overlay = self.overlay.borrow();
        match overlay.get(table as usize).and_then(|changes| changes.get(key)) {
            Some(value) => Ok(value.clone()),
            None => self.base.get(table, key),
        }
    }

    /// Merges the transaction's rows with the changes as it goes: a visitor who has enough after
    /// the first row costs one row. Visitors look, they never set.
    fn scan(&self, table: Table, from: &[u8], to: Option<&[u8]>, visit: Visit<'_>) -> Outcome<()> {
        if to.is_some_and(|to| to <= from) {
            return Ok(());
        }
        let overlay = self.overlay.borrow();
        let Some(changes) = overlay.get(table as usize) else { return Ok(()) };
        let to_bound = to.map_or(Bound::Unbounded, Bound::Excluded);
        let mut mine = changes.range::<[u8], _>((Bound::Included(from), to_bound)).peekable();
        let mut on = true;
        self.base.scan(table, from, to, &mut |key, value| {
            while on && let Some((at, change)) = mine.next_if(|(at, _)| at.as_slice() < key) {
                on = change.as_ref().map_or(Ok(true), |value| visit(at, value))?;
            }
            if !on {
                return Ok(false);
            }
            on = match mine.next_if(|(at, _)| at.as_slice() == key) {
                Some((_, None)) => true,
                Some((at, Some(value))) => visit(at, value)?,
                None => visit(key, value)?,
            };
            Ok(on)
        })?;
        for (at, change) in mine {
            if !on {
                break;
            }
            on = change.as_ref().map_or(Ok(true), |value| visit(at, value))?;
        }
        Ok(())
    }
}

/// Work that is done on the side of a unit stands on that unit's own changes.
impl Base for Unit<'_> {
    fn get(&self, table: Table, key: &[u8]) -> Outcome<Option<Vec<u8>>> {
        Self::get(self, table, key)
    }

    fn scan(&self, table: Table, from: &[u8], to: Option<&[u8]>, visit: Visit<'_>) -> Outcome<()> {
        Self::scan(self, table, from, to, visit)
    }

    fn set(&self, table: Table, key: &[u8], value: Option<&[u8]>) -> Outcome<()> {
        Self::set(self, table, key.to_vec(), value.map(<[u8]>::to_vec));
        Ok(())
    }

    fn set_all(&self, table: Table, changes: Changes) -> Outcome<()> {
        for (key, value) in changes {
            Self::set(self, table, key, value);
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
