//! Who somebody is, asked by a program: how much must be told, and what is certain, probable, possible.

use super::*;
use almoner_core::clinical::ContactPoint;
use almoner_frame::fhir::{Grade, Likely, WhoIs};

fn who(house: &House, patient: &clinical::Patient) -> WhoIs {
    house.desk.read(|reader| AREA.who_is.unwrap()(reader, patient)).unwrap()
}

fn found(house: &House, patient: &clinical::Patient) -> Vec<Likely> {
    match who(house, patient) {
        WhoIs::Found(found) => found,
        WhoIs::TooLittle => panic!("enough is told"),
    }
}

fn phone(value: &str) -> ContactPoint {
    ContactPoint { system: "phone".into(), value: value.into(), ..ContactPoint::default() }
}

fn number(system: &str, value: &str, kind: &str) -> Identifier {
    Identifier { system: system.into(), value: value.into(), kind: kind.into() }
}

#[test]
fn ten_points_must_be_told_and_a_social_security_number_is_none() {
    let house = House::new();
    let nothing = Said { id: ("", ""), sex: "", ..ADA };
    let named = statements(nothing).patient;
    let mrn = number(MRN, "4711", "MR");
    let passport = number("urn:oid:2.16.840.1.113883.4.330.840", "C1234567", "PPN");
    let ssn = number(SSN, "123-45-6789", "SS");
    let with = |change: &dyn Fn(&mut clinical::Patient)| {
        let mut patient = named.clone();
        change(&mut patient);
        patient
    };
    let home = statements(Said { home: HOME, ..nothing }).patient.addresses;
    for (case, patient, enough) in [
        ("name and birth date", named.clone(), false),
        ("and an address", with(&|it| it.addresses.clone_from(&home)), false),
        ("and a number", with(&|it| it.identifiers = vec![mrn.clone()]), false),
        (
            "and a social security number",
            with(&|it| it.identifiers = vec![mrn.clone(), ssn.clone()]),
            false,
        ),
        (
            "address and telephone",
            with(&|it| {
                it.addresses.clone_from(&home);
                it.telecoms = vec![phone("503-777-1234")];
            }),
            true,
        ),
        (
            "a telephone that is nobody's",
            with(&|it| {
                it.addresses.clone_from(&home);
                it.telecoms = vec![phone("555-555-5555")];
            }),
            false,
        ),
        ("a passport", with(&|it| it.identifiers = vec![passport.clone()]), true),
        (
            "three ways to reach them, no name",
            with(&|it| {
                it.names.clear();
                it.addresses.clone_from(&home);
                it.telecoms = vec![phone("503-777-1234")];
                it.identifiers = vec![mrn.clone()];
            }),
            false,
        ),
    ] {
        assert_eq!(who(&house, &patient) != WhoIs::TooLittle, enough, "{case}");
    }
}

#[test]
fn certain_is_who_a_file_would_be_joined_to() {
    let house = House::new();
    let told = Said { home: HOME, ..ADA };
    let id = house.join(told).patient;
    house.join(Said {
        name: ("Park", "Jin"),
        born: "1990-01-02",
        id: ("urn:x", "1"),
        sex: "male",
        ..ADA
    });
    let mut asked = statements(Said { id: ("", ""), ..told }).patient;
    asked.telecoms = vec![phone("503-777-1234")];
    let before = house.patient(id);
    let all = found(&house, &asked);
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].patient, all[0].grade), (id, Grade::Certain));
    assert!(all[0].score > 0.9 && all[0].score <= 1.0, "{}", all[0].score);
    assert_eq!(house.patient(id), before, "nothing is written");

    // Another address: a person would be asked.
    asked.addresses[0].lines = vec!["77 Oak Avenue".into()];
    let less = found(&house, &asked);
    assert_eq!((less[0].patient, less[0].grade), (id, Grade::Probable));
    assert!(less[0].score < all[0].score);
    // Another first name, a slip in the birth date, and no address in common: perhaps.
    asked.names[0].given = vec!["Marina".into()];
    asked.birth_date = When::parse("1958-03-05");
    asked.addresses.clear();
    asked.telecoms.push(ContactPoint {
        system: "email".into(),
        value: "ana@example.org".into(),
        ..ContactPoint::default()
    });
    let perhaps = found(&house, &asked);
    assert_eq!(perhaps.iter().map(|it| it.grade).collect::<Vec<_>>(), [Grade::Possible]);
    // Nobody like that.
    asked.names[0] =
        HumanName { family: "Nguyen".into(), given: vec!["Thi".into()], ..HumanName::default() };
    asked.birth_date = When::parse("1980-01-15");
    assert!(found(&house, &asked).is_empty());
}

#[test]
fn between_two_nothing_is_certain() {
    let house = House::new();
    let one = Said { home: HOME, ..ADA };
    let two = Said { home: "77 Oak Avenue", id: (MRN, "8822"), source: "lab", ..one };
    let ids = [house.join(one).patient, house.join(two).patient];
    assert_ne!(ids[0], ids[1]);
    act(&house, move |writer| set_apart(writer, ids[0], ids[1], "cousins")).unwrap();
    let mut asked = statements(Said { id: ("", ""), ..one }).patient;
    asked.addresses.extend(statements(two).patient.addresses);
    asked.telecoms = vec![phone("503-777-1234")];
    let all = found(&house, &asked);
    assert_eq!(all.len(), 2);
    assert!(all.iter().all(|it| it.grade != Grade::Certain), "{all:?}");
}

#[test]
fn a_number_alone_is_never_certain() {
    let house = House::new();
    let id = house.join(Said { id: ("urn:oid:2.999.7", "C1234567"), ..ADA }).patient;
    let asked = clinical::Patient {
        identifiers: vec![number("urn:oid:2.999.7", "C1234567", "PPN")],
        telecoms: vec![
            phone("503-777-1234"),
            ContactPoint {
                system: "email".into(),
                value: "a@b.example".into(),
                ..ContactPoint::default()
            },
        ],
        ..clinical::Patient::default()
    };
    let all = found(&house, &asked);
    assert_eq!(
        all.iter().map(|it| (it.patient, it.grade)).collect::<Vec<_>>(),
        [(id, Grade::Probable)]
    );
}
