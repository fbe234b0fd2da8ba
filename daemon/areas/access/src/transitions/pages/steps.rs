//! What the buttons of a transition do: each takes one step and says what was done.

use super::super::record::{Complexity, TransitionEpisode};
use super::super::rules::{self, Command};
use super::super::store;
use super::of_path;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::phrase::Phrase;
use almoner_frame::{Form, Next, Visit, dates};
use almoner_store::Writer;
use chrono::NaiveDate;

/// The medicines were reconciled.
pub(super) fn medicines(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let on = day_or_today(visit, form)?;
    let episode = step(writer, visit, form, &Command::CheckMedicines(on))?;
    Ok(said(&episode, Phrase::new("transition-said-medicines").with("day", on)))
}

/// A visit booked, seen, or missed.
pub(super) fn visit(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let unclear = || Fault::refused("on", Phrase::new("care-day-unclear"));
    let on = typed_day(visit, form).ok_or_else(unclear)?;
    let (command, key) = match form.text("do") {
        "seen" => (Command::RecordVisit(on), "transition-said-seen"),
        "missed" => (Command::MissVisit(on), "transition-said-missed"),
        _ => (Command::BookVisit(on), "transition-said-booked"),
    };
    let episode = step(writer, visit, form, &command)?;
    Ok(said(&episode, Phrase::new(key).with("day", on)))
}

/// Seven days or fourteen.
pub(super) fn complexity(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let complexity = match form.text("complexity") {
        "high" => Complexity::High,
        "moderate" => Complexity::Moderate,
        _ => Complexity::Undecided,
    };
    let episode = step(writer, visit, form, &Command::SetComplexity(complexity))?;
    Ok(said(&episode, Phrase::new("transition-said-complexity")))
}

/// Still away, or home since a day.
pub(super) fn whereabouts(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let on = day_or_today(visit, form)?;
    let (command, key) = match form.text("do") {
        "home" => (Command::CameHome(on), "transition-said-home"),
        _ => (Command::StillAway(on), "transition-said-away"),
    };
    let episode = step(writer, visit, form, &command)?;
    Ok(said(&episode, Phrase::new(key).with("day", on)))
}

/// Taken note of an end.
pub(super) fn take_note(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let episode = step(writer, visit, form, &Command::TakeNote)?;
    Ok(said(&episode, Phrase::new("transition-said-noted")))
}

/// Ended by a person.
pub(super) fn end(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let how = rules::end_kind(form.text("how"))?;
    let episode = step(writer, visit, form, &Command::End(how))?;
    Ok(said(&episode, Phrase::new("transition-said-ended")))
}

/// Opened again.
pub(super) fn reopen(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let episode = step(writer, visit, form, &Command::Reopen)?;
    Ok(said(&episode, Phrase::new("transition-said-reopened")))
}

fn step(
    writer: &mut Writer<'_>,
    visit: &Visit,
    form: &Form,
    command: &Command,
) -> Outcome<TransitionEpisode> {
    let episode = of_path(writer, visit)?;
    if form.text("patient") != episode.patient.to_string() {
        return Err(Fault::Stale("transition"));
    }
    store::act(writer, episode.id, command, form.text("reason"))
}

fn said(episode: &TransitionEpisode, notice: Phrase) -> Next {
    Next::saying(episode.path(), notice)
}

fn typed_day(visit: &Visit, form: &Form) -> Option<NaiveDate> {
    dates::day(visit.language(), visit.today(), form.text("on"))
}

/// An empty field means today.
fn day_or_today(visit: &Visit, form: &Form) -> Outcome<NaiveDate> {
    if form.text("on").is_empty() {
        return Ok(visit.today());
    }
    typed_day(visit, form).ok_or_else(|| Fault::refused("on", Phrase::new("care-day-unclear")))
}
