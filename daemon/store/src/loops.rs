//! The loops table: what is owed, in the order of deadlines, from three sides (its owner, the team,
//! its patient), and how much of it there is. A loop's value stands once, at its owner; the other
//! two sides name the owner. The counts are kept by the call that keeps the loops, so that a page
//! tells the size of a worklist without reading it. All of it is derived and can be rebuilt.
//!
//! | side | key | value |
//! |---|---|---|
//! | owner | 0, owner (17), late-from (8), kind (2), id (16), slot (1), loop kind (1) | loop |
//! | patient | 1, patient (16), late-from … loop kind | owner (17) |
//! | team | 2, late-from … loop kind | owner (17) |
//! | counts | 3, scope (17), loop kind (1), day (4) | number (8) |

use crate::codec;
use crate::derive::sortable;
use crate::engine::after;
use crate::reader::Reader;
use crate::record::Kind;
use crate::tables::Table;
use crate::unit::Unit;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{PatientId, RawId, RecordId, StaffId};
use almoner_core::loops::{Loop, LoopKind, OpenLoop, Owner, Scope};
use almoner_core::time::{Timestamp, Zone};
use chrono::{Datelike, NaiveDate, TimeDelta};
use std::collections::BTreeMap;

/// Counts up with the layout above, so that the next start builds the table anew.
pub(crate) const LAYOUT: u32 = 2;

const OWNER: u8 = 0;
const PATIENT: u8 = 1;
const TEAM: u8 = 2;
const COUNTS: u8 = 3;

/// Bytes of a key behind its side's prefix: late-from, kind, id, slot, loop kind.
const TAIL: usize = 8 + 2 + 16 + 1 + 1;

/// A row of a table: key and value.
pub(crate) type Row = (Vec<u8>, Vec<u8>);

/// Numbers of loops by the key of their count.
pub(crate) type Counts = BTreeMap<Vec<u8>, u64>;

impl Reader<'_> {
    /// How many loops are open, by kind and by the clinic day with which the deadline ends (of a
    /// deadline at midnight: the day before it). Reads as many rows as there are such pairs, not
    /// as there are loops.
    pub fn loop_counts(&self, scope: Scope) -> Outcome<Vec<(LoopKind, NaiveDate, u64)>> {
        let prefix = counts_prefix(scope);
        let mut counts = Vec::new();
        self.scan_prefix(Table::Loops, &prefix, &mut |key, value| {
            counts.extend(count_of(key, value));
            Ok(true)
        })?;
        Ok(counts)
    }

    /// How many loops are late at this reader's moment: whole days from the counts, the day that
    /// is under way from its loops.
    pub fn late_loops(&self, scope: Scope) -> Outcome<u64> {
        let zone = self.rules().zone;
        let today = zone.day(self.now());
        let days = self.loop_counts(scope)?;
        let past: u64 = days.iter().filter(|(_, day, _)| *day < today).map(|(.., n)| n).sum();
        let (from, to) = (next(begin_of(zone, today)), next(self.now()));
        let mut since = 0;
        self.each_loop(scope, Some(from), Some(to), &mut |_| {
            since += 1;
            Ok(true)
        })?;
        Ok(past + since)
    }

    /// The open loops that are late from `from` on and before `to`, the earliest deadline first, at
    /// most `limit`. A day is late from its end.
    pub fn loops_between(
        &self,
        scope: Scope,
        from: Option<Timestamp>,
        to: Option<Timestamp>,
        limit: usize,
    ) -> Outcome<Vec<OpenLoop>> {
        self.loops_where(scope, from, to, limit, &|_| true)
    }

    /// Like [`Reader::loops_between`], only loops of a kind that is `wanted`: others are passed by
    /// their keys alone.
    pub fn loops_where(
        &self,
        scope: Scope,
        from: Option<Timestamp>,
        to: Option<Timestamp>,
        limit: usize,
        wanted: &dyn Fn(LoopKind) -> bool,
    ) -> Outcome<Vec<OpenLoop>> {
        let mut loops = Vec::new();
        if limit > 0 {
            self.each_loop(scope, from, to, &mut |row| {
                if row.kind().is_some_and(wanted) {
                    loops.push(row.open(self)?);
                }
                Ok(loops.len() < limit)
            })?;
        }
        Ok(loops)
    }

    /// The open loops of an owner, the earliest deadline first; of all owners with `None`. For
    /// tests and checks: a page asks for as many as it shows.
    pub fn loops(&self, owner: Option<Owner>) -> Outcome<Vec<OpenLoop>> {
        let scope = owner.map_or(Scope::Team, Scope::Owner);
        self.loops_between(scope, None, None, usize::MAX)
    }

    /// The open loops of a patient, the earliest deadline first.
    pub fn loops_of(&self, patient: PatientId) -> Outcome<Vec<OpenLoop>> {
        let mut loops = Vec::new();
        self.scan_prefix(Table::Loops, &patient_prefix(patient), &mut |key, value| {
            loops.push(LoopRow { key, value }.open(self)?);
            Ok(true)
        })?;
        Ok(loops)
    }

    fn each_loop(
        &self,
        scope: Scope,
        from: Option<Timestamp>,
        to: Option<Timestamp>,
        visit: &mut dyn FnMut(LoopRow<'_>) -> Outcome<bool>,
    ) -> Outcome<()> {
        let prefix = match scope {
            Scope::Owner(owner) => owner_prefix(owner),
            Scope::Team => vec![TEAM],
        };
        let at = |edge: Timestamp| [prefix.as_slice(), &late_bytes(edge)].concat();
        let begin = from.map_or_else(|| prefix.clone(), at);
        let end = to.map_or_else(|| after(&prefix), |edge| Some(at(edge)));
        self.view.scan(Table::Loops, &begin, end.as_deref(), &mut |key, value| {
            visit(LoopRow { key, value })
        })
    }
}

