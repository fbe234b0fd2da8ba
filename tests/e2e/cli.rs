//! The command line as an administrator uses it, on a running appliance and on one that is down.

use crate::appliance::{Appliance, program};
use serde_json::Value;
use std::path::Path;
use std::process::{Command, Output};

/// Runs the command line without an appliance.
fn alone(words: &[&str]) -> Output {
    Command::new(program("almoner")).args(words).output().unwrap()
}

fn json(output: &Output) -> Value {
    serde_json::from_slice(&output.stdout).unwrap_or_else(|cause| panic!("{cause}: {output:?}"))
}

fn error(output: &Output) -> Value {
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().last().unwrap_or_default();
    let error: Value = serde_json::from_str(last).unwrap_or_else(|cause| panic!("{cause}: {said}"));
    error["error"].clone()
}

fn text(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

#[test]
fn a_running_appliance_answers_every_noun() {
    let appliance = Appliance::start();
    let status = appliance.json(&["status"]);
    assert_eq!(status["schema"], "almoner.status/1");
    assert_eq!(status["state"], "ok");
    assert!(text(&appliance.almoner(&["cert", "status"])).contains("almoner.localhost"));
    assert!(appliance.json(&["trail", "head"])["size"].as_u64().unwrap() > 0);
    assert_eq!(appliance.json(&["store", "check"])["damage"], serde_json::json!([]));
    assert_eq!(appliance.json(&["store", "stats"])["schema"], "almoner.store.stats/1");
    assert_eq!(appliance.json(&["intake", "list"])["files"], serde_json::json!([]));
    let missing = "00000000-0000-4000-8000-000000000000";
    let output = appliance.almoner(&["intake", "show", missing, "--json"]);
    assert_eq!((output.status.code(), &error(&output)["exit"]), (Some(4), &4.into()));
    appliance.stop();
}

#[test]
fn accounts_begin_end_and_begin_again() {
    let appliance = Appliance::start();
    let would = appliance.json(&["user", "add", "nora", "--role", "lead", "--dry-run"]);
    assert_eq!(would["changed"], false);
    let ticket = appliance.json(&["user", "add", "nora", "--role", "lead"]);
    assert!(!ticket["ticket"].as_str().unwrap().is_empty());
    let users = |appliance: &Appliance| {
        let list = appliance.json(&["user", "list"])["users"].as_array().unwrap().clone();
        list.into_iter().find(|user| user["name"] == "nora").unwrap()
    };
    assert_eq!(users(&appliance)["has_password"], false);
    let refused = appliance.almoner(&["user", "disable", "nora"]);
    assert_eq!(refused.status.code(), Some(2), "without --yes nobody confirmed it");
    text(&appliance.almoner(&["user", "disable", "nora", "--yes"]));
    assert_eq!(users(&appliance)["disabled"], true);
    text(&appliance.almoner(&["user", "enable", "nora"]));
    assert_eq!(users(&appliance)["disabled"], false);
    let again = appliance.json(&["user", "reset", "nora", "--yes"]);
    assert_ne!(again["ticket"], ticket["ticket"]);
    let output = appliance.almoner(&["user", "disable", "nobody", "--yes", "--json"]);
    assert_eq!(output.status.code(), Some(4));
    appliance.stop();
}

#[test]
fn a_token_reads_until_it_is_ended() {
    let appliance = Appliance::start();
    let made = appliance.json(&["token", "create", "--name", "measures"]);
    let mut ready = appliance.ready.clone();
    ready.fhir_token = made["token"].as_str().unwrap().to_owned();
    let program = crate::client::Client::with_token(&ready);
    assert_eq!(program.get("/fhir/Patient?_count=1").status, 200);
    text(&appliance.almoner(&["token", "revoke", "measures", "--yes"]));
    assert_eq!(program.get("/fhir/Patient?_count=1").status, 401);
    let list = appliance.json(&["token", "list"]);
    assert!(!list.to_string().contains(made["token"].as_str().unwrap()));
    appliance.stop();
}

#[test]
fn an_exported_trail_is_checked_without_the_appliance() {
    let appliance = Appliance::start();
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("trail.ndjson");
    let exported = appliance.json(&["trail", "export", out.to_str().unwrap()]);
    let key = exported["key"].as_str().unwrap().to_owned();
    appliance.stop();
    let checkpoints = format!("{}.checkpoints", out.display());
    let verify = |more: &[&str]| {
        let mut command = Command::new(program("almoner-verify"));
        command.arg(&out).args(["--checkpoints", &checkpoints, "--key", &key]).args(more);
        command.output().unwrap()
    };
    assert!(verify(&[]).status.success(), "{:?}", verify(&[]));
    let own = alone(&["trail", "verify", out.to_str().unwrap(), "--key", &key, "--json"]);
    assert_eq!(json(&own)["ok"], true);
    let bytes = std::fs::read_to_string(&out).unwrap();
    std::fs::write(&out, bytes.replacen("\"done\"", "\"gone\"", 1)).unwrap();
    assert_eq!(verify(&[]).status.code(), Some(9));
    let own = alone(&["trail", "verify", out.to_str().unwrap(), "--key", &key, "--json"]);
    assert_eq!(own.status.code(), Some(9));
    assert_eq!((&json(&own)["ok"], &error(&own)["exit"]), (&false.into(), &9.into()));
}

#[test]
fn damage_of_the_closed_store_ends_with_9() {
    let appliance = Appliance::start();
    let folder = appliance.folder.clone();
    let kept = appliance.stop();
    let check = ["store", "check", "--dir", folder.to_str().unwrap(), "--json"];
    let sound = alone(&check);
    assert!(sound.status.success(), "{sound:?}");
    assert_eq!(json(&sound)["schema"], "almoner.store.check/1");
    let store = folder.join("almoner.redb");
    let whole = std::fs::read(&store).unwrap();
    let mut found = 0;
    for part in 1..8 {
        let mut bytes = whole.clone();
        let at = bytes.len() * part / 8;
        bytes[at..at + 8192].iter_mut().for_each(|byte| *byte ^= 0x55);
        std::fs::write(&store, &bytes).unwrap();
        let output = alone(&check);
        match output.status.code() {
            Some(9) => found += 1,
            // Free space may be anything.
            Some(0) => {}
            code => panic!("damage at {at} ended with {code:?}: {output:?}"),
        }
    }
    assert!(found > 0, "no damage of any part of the store was found");
    drop(kept);
}

#[test]
fn a_damaged_backup_ends_with_9() {
    let appliance = Appliance::start();
    let taken = appliance.json(&["backup", "now"]);
    let id = taken["id"].as_str().unwrap();
    assert!(text(&appliance.almoner(&["backup", "verify", id])).contains("sound"));
    assert_eq!(appliance.json(&["backup", "list"])["backups"][0]["id"], id);
    let path = Path::new(taken["path"].as_str().unwrap());
    let mut bytes = std::fs::read(path).unwrap();
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    std::fs::write(path, bytes).unwrap();
    let output = appliance.almoner(&["backup", "verify", id, "--json"]);
    assert_eq!(output.status.code(), Some(9), "{output:?}");
    assert_eq!((&json(&output)["ok"], &error(&output)["exit"]), (&false.into(), &9.into()));
    appliance.stop();
}

#[test]
fn wrong_words_and_absent_daemons_have_their_codes() {
    let output = alone(&["backup", "lsit", "--json"]);
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(error(&output)["hint"], "Did you mean 'backup list'?");
    let output = alone(&["status", "--socket", "/nonexistent/control.sock", "--json"]);
    assert_eq!((output.status.code(), &error(&output)["code"]), (Some(6), &"unreachable".into()));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("almoner.toml");
    std::fs::write(&file, "[session]\nidle_minutes = 45\n").unwrap();
    let output = alone(&["config", "check", file.to_str().unwrap(), "--json"]);
    assert_eq!(output.status.code(), Some(8));
    assert!(
        json(&output)["errors"][0]
            .as_str()
            .unwrap()
            .contains("almoner.toml:2: session.idle_minutes")
    );
}

#[test]
fn an_appliance_is_made_by_init() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name).display().to_string();
    let config =
        format!("[store]\nfolder = \"{}\"\n[keys]\nfile = \"{}\"\n", at("state"), at("device.key"));
    std::fs::write(at("almoner.toml"), config).unwrap();
    let init = |more: &[&str]| {
        let file = at("almoner.toml");
        alone(&[&["init", "--config", file.as_str(), "--json"], more].concat())
    };
    assert_eq!(json(&init(&["--dry-run"]))["changed"], false);
    let key_file = at("recovery.txt");
    let made = init(&["--recovery-key-file", &key_file]);
    assert!(made.status.success(), "{made:?}");
    let key = std::fs::read_to_string(&key_file).unwrap();
    assert_eq!(key.split_whitespace().count(), 8);
    assert!(
        !String::from_utf8_lossy(&made.stdout).contains(key.split_whitespace().next().unwrap())
    );
    assert_eq!(init(&[]).status.code(), Some(1), "a second store must not be made");
    let check = alone(&[
        "store",
        "check",
        "--config",
        &at("almoner.toml"),
        "--socket",
        &at("none"),
        "--json",
    ]);
    assert_eq!(json(&check)["damage"], serde_json::json!([]));
}
