//! Matching people: two lists of 5,000 of whom most are the same, in processor seconds; the same people
//! taken one after the other as the intake takes them, without a store and into one; beside the least
//! that it could cost, which is looking for equal name and birth date.

use crate::CACHE;
use almoner_core::actor::Actor;
use almoner_core::clinical::{Address, ContactPoint, HumanName, Identifier, Patient, When};
use almoner_core::export::PersonStatements;
use almoner_core::ids::FileId;
use almoner_core::rules::Rules;
use almoner_core::time::Clock;
use almoner_frame::Incoming;
use almoner_people::patients::rules::{Decision, Person, match_tables, take_table};
use almoner_people::patients::{AREA, Former, join};
use almoner_store::{Act, Desk, Setup, Verb, sealed};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

/// People of each list.
const PEOPLE: usize = 5_000;
/// People who are joined in a store.
const STORED: usize = 2_000;

/// Prints the figures.
pub(crate) fn run() {
    let mut dice = Dice(20_261_128);
    let truth: Vec<Patient> = (0..PEOPLE).map(|number| somebody(number, &mut dice)).collect();
    let again: Vec<Patient> = truth.iter().map(|it| written_again(it, &mut dice)).collect();
    let of = |list: &[Patient]| -> Vec<Person> {
        list.iter().map(|it| Person::of(it, &Former::default(), "")).collect()
    };
    let (one, other) = (of(&truth), of(&again));
    let rules = *Rules::default().matching(when().date_naive());

    let (bare, equal) = spent(|| equal_pairs(&one, &other));
    let (ready, _) = spent(|| of(&again));
    let (whole, found) = spent(|| match_tables(&one, &other, &rules));
    let right = |same: bool| {
        let is = |it: &&almoner_people::patients::rules::Found| {
            it.one == it.other && (it.verdict.decision == Decision::Same) == same
        };
        found.iter().filter(is).count()
    };
    println!(
        "\nmatching two lists of {PEOPLE}: {:.2} s of processor (made ready {:.2} s a list); joined {} and \
         proposed {} of them, {} pairs in all; equal names and birth dates alone: {equal} pairs, {:.4} s, \
         {:.0} times less",
        whole.as_secs_f64(),
        ready.as_secs_f64(),
        right(true),
        right(false),
        found.len(),
        bare.as_secs_f64(),
        whole.as_secs_f64() / bare.as_secs_f64()
    );

    let all: Vec<Person> = one.into_iter().chain(other).collect();
    let (taken, _) = spent(|| take_table(&all, &rules));
    let in_memory = all.len() as f64 / taken.as_secs_f64();
    let stored = in_a_store(&truth[..STORED], &again[..STORED]);
    println!(
        "identities a second of processor, one after the other: {in_memory:.0} without a store, {stored:.0} \
         joined in a store, with index, history and trail; share {:.2}",
        stored / in_memory
    );
}

/// Pairs of one name and birth date, by one look at a table: what a join of a database does.
fn equal_pairs(one: &[Person], other: &[Person]) -> usize {
    let key = |it: &Person| {
        let name = it.names.first()?;
        Some((name.family.clone(), name.given.clone(), it.born?))
    };
    let mut rows: HashMap<_, usize> = HashMap::new();
    for person in other.iter().filter_map(key) {
        *rows.entry(person).or_default() += 1;
    }
    one.iter().filter_map(key).filter_map(|it| rows.get(&it)).sum()
}

/// Identities that are joined in a store, for each second of this process's threads.
fn in_a_store(one: &[Patient], other: &[Patient]) -> f64 {
    let setup = Setup {
        rules: Arc::new(Rules::default()),
        clock: Clock::default(),
        kinds: AREA.kinds.to_vec(),
        reactions: Vec::new(),
        boot: "load".into(),
        on_failure: Box::new(|fault| panic!("{fault}")),
    };
    let database = sealed::open_memory(CACHE).unwrap().database;
    let desk = Desk::open(database, setup, "load").unwrap();
    let from = processor_time("/proc/self/task");
    for (number, patients) in [one, other].into_iter().enumerate() {
        for (at, some) in patients.chunks(50).enumerate() {
            let mut sha256 = [u8::try_from(number).unwrap(); 32];
            sha256[..8].copy_from_slice(&(at as u64).to_be_bytes());
            let file = incoming(sha256, ["epic", "plan"][number]);
            let some = some.to_vec();
            let act = Act::new(Actor::Intake, Verb("intake.take"), file.received);
            let work = desk.write(act, move |writer| {
                for (row, patient) in some.iter().enumerate() {
                    join(writer, &file, &statements(patient, row))?;
                }
                Ok(())
            });
            work.wait().unwrap();
        }
    }
    let spent = processor_time("/proc/self/task").saturating_sub(from);
    desk.close();
    (one.len() + other.len()) as f64 / spent.as_secs_f64()
}

