//! Finding people as they are typed: names that hurt, dates, numbers, nicknames, slips of the pen;
//! and the pages that show them.

use super::store::MOST;
use super::*;
use crate::patients::{self, join};
use crate::staff::{self, STAFF_AREA};
use almoner_core::actor::{Actor, Role};
use almoner_core::clinical::{self, ContactPoint, HumanName, Identifier, When};
use almoner_core::export::PersonStatements;
use almoner_core::ids::{FileId, PatientId, StaffId};
use almoner_core::rules::Rules;
use almoner_core::time::{Clock, Timestamp, Zone};
use almoner_frame::visit::{self, Request};
use almoner_frame::{Form, Incoming, Joined, Language, Page, Route, Session, Visit};
use almoner_store::{Act, Desk, Pending, Setup, Verb, check, sealed};
use std::collections::BTreeMap;
use std::sync::Arc;

static AREAS: &[&Area] = &[&patients::AREA, &AREA, &STAFF_AREA];

/// A store in memory with people in it, and Rosa who looks for them.
struct House {
    desk: Desk,
    rosa: StaffId,
    people: BTreeMap<PatientId, &'static str>,
}

/// Somebody: a short name for the tests, "Family, Given", birth date, record number, telephone.
type Somebody = (&'static str, &'static str, &'static str, &'static str, &'static str);

const PEOPLE: &[Somebody] = &[
    ("mari", "Okafor-Reyes, María del Carmen", "1958-03-04", "004-81-937", "(555) 019-0134"),
    ("marisol", "Reyes, Marisol", "1961-08-30", "004-81-940", "555-019-7777"),
    ("neil", "O'Neil, Siobhán", "1970-11-09", "005-00-001", ""),
    ("berg", "van der Berg, Anneke", "1944-02-29", "005-00-002", ""),
    ("nguyen", "Nguyen, Thi Mai", "1980-01-15", "005-00-003", ""),
    ("jose", "Ibarra, José Luis", "1949-07-19", "005-00-004", "555-019-4321"),
    ("twin a", "Castellanos, Ana", "2001-05-05", "005-00-005", ""),
    ("twin b", "Castellanos, Eva", "2001-05-05", "005-00-006", ""),
    ("father", "Whitlock, Thomas Jr.", "1950-04-04", "005-00-007", ""),
    ("grandfather", "Whitlock, Thomas Sr.", "1925-04-04", "005-00-008", ""),
    ("walter", "Njegovan, Walter", "1949-04-30", "001-15-778", ""),
    ("dela", "de la Cruz, Rosario", "1958-11-09", "005-00-009", ""),
    ("mc", "McDonald, Robert", "1962-12-12", "005-00-010", ""),
    ("amara", "Obi, Amara", "1958", "005-00-011", ""),
];

fn parsed(name: &str) -> HumanName {
    let (family, given) = name.split_once(", ").unwrap();
    let (given, suffix) = match given.rsplit_once(' ') {
        Some((given, suffix)) if suffix.ends_with('.') => (given, vec![suffix.to_owned()]),
        _ => (given, Vec::new()),
    };
    let given = given.split(' ').map(str::to_owned).collect();
    HumanName { family: family.into(), given, suffix, ..HumanName::default() }
}

impl House {
    fn empty() -> Self {
        let setup = Setup {
            rules: Arc::new(Rules::default()),
            clock: Clock::starting_at("2026-11-19T14:42:00Z".parse().unwrap()),
            kinds: AREAS.iter().flat_map(|area| area.kinds).copied().collect(),
            reactions: Vec::new(),
            boot: "test".into(),
            on_failure: Box::new(|fault| panic!("{fault}")),
        };
        let desk = Desk::open(sealed::open_memory(64 << 20).unwrap().database, setup, "t").unwrap();
        let new = staff::store::NewAccount {
            sign_in: "rosa".into(),
            name: "Rosa Delgado".into(),
            role: Role::Coordinator,
            language: Language::English,
            password: None,
        };
        let act = Act::new(Actor::Appliance, Verb("user.add"), desk.clock().now());
        let rosa = desk.write(act, |writer| staff::add(writer, new)).wait().unwrap().id;
        Self { desk, rosa, people: BTreeMap::new() }
    }

    fn full() -> Self {
        let mut house = Self::empty();
        for somebody in PEOPLE {
            house.add(*somebody, &[]);
        }
        house
    }

    /// Joins somebody, with further names and their use.
    fn add(&mut self, somebody: Somebody, others: &[(&str, &str)]) -> PatientId {
        let (short, name, born, number, phone) = somebody;
        let mut names = vec![parsed(name)];
        names.extend(
            others
                .iter()
                .map(|(use_, name)| HumanName { use_: (*use_).to_owned(), ..parsed(name) }),
        );
        let telecoms = vec![ContactPoint {
            system: "phone".into(),
            value: phone.into(),
            ..ContactPoint::default()
        }];
        let person = clinical::Patient {
            names,
            telecoms,
            birth_date: When::parse(born),
            identifiers: vec![Identifier {
                system: "urn:clinic".into(),
                value: number.into(),
                kind: "MR".into(),
            }],
            gender: "female".into(),
            ..clinical::Patient::default()
        };
        let id = self.join(person, number).wait().unwrap().patient;
        self.people.insert(id, short);
        id
    }

    fn join(&self, person: clinical::Patient, member: &str) -> Pending<Joined> {
        let said = PersonStatements { patient: person, ..PersonStatements::default() };
        let now = self.desk.clock().now();
        let file = Incoming {
            file: FileId::random(),
            sha256: [7; 32],
            source: "epic".into(),
            format: String::new(),
            document: String::new(),
            software: String::new(),
            member: member.into(),
            received: now,
        };
        let act = Act::new(Actor::Intake, Verb("intake.take"), now);
        self.desk.write(act, move |writer| join(writer, &file, &said))
    }

    /// The short names of those found, in order.
    fn found(&self, typed: &str) -> Vec<&'static str> {
        let today = "2026-11-19".parse().unwrap();
        let found = self.desk.read(|reader| find(reader, typed, Language::English, today)).unwrap();
        found.patients.iter().map(|id| self.people[id]).collect()
    }

    fn visit(&self, role: Role, route: &Route) -> Visit {
        let session = Session {
            staff: self.rosa,
            role,
            name: "Rosa Delgado".into(),
            language: Language::English,
            theme: "system".into(),
            visit: "v".into(),
            mark: "m".into(),
            address: None,
        };
        let house = visit::House {
            areas: AREAS,
            zone: Zone::default(),
            clinic: "Harbor Street Clinic",
            numbers: "",
            demo: false,
        };
        let request = Request { path: route.path().into(), ..Request::default() };
        let now: Timestamp = self.desk.clock().now();
        Visit::admit(session, route.may(), request, house, now, None).unwrap()
    }

    fn hints(&self, role: Role, typed: &str) -> serde_json::Value {
        let form = Form::new(vec![("q".into(), typed.into())]);
        let tell = |route: &&Route| matches!(route, Route::Tell { .. });
        let route = AREA.routes.iter().find(tell).unwrap();
        let Route::Tell { tell, .. } = route else { unreachable!() };
        let visit = self.visit(role, route);
        self.desk.read(|reader| tell(reader, &visit, &form)).unwrap()
    }

    fn page(&self, typed: &str) -> Page {
        let form = Form::new(vec![("q".into(), typed.into())]);
        let route = AREA.routes.iter().find(|route| matches!(route, Route::Ask { .. })).unwrap();
        let Route::Ask { page, .. } = route else { unreachable!() };
        let visit = self.visit(Role::Coordinator, route);
        self.desk.read(|reader| page(reader, &visit, &form)).unwrap()
    }

    fn open(&self, patient: PatientId) {
        let act = Act::new(Actor::Staff(self.rosa), Verb("session.seen"), self.desk.clock().now());
        let rosa = self.rosa;
        self.desk.write(act, move |writer| opened(writer, rosa, patient)).wait().unwrap();
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let findings = check::check(&self.desk).unwrap();
            assert!(findings.damage.is_empty(), "{findings:?}");
        }
    }
}

