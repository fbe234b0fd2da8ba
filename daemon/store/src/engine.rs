//! The edge to redb: transactions, tables and bytes. Nothing above this file knows redb's types.

use crate::tables::{Def, Table};
use almoner_core::fault::{Fault, Outcome};
use redb::{
    CursorError, Database, ReadTransaction, ReadableDatabase, ReadableTable, WriteTransaction,
};
use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::OnceLock;

type ReadTable = redb::ReadOnlyTable<&'static [u8], &'static [u8]>;
type WriteTable<'txn> = redb::Table<'txn, &'static [u8], &'static [u8]>;

/// What a visitor of a scan says: go on, or enough.
pub(crate) type Visit<'v> = &'v mut dyn FnMut(&[u8], &[u8]) -> Outcome<bool>;

/// One moment of the store, unmoved by later writes. A table is opened when it is first asked for:
/// most looks need two or three of them.
pub struct Snapshot {
    txn: ReadTransaction,
    tables: [OnceLock<ReadTable>; Table::ALL.len()],
}

/// What a unit of writing stands on: the rows of a transaction that is under way.
pub(crate) trait Base {
    fn get(&self, table: Table, key: &[u8]) -> Outcome<Option<Vec<u8>>>;
    fn scan(&self, table: Table, from: &[u8], to: Option<&[u8]>, visit: Visit<'_>) -> Outcome<()>;
    fn set(&self, table: Table, key: &[u8], value: Option<&[u8]>) -> Outcome<()>;
    /// Lays changes in, in the order of their keys.
    fn set_all(&self, table: Table, changes: Changes) -> Outcome<()>;
}

/// Changes of one table, in the order of their keys: a value, or none for a row that goes.
pub(crate) type Changes = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

/// The tables of a write transaction, opened when first asked for: an opened table costs the commit
/// something even when nothing in it changed.
pub(crate) struct WriteTables<'txn> {
    txn: &'txn WriteTransaction,
    tables: [OnceCell<RefCell<WriteTable<'txn>>>; Table::ALL.len()],
}

pub(crate) fn broken(cause: impl std::error::Error + Send + Sync + 'static) -> Fault {
    Fault::Broken(Box::new(cause))
}

fn no_table() -> Fault {
    Fault::broken("a table of the store is not open")
}

/// Begins a write transaction, always two-phase with quick repair (see `security.md` 3.1: the
/// commit modes must not be mixed).
#[allow(clippy::disallowed_methods)] // the house's one opening of write transactions
pub(crate) fn begin_write(database: &Database) -> Outcome<WriteTransaction> {
    let mut txn = database.begin_write().map_err(broken)?;
    txn.set_two_phase_commit(true);
    txn.set_quick_repair(true);
    Ok(txn)
}

/// Makes every table that is not there, so that a snapshot finds them.
pub(crate) fn make_tables(database: &Database) -> Outcome<()> {
    let snapshot = Snapshot::take(database)?;
    if Table::ALL.into_iter().all(|table| snapshot.table(table).is_ok()) {
        return Ok(());
    }
    let txn = begin_write(database)?;
    {
        let tables = WriteTables::of(&txn);
        Table::ALL.into_iter().try_for_each(|table| tables.table(table).map(drop))?;
    }
    txn.commit().map_err(broken)
}

impl Snapshot {
    pub(crate) fn take(database: &Database) -> Outcome<Self> {
        let txn = database.begin_read().map_err(broken)?;
        Ok(Self { txn, tables: Default::default() })
    }

    fn table(&self, table: Table) -> Outcome<&ReadTable> {
        let place = self.tables.get(table as usize).ok_or_else(no_table)?;
        if let Some(open) = place.get() {
            return Ok(open);
        }
        let definition: Def = table.definition();
        let open = self.txn.open_table(definition).map_err(broken)?;
        Ok(place.get_or_init(|| open))
    }

    pub(crate) fn get(&self, table: Table, key: &[u8]) -> Outcome<Option<Vec<u8>>> {
        let found = self.table(table)?.get(key).map_err(broken)?;
        Ok(found.map(|value| value.value().to_vec()))
    }

    pub(crate) fn scan(
        &self,
        table: Table,
        from: &[u8],
        to: Option<&[u8]>,
        visit: Visit<'_>,
    ) -> Outcome<()> {
        scan_range(self.table(table)?, from, to, visit)
    }
}

/// What a rehearsal stands on: nothing is ever laid into it.
impl Base for Snapshot {
    fn get(&self, table: Table, key: &[u8]) -> Outcome<Option<Vec<u8>>> {
        Self::get(self, table, key)
    }

    fn scan(&self, table: Table, from: &[u8], to: Option<&[u8]>, visit: Visit<'_>) -> Outcome<()> {
        Self::scan(self, table, from, to, visit)
    }

    fn set(&self, _: Table, _: &[u8], _: Option<&[u8]>) -> Outcome<()> {
        Err(Fault::broken("a rehearsal was to be kept"))
    }

