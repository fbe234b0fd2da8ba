//! A possible duplicate is decided on its page: what speaks for and against it stands there in words,
//! a decision against the score needs a reason, and the next pair follows.

use super::House;
use super::pages::{draw, visit};
use almoner_core::actor::{Actor, Role};
use almoner_core::fault::Fault;
use almoner_core::ids::PatientId;
use almoner_frame::{Area, Form, Language, Next, Route, Visit};
use almoner_people::patients::{self, Patient, waiting};
use almoner_store::Act;

const PAGE: &str = "/intake/match/{patient}";

fn person(id: &str, family: &str, born: &str, more: &str) -> String {
    format!(
        r#"{{"resourceType":"Patient","id":"{id}","identifier":[{{"system":"urn:oid:2.999.{id}","value":"{id}"}}],
        "name":[{{"family":"{family}","given":["Jamal"]}}],"birthDate":"{born}","gender":"male"{more}}}"#
    )
}

/// A house in which somebody may be somebody else; the one that asks, and the other.
fn pair(more: &str) -> (House, PatientId, PatientId) {
    let house = House::new();
    house.drop_file(person("1", "Whitfield", "1970-05-05", more).as_bytes(), "epic", 0);
    house.drop_file(person("2", "Whitfield", "1970-05-05", "").as_bytes(), "lab", 1);
    let queue = house.desk.read(|reader| waiting(reader, 10)).unwrap();
    let asks = queue.first().expect("nobody is proposed").patient;
    let other = house.desk.read(|reader| reader.get::<Patient>(asks)).unwrap();
    (house, asks, other.possible_duplicates[0].patient)
}

/// Sends a decision's form.
fn decide(
    house: &House,
    (asks, other): (PatientId, PatientId),
    step: &str,
    reason: &str,
) -> Result<Next, Fault> {
    let (asks, other) = (asks.to_string(), other.to_string());
    let route = format!("/intake/match/{{patient}}/{{other}}/{step}");
    let path = format!("/intake/match/{asks}/{other}/{step}");
    let visit = visit(
        Role::Coordinator,
        Language::English,
        &path,
        &[("patient", &asks), ("other", &other)],
    );
    let areas: [&Area; 1] = [&patients::AREA];
    let mut routes = areas.iter().flat_map(|area| area.routes);
    let work = routes.find_map(|it| match it {
        Route::Work { path, work, verb, .. } if *path == route => Some((*work, *verb)),
        _ => None,
    });
    let (work, verb) = work.expect("no such route");
    let form = Form::new(vec![("reason".to_owned(), reason.to_owned())]);
    let act = Act::new(Actor::Staff(visit.staff()), verb, super::noon());
    house.desk.write(act, move |writer| work(writer, &visit, &form)).wait()
}

#[test]
fn both_stand_side_by_side_with_what_speaks_for_and_against() {
    let (house, asks, other) = pair("");
    for language in Language::ALL {
        let id = asks.to_string();
        let path = format!("/intake/match/{id}");
        let visit = visit(Role::Coordinator, language, &path, &[("patient", &id)]);
        let page = draw(&house, &visit, PAGE).unwrap();
        let html = page.main.as_str();
        let words = visit.words();
        for key in ["decide-for", "decide-files", "decide-loops", "decide-unsure", "decide-same"] {
            assert!(html.contains(&words.t(key)), "{key} in {language:?}");
            assert_ne!(words.t(key), key);
        }
        let birth = words.of_text("decide-weighs-much", &words.t("match-same-birth-date"));
        assert!(html.contains(&birth), "{birth}\n{html}");
        assert!(html.contains(&format!("action=\"/intake/match/{id}/{other}/apart\"")));
    }
    house.desk.close();
}

