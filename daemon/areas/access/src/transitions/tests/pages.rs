//! A coordinator's walk: log a failed call, see the second try planned, check medicines, book and
//! record the visit; in both languages.

use super::{ADMITTED, HOUSE, House, adt, at, discharge};
use crate::transitions::{Command, Complexity, Stage, standing};
use almoner_core::actor::Role;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{PatientId, StaffId};
use almoner_core::rules::Rules;
use almoner_frame::visit::{self, Request};
use almoner_frame::{Form, Language, Page, Route, Session, Visit};

/// Somebody at a browser.
struct Walker<'h> {
    house: &'h House,
    staff: StaffId,
    role: Role,
    language: Language,
}

impl Walker<'_> {
    fn visit(&self, route: &Route, path: &str, when: &str) -> Outcome<Visit> {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        let query = pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        let params = params(route.path(), path).unwrap();
        let session = Session {
            staff: self.staff,
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
        Visit::admit(session, route.may(), request, house, at(when), None)
    }

    fn see(&self, path: &str, when: &str) -> Outcome<Page> {
        let route = find(path, false);
        let Route::Show { page, .. } = route else { panic!("no page at {path}") };
        let visit = self.visit(route, path, when)?;
        let page = self.house.desk.read(|reader| page(reader, &visit))?;
        let text = format!("{}{}", page.above.as_str(), page.main.as_str());
        for bare in [">transition-", ">contact-", ">task-", ">care-", ">did-", "{ $"] {
            let bare_at = text.find(bare);
            assert!(bare_at.is_none(), "{path}: {}", &text[bare_at.unwrap()..][..60]);
        }
        Ok(page)
    }

    fn read(&self, path: &str, when: &str) -> String {
        self.see(path, when).unwrap().main.to_string()
    }

    /// Sends a form; the path of the next page, or the page that says what must change.
    fn send(&self, path: &str, when: &str, fields: &[(&str, &str)]) -> Result<String, Box<Page>> {
        let route = find(path, true);
        let Route::Work { work, again, verb, .. } = route else { panic!("no work at {path}") };
        let visit = self.visit(route, path, when).unwrap();
        let own = |(key, value): &(&str, &str)| ((*key).to_owned(), (*value).to_owned());
        let form = Form::new(fields.iter().map(own).collect());
        let again_form = form.clone();
        let sent = self.visit(route, path, when).unwrap();
        let work = *work;
        let done =
            self.house.desk.write(visit.act(*verb), move |writer| work(writer, &sent, &form));
        match done.wait() {
            Ok(next) => Ok(next.path),
            Err(Fault::Refused(refusal)) => {
                let desk = &self.house.desk;
                let page = desk.read(|reader| again(reader, &visit, &again_form, &refusal));
                Err(Box::new(page.unwrap()))
            }
            Err(fault) => panic!("{path}: {fault}"),
        }
    }
}

fn find(path: &str, works: bool) -> &'static Route {
    let path = path.split('?').next().unwrap();
    let routes = HOUSE.iter().flat_map(|area| area.routes);
    let mut fitting: Vec<&Route> = routes
        .filter(|route| matches!(route, Route::Work { .. }) == works)
        .filter(|route| params(route.path(), path).is_some())
        .collect();
    fitting.sort_by_key(|route| params(route.path(), path).map(|it| it.len()));
    fitting.first().unwrap_or_else(|| panic!("no route for {path}"))
}

fn params(pattern: &str, path: &str) -> Option<Vec<(String, String)>> {
    let (parts, given): (Vec<_>, Vec<_>) =
        (pattern.split('/').collect(), path.split('/').collect());
    if parts.len() != given.len() {
        return None;
    }
    let mut params = Vec::new();
    for (part, given) in parts.into_iter().zip(given) {
        match part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            Some(name) => params.push((name.to_owned(), given.to_owned())),
            None if part == given => {}
            None => return None,
        }
    }
    Some(params)
}

/// A patient home since Friday, January 15, 2027, of the walker's caseload.
fn home(house: &House) -> (PatientId, StaffId) {
    let rosa = house.coordinator();
    let patient =
        house.drop_file(&adt("A01", "881", "I", [ADMITTED, "", ADMITTED], ""), "2027-01-12 09:34");
    house.assign(patient, rosa);
    house.drop_file(&discharge("01"), "2027-01-15 16:53");
    (patient, rosa)
}

