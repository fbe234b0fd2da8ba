//! Measured: how well two tables of people are matched whose pairs are known, and how invented people
//! with all the slips of real lists are; and that nobody is joined by name and birth date alone.

use super::*;
use crate::patients::record::Former;
use almoner_core::clinical::{Address, HumanName, Patient, When};
use almoner_core::rules::{Matching, Rules};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

pub(crate) mod gold;
mod invented;

fn rules() -> Matching {
    *Rules::default().matching(chrono::NaiveDate::from_ymd_opt(2026, 11, 22).unwrap())
}

/// How a table was matched.
#[derive(Debug, Default)]
struct Measured {
    records: usize,
    true_pairs: usize,
    joined: usize,
    joined_right: usize,
    proposed: usize,
    proposed_right: usize,
}

impl Measured {
    fn precision(&self) -> f64 {
        share(self.joined_right, self.joined)
    }
    fn recall(&self) -> f64 {
        share(self.joined_right + self.proposed_right, self.true_pairs)
    }
    /// Proposals for each thousand records: all, and those that are asked in vain.
    fn asked(&self) -> (f64, f64) {
        let wrong = self.proposed - self.proposed_right;
        (1e3 * share(self.proposed, self.records), 1e3 * share(wrong, self.records))
    }
}

#[allow(clippy::cast_precision_loss)]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

/// Measures a table whose rows bear the number of the person they are of.
fn measure(people: &[(usize, Person)]) -> (Measured, Vec<Found>) {
    let rules = rules();
    let table: Vec<Person> = people.iter().map(|(_, person)| person.clone()).collect();
    let mut sizes: BTreeMap<usize, usize> = BTreeMap::new();
    for (who, _) in people {
        *sizes.entry(*who).or_default() += 1;
    }
    let mut measured = Measured {
        records: people.len(),
        true_pairs: sizes.values().map(|n| n * (n - 1) / 2).sum(),
        ..Measured::default()
    };
    let found = match_table(&table, &rules);
    for pair in &found {
        let right = usize::from(people[pair.one].0 == people[pair.other].0);
        if pair.verdict.decision == Decision::Same {
            measured.joined += 1;
            measured.joined_right += right;
            assert_sound(&table[pair.one], &table[pair.other], pair);
        } else {
            measured.proposed += 1;
            measured.proposed_right += right;
        }
    }
    (measured, found)
}

/// Whoever is joined without asking agrees in given and family name and birth date, and in something
/// besides (`matching.md` §5.2), or bears one number with its authority.
fn assert_sound(one: &Person, other: &Person, pair: &Found) {
    let verdict = &pair.verdict;
    if verdict.by_number {
        return;
    }
    let reasons = verdict.reasons();
    let told = |any: &[Reason]| any.iter().any(|it| reasons.contains(it));
    assert!(verdict.score >= rules().auto, "{one:?} {other:?} {verdict:?}");
    assert!(told(&[Reason::SameName, Reason::Nickname]), "{one:?} {other:?} {verdict:?}");
    assert!(one.born.is_some() && one.born == other.born, "{one:?} {other:?} {verdict:?}");
    let besides = [
        Reason::SameIdentifier,
        Reason::SameMember,
        Reason::SameSsn,
        Reason::SameSsnEnd,
        Reason::SameAddress,
        Reason::SamePhone,
        Reason::SameEmail,
    ];
    assert!(told(&besides), "{one:?} {other:?} {verdict:?}");
    let forbidden = verdict.evidence.iter().any(|it| it.bits == 0.0 && it.reason.forbids());
    assert!(!forbidden, "{one:?} {other:?} {verdict:?}");
}

/// A table of the FEBRL data sets: `rec-17-org` and `rec-17-dup-0` are one person.
fn febrl(name: &str, with_ssn: bool) -> Vec<(usize, Person)> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../../shared/data/matching/febrl")
        .join(name);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_path(path).unwrap();
    let rows = reader.records().map(|row| {
        let row = row.unwrap();
        let who = row[0].split('-').nth(1).unwrap().parse().unwrap();
        let born = row[9].get(0..8).map(|d| format!("{}-{}-{}", &d[..4], &d[4..6], &d[6..]));
        let patient = Patient {
            names: vec![HumanName {
                given: vec![row[1].to_owned()],
                family: row[2].to_owned(),
                ..HumanName::default()
            }],
            birth_date: born.as_deref().and_then(When::parse),
            addresses: vec![Address {
                lines: vec![format!("{} {}", &row[3], &row[4]), row[5].to_owned()],
                city: row[6].to_owned(),
                postal_code: row[7].to_owned(),
                state: row[8].to_owned(),
                ..Address::default()
            }],
            ..Patient::default()
        };
        let mut person = Person::of(&patient, &Former::default(), "");
        // Seven digits are none of the United States: taken as they are.
        let ssn = Some(row[10].to_owned()).filter(|it| with_ssn && !it.is_empty());
        person.ssn = ssn.map(Ssn::Whole);
        (who, person)
    });
    rows.collect()
}

