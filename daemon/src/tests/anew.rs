//! Undoing a file equals never having had it; reading files again with the same program changes
//! nothing; people's work stays.

use super::picture::picture;
use super::samples::{Dice, Header, any, discharge, document};
use super::{House, noon};
use almoner_care::contacts::{self, Ending, NewContact};
use almoner_core::actor::Actor;
use almoner_core::fault::Fault;
use almoner_core::ids::StaffId;
use almoner_core::receipt::Status;
use almoner_frame::anew::{What, wish};
use almoner_people::patients::Patient;

fn house_of(files: &[(String, String)]) -> House {
    let house = House::new();
    for (name, text) in files {
        house.drop_file(name, text.as_bytes());
    }
    house
}

fn same(one: &House, other: &House, case: &str) {
    let (one, other) = (picture(one), picture(other));
    let only = |a: &[String], b: &[String]| -> Vec<String> {
        a.iter().filter(|line| !b.contains(line)).cloned().collect()
    };
    assert!(
        one == other,
        "{case}\nonly in the first:\n{}\nonly in the second:\n{}",
        only(&one, &other).join("\n"),
        only(&other, &one).join("\n")
    );
}

/// Whatever came, in whatever order, whichever is undone.
#[test]
fn undone_equals_never_came() {
    for seed in 0..40 {
        let mut dice = Dice::new(seed + 1);
        let mut files: Vec<(String, String)> =
            (0..3 + dice.roll(3)).map(|_| any(&mut dice)).collect();
        files.sort_by_key(|(_, text)| text.len());
        files.dedup();
        let turn = dice.roll(files.len());
        files.rotate_left(turn);
        let gone = dice.roll(files.len());
        let house = house_of(&files);
        let told = house.have(house.files()[gone].id, What::Undo);
        let named: Vec<String> = files.iter().map(|(name, _)| name.clone()).collect();
        files.remove(gone);
        same(
            &house,
            &house_of(&files),
            &format!("seed {seed}: {named:?} without {gone}: {told:?}"),
        );
    }
}

/// The same, then dropped again: as if it had come last.
#[test]
fn what_was_undone_can_come_again() {
    for seed in 100..110 {
        let mut dice = Dice::new(seed);
        let mut files: Vec<(String, String)> = (0..3).map(|_| any(&mut dice)).collect();
        let house = house_of(&files);
        house.have(house.files()[0].id, What::Undo);
        let again = files.remove(0);
        let receipt = house.drop_file(&again.0, again.1.as_bytes());
        assert_ne!(receipt.status, Status::Duplicate);
        files.push(again);
        same(&house, &house_of(&files), &format!("seed {seed}"));
    }
}

#[test]
fn reading_again_with_the_same_program_changes_nothing() {
    for seed in 200..212 {
        let mut dice = Dice::new(seed);
        let files: Vec<(String, String)> = (0..4).map(|_| any(&mut dice)).collect();
        let house = house_of(&files);
        let (before, receipts) = (picture(&house), house.files());
        for receipt in &receipts {
            let told = house.have(receipt.id, What::Reread);
            assert!(told.is_nothing(), "seed {seed}: {told:?}");
        }
        assert_eq!(before, picture(&house), "seed {seed}");
        for (before, after) in receipts.iter().zip(house.files()) {
            assert_eq!(*before, after, "seed {seed}");
        }
    }
}

#[test]
fn people_who_were_worked_on_stay() {
    let house = House::new();
    let receipt = house.drop_file("sbh/out.hl7", discharge(0).as_bytes());
    let patient = receipt.patients[0].id;
    assert!(receipt.loops.opened > 0, "{receipt:?}");
    let rosa = StaffId::random();
    house.work(Actor::Staff(rosa), move |writer| {
        let new = NewContact::call(patient, rosa, Ending::Reached, noon());
        contacts::record(writer, NewContact { note: "Well".into(), ..new })
    });
    let told = house.have(receipt.id, What::Undo);
    assert_eq!((told.stay, told.patients.gone), (1, 0), "{told:?}");
    let (known, calls) = house
        .desk
        .read(|reader| Ok((reader.get::<Patient>(patient)?, contacts::of(reader, patient)?)))
        .unwrap();
    assert_eq!((known.identities.len(), calls.len()), (1, 1));
    assert!(house.files()[0].undone.is_some());
    // Nobody has worked on this one: nothing is left.
    let receipt = house.drop_file("sbh/out.hl7", discharge(1).as_bytes());
    let told = house.have(receipt.id, What::Undo);
    assert_eq!((told.stay, told.patients.gone, told.transitions.gone), (0, 1, 1), "{told:?}");
    assert!(told.loops.closed > 0);
    let people = house.desk.read(|reader| reader.all::<Patient>()).unwrap();
    assert_eq!(people.len(), 1);
}

#[test]
fn what_others_say_too_stays() {
    let problems = [("38341003", "Hypertension"), ("44054006", "Diabetes")];
    let header = |own, problems| Header { own, problems, ..Header::default() };
    let house = House::new();
    let mut dice = Dice::new(1);
    let one = document(&mut dice, &header("a", &problems));
    let two = document(&mut dice, &header("b", &problems[..1]));
    let first = house.drop_file("one.xml", one.as_bytes());
    house.drop_file("two.xml", two.as_bytes());
    let told = house.have(first.id, What::Undo);
    let conditions = told.facts[&almoner_core::clinical::FactKind::Condition];
    assert_eq!((conditions.gone, conditions.kept, conditions.changed), (1, 1, 0), "{told:?}");
    assert_eq!(told.patients.gone, 0);
}

#[test]
fn refusals_say_why() {
    let house = House::new();
    let first = house.drop_file("a.hl7", discharge(0).as_bytes());
    let again = house.drop_file("b.hl7", discharge(0).as_bytes());
    let ask = |id, what| {
        let act = almoner_store::Act::new(
            Actor::Appliance,
            almoner_store::Verb("intake.undo"),
            house.desk.clock().now(),
        );
        house.desk.write(act, move |writer| wish(writer, id, what, true)).wait()
    };
    assert!(matches!(ask(again.id, What::Undo), Err(Fault::Refused(_))), "a duplicate");
    house.have(first.id, What::Undo);
    for what in [What::Undo, What::Reread] {
        assert!(matches!(ask(first.id, what), Err(Fault::Refused(_))), "undone already");
    }
}
