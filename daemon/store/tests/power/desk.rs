//! The whole desk over a disk that loses power: each image opens unattended, its check is clean,
//! every answered unit is there with its entry on the trail, and nothing that was not handed in;
//! then power fails again during the recovery.

use crate::clinic::{self, Day, HandedIn, Ledger, Note, Tally};
use crate::sim::{Device, Dice, Sim, image, moment};
use crate::{on_all_cores, setting};
use almoner_store::{Desk, Reader, Record, check, codec};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};

/// How often power fails: the second and third time while the store recovers.
const DEPTH: u64 = 3;
/// Units handed in after a recovery are stamped from here on.
const AFTERWARDS: u64 = 1_000_000;

/// All images of notes in a store, now and before, by the unit that wrote them.
type Written = BTreeMap<u64, Vec<(u32, Note)>>;

#[test]
fn after_any_power_cut_the_desk_opens_and_holds_whole_units_with_their_entries() {
    let days = [clinic::day(1, false), clinic::day(2, true)];
    let seeds = (setting("ALMONER_POWER_SEEDS", 300) / 10).max(10);
    let images = AtomicU64::new(0);
    let started = std::time::Instant::now();
    let failures = on_all_cores(seeds, |seed| {
        let day = &days[seed as usize / Device::ALL.len() % days.len()];
        one_seed(day, seed).map_err(|why| format!("seed {seed}: {why}"))?;
        images.fetch_add(DEPTH, Ordering::Relaxed);
        Ok(())
    });
    println!(
        "{seeds} seeds, {} images of the desk in {:.0} s, {} and {} units answered",
        images.into_inner(),
        started.elapsed().as_secs_f64(),
        days[0].ledger.acked.len(),
        days[1].ledger.acked.len()
    );
    assert!(failures.is_empty(), "{} of {seeds} failed:\n{}", failures.len(), failures.join("\n"));
}

fn one_seed(day: &Day, seed: u64) -> Result<(), String> {
    let device = Device::ALL[seed as usize % Device::ALL.len()];
    let mut dice = Dice::new(seed ^ 0xDE5C);
    let log = day.sim.log();
    let mut ledger = day.ledger.clone();
    let mut disk = image(&[], &log, moment(&log, day.created, &mut dice), dice.next(), device);
    let mut must: BTreeSet<u64> = day.ledger.acked[..disk.acked as usize].iter().copied().collect();
    for depth in 1..=DEPTH {
        let sim = Sim::of(disk.bytes.clone());
        let first = AFTERWARDS * depth;
        let seen = survive(&sim, &mut ledger, &must, first).map_err(|why| {
            let kept = std::env::temp_dir().join(format!("almoner-desk-{seed}-{depth}.image"));
            let _ = std::fs::write(&kept, &disk.bytes);
            format!("{device:?}, cut {depth}: {why}; the image is {}", kept.display())
        })?;
        let log = sim.log();
        disk = image(&disk.bytes, &log, moment(&log, 0, &mut dice), dice.next(), device);
        must = seen.into_iter().chain(first..first.max(disk.acked + 1)).collect();
    }
    Ok(())
}

/// Opens an image, judges it, and works on with units stamped `first` and later; the units seen,
/// which from now on must stay.
fn survive(
    sim: &Sim,
    ledger: &mut Ledger,
    must: &BTreeSet<u64>,
    first: u64,
) -> Result<BTreeSet<u64>, String> {
    let desk = clinic::open(sim)?;
    let seen = judge(&desk, ledger, must);
    if seen.is_ok() {
        let mut dice = Dice::new(first);
        for stamp in first..first + 2 {
            let unit = clinic::next_unit(stamp, false, &[], &mut dice);
            ledger.units.insert(stamp, unit.clone());
            if !clinic::hand_in(&desk, stamp, &unit, false) {
                return Err("takes no more work".to_owned());
            }
            sim.ack(stamp);
        }
    }
    desk.close();
    seen
}