#[test]
fn people_are_found_as_they_are_typed() {
    let house = House::full();
    for (typed, expected) in [
        ("OKAFOR REYES MARI", vec!["mari"]),
        ("reyes maria 1958", vec!["mari"]),
        ("maria okafor", vec!["mari"]),
        ("okafor-reyes", vec!["mari"]),
        ("OKAFORREYES", vec!["mari"]),
        ("carmen reyes", vec!["mari"]),
        ("mar rey", vec!["mari", "marisol"]),
        ("okafor m", vec!["mari"]),
        ("okafor x", vec![]),
        ("o'neil", vec!["neil"]),
        ("o neil", vec!["neil"]),
        ("oneil siobhan", vec!["neil"]),
        ("van der berg", vec!["berg"]),
        ("berg anneke", vec!["berg"]),
        ("vanderberg", vec!["berg"]),
        ("Nguyen Thi", vec!["nguyen"]),
        ("thi mai nguyen", vec!["nguyen"]),
        ("josé", vec!["jose"]),
        ("pepe", vec!["jose"]),
        ("ibarra pepe", vec!["jose"]),
        ("bob mcdonald", vec!["mc"]),
        ("mc donald", vec!["mc"]),
        ("castellanos", vec!["twin a", "twin b"]),
        ("castellanos eva", vec!["twin b"]),
        ("whitlock jr", vec!["father"]),
        ("whitlock thomas sr", vec!["grandfather"]),
        ("whitlock", vec!["father", "grandfather"]),
        ("njegovan", vec!["walter"]),
        ("negovan", vec!["walter"]),
        ("negovan walter", vec!["walter"]),
        ("walter negovan 1949", vec!["walter"]),
        ("negovan peter", vec![]),
        ("de la cruz", vec!["dela"]),
        ("delacruz", vec!["dela"]),
        ("004-81-937", vec!["mari"]),
        ("00481937", vec!["mari"]),
        ("004-81", vec!["mari", "marisol"]),
        ("0134", vec!["mari"]),
        ("(555) 019-0134", vec!["mari"]),
        ("019-0134", vec!["mari"]),
        ("7777 reyes", vec!["marisol"]),
        ("3/4/1958", vec!["mari"]),
        ("mar 4 1958", vec!["mari"]),
        ("4 de marzo de 1958", vec!["mari"]),
        ("9 nov 1958", vec!["dela"]),
        ("11/9", vec!["dela", "neil"]),
        ("11/9 siobhan", vec!["neil"]),
        ("nov 1958", vec!["dela"]),
        ("1958", vec!["dela", "amara", "mari"]),
        ("obi 1958", vec!["amara"]),
        ("okafor 1959", vec![]),
        ("reyes 61", vec!["marisol"]),
        ("zzyx", vec![]),
        ("m", vec![]),
        ("", vec![]),
    ] {
        let mut found = house.found(typed);
        let mut expected = expected;
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{typed}");
    }
}

