//! Joining people: the cases in which two records are one person, may be, or are two.

use super::store::put_off;
use super::*;
use almoner_core::actor::Actor;
use almoner_core::clinical::{self, HumanName, Identifier, When};
use almoner_core::export::PersonStatements;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{FileId, PatientId, StaffId};
use almoner_core::loops::{Due, LoopKind, Owner};
use almoner_core::receipt::Match;
use almoner_core::rules::Rules;
use almoner_core::time::{Clock, Timestamp};
use almoner_formats::fhir::FHIR_ID;
use almoner_frame::{Incoming, Joined};
use almoner_store::{Act, Desk, Setup, Verb, Writer, sealed};
use std::sync::Arc;

mod asked;
mod properties;
mod published;
mod queue;

/// A person as the tests write them: family, given, birth date, sex, and what else is told.
#[derive(Clone, Copy, Debug, Default)]
struct Said {
    name: (&'static str, &'static str),
    born: &'static str,
    sex: &'static str,
    suffix: &'static str,
    twin: bool,
    /// System and value.
    id: (&'static str, &'static str),
    source: &'static str,
    key: &'static str,
    /// Street line, in ZIP code 97006.
    home: &'static str,
}

const MRN: &str = "urn:oid:1.2.840.99.1";
const SSN: &str = "http://hl7.org/fhir/sid/us-ssn";
const ADA: Said = Said {
    name: ("Okafor-Reyes", "María"),
    born: "1958-03-04",
    sex: "female",
    suffix: "",
    twin: false,
    id: (MRN, "4711"),
    source: "epic",
    key: "",
    home: "",
};
const HOME: &str = "1357 Amber Drive";

struct House {
    desk: Desk,
    files: std::cell::Cell<u8>,
}

impl House {
    fn new() -> Self {
        Self::with(Rules::default())
    }

    fn with(rules: Rules) -> Self {
        let setup = Setup {
            rules: Arc::new(rules),
            clock: Clock::default(),
            kinds: [AREA.kinds, almoner_frame::KINDS].concat(),
            reactions: Vec::new(),
            boot: "test".into(),
            on_failure: Box::new(|fault| panic!("{fault}")),
        };
        let database = sealed::open_memory(8 << 20).unwrap().database;
        let desk = Desk::open(database, setup, "test").unwrap();
        Self { desk, files: std::cell::Cell::new(0) }
    }

    /// Joins a person of a new file.
    fn join(&self, said: Said) -> Joined {
        self.files.set(self.files.get() + 1);
        self.join_from(said, self.files.get())
    }

    /// Joins a person of the file of this number.
    fn join_from(&self, said: Said, file: u8) -> Joined {
        self.take(said.source, [file; 32], file.into(), statements(said))
    }

    /// Joins a person of a file that came so many minutes after noon.
    fn take(
        &self,
        source: &str,
        sha256: [u8; 32],
        minutes: i64,
        person: PersonStatements,
    ) -> Joined {
        let incoming = Incoming {
            file: FileId::random(),
            sha256,
            source: source.to_owned(),
            format: String::new(),
            document: String::new(),
            software: String::new(),
            member: String::new(),
            received: noon() + chrono::Duration::minutes(minutes),
        };
        let act = Act::new(Actor::Intake, Verb("intake.take"), incoming.received);
        self.desk.write(act, move |writer| join(writer, &incoming, &person)).wait().unwrap()
    }

    fn patient(&self, id: PatientId) -> Patient {
        self.desk.read(|reader| reader.get(id)).unwrap()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let report = almoner_store::check::check(&self.desk).unwrap();
            assert!(report.damage.is_empty(), "{:?}", report.damage);
        }
        self.desk.close();
    }
}

fn noon() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

fn statements(said: Said) -> PersonStatements {
    let (family, given) = said.name;
    let name = HumanName {
        family: family.into(),
        given: given.split(' ').map(str::to_owned).collect(),
        suffix: Some(said.suffix.to_owned()).filter(|s| !s.is_empty()).into_iter().collect(),
        ..HumanName::default()
    };
    let (system, value) = said.id;
    let id = Identifier { system: system.into(), value: value.into(), kind: String::new() };
    PersonStatements {
        key: said.key.into(),
        place: "/ClinicalDocument/recordTarget".into(),
        patient: clinical::Patient {
            identifiers: Some(id).filter(|id| !id.value.is_empty()).into_iter().collect(),
            names: Some(name).filter(|name| !name.family.is_empty()).into_iter().collect(),
            birth_date: When::parse(said.born),
            gender: said.sex.into(),
            multiple_birth: said.twin,
            addresses: Some(clinical::Address {
                lines: vec![said.home.to_owned()],
                postal_code: "97006".to_owned(),
                ..clinical::Address::default()
            })
            .filter(|_| !said.home.is_empty())
            .into_iter()
            .collect(),
            ..clinical::Patient::default()
        },
        ..PersonStatements::default()
    }
}

