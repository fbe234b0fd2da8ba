//! `Patient/$match` from outside: what is asked, what is answered, who may ask, and the trail of it.

use crate::client::{Browser, Reply};
use crate::fhir::{Program, ids};
use crate::house::TestHouse;
use hyper::Method;
use serde_json::{Value, json};

const PATH: &str = "/fhir/Patient/$match";
const JSON: (&str, &str) = ("content-type", "application/fhir+json");

fn question(family: &str, more: &[Value]) -> String {
    let patient = json!({
        "resourceType": "Patient", "name": [{ "family": family }], "birthDate": "1958-03-04",
    });
    let mut parts = vec![json!({ "name": "resource", "resource": patient })];
    parts.extend(more.iter().cloned());
    json!({ "resourceType": "Parameters", "parameter": parts }).to_string()
}

async fn ask(program: &Program, path: &str, body: &str) -> Reply {
    let bearer = format!("Bearer {}", program.token);
    program.browser.send(Method::POST, path, &[("authorization", &bearer), JSON], body).await
}

async fn answer(program: &Program, body: &str) -> Value {
    let reply = ask(program, PATH, body).await;
    assert_eq!(reply.status, 200, "{}", reply.body);
    assert!(reply.header("content-type").starts_with("application/fhir+json"));
    serde_json::from_str(&reply.body).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn who_somebody_is_or_may_be_is_told_with_a_grade() {
    let house = TestHouse::open().await;
    let program = Program::of(&house);
    let found = answer(&program, &question("Sure", &[])).await;
    assert_eq!((&found["type"], &found["total"]), (&"searchset".into(), &1.into()));
    assert_eq!(ids(&found), [house.patient.to_string()]);
    let search = &found["entry"][0]["search"];
    assert_eq!((&search["mode"], search["score"].as_f64()), (&"match".into(), Some(0.99)));
    let grade = &search["extension"][0];
    assert_eq!(grade["url"], "http://hl7.org/fhir/StructureDefinition/match-grade");
    assert_eq!(grade["valueCode"], "certain");
    let url = found["entry"][0]["fullUrl"].as_str().unwrap();
    assert!(url.ends_with(&format!("/fhir/Patient/{}", house.patient)));

    let only = json!({ "name": "onlyCertainMatches", "valueBoolean": true });
    let sure = answer(&program, &question("Sure", std::slice::from_ref(&only))).await;
    assert_eq!(ids(&sure).len(), 1);
    let torn = answer(&program, &question("Twofold", std::slice::from_ref(&only))).await;
    assert_eq!((ids(&torn).len(), &torn["total"]), (0, &0.into()), "none when it is not certain");
    let unsure = answer(&program, &question("Twofold", &[])).await;
    assert_eq!(unsure["entry"][0]["search"]["extension"][0]["valueCode"], "probable");
    let nobody = answer(&program, &question("Stranger", &[])).await;
    assert_eq!((nobody["resourceType"].as_str(), ids(&nobody).len()), (Some("Bundle"), 0));
    let one = json!({ "name": "count", "valueInteger": 1 });
    assert_eq!(ids(&answer(&program, &question("Twofold", &[one])).await).len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_answered_says_why() {
    let house = TestHouse::open().await;
    let program = Program::of(&house);
    let bare = |patient: Value| {
        json!({ "resourceType": "Parameters", "parameter": [{ "name": "resource", "resource": patient }] })
            .to_string()
    };
    let count = |value: i64| question("Sure", &[json!({ "name": "count", "valueInteger": value })]);
    let only = json!({ "name": "onlyCertainMatches", "valueBoolean": "perhaps" });
    for (body, status) in [
        // Too little is told of the person.
        (bare(json!({ "resourceType": "Patient", "name": [{ "family": "Sure" }] })), 422),
        (bare(json!({ "resourceType": "Group" })), 400),
        (json!({ "resourceType": "Parameters" }).to_string(), 400),
        (json!({ "resourceType": "Observation" }).to_string(), 400),
        ("no JSON".to_owned(), 400),
        (count(0), 400),
        (count(-1), 400),
        (question("Sure", &[only]), 400),
    ] {
        let reply = ask(&program, PATH, &body).await;
        assert_eq!(reply.status, status, "{body}");
        let outcome: Value = serde_json::from_str(&reply.body).unwrap();
        assert_eq!(outcome["resourceType"], "OperationOutcome");
        assert!(!reply.body.contains("Sure"), "what was asked is not said back");
    }
    assert!(house.trail("fhir.match").is_empty(), "nobody was shown");
    let elsewhere = ask(&program, "/fhir/Observation/$match", &question("Sure", &[])).await;
    assert_eq!(elsewhere.status, 405);
    let bearer = format!("Bearer {}", program.token);
    let looked = program.browser.send(Method::GET, PATH, &[("authorization", &bearer)], "").await;
    assert_eq!(looked.status, 404, "it is asked by POST");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_may_read_asks_and_it_is_on_the_trail() {
    let house = TestHouse::open().await;
    let body = question("Sure", &[]);
    let nobody = Browser::new(&house);
    assert_eq!(nobody.send(Method::POST, PATH, &[JSON], &body).await.status, 401);
    let program = Program::of(&house);
    answer(&program, &body).await;
    let noted = house.trail("fhir.match");
    assert_eq!(noted.len(), 1);
    assert_eq!((noted[0].actor.kind.as_str(), noted[0].actor.id.as_str()), ("token", "lab-reader"));
    assert_eq!(noted[0].records[0].id, house.patient.to_string());
    let person = Browser::signed_in(&house, "coordinator").await;
    assert_eq!(person.send(Method::POST, PATH, &[JSON], &body).await.status, 403, "no other site");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_capability_names_it() {
    let house = TestHouse::open().await;
    let reply = Browser::new(&house).get("/fhir/metadata").await;
    let statement: Value = serde_json::from_str(&reply.body).unwrap();
    let types = statement["rest"][0]["resource"].as_array().unwrap();
    let patient = types.iter().find(|it| it["type"] == "Patient").unwrap();
    let names: Vec<_> = patient["operation"].as_array().unwrap().iter().collect();
    assert!(names.iter().any(|it| it["name"] == "match"
        && it["definition"] == "http://hl7.org/fhir/OperationDefinition/Patient-match"));
}
