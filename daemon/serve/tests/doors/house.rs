//! A house of two tiny areas: notes about patients, and a page for the privacy officer.

use almoner_core::actor::{Actor, Role};
use almoner_core::fault::{Fault, Outcome, Refusal};
use almoner_core::ids::{FileId, PatientId, RawId, StaffId};
use almoner_core::loops::{Due, Loop, LoopKind, Owner};
use almoner_core::permission::May;
use almoner_core::phrase::Phrase;
use almoner_core::receipt::{Receipt, Status};
use almoner_core::record_id;
use almoner_core::rules::Rules;
use almoner_core::time::{Clock, Timestamp, Zone};
use almoner_frame::fhir::{Grade, Likely, WhoIs, Written};
use almoner_frame::intake::{IntakeFile, Sha256};
use almoner_frame::route::Download;
use almoner_frame::visit::House;
use almoner_frame::{
    Area, Form, Language, NavItem, Next, Page, Resource, Route, Scope, Typed, Visit,
};
use almoner_people::staff::store::NewAccount;
use almoner_people::staff::{self, STAFF_AREA, StaffAccounts};
use almoner_serve::{Config, Cost, Listen, Running, Settings};
use almoner_store::Index;
use almoner_store::{Act, Desk, Key, Keys, Kind, KindEntry, Reader, Record, Setup, Verb, Writer};
use askama::Template;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use tempfile::TempDir;

record_id!(
    /// A note.
    NoteId
);

#[derive(Serialize, Deserialize)]
pub struct Note {
    pub id: NoteId,
    pub patient: PatientId,
    pub text: String,
    /// Who owes an answer to it.
    #[serde(default)]
    pub owner: Option<StaffId>,
}

const OF_PATIENT: Index = Index { code: 900, name: "note_patient" };

impl Record for Note {
    type Id = NoteId;
    const KIND: Kind = Kind { code: 900, name: "note" };
    fn id(&self) -> NoteId {
        self.id
    }
    fn patient(&self) -> Option<PatientId> {
        Some(self.patient)
    }
    fn keys(&self, keys: &mut Keys) {
        keys.add(OF_PATIENT, Key::all().id(self.patient));
    }
    fn loops(&self, _: &Rules) -> Vec<Loop> {
        let owed = |owner| Loop {
            slot: 0,
            kind: LoopKind::Promise,
            owner: Owner::Staff(owner),
            patient: Some(self.patient),
            opens: None,
            due: Due::Day(NaiveDate::from_ymd_opt(2026, 12, 1).unwrap()),
            what: Phrase::new("form-problem"),
            why: Phrase::new("form-problem"),
            next: Phrase::new("form-problem"),
            next_path: "/".into(),
            path: "/".into(),
            clock: None,
        };
        self.owner.map(owed).into_iter().collect()
    }
}

#[derive(Template)]
#[template(source = "<h1>{{ title }}</h1><p>{{ text }}</p>", ext = "html")]
struct Plain {
    title: String,
    text: String,
}

fn plain(title: &str, text: String) -> Outcome<Page> {
    Page::draw(title, "/", &Plain { title: title.into(), text })
}

fn first(_: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    plain("My day", format!("Hello {}", visit.name()))
}

fn notes(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let patient: PatientId = visit.id("patient")?;
    let ids: Vec<NoteId> = reader.exactly(OF_PATIENT, &Key::all().id(patient))?;
    let all = ids.into_iter().map(|id| reader.get::<Note>(id)).collect::<Outcome<Vec<_>>>()?;
    if all.is_empty() {
        return Err(Fault::Absent("patient"));
    }
    let texts: Vec<_> = all.into_iter().map(|note| note.text).collect();
    let typed = Typed::fresh(visit, "Write a note").about(Some(patient));
    let base = format!("/p/{patient}");
    let form = typed.open_step(&base, "note");
    let hidden: Vec<_> =
        form.hidden.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let draft = typed.step(&base, "note").text("text");
    plain("Notes", format!("{} | draft [{draft}] | {}", texts.join("; "), hidden.join(" ")))
}

