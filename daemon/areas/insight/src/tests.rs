//! A small house for tests: a store in memory, people in it, and a visitor who walks the wing's
//! pages by their paths.

use almoner_care::tasks::{self, TaskId};
use almoner_core::actor::{Actor, Role};
use almoner_core::clinical::{self, HumanName, Identifier, When};
use almoner_core::export::PersonStatements;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{FileId, PatientId, StaffId};
use almoner_core::loops::{Due, Loop, LoopKind, Owner, RuleClock};
use almoner_core::phrase::Phrase;
use almoner_core::record_id;
use almoner_core::rules::Rules;
use almoner_core::time::{Clock, Timestamp};
use almoner_frame::visit::{self, Request};
use almoner_frame::{Area, Form, Incoming, Language, Next, Page, Route, Session, Visit};
use almoner_people::{patients, staff};
use almoner_store::{Act, Desk, Kind, KindEntry, Record, Setup, Verb, Writer, check, sealed};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

static AREAS: &[&Area] = &[
    &patients::AREA,
    &almoner_people::columns::AREA,
    &staff::STAFF_AREA,
    &almoner_chart::AREA,
    &tasks::AREA,
    &crate::worklist::AREA,
    &crate::caseload::AREA,
    &crate::intake_view::AREA,
    &crate::trail_view::AREA,
    &crate::help::AREA,
    &crate::parts::AREA,
];

record_id!(
    /// A debt of the tests.
    DebtId
);

/// A record that owes one loop: stands for tasks and transitions here.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Debt {
    id: DebtId,
    owed: Loop,
}

impl Record for Debt {
    type Id = DebtId;
    const KIND: Kind = Kind { code: 60_000, name: "debt" };
    fn id(&self) -> DebtId {
        self.id
    }
    fn patient(&self) -> Option<PatientId> {
        self.owed.patient
    }
    fn loops(&self, _: &Rules) -> Vec<Loop> {
        vec![self.owed.clone()]
    }
}

/// A store in memory at Thursday, November 19, 2026, 9:42 am, and who looks at it.
pub(crate) struct House {
    pub desk: Desk,
    pub rosa: StaffId,
    pub lee: StaffId,
    pub language: Language,
    pub role: Role,
}

pub(crate) fn at(text: &str) -> Timestamp {
    let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    Rules::default().zone.instant(local)
}

impl House {
    pub(crate) fn new() -> Self {
        let frame = almoner_frame::KINDS.iter().copied();
        let own = frame.chain([KindEntry::of::<Debt>()]);
        let setup = Setup {
            rules: Arc::new(Rules::default()),
            clock: Clock::starting_at(at("2026-11-19 09:42")),
            kinds: AREAS.iter().flat_map(|area| area.kinds).copied().chain(own).collect(),
            reactions: Vec::new(),
            boot: "test".into(),
            on_failure: Box::new(|fault| panic!("{fault}")),
        };
        let database = sealed::open_memory(64 << 20).unwrap().database;
        let desk = Desk::open(database, setup, "test").unwrap();
        let add = |sign_in: &str, name: &str| {
            let new = staff::store::NewAccount {
                sign_in: sign_in.into(),
                name: name.into(),
                role: if sign_in == "lee" { Role::Lead } else { Role::Coordinator },
                language: Language::English,
                password: None,
            };
            let act = Act::new(Actor::Appliance, Verb("user.add"), desk.clock().now());
            desk.write(act, |writer| staff::add(writer, new)).wait().unwrap().id
        };
        let (rosa, lee) = (add("rosa", "Rosa Delgado"), add("lee", "Lee Park"));
        Self { desk, rosa, lee, language: Language::English, role: Role::Coordinator }
    }

    /// The same, and somebody of another role looks at it.
    pub(crate) fn seen_by(role: Role) -> Self {
        let mut house = Self::new();
        house.role = role;
        house
    }

    /// The same, in Spanish.
    pub(crate) fn spanish() -> Self {
        let mut house = Self::new();
        house.language = Language::Spanish;
        house
    }

