//! A page goes bad while the desk is open: whoever needs it gets an error that names it, everybody
//! else goes on, changes are refused in plain words, and the daemon does not end.

use crate::clinic::{self, Note};
use crate::sim::{Dice, Fault as DiskFault, Sim};
use almoner_core::actor::Actor;
use almoner_core::ids::PatientId;
use almoner_store::{Act, Desk, Verb, sealed};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const BLOCK: usize = 4096;
const DATA_START: usize = 24_576;

/// What a bad page did to a running desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Course {
    /// Nobody needed the page.
    Unnoticed,
    /// The desk went on without it.
    WentOn,
    /// The writer needs the page: nothing can be put on the trail, so no chart leaves the house.
    NoTrail,
    /// The file can't be opened without it: the daemon ended once and says why at its start.
    Ended,
}

struct Running {
    desk: Desk,
    ended: Arc<AtomicBool>,
}

#[test]
fn a_page_damaged_while_the_desk_is_open_is_named_and_the_rest_goes_on() {
    let bytes = filled();
    let blocks = (bytes.len() - DATA_START) / BLOCK;
    let mut courses = Vec::new();
    for block in (0..blocks).filter(|block| block % 130 >= 2 && block % 3 == 0) {
        let sim = Sim::of(bytes.clone());
        let running = open(&sim);
        sim.flip(DATA_START + block * BLOCK + 77);
        courses.push(running.course(&sim));
    }
    let count = |course| courses.iter().filter(|one| **one == course).count();
    println!(
        "{} pages damaged in use: {} unnoticed, {} went on, {} without trail, {} ended",
        courses.len(),
        count(Course::Unnoticed),
        count(Course::WentOn),
        count(Course::NoTrail),
        count(Course::Ended)
    );
    // Built with debug assertions redb walks through the whole file at every open, so that any
    // damage ends the desk; the shipped build does not.
    let expected = if cfg!(debug_assertions) { 0 } else { courses.len() / 2 };
    assert!(count(Course::WentOn) >= expected);
}

#[test]
fn a_page_that_the_disk_can_not_read_is_treated_the_same() {
    let bytes = filled();
    let mut courses = BTreeSet::new();
    for at in 1..12 {
        let sim = Sim::of(bytes.clone());
        let running = open(&sim);
        sim.set_fault(Some(DiskFault { at, once: true, errno: 5, half_written: false }));
        courses.insert(running.course(&sim));
    }
    assert!(courses.contains(&Course::WentOn) && !courses.contains(&Course::Ended), "{courses:?}");
}

#[test]
fn a_failed_write_still_ends_the_desk() {
    let sim = Sim::of(filled());
    let running = open(&sim);
    assert_eq!(running.read_all(), Ok(240));
    sim.set_fault(Some(DiskFault { at: 1, once: false, errno: 5, half_written: false }));
    assert!(running.note_an_access().is_err());
    running.settle(|| running.ended.load(Ordering::Acquire));
    assert!(running.desk.failed());
}

impl Running {
    /// Reads everything, then does what people do; checks each promise on the way.
    fn course(&self, sim: &Sim) -> Course {
        let first = self.read_all().and_then(|_| self.note_an_access());
        let Err(told) = first else {
            assert!(self.desk.health().damage.is_none());
            self.desk.close();
            return Course::Unnoticed;
        };
        for _ in 0..3 {
            let _ = self.note_an_access(); // when it is answered the writer is at rest again
            let _ = self.read_all(); // the same page again: the same error
        }
        let course = self.note_an_access().map_or(Course::NoTrail, |()| Course::WentOn);
        let beat = self.desk.beat();
        if course == Course::NoTrail {
            self.settle(|| self.ended.load(Ordering::Acquire) || self.desk.beat() > beat);
        }
        if self.ended.load(Ordering::Acquire) {
            let again = clinic::open(sim).err().expect("a desk that ended does not open");
            assert!(again.contains("page"), "{again}");
            return Course::Ended;
        }
        let damage = self.desk.health().damage.expect("met");
        let named = told.contains(&damage.to_string()) || told.contains("os error 5");
        assert!(named || told.contains("nothing was saved"), "{told}");
        assert!(self.desk.read_only() && !self.desk.failed());
        assert_eq!(self.desk.health().warnings().len(), 1);
        let unit = clinic::next_unit(7_000, false, &[], &mut Dice::new(1));
        let act = Act::new(Actor::Appliance, Verb("note.write"), self.desk.clock().now());
        let refused = self.desk.write(act, move |writer| writer.put(&unit.notes[0])).wait();
        let words = refused.expect_err("changes are refused").to_string();
        assert!(words.contains("read-only") && words.contains("page"), "{words}");
        self.desk.close();
        assert!(!self.ended.load(Ordering::Acquire));
        course
    }

    fn read_all(&self) -> Result<usize, String> {
        let found = self.desk.read(|reader| {
            let mut notes = 0;
            for note in reader.all::<Note>()? {
                reader.history::<Note>(note.id)?;
                reader.trail_of(note.patient, 9)?;
                notes += 1;
            }
            reader.loops(None)?;
            Ok(notes)
        });
        found.map_err(|fault| fault.to_string())
    }

    fn note_an_access(&self) -> Result<(), String> {
        let act = Act::new(Actor::Appliance, Verb("chart.read"), self.desk.clock().now());
        let noted = self.desk.note_access(act, BTreeSet::from([PatientId::random()])).wait();
        noted.map_err(|fault| fault.to_string())
    }

    fn settle(&self, done: impl Fn() -> bool) {
        for _ in 0..2000 {
            if done() {
                return;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("the desk does not come to rest");
    }
}

/// A store at rest with 240 notes of 1 to 3 KB.
fn filled() -> Vec<u8> {
    let sim = crate::story::begin().sim;
    let desk = clinic::open(&sim).expect("opens");
    let mut dice = Dice::new(5);
    for stamp in 0..20 {
        let mut unit = clinic::next_unit(stamp, true, &[], &mut dice);
        unit.notes
            .iter_mut()
            .for_each(|note| note.words = "w".repeat(1000 + 200 * (note.stamp as usize % 10)));
        assert!(clinic::hand_in(&desk, stamp, &unit, true));
    }
    desk.close();
    drop(desk);
    sim.live()
}

fn open(sim: &Sim) -> Running {
    let (disk, ended) = (sim.clone(), Arc::new(AtomicBool::new(false)));
    let unsealed = move || {
        let storage =
            || -> std::io::Result<Box<dyn redb::StorageBackend>> { Ok(Box::new(disk.clone())) };
        // A cache of almost nothing: what is read comes from the disk.
        sealed::open_on(&storage, crate::story::keys(), 4096)
    };
    let told = Arc::clone(&ended);
    let on_failure = Box::new(move |fault: &almoner_core::fault::Fault| {
        println!("ended: {fault}");
        told.store(true, Ordering::Release);
    });
    let setup = clinic::setup(on_failure);
    let opened = unsealed().expect("opens");
    let desk = Desk::open_sealed(opened, Box::new(unsealed), setup, "almoner-power");
    Running { desk: desk.expect("a desk"), ended }
}
