//! The pages of transitions: the board of all, one with its checklist, what can be done with it, and
//! what the patient's page and timeline show.

mod board;
mod detail;
mod steps;
mod tell;

use super::record::{EpisodeId, Move, TransitionEpisode};
use super::rules::{self, Standing};
use super::store;
use almoner_care::contacts::{self, Contact, ContactId};
use almoner_core::clinical::When;
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_core::loops::OpenLoop;
use almoner_core::permission::May;
use almoner_core::phrase::Phrase;
use almoner_frame::kit::Step;
use almoner_frame::timeline::{Origin, Place};
use almoner_frame::{
    First, NavItem, Page, Panel, PanelPlace, Route, Tab, Timeline, TimelineItem, Tone, Trust, Try,
    Visit, Words,
};
use almoner_people::patients;
use almoner_store::{Reader, Record, Verb};
use askama::Template;

/// The pages.
pub(super) const ROUTES: &[Route] = &[
    Route::Show { path: "/transitions", may: May::SeeTransitions, page: board::page },
    Route::Show { path: "/transitions/{id}", may: May::SeeTransitions, page: detail::page },
    Route::Show { path: "/p/{patient}/transitions", may: May::SeeChart, page: of_patient },
    Route::Work {
        path: "/transitions/{id}/medicines",
        may: May::WorkTransitions,
        verb: Verb("transition.medicines"),
        work: steps::medicines,
        again: detail::again,
    },
    Route::Work {
        path: "/transitions/{id}/visit",
        may: May::WorkTransitions,
        verb: Verb("transition.visit"),
        work: steps::visit,
        again: detail::again,
    },
    Route::Work {
        path: "/transitions/{id}/complexity",
        may: May::WorkTransitions,
        verb: Verb("transition.complexity"),
        work: steps::complexity,
        again: detail::again,
    },
    Route::Work {
        path: "/transitions/{id}/where",
        may: May::WorkTransitions,
        verb: Verb("transition.where"),
        work: steps::whereabouts,
        again: detail::again,
    },
    Route::Work {
        path: "/transitions/{id}/note",
        may: May::WorkTransitions,
        verb: Verb("transition.note"),
        work: steps::take_note,
        again: detail::again,
    },
    Route::Work {
        path: "/transitions/{id}/end",
        may: May::WorkTransitions,
        verb: Verb("transition.end"),
        work: steps::end,
        again: detail::again,
    },
    Route::Work {
        path: "/transitions/{id}/reopen",
        may: May::WorkTransitions,
        verb: Verb("transition.reopen"),
        work: steps::reopen,
        again: detail::again,
    },
];

/// Where they stand in the navigation.
pub(super) const NAV: &[NavItem] = &[NavItem {
    label: "nav-transitions",
    href: "/transitions",
    may: May::SeeTransitions,
    icon: "home",
    order: 20,
    count: Some(count),
}];

/// The tab of the patient's pages.
pub(super) const TABS: &[Tab] = &[Tab {
    label: "tab-transitions",
    path: "/transitions",
    may: May::SeeChart,
    order: 60,
    count: Some(open_of),
}];

/// What the patient's overview shows.
pub(super) const PANELS: &[Panel] =
    &[Panel { place: PanelPlace::Main, order: 10, may: May::SeeChart, draw: panel }];

#[derive(Template)]
#[template(path = "transitions/pages/panel.html")]
struct Lately<'p> {
    words: &'p Words,
    id: &'static str,
    title: String,
    /// A page of its own, with its heading; else a panel of the overview.
    whole: bool,
    lines: Vec<Line>,
}

/// One episode in few words, with its steps.
struct Line {
    href: String,
    title: String,
    said: String,
    steps: Vec<Step>,
}

fn count(reader: &Reader<'_>, _: &Visit) -> Outcome<Option<(u64, bool)>> {
    let open = store::open_count(reader)?;
    Ok((open > 0).then_some((open, false)))
}

fn open_of(reader: &Reader<'_>, _: &Visit, patient: PatientId) -> Outcome<Option<u64>> {
    let open = store::of(reader, patient)?.iter().filter(|it| !it.stage().is_over()).count();
    Ok((open > 0).then_some(open as u64))
}

