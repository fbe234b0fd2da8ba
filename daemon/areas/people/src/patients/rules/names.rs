//! Names as they are compared: folded, without titles and suffixes, and with what is no name left
//! out (`matching.md` §2).

use super::words::{is_placeholder, is_suffix, is_title};
use almoner_core::clinical::HumanName;
use almoner_core::text::fold;

/// A name as it is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct NameKey {
    /// Family name, folded, its parts joined: `okaforreyes`.
    pub family: String,
    /// Its parts: `okafor`, `reyes`.
    pub parts: Vec<String>,
    /// First given name, folded.
    pub given: String,
    /// Further given names or initials, folded.
    pub middle: Vec<String>,
    /// `jr`, `sr`, `ii` …; empty when there is none.
    pub suffix: String,
    /// A word stood where a name should be: `Baby Boy`, `Unknown`.
    pub placeholder: bool,
}

impl NameKey {
    /// The name as compared; `None` when it is no usable name.
    pub fn of(name: &HumanName) -> Option<Self> {
        Self::read(name).filter(|key| key.is_whole() && key.given.chars().count() > 1)
    }

    /// What is known of a name: a part that is missing, or a word that stands for none, is empty.
    /// `None` when nothing is known.
    pub(crate) fn read(name: &HumanName) -> Option<Self> {
        let mut suffix = name.suffix.iter().map(|text| fold(text)).find(|s| is_suffix(s));
        let mut parts = words(&name.family);
        while parts.len() > 1 && parts.last().is_some_and(|last| is_suffix(last)) {
            suffix = parts.pop().or(suffix);
        }
        let mut given: Vec<String> = name.given.iter().flat_map(|part| words(part)).collect();
        while given.len() > 1 && given.last().is_some_and(|last| is_suffix(last) && last != "v") {
            suffix = given.pop().or(suffix);
        }
        if given.len() > 1 && given.first().is_some_and(|first| is_title(first)) {
            given.remove(0);
        }
        let mut given = given.into_iter();
        let mut key = Self {
            family: parts.concat(),
            parts,
            given: given.next().unwrap_or_default(),
            middle: given.collect(),
            suffix: suffix.unwrap_or_default(),
            placeholder: false,
        };
        key.forget_placeholders();
        (!key.family.is_empty() || !key.given.is_empty()).then_some(key)
    }

    /// Both family and given name are known.
    pub(crate) fn is_whole(&self) -> bool {
        !self.family.is_empty() && !self.given.is_empty()
    }

    /// Family and first given name are the same.
    pub fn exact(&self, other: &Self) -> bool {
        self.is_whole() && self.family == other.family && self.given == other.given
    }

    /// Family and given name are the same, but changed about.
    pub fn swapped(&self, other: &Self) -> bool {
        let turned = |a: &Self, b: &Self| {
            a.family == b.given_names() && (a.given == b.family || a.given_names() == b.family)
        };
        self.is_whole() && other.is_whole() && (turned(self, other) || turned(other, self))
    }

    /// All given names, joined as a family name is.
    pub fn given_names(&self) -> String {
        std::iter::once(&self.given).chain(&self.middle).map(String::as_str).collect()
    }

    /// The family names have a part in common (double surnames, a married name added).
    pub fn same_family(&self, other: &Self) -> bool {
        !self.family.is_empty() && self.family == other.family
            || self.parts.iter().any(|part| part.len() > 2 && other.parts.contains(part))
    }

    /// Both have suffixes, and unlike ones (Jr and Sr are two people; Jr and II can be one).
    pub fn suffix_conflict(&self, other: &Self) -> bool {
        let (a, b) = (generation(&self.suffix), generation(&other.suffix));
        a.is_some() && b.is_some() && a != b
    }

    /// Both have middle names, and unlike ones.
    pub fn middle_conflict(&self, other: &Self) -> bool {
        let (Some(a), Some(b)) = (self.middle.first(), other.middle.first()) else { return false };
        !(a.starts_with(b.as_str()) || b.starts_with(a.as_str()))
    }

    fn forget_placeholders(&mut self) {
        let no_name = |text: &str| is_placeholder(text) || text.chars().count() < 2;
        let doe = self.family == "doe" && !is_placeholder(&self.given);
        if no_name(&self.family) && !doe {
            self.placeholder |= !self.family.is_empty();
            self.family.clear();
            self.parts.clear();
        }
        // An initial is something, a word that stands for a name is nothing.
        if is_placeholder(&self.given) {
            self.placeholder = true;
            self.given.clear();
            self.middle.clear();
        }
    }
}

/// Which of a family bears the name: the first is Sr.
fn generation(suffix: &str) -> Option<u8> {
    match suffix {
        "sr" | "senior" => Some(1),
        "jr" | "junior" | "ii" | "2nd" => Some(2),
        "iii" | "3rd" => Some(3),
        "iv" | "4th" => Some(4),
        "v" => Some(5),
        _ => None,
    }
}

fn words(text: &str) -> Vec<String> {
    fold(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(family: &str, given: &[&str]) -> Option<NameKey> {
        let given = given.iter().map(|part| (*part).to_owned()).collect();
        NameKey::of(&HumanName { family: family.into(), given, ..HumanName::default() })
    }

    #[test]
    fn names_are_folded_and_taken_apart() {
        let key = name("Okafor-Reyes Jr.", &["María del Carmen"]).unwrap();
        assert_eq!(key.family, "okaforreyes");
        assert_eq!(key.parts, ["okafor", "reyes"]);
        assert_eq!((key.given.as_str(), key.suffix.as_str()), ("maria", "jr"));
        assert_eq!(key.middle, ["del", "carmen"]);
    }

    #[test]
    fn placeholders_are_no_names() {
        for (family, given) in
            [("Unknown", "Unknown"), ("Smith", "Baby"), ("Q", "Anna"), ("ZZTest", "Ann"), ("", "")]
        {
            assert!(name(family, &[given]).is_none(), "{family} {given}");
        }
        assert!(name("Doe", &["Jane"]).is_some());
    }
}
