//! A small clinic at its desk before power fails: several people write notes, an import writes
//! many at once, and a ledger knows what was handed in and what was answered.

use crate::sim::{Dice, Fault as DiskFault, Sim};
use crate::story;
use almoner_core::actor::Actor;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{PatientId, RawId, StaffId};
use almoner_core::loops::{Due, Loop, LoopKind, Owner};
use almoner_core::phrase::Phrase;
use almoner_core::rules::Rules;
use almoner_core::time::Clock;
use almoner_store::{
    Act, Change, Desk, Index, Key, Keys, Kind, KindEntry, Reaction, Record, Setup, Verb, Writer,
    sealed,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

almoner_core::record_id!(
    /// A note of the clinic.
    NoteId
);

const BY_STAMP: Index = Index { code: 910, name: "note-stamp" };
const WRITERS: u64 = 4;
const UNITS_EACH: u64 = 14;
const CACHE: usize = 1 << 20;

/// A note with a loop while it is open; `stamp` is the unit that wrote it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Note {
    pub(crate) id: NoteId,
    pub(crate) patient: PatientId,
    pub(crate) stamp: u64,
    pub(crate) open: bool,
    pub(crate) words: String,
}

/// How many notes there are, kept by a reaction.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Tally {
    id: NoteId,
    pub(crate) notes: usize,
}

/// One unit as it was handed in.
#[derive(Clone, Debug)]
pub(crate) struct HandedIn {
    pub(crate) notes: Vec<Note>,
    /// Content of its source document, if it has one; kept under [`blob_name`].
    pub(crate) document: Option<Vec<u8>>,
    /// Place on the trail of its first note, looked up when it was answered.
    pub(crate) seq: Option<u64>,
}

/// What was handed in, by stamp, and the stamps answered, in order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger {
    pub(crate) units: BTreeMap<u64, HandedIn>,
    pub(crate) acked: Vec<u64>,
}

/// A clinic's day: the disk with its log, and the ledger.
pub(crate) struct Day {
    pub(crate) sim: Sim,
    pub(crate) created: usize,
    pub(crate) ledger: Ledger,
}

impl Record for Note {
    type Id = NoteId;
    const KIND: Kind = Kind { code: 910, name: "note" };
    fn id(&self) -> NoteId {
        self.id
    }
    fn patient(&self) -> Option<PatientId> {
        Some(self.patient)
    }
    fn keys(&self, keys: &mut Keys) {
        keys.add(BY_STAMP, Key::all().text(&self.stamp.to_string()));
    }
    fn loops(&self, _rules: &Rules) -> Vec<Loop> {
        let owed = Loop {
            slot: 0,
            kind: LoopKind::Task,
            owner: Owner::Staff(StaffId(RawId::from_bytes([(self.stamp % 3) as u8; 16]))),
            patient: Some(self.patient),
            opens: None,
            due: Due::Day(format!("2026-11-{:02}", 1 + self.stamp % 28).parse().unwrap()),
            what: Phrase::new("note"),
            why: Phrase::new("note"),
            next: Phrase::new("note"),
            next_path: String::new(),
            path: String::new(),
            clock: None,
        };
        if self.open { vec![owed] } else { Vec::new() }
    }
}

impl Record for Tally {
    type Id = NoteId;
    const KIND: Kind = Kind { code: 911, name: "tally" };
    fn id(&self) -> NoteId {
        self.id
    }
    fn patient(&self) -> Option<PatientId> {
        None
    }
}

pub(crate) fn tally_id() -> NoteId {
    NoteId(RawId::from_bytes([7; 16]))
}

fn count(writer: &mut Writer<'_>, change: Change) -> Outcome<()> {
    let notes = writer.find::<Tally>(tally_id())?.map_or(0, |tally| tally.notes);
    if change.created { writer.put(&Tally { id: tally_id(), notes: notes + 1 }) } else { Ok(()) }
}

/// Opens the desk over a disk, as the daemon does at its start.
pub(crate) fn open(sim: &Sim) -> Result<Desk, String> {
    let storage =
        || -> std::io::Result<Box<dyn redb::StorageBackend>> { Ok(Box::new(sim.clone())) };
    let opened = sealed::open_on(&storage, story::keys(), CACHE);
    let database = opened.map_err(|error| format!("does not open: {error}"))?.database;
    Desk::open(database, setup(Box::new(|_| ())), "almoner-power")
        .map_err(|fault| format!("no desk: {fault}"))
}

