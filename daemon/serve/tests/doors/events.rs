//! The stream that tells a tab what is new: only to somebody signed in, only as long as they are.

use crate::client::{Browser, connect, trusting};
use crate::house::TestHouse;
use almoner_core::receipt::Status;
use almoner_frame::Picture;
use http_body_util::{BodyExt, Empty};
use hyper::Request;
use hyper::body::{Bytes, Incoming};
use hyper_util::rt::{TokioExecutor, TokioIo};
use std::time::Duration;
use tokio::time::timeout;

/// Opens the stream of a tab.
async fn open(house: &TestHouse, cookie: &str) -> hyper::Response<Incoming> {
    open_after(house, cookie, "", "").await
}

/// The same of a page that shows `drawn`, and that was told `last` before.
async fn open_after(
    house: &TestHouse,
    cookie: &str,
    drawn: &str,
    last: &str,
) -> hyper::Response<Incoming> {
    open_path(house, cookie, &format!("/events?worklist={drawn}"), last).await
}

async fn open_path(
    house: &TestHouse,
    cookie: &str,
    path: &str,
    last: &str,
) -> hyper::Response<Incoming> {
    let address = house.running.addresses[0];
    let stream = connect(address, "almoner.localhost", trusting(house, &[b"h2"])).await.unwrap();
    let (mut sender, connection) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), TokioIo::new(stream))
            .await
            .unwrap();
    tokio::spawn(connection);
    let uri = format!("https://almoner.localhost:{}{path}", address.port());
    let request = Request::builder()
        .uri(uri)
        .header("cookie", cookie)
        .header("last-event-id", last)
        .header("sec-fetch-site", "same-origin")
        .body(Empty::<Bytes>::new())
        .unwrap();
    sender.send_request(request).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_lives_as_long_as_its_session() {
    let house = TestHouse::open().await;
    let browser = Browser::signed_in(&house, "coordinator").await;
    let cookie = browser.cookie.clone().unwrap();
    let mut response = open(&house, &cookie).await;
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let silent = timeout(Duration::from_secs(3), response.body_mut().frame()).await;
    assert!(silent.is_err(), "nothing is new: {silent:?}");
    browser.post("/sign-out", &[]).await;
    let rest = timeout(Duration::from_secs(10), response.into_body().collect()).await;
    let rest = rest.expect("the stream ends with the session").unwrap().to_bytes();
    assert!(rest.is_empty(), "{rest:?}");
    // And the browser is told not to come again.
    assert_eq!(open(&house, &cookie).await.status(), 204);
    assert_eq!(open(&house, "").await.status(), 204);
}

/// The next event of a stream, if there is one soon.
async fn event(response: &mut hyper::Response<Incoming>) -> Option<String> {
    let frame = timeout(Duration::from_secs(3), response.body_mut().frame()).await.ok()??.unwrap();
    Some(String::from_utf8(frame.into_data().unwrap().to_vec()).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_tells_what_is_new_and_goes_on_where_it_was_cut() {
    let house = TestHouse::open().await;
    let browser = Browser::signed_in(&house, "coordinator").await;
    let cookie = browser.cookie.clone().unwrap();
    let rosa = house.account("coordinator");
    let drawn = house.desk.read(|reader| Picture::of(reader, rosa)).unwrap().to_string();
    let mut tab = open_after(&house, &cookie, &drawn, "").await;
    house.owe(rosa, 2).await;
    let told = event(&mut tab).await.expect("two loops were opened");
    assert!(
        told.starts_with("event: worklist\nid: 2-") && told.ends_with("\ndata: 2\n\n"),
        "{told}"
    );
    drop(tab);
    // Cut, and back with what it was told last: it is not told again, but the next change is.
    let last = told.split("id: ").nth(1).unwrap().lines().next().unwrap();
    let mut tab = open_after(&house, &cookie, &drawn, last).await;
    assert_eq!(event(&mut tab).await, None);
    house.owe(rosa, 1).await;
    assert!(event(&mut tab).await.unwrap().ends_with("\ndata: 3\n\n"), "since the page was drawn");
    // A page drawn before, whose stream begins only now, also after a restart of the daemon.
    let mut late = open_after(&house, &cookie, &drawn, "").await;
    assert!(event(&mut late).await.unwrap().ends_with("\ndata: 3\n\n"));
    // Somebody else's loops are no news.
    house.owe(house.account("lead"), 1).await;
    assert_eq!(event(&mut late).await, None);
}

#[tokio::test(flavor = "multi_thread")]
async fn open_streams_do_not_keep_the_doors_from_closing() {
    let house = TestHouse::open().await;
    let browser = Browser::signed_in(&house, "lead").await;
    let response = open(&house, browser.cookie.as_deref().unwrap()).await;
    assert_eq!(response.status(), 200);
    let TestHouse { running, .. } = house;
    let closed = timeout(Duration::from_secs(10), running.shutdown()).await;
    assert!(closed.unwrap(), "the doors close in order");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_keeps_a_session_and_locking_ends_it() {
    let house = TestHouse::open().await;
    let browser = Browser::signed_in(&house, "coordinator").await;
    house.pass(14);
    assert_eq!(browser.post("/session", &[]).await.status, 200);
    house.pass(14);
    assert_eq!(browser.get("/me").await.status, 200, "14 minutes after the last request");
    let locked = browser.post("/lock", &[]).await;
    assert_eq!((locked.status, locked.header("location")), (303, "/sign-in/again"));
    assert_eq!(browser.get("/me").await.status, 303);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_intakes_progress_is_told_to_those_who_may_see_it() {
    let house = TestHouse::open().await;
    let browser = Browser::signed_in(&house, "coordinator").await;
    let mut tab = open_path(&house, browser.cookie.as_deref().unwrap(), "/events?intake", "").await;
    let told = event(&mut tab).await.unwrap();
    let none = "data: {\"all\":0,\"done\":0,\"said\":\"0 of 0 files of today are read.\"}";
    assert!(told.starts_with("event: intake\n") && told.contains(none), "{told}");
    house.receive(Status::Waiting).await;
    house.receive(Status::Done).await;
    let told = event(&mut tab).await.unwrap();
    assert!(told.contains("\"all\":2,\"done\":1"), "{told}");
    assert_eq!(event(&mut tab).await, None, "told once");
    // The stream of somebody who may not see the intake says nothing.
    let front = Browser::signed_in(&house, "front-desk").await;
    let mut tab = open_path(&house, front.cookie.as_deref().unwrap(), "/events?intake", "").await;
    assert_eq!(event(&mut tab).await.unwrap_or_default(), "");
}