#[test]
fn published_tables_are_matched() {
    // Pairs as such, and brought together by way of others of the same person. Without the social
    // security number the rules hold that people of one name, many years apart, are parent and child.
    // splink 5.0, which learns its weights from the table itself and only has to be more sure than not,
    // finds 1.0, 0.9963, 0.996 and 0.9766 of the pairs; it joins them, where a person is asked here.
    for (name, true_pairs, with_ssn, pairs, together) in [
        ("dataset1.csv", 500, true, 0.99, 0.99),
        ("dataset3.csv", 6538, true, 0.99, 0.995),
        ("dataset1.csv", 500, false, 0.95, 0.95),
        ("dataset3.csv", 6538, false, 0.91, 0.93),
    ] {
        let people = febrl(name, with_ssn);
        let (measured, found) = measure(&people);
        println!(
            "{name}, {} numbers: joined {} (precision {:.4}), proposed {} of which {} right, \
             joined or proposed recall {:.4}, by way of others {:.4}; proposals for 1,000 records \
             {:.0}, in vain {:.1}",
            if with_ssn { "with" } else { "without" },
            measured.joined,
            measured.precision(),
            measured.proposed,
            measured.proposed_right,
            measured.recall(),
            by_way_of_others(&people, &found, true_pairs),
            measured.asked().0,
            measured.asked().1
        );
        let met: BTreeSet<(usize, usize)> = found.iter().map(|it| (it.one, it.other)).collect();
        missed(&people, &met);
        assert_eq!(measured.true_pairs, true_pairs);
        assert!(measured.precision() >= 0.999, "{measured:?}");
        assert!(measured.recall() >= pairs, "{measured:?}");
        assert!(measured.asked().1 <= 5.0, "people are asked in vain: {measured:?}");
        assert!(by_way_of_others(&people, &found, true_pairs) >= together);
    }
}

#[test]
fn what_is_written_in_another_place_or_way_is_seen() {
    let rules = rules();
    let at = |person: (&str, &str), line: &str, zip: &str| {
        let (family, given) = person;
        let patient = Patient {
            names: vec![HumanName {
                family: family.into(),
                given: vec![given.into()],
                ..HumanName::default()
            }],
            birth_date: When::parse("1958-03-04"),
            addresses: vec![Address {
                lines: vec![line.into()],
                city: "Beaverton".into(),
                state: "OR".into(),
                postal_code: zip.into(),
                ..Address::default()
            }],
            ..Patient::default()
        };
        Person::of(&patient, &Former::default(), "")
    };
    let known = at(("Okafor", "Ana"), "1357 Amber Drive", "97006");
    for (case, name, line, zip, reason) in [
        ("half the name", ("Ana", "Ngozi"), "1 Elm St", "97006", Reason::NamesSwapped),
        ("mistyped ZIP code", ("Okafor", "Ana"), "1357 Amber Dr", "97060", Reason::SameHouse),
        ("other house", ("Okafor", "Ana"), "12 Amber Dr", "97006", Reason::SameStreet),
        ("other street", ("Okafor", "Ana"), "12 Elm St", "97006", Reason::SameZip),
        ("turned letters", ("Okafor", "Aan"), "12 Elm St", "97006", Reason::SimilarName),
    ] {
        let verdict = compare(&Probe::new(&at(name, line, zip), &rules), &known, &rules);
        assert!(verdict.reasons().contains(&reason), "{case}: {verdict:?}");
        assert_ne!(verdict.decision, Decision::Same, "{case}: nothing of this joins");
    }
}

