//! The pages of a patient's record that belong to no one area: overview, timeline, about, and those
//! who may be the same person.

mod about;
pub(crate) mod banner;
mod coordinator;
mod decide;
mod doubt;
mod overview;
mod similar;
mod sources;
mod split;
mod timeline;
pub(crate) mod view;

use super::record::Patient;
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_core::permission::May;
use almoner_frame::kit::Who;
use almoner_frame::{Page, Route, Tab, Visit, Words};
use almoner_store::{Reader, Verb};
use askama::Template;

/// Where record pages stand in the navigation.
pub const NAV: &str = "/caseload";

/// The pages.
pub(crate) const ROUTES: &[Route] = &[
    Route::Show { path: "/p/{patient}", may: May::SeeChart, page: overview::page },
    Route::Show { path: "/p/{patient}/timeline", may: May::SeeChart, page: timeline::page },
    Route::Show { path: "/p/{patient}/about", may: May::SeeDemographics, page: about::page },
    Route::Work {
        path: "/p/{patient}/coordinator",
        may: May::AssignCaseload,
        verb: Verb("caseload.assign"),
        work: coordinator::give,
        again: coordinator::again,
    },
    Route::Show { path: "/p/{patient}/similar", may: May::SeeDemographics, page: similar::page },
    Route::Show { path: "/intake/match/{patient}", may: May::DecideMatch, page: decide::page },
    Route::Work {
        path: "/intake/match/{patient}/{other}/same",
        may: May::DecideMatch,
        verb: Verb("patient.merge"),
        work: decide::same,
        again: decide::again,
    },
    Route::Work {
        path: "/intake/match/{patient}/{other}/apart",
        may: May::DecideMatch,
        verb: Verb("patient.apart"),
        work: decide::set_apart,
        again: decide::again,
    },
    Route::Work {
        path: "/intake/match/{patient}/doubt/{doubt}/together",
        may: May::DecideMatch,
        verb: Verb("patient.keep"),
        work: doubt::keep,
        again: decide::again,
    },
    Route::Work {
        path: "/intake/match/{patient}/{other}/unsure",
        may: May::DecideMatch,
        verb: Verb("patient.put-off"),
        work: decide::put_off,
        again: decide::again,
    },
    Route::Show { path: "/p/{patient}/split", may: May::DecideMatch, page: split::page },
    Route::Work {
        path: "/p/{patient}/split/now",
        may: May::DecideMatch,
        verb: Verb("patient.split"),
        work: split::now,
        again: split::again,
    },
    Route::Work {
        path: "/p/{patient}/merged/{merge}/undo",
        may: May::DecideMatch,
        verb: Verb("patient.unmerge"),
        work: similar::unmerge,
        again: similar::again,
    },
    Route::Work {
        path: "/p/{patient}/similar/{other}/undo",
        may: May::DecideMatch,
        verb: Verb("patient.apart-undo"),
        work: similar::undo,
        again: similar::again,
    },
];

/// Their tabs.
pub(crate) const TABS: &[Tab] = &[
    Tab { label: "tab-overview", path: "", may: May::SeeChart, order: 0, count: None },
    Tab { label: "tab-timeline", path: "/timeline", may: May::SeeChart, order: 10, count: None },
    Tab { label: "tab-about", path: "/about", may: May::SeeDemographics, order: 90, count: None },
];

/// A page of a patient's record: the template below the patient's banner and tabs, with the short
/// name in its title ("Okafor-Reyes, M. · Documents").
pub fn record_page(
    reader: &Reader<'_>,
    visit: &Visit,
    id: PatientId,
    title: &str,
    template: &impl Template,
) -> Outcome<Page> {
    let patient = reader.get::<Patient>(id)?;
    if patient.merged_into.is_some() {
        return moved(reader, visit, id);
    }
    let golden = patient.golden();
    let title = format!("{} · {title}", view::title_name(visit.words(), &golden));
    let page = Page::draw(title, NAV, template)?.under(banner::banner(reader, visit, id)?);
    Ok(page.over(sources::line(reader, visit, &patient)?))
}

#[derive(Template)]
#[template(path = "patients/pages/moved.html")]
struct Moved<'p> {
    words: &'p Words,
    now: Who,
}

/// What stands where a record was that is a name for another now.
fn moved(reader: &Reader<'_>, visit: &Visit, id: PatientId) -> Outcome<Page> {
    let words = visit.words();
    let now = super::store::now_of(reader, id)?;
    let page = Moved { words, now: view::who(reader, visit, now)? };
    Page::draw(words.t("merged-moved"), NAV, &page)
}
