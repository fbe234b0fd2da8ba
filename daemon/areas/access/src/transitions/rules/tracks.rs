//! Where an episode stands: its stage and the three parallel tracks contact, medicines and visit,
//! each with its own state and deadline.

use crate::transitions::record::{Attempt, Complexity, EndKind, Stage, TransitionEpisode, Word};
use crate::transitions::rules::stay::{Setting, StayStatus};
use almoner_care::contacts::{Ending, Party};
use almoner_core::rules::{Bucket, Rules};
use almoner_core::time::Timestamp;
use chrono::{Days, Duration, NaiveDate};

/// The deadlines of an episode at home.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Clocks {
    /// The day of discharge: the first day.
    pub home: NaiveDate,
    /// When the clocks started.
    pub started: Timestamp,
    /// Contact by this business day (CPT 99495: within 2 business days of discharge).
    pub contact: NaiveDate,
    /// Visit by this day: within 7 or 14 days, as decided; 7 while undecided.
    pub visit: NaiveDate,
    pub visit_high: NaiveDate,
    pub visit_moderate: NaiveDate,
    /// The last day of the period: the day of discharge and 29 more.
    pub last_day: NaiveDate,
}

/// The contact after discharge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContactState {
    /// Not reached; so many failed tries.
    Due,
    /// Enough separate failed tries in time: the rule is met, the chase goes on.
    AttemptsSatisfied,
    Contacted {
        at: Timestamp,
        late: bool,
    },
}

/// The contact with its tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ContactTrack {
    pub state: ContactState,
    /// Failed tries since the discharge.
    pub tries: usize,
    /// When to try again: planned, or the next business day after the last try.
    pub next_try: Option<NaiveDate>,
}

/// The medicines after discharge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MedicinesState {
    Due(NaiveDate),
    /// Reconciled; late when after the visit or, without one, after its deadline.
    Done {
        on: NaiveDate,
        late: bool,
    },
}

/// The visit after discharge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VisitState {
    Due,
    Booked(NaiveDate),
    /// Seen within 7 days, within 14, or later.
    SeenHigh(NaiveDate),
    SeenModerate(NaiveDate),
    SeenLate(NaiveDate),
}

/// Where an episode stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    pub stage: Stage,
    /// While home or home from the emergency room, and after that.
    pub clocks: Option<Clocks>,
    pub contact: Option<ContactTrack>,
    pub medicines: Option<MedicinesState>,
    pub visit: Option<VisitState>,
}

/// Works it out.
pub fn standing(episode: &TransitionEpisode, rules: &Rules) -> Standing {
    let clocks = clocks(episode, rules);
    let contact = clocks.map(|clocks| contact(episode, &clocks, rules));
    let visit = clocks.map(|clocks| visit(episode, &clocks));
    let medicines = clocks.map(|clocks| medicines(episode, &clocks, visit));
    let mut standing = Standing { stage: Stage::Admitted, clocks, contact, medicines, visit };
    standing.stage = stage(episode, &standing);
    standing
}

/// The instant at which a stage began, as far as known.
pub(super) fn happened(
    episode: &TransitionEpisode,
    stage: Stage,
    recorded: Timestamp,
    rules: &Rules,
) -> Timestamp {
    let midnight = |day: NaiveDate| rules.zone.instant(day.and_time(chrono::NaiveTime::MIN));
    let of = |moment: Option<crate::transitions::rules::stay::Moment>| {
        moment.map(|moment| moment.at.unwrap_or_else(|| midnight(moment.day)))
    };
    let at = match stage {
        Stage::Admitted => of(episode.stay.admitted),
        Stage::Home => match &episode.home_since {
            Some(home) => Some(midnight(home.on)),
            None => of(episode.stay.discharged),
        },
        Stage::Emergency | Stage::Facility | Stage::Ended(EndKind::Deceased | EndKind::Hospice)
            if episode.end.is_none() =>
        {
            of(episode.stay.discharged)
        }
        Stage::Ended(EndKind::Withdrawn) if episode.end.is_none() => of(episode.stay.admitted),
        Stage::Ended(EndKind::Readmitted) => episode.readmitted.as_ref().map(|it| midnight(it.on)),
        _ => None,
    };
    at.unwrap_or(recorded).min(recorded)
}

/// Whether a try counts as having talked: two ways, with the patient or a caregiver.
pub(super) fn is_contact(attempt: &Attempt) -> bool {
    attempt.ending == Ending::Reached
        && attempt.interactive
        && matches!(attempt.party, Party::Patient | Party::Caregiver)
}

fn stage(episode: &TransitionEpisode, standing: &Standing) -> Stage {
    if let Some(end) = &episode.end {
        return Stage::Ended(end.how);
    }
    if episode.stay.status == StayStatus::Cancelled {
        return Stage::Ended(EndKind::Withdrawn);
    }
    let discharged = is_discharged(episode) || episode.home_since.is_some();
    let bucket = episode.stay.bucket;
    if discharged && bucket == Bucket::Deceased {
        return Stage::Ended(EndKind::Deceased);
    }
    if episode.readmitted.is_some() {
        return Stage::Ended(EndKind::Readmitted);
    }
    let emergency = episode.stay.setting == Setting::Emergency && standing.clocks.is_some();
    if emergency && followed_up(standing) {
        return Stage::Ended(EndKind::Finished);
    }
    if episode.died {
        return Stage::Ended(EndKind::Deceased);
    }
    if !discharged {
        let expected = episode.said.last().is_some_and(|it| it.word == Word::DischargeExpected);
        return if expected { Stage::Expected } else { Stage::Admitted };
    }
    match bucket {
        Bucket::Hospice => Stage::Ended(EndKind::Hospice),
        Bucket::Facility | Bucket::Transfer if episode.home_since.is_none() => Stage::Facility,
        _ if emergency => Stage::Emergency,
        _ => Stage::Home,
    }
}

