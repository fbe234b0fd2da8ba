//! Runs the built `almoner-verify` on sound, damaged and unreadable exports, as an auditor would.
#![cfg(test)]

use std::path::PathBuf;
use std::process::{Command, Output};

use almoner_trail::export::{ExportHeader, ExportWriter, write_note};
use almoner_trail::{Actor, Checkpoint, Entry, NoteSigner, Range};

mod files {
    use super::*;

    /// A folder with an export of 30 entries, its checkpoints, the key and an older checkpoint of
    /// size 12.
    pub(super) struct Files(pub(super) PathBuf);

    impl Files {
        pub(super) fn new(name: &str) -> Self {
            let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
            std::fs::create_dir_all(&folder).unwrap();
            let files = Self(folder);
            let signer = NoteSigner::new("harbor-street.example/trail", &[8; 32]).unwrap();
            let mut range = Range::new();
            let header = ExportHeader::new("harbor-street.example/trail", &range, 30);
            let mut export = ExportWriter::new(Vec::new(), &header).unwrap();
            let mut checkpoints = Vec::new();
            for seq in 0..30 {
                let (bytes, leaf) = entry(seq).leaf().unwrap();
                export.entry(&bytes).unwrap();
                range.append(leaf);
                let note = Checkpoint::of("harbor-street.example/trail", &range).sign(&signer);
                match seq {
                    9 | 19 | 29 => write_note(&mut checkpoints, &note.unwrap()).unwrap(),
                    11 => files.write("older", note.unwrap().as_bytes()),
                    _ => {}
                }
            }
            files.write("export", &export.finish().unwrap());
            files.write("checkpoints", &checkpoints);
            files.write("key", format!("{}\n", signer.verifier_key()).as_bytes());
            files
        }

        pub(super) fn write(&self, name: &str, bytes: &[u8]) {
            std::fs::write(self.0.join(name), bytes).unwrap();
        }

        pub(super) fn edit(&self, name: &str, from: &str, to: &str) {
            let text = std::fs::read_to_string(self.0.join(name)).unwrap();
            assert!(text.contains(from));
            self.write(name, text.replacen(from, to, 1).as_bytes());
        }

        pub(super) fn verify(&self, more: &[&str]) -> Output {
            Command::new(env!("CARGO_BIN_EXE_almoner-verify"))
                .current_dir(&self.0)
                .args(["export", "--checkpoints", "checkpoints", "--key", "key"])
                .args(more)
                .output()
                .unwrap()
        }
    }

    fn entry(seq: u64) -> Entry {
        Entry {
            actor: Actor { id: "staff-1".into(), kind: "staff".into() },
            address: None,
            at: format!("2026-11-22T09:00:{seq:02}.000Z"),
            boot: "b-1".into(),
            detail: std::collections::BTreeMap::new(),
            device: None,
            outcome: "done".into(),
            patient: Some(format!("p-{seq}")),
            purpose: None,
            reason: None,
            records: Vec::new(),
            seq,
            v: 1,
            verb: "chart.read".into(),
            visit: None,
        }
    }

    pub(super) fn text(bytes: &[u8]) -> String {
        String::from_utf8(bytes.to_vec()).unwrap()
    }
}

use files::{Files, text};

#[test]
fn a_sound_trail_ends_with_0() {
    let files = Files::new("sound");
    let output = files.verify(&["--since", "older"]);
    assert_eq!(output.status.code(), Some(0));
    assert!(text(&output.stdout).starts_with("OK  harbor-street.example/trail  entries 0 to 30"));
    assert!(output.stderr.is_empty());
    let output = files.verify(&["--json", "--since", "older"]);
    let object: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(object["schema"], "almoner.trail.verify/1");
    assert_eq!(
        (&object["ok"], &object["to"], &object["since"][0]),
        (&true.into(), &30.into(), &12.into())
    );
}

#[test]
fn the_key_may_be_given_itself() {
    let files = Files::new("key-itself");
    let key = std::fs::read_to_string(files.0.join("key")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_almoner-verify"))
        .current_dir(&files.0)
        .args(["export", "--checkpoints", "checkpoints", "--key", key.trim()])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn an_edited_entry_ends_with_9_and_its_place() {
    let files = Files::new("edited");
    files.edit("export", "\"p-14\"", "\"p-99\"");
    let output = files.verify(&[]);
    assert_eq!(output.status.code(), Some(9));
    assert_eq!(text(&output.stdout), "BAD  first bad entry: 10  (root_differs)\n");
    assert!(text(&output.stderr).contains("one or more of entries 10 to 19 changed"));
    let output = files.verify(&["--json"]);
    let object: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&object["ok"], &object["bad"]["first"]), (&false.into(), &10.into()));
    let error: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!(error["error"]["exit"], 9);
}

#[test]
fn a_missing_entry_and_a_foreign_checkpoint_end_with_9() {
    let files = Files::new("missing");
    let export = std::fs::read_to_string(files.0.join("export")).unwrap();
    let line = export.lines().nth(18).unwrap();
    files.edit("export", &format!("{line}\n"), "");
    let output = files.verify(&[]);
    assert_eq!(output.status.code(), Some(9));
    assert_eq!(text(&output.stdout), "BAD  first bad entry: 17  (missing)\n");
    let files = Files::new("foreign");
    files.edit("older", "harbor-street", "other-street");
    assert_eq!(files.verify(&["--since", "older"]).status.code(), Some(9));
}

#[test]
fn wrong_use_ends_with_2_and_unreadable_files_with_1() {
    let files = Files::new("usage");
    assert_eq!(files.verify(&["--no-such-word"]).status.code(), Some(2));
    let output = files.verify(&["--no-such-word", "--json"]);
    let error: serde_json::Value = serde_json::from_slice(&output.stderr).unwrap();
    assert_eq!((output.status.code(), &error["error"]["code"]), (Some(2), &"usage".into()));
    files.write("key", b"no key");
    assert_eq!(files.verify(&[]).status.code(), Some(2));
    let files = Files::new("unreadable");
    assert_eq!(files.verify(&["--since", "nowhere"]).status.code(), Some(1));
    std::fs::remove_file(files.0.join("export")).unwrap();
    assert_eq!(files.verify(&[]).status.code(), Some(1));
}
