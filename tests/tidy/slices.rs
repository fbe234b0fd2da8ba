//! A slice is a folder with fixed file names, so that a newcomer knows where to look before looking.

use crate::hold;
use crate::sources::{files, root};

/// What may stand in a slice, as `NAME.rs` or as a folder `NAME/`. `commands` are the control
/// socket's, a face that the frame offers beside pages.
const NAMES: [&str; 9] =
    ["mod", "record", "rules", "store", "pages", "fhir", "intake", "tests", "commands"];

const WINGS: [&str; 5] = ["people", "chart", "care", "access", "insight"];

#[test]
fn a_slice_has_only_its_names() {
    let mut others = Vec::new();
    for source in files("daemon/areas", ".rs") {
        let Some(inner) = source.path.split("/src/").nth(1) else { continue };
        let parts: Vec<_> = inner.split('/').collect();
        let named = |part: &str| NAMES.contains(&part.trim_end_matches(".rs"));
        let known = match parts.as_slice() {
            ["lib.rs"] | ["tests" | "tests.rs", ..] => true,
            [_slice, name, ..] => named(name),
            _ => false,
        };
        if !known {
            others.push(source.path);
        }
    }
    hold("a slice holds mod, record, rules, store, pages, fhir, intake, tests, commands", &others);
}

#[test]
fn every_slice_has_a_face() {
    let mut faceless = Vec::new();
    for wing in WINGS {
        let folder = root().join("daemon/areas").join(wing).join("src");
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() && !path.join("mod.rs").is_file() {
                faceless.push(path.strip_prefix(root()).unwrap().display().to_string());
            }
        }
    }
    hold("a slice opens with mod.rs", &faceless);
}

#[test]
fn nobody_reaches_into_anothers_inner_modules() {
    let inner = ["record", "rules", "store", "pages", "fhir", "intake"];
    let mut wrong = Vec::new();
    for source in crate::sources::product() {
        for (number, line) in source.code() {
            for wing in WINGS {
                let Some(after) = line.split(&format!("almoner_{wing}::")).nth(1) else { continue };
                let path = after.split([';', '(', '{', ' ', ',']).next().unwrap_or_default();
                if path.split("::").any(|part| inner.contains(&part)) {
                    wrong.push(format!("{}:{number}: {}", source.path, line.trim()));
                }
            }
        }
    }
    hold("N3: an area is used by its face", &wrong);
}
