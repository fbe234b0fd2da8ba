//! Under which keys a person is looked for among those who are known (`matching.md` §3): two people
//! are compared when one key is equal. Numbers have an index of their own.

use super::numbers::Ssn;
use super::person::Person;
use super::sound::sounds;
use almoner_core::rules::Matching;
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeSet;

/// Letters of a family or given name that a key takes.
const LETTERS: usize = 3;

/// A key: what kind it is of, and its text.
pub type Block = (char, String);

/// An exact name, and one of which the one or the other half may be misspelt: keys only while they are
/// rare.
const NAME: char = 'n';
const FAMILY: char = 'h';
const GIVEN: char = 'g';

/// How many people a key leads to at most; a key of more is passed over.
pub fn most(block: &Block, rules: &Matching) -> usize {
    if matches!(block.0, NAME | FAMILY | GIVEN) { rules.rare } else { rules.block }
}

/// The keys under which a person is kept.
pub fn kept(person: &Person) -> BTreeSet<Block> {
    let mut blocks = BTreeSet::new();
    named(person, &mut blocks);
    for phone in &person.phones {
        blocks.insert(('p', phone.clone()));
    }
    for email in &person.emails {
        blocks.insert(('e', email.clone()));
    }
    for home in person.homes.iter().filter(|it| !it.zip.is_empty() && !it.house.is_empty()) {
        for name in person.names.iter().flat_map(|it| [&it.family, &it.given]) {
            let letters = start(name, LETTERS);
            blocks.insert(('a', format!("{} {} {letters}", home.zip, home.house)));
            if !home.street().is_empty() {
                blocks.insert(('t', format!("{} {} {letters}", home.zip, home.street())));
            }
        }
    }
    for home in person.homes.iter().filter(|it| !it.house.is_empty() && !it.town.is_empty()) {
        blocks.insert(('l', format!("{} {}", home.line, home.town)));
    }
    for home in person.homes.iter().filter(|it| !it.zip.is_empty()) {
        if let Some(day) = person.born {
            blocks.insert(('z', format!("{day} {}", home.zip)));
        }
    }
    if let Some(Ssn::Whole(digits)) = &person.ssn {
        blocks.insert(('x', digits.clone()));
    }
    if let Some(end) = person.ssn.as_ref().map(end)
        && let Some(year) = year(person)
    {
        blocks.insert(('s', format!("{end} {year}")));
    }
    blocks
}

/// The keys under which a person is looked for: also with day and month of the birth date, and given
/// and family name, in each other's place.
pub fn asked(person: &Person) -> BTreeSet<Block> {
    let mut blocks = kept(person);
    if let Some(turned) = person.born.and_then(turned) {
        for name in person.names.iter().filter(|it| !it.family.is_empty()) {
            blocks.insert(day_and_family(turned, &name.family));
        }
    }
    for name in person.names.iter().filter(|it| it.is_whole()) {
        blocks.insert(self::name(&name.given, &name.family));
        blocks.insert(self::name(&name.given_names(), &name.family));
        blocks.extend(halves(&name.given, &name.family));
    }
    blocks
}

/// The key of an exact name.
pub fn name(family: &str, given: &str) -> Block {
    (NAME, format!("{family} {given}"))
}

/// The keys of a name of which one half is whole and the other begins alike.
fn halves(family: &str, given: &str) -> [Block; 2] {
    [
        (FAMILY, format!("{family} {}", start(given, LETTERS))),
        (GIVEN, format!("{} {given}", start(family, LETTERS))),
    ]
}

fn named(person: &Person, blocks: &mut BTreeSet<Block>) {
    let year = year(person);
    for name in &person.names {
        if let Some(day) = person.born {
            // Either name may stand in the other's place.
            for first in [&name.given, &name.family].into_iter().filter(|it| !it.is_empty()) {
                blocks.insert(('d', format!("{day} {}", start(first, 1))));
            }
            if !name.family.is_empty() {
                blocks.insert(day_and_family(day, &name.family));
                for code in sounds(&name.family) {
                    blocks.insert(('b', format!("{day} {code}")));
                }
            }
        }
        if !name.is_whole() {
            continue;
        }
        blocks.insert(self::name(&name.family, &name.given));
        blocks.extend(halves(&name.family, &name.given));
        // The year of birth, or where they live: one of them may be missing.
        let zips = person.homes.iter().map(|home| &home.zip).filter(|it| !it.is_empty());
        let around: Vec<&String> = year.iter().chain(zips).collect();
        for code in name.parts.iter().flat_map(|part| sounds(part)) {
            let given = start(&name.given, LETTERS);
            for year_or_zip in &around {
                blocks.insert(('y', format!("{code} {given} {year_or_zip}")));
            }
        }
        for year_or_zip in &around {
            let (family, given) = (start(&name.family, LETTERS), start(&name.given, LETTERS));
            blocks.insert(('k', format!("{family} {given} {year_or_zip}")));
        }
    }
}

fn day_and_family(day: NaiveDate, family: &str) -> Block {
    ('f', format!("{day} {}", start(family, LETTERS)))
}

/// The birth date with day and month in each other's place.
fn turned(day: NaiveDate) -> Option<NaiveDate> {
    NaiveDate::from_ymd_opt(day.year(), day.day(), day.month()).filter(|it| *it != day)
}

fn year(person: &Person) -> Option<String> {
    let whole = person.born.map(|day| day.year().to_string());
    let partial = || person.birth.as_ref().filter(|it| it.date().is_none());
    whole.or_else(|| Some(partial()?.as_str().get(..4)?.to_owned()))
}

fn end(ssn: &Ssn) -> &str {
    match ssn {
        Ssn::Whole(digits) => digits.get(5..).unwrap_or_default(),
        Ssn::End(digits) => digits,
    }
}

fn start(text: &str, letters: usize) -> String {
    text.chars().take(letters).collect()
}
