//! Signing in: cookies, wrong passwords and delays, the end of sessions, tickets.

use crate::client::Browser;
use crate::house::{PASSWORD, TestHouse, start_time};
use almoner_core::actor::{Actor, Role};
use almoner_people::staff;
use almoner_store::{Act, Verb, Writer};
use chrono::TimeDelta;

fn act(house: &TestHouse) -> Act {
    Act::new(Actor::Admin("root".into()), Verb("test"), house.clock.now())
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_sign_in_sets_a_cookie() {
    let house = TestHouse::open().await;
    let mut browser = Browser::new(&house);
    for path in ["/", "/sign-in", "/sign-in/again", "/trust", "/healthz", "/ticket", "/nowhere"] {
        assert!(browser.get(path).await.headers.get("set-cookie").is_none(), "{path}");
    }
    let wrong = browser.sign_in("coordinator", "not the password").await;
    assert_eq!(wrong.status, 422);
    assert!(wrong.headers.get("set-cookie").is_none());
    let right = browser.sign_in("Coordinator", PASSWORD).await;
    let cookie = right.header("set-cookie");
    assert!(cookie.starts_with("__Host-almoner="));
    for part in ["; Secure", "; HttpOnly", "; SameSite=Strict", "; Path=/"] {
        assert!(cookie.contains(part), "{part}");
    }
    let page = browser.get("/").await;
    assert!(page.body.contains("Hello Somebody &#60;coordinator&#62;"), "{}", page.body);
    assert!(page.headers.get("set-cookie").is_none());
    assert_eq!(house.trail("sign-in").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_wrong_and_closed_look_the_same() {
    let house = TestHouse::open().await;
    let closed = house.account("lead");
    let work = move |writer: &mut Writer<'_>| staff::disable(writer, closed);
    house.desk.write(act(&house), work).wait().unwrap();
    let mut browser = Browser::new(&house);
    let unknown = browser.sign_in("nobody-here", "kelp ladder ninety moss").await;
    let wrong = browser.sign_in("coordinator", "x").await;
    let closed = browser.sign_in("lead", PASSWORD).await;
    let without = |reply: &crate::client::Reply, name: &str| reply.body.replace(name, "NAME");
    assert_eq!([unknown.status, wrong.status, closed.status], [422; 3]);
    assert_eq!(without(&unknown, "nobody-here"), without(&wrong, "coordinator"));
    assert_eq!(
        without(&unknown, "nobody-here"),
        without(&closed, "\"lead").replace("NAME", "\"NAME")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn five_failures_bring_a_delay_that_grows_and_passes() {
    let house = TestHouse::open().await;
    let mut browser = Browser::new(&house);
    for name in ["coordinator", "nobody-here"] {
        for _ in 0..5 {
            assert_eq!(browser.sign_in(name, "wrong").await.status, 422);
        }
        assert_eq!(browser.sign_in(name, PASSWORD).await.status, 429, "{name}");
    }
    house.clock.set(house.clock.now() + TimeDelta::seconds(3));
    assert_eq!(browser.sign_in("lead", PASSWORD).await.status, 303, "others are not delayed");
    assert_eq!(browser.sign_in("coordinator", PASSWORD).await.status, 303);
    for _ in 0..4 {
        assert_eq!(browser.sign_in("coordinator", "wrong").await.status, 422);
    }
    assert_eq!(browser.sign_in("coordinator", PASSWORD).await.status, 303, "the count began anew");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flood_of_failures_from_one_address_is_held() {
    let house = TestHouse::with(|settings| settings.failures_per_source = 3).await;
    let mut browser = Browser::new(&house);
    for number in 0..3 {
        assert_eq!(browser.sign_in(&format!("name-{number}"), "wrong").await.status, 422);
    }
    assert_eq!(browser.sign_in("coordinator", PASSWORD).await.status, 429);
    house.pass(1);
    assert_eq!(browser.sign_in("coordinator", PASSWORD).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_after_idle_minutes_and_after_its_hours() {
    let house = TestHouse::open().await;
    let browser = Browser::signed_in(&house, "coordinator").await;
    for _ in 0..4 {
        house.pass(14);
        assert_eq!(browser.get("/").await.status, 200);
    }
    house.pass(16);
    let ended = browser.get("/").await;
    assert_eq!((ended.status, ended.header("location")), (303, "/sign-in/again"));

    let browser = Browser::signed_in(&house, "coordinator").await;
    let opened = house.clock.now();
    while house.clock.now() + TimeDelta::minutes(10) < opened + TimeDelta::hours(12) {
        house.pass(10);
        assert_eq!(browser.get("/").await.status, 200);
    }
    house.pass(11);
    assert_eq!(browser.get("/").await.status, 303);
    house.clock.set(start_time());
    assert_eq!(browser.get("/").await.status, 303, "a clock set back opens nothing again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_account_and_a_changed_role_end_a_session_at_once() {
    let house = TestHouse::open().await;
    let browser = Browser::signed_in(&house, "coordinator").await;
    let id = house.account("coordinator");
    let work = move |writer: &mut Writer<'_>| staff::store::set_role(writer, id, Role::FrontDesk);
    house.desk.write(act(&house), work).wait().unwrap();
    assert_eq!(browser.get("/").await.status, 303);

    let browser = Browser::signed_in(&house, "lead").await;
    let id = house.account("lead");
    house.desk.write(act(&house), move |writer| staff::disable(writer, id)).wait().unwrap();
    assert_eq!(browser.get("/").await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn signing_out_ends_the_session_and_clears_the_browser() {
    let house = TestHouse::open().await;
    let browser = Browser::signed_in(&house, "coordinator").await;
    assert_eq!(browser.get("/sign-out").await.status, 404, "only by a button");
    let out = browser.post("/sign-out", &[]).await;
    assert_eq!((out.status, out.header("location")), (303, "/sign-in"));
    assert!(out.header("clear-site-data").contains("\"cache\""));
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(browser.get("/").await.status, 303);
    assert_eq!(house.trail("sign-out").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fourth_session_ends_the_first() {
    let house = TestHouse::open().await;
    let first = Browser::signed_in(&house, "coordinator").await;
    for _ in 0..2 {
        house.pass(1);
        Browser::signed_in(&house, "coordinator").await;
    }
    assert_eq!(first.get("/").await.status, 200);
    house.pass(5);
    let fourth = Browser::signed_in(&house, "coordinator").await;
    let fifth = Browser::signed_in(&house, "coordinator").await;
    assert_eq!(fourth.get("/me").await.body.matches("class=\"meta\"").count(), 3);
    assert_eq!(fifth.get("/").await.status, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_works_once_and_for_twenty_minutes() {
    let house = TestHouse::open().await;
    let id = house.account("coordinator");
    let signed = Browser::signed_in(&house, "coordinator").await;
    let issue =
        || house.desk.write(act(&house), move |writer| staff::reset(writer, id)).wait().unwrap();
    let late = issue();
    house.pass(20);
    let mut browser = Browser::new(&house);
    let new = "seven herons over salt";
    let form = |ticket: &str, new: &str| {
        [("ticket", ticket.to_owned()), ("new", new.to_owned()), ("repeat", new.to_owned())]
    };
    assert_eq!(send(&browser, form(&late.ticket, new)).await, 422, "too late");
    let ticket = issue().ticket;
    assert_eq!(signed.get("/").await.status, 303, "a reset ends sessions");
    assert_eq!(browser.sign_in("coordinator", PASSWORD).await.status, 422, "and the password");
    assert_eq!(send(&browser, form(&ticket, "too short")).await, 422);
    assert_eq!(send(&browser, form(&ticket.to_uppercase(), new)).await, 303);
    assert_eq!(send(&browser, form(&ticket, new)).await, 422, "only once");
    assert_eq!(browser.sign_in("coordinator", new).await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_changes_the_password_and_the_language() {
    let house = TestHouse::open().await;
    let other = Browser::signed_in(&house, "coordinator").await;
    let browser = Browser::signed_in(&house, "coordinator").await;
    let new = "seven herons over salt";
    let with =
        |old: &'static str, repeat: &'static str| [("old", old), ("new", new), ("repeat", repeat)];
    assert_eq!(browser.post("/me/password", &with("wrong", new)).await.status, 422);
    assert_eq!(browser.post("/me/password", &with(PASSWORD, "other")).await.status, 422);
    let done = browser.post("/me/password", &with(PASSWORD, new)).await;
    assert_eq!((done.status, done.header("location")), (303, "/me"));
    assert_eq!(browser.get("/me").await.status, 200, "this browser stays signed in");
    assert_eq!(other.get("/me").await.status, 303, "others do not");
    let done = browser
        .post(
            "/me",
            &[("language", "es"), ("theme", "dark"), ("size", "large"), ("shortcuts", "on")],
        )
        .await;
    assert_eq!(done.status, 303);
    let page = browser.get("/me").await.body;
    assert!(page.contains("<html lang=\"es\"") && page.contains("data-theme=\"dark\""));
    assert!(page.contains("data-size=\"large\"") && page.contains("data-shortcuts=\"on\""));
    assert_eq!(browser.post("/me", &[("language", "xx"), ("theme", "dark")]).await.status, 422);
}

async fn send(browser: &Browser, form: [(&'static str, String); 3]) -> u16 {
    let form: Vec<_> = form.iter().map(|(key, value)| (*key, value.as_str())).collect();
    browser.post("/ticket", &form).await.status
}
