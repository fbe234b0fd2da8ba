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
use std::io::Write;
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

/// What so many writers reached: saves a second, and how long one save took.
struct Figure {
    per_second: f64,
    p50: Duration,
    p99: Duration,
}

/// Prints saves a second of both, for 1, 16 and 64 writers, and how long one takes beside an fsync.
pub(crate) fn run(folder: &Path) {
    let sync = fsync(&folder.join("fsync"));
    println!("\none fsync after 4 KiB: p50 {:.2} ms", ms(sync));
    println!(
        "durable saves/s      Desk   p50 ms   p99 ms   p50/fsync   bare redb   p50 ms   share"
    );
    for writers in [1, 16, 64] {
        let ours = desk(&folder.join(format!("desk-{writers}")), writers);
        let bare = bare(&folder.join(format!("bare-{writers}")), writers);
        println!(
            "{writers:>3} writers     {:>10.0} {:>8.2} {:>8.2} {:>11.2} {:>11.0} {:>8.2} {:>7.2}",
            ours.per_second,
            ms(ours.p50),
            ms(ours.p99),
            ours.p50.as_secs_f64() / sync.as_secs_f64(),
            bare.per_second,
            ms(bare.p50),
            ours.per_second / bare.per_second
        );
    }
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

/// What the disk needs for one page, appended and synced: the half of many.
fn fsync(path: &Path) -> Duration {
    let mut file = std::fs::File::create(path).unwrap();
    let mut times: Vec<Duration> = (0..200)
        .map(|_| {
            let from = Instant::now();
            file.write_all(&[7; 4096]).unwrap();
            file.sync_data().unwrap();
            from.elapsed()
        })
        .collect();
    times.sort();
    times[times.len() / 2]
}

fn desk(path: &Path, writers: usize) -> Figure {
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

fn bare(path: &Path, writers: usize) -> Figure {
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

/// So many threads, each saving one after the other.
fn together(writers: usize, save: impl Fn() + Sync) -> Figure {
    let started = Instant::now();
    let work = || {
        let mut times = Vec::new();
        while started.elapsed() < TIME {
            let from = Instant::now();
            save();
            times.push(from.elapsed());
        }
        times
    };
    let mut times: Vec<Duration> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..writers).map(|_| scope.spawn(work)).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let per_second = rate(times.len(), started);
    times.sort();
    let count = times.len();
    Figure { per_second, p50: times[count / 2], p99: times[count * 99 / 100] }
}

fn note() -> Note {
    Note {
        id: NoteId::random(),
        patient: PatientId::random(),
        owner: Owner::Staff(StaffId::random()),
        words: "w".repeat(300),
    }
}
