//! The sealed pages alone, without redb and its habits: random writes anywhere, growing,
//! shortening and syncing, cut off at any moment. What was durable and not touched since must
//! be there, byte for byte; what was touched may be old, new or refused, but nothing else.

use crate::sim::{Device, Dice, Sim, image, moment};
use crate::story;
use crate::{on_all_cores, setting};
use almoner_store::sealed::{Sealed, pages_on};
use redb::StorageBackend;
use std::collections::{BTreeMap, BTreeSet};
use std::io;

const PAGE: u64 = 4096;
const MOST_PAGES: u64 = 700;

/// The stamp that fills a page, by page number; a page not listed was never written.
type Pages = BTreeMap<u64, u64>;

/// What was done to a disk, for saying what must be there after a cut.
struct Told {
    sim: Sim,
    sealed: Sealed,
    length: u64,
    now: Pages,
    /// Pages and length as of each completed sync, with the length of the log then.
    synced: Vec<(usize, Pages, u64)>,
    /// Every page written or cut off, with the length of the log before.
    touched: Vec<(usize, u64)>,
    /// All that a page ever held: pages cut off may show it again when the file grows.
    ever: BTreeMap<u64, BTreeSet<u64>>,
}

#[test]
fn durable_pages_survive_any_cut_and_no_page_is_ever_something_else() {
    let base = story::begin().sim.live();
    let failures = on_all_cores(setting("ALMONER_POWER_SEEDS", 300), |seed| {
        let device = Device::ALL[seed as usize % Device::ALL.len()];
        let mut dice = Dice::new(seed ^ 0x4A17);
        let first = Told::begin(&base).map_err(|error| error.to_string())?;
        let (mut disk, mut now, mut ever) = (first.sim.live(), first.now, first.ever);
        for depth in 0..3 {
            let mut told = Told::on(disk.clone(), now, ever).map_err(|error| error.to_string())?;
            for _ in 0..dice.range(5, 80) {
                told.step(&mut dice).map_err(|error| error.to_string())?;
            }
            let log = told.sim.log();
            let cut = moment(&log, 0, &mut dice);
            disk = image(&disk, &log, cut, dice.next(), device).bytes;
            now = told
                .judge(&Sim::of(disk.clone()), cut)
                .map_err(|why| format!("{device:?}, depth {depth}, cut {cut}: {why}"))?;
            ever = told.ever;
        }
        Ok(())
    });
    assert!(failures.is_empty(), "{} failed:\n{}", failures.len(), failures.join("\n"));
}

impl Told {
    /// A disk with two pages of ours in the place of what redb had there.
    fn begin(base: &[u8]) -> io::Result<Self> {
        let mut told = Self::on(base.to_vec(), Pages::new(), BTreeMap::new())?;
        told.resize(2)?;
        told.write(0, 2, 1)?;
        told.sealed.sync_data()?;
        told.write(0, 1, 1)?;
        told.sealed.sync_data()?;
        Ok(told)
    }

    fn on(disk: Vec<u8>, now: Pages, ever: BTreeMap<u64, BTreeSet<u64>>) -> io::Result<Self> {
        let sim = Sim::of(disk);
        let sealed = open(&sim)?;
        let length = sealed.len()? / PAGE;
        // Opening syncs; before that everything is as it was on the disk.
        let synced = vec![(0, now.clone(), length)];
        Ok(Self { sim, sealed, length, now, synced, touched: Vec::new(), ever })
    }

    fn step(&mut self, dice: &mut Dice) -> io::Result<()> {
        match dice.range(0, 10) {
            0 => self.resize(dice.range(2, MOST_PAGES)),
            1 | 2 => {
                self.sealed.sync_data()?;
                self.synced.push((self.sim.log_length(), self.now.clone(), self.length));
                Ok(())
            }
            3 => self.write(0, 1, dice.next()),
            _ => {
                let first = dice.range(1, self.length);
                self.write(first, dice.range(1, 6).min(self.length - first), dice.next())
            }
        }
    }

    fn resize(&mut self, pages: u64) -> io::Result<()> {
        let before = self.sim.log_length();
        self.sealed.set_len(pages * PAGE)?;
        self.touched.extend((pages..self.length).map(|page| (before, page)));
        self.now.retain(|page, _| *page < pages);
        self.length = pages;
        Ok(())
    }

    fn write(&mut self, first: u64, count: u64, stamp: u64) -> io::Result<()> {
        for page in first..first + count {
            self.touched.push((self.sim.log_length(), page));
            self.ever.entry(page).or_default().insert(stamp);
            self.now.insert(page, stamp);
        }
        let bytes = stamp.to_le_bytes().repeat((count * PAGE / 8) as usize);
        self.sealed.write(first * PAGE, &bytes)
    }

    /// Compares what is there after the cut with what must and may be; returns what is there.
    fn judge(&self, sim: &Sim, cut: usize) -> Result<Pages, String> {
        let sealed = open(sim).map_err(|error| error.to_string())?;
        let length = sealed.len().map_err(|error| format!("does not open: {error}"))? / PAGE;
        let last = self.synced.iter().rev().find(|(at, ..)| *at <= cut);
        let (since, durable, pages) = last.ok_or("no start")?;
        let touched: BTreeSet<u64> = self
            .touched
            .iter()
            .filter(|(at, _)| at >= since && *at <= cut)
            .map(|(_, page)| *page)
            .collect();
        if length < *pages && !touched.contains(&length) {
            return Err(format!("only {length} of {pages} pages are there"));
        }
        let mut found = Pages::new();
        for page in 0..length {
            let stamp = stamp_of(&sealed, page)?;
            let must = durable.get(&page).copied();
            let once = stamp.is_none_or(|stamp| self.ever[&page].contains(&stamp));
            let bound =
                must.is_some() && (!touched.contains(&page) || page == 0 && stamp.is_none());
            if !once || bound && stamp != must {
                return Err(format!("page {page} holds {stamp:?}, must be {must:?}"));
            }
            found.extend(stamp.map(|stamp| (page, stamp)));
        }
        Ok(found)
    }
}

/// The stamp that a page is filled with; `None` if it is refused.
fn stamp_of(sealed: &Sealed, page: u64) -> Result<Option<u64>, String> {
    let mut bytes = vec![0; PAGE as usize];
    if sealed.read(page * PAGE, &mut bytes).is_err() {
        return Ok(None);
    }
    if bytes.chunks_exact(8).any(|part| part != &bytes[..8]) {
        return Err(format!("page {page} is a mixture"));
    }
    Ok(Some(u64::from_le_bytes(bytes[..8].try_into().unwrap())))
}

fn open(sim: &Sim) -> io::Result<Sealed> {
    pages_on(Box::new(sim.clone()), story::keys()).map_err(io::Error::other)
}
