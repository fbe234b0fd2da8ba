//! Words that are no name, no number and no place of one's own, and the short forms in which street
//! addresses are compared. They are data (`config/data/names`).

use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

#[derive(Default, Deserialize)]
struct Names {
    suffixes: BTreeSet<String>,
    titles: BTreeSet<String>,
    placeholders: BTreeSet<String>,
    placeholder_beginnings: Vec<String>,
    no_numbers: BTreeSet<String>,
    no_ssn: BTreeSet<String>,
    no_mail: BTreeSet<String>,
}

#[derive(Default, Deserialize)]
struct Addresses {
    streets: Vec<String>,
    directions: Vec<String>,
    units: BTreeSet<String>,
    shared: Vec<String>,
}

// Tests read the shipped files: they are never empty.
static NAMES: LazyLock<Names> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../../../../config/data/names/words.toml"))
        .unwrap_or_default()
});
static ADDRESSES: LazyLock<Addresses> = LazyLock::new(|| {
    toml::from_str(include_str!("../../../../../../config/data/names/addresses.toml"))
        .unwrap_or_default()
});
static SHORT: LazyLock<BTreeMap<&'static str, &'static str>> = LazyLock::new(short_forms);

/// Whether a folded word says which of a family bears the name: "jr", "iii".
pub(crate) fn is_suffix(word: &str) -> bool {
    NAMES.suffixes.contains(word)
}

/// Whether a folded word is a title before a name.
pub(super) fn is_title(word: &str) -> bool {
    NAMES.titles.contains(word)
}

/// Whether a folded word stands where a name should be.
pub(super) fn is_placeholder(word: &str) -> bool {
    NAMES.placeholders.contains(word)
        || NAMES.placeholder_beginnings.iter().any(|start| word.starts_with(start.as_str()))
}

/// Whether a plain number is nobody's.
pub(super) fn is_no_number(value: &str) -> bool {
    NAMES.no_numbers.contains(value)
}

/// Whether nine digits are a social security number that was nobody's, although it looks like one.
pub(super) fn is_no_ssn(digits: &str) -> bool {
    NAMES.no_ssn.contains(digits)
}

/// Whether what stands before the `@` says that there is no mail address.
pub(super) fn is_no_mail(local: &str) -> bool {
    NAMES.no_mail.contains(local)
}

/// A word of a street line in its short form: "dr" of "drive", "n" of "north".
pub(super) fn short(word: &str) -> &str {
    SHORT.get(word).copied().unwrap_or(word)
}

/// Whether the word after this one tells a unit.
pub(super) fn is_unit(word: &str) -> bool {
    ADDRESSES.units.contains(word)
}

/// Whether a folded street line is of a place of many.
pub(super) fn is_shared_place(line: &str) -> bool {
    ADDRESSES.shared.iter().any(|words| line.contains(words.as_str()))
}

fn short_forms() -> BTreeMap<&'static str, &'static str> {
    let mut forms = BTreeMap::new();
    for line in ADDRESSES.streets.iter().chain(&ADDRESSES.directions) {
        let mut words = line.split(' ');
        let Some(first) = words.next() else { continue };
        forms.extend(words.map(|word| (word, first)));
    }
    forms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_words_are_there() {
        assert!(is_suffix("iii") && is_title("mrs"));
        assert!(is_placeholder("newborn") && is_placeholder("zztest") && !is_placeholder("maria"));
        assert!(is_no_number("UNK") && is_no_ssn("078051120") && is_no_mail("declined"));
        assert_eq!((short("avenue"), short("norte"), short("amber")), ("ave", "n", "amber"));
        assert!(is_unit("apt") && is_shared_place("general delivery"));
    }
}
