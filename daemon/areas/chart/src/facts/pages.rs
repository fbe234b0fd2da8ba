//! The chart page: every section of facts, each fact with its source and date; and the panels of
//! the overview.

use super::rules::is_taken_back;
use super::{Fact, store};
use crate::{
    allergies, conditions, documents, encounters, immunizations, medications, observations, others,
    procedures,
};
use almoner_core::clinical::FactKind;
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_core::permission::May;
use almoner_frame::kit::{self, Link};
use almoner_frame::{Page, Panel, PanelPlace, Route, Tab, Trust, Visit, Words};
use almoner_people::patients::record_page;
use almoner_store::Reader;
use askama::Template;
use view::Row;

pub(crate) mod events;
pub mod view;

/// Lines of a section before "show all".
const SHORT: usize = 25;
/// Lines of a panel on the overview.
const PANEL: usize = 8;

/// The pages.
pub(crate) const ROUTES: &[Route] = &[
    Route::Show { path: "/p/{patient}/chart", may: May::SeeChart, page: chart },
    Route::Show {
        path: "/p/{patient}/medicines",
        may: May::SeeChart,
        page: medications::pages::page,
    },
    Route::Show {
        path: "/p/{patient}/documents",
        may: May::SeeChart,
        page: documents::pages::list,
    },
    Route::Show {
        path: "/p/{patient}/documents/{sha}",
        may: May::SeeChart,
        page: documents::pages::document,
    },
    Route::Fetch {
        path: "/p/{patient}/documents/{sha}/download",
        may: May::SeeChart,
        file: documents::pages::download,
    },
];

/// Their tabs.
pub(crate) const TABS: &[Tab] = &[
    Tab { label: "tab-chart", path: "/chart", may: May::SeeChart, order: 20, count: None },
    Tab { label: "tab-medicines", path: "/medicines", may: May::SeeChart, order: 70, count: None },
    Tab { label: "tab-documents", path: "/documents", may: May::SeeChart, order: 80, count: None },
];

/// The panels of the overview.
pub(crate) const PANELS: &[Panel] = &[
    Panel { place: PanelPlace::Side, order: 40, may: May::SeeChart, draw: problems },
    Panel { place: PanelPlace::Side, order: 50, may: May::SeeChart, draw: medicines },
    Panel { place: PanelPlace::Side, order: 60, may: May::SeeChart, draw: visits },
    Panel { place: PanelPlace::Side, order: 70, may: May::SeeChart, draw: results },
];

#[derive(Template)]
#[template(path = "facts/pages/chart.html")]
struct Chart<'p> {
    words: &'p Words,
    links: Vec<Link>,
    sections: Vec<Section>,
}

/// A section of the chart page.
struct Section {
    id: &'static str,
    title: String,
    note: String,
    empty: String,
    rows: Vec<Row>,
    more: usize,
    all: String,
}

#[derive(Template)]
#[template(path = "facts/pages/panel.html")]
struct Small<'p> {
    words: &'p Words,
    id: &'static str,
    title: String,
    note: String,
    href: String,
    more: String,
    empty: String,
    rows: Vec<Row>,
}

/// Name, kind of fact, and order of a section.
const SECTIONS: [(&str, FactKind, bool); 12] = [
    ("allergies", FactKind::Allergy, false),
    ("problems", FactKind::Condition, false),
    ("medicines", FactKind::Medication, true),
    ("results", FactKind::Result, true),
    ("vitals", FactKind::Vital, true),
    ("immunizations", FactKind::Immunization, true),
    ("procedures", FactKind::Procedure, true),
    ("visits", FactKind::Encounter, true),
    ("social", FactKind::Social, true),
    ("coverage", FactKind::Coverage, false),
    ("referrals", FactKind::Referral, true),
    ("relations", FactKind::Relation, false),
];

/// A fact of whatever kind as a line.
pub fn row(visit: &Visit, fact: &Fact) -> Row {
    use almoner_core::clinical::Content;
    match &fact.content {
        Content::Condition(it) => conditions::pages::row(visit, fact, it),
        Content::Medication(it) => medications::pages::row(visit, fact, it),
        Content::Allergy(it) => allergies::pages::row(visit, fact, it),
        Content::Observation(it) => observations::pages::row(visit, fact, it),
        Content::Immunization(it) => immunizations::pages::row(visit, fact, it),
        Content::Procedure(it) => procedures::pages::row(visit, fact, it),
        Content::Encounter(it) => encounters::pages::row(visit, fact, it),
        Content::Document(it) => documents::pages::row(visit, fact, it),
        _ => others::pages::row(visit, fact),
    }
}