    fn set_all(&self, _: Table, _: Changes) -> Outcome<()> {
        Err(Fault::broken("a rehearsal was to be kept"))
    }
}

impl<'txn> WriteTables<'txn> {
    pub(crate) fn of(txn: &'txn WriteTransaction) -> Self {
        Self { txn, tables: Default::default() }
    }

    fn table(&self, table: Table) -> Outcome<&RefCell<WriteTable<'txn>>> {
        let place = self.tables.get(table as usize).ok_or_else(no_table)?;
        if let Some(open) = place.get() {
            return Ok(open);
        }
        let definition: Def = table.definition();
        let open = RefCell::new(self.txn.open_table(definition).map_err(broken)?);
        Ok(place.get_or_init(|| open))
    }
}

impl Base for WriteTables<'_> {
    fn get(&self, table: Table, key: &[u8]) -> Outcome<Option<Vec<u8>>> {
        let table = self.table(table)?.borrow();
        Ok(table.get(key).map_err(broken)?.map(|value| value.value().to_vec()))
    }

    fn scan(&self, table: Table, from: &[u8], to: Option<&[u8]>, visit: Visit<'_>) -> Outcome<()> {
        scan_range(&*self.table(table)?.borrow(), from, to, visit)
    }

    fn set(&self, table: Table, key: &[u8], value: Option<&[u8]>) -> Outcome<()> {
        let mut table = self.table(table)?.borrow_mut();
        match value {
            Some(value) => drop(table.insert(key, value).map_err(broken)?),
            None => drop(table.remove(key).map_err(broken)?),
        }
        Ok(())
    }

    fn set_all(&self, table: Table, changes: Changes) -> Outcome<()> {
        let mut rows = changes.into_iter().peekable();
        let mut scattered = None;
        while let Some((key, value)) = rows.next() {
            let index = key.first_chunk::<2>().copied();
            let run = |(next, value): &(Vec<u8>, Option<Vec<u8>>)| {
                value.is_some() && next.get(..NEAR) == key.get(..NEAR) && key.len() >= NEAR
            };
            match value {
                Some(value) if scattered != index && rows.peek().is_some_and(run) => {
                    let mut table = self.table(table)?.borrow_mut();
                    let before = rows.len();
                    let left = insert_run(&mut table, (key, value), &mut rows)?;
                    if before - rows.len() <= SHORT {
                        // Others lie between these: a cursor for each would cost more than it gains.
                        scattered = index;
                    }
                    if let Some((key, value)) = left {
                        drop(table.insert(key.as_slice(), value.as_slice()).map_err(broken)?);
                    }
                }
                value => self.set(table, &key, value.as_deref())?,
            }
        }
        Ok(())
    }
}

/// Rows that begin with the same so many bytes are likely to be neighbours.
const NEAR: usize = 5;
/// A run is short when it ended at the row after so many.
const SHORT: usize = 2;

type Rows = std::iter::Peekable<std::collections::btree_map::IntoIter<Vec<u8>, Option<Vec<u8>>>>;

/// Inserts rows that stand next to each other and are new, through a cursor: their pages are filled,
/// where one insertion after the other leaves each page half empty. Ends at the first row that does
/// not follow; gives that back which was taken and not inserted.
fn insert_run(
    table: &mut WriteTable<'_>,
    first: (Vec<u8>, Vec<u8>),
    rows: &mut Rows,
) -> Outcome<Option<(Vec<u8>, Vec<u8>)>> {
    let mut cursor = table.lower_bound_mut(Bound::<&[u8]>::Included(&first.0)).map_err(broken)?;
    let mut next = Some(first);
    while let Some((key, value)) = next.take() {
        match cursor.insert_before(key.as_slice(), value.as_slice()) {
            Ok(()) => {}
            Err(CursorError::UnorderedKey) => {
                next = Some((key, value));
                break;
            }
            Err(cause) => return Err(broken(cause)),
        }
        next = match rows.peek() {
            Some((_, Some(_))) => rows.next().and_then(|(key, value)| Some((key, value?))),
            _ => None,
        };
    }
    cursor.close().map_err(broken)?;
    Ok(next)
}

fn scan_range(
    table: &impl ReadableTable<&'static [u8], &'static [u8]>,
    from: &[u8],
    to: Option<&[u8]>,
    visit: Visit<'_>,
) -> Outcome<()> {
    let rows = match to {
        Some(to) if to <= from => return Ok(()),
        Some(to) => table.range::<&[u8]>(from..to),
        None => table.range::<&[u8]>(from..),
    };
    for row in rows.map_err(broken)? {
        let (key, value) = row.map_err(broken)?;
        if !visit(key.value(), value.value())? {
            break;
        }
    }
    Ok(())
}

/// The first key after all that begin with `prefix`; `None` when there is none.
pub(crate) fn after(prefix: &[u8]) -> Option<Vec<u8>> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            return Some(end);
        }
    }
    None
}