/// What the desk must be told.
pub(crate) fn setup(on_failure: Box<dyn Fn(&Fault) + Send + Sync>) -> Setup {
    Setup {
        rules: Arc::new(Rules::default()),
        clock: Clock::default(),
        kinds: vec![KindEntry::of::<Note>(), KindEntry::of::<Tally>()],
        reactions: vec![Reaction { on: Note::KIND, react: count }],
        boot: "boot".into(),
        on_failure,
    }
}

/// A whole day on a new disk. With `faults`, the disk fails four times and the daemon starts again.
pub(crate) fn day(seed: u64, faults: bool) -> Day {
    let begun = story::begin();
    let (sim, created) = (begun.sim, begun.created);
    let ledger = Arc::new(Mutex::new(Ledger::default()));
    let rounds = if faults { 5 } else { 1 };
    for round in 0..rounds {
        let desk = open(&sim).expect("the desk opens");
        if faults && round + 1 < rounds {
            let at = 60 + Dice::new(seed + round).range(0, 160);
            sim.set_fault(Some(DiskFault { at, once: false, errno: 5, half_written: true }));
        }
        std::thread::scope(|scope| {
            for writer in 0..WRITERS {
                let (desk, sim, ledger) = (&desk, &sim, &ledger);
                let first = (round * WRITERS + writer) * 1000;
                scope.spawn(move || work(desk, sim, ledger, first, writer == 0, seed));
            }
        });
        if round + 1 == rounds {
            std::mem::forget(desk); // power fails while the daemon runs
        } else {
            desk.close();
        }
        sim.set_fault(None);
    }
    let ledger = ledger.lock().unwrap().clone();
    Day { sim, created, ledger }
}

/// One writer: units one after the other, each awaited, until the desk has failed.
fn work(desk: &Desk, sim: &Sim, ledger: &Mutex<Ledger>, first: u64, import: bool, seed: u64) {
    let mut dice = Dice::new(seed ^ first);
    let mut mine: Vec<Note> = Vec::new();
    for stamp in first..first + UNITS_EACH {
        let unit = next_unit(stamp, import, &mine, &mut dice);
        ledger.lock().unwrap().units.insert(stamp, unit.clone());
        if !hand_in(desk, stamp, &unit, import) {
            return;
        }
        let patient = unit.notes[0].patient;
        let entries = desk.read(|reader| reader.trail_of(patient, 1));
        let mut ledger = ledger.lock().unwrap();
        let seq = entries.ok().and_then(|entries| entries.last().map(|entry| entry.seq));
        ledger.units.get_mut(&stamp).unwrap().seq = seq;
        ledger.acked.push(stamp);
        sim.ack(ledger.acked.len() as u64);
        for note in unit.notes {
            mine.retain(|known| known.id != note.id);
            mine.push(note);
        }
    }
}

/// Hands a unit in as areas do; whether it was answered with success.
pub(crate) fn hand_in(desk: &Desk, stamp: u64, unit: &HandedIn, import: bool) -> bool {
    let unit = unit.clone();
    let act = Act::new(Actor::Appliance, Verb("note.write"), desk.clock().now());
    let work = move |writer: &mut Writer<'_>| {
        for note in &unit.notes {
            writer.put(note)?;
        }
        if let Some(document) = &unit.document {
            writer.keep_blob(&blob_name(stamp), document)?;
        }
        Ok(())
    };
    let pending = if import { desk.write_bulk(act, work) } else { desk.write(act, work) };
    pending.wait().is_ok()
}

/// Some new notes and some older ones with other words; an import has many, and a document.
pub(crate) fn next_unit(stamp: u64, import: bool, mine: &[Note], dice: &mut Dice) -> HandedIn {
    let many = if import { 12 } else { 1 + dice.range(0, 3) };
    let mut notes: Vec<Note> = Vec::new();
    for _ in 0..many {
        let words = "w".repeat(dice.range(1, if import { 1500 } else { 300 }) as usize);
        let old = mine.get(dice.index(mine.len() * 2)).map(|note| (note.id, note.patient));
        let old = old.filter(|(id, _)| !notes.iter().any(|note| note.id == *id));
        let (id, patient) = old.unwrap_or_else(|| (NoteId::random(), PatientId::random()));
        notes.push(Note { id, patient, stamp, open: dice.chance(600), words });
    }
    let document = import.then(|| vec![(stamp % 251) as u8; dice.range(0, 30_000) as usize]);
    HandedIn { notes, document, seq: None }
}

/// Name of a unit's source document.
pub(crate) fn blob_name(stamp: u64) -> [u8; 32] {
    let mut name = [9; 32];
    name[..8].copy_from_slice(&stamp.to_be_bytes());
    name
}