/// An emergency visit is followed up by a visit or a talk.
fn followed_up(standing: &Standing) -> bool {
    let talked =
        standing.contact.is_some_and(|it| matches!(it.state, ContactState::Contacted { .. }));
    let seen =
        standing.visit.is_some_and(|it| !matches!(it, VisitState::Due | VisitState::Booked(_)));
    talked || seen
}

fn is_discharged(episode: &TransitionEpisode) -> bool {
    let mut said = episode
        .said
        .iter()
        .filter(|it| matches!(it.word, Word::Discharged | Word::DischargeCancelled));
    let cancelled = said.next_back().is_some_and(|it| it.word == Word::DischargeCancelled);
    episode.stay.status == StayStatus::Discharged
        && episode.stay.discharged.is_some()
        && episode.stay.bucket != Bucket::Open
        && !cancelled
}

/// The deadlines; `None` while the patient is not home.
fn clocks(episode: &TransitionEpisode, rules: &Rules) -> Option<Clocks> {
    let bucket = episode.stay.bucket;
    let home = match &episode.home_since {
        Some(home) => home.on,
        None if is_discharged(episode) && bucket.is_home() => episode.stay.discharged?.day,
        None => return None,
    };
    let told = episode.stay.discharged.filter(|moment| moment.day == home);
    let midnight = || rules.zone.instant(home.and_time(chrono::NaiveTime::MIN));
    let started = told.and_then(|moment| moment.at).unwrap_or_else(midnight);
    let after = |days: i64| home.checked_add_days(Days::new(days.unsigned_abs())).unwrap_or(home);
    let tcm = rules.transitions(home);
    let (high, moderate) = (after(tcm.visit_days_high), after(tcm.visit_days_moderate));
    let contact = rules.calendar().add_business_days(home, tcm.contact_business_days);
    let last_day = after(tcm.period_days - 1);
    if episode.stay.setting == Setting::Emergency {
        let by = after(rules.emergency(home).follow_up_days);
        let visits = (by, by, by);
        let (visit, visit_high, visit_moderate) = visits;
        let (contact, last_day) = (by, by);
        return Some(Clocks {
            home,
            started,
            contact,
            visit,
            visit_high,
            visit_moderate,
            last_day,
        });
    }
    let visit = if episode.complexity == Complexity::Moderate { moderate } else { high };
    let (visit_high, visit_moderate) = (high, moderate);
    Some(Clocks { home, started, contact, visit, visit_high, visit_moderate, last_day })
}

fn contact(episode: &TransitionEpisode, clocks: &Clocks, rules: &Rules) -> ContactTrack {
    let since: Vec<&Attempt> =
        episode.attempts.iter().filter(|attempt| attempt.at >= clocks.started).collect();
    let failed = |attempt: &&&Attempt| attempt.ending.is_failed_attempt() && !attempt.incoming;
    let tries = since.iter().filter(failed).count();
    let tcm = rules.transitions(clocks.home);
    let in_time = |attempt: &Attempt| rules.zone.day(attempt.at) <= clocks.contact;
    let reached = since.iter().find(|attempt| is_contact(attempt));
    let state = if let Some(talk) = reached {
        ContactState::Contacted { at: talk.at, late: !in_time(talk) }
    } else {
        let timely = since.iter().filter(failed).filter(|attempt| in_time(attempt));
        let separate = separate(timely.map(|attempt| attempt.at), tcm.attempt_gap_minutes);
        let satisfied = tcm.attempts > 0 && separate >= tcm.attempts;
        if satisfied { ContactState::AttemptsSatisfied } else { ContactState::Due }
    };
    let last = since.iter().rfind(|attempt| failed(attempt));
    let next_try = last.filter(|_| reached.is_none()).map(|last| {
        let usual = rules.calendar().add_business_days(rules.zone.day(last.at), 1);
        last.next_try.unwrap_or(usual)
    });
    ContactTrack { state, tries, next_try }
}

/// How many of these moments lie far enough from the one counted before.
fn separate(times: impl Iterator<Item = Timestamp>, gap_minutes: i64) -> usize {
    let mut counted: Vec<Timestamp> = Vec::new();
    for at in times {
        let gap = Duration::minutes(gap_minutes);
        if counted.last().is_none_or(|last| at - *last >= gap) {
            counted.push(at);
        }
    }
    counted.len()
}

fn visit(episode: &TransitionEpisode, clocks: &Clocks) -> VisitState {
    match (&episode.visit.seen, &episode.visit.booked) {
        (Some(seen), _) if seen.on <= clocks.visit_high => VisitState::SeenHigh(seen.on),
        (Some(seen), _) if seen.on <= clocks.visit_moderate => VisitState::SeenModerate(seen.on),
        (Some(seen), _) => VisitState::SeenLate(seen.on),
        (None, Some(booked)) => VisitState::Booked(booked.on),
        (None, None) => VisitState::Due,
    }
}

/// Medicines are reconciled no later than the day of the visit (CPT 99495).
fn medicines(
    episode: &TransitionEpisode,
    clocks: &Clocks,
    visit: Option<VisitState>,
) -> MedicinesState {
    let by = match visit {
        Some(VisitState::Booked(on)) => on.min(clocks.visit_moderate),
        Some(
            VisitState::SeenHigh(on) | VisitState::SeenModerate(on) | VisitState::SeenLate(on),
        ) => on,
        _ => clocks.visit,
    };
    match &episode.medicines {
        Some(done) => MedicinesState::Done { on: done.on, late: done.on > by },
        None => MedicinesState::Due(by),
    }
}
