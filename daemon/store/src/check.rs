//! The check of the house: rebuilds every index and every loop in memory and compares, and goes
//! through the whole trail. Also what a start must look at: the shapes and the rules.

use crate::desk::{Desk, Setup};
use crate::engine::{self, Base, Snapshot, WriteTables, broken};
use crate::loops::{self, Counts, Row};
use crate::record::{Derived, Kind, KindEntry};
use crate::tables::Table;
use crate::trail::{self, Tiles};
use crate::unit::View;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::loops::Loop;
use almoner_core::rules::Rules;
use almoner_core::time::Zone;
use almoner_trail::{Checkpoint, Entry, Range};
use redb::Database;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Version of the tables' layout. 2: rows and entries of the trail may stand packed.
pub(crate) const SCHEMA: u32 = 2;
/// The oldest layout that this program reads; what it writes makes it the newest.
pub(crate) const OLDEST_SCHEMA: u32 = 1;
const SCHEMA_KEY: &str = "schema";
const RULES_KEY: &str = "rules_fingerprint";
/// Version of the keys that records name: counted up when a kind names other keys than before, so
/// that the next start builds the index anew. 2: patients are found by tokens and their pairs. 3: a fact's
/// keys hold digests as bytes. 4: visits are found by their day, patients by their language. 5: sessions
/// are found by their mark. 6: contacts,
/// moves and facts are found by their place on the timeline. 7: a fact's keys are
/// short sums, patients are counted by coordinator. 9: patients are compared under the keys of matching. 10: also under
/// half a name, a street and a house of a town. 11: entries of a directory and instruments are found by
/// the files that speak of them; what a source took back is not on the timeline.
const KEYS: u32 = 11;
const KEYS_KEY: &str = "keys";

/// What a check found.
#[derive(Debug, Default, Serialize)]
pub struct CheckReport {
    /// Records by kind.
    pub records: BTreeMap<String, u64>,
    pub index_rows: u64,
    pub loop_rows: u64,
    pub trail_entries: u64,
    pub checkpoints: u64,
    /// What is wrong, in words without patient data; empty when all is well.
    pub damage: Vec<String>,
}

/// Checks all that one moment of the store holds.
pub fn check(desk: &Desk) -> Outcome<CheckReport> {
    let snapshot = desk.snapshot()?;
    check_snapshot(&snapshot, desk.kinds(), desk.rules())
}

pub(crate) fn check_snapshot(
    snapshot: &Snapshot,
    kinds: &[KindEntry],
    rules: &Rules,
) -> Outcome<CheckReport> {
    let mut report = CheckReport::default();
    let (mut index, mut counted) = (BTreeMap::new(), BTreeMap::new());
    let (mut loops, mut counts) = (BTreeMap::new(), Counts::new());
    snapshot.scan(Table::Records, &[], None, &mut |key, row| {
        let Some(entry) = kind_of(key, kinds) else {
            report.damage.push("a record of a kind that this program does not know".into());
            return Ok(true);
        };
        *report.records.entry(entry.kind.name.to_owned()).or_default() += 1;
        match (entry.derive)(row, rules) {
            Ok(derived) => {
                index.extend(derived.keys.into_iter().map(|key| (key, Vec::new())));
                count_keys(&mut counted, derived.counted);
                let owed = &derived.loops;
                loops.extend(loop_rows(entry.kind, key, owed, rules.zone, &mut counts)?);
            }
            Err(_) => report.damage.push(format!("a {} can't be read", entry.kind.name)),
        }
        Ok(true)
    })?;
    index.extend(counted_rows(counted));
    report.index_rows = compare_index(snapshot, &mut index, &mut report.damage)?;
    loops.extend(loops::count_rows(counts));
    report.loop_rows = compare_loops(snapshot, &mut loops, &mut report.damage)?;
    check_trail(snapshot, &mut report)?;
    Ok(report)
}

fn compare_index(
    snapshot: &Snapshot,
    expected: &mut BTreeMap<Vec<u8>, Vec<u8>>,
    damage: &mut Vec<String>,
) -> Outcome<u64> {
    let (mut rows, mut extra) = (0, 0_u64);
    snapshot.scan(Table::Index, &[], None, &mut |key, value| {
        rows += 1;
        extra += u64::from(expected.remove(key).as_deref() != Some(value));
        Ok(true)
    })?;
    if extra > 0 || !expected.is_empty() {
        let missing = expected.len();
        damage.push(format!("the index has {extra} rows too many or wrong and {missing} too few"));
    }
    Ok(rows)
}

