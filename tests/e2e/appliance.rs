//! A running appliance: `almonerd demo --empty` in a folder of its own, and what a test does to it.

use crate::client::Client;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// How long anything may take on a slow and busy machine before a test gives up.
const PATIENCE: Duration = Duration::from_mins(10);

/// The ready file of `interface.md` §2.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Ready {
    pub schema: String,
    pub url: String,
    pub address: String,
    pub ca_pem: PathBuf,
    pub control: PathBuf,
    pub intake: PathBuf,
    pub fhir_token: String,
    pub pid: u32,
    pub accounts: Vec<Account>,
}

/// An account of the demonstration.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Account {
    pub name: String,
    pub role: String,
    pub password: String,
}

/// An appliance that runs until it is stopped or dropped.
pub(crate) struct Appliance {
    child: Child,
    pub folder: PathBuf,
    pub ready: Ready,
    /// A temporary folder lives as long as its appliance.
    kept: Option<TempDir>,
}

impl Appliance {
    /// A new one without samples.
    pub(crate) fn start() -> Self {
        Self::start_with(&[])
    }

    /// A new one without samples, with more words for `almonerd demo`.
    pub(crate) fn start_with(more: &[&str]) -> Self {
        let kept = tempfile::tempdir().unwrap();
        let folder = kept.path().join("appliance");
        let mut appliance = Self::start_in(&folder, more);
        appliance.kept = Some(kept);
        appliance
    }

    /// One in this folder: new, or what an earlier one left there.
    pub(crate) fn start_in(folder: &Path, more: &[&str]) -> Self {
        std::fs::create_dir_all(folder).unwrap();
        let ready_file = folder.join("ready.json");
        let _ = std::fs::remove_file(&ready_file);
        let log = std::fs::OpenOptions::new().create(true).append(true).open(folder.join("log"));
        let mut child = Command::new(program("almonerd"))
            .args(["demo", "--empty", "--listen", "127.0.0.1:0", "--dir"])
            .arg(folder)
            .arg("--ready")
            .arg(&ready_file)
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log.unwrap())
            .spawn()
            .unwrap();
        wait_for("the ready file", || {
            if let Some(status) = child.try_wait().unwrap() {
                let log = std::fs::read_to_string(folder.join("log")).unwrap_or_default();
                panic!("almonerd ended at its start ({status}):\n{log}");
            }
            ready_file.exists()
        });
        let ready: Ready = serde_json::from_slice(&std::fs::read(&ready_file).unwrap()).unwrap();
        assert_eq!(ready.schema, "almoner.ready/1");
        assert_eq!(ready.pid, child.id());
        Self { child, folder: folder.to_owned(), ready, kept: None }
    }

    /// Ends it as a power cut would end its process.
    pub(crate) fn kill(mut self) -> Option<TempDir> {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        self.kept.take()
    }

    /// Ends it in order; gives back its folder when it is a temporary one.
    pub(crate) fn stop(mut self) -> Option<TempDir> {
        self.terminate();
        let mut status = None;
        wait_for("the end of almonerd", || {
            status = self.child.try_wait().unwrap();
            status.is_some()
        });
        assert!(status.is_some_and(|status| status.success()), "{status:?}");
        self.kept.take()
    }

    fn terminate(&self) {
        let pid = rustix::process::Pid::from_child(&self.child);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    }

    /// Drops a file as a careful sender does: whole, then renamed.
    pub(crate) fn drop_file(&self, name: &str, bytes: &[u8]) {
        let place = self.ready.intake.join(name);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        let part = place.with_file_name(format!("{}.part", place.file_name().unwrap().display()));
        std::fs::write(&part, bytes).unwrap();
        std::fs::rename(part, place).unwrap();
    }

    /// Waits until everything that was dropped is taken and read.
    pub(crate) fn settle(&self) {
        wait_for("the intake folder to be empty", || lying(&self.ready.intake).is_empty());
        wait_for("the intake to be idle", || {
            let status = self.json(&["intake", "status"]);
            status["waiting"] == 0 && status["working"] == 0
        });
    }

    /// Receipts, newest first.
    pub(crate) fn receipts(&self) -> Vec<Value> {
        self.json(&["intake", "list"])["files"].as_array().unwrap().clone()
    }

    /// Drops one file and waits for its receipt.
    pub(crate) fn take(&self, name: &str, bytes: &[u8]) -> Value {
        self.drop_file(name, bytes);
        self.settle();
        let base = name.rsplit('/').next().unwrap();
        let found = self.receipts().into_iter().find(|receipt| receipt["name"] == base);
        found.unwrap_or_else(|| panic!("no receipt of {name}"))
    }

    /// Runs the command line against it.
    pub(crate) fn almoner(&self, words: &[&str]) -> Output {
        let mut command = Command::new(program("almoner"));
        command.arg("--socket").arg(&self.ready.control).args(words);
        command.stdin(Stdio::null()).output().unwrap()
    }

    /// Runs the command line with `--json`; the report.
    pub(crate) fn json(&self, words: &[&str]) -> Value {
        let output = self.almoner(&[words, &["--json"]].concat());
        let said = String::from_utf8_lossy(&output.stderr);
        serde_json::from_slice(&output.stdout)
            .unwrap_or_else(|cause| panic!("almoner {words:?}: {cause}: {said}"))
    }

    /// A program that reads over FHIR with the demonstration's token.
    pub(crate) fn fhir(&self) -> Client {
        Client::with_token(&self.ready)
    }

    /// A browser in which somebody of this role is signed in.
    pub(crate) fn signed_in(&self, role: &str) -> Client {
        let account = self.ready.accounts.iter().find(|account| account.role == role);
        let account = account.unwrap_or_else(|| panic!("no {role} among the accounts"));
        Client::signed_in(&self.ready, &account.name, &account.password)
    }
}

