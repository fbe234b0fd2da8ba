//! The loops of an episode: what is still owed, by when, in which words, with which next verb.

use super::tracks::{Clocks, ContactState, MedicinesState, Standing, VisitState, standing};
use crate::transitions::record::{EndKind, Stage, TransitionEpisode};
use almoner_core::loops::{Due, Loop, LoopKind, RuleClock};
use almoner_core::phrase::Phrase;
use almoner_core::rules::Rules;
use chrono::{Days, NaiveDate};

const CONTACT: u8 = 0;
const MEDICINES: u8 = 1;
const VISIT: u8 = 2;
const PERIOD: u8 = 3;
const WHERE: u8 = 4;
const TELL: u8 = 5;

/// The loops of an episode.
pub fn loops(episode: &TransitionEpisode, rules: &Rules) -> Vec<Loop> {
    let now = standing(episode, rules);
    match (now.stage, now.clocks) {
        (Stage::Home, Some(clocks)) => [
            contact(episode, &now, &clocks, rules),
            medicines(episode, &now, &clocks),
            visit(episode, &now, &clocks),
            Some(period(episode, &clocks)),
        ]
        .into_iter()
        .flatten()
        .collect(),
        (Stage::Emergency, Some(clocks)) => vec![emergency(episode, &clocks)],
        (Stage::Facility, _) => vec![away(episode, rules)],
        (Stage::Admitted | Stage::Expected, _) => vec![silent(episode, rules)],
        (Stage::Ended(how), _) => tell(episode, how, rules).into_iter().collect(),
        (Stage::Home | Stage::Emergency, None) => Vec::new(),
    }
}

fn contact(
    episode: &TransitionEpisode,
    now: &Standing,
    clocks: &Clocks,
    rules: &Rules,
) -> Option<Loop> {
    let track = now.contact?;
    let tries = i64::try_from(track.tries).unwrap_or(i64::MAX);
    let told = |key: &'static str| about(Phrase::new(key), episode, clocks).with("n", tries);
    let base = base(episode, CONTACT, LoopKind::TransitionContact)
        .what("transition-contact-what")
        .next("contact-log", episode.call_path());
    let owed = match track.state {
        ContactState::Contacted { .. } => return None,
        ContactState::AttemptsSatisfied => {
            let due = track.next_try.unwrap_or(clocks.contact);
            base.due(due).why(told("transition-satisfied-why"))
        }
        ContactState::Due => {
            let end = rules.zone.end_of(clocks.contact);
            let late_news = episode.discharge_heard.is_some_and(|heard| end <= heard);
            let key = match (late_news, episode.stay.reason.is_empty()) {
                (true, _) => "transition-late-news-why",
                (false, true) => "transition-contact-why",
                (false, false) => "transition-contact-for-why",
            };
            let mut owed = base.due(clocks.contact).why(told(key));
            owed.0.opens = track.next_try.map(|next| next.min(clocks.contact));
            owed.clock("transition-contact-rule", clocks)
        }
    };
    Some(owed.done())
}

fn medicines(episode: &TransitionEpisode, now: &Standing, clocks: &Clocks) -> Option<Loop> {
    let MedicinesState::Due(by) = now.medicines? else { return None };
    let owed = base(episode, MEDICINES, LoopKind::TransitionMedicines)
        .what("transition-medicines-what")
        .why(about(Phrase::new("transition-medicines-why"), episode, clocks))
        .next("transition-medicines-next", format!("{}#medicines", episode.path()))
        .due(by);
    Some(owed.done())
}

fn visit(episode: &TransitionEpisode, now: &Standing, clocks: &Clocks) -> Option<Loop> {
    let base = base(episode, VISIT, LoopKind::TransitionVisit).what("transition-visit-what");
    let path = format!("{}#visit", episode.path());
    let owed = match now.visit? {
        VisitState::Due => base
            .due(clocks.visit)
            .why(
                about(Phrase::new("transition-visit-why"), episode, clocks)
                    .with("high", clocks.visit_high)
                    .with("moderate", clocks.visit_moderate),
            )
            .next("transition-visit-book", path)
            .clock("transition-visit-rule", clocks),
        VisitState::Booked(on) => base
            .due(on)
            .why(about(Phrase::new("transition-booked-why"), episode, clocks).with("on", on))
            .next("transition-visit-record", path),
        _ => return None,
    };
    Some(owed.done())
}

fn period(episode: &TransitionEpisode, clocks: &Clocks) -> Loop {
    let mut owed = base(episode, PERIOD, LoopKind::TransitionMonitoring)
        .what("transition-period-what")
        .why(about(Phrase::new("transition-period-why"), episode, clocks))
        .next("transition-period-next", format!("{}#end", episode.path()))
        .due(clocks.last_day);
    owed.0.opens = Some(clocks.last_day);
    owed.done()
}

