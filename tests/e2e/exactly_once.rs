//! A file changes the record exactly once: dropped again, and dropped while the daemon is killed at
//! instants that nobody chose.

use crate::appliance::{Appliance, pass};
use crate::canon::{exact, ids_aside};
use crate::truth::{numbered, sample, table};
use std::time::Duration;

/// How often the daemon is killed.
fn kills() -> u32 {
    let wanted = std::env::var("ALMONER_KILLS").ok();
    wanted.map_or(8, |text| text.parse().expect("ALMONER_KILLS is a number"))
}

/// A mixed bag: small and large documents, messages, a set of resources, some of them about the
/// same people.
fn bag() -> Vec<(String, Vec<u8>)> {
    let mut paths: Vec<String> = Vec::new();
    let documents = table("ccda_docs.tsv").into_iter().filter(|row| row["parse"] == "ok");
    paths.extend(documents.step_by(9).map(|row| format!("ccda/{}", row["path"])));
    let messages = table("hl7v2.tsv").into_iter().filter(|row| row["idx"] == "0");
    paths.extend(messages.step_by(7).map(|row| format!("hl7v2/{}", row["path"])));
    let bundles = table("fhir.tsv").into_iter().filter(|row| row["path"].contains("synthea"));
    paths.extend(bundles.step_by(5).map(|row| format!("fhir/{}", row["path"])));
    let named = paths.iter().enumerate();
    named.map(|(number, path)| (numbered(number, path), sample(path))).collect()
}

fn drop_all(appliance: &Appliance, bag: &[(String, Vec<u8>)]) {
    for (name, bytes) in bag {
        appliance.drop_file(&format!("mixed/{name}"), bytes);
    }
}

/// Files are taken one by one, so that both appliances meet the same people in the same order.
fn take_in_order(appliance: &Appliance, bag: &[(String, Vec<u8>)]) {
    for (name, bytes) in bag {
        appliance.drop_file(&format!("mixed/{name}"), bytes);
        appliance.settle();
    }
}

#[test]
fn a_folder_dropped_twice_changes_nothing() {
    let appliance = Appliance::start();
    let bag = bag();
    take_in_order(&appliance, &bag);
    let first = exact(&appliance.fhir());
    assert!(first.len() > 10, "only {} patients came", first.len());
    drop_all(&appliance, &bag);
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
    take_in_order(&undisturbed, &bag);
    let expected = ids_aside(&undisturbed.fhir());
    undisturbed.stop();

    let kept = tempfile::tempdir().unwrap();
    let folder = kept.path().join("appliance");
    // The seed is the run's own: every run tries other instants, and says which.
    let mut seed = u64::from(std::process::id());
    println!("seed {seed}");
    let count = kills();
    let mut left = bag.as_slice();
    for kill in 0..count {
        let appliance = Appliance::start_in(&folder, &CLOCK);
        // New files in their order, and the ones before once more.
        let share = left.len().div_ceil(usize::try_from(count - kill).unwrap());
        let (now, later) = left.split_at(share.min(left.len()));
        drop_all(&appliance, now);
        left = later;
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        pass(Duration::from_millis(50 + (seed >> 33) % 4_000));
        appliance.kill();
    }
    let appliance = Appliance::start_in(&folder, &CLOCK);
    drop_all(&appliance, left);
    appliance.settle();
    drop_all(&appliance, &bag);
    appliance.settle();
    let found = ids_aside(&appliance.fhir());
    assert_eq!(appliance.json(&["store", "check"])["damage"], serde_json::json!([]));
    appliance.stop();
    if found != expected {
        let (a, b) = (kept.path().join("expected"), kept.path().join("found"));
        std::fs::write(&a, expected).unwrap();
        std::fs::write(&b, found).unwrap();
        panic!("the record differs; compare {} and {}", a.display(), kept.keep().display());
    }
}
