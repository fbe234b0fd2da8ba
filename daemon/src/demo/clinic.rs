//! The made-up clinic: its staff, whose patients are whose, and what staff had written down before
//! the demo begins. Read from `config/demo/clinic.toml`.

use super::files;
use super::marks::Today;
use almoner_care::contacts::{self, Direction, Ending, Interpreter, Mode, NewContact, Party};
use almoner_care::tasks::{self, NewTask};
use almoner_core::actor::Actor;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{FileId, PatientId, StaffId};
use almoner_core::loops::{Due, Owner};
use almoner_core::receipt::Status;
use almoner_frame::intake::{BY_RECEIVED, BY_STATUS, UNFILED};
use almoner_people::{patients, staff};
use almoner_store::{Act, Desk, Key, Reader, Verb};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

/// Longest wait for the samples to be taken in.
const PATIENCE: Duration = Duration::from_mins(5);

#[derive(Debug, Deserialize)]
pub(crate) struct Clinic {
    #[serde(rename = "clinic")]
    pub about: About,
    systems: BTreeMap<String, String>,
    pub staff: Vec<Member>,
    #[serde(default)]
    caseload: Vec<Caseload>,
    #[serde(default)]
    contact: Vec<Contact>,
    #[serde(default)]
    task: Vec<Task>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct About {
    pub name: String,
    pub time_zone: String,
    pub record_number_system: String,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Member {
    pub name: String,
    pub role: String,
    pub display: String,
}

#[derive(Debug, Deserialize)]
struct Caseload {
    owner: String,
    patients: Vec<Number>,
}

/// A patient by an identifier of the exports.
#[derive(Debug, Deserialize)]
struct Number {
    system: String,
    value: String,
}

#[derive(Debug, Deserialize)]
struct Contact {
    patient: Number,
    by: String,
    at: String,
    mode: String,
    direction: String,
    outcome: String,
    #[serde(default)]
    language: String,
    #[serde(default)]
    interpreter: String,
    #[serde(default)]
    minutes: Option<u16>,
    #[serde(default)]
    note: String,
}

#[derive(Debug, Deserialize)]
struct Task {
    patient: Number,
    title: String,
    #[serde(default)]
    note: String,
    due: String,
    owner: String,
}

impl Clinic {
    /// Reads the file's text.
    pub(crate) fn read(text: &str) -> Outcome<Self> {
        toml::from_str(text).map_err(|cause| Fault::broken(format!("clinic.toml: {cause}")))
    }

    fn patient(&self, reader: &Reader<'_>, number: &Number) -> Outcome<Option<PatientId>> {
        let system = self.systems.get(&number.system).map_or("", String::as_str);
        Ok(patients::with_identifier(reader, system, &number.value)?.into_iter().next())
    }
}

/// Drops the samples, waits until they are in, and adds what staff had written down.
pub(crate) fn fill(desk: &Desk, intake: &Path, clinic: &Clinic) -> Outcome<()> {
    let rules = desk.rules();
    let day = rules.zone.day(desk.clock().now());
    let today = Today { day, zone: rules.zone, calendar: rules.calendar() };
    let started = Instant::now();
    let dropped = files::drop_all(intake, today)?;
    wait_for(desk, dropped)?;
    let seconds = started.elapsed().as_secs();
    log::info!(files = dropped, seconds = seconds; "the samples are in");
    assign(desk, clinic)?;
    clinic.contact.iter().try_for_each(|contact| record(desk, clinic, contact, today))?;
    clinic.task.iter().try_for_each(|task| open(desk, clinic, task, today))?;
    log::info!("the demo is filled in: sign in as rosa");
    Ok(())
}

/// Waits until so many files came and none of them waits any more.
fn wait_for(desk: &Desk, files: usize) -> Outcome<()> {
    let patience = Instant::now();
    let (_never, pause) = std::sync::mpsc::channel::<()>();
    loop {
        let done = desk.read(|reader| {
            let came = reader.ids::<FileId>(BY_RECEIVED, &Key::all())?.len();
            let waits =
                |status: Status| reader.ids::<FileId>(BY_STATUS, &Key::all().number(status as u64));
            let busy = !waits(Status::Waiting)?.is_empty() || !waits(Status::Working)?.is_empty();
            let unfiled = !reader.ids::<FileId>(UNFILED, &Key::all())?.is_empty();
            Ok(came >= files && !busy && !unfiled)
        })?;
        if done {
            return Ok(());
        }
        if patience.elapsed() > PATIENCE {
            return Err(Fault::broken("the samples are not in after five minutes"));
        }
        let _ = pause.recv_timeout(Duration::from_millis(200));
    }
}

/// Gives the patients of the caseloads to their coordinators, and all others to nobody.
fn assign(desk: &Desk, clinic: &Clinic) -> Outcome<()> {
    desk.write(act(desk, Actor::Appliance, "caseload.assign"), |writer| {
        let everybody = writer.all::<patients::Patient>()?;
        everybody.into_iter().try_for_each(|one| patients::assign(writer, one.id, None))
    })
    .wait()?;
    for load in &clinic.caseload {
        let found = desk.read(|reader| {
            let owner = who(reader, &load.owner)?;
            let mut found = Vec::new();
            for number in &load.patients {
                let patient = clinic.patient(reader, number)?;
                if patient.is_none() {
                    log::warn!("clinic.toml: a patient of {}'s caseload is not in", load.owner);
                }
                found.extend(patient);
            }
            Ok((owner, found))
        })?;
        let (owner, found) = found;
        desk.write(act(desk, Actor::Appliance, "caseload.assign"), move |writer| {
            found.into_iter().try_for_each(|id| patients::assign(writer, id, Some(owner)))
        })
        .wait()?;
    }
    Ok(())
}

fn record(desk: &Desk, clinic: &Clinic, contact: &Contact, today: Today<'_>) -> Outcome<()> {
    let found = desk.read(|reader| {
        Ok((who(reader, &contact.by)?, clinic.patient(reader, &contact.patient)?))
    })?;
    let (by, Some(patient)) = found else { return Ok(()) };
    let local = today.local(&contact.at).ok_or_else(|| unclear(&contact.at))?;
    let at = today.zone.instant(local);
    let (ending, party) = match contact.outcome.as_str() {
        "no_answer" => (Ending::NoAnswer, Party::Patient),
        "left_voicemail" => (Ending::LeftVoicemail, Party::Patient),
        "reached_caregiver" => (Ending::Reached, Party::Caregiver),
        "reached" => (Ending::Reached, Party::Patient),
        other => return Err(unclear(other)),
    };
    let interpreter = match contact.interpreter.as_str() {
        "" => Interpreter::None,
        who => Interpreter::Qualified(who.to_owned()),
    };
    let mut new = NewContact::call(patient, by, ending, at);
    new.mode = Mode::parse(&contact.mode).ok_or_else(|| unclear(&contact.mode))?;
    new.direction =
        if contact.direction == "incoming" { Direction::Incoming } else { Direction::Outgoing };
    (new.party, new.interpreter, new.minutes) = (party, interpreter, contact.minutes);
    (new.language, new.note) = (contact.language.clone(), contact.note.clone());
    let act = act(desk, Actor::Staff(by), "contact.record");
    desk.write(act, move |writer| contacts::record(writer, new).map(drop)).wait()
}

fn open(desk: &Desk, clinic: &Clinic, task: &Task, today: Today<'_>) -> Outcome<()> {
    let found = desk
        .read(|reader| Ok((who(reader, &task.owner)?, clinic.patient(reader, &task.patient)?)))?;
    let (owner, Some(patient)) = found else { return Ok(()) };
    let local = today.local(&task.due).ok_or_else(|| unclear(&task.due))?;
    let due = if Today::has_clock(&task.due) {
        Due::Instant(today.zone.instant(local))
    } else {
        Due::Day(local.date())
    };
    let mut new = NewTask::new(Some(patient), &task.title, Owner::Staff(owner), due);
    new.note.clone_from(&task.note);
    let act = act(desk, Actor::Staff(owner), "task.open");
    desk.write(act, move |writer| tasks::open(writer, new).map(drop)).wait()
}

fn act(desk: &Desk, actor: Actor, verb: &'static str) -> Act {
    Act::new(actor, Verb(verb), desk.clock().now())
}

fn who(reader: &Reader<'_>, name: &str) -> Outcome<StaffId> {
    let account = staff::named(reader, name)?;
    account.map(|account| account.id).ok_or_else(|| unclear(name))
}

fn unclear(word: &str) -> Fault {
    Fault::broken(format!("clinic.toml: `{word}` is not understood"))
}
