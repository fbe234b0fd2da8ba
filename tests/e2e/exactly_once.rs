//! A file changes the record exactly once: dropped again, and dropped while the daemon is killed at
//! instants that nobody chose.

use crate::appliance::{Appliance, pass};
use crate::canon::{exact, ids_aside};
use crate::truth::{numbered, sample, table};
use std::path::Path;
use std::time::Duration;

/// How often the daemon is killed.
fn kills() -> u32 {
    let wanted = std::env::var("ALMONER_KILLS").ok();
    wanted.map_or(8, |text| text.parse().expect("ALMONER_KILLS is a number"))
}

/// What is dropped: a selection, or with `ALMONER_BAG=all` every file of the three formats, over 500.
fn bag() -> Vec<(String, Vec<u8>)> {
    let all = std::env::var("ALMONER_BAG").is_ok_and(|text| text == "all");
    selection(if all { (1, 1, 1) } else { (9, 7, 5) })
}

/// A mixed bag: small and large documents, messages, sets of resources, some of them about the same
/// people; each so-manieth of them.
fn selection((documents, messages, bundles): (usize, usize, usize)) -> Vec<(String, Vec<u8>)> {
    let mut paths: Vec<String> = Vec::new();
    let readable = table("ccda_docs.tsv").into_iter().filter(|row| row["parse"] == "ok");
    paths.extend(readable.step_by(documents).map(|row| format!("ccda/{}", row["path"])));
    let first = table("hl7v2.tsv").into_iter().filter(|row| row["idx"] == "0");
    paths.extend(first.step_by(messages).map(|row| format!("hl7v2/{}", row["path"])));
    let kind = if bundles > 1 { "synthea" } else { "" };
    let sets = table("fhir.tsv").into_iter().filter(|row| row["path"].contains(kind));
    paths.extend(sets.step_by(bundles).map(|row| format!("fhir/{}", row["path"])));
    paths.dedup();
    let named = paths.iter().enumerate();
    named.map(|(number, path)| (numbered(number, path), sample(path))).collect()
}

/// Drops the whole bag as one folder, in one instant.
fn drop_folder(intake: &Path, batch: u32, bag: &[(String, Vec<u8>)]) {
    let (hidden, place) = (format!(".batch-{batch:03}"), format!("batch-{batch:03}"));
    let mixed = intake.join("mixed");
    let hidden = mixed.join(hidden);
    std::fs::create_dir_all(&hidden).unwrap();
    for (name, bytes) in bag {
        std::fs::write(hidden.join(name), bytes).unwrap();
    }
    std::fs::rename(hidden, mixed.join(place)).unwrap();
}

#[test]
fn a_folder_dropped_twice_changes_nothing() {
    let appliance = Appliance::start();
    let bag = bag();
    drop_folder(&appliance.ready.intake, 0, &bag);
    appliance.settle();
    let first = exact(&appliance.fhir());
    assert!(first.len() > 10, "only {} patients came", first.len());
    drop_folder(&appliance.ready.intake, 1, &bag);
    appliance.settle();
    let second = exact(&appliance.fhir());
    assert!(first == second, "the second drop changed the record");
    let again = appliance.receipts();
    let again = again.iter().filter(|receipt| receipt["status"] == "duplicate").count();
    assert!(again >= bag.len(), "{again} of {} are known as duplicates", bag.len());
    assert_eq!(appliance.json(&["store", "check"])["damage"], serde_json::json!([]));
    appliance.stop();
}

#[test]
fn a_kill_at_any_instant_changes_nothing() {
    const CLOCK: [&str; 2] = ["--clock", "2026-11-20T10:00:00-05:00"];
    let bag = bag();
    let undisturbed = Appliance::start_with(&CLOCK);
    drop_folder(&undisturbed.ready.intake, 0, &bag);
    undisturbed.settle();
    let expected = ids_aside(&undisturbed.fhir());
    undisturbed.stop();

    let kept = tempfile::tempdir().unwrap();
    let folder = kept.path().join("appliance");
    // The seed is the run's own: every run tries other instants, and says which.
    let mut seed = u64::from(std::process::id());
    println!("seed {seed}");
    for batch in 0..kills() {
        let appliance = Appliance::start_in(&folder, &CLOCK);
        // The same folder again and again, while the first is still being read.
        if batch.is_multiple_of(8) {
            drop_folder(&appliance.ready.intake, batch, &bag);
        }
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        pass(Duration::from_millis(20 + (seed >> 33) % 2_500));
        appliance.kill();
    }
    let appliance = Appliance::start_in(&folder, &CLOCK);
    appliance.settle();
    let found = ids_aside(&appliance.fhir());
    assert_eq!(appliance.json(&["store", "check"])["damage"], serde_json::json!([]));
    appliance.stop();
    if found != expected {
        let place = kept.keep();
        std::fs::write(place.join("expected"), expected).unwrap();
        std::fs::write(place.join("found"), found).unwrap();
        panic!("the record differs: compare expected and found in {}", place.display());
    }
}
