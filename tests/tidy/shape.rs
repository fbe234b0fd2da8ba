//! Sizes and openings: files that can be read in one go, functions that fit on a screen, a sentence
//! at the top of every file.

use crate::hold;
use crate::sources::{Source, product, root, rust};

const FILE: usize = 500;
const FUNCTION: usize = 70;
const MEDIAN_FUNCTION: usize = 12;
const MEDIAN_FILE: usize = 200;

#[test]
fn files_are_short() {
    let long = rust().into_iter().filter(|source| source.text.lines().count() > FILE);
    let long: Vec<_> = long
        .map(|source| format!("{}: {} lines", source.path, source.text.lines().count()))
        .collect();
    hold("a file has at most 500 lines", &long);
    let mut sizes: Vec<_> = product().iter().map(|source| source.text.lines().count()).collect();
    sizes.sort_unstable();
    let median = sizes[sizes.len() / 2];
    assert!(median <= MEDIAN_FILE, "half the files have at most 200 lines: now {median}");
}

#[test]
fn functions_are_short() {
    let mut long = Vec::new();
    let mut sizes = Vec::new();
    for source in rust() {
        for (name, line, length) in functions(&source) {
            sizes.push(length);
            if length > FUNCTION {
                long.push(format!("{}:{line}: {name} has {length} lines", source.path));
            }
        }
    }
    hold("a function has at most 70 lines", &long);
    sizes.sort_unstable();
    let median = sizes[sizes.len() / 2];
    assert!(median <= MEDIAN_FUNCTION, "half the functions have at most 12 lines: now {median}");
}

#[test]
fn every_file_says_what_is_in_it() {
    let silent = rust().into_iter().filter(|source| !source.text.starts_with("//! "));
    hold("a source opens with //!", &silent.map(|source| source.path).collect::<Vec<_>>());
}

#[test]
fn the_top_has_only_its_doors() {
    const DOORS: [&str; 10] = [
        "Cargo.toml",
        "Cargo.lock",
        "README.md",
        "CHANGELOG.md",
        "LICENSE",
        "daemon",
        "admin-cli",
        "config",
        "packaging",
        "tests",
    ];
    let names = std::fs::read_dir(root())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let built = |name: &String| name.starts_with('.') || name == "target";
    let others: Vec<_> =
        names.filter(|name| !built(name) && !DOORS.contains(&name.as_str())).collect();
    hold("the top level is fixed", &others);
}

#[test]
fn decisions_are_numbered_without_gaps() {
    let mut decisions = crate::sources::files("daemon/decisions", ".md");
    decisions.sort_by(|a, b| a.path.cmp(&b.path));
    let mut wrong = Vec::new();
    for (number, decision) in (1..).zip(&decisions) {
        let name = decision.path.rsplit('/').next().unwrap();
        let wanted = format!("{number:04}");
        if !name.starts_with(&format!("{wanted}-"))
            || !decision.text.starts_with(&format!("# {wanted}"))
        {
            wrong.push(format!("{}: should be {wanted}", decision.path));
        }
    }
    hold("decisions count from 0001, name and heading alike", &wrong);
}

/// Name, first line and length of every function; relies on rustfmt's indentation.
fn functions(source: &Source) -> Vec<(String, usize, usize)> {
    let lines: Vec<&str> = source.text.lines().collect();
    let mut found = Vec::new();
    let mut raw = false;
    for (at, line) in lines.iter().enumerate() {
        // A raw string may hold anything that looks like code.
        raw ^= line.matches("r#\"").count() != line.matches("\"#").count();
        let indent = &line[..line.len() - line.trim_start().len()];
        let mut words = line.split_whitespace();
        let is_word = |word: &&str| {
            matches!(*word, "async" | "const" | "unsafe" | "extern") || word.starts_with("pub")
        };
        let first = words.by_ref().find(|word| !is_word(word));
        if raw || first != Some("fn") {
            continue;
        }
        let name = words.next().unwrap_or_default();
        let name: String =
            name.chars().take_while(|sign| sign.is_alphanumeric() || *sign == '_').collect();
        if name.is_empty() {
            continue;
        }
        let close = format!("{indent}}}");
        let one_line = line.trim_end().ends_with('}') || line.trim_end().ends_with(';');
        let end =
            if one_line { Some(0) } else { lines[at..].iter().position(|line| *line == close) };
        found.push((name, at + 1, end.map_or(1, |end| end + 1)));
    }
    found
}
