//! What is owed, counted and listed: the counts equal the lists whatever was opened, moved, closed
//! or removed, a list is read no further than it is asked for, and an earlier layout is rebuilt.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::cast_possible_truncation)]

use almoner_core::actor::Actor;
use almoner_core::ids::{PatientId, RawId, StaffId};
use almoner_core::loops::{Due, Loop, LoopKind, OpenLoop, Owner, Scope};
use almoner_core::phrase::Phrase;
use almoner_core::rules::Rules;
use almoner_core::time::{Clock, Timestamp, Zone};
use almoner_store::keys::{Kek, KeyRing};
use almoner_store::{Act, Desk, Kind, KindEntry, Reader, Record, Setup, Verb, check, sealed};
use chrono::{NaiveDate, TimeDelta};
use redb::{ReadableTable, TableDefinition};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

const NOW: &str = "2026-11-20T15:00:00Z";

almoner_core::record_id!(
    /// A debt of the test.
    DebtId
);

/// A record that owes what it is told to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Debt {
    id: DebtId,
    owed: Vec<Loop>,
}

impl Record for Debt {
    type Id = DebtId;
    const KIND: Kind = Kind { code: 902, name: "debt" };
    fn id(&self) -> DebtId {
        self.id
    }
    fn patient(&self) -> Option<PatientId> {
        self.owed.first().and_then(|owed| owed.patient)
    }
    fn loops(&self, _rules: &Rules) -> Vec<Loop> {
        self.owed.clone()
    }
}

/// Numbers that look random and are the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) % sides
    }
}

fn desk_over(database: redb::Database) -> Desk {
    let setup = Setup {
        rules: Arc::new(Rules::default()),
        clock: Clock::starting_at(NOW.parse().unwrap()),
        kinds: vec![KindEntry::of::<Debt>()],
        reactions: Vec::new(),
        boot: "boot-1".into(),
        on_failure: Box::new(|fault| panic!("{fault}")),
    };
    Desk::open(database, setup, "almoner-test").unwrap()
}

fn act(desk: &Desk) -> Act {
    Act::new(Actor::Appliance, Verb("debt.write"), desk.clock().now())
}

fn owner(number: u64) -> Owner {
    match number {
        0 => Owner::Unassigned,
        n => Owner::Staff(StaffId(RawId::from_bytes([n as u8; 16]))),
    }
}

fn any_loop(dice: &mut Dice, slot: u8) -> Loop {
    let hours = dice.below(24 * 20).cast_signed() - 24 * 10;
    let at = NOW.parse::<Timestamp>().unwrap() + TimeDelta::hours(hours);
    let due = match dice.below(2) {
        0 => Due::Day(Zone::default().day(at)),
        _ => Due::Instant(at),
    };
    Loop {
        slot,
        kind: LoopKind::ALL[dice.below(8) as usize],
        owner: owner(dice.below(4)),
        patient: (dice.below(3) > 0)
            .then(|| PatientId(RawId::from_bytes([dice.below(5) as u8; 16]))),
        opens: None,
        due,
        what: Phrase::new("note"),
        why: Phrase::new("note"),
        next: Phrase::new("note"),
        next_path: String::new(),
        path: format!("/{}", dice.below(2)),
        clock: None,
    }
}

fn any_debt(dice: &mut Dice, number: u8) -> Debt {
    let slots = 0..dice.below(4) as u8;
    let owed = slots.map(|slot| any_loop(dice, slot)).collect();
    Debt { id: DebtId(RawId::from_bytes([number; 16])), owed }
}

fn scopes() -> [Scope; 5] {
    let of = |number| Scope::Owner(owner(number));
    [Scope::Team, of(0), of(1), of(2), of(3)]
}