/// Joins `known`, then `next`, and says how `next` was matched; a patient is the same only where
/// it says so.
fn matched(known: Said, next: Said) -> Match {
    let house = House::new();
    let first = house.join(known);
    assert_eq!(first.match_, Match::New);
    let second = house.join(next);
    assert_eq!(second.patient == first.patient, second.match_ == Match::Same);
    let suspects = house.patient(first.patient).possible_duplicates.len();
    assert_eq!(suspects, usize::from(second.match_ == Match::Proposed), "both ways");
    second.match_
}

#[test]
fn two_records_are_one_person_or_not() {
    let other = Said { id: (MRN, "8822"), ..ADA };
    let none = Said { id: ("", ""), ..ADA };
    let home = Said { home: HOME, ..none };
    for (case, known, next, expected) in [
        ("again", ADA, ADA, Match::Same),
        ("name, date and sex alone", ADA, Said { source: "cerner", ..none }, Match::Proposed),
        ("and the address", home, Said { source: "cerner", ..home }, Match::Same),
        ("accents", home, Said { name: ("OKAFOR REYES", "Maria"), ..home }, Match::Same),
        ("another address", home, Said { home: "77 Oak Avenue", ..home }, Match::Proposed),
        ("other number of one authority", ADA, other, Match::Proposed),
        ("married", ADA, Said { name: ("Delgado", "María"), ..ADA }, Match::Same),
        ("typo in the date", ADA, Said { born: "1958-04-03", ..ADA }, Match::Same),
        ("other sex", ADA, Said { sex: "male", ..none }, Match::Proposed),
        ("sex not told", ADA, Said { sex: "", ..none }, Match::Proposed),
        ("date not told", ADA, Said { born: "", ..none }, Match::Proposed),
        ("year only", ADA, Said { born: "1958", ..none }, Match::Proposed),
        ("one digit off, no number", ADA, Said { born: "1958-03-05", ..none }, Match::Proposed),
        (
            "names changed about",
            ADA,
            Said { name: ("María", "Okafor-Reyes"), ..none },
            Match::Proposed,
        ),
        ("another date", ADA, Said { born: "1971-07-19", ..none }, Match::New),
        ("sister of one day", ADA, Said { name: ("Okafor-Reyes", "Ana"), ..none }, Match::Proposed),
        ("twin", ADA, Said { name: ("Okafor-Reyes", "Ana"), twin: true, ..none }, Match::New),
        (
            "number of somebody else",
            ADA,
            Said { name: ("Park", "Jin"), born: "1990-01-02", ..ADA },
            Match::Proposed,
        ),
        (
            "placeholder",
            Said { name: ("Unknown", "Unknown"), ..none },
            Said { name: ("Unknown", "Unknown"), ..none },
            Match::New,
        ),
        (
            "day that means unknown",
            Said { born: "1900-01-01", ..none },
            Said { born: "1900-01-01", ..none },
            Match::Proposed,
        ),
        (
            "middle names differ",
            Said { name: ("Newman", "Alice Ann"), ..none },
            Said { name: ("Newman", "Alice Beth"), ..none },
            Match::Proposed,
        ),
        (
            "initial",
            Said { name: ("Newman", "Alice Ann"), ..home },
            Said { name: ("Newman", "Alice A"), ..home },
            Match::Same,
        ),
        (
            "nickname",
            Said { name: ("Newman", "Robert"), sex: "male", ..home },
            Said { name: ("Newman", "Bob"), sex: "male", ..home },
            Match::Same,
        ),
        ("twin of another name", home, Said { name: ("Okafor-Reyes", "Ana"), ..home }, Match::New),
    ] {
        assert_eq!(matched(known, next), expected, "{case}");
    }
}

#[test]
fn the_fhir_reader_and_the_rules_mean_one_word() {
    assert_eq!(FHIR_ID, rules::numbers::FHIR_ID);
}

