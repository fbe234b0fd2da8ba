//! The care record in a store: contacts and tasks written as coordinators write them.

use crate::contacts::{self, About, Ending, Interpreter, NewContact};
use crate::tasks::{self, Command, NewTask};
use almoner_core::actor::Actor;
use almoner_core::clinical::{self, HumanName, When};
use almoner_core::export::PersonStatements;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{FileId, PatientId, StaffId};
use almoner_core::loops::{Due, LoopKind, Owner};
use almoner_core::rules::Rules;
use almoner_core::time::{Clock, Timestamp};
use almoner_frame::{Area, Incoming};
use almoner_people::patients;
use almoner_store::{Act, Desk, Setup, Verb, Writer, check, sealed};
use std::sync::Arc;

static AREAS: &[&Area] = &[&patients::AREA, &crate::contacts::AREA, &crate::tasks::AREA];

/// A store in memory with one patient and one coordinator.
struct House {
    desk: Desk,
    rosa: StaffId,
}

fn now() -> Timestamp {
    "2026-11-19T15:00:00Z".parse().unwrap()
}

impl House {
    fn new() -> Self {
        let setup = Setup {
            rules: Arc::new(Rules::default()),
            clock: Clock::starting_at(now()),
            kinds: AREAS.iter().flat_map(|area| area.kinds).copied().collect(),
            reactions: Vec::new(),
            boot: "test".into(),
            on_failure: Box::new(|fault| panic!("{fault}")),
        };
        let database = sealed::open_memory(32 << 20).unwrap().database;
        Self { desk: Desk::open(database, setup, "test").unwrap(), rosa: StaffId::random() }
    }

    fn work<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Writer<'_>) -> Outcome<T> + Send + 'static,
    ) -> Outcome<T> {
        let act = Act::new(Actor::Staff(self.rosa), Verb("test.work"), now());
        self.desk.write(act, work).wait()
    }

    fn patient(&self, interpreter: bool) -> PatientId {
        let person = clinical::Patient {
            names: vec![HumanName { family: "Reyes".into(), ..HumanName::default() }],
            birth_date: When::parse("1958-03-04"),
            interpreter_needed: Some(interpreter),
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
            member: String::new(),
            received: now(),
        };
        self.work(move |writer| patients::join(writer, &file, &said)).unwrap().patient
    }

    fn call(&self, patient: PatientId, ending: Ending) -> NewContact {
        NewContact::call(patient, self.rosa, ending, now())
    }

    fn record(&self, new: NewContact) -> Outcome<contacts::Contact> {
        self.work(move |writer| contacts::record(writer, new))
    }

    fn owed(&self) -> Vec<(LoopKind, Due)> {
        let owner = Some(Owner::Staff(self.rosa));
        let loops = self.desk.read(|reader| reader.loops(owner)).unwrap();
        loops.into_iter().map(|it| (it.owed.kind, it.owed.due)).collect()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if !std::thread::panicking() {
            let found = check::check(&self.desk).unwrap();
            assert!(found.damage.is_empty(), "{found:?}");
        }
    }
}

fn day(text: &str) -> Due {
    Due::Day(text.parse().unwrap())
}

#[test]
fn a_talk_without_an_interpreter_is_refused_where_one_is_needed() {
    let house = House::new();
    let patient = house.patient(true);
    let talk = NewContact { note: "Well".into(), ..house.call(patient, Ending::Reached) };
    let Err(Fault::Refused(refusal)) = house.record(talk.clone()) else { panic!("not refused") };
    assert_eq!(refusal.problems[0].0, "interpreter");
    assert!(house.desk.read(|reader| contacts::of(reader, patient)).unwrap().is_empty());
    let interpreter = Interpreter::Qualified("phone 4471".into());
    house.record(NewContact { interpreter, ..talk.clone() }).unwrap();
    house.record(NewContact { id: talk.id, ..talk }).unwrap(); // the same form again: saved once
    assert_eq!(house.desk.read(|reader| contacts::of(reader, patient)).unwrap().len(), 1);
}

#[test]
fn the_next_try_is_owed_until_it_is_made() {
    let house = House::new();
    let patient = house.patient(false);
    let friday = "2026-11-20".parse().unwrap();
    house
        .record(NewContact { next_try: Some(friday), ..house.call(patient, Ending::NoAnswer) })
        .unwrap();
    assert_eq!(house.owed(), [(LoopKind::Task, day("2026-11-20"))]);
    let note = "Well".to_owned();
    let promises = vec![("call about the ride".to_owned(), "2026-11-24".parse().unwrap())];
    let talk = NewContact { note, promises, ..house.call(patient, Ending::Reached) };
    let talk = house.record(talk).unwrap();
    assert_eq!(house.owed(), [(LoopKind::Promise, day("2026-11-24"))]);
    house.work(move |writer| contacts::end_promise(writer, talk.id, 0, None)).unwrap();
    assert!(house.owed().is_empty());
}

