//! What was opened is on the trail, durably, before it is shown; and is not shown otherwise.

use crate::client::Browser;
use crate::house::TestHouse;

#[tokio::test(flavor = "multi_thread")]
async fn an_opening_is_noted_once_per_visit_before_the_page_leaves() {
    let house = TestHouse::open().await;
    let browser = Browser::signed_in(&house, "coordinator").await;
    let path = format!("/p/{}", house.patient);
    assert!(house.trail("chart.read").is_empty());
    let page = browser.get(&path).await;
    assert!(page.body.contains("likes kelp"));
    let noted = house.trail("chart.read");
    assert_eq!(noted.len(), 1);
    assert_eq!(noted[0].records[0].id, house.patient.to_string());
    assert_eq!(noted[0].actor.id, house.account("coordinator").to_string());
    assert!(noted[0].visit.is_some() && noted[0].address.as_deref() == Some("127.0.0.1"));
    browser.get(&path).await;
    browser.get(&format!("{path}/file")).await;
    browser.post("/search", &[("q", "kelp")]).await;
    assert_eq!(house.trail("chart.read").len(), 1, "what is durable is not waited for again");
    let again = Browser::signed_in(&house, "coordinator").await;
    assert!(again.post("/search", &[("q", "kelp")]).await.body.contains("1 notes"));
    assert_eq!(house.trail("chart.read").len(), 2, "a search shows people too");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_can_not_be_noted_is_not_shown() {
    let house = TestHouse::open().await;
    let browser = Browser::signed_in(&house, "coordinator").await;
    house.desk.close();
    for path in [format!("/p/{}", house.patient), format!("/p/{}/file", house.patient)] {
        let reply = browser.get(&path).await;
        assert_eq!(reply.status, 503, "{path}");
        assert!(!reply.body.contains("kelp"));
    }
    let found = browser.post("/search", &[("q", "kelp")]).await;
    assert_eq!(found.status, 503);
    assert_eq!(browser.get("/healthz").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_read_only_appliance_still_shows_and_says_so() {
    let house = TestHouse::open().await;
    house.desk.set_read_only(true);
    let browser = Browser::signed_in(&house, "coordinator").await;
    let page = browser.get(&format!("/p/{}", house.patient)).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("stripe off"));
    let work = format!("/p/{}/note", house.patient);
    let id = house.patient.to_string();
    assert_eq!(browser.post(&work, &[("text", "x"), ("patient", &id)]).await.status, 503);
    assert_eq!(browser.get("/readyz").await.status, 503);
    house.desk.set_read_only(false);
    assert_eq!(browser.get("/readyz").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_is_told_in_json_what_is_on_the_trail() {
    let house = TestHouse::open().await;
    let browser = Browser::signed_in(&house, "coordinator").await;
    let told = browser.post("/search/hints", &[("q", "kelp")]).await;
    assert_eq!((told.status, told.body.as_str()), (200, r#"{"notes":1,"q":"kelp"}"#));
    assert_eq!(told.header("content-type"), "application/json");
    assert_eq!(told.header("cache-control"), "no-store");
    assert_eq!(house.trail("chart.read").len(), 1);
    let officer = Browser::signed_in(&house, "privacy-officer").await;
    assert_eq!(officer.post("/search/hints", &[("q", "kelp")]).await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_opened_page_is_remembered_for_the_person() {
    let house = TestHouse::open().await;
    let browser = Browser::signed_in(&house, "coordinator").await;
    browser.post("/search", &[("q", "kelp")]).await;
    let remembered = || house.desk.read(|reader| reader.meta("opened")).unwrap();
    assert_eq!(remembered(), None, "to be found is not to be opened");
    browser.get(&format!("/p/{}", house.patient)).await;
    let expected = format!("{} {}", house.account("coordinator"), house.patient);
    for _ in 0..100 {
        if remembered().is_some() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(remembered().unwrap(), expected.as_bytes());
}