#[test]
fn father_and_son_are_two() {
    let father = Said { name: ("Smith", "John"), suffix: "Sr.", id: ("", ""), ..ADA };
    let son = Said { suffix: "Jr", ..father };
    assert_eq!(matched(father, son), Match::Proposed);
    assert_eq!(matched(father, Said { born: "1985-03-04", ..son }), Match::New);
    let numbered = |said| Said { id: (MRN, "1"), ..said };
    assert_eq!(matched(numbered(father), numbered(son)), Match::Proposed);
}

#[test]
fn a_social_security_number_alone_joins_nobody() {
    let house = House::new();
    let people = [
        ("Newman", "Alice", "1970-05-01"),
        ("Bates", "Jeremy", "1980-08-01"),
        ("Jones", "Myra", "1947-05-01"),
    ];
    let with_ssn = |(family, given, born)| Said {
        name: (family, given),
        born,
        id: (SSN, "111-23-2330"),
        ..ADA
    };
    for person in &people[..2] {
        assert_eq!(house.join(with_ssn(*person)).match_, Match::New, "{person:?}");
    }
    let again = house.join(with_ssn(people[0]));
    assert_eq!(again.match_, Match::Same, "a number besides name and birth date");
    assert_eq!(house.join(with_ssn(people[2])).match_, Match::New);
    // Now it is found with three birth dates: it is nobody's, and says nothing any more.
    let again = house.join(with_ssn(people[0]));
    assert_eq!(again.match_, Match::Proposed);
}

#[test]
fn a_sources_own_words_do_not_reach_another_source() {
    let house = House::new();
    let one = house.join(Said { id: ("MRN", "1001"), ..ADA });
    let two = house.join(Said {
        id: ("MRN", "1001"),
        name: ("Park", "Jin"),
        born: "1990-01-02",
        source: "cerner",
        ..ADA
    });
    assert_eq!((one.match_, two.match_), (Match::New, Match::New));
}

#[test]
fn data_that_comes_before_its_patient_is_joined_when_the_patient_comes() {
    let house = House::new();
    let bare = Said { id: (FHIR_ID, "17"), key: "Patient/17", source: "ecw", ..Said::default() };
    let first = house.join(bare);
    assert_eq!(first.match_, Match::New);
    assert!(house.patient(first.patient).golden().names.is_empty());
    let full = Said { id: (FHIR_ID, "17"), key: "Patient/17", source: "ecw", ..ADA };
    let second = house.join(full);
    assert_eq!((second.patient, second.match_), (first.patient, Match::Same));
    assert_eq!(house.patient(first.patient).golden().gender, "female");
    let third = house.join(bare);
    assert_eq!((third.patient, third.match_), (first.patient, Match::Same));
    let elsewhere = house.join(Said { source: "other", ..bare });
    assert_ne!(elsewhere.patient, first.patient);
}

#[test]
fn the_same_file_changes_nothing() {
    let house = House::new();
    let first = house.join_from(ADA, 1);
    let before = house.patient(first.patient);
    let again = house.join_from(ADA, 1);
    assert_eq!((again.patient, again.match_), (first.patient, Match::Same));
    assert_eq!(house.patient(first.patient), before);
}

#[test]
fn the_newest_value_is_shown_and_the_older_one_kept() {
    let house = House::new();
    let id = house.join(ADA).patient;
    house.join(Said { name: ("Delgado", "María"), ..ADA });
    let patient = house.patient(id);
    assert_eq!(patient.identities.len(), 1);
    assert_eq!(patient.golden().names[0].family, "Delgado");
    assert_eq!(patient.identities[0].former.names[0].family, "Okafor-Reyes");
    let under_old_name = house.join(Said { id: ("", ""), source: "lab", ..ADA });
    assert_eq!(under_old_name.match_, Match::Proposed, "the old name still counts");
    assert_eq!(house.patient(id).possible_duplicates[0].patient, under_old_name.patient);
}

#[test]
fn a_possible_duplicate_asks_the_lead_once() {
    let house = House::new();
    house.join(ADA);
    let second = house.join(Said { id: ("", ""), sex: "", ..ADA });
    let loops = house.desk.read(|reader| reader.loops(Some(Owner::Unassigned))).unwrap();
    assert_eq!(loops.len(), 1);
    assert_eq!(loops[0].owed.kind, LoopKind::Match);
    assert_eq!(loops[0].owed.patient, Some(second.patient));
}

