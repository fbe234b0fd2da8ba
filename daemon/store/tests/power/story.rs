//! What happens on the disk before power fails: transactions of several kinds, and the oracle that
//! knows what the table must hold after each of them.

use crate::sim::{Dice, Fault, Sim};
use almoner_store::keys::{Kek, KeyRing};
use almoner_store::sealed::{self, SealedError, Unsealed};
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition};
use std::collections::BTreeMap;
use std::sync::OnceLock;

const ROWS: TableDefinition<'_, u64, &[u8]> = TableDefinition::new("rows");
const LAST: TableDefinition<'_, u8, u64> = TableDefinition::new("last");
const AFTER: TableDefinition<'_, u8, u64> = TableDefinition::new("after");
const CACHE: usize = 1 << 20;

/// Content of the table.
pub(crate) type Rows = BTreeMap<u64, Vec<u8>>;

/// The kinds of work a cut may fall into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A few rows in each transaction, as at a desk; now and then the store is closed and opened.
    Desk,
    /// Large transactions that make the file grow, then a deletion, a compaction that shortens it.
    Import,
    /// The process is killed in the middle of a commit, started again, and works on.
    Killed,
}

/// A recorded story: the disk with its log, and the oracle.
pub(crate) struct Story {
    pub(crate) sim: Sim,
    /// Operations of the creation; before they are complete there is no store to lose.
    pub(crate) created: usize,
    /// Content after each transaction, by its number; 0 is the empty store.
    pub(crate) oracle: BTreeMap<u64, Rows>,
    /// Transactions acknowledged.
    pub(crate) acked: u64,
}

impl Kind {
    pub(crate) const ALL: [Self; 3] = [Self::Desk, Self::Import, Self::Killed];
}

/// The keys of all simulated stores.
pub(crate) fn keys() -> &'static KeyRing {
    static KEYS: OnceLock<KeyRing> = OnceLock::new();
    KEYS.get_or_init(|| KeyRing::with_device(Kek::from_bytes([0x5A; 32])))
}

pub(crate) fn open(sim: &Sim) -> Result<Unsealed, SealedError> {
    sealed::open_on(&|| Ok(Box::new(sim.clone())), keys(), CACHE)
}

/// Tells the whole story on a new disk.
pub(crate) fn tell(kind: Kind, seed: u64) -> Story {
    let mut story = begin();
    let mut dice = Dice::new(seed);
    let mut store = open(&story.sim).expect("a new store opens");
    let transactions = if kind == Kind::Import { 18 } else { 40 };
    for number in 1..=transactions {
        if kind == Kind::Killed && number % 10 == 5 {
            let at = dice.range(1, 30);
            story.sim.set_fault(Some(Fault { at, once: false, errno: 5, half_written: true }));
        }
        let rows = change(kind, number, story.newest(), &mut dice);
        if story.commit(&store.database, number, rows).is_err() {
            std::mem::forget(store);
            story.sim.set_fault(None);
            store = open(&story.sim).expect("a killed store opens");
            let (reached, _) = read(&store.database).expect("a killed store is read");
            story.oracle.retain(|known, _| *known <= reached);
        }
        story.sim.set_fault(None);
        if kind == Kind::Import && number == 12 {
            store.database.compact().expect("compaction");
        }
        if kind == Kind::Desk && number % 15 == 0 {
            drop(store);
            store = open(&story.sim).expect("a closed store opens");
        }
    }
    std::mem::forget(store);
    story
}

/// A new store on a new disk, closed.
pub(crate) fn begin() -> Story {
    let sim = Sim::default();
    let storage =
        || -> std::io::Result<Box<dyn redb::StorageBackend>> { Ok(Box::new(sim.clone())) };
    drop(sealed::create_on(&storage, keys(), CACHE).expect("a store is made"));
    let oracle = BTreeMap::from([(0, Rows::new())]);
    Story { created: sim.log_length(), sim, oracle, acked: 0 }
}

impl Story {
    pub(crate) fn newest(&self) -> Rows {
        self.oracle.last_key_value().map(|(_, rows)| rows.clone()).expect("0 is always there")
    }

    /// Commits `rows` as transaction `number`, in the only way the product commits.
    pub(crate) fn commit(
        &mut self,
        db: &Database,
        number: u64,
        rows: Rows,
    ) -> Result<(), redb::Error> {
        let before = self.newest();
        self.oracle.insert(number, rows.clone());
        let mut write = db.begin_write()?;
        write.set_two_phase_commit(true);
        write.set_quick_repair(true);
        {
            let mut table = write.open_table(ROWS)?;
            for key in before.keys().filter(|key| !rows.contains_key(key)) {
                table.remove(key)?;
            }
            for (key, value) in rows.iter().filter(|(key, value)| before.get(key) != Some(value)) {
                table.insert(key, value.as_slice())?;
            }
            write.open_table(LAST)?.insert(0, number)?;
        }
        write.commit()?;
        self.acked = number;
        self.sim.ack(number);
        Ok(())
    }

    /// Whether the content is what the transaction of this number left.
    pub(crate) fn knows(&self, number: u64, rows: &Rows) -> bool {
        self.oracle.get(&number) == Some(rows)
    }
}

/// The last transaction in the store, and all rows, each also read by its key.
pub(crate) fn read(db: &Database) -> Result<(u64, Rows), redb::Error> {
    let read = db.begin_read()?;
    let last = match read.open_table(LAST) {
        Err(redb::TableError::TableDoesNotExist(_)) => return Ok((0, Rows::new())),
        other => other?.get(0)?.map_or(0, |number| number.value()),
    };
    let table = read.open_table(ROWS)?;
    let mut rows = Rows::new();
    for row in table.iter()? {
        let (key, value) = row?;
        rows.insert(key.value(), value.value().to_vec());
    }
    for (key, value) in &rows {
        let found = table.get(key)?.map(|found| found.value() == value.as_slice());
        assert_eq!(found, Some(true), "a row is found by its key as by the scan");
    }
    Ok((last, rows))
}

/// Commits a change outside the oracle's table: life goes on.
pub(crate) fn go_on(db: &Database, number: u64) -> Result<(), redb::Error> {
    let mut write = db.begin_write()?;
    write.set_two_phase_commit(true);
    write.set_quick_repair(true);
    write.open_table(AFTER)?.insert(0, number)?;
    Ok(write.commit()?)
}

/// What [`go_on`] left.
pub(crate) fn gone_on(db: &Database) -> Result<u64, redb::Error> {
    match db.begin_read()?.open_table(AFTER) {
        Err(redb::TableError::TableDoesNotExist(_)) => Ok(0),
        other => Ok(other?.get(0)?.map_or(0, |number| number.value())),
    }
}

/// The next content: some rows set, some removed; an import ends with most of it deleted.
fn change(kind: Kind, number: u64, mut rows: Rows, dice: &mut Dice) -> Rows {
    let import = kind == Kind::Import && number <= 8;
    if kind == Kind::Import && number == 9 {
        rows.retain(|key, _| key % 12 == 0);
    }
    let (count, large) = if import { (60, 250) } else { (8, 40) };
    for _ in 0..dice.range(1, count) {
        let key = dice.range(0, 300);
        if dice.chance(200) {
            rows.remove(&key);
            continue;
        }
        let large = dice.chance(large) && (import || kind != Kind::Import);
        let length = if large { dice.range(5000, 40_000) } else { dice.range(10, 1500) };
        rows.insert(key, dice.bytes(length as usize));
    }
    rows
}
