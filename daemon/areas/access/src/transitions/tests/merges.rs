//! Two patients' records become one and two again: everything that hangs on them moves and comes back,
//! whatever came in between. Told here because this wing sees all that a patient has.

use super::*;
use almoner_care::contacts::Contact;
use almoner_care::tasks::{self, NewTask, Task};
use almoner_chart::Fact;
use almoner_core::clinical::FactKind;
use almoner_core::fault::{Fault, Outcome};
use almoner_people::patients::{
    Merge, Sighting, in_force, merge, merge_of, now_of, sightings, unmerge, waiting,
};
use std::collections::BTreeMap;

/// A message of a patient with this number: further segments of its own.
pub(super) fn message(number: &str, name: &str, born: &str, sent: &str, more: &[&str]) -> String {
    let sent = sent.replace(['-', ' ', ':'], "");
    let mut lines = vec![
        format!("MSH|^~\\&|M|SBH|O|HSC|{sent}||ADT^A08^ADT_A01|{number}{sent}|P|2.5.1"),
        format!("EVN|A08|{sent}"),
        format!("PID|1||{number}^^^SBH&2.16.2&ISO^MR||{name}||{born}|F"),
    ];
    lines.extend(more.iter().map(|line| (*line).to_owned()));
    lines.push(String::new());
    lines.join("\r")
}

pub(super) const PENICILLIN: &str = "AL1|1|DA|7980^Penicillin^RXNORM|SV|Hives|20100301";
pub(super) const LATEX: &str = "AL1|2|MA|111088007^Latex^SCT|MO|Rash|20110301";
pub(super) const PEANUT: &str = "AL1|3|FA|91935009^Peanut^SCT|SV|Swelling|20120301";
pub(super) const ASTHMA: &str = "DG1|1||J45.909^Asthma^I10||20180203|F";

/// Everything that is kept of patients, as text: whoever's it is, the merges themselves aside.
fn all(house: &House) -> BTreeMap<String, String> {
    house
        .desk
        .read(|reader| {
            let mut all = BTreeMap::new();
            for it in reader.all::<Patient>()? {
                all.insert(it.id.to_string(), format!("{it:?}"));
            }
            for it in reader.all::<Sighting>()? {
                all.insert(it.id.to_string(), format!("{it:?}"));
            }
            for it in reader.all::<Fact>()? {
                all.insert(it.id.to_string(), format!("{it:?}"));
            }
            for it in reader.all::<Task>()? {
                all.insert(it.id.to_string(), format!("{it:?}"));
            }
            for it in reader.all::<Contact>()? {
                all.insert(it.id.to_string(), format!("{it:?}"));
            }
            for it in reader.all::<TransitionEpisode>()? {
                all.insert(it.id.to_string(), format!("{it:?}"));
            }
            for it in reader.loops(None)? {
                all.insert(format!("{:?}{}", it.owed.path, it.owed.slot), format!("{:?}", it.owed));
            }
            Ok(all)
        })
        .unwrap()
}

impl House {
    pub(super) fn acts<T: Send + 'static>(
        &self,
        verb: &'static str,
        work: impl FnOnce(&mut Writer<'_>) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        let staff = StaffId(almoner_core::ids::RawId::from_bytes([7; 16]));
        self.desk
            .write(Act::new(Actor::Staff(staff), Verb(verb), at("2027-01-16 09:00")), work)
            .wait()
    }

    pub(super) fn task(&self, patient: PatientId, title: &str) {
        let new = NewTask::new(Some(patient), title, Owner::Unassigned, day("2027-01-20"));
        self.acts("task.open", move |writer| tasks::open(writer, new)).unwrap();
    }

    pub(super) fn facts(&self, patient: PatientId, kind: FactKind) -> Vec<(String, usize)> {
        let facts = self.desk.read(|reader| almoner_chart::of_kind(reader, patient, kind)).unwrap();
        facts.iter().map(|it| (it.label().to_owned(), it.assertions.len())).collect()
    }
}

/// Two records, each with facts of its own and one in common, a call, a task, a stay.
fn two(house: &House) -> (PatientId, PatientId) {
    let one = message("7001", "Okafor^Maria", "19580304", "2027-01-10 08:00", &[PENICILLIN, LATEX]);
    let other =
        message("8002", "Okafor^Mary^B", "19580304", "2027-01-11 08:00", &[PENICILLIN, ASTHMA]);
    let (one, other) =
        (house.drop_file(&one, "2027-01-10 08:01"), house.drop_file(&other, "2027-01-11 08:01"));
    assert_ne!(one, other);
    house.task(one, "Ride to the clinic");
    house.task(other, "Ask for the form");
    house.call(other, StaffId::random(), "2027-01-12 10:00", Ending::Reached);
    (one, other)
}

