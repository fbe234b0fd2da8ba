//! The control socket from outside: calls, refusals, accounts made and closed, the trail exported.

use crate::client::Browser;
use crate::house::TestHouse;
use almoner_core::control::{Failure, names};
use almoner_serve::control::{self, Control};
use almoner_trail::export::{ExportHeader, ExportWriter, FORMAT, write_note};
use http_body_util::{BodyExt, Full};
use hyper::Request;
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

async fn open(house: &TestHouse) -> (Control, PathBuf) {
    let path = house.folder.path().join("run/control.sock");
    let commands = almoner_people::staff::commands();
    let control = control::listen(&path, house.running.doors(), commands).await.unwrap();
    (control, path)
}

async fn call(path: &Path, name: &str, body: Value) -> Result<Value, Failure> {
    let stream = tokio::net::UnixStream::connect(path).await.unwrap();
    let (mut sender, connection) =
        hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    let request = Request::post(format!("/v1/{name}"))
        .body(Full::new(bytes::Bytes::from(body.to_string())))
        .unwrap();
    let response = sender.send_request(request).await.unwrap();
    let good = response.status().is_success();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    let mut answer: Value = serde_json::from_slice(&body).unwrap();
    if good { Ok(answer) } else { Err(serde_json::from_value(answer["error"].take()).unwrap()) }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_socket_is_the_groups_and_tells_the_status() {
    let house = TestHouse::open().await;
    let (control, path) = open(&house).await;
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o660);
    let _browser = Browser::signed_in(&house, "coordinator").await;
    let status = call(&path, names::STATUS, json!({})).await.unwrap();
    assert_eq!(status["state"], "ok");
    assert_eq!(status["signed_in"], 1);
    assert!(status["url"].as_str().unwrap().starts_with("https://almoner.localhost:"));
    assert_eq!(
        call(&path, names::CERT_STATUS, json!({})).await.unwrap()["names"][0],
        "almoner.localhost"
    );
    let unknown = call(&path, "patient.show", json!({})).await.unwrap_err();
    assert_eq!(unknown.exit, 2);
    let odd = call(&path, names::USER_ADD, json!({"name": 7})).await.unwrap_err();
    assert_eq!((odd.exit, odd.code.as_str()), (2, "usage"));
    let again = control::listen(&path, house.running.doors(), Vec::new()).await;
    assert!(again.err().unwrap().to_string().contains("another daemon"));
    control.close().await;
    assert!(!path.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_socket_left_by_a_dead_daemon_is_no_hindrance() {
    let house = TestHouse::open().await;
    let path = house.folder.path().join("left.sock");
    drop(std::os::unix::net::UnixListener::bind(&path).unwrap());
    let control = control::listen(&path, house.running.doors(), Vec::new()).await.unwrap();
    assert!(call(&path, names::STATUS, json!({})).await.is_ok());
    control.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn accounts_and_tokens_are_made_and_closed() {
    let house = TestHouse::open().await;
    let (control, path) = open(&house).await;
    let new = json!({"name": "rosa", "display": "Rosa Delgado", "role": "coordinator"});
    let ticket = call(&path, names::USER_ADD, new.clone()).await.unwrap();
    let twice = call(&path, names::USER_ADD, new).await.unwrap_err();
    assert!(twice.message.contains("taken"), "{}", twice.message);
    let wrong = json!({"name": "x2", "display": "X", "role": "emperor"});
    assert!(call(&path, names::USER_ADD, wrong).await.unwrap_err().hint.contains("lead"));
    let mut browser = Browser::new(&house);
    let password = "seven herons over salt";
    let text = ticket["ticket"].as_str().unwrap();
    let form = [("ticket", text), ("new", password), ("repeat", password)];
    assert_eq!(browser.post("/ticket", &form).await.status, 303);
    assert_eq!(browser.sign_in("rosa", password).await.status, 303);
    let users = call(&path, names::USER_LIST, json!({})).await.unwrap();
    let rosa = users["users"].as_array().unwrap().iter().find(|user| user["name"] == "rosa");
    let rosa = rosa.unwrap();
    assert_eq!((&rosa["has_password"], &rosa["sessions"]), (&true.into(), &1.into()));
    assert!(!users.to_string().contains("argon2"));
    call(&path, names::USER_DISABLE, json!({"name": "rosa"})).await.unwrap();
    assert_eq!(browser.get("/").await.status, 303, "closed at once");
    call(&path, names::USER_ENABLE, json!({"name": "rosa"})).await.unwrap();
    assert_eq!(browser.get("/").await.status, 303, "sessions do not come back");
    let nobody = call(&path, names::USER_RESET, json!({"name": "nobody"})).await.unwrap_err();
    assert_eq!(nobody.exit, 4);

    let scope = json!({"name": "lab", "scope": "fhir.read"});
    let token = call(&path, names::TOKEN_CREATE, scope.clone()).await.unwrap();
    assert_eq!(token["token"].as_str().unwrap().len(), 64);
    assert_eq!(call(&path, names::TOKEN_CREATE, scope).await.unwrap_err().exit, 2);
    call(&path, names::TOKEN_REVOKE, json!({"name": "lab"})).await.unwrap();
    let tokens = call(&path, names::TOKEN_LIST, json!({})).await.unwrap();
    assert!(tokens["tokens"][0]["revoked"].is_string());
    assert!(!tokens.to_string().contains(token["token"].as_str().unwrap()));
    let acts: Vec<_> = ["user.add", "user.disable", "user.enable", "token.create", "token.revoke"]
        .map(|verb| house.trail(verb).first().map(|entry| entry.actor.kind.clone()))
        .to_vec();
    assert_eq!(acts, vec![Some("admin".to_owned()); 5]);
    control.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_exported_trail_verifies_with_the_public_key_alone() {
    let house = TestHouse::open().await;
    let (control, path) = open(&house).await;
    let browser = Browser::signed_in(&house, "coordinator").await;
    browser.get(&format!("/p/{}", house.patient)).await;
    let head = call(&path, names::TRAIL_HEAD, json!({})).await.unwrap();
    let notes = call(&path, names::TRAIL_CHECKPOINTS, json!({})).await.unwrap();
    let size = head["size"].as_u64().unwrap();
    let page = call(&path, names::TRAIL_EXPORT, json!({"from": 2, "to": size})).await.unwrap();
    let lines = page["entries"].as_array().unwrap();
    assert_eq!(lines.len() as u64, size - 2);
    assert!(!page.to_string().contains("kelp"));
    let header = ExportHeader {
        format: FORMAT.to_owned(),
        from: 2,
        origin: page["origin"].as_str().unwrap().to_owned(),
        range: serde_json::from_value(page["range"].clone()).unwrap(),
        to: size,
    };
    let mut writer = ExportWriter::new(Vec::new(), &header).unwrap();
    for line in lines {
        writer.entry(line.as_str().unwrap().as_bytes()).unwrap();
    }
    let entries = writer.finish().unwrap();
    let mut checkpoints = Vec::new();
    for note in notes["notes"].as_array().unwrap() {
        write_note(&mut checkpoints, note.as_str().unwrap()).unwrap();
    }
    let key = head["key"].as_str().unwrap().parse().unwrap();
    let found = almoner_trail::verify::verify(&entries[..], &checkpoints[..], &key, &[]);
    let found = found.unwrap_or_else(|failure| panic!("{failure}"));
    assert_eq!((found.from, found.to), (2, size));
    control.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_store_is_checked_and_counted() {
    let house = TestHouse::open().await;
    let (control, path) = open(&house).await;
    let stats = call(&path, names::STORE_STATS, json!({})).await.unwrap();
    assert_eq!((&stats["records"]["note"], &stats["records"]["account"]), (&1.into(), &5.into()));
    let check = call(&path, names::STORE_CHECK, json!({})).await.unwrap();
    assert_eq!(check["damage"], json!([]));
    control.close().await;
}
