//! Invented people and the slips with which lists write them down: misspelt and swapped names,
//! nicknames, removals, twins, fathers and sons, telephones of a household, missing birth dates, maiden
//! names (`matching.md` §9).

use super::{measure, share};
use crate::patients::record::Former;
use crate::patients::rules::{Decision, Person};
use almoner_core::clinical::{Address, ContactPoint, HumanName, Patient, When};

const GIVEN_F: [&str; 16] = [
    "María",
    "Linda",
    "Patricia",
    "Susan",
    "Rosa",
    "Elizabeth",
    "Margaret",
    "Thuy",
    "Aisha",
    "Carmen",
    "Deborah",
    "Kimberly",
    "Yolanda",
    "Beatriz",
    "Katherine",
    "Gloria",
];
const GIVEN_M: [&str; 16] = [
    "Robert",
    "José",
    "William",
    "Michael",
    "David",
    "Juan",
    "Thomas",
    "Minh",
    "Ahmed",
    "Carlos",
    "Anthony",
    "Kevin",
    "Francisco",
    "Edward",
    "Daniel",
    "Jamal",
];
const FAMILY: [&str; 24] = [
    "Okafor",
    "Nguyen",
    "García",
    "Smith",
    "Johnson",
    "Whitfield",
    "Hernández",
    "Delgado",
    "Park",
    "Kowalski",
    "Brown",
    "O'Neil",
    "Washington",
    "Martínez",
    "Ramírez",
    "Tran",
    "Fitzgerald",
    "Jackson",
    "Petrov",
    "Abdullah",
    "Lindqvist",
    "Castillo",
    "Baptiste",
    "Yamamoto",
];
const STREET: [&str; 12] = [
    "Amber Drive",
    "North Main Street",
    "Oak Avenue",
    "Willow Lane",
    "5th Street",
    "Mill Road",
    "Lakeview Boulevard",
    "Cedar Court",
    "Sunset Terrace",
    "Park Place",
    "Highland Circle",
    "River Parkway",
];

/// Numbers that look like chance and are the same each time.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn next(&mut self, below: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % below as u64).unwrap()
    }
    fn of<'t>(&mut self, list: &[&'t str]) -> &'t str {
        list[self.next(list.len())]
    }
}

fn somebody(dice: &mut Dice) -> Patient {
    let female = dice.next(2) == 0;
    let given = if female { dice.of(&GIVEN_F) } else { dice.of(&GIVEN_M) };
    let born =
        format!("{}-{:02}-{:02}", 1930 + dice.next(80), 1 + dice.next(12), 1 + dice.next(28));
    let street = format!("{} {}", 1 + dice.next(3999), dice.of(&STREET));
    let zip = format!("970{:02}", dice.next(100));
    let phone = format!("503{:03}{:04}", 200 + dice.next(300), dice.next(10_000));
    Patient {
        names: vec![name(dice.of(&FAMILY), given)],
        birth_date: When::parse(&born),
        gender: if female { "female" } else { "male" }.to_owned(),
        addresses: vec![at(&street, &zip)],
        telecoms: vec![ContactPoint { system: "phone".into(), value: phone, use_: "home".into() }],
        ..Patient::default()
    }
}

fn name(family: &str, given: &str) -> HumanName {
    HumanName { family: family.into(), given: vec![given.into()], ..HumanName::default() }
}

fn at(street: &str, zip: &str) -> Address {
    Address {
        lines: vec![street.into()],
        city: "Beaverton".into(),
        state: "OR".into(),
        postal_code: zip.into(),
        ..Address::default()
    }
}

/// One letter is wrong, left out, or in its neighbour's place.
fn misspelt(text: &str, dice: &mut Dice) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    let at = 1 + dice.next(letters.len() - 1);
    match dice.next(3) {
        0 => letters[at] = 'x',
        1 => drop(letters.remove(at)),
        _ => letters.swap(at - 1, at),
    }
    letters.into_iter().collect()
}

