//! The area in a store: messages and documents taken as intake takes them, contacts written as a
//! coordinator writes them.

mod merges;
mod pages;
mod splits;

use super::*;
use almoner_care::contacts::{self, Ending, NewContact};
use almoner_core::actor::Actor;
use almoner_core::ids::{FileId, PatientId, StaffId};
use almoner_core::loops::{Due, LoopKind, Owner};
use almoner_core::rules::Rules;
use almoner_core::time::{Clock, Timestamp};
use almoner_frame::{Incoming, Taken};
use almoner_store::{Act, Desk, Setup, Verb, Writer, check, sealed};
use std::sync::Arc;

static HOUSE: &[&Area] = &[
    &almoner_people::patients::AREA,
    &almoner_chart::AREA,
    &almoner_care::contacts::AREA,
    &almoner_care::tasks::AREA,
    &almoner_people::staff::STAFF_AREA,
    &AREA,
];

/// A store in memory with the areas that a transition needs.
struct House {
    desk: Desk,
}

fn at(text: &str) -> Timestamp {
    let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    Rules::default().zone.instant(local)
}

fn day(text: &str) -> Due {
    Due::Day(text.parse().unwrap())
}

/// An ADT message of one patient: trigger, visit number, class, admitted, discharged with its
/// disposition, sent.
fn adt(trigger: &str, visit: &str, class: &str, times: [&str; 3], disposition: &str) -> String {
    let [admitted, discharged, sent] = times.map(|time| time.replace(['-', ' ', ':'], ""));
    let control = format!("{visit}{trigger}{sent}");
    let pv1 = format!(
        "PV1|1|{class}|4W^412^A^SBH|||||||MED||||||||Inpatient|{visit}^^^SBH&2.16.1&ISO^VN\
         |||||||||||||||||{disposition}|||St. Brigid|||||{admitted}|{discharged}"
    );
    [
        format!("MSH|^~\\&|M|SBH|O|HSC|{sent}||ADT^{trigger}^ADT_A01|{control}|P|2.5.1"),
        format!("EVN|{trigger}|{sent}"),
        "PID|1||7001^^^SBH&2.16.2&ISO^MR||Park^Hyun-woo||19611012|M".to_owned(),
        pv1,
        String::new(),
    ]
    .join("\r")
}

impl House {
    fn new() -> Self {
        let kinds = HOUSE.iter().flat_map(|area| area.kinds.iter().copied()).collect();
        let reactions = HOUSE.iter().flat_map(|area| area.reactions.iter().copied()).collect();
        let setup = Setup {
            rules: Arc::new(Rules::default()),
            clock: Clock::starting_at(at("2027-01-15 16:00")),
            kinds,
            reactions,
            boot: "test".into(),
            on_failure: Box::new(|fault| panic!("{fault}")),
        };
        let database = sealed::open_memory(64 << 20).unwrap().database;
        Self { desk: Desk::open(database, setup, "test").unwrap() }
    }