fn panel(reader: &Reader<'_>, visit: &Visit, patient: PatientId) -> Outcome<Option<Trust>> {
    let mut episodes = store::of(reader, patient)?;
    episodes.retain(|it| !it.stage().is_over());
    if episodes.is_empty() {
        return Ok(None);
    }
    let words = visit.words();
    let title = words.t("tab-transitions");
    let lines = episodes.iter().map(|it| line(reader, visit, it)).collect();
    Trust::of(&Lately { words, id: "transitions", title, whole: false, lines }).map(Some)
}

fn of_patient(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let patient: PatientId = visit.id("patient")?;
    let words = visit.words();
    let title = words.t("tab-transitions");
    let episodes = store::of(reader, patient)?;
    let lines = episodes.iter().map(|it| line(reader, visit, it)).collect();
    let page = Lately { words, id: "transitions", title: title.clone(), whole: true, lines };
    patients::record_page(reader, visit, patient, &title, &page)
}

fn line(reader: &Reader<'_>, visit: &Visit, episode: &TransitionEpisode) -> Line {
    let standing = rules::standing(episode, reader.rules());
    Line {
        href: episode.path(),
        title: tell::headline(visit.words(), episode),
        said: tell::day_of(visit, &standing),
        steps: tell::steps(visit, &standing),
    }
}

/// What the patient's timeline shows: each change of stage.
pub(super) const TIMELINE: Timeline = Timeline {
    kinds: &["loop"],
    tell: |reader, visit, patient, window| {
        store::told(reader, patient, window, &|place, episode, step| {
            event(reader, visit, place, episode, step)
        })
    },
};

fn event(
    reader: &Reader<'_>,
    visit: &Visit,
    place: Place,
    episode: &TransitionEpisode,
    step: &Move,
) -> Outcome<Option<TimelineItem>> {
    let local = visit.house().zone.local(step.at).format("%Y-%m-%dT%H:%M:%S").to_string();
    let Some(when) = When::parse(&local) else { return Ok(None) };
    let origin = match (step.by, step.fact) {
        (Some(staff), _) => Origin::Staff(staff),
        (None, Some(fact)) => {
            let fact = almoner_chart::fact(reader, fact)?;
            Origin::Source(fact.newest().map(|it| it.source.clone()).unwrap_or_default())
        }
        (None, None) => Origin::Source(String::new()),
    };
    Ok(Some(TimelineItem {
        place,
        when,
        icon: "home",
        tone: Tone::Info,
        kind: "loop",
        what: Phrase::new(tell::moved_key(step.stage)),
        detail: episode.stay.reason.clone(),
        lang: String::new(),
        origin,
        source: episode.stay.house.clone(),
        href: Some(episode.path()),
    }))
}

/// The contacts that were tried after a discharge.
pub(super) fn tries(reader: &Reader<'_>, _: &Visit, open: &OpenLoop) -> Outcome<Vec<Try>> {
    if open.kind != <TransitionEpisode as Record>::KIND.code {
        return Ok(Vec::new());
    }
    let Some(episode) = reader.find::<TransitionEpisode>(EpisodeId(open.id))? else {
        return Ok(Vec::new());
    };
    let mut tries = Vec::new();
    for attempt in &episode.attempts {
        if let Some(contact) = reader.find::<Contact>(ContactId(attempt.contact))? {
            tries.extend(contacts::told_try(reader, &contact)?);
        }
    }
    Ok(tries)
}

/// The episode of the address.
fn of_path(reader: &Reader<'_>, visit: &Visit) -> Outcome<TransitionEpisode> {
    reader.get(visit.id::<EpisodeId>("id")?)
}

/// Which column of the board an episode stands in: the first track that is not done.
fn column(standing: &Standing) -> usize {
    let state = tell::Tracks::of(standing);
    match (state.contacted, state.medicines, state.visit) {
        (false, ..) => 0,
        (true, false, _) => 1,
        (true, true, tell::VisitStep::Open) => 2,
        (true, true, tell::VisitStep::Booked) => 3,
        (true, true, tell::VisitStep::Seen) => 4,
    }
}

/// Two records whose open transitions somebody has worked on: one is ended first, by whoever knows.
pub(super) fn before_merge(
    reader: &Reader<'_>,
    visit: &Visit,
    patients: [PatientId; 2],
) -> Outcome<Vec<First>> {
    let way = |it: &TransitionEpisode| (tell::headline(visit.words(), it), it.path());
    let ways: Vec<_> = store::at_odds(reader, patients)?.iter().map(way).collect();
    let what = Phrase::new("merge-refused-transitions");
    Ok(if ways.is_empty() { Vec::new() } else { vec![First { what, ways }] })
}
