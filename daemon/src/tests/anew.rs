//! Undoing a file equals never having had it; reading files again with the same program changes
//! nothing; people's work stays.

use super::picture::picture;
use super::samples::{Dice, Header, any, discharge, document};
use super::{House, noon};
use almoner_access::community::ResourceEntry;
use almoner_care::assessments::HeldInstrument;
use almoner_care::contacts::{self, Ending, NewContact};
use almoner_core::actor::Actor;
use almoner_core::fault::Fault;
use almoner_core::ids::StaffId;
use almoner_core::receipt::{Receipt, Status};
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

/// A directory of services, whole, dropped as a folder: services with these ids, under one
/// organization.
fn drop_directory(house: &House, name: &str, services: &[(u32, &str)]) -> Receipt {
    let row = |(id, name): &(u32, &str)| format!("{id},1,{name},Help of that kind,active\n");
    let rows: Vec<String> = services.iter().map(row).collect();
    let services = ["id,organization_id,name,description,status\n", &rows.concat()].concat();
    let organizations = "id,name,description,legal_status\n1,Harbor Help,Helps,nonprofit\n";
    house.drop_folder(name, &[("organizations.csv", organizations), ("services.csv", &services)])
}

/// What the directory says: name, whether people can be sent there, and the id.
fn entries(house: &House) -> Vec<(String, bool, String)> {
    let all = |reader: &almoner_store::Reader<'_>| reader.all::<ResourceEntry>();
    let mut all: Vec<_> = house
        .desk
        .read(all)
        .unwrap()
        .into_iter()
        .map(|it| (it.service.name.clone(), it.is_usable(), it.id.to_string()))
        .collect();
    all.sort();
    all
}

fn told(house: &House) -> Vec<(String, bool)> {
    entries(house).into_iter().map(|(name, usable, _)| (name, usable)).collect()
}

#[test]
fn an_undone_directory_takes_its_entries_back_and_lists_again_what_it_dropped() {
    let first = [(10, "Pantry"), (11, "Meals")];
    let second = [(10, "Pantry and more"), (12, "Beds")];
    let third = [(10, "Pantry and more"), (12, "Warm beds")];
    let house = House::new();
    drop_directory(&house, "shore/a", &first);
    let before = entries(&house);
    let receipt = drop_directory(&house, "shore/b", &second);
    assert_eq!(
        told(&house),
        [("Beds".into(), true), ("Meals".into(), false), ("Pantry and more".into(), true)]
    );
    let turned = house.have(receipt.id, What::Undo);
    assert_eq!(entries(&house), before, "as if it had never come, under the same ids");
    let counts = &turned.facts[&almoner_core::clinical::FactKind::Resource];
    assert_eq!((counts.gone, counts.changed), (1, 2), "{turned:?}");
    // What a later file dropped as well stays withdrawn.
    let house = House::new();
    drop_directory(&house, "shore/a", &first);
    let receipt = drop_directory(&house, "shore/b", &second);
    drop_directory(&house, "shore/c", &third);
    house.have(receipt.id, What::Undo);
    assert_eq!(
        told(&house),
        [("Meals".into(), false), ("Pantry and more".into(), true), ("Warm beds".into(), true)]
    );
    // The only one: nothing is left; and it can come again.
    let house = House::new();
    let receipt = drop_directory(&house, "shore/a", &first);
    assert!(house.have(receipt.id, What::Reread).is_nothing());
    house.have(receipt.id, What::Undo);
    assert!(entries(&house).is_empty());
    assert_ne!(drop_directory(&house, "shore/a", &first).status, Status::Duplicate);
    assert_eq!(entries(&house).len(), 2);
}

#[test]
fn an_undone_questionnaire_takes_its_instrument_back() {
    let form = |title: &str, version: &str| {
        format!(
            r#"{{"resourceType":"Questionnaire","id":"q","url":"http://example.org/mood","version":"{version}",
            "title":"{title}","status":"active","item":[{{"linkId":"1","text":"How are you?","type":"string"}}]}}"#
        )
    };
    let held = |house: &House| -> Vec<String> {
        let all = house.desk.read(|reader| reader.all::<HeldInstrument>()).unwrap();
        let mut all: Vec<_> =
            all.into_iter().map(|it| format!("{} {}", it.instrument.title, it.id)).collect();
        all.sort();
        all
    };
    let house = House::new();
    house.drop_file("forms/a.json", form("Mood", "1").as_bytes());
    let before = held(&house);
    let newer = house.drop_file("forms/b.json", form("Mood check", "1").as_bytes());
    let other = house.drop_file("forms/c.json", form("Mood", "2").as_bytes());
    assert_eq!(held(&house).len(), 2);
    assert!(house.have(newer.id, What::Reread).is_nothing());
    house.have(other.id, What::Undo);
    let turned = house.have(newer.id, What::Undo);
    assert_eq!(held(&house), before, "the earlier one stands again: {turned:?}");
    house.have(house.files()[0].id, What::Undo);
    assert!(held(&house).is_empty());
}