fn chart(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let id: PatientId = visit.id("patient")?;
    let words = visit.words();
    let only = visit.query("section");
    let mut links = vec![Link {
        href: format!("/p/{id}/chart"),
        label: words.t("chart-all"),
        count: None,
        on: only.is_empty(),
    }];
    let mut sections = Vec::new();
    for (name, kind, newest_first) in SECTIONS {
        let mut facts = store::of_kind(reader, id, kind)?;
        facts.retain(|fact| !is_taken_back(&fact.content));
        links.push(Link {
            href: kit::with_query(visit, "section", name),
            label: words.t(&format!("chart-{name}")),
            count: u64::try_from(facts.len()).ok(),
            on: only == name,
        });
        if !only.is_empty() && only != name {
            continue;
        }
        if newest_first {
            facts.reverse();
        }
        conditions::pages::standing_first(&mut facts);
        let limit = if only == name { usize::MAX } else { SHORT };
        sections.push(Section {
            id: name,
            title: words.t(&format!("chart-{name}")),
            note: String::new(),
            empty: words.t(&format!("chart-{name}-none")),
            more: facts.len().saturating_sub(limit),
            rows: facts.iter().take(limit).map(|fact| row(visit, fact)).collect(),
            all: kit::with_query(visit, "section", name),
        });
    }
    let page = Chart { words, links, sections };
    record_page(reader, visit, id, &words.t("tab-chart"), &page)
}

fn problems(reader: &Reader<'_>, visit: &Visit, id: PatientId) -> Outcome<Option<Trust>> {
    let facts = conditions::standing(reader, id)?;
    Ok(Some(Trust::of(&small(visit, id, "problems", "/chart?section=problems", &facts))?))
}

fn medicines(reader: &Reader<'_>, visit: &Visit, id: PatientId) -> Outcome<Option<Trust>> {
    let facts = medications::current(reader, id)?;
    let mut panel = small(visit, id, "medicines", "/medicines", &facts);
    let all = store::of_kind(reader, id, FactKind::Medication)?;
    for (row, fact) in panel.rows.iter_mut().zip(&facts) {
        if medications::lists_differ(&all, fact) {
            let text = visit.words().t("medicine-lists-differ");
            row.tags.push((almoner_frame::Tone::Warn.class(), text));
        }
    }
    Ok(Some(Trust::of(&panel)?))
}

fn visits(reader: &Reader<'_>, visit: &Visit, id: PatientId) -> Outcome<Option<Trust>> {
    let facts = encounters::of_patient(reader, id)?;
    let few: Vec<Fact> = facts.into_iter().take(3).collect();
    Ok(Some(Trust::of(&small(visit, id, "visits", "/chart?section=visits", &few))?))
}

fn results(reader: &Reader<'_>, visit: &Visit, id: PatientId) -> Outcome<Option<Trust>> {
    let mut facts = observations::latest(reader, id, FactKind::Vital)?;
    facts.extend(observations::latest(reader, id, FactKind::Result)?);
    facts.truncate(PANEL);
    if facts.is_empty() {
        return Ok(None);
    }
    Ok(Some(Trust::of(&small(visit, id, "latest", "/chart?section=results", &facts))?))
}

fn small<'v>(
    visit: &'v Visit,
    id: PatientId,
    name: &'static str,
    path: &str,
    facts: &[Fact],
) -> Small<'v> {
    let words = visit.words();
    let more = facts.len().saturating_sub(PANEL);
    Small {
        words,
        id: name,
        title: words.t(&format!("chart-{name}")),
        note: String::new(),
        href: format!("/p/{id}{path}"),
        more: if more > 0 { words.n("chart-more", more) } else { words.t("chart-open") },
        empty: words.t(&format!("chart-{name}-none")),
        rows: facts.iter().take(PANEL).map(|fact| row(visit, fact)).collect(),
    }
}
