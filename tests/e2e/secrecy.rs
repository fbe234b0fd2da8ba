//! What lies on the disk tells nobody a patient's name, record number or story: the store, the
//! intake folder once its files were claimed, the backups, the log.

use crate::appliance::Appliance;
use crate::truth::sample;
use std::path::{Path, PathBuf};

const NAME: &str = "Zephyrine";
const FAMILY: &str = "Quillfeather";
const NUMBER: &str = "MRN-73190452";
const STORY: &str = "wandering at night since the flood";

/// A made-up admission with words that are nowhere else.
fn message() -> String {
    [
        "MSH|^~\\&|ADT1|HARBOR|ALMONER|CLINIC|20261118093000||ADT^A03|M-1|P|2.5.1",
        "EVN|A03|20261118093000",
        &format!("PID|1||{NUMBER}^^^HARBOR^MR||{FAMILY}^{NAME}||19480302|F|||1 Quay^^Port^NY^10001"),
        "PV1|1|I|3W^301^A|||||||MED||||||||V-88120|||||||||||||||||01|||||||20261115101500|20261118091500",
        &format!("NTE|1||{STORY}"),
    ]
    .join("\r")
}

#[test]
fn nothing_on_the_disk_names_a_patient() {
    let appliance = Appliance::start();
    let receipt = appliance.take("harbor/adt.hl7", message().as_bytes());
    assert_ne!(receipt["status"], "set_aside", "{receipt}");
    let document = sample("ccda/vendor/NextGen/AliceNewmanCCD.xml");
    appliance.take("nextgen/ccd.xml", &document);
    // Also what is set aside lies there unreadable.
    appliance.take("odd/broken.xml", format!("<ClinicalDocument><{FAMILY} {STORY}").as_bytes());
    assert!(appliance.json(&["backup", "now"])["verified"].as_bool().unwrap());
    let folder = appliance.folder.clone();
    let status = appliance.almoner(&["status"]);
    let list = appliance.almoner(&["intake", "list"]);
    let said = [status.stdout, status.stderr, list.stdout, list.stderr].concat();
    let kept = appliance.stop();
    let words = [NAME, FAMILY, NUMBER, "73190452", STORY, "Newman", "NEWMAN"];
    let mut found = Vec::new();
    for path in files(&folder) {
        let bytes = std::fs::read(&path).unwrap();
        found.extend(seen(&bytes, &words).map(|word| format!("{}: {word}", path.display())));
    }
    found.extend(seen(&said, &words).map(|word| format!("the command line: {word}")));
    assert!(found.is_empty(), "{}", found.join("\n"));
    drop(kept);
}

/// The words that stand in some bytes: as UTF-8 or UTF-16.
fn seen<'w>(bytes: &[u8], words: &'w [&str]) -> impl Iterator<Item = &'w str> {
    let found: Vec<_> = words.iter().filter(|word| stands(bytes, word)).copied().collect();
    found.into_iter()
}

fn stands(bytes: &[u8], word: &str) -> bool {
    let wide: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
    contains(bytes, word.as_bytes()) || contains(bytes, &wide)
}

fn contains(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.is_file() {
            found.push(path);
        }
    }
    found
}
