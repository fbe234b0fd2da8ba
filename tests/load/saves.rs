//! Durable saves: `Desk` with index, loop, history and trail on a sealed file, beside bare redb that
//! writes the same bytes to a plain file, one thread committing for all that wait.

use crate::{CACHE, rate};
use almoner_core::actor::Actor;
use almoner_core::ids::{PatientId, StaffId};
use almoner_core::loops::{Due, Loop, LoopKind, Owner};
use almoner_core::phrase::Phrase;
use almoner_core::rules::Rules;
use almoner_core::time::Clock;
use almoner_store::keys::{Kek, KeyRing};
use almoner_store::{
    Act, Desk, Index, Key, Keys, Kind, KindEntry, Record, Setup, Verb, codec, sealed,
};
use redb::{Database, TableDefinition};
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::time::{Duration, Instant};

const ROWS: TableDefinition<'_, &[u8], &[u8]> = TableDefinition::new("rows");
const BY_WORD: Index = Index { code: 900, name: "note-word" };
/// How long each figure is taken.
const TIME: Duration = Duration::from_secs(4);

almoner_core::record_id!(
    /// A note of the bench.
    NoteId
);

#[derive(Clone, Serialize, Deserialize)]
struct Note {
    id: NoteId,
    patient: PatientId,
    owner: Owner,
    words: String,
}

type Row = (Vec<u8>, Vec<u8>, SyncSender<()>);

impl Record for Note {
    type Id = NoteId;
    const KIND: Kind = Kind { code: 900, name: "note" };
    fn id(&self) -> NoteId {
        self.id
    }
    fn patient(&self) -> Option<PatientId> {
        Some(self.patient)
    }
    fn keys(&self, keys: &mut Keys) {
        keys.add(BY_WORD, Key::all().text("note"));
    }
    fn loops(&self, _rules: &Rules) -> Vec<Loop> {
        let says = || Phrase::new("note");
        vec![Loop {
            slot: 0,
            kind: LoopKind::Task,
            owner: self.owner,
            patient: Some(self.patient),
            opens: None,
            due: Due::Day("2026-11-25".parse().unwrap()),
            what: says(),
            why: says(),
            next: says(),
            next_path: String::new(),
            path: String::new(),
            clock: None,
        }]
    }
}

/// Prints saves a second of both, for 1, 16 and 64 writers.
pub(crate) fn run(folder: &Path) {
    println!("\ndurable saves/s      Desk   bare redb");
    for writers in [1, 16, 64] {
        let ours = desk(&folder.join(format!("desk-{writers}")), writers);
        let bare = bare(&folder.join(format!("bare-{writers}")), writers);
        println!("{writers:>3} writers     {ours:>10.0} {bare:>10.0}   {:.2}", ours / bare);
    }
}

fn desk(path: &Path, writers: usize) -> f64 {
    let keys = KeyRing::with_device(Kek::from_bytes([5; 32]));
    let setup = Setup {
        rules: Arc::new(Rules::default()),
        clock: Clock::default(),
        kinds: vec![KindEntry::of::<Note>()],
        reactions: Vec::new(),
        boot: "load".into(),
        on_failure: Box::new(|fault| panic!("{fault}")),
    };
    let made = sealed::create(path, &keys, CACHE).unwrap();
    let desk = Desk::open(made.database, setup, "load").unwrap();
    let figure = together(writers, || {
        let note = note();
        let act = Act::new(Actor::Appliance, Verb("note.write"), desk.clock().now());
        desk.write(act, move |writer| writer.put(&note)).wait().unwrap();
    });
    desk.close();
    figure
}

fn bare(path: &Path, writers: usize) -> f64 {
    let database = Database::create(path).unwrap();
    let (sender, rows) = sync_channel::<Row>(256);
    std::thread::scope(|scope| {
        scope.spawn(move || commit_all(&database, &rows));
        let figure = together(writers, || {
            let note = note();
            let row = codec::row(codec::RowHeader { shape: 1, version: 1 }, &note).unwrap();
            let (answer, answered) = sync_channel(1);
            let key = almoner_core::ids::RecordId::bytes(note.id).to_vec();
            sender.send((key, row, answer)).unwrap();
            answered.recv().unwrap();
        });
        drop(sender);
        figure
    })
}

fn commit_all(database: &Database, rows: &Receiver<Row>) {
    while let Ok(first) = rows.recv() {
        let batch: Vec<Row> = std::iter::once(first).chain(rows.try_iter().take(511)).collect();
        let mut write = database.begin_write().unwrap();
        write.set_two_phase_commit(true);
        write.set_quick_repair(true);
        {
            let mut table = write.open_table(ROWS).unwrap();
            for (key, row, _) in &batch {
                table.insert(key.as_slice(), row.as_slice()).unwrap();
            }
        }
        write.commit().unwrap();
        for (_, _, answer) in batch {
            let _ = answer.send(());
        }
    }
}

/// Saves a second of so many threads, each saving one after the other.
fn together(writers: usize, save: impl Fn() + Sync) -> f64 {
    let started = Instant::now();
    let work = || {
        let mut saved = 0;
        while started.elapsed() < TIME {
            save();
            saved += 1;
        }
        saved
    };
    let saved: usize = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..writers).map(|_| scope.spawn(work)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).sum()
    });
    rate(saved, started)
}

fn note() -> Note {
    Note {
        id: NoteId::random(),
        patient: PatientId::random(),
        owner: Owner::Staff(StaffId::random()),
        words: "w".repeat(300),
    }
}