impl Drop for Appliance {
    fn drop(&mut self) {
        // Already ended in most tests; a failed one must leave nothing running.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Files that lie in the intake folder and were not yet taken.
fn lying(intake: &Path) -> Vec<PathBuf> {
    let own = [".claimed", "done", "set-aside", "work"].map(|name| intake.join(name));
    let mut found = Vec::new();
    // A file goes from the folder to the claimed ones and from there into the store: looked at in
    // this order, none is missed between two looks.
    let mut folders = vec![own[0].clone(), intake.to_owned()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = std::fs::read_dir(&folder) else { continue };
        for path in entries.map(|entry| entry.unwrap().path()) {
            let hidden = path.file_name().unwrap().to_string_lossy().starts_with('.');
            if hidden || own.contains(&path) {
                continue;
            }
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found
}

/// Polls until something holds.
#[allow(clippy::disallowed_methods)] // another process is waited for: there is nothing to wake us
pub(crate) fn wait_for(what: &str, mut holds: impl FnMut() -> bool) {
    let start = Instant::now();
    while !holds() {
        assert!(start.elapsed() < PATIENCE, "waited too long for {what}");
        std::thread::sleep(Duration::from_millis(100));
    }
}

/// Passes some time: a kill comes at an instant that nobody chose.
#[allow(clippy::disallowed_methods)]
pub(crate) fn pass(time: Duration) {
    std::thread::sleep(time);
}

/// A program of the house, as it was built last.
pub(crate) fn program(name: &str) -> PathBuf {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    let folder = FOLDER.get_or_init(|| {
        let own = std::env::current_exe().unwrap();
        let folder = own.parent().unwrap().parent().unwrap().to_owned();
        if std::env::var_os("ALMONER_BUILT").is_none() {
            let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
            let built = Command::new(cargo)
                .args(["build", "-q", "--workspace", "--bins"])
                .current_dir(env!("CARGO_MANIFEST_DIR"))
                .env("CARGO_TARGET_DIR", folder.parent().unwrap())
                .status();
            assert!(built.unwrap().success(), "the programs could not be built");
        }
        folder
    });
    folder.join(name)
}