fn write_note(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let patient: PatientId = visit.id("patient")?;
    let mut refusal = Refusal::default();
    let text = form.needed("text", &mut refusal, Phrase::new("form-problem")).to_owned();
    refusal.or_ok()?;
    if text == "stale" {
        return Err(Fault::Stale("note"));
    }
    if text == "broken" {
        return Err(Fault::broken("the machine broke in a test"));
    }
    writer.put(&Note { id: NoteId::random(), patient, text, owner: None })?;
    Ok(Next::saying(format!("/p/{patient}"), Phrase::new("staff-settings-saved")))
}

fn note_again(_: &Reader<'_>, _: &Visit, form: &Form, refusal: &Refusal) -> Outcome<Page> {
    plain("Again", format!("typed [{}], {} problems", form.text("text"), refusal.problems.len()))
}

fn search(reader: &Reader<'_>, _: &Visit, form: &Form) -> Outcome<Page> {
    let found = reader.all::<Note>()?.into_iter().filter(|note| note.text.contains(form.text("q")));
    plain("Found", format!("{} notes", found.count()))
}

fn hints(reader: &Reader<'_>, _: &Visit, form: &Form) -> Outcome<serde_json::Value> {
    let found = reader.all::<Note>()?.into_iter().filter(|note| note.text.contains(form.text("q")));
    Ok(serde_json::json!({ "q": form.text("q"), "notes": found.count() }))
}

fn file(reader: &Reader<'_>, visit: &Visit) -> Outcome<Download> {
    let patient: PatientId = visit.id("patient")?;
    let ids: Vec<NoteId> = reader.exactly(OF_PATIENT, &Key::all().id(patient))?;
    let note: Note = reader.get(*ids.first().ok_or(Fault::Absent("file"))?)?;
    let name = "note \"x\".txt".to_owned();
    Ok(Download { name, content_type: "text/plain".into(), bytes: note.text.into_bytes() })
}

fn people(reader: &Reader<'_>, scope: Scope) -> Outcome<Vec<RawId>> {
    let mut ids: Vec<_> = reader.all::<Note>()?.into_iter().map(|note| note.patient).collect();
    ids.dedup();
    match scope {
        Scope::All => {}
        Scope::Patient(patient) => ids.retain(|id| *id == patient),
        Scope::Source(_) => ids.clear(),
    }
    ids.sort();
    ids.dedup();
    Ok(ids.into_iter().map(|id| id.0).collect())
}

