//! Two people in one record, on the page where two records are made of it: what would move is shown
//! first, a reason is asked for, what changed meanwhile is noticed.

use super::House;
use super::pages::{draw, visit};
use almoner_core::actor::{Actor, Role};
use almoner_core::fault::Fault;
use almoner_core::ids::PatientId;
use almoner_frame::{Form, Language, Next, Route};
use almoner_people::patients::{self, Patient};
use almoner_store::Act;

const PAGE: &str = "/p/{patient}/split";
const NOW: &str = "/p/{patient}/split/now";

fn person(id: &str, number: &str) -> String {
    format!(
        r#"{{"resourceType":"Patient","id":"{id}","identifier":[{{"system":"urn:oid:2.999.{id}","value":"{number}"}}],
        "name":[{{"family":"Whitfield","given":["Jamal"]}}],"birthDate":"1970-05-05","gender":"male",
        "address":[{{"line":["12 Elm Street"],"city":"Beaverton","state":"OR","postalCode":"97006"}}]}}"#
    )
}

/// A house in which two identities are one person, and what each line of the page is called.
fn house() -> (House, PatientId, Vec<String>) {
    let house = House::new();
    house.drop_file(person("1", "4711").as_bytes(), "epic", 0);
    house.drop_file(person("2", "8822").as_bytes(), "lab", 1);
    let people: Vec<Patient> = house.desk.read(|reader| reader.all()).unwrap();
    let [only] = people.as_slice() else { panic!("one person of two identities") };
    let name = |(at, it): (usize, &patients::Identity)| format!("{at}.{}", it.file);
    let names = only.identities.iter().enumerate().map(name).collect();
    (house, only.id, names)
}

fn look(house: &House, id: PatientId, language: Language, query: &str) -> String {
    let id = id.to_string();
    let path = format!("/p/{id}/split{query}");
    let visit = visit(Role::Coordinator, language, &path, &[("patient", &id)]);
    draw(house, &visit, PAGE).unwrap().main.as_str().to_owned()
}

fn send(house: &House, id: PatientId, fields: &[(&str, &str)]) -> Result<Next, Fault> {
    let id = id.to_string();
    let path = format!("/p/{id}/split/now");
    let visit = visit(Role::Coordinator, Language::English, &path, &[("patient", &id)]);
    let work = patients::AREA.routes.iter().find_map(|it| match it {
        Route::Work { path: NOW, work, verb, .. } => Some((*work, *verb)),
        _ => None,
    });
    let (work, verb) = work.unwrap();
    let fields = fields.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
    let act = Act::new(Actor::Staff(visit.staff()), verb, super::noon());
    house.desk.write(act, move |writer| work(writer, &visit, &Form::new(fields))).wait()
}

#[test]
fn what_would_move_is_shown_before_anything_does() {
    let (house, id, names) = house();
    for language in Language::ALL {
        let words = almoner_frame::Words::of(language, almoner_core::time::Zone::default());
        let first = look(&house, id, language, "");
        assert!(first.contains("4711") && first.contains("8822"), "{first}");
        assert!(!first.contains(&words.t("split-go")) && !first.contains("method=\"post\""));
        let preview = look(&house, id, language, &format!("?take={}&look=1", names[1]));
        let (_, preview) = preview.split_once("id=\"split-go\"").unwrap();
        let (go, stay) = preview.split_once("id=\"split-stay\"").unwrap();
        assert!(go.contains("8822") && !go.contains("4711"), "{go}");
        assert!(stay.contains("4711") && !stay.contains("8822"), "{stay}");
        assert!(stay.contains(&format!("action=\"/p/{id}/split/now\"")));
        assert!(stay.contains(&format!("name=\"take\" value=\"{}\"", names[1])));
        // Nothing chosen, and everything: it says what is wrong, and offers no button to do it.
        let all = format!("?take={}&take={}&look=1", names[0], names[1]);
        for (query, key) in [("?look=1", "split-none"), (all.as_str(), "split-all")] {
            let page = look(&house, id, language, query);
            assert!(page.contains(&words.t(key)), "{page}");
            assert!(!page.contains("method=\"post\""));
        }
    }
    let people: Vec<Patient> = house.desk.read(|reader| reader.all()).unwrap();
    assert_eq!(people.len(), 1, "looking moves nothing");
    house.desk.close();
}

#[test]
fn two_records_are_made_with_a_reason() {
    let (house, id, names) = house();
    let refused = send(&house, id, &[("take", &names[1]), ("reason", " ")]);
    assert!(matches!(refused, Err(Fault::Refused(_))), "without a reason");
    let stale = send(&house, id, &[("take", "1.000"), ("reason", "mixed up")]);
    assert!(matches!(stale, Err(Fault::Stale(_))), "a file has changed it since");
    let next = send(&house, id, &[("take", &names[1]), ("reason", "mixed up")]).unwrap();
    let other = PatientId::parse(next.path.trim_start_matches("/p/")).unwrap();
    assert_ne!(other, id);
    for (patient, number) in [(id, "4711"), (other, "8822")] {
        let patient = house.desk.read(|reader| reader.get::<Patient>(patient)).unwrap();
        let [only] = patient.identities.as_slice() else { panic!("one identity each") };
        assert!(only.demographics.identifiers.iter().any(|it| it.value == number));
    }
    // The similar people's page of either says what was decided; there is nothing left to split.
    let text = other.to_string();
    let path = format!("/p/{text}/similar");
    let visit = visit(Role::Coordinator, Language::English, &path, &[("patient", &text)]);
    let page = draw(&house, &visit, "/p/{patient}/similar").unwrap();
    assert!(page.main.as_str().contains("mixed up"));
    assert!(!page.main.as_str().contains("/split"));
    house.desk.close();
}

#[test]
fn only_who_decides_matches_makes_two_of_one() {
    let ways = patients::AREA.routes.iter().filter(|it| it.path().contains("/split"));
    let may: Vec<_> = ways.map(Route::may).collect();
    assert_eq!(may.len(), 2);
    for (role, allowed) in [
        (Role::Coordinator, true),
        (Role::Lead, true),
        (Role::FrontDesk, false),
        (Role::Clinician, false),
    ] {
        assert!(may.iter().all(|it| it.allows(role) == allowed), "{role:?}");
    }
}
