//! What the rules say, case by case.

use super::*;
use crate::transitions::record::{Said, Word};
use crate::transitions::rules::stay::{Moment, Report, Setting, StayStatus, VisitNumber, stays};
use almoner_care::contacts::{Contact, Ending, NewContact, sign};
use almoner_core::ids::{FactId, PatientId};
use almoner_core::loops::{Due, LoopKind, Owner};
use almoner_core::rules::{Bucket, Rules};

/// Local time of the clinic.
fn at(text: &str) -> Timestamp {
    let local = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    Rules::default().zone.instant(local)
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn moment(text: &str) -> Moment {
    let at = at(text);
    Moment { day: Rules::default().zone.day(at), at: Some(at) }
}

fn report(number: &str, start: &str, end: Option<&str>) -> Report {
    Report {
        fact: FactId::random(),
        numbers: vec![VisitNumber { system: "hospital".into(), value: number.into() }],
        setting: Setting::Inpatient,
        status: if end.is_some() { StayStatus::Discharged } else { StayStatus::Open },
        start: Some(moment(start)),
        end: end.map(moment),
        bucket: Bucket::Unknown,
        house: "St. Brigid".into(),
        reason: "heart failure".into(),
        apart_in: Vec::new(),
        said: at(end.unwrap_or(start)),
        heard: at(end.unwrap_or(start)),
        news: at(end.unwrap_or(start)),
    }
}

/// One patient's world: what was reported and what was done.
struct World {
    patient: PatientId,
    reports: Vec<Report>,
    contacts: Vec<Contact>,
    episodes: Vec<TransitionEpisode>,
    died: bool,
}

impl World {
    fn new() -> Self {
        let (reports, contacts, episodes) = (Vec::new(), Vec::new(), Vec::new());
        Self { patient: PatientId::random(), reports, contacts, episodes, died: false }
    }

    fn told(reports: Vec<Report>) -> Self {
        let mut world = Self::new();
        let now = reports.iter().map(|report| report.news).max().unwrap();
        world.reports = reports;
        world.follow(now);
        world
    }

    fn follow(&mut self, now: Timestamp) {
        let rules = Rules::default();
        let around = Around {
            patient: self.patient,
            owner: Owner::Unassigned,
            died: self.died,
            contacts: &self.contacts,
            now,
        };
        let stays = stays(self.reports.clone(), &rules);
        self.episodes = follow(std::mem::take(&mut self.episodes), &stays, &around, &rules);
    }

    fn call(&mut self, when: &str, ending: Ending) {
        let new = NewContact {
            note: "…".into(),
            ..NewContact::call(self.patient, StaffId::random(), ending, at(when))
        };
        self.contacts.push(sign(new, false, at(when), &Rules::default()).unwrap());
        self.follow(at(when));
    }

    fn only(&self) -> &TransitionEpisode {
        assert_eq!(self.episodes.len(), 1, "{:#?}", self.episodes);
        &self.episodes[0]
    }

    fn stages(&self) -> Vec<&'static str> {
        self.episodes.iter().map(|episode| episode.stage().key()).collect()
    }

    fn owed(&self, kind: LoopKind) -> Option<(NaiveDate, String)> {
        let rules = Rules::default();
        let loops = loops(self.episodes.last().unwrap(), &rules);
        let owed = loops.into_iter().find(|owed| owed.kind == kind)?;
        let Due::Day(day) = owed.due else { panic!("a day") };
        Some((day, owed.why.key.into_owned()))
    }
}

fn contact_state(world: &World) -> ContactState {
    standing(world.only(), &Rules::default()).contact.unwrap().state
}

#[test]
fn friday_before_a_monday_holiday_is_due_on_wednesday() {
    // ADT A03 at 16:40 on Friday, January 15, 2027; Monday is Martin Luther King Jr. Day.
    let home = report("1", "2027-01-12 09:00", Some("2027-01-15 16:40"));
    let mut world = World::told(vec![home]);
    assert_eq!(world.stages(), ["home"]);
    let wednesday = day("2027-01-20");
    let contact = LoopKind::TransitionContact;
    assert_eq!(world.owed(contact), Some((wednesday, "transition-contact-for-why".into())));
    assert_eq!(world.owed(LoopKind::TransitionVisit).unwrap().0, day("2027-01-22"));
    assert_eq!(world.owed(LoopKind::TransitionMedicines).unwrap().0, day("2027-01-22"));
    assert_eq!(world.owed(LoopKind::TransitionMonitoring).unwrap().0, day("2027-02-13"));

    world.call("2027-01-19 10:00", Ending::NoAnswer);
    assert_eq!(contact_state(&world), ContactState::Due);
    assert_eq!(world.owed(contact).unwrap().0, wednesday);
    let next = standing(world.only(), &Rules::default()).contact.unwrap().next_try;
    assert_eq!(next, Some(wednesday));

    world.call("2027-01-20 15:00", Ending::LeftVoicemail);
    assert_eq!(contact_state(&world), ContactState::AttemptsSatisfied);
    // The chase goes on, on the next business day.
    let chase = Some((day("2027-01-21"), "transition-satisfied-why".into()));
    assert_eq!(world.owed(contact), chase);

    world.call("2027-01-22 09:00", Ending::Reached);
    let late = matches!(contact_state(&world), ContactState::Contacted { late: true, .. });
    assert!(late && world.owed(contact).is_none());
}

