//! A source that says of one record that it is two people (HL7 v2 A37): the page where it is decided.

use super::House;
use super::pages::{draw, visit};
use almoner_core::actor::{Actor, Role};
use almoner_core::fault::Fault;
use almoner_core::ids::PatientId;
use almoner_frame::{Form, Language, Next, Route, Words};
use almoner_people::patients::{self, Patient, waiting};
use almoner_store::Act;

const PAGE: &str = "/intake/match/{patient}";
const KEEP: &str = "/intake/match/{patient}/doubt/{doubt}/together";

/// An ADT message about one number of the hospital's, or of two.
fn adt(trigger: &str, numbers: &[(&str, &str)]) -> String {
    let mut lines = vec![
        format!("MSH|^~\\&|M|SBH|O|HSC|20261120||ADT^{trigger}|{trigger}{}|P|2.5.1", numbers[0].1),
        format!("EVN|{trigger}|20261120"),
    ];
    for (at, (authority, number)) in (1..).zip(numbers) {
        lines.push(format!(
            "PID|{at}||{number}^^^SBH&{authority}&ISO^MR||Okafor^Maria||19580304|F|||12 Elm Street^^Beaverton^OR^97006"
        ));
    }
    lines.push(String::new());
    lines.join("\r")
}

const HOSPITAL: (&str, &str) = ("2.999.1", "7001");
const LABORATORY: (&str, &str) = ("2.999.2", "8002");

/// A house in which both numbers are one person, and their source says that they are not.
fn house() -> (House, PatientId) {
    let house = House::new();
    house.drop_file(adt("A08", &[HOSPITAL]).as_bytes(), "sbh", 0);
    house.drop_file(adt("A08", &[LABORATORY]).as_bytes(), "sbh", 1);
    house.drop_file(adt("A37", &[HOSPITAL, LABORATORY]).as_bytes(), "sbh", 2);
    let queue = house.desk.read(|reader| waiting(reader, 10)).unwrap();
    assert_eq!(queue.len(), 1, "it stands in the queue");
    (house, queue[0].patient)
}

fn look(house: &House, id: PatientId, language: Language) -> String {
    let id = id.to_string();
    let visit =
        visit(Role::Coordinator, language, &format!("/intake/match/{id}"), &[("patient", &id)]);
    draw(house, &visit, PAGE).unwrap().main.as_str().to_owned()
}

fn keep(house: &House, id: PatientId, reason: &str) -> Result<Next, Fault> {
    let id = id.to_string();
    let path = format!("/intake/match/{id}/doubt/0/together");
    let params = [("patient", id.as_str()), ("doubt", "0")];
    let visit = visit(Role::Lead, Language::English, &path, &params);
    let work = patients::AREA.routes.iter().find_map(|it| match it {
        Route::Work { path: KEEP, work, verb, .. } => Some((*work, *verb)),
        _ => None,
    });
    let (work, verb) = work.unwrap();
    let form = Form::new(vec![("together".to_owned(), reason.to_owned())]);
    let act = Act::new(Actor::Staff(visit.staff()), verb, super::noon());
    house.desk.write(act, move |writer| work(writer, &visit, &form)).wait()
}

#[test]
fn the_page_says_which_lines_and_leads_to_both_decisions() {
    let (house, id) = house();
    for language in Language::ALL {
        let words = Words::of(language, almoner_core::time::Zone::default());
        let page = look(&house, id, language);
        assert!(page.contains(&words.of_text("match-doubt-says", "sbh")), "{page}");
        assert!(page.contains("7001") && page.contains("8002"));
        assert!(page.contains(&words.t("match-doubt-keep")));
        assert!(page.contains(&format!("action=\"/intake/match/{id}/doubt/0/together\"")));
        // The way to part them has the lines of the other chosen already.
        let (_, href) = page.split_once(&format!("href=\"/p/{id}/split?")).unwrap();
        let query = href.split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
        let text = id.to_string();
        let path = format!("/p/{id}/split?{query}");
        let visit = visit(Role::Coordinator, language, &path, &[("patient", &text)]);
        let split = draw(&house, &visit, "/p/{patient}/split").unwrap();
        let (_, go) = split.main.as_str().split_once("id=\"split-go\"").unwrap();
        let (go, _) = go.split_once("id=\"split-stay\"").unwrap();
        assert!(go.contains("8002") && !go.contains("7001"), "{go}");
    }
    house.desk.close();
}

#[test]
fn staying_together_needs_a_reason_and_is_on_the_trail() {
    let (house, id) = house();
    assert!(matches!(keep(&house, id, ""), Err(Fault::Refused(_))));
    let next = keep(&house, id, "sent in error").unwrap();
    assert_eq!(next.path, "/intake/duplicates", "nobody else waits");
    assert!(matches!(keep(&house, id, "again"), Err(Fault::Stale(_))));
    let trail = house.desk.read(|reader| reader.trail_of(id, 20)).unwrap();
    assert!(trail.iter().any(|it| it.entry.verb == "patient.keep"));
    let patient = house.desk.read(|reader| reader.get::<Patient>(id)).unwrap();
    assert_eq!(patient.identities.len(), 2);
    let page = look(&house, id, Language::English);
    assert!(page.contains("Nothing to decide"), "{page}");
    house.desk.close();
}

#[test]
fn a_file_that_names_one_record_twice_is_one_file() {
    let house = House::new();
    let both = adt("A08", &[HOSPITAL]).replace("^MR||", "^MR~8002^^^SBH&2.999.2&ISO^MR||");
    house.drop_file(both.as_bytes(), "sbh", 0);
    house.drop_file(adt("A37", &[HOSPITAL, LABORATORY]).as_bytes(), "sbh", 1);
    let queue = house.desk.read(|reader| waiting(reader, 10)).unwrap();
    let page = look(&house, queue[0].patient, Language::English);
    assert!(page.contains("2 files") && !page.contains("3 files"), "{page}");
    assert!(page.contains("in one line of the source"), "and it cannot be parted");
}
