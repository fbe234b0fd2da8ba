//! Damaged bytes: rot, swapped and replayed pages, cut files. Each must be noticed and named, or
//! hit what nobody reads; never a wrong row, never a panic.

use crate::sim::{Device, Dice, Op, Sim, image};
use crate::story::{self, Kind, Rows};
use crate::{on_all_cores, setting};
use almoner_store::keys::KeyError;
use almoner_store::sealed::SealedError;
use std::sync::atomic::{AtomicU64, Ordering};

const BLOCK: usize = 4096;
const DATA_START: usize = 24_576;
const REGION: usize = 130 * BLOCK;

/// What a damaged store did.
#[derive(Debug, PartialEq, Eq)]
enum Verdict {
    /// Every row is right: the damage hit nothing that is read.
    Same,
    /// An error that says which page.
    Named,
}

/// A store at rest, and what it must hold.
struct Truth {
    bytes: Vec<u8>,
    number: u64,
    rows: Rows,
}

#[test]
fn a_flipped_bit_is_named_or_hits_free_space() {
    let truths =
        [at_rest(Kind::Desk, true), at_rest(Kind::Desk, false), at_rest(Kind::Killed, true)];
    let (named, same) = (AtomicU64::new(0), AtomicU64::new(0));
    let flips = setting("ALMONER_FLIPS", 500);
    let failures = on_all_cores(flips, |number| {
        let truth = &truths[number as usize % truths.len()];
        let mut dice = Dice::new(number ^ 0xF11F);
        let mut bytes = truth.bytes.clone();
        let at = dice.index(bytes.len());
        bytes[at] ^= 1 << dice.range(0, 8);
        match truth.judge(bytes).map_err(|why| format!("byte {at}: {why}"))? {
            Verdict::Same => same.fetch_add(1, Ordering::Relaxed),
            Verdict::Named => named.fetch_add(1, Ordering::Relaxed),
        };
        Ok(())
    });
    println!("{flips} flips: {named:?} named, {same:?} in free space");
    assert!(failures.is_empty(), "{} failed:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn larger_damage_is_named_or_hits_free_space() {
    let truth = at_rest(Kind::Desk, true);
    let failures = on_all_cores(setting("ALMONER_FLIPS", 500) / 2, |number| {
        let mut dice = Dice::new(number ^ 0xD0_0D);
        let length = [1, 512, BLOCK][number as usize % 3];
        let mut bytes = truth.bytes.clone();
        let at = dice.index(bytes.len() / length) * length;
        let junk = if dice.chance(300) { vec![0; length] } else { dice.bytes(length) };
        bytes[at..at + length].copy_from_slice(&junk);
        truth.judge(bytes).map(drop).map_err(|why| format!("{length} bytes at {at}: {why}"))
    });
    assert!(failures.is_empty(), "{} failed:\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn swapped_pages_are_named() {
    let truth = at_rest(Kind::Desk, true);
    let pages = page_offsets(&truth.bytes);
    let named = AtomicU64::new(0);
    let failures = on_all_cores(200, |number| {
        let mut dice = Dice::new(number);
        let (one, other) = (pages[dice.index(pages.len())], pages[dice.index(pages.len())]);
        let mut bytes = truth.bytes.clone();
        let first = bytes[one..one + BLOCK].to_vec();
        bytes.copy_within(other..other + BLOCK, one);
        bytes[other..other + BLOCK].copy_from_slice(&first);
        if truth.judge(bytes)? == Verdict::Named {
            named.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(named.into_inner() > 50, "most pages of the small store are in use");
}

#[test]
fn a_page_put_back_to_an_earlier_state_is_named() {
    let (truth, early) = now_and_before();
    let changed: Vec<usize> = page_offsets(&early)
        .into_iter()
        .filter(|at| early[*at..*at + BLOCK] != truth.bytes[*at..*at + BLOCK])
        .collect();
    assert!(changed.len() > 30);
    let named = AtomicU64::new(0);
    let failures = on_all_cores(changed.len() as u64, |number| {
        let at = changed[number as usize];
        let mut bytes = truth.bytes.clone();
        bytes[at..at + BLOCK].copy_from_slice(&early[at..at + BLOCK]);
        if truth.judge(bytes)? == Verdict::Named {
            named.fetch_add(1, Ordering::Relaxed);
        }
        Ok(())
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(named.into_inner() > 10);
}

#[test]
fn a_whole_region_put_back_with_its_tag_blocks_is_named() {
    let (truth, early) = now_and_before();
    for start in (DATA_START..early.len() - 2 * BLOCK).step_by(REGION) {
        let end = (start + REGION).min(early.len());
        let mut bytes = truth.bytes.clone();
        bytes[start..end].copy_from_slice(&early[start..end]);
        assert_eq!(truth.judge(bytes).unwrap(), Verdict::Named, "region at {start}");
    }
    let mut bytes = early.clone();
    bytes.resize(truth.bytes.len(), 0);
    bytes[..DATA_START].copy_from_slice(&truth.bytes[..DATA_START]);
    assert_eq!(truth.judge(bytes).unwrap(), Verdict::Named, "all but the header");
    let mut bytes = truth.bytes.clone();
    bytes[..DATA_START].copy_from_slice(&early[..DATA_START]);
    assert_eq!(truth.judge(bytes).unwrap(), Verdict::Named, "only the header");
}

#[test]
fn a_file_cut_anywhere_is_refused() {
    let truth = at_rest(Kind::Desk, true);
    let failures = on_all_cores((truth.bytes.len() / BLOCK) as u64, |block| {
        let length = block as usize * BLOCK;
        match story::open(&Sim::of(truth.bytes[..length].to_vec())) {
            Err(SealedError::Damaged(_)) if length >= BLOCK => Ok(()),
            Err(SealedError::Key(KeyError::NotAStore)) if length < BLOCK => Ok(()),
            Err(other) => Err(format!("cut at {length}: unnamed: {other}")),
            Ok(_) => Err(format!("cut at {length}: opened")),
        }
    });
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn zeroed_tag_blocks_and_header_slots_are_named() {
    let truth = at_rest(Kind::Desk, true);
    let zeroed = |ranges: &[usize], length: usize| {
        let mut bytes = truth.bytes.clone();
        for start in ranges {
            bytes[*start..start + length].fill(0);
        }
        truth.judge(bytes).expect("named or harmless")
    };
    for region in (DATA_START..truth.bytes.len() - 2 * BLOCK).step_by(REGION) {
        zeroed(&[region], BLOCK);
        zeroed(&[region + BLOCK], BLOCK);
        zeroed(&[region, region + BLOCK], BLOCK);
    }
    assert_eq!(zeroed(&[DATA_START, DATA_START + BLOCK], BLOCK), Verdict::Named);
    assert_eq!(zeroed(&[4096], 8192), Verdict::Same, "the other slot mirrors it");
    assert_eq!(zeroed(&[12_288], 8192), Verdict::Same, "the other slot mirrors it");
    assert_eq!(zeroed(&[4096, 12_288], 8192), Verdict::Named);
    assert_eq!(zeroed(&[0], BLOCK), Verdict::Same, "key slots have two copies");
    assert_eq!(zeroed(&[20_480], BLOCK), Verdict::Same, "key slots have two copies");
}

/// A store after a story, and the same file at an earlier transaction, no longer than it is now.
fn now_and_before() -> (Truth, Vec<u8>) {
    let told = story::tell(Kind::Desk, 7);
    let log = told.sim.log();
    let middle = log.iter().position(|op| matches!(op, Op::Ack(20))).expect("transaction 20");
    let mut early = image(&[], &log, middle, 0, Device::Sectors).bytes;
    let truth = Truth::of(told.sim.live());
    early.truncate(truth.bytes.len());
    (truth, early)
}

/// A store after a whole story; closed, or as a power cut leaves it after the last sync.
fn at_rest(kind: Kind, closed: bool) -> Truth {
    let told = story::tell(kind, 99);
    if closed {
        drop(story::open(&told.sim).expect("opens"));
    }
    Truth::of(told.sim.live())
}

impl Truth {
    fn of(bytes: Vec<u8>) -> Self {
        let store = story::open(&Sim::of(bytes.clone())).expect("a whole store opens");
        let (number, rows) = story::read(&store.database).expect("a whole store is read");
        assert!(!rows.is_empty());
        Self { bytes, number, rows }
    }

    /// Opens and reads everything in a damaged copy.
    fn judge(&self, bytes: Vec<u8>) -> Result<Verdict, String> {
        let store = match story::open(&Sim::of(bytes)) {
            Ok(store) => store,
            Err(SealedError::Damaged(_)) => return Ok(Verdict::Named),
            Err(other) => return Err(format!("an error without a place: {other}")),
        };
        match story::read(&store.database) {
            Ok((number, rows)) if number == self.number && rows == self.rows => Ok(Verdict::Same),
            Ok((number, _)) => Err(format!("WRONG ROWS, as of transaction {number}")),
            Err(_) if store.gauge.damage().is_some() => Ok(Verdict::Named),
            Err(error) => Err(format!("an error without a place: {error}")),
        }
    }
}

/// Offsets of all data pages, not of tag blocks.
fn page_offsets(bytes: &[u8]) -> Vec<usize> {
    (DATA_START..=bytes.len() - BLOCK)
        .step_by(BLOCK)
        .filter(|at| (at - DATA_START) % REGION >= 2 * BLOCK)
        .collect()
}