#[test]
fn tries_must_be_separate_and_in_time() {
    let home = || report("1", "2026-11-10 09:00", Some("2026-11-16 11:00")); // Monday, due Wednesday
    for (calls, satisfied) in [
        (["2026-11-17 10:00", "2026-11-17 10:20"], false), // minutes apart: one try
        (["2026-11-17 10:00", "2026-11-17 11:00"], true),
        (["2026-11-17 10:00", "2026-11-18 23:50"], true), // until midnight
        (["2026-11-17 10:00", "2026-11-19 00:10"], false), // a day late
        (["2026-11-16 10:00", "2026-11-17 10:00"], false), // before the discharge
    ] {
        let mut world = World::told(vec![home()]);
        for call in calls {
            world.call(call, Ending::NoAnswer);
        }
        let state = contact_state(&world);
        assert_eq!(state == ContactState::AttemptsSatisfied, satisfied, "{calls:?}");
    }
}

#[test]
fn news_on_day_five_opens_an_episode_that_is_already_late() {
    let mut home = report("1", "2026-11-10 09:00", Some("2026-11-13 11:00"));
    (home.heard, home.news) = (at("2026-11-18 20:00"), at("2026-11-18 20:00"));
    let world = World::told(vec![home]);
    let due = world.owed(LoopKind::TransitionContact).unwrap();
    assert_eq!(due, (day("2026-11-17"), "transition-late-news-why".into()));
}

#[test]
fn old_history_opens_nothing() {
    for (heard, count) in [("2026-12-13 08:00", 1), ("2026-12-14 08:00", 0)] {
        let mut home = report("1", "2026-11-10 09:00", Some("2026-11-13 11:00"));
        (home.heard, home.news) = (at(heard), at(heard));
        assert_eq!(World::told(vec![home]).episodes.len(), count, "{heard}");
    }
    let mut open = report("1", "2019-11-10 09:00", None);
    (open.heard, open.news) = (at("2026-11-18 20:00"), at("2026-11-18 20:00"));
    assert!(World::told(vec![open]).episodes.is_empty());
}

#[test]
fn readmission_ends_and_links() {
    let first = report("1", "2026-11-01 09:00", Some("2026-11-05 11:00"));
    let again = report("2", "2026-11-15 20:00", None); // day 10
    for reports in [vec![first.clone(), again.clone()], vec![again.clone(), first.clone()]] {
        let world = World::told(reports);
        let ended = world.episodes.iter().find(|it| it.readmitted.is_some()).unwrap();
        let open = world.episodes.iter().find(|it| it.readmitted.is_none()).unwrap();
        assert_eq!(ended.stage(), Stage::Ended(EndKind::Readmitted));
        assert_eq!(open.stage(), Stage::Admitted);
        let link = ended.readmitted.as_ref().unwrap();
        assert_eq!((link.on, link.episode), (day("2026-11-15"), Some(open.id)));
        assert!(loops(ended, &Rules::default()).is_empty());
    }
    let late = report("2", "2026-12-06 20:00", None); // day 31
    let world = World::told(vec![first, late]);
    assert!(world.episodes.iter().all(|it| it.readmitted.is_none()));
}

#[test]
fn where_the_patient_went_decides() {
    for (bucket, stage) in [
        (Bucket::Home, "home"),
        (Bucket::HomeHealth, "home"),
        (Bucket::AgainstAdvice, "home"),
        (Bucket::Unknown, "home"),
        (Bucket::Facility, "facility"),
        (Bucket::Transfer, "facility"),
        (Bucket::Hospice, "hospice"),
        (Bucket::Deceased, "deceased"),
        (Bucket::Open, "admitted"),
    ] {
        let home = report("1", "2026-11-10 09:00", Some("2026-11-13 11:00"));
        let world = World::told(vec![Report { bucket, ..home }]);
        assert_eq!(world.stages(), [stage], "{bucket:?}");
        let called = world.owed(LoopKind::TransitionContact).is_some();
        assert_eq!(called, stage == "home", "{bucket:?}");
        assert!(!loops(world.only(), &Rules::default()).is_empty());
    }
}

