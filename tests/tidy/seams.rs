//! What may never stand where: laws N4, N5, N7 and N8 of the architecture.

use crate::hold;
use crate::sources::{Source, files, product};

/// The part of a path that names a slice's file: `rules` for `rules.rs` and `rules/names.rs`.
fn stands_in(path: &str, name: &str) -> bool {
    path.ends_with(&format!("/{name}.rs")) || path.contains(&format!("/{name}/"))
}

#[test]
fn rules_see_no_store_no_clock_no_page() {
    const FOREIGN: [&str; 7] =
        ["Reader", "Writer", "Desk", "Clock", "Template", "askama", "almoner_serve"];
    let mut wrong = Vec::new();
    let rules = files("daemon/areas", ".rs").into_iter();
    for source in rules.filter(|source| stands_in(&source.path, "rules")) {
        for (number, line) in source.code() {
            let foreign = Source::names(line).find(|name| FOREIGN.contains(name));
            let spelled = ["now()", "almoner_formats::fhir", "frame::Page", "frame::Visit"];
            let spelled = spelled.into_iter().find(|spelled| line.contains(spelled));
            if let Some(name) = foreign.or(spelled) {
                wrong.push(format!("{}:{number}: {name}", source.path));
            }
        }
    }
    hold("N4: rules are pure", &wrong);
}

#[test]
fn doors_do_not_put() {
    let mut wrong = Vec::new();
    for source in files("daemon/areas", ".rs") {
        let door = ["pages", "fhir", "intake"].iter().any(|name| stands_in(&source.path, name));
        if !door || source.path.contains("tests") {
            continue;
        }
        let puts = source.code().filter(|(_, line)| line.contains(".put("));
        wrong.extend(puts.map(|(number, _)| format!("{}:{number}", source.path)));
    }
    hold("N5: all doors go through the operation in store.rs", &wrong);
}

#[test]
fn one_place_reads_the_clock() {
    let clocks = ["Utc::now", "Local::now", "SystemTime::now"];
    let mut wrong = Vec::new();
    for source in product() {
        if source.path == "daemon/core/src/time.rs" {
            continue;
        }
        let reads = source.code().filter(|(_, line)| clocks.iter().any(|now| line.contains(now)));
        wrong.extend(reads.map(|(number, _)| format!("{}:{number}", source.path)));
    }
    hold("N7: time is a parameter", &wrong);
}

#[test]
fn log_lines_name_nobody() {
    // Fields that hold what a patient is or what a sender wrote.
    const PERSONAL: [&str; 9] = [
        "family",
        "given",
        "birth_date",
        "mrn",
        "narrative",
        "demographics",
        "file_name",
        "phone",
        "address",
    ];
    let mut wrong = Vec::new();
    for source in product() {
        for (number, line) in source.code() {
            let logs = ["log::error!", "log::warn!", "log::info!", "log::debug!"];
            if logs.iter().any(|log| line.contains(log))
                && let Some(name) = Source::names(line).find(|name| PERSONAL.contains(name))
            {
                wrong.push(format!("{}:{number}: {name}", source.path));
            }
        }
    }
    hold("N8: ids, codes and counts only", &wrong);
}

#[test]
fn redb_types_stay_below_the_desk() {
    let mut wrong = Vec::new();
    for source in product() {
        if source.path.starts_with("daemon/store/") {
            continue;
        }
        let uses = source.code().filter(|(_, line)| line.contains("redb::"));
        wrong.extend(uses.map(|(number, _)| format!("{}:{number}", source.path)));
    }
    wrong.retain(|place| !place.starts_with("tests/"));
    hold("N1: nothing above the store knows redb", &wrong);
}
