//! Who may see and do what: every route for every role, and where requests may come from.

use crate::client::Browser;
use crate::house::{AREAS, TestHouse};
use almoner_core::actor::Role;
use almoner_core::ids::PatientId;
use almoner_frame::Route;
use hyper::Method;

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

#[tokio::test(flavor = "multi_thread")]
async fn every_route_for_every_role() {
    let house = TestHouse::open().await;
    for role in Role::ALL {
        let browser = Browser::signed_in(&house, &role.key().replace('_', "-")).await;
        for route in AREAS.iter().flat_map(|area| area.routes) {
            if route.path() == "/panics" || route.path().starts_with("/me/sessions") {
                continue;
            }
            let path = route.path().replace("{patient}", &house.patient.to_string());
            let reply = match route {
                Route::Show { .. } | Route::Fetch { .. } => browser.get(&path).await,
                Route::Work { .. } | Route::Ask { .. } | Route::Tell { .. } => {
                    browser.post(&path, &[("patient", &house.patient.to_string())]).await
                }
            };
            let expected: &[u16] = if route.may().allows(role) { &[200, 303, 422] } else { &[404] };
            assert!(expected.contains(&reply.status), "{role:?} {path}: {}", reply.status);
            if reply.status == 404 {
                assert!(!reply.body.contains("kelp"));
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_and_forbidden_look_the_same_and_are_on_the_trail() {
    let house = TestHouse::open().await;
    let browser = Browser::signed_in(&house, "front-desk").await;
    let forbidden = browser.get(&format!("/p/{}", house.patient)).await;
    let unknown = browser.get("/no/such/page").await;
    assert_eq!((forbidden.status, unknown.status), (404, 404));
    assert_eq!(forbidden.body, unknown.body);
    // Nobody waits for these notes: they are in soon.
    for _ in 0..100 {
        if house.trail("page.open").len() == 2 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let refused = house.trail("page.open");
    let details: Vec<_> = refused.iter().map(|e| (e.outcome.as_str(), &e.detail)).collect();
    assert_eq!(refused.len(), 2, "{details:?}");
    assert!(details.iter().all(|(outcome, _)| *outcome == "refused"));
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_sees_anything_without_signing_in() {
    let house = TestHouse::open().await;
    let browser = Browser::new(&house);
    for path in ["/", "/p/1", "/privacy/trail", "/nowhere", "/me", "/status"] {
        let reply = browser.get(path).await;
        assert_eq!(reply.status, 303, "{path}");
        assert!(reply.header("location").starts_with("/sign-in"), "{path}");
        assert!(reply.headers.get("set-cookie").is_none());
    }
    let reply = browser.get("/p/1?x=2").await;
    assert_eq!(reply.header("location"), "/sign-in?next=%2Fp%2F1%3Fx%3D2");
}

#[tokio::test(flavor = "multi_thread")]
async fn work_from_another_site_is_refused() {
    let house = TestHouse::open().await;
    let browser = Browser::signed_in(&house, "coordinator").await;
    let path = format!("/p/{}/note", house.patient);
    let own = format!("https://{}", browser.host);
    let foreign: [&[(&str, &str)]; 6] = [
        &[FORM],
        &[FORM, ("sec-fetch-site", "cross-site")],
        &[FORM, ("sec-fetch-site", "same-site")],
        &[FORM, ("origin", "https://evil.example")],
        &[FORM, ("origin", "null")],
        &[("content-type", "text/plain"), ("sec-fetch-site", "same-origin")],
    ];
    for headers in foreign {
        let reply = browser.send(Method::POST, &path, headers, "text=x").await;
        assert_eq!(reply.status, 403, "{headers:?}");
    }
    assert!(house.trail("note.write").is_empty());
    let headers = [FORM, ("origin", own.as_str())];
    let body = format!("text=x&patient={}", house.patient);
    assert_eq!(browser.send(Method::POST, &path, &headers, &body).await.status, 303);
    assert_eq!(house.trail("note.write").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_is_not_drawn_into_another_one() {
    let house = TestHouse::open().await;
    let browser = Browser::signed_in(&house, "coordinator").await;
    for headers in [("sec-fetch-site", "cross-site"), ("sec-fetch-dest", "image")] {
        let reply = browser.send(Method::GET, "/", &[headers], "").await;
        assert_eq!(reply.status, 403, "{headers:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn work_says_what_it_did_once_and_refusals_keep_what_was_typed() {
    let house = TestHouse::open().await;
    let browser = Browser::signed_in(&house, "coordinator").await;
    let (page, work) = (format!("/p/{}", house.patient), format!("/p/{}/note", house.patient));
    let id = house.patient.to_string();
    let note = |text| [("text", text), ("patient", id.as_str())];
    let done = browser.post(&work, &note("second")).await;
    assert_eq!((done.status, done.header("location")), (303, page.as_str()));
    let notice = "Your settings are saved.";
    assert!(browser.get(&page).await.body.contains(notice));
    assert!(!browser.get(&page).await.body.contains(notice));

    let refused = browser.post(&work, &note("")).await;
    assert_eq!(refused.status, 422);
    assert!(refused.body.contains("1 problems"));
    let stale = browser.post(&work, &note("stale")).await;
    assert_eq!(stale.status, 409);
    assert!(stale.body.contains("typed [stale]"));
    let broken = browser.post(&work, &note("broken")).await;
    assert_eq!(broken.status, 500);
    assert!(!broken.body.contains("in a test"), "no detail leaves the house");
    assert_eq!(browser.get("/panics").await.status, 500);
    assert_eq!(browser.get("/").await.status, 200);
}

/// One check for every form below a patient's address, before its work begins.
#[tokio::test(flavor = "multi_thread")]
async fn a_form_that_was_drawn_for_another_patient_is_refused() {
    let house = TestHouse::open().await;
    let browser = Browser::signed_in(&house, "coordinator").await;
    let work = format!("/p/{}/note", house.patient);
    let (own, other) = (house.patient.to_string(), PatientId::random().to_string());
    for patient in [Some(other.as_str()), Some("x"), Some(""), None] {
        let mut form = vec![("text", "about somebody else")];
        form.extend(patient.map(|id| ("patient", id)));
        let refused = browser.post(&work, &form).await;
        assert_eq!(refused.status, 409, "{patient:?}");
        assert!(
            refused.body.contains("typed [about somebody else], 1 problems"),
            "what was typed stays"
        );
        assert!(house.trail("note.write").is_empty(), "{patient:?}");
    }
    let form = [("text", "about them"), ("patient", own.as_str())];
    assert_eq!(browser.post(&work, &form).await.status, 303);
    assert_eq!(house.trail("note.write").len(), 1);
}