/// Who was called otherwise before is known by either name, never by the family name of the one and the
/// given name of the other.
#[test]
fn half_of_one_name_and_half_of_another_are_no_name() {
    let rules = rules();
    let name = |(family, given): (&str, &str)| HumanName {
        family: family.into(),
        given: Some(given).filter(|it| !it.is_empty()).map(Into::into).into_iter().collect(),
        ..HumanName::default()
    };
    let home = Address {
        lines: vec!["1357 Amber Drive".into()],
        postal_code: "97006".into(),
        ..Address::default()
    };
    let called = |now| Patient {
        names: vec![name(now)],
        birth_date: When::parse("1958-04-03"),
        addresses: vec![home.clone()],
        ..Patient::default()
    };
    for (now, before, said, decision) in [
        (("Newman", "Robert"), ("Okafor", "Ana"), ("Okafor", "Bob"), Decision::Review),
        (("Newman", "Robert"), ("Okafor", "Ana"), ("Okafor", "Robert"), Decision::Review),
        (("Newman", "Robert"), ("Okafor", "Ana"), ("Newman", "Bob"), Decision::Same),
        (("Newman", "Jane"), ("Okafor", "Jane"), ("Okafor", "Jane"), Decision::Same),
        (("Newman", "Jane"), ("Okafor", ""), ("Okafor", "Jane"), Decision::Same),
    ] {
        let former = Former { names: vec![name(before)], ..Former::default() };
        let known = Person::of(&called(now), &former, "lab");
        let new = Person::of(&called(said), &Former::default(), "clinic");
        let verdict = compare(&Probe::new(&new, &rules), &known, &rules);
        assert_eq!(verdict.decision, decision, "{now:?} {before:?} {said:?}: {verdict:?}");
        let turned = compare(&Probe::new(&known, &rules), &new, &rules);
        assert_eq!(turned.decision, decision, "the other way: {now:?} {before:?} {said:?}");
    }
}

#[test]
fn without_a_birth_date_a_common_name_is_nobodys() {
    let rules = rules();
    let patient = Patient {
        names: vec![HumanName {
            family: "García".into(),
            given: vec!["María".into()],
            ..HumanName::default()
        }],
        ..Patient::default()
    };
    let undated = Person::of(&patient, &Former::default(), "");
    let known = Person::of(
        &Patient { birth_date: When::parse("1958-03-04"), ..patient },
        &Former::default(),
        "",
    );
    let among = |people| {
        let probe = Probe { people, ..Probe::new(&undated, &rules) };
        compare(&probe, &known, &rules).decision
    };
    assert_eq!((among(100), among(100_000)), (Decision::Review, Decision::Unlike));
}

/// The share of true pairs whose rows are brought together by joining and proposing, be it by way of
/// other rows.
fn by_way_of_others(people: &[(usize, Person)], found: &[Found], true_pairs: usize) -> f64 {
    let mut heads: Vec<usize> = (0..people.len()).collect();
    for pair in found {
        let (one, other) = (head(&mut heads, pair.one), head(&mut heads, pair.other));
        heads[one] = other;
    }
    let mut groups: BTreeMap<(usize, usize), usize> = BTreeMap::new();
    for (at, (who, _)) in people.iter().enumerate() {
        *groups.entry((head(&mut heads, at), *who)).or_default() += 1;
    }
    share(groups.values().map(|n| n * (n - 1) / 2).sum(), true_pairs)
}

/// The row that stands for a row's group.
fn head(heads: &mut [usize], mut at: usize) -> usize {
    while heads[at] != at {
        heads[at] = heads[heads[at]];
        at = heads[at];
    }
    at
}

/// Prints how often true pairs were neither joined nor proposed, and why: for whoever changes a weight.
fn missed(people: &[(usize, Person)], met: &BTreeSet<(usize, usize)>) {
    let rules = rules();
    let mut why: BTreeMap<String, usize> = BTreeMap::new();
    for (one, (who, a)) in people.iter().enumerate() {
        let others = people.iter().enumerate().skip(one + 1);
        for (other, (_, b)) in others.filter(|(_, (whose, _))| whose == who) {
            if !met.contains(&(one, other)) {
                let verdict = compare(&Probe::new(a, &rules), b, &rules);
                let told = verdict.evidence.iter().map(|it| format!("{:?} {}", it.reason, it.bits));
                let told: Vec<String> = told.filter(|it| !it.starts_with("Sex")).collect();
                *why.entry(told.join(", ")).or_default() += 1;
            }
        }
    }
    let mut why: Vec<_> = why.into_iter().collect();
    why.sort_by_key(|it| std::cmp::Reverse(it.1));
    for (reasons, count) in why.iter().take(12) {
        println!("  missed {count} times: {reasons}");
    }
}