#[test]
fn former_and_used_names_are_found_and_said() {
    let mut house = House::empty();
    let others = [("maiden", "Delgado, Teodora"), ("nickname", "Whitlock, Teddy")];
    house
        .add(("teodora", "Whitlock, Teodora", "1989-12-02", "003-66-102", "555-019-0199"), &others);
    house.add(("lionel", "Abara, Lionel", "1971-07-19", "007-20-415", ""), &[]);
    for (typed, why) in [
        ("delgado", "Also Delgado, Teodora"),
        ("teddy w", "Also Whitlock, Teddy"),
        ("whitlok", "Sounds like “whitlok”"),
        ("0199", "Phone ends in 0199"),
    ] {
        let told = house.hints(Role::Coordinator, typed);
        let sub = told["rows"][0]["sub"].as_str().unwrap_or_default();
        assert!(sub.ends_with(why), "{typed}: {told}");
        assert!(house.page(typed).main.as_str().contains(why), "{typed}");
    }
    let told = house.hints(Role::Coordinator, "whitlock");
    assert_eq!(told["rows"][0]["name"], "Whitlock, Teodora “Teddy”");
    let told = house.hints(Role::Coordinator, "leo abara");
    assert_eq!(told["none"], "No match. Check spelling, or search by birth date.");
}

