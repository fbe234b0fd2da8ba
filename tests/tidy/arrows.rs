//! Who may know whom, read from the Cargo.tomls: laws N1 and N2 of the architecture.

use crate::hold;
use crate::sources::{files, read};
use std::collections::BTreeMap;
use toml::Table;

/// What a crate of ours may depend on among ours. A new arrow is a decision, not an edit here.
const ARROWS: &[(&str, &[&str])] = &[
    ("almoner-core", &[]),
    ("almoner-trail", &[]),
    ("almoner-store", &["core", "trail"]),
    ("almoner-formats", &["core"]),
    ("almoner-frame", &["core", "store"]),
    ("almoner-intake", &["core", "store", "formats", "frame"]),
    ("almoner-serve", &["core", "store", "formats", "frame", "trail"]),
    ("almoner-people", &["core", "store", "formats", "frame"]),
    ("almoner-chart", &["core", "store", "formats", "frame", "people"]),
    ("almoner-care", &["core", "store", "formats", "frame", "people", "chart"]),
    ("almoner-access", &["core", "store", "formats", "frame", "people", "chart", "care"]),
    (
        "almoner-insight",
        &["core", "store", "formats", "frame", "people", "chart", "care", "access"],
    ),
    ("almoner", &["core", "store", "trail"]),
];

/// Foreign crates that only some of ours may use, and why.
const DOORS: &[(&str, &[&str])] = &[
    // The tests' bench compares the desk with bare redb.
    ("redb", &["almoner-store", "almoner-tests"]),
    // Async ends at the doors. The command line is a client of one of them; the end-to-end tests
    // are clients of all.
    ("tokio", &["almoner-serve", "almonerd", "almoner", "almoner-tests"]),
    ("hyper", &["almoner-serve", "almonerd", "almoner", "almoner-tests"]),
    ("hyper-util", &["almoner-serve", "almonerd", "almoner", "almoner-tests"]),
    ("rustls", &["almoner-serve", "almonerd", "almoner-tests"]),
    ("tokio-rustls", &["almoner-serve", "almonerd", "almoner-tests"]),
    ("notify", &["almoner-intake"]),
    // The only way to draw a page is a checked template.
    (
        "askama",
        &[
            "almoner-frame",
            "almoner-serve",
            "almoner-people",
            "almoner-chart",
            "almoner-care",
            "almoner-access",
            "almoner-insight",
        ],
    ),
];

struct Member {
    name: String,
    dependencies: Vec<String>,
    /// Also those for tests.
    all: Vec<String>,
}

#[test]
fn ours_know_only_those_below() {
    let allowed: BTreeMap<_, _> = ARROWS.iter().copied().collect();
    let mut wrong = Vec::new();
    for member in members() {
        if ["almonerd", "almoner-tests"].contains(&member.name.as_str()) {
            continue;
        }
        let Some(allowed) = allowed.get(member.name.as_str()) else {
            wrong.push(format!("{}: a crate without a place in the house", member.name));
            continue;
        };
        for known in member.dependencies.iter().filter_map(|name| name.strip_prefix("almoner-")) {
            if !allowed.contains(&known) {
                wrong.push(format!("{} may not know {known}", member.name));
            }
        }
    }
    hold("N2: an arrow points down, and from a wing only to those before it", &wrong);
}

#[test]
fn foreign_crates_stay_behind_their_doors() {
    let mut wrong = Vec::new();
    for member in members() {
        for (foreign, at_home) in DOORS {
            let uses = member.all.iter().any(|name| name == foreign);
            if uses && !at_home.contains(&member.name.as_str()) {
                wrong.push(format!("{} may not use {foreign}", member.name));
            }
        }
    }
    hold("N1: redb, async, TLS and templates have their doors", &wrong);
}

#[test]
fn versions_stand_in_one_table() {
    let mut wrong = Vec::new();
    for source in files("", "Cargo.toml") {
        let table: Table = source.text.parse().unwrap();
        for section in ["dependencies", "dev-dependencies", "build-dependencies"] {
            let Some(entries) = table.get(section).and_then(|value| value.as_table()) else {
                continue;
            };
            for (name, entry) in entries {
                let ours = entry.as_table().and_then(|entry| entry.get("workspace"));
                if ours.and_then(toml::Value::as_bool) != Some(true) {
                    wrong.push(format!("{}: {name} has a version of its own", source.path));
                }
            }
        }
    }
    hold("every version stands in the root's table", &wrong);
}

#[test]
fn every_crate_is_under_the_lints() {
    let mut wrong = Vec::new();
    for source in files("", "Cargo.toml") {
        let table: Table = source.text.parse().unwrap();
        if !table.contains_key("package") {
            continue;
        }
        let lints = table.get("lints").and_then(|lints| lints.get("workspace"));
        if lints.and_then(toml::Value::as_bool) != Some(true) {
            wrong.push(source.path);
        }
    }
    hold("[lints] workspace = true", &wrong);
}

fn members() -> Vec<Member> {
    let root: Table = read("Cargo.toml").parse().unwrap();
    let paths = root["workspace"]["members"].as_array().unwrap();
    let members = paths.iter().map(|path| {
        let path = format!("{}/Cargo.toml", path.as_str().unwrap());
        let table: Table = read(&path).parse().unwrap();
        let names = |section: &str| {
            let entries = table.get(section).and_then(|value| value.as_table());
            entries.map(|entries| entries.keys().cloned().collect::<Vec<_>>()).unwrap_or_default()
        };
        let dependencies = names("dependencies");
        let all = [dependencies.clone(), names("dev-dependencies")].concat();
        let name = table["package"]["name"].as_str().unwrap().to_owned();
        Member { name, dependencies, all }
    });
    members.collect()
}
