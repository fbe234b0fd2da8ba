//! A dropped file is read by a child that may do nothing but read; one that takes too much is set
//! aside, whatever it is, and the daemon goes on.

use crate::appliance::{Appliance, wait_for};
use std::fmt::Write;

/// A message about somebody.
fn message(number: usize) -> String {
    format!(
        "MSH|^~\\&|E|N|||20260101||ADT^A08|{number}|P|2.5\rPID|1||{number}^^^N^MR||Zenker^Ilse{number}||\
         19600102|F\rDG1|1||M10.9^Gout^I10\r"
    )
}

/// The children of a process.
fn children(of: u32) -> Vec<u32> {
    let is_child = |pid: &u32| {
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
        let rest = stat.rsplit_once(')').map(|(_, rest)| rest.to_owned()).unwrap_or_default();
        rest.split_whitespace().nth(1) == Some(&of.to_string())
    };
    let pids = std::fs::read_dir("/proc").unwrap().flatten();
    pids.filter_map(|entry| entry.file_name().to_str()?.parse().ok()).filter(is_child).collect()
}

/// A line of a file of `/proc`.
fn line(path: &str, name: &str) -> String {
    let text = std::fs::read_to_string(path).unwrap_or_default();
    text.lines().find(|line| line.starts_with(name)).unwrap_or_default().to_owned()
}

#[test]
fn a_file_that_takes_too_much_is_set_aside_and_the_daemon_goes_on() {
    let appliance = Appliance::start();
    // Some sixteen million elements: no memory that a reader is given holds them as a tree.
    let mut poison = "<ClinicalDocument xmlns=\"urn:hl7-org:v3\">".to_owned();
    poison.push_str(&"<a/>".repeat(15_000_000));
    poison.push_str("</ClinicalDocument>");
    let receipt = appliance.take("poison.xml", poison.as_bytes());
    assert_eq!(receipt["status"], "set_aside", "{receipt:#}");
    let code = receipt["problems"][0]["code"].as_str().unwrap();
    assert!(["reader_failed", "reader_too_slow"].contains(&code), "{receipt:#}");
    let receipt = appliance.take("good.hl7", message(1_007).as_bytes());
    assert_eq!(receipt["status"], "done", "{receipt:#}");
    assert_eq!(appliance.json(&["store", "check"])["damage"], serde_json::json!([]));
    appliance.stop();
}

#[test]
fn the_reader_is_confined_and_a_large_file_is_read_in_parts() {
    let appliance = Appliance::start();
    let mut large = String::new();
    for number in 0..1_200 {
        let _ = write!(large, "{}", message(104_000 + number % 300));
        let _ = write!(large, "NTE|1||{}\r", "x".repeat(61_000));
    }
    assert!(large.len() > 66 << 20, "larger than what is read whole");
    appliance.drop_file("large.hl7", large.as_bytes());
    let pid = appliance.ready.pid;
    let mut child = 0;
    wait_for("the reader", || {
        child = children(pid).first().copied().unwrap_or_default();
        line(&format!("/proc/{child}/status"), "Seccomp:").ends_with('2')
    });
    assert!(line(&format!("/proc/{child}/status"), "NoNewPrivs:").ends_with('1'));
    let memory = line(&format!("/proc/{child}/limits"), "Max address space");
    assert!(memory.contains(&(512_u64 << 20).to_string()), "{memory}");
    appliance.settle();
    let receipt = appliance.receipts().remove(0);
    assert_eq!(receipt["status"], "done", "{receipt:#}");
    assert_eq!(receipt["patients"].as_array().unwrap().len(), 300);
    assert!(children(pid).is_empty(), "the reader goes when nothing is to be read");
    appliance.stop();
}
