//! The shipped configuration files: both parse, and the reference names every key with its default.

use crate::hold;
use crate::sources::{files, read};
use almoner_core::config::Config;
use toml::Table;

#[test]
fn the_shipped_files_parse() {
    for path in ["config/almoner.toml", "config/reference.toml"] {
        if let Err(problems) = Config::parse(&read(path)) {
            let lines: Vec<_> =
                problems.iter().map(|problem| format!("{path}:{problem}")).collect();
            hold("a shipped configuration is valid", &lines);
        }
    }
}

#[test]
fn the_reference_says_the_defaults() {
    let reference = Config::parse(&read("config/reference.toml")).unwrap();
    assert_eq!(reference, Config::default());
}

#[test]
fn the_reference_names_every_key() {
    let reference: Table = read("config/reference.toml").parse().unwrap();
    let source = read("daemon/core/src/config.rs");
    let mut missing = Vec::new();
    for (section, kind) in fields(&source, "Config") {
        let keys = reference.get(&section).and_then(|value| value.as_table());
        for (key, _) in fields(&source, &kind) {
            if keys.is_none_or(|keys| !keys.contains_key(&key)) {
                missing.push(format!("{section}.{key}"));
            }
        }
    }
    hold("reference.toml names every key", &missing);
}

#[test]
fn every_reference_key_has_its_reason() {
    let text = read("config/reference.toml");
    let lines: Vec<_> = text.lines().collect();
    let mut bare = Vec::new();
    for pair in lines.windows(2) {
        if pair[1].contains(" = ") && !pair[1].starts_with('#') && !pair[0].starts_with('#') {
            bare.push(pair[1].to_owned());
        }
    }
    hold("a key has its reason above it", &bare);
}

#[test]
fn shipped_data_parses() {
    for source in files("config/data", ".toml").into_iter().chain(files("config/demo", ".toml")) {
        if let Err(cause) = source.text.parse::<Table>() {
            panic!("{}: {cause}", source.path);
        }
    }
}

/// Names and types of a struct's public fields, read from its source.
fn fields(source: &str, name: &str) -> Vec<(String, String)> {
    let start = source.find(&format!("pub struct {name} {{")).unwrap_or_else(|| panic!("{name}"));
    let body = source[start..].split("\n}").next().unwrap();
    let lines = body.lines().filter_map(|line| line.trim().strip_prefix("pub "));
    lines
        .filter_map(|line| line.trim_end_matches(',').split_once(": "))
        .map(|(field, kind)| (field.to_owned(), kind.to_owned()))
        .collect()
}
