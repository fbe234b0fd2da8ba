//! Accounts, tickets and tokens, walked as the command line and the doors walk them.

use super::record::{Account, Cover, Session};
use super::{rules, store};
use almoner_core::actor::{Actor, Role};
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::StaffId;
use almoner_core::time::{Clock, Timestamp};
use almoner_frame::{Language, secret};
use almoner_store::{Act, Desk, Setup, Verb, Writer};
use chrono::{NaiveDate, TimeDelta};
use std::sync::Arc;

struct House {
    desk: Desk,
    clock: Clock,
}

fn house() -> House {
    let start: Timestamp = "2026-11-23T14:00:00Z".parse().unwrap();
    let clock = Clock::starting_at(start);
    let setup = Setup {
        rules: Arc::default(),
        clock: clock.clone(),
        kinds: super::STAFF_AREA.kinds.to_vec(),
        reactions: Vec::new(),
        boot: "test".into(),
        on_failure: Box::new(|_| {}),
    };
    let unsealed = almoner_store::sealed::open_memory(1 << 20).unwrap();
    House { desk: Desk::open(unsealed.database, setup, "test.example").unwrap(), clock }
}

impl House {
    fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Writer<'_>) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        let act = Act::new(Actor::Admin("root".into()), Verb("test"), self.clock.now());
        self.desk.write(act, work).wait()
    }

    fn add(&self, sign_in: &str) -> Outcome<Account> {
        let new = store::NewAccount {
            sign_in: sign_in.into(),
            name: " Rosa Delgado ".into(),
            role: Role::Coordinator,
            language: Language::Spanish,
            password: None,
        };
        self.work(move |writer| store::add(writer, new))
    }

    fn pass(&self, minutes: i64) {
        self.clock.set(self.clock.now() + TimeDelta::minutes(minutes));
    }
}

#[test]
fn a_name_is_given_once_and_an_id_never_again() {
    let house = house();
    let rosa = house.add("rosa").unwrap();
    assert_eq!((rosa.name.as_str(), rosa.language.as_str()), ("Rosa Delgado", "es"));
    assert!(matches!(house.add("rosa"), Err(Fault::Refused(_))));
    assert!(matches!(house.add("Rosa!"), Err(Fault::Refused(_))));
    let other = house.add("rosa2").unwrap();
    assert_ne!(other.id, rosa.id);
    let found = house.desk.read(|reader| store::named(reader, " ROSA ")).unwrap().unwrap();
    assert_eq!(found.id, rosa.id);
    assert_eq!(house.desk.read(store::all).unwrap().len(), 2);
    let name = house.desk.read(|reader| store::name_of(reader, StaffId::random())).unwrap();
    assert_eq!(name, "");
}

#[test]
fn a_ticket_is_void_after_use_after_another_and_after_its_time() {
    let house = house();
    let id = house.add("rosa").unwrap().id;
    let issue = || house.work(move |writer| store::reset(writer, id)).unwrap().ticket;
    let digest = |ticket: &str| secret::digest(&rules::typed_ticket(ticket));
    let usable = |ticket: &str| {
        let digest = digest(ticket);
        house.desk.read(|reader| store::ticket(reader, &digest)).unwrap().is_some()
    };
    let (first, second) = (issue(), issue());
    assert!(!usable(&first) && usable(&second));
    house.pass(21);
    assert!(!usable(&second));
    let third = issue();
    let used = digest(&third);
    house.work(move |writer| store::redeem(writer, &used, "$argon2id$…".into())).unwrap();
    assert!(!usable(&third));
    let account = house.desk.read(|reader| reader.get::<Account>(id)).unwrap();
    assert!(account.password.is_some());
    let fourth = issue();
    house.work(move |writer| store::disable(writer, id)).unwrap();
    assert!(!usable(&fourth), "a closed account has no tickets");
}

#[test]
fn at_most_three_sessions_stay_and_each_change_of_rights_moves_the_stamp() {
    let house = house();
    let id = house.add("rosa").unwrap().id;
    for number in 0..5 {
        house.pass(1);
        let digest = secret::digest(&number.to_string());
        house.work(move |writer| store::open(writer, id, &digest)).unwrap();
    }
    let sessions: Vec<Session> = house.desk.read(|reader| store::sessions_of(reader, id)).unwrap();
    assert_eq!(sessions.len(), rules::SESSIONS);
    let first = secret::digest("0");
    assert!(house.desk.read(|reader| store::session(reader, &first)).unwrap().is_none());
    let stamp = |house: &House| house.desk.read(|reader| reader.get::<Account>(id)).unwrap().stamp;
    let before = stamp(&house);
    house.work(move |writer| store::set_role(writer, id, Role::Lead)).unwrap();
    house.work(move |writer| store::disable(writer, id)).unwrap();
    let dark = rules::Preferences {
        language: "en".into(),
        theme: "dark".into(),
        size: "large".into(),
        shortcuts: true,
    };
    let odd = rules::Preferences { size: "huge".into(), ..dark.clone() };
    assert!(house.work(move |writer| store::set_preferences(writer, id, odd)).is_err());
    house.work(move |writer| store::set_preferences(writer, id, dark)).unwrap();
    assert_eq!(stamp(&house), before + 2);
}

#[test]
fn who_is_away_is_covered_from_the_first_day_to_the_last() {
    let house = house();
    let (rosa, lee) = (house.add("rosa").unwrap().id, house.add("lee").unwrap().id);
    let day = |day| NaiveDate::from_ymd_opt(2026, 12, day).unwrap();
    let cover = |by, from, to| Some(Cover { by, from: day(from), to: day(to) });
    for wrong in [cover(rosa, 1, 2), cover(lee, 5, 4)] {
        assert!(house.work(move |writer| store::set_cover(writer, rosa, wrong)).is_err());
    }
    let away = cover(lee, 7, 11);
    house.work(move |writer| store::set_cover(writer, rosa, away)).unwrap();
    let account = house.desk.read(|reader| reader.get::<Account>(rosa)).unwrap();
    let acting: Vec<_> = [6, 7, 11, 12].map(|number| account.acting(day(number)) == lee).to_vec();
    assert_eq!(acting, [false, true, true, false]);
}

#[test]
fn a_token_is_found_by_its_digest_until_it_is_revoked() {
    let house = house();
    let make = |name: &'static str, scope: &'static str| {
        house.work(move |writer| store::create_token(writer, name, scope))
    };
    assert!(matches!(make("lab", "fhir.write"), Err(Fault::Refused(_))));
    let (token, text) = make("lab", "fhir.read").unwrap();
    assert_ne!(token.digest, text);
    let found = |text: &str| {
        let digest = secret::digest(text);
        house.desk.read(|reader| store::token(reader, &digest)).unwrap().is_some()
    };
    assert!(found(&text) && !found("guess"));
    assert!(matches!(make("lab", "fhir.read"), Err(Fault::Refused(_))));
    house.work(|writer| store::revoke_token(writer, "lab")).unwrap();
    assert!(!found(&text));
    make("lab", "fhir.read").unwrap();
    assert_eq!(house.desk.read(store::tokens).unwrap().len(), 2);
}
