//! The pages of a record, walked as a person would, with what they must always say.

use super::{House, files, noon};
use almoner_core::actor::Role;
use almoner_core::fault::Fault;
use almoner_core::ids::{PatientId, StaffId};
use almoner_core::time::Zone;
use almoner_frame::visit::Request;
use almoner_frame::{Area, Form, Language, Page, Route, Session, Visit, visit};
use almoner_people::patients::{Patient, hex, sightings};

const AREAS: &[&Area] =
    &[&almoner_people::patients::AREA, &almoner_people::find::AREA, &crate::AREA];

pub(super) fn visit(role: Role, language: Language, path: &str, params: &[(&str, &str)]) -> Visit {
    visit_in("", role, language, path, params)
}

/// The same in a clinic whose own record numbers are of this system.
pub(super) fn visit_in(
    numbers: &'static str,
    role: Role,
    language: Language,
    path: &str,
    params: &[(&str, &str)],
) -> Visit {
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let pair = |pair: &str| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (key.to_owned(), value.to_owned())
    };
    let request = Request {
        path: path.to_owned(),
        params: params.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
        query: query.split('&').filter(|part| !part.is_empty()).map(pair).collect(),
    };
    let session = Session {
        staff: StaffId::random(),
        role,
        name: "Rosa Delgado".into(),
        language,
        theme: "system".into(),
        visit: "test".into(),
        mark: "m".into(),
        address: None,
    };
    let house = visit::House {
        areas: AREAS,
        zone: Zone::default(),
        clinic: "Harbor Street",
        numbers,
        demo: false,
    };
    let may = almoner_core::permission::May::UseOwnAccount;
    Visit::admit(session, may, request, house, noon(), None).unwrap()
}

/// Draws the GET page of a route.
pub(super) fn draw(house: &House, visit: &Visit, route: &str) -> Result<Page, Fault> {
    let mut routes = AREAS.iter().flat_map(|area| area.routes);
    let show = routes.find_map(|it| match it {
        Route::Show { path, page, .. } if *path == route => Some(*page),
        _ => None,
    });
    house.desk.read(|reader| show.expect("no such route")(reader, visit))
}

/// A house with two documents of two people in it, and the first one's id.
fn house() -> (House, PatientId) {
    let house = House::new();
    for path in files("ccda/hl7-examples") {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if name == "CCD.XML" || name == "Transfer_Summary.xml" {
            house.drop_file(&std::fs::read(&path).unwrap(), "epic", 0);
        }
    }
    let people: Vec<Patient> = house.desk.read(|reader| reader.all()).unwrap();
    let first = people.first().unwrap().id;
    (house, first)
}

const PAGES: [&str; 7] = [
    "/p/{patient}",
    "/p/{patient}/timeline",
    "/p/{patient}/chart",
    "/p/{patient}/medicines",
    "/p/{patient}/documents",
    "/p/{patient}/about",
    "/p/{patient}/similar",
];

#[test]
fn every_page_of_a_record_bears_the_banner_in_both_languages() {
    let (house, id) = house();
    let id = id.to_string();
    for language in Language::ALL {
        for route in PAGES {
            let path = route.replace("{patient}", &id);
            let visit = visit(Role::Coordinator, language, &path, &[("patient", &id)]);
            let page = draw(&house, &visit, route).unwrap();
            let (above, main) = (page.above.as_str(), page.main.as_str());
            assert!(above.contains("class=\"pb\""), "{route}");
            assert!(
                above.contains("aria-current=\"page\"") || route.ends_with("similar"),
                "{route}"
            );
            let allergies = visit.words().t("allergies-not-recorded");
            assert!(
                above.contains("class=\"al allergy\"") || above.contains(&allergies),
                "{route}"
            );
            assert!(main.contains("<h1"), "{route}");
            no_bare_keys(&page, route);
        }
    }
    house.desk.close();
}

/// A message key that no file has is shown as it is: none may be on a page.
fn no_bare_keys(page: &Page, route: &str) {
    let html = format!("{}{}", page.above.as_str(), page.main.as_str());
    let starts = [
        "banner-",
        "people-",
        "chart-",
        "fact-",
        "timeline-",
        "tab-",
        "overview-",
        "about-",
        "medicines-",
        "documents-",
        "document-",
        "encounter-",
        "condition-",
        "kit-",
        "similar-",
        "match-",
        "observation-",
        "allergies-",
    ];
    for text in html.split('<').filter_map(|piece| piece.split_once('>').map(|(_, text)| text)) {
        let text = text.trim();
        let bare = starts.iter().any(|start| text.starts_with(start)) && !text.contains(' ');
        assert!(!bare, "{route}: {text}");
    }
}

#[test]
fn a_document_stands_beside_its_facts_and_only_in_its_own_record() {
    let (house, id) = house();
    let seen = house.desk.read(|reader| sightings(reader, id)).unwrap();
    let sha = hex(&seen[0].sha256);
    let id = id.to_string();
    let path = format!("/p/{id}/documents/{sha}");
    let params = [("patient", id.as_str()), ("sha", sha.as_str())];
    let route = "/p/{patient}/documents/{sha}";
    let page =
        draw(&house, &visit(Role::Coordinator, Language::English, &path, &params), route).unwrap();
    let html = page.main.as_str();
    assert!(html.contains("k-condition"), "facts are beside it");
    assert!(html.contains("<table class=\"list\">"), "the narrative is shown as its own tables");
    assert!(!html.contains("<content") && !html.contains("styleCode"), "none of its markup");
    let other = "0".repeat(64);
    let params = [("patient", id.as_str()), ("sha", other.as_str())];
    let visit = visit(Role::Coordinator, Language::English, &path, &params);
    assert!(matches!(draw(&house, &visit, route), Err(Fault::Absent(_))));
    house.desk.close();
}

#[test]
fn nobody_who_may_not_see_the_chart_sees_allergies() {
    let (house, id) = house();
    let id = id.to_string();
    let path = format!("/p/{id}/about");
    let visit = visit(Role::FrontDesk, Language::English, &path, &[("patient", &id)]);
    let page = draw(&house, &visit, "/p/{patient}/about").unwrap();
    assert!(!page.above.as_str().contains("llergies"));
    assert!(!page.above.as_str().contains("/chart"));
    house.desk.close();
}

#[test]
fn search_asks_in_the_body_and_shows_two_identifiers() {
    let (house, id) = house();
    let patient: Patient = house.desk.read(|reader| reader.get(id)).unwrap();
    let family = patient.golden().names[0].family.clone();
    let visit = visit(Role::FrontDesk, Language::English, "/search", &[]);
    let mut routes = AREAS.iter().flat_map(|area| area.routes);
    let ask = routes.find_map(|it| match it {
        Route::Ask { path: "/search", page, .. } => Some(*page),
        _ => None,
    });
    let form = Form::new(vec![("q".into(), family.clone())]);
    let page = house.desk.read(|reader| ask.unwrap()(reader, &visit, &form)).unwrap();
    let html = page.main.as_str();
    assert!(html.contains(&family) && html.contains(&format!("/p/{id}/about")), "{html}");
    assert!(html.contains(" · "), "birth date and record number");
    no_bare_keys(&page, "/search");
    house.desk.close();
}
