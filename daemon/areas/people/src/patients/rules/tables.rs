//! Matches whole tables of people, in memory and without a store: for a look at somebody's list, and
//! for measuring the rules.

use super::blocks::{Block, asked, kept, most};
use super::choose::{Candidate, choose};
use super::decide::{Decision, Verdict, compare, compare_all};
use super::person::Person;
use super::weigh::{HOME_SIGN, Probe, home_key, rarity};
use almoner_core::rules::Matching;
use chrono::Datelike;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Two rows that are one person, or may be.
#[derive(Clone, Debug)]
pub struct Found {
    /// Rows of the one table and of the other.
    pub one: usize,
    pub other: usize,
    pub verdict: Verdict,
}

/// The pairs of a row of `one` and a row of `other` that are one person, or that a person must decide.
pub fn match_tables(one: &[Person], other: &[Person], rules: &Matching) -> Vec<Found> {
    let crowd = Crowd::of(one.iter().chain(other), rules);
    let index = Index::of(other);
    let mut found = Vec::new();
    for (at, person) in one.iter().enumerate() {
        let probe = crowd.probe(person, rules);
        pairs(at, &probe, &index.candidates(person, rules), other, rules, &mut found);
    }
    found
}

/// The same within one table: every pair once, the earlier row first.
pub fn match_table(people: &[Person], rules: &Matching) -> Vec<Found> {
    let crowd = Crowd::of(people.iter(), rules);
    let index = Index::of(people);
    let mut found = Vec::new();
    for (at, person) in people.iter().enumerate() {
        let probe = crowd.probe(person, rules);
        let mut later = index.candidates(person, rules);
        later.retain(|other| *other > at);
        pairs(at, &probe, &later, people, rules, &mut found);
    }
    found
}

/// What became of a row that was taken as the intake takes a record.
#[derive(Clone, Debug, Default)]
pub struct Taken {
    /// The person it is of: the first row of theirs.
    pub person: usize,
    /// Persons it may be of, where nobody is joined without asking or somebody else is like them too.
    pub alike: Vec<usize>,
}

/// Takes the rows one after the other: each is joined to the person of earlier rows whom it is of, to all
/// of whose rows it is compared, or is a new person, with those whom it may be.
pub fn take_table(people: &[Person], rules: &Matching) -> Vec<Taken> {
    let crowd = Crowd::of(people.iter(), rules);
    let index = Index::of(people);
    let mut taken: Vec<Taken> = Vec::new();
    let mut rows: BTreeMap<usize, Vec<Person>> = BTreeMap::new();
    let mut suspected: BTreeMap<usize, BTreeSet<usize>> = BTreeMap::new();
    for (at, person) in people.iter().enumerate() {
        let probe = crowd.probe(person, rules);
        let earlier = index.candidates(person, rules);
        let known: BTreeSet<usize> =
            earlier.iter().filter_map(|row| taken.get(*row)).map(|it| it.person).collect();
        let candidate = |id: usize| {
            let verdict = compare_all(&probe, rows.get(&id)?, rules)?;
            let suspected = suspected.get(&id).into_iter().flatten().copied().collect();
            Some(Candidate { id, verdict, suspected })
        };
        let candidates: Vec<_> = known.into_iter().filter_map(candidate).collect();
        let choice = choose(&candidates, rules);
        let person_of = choice.same.unwrap_or(at);
        let alike: Vec<usize> = choice.alike.into_iter().map(|it| it.0).collect();
        for other in &alike {
            suspected.entry(person_of).or_default().insert(*other);
            suspected.entry(*other).or_default().insert(person_of);
        }
        rows.entry(person_of).or_default().push(person.clone());
        taken.push(Taken { person: person_of, alike });
    }
    taken
}

fn pairs(
    one: usize,
    probe: &Probe<'_>,
    candidates: &BTreeSet<usize>,
    people: &[Person],
    rules: &Matching,
    found: &mut Vec<Found>,
) {
    for &other in candidates {
        let Some(known) = people.get(other) else { continue };
        let verdict = compare(probe, known, rules);
        if verdict.decision != Decision::Unlike {
            found.push(Found { one, other, verdict });
        }
    }
}

