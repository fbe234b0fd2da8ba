//! What holds of any people in any order (`matching.md` §9): the order of files does not decide who is
//! whom, merging and parting restores what was, who was told apart stays apart, and nobody is joined
//! but for what §5 allows.

use super::*;
use crate::patients::rules::tests::gold::is_joinable;
use almoner_core::export::{How, Other};
use almoner_core::rules::{RuleFiles, SHIPPED};
use almoner_core::time::Zone;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

const FAMILIES: [&str; 3] = ["Okafor-Reyes", "Okafor", "Newman"];
const GIVEN: [&str; 4] = ["Robert", "Bob", "Ana", "Anna"];
const BORN: [&str; 4] = ["1958-03-04", "1958-04-03", "1931-07-19", ""];
const HOMES: [&str; 3] = ["", HOME, "77 Oak Avenue"];
const SOURCES: [&str; 3] = ["epic", "cerner", ""];
const NUMBERS: [&str; 5] = ["", "", "", "1001", "1002"];

const CLINICS: [&str; 8] = ["a", "b", "c", "d", "e", "f", "g", "h"];

/// Somebody of a small world, in which many are alike.
fn anybody() -> impl Strategy<Value = Said> {
    let name = (0..FAMILIES.len(), 0..GIVEN.len());
    let rest = (0..BORN.len(), 0..HOMES.len(), 0..SOURCES.len(), 0..NUMBERS.len(), 0..3_usize);
    (name, rest).prop_map(|((family, given), (born, home, source, number, sex))| Said {
        name: (FAMILIES[family], GIVEN[given]),
        born: BORN[born],
        sex: ["female", "male", ""][sex],
        id: (MRN, NUMBERS[number]),
        source: SOURCES[source],
        home: HOMES[home],
        ..Said::default()
    })
}

/// People and the order in which they come a second time.
fn world() -> impl Strategy<Value = (Vec<Said>, Vec<usize>)> {
    prop::collection::vec(anybody(), 2..9).prop_flat_map(|people| {
        let order: Vec<usize> = (0..people.len()).collect();
        (Just(people), Just(order).prop_shuffle())
    })
}

/// Joins them all; the file's number is the person's, whatever the order.
fn house_of(people: &[Said], order: &[usize]) -> (House, Vec<PatientId>) {
    joined_in(House::new(), people, order)
}

fn joined_in(house: House, people: &[Said], order: &[usize]) -> (House, Vec<PatientId>) {
    let mut whose = BTreeMap::new();
    for at in order {
        let file = u8::try_from(at + 1).unwrap();
        whose.insert(*at, house.join_from(people[*at], file).patient);
    }
    (house, whose.into_values().collect())
}

/// Who is one person: for each the first of theirs.
fn parts(whose: &[PatientId]) -> Vec<usize> {
    whose.iter().map(|id| whose.iter().position(|other| other == id).unwrap()).collect()
}

fn everybody(house: &House, whose: &[PatientId]) -> Vec<Patient> {
    let ids: BTreeSet<&PatientId> = whose.iter().collect();
    ids.into_iter().map(|id| house.patient(*id)).collect()
}

