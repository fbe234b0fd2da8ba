//! Nothing typed is lost and nothing is saved twice: the key of a form, drafts, forms from a session
//! that has ended.

use crate::client::{Browser, Reply};
use crate::house::{Note, PASSWORD, TestHouse};
use almoner_frame::drafts::{self, Draft};
use hyper::Method;

/// The hidden fields of the form on the patient's page, as the browser would send them.
async fn hidden(browser: &Browser, house: &TestHouse) -> Vec<(String, String)> {
    let page = browser.get(&format!("/p/{}", house.patient)).await;
    let hidden = page.body.split(" | ").nth(2).unwrap().split('<').next().unwrap();
    let pairs = hidden.split(' ').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.replace("&#38;", "&"))).collect()
}

async fn send(browser: &Browser, path: &str, hidden: &[(String, String)], text: &str) -> Reply {
    let mut fields: Vec<(&str, &str)> =
        hidden.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    fields.push(("text", text));
    browser.post(path, &fields).await
}

/// How often a note of these words was saved.
fn saved(house: &TestHouse, text: &str) -> usize {
    let notes: Vec<Note> = house.desk.read(|reader| reader.all()).unwrap();
    notes.iter().filter(|note| note.text == text).count()
}

fn left(house: &TestHouse, name: &str) -> Vec<Draft> {
    let staff = house.account(name);
    house.desk.read(|reader| drafts::of(reader, staff)).unwrap()
}