fn incoming(sha256: [u8; 32], source: &str) -> Incoming {
    Incoming {
        file: FileId::random(),
        sha256,
        source: source.to_owned(),
        format: String::new(),
        document: String::new(),
        software: String::new(),
        member: String::new(),
        received: when(),
    }
}

fn statements(patient: &Patient, row: usize) -> PersonStatements {
    PersonStatements {
        place: format!("/{row}"),
        patient: patient.clone(),
        ..PersonStatements::default()
    }
}

fn when() -> almoner_core::time::Timestamp {
    "2026-11-28T12:00:00Z".parse().unwrap()
}

/// Numbers that look like chance and are the same each time.
struct Dice(u64);

impl Dice {
    fn next(&mut self, below: usize) -> usize {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % below as u64).unwrap()
    }
    /// A name of one to three syllables: some are common, most are rare.
    fn name(&mut self) -> String {
        const STARTS: [&str; 12] =
            ["mar", "jo", "an", "ka", "ro", "el", "da", "mi", "su", "le", "ga", "to"];
        const ENDS: [&str; 12] =
            ["ia", "se", "na", "ren", "bert", "len", "vid", "son", "ez", "man", "ton", "lova"];
        let mut name = STARTS[self.next(12)].to_owned();
        for _ in 0..=self.next(2) {
            name.push_str(ENDS[self.next(12)]);
        }
        name
    }
}

fn somebody(number: usize, dice: &mut Dice) -> Patient {
    let born =
        format!("{}-{:02}-{:02}", 1930 + dice.next(85), 1 + dice.next(12), 1 + dice.next(28));
    let phone = format!("503{:03}{:04}", 200 + dice.next(300), dice.next(10_000));
    Patient {
        identifiers: vec![Identifier {
            system: "urn:oid:1.2.840.99.1".into(),
            value: number.to_string(),
            kind: "MR".into(),
        }],
        names: vec![HumanName {
            family: dice.name(),
            given: vec![dice.name()],
            ..HumanName::default()
        }],
        birth_date: When::parse(&born),
        gender: ["female", "male"][dice.next(2)].to_owned(),
        addresses: vec![Address {
            lines: vec![format!("{} {} Street", 1 + dice.next(3_999), dice.name())],
            city: "Beaverton".into(),
            state: "OR".into(),
            postal_code: format!("970{:02}", dice.next(40)),
            ..Address::default()
        }],
        telecoms: vec![ContactPoint { system: "phone".into(), value: phone, use_: "home".into() }],
        ..Patient::default()
    }
}

/// The same person on another list: no number in common, and in one of five something is otherwise.
fn written_again(patient: &Patient, dice: &mut Dice) -> Patient {
    let mut again = patient.clone();
    again.identifiers.clear();
    match dice.next(20) {
        0 => again.names[0].family.push('s'),
        1 => again.names[0].given = vec![dice.name()],
        2 => again.birth_date = None,
        3 => again.addresses.clear(),
        _ => {}
    }
    again
}

/// What a piece of work took of this thread's processor, and what came of it.
fn spent<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let from = processor_time("/proc/thread-self");
    let done = work();
    (processor_time("/proc/thread-self").saturating_sub(from), done)
}

/// Time that a thread spent on a processor, or all threads of a folder of them.
fn processor_time(folder: &str) -> Duration {
    let of = |path: &std::path::Path| {
        let text = std::fs::read_to_string(path.join("schedstat")).unwrap_or_default();
        let nanos = text.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0);
        Duration::from_nanos(nanos)
    };
    if folder.ends_with("task") {
        std::fs::read_dir(folder).unwrap().map(|it| of(&it.unwrap().path())).sum()
    } else {
        of(std::path::Path::new(folder))
    }
}
