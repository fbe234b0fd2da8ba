//! What the package installs: the walls around the daemon hold, and its scripts are sound.

use crate::hold;
use crate::sources::{read, root};
use std::process::Command;

/// Highest exposure of the unit, in tenths (`security.md` P16).
const HIGHEST: u32 = 15;

#[test]
fn the_daemon_is_walled_in() {
    let unit = root().join("packaging/systemd/almoner.service");
    let asked = Command::new("systemd-analyze")
        .args(["security", "--offline=yes", "--no-pager"])
        .arg(unit)
        .output();
    // Only systemd can tell; a machine without it still checks all else.
    let Ok(asked) = asked else { return };
    let said = String::from_utf8_lossy(&asked.stdout);
    let level = said.split("exposure level for almoner.service: ").nth(1).unwrap_or_else(|| {
        panic!("systemd-analyze said no level: {said}{}", String::from_utf8_lossy(&asked.stderr))
    });
    let level: String =
        level.chars().take_while(|sign| sign.is_ascii_digit() || *sign == '.').collect();
    let tenths: u32 = level.replace('.', "").parse().unwrap();
    assert!(tenths <= HIGHEST, "the unit's exposure is {level}, at most 1.5 is promised");
}

#[test]
fn callers_keep_their_own_names() {
    // With private users every caller of the control socket would be `nobody`.
    let unit = read("packaging/systemd/almoner.service");
    assert!(!unit.lines().any(|line| line.trim_start().starts_with("PrivateUsers=")));
}

#[test]
fn scripts_can_be_read_by_their_shells() {
    let scripts = [
        ("sh", "packaging/debian/preinst"),
        ("sh", "packaging/debian/postinst"),
        ("sh", "packaging/debian/prerm"),
        ("sh", "packaging/debian/postrm"),
        ("bash", "packaging/build-deb"),
        ("bash", "tests/run"),
        ("bash", ".ci/run"),
    ];
    let mut wrong = Vec::new();
    for (shell, script) in scripts {
        let read = Command::new(shell).arg("-n").arg(root().join(script)).output().unwrap();
        if !read.status.success() {
            wrong.push(format!("{script}: {}", String::from_utf8_lossy(&read.stderr)));
        }
    }
    hold("a script can be read", &wrong);
}