/// Rows by key.
struct Index {
    rows: HashMap<Block, Vec<usize>>,
}

impl Index {
    fn of(people: &[Person]) -> Self {
        let mut rows: HashMap<Block, Vec<usize>> = HashMap::new();
        for (at, person) in people.iter().enumerate() {
            let numbers = person.numbers.iter().map(|(text, _)| ('i', text.clone()));
            for block in kept(person).into_iter().chain(numbers) {
                rows.entry(block).or_default().push(at);
            }
        }
        Self { rows }
    }

    fn candidates(&self, person: &Person, rules: &Matching) -> BTreeSet<usize> {
        let numbers = person.numbers.iter().map(|(text, _)| ('i', text.clone()));
        let mut found = BTreeSet::new();
        for block in asked(person).into_iter().chain(numbers) {
            let rows = self.rows.get(&block).filter(|rows| rows.len() <= most(&block, rules));
            found.extend(rows.into_iter().flatten());
        }
        found
    }
}

/// What many of a table bear.
#[derive(Default)]
struct Crowd<'p> {
    people: u64,
    families: HashMap<&'p str, u64>,
    givens: HashMap<&'p str, u64>,
    shared: HashMap<String, u64>,
}

impl<'p> Crowd<'p> {
    fn of(people: impl Iterator<Item = &'p Person>, rules: &Matching) -> Self {
        let mut crowd = Self::default();
        let mut seen: BTreeSet<(String, Likeness)> = BTreeSet::new();
        for person in people {
            crowd.people += 1;
            for name in &person.names {
                *crowd.families.entry(&name.family).or_default() += 1;
                *crowd.givens.entry(&name.given).or_default() += 1;
            }
            for text in shareable(person) {
                if seen.insert((text.clone(), likeness(person))) {
                    *crowd.shared.entry(text).or_default() += 1;
                }
            }
        }
        crowd.shared.retain(|text, count| is_of_many(text, *count, rules));
        crowd
    }

    fn probe<'q>(&self, person: &'q Person, rules: &Matching) -> Probe<'q> {
        let mut probe = Probe::new(person, rules);
        probe.people = self.people;
        let bearers = |map: &HashMap<&str, u64>, name: &str| map.get(name).copied().unwrap_or(0);
        let rare = |name: &super::NameKey| {
            let (family, given) =
                (bearers(&self.families, &name.family), bearers(&self.givens, &name.given));
            (
                rarity(family, self.people, rules, &rules.family),
                rarity(given, self.people, rules, &rules.given),
            )
        };
        probe.rarity = person.names.iter().map(rare).collect();
        probe.shared = shareable(person).filter(|text| self.shared.contains_key(text)).collect();
        probe
    }
}

/// By what people who have something together are told apart roughly: initial and year of birth.
pub(crate) type Likeness = (Option<char>, Option<i32>);

/// A person may stand in several rows, or in records that nobody has joined yet: they are one of those
/// who have something together.
pub(crate) fn likeness(person: &Person) -> Likeness {
    let initial = person.names.first().and_then(|name| name.given.chars().next());
    (initial, person.born.map(|day| day.year()))
}

/// What several people can have together: telephones, mail addresses, street lines.
pub(crate) fn shareable(person: &Person) -> impl Iterator<Item = String> {
    let homes = person.homes.iter().filter(|it| !it.line.is_empty() && !it.zip.is_empty());
    let homes = homes.map(|it| home_key(&it.line, &it.zip));
    person.phones.iter().chain(&person.emails).cloned().chain(homes)
}

/// Whether so many people have it that it says little: a telephone a few, a house more, since a family
/// may live there.
pub(crate) fn is_of_many(text: &str, count: u64, rules: &Matching) -> bool {
    // Only a street line with its ZIP code bears the sign.
    let home = text.contains(HOME_SIGN);
    count >= if home { rules.shared_home } else { rules.shared }
}
