//! A directory taken from its files and walked as a coordinator does: found by word, town and ZIP,
//! changed by a newer file, withdrawn when its source no longer lists an entry.

use super::{AREA, pages};
use almoner_core::actor::{Actor, Role};
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{FileId, StaffId};
use almoner_core::rules::Rules;
use almoner_core::time::{Clock, Timestamp};
use almoner_formats::hsds;
use almoner_frame::visit::{self, Request};
use almoner_frame::{Area, Incoming, Language, Page, Route, Session, Taken, Visit};
use almoner_store::{Act, Desk, Setup, Verb, check, sealed};
use std::sync::Arc;

static HOUSE: &[&Area] = &[&AREA];

const ORGANIZATIONS: &str = "id,name,description,legal_status\n1,Harbor Food Bank,Food for all,nonprofit\n2,Old Mill Shelter,Beds,nonprofit\n";
const SERVICES: &str = "id,organization_id,name,description,status,fees,assured_date\n\
    10,1,Pantry,Groceries every week,active,none,2026-01-05\n\
    11,1,Meals on wheels,Warm meals,inactive,3,\n\
    12,2,Night beds,A bed for the night,active,,\n";
const LOCATIONS: &str = "id,organization_id,name,latitude\n5,1,Pier 4,\n";
const ADDRESSES: &str = "id,location_id,address_1,city,state_province,postal_code\n7,5,4 Pier St,Redwood City,CA,94063\n";
const LINKS: &str = "id,service_id,location_id\n8,10,5\n";
const PHONES: &str = "id,location_id,number\n9,5,555-0104\n";
const HOURS: &str = "id,location_id,weekday,opens_at,closes_at\n6,5,Monday,09:00,12:00\n";

struct House {
    desk: Desk,
    language: Language,
    role: Role,
}

fn now() -> Timestamp {
    "2026-11-19T15:00:00Z".parse().unwrap()
}

impl House {
    fn new() -> Self {
        let setup = Setup {
            rules: Arc::new(Rules::default()),
            clock: Clock::starting_at(now()),
            kinds: AREA.kinds.to_vec(),
            reactions: Vec::new(),
            boot: "test".into(),
            on_failure: Box::new(|fault| panic!("{fault}")),
        };
        let database = sealed::open_memory(32 << 20).unwrap().database;
        let desk = Desk::open(database, setup, "test").unwrap();
        Self { desk, language: Language::English, role: Role::Coordinator }
    }

    /// Drops a directory with these services from a source, so many hours after the start.
    fn drop_set(&self, source: &str, services: &str, hours: i64) -> Vec<Taken> {
        let files = [
            ("organizations.csv", ORGANIZATIONS),
            ("services.csv", services),
            ("locations.csv", LOCATIONS),
            ("addresses.csv", ADDRESSES),
            ("services_at_location.csv", LINKS),
            ("phones.csv", PHONES),
            ("regular_schedules.csv", HOURS),
        ];
        let export = hsds::read_set(&files).unwrap();
        let mut sha256 = [0; 32];
        for (n, byte) in services.bytes().enumerate() {
            sha256[n % 32] ^= byte.rotate_left(u32::try_from(n % 7).unwrap());
        }
        let incoming = Incoming {
            file: FileId::random(),
            sha256,
            source: source.into(),
            format: "hsds".into(),
            document: "table".into(),
            software: String::new(),
            member: "*".into(),
            received: now() + chrono::Duration::hours(hours),
        };
        let act = Act::new(Actor::Intake, Verb("intake.take"), incoming.received);
        let take = AREA.intake.take.unwrap();
        let work = move |writer: &mut almoner_store::Writer<'_>| {
            export.shared.iter().map(|said| take(writer, &incoming, None, said)).collect()
        };
        self.desk.write(act, work).wait().unwrap()
    }

    fn get(&self, address: &str) -> Outcome<Page> {
        let (path, query) = address.split_once('?').unwrap_or((address, ""));
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let query = pairs.map(|(key, value)| (key.into(), value.replace("%20", " "))).collect();
        let mut params = Vec::new();
        let one = path.strip_prefix("/resources/");
        params.extend(one.map(|id| ("id".into(), id.to_owned())));
        let route = &pages::ROUTES[usize::from(one.is_some())];
        let Route::Show { page, may, .. } = route else { panic!("no page") };
        let session = Session {
            staff: StaffId::random(),
            role: self.role,
            name: "Rosa Delgado".into(),
            language: self.language,
            theme: "system".into(),
            visit: "v".into(),
            mark: "m".into(),
            address: None,
        };
        let zone = Rules::default().zone;
        let house =
            visit::House { areas: HOUSE, zone, clinic: "Harbor Street", numbers: "", demo: false };
        let request = Request { path: path.to_owned(), params, query };
        let visit = Visit::admit(session, *may, request, house, now(), None)?;
        self.desk.read(|reader| page(reader, &visit))
    }

    fn html(&self, address: &str) -> String {
        let html = self.get(address).unwrap().main.to_string();
        assert!(!html.contains(">resource-") && !html.contains("{ $"), "{html}");
        html
    }

    fn count(taken: &[Taken], which: Taken) -> usize {
        taken.iter().filter(|it| **it == which).count()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let damage = check::check(&self.desk).unwrap().damage;
            assert!(damage.is_empty(), "{damage:?}");
        }
    }
}

