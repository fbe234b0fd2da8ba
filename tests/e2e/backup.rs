//! Disaster and drill: a backup taken while people write comes back on an empty folder, by the
//! command line alone.

use crate::appliance::{Appliance, program};
use crate::canon::exact;
use crate::truth::sample;
use serde_json::Value;
use std::process::Command;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};

/// Four people at work; one account has at most three sessions.
const WRITERS: [&str; 4] = ["coordinator", "coordinator", "lead", "clinician"];

fn almoner(words: &[&str]) -> (Option<i32>, Value, String) {
    let output = Command::new(program("almoner")).args(words).arg("--json").output().unwrap();
    let report = serde_json::from_slice(&output.stdout).unwrap_or_default();
    (output.status.code(), report, String::from_utf8_lossy(&output.stderr).into_owned())
}

/// Writes a contact note after the other until told to stop.
fn write_notes(
    appliance: &Appliance,
    role: &str,
    patient: &str,
    begun: &Barrier,
    stop: &AtomicBool,
) -> u32 {
    let person = appliance.signed_in(role);
    let page = format!("/p/{patient}/contacts/new");
    let mut written = 0;
    while !stop.load(Ordering::Relaxed) {
        let note = format!("try {written}");
        let reply = person.submit(&page, &page, &[("ending", "no_answer"), ("note", &note)]);
        assert_eq!(reply.status, 303, "{}", reply.body);
        written += 1;
        if written == 1 {
            begun.wait();
        }
    }
    written
}

#[test]
fn a_backup_taken_while_people_write_comes_back_whole() {
    let appliance = Appliance::start();
    appliance.take("nextgen/ccd.xml", &sample("ccda/vendor/NextGen/AliceNewmanCCD.xml"));
    let patients = appliance.fhir().all("Patient?_count=10");
    let patient = patients[0]["id"].as_str().unwrap().to_owned();
    let before = exact(&appliance.fhir());

    let (begun, stop) = (Barrier::new(WRITERS.len() + 1), AtomicBool::new(false));
    let taken = std::thread::scope(|scope| {
        let (appliance, patient, begun, stop) = (&appliance, &patient, &begun, &stop);
        let writers: Vec<_> = WRITERS
            .iter()
            .map(|role| scope.spawn(move || write_notes(appliance, role, patient, begun, stop)))
            .collect();
        begun.wait();
        let taken: Vec<_> = (0..3).map(|_| appliance.json(&["backup", "now"])).collect();
        stop.store(true, Ordering::Relaxed);
        let written: u32 = writers.into_iter().map(|writer| writer.join().unwrap()).sum();
        assert!(written as usize > WRITERS.len(), "nobody wrote while the backup ran");
        taken
    });
    let newest = taken.last().unwrap();
    let id = newest["id"].as_str().unwrap();
    let folder = appliance.folder.clone();
    let recovery = folder.join("keys/recovery-key.txt").display().to_string();
    let kept = appliance.stop();

    let away = tempfile::tempdir().unwrap();
    let to = away.path().join("restored").display().to_string();
    let archive = newest["path"].as_str().unwrap();
    let (code, plan, said) = almoner(&["restore", "plan", archive, "--to", &to]);
    assert_eq!((code, &plan["id"]), (Some(0), &id.into()), "{said}");
    let key = ["--recovery-key-file", recovery.as_str()];
    let apply = ["restore", "apply", archive, "--to", &to];
    let (code, restored, said) = almoner(&[apply.as_slice(), &key].concat());
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(restored["recovery_key_opens"], true);
    let (code, _, said) = almoner(&[apply.as_slice(), &key].concat());
    assert_eq!(code, Some(1), "a folder that is not empty must be refused: {said}");
    let (code, check, said) = almoner(&["store", "check", "--dir", &to]);
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(check["damage"], serde_json::json!([]));
    assert_eq!(check["trail_entries"], newest["trail_entries"], "another moment than the backup's");
    let (code, trail, said) = almoner(&["trail", "verify", "--dir", &to]);
    assert_eq!((code, &trail["ok"]), (Some(0), &true.into()), "{said}");

    let restored = Appliance::start_in(to.as_ref(), &[]);
    assert!(exact(&restored.fhir()).keys().eq(before.keys()), "other patients than before");
    restored.stop();
    drop(kept);
}

#[test]
fn a_wrong_recovery_key_restores_nothing() {
    let appliance = Appliance::start();
    let taken = appliance.json(&["backup", "now"]);
    let other = Appliance::start();
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("restored").display().to_string();
    let wrong = other.folder.join("keys/recovery-key.txt").display().to_string();
    let path = taken["path"].as_str().unwrap();
    let words = ["restore", "apply", path, "--to", &to, "--recovery-key-file", &wrong];
    let (code, _, said) = almoner(&words);
    assert_eq!(code, Some(10), "{said}");
    assert!(!folder.path().join("restored/almoner.redb").exists());
    other.stop();
    appliance.stop();
}
