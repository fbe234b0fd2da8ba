//! Scripted tampering with exported trails (security catalogue S10): every one must be found, and
//! the named place must hold the first entry that was touched. `ALMONER_TAMPER=2000` runs more than
//! the 440 of the quick test.

use super::tests::{Trail, entry, finding};
use super::*;
use crate::export::write_note;
use crate::{Checkpoint, Entry, NoteSigner};

/// What a tamperer hands over, and the first entry that is not true in it (`None`: only checkpoints
/// were touched).
struct Case {
    export: Vec<u8>,
    checkpoints: Vec<u8>,
    since: Vec<String>,
    touched: Option<u64>,
}

/// SplitMix64: small, seeded, the same everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number from `low` up to, not including, `high`.
    fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.roll() % (high - low)
    }
}

type Attack = fn(&Trail, &mut Dice) -> Case;

const ATTACKS: [(&str, Attack); 22] = [
    ("flip a bit of the export", flip_export),
    ("flip a bit of the checkpoints", flip_checkpoints),
    ("edit an entry", edit),
    ("delete a line", delete),
    ("delete and renumber", delete_renumbered),
    ("insert a line", insert),
    ("insert and renumber", insert_renumbered),
    ("swap two lines", swap),
    ("swap and renumber", swap_renumbered),
    ("truncate the export", truncate),
    ("truncate export and checkpoints", truncate_both),
    ("fork with the clinic's own key", fork),
    ("sign two heads of one size", two_heads),
    ("roll back to an older export", roll_back),
    ("rewrite and sign with another key", other_key),
    ("checkpoint of another clinic", other_clinic),
    ("export of another clinic", other_export),
    ("edit a checkpoint's text", edit_checkpoint),
    ("swap two checkpoints", swap_checkpoints),
    ("append entries nobody signed", append_unsigned),
    ("change the carried range of a part", part_range),
    ("shift a part", part_shift),
];

#[test]
fn every_tampering_is_found() {
    let wanted: usize =
        std::env::var("ALMONER_TAMPER").ok().and_then(|n| n.parse().ok()).unwrap_or(440);
    let rounds = wanted.div_ceil(ATTACKS.len());
    println!("seeds 1 to {rounds}, {} tamperings", rounds * ATTACKS.len());
    for seed in 1..=rounds as u64 {
        let mut dice = Dice(seed);
        let count = dice.between(12, 90);
        let every = dice.between(2, 15);
        let trail = Trail::new(count, usize::try_from(every).unwrap());
        let key = trail.signer.verifier_key();
        let honest = verify(&*trail.export(0, count), &*trail.checkpoints(), key, &[]);
        assert!(honest.is_ok(), "seed {seed}: the honest export fails: {honest:?}");
        for (name, attack) in ATTACKS {
            let case = attack(&trail, &mut dice);
            let result = verify(&*case.export, &*case.checkpoints, key, &case.since);
            assert!(matches!(result, Err(Failure::Bad(_))), "seed {seed}, {name}: {result:?}");
            let found = finding(result);
            if let Some(touched) = case.touched {
                // Beyond the last reachable checkpoint only the end shows: the cut may hide an edit
                // before it.
                let cut = matches!(found.what, What::Truncated { .. });
                let first = if cut { found.proven } else { found.first };
                let near = first <= touched && touched < found.until.max(found.first + 1);
                assert!(near, "seed {seed}, {name}: entry {touched} touched, found {found:?}");
            }
        }
    }
}

fn size(trail: &Trail) -> u64 {
    trail.entries.len() as u64
}

fn at(number: u64) -> usize {
    usize::try_from(number).unwrap()
}

fn naive(trail: &Trail, change: impl FnOnce(&mut Vec<Vec<u8>>), touched: u64) -> Case {
    let export = trail.export(0, size(trail));
    let mut lines: Vec<Vec<u8>> =
        export.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    change(&mut lines);
    honest_checkpoints(trail, lines.concat(), touched)
}

fn honest_checkpoints(trail: &Trail, export: Vec<u8>, touched: u64) -> Case {
    Case { export, checkpoints: trail.checkpoints(), since: Vec::new(), touched: Some(touched) }
}

/// The same trail with other entries, numbered anew, under the same key.
fn forged(trail: &Trail, change: impl FnOnce(&mut Vec<Entry>)) -> Trail {
    let mut other = Trail::new(size(trail), 1);
    other.signed.clone_from(&trail.signed);
    change(&mut other.entries);
    for (seq, entry) in other.entries.iter_mut().enumerate() {
        entry.seq = seq as u64;
    }
    other
}