fn judge(desk: &Desk, ledger: &Ledger, must: &BTreeSet<u64>) -> Result<BTreeSet<u64>, String> {
    let report = check::check(desk).map_err(|fault| format!("check: {fault}"))?;
    if !report.damage.is_empty() {
        return Err(format!("check: {}", report.damage.join("; ")));
    }
    let judged = desk.read(|reader| {
        let written = written(reader)?;
        let verdict = units_are_whole(&written, ledger)
            .and_then(|()| documents_stand_by_their_units(reader, &written, ledger))
            .and_then(|()| the_trail_tells_it(reader, &written, ledger));
        Ok(verdict.map(|()| written.keys().copied().collect::<BTreeSet<u64>>()))
    });
    let seen = judged.map_err(|fault| format!("read: {fault}"))??;
    match must.iter().find(|stamp| !seen.contains(stamp)) {
        Some(stamp) => Err(format!("lost: unit {stamp} was answered or seen before")),
        None => Ok(seen),
    }
}

fn written(reader: &Reader<'_>) -> Result<Written, almoner_core::fault::Fault> {
    let mut written = Written::new();
    for note in reader.all::<Note>()? {
        let now = reader.stored::<Note>(note.id)?.into_iter();
        for image in now.chain(reader.history::<Note>(note.id)?) {
            written.entry(image.record.stamp).or_default().push((image.version, image.record));
        }
    }
    Ok(written)
}

fn units_are_whole(written: &Written, ledger: &Ledger) -> Result<(), String> {
    for (stamp, images) in written {
        let unit = handed_in(ledger, *stamp)?;
        if images.len() != unit.notes.len() {
            return Err(format!("half: unit {stamp} has {} notes", images.len()));
        }
        if let Some((_, wrong)) = images.iter().find(|(_, note)| !unit.notes.contains(note)) {
            return Err(format!("wrong: note {} is not as handed in", wrong.id));
        }
    }
    Ok(())
}

fn documents_stand_by_their_units(
    reader: &Reader<'_>,
    written: &Written,
    ledger: &Ledger,
) -> Result<(), String> {
    for (stamp, unit) in &ledger.units {
        let kept = reader.blob(&clinic::blob_name(*stamp)).map_err(|fault| fault.to_string())?;
        let expected = unit.document.as_ref().filter(|_| written.contains_key(stamp));
        if kept.as_ref() != expected {
            return Err(format!("the document of unit {stamp} does not go with its notes"));
        }
    }
    Ok(())
}

/// Each image of a note has exactly one entry, each entry its image; answered units stand where
/// they stood; the reaction's tally counts the notes.
fn the_trail_tells_it(
    reader: &Reader<'_>,
    written: &Written,
    ledger: &Ledger,
) -> Result<(), String> {
    let entries = reader.trail(0, usize::MAX).map_err(|fault| fault.to_string())?;
    let mut told = BTreeMap::new();
    for entry in &entries {
        for record in entry.entry.records.iter().filter(|record| record.kind == "note") {
            if told.insert((record.id.clone(), record.digest), entry.seq).is_some() {
                return Err(format!("entry {} tells what was told before", entry.seq));
            }
        }
    }
    let mut notes = BTreeSet::new();
    for (stamp, images) in written {
        for (version, note) in images {
            let header = codec::RowHeader { shape: Note::SHAPE, version: *version };
            let row = codec::row(header, note).map_err(|fault| fault.to_string())?;
            let key = (note.id.to_string(), Some(almoner_trail::digest(&row)));
            let seq = told.remove(&key).ok_or(format!("unit {stamp} is without its entry"))?;
            let unit = handed_in(ledger, *stamp)?;
            let first = unit.notes.first().is_some_and(|first| first == note);
            if first && unit.seq.is_some_and(|answered| answered != seq) {
                return Err(format!("unit {stamp} moved on the trail to {seq}"));
            }
            notes.insert(note.id);
        }
    }
    let tally = reader.find::<Tally>(clinic::tally_id()).map_err(|fault| fault.to_string())?;
    if tally.map_or(0, |tally| tally.notes) != notes.len() {
        return Err("the tally does not count the notes".to_owned());
    }
    if told.is_empty() { Ok(()) } else { Err(format!("{} entries without record", told.len())) }
}

fn handed_in(ledger: &Ledger, stamp: u64) -> Result<&HandedIn, String> {
    ledger.units.get(&stamp).ok_or(format!("unit {stamp} was never handed in"))
}