#[test]
fn the_typeahead_tells_people_apart() {
    let house = House::full();
    let told = house.hints(Role::Coordinator, "castellanos");
    assert_eq!(told["q"], "castellanos");
    assert_eq!(told["rows"].as_array().unwrap().len(), 2);
    let row = &told["rows"][0];
    assert_eq!(row["name"], "Castellanos, Ana");
    assert_eq!(row["sub"], "May 5, 2001 (25 y) · 005-00-005 · Coordinator: Rosa Delgado");
    assert_eq!(row["tags"], serde_json::json!(["Similar name"]));
    assert!(row["href"].as_str().unwrap().starts_with("/p/"));
    let told = house.hints(Role::FrontDesk, "castellanos");
    assert!(told["rows"][0]["href"].as_str().unwrap().ends_with("/about"), "no chart for the desk");
    assert_eq!(house.hints(Role::Coordinator, "c")["none"], serde_json::Value::Null);
    let told = house.hints(Role::Coordinator, "whitlock jr");
    assert_eq!(told["rows"][0]["name"], "Whitlock Jr., Thomas", "father and son are told apart");
}

#[test]
fn who_was_opened_last_comes_first() {
    let house = House::full();
    let ids: Vec<PatientId> = house.people.keys().copied().collect();
    assert!(house.hints(Role::Coordinator, "")["rows"].as_array().unwrap().is_empty());
    for id in ids.iter().take(7).chain(ids.get(3)) {
        house.open(*id);
    }
    let told = house.hints(Role::Coordinator, "");
    let hrefs: Vec<_> =
        told["rows"].as_array().unwrap().iter().map(|row| row["href"].clone()).collect();
    let expected = [3, 6, 5, 4, 2].map(|at: usize| format!("/p/{}", ids[at]));
    assert_eq!(hrefs, expected);
    let other = house.desk.read(|reader| recent(reader, StaffId::random())).unwrap();
    assert!(other.is_empty(), "nobody sees whom somebody else opened");
}

#[test]
fn many_of_one_name_are_a_short_walk() {
    let mut house = House::empty();
    let families = ["Garcia", "Lopez", "Park", "Stone", "Ibarra", "Quist"];
    let join = |number: usize| {
        let born = format!("19{:02}-{:02}-10", 20 + number % 70, 1 + number % 12);
        let person = clinical::Patient {
            names: vec![parsed(&format!("{}, X{number} Maria", families[number % 5]))],
            birth_date: When::parse(&born),
            ..clinical::Patient::default()
        };
        house.join(person, &number.to_string())
    };
    let waiting: Vec<_> = (0..1_200).map(join).collect();
    assert!(waiting.into_iter().all(|joined| joined.wait().is_ok()));
    house.add(("quist", "Quist, Maria", "1950-05-05", "8000001", ""), &[]);
    let today = "2026-11-19".parse().unwrap();
    let find = |typed: &str| {
        house.desk.read(|reader| find(reader, typed, Language::English, today)).unwrap()
    };
    let many = find("maria");
    assert!(many.more && many.patients.len() == MOST, "{}", many.patients.len());
    let few = find("quist maria");
    assert_eq!((few.patients.len(), few.more), (1, false));
    let exact = find("garcia maria 1955");
    assert_eq!((exact.patients.len(), exact.more), (17, false));
    let told = house.hints(Role::Coordinator, "maria");
    assert_eq!(told["rows"].as_array().unwrap().len(), 8);
    assert_eq!(told["more"], "More than 200 results");
    let told = house.hints(Role::Coordinator, "garcia 1955");
    assert_eq!(told["more"], "All 17 results");
    let page = house.page("maria");
    assert!(page.main.as_str().contains("More than 200 people fit “maria”"));
    assert_eq!(page.main.as_str().matches("<li class=\"who\">").count(), 50);
}

#[test]
fn whoever_was_merged_is_the_other_one_among_those_opened_last() {
    let house = House::full();
    let id = |short: &str| *house.people.iter().find(|(_, it)| **it == short).unwrap().0;
    let (gone, stays, third) = (id("marisol"), id("mari"), id("neil"));
    let rosa = house.rosa;
    let work = move |writer: &mut almoner_store::Writer<'_>| {
        for patient in [stays, third, gone] {
            store::opened(writer, rosa, patient)?;
        }
        patients::merge(writer, gone, stays, "one person", None)
    };
    let act = Act::new(Actor::Staff(rosa), Verb("test"), house.desk.clock().now());
    house.desk.write(act, work).wait().unwrap();
    let recent = house.desk.read(|reader| store::recent(reader, rosa)).unwrap();
    assert_eq!(recent, [stays, third], "once, where the later of the two stood");
}