fn flip_export(trail: &Trail, dice: &mut Dice) -> Case {
    let mut export = trail.export(0, size(trail));
    let place = at(dice.between(0, export.len() as u64));
    let line = export[..place].split(|byte| *byte == b'\n').count() as u64 - 1;
    export[place] ^= 1 << dice.between(0, 8);
    let mut case = honest_checkpoints(trail, export, line.saturating_sub(1));
    case.touched = case.touched.filter(|_| line > 0);
    case
}

fn flip_checkpoints(trail: &Trail, dice: &mut Dice) -> Case {
    let mut checkpoints = trail.checkpoints();
    // The last byte is the empty line after the last note and says nothing.
    let place = at(dice.between(0, checkpoints.len() as u64 - 1));
    checkpoints[place] ^= 1 << dice.between(0, 8);
    Case { export: trail.export(0, size(trail)), checkpoints, since: Vec::new(), touched: None }
}

fn edit(trail: &Trail, dice: &mut Dice) -> Case {
    let place = dice.between(0, size(trail));
    let change = dice.between(0, 4);
    let other = forged(trail, |entries| {
        let entry = &mut entries[at(place)];
        match change {
            0 => entry.patient = Some("p-other".into()),
            1 => entry.actor.id = "staff-other".into(),
            2 => entry.at = "2025-01-01T00:00:00.000Z".into(),
            _ => entry.detail.clear(),
        }
    });
    honest_checkpoints(trail, other.export(0, size(trail)), place)
}

fn delete(trail: &Trail, dice: &mut Dice) -> Case {
    let place = dice.between(0, size(trail));
    naive(trail, |lines| drop(lines.remove(at(place) + 1)), place)
}

fn delete_renumbered(trail: &Trail, dice: &mut Dice) -> Case {
    let place = dice.between(0, size(trail));
    let other = forged(trail, |entries| drop(entries.remove(at(place))));
    honest_checkpoints(trail, other.export(0, size(trail) - 1), place)
}

fn insert(trail: &Trail, dice: &mut Dice) -> Case {
    let (place, copied) = (dice.between(0, size(trail)), dice.between(0, size(trail)));
    let touched = if place == copied { place + 1 } else { place };
    let copy = at(copied) + 1;
    let mut case = naive(trail, |lines| lines.insert(at(place) + 1, lines[copy].clone()), touched);
    case.touched = case.touched.filter(|touched| *touched < size(trail));
    case
}

fn insert_renumbered(trail: &Trail, dice: &mut Dice) -> Case {
    let place = dice.between(0, size(trail));
    let new = Entry { verb: "chart.forged".into(), ..entry(place) };
    let other = forged(trail, |entries| entries.insert(at(place), new));
    honest_checkpoints(trail, other.export(0, size(trail) + 1), place)
}

fn two_places(trail: &Trail, dice: &mut Dice) -> (u64, u64) {
    let low = dice.between(0, size(trail) - 1);
    (low, dice.between(low + 1, size(trail)))
}

fn swap(trail: &Trail, dice: &mut Dice) -> Case {
    let (low, high) = two_places(trail, dice);
    naive(trail, |lines| lines.swap(at(low) + 1, at(high) + 1), low)
}

fn swap_renumbered(trail: &Trail, dice: &mut Dice) -> Case {
    let (low, high) = two_places(trail, dice);
    let other = forged(trail, |entries| {
        entries[at(low)].verb = "chart.first".into();
        entries.swap(at(low), at(high));
    });
    honest_checkpoints(trail, other.export(0, size(trail)), low)
}

fn truncate(trail: &Trail, dice: &mut Dice) -> Case {
    let end = dice.between(0, size(trail));
    honest_checkpoints(trail, trail.export(0, end), end)
}

/// The tail is cut from both files; a checkpoint kept elsewhere saw it.
fn truncate_both(trail: &Trail, dice: &mut Dice) -> Case {
    let end = dice.between(1, size(trail));
    let cut = Trail { signed: vec![end], ..forged(trail, |_| {}) };
    let seen = dice.between(end + 1, size(trail) + 1);
    let since = vec![trail.note(seen)];
    Case { export: trail.export(0, end), checkpoints: cut.checkpoints(), since, touched: Some(end) }
}

fn fork(trail: &Trail, dice: &mut Dice) -> Case {
    let place = dice.between(0, size(trail));
    let other = forged(trail, |entries| entries[at(place)].verb = "chart.forged".into());
    let since = vec![trail.note(dice.between(place + 1, size(trail) + 1))];
    let (export, checkpoints) = (other.export(0, size(trail)), other.checkpoints());
    Case { export, checkpoints, since, touched: Some(place) }
}

