//! A source's `Patient.link`: what it gives up for another is merged like a merge of HL7 v2, where both are
//! known and nothing contradicts; "see also" only proposes.

use super::House;
use almoner_core::actor::Actor;
use almoner_core::ids::{PatientId, StaffId};
use almoner_people::patients::{self, Patient, in_force, now_of};
use almoner_store::{Act, Reader, Verb};

fn patient(
    id: &str,
    (family, given, born): (&str, &str, &str),
    link: Option<(&str, &str)>,
) -> String {
    let link = link.map(|(to, type_)| {
        format!(r#","link":[{{"other":{{"reference":"Patient/{to}"}},"type":"{type_}"}}]"#)
    });
    format!(
        r#"{{"resourceType":"Patient","id":"{id}","identifier":[{{"system":"urn:oid:2.999.{id}","value":"{id}"}}],"name":[{{"family":"{family}","given":["{given}"]}}],"birthDate":"{born}"{}}}"#,
        link.unwrap_or_default()
    )
}

fn condition(id: &str, of: &str, text: &str) -> String {
    format!(
        r#"{{"resourceType":"Condition","id":"{id}","subject":{{"reference":"Patient/{of}"}},"code":{{"text":"{text}"}}}}"#
    )
}

const HIM: (&str, &str, &str) = ("Whitfield", "Jamal", "1970-05-05");
const STRANGER: (&str, &str, &str) = ("Okafor", "Maria", "1958-03-04");

/// Whoever has this FHIR id, as they are known now.
fn now(house: &House, id: &str) -> PatientId {
    let look = |reader: &Reader<'_>| {
        let has = |it: &Patient| {
            let mut numbers = it.identities.iter().flat_map(|one| &one.demographics.identifiers);
            numbers.any(|number| number.value == id && number.kind == "fhir")
        };
        let found = reader.all::<Patient>()?.into_iter().find(has).unwrap();
        now_of(reader, found.id)
    };
    house.desk.read(look).unwrap()
}

fn take(house: &House, lines: &[String], minute: i64) {
    house.drop_file(lines.join("\n").as_bytes(), "epic", minute);
}

fn proposed(house: &House, one: PatientId, other: PatientId) -> bool {
    let patient = house.desk.read(|reader| reader.get::<Patient>(one)).unwrap();
    patient.possible_duplicates.iter().any(|it| it.patient == other)
}

#[test]
fn who_is_replaced_becomes_one_with_who_replaces_them() {
    let old = patient("1", HIM, Some(("2", "replaced-by")));
    let new = patient("2", HIM, None);
    // In one file, whichever comes first; in two files, the link in the later one.
    for files in [
        vec![vec![old.clone(), new.clone(), condition("c", "1", "Asthma")]],
        vec![vec![new.clone(), old.clone(), condition("c", "1", "Asthma")]],
        vec![vec![new.clone()], vec![old.clone(), condition("c", "1", "Asthma")]],
        vec![
            vec![patient("1", HIM, None), condition("c", "1", "Asthma")],
            vec![patient("2", HIM, Some(("1", "replaces")))],
        ],
    ] {
        let house = House::new();
        for (minute, file) in (0..).zip(&files) {
            take(&house, file, minute);
        }
        let stays = now(&house, "2");
        assert_eq!(now(&house, "1"), stays, "{files:?}");
        house
            .desk
            .read(|reader| {
                let merges = in_force(reader, stays)?;
                assert_eq!(merges.len(), 1);
                assert!(merges[0].file.is_some() && merges[0].by.is_none(), "the file said so");
                let facts =
                    crate::of_kind(reader, stays, almoner_core::clinical::FactKind::Condition)?;
                assert_eq!(facts.len(), 1, "what it says besides is the survivor's: {files:?}");
                Ok(())
            })
            .unwrap();
        house.desk.close();
    }
}

#[test]
fn a_link_is_only_proposed_where_it_is_not_sure() {
    let link = |type_| Some(("2", type_));
    for (case, who, type_) in [
        ("see also", HIM, "seealso"),
        ("refer", HIM, "refer"),
        ("somebody else by name and birth date", STRANGER, "replaced-by"),
    ] {
        let house = House::new();
        take(&house, &[patient("2", HIM, None)], 0);
        take(&house, &[patient("1", who, link(type_))], 1);
        let (one, two) = (now(&house, "1"), now(&house, "2"));
        assert_ne!(one, two, "{case}");
        assert!(proposed(&house, one, two) && proposed(&house, two, one), "{case}");
        house.desk.close();
    }
}

#[test]
fn what_somebody_decided_stands_against_a_link() {
    let house = House::new();
    take(&house, &[patient("2", HIM, None)], 0);
    take(&house, &[patient("1", HIM, None)], 1);
    let (one, two) = (now(&house, "1"), now(&house, "2"));
    let act = Act::new(Actor::Staff(StaffId::random()), Verb("patient.apart"), super::noon());
    let work = move |writer: &mut almoner_store::Writer<'_>| {
        patients::set_apart(writer, one, two, "father and son")
    };
    house.desk.write(act, work).wait().unwrap();
    take(&house, &[patient("1", HIM, Some(("2", "replaced-by")))], 2);
    assert_ne!(now(&house, "1"), now(&house, "2"));
    assert!(!proposed(&house, one, two));
    house.desk.close();
}

#[test]
fn a_link_to_somebody_unknown_changes_nothing() {
    let house = House::new();
    take(&house, &[patient("1", HIM, Some(("9", "replaced-by")))], 0);
    let one = now(&house, "1");
    let patient = house.desk.read(|reader| reader.get::<Patient>(one)).unwrap();
    assert!(patient.merged_into.is_none() && patient.possible_duplicates.is_empty());
    house.desk.close();
}
