//! What is due after a stay, and when. Pure: the numbers come from the rule data, time is given.

mod follow;
mod owed;
pub mod stay;
#[cfg(test)]
mod tests;
mod tracks;

pub use follow::{Around, follow, say};
pub use owed::loops;
pub use tracks::{
    Clocks, ContactState, ContactTrack, MedicinesState, Standing, VisitState, standing,
};

use super::record::{Complexity, Done, End, EndKind, Stage, TransitionEpisode};
use almoner_core::fault::{Fault, Outcome, Refusal};
use almoner_core::ids::StaffId;
use almoner_core::phrase::Phrase;
use almoner_core::rules::Rules;
use almoner_core::time::Timestamp;
use chrono::NaiveDate;

/// Something that a person does with an episode.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// The medicines were reconciled on this day.
    CheckMedicines(NaiveDate),
    BookVisit(NaiveDate),
    /// The patient was seen on this day.
    RecordVisit(NaiveDate),
    /// The patient did not come.
    MissVisit(NaiveDate),
    SetComplexity(Complexity),
    /// Asked on this day: still in the facility.
    StillAway(NaiveDate),
    /// Home from the facility since this day.
    CameHome(NaiveDate),
    /// Take note of how it ended.
    TakeNote,
    End(EndKind),
    /// Open it again.
    Reopen,
}

/// Who does it, when, with which words.
#[derive(Clone, Debug)]
pub struct By<'a> {
    pub staff: Option<StaffId>,
    pub at: Timestamp,
    pub note: &'a str,
}

/// Does it, or says why not.
pub fn act(
    mut episode: TransitionEpisode,
    command: &Command,
    by: &By<'_>,
    rules: &Rules,
) -> Outcome<TransitionEpisode> {
    allowed(&episode, command, by, rules)?;
    let done =
        |on: NaiveDate| Done { on, by: by.staff, recorded: by.at, note: by.note.trim().to_owned() };
    let today = rules.zone.day(by.at);
    match *command {
        Command::CheckMedicines(on) => episode.medicines = Some(done(on)),
        Command::BookVisit(on) => episode.visit.booked = Some(done(on)),
        Command::RecordVisit(on) => episode.visit.seen = Some(done(on)),
        Command::MissVisit(on) => {
            episode.visit.booked = None;
            episode.visit.missed.push(done(on));
        }
        Command::SetComplexity(complexity) => episode.complexity = complexity,
        Command::StillAway(on) => episode.asked.push(done(on)),
        Command::CameHome(on) => episode.home_since = Some(done(on)),
        Command::TakeNote => episode.noted = Some(done(today)),
        Command::End(how) => {
            let reason = by.note.trim().to_owned();
            episode.end = Some(End { how, reason, by: by.staff, at: by.at });
        }
        Command::Reopen => (episode.end, episode.noted) = (None, None),
    }
    Ok(moved(episode, by.staff, by.at, rules))
}

/// Writes down a change of stage, if there is one.
pub fn moved(
    mut episode: TransitionEpisode,
    by: Option<StaffId>,
    recorded: Timestamp,
    rules: &Rules,
) -> TransitionEpisode {
    let stage = standing(&episode, rules).stage;
    if episode.moves.last().is_none_or(|last| last.stage != stage) {
        let at = tracks::happened(&episode, stage, recorded, rules);
        let fact = if by.is_none() { episode.stay.facts.last().copied() } else { None };
        episode.moves.push(super::record::Move { stage, at, recorded, by, fact });
    }
    episode
}

fn allowed(
    episode: &TransitionEpisode,
    command: &Command,
    by: &By<'_>,
    rules: &Rules,
) -> Outcome<()> {
    let now = standing(episode, rules);
    let today = rules.zone.day(by.at);
    let mut refusal = Refusal::default();
    let over = now.stage.is_over();
    match *command {
        Command::TakeNote => refusal.when(!over, "", Phrase::new("transition-still-open")),
        Command::Reopen => {
            refusal.when(episode.end.is_none(), "", Phrase::new("transition-not-ended-by-hand"));
            refusal.when(by.note.trim().is_empty(), "reason", Phrase::new("care-reason-missing"));
        }
        _ => refusal.when(over, "", Phrase::new("transition-over")),
    }
    refusal.or_ok()?;
    let mut refusal = Refusal::default();
    match *command {
        Command::CheckMedicines(on) | Command::RecordVisit(on) | Command::MissVisit(on) => {
            refusal.when(on > today, "on", Phrase::new("transition-on-future"));
            let early = now.clocks.is_some_and(|clocks| on < clocks.home);
            refusal.when(early, "on", Phrase::new("transition-on-early"));
            let first_day = matches!(command, Command::RecordVisit(_))
                && now.clocks.is_some_and(|clocks| on == clocks.home);
            refusal.when(first_day, "on", Phrase::new("transition-visit-first-day"));
        }
        Command::BookVisit(on) => {
            let early = now.clocks.is_some_and(|clocks| on <= clocks.home);
            refusal.when(early, "on", Phrase::new("transition-visit-first-day"));
        }
        Command::StillAway(on) | Command::CameHome(on) => {
            let away = matches!(now.stage, Stage::Facility | Stage::Admitted | Stage::Expected);
            refusal.when(!away, "", Phrase::new("transition-not-away"));
            refusal.when(on > today, "on", Phrase::new("transition-on-future"));
        }
        Command::End(how) => {
            let needs = how != EndKind::Finished;
            let silent = needs && by.note.trim().is_empty();
            refusal.when(silent, "reason", Phrase::new("care-reason-missing"));
            unfinished(&now, how, today, &mut refusal);
        }
        _ => {}
    }
    let tracked = matches!(
        command,
        Command::CheckMedicines(_) | Command::BookVisit(_) | Command::RecordVisit(_)
    );
    let no_clock = tracked && now.clocks.is_none();
    refusal.when(no_clock, "", Phrase::new("transition-not-home"));
    refusal.or_ok()
}

/// An episode is finished when its days are over, not before; leaving something open is said, not
/// forbidden.
fn unfinished(now: &Standing, how: EndKind, today: NaiveDate, refusal: &mut Refusal) {
    let Some(clocks) = now.clocks else { return };
    let early = how == EndKind::Finished && today < clocks.last_day;
    refusal.when(early, "how", Phrase::new("transition-finish-early").with("day", clocks.last_day));
}

/// The reading of a way to end that a person may choose.
pub fn end_kind(text: &str) -> Outcome<EndKind> {
    [EndKind::Finished, EndKind::Declined, EndKind::Lost, EndKind::Hospice, EndKind::Deceased]
        .into_iter()
        .chain([EndKind::Withdrawn])
        .find(|how| how.key() == text)
        .ok_or_else(|| Fault::refused("how", Phrase::new("transition-how-missing")))
}
