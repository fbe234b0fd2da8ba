//! The search page, and the caseload.

use super::store::{self, SHOWN};
use crate::patients;
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_core::permission::May;
use almoner_frame::kit::{Row, Who};
use almoner_frame::{Form, Page, Route, Visit, Words};
use almoner_store::Reader;
use askama::Template;

/// The pages. What is looked for is sent in a form's body, so that no name stands in an address.
pub(super) const ROUTES: &[Route] = &[
    Route::Show { path: "/search", may: May::FindPatients, page: ask },
    Route::Ask { path: "/search", may: May::FindPatients, page: answer },
    Route::Show { path: "/caseload", may: May::SeeWorklist, page: caseload },
];

#[derive(Template)]
#[template(path = "find/pages/search.html")]
struct Search<'p> {
    words: &'p Words,
    typed: String,
    asked: bool,
    people: Vec<Who>,
    more: usize,
}

#[derive(Template)]
#[template(path = "find/pages/caseload.html")]
struct Caseload<'p> {
    words: &'p Words,
    count: usize,
    /// Patients for whom something is open, with the first of it.
    rows: Vec<Row>,
    /// The others.
    others: Vec<Who>,
}

/// How many patients one has.
pub(super) fn count(reader: &Reader<'_>, visit: &Visit) -> Outcome<Option<(u64, bool)>> {
    let mine = patients::caseload_ids(reader, visit.staff())?;
    Ok(u64::try_from(mine.len()).ok().filter(|n| *n > 0).map(|n| (n, false)))
}

fn ask(_reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let words = visit.words();
    let page = Search { words, typed: String::new(), asked: false, people: Vec::new(), more: 0 };
    Page::draw(words.t("find-title"), "/search", &page)
}

fn answer(reader: &Reader<'_>, visit: &Visit, form: &Form) -> Outcome<Page> {
    let words = visit.words();
    let typed = form.text("q");
    let found = store::find(reader, typed, visit.today())?;
    let ids: Vec<PatientId> = found.patients.iter().map(|patient| patient.id).collect();
    let mut whos = patients::on_screen(reader, visit, ids.iter().copied())?;
    let people = ids
        .into_iter()
        .filter_map(|id| whos.remove(&id))
        .map(|mut who| {
            if !visit.may(May::SeeChart) {
                who.href.push_str("/about");
            }
            who
        })
        .collect();
    let page = Search {
        words,
        typed: typed.to_owned(),
        asked: true,
        people,
        more: found.total.saturating_sub(SHOWN),
    };
    Page::draw(words.t("find-title"), "/search", &page)
}

fn caseload(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let words = visit.words();
    let mine = patients::caseload(reader, visit.staff())?;
    let mut whos = patients::on_screen(reader, visit, mine.iter().map(|patient| patient.id))?;
    let (mut rows, mut others) = (Vec::new(), Vec::new());
    for patient in &mine {
        let Some(who) = whos.remove(&patient.id) else { continue };
        match reader.loops_of(patient.id)?.first() {
            Some(open) => {
                let zone = visit.house().zone;
                rows.push(Row::of(words, zone, visit.now(), open, Some(who)));
            }
            None => others.push(who),
        }
    }
    let page = Caseload { words, count: mine.len(), rows, others };
    Page::draw(words.t("nav-caseload"), "/caseload", &page)
}
