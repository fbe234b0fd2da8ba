//! The store against the world: power cuts, damaged bytes, failing disks, lost keys.
//!
//! Everything here goes through the product's own open on simulated storage, so what is proved
//! holds for the shipped code. How much is tried is set by the environment:
//! `ALMONER_POWER_SEEDS` (default 300), `ALMONER_FLIPS` (500), `ALMONER_FAULT_STEP` (10);
//! `ALMONER_POWER_SEED=n` repeats one power cut by its number.
#![allow(clippy::disallowed_methods)] // these tests stand in for the writer below the Desk
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::print_stdout)]
#![allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)] // sizes of small tests
#![allow(clippy::similar_names)] // a story and its store
#![allow(clippy::panic, clippy::unused_self)] // a test that gives up says so

#[path = "power/clinic.rs"]
mod clinic;
#[path = "power/cuts.rs"]
mod cuts;
#[path = "power/damage.rs"]
mod damage;
#[path = "power/desk.rs"]
mod desk;
#[path = "power/faults.rs"]
mod faults;
#[path = "power/files.rs"]
mod files;
#[path = "power/raw.rs"]
mod raw;
#[path = "power/running.rs"]
mod running;
#[path = "power/sim.rs"]
mod sim;
#[path = "power/slots.rs"]
mod slots;
#[path = "power/story.rs"]
mod story;

use std::sync::atomic::{AtomicU64, Ordering};

/// A count from the environment, or what is usual.
fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().map_or(usual, |text| text.parse().expect("a number"))
}

/// Runs `work` for the numbers 0 to `count` on all cores; failures are collected, not fatal.
fn on_all_cores(count: u64, work: impl Fn(u64) -> Result<(), String> + Sync) -> Vec<String> {
    let next = AtomicU64::new(0);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let run = || {
        let mut failures = Vec::new();
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= count {
                return failures;
            }
            let quiet = std::panic::AssertUnwindSafe(|| work(number));
            match std::panic::catch_unwind(quiet) {
                Ok(Ok(())) => {}
                Ok(Err(failure)) => failures.push(format!("{number}: {failure}")),
                Err(_) => failures.push(format!("{number}: panicked")),
            }
        }
    };
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..cores).map(|_| scope.spawn(run)).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("a worker")).collect()
    })
}
