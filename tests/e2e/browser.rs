//! In a real browser, by keyboard alone, with scripts, without them and in Spanish: "call after
//! discharge" (`browser/minute.mjs`), "find, open, note" (`browser/find.mjs`) and "decide a possible
//! duplicate" (`browser/similar.mjs`); how every page looks, at every
//! width and theme, under the accessibility checks, the HTML validator and the budgets (`browser/looks.mjs`).
//! Forms that are interrupted at random moments (`browser/interrupt.mjs`), and the script under the
//! type checker (`browser/script.mjs`).

use crate::appliance::{Ready, program, wait_for};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The demonstration with its samples, as a visitor starts it.
fn demonstration(folder: &Path) -> (std::process::Child, Ready) {
    let file = folder.join("ready.json");
    let child = Command::new(program("almonerd"))
        .args(["demo", "--listen", "127.0.0.1:0", "--dir"])
        .arg(folder.join("appliance"))
        .arg("--ready")
        .arg(&file)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(std::fs::File::create(folder.join("log")).unwrap())
        .spawn()
        .unwrap();
    wait_for("the demonstration", || file.exists());
    let ready = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    (child, ready)
}

fn chromium() -> PathBuf {
    let places = ["chromium", "chromium-browser", "google-chrome"]
        .map(|name| Path::new("/usr/bin").join(name));
    let found = places.into_iter().find(|place| place.exists());
    found.expect("no Chromium: tests/run installs it")
}

/// A script of `browser/`, to be run with node.
fn script(name: &str) -> Command {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("e2e/browser");
    let mut command = Command::new("node");
    command.arg(here.join(name)).env("ALMONER_CHROMIUM", chromium()).current_dir(&here);
    command
}

/// Runs it; what it said is printed, and is the reason when it fails.
fn run(mut command: Command) {
    let output = command.output().expect("no node: tests/run installs it");
    let said = String::from_utf8_lossy(&output.stdout);
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{wrong}");
    println!("{said}");
}

/// Runs a script against a demonstration.
fn drive(name: &str) {
    let folder = tempfile::tempdir().unwrap();
    let (mut child, ready) = demonstration(folder.path());
    let rosa = ready.accounts.iter().find(|account| account.role == "coordinator").unwrap();
    let mut command = script(name);
    command
        .env("ALMONER_URL", &ready.url)
        .env("ALMONER_NAME", &rosa.name)
        .env("ALMONER_PASSWORD", &rosa.password)
        .env("ALMONER_ACCOUNTS", serde_json::to_string(&ready.accounts).unwrap());
    let outcome = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| run(command)));
    child.kill().unwrap();
    child.wait().unwrap();
    outcome.unwrap_or_else(|cause| std::panic::resume_unwind(cause));
}

#[test]
fn every_page_holds_its_looks_and_its_budget() {
    drive("looks.mjs");
}

/// By keyboard alone, with scripts, without them, and in Spanish.
#[test]
fn a_possible_duplicate_is_decided_in_a_browser() {
    drive("similar.mjs");
}

/// By keyboard alone, with scripts, without them, and in Spanish.
#[test]
fn find_open_note_in_a_browser() {
    drive("find.mjs");
}

#[test]
fn the_coordinators_minute_in_a_browser() {
    drive("minute.mjs");
}

#[test]
fn the_script_is_typed_and_light() {
    run(script("script.mjs"));
}

/// The daemon is killed in it, so it starts its own.
#[test]
fn nothing_typed_is_lost_or_saved_twice() {
    let folder = tempfile::tempdir().unwrap();
    let mut command = script("interrupt.mjs");
    command.env("ALMONER_PROGRAM", program("almonerd")).env("ALMONER_FOLDER", folder.path());
    run(command);
}