fn text_of(draft: &Draft) -> &str {
    draft.fields.iter().find(|(name, _)| name == "text").map_or("", |(_, value)| value.as_str())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_form_sent_twice_does_its_work_once() {
    let house = TestHouse::open().await;
    house.write_notes(1).await;
    let browser = Browser::signed_in(&house, "coordinator").await;
    let path = format!("/p/{}/note", house.patient);
    let form = hidden(&browser, &house).await;
    let (one, two) =
        tokio::join!(send(&browser, &path, &form, "twice"), send(&browser, &path, &form, "twice"));
    let three = send(&browser, &path, &form, "twice").await;
    for reply in [one, two, three] {
        assert_eq!(
            (reply.status, reply.header("location")),
            (303, &*format!("/p/{}", house.patient))
        );
    }
    assert_eq!(saved(&house, "twice"), 1);
    // The same key with other words, from another tab: neither saved over nor lost.
    let other = send(&browser, &path, &form, "other words").await;
    assert_eq!(other.status, 422);
    assert!(other.body.contains("typed [other words], 1 problems"), "{}", other.body);
    assert_eq!(saved(&house, "other words"), 0);
    assert_eq!(
        left(&house, "coordinator").iter().map(text_of).collect::<Vec<_>>(),
        ["other words"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draft_stands_in_the_form_again_until_it_is_saved() {
    let house = TestHouse::open().await;
    house.write_notes(1).await;
    let browser = Browser::signed_in(&house, "coordinator").await;
    let (page, path) = (format!("/p/{0}", house.patient), format!("/p/{0}/note", house.patient));
    let form = hidden(&browser, &house).await;
    let kept = send(&browser, "/drafts", &form, "half a sen").await;
    assert_eq!((kept.status, kept.header("location")), (303, page.as_str()));
    assert!(browser.get(&page).await.body.contains("draft [half a sen]"));
    let lee = Browser::signed_in(&house, "lead").await;
    assert!(lee.get(&page).await.body.contains("draft []"), "a draft is its owner's alone");
    // Gone on with in a new tab: the draft goes along, and ends with the save.
    let form = hidden(&browser, &house).await;
    send(&browser, "/drafts", &form, "half a sentence").await;
    assert_eq!(
        left(&house, "coordinator").iter().map(text_of).collect::<Vec<_>>(),
        ["half a sentence"]
    );
    assert_eq!(send(&browser, &path, &form, "a sentence.").await.status, 303);
    assert_eq!(left(&house, "coordinator").len(), 0);
    // A late autosave of what was saved meanwhile is no draft.
    send(&browser, "/drafts", &form, "a sentence.").await;
    assert_eq!(left(&house, "coordinator").len(), 0);
}

/// The pages of this house hold no form of HTML, as the page of a task that somebody else finished.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_in_a_form_that_is_gone_is_shown_on_its_page() {
    let house = TestHouse::open().await;
    house.write_notes(1).await;
    let browser = Browser::signed_in(&house, "coordinator").await;
    let (page, path) = (format!("/p/{0}", house.patient), format!("/p/{0}/note", house.patient));
    let shown = "<p class=\"as-typed\">stale</p>";
    assert!(!browser.get(&page).await.body.contains("as-typed"));
    let form = hidden(&browser, &house).await;
    let refused = send(&browser, &path, &form, "stale").await;
    assert!(refused.status == 409 && refused.body.contains(shown), "{}", refused.body);
    let again = browser.get(&page).await.body;
    assert!(again.contains(shown) && again.contains("Write a note"), "{again}");
    let lee = Browser::signed_in(&house, "lead").await;
    assert!(!lee.get(&page).await.body.contains("as-typed"), "its owner's alone");
    let id = left(&house, "coordinator")[0].id.to_string();
    browser.post("/drafts/discard", &[("draft", &id), (drafts::PAGE, &page)]).await;
    assert!(!browser.get(&page).await.body.contains("as-typed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_keep_two_drafts() {
    let house = TestHouse::open().await;
    house.write_notes(1).await;
    let browser = Browser::signed_in(&house, "coordinator").await;
    let first = hidden(&browser, &house).await;
    send(&browser, "/drafts", &first, "first tab").await;
    let second = hidden(&browser, &house).await; // shows the first tab's draft
    send(&browser, "/drafts", &first, "first tab, more").await;
    send(&browser, "/drafts", &second, "second tab").await;
    let mut texts: Vec<_> =
        left(&house, "coordinator").iter().map(|it| text_of(it).to_owned()).collect();
    texts.sort();
    assert_eq!(texts, ["first tab, more", "second tab"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_form_and_one_from_an_ended_session_are_kept() {
    let house = TestHouse::open().await;
    house.write_notes(1).await;
    let mut browser = Browser::signed_in(&house, "coordinator").await;
    let path = format!("/p/{}/note", house.patient);
    let form = hidden(&browser, &house).await;
    assert_eq!(send(&browser, &path, &form, "stale").await.status, 409);
    assert_eq!(left(&house, "coordinator").len(), 1);
    house.pass(20);
    let ended = send(&browser, &path, &form, "typed for twenty minutes").await;
    assert_eq!(ended.status, 303);
    let to = ended.header("location").to_owned();
    assert!(to.starts_with("/sign-in/again?next=%2Fp%2F"), "{to}");
    // The session is gone for good now, but the next form still finds its person.
    let again = send(&browser, &path, &form, "typed for twenty-one minutes").await;
    assert_eq!(again.status, 303);
    assert_eq!(saved(&house, "typed for twenty minutes"), 0);
    browser.sign_in("coordinator", PASSWORD).await;
    let page = browser.get(&format!("/p/{}", house.patient)).await;
    assert!(page.body.contains("draft [typed for twenty-one minutes]"), "{}", page.body);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_is_saved_only_by_whom_it_was_drawn_for() {
    let house = TestHouse::open().await;
    house.write_notes(1).await;
    let mut browser = Browser::signed_in(&house, "coordinator").await;
    let path = format!("/p/{}/note", house.patient);
    let form = hidden(&browser, &house).await;
    // The coordinator leaves this page open in one tab, signs out in another, and the lead signs in.
    browser.post("/sign-out", &[]).await;
    browser.sign_in("lead", PASSWORD).await;
    for (to, text) in [(path.as_str(), "left open"), ("/drafts", "left open, more")] {
        let sent = send(&browser, to, &form, text).await;
        assert_eq!((sent.status, sent.header("location")), (303, "/"), "{to}");
        assert_eq!(saved(&house, text), 0, "never in another name");
        assert_eq!(left(&house, "coordinator").iter().map(text_of).collect::<Vec<_>>(), [text]);
        assert_eq!(left(&house, "lead").len(), 0);
    }
    // The script of that tab asks to go on: it is led away from the other's page.
    let mark = form.iter().find(|(name, _)| name == drafts::AS).unwrap().1.as_str();
    assert_eq!(browser.post("/session", &[(drafts::AS, mark)]).await.header("location"), "/");
    // A mark that nobody has keeps nothing, and saves nothing.
    let forged: Vec<_> = form
        .iter()
        .map(|(name, value)| {
            (name.clone(), if name == drafts::AS { "0".repeat(32) } else { value.clone() })
        })
        .collect();
    assert_eq!(send(&browser, &path, &forged, "forged").await.header("location"), "/");
    assert_eq!((saved(&house, "forged"), left(&house, "coordinator").len()), (0, 1));
    // Its own person goes on with it after signing in again, also from the page left open.
    browser.post("/sign-out", &[]).await;
    browser.sign_in("coordinator", PASSWORD).await;
    assert_eq!(send(&browser, &path, &form, "left open, and more").await.status, 303);
    assert_eq!(saved(&house, "left open, and more"), 1);
    assert_eq!(left(&house, "coordinator").len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_typed_in_a_tab_left_behind_at_sign_out_is_kept() {
    let house = TestHouse::open().await;
    house.write_notes(1).await;
    let mut browser = Browser::signed_in(&house, "coordinator").await;
    let form = hidden(&browser, &house).await;
    browser.post("/sign-out", &[]).await;
    browser.cookie = None;
    let kept = send(&browser, "/drafts", &form, "no cookie any more").await;
    assert!(kept.header("location").starts_with("/sign-in/again?next=%2Fp%2F"), "{kept:?}");
    let drafts = left(&house, "coordinator");
    assert_eq!(drafts.iter().map(text_of).collect::<Vec<_>>(), ["no cookie any more"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_script_is_told_where_to_go() {
    let house = TestHouse::open().await;
    house.write_notes(1).await;
    let browser = Browser::signed_in(&house, "coordinator").await;
    let form = hidden(&browser, &house).await;
    let mut body = form_urlencoded::Serializer::new(String::new());
    body.extend_pairs(&form).append_pair("text", "by script");
    let headers = [
        ("sec-fetch-site", "same-origin"),
        ("content-type", "application/x-www-form-urlencoded"),
        ("x-almoner", "script"),
    ];
    let body = body.finish();
    let draft = browser.send(Method::POST, "/drafts", &headers, &body).await;
    assert!(draft.status == 200 && draft.body.starts_with("Draft saved"), "{draft:?}");
    let path = format!("/p/{}/note", house.patient);
    let reply = browser.send(Method::POST, &path, &headers, &body).await;
    assert_eq!((reply.status, reply.body.as_str()), (200, &*format!("/p/{}", house.patient)));
    house.pass(20);
    let ended = browser.send(Method::POST, &path, &headers, &body).await;
    assert!(ended.status == 200 && ended.body.starts_with("/sign-in/again?next="), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn drafts_are_discarded_by_their_owner_and_forgotten_after_thirty_days() {
    let house = TestHouse::open().await;
    house.write_notes(1).await;
    let browser = Browser::signed_in(&house, "coordinator").await;
    let form = hidden(&browser, &house).await;
    send(&browser, "/drafts", &form, "not needed").await;
    let id = left(&house, "coordinator")[0].id.to_string();
    let lee = Browser::signed_in(&house, "lead").await;
    lee.post("/drafts/discard", &[("draft", &id)]).await;
    assert_eq!(left(&house, "coordinator").len(), 1, "nobody discards another's draft");
    browser.post("/drafts/discard", &[("draft", &id)]).await;
    assert_eq!(left(&house, "coordinator").len(), 0);
    let form = hidden(&browser, &house).await;
    send(&browser, "/drafts", &form, "old").await;
    for (days, left_over) in [(29, 1), (2, 0)] {
        house.pass(days * 24 * 60);
        let act = almoner_store::Act::new(
            almoner_core::actor::Actor::Appliance,
            almoner_store::Verb("test"),
            house.clock.now(),
        );
        house.desk.write(act, drafts::forget_old).await.unwrap();
        assert_eq!(left(&house, "coordinator").len(), left_over, "after {days} more days");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_date_is_said_back_while_it_is_typed() {
    let house = TestHouse::open().await;
    let browser = Browser::signed_in(&house, "coordinator").await;
    for (typed, said) in [
        ("tomorrow", ", tomorrow"),
        ("+2w", ", in 14 days"),
        ("nov 31", "This is not read as a date"),
        ("", ""),
    ] {
        let reply = browser.post("/dates", &[("date", typed)]).await;
        assert_eq!(reply.status, 200);
        assert!(reply.body.contains(said) && reply.body.is_empty() == typed.is_empty(), "{typed}");
    }
}
