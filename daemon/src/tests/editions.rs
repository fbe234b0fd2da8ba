//! Of one document several versions: the newest stands, in whatever order they came.

use super::House;
use super::picture::picture;
use super::samples::{Dice, Header, document};
use almoner_chart::Fact;
use almoner_frame::anew::What;

const A: (&str, &str) = ("38341003", "Hypertension");
const B: (&str, &str) = ("44054006", "Diabetes");
const C: (&str, &str) = ("195967001", "Asthma");

fn version<'h>(own: &'h str, number: u32, problems: &'h [(&'h str, &'h str)]) -> Header<'h> {
    Header { own, set: Some(("s", number)), problems, ..Header::default() }
}

fn house_of(headers: &[Header<'_>]) -> House {
    let house = House::new();
    for header in headers {
        house.drop_file("ccd.xml", document(&mut Dice::new(1), header).as_bytes());
    }
    house
}

/// The problems that stand, by name.
fn problems(house: &House) -> Vec<String> {
    let facts = house.desk.read(|reader| reader.all::<Fact>()).unwrap();
    let kind = almoner_core::clinical::FactKind::Condition;
    let own = facts.iter().filter(|it| it.kind() == kind);
    let mut names: Vec<String> = own.map(|it| it.label().to_owned()).collect();
    names.sort();
    names
}

/// Codes of what a receipt says.
fn said(house: &House, file: usize) -> Vec<String> {
    house.files()[file].problems.iter().map(|problem| problem.code.clone()).collect()
}

#[test]
fn the_newest_of_a_series_stands_in_whatever_order() {
    let (one, two, three) =
        (version("a", 1, &[A, B]), version("b", 2, &[B]), version("c", 3, &[B, C]));
    let other = Header { own: "x", problems: &[A], ..Header::default() };
    let orders = [
        vec![&one, &two, &three, &other],
        vec![&three, &one, &other, &two],
        vec![&other, &two, &three, &one],
        vec![&three, &two, &one, &other],
    ];
    for order in orders {
        let headers: Vec<Header<'_>> = order.into_iter().cloned().collect();
        let house = house_of(&headers);
        assert_eq!(problems(&house), ["Asthma", "Diabetes", "Hypertension"], "{headers:?}");
    }
}

#[test]
fn receipts_tell_of_both() {
    let house = house_of(&[version("a", 1, &[A]), version("b", 2, &[B])]);
    assert_eq!(problems(&house), ["Diabetes"]);
    assert!(said(&house, 0).contains(&"replaced_by_newer".to_owned()));
    assert!(said(&house, 1).contains(&"replaces_earlier".to_owned()));
    let house = house_of(&[version("b", 2, &[B]), version("a", 1, &[A])]);
    assert_eq!(problems(&house), ["Diabetes"]);
    assert!(said(&house, 1).contains(&"newer_version_here".to_owned()));
}

#[test]
fn a_document_can_say_whose_place_it_takes() {
    let old = Header { own: "a", problems: &[A], ..Header::default() };
    let new = Header { own: "b", replaces: Some("a"), problems: &[B], ..Header::default() };
    for headers in [[old.clone(), new.clone()], [new.clone(), old.clone()]] {
        assert_eq!(problems(&house_of(&headers)), ["Diabetes"]);
    }
    // The old one was filed under the wrong person.
    let wrong = Header { person: 1, ..old };
    let house = house_of(&[wrong, new]);
    assert_eq!(problems(&house), ["Diabetes"]);
}

#[test]
fn one_series_of_two_people_is_no_series() {
    let other = Header { person: 1, ..version("b", 2, &[B]) };
    assert_eq!(problems(&house_of(&[version("a", 1, &[A]), other])), ["Diabetes", "Hypertension"]);
}

#[test]
fn the_older_speaks_again_when_the_newer_is_undone() {
    let headers = [version("a", 1, &[A]), version("b", 2, &[B])];
    let house = house_of(&headers);
    house.have(house.files()[1].id, What::Undo);
    assert_eq!(picture(&house), picture(&house_of(&headers[..1])));
    // Also where the older one was of another person, who had nothing else.
    let wrong = Header { own: "a", problems: &[A], person: 1, ..Header::default() };
    let new = Header { own: "b", replaces: Some("a"), problems: &[B], ..Header::default() };
    let house = house_of(&[wrong.clone(), new]);
    house.have(house.files()[1].id, What::Undo);
    assert_eq!(picture(&house), picture(&house_of(&[wrong])));
}
