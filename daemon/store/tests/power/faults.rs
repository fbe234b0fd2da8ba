//! A failing disk: EIO, a full disk and half-done writes at every operation. Nothing may be
//! acknowledged after the error, and what was acknowledged before must be there at the next open.

use crate::sim::{Device, Dice, Fault, Sim, image};
use crate::story::{self, Story};
use crate::{on_all_cores, setting};

const EIO: i32 = 5;
const ENOSPC: i32 = 28;
const TRANSACTIONS: u64 = 12;

#[test]
fn after_a_failed_operation_nothing_is_acknowledged_and_nothing_is_lost() {
    let quiet = run(None).expect("a story without fault");
    let operations = quiet.sim.operations();
    assert_eq!(quiet.acked, TRANSACTIONS);
    let step = setting("ALMONER_FAULT_STEP", 10);
    let tries = operations / step * 6;
    let failures = on_all_cores(tries, |number| {
        let fault = Fault {
            at: 1 + number / 6 * step,
            once: number % 2 == 0,
            errno: if number % 6 < 3 { EIO } else { ENOSPC },
            half_written: number % 3 == 0,
        };
        let story = run(Some(fault)).map_err(|why| format!("{fault:?}: {why}"))?;
        check(&story, number).map_err(|why| format!("{fault:?}: {why}"))
    });
    println!("{tries} faults in {operations} operations");
    assert!(failures.is_empty(), "{} failed:\n{}", failures.len(), failures.join("\n"));
}

/// Opens a new store and commits, with a fault somewhere; goes on trying after it.
fn run(fault: Option<Fault>) -> Result<Story, String> {
    let mut story = story::begin();
    story.sim.set_fault(fault);
    let Ok(store) = story::open(&story.sim) else { return Ok(story) };
    let mut dice = Dice::new(3);
    let mut failed = false;
    for number in 1..=TRANSACTIONS {
        let mut rows = story.newest();
        for _ in 0..dice.range(1, 9) {
            let length = if dice.chance(80) { 30_000 } else { 400 };
            rows.insert(dice.range(0, 60), dice.bytes(length));
        }
        let refused = story.commit(&store.database, number, rows).is_err();
        if failed && !refused {
            return Err(format!("transaction {number} was acknowledged after the error"));
        }
        failed |= refused;
        if refused {
            // What comes next would be told from a state that may not exist.
            let known = story.acked + 1;
            story.oracle.retain(|told, _| *told <= known);
        }
    }
    if dice.chance(500) {
        std::mem::forget(store);
    }
    Ok(story)
}

/// Reopens the disk as the process left it, and as a power cut on top of that leaves it.
fn check(story: &Story, seed: u64) -> Result<(), String> {
    let log = story.sim.log();
    let cut = image(&[], &log, log.len(), seed, Device::Sectors);
    for disk in [story.sim.live(), cut.bytes] {
        let store =
            story::open(&Sim::of(disk)).map_err(|error| format!("does not open: {error}"))?;
        let (reached, rows) = story::read(&store.database).map_err(|error| error.to_string())?;
        if reached < story.acked || !story.knows(reached, &rows) {
            return Err(format!("{reached} is there, {} was acknowledged", story.acked));
        }
        story::go_on(&store.database, 1).map_err(|error| format!("does not go on: {error}"))?;
    }
    Ok(())
}