fn agrees(reader: &Reader<'_>, model: &BTreeMap<u8, Debt>) {
    let zone = Zone::default();
    let owed = || model.values().flat_map(|debt| debt.owed.iter().map(|owed| (debt.id, owed)));
    for scope in scopes() {
        let mine = |owed: &Loop| scope == Scope::Team || scope == Scope::Owner(owed.owner);
        let mut expected: Vec<_> = owed().filter(|(_, owed)| mine(owed)).collect();
        expected.sort_by_key(|(id, owed)| (owed.due.late_from(zone), *id, owed.slot));
        let listed = reader.loops_between(scope, None, None, usize::MAX).unwrap();
        let pairs = |loops: &[OpenLoop]| -> Vec<(DebtId, Loop)> {
            loops.iter().map(|open| (DebtId(open.id), open.owed.clone())).collect()
        };
        let expected: Vec<_> = expected.into_iter().map(|(id, owed)| (id, owed.clone())).collect();
        assert_eq!(pairs(&listed), expected, "{scope:?}");
        let mut counts: BTreeMap<(LoopKind, NaiveDate), u64> = BTreeMap::new();
        for (_, owed) in &expected {
            let last = owed.due.late_from(zone) - TimeDelta::milliseconds(1);
            *counts.entry((owed.kind, zone.day(last))).or_default() += 1;
        }
        let counted = reader.loop_counts(scope).unwrap();
        let counted: BTreeMap<_, _> =
            counted.into_iter().map(|(kind, day, n)| ((kind, day), n)).collect();
        assert_eq!(counted, counts, "{scope:?}");
        let late = listed.iter().filter(|open| open.is_late(reader.now(), zone)).count() as u64;
        assert_eq!(reader.late_loops(scope).unwrap(), late, "{scope:?}");
        let some = reader.loops_between(scope, None, Some(reader.now()), 2).unwrap();
        let before = expected.iter().filter(|it| it.1.due.late_from(zone) < reader.now());
        assert_eq!(pairs(&some), before.take(2).cloned().collect::<Vec<_>>());
        let tasks = |kind| kind == LoopKind::Task;
        let tasks = reader.loops_where(scope, Some(reader.now()), None, 3, &tasks).unwrap();
        let after = expected.iter().filter(|it| it.1.due.late_from(zone) >= reader.now());
        let after = after.filter(|it| it.1.kind == LoopKind::Task);
        assert_eq!(pairs(&tasks), after.take(3).cloned().collect::<Vec<_>>());
    }
    for patient in (0..5).map(|n| PatientId(RawId::from_bytes([n; 16]))) {
        let expected = owed().filter(|(_, owed)| owed.patient == Some(patient)).count();
        assert_eq!(reader.loops_of(patient).unwrap().len(), expected);
    }
}

#[test]
fn counts_equal_lists_whatever_is_opened_moved_closed_or_removed() {
    let desk = desk_over(sealed::open_memory(8 << 20).unwrap().database);
    let (mut dice, mut model) = (Dice(7), BTreeMap::new());
    for round in 0..60 {
        for _ in 0..6 {
            let number = dice.below(30) as u8;
            let debt = any_debt(&mut dice, number);
            if dice.below(5) == 0 {
                model.remove(&number);
                let gone = desk.write(act(&desk), move |writer| writer.remove::<Debt>(debt.id));
                gone.wait().unwrap();
                continue;
            }
            model.insert(number, debt.clone());
            desk.write(act(&desk), move |writer| writer.put(&debt)).wait().unwrap();
        }
        if round % 10 == 9 {
            desk.read(|reader| {
                agrees(reader, &model);
                Ok(())
            })
            .unwrap();
        }
    }
    assert!(model.len() > 15);
    let report = check::check(&desk).unwrap();
    assert!(report.damage.is_empty(), "{:?}", report.damage);
}

const LOOPS: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("loops");
const META: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("meta");

/// Changes the loops behind the store's back.
#[allow(clippy::disallowed_methods)] // the test makes damage and an earlier layout
fn behind_its_back(database: &redb::Database, mark: Option<&str>) {
    let mut txn = database.begin_write().unwrap();
    txn.set_two_phase_commit(true);
    txn.set_quick_repair(true);
    {
        let mut loops = txn.open_table(LOOPS).unwrap();
        let last = loops.last().unwrap().unwrap().0.value().to_vec();
        assert_eq!(last[0], 3, "the last row is a count");
        loops.insert(last.as_slice(), 9_u64.to_be_bytes().as_slice()).unwrap();
        if let Some(mark) = mark {
            txn.open_table(META)
                .unwrap()
                .insert("rules_fingerprint".as_bytes(), mark.as_bytes())
                .unwrap();
        }
    }
    txn.commit().unwrap();
}

#[test]
fn a_wrong_count_is_found_and_an_earlier_layout_is_built_anew() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("store.redb");
    let open = || {
        let keys = KeyRing::with_device(Kek::from_bytes([5; 32]));
        sealed::open(&file, &keys, 8 << 20).unwrap().database
    };
    let keys = KeyRing::with_device(Kek::from_bytes([5; 32]));
    let desk = desk_over(sealed::create(&file, &keys, 8 << 20).unwrap().database);
    let mut dice = Dice(3);
    let model: BTreeMap<_, _> = (0..20).map(|n| (n, any_debt(&mut dice, n))).collect();
    for debt in model.values() {
        let debt = debt.clone();
        desk.write(act(&desk), move |writer| writer.put(&debt)).wait().unwrap();
    }
    desk.close();
    drop(desk);
    behind_its_back(&open(), None);
    let wrong = desk_over(open());
    let report = check::check(&wrong).unwrap();
    assert_eq!(report.damage, ["the loops have 1 rows too many or wrong and 0 too few"]);
    wrong.close();
    drop(wrong);
    behind_its_back(&open(), Some(&Rules::default().fingerprint()));
    let right = desk_over(open());
    right
        .read(|reader| {
            agrees(reader, &model);
            Ok(())
        })
        .unwrap();
    assert!(check::check(&right).unwrap().damage.is_empty());
}