/// A row of one of the three sides.
#[derive(Clone, Copy)]
struct LoopRow<'r> {
    key: &'r [u8],
    value: &'r [u8],
}

impl LoopRow<'_> {
    fn kind(self) -> Option<LoopKind> {
        self.key.last().and_then(|code| LoopKind::of_code(*code))
    }

    /// The loop; the sides that only name its owner fetch it there.
    fn open(self, reader: &Reader<'_>) -> Outcome<OpenLoop> {
        let damaged = || Fault::broken("a row of the loops is damaged: almoner store check");
        let tail = self.key.last_chunk::<TAIL>().ok_or_else(damaged)?;
        let ([_, _, _, _, _, _, _, _, high, low], rest) =
            tail.split_first_chunk::<10>().ok_or_else(damaged)?;
        let id = rest.first_chunk::<16>().ok_or_else(damaged)?;
        let owed = if self.key.first() == Some(&OWNER) {
            codec::decode(self.value)?
        } else {
            let key = [&[OWNER], self.value, tail.as_slice()].concat();
            codec::decode(&reader.view.get(Table::Loops, &key)?.ok_or_else(damaged)?)?
        };
        let kind = u16::from_be_bytes([*high, *low]);
        Ok(OpenLoop { kind, id: RawId::from_bytes(*id), owed })
    }
}

/// A loop's rows on all its sides.
pub(crate) fn rows(kind: Kind, id: [u8; 16], owed: &Loop, zone: Zone) -> Outcome<Vec<Row>> {
    let value = codec::encode(owed)?;
    let owner = owner_bytes(owed.owner).to_vec();
    let values = [value, owner.clone(), owner];
    Ok(keys(kind, id, owed, zone).into_iter().zip(values).collect())
}