fn person(reader: &Reader<'_>, id: RawId) -> Outcome<Option<Written>> {
    let patient = PatientId(id);
    if people(reader, Scope::Patient(patient))?.is_empty() {
        return Ok(None);
    }
    let json = format!(r#"{{"resourceType":"Patient","id":"{id}","meta":{{"versionId":"1"}}}}"#);
    Ok(Some(Written {
        json,
        version: "1".into(),
        patient: Some(patient),
        last_updated: reader.now(),
    }))
}

/// Who somebody is, by their family name: everybody is Twofold, and nobody is Stranger.
fn who_is(reader: &Reader<'_>, asked: &almoner_core::clinical::Patient) -> Outcome<WhoIs> {
    let family = asked.names.first().map_or("", |name| name.family.as_str());
    if asked.birth_date.is_none() {
        return Ok(WhoIs::TooLittle);
    }
    let mut all = people(reader, Scope::All)?;
    all.truncate(usize::from(family != "Stranger") * 2);
    let sure = family == "Sure";
    let likely = |(at, id): (usize, RawId)| Likely {
        patient: PatientId(id),
        score: if at == 0 && sure { 0.99 } else { 0.5 },
        grade: match (at, sure) {
            (0, true) => Grade::Certain,
            (0, false) => Grade::Probable,
            _ => Grade::Possible,
        },
    };
    Ok(WhoIs::Found(all.into_iter().enumerate().map(likely).collect()))
}

/// The note that the source `ab…ab` asserts is the first one.
fn observations(reader: &Reader<'_>, scope: Scope) -> Outcome<Vec<RawId>> {
    let mut notes: Vec<Note> = reader.all()?;
    notes.sort_by(|one, other| one.text.cmp(&other.text));
    match scope {
        Scope::All => {}
        Scope::Patient(patient) => notes.retain(|note| note.patient == patient),
        Scope::Source(sha256) if sha256 == [0xab; 32] => notes.truncate(1),
        Scope::Source(_) => notes.clear(),
    }
    Ok(notes.into_iter().map(|note| note.id.0).collect())
}

fn observation(reader: &Reader<'_>, id: RawId) -> Outcome<Option<Written>> {
    let Some(note) = reader.find::<Note>(NoteId(id))? else { return Ok(None) };
    *WRITTEN.lock().unwrap().entry(note.patient).or_default() += 1;
    let (text, patient) = (note.text.replace(' ', "-"), note.patient);
    let json = format!(
        r#"{{"resourceType":"Observation","id":"{id}","meta":{{"versionId":"1"}},"code":{{"coding":[{{"code":"{text}"}}]}},"subject":{{"reference":"Patient/{patient}"}}}}"#
    );
    Ok(Some(Written {
        json,
        version: "1".into(),
        patient: Some(patient),
        last_updated: reader.now(),
    }))
}

fn panics(_: &Reader<'_>, _: &Visit) -> Outcome<Page> {
    let none: Vec<u8> = Vec::new();
    plain("Never", none[0].to_string())
}

fn trail(reader: &Reader<'_>, _: &Visit) -> Outcome<Page> {
    plain("Trail", reader.trail_size()?.to_string())
}

/// How many notes of each patient were written as FHIR.
static WRITTEN: Mutex<BTreeMap<PatientId, u64>> = Mutex::new(BTreeMap::new());

static NOTES_AREA: Area = Area {
    name: "notes",
    kinds: &[KindEntry::of::<Note>()],
    routes: &[
        Route::Show { path: "/", may: May::SeeWorklist, page: first },
        Route::Show { path: "/p/{patient}", may: May::SeeChart, page: notes },
        Route::Work {
            path: "/p/{patient}/note",
            may: May::RecordContact,
            verb: Verb("note.write"),
            work: write_note,
            again: note_again,
        },
        Route::Ask { path: "/search", may: May::FindPatients, page: search },
        Route::Tell { path: "/search/hints", may: May::FindPatients, tell: hints },
        Route::Fetch { path: "/p/{patient}/file", may: May::SeeChart, file },
        Route::Show { path: "/panics", may: May::SeeWorklist, page: panics },
    ],
    nav: &[NavItem {
        label: "shell-status",
        href: "/",
        may: May::SeeWorklist,
        icon: "day",
        order: 1,
        count: None,
    }],
    resources: &[
        Resource { type_: "Patient", may: May::ReadFhir, ids: people, write: person },
        Resource {
            type_: "Observation",
            may: May::ReadFhir,
            ids: observations,
            write: observation,
        },
    ],
    who_is: Some(who_is),
    opened: Some(|writer, staff, patient| {
        writer.set_meta("opened", Some(format!("{staff} {patient}").as_bytes()));
        Ok(())
    }),
    ..Area::EMPTY
};

static PRIVACY: Area = Area {
    name: "privacy",
    routes: &[Route::Show { path: "/privacy/trail", may: May::SeeTrail, page: trail }],
    nav: &[NavItem {
        label: "nav-privacy",
        href: "/privacy/trail",
        may: May::SeeTrail,
        icon: "shield",
        order: 81,
        count: None,
    }],
    ..Area::EMPTY
};

static STAFF: Area = STAFF_AREA;
pub static AREAS: [&Area; 3] = [&NOTES_AREA, &PRIVACY, &STAFF];
static ACCOUNTS: StaffAccounts = StaffAccounts;

pub const PASSWORD: &str = "kelp ladder ninety moss";
const CHEAP: Cost = Cost { memory_kib: 64, passes: 1, lanes: 1 };

/// A house with its doors open, and somebody of every role in it.
pub struct TestHouse {
    pub desk: Desk,
    pub clock: Clock,
    pub running: Running,
    pub patient: PatientId,
    pub folder: TempDir,
}

pub fn start_time() -> Timestamp {
    "2026-11-23T14:00:00Z".parse().unwrap()
}

/// The house's desk alone, in memory.
pub fn desk(clock: &Clock) -> Desk {
    let unsealed = almoner_store::sealed::open_memory(16 << 20).unwrap();
    let setup = Setup {
        rules: Arc::default(),
        clock: clock.clone(),
        kinds: {
            let own = almoner_frame::KINDS.iter();
            AREAS.iter().flat_map(|area| area.kinds).chain(own).copied().collect()
        },
        reactions: Vec::new(),
        boot: "test".into(),
        on_failure: Box::new(|_| {}),
    };
    Desk::open(unsealed.database, setup, "test.example/trail").unwrap()
}

impl TestHouse {
    pub async fn open() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let clock = Clock::starting_at(start_time());
        let desk = desk(&clock);
        let patient = furnish(&desk);
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings { password_cost: CHEAP, ..Settings::default() };
        change(&mut settings);
        let running = almoner_serve::start(Config {
            house: House {
                areas: &AREAS,
                zone: Zone::default(),
                clinic: "Harbor Street Clinic",
                numbers: "",
                demo: true,
            },
            desk: desk.clone(),
            accounts: &ACCOUNTS,
            settings,
            listen: Listen::On(vec!["127.0.0.1:0".parse().unwrap()]),
            ca_pem: folder.path().join("ca.pem"),
            recovery_kit: Some(folder.path().join("recovery.txt")),
        })
        .await
        .unwrap();
        Self { desk, clock, running, patient, folder }
    }

    /// Moves the clock on.
    pub fn pass(&self, minutes: i64) {
        self.clock.set(self.clock.now() + chrono::TimeDelta::minutes(minutes));
    }

    /// Entries of the trail with this verb, as (actor kind, outcome, records seen or changed).
    pub fn trail(&self, verb: &str) -> Vec<almoner_trail::Entry> {
        let entries = self.desk.read(|reader| reader.trail(0, 10_000)).unwrap();
        entries.into_iter().map(|entry| entry.entry).filter(|entry| entry.verb == verb).collect()
    }

    /// Writes notes `note-1` … about the patient.
    pub async fn write_notes(&self, count: usize) {
        let act = Act::new(Actor::Appliance, Verb("test"), self.clock.now());
        let patient = self.patient;
        let work = move |writer: &mut Writer<'_>| {
            (1..=count).try_for_each(|number| {
                let text = format!("note-{number}");
                writer.put(&Note { id: NoteId::random(), patient, text, owner: None })
            })
        };
        self.desk.write(act, work).await.unwrap();
    }

    /// Writes notes that somebody owes an answer to.
    pub async fn owe(&self, owner: StaffId, count: usize) {
        let act = Act::new(Actor::Appliance, Verb("test"), self.clock.now());
        let patient = self.patient;
        let note =
            move || Note { id: NoteId::random(), patient, text: "owed".into(), owner: Some(owner) };
        let work = move |writer: &mut Writer<'_>| (0..count).try_for_each(|_| writer.put(&note()));
        self.desk.write(act, work).await.unwrap();
    }

    /// A file came, and stands so.
    pub async fn receive(&self, status: Status) {
        let act = Act::new(Actor::Appliance, Verb("test"), self.clock.now());
        let receipt: Receipt = serde_json::from_value(serde_json::json!({
            "id": FileId::random(), "name": "a.xml", "sha256": "", "bytes": 1,
            "received": self.clock.now(), "finished": null, "status": status,
        }))
        .unwrap();
        let sha256 = Sha256([status as u8; 32]);
        let file = IntakeFile { receipt, sha256, taken: 0, filed: true };
        self.desk.write(act, move |writer| writer.put(&file)).await.unwrap();
    }

    /// How many of the patient's notes were written as FHIR so far.
    pub fn written(&self) -> u64 {
        WRITTEN.lock().unwrap().get(&self.patient).copied().unwrap_or_default()
    }

    pub fn account(&self, name: &str) -> StaffId {
        self.desk.read(|reader| staff::named(reader, name)).unwrap().unwrap().id
    }
}

fn furnish(desk: &Desk) -> PatientId {
    let patient = PatientId::random();
    let phc = almoner_serve::password::hash(PASSWORD, CHEAP).unwrap();
    let act = Act::new(Actor::Appliance, Verb("test"), desk.clock().now());
    let work = move |writer: &mut Writer<'_>| {
        for role in Role::ALL {
            staff::add(
                writer,
                NewAccount {
                    sign_in: role.key().replace('_', "-"),
                    name: format!("Somebody <{}>", role.key()),
                    role,
                    language: Language::English,
                    password: Some(phc.clone()),
                },
            )?;
        }
        writer.put(&Note { id: NoteId::random(), patient, text: "likes kelp".into(), owner: None })
    };
    desk.write(act, work).wait().unwrap();
    patient
}
