//! Everyday forms of first names: Pepe is José. The forms are data (`config/data/names`).

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

#[derive(Default, Deserialize)]
struct File {
    groups: Vec<String>,
}

const SHIPPED: &str = include_str!("../../../../../../config/data/names/nicknames.toml");

static FORMS: LazyLock<BTreeMap<String, BTreeSet<String>>> = LazyLock::new(forms);

/// The other forms of a folded first name.
pub fn alike(name: &str) -> impl Iterator<Item = &'static str> {
    FORMS.get(name).into_iter().flatten().map(String::as_str)
}

/// Whether one folded first name is an everyday form of the other.
pub fn forms_of_one(a: &str, b: &str) -> bool {
    FORMS.get(a).is_some_and(|others| others.contains(b))
}

fn forms() -> BTreeMap<String, BTreeSet<String>> {
    // A test reads the shipped file: it is never empty.
    let file: File = toml::from_str(SHIPPED).unwrap_or_default();
    let mut forms: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for group in &file.groups {
        for name in group.split_whitespace() {
            let others = group.split_whitespace().filter(|other| *other != name);
            forms.entry(name.to_owned()).or_default().extend(others.map(str::to_owned));
        }
    }
    forms
}
