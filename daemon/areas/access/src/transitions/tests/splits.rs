//! One record that is two people: the identities that are somebody else's become a person of their own,
//! what their files said follows, what people made stays; and the two can be made one again.

use super::merges::{ASTHMA, LATEX, PEANUT, PENICILLIN, message};
use super::*;
use almoner_care::tasks;
use almoner_core::clinical::FactKind;
use almoner_core::fault::{Fault, Outcome};
use almoner_people::patients::{Apart, Patient, merge, now_of, sightings, split, unmerge};

const HOME_ADDRESS: &str = "19580304|F|||12 Elm Street^^Beaverton^OR^97006";

/// A message of the hospital's own number, or of its laboratory's for the same person.
fn told(number: &str, sent: &str, more: &[&str]) -> String {
    let text = message(number, "Okafor^Maria", "19580304", sent, more);
    let text = text.replace("19580304|F", HOME_ADDRESS);
    // Numbers that begin with 8 are the laboratory's.
    if number.starts_with('8') { text.replace("&2.16.2&", "&2.16.9&") } else { text }
}

fn patient(house: &House, id: PatientId) -> Patient {
    house.desk.read(|reader| reader.get(id)).unwrap()
}

/// One record of two identities of one source; facts of each and one in common, a call and a task.
fn one_of_two(house: &House) -> PatientId {
    let first = told("7001", "2027-01-10 08:00", &[PENICILLIN, LATEX]);
    let second = told("8002", "2027-01-11 08:00", &[PENICILLIN, ASTHMA]);
    let id = house.drop_file(&first, "2027-01-10 08:01");
    assert_eq!(house.drop_file(&second, "2027-01-11 08:01"), id, "joined by the address");
    assert_eq!(patient(house, id).identities.len(), 2);
    house.task(id, "Ride to the clinic");
    house.call(id, StaffId::random(), "2027-01-12 10:00", Ending::Reached);
    id
}

fn part(house: &House, id: PatientId, go: &'static [usize]) -> Outcome<PatientId> {
    house.acts("patient.split", move |w| split(w, id, go, "the lab mistook them"))
}

#[test]
fn facts_follow_their_identity_and_what_people_made_stays() {
    let house = House::new();
    let id = one_of_two(&house);
    let before = patient(&house, id);
    let other = part(&house, id, &[1]).unwrap();
    assert_ne!(other, id);

    let names = |patient, kind| {
        let mut all = house.facts(patient, kind);
        all.sort();
        all
    };
    let of = |name: &str, n| (name.to_owned(), n);
    assert_eq!(names(id, FactKind::Allergy), [of("Latex", 1), of("Penicillin", 1)]);
    assert_eq!(names(other, FactKind::Allergy), [of("Penicillin", 1)]);
    assert!(names(id, FactKind::Condition).is_empty());
    assert_eq!(names(other, FactKind::Condition), [of("Asthma", 1)]);
    house
        .desk
        .read(|reader| {
            assert_eq!((tasks::of(reader, id)?.len(), tasks::of(reader, other)?.len()), (1, 0));
            assert_eq!(contacts::of(reader, id)?.len(), 1);
            assert_eq!((sightings(reader, id)?.len(), sightings(reader, other)?.len()), (1, 1));
            Ok(())
        })
        .unwrap();
    let (mine, theirs) = (patient(&house, id), patient(&house, other));
    assert_eq!(mine.identities, before.identities[..1]);
    assert_eq!(theirs.identities, before.identities[1..]);
    assert_eq!(theirs.coordinator, before.coordinator);
    // Both carry the decision: they are two people, and are not proposed again.
    let decided = |it: &Patient| -> Vec<(PatientId, String)> {
        let of = |apart: &Apart| (apart.suspect.patient, apart.reason.clone());
        assert!(it.apart.iter().all(|apart| apart.by.is_some()));
        it.apart.iter().map(of).collect()
    };
    assert_eq!(decided(&mine), [(other, "the lab mistook them".to_owned())]);
    assert_eq!(decided(&theirs), [(id, "the lab mistook them".to_owned())]);
    // And both have it on the trail.
    for patient in [id, other] {
        let trail = house.desk.read(|reader| reader.trail_of(patient, 50)).unwrap();
        assert!(trail.iter().any(|it| it.entry.verb == "patient.split"), "{patient}");
    }
}