#[test]
fn closing_the_whole_closes_its_parts_at_once() {
    let house = House::new();
    let owner = Owner::Staff(house.rosa);
    let patient = Some(house.patient(false));
    let whole = NewTask::new(patient, "Prepare the move", owner, day("2026-11-30"));
    let (id, lee) = (whole.id, StaffId::random());
    let mut part = NewTask::new(patient, "Order the bed", Owner::Staff(lee), day("2026-11-25"));
    part.parent = Some(id);
    let mut deep = NewTask::new(patient, "Ask the payer", owner, day("2026-11-24"));
    deep.parent = Some(part.id);
    let deep_id = deep.id;
    house
        .work(move |writer| {
            tasks::open(writer, whole)?;
            tasks::open(writer, part)?;
            tasks::open(writer, deep)
        })
        .unwrap();
    assert_eq!(house.owed().len(), 2);
    let refused = house.work(move |writer| tasks::act(writer, id, &Command::Cancel, ""));
    assert!(matches!(refused, Err(Fault::Refused(_))));
    house.work(move |writer| tasks::act(writer, id, &Command::Cancel, "stays")).unwrap();
    assert!(house.owed().is_empty());
    let all = house.desk.read(|reader| reader.loops(None)).unwrap();
    assert!(all.is_empty(), "{all:?}");
    let deep: tasks::Task = house.desk.read(|reader| reader.get(deep_id)).unwrap();
    assert_eq!(deep.last().unwrap().reason, "parent-closed");
    house.work(move |writer| tasks::act(writer, id, &Command::Reopen, "")).unwrap();
    assert_eq!(house.owed(), [(LoopKind::Task, day("2026-11-30"))]);
}

#[test]
fn a_step_is_taken_back_whole_and_the_history_tells_both() {
    let house = House::new();
    let owner = Owner::Staff(house.rosa);
    let whole = NewTask::new(None, "Prepare the move", owner, day("2026-11-30"));
    let mut part = NewTask::new(None, "Order the bed", owner, day("2026-11-25"));
    let (id, part_id) = (whole.id, part.id);
    part.parent = Some(id);
    house.work(move |writer| tasks::open(writer, whole)).unwrap();
    house.work(move |writer| tasks::open(writer, part)).unwrap();
    let undo = |at| house.work(move |writer| tasks::undo(writer, id, at));
    assert!(matches!(undo(None), Err(Fault::Refused(_))), "the opening stays");
    let later = Command::Move { opens: None, due: day("2026-12-24") };
    house.work(move |writer| tasks::act(writer, id, &later, "")).unwrap();
    undo(None).unwrap();
    assert_eq!(house.owed().len(), 2);
    assert_eq!(house.owed()[1], (LoopKind::Task, day("2026-11-30")));
    assert!(matches!(undo(None), Err(Fault::Refused(_))), "an undo is not undone");
    house.work(move |writer| tasks::act(writer, id, &Command::Cancel, "stays")).unwrap();
    assert!(house.owed().is_empty());
    let wrong = Some(now() - chrono::TimeDelta::hours(1));
    assert!(matches!(undo(wrong), Err(Fault::Refused(_))), "somebody else's step stays");
    undo(Some(now())).unwrap();
    assert_eq!(house.owed().len(), 2, "the part is open again with the whole");
    let part: tasks::Task = house.desk.read(|reader| reader.get(part_id)).unwrap();
    assert_eq!(part.last().unwrap().reason, "undone");
    house.work(move |writer| tasks::act(writer, id, &Command::Cancel, "stays")).unwrap();
    let act =
        Act::new(Actor::Staff(house.rosa), Verb("task.undo"), now() + chrono::TimeDelta::hours(25));
    let late = house.desk.write(act, move |writer| tasks::undo(writer, id, None)).wait();
    assert!(matches!(late, Err(Fault::Refused(_))), "after a day it stays");
}

#[test]
fn a_task_handed_over_is_on_the_other_list() {
    let house = House::new();
    let owner = Owner::Staff(house.rosa);
    let task = NewTask::new(None, "Send the study", owner, day("2026-11-20"));
    let (id, lee) = (task.id, StaffId::random());
    house.work(move |writer| tasks::open(writer, task)).unwrap();
    let give = Command::HandOver(Owner::Staff(lee));
    house.work(move |writer| tasks::act(writer, id, &give, "you know the payer")).unwrap();
    assert!(house.owed().is_empty());
    let his = house.desk.read(|reader| reader.loops(Some(Owner::Staff(lee)))).unwrap();
    assert_eq!(his.len(), 1);
}

#[test]
fn a_contact_for_a_task_leaves_the_chase_to_the_task() {
    let house = House::new();
    let patient = house.patient(false);
    let about = About::Task(almoner_core::ids::RawId::random());
    let next_try = Some("2026-11-20".parse().unwrap());
    house.record(NewContact { about, next_try, ..house.call(patient, Ending::Busy) }).unwrap();
    assert!(house.owed().is_empty());
}
