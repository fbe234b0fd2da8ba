//! The service as systemd runs it, without systemd: made by `almoner init`, started from its
//! configuration, backed up, and put back in place by `almoner restore`.

use crate::appliance::{program, wait_for};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

/// A clinic's machine: one folder with configuration, key, state and control socket.
struct Machine {
    folder: tempfile::TempDir,
    daemon: Option<Child>,
}

impl Machine {
    /// Configured and made, not started.
    fn new() -> Self {
        let machine = Self { folder: tempfile::tempdir().unwrap(), daemon: None };
        let config = format!(
            "[listen]\naddress = \"127.0.0.1:0\"\n[store]\nfolder = \"{}\"\n[keys]\nfile = \"{}\"\n",
            machine.at("state").display(),
            machine.at("device.key").display()
        );
        std::fs::write(machine.at("almoner.toml"), config).unwrap();
        let key = machine.at("recovery.txt");
        machine.done(&["init", "--recovery-key-file", key.to_str().unwrap()]);
        machine
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn start(&mut self) {
        let log = std::fs::File::create(self.at("log")).unwrap();
        let daemon = Command::new(program("almonerd"))
            .arg("--config")
            .arg(self.at("almoner.toml"))
            .env("RUNTIME_DIRECTORY", self.folder.path())
            .stdin(Stdio::null())
            .stderr(log)
            .spawn();
        self.daemon = Some(daemon.unwrap());
        wait_for("the control socket", || self.at("control.sock").exists());
    }

    fn stop(&mut self) {
        let mut daemon = self.daemon.take().unwrap();
        let pid = rustix::process::Pid::from_child(&daemon);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        assert!(daemon.wait().unwrap().success());
    }

    /// Exit code and report of a command.
    fn almoner(&self, words: &[&str]) -> (Option<i32>, Value, String) {
        let output = Command::new(program("almoner"))
            .arg("--config")
            .arg(self.at("almoner.toml"))
            .arg("--socket")
            .arg(self.at("control.sock"))
            .args(words)
            .arg("--json")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        let report = serde_json::from_slice(&output.stdout).unwrap_or_default();
        (output.status.code(), report, String::from_utf8_lossy(&output.stderr).into_owned())
    }

    fn done(&self, words: &[&str]) -> Value {
        let (code, report, said) = self.almoner(words);
        assert_eq!(code, Some(0), "{words:?}: {said}");
        report
    }
}

impl Drop for Machine {
    fn drop(&mut self) {
        if let Some(daemon) = &mut self.daemon {
            // A failed test leaves nothing running.
            let _ = daemon.kill();
            let _ = daemon.wait();
        }
    }
}

fn names(users: &Value) -> Vec<String> {
    let users = users["users"].as_array().unwrap();
    users.iter().map(|user| user["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn a_store_is_put_back_in_place_and_the_other_is_kept() {
    let mut machine = Machine::new();
    machine.start();
    machine.done(&["user", "add", "first", "--role", "lead"]);
    let backup = machine.done(&["backup", "now"]);
    let id = backup["id"].as_str().unwrap();
    machine.done(&["user", "add", "second", "--role", "lead"]);
    let plan = machine.done(&["restore", "plan", id]);
    assert!(plan["lost"]["changes"].as_u64().unwrap() >= 1, "{plan}");
    let key = machine.at("recovery.txt");
    let apply = ["restore", "apply", id, "--yes", "--recovery-key-file", key.to_str().unwrap()];
    let (code, _, said) = machine.almoner(&apply);
    assert_eq!(code, Some(7), "not under a running daemon: {said}");
    machine.stop();

    let closed = machine.done(&["restore", "plan", id]);
    assert_eq!((&closed["signed"], &closed["backup"]), (&true.into(), &Value::Null));
    assert!(closed["lost"]["changes"].as_u64() >= plan["lost"]["changes"].as_u64());
    let restored = machine.done(&apply);
    assert!(Path::new(restored["kept"].as_str().unwrap()).exists(), "{restored}");
    assert_eq!(machine.done(&["store", "check"])["damage"], serde_json::json!([]));
    machine.start();
    assert_eq!(names(&machine.done(&["user", "list"])), ["first"]);
    machine.stop();
}

#[test]
fn a_bad_configuration_ends_with_8() {
    let machine = Machine::new();
    std::fs::write(machine.at("almoner.toml"), "[session]\nidle_minutes = 45\n").unwrap();
    let ended = Command::new(program("almonerd"))
        .arg("--config")
        .arg(machine.at("almoner.toml"))
        .stderr(Stdio::null())
        .status();
    assert_eq!(ended.unwrap().code(), Some(8));
    assert_eq!(machine.almoner(&["config", "check"]).0, Some(8));
}
