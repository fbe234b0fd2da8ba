//! FHIR from outside: tokens and sessions, reading, searching, paging, errors, and the trail of it.

use crate::client::{Browser, Reply};
use crate::house::TestHouse;
use almoner_core::actor::Actor;
use almoner_people::staff;
use almoner_store::{Act, Verb};
use hyper::Method;
use serde_json::Value;

/// A program with a token.
pub struct Program {
    pub browser: Browser,
    pub token: String,
}

impl Program {
    pub fn of(house: &TestHouse) -> Self {
        let act = Act::new(Actor::Admin("root".into()), Verb("test"), house.clock.now());
        let work = |writer: &mut almoner_store::Writer<'_>| {
            staff::store::create_token(writer, "lab-reader", "fhir.read")
        };
        let (_, token) = house.desk.write(act, work).wait().unwrap();
        Self { browser: Browser::new(house), token }
    }

    pub async fn reply(&self, path: &str) -> Reply {
        let bearer = format!("Bearer {}", self.token);
        self.browser.send(Method::GET, path, &[("authorization", &bearer)], "").await
    }

    pub async fn get(&self, path: &str) -> Value {
        let reply = self.reply(path).await;
        assert_eq!(reply.status, 200, "{path}: {}", reply.body);
        serde_json::from_str(&reply.body).unwrap()
    }
}

pub fn ids(bundle: &Value) -> Vec<String> {
    let entries = bundle["entry"].as_array().cloned().unwrap_or_default();
    let text = |entry: &Value| entry["resource"]["id"].as_str().unwrap().to_owned();
    entries.iter().filter(|entry| entry["search"]["mode"] == "match").map(text).collect()
}

