//! Instruments taken from files, and their pages.

use super::{AREA, all, pages};
use almoner_core::actor::{Actor, Role};
use almoner_core::clinical::{
    AnswerOption, Coding, Content, EnableWhen, Instrument, InstrumentItem,
};
use almoner_core::export::{Sense, Statement};
use almoner_core::fault::Outcome;
use almoner_core::ids::{FileId, StaffId};
use almoner_core::rules::Rules;
use almoner_core::time::{Clock, Timestamp};
use almoner_frame::visit::{self, Request};
use almoner_frame::{Area, Incoming, Language, Page, Route, Session, Taken, Visit};
use almoner_store::{Act, Desk, Setup, Verb, check, sealed};
use std::sync::Arc;

static HOUSE: &[&Area] = &[&AREA];

fn now() -> Timestamp {
    "2026-11-19T15:00:00Z".parse().unwrap()
}

fn desk() -> Desk {
    let setup = Setup {
        rules: Arc::new(Rules::default()),
        clock: Clock::starting_at(now()),
        kinds: AREA.kinds.to_vec(),
        reactions: Vec::new(),
        boot: "test".into(),
        on_failure: Box::new(|fault| panic!("{fault}")),
    };
    let database = sealed::open_memory(32 << 20).unwrap().database;
    Desk::open(database, setup, "test").unwrap()
}

fn sample(version: &str, words: &str) -> Instrument {
    let loinc = |code: &str, display: &str| Coding {
        system: "http://loinc.org".into(),
        code: code.into(),
        display: Some(display.into()),
    };
    let answer = |code: &str, text: &str, ordinal: &str| AnswerOption {
        coding: Some(loinc(code, text)),
        text: text.into(),
        ordinal: ordinal.into(),
        ..AnswerOption::default()
    };
    let question = InstrumentItem {
        link_id: "q1".into(),
        text: words.into(),
        type_: "choice".into(),
        codes: vec![loinc("44250-9", "Interest")],
        required: true,
        answers: vec![
            answer("LA6568-5", "Not at all", "0"),
            answer("LA6569-3", "Several days", "1"),
        ],
        ..InstrumentItem::default()
    };
    let follow = InstrumentItem {
        link_id: "q2".into(),
        text: "How hard was it?".into(),
        type_: "text".into(),
        enable: vec![EnableWhen {
            question: "q1".into(),
            operator: "!=".into(),
            answer: "Not at all".into(),
            coding: None,
        }],
        ..InstrumentItem::default()
    };
    let group = InstrumentItem {
        link_id: "g".into(),
        text: "The last two weeks".into(),
        type_: "group".into(),
        items: vec![question, follow],
        ..InstrumentItem::default()
    };
    Instrument {
        url: "http://example.org/mood".into(),
        version: version.into(),
        title: "Mood check".into(),
        copyright: "Ask the owner before use".into(),
        items: vec![group],
        ..Instrument::default()
    }
}

fn drop_file(desk: &Desk, instrument: Instrument, hours: i64) -> Taken {
    let said = Statement {
        key: "Questionnaire/1".into(),
        place: "resource".into(),
        content: Content::Instrument(Box::new(instrument)),
        sense: Sense::Stated,
        identifiers: Vec::new(),
        recorded: None,
        author: String::new(),
        section: String::new(),
        narrative: String::new(),
        labels: Vec::new(),
        verbatim: Some("{\"resourceType\":\"Questionnaire\"}".into()),
        distinct: true,
    };
    let incoming = Incoming {
        file: FileId::random(),
        sha256: [9; 32],
        source: "forms".into(),
        format: "questionnaire".into(),
        document: "resource".into(),
        software: String::new(),
        member: String::new(),
        received: now() + chrono::Duration::hours(hours),
    };
    let act = Act::new(Actor::Intake, Verb("intake.take"), incoming.received);
    let take = AREA.intake.take.unwrap();
    desk.write(act, move |writer| take(writer, &incoming, None, &said)).wait().unwrap()
}

fn get(desk: &Desk, path: &str, language: Language, role: Role) -> Outcome<Page> {
    let one = path.strip_prefix("/instruments/");
    let params = one.map(|id| ("id".into(), id.to_owned())).into_iter().collect();
    let Route::Show { page, may, .. } = &pages::ROUTES[usize::from(one.is_some())] else {
        panic!("no page")
    };
    let session = Session {
        staff: StaffId::random(),
        role,
        name: "Rosa Delgado".into(),
        language,
        theme: "system".into(),
        visit: "v".into(),
        mark: "m".into(),
        address: None,
    };
    let zone = Rules::default().zone;
    let house =
        visit::House { areas: HOUSE, zone, clinic: "Harbor Street", numbers: "", demo: false };
    let request = Request { path: path.to_owned(), params, query: Vec::new() };
    let visit = Visit::admit(session, *may, request, house, now(), None)?;
    desk.read(|reader| page(reader, &visit))
}

fn html(desk: &Desk, path: &str, language: Language) -> String {
    let html = get(desk, path, language, Role::Coordinator).unwrap().main.to_string();
    assert!(!html.contains(">instrument-") && !html.contains("{ $"), "{html}");
    html
}

#[test]
fn the_questions_of_an_instrument_are_shown() {
    let desk = desk();
    assert!(html(&desk, "/instruments", Language::English).contains("No questionnaire yet"));
    assert_eq!(drop_file(&desk, sample("1", "Little interest?"), 0), Taken::New);
    let list = html(&desk, "/instruments", Language::English);
    assert!(list.contains("Mood check</a>") && list.contains("2 questions"), "{list}");
    let path = desk.read(|reader| Ok(all(reader)?[0].path())).unwrap();
    let one = html(&desk, &path, Language::English);
    for piece in [
        "<b>The last two weeks</b>",
        "1.1</span> Little interest?",
        "LOINC 44250-9",
        "Several days (LA6569-3) · 1 point",
        "Only if: q1 != Not at all",
        "Ask the owner before use",
        "forms, Nov 19, 2026",
    ] {
        assert!(one.contains(piece), "{piece}\n{one}");
    }
    assert!(html(&desk, &path, Language::Spanish).contains("Obligatoria"));
    assert!(get(&desk, "/instruments", Language::English, Role::PrivacyOfficer).is_err());
}

#[test]
fn one_address_and_version_is_held_once() {
    let desk = desk();
    assert_eq!(drop_file(&desk, sample("1", "Little interest?"), 0), Taken::New);
    assert_eq!(drop_file(&desk, sample("1", "Little interest?"), 1), Taken::Same);
    assert_eq!(drop_file(&desk, sample("1", "No interest?"), 2), Taken::Changed);
    assert_eq!(drop_file(&desk, sample("1", "Older words"), 1), Taken::Same);
    assert_eq!(drop_file(&desk, sample("2", "No interest?"), 3), Taken::New);
    let held = desk.read(all).unwrap();
    assert_eq!(held.len(), 2);
    assert!(held.iter().all(|it| it.verbatim.is_some()));
    assert!(check::check(&desk).unwrap().damage.is_empty());
}
