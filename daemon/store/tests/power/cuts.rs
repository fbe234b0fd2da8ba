//! Power cuts: thousands of disk images, each of which must open by itself and hold every
//! acknowledged change and nothing else; then power fails again during the recovery.

use crate::sim::{Device, Dice, Sim, image, image_of_liar, moment};
use crate::story::{self, Kind, Story};
use crate::{on_all_cores, setting};
use almoner_store::sealed::Opened;
use std::sync::atomic::{AtomicU64, Ordering};

/// How often power fails again while the store recovers from the cut before.
const DEPTH: u64 = 3;

#[test]
fn after_any_power_cut_the_store_opens_by_itself_and_holds_every_acknowledged_change() {
    let stories: Vec<Story> = Kind::ALL.iter().map(|kind| story::tell(*kind, 42)).collect();
    let only = std::env::var("ALMONER_POWER_SEED").ok().map(|_| setting("ALMONER_POWER_SEED", 0));
    let seeds = only.map_or(setting("ALMONER_POWER_SEEDS", 300), |_| 1);
    let (images, recovered) = (AtomicU64::new(0), AtomicU64::new(0));
    let started = std::time::Instant::now();
    let failures = on_all_cores(seeds, |number| {
        let seed = only.unwrap_or(number);
        let count =
            one_seed(&stories, seed, &recovered).map_err(|why| format!("seed {seed}: {why}"))?;
        images.fetch_add(count, Ordering::Relaxed);
        Ok(())
    });
    let (images, seconds) = (images.into_inner(), started.elapsed().as_secs_f64());
    println!(
        "{seeds} seeds, {images} images, {:.0} images/s, {seconds:.0} s, {} recovered in two steps",
        images as f64 / seconds,
        recovered.into_inner()
    );
    assert!(failures.is_empty(), "{} of {seeds} failed:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn a_disk_that_lies_about_syncs_is_caught_or_leaves_an_earlier_committed_state() {
    let stories: Vec<Story> = Kind::ALL.iter().map(|kind| story::tell(*kind, 43)).collect();
    let caught = AtomicU64::new(0);
    let seeds = setting("ALMONER_POWER_SEEDS", 300);
    let failures = on_all_cores(seeds, |seed| {
        let mut dice = Dice::new(seed ^ 0x11E5);
        let story = &stories[seed as usize % stories.len()];
        let log = story.sim.log();
        let cut = dice.range(story.created as u64 + 40, log.len() as u64 + 1) as usize;
        let (lies, device) = (1 + dice.index(6), Device::ALL[dice.index(Device::ALL.len())]);
        let disk = image_of_liar(&log, cut, lies, dice.next(), device);
        let found = story::open(&Sim::of(disk.bytes)).map_err(drop);
        let Ok((number, rows)) = found.and_then(|store| story::read(&store.database).map_err(drop))
        else {
            caught.fetch_add(1, Ordering::Relaxed);
            return Ok(());
        };
        if story.knows(number, &rows) {
            Ok(())
        } else {
            Err(format!("seed {seed}: wrong rows, {device:?}, {lies} lies"))
        }
    });
    println!("{seeds} lying disks, {} caught", caught.into_inner());
    assert!(failures.is_empty(), "{} failed:\n{}", failures.len(), failures.join("\n"));
}

/// One cut, and the cuts during its recovery; the number of images tried.
fn one_seed(stories: &[Story], seed: u64, recovered: &AtomicU64) -> Result<u64, String> {
    let device = Device::ALL[seed as usize % Device::ALL.len()];
    let story = &stories[seed as usize / Device::ALL.len() % stories.len()];
    let mut dice = Dice::new(seed ^ 0x0A1B_2C3D);
    let log = story.sim.log();
    let cut = moment(&log, story.created, &mut dice);
    let mut disk = image(&[], &log, cut, dice.next(), device);
    let mut least = disk.acked;
    let mut gone_on = 0;
    for depth in 1..=DEPTH {
        let place = format!("{device:?}, cut {depth} at {cut}, acked {least}");
        let sim = Sim::of(disk.bytes.clone());
        let (reached, opened) =
            survive(&sim, story, least, gone_on).map_err(|why| format!("{place}: {why}"))?;
        if opened != Opened::Clean {
            recovered.fetch_add(1, Ordering::Relaxed);
        }
        if depth > 1 && reached != least {
            return Err(format!("{place}: {reached} is there, {least} was shown before"));
        }
        let log = sim.log();
        let cut = moment(&log, 0, &mut dice);
        disk = image(&disk.bytes, &log, cut, dice.next(), device);
        gone_on = gone_on.max(disk.acked);
        least = reached;
    }
    Ok(DEPTH)
}

/// Opens an image and lives on; the transaction found, which from now on must stay.
fn survive(sim: &Sim, story: &Story, least: u64, gone_on: u64) -> Result<(u64, Opened), String> {
    let mut store = story::open(sim).map_err(|error| format!("does not open: {error}"))?;
    let (reached, rows) = story::read(&store.database).map_err(|error| format!("read: {error}"))?;
    if reached < least {
        return Err(format!("lost: only {reached} is there"));
    }
    if !story.knows(reached, &rows) {
        return Err(format!("wrong: content is not that of {reached}"));
    }
    let was = story::gone_on(&store.database).map_err(|error| format!("read: {error}"))?;
    if was < gone_on {
        return Err(format!("lost: {gone_on} after the cut was acknowledged, {was} is there"));
    }
    for number in was + 1..=was + 2 {
        story::go_on(&store.database, number).map_err(|error| format!("commit: {error}"))?;
        sim.ack(number);
    }
    match store.database.check_integrity() {
        Ok(true) => Ok((reached, store.opened)),
        Ok(false) => Err("check_integrity had to repair".to_owned()),
        Err(error) => Err(format!("check_integrity: {error}")),
    }
}