    /// Writes as the intake does.
    pub(crate) fn put<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Writer<'_>) -> Outcome<T> + Send + 'static,
    ) -> T {
        let act = Act::new(Actor::Intake, Verb("intake.take"), self.desk.clock().now());
        self.desk.write(act, work).wait().unwrap()
    }

    /// Joins somebody: family and given name, birth date, record number.
    pub(crate) fn patient(&self, name: [&str; 2], born: &str, number: &str) -> PatientId {
        let [family, given] = name.map(str::to_owned);
        let person = clinical::Patient {
            names: vec![HumanName { family, given: vec![given], ..HumanName::default() }],
            birth_date: When::parse(born),
            identifiers: vec![Identifier {
                system: "urn:clinic".into(),
                value: number.into(),
                kind: "MR".into(),
            }],
            gender: "female".into(),
            ..clinical::Patient::default()
        };
        let said = PersonStatements { patient: person, ..PersonStatements::default() };
        let file = Incoming {
            file: FileId::random(),
            sha256: [7; 32],
            source: "epic".into(),
            format: "ccda".into(),
            document: String::new(),
            software: String::new(),
            member: number.into(),
            received: self.desk.clock().now(),
        };
        self.put(move |writer| patients::join(writer, &file, &said)).patient
    }

    /// Opens a loop of a patient.
    pub(crate) fn owe(
        &self,
        owner: Owner,
        patient: PatientId,
        kind: LoopKind,
        due: Due,
        clock: Option<Timestamp>,
    ) {
        let rule = |started| RuleClock { rule: Phrase::new("loop-transition-contact"), started };
        let owed = Loop {
            slot: 0,
            kind,
            owner,
            patient: Some(patient),
            opens: None,
            due,
            what: Phrase::new("loop-task"),
            why: Phrase::new("my-day-nobody"),
            next: Phrase::new("trail-show"),
            next_path: "/tasks/1/next".into(),
            path: "/tasks/1".into(),
            clock: clock.map(rule),
        };
        self.put(move |writer| writer.put(&Debt { id: DebtId::random(), owed }));
    }

    /// GET: the page at a path with its query.
    pub(crate) fn get(&self, address: &str) -> Outcome<Page> {
        let (route, request) = find(address, false);
        let Route::Show { page, .. } = route else { panic!("{address} is no page") };
        let visit = self.visit(route, request)?;
        let (page, seen) = self.desk.read(|reader| {
            let drawn = page(reader, &visit)?;
            Ok((drawn, reader.take_opened()))
        })?;
        self.desk.note_access(visit.act(Verb("chart.read")), seen).wait()?;
        Ok(page)
    }

    /// The page's HTML, without what HTML may not hold here.
    pub(crate) fn html(&self, address: &str) -> String {
        let html = self.get(address).unwrap().main.as_str().to_owned();
        assert!(!html.contains("style=") && !html.contains("<script"), "{html}");
        html
    }

    /// A task of somebody's.
    pub(crate) fn task(&self, owner: StaffId, patient: PatientId, title: &str, due: Due) -> TaskId {
        let new = tasks::NewTask::new(Some(patient), title, Owner::Staff(owner), due);
        let act = Act::new(Actor::Staff(owner), Verb("task.open"), self.desk.clock().now());
        self.desk.write(act, move |writer| tasks::open(writer, new)).wait().unwrap().id
    }

    /// POST that only looks: the page's HTML.
    pub(crate) fn ask(&self, address: &str, fields: &[(&str, &str)]) -> String {
        let all = AREAS.iter().flat_map(|area| area.routes);
        let mut asks = all.filter(|it| matches!(it, Route::Ask { .. }));
        let found = asks.find_map(|it| Some((it, params(it.path(), address)?)));
        let Some((route @ Route::Ask { page, .. }, params)) = found else {
            panic!("{address} asks nothing")
        };
        let request = Request { path: address.into(), params, ..Request::default() };
        let visit = self.visit(route, request).unwrap();
        let (page, _) = self
            .desk
            .read(|reader| Ok((page(reader, &visit, &form(fields))?, reader.take_opened())))
            .unwrap();
        page.main.as_str().to_owned()
    }

    /// POST without fields.
    pub(crate) fn post(&self, address: &str) -> Outcome<Next> {
        self.send(address, &[])
    }

    /// POST.
    pub(crate) fn send(&self, address: &str, fields: &[(&str, &str)]) -> Outcome<Next> {
        let (route, request) = find(address, true);
        let Route::Work { verb, work, .. } = route else { panic!("{address} is no work") };
        let visit = self.visit(route, request)?;
        let act = visit.act(*verb);
        let work = *work;
        let form = form(fields);
        self.desk.write(act, move |writer| work(writer, &visit, &form)).wait()
    }

    fn visit(&self, route: &Route, request: Request) -> Outcome<Visit> {
        let session = Session {
            staff: self.rosa,
            role: self.role,
            name: "Rosa Delgado".into(),
            language: self.language,
            theme: "system".into(),
            visit: "v".into(),
            mark: "m".into(),
            address: None,
        };
        let zone = Rules::default().zone;
        let house = visit::House {
            areas: AREAS,
            zone,
            clinic: "Harbor Street Clinic",
            numbers: "",
            demo: true,
        };
        Visit::admit(session, route.may(), request, house, self.desk.clock().now(), None)
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

fn form(fields: &[(&str, &str)]) -> Form {
    Form::new(fields.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect())
}

/// Whether somebody was turned away at the gate.
pub(crate) fn forbidden<T>(outcome: Outcome<T>) -> bool {
    matches!(outcome, Err(Fault::Forbidden(_)))
}

fn find(address: &str, work: bool) -> (&'static Route, Request) {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let mut routes = AREAS.iter().flat_map(|area| area.routes);
    let found = routes.by_ref().filter(|it| matches!(it, Route::Work { .. }) == work);
    let fits: Vec<_> =
        found.filter_map(|route| Some((route, params(route.path(), path)?))).collect();
    let (route, params) =
        fits.into_iter().min_by_key(|(_, params)| params.len()).unwrap_or_else(|| panic!("{path}"));
    let pair = |pair: &str| pair.split_once('=').map(|(k, v)| (k.to_owned(), v.to_owned()));
    let query = query.split('&').filter_map(pair).collect();
    (route, Request { path: path.into(), params, query })
}

fn params(pattern: &str, path: &str) -> Option<Vec<(String, String)>> {
    let (want, have): (Vec<_>, Vec<_>) = (pattern.split('/').collect(), path.split('/').collect());
    let mut params = Vec::new();
    for (want, have) in (want.len() == have.len()).then(|| want.into_iter().zip(have))? {
        match want.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) => params.push((name.to_owned(), have.to_owned())),
            None if want == have => {}
            None => return None,
        }
    }
    Some(params)
}
