//! The network's side: names, versions, headers, slow and dumb clients, certificates, the end.

use crate::client::{Browser, connect, trusting};
use crate::house::TestHouse;
use hyper::{Method, Version};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

#[tokio::test(flavor = "multi_thread")]
async fn both_versions_of_http_are_spoken() {
    let house = TestHouse::open().await;
    let browser = Browser::new(&house);
    assert_eq!(browser.get("/healthz").await.version, Version::HTTP_2);
    let old = Browser::new(&house).old(&house);
    let reply = old.get("/sign-in").await;
    assert_eq!((reply.version, reply.status), (Version::HTTP_11, 200));
    assert!(reply.body.contains("Harbor Street Clinic"));
}

#[tokio::test(flavor = "multi_thread")]
async fn another_name_is_refused() {
    let house = TestHouse::open().await;
    for host in ["evil.example", "evil.example:8443", "", "almoner.localhost.evil.example"] {
        let mut browser = Browser::new(&house).old(&house);
        browser.host = host.to_owned();
        assert_eq!(browser.get("/sign-in").await.status, 421, "{host}");
        assert_eq!(browser.get("/healthz").await.status, 421, "{host}");
    }
    for host in ["localhost", "127.0.0.1:1", "[::1]:8443"] {
        let mut browser = Browser::new(&house).old(&house);
        browser.host = host.to_owned();
        assert_eq!(browser.get("/sign-in").await.status, 200, "{host}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_has_the_headers() {
    let house = TestHouse::open().await;
    let browser = Browser::signed_in(&house, "coordinator").await;
    for path in ["/", "/sign-in", "/trust", "/nowhere", "/me", "/healthz", "/panics"] {
        let reply = browser.get(path).await;
        assert!(
            reply.header("content-security-policy").starts_with("default-src 'none'"),
            "{path}"
        );
        assert!(!reply.header("content-security-policy").contains("unsafe"));
        assert_eq!(reply.header("cache-control"), "no-store", "{path}");
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(reply.header("referrer-policy"), "no-referrer");
        assert!(reply.header("strict-transport-security").starts_with("max-age=63072000"));
        assert_eq!(reply.header("cross-origin-opener-policy"), "same-origin");
        assert!(reply.headers.keys().all(|name| !name.as_str().starts_with("access-control")));
        for inline in [" style=", "<script>", "onclick=", "javascript:"] {
            assert!(!reply.body.contains(inline), "{path}: {inline}");
        }
    }
    let file = browser.get(&format!("/p/{}/file", house.patient)).await;
    assert!(file.header("content-security-policy").contains("sandbox"));
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"note__x_.txt\"");
}

#[tokio::test(flavor = "multi_thread")]
async fn assets_are_named_after_their_content_and_kept() {
    let house = TestHouse::open().await;
    let browser = Browser::new(&house);
    let page = browser.get("/sign-in").await.body;
    let css = page.split("href=\"").find(|part| part.starts_with("/a/almoner.")).unwrap();
    let css = css.split('"').next().unwrap();
    let plain = browser.get(css).await;
    assert_eq!(plain.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable");
    let packed = browser.send(Method::GET, css, &[("accept-encoding", "gzip, br")], "").await;
    assert_eq!(packed.header("content-encoding"), "br");
    assert_eq!(packed.header("vary"), "accept-encoding");
    let bytes: usize = packed.header("content-length").parse().unwrap();
    assert!(bytes <= 10 * 1024, "{bytes} bytes");
    assert_eq!(browser.get("/a/almoner.0000000000000000.css").await.status, 404);
    assert!(page.len() < 18_000);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_travels_packed() {
    let house = TestHouse::open().await;
    let browser = Browser::signed_in(&house, "coordinator").await;
    let plain = browser.get("/").await;
    assert!(!plain.headers.contains_key("content-encoding"));
    let packed = browser.send(Method::GET, "/", &[("accept-encoding", "gzip, br")], "").await;
    assert_eq!((packed.status, packed.header("content-encoding")), (200, "gzip"));
    assert_eq!(
        (packed.header("vary"), packed.header("cache-control")),
        ("accept-encoding", "no-store")
    );
    let bytes: usize = packed.header("content-length").parse().unwrap();
    assert!(bytes * 2 < plain.body.len(), "{bytes} of {}", plain.body.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn too_much_and_too_odd_is_refused() {
    let house = TestHouse::open().await;
    let browser = Browser::signed_in(&house, "coordinator").await;
    let much = "x".repeat((1 << 20) + 1);
    assert_eq!(browser.post("/search", &[("q", &much)]).await.status, 413);
    assert_eq!(browser.get(&format!("/?q={}", "x".repeat(5000))).await.status, 414);
    for method in [Method::PUT, Method::DELETE, Method::TRACE, Method::OPTIONS] {
        assert_eq!(browser.send(method.clone(), "/", &[], "").await.status, 405, "{method}");
    }
}

fn quick(settings: &mut almoner_serve::Settings) {
    settings.limits.handshake = Duration::from_millis(300);
    settings.limits.header = Duration::from_millis(400);
    settings.limits.keep_alive = Duration::from_millis(600);
}

/// Whether the other side closes, instead of waiting for ever.
async fn is_closed(stream: &mut (impl AsyncReadExt + Unpin)) -> bool {
    let mut all = Vec::new();
    tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut all)).await.is_ok()
}

#[tokio::test(flavor = "multi_thread")]
async fn slow_and_silent_connections_are_closed() {
    let house = TestHouse::with(quick).await;
    let address = house.running.addresses[0];
    let mut mute = tokio::net::TcpStream::connect(address).await.unwrap();
    assert!(is_closed(&mut mute).await, "no handshake");
    let tls = trusting(&house, &[b"http/1.1"]);
    let mut silent = connect(address, "localhost", tls.clone()).await.unwrap();
    assert!(is_closed(&mut silent).await, "no request");
    let mut slow = connect(address, "localhost", tls.clone()).await.unwrap();
    slow.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ").await.unwrap();
    assert!(is_closed(&mut slow).await, "half a request");
    let mut idle = connect(address, "localhost", tls).await.unwrap();
    idle.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut some = [0; 64];
    assert!(idle.read(&mut some).await.unwrap() > 12);
    assert!(some.starts_with(b"HTTP/1.1 200"));
    assert!(is_closed(&mut idle).await, "no second request");
}

#[tokio::test(flavor = "multi_thread")]
async fn silent_connections_make_place_for_the_next() {
    let house = TestHouse::with(|settings| settings.limits.connections_per_address = 2).await;
    let address = house.running.addresses[0];
    let tls = trusting(&house, &[b"http/1.1"]);
    let mut one = connect(address, "localhost", tls.clone()).await.unwrap();
    let _two = connect(address, "localhost", tls.clone()).await.unwrap();
    let mut three = connect(address, "localhost", tls).await.unwrap();
    assert!(is_closed(&mut one).await, "the oldest silent one is sent away");
    three.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n").await.unwrap();
    let mut some = [0; 64];
    assert!(three.read(&mut some).await.unwrap() > 12);
    assert!(some.starts_with(b"HTTP/1.1 200"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_gets_in_through_a_crowd_of_silent_connections() {
    let house = TestHouse::open().await;
    let mut crowd = Vec::new();
    for _ in 0..200 {
        crowd.push(tokio::net::TcpStream::connect(house.running.addresses[0]).await.unwrap());
    }
    let browser = Browser::signed_in(&house, "coordinator").await;
    assert_eq!(browser.get("/").await.status, 200);
    drop(crowd);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_authority_is_shown_and_its_key_is_only_in_the_kit() {
    let house = TestHouse::open().await;
    let browser = Browser::new(&house);
    let trust = browser.get("/trust").await;
    let fingerprint = house.running.doors().certificate().ca_fingerprint;
    assert_eq!(trust.status, 200);
    assert!(trust.body.contains(&fingerprint));
    let pem = browser.get("/trust/ca.pem").await.body;
    assert_eq!(pem, std::fs::read_to_string(&house.running.ca_pem).unwrap());
    assert_eq!(pem.matches("BEGIN CERTIFICATE").count(), 1);
    let kit = std::fs::read_to_string(house.folder.path().join("recovery.txt")).unwrap();
    assert!(kit.contains("PRIVATE KEY"));
    assert!(!house.running.reload().unwrap(), "a fresh leaf is not renewed");
    assert_eq!(house.trail("certificate.found").len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn closing_finishes_and_then_takes_nothing() {
    let house = TestHouse::open().await;
    let address = house.running.addresses[0];
    let tls = trusting(&house, &[b"http/1.1"]);
    let idle = connect(address, "localhost", tls.clone()).await.unwrap();
    assert!(house.running.shutdown().await, "an idle connection does not hold it up");
    drop(idle);
    assert!(connect(address, "localhost", tls).await.is_err());
}
