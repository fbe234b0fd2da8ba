//! In a real browser: the coordinator's minute, with scripts and without (`browser/minute.mjs`);
//! "find, open, note" by keyboard alone (`browser/find.mjs`); and how every page looks, at every
//! width and theme, under the accessibility checks, the HTML validator and the budgets (`browser/looks.mjs`).

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

/// Runs a script of `browser/` against a demonstration; gives what it said.
fn drive(script: &str, ready: &Ready) -> String {
    let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("e2e/browser");
    let rosa = ready.accounts.iter().find(|account| account.role == "coordinator").unwrap();
    let output = Command::new("node")
        .arg(here.join(script))
        .env("ALMONER_URL", &ready.url)
        .env("ALMONER_NAME", &rosa.name)
        .env("ALMONER_PASSWORD", &rosa.password)
        .env("ALMONER_ACCOUNTS", serde_json::to_string(&ready.accounts).unwrap())
        .env("ALMONER_CHROMIUM", chromium())
        .current_dir(&here)
        .output()
        .expect("no node: tests/run installs it");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let wrong = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{wrong}");
    said
}

#[test]
fn every_page_holds_its_looks_and_its_budget() {
    let folder = tempfile::tempdir().unwrap();
    let (mut child, ready) = demonstration(folder.path());
    let said = std::panic::catch_unwind(|| drive("looks.mjs", &ready));
    child.kill().unwrap();
    child.wait().unwrap();
    println!("{}", said.unwrap_or_else(|cause| std::panic::resume_unwind(cause)));
}

/// By keyboard alone, with scripts, without them, and in Spanish.
#[test]
fn find_open_note_in_a_browser() {
    let folder = tempfile::tempdir().unwrap();
    let (mut child, ready) = demonstration(folder.path());
    let said = std::panic::catch_unwind(|| drive("find.mjs", &ready));
    child.kill().unwrap();
    child.wait().unwrap();
    println!("{}", said.unwrap_or_else(|cause| std::panic::resume_unwind(cause)));
}

#[test]
fn the_coordinators_minute_in_a_browser() {
    let folder = tempfile::tempdir().unwrap();
    let (mut child, ready) = demonstration(folder.path());
    let said = std::panic::catch_unwind(|| drive("minute.mjs", &ready));
    child.kill().unwrap();
    child.wait().unwrap();
    println!("{}", said.unwrap_or_else(|cause| std::panic::resume_unwind(cause)));
}
