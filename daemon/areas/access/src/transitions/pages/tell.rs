//! An episode in words: its headline, its day, its steps and the state of each track.

use super::super::record::{EndKind, Stage, TransitionEpisode};
use super::super::rules::{ContactState, MedicinesState, Standing, VisitState};
use almoner_core::loops::Due;
use almoner_core::phrase::Phrase;
use almoner_frame::kit::{Step, StepState};
use almoner_frame::{Tone, Visit, Words, due};

/// How far the visit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum VisitStep {
    Open,
    Booked,
    Seen,
}

/// Which tracks are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Tracks {
    pub(super) contacted: bool,
    pub(super) medicines: bool,
    pub(super) visit: VisitStep,
}

impl Tracks {
    pub(super) fn of(standing: &Standing) -> Self {
        let contact = standing.contact.map(|track| track.state);
        Self {
            contacted: matches!(contact, Some(ContactState::Contacted { .. })),
            medicines: matches!(standing.medicines, Some(MedicinesState::Done { .. })),
            visit: match standing.visit {
                None | Some(VisitState::Due) => VisitStep::Open,
                Some(VisitState::Booked(_)) => VisitStep::Booked,
                Some(_) => VisitStep::Seen,
            },
        }
    }
}

/// "Home from St. Brigid Hospital since Nov 15, 2026 · heart failure".
pub(super) fn headline(words: &Words, episode: &TransitionEpisode) -> String {
    let stage = episode.stage();
    let stay = &episode.stay;
    let home = episode.home_since.as_ref().map(|home| home.on);
    let (key, day) = match stage {
        Stage::Admitted | Stage::Expected => {
            ("transition-in-hospital", stay.admitted.map(|it| it.day))
        }
        Stage::Facility => ("transition-in-facility", stay.discharged.map(|it| it.day)),
        Stage::Emergency => ("transition-from-emergency", stay.discharged.map(|it| it.day)),
        Stage::Home => ("transition-home", home.or(stay.discharged.map(|it| it.day))),
        Stage::Ended(_) => ("transition-was", stay.discharged.or(stay.admitted).map(|it| it.day)),
    };
    let mut phrase = Phrase::new(key).with("house", stay.house.as_str());
    phrase = match day {
        Some(day) => phrase.with("day", day),
        None => phrase.with("day", words.t("transition-day-unknown")),
    };
    let said = words.say(&phrase);
    let said =
        if stage.is_over() { format!("{said} · {}", stage_word(words, stage)) } else { said };
    if stay.reason.is_empty() { said } else { format!("{said} · {}", stay.reason) }
}

/// A stage in a word or two.
pub(super) fn stage_word(words: &Words, stage: Stage) -> String {
    words.t(&format!("transition-stage-{}", stage.key()))
}

/// The key of what the timeline says when a stage begins.
pub(super) fn moved_key(stage: Stage) -> &'static str {
    match stage {
        Stage::Admitted => "transition-moved-admitted",
        Stage::Expected => "transition-moved-expected",
        Stage::Home => "transition-moved-home",
        Stage::Emergency => "transition-moved-emergency",
        Stage::Facility => "transition-moved-facility",
        Stage::Ended(how) => match how {
            EndKind::Finished => "transition-moved-finished",
            EndKind::Readmitted => "transition-moved-readmitted",
            EndKind::Deceased => "transition-moved-deceased",
            EndKind::Hospice => "transition-moved-hospice",
            EndKind::Declined => "transition-moved-declined",
            EndKind::Lost => "transition-moved-lost",
            EndKind::Withdrawn => "transition-moved-withdrawn",
            EndKind::Duplicate => "transition-moved-duplicate",
        },
    }
}

/// "day 6 of 30"; empty while the clocks do not run.
pub(super) fn day_of(visit: &Visit, standing: &Standing) -> String {
    let (Some(clocks), false) = (standing.clocks, standing.stage.is_over()) else {
        return String::new();
    };
    let days = (clocks.last_day - clocks.home).num_days() + 1;
    let day = (visit.today() - clocks.home).num_days() + 1;
    visit.say(&Phrase::new("transition-day-of").with("n", day).with("of", days))
}