fn files_of(house: &House, whose: &[PatientId]) -> Vec<Sighting> {
    let ids: BTreeSet<PatientId> = whose.iter().copied().collect();
    let seen = |reader: &almoner_store::Reader<'_>| {
        ids.iter().map(|id| sightings(reader, *id)).collect::<Outcome<Vec<_>>>()
    };
    house.desk.read(seen).unwrap().into_iter().flatten().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// People who each have a name and birth date of their own, written as lists write them.
    #[test]
    fn the_order_of_files_does_not_decide_who_is_whom(
        records in prop::collection::vec((0..4_usize, 0..3_usize, 0..3_usize), 2..10),
        shift in 1..9_usize,
    ) {
        let written = |(who, way, source): (usize, usize, usize)| {
            let (family, given, born) = [
                (["Okafor-Reyes", "OKAFOR REYES", "Okafor Reyes"], ["Robert", "Bob", "ROBERT"], "1958-03-04"),
                (["Okafor-Reyes", "OKAFOR REYES", "Okafor Reyes"], ["Ana", "Ana", "Ána"], "1958-03-04"),
                (["Newman", "NEWMAN", "Newman"], ["Alice", "Alice", "ALICE"], "1971-07-19"),
                (["Park", "PARK", "park"], ["Jin", "Jin", "JIN"], "1990-01-02"),
            ][who];
            Said {
                name: (family[way], given[way]),
                born,
                sex: ["male", "female", "female", "male"][who],
                source: SOURCES[source],
                home: HOME,
                ..Said::default()
            }
        };
        let people: Vec<Said> = records.iter().map(|it| written(*it)).collect();
        let forward: Vec<usize> = (0..people.len()).collect();
        let mut other: Vec<usize> = forward.iter().rev().copied().collect();
        other.rotate_left(shift % people.len());
        let truth: Vec<usize> = records
            .iter()
            .map(|it| records.iter().position(|one| one.0 == it.0).unwrap())
            .collect();
        for order in [forward, other] {
            let (_house, whose) = house_of(&people, &order);
            prop_assert_eq!(&parts(&whose), &truth, "order {:?}", order);
        }
    }

    /// However alike people are, each from a source of their own (the newest word of one source replaces
    /// what it said before) and without numbers (one that several bear says less from then on): whoever is brought together in one order, be it by way of others, is
    /// brought together in every other, and asked about at least.
    #[test]
    fn no_order_of_files_loses_a_pair((people, order) in world()) {
        let own = |(said, source): (&Said, &'static str)| Said { source, id: (MRN, ""), ..*said };
        let people: Vec<Said> = people.iter().zip(CLINICS).map(own).collect();
        let forward: Vec<usize> = (0..people.len()).collect();
        prop_assert_eq!(together(&people, &forward), together(&people, &order), "{:?}", order);
    }

    #[test]
    fn whoever_is_joined_may_be((people, order) in world()) {
        let house = House::new();
        let mut seen: BTreeMap<PatientId, Patient> = BTreeMap::new();
        for at in order {
            let said = people[at];
            let joined = house.join(said);
            if let Some(known) = seen.get(&joined.patient) {
                let person = rules::Person::of(&statements(said).patient, &Former::default(), said.source);
                let allowed = known.identities.iter().any(|it| is_joinable(&person, &it.person()));
                prop_assert!(allowed, "{:?} {:?}", person, known.identities);
            }
            seen.insert(joined.patient, house.patient(joined.patient));
        }
    }

    #[test]
    fn what_was_merged_and_parted_is_as_before((people, order) in world(), later in anybody()) {
        let (house, whose) = house_of(&people, &order);
        let (from, into) = (whose[0], *whose.iter().find(|id| **id != whose[0]).unwrap_or(&whose[0]));
        prop_assume!(from != into);
        let before = (everybody(&house, &whose), files_of(&house, &whose));
        let merged = work(&house, move |writer| merge(writer, from, into, "one", None)).unwrap();
        prop_assert!(files_of(&house, &[from]).is_empty());
        work(&house, move |writer| unmerge(writer, merged, "two")).unwrap();
        prop_assert_eq!(&before, &(everybody(&house, &whose), files_of(&house, &whose)));

        // With a file in between: what the files said of before is named by the same patients again.
        let merged = work(&house, move |writer| merge(writer, from, into, "one", None)).unwrap();
        house.join_from(later, 200);
        work(&house, move |writer| unmerge(writer, merged, "two")).unwrap();
        let after = files_of(&house, &whose);
        for file in &before.1 {
            let now = after.iter().find(|it| it.id == file.id).unwrap();
            prop_assert_eq!(now.patient, file.patient);
        }
    }

    #[test]
    fn who_was_told_apart_stays_apart((people, order) in world()) {
        let (house, whose) = house_of(&people, &order);
        let mut apart = BTreeSet::new();
        for patient in everybody(&house, &whose) {
            for it in patient.possible_duplicates {
                apart.insert((patient.id.min(it.patient), patient.id.max(it.patient)));
            }
        }
        for (one, other) in apart.clone() {
            act(&house, move |writer| set_apart(writer, one, other, "two people")).unwrap();
        }
        // The same data in later files, and a source that says that they are one.
        for (at, said) in people.iter().enumerate() {
            house.join_from(*said, 100 + u8::try_from(at).unwrap());
            let mut person = statements(*said);
            let gone = people[order[0]].id;
            person.others = vec![Other {
                how: How::Merged,
                identifiers: vec![Identifier {
                    system: gone.0.into(),
                    value: gone.1.into(),
                    kind: "MR".into(),
                }],
            }];
            let number = i64::try_from(at).unwrap();
            house.take(said.source, [150 + u8::try_from(at).unwrap(); 32], 300 + number, person);
        }
        for (one, other) in apart {
            for (patient, of) in [(house.patient(one), other), (house.patient(other), one)] {
                prop_assert!(patient.possible_duplicates.iter().all(|it| it.patient != of));
                prop_assert!(patient.merged_into != Some(of), "a source made one of them");
            }
        }
    }
}

/// Rules under which nothing weighs more or less for how many have it: that changes with every file.
fn steady() -> Rules {
    let mut matching = SHIPPED.matching.to_owned();
    for (known, steady) in [
        ("settled = 200", "settled = 1e15"),
        ("shared = 3", "shared = 1000"),
        ("shared_home = 10", "shared_home = 1000"),
        ("births = 2", "births = 1000"),
    ] {
        let changed = matching.replacen(known, steady, 1);
        assert_ne!(matching, changed, "{known}");
        matching = changed;
    }
    Rules::from_files(Zone::default(), &RuleFiles { matching: &matching, ..SHIPPED }).unwrap()
}

/// For each record the first of those with whom it is brought together.
fn together(people: &[Said], order: &[usize]) -> Vec<usize> {
    let (house, whose) = joined_in(House::with(steady()), people, order);
    let mut heads: BTreeMap<PatientId, PatientId> = whose.iter().map(|id| (*id, *id)).collect();
    for patient in everybody(&house, &whose) {
        for it in &patient.possible_duplicates {
            let (one, other) = (heads[&patient.id], heads[&it.patient]);
            heads.values_mut().filter(|head| **head == one).for_each(|head| *head = other);
        }
    }
    let groups: Vec<PatientId> = whose.iter().map(|id| heads[id]).collect();
    parts(&groups)
}

/// Does something as a member of staff, and tells what it gave.
fn work<T: Send + 'static>(
    house: &House,
    work: impl FnOnce(&mut Writer<'_>) -> Outcome<T> + Send + 'static,
) -> Outcome<T> {
    let staff = StaffId::random();
    house.desk.write(Act::new(Actor::Staff(staff), Verb("test.work"), noon()), work).wait()
}