#[test]
fn home_from_the_facility_starts_the_clocks() {
    let rules = Rules::default();
    let away = report("1", "2026-11-02 09:00", Some("2026-11-06 13:00"));
    let world = World::told(vec![Report { bucket: Bucket::Facility, ..away }]);
    assert_eq!(world.owed(LoopKind::TransitionMonitoring).unwrap().0, day("2026-11-13"));
    let by = By { staff: None, at: at("2026-11-13 10:00"), note: "" };
    let asked = act(world.only().clone(), &Command::StillAway(day("2026-11-13")), &by, &rules);
    let asked = asked.unwrap();
    assert_eq!(loops(&asked, &rules)[0].due, Due::Day(day("2026-11-20")));
    let home = act(asked, &Command::CameHome(day("2026-11-12")), &by, &rules).unwrap();
    assert_eq!(home.stage(), Stage::Home);
    assert_eq!(loops(&home, &rules)[0].due, Due::Day(day("2026-11-16")));
}

#[test]
fn a_stay_without_news_is_asked_about() {
    let rules = Rules::default();
    let world = World::told(vec![report("1", "2026-11-02 09:00", None)]);
    let asked = world.owed(LoopKind::TransitionMonitoring).unwrap();
    assert_eq!(asked, (day("2026-11-16"), "transition-silent-why".into()));
    let by = By { staff: None, at: at("2026-11-16 10:00"), note: "" };
    let stays = act(world.only().clone(), &Command::StillAway(day("2026-11-16")), &by, &rules);
    assert_eq!(loops(&stays.unwrap(), &rules)[0].due, Due::Day(day("2026-11-30")));
    let home = act(world.only().clone(), &Command::CameHome(day("2026-11-13")), &by, &rules);
    assert_eq!(home.unwrap().stage(), Stage::Home);
}

#[test]
fn an_emergency_visit_has_its_own_window() {
    let visit = report("1", "2026-11-17 18:05", Some("2026-11-17 22:50"));
    let mut world = World::told(vec![Report { setting: Setting::Emergency, ..visit }]);
    assert_eq!(world.stages(), ["emergency"]);
    assert_eq!(loops(world.only(), &Rules::default()).len(), 1);
    assert_eq!(world.owed(LoopKind::TransitionVisit).unwrap().0, day("2026-11-24"));
    world.call("2026-11-18 10:00", Ending::NoAnswer);
    assert_eq!(world.stages(), ["emergency"]);
    world.call("2026-11-19 10:00", Ending::Reached);
    assert_eq!(world.stages(), ["finished"]);
}

#[test]
fn emergency_then_admission_is_one_stay() {
    let emergency = report("1", "2026-11-17 18:05", Some("2026-11-17 22:50"));
    let emergency = Report { setting: Setting::Emergency, ..emergency };
    let stay = report("2", "2026-11-17 23:30", Some("2026-11-19 11:00"));
    for reports in [vec![emergency.clone(), stay.clone()], vec![stay, emergency]] {
        let world = World::told(reports);
        assert!(world.only().stay.through_emergency);
        assert_eq!(world.stages(), ["home"]);
        assert_eq!(world.only().stay.admitted, Some(moment("2026-11-17 18:05")));
    }
}

#[test]
fn a_stay_told_three_ways_is_one_episode() {
    let adt = report("1", "2026-11-12 09:20", Some("2026-11-15 11:20"));
    let mut summary = report("1", "2026-11-12 00:00", Some("2026-11-15 00:00"));
    summary.numbers.clear();
    (summary.start.as_mut().unwrap().at, summary.end.as_mut().unwrap().at) = (None, None);
    let mut fhir = report("enc-7", "2026-11-12 10:00", Some("2026-11-15 12:00"));
    fhir.numbers[0].system = "fhir".into();
    fhir.apart_in = vec![[7; 32]];
    let all = [adt, summary, fhir];
    for order in [[0, 1, 2], [2, 1, 0], [1, 0, 2], [1, 2, 0]] {
        let mut world = World::new();
        for at in order {
            world.reports.push(all[at].clone());
            world.follow(all[at].news);
        }
        assert_eq!(world.stages(), ["home"], "{order:?}");
        assert_eq!(world.only().stay.facts.len(), 3);
        assert_eq!(world.only().stay.discharged.unwrap().day, day("2026-11-15"));
    }
}