/// The keys of a loop's rows: at its owner, in the team's list, at its patient.
pub(crate) fn keys(kind: Kind, id: [u8; 16], owed: &Loop, zone: Zone) -> Vec<Vec<u8>> {
    let mut keys = vec![owner_prefix(owed.owner), vec![TEAM]];
    keys.extend(owed.patient.map(patient_prefix));
    let late = late_bytes(owed.due.late_from(zone));
    for key in &mut keys {
        key.extend_from_slice(&late);
        key.extend_from_slice(&kind.code.to_be_bytes());
        key.extend_from_slice(&id);
        key.extend_from_slice(&[owed.slot, owed.kind.code()]);
    }
    keys
}

/// The counts that a loop is in: its owner's and the team's.
pub(crate) fn count_keys(owed: &Loop, zone: Zone) -> [Vec<u8>; 2] {
    let day = sortable(last_day(owed, zone).num_days_from_ce().into()).to_be_bytes();
    [Scope::Owner(owed.owner), Scope::Team].map(|scope| {
        let mut key = counts_prefix(scope);
        key.push(owed.kind.code());
        key.extend_from_slice(day.get(4..).unwrap_or_default());
        key
    })
}

/// Counts one loop more, or one less.
pub(crate) fn count(unit: &Unit<'_>, owed: &Loop, zone: Zone, more: bool) -> Outcome<()> {
    for key in count_keys(owed, zone) {
        let stood = unit.get(Table::Loops, &key)?.as_deref().map_or(0, number);
        let stands = if more { stood + 1 } else { stood.saturating_sub(1) };
        let value = (stands > 0).then(|| stands.to_be_bytes().to_vec());
        unit.set(Table::Loops, key, value);
    }
    Ok(())
}

/// Counts as rows of the table.
pub(crate) fn count_rows(counts: Counts) -> impl Iterator<Item = Row> {
    counts.into_iter().map(|(key, count)| (key, count.to_be_bytes().to_vec()))
}

fn count_of(key: &[u8], value: &[u8]) -> Option<(LoopKind, NaiveDate, u64)> {
    let [code, day @ ..] = key.last_chunk::<5>()?;
    let day = i64::from(u32::from_be_bytes(*day));
    let day = NaiveDate::from_num_days_from_ce_opt(i32::try_from(day).ok()?)?;
    Some((LoopKind::of_code(*code)?, day, number(value)))
}

fn number(value: &[u8]) -> u64 {
    value.try_into().map_or(0, u64::from_be_bytes)
}

fn late_bytes(at: Timestamp) -> [u8; 8] {
    sortable(at.timestamp_millis()).to_be_bytes()
}

/// The last day on which a loop is not late yet. A deadline at midnight ends the day before it.
fn last_day(owed: &Loop, zone: Zone) -> NaiveDate {
    zone.day(owed.due.late_from(zone) - TimeDelta::milliseconds(1))
}

/// The first instant of a day: the end of the day before.
fn begin_of(zone: Zone, day: NaiveDate) -> Timestamp {
    zone.end_of(day.pred_opt().unwrap_or(day))
}

/// The next instant that a key can tell apart.
fn next(at: Timestamp) -> Timestamp {
    at + TimeDelta::milliseconds(1)
}

fn counts_prefix(scope: Scope) -> Vec<u8> {
    let of = match scope {
        Scope::Owner(owner) => owner_bytes(owner),
        Scope::Team => [u8::MAX; 17],
    };
    [[COUNTS].as_slice(), &of].concat()
}

fn owner_prefix(owner: Owner) -> Vec<u8> {
    [[OWNER].as_slice(), &owner_bytes(owner)].concat()
}

fn owner_bytes(owner: Owner) -> [u8; 17] {
    let (tag, staff) = match owner {
        Owner::Unassigned => (0, [0; 16]),
        Owner::Staff(staff) => (1, StaffId::bytes(staff)),
    };
    let mut bytes = [tag; 17];
    for (byte, of) in bytes.iter_mut().skip(1).zip(staff) {
        *byte = of;
    }
    bytes
}

fn patient_prefix(patient: PatientId) -> Vec<u8> {
    [[PATIENT].as_slice(), &patient.bytes()].concat()
}