fn emergency(episode: &TransitionEpisode, clocks: &Clocks) -> Loop {
    base(episode, VISIT, LoopKind::TransitionVisit)
        .what("transition-emergency-what")
        .why(about(Phrase::new("transition-emergency-why"), episode, clocks))
        .next("contact-log", episode.call_path())
        .due(clocks.visit)
        .clock("transition-emergency-rule", clocks)
        .done()
}

/// In a facility: ask again every week.
fn away(episode: &TransitionEpisode, rules: &Rules) -> Loop {
    let since = episode.stay.discharged.map(|moment| moment.day);
    let opened = rules.zone.day(episode.opened);
    let last = episode.asked.iter().map(|asked| asked.on).max().or(since).unwrap_or(opened);
    let due = later(last, rules.transitions(last).facility_days);
    let why = Phrase::new("transition-away-why").with("day", since.unwrap_or(opened));
    base(episode, WHERE, LoopKind::TransitionMonitoring)
        .what("transition-away-what")
        .why(why)
        .next("transition-away-next", format!("{}#where", episode.path()))
        .due(due)
        .done()
}

/// Still in hospital as far as we know: ask when no news came for long.
fn silent(episode: &TransitionEpisode, rules: &Rules) -> Loop {
    let news = rules.zone.day(episode.stay.news);
    let last = episode.asked.iter().map(|asked| asked.on).max().map_or(news, |on| on.max(news));
    let due = later(last, rules.transitions(last).silent_stay_days);
    let since = episode.stay.admitted.map_or(news, |moment| moment.day);
    let mut owed = base(episode, WHERE, LoopKind::TransitionMonitoring)
        .what("transition-silent-what")
        .why(Phrase::new("transition-silent-why").with("day", since))
        .next("transition-silent-next", format!("{}#where", episode.path()))
        .due(due);
    owed.0.opens = Some(due);
    owed.done()
}

/// An end that came by itself and that the coordinator must know of.
fn tell(episode: &TransitionEpisode, how: EndKind, rules: &Rules) -> Option<Loop> {
    let key = match how {
        EndKind::Deceased => "transition-tell-deceased",
        EndKind::Hospice => "transition-tell-hospice",
        EndKind::Withdrawn => "transition-tell-withdrawn",
        _ => return None,
    };
    if episode.noted.is_some() || episode.end.is_some() {
        return None;
    }
    let heard = rules.zone.day(episode.moves.last().map_or(episode.opened, |it| it.recorded));
    let days = rules.transitions(heard).tell_business_days;
    let mut owed = base(episode, TELL, LoopKind::TransitionMonitoring)
        .why(Phrase::new("transition-tell-why").with("day", heard))
        .next("transition-tell-next", format!("{}#note", episode.path()))
        .due(rules.calendar().add_business_days(heard, days));
    owed.0.what = Phrase::new(key);
    Some(owed.done())
}

/// What most lines say: since when home, from where.
fn about(phrase: Phrase, episode: &TransitionEpisode, clocks: &Clocks) -> Phrase {
    phrase.with("day", clocks.home).with("reason", episode.stay.reason.as_str())
}

fn later(day: NaiveDate, days: i64) -> NaiveDate {
    day.checked_add_days(Days::new(days.unsigned_abs())).unwrap_or(day)
}

/// A loop while it is being written.
struct Draft(Loop);

fn base(episode: &TransitionEpisode, slot: u8, kind: LoopKind) -> Draft {
    Draft(Loop {
        slot,
        kind,
        owner: episode.owner,
        patient: Some(episode.patient),
        opens: None,
        due: Due::Instant(episode.opened),
        what: Phrase::default(),
        why: Phrase::default(),
        next: Phrase::default(),
        next_path: String::new(),
        path: episode.path(),
        clock: None,
    })
}

impl Draft {
    fn what(mut self, key: &'static str) -> Self {
        self.0.what = Phrase::new(key);
        self
    }

    fn why(mut self, why: Phrase) -> Self {
        self.0.why = why;
        self
    }

    fn next(mut self, key: &'static str, path: String) -> Self {
        (self.0.next, self.0.next_path) = (Phrase::new(key), path);
        self
    }

    fn due(mut self, day: NaiveDate) -> Self {
        self.0.due = Due::Day(day);
        self
    }

    fn clock(mut self, rule: &'static str, clocks: &Clocks) -> Self {
        let rule = Phrase::new(rule);
        self.0.clock = Some(RuleClock { rule, started: clocks.started });
        self
    }

    fn done(self) -> Loop {
        self.0
    }
}

impl TransitionEpisode {
    /// Where a call about it is logged.
    pub fn call_path(&self) -> String {
        format!("/p/{}/contacts/new?for={}", self.patient, self.id)
    }
}