#[test]
fn a_merge_and_its_taking_back_leave_everything_as_it_was() {
    let house = House::new();
    let (stays, gone) = two(&house);
    let before = all(&house);
    let id =
        house.acts("patient.merge", move |w| merge(w, gone, stays, "one person", None)).unwrap();

    let allergies = house.facts(stays, FactKind::Allergy);
    assert_eq!(allergies, [("Penicillin".to_owned(), 2), ("Latex".to_owned(), 1)]);
    assert_eq!(house.facts(stays, FactKind::Condition).len(), 1);
    assert!(house.facts(gone, FactKind::Allergy).is_empty());
    house
        .desk
        .read(|reader| {
            assert_eq!(now_of(reader, gone)?, stays);
            assert_eq!(contacts::of(reader, stays)?.len(), 1);
            assert_eq!(tasks::of(reader, stays)?.len(), 2);
            assert_eq!(sightings(reader, stays)?.len(), 2);
            assert!(sightings(reader, gone)?.is_empty());
            assert_eq!(reader.get::<Patient>(stays)?.identities.len(), 2);
            assert_eq!(merge_of(reader, gone)?.map(|it| it.id), Some(id));
            assert!(reader.loops(None)?.iter().all(|it| it.owed.patient != Some(gone)));
            Ok(())
        })
        .unwrap();
    let fhir = |patient: PatientId| {
        let of_type = |it: &&almoner_frame::Resource| it.type_ == "Patient";
        let patients = almoner_chart::AREA.resources.iter().find(of_type).unwrap();
        let look = move |reader: &almoner_store::Reader<'_>| (patients.write)(reader, patient.0);
        house.desk.read(look).unwrap().unwrap().json
    };
    let (old, new) = (fhir(gone), fhir(stays));
    assert!(old.contains(r#""active":false"#) && old.contains("replaced-by"), "{old}");
    assert!(new.contains(r#""type":"replaces""#) && !new.contains(r#""active":false"#), "{new}");
    let twice = house.acts("patient.merge", move |w| merge(w, gone, stays, "again", None));
    assert!(matches!(twice, Err(Fault::Stale(_))));

    house.acts("patient.unmerge", move |w| unmerge(w, id, "two people")).unwrap();
    let after = all(&house);
    for (id, was) in &before {
        assert_eq!(after.get(id), Some(was));
    }
    assert_eq!(after.len(), before.len());
    let again = house.acts("patient.unmerge", move |w| unmerge(w, id, "again"));
    assert!(matches!(again, Err(Fault::Stale(_))));
}

#[test]
fn what_came_since_goes_by_the_source_that_said_so() {
    let house = House::new();
    let (stays, gone) = two(&house);
    let id =
        house.acts("patient.merge", move |w| merge(w, gone, stays, "one person", None)).unwrap();
    // The number of the merged record goes to the one that stays.
    let late =
        message("8002", "Okafor^Mary^B", "19580304", "2027-01-13 08:00", &[PENICILLIN, PEANUT]);
    assert_eq!(house.drop_file(&late, "2027-01-13 08:01"), stays);
    let own = message("7001", "Okafor^Maria", "19580304", "2027-01-14 08:00", &[ASTHMA]);
    assert_eq!(house.drop_file(&own, "2027-01-14 08:01"), stays);
    house.task(stays, "Made since");
    house.acts("patient.unmerge", move |w| unmerge(w, id, "two people")).unwrap();

    let names = |patient, kind| {
        let mut all = house.facts(patient, kind);
        all.sort();
        all
    };
    let of = |name: &str, n| (name.to_owned(), n);
    assert_eq!(names(stays, FactKind::Allergy), [of("Latex", 1), of("Penicillin", 1)]);
    assert_eq!(names(gone, FactKind::Allergy), [of("Peanut", 1), of("Penicillin", 2)]);
    assert_eq!(names(stays, FactKind::Condition), [of("Asthma", 1)]);
    assert_eq!(names(gone, FactKind::Condition), [of("Asthma", 1)]);
    house
        .desk
        .read(|reader| {
            assert_eq!(tasks::of(reader, stays)?.len(), 2, "what was made since stays");
            assert_eq!(tasks::of(reader, gone)?.len(), 1);
            assert_eq!(sightings(reader, gone)?.len(), 2);
            assert_eq!(sightings(reader, stays)?.len(), 2);
            assert_eq!(now_of(reader, gone)?, gone);
            Ok(())
        })
        .unwrap();
    let again = message("8002", "Okafor^Mary^B", "19580304", "2027-01-15 08:00", &[]);
    assert_eq!(house.drop_file(&again, "2027-01-15 08:01"), gone);
}

#[test]
fn a_source_that_merges_two_records_makes_one_of_them_here() {
    let house = House::new();
    let text = |number: &str, sent: &str, more: &[&str]| {
        message(number, "Okafor^Maria", "19580304", sent, more)
    };
    let stays =
        house.drop_file(&text("7001", "2027-01-10 08:00", &[PENICILLIN]), "2027-01-10 08:01");
    let gone = house.drop_file(&text("8002", "2027-01-11 08:00", &[LATEX]), "2027-01-11 08:01");
    assert_ne!(stays, gone, "name and birth date alone join nobody");
    let merges = text("7001", "2027-01-12 08:00", &["MRG|8002^^^SBH&2.16.2&ISO^MR"])
        .replace("ADT^A08^ADT_A01", "ADT^A40^ADT_A39")
        .replace("EVN|A08", "EVN|A40");
    assert_eq!(house.drop_file(&merges, "2027-01-12 08:01"), stays);
    assert_eq!(house.facts(stays, FactKind::Allergy).len(), 2);
    house
        .desk
        .read(|reader| {
            let merge: Vec<Merge> = in_force(reader, stays)?;
            assert_eq!((merge[0].from, merge[0].by), (gone, None));
            assert!(merge[0].file.is_some(), "the file that said so is known");
            Ok(())
        })
        .unwrap();
    let late = house.drop_file(&text("8002", "2027-01-13 08:00", &[PEANUT]), "2027-01-13 08:01");
    assert_eq!(late, stays);

    // A number that nobody has here, and a new number of somebody known.
    let alias = text("7001", "2027-01-14 08:00", &["MRG|9009^^^SBH&2.16.2&ISO^MR"])
        .replace("ADT^A08^ADT_A01", "ADT^A40^ADT_A39");
    assert_eq!(house.drop_file(&alias, "2027-01-14 08:01"), stays);
    let by_alias = house.drop_file(&text("9009", "2027-01-14 09:00", &[]), "2027-01-14 09:01");
    assert_eq!(by_alias, stays, "a retired number still leads to the patient");
    let renumbered = text("7777", "2027-01-14 10:00", &["MRG|7001^^^SBH&2.16.2&ISO^MR"])
        .replace("ADT^A08^ADT_A01", "ADT^A47^ADT_A30");
    assert_eq!(house.drop_file(&renumbered, "2027-01-14 10:01"), stays);
}

#[test]
fn a_source_merges_nothing_that_somebody_here_works_on() {
    let house = House::new();
    let (stays, gone) = two(&house);
    let merges = message(
        "7001",
        "Okafor^Maria",
        "19580304",
        "2027-01-12 08:00",
        &["MRG|8002^^^SBH&2.16.2&ISO^MR"],
    )
    .replace("ADT^A08^ADT_A01", "ADT^A40^ADT_A39");
    assert_eq!(house.drop_file(&merges, "2027-01-12 08:01"), stays);
    let patient = house.desk.read(|reader| reader.get::<Patient>(stays)).unwrap();
    let proposed = patient.possible_duplicates.iter().find(|it| it.patient == gone);
    assert!(proposed.is_some(), "a person is asked");
    assert_eq!(house.facts(gone, FactKind::Allergy).len(), 1);
}

#[test]
fn two_with_work_in_open_transitions_are_not_merged() {
    let house = House::new();
    let stay = |number: &str, visit: &str| {
        let times = [ADMITTED, HOME, "2027-01-15 16:52"];
        adt("A03", visit, "I", times, "01").replace("7001", number)
    };
    let one = house.drop_file(&stay("7001", "881"), "2027-01-15 16:53");
    let other = house.drop_file(&stay("8002", "882"), "2027-01-15 16:54");
    assert_ne!(one, other);
    for patient in [one, other] {
        let id = house.only(patient).id;
        let command = Command::SetComplexity(Complexity::High);
        house.acts("transition.complexity", move |w| super::act(w, id, &command, "")).unwrap();
    }
    let refused = house.acts("patient.merge", move |w| merge(w, other, one, "one person", None));
    assert!(matches!(refused, Err(Fault::Refused(_))));
    assert_eq!(house.only(other).patient, other, "a refusal leaves nothing");
}

#[test]
fn who_is_just_home_is_decided_first() {
    let house = House::new();
    // An older pair, and one that came later with somebody of it just discharged.
    let okafor = |number: &str, sent: &str| message(number, "Okafor^Maria", "19580304", sent, &[]);
    house.drop_file(&okafor("8001", "2027-01-10 08:00"), "2027-01-10 08:01");
    let earlier = house.drop_file(&okafor("8002", "2027-01-11 08:00"), "2027-01-11 08:01");
    let park = message("8003", "Park^Hyun-woo", "19611021", "2027-01-12 08:00", &[]);
    house.drop_file(&park.replace("|F\r", "|M\r"), "2027-01-12 08:01");
    let stay = adt("A03", "881", "I", [ADMITTED, HOME, "2027-01-15 16:52"], "01");
    let home = house.drop_file(&stay, "2027-01-15 16:53");
    let queue = house.desk.read(|reader| waiting(reader, 10)).unwrap();
    let order: Vec<_> = queue.iter().map(|it| (it.patient, it.urgent)).collect();
    assert_eq!(order, [(home, true), (earlier, false)]);
    assert!(queue[1].since < queue[0].since && queue[1].margin >= queue[0].margin, "{queue:?}");
}