const TUESDAY: &str = "2027-01-19 10:00";

#[test]
fn a_failed_call_plans_the_second_try() {
    let house = House::new();
    let (patient, staff) = home(&house);
    let rosa =
        Walker { house: &house, staff, role: Role::Coordinator, language: Language::English };
    let episode = house.only(patient);
    let board = rosa.read("/transitions", TUESDAY);
    assert!(board.contains("Contact due") && board.contains("Park, Hyun-woo"), "{board}");
    assert!(board.contains("call by Jan 20, 2027") && board.contains(&episode.call_path()));
    assert!(rosa.read("/transitions?view=table", TUESDAY).contains("Call after hospital"));

    let form = rosa.read(&episode.call_path(), TUESDAY);
    let chosen = format!("value=\"{}\" checked", episode.id);
    assert!(form.contains(&chosen) && form.contains("Hyun-woo Park"), "{form}");
    let (path, id) = (format!("/p/{patient}/contacts/new"), patient.to_string());
    let about = episode.id.to_string();
    let fields = [("patient", &*id), ("mode", "phone"), ("direction", "outgoing")];
    let refused = rosa.send(&path, TUESDAY, &fields).unwrap_err();
    assert_eq!(refused.status, 422);
    assert!(refused.main.as_str().contains("Choose how it ended"));
    let fields = [fields.as_slice(), &[("ending", "no_answer"), ("about", &about)]].concat();
    let next = rosa.send(&path, TUESDAY, &fields).unwrap();
    assert_eq!(next, episode.path());
    let detail = rosa.read(&next, TUESDAY);
    assert!(detail.contains("Next try: Jan 20, 2027") && detail.contains("1 try"), "{detail}");
    assert!(detail.contains("Tried to reach: no answer"));
    assert_eq!(house.only(patient).attempts.len(), 1);
    let overview = rosa.read(&format!("/p/{patient}"), "2027-01-20 08:00");
    assert!(overview.contains("Call after hospital discharge") && overview.contains("Contacts"));
    let next =
        overview.split("class=\"panel next\"").nth(1).unwrap().split("</section>").next().unwrap();
    assert!(next.contains("Tried so far") && next.contains("Tried to reach: no answer"), "{next}");
}

#[test]
fn the_checklist_is_worked_off() {
    let house = House::new();
    let (patient, staff) = home(&house);
    let rosa =
        Walker { house: &house, staff, role: Role::Coordinator, language: Language::English };
    let (path, id) = (house.only(patient).path(), patient.to_string());
    let send = |what: &str, when: &str, fields: &[(&str, &str)]| {
        let fields = [&[("patient", id.as_str())], fields].concat();
        rosa.send(&format!("{path}/{what}"), when, &fields)
    };
    send("medicines", TUESDAY, &[]).unwrap();
    assert!(send("visit", TUESDAY, &[("do", "booked"), ("on", "jan 15")]).is_err());
    send("visit", TUESDAY, &[("do", "booked"), ("on", "jan 21")]).unwrap();
    assert!(rosa.read(&path, TUESDAY).contains("visit Jan 21, 2027"));
    send("visit", "2027-01-22 10:00", &[("do", "seen"), ("on", "yesterday")]).unwrap();
    assert!(rosa.read(&path, TUESDAY).contains("seen Jan 21, 2027, within 7 days"));
    let early = send("end", TUESDAY, &[("how", "finished")]).unwrap_err();
    assert!(early.main.as_str().contains("The 30 days end on Feb 13, 2027"));
    send("end", TUESDAY, &[("how", "lost"), ("reason", "moved to Ohio")]).unwrap();
    assert!(house.only(patient).stage().is_over());
    let ended = rosa.read("/transitions", TUESDAY);
    assert!(ended.contains("Ended in the last 7 days"), "{ended}");
    send("reopen", TUESDAY, &[("reason", "came back")]).unwrap();
    assert_eq!(house.only(patient).stage(), Stage::Home);
    let visit = standing(&house.only(patient), &Rules::default()).visit;
    assert!(visit.is_some());
    assert!(rosa.read(&format!("/p/{patient}/transitions"), TUESDAY).contains("Home from"));
    assert!(rosa.read(&format!("/p/{patient}/timeline"), TUESDAY).contains("Discharged home"));
}

