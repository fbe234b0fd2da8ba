//! A document in a message is taken in as if it had come alone, and goes with the message.

use super::House;
use super::picture::picture;
use super::samples::{Dice, Header, document, letter};
use almoner_chart::Fact;
use almoner_core::clinical::FactKind;
use almoner_core::ids::PatientId;
use almoner_core::receipt::Status;
use almoner_frame::anew::What;
use almoner_people::patients::Patient;

const A: (&str, &str) = ("38341003", "Hypertension");
const B: (&str, &str) = ("44054006", "Diabetes");

fn inside(own: &str, person: usize, problems: &[(&str, &str)]) -> String {
    document(&mut Dice::new(1), &Header { own, person, problems, ..Header::default() })
}

/// The problems that stand: whose, and their names.
fn problems(house: &House) -> Vec<(Option<PatientId>, String)> {
    let facts = house.desk.read(|reader| reader.all::<Fact>()).unwrap();
    let own = facts.iter().filter(|it| it.kind() == FactKind::Condition);
    own.map(|it| (it.patient, it.label().to_owned())).collect()
}

fn people(house: &House) -> Vec<Patient> {
    house.desk.read(|reader| reader.all()).unwrap()
}

#[test]
fn its_facts_are_the_patients_and_its_receipt_is_the_messages() {
    let house = House::new();
    let receipt =
        house.drop_file("sbh/a.hl7", letter(0, "1", "", &inside("a", 0, &[A, B])).as_bytes());
    assert_eq!(
        (receipt.status, &*receipt.format, receipt.patients.len()),
        (Status::Done, "hl7v2", 1)
    );
    let members: Vec<(&str, &str)> =
        receipt.members.iter().map(|it| (it.name.as_str(), it.format.as_str())).collect();
    assert_eq!(members, [("", "hl7v2"), ("message 1 segment 3", "ccda")]);
    assert_eq!(receipt.members[1].facts[&FactKind::Condition].new, 2);
    let all = people(&house);
    assert_eq!(all.len(), 1, "one person, by the message's number");
    let own: Vec<_> = problems(&house);
    assert_eq!(own.len(), 2);
    assert!(own.iter().all(|(whose, _)| *whose == Some(all[0].id)));
    // The same document by itself says nothing new.
    let alone = house.drop_file("sbh/a.xml", inside("a", 0, &[A, B]).as_bytes());
    assert_eq!(alone.facts[&FactKind::Condition].same, 2, "{alone:?}");
    assert_eq!(people(&house).len(), 1);
}

#[test]
fn one_of_another_person_goes_to_that_person_and_is_told() {
    let house = House::new();
    let receipt =
        house.drop_file("sbh/a.hl7", letter(0, "1", "", &inside("a", 1, &[A])).as_bytes());
    let codes: Vec<&str> = receipt.problems.iter().map(|it| it.code.as_str()).collect();
    assert!(codes.contains(&"enclosed_other_person"), "{codes:?}");
    assert_eq!(people(&house).len(), 2);
    let whose = problems(&house)[0].0.unwrap();
    let owner = people(&house).into_iter().find(|it| it.id == whose).unwrap();
    assert_eq!(owner.identities[0].demographics.names[0].family, "Park");
}

#[test]
fn it_goes_when_its_message_is_replaced_or_undone() {
    let old = letter(0, "1", "", &inside("a", 0, &[A]));
    let new = letter(0, "2", "1", &inside("b", 0, &[B]));
    for files in [[&old, &new], [&new, &old]] {
        let house = House::new();
        for file in files {
            house.drop_file("sbh/a.hl7", file.as_bytes());
        }
        let names: Vec<String> = problems(&house).into_iter().map(|it| it.1).collect();
        assert_eq!(names, ["Diabetes"], "the newer message's document stands");
    }
    let (house, only) = (House::new(), House::new());
    only.drop_file("sbh/a.hl7", old.as_bytes());
    house.drop_file("sbh/a.hl7", old.as_bytes());
    let other = letter(0, "3", "", &inside("c", 0, &[B]));
    let taken = house.drop_file("sbh/b.hl7", other.as_bytes());
    house.have(taken.id, What::Undo);
    assert_eq!(picture(&house), picture(&only));
}