#[test]
fn cancelled_admission_withdraws_and_cancelled_discharge_reopens() {
    let admission = report("1", "2026-11-18 09:00", None);
    let mut world = World::told(vec![admission.clone()]);
    assert_eq!(world.stages(), ["admitted"]);
    world.reports[0].status = StayStatus::Cancelled;
    world.follow(at("2026-11-18 11:40"));
    assert_eq!(world.stages(), ["withdrawn"]);

    let rules = Rules::default();
    let mut world = World::told(vec![report("1", "2026-11-10 09:00", Some("2026-11-13 11:00"))]);
    let mut episode = world.episodes.pop().unwrap();
    // The later word counts, whichever came first.
    say(&mut episode, Said { word: Word::DischargeCancelled, at: at("2026-11-13 12:00") });
    say(&mut episode, Said { word: Word::Discharged, at: at("2026-11-13 11:05") });
    let episode = moved(episode, None, at("2026-11-13 12:01"), &rules);
    assert_eq!(episode.stage(), Stage::Admitted);
    let mut again = episode;
    say(&mut again, Said { word: Word::Discharged, at: at("2026-11-14 10:00") });
    let again = moved(again, None, at("2026-11-14 10:01"), &rules);
    assert_eq!(again.stage(), Stage::Home);
}

#[test]
fn the_visit_counts_by_its_day() {
    let rules = Rules::default();
    let home = || report("1", "2026-11-01 09:00", Some("2026-11-02 11:00"));
    let by = By { staff: None, at: at("2026-11-20 10:00"), note: "" };
    let seen = |on: &str| {
        let episode = World::told(vec![home()]).episodes.remove(0);
        act(episode, &Command::RecordVisit(day(on)), &by, &rules)
    };
    let state = |on: &str| standing(&seen(on).unwrap(), &rules).visit.unwrap();
    assert_eq!(state("2026-11-09"), VisitState::SeenHigh(day("2026-11-09")));
    assert_eq!(state("2026-11-10"), VisitState::SeenModerate(day("2026-11-10")));
    assert_eq!(state("2026-11-16"), VisitState::SeenModerate(day("2026-11-16")));
    assert_eq!(state("2026-11-17"), VisitState::SeenLate(day("2026-11-17"))); // day 15
    assert!(seen("2026-11-02").is_err(), "the day of discharge does not count");
    assert!(seen("2026-11-21").is_err(), "in the future");

    let episode = seen("2026-11-09").unwrap();
    let late = act(episode, &Command::CheckMedicines(day("2026-11-10")), &by, &rules).unwrap();
    let medicines = standing(&late, &rules).medicines.unwrap();
    assert_eq!(medicines, MedicinesState::Done { on: day("2026-11-10"), late: true });
}

#[test]
fn an_end_needs_its_reason_and_its_day() {
    let rules = Rules::default();
    let episode = World::told(vec![report("1", "2026-11-01 09:00", Some("2026-11-02 11:00"))]);
    let episode = episode.only().clone();
    let end = |how, when: &str, note: &str| {
        let by = By { staff: None, at: at(when), note };
        act(episode.clone(), &Command::End(how), &by, &rules)
    };
    assert!(end(EndKind::Finished, "2026-11-30 10:00", "").is_err());
    assert!(end(EndKind::Declined, "2026-11-10 10:00", "").is_err());
    assert!(end(EndKind::Declined, "2026-11-10 10:00", "wants no calls").is_ok());
    let finished = end(EndKind::Finished, "2026-12-01 10:00", "").unwrap();
    assert!(loops(&finished, &rules).is_empty());
    let by = By { staff: None, at: at("2026-12-02 10:00"), note: "" };
    assert!(act(finished.clone(), &Command::SetComplexity(Complexity::High), &by, &rules).is_err());
    let by = By { note: "ended by mistake", ..by };
    let again = act(finished, &Command::Reopen, &by, &rules).unwrap();
    assert_eq!(again.stage(), Stage::Home);
}

#[test]
fn death_ends_what_is_open() {
    let mut world = World::told(vec![report("1", "2026-11-01 09:00", Some("2026-11-02 11:00"))]);
    world.died = true;
    world.follow(at("2026-11-05 09:00"));
    assert_eq!(world.stages(), ["deceased"]);
    let told = loops(world.only(), &Rules::default());
    assert_eq!((told.len(), told[0].due), (1, Due::Day(day("2026-11-06"))));
    let by = By { staff: None, at: at("2026-11-05 10:00"), note: "" };
    let noted = act(world.only().clone(), &Command::TakeNote, &by, &Rules::default()).unwrap();
    assert!(loops(&noted, &Rules::default()).is_empty());
}
