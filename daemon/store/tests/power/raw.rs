//! The sealed pages alone, without redb and its habits: random writes anywhere, growing,
//! shortening and syncing, cut off at any moment. What was durable and not touched since must
//! be there, byte for byte; what was touched may be old, new or refused, but nothing else.

use crate::sim::{Device, Dice, Sim, image};
use crate::story;
use crate::{on_all_cores, setting};
use almoner_store::sealed::{Sealed, pages_on};
use redb::StorageBackend;
use std::collections::{BTreeMap, BTreeSet};

const PAGE: u64 = 4096;
const MOST_PAGES: u64 = 700;

/// The stamp that fills a page, by page number; a page not listed was never written.
type Pages = BTreeMap<u64, u64>;

/// What was done, for saying what must be there after a cut.
#[derive(Default)]
struct Told {
    /// Pages as of each completed sync, with the length of the log then.
    synced: Vec<(usize, Pages, u64)>,
    /// Every page touched and the stamp it got, with the length of the log before.
    touched: Vec<(usize, u64, u64)>,
}

#[test]
fn durable_pages_survive_any_cut_and_no_page_is_ever_something_else() {
    let failures = on_all_cores(setting("ALMONER_POWER_SEEDS", 300), |seed| {
        let device = Device::ALL[seed as usize % Device::ALL.len()];
        let mut dice = Dice::new(seed ^ 0x4A_17);
        let mut disk = story::begin().sim.live();
        let mut pages = Pages::new();
        for depth in 0..3 {
            let sim = Sim::of(disk.clone());
            let (told, length) = work(&sim, pages.clone(), &mut dice)
                .map_err(|error| format!("{device:?}, depth {depth}: {error}"))?;
            let log = sim.log();
            let cut = dice.index(log.len() + 1);
            disk = image(&disk, &log, cut, dice.next(), device).bytes;
            pages = judge(&Sim::of(disk.clone()), &told, cut, &pages, length)
                .map_err(|why| format!("{device:?}, depth {depth}, cut {cut}: {why}"))?;
        }
        Ok(())
    });
    assert!(failures.is_empty(), "{} failed:\n{}", failures.len(), failures.join("\n"));
}

/// Random work; what was told to be done, and the smallest length the file had.
fn work(sim: &Sim, mut pages: Pages, dice: &mut Dice) -> std::io::Result<(Told, u64)> {
    let sealed = pages_on(Box::new(sim.clone()), story::keys()).map_err(std::io::Error::other)?;
    let mut length = sealed.len()? / PAGE;
    let mut told = Told::default();
    told.synced.push((0, pages.clone(), length));
    for _ in 0..dice.range(5, 80) {
        let before = sim.log_length();
        match dice.range(0, 10) {
            0 => {
                let new = dice.range(2, MOST_PAGES);
                sealed.set_len(new * PAGE)?;
                for page in new..length {
                    told.touched.push((before, page, 0));
                    pages.remove(&page);
                }
                length = new;
            }
            1 | 2 => {
                sealed.sync_data()?;
                told.synced.push((sim.log_length(), pages.clone(), length));
            }
            3 => put(&sealed, sim, 0, 1, &mut pages, &mut told, dice)?,
            _ => {
                let first = dice.range(1, length);
                let count = dice.range(1, 6).min(length - first);
                put(&sealed, sim, first, count, &mut pages, &mut told, dice)?;
            }
        }
    }
    Ok((told, length))
}

fn put(
    sealed: &Sealed,
    sim: &Sim,
    first: u64,
    count: u64,
    pages: &mut Pages,
    told: &mut Told,
    dice: &mut Dice,
) -> std::io::Result<()> {
    let stamp = dice.next() | 1;
    for page in first..first + count {
        told.touched.push((sim.log_length(), page, stamp));
        pages.insert(page, stamp);
    }
    let bytes = stamp.to_le_bytes().repeat((count * PAGE / 8) as usize);
    sealed.write(first * PAGE, &bytes)
}

/// Compares what is there after the cut with what must and may be; returns what is there.
fn judge(sim: &Sim, told: &Told, cut: usize, start: &Pages, _length: u64) -> Result<Pages, String> {
    let sealed = pages_on(Box::new(sim.clone()), story::keys()).map_err(|e| e.to_string())?;
    let length = sealed.len().map_err(|error| format!("does not open: {error}"))? / PAGE;
    let (since, durable, least) =
        told.synced.iter().rev().find(|(at, ..)| *at <= cut).ok_or("no start")?;
    let mut may: BTreeMap<u64, BTreeSet<u64>> = BTreeMap::new();
    for (_, page, stamp) in told.touched.iter().filter(|(at, ..)| at >= since && *at <= cut) {
        may.entry(*page).or_default().insert(*stamp);
    }
    let mut found = Pages::new();
    for page in 0..length {
        let mut bytes = vec![0; PAGE as usize];
        let there = sealed.read(page * PAGE, &mut bytes).ok();
        let stamp = there.map(|()| u64::from_le_bytes(bytes[..8].try_into().unwrap()));
        let must = durable.get(&page).or(start.get(&page).filter(|_| *since == 0)).copied();
        let whole = stamp.is_none_or(|s| bytes.chunks_exact(8).all(|part| part == s.to_le_bytes()));
        let first_ever = page == 0 && must.is_none();
        let right = match (stamp, may.get(&page)) {
            (_, None) => stamp == must || first_ever,
            (Some(stamp), Some(any)) => Some(stamp) == must || any.contains(&stamp) || first_ever,
            (None, Some(_)) => page != 0,
        };
        if !right || (!whole && !first_ever) {
            return Err(format!("page {page} holds {stamp:?}, must be {must:?}"));
        }
        if let Some(stamp) = stamp.filter(|_| !first_ever) {
            found.insert(page, stamp);
        }
    }
    if length < *least && !may.contains_key(&length) {
        return Err(format!("only {length} of {least} pages are there"));
    }
    Ok(found)
}
