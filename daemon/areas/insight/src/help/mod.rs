//! Help by task, and what is known not to work for everybody: two pages that need no network and no
//! store.

use almoner_core::fault::Outcome;
use almoner_core::permission::May;
use almoner_frame::{Area, Page, Route, Visit, Words};
use almoner_store::Reader;
use askama::Template;

/// The area.
pub const AREA: Area = Area { name: "help", routes: ROUTES, ..Area::EMPTY };

const ROUTES: &[Route] = &[
    Route::Show { path: "/help", may: May::UseOwnAccount, page: help },
    Route::Show { path: "/accessibility", may: May::UseOwnAccount, page: accessibility },
];

/// Tasks that the help tells, and who does them.
const TASKS: [(&str, May); 7] = [
    ("help-day", May::SeeWorklist),
    ("help-find", May::FindPatients),
    ("help-call", May::RecordContact),
    ("help-transition", May::SeeTransitions),
    ("help-task", May::WorkTasks),
    ("help-files", May::SeeIntake),
    ("help-trail", May::SeePatientTrail),
];

#[derive(Template)]
#[template(path = "help/pages/help.html")]
struct Help<'p> {
    words: &'p Words,
    tasks: Vec<Task>,
}

struct Task {
    id: &'static str,
    title: String,
    text: String,
}

#[derive(Template)]
#[template(path = "help/pages/accessibility.html")]
struct Accessibility<'p> {
    words: &'p Words,
}

fn help(_: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let words = visit.words();
    let task = |(id, _): &(&'static str, May)| Task {
        id,
        title: words.t(&format!("{id}-title")),
        text: words.t(&format!("{id}-text")),
    };
    let tasks = TASKS.iter().filter(|(_, may)| visit.may(*may)).map(task).collect();
    Page::draw(words.t("help-title"), "", &Help { words, tasks })
}

fn accessibility(_: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let words = visit.words();
    Page::draw(words.t("access-title"), "", &Accessibility { words })
}