/// Does something as a member of staff.
fn act(
    house: &House,
    work: impl FnOnce(&mut Writer<'_>) -> Outcome<()> + Send + 'static,
) -> Outcome<()> {
    let staff = StaffId::random();
    house.desk.write(Act::new(Actor::Staff(staff), Verb("test.work"), noon()), work).wait()
}

#[test]
fn two_who_are_not_the_same_are_never_proposed_again() {
    let house = House::new();
    let loops = || house.desk.read(|reader| reader.loops(Some(Owner::Unassigned))).unwrap().len();
    let one = house.join(ADA).patient;
    let alike = Said { id: ("", ""), sex: "", source: "lab", ..ADA };
    let two = house.join(alike).patient;
    assert_eq!(loops(), 1);
    act(&house, move |writer| set_apart(writer, one, two, "mother and daughter")).unwrap();
    assert_eq!(loops(), 0, "the decision closes the loop");
    for (patient, other) in [(one, two), (two, one)] {
        let patient = house.patient(patient);
        assert!(patient.possible_duplicates.is_empty());
        let apart = &patient.apart[0];
        assert_eq!((apart.suspect.patient, apart.reason.as_str()), (other, "mother and daughter"));
        assert!(apart.by.is_some(), "who decided is known");
    }
    let stale = act(&house, move |writer| set_apart(writer, one, two, "again"));
    assert!(matches!(stale, Err(Fault::Stale(_))), "somebody has decided it");

    // The same people named by further files: joined to their own record, and not proposed.
    house.join(ADA);
    house.join(Said { id: ("urn:lab", "7"), ..alike });
    assert!(house.patient(one).possible_duplicates.iter().all(|it| it.patient != two));
    assert!(house.patient(two).possible_duplicates.iter().all(|it| it.patient != one));

    act(&house, move |writer| undo_apart(writer, two, one)).unwrap();
    assert!(house.patient(one).apart.is_empty() && house.patient(two).apart.is_empty());
    let back = house.patient(two).possible_duplicates;
    assert!(back.iter().any(|it| it.patient == one && it.asks), "as it was before");
    assert!(loops() > 0, "and open again");
    let stale = act(&house, move |writer| undo_apart(writer, one, two));
    assert!(matches!(stale, Err(Fault::Stale(_))));
}

#[test]
fn not_sure_comes_back_on_its_day_or_with_new_data() {
    let house = House::new();
    let one = house.join(ADA).patient;
    let alike = Said { id: ("urn:lab", "7"), sex: "", source: "lab", ..ADA };
    let two = house.join(alike).patient;
    let until = chrono::NaiveDate::from_ymd_opt(2126, 12, 22).unwrap();
    let queued = || {
        let queue = house.desk.read(|reader| waiting(reader, 10)).unwrap();
        queue.iter().map(|it| it.patient).collect::<Vec<_>>()
    };
    assert_eq!(queued(), [two]);
    act(&house, move |writer| put_off(writer, two, one, until)).unwrap();
    let loops = house.desk.read(|reader| reader.loops_of(two)).unwrap();
    assert_eq!((loops[0].owed.opens, loops[0].owed.due), (Some(until), Due::Day(until)));
    assert_eq!(house.patient(one).possible_duplicates[0].again, Some(until), "on both records");
    assert!(queued().is_empty());
    let told = house.join(Said { sex: "female", ..alike });
    assert_eq!(told.patient, two, "the lab's own number");
    assert_eq!(house.patient(two).possible_duplicates[0].again, None, "more is known of them");
    assert_eq!(queued(), [two]);
    let stale = act(&house, move |writer| put_off(writer, one, one, until));
    assert!(matches!(stale, Err(Fault::Stale(_))));
}

#[test]
fn the_pair_that_stands_out_is_decided_first() {
    let house = House::new();
    let bare = |name, born| Said { name, born, id: ("", ""), sex: "", ..ADA };
    let first = ("Whitfield", "Jamal");
    house.join(bare(first, "1970-05-05"));
    let near = house.join(Said { source: "lab", ..bare(("Whitfeild", "Jamal"), "1970-05-05") });
    house.join(ADA);
    let same = house.join(Said { source: "lab", ..bare(ADA.name, ADA.born) });
    let queue = house.desk.read(|reader| waiting(reader, 10)).unwrap();
    let order: Vec<_> = queue.iter().map(|it| it.patient).collect();
    assert_eq!(order, [same.patient, near.patient], "{queue:?}");
    assert!(queue[0].margin > queue[1].margin && !queue[0].urgent);
}
