//! Standing idle: the memory of the daemon, and how long it needs from its start until pages are
//! served, with 10,000 patients in the store.

use crate::{CACHE, import};
use almoner_store::keys::{Kek, KeyRing};
use almoner_store::sealed;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const PATIENTS: usize = 10_000;

/// Prints both figures. The daemon is `almonerd` beside this program.
pub(crate) fn run(folder: &Path) {
    let program = std::env::current_exe().unwrap().with_file_name("almonerd");
    if !program.exists() {
        println!("\nno {}: build it first for the idle figures", program.display());
        return;
    }
    let home = folder.join("appliance");
    let (first, empty) = start(&program, &home);
    stop(first);
    let keys = KeyRing::with_device(Kek::read_file(&home.join("keys/device.key")).unwrap());
    let opened = sealed::open(&home.join("almoner.redb"), &keys, CACHE).unwrap();
    let desk = import::desk_over(opened.database);
    import::fill(&desk, PATIENTS);
    desk.close();
    drop(desk);
    let (daemon, full) = start(&program, &home);
    std::thread::sleep(Duration::from_secs(3));
    let memory = memory(daemon.id());
    stop(daemon);
    let size = std::fs::metadata(home.join("almoner.redb")).unwrap().len() as f64 / 1e6;
    println!("start to ready: new appliance {empty:.2} s, with {PATIENTS} patients {full:.2} s");
    println!("idle memory with {PATIENTS} patients: {memory}; store {size:.0} MB");
}

/// Starts the daemon; the seconds until it has written its ready file.
fn start(program: &Path, home: &Path) -> (Child, f64) {
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
        .unwrap();
    while !ready.exists() {
        assert!(daemon.try_wait().unwrap().is_none(), "almonerd ended at its start");
        std::thread::sleep(Duration::from_millis(5));
    }
    (daemon, started.elapsed().as_secs_f64())
}

fn stop(mut daemon: Child) {
    let pid = rustix::process::Pid::from_child(&daemon);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    daemon.wait().unwrap();
}

fn memory(pid: u32) -> String {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
    line.trim_start_matches("VmRSS:").trim().to_owned()
}