/// The four steps of the checklist; the first that is not done is where it stands.
pub(super) fn steps(visit: &Visit, standing: &Standing) -> Vec<Step> {
    if standing.clocks.is_none() || standing.stage == Stage::Emergency {
        return Vec::new();
    }
    let tracks = Tracks::of(standing);
    let done = [
        ("transition-step-contact", tracks.contacted),
        ("transition-step-medicines", tracks.medicines),
        ("transition-step-visit", tracks.visit == VisitStep::Seen),
        ("transition-step-day", standing.stage == Stage::Ended(EndKind::Finished)),
    ];
    let mut at = !standing.stage.is_over();
    let step = |(key, done): (&str, bool)| {
        let state = match (done, at) {
            (true, _) => StepState::Done,
            (false, true) => StepState::At,
            (false, false) => StepState::ToCome,
        };
        at &= done;
        Step { label: visit.words().t(key), state }
    };
    done.into_iter().map(step).collect()
}

/// The contact in words, and how urgent it is.
pub(super) fn contact(visit: &Visit, standing: &Standing) -> Option<(String, Tone)> {
    let (track, clocks) = (standing.contact?, standing.clocks?);
    let words = visit.words();
    let tries = |key: &'static str| {
        let tries = i64::try_from(track.tries).unwrap_or(i64::MAX);
        visit.say(&Phrase::new(key).with("n", tries))
    };
    Some(match track.state {
        ContactState::Contacted { at, late } => {
            let day = words.day(visit.house().zone.day(at));
            let key = if late { "transition-contacted-late" } else { "transition-contacted" };
            (words.of_text(key, &day), if late { Tone::Warn } else { Tone::Good })
        }
        ContactState::AttemptsSatisfied => (tries("transition-satisfied"), Tone::Good),
        ContactState::Due => {
            let (left, tone) = left(visit, clocks.contact);
            let by = words.of_text("transition-contact-by", &words.day(clocks.contact));
            (format!("{left} · {by} · {}", tries("transition-tries")), tone)
        }
    })
}

/// The medicines in words.
pub(super) fn medicines(visit: &Visit, standing: &Standing) -> Option<(String, Tone)> {
    let words = visit.words();
    Some(match standing.medicines? {
        MedicinesState::Due(by) => {
            let (left, tone) = left(visit, by);
            let said = words.of_text("transition-medicines-by", &words.day(by));
            (format!("{said} · {left}"), tone)
        }
        MedicinesState::Done { on, late } => {
            let key = if late { "transition-medicines-late" } else { "transition-medicines-done" };
            (words.of_text(key, &words.day(on)), if late { Tone::Warn } else { Tone::Good })
        }
    })
}

/// The visit in words.
pub(super) fn seen(visit: &Visit, standing: &Standing) -> Option<(String, Tone)> {
    let words = visit.words();
    let said = |key: &str, day: chrono::NaiveDate| words.of_text(key, &words.day(day));
    Some(match standing.visit? {
        VisitState::Due => {
            let by = standing.clocks?.visit;
            let (left, tone) = left(visit, by);
            (format!("{} · {left}", said("transition-visit-by", by)), tone)
        }
        VisitState::Booked(on) => (said("transition-visit-booked", on), Tone::Info),
        VisitState::SeenHigh(on) => (said("transition-visit-high", on), Tone::Good),
        VisitState::SeenModerate(on) => (said("transition-visit-moderate", on), Tone::Good),
        VisitState::SeenLate(on) => (said("transition-visit-late", on), Tone::Bad),
    })
}

fn left(visit: &Visit, day: chrono::NaiveDate) -> (String, Tone) {
    due::left(visit.words(), visit.house().zone, visit.now(), Due::Day(day))
}