#[test]
fn found_by_word_town_and_zip() {
    let house = House::new();
    let taken = house.drop_set("211", SERVICES, 0);
    assert_eq!(House::count(&taken, Taken::New), 3);
    for (asked, found) in [
        ("/resources?q=groc", true),
        ("/resources?q=94063", true),
        ("/resources?q=redwood%20pantry", true),
        ("/resources?q=Harbor", true),
        ("/resources?q=mittens", false),
    ] {
        assert_eq!(house.html(asked).contains("Pantry</a>"), found, "{asked}");
    }
    let html = house.html("/resources");
    assert!(html.contains("Night beds") && !html.contains("Meals on wheels"), "{html}");
    let html = house.html("/resources?all=1");
    assert!(html.contains("Meals on wheels") && html.contains("Inactive"), "{html}");
}

fn path_of(html: &str, title: &str) -> String {
    let at = html.find(&format!(">{title}</a>")).unwrap();
    let start = html[..at].rfind("href=\"").unwrap() + 6;
    html[start..at - 1].to_owned()
}

#[test]
fn an_entry_tells_where_when_and_who_says_so() {
    let mut house = House::new();
    house.drop_set("211", SERVICES, 0);
    let path = path_of(&house.html("/resources"), "Pantry");
    let html = house.html(&path);
    for piece in [
        "Harbor Food Bank",
        "4 Pier St, Redwood City CA 94063",
        "555-0104",
        "Mon 09:00–12:00",
        "318 days ago",
        "211, Nov 19, 2026 · services.csv row 1",
    ] {
        assert!(html.contains(piece), "{piece}\n{html}");
    }
    house.language = Language::Spanish;
    assert!(house.html(&path).contains("hace 318 días"));
    house.role = Role::PrivacyOfficer;
    assert!(matches!(house.get("/resources"), Err(Fault::Forbidden(_))));
}

#[test]
fn a_newer_file_changes_entries_and_withdraws_what_it_lists_no_more() {
    let house = House::new();
    house.drop_set("211", SERVICES, 0);
    let again = house.drop_set("211", SERVICES, 1);
    assert_eq!((House::count(&again, Taken::Same), House::count(&again, Taken::New)), (3, 0));
    let newer = SERVICES.replace("Groceries every week", "Groceries twice a week");
    let newer: Vec<&str> = newer.lines().filter(|line| !line.starts_with("12,")).collect();
    let newer = newer.join("\n");
    let taken = house.drop_set("211", &newer, 2);
    assert_eq!(House::count(&taken, Taken::Changed), 1);
    // The shelter's service is gone; the shelter itself is listed alone now.
    assert_eq!(House::count(&taken, Taken::Withdrew(1)), 1, "{taken:?}");
    let html = house.html("/resources");
    assert!(!html.contains("Night beds"), "{html}");
    assert!(house.html("/resources?all=1").contains("Not listed since Nov 19, 2026"));
    let path = path_of(&house.html("/resources"), "Pantry");
    assert!(house.html(&path).contains("twice a week"));
    // An older file that comes late changes nothing that is known better.
    let late = house.drop_set("211", &SERVICES.replace("none", "5 dollars"), 1);
    assert_eq!(House::count(&late, Taken::Changed), 0, "{late:?}");
    assert!(!house.html(&path).contains("5 dollars"));
    // Another directory has other entries, though its numbers are the same.
    let other = house.drop_set("county", SERVICES, 3);
    assert_eq!(House::count(&other, Taken::New), 3);
}