fn next(bundle: &Value) -> Option<String> {
    let links = bundle["link"].as_array().unwrap();
    let url = links.iter().find(|link| link["relation"] == "next")?["url"].as_str().unwrap();
    Some(url.split_once("/fhir").map(|(_, path)| format!("/fhir{path}")).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_tokens_and_people_with_the_right_role_read() {
    let house = TestHouse::open().await;
    let path = format!("/fhir/Observation?patient={}", house.patient);
    let nobody = Browser::new(&house);
    let refused = nobody.get(&path).await;
    assert_eq!(refused.status, 401);
    assert_eq!(refused.header("www-authenticate"), "Bearer realm=\"almoner\"");
    assert!(refused.header("content-type").starts_with("application/fhir+json"));
    let outcome: Value = serde_json::from_str(&refused.body).unwrap();
    assert_eq!(outcome["resourceType"], "OperationOutcome");
    let wrong = nobody.send(Method::GET, &path, &[("authorization", "Bearer abc")], "").await;
    assert_eq!(wrong.status, 401);
    for (name, status) in
        [("coordinator", 200), ("clinician", 200), ("front-desk", 403), ("privacy-officer", 403)]
    {
        let person = Browser::signed_in(&house, name).await;
        assert_eq!(person.get(&path).await.status, status, "{name}");
        let audit = person.get("/fhir/AuditEvent").await.status;
        assert_eq!(audit, if name == "privacy-officer" { 200 } else { 403 }, "{name}");
        let foreign =
            person.send(Method::GET, &path, &[("sec-fetch-site", "cross-site")], "").await;
        assert_eq!(foreign.status, 403, "{name}");
    }
    let program = Program::of(&house);
    assert_eq!(program.reply(&path).await.status, 200);
    assert_eq!(program.reply("/fhir/AuditEvent").await.status, 403);
    assert_eq!(program.reply("/").await.status, 303, "a token opens no page");
    let act = Act::new(Actor::Admin("root".into()), Verb("test"), house.clock.now());
    let revoke = |writer: &mut almoner_store::Writer<'_>| {
        staff::store::revoke_token(writer, "lab-reader").map(drop)
    };
    house.desk.write(act, revoke).wait().unwrap();
    assert_eq!(program.reply(&path).await.status, 401, "a revoked token is none");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_capability_lists_what_works() {
    let house = TestHouse::open().await;
    let reply = Browser::new(&house).get("/fhir/metadata").await;
    assert_eq!(reply.status, 200);
    let statement: Value = serde_json::from_str(&reply.body).unwrap();
    assert_eq!(statement["fhirVersion"], "4.0.1");
    let types = statement["rest"][0]["resource"].as_array().unwrap();
    let types: Vec<_> = types.iter().map(|it| it["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["AuditEvent", "Observation", "Patient"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_resource_is_read_by_its_id() {
    let house = TestHouse::open().await;
    let program = Program::of(&house);
    let path = format!("/fhir/Patient/{}", house.patient);
    let reply = program.reply(&path).await;
    let patient: Value = serde_json::from_str(&reply.body).unwrap();
    assert_eq!((reply.status, &patient["resourceType"]), (200, &"Patient".into()));
    let noted = house.trail("fhir.read");
    assert_eq!(noted.len(), 1);
    assert_eq!((noted[0].actor.kind.as_str(), noted[0].actor.id.as_str()), ("token", "lab-reader"));
    assert_eq!(noted[0].records[0].id, house.patient.to_string());
    for (path, status) in [
        ("/fhir/Patient/nobody", 404),
        ("/fhir/Patient/00000000-0000-4000-8000-000000000000", 404),
        ("/fhir/Starship/1", 404),
        ("/fhir", 404),
        ("/fhir/Patient/1/2/3", 404),
    ] {
        let reply = program.reply(path).await;
        assert_eq!(reply.status, status, "{path}");
        assert!(reply.body.contains("OperationOutcome"));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_search_pages_counts_and_finds() {
    let house = TestHouse::open().await;
    let program = Program::of(&house);
    house.write_notes(7).await;
    let of_patient = format!("/fhir/Observation?patient={}", house.patient);
    let all = program.get(&of_patient).await;
    assert_eq!((all["total"].as_u64(), ids(&all).len()), (Some(8), 8));
    let mut path = format!("{of_patient}&_count=3");
    let mut seen = Vec::new();
    loop {
        let page = program.get(&path).await;
        assert_eq!(page["total"], 8);
        seen.extend(ids(&page));
        match next(&page) {
            Some(further) => path = further,
            None => break,
        }
    }
    assert_eq!(seen, ids(&all), "three pages are the whole, each once");

    let count = program.get(&format!("{of_patient}&_summary=count")).await;
    assert_eq!((count["total"].as_u64(), ids(&count).len()), (Some(8), 0));
    let one = program.get(&format!("/fhir/Observation?_id={}", seen[2])).await;
    assert_eq!(ids(&one), [seen[2].clone()]);
    let filtered = program.get("/fhir/Observation?code=note-3&_total=accurate").await;
    assert_eq!((filtered["total"].as_u64(), ids(&filtered).len()), (Some(1), 1));
    let sorted = program.get("/fhir/Observation?_sort=-code&_count=2").await;
    assert_eq!(sorted["entry"][0]["resource"]["code"]["coding"][0]["code"], "note-7");
    assert_eq!(ids(&program.get(&next(&sorted).unwrap()).await).len(), 2);
    let included =
        program.get(&format!("{of_patient}&_count=1&_include=Observation:subject")).await;
    assert_eq!(included["entry"][1]["resource"]["resourceType"], "Patient");
    assert_eq!(included["entry"][1]["search"]["mode"], "include");
    let nobody =
        program.get("/fhir/Observation?patient=00000000-0000-4000-8000-000000000000").await;
    assert_eq!(nobody["total"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_sources_and_patients_asked_for_are_written() {
    let house = TestHouse::open().await;
    let program = Program::of(&house);
    house.write_notes(7).await;
    let before = house.written();
    let page = program.get(&format!("/fhir/Observation?patient={}&_count=2", house.patient)).await;
    assert_eq!(ids(&page).len(), 2);
    let after = house.written();
    assert!(after - before <= 3, "{} were written for a page of two", after - before);
    let source = "ab".repeat(32);
    let found =
        program.get(&format!("/fhir/Observation?_source=urn:almoner:source:{source}")).await;
    assert_eq!(ids(&found).len(), 1);
    let count = program.get(&format!("/fhir/Observation?_source={source}&_summary=count")).await;
    assert_eq!(count["total"], 1);
    let none = program.get(&format!("/fhir/Observation?_source={}", "cd".repeat(32))).await;
    assert_eq!(none["total"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn post_search_and_bad_queries() {
    let house = TestHouse::open().await;
    let program = Program::of(&house);
    let bearer = format!("Bearer {}", program.token);
    let form = ("content-type", "application/x-www-form-urlencoded");
    let headers = [("authorization", bearer.as_str()), form];
    let body = format!("patient={}", house.patient);
    let found =
        program.browser.send(Method::POST, "/fhir/Observation/_search", &headers, &body).await;
    assert_eq!(found.status, 200);
    assert!(found.body.contains("\"total\":1"));
    let create = program.browser.send(Method::POST, "/fhir/Observation", &headers, "{}").await;
    assert_eq!(create.status, 405);
    let odd = program.get("/fhir/Observation?shoe-size=9").await;
    assert!(odd.to_string().contains("OperationOutcome"), "an unknown parameter is said to be one");
    let strict = [("authorization", bearer.as_str()), ("prefer", "handling=strict")];
    let path = "/fhir/Observation?shoe-size=9";
    assert_eq!(program.browser.send(Method::GET, path, &strict, "").await.status, 400);
    assert_eq!(program.reply("/fhir/Observation?_count=many").await.status, 400);
    assert_eq!(program.reply("/fhir/Observation?_lastUpdated=ge20x").await.status, 400);
    let person = Browser::signed_in(&house, "coordinator").await;
    let path = "/fhir/Observation/_search";
    assert_eq!(person.post(path, &[("patient", &house.patient.to_string())]).await.status, 200);
    assert_eq!(person.send(Method::POST, path, &[form], &body).await.status, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn everything_of_a_patient_comes_whole_or_in_pages() {
    let house = TestHouse::open().await;
    let program = Program::of(&house);
    house.write_notes(4).await;
    let path = format!("/fhir/Patient/{}/$everything", house.patient);
    let all = program.get(&path).await;
    assert_eq!((all["total"].as_u64(), ids(&all).len()), (Some(6), 6));
    assert_eq!(all["entry"][0]["resource"]["resourceType"], "Patient");
    let mut page = program.get(&format!("{path}?_count=4")).await;
    let mut seen = ids(&page);
    page = program.get(&next(&page).unwrap()).await;
    seen.extend(ids(&page));
    assert!(next(&page).is_none());
    assert_eq!(seen, ids(&all));
    assert_eq!(ids(&program.get(&format!("{path}?_type=Observation")).await).len(), 5);
    let later = format!("{path}?_since=2099-01-01T00:00:00Z");
    assert_eq!(ids(&program.get(&later).await).len(), 0);
    assert_eq!(answers(&house, "fhir.everything", 5).await, 5, "each answer is told");
}

/// Answers to a program that the trail tells of, once there are as many: the first of a visit stands
/// there before it leaves, what is shown again follows a little later, gathered.
async fn answers(house: &TestHouse, verb: &str, many: i64) -> i64 {
    let told = |entry: &almoner_trail::Entry| match entry.detail.get("answers") {
        Some(almoner_trail::Detail::Number(number)) => *number,
        _ => 1,
    };
    for _ in 0..100 {
        let told = house.trail(verb).iter().map(told).sum::<i64>();
        if told >= many {
            return told;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("less than {many} answers are told of")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_programs_first_look_waits_and_its_visit_ends_by_the_clock() {
    let house = TestHouse::open().await;
    let program = Program::of(&house);
    let patient = format!("/fhir/Patient/{}", house.patient);
    program.get(&patient).await;
    assert_eq!(house.trail("fhir.read").len(), 1, "on the trail before the answer left");
    for _ in 0..9 {
        program.get(&patient).await;
    }
    assert_eq!(answers(&house, "fhir.read", 10).await, 10);
    let entries = house.trail("fhir.read");
    assert!(entries.iter().all(|entry| entry.records[0].id == house.patient.to_string()));
    assert!(entries.len() < 10, "what is shown again is gathered");
    house.pass(16);
    program.get(&patient).await;
    let last = house.trail("fhir.read").pop().unwrap();
    assert!(last.detail.is_empty(), "a new visit notes anew, and waits");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_trail_is_read_as_audit_events_and_nothing_is_shown_that_can_not_be_noted() {
    let house = TestHouse::open().await;
    let program = Program::of(&house);
    let patient = format!("/fhir/Patient/{}", house.patient);
    program.get(&patient).await;
    let officer = Browser::signed_in(&house, "privacy-officer").await;
    let reply = officer.get(&format!("/fhir/AuditEvent?patient={}", house.patient)).await;
    let events: Value = serde_json::from_str(&reply.body).unwrap();
    let verbs: Vec<_> = events["entry"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| entry["resource"]["subtype"][0]["code"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(verbs, ["test", "fhir.read"]);
    let id = ids(&events)[1].clone();
    assert!(officer.get(&format!("/fhir/AuditEvent/{id}")).await.body.contains("lab-reader"));
    assert_eq!(house.trail("trail.read").len(), 2, "who reads the trail stands on it");
    let coordinator = Browser::signed_in(&house, "coordinator").await;
    house.desk.close();
    assert_eq!(program.reply(&patient).await.status, 503);
    assert_eq!(coordinator.get(&patient).await.status, 503);
}