/// The same person as another list writes them.
fn written_otherwise(patient: &Patient, slip: usize, dice: &mut Dice) -> Patient {
    let mut other = patient.clone();
    let day = patient.birth_date.as_ref().unwrap().date().unwrap();
    let first = &mut other.names[0];
    match slip {
        0 => first.family = first.family.to_uppercase(),
        1 => first.given[0] = misspelt(&first.given[0], dice),
        2 => first.family = misspelt(&first.family, dice),
        3 => {
            let (family, given) = (first.family.clone(), first.given[0].clone());
            (first.family, first.given[0]) = (given, family);
        }
        4 => {
            let folded = almoner_core::text::fold(&first.given[0]);
            let mut forms = crate::patients::rules::nicknames::alike(&folded);
            if let Some(form) = forms.next() {
                first.given[0] = form.to_owned();
            }
        }
        5 => other.addresses = vec![at("77 Elsewhere Street", "60601")],
        6 => {
            let turned =
                format!("{}-{:02}-{:02}", day.format("%Y"), 1 + dice.next(12), day.format("%d"));
            other.birth_date = When::parse(&turned);
        }
        7 => other.birth_date = None,
        8 if patient.gender == "female" => {
            // Married: the maiden name is still told.
            let maiden = HumanName { use_: "maiden".into(), ..first.clone() };
            first.family = dice.of(&FAMILY).to_owned();
            other.names.push(maiden);
        }
        9 => other.telecoms.clear(),
        10 => first.given.push("Lee".to_owned()),
        _ => other.addresses[0].lines[0] = other.addresses[0].lines[0].replace("Street", "St"),
    }
    other
}

/// Somebody else of the same household or family.
fn relative(patient: &Patient, kind: usize, dice: &mut Dice) -> Patient {
    let mut other = patient.clone();
    let year: i32 = patient.birth_date.as_ref().unwrap().as_str()[..4].parse().unwrap();
    let names = if patient.gender == "female" { &GIVEN_F } else { &GIVEN_M };
    let mut given = dice.of(names);
    while given == patient.names[0].given[0] {
        given = dice.of(names);
    }
    match kind {
        // A twin.
        0 => other.names[0].given[0] = given.to_owned(),
        // A parent of the same name.
        1 => {
            let rest = &patient.birth_date.as_ref().unwrap().as_str()[4..];
            other.birth_date = When::parse(&format!("{}{rest}", year - 27));
        }
        2 => {
            other.birth_date = When::parse(&format!("{}-05-17", year - 31));
            other.names[0].suffix = vec!["Sr.".to_owned()];
        }
        // Somebody else under one roof.
        _ => {
            other.names[0].given[0] = given.to_owned();
            other.birth_date = When::parse(&format!("{}-11-03", year + 3));
        }
    }
    other
}

fn person(patient: &Patient) -> Person {
    Person::of(patient, &Former::default(), "")
}

#[test]
fn invented_people_are_found_again_and_nobody_is_taken_for_another() {
    let mut dice = Dice(20_261_122);
    let mut people = Vec::new();
    let mut next = 0;
    for n in 0..4_000 {
        let patient = somebody(&mut dice);
        people.push((next, person(&patient)));
        people.push((next, person(&written_otherwise(&patient, n % 12, &mut dice))));
        next += 1;
        if n % 4 == 0 {
            people.push((next, person(&relative(&patient, n / 4 % 4, &mut dice))));
            next += 1;
        }
    }
    let (measured, found) = measure(&people);
    println!(
        "invented: joined {} (precision {:.4}, recall {:.3}), proposed {} of which {} right, \
         joined or proposed recall {:.4}",
        measured.joined,
        measured.precision(),
        share(measured.joined_right, measured.true_pairs),
        measured.proposed,
        measured.proposed_right,
        measured.recall()
    );
    assert!(measured.precision() >= 0.999, "{measured:?}");
    assert!(measured.recall() >= 0.98, "{measured:?}");
    let mut wrong = std::collections::BTreeMap::<String, usize>::new();
    for it in found.iter().filter(|it| people[it.one].0 != people[it.other].0) {
        *wrong.entry(format!("{:?}", it.verdict.reasons())).or_default() += 1;
    }
    let mut wrong: Vec<_> = wrong.into_iter().collect();
    wrong.sort_by_key(|it| std::cmp::Reverse(it.1));
    for (reasons, count) in wrong.iter().take(8) {
        println!("  asked about in vain {count} times: {reasons}");
    }
    let relatives = found.iter().filter(|it| people[it.one].0 != people[it.other].0);
    assert!(relatives.filter(|it| it.verdict.decision == Decision::Same).count() == 0);
}