fn two_heads(trail: &Trail, dice: &mut Dice) -> Case {
    let place = dice.between(0, size(trail));
    let other = forged(trail, |entries| entries[at(place)].verb = "chart.forged".into());
    let mut checkpoints = trail.checkpoints();
    write_note(&mut checkpoints, &other.note(size(trail))).unwrap();
    Case { export: trail.export(0, size(trail)), checkpoints, since: Vec::new(), touched: None }
}

fn roll_back(trail: &Trail, dice: &mut Dice) -> Case {
    let mut case = truncate_both(trail, dice);
    case.since = vec![trail.note(size(trail))];
    case
}

fn other_key(trail: &Trail, dice: &mut Dice) -> Case {
    let mut other = forged(trail, |entries| entries[0].verb = "chart.forged".into());
    let mut seed = [0; 32];
    seed[..8].copy_from_slice(&dice.roll().to_be_bytes());
    other.signer = NoteSigner::new(trail.signer.verifier_key().name(), &seed).unwrap();
    let (export, checkpoints) = (other.export(0, size(trail)), other.checkpoints());
    Case { export, checkpoints, since: Vec::new(), touched: None }
}

fn stranger() -> NoteSigner {
    NoteSigner::new("other-clinic.example/trail", &[77; 32]).unwrap()
}

fn other_clinic(trail: &Trail, dice: &mut Dice) -> Case {
    let theirs = Checkpoint::of("other-clinic.example/trail", &trail.range(size(trail)));
    let mut checkpoints = if dice.between(0, 2) == 0 { Vec::new() } else { trail.checkpoints() };
    write_note(&mut checkpoints, &theirs.sign(&stranger()).unwrap()).unwrap();
    Case { export: trail.export(0, size(trail)), checkpoints, since: Vec::new(), touched: None }
}

fn other_export(trail: &Trail, _: &mut Dice) -> Case {
    let other = Trail { signer: stranger(), ..forged(trail, |_| {}) };
    let export = other.export(0, size(trail));
    Case { export, checkpoints: trail.checkpoints(), since: Vec::new(), touched: None }
}

fn edit_checkpoint(trail: &Trail, dice: &mut Dice) -> Case {
    let chosen = at(dice.between(0, trail.signed.len() as u64));
    let changed = trail.signed[chosen];
    let other = forged(trail, |entries| entries[0].verb = "chart.forged".into());
    let mut checkpoints = Vec::new();
    for size in &trail.signed {
        let mut note = trail.note(*size);
        if *size == changed {
            let (old, new) = (trail.range(changed).root(), other.range(changed).root());
            note = note.replace(&old.to_base64(), &new.to_base64());
        }
        write_note(&mut checkpoints, &note).unwrap();
    }
    Case { export: trail.export(0, size(trail)), checkpoints, since: Vec::new(), touched: None }
}

fn swap_checkpoints(trail: &Trail, dice: &mut Dice) -> Case {
    let mut other = forged(trail, |_| {});
    if other.signed.len() < 2 {
        other.signed.insert(0, 1);
    }
    let high = at(dice.between(1, other.signed.len() as u64));
    other.signed.swap(high - 1, high);
    let checkpoints = other.checkpoints();
    Case { export: trail.export(0, size(trail)), checkpoints, since: Vec::new(), touched: None }
}

fn append_unsigned(trail: &Trail, dice: &mut Dice) -> Case {
    let more = dice.between(1, 9);
    let other = Trail::new(size(trail) + more, 1);
    honest_checkpoints(trail, other.export(0, size(trail) + more), size(trail))
}

fn part_range(trail: &Trail, dice: &mut Dice) -> Case {
    let from = dice.between(1, size(trail));
    let place = dice.between(0, from);
    let other = forged(trail, |entries| entries[at(place)].verb = "chart.forged".into());
    let export = other.export(from, size(trail));
    let checkpoints = trail.checkpoints();
    Case { export, checkpoints, since: Vec::new(), touched: None }
}

/// A part that claims to stand one place later than it does.
fn part_shift(trail: &Trail, dice: &mut Dice) -> Case {
    let from = dice.between(1, size(trail) - 1);
    let mut other = forged(trail, |entries| drop(entries.remove(0)));
    other.entries.push(entry(size(trail) - 1));
    let export = other.export(from, size(trail));
    honest_checkpoints(trail, export, from)
}