#[test]
fn everything_is_said_in_spanish_too() {
    let house = House::new();
    let (patient, staff) = home(&house);
    let rosa = Walker { house: &house, staff, role: Role::Lead, language: Language::Spanish };
    let path = house.only(patient).path();
    for page in ["/transitions", &path, &house.only(patient).call_path()] {
        rosa.see(page, TUESDAY).unwrap();
    }
    assert!(rosa.read(&path, TUESDAY).contains("En casa desde 15 ene 2027"));
    rosa.see(&format!("/p/{patient}/tasks/new"), TUESDAY).unwrap();
}

#[test]
fn the_front_desk_sees_none_of_it() {
    let house = House::new();
    let (patient, staff) = home(&house);
    let noor = Walker { house: &house, staff, role: Role::FrontDesk, language: Language::English };
    for path in ["/transitions", &house.only(patient).path(), &house.only(patient).call_path()] {
        assert!(matches!(noor.see(path, TUESDAY), Err(Fault::Forbidden(_))), "{path}");
    }
}

/// `UX.md` §2: the banner turns grey, and there is no button to call.
#[test]
fn the_dead_are_grey_and_nobody_calls_them() {
    let house = House::new();
    let (patient, staff) = home(&house);
    let rosa =
        Walker { house: &house, staff, role: Role::Coordinator, language: Language::English };
    let overview = |when| {
        let page = rosa.see(&format!("/p/{patient}"), when).unwrap();
        format!("{}{}", page.above.as_str(), page.main.as_str())
    };
    assert!(overview(TUESDAY).contains("/contacts/new"), "alive: there are call buttons");
    let pid =
        ["PID|1||7001^^^SBH&2.16.2&ISO^MR||Park^Hyun-woo||19611012|M", &"|".repeat(21)].concat();
    let told = [
        "MSH|^~\\&|M|SBH|O|HSC|20270118||ADT^A08^ADT_A01|d1|P|2.5.1".to_owned(),
        format!("{pid}20270117|Y"),
        String::new(),
    ];
    assert_eq!(house.drop_file(&told.join("\r"), "2027-01-18 09:00"), patient);
    let page = overview(TUESDAY);
    assert!(page.contains("pb deceased") && page.contains("Died Jan 17, 2027"), "{page}");
    assert!(!page.contains("/contacts/new") && !page.contains("tel:"), "{page}");
}

#[test]
fn the_page_of_a_pair_says_what_must_be_chosen_first() {
    let house = House::new();
    let stay = |number: &str, visit: &str| {
        let times = [ADMITTED, super::HOME, "2027-01-15 16:52"];
        adt("A03", visit, "I", times, "01").replace("7001", number)
    };
    let one = house.drop_file(&stay("7001", "881"), "2027-01-15 16:53");
    let asks = house.drop_file(&stay("8002", "882"), "2027-01-15 16:54");
    let page = format!("/intake/match/{asks}");
    let same = format!("action=\"{page}/{one}/same\"");
    for language in Language::ALL {
        let walker = Walker { house: &house, staff: StaffId::random(), role: Role::Lead, language };
        assert!(walker.read(&page, TUESDAY).contains(&same), "nobody has worked on either");
    }
    let work_on = |patient: PatientId, command: Command| {
        let id = house.only(patient).id;
        let work =
            move |w: &mut almoner_store::Writer<'_>| crate::transitions::act(w, id, &command, "");
        house.acts("transition.work", work).unwrap();
    };
    for patient in [one, asks] {
        work_on(patient, Command::SetComplexity(Complexity::High));
    }
    for language in Language::ALL {
        let walker = Walker { house: &house, staff: StaffId::random(), role: Role::Lead, language };
        let text = walker.read(&page, TUESDAY);
        assert!(text.contains(
            &almoner_frame::Words::of(language, Rules::default().zone).t("decide-first")
        ));
        for patient in [one, asks] {
            let href = format!("href=\"{}\"", house.only(patient).path());
            assert!(text.contains(&href), "the way to each: {text}");
        }
        assert!(!text.contains(&same), "not before one is ended");
        assert!(text.contains(&format!("action=\"{page}/{one}/apart\"")), "two people they can be");
    }
}