#[test]
fn later_files_go_to_whom_they_name() {
    let house = House::new();
    let id = one_of_two(&house);
    let other = part(&house, id, &[1]).unwrap();
    let lab = told("8002", "2027-01-13 08:00", &[PEANUT]);
    assert_eq!(house.drop_file(&lab, "2027-01-13 08:01"), other);
    let own = told("7001", "2027-01-14 08:00", &[ASTHMA]);
    assert_eq!(house.drop_file(&own, "2027-01-14 08:01"), id);
    // The very same file again is nobody else's.
    assert_eq!(house.drop_file(&lab, "2027-01-15 08:01"), other);
    for (one, of) in [(id, other), (other, id)] {
        let proposed = patient(&house, one).possible_duplicates;
        assert!(proposed.iter().all(|it| it.patient != of), "decided is decided");
    }
}

#[test]
fn a_split_is_taken_back_by_a_merge() {
    let house = House::new();
    let id = one_of_two(&house);
    let facts = |patient| {
        let mut all = house.facts(patient, FactKind::Allergy);
        all.extend(house.facts(patient, FactKind::Condition));
        all.sort();
        all
    };
    let before = (facts(id), patient(&house, id).golden());
    let other = part(&house, id, &[1]).unwrap();
    let refused = house.acts("patient.merge", move |w| merge(w, other, id, "", None));
    assert!(matches!(refused, Err(Fault::Refused(_))), "the decision is taken back first");
    let undo = almoner_people::patients::AREA.routes.iter().find_map(|it| match it {
        almoner_frame::Route::Work { path: "/p/{patient}/similar/{other}/undo", work, .. } => {
            Some(*work)
        }
        _ => None,
    });
    assert!(undo.is_some(), "there is a page for it");
    house
        .acts("patient.apart-undo", move |w| almoner_people::patients::undo_apart(w, id, other))
        .unwrap();
    let proposed = patient(&house, other).possible_duplicates;
    assert!(proposed.iter().any(|it| it.patient == id && it.asks), "the usual page asks");
    let joined =
        house.acts("patient.merge", move |w| merge(w, other, id, "after all", None)).unwrap();
    assert_eq!((facts(id), patient(&house, id).golden()), before);
    assert_eq!(house.desk.read(|reader| now_of(reader, other)).unwrap(), id);
    // And that one too can be taken back.
    house.acts("patient.unmerge", move |w| unmerge(w, joined, "two")).unwrap();
    assert_eq!(patient(&house, other).identities.len(), 1);
    assert_eq!(facts(other).len(), 2);
}

#[test]
fn a_stay_goes_with_whose_it_is_unless_somebody_worked_on_it() {
    for worked in [false, true] {
        let house = House::new();
        let id = one_of_two(&house);
        let stay = |number: &str, visit: &str| {
            let times = [ADMITTED, HOME, "2027-01-15 16:52"];
            adt("A03", visit, "I", times, "01")
                .replace("7001", number)
                .replace("Park^Hyun-woo||19611012|M", "Okafor^Maria||19580304|F")
                .replace("SBH&2.16.2&", "SBH&2.16.9&")
        };
        assert_eq!(house.drop_file(&stay("8002", "882"), "2027-01-15 16:53"), id);
        let episode = house.only(id).id;
        if worked {
            let command = Command::SetComplexity(Complexity::High);
            let work = move |w: &mut Writer<'_>| super::act(w, episode, &command, "");
            house.acts("transition.complexity", work).unwrap();
        }
        let other = part(&house, id, &[1]).unwrap();
        let of = |patient| house.desk.read(|reader| super::of(reader, patient)).unwrap();
        assert_eq!(of(other).len(), 1, "the stay is theirs, and is followed up");
        assert_eq!(of(other)[0].id == episode, !worked);
        assert_eq!(of(id).len(), usize::from(worked));
    }
}

#[test]
fn not_everything_can_go() {
    let house = House::new();
    let id = one_of_two(&house);
    for go in [&[][..], &[0, 1]] {
        assert!(matches!(part(&house, id, go), Err(Fault::Refused(_))), "{go:?}");
    }
    // What came with a merge as a whole is taken back as a merge.
    let stranger = message("7009", "Okafor^Mary^B", "19580304", "2027-01-12 08:00", &[]);
    let stranger = house.drop_file(&stranger, "2027-01-12 08:01");
    assert_ne!(stranger, id);
    let joined = house.acts("patient.merge", move |w| merge(w, stranger, id, "one", None)).unwrap();
    assert!(matches!(part(&house, id, &[2]), Err(Fault::Refused(_))));
    assert!(matches!(part(&house, stranger, &[0]), Err(Fault::Stale(_))), "only a name now");
    // Another identity can go meanwhile, and the merge is still taken back whole.
    let other = part(&house, id, &[1]).unwrap();
    house.acts("patient.unmerge", move |w| unmerge(w, joined, "two")).unwrap();
    let count = |id| patient(&house, id).identities.len();
    assert_eq!((count(id), count(other), count(stranger)), (1, 1, 1));
}
