//! Standing idle: the memory of the daemon, and how long it needs from its start until pages are
//! served, with so many patients in the store.

use crate::wire::Running;
use crate::{CACHE, import};
use almoner_store::keys::{Kek, KeyRing};
use almoner_store::sealed;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// An appliance at work in a folder, with made-up patients.
pub(crate) struct Home {
    folder: PathBuf,
    daemon: Running,
    /// Seconds from start to ready: of the new appliance, of the full one.
    starts: (f64, f64),
}

impl Home {
    /// Makes one. `None` when `almonerd` is not beside this program.
    pub(crate) fn make(folder: &Path, patients: usize) -> Option<Self> {
        let program = std::env::current_exe().unwrap().with_file_name("almonerd");
        if !program.exists() {
            println!("\nno {}: build it first for these figures", program.display());
            return None;
        }
        let folder = folder.join(format!("appliance-{patients}"));
        let (first, empty) = start(&program, &folder);
        stop(first);
        let keys = Kek::read_file(&folder.join("keys/device.key")).unwrap();
        let keys = KeyRing::with_device(keys);
        let opened = sealed::open(&folder.join("almoner.redb"), &keys, CACHE).unwrap();
        let desk = import::desk_over(opened.database);
        import::fill(&desk, patients);
        desk.close();
        drop(desk);
        let (daemon, full) = start(&program, &folder);
        Some(Self { folder, daemon, starts: (empty, full) })
    }

    pub(crate) fn ready(&self) -> PathBuf {
        self.folder.join("ready.json")
    }

    /// Where files are dropped.
    pub(crate) fn intake(&self) -> PathBuf {
        let ready: serde_json::Value =
            serde_json::from_slice(&std::fs::read(self.ready()).unwrap()).unwrap();
        PathBuf::from(ready["intake"].as_str().unwrap())
    }

    pub(crate) fn pid(&self) -> u32 {
        self.daemon.0.id()
    }

    /// Prints memory, size and the times of its starts.
    pub(crate) fn tell(&self) {
        std::thread::sleep(Duration::from_secs(3));
        let size = std::fs::metadata(self.folder.join("almoner.redb")).unwrap().len() as f64 / 1e6;
        let (empty, full) = self.starts;
        println!(
            "start to ready: new appliance {empty:.2} s, full {full:.2} s; store {size:.0} MB"
        );
        println!("idle memory: {}", memory(self.daemon.0.id(), "VmRSS"));
    }

    /// Stops it; prints what memory it needed at most.
    pub(crate) fn stop(self) {
        println!("memory at most: {}", memory(self.daemon.0.id(), "VmHWM"));
        stop(self.daemon);
    }
}

/// Starts the daemon; the seconds until it has written its ready file.
fn start(program: &Path, home: &Path) -> (Running, f64) {
    std::fs::create_dir_all(home).unwrap();
    let ready = home.join("ready.json");
    let _ = std::fs::remove_file(&ready);
    let started = Instant::now();
    let mut daemon = Command::new(program)
        .args(["demo", "--empty", "--listen", "127.0.0.1:0", "--dir"])
        .args([home.as_os_str(), "--ready".as_ref(), ready.as_os_str()])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .map(Running)
        .unwrap();
    while !ready.exists() {
        assert!(daemon.0.try_wait().unwrap().is_none(), "almonerd ended at its start");
        std::thread::sleep(Duration::from_millis(5));
    }
    (daemon, started.elapsed().as_secs_f64())
}

fn stop(mut daemon: Running) {
    let pid = rustix::process::Pid::from_child(&daemon.0);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    daemon.0.wait().unwrap();
}

/// A line of the process's memory.
pub(crate) fn memory(pid: u32, name: &str) -> String {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    line.trim_start_matches(name).trim_start_matches(':').trim().to_owned()
}