fn compare_loops(
    snapshot: &Snapshot,
    expected: &mut BTreeMap<Vec<u8>, Vec<u8>>,
    damage: &mut Vec<String>,
) -> Outcome<u64> {
    let (mut rows, mut extra) = (0, 0_u64);
    snapshot.scan(Table::Loops, &[], None, &mut |key, value| {
        rows += 1;
        extra += u64::from(expected.remove(key).as_deref() != Some(value));
        Ok(true)
    })?;
    if extra > 0 || !expected.is_empty() {
        let missing = expected.len();
        damage.push(format!("the loops have {extra} rows too many or wrong and {missing} too few"));
    }
    Ok(rows)
}

fn check_trail(snapshot: &Snapshot, report: &mut CheckReport) -> Outcome<()> {
    let view = View::Snapshot(snapshot);
    let mut range = Range::new();
    let notes = trail::checkpoints(&view)?;
    let key = trail::signer(&view)?;
    let mut expected: BTreeMap<u64, _> = BTreeMap::new();
    for note in &notes {
        match Checkpoint::open(note, key.verifier_key()) {
            Ok(checkpoint) => drop(expected.insert(checkpoint.size, checkpoint.root)),
            Err(cause) => report.damage.push(format!("a checkpoint of the trail: {cause}")),
        }
    }
    report.checkpoints = notes.len() as u64;
    snapshot.scan(Table::Trail, &[], None, &mut |seq, bytes| {
        let place = range.size();
        let Ok(bytes) = trail::canonical(bytes) else {
            report.damage.push(format!("entry {place} of the trail can't be unpacked"));
            return Ok(false);
        };
        match Entry::parse(&bytes) {
            Ok(entry) if entry.seq == place && seq == place.to_be_bytes() => {}
            Ok(_) => report.damage.push(format!("the trail is out of order at entry {place}")),
            Err(cause) => report.damage.push(format!("entry {place} of the trail: {cause}")),
        }
        range.append(almoner_trail::leaf_hash(&bytes));
        if expected.remove(&range.size()).is_some_and(|root| root != range.root()) {
            report
                .damage
                .push(format!("the trail differs from its checkpoint at {}", range.size()));
        }
        Ok(report.damage.len() < 100)
    })?;
    report.trail_entries = range.size();
    if !expected.is_empty() {
        report.damage.push("the trail is shorter than one of its checkpoints".into());
    }
    let stored = almoner_trail::root_at(range.size(), &Tiles(view));
    if trail::head(&view)? != range || stored.is_err() || stored.ok() != Some(range.root()) {
        report.damage.push("the trail's stored hashes differ from its entries".into());
    }
    Ok(())
}

fn kind_of<'k>(key: &[u8], kinds: &'k [KindEntry]) -> Option<&'k KindEntry> {
    let (code, _) = key.split_first_chunk::<2>()?;
    kinds.iter().find(|entry| entry.kind.code.to_be_bytes() == *code)
}

fn count_keys(counted: &mut BTreeMap<Vec<u8>, u64>, keys: Vec<Vec<u8>>) {
    for key in keys {
        *counted.entry(key).or_default() += 1;
    }
}

fn counted_rows(counted: BTreeMap<Vec<u8>, u64>) -> impl Iterator<Item = Row> {
    counted.into_iter().map(|(key, count)| (key, count.to_be_bytes().to_vec()))
}

/// The rows of a record's loops; counts them.
fn loop_rows(
    kind: Kind,
    key: &[u8],
    owed: &[Loop],
    zone: Zone,
    counts: &mut Counts,
) -> Outcome<Vec<Row>> {
    let Some(id) = key.last_chunk::<16>() else { return Ok(Vec::new()) };
    let mut rows = Vec::new();
    for owed in owed {
        rows.extend(loops::rows(kind, *id, owed, zone)?);
        for key in loops::count_keys(owed, zone) {
            *counts.entry(key).or_default() += 1;
        }
    }
    Ok(rows)
}