    /// Takes a file as intake does.
    fn drop_file(&self, text: &str, received: &str) -> PatientId {
        let digest = ring::digest::digest(&ring::digest::SHA256, text.as_bytes());
        let sha256: [u8; 32] = digest.as_ref().try_into().unwrap();
        let mut patient = None;
        for member in almoner_formats::read(text.as_bytes(), "file") {
            let export = member.outcome.unwrap();
            let file = Incoming {
                file: FileId::random(),
                sha256,
                source: "sbh".into(),
                format: export.format.clone(),
                document: export.document.clone(),
                software: export.software.clone(),
                member: member.path,
                received: at(received),
            };
            let act = Act::new(Actor::Intake, Verb("intake.take"), file.received);
            let work = move |writer: &mut Writer<'_>| {
                let mut last = None;
                for person in &export.people {
                    let joined = HOUSE[0].intake.join.unwrap()(writer, &file, person)?;
                    for said in &person.statements {
                        let take = HOUSE[1].intake.take.unwrap();
                        let taken = take(writer, &file, Some(joined.patient), said)?;
                        assert_ne!(taken, Taken::NotMine);
                    }
                    store::settle(writer, &file, joined.patient, person)?;
                    last = Some(joined.patient);
                }
                Ok(last)
            };
            patient = self.desk.write(act, work).wait().unwrap();
        }
        patient.unwrap()
    }

    fn call(&self, patient: PatientId, by: StaffId, when: &str, ending: Ending) {
        let note = "Well".to_owned();
        let new = NewContact { note, ..NewContact::call(patient, by, ending, at(when)) };
        let act = Act::new(Actor::Staff(by), Verb("contact.record"), at(when));
        self.desk.write(act, |writer| contacts::record(writer, new)).wait().unwrap();
    }

    /// Somebody who works here.
    fn coordinator(&self) -> StaffId {
        let new = almoner_people::staff::store::NewAccount {
            sign_in: "rosa".into(),
            name: "Rosa Delgado".into(),
            role: almoner_core::actor::Role::Coordinator,
            language: almoner_frame::Language::English,
            password: None,
        };
        let act = Act::new(Actor::Appliance, Verb("user.add"), at("2027-01-15 16:00"));
        let added = self.desk.write(act, |writer| almoner_people::staff::add(writer, new));
        added.wait().unwrap().id
    }

    fn assign(&self, patient: PatientId, to: StaffId) {
        let act = Act::new(Actor::Appliance, Verb("caseload.assign"), at("2027-01-15 16:00"));
        let work = move |writer: &mut Writer<'_>| {
            almoner_people::patients::assign(writer, patient, Some(to))
        };
        self.desk.write(act, work).wait().unwrap();
    }

    fn episodes(&self, patient: PatientId) -> Vec<TransitionEpisode> {
        self.desk.read(|reader| of(reader, patient)).unwrap()
    }

    fn only(&self, patient: PatientId) -> TransitionEpisode {
        let mut all = self.episodes(patient);
        assert_eq!(all.len(), 1, "{all:#?}");
        all.remove(0)
    }

    /// What an owner's worklist shows: kind, due, why.
    fn owed(&self, owner: Owner) -> Vec<(LoopKind, Due, String)> {
        let loops = self.desk.read(|reader| reader.loops(Some(owner))).unwrap();
        loops
            .into_iter()
            .map(|it| (it.owed.kind, it.owed.due, it.owed.why.key.into_owned()))
            .collect()
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

const ADMITTED: &str = "2027-01-12 09:20";
const HOME: &str = "2027-01-15 16:40";

fn discharge(disposition: &str) -> String {
    adt("A03", "881", "I", [ADMITTED, HOME, "2027-01-15 16:52"], disposition)
}

#[test]
fn the_coordinator_is_told_to_call_by_wednesday() {
    let (house, rosa) = (House::new(), StaffId::random());
    let patient =
        house.drop_file(&adt("A01", "881", "I", [ADMITTED, "", ADMITTED], ""), "2027-01-12 09:34");
    assert_eq!(house.only(patient).stage(), Stage::Admitted);
    house.assign(patient, rosa);
    house.drop_file(&discharge("01"), "2027-01-15 16:53");
    assert_eq!(house.only(patient).stage(), Stage::Home);
    let contact = |house: &House| {
        house.owed(Owner::Staff(rosa)).into_iter().find(|it| it.0 == LoopKind::TransitionContact)
    };
    let (_, due, _) = contact(&house).unwrap();
    assert_eq!(due, day("2027-01-20"));
    assert!(house.owed(Owner::Unassigned).is_empty());

    house.call(patient, rosa, "2027-01-19 10:00", Ending::NoAnswer);
    house.call(patient, rosa, "2027-01-20 14:00", Ending::LeftVoicemail);
    let (_, due, why) = contact(&house).unwrap();
    assert_eq!((due, why.as_str()), (day("2027-01-21"), "transition-satisfied-why"));
    house.call(patient, rosa, "2027-01-21 09:30", Ending::Reached);
    assert_eq!(contact(&house), None);
}

#[test]
fn the_same_message_again_changes_nothing() {
    let house = House::new();
    let patient = house.drop_file(&discharge("01"), "2027-01-15 16:53");
    let before = house.only(patient);
    house.drop_file(&discharge("01"), "2027-01-16 08:00");
    let after = house.only(patient);
    assert_eq!((before.moves, before.stay.discharged), (after.moves, after.stay.discharged));
}

#[test]
fn late_news_opens_late_and_old_history_nothing() {
    let house = House::new();
    let patient = house.drop_file(&discharge("01"), "2027-01-22 20:00");
    let owed = house.owed(Owner::Unassigned);
    let contact = owed.iter().find(|it| it.0 == LoopKind::TransitionContact).unwrap();
    assert_eq!((contact.1, contact.2.as_str()), (day("2027-01-20"), "transition-late-news-why"));
    assert_eq!(house.only(patient).discharge_heard, Some(at("2027-01-22 20:00")));
    let house = House::new();
    let patient = house.drop_file(&discharge("01"), "2027-02-15 20:00");
    assert!(house.episodes(patient).is_empty());
}

#[test]
fn a_new_admission_on_day_ten_ends_and_links() {
    let house = House::new();
    house.drop_file(&discharge("01"), "2027-01-15 16:53");
    let again = "2027-01-25 22:00";
    let patient = house.drop_file(&adt("A01", "902", "I", [again, "", again], ""), again);
    let episodes = house.episodes(patient);
    let [new, old] = episodes.as_slice() else { panic!("{episodes:#?}") };
    assert_eq!((new.stage(), old.stage()), (Stage::Admitted, Stage::Ended(EndKind::Readmitted)));
    assert_eq!(old.readmitted.as_ref().unwrap().episode, Some(new.id));
    // The admission is cancelled: the first episode goes on.
    let cancel = adt("A11", "902", "I", [again, "", "2027-01-26 06:00"], "");
    house.drop_file(&cancel, "2027-01-26 06:01");
    let episodes = house.episodes(patient);
    let stages: Vec<_> = episodes.iter().map(|it| it.stage().key()).collect();
    assert_eq!(stages, ["withdrawn", "home"]);
}

#[test]
fn a_cancelled_discharge_reopens_the_stay() {
    let house = House::new();
    let patient = house.drop_file(&discharge("01"), "2027-01-15 16:53");
    let cancel = adt("A13", "881", "I", [ADMITTED, "", "2027-01-15 18:00"], "");
    house.drop_file(&cancel, "2027-01-15 18:01");
    assert_eq!(house.only(patient).stage(), Stage::Admitted);
    let times = [ADMITTED, "2027-01-16 10:00", "2027-01-16 10:05"];
    house.drop_file(&adt("A03", "881", "I", times, "06"), "2027-01-16 10:06");
    let episode = house.only(patient);
    assert_eq!(episode.stage(), Stage::Home);
    assert_eq!(standing(&episode, &Rules::default()).clocks.unwrap().contact, {
        "2027-01-20".parse().unwrap()
    });
}

#[test]
fn death_and_facility_need_no_call() {
    for (disposition, stage) in
        [("20", "deceased"), ("03", "facility"), ("50", "hospice"), ("07", "home")]
    {
        let house = House::new();
        let patient = house.drop_file(&discharge(disposition), "2027-01-15 16:53");
        assert_eq!(house.only(patient).stage().key(), stage);
        let call =
            house.owed(Owner::Unassigned).iter().any(|it| it.0 == LoopKind::TransitionContact);
        assert_eq!(call, stage == "home", "{disposition}");
    }
}

#[test]
fn the_rule_of_the_messages_is_the_rule_of_fhir() {
    let house = House::new();
    let bundle = r#"{"resourceType":"Bundle","type":"collection","entry":[
      {"resource":{"resourceType":"Patient","id":"p","name":[{"family":"Caron","given":["Ines"]}],
        "birthDate":"1953-09-08","gender":"female"}},
      {"resource":{"resourceType":"Encounter","id":"e","status":"finished","class":{"code":"IMP"},
        "subject":{"reference":"Patient/p"},
        "period":{"start":"2027-01-12T09:00:00-05:00","end":"2027-01-15T16:40:00-05:00"},
        "hospitalization":{"dischargeDisposition":{"coding":[{"code":"home"}]}}}}]}"#;
    let patient = house.drop_file(bundle, "2027-01-15 18:00");
    let episode = house.only(patient);
    assert_eq!(episode.stage(), Stage::Home);
    assert_eq!(episode.stay.discharged.unwrap().at, Some(at(HOME)));
}