#[test]
fn a_decision_against_the_score_needs_a_reason() {
    let (house, asks, other) = pair("");
    let probable = house.desk.read(|reader| reader.get::<Patient>(asks)).unwrap();
    let likely = probable.possible_duplicates[0].tenths >= 140;
    let (against, with) = if likely { ("apart", "same") } else { ("same", "apart") };
    let refused = decide(&house, (asks, other), against, "");
    assert!(matches!(refused, Err(Fault::Refused(_))), "{against} without a reason");
    let still = house.desk.read(|reader| reader.get::<Patient>(asks)).unwrap();
    assert_eq!(still, probable, "nothing is decided");
    let next = decide(&house, (asks, other), with, "").unwrap();
    assert_eq!(next.path, "/intake/duplicates", "nobody else waits");
    assert!(house.desk.read(|reader| waiting(reader, 10)).unwrap().is_empty());
    house.desk.close();
}

#[test]
fn after_a_decision_the_next_pair_follows() {
    let (house, asks, other) = pair("");
    house.drop_file(person("3", "Okafor", "1958-03-04", "").as_bytes(), "epic", 2);
    house.drop_file(person("4", "Okafor", "1958-03-04", "").as_bytes(), "lab", 3);
    let queue = house.desk.read(|reader| waiting(reader, 10)).unwrap();
    assert_eq!(queue.len(), 2);
    let next = decide(&house, (asks, other), "unsure", "").unwrap();
    let left = queue.iter().find(|it| it.patient != asks).unwrap().patient;
    assert_eq!(next.path, format!("/intake/match/{left}"));
    let again = decide(&house, (asks, other), "unsure", "").unwrap();
    assert_eq!(again.path, next.path, "put off twice is put off");
    house.desk.close();
}

#[test]
fn a_decision_is_on_the_trail_of_both() {
    for (step, verb) in
        [("same", "patient.merge"), ("apart", "patient.apart"), ("unsure", "patient.put-off")]
    {
        let (house, asks, other) = pair("");
        decide(&house, (asks, other), step, "told so on the phone").unwrap();
        for patient in [asks, other] {
            let trail = house.desk.read(|reader| reader.trail_of(patient, 20)).unwrap();
            let entry = trail.iter().find(|it| it.entry.verb == verb);
            assert!(entry.is_some_and(|it| it.entry.actor.kind == "staff"), "{step}: {patient}");
        }
        house.desk.close();
    }
}

#[test]
fn who_may_not_decide_is_shown_nothing() {
    let ways = patients::AREA.routes.iter().filter(|it| it.path().starts_with("/intake/match/"));
    let ways: Vec<&Route> = ways.collect();
    assert!(ways.len() > 4);
    for role in [Role::FrontDesk, Role::Clinician, Role::PrivacyOfficer] {
        for way in &ways {
            let admitted = admit(way, role);
            assert!(matches!(admitted, Err(Fault::Forbidden(_))), "{role:?}: {}", way.path());
        }
        assert!(admit(ways[0], Role::Coordinator).is_ok());
    }
    // Nor is anybody led there from the page of similar people.
    let (house, asks, _) = pair("");
    let id = asks.to_string();
    let path = format!("/p/{id}/similar");
    for (role, led) in [(Role::FrontDesk, false), (Role::Coordinator, true)] {
        let visit = visit(role, Language::English, &path, &[("patient", &id)]);
        let page = draw(&house, &visit, "/p/{patient}/similar").unwrap();
        assert_eq!(page.main.as_str().contains("/intake/match/"), led, "{role:?}");
    }
    house.desk.close();
}

/// Whether somebody of this role is let in.
fn admit(way: &Route, role: Role) -> Result<Visit, Fault> {
    let of_role = visit(role, Language::English, "/", &[]);
    let request = almoner_frame::visit::Request {
        path: way.path().to_owned(),
        params: Vec::new(),
        query: Vec::new(),
    };
    let (session, house) = (of_role.session().clone(), *of_role.house());
    Visit::admit(session, way.may(), request, house, super::noon(), None)
}