/// Refuses a store that is newer than this program; marks a new one.
pub(crate) fn guard_schema(database: &Database, kinds: &[KindEntry]) -> Outcome<()> {
    let snapshot = Snapshot::take(database)?;
    let codes: BTreeSet<_> = kinds.iter().map(|entry| entry.kind.code).collect();
    if codes.len() != kinds.len() {
        return Err(Fault::broken("two kinds of record have the same number"));
    }
    match snapshot.get(Table::Meta, SCHEMA_KEY.as_bytes())? {
        None => set_meta(database, SCHEMA_KEY, &SCHEMA.to_be_bytes()),
        Some(bytes) => {
            let found = <[u8; 4]>::try_from(bytes.as_slice()).map_or(0, u32::from_be_bytes);
            match found {
                SCHEMA => Ok(()),
                OLDEST_SCHEMA..SCHEMA => set_meta(database, SCHEMA_KEY, &SCHEMA.to_be_bytes()),
                _ => Err(Fault::broken(format!(
                    "the store has schema {found}, this program knows {SCHEMA}: install the program that wrote it"
                ))),
            }
        }
    }
}

/// Loops depend on the rules and on their table's layout: when these have changed since the last
/// start, builds the loops and their counts anew from the records.
pub(crate) fn rebuild_if_rules_changed(database: &Database, setup: &Setup) -> Outcome<()> {
    let mark = format!("{} layout {}", setup.rules.fingerprint(), loops::LAYOUT);
    let snapshot = Snapshot::take(database)?;
    let known = snapshot.get(Table::Meta, RULES_KEY.as_bytes())?;
    if known.as_deref() == Some(mark.as_bytes()) {
        return Ok(());
    }
    if known.is_some() {
        let mut counts = Counts::new();
        rebuild(database, &snapshot, setup, Table::Loops, &mut |kind, key, derived| {
            loop_rows(kind, key, &derived.loops, setup.rules.zone, &mut counts)
        })?;
        // A cut before the mark below has the next start do all of it again.
        set(database, Table::Loops, loops::count_rows(counts))?;
    }
    set_meta(database, RULES_KEY, mark.as_bytes())
}

/// The index depends on which keys the records of this program name, and on the clinic's time zone:
/// when either has changed since the last start, builds it anew.
pub(crate) fn rebuild_if_keys_changed(database: &Database, setup: &Setup) -> Outcome<()> {
    let snapshot = Snapshot::take(database)?;
    let known = snapshot.get(Table::Meta, KEYS_KEY.as_bytes())?;
    let mark = format!("{KEYS} {}", setup.rules.zone.0.name());
    if known.as_deref() == Some(mark.as_bytes()) {
        return Ok(());
    }
    let mut counted = BTreeMap::new();
    rebuild(database, &snapshot, setup, Table::Index, &mut |_, _, derived| {
        count_keys(&mut counted, derived.counted);
        Ok(derived.keys.into_iter().map(|row| (row, Vec::new())).collect())
    })?;
    // A cut before the mark below has the next start do all of it again.
    set(database, Table::Index, counted_rows(counted))?;
    set_meta(database, KEYS_KEY, mark.as_bytes())
}

/// Rows of one record in a table that is built anew.
type Rows<'r> = &'r mut dyn FnMut(Kind, &[u8], Derived) -> Outcome<Vec<Row>>;

/// Empties a derived table and fills it from the records, in one transaction.
fn rebuild(
    database: &Database,
    snapshot: &Snapshot,
    setup: &Setup,
    table: Table,
    rows: Rows<'_>,
) -> Outcome<()> {
    let txn = engine::begin_write(database)?;
    {
        let tables = WriteTables::of(&txn);
        snapshot.scan(table, &[], None, &mut |key, _| {
            tables.set(table, key, None)?;
            Ok(true)
        })?;
        snapshot.scan(Table::Records, &[], None, &mut |key, row| {
            let Some(entry) = kind_of(key, &setup.kinds) else { return Ok(true) };
            for (row, value) in rows(entry.kind, key, (entry.derive)(row, &setup.rules)?)? {
                tables.set(table, &row, Some(&value))?;
            }
            Ok(true)
        })?;
    }
    txn.commit().map_err(broken)
}

fn set_meta(database: &Database, name: &str, value: &[u8]) -> Outcome<()> {
    set(database, Table::Meta, std::iter::once((name.as_bytes().to_vec(), value.to_vec())))
}

fn set(database: &Database, table: Table, rows: impl Iterator<Item = Row>) -> Outcome<()> {
    let txn = engine::begin_write(database)?;
    {
        let tables = WriteTables::of(&txn);
        for (key, value) in rows {
            tables.set(table, &key, Some(&value))?;
        }
    }
    txn.commit().map_err(broken)
}
