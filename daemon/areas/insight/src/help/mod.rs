//! Help by task, searchable, and what is known not to work for everybody: pages that need no network
//! and no store.

use almoner_core::fault::Outcome;
use almoner_core::permission::May;
use almoner_core::text::fold;
use almoner_frame::{Area, Page, Route, Visit, Words};
use almoner_store::Reader;
use askama::Template;

/// The area.
pub const AREA: Area = Area { name: "help", routes: ROUTES, ..Area::EMPTY };

const ROUTES: &[Route] = &[
    Route::Show { path: "/help", may: May::UseOwnAccount, page: help },
    Route::Show { path: "/accessibility", may: May::UseOwnAccount, page: accessibility },
];

/// Tasks that the help tells, and who does them. Each has a title, a text and its steps.
const TASKS: [(&str, May); 14] = [
    ("help-day", May::SeeWorklist),
    ("help-find", May::FindPatients),
    ("help-call", May::RecordContact),
    ("help-promise", May::RecordContact),
    ("help-transition", May::SeeTransitions),
    ("help-task", May::WorkTasks),
    ("help-drafts", May::UseOwnAccount),
    ("help-duplicate", May::SeeIntake),
    ("help-wrong-patient", May::RecordContact),
    ("help-files", May::SeeIntake),
    ("help-print", May::UseOwnAccount),
    ("help-keyboard", May::UseOwnAccount),
    ("help-trail", May::SeePatientTrail),
    ("help-words", May::UseOwnAccount),
];

#[derive(Template)]
#[template(path = "help/pages/help.html")]
struct Help<'p> {
    words: &'p Words,
    typed: &'p str,
    tasks: Vec<Task>,
}

struct Task {
    id: &'static str,
    title: String,
    text: String,
    steps: Vec<String>,
}

#[derive(Template)]
#[template(path = "help/pages/accessibility.html")]
struct Accessibility<'p> {
    words: &'p Words,
}

impl Task {
    fn of(words: &Words, id: &'static str) -> Self {
        let key = format!("{id}-steps");
        let steps = words.t(&key);
        let lines = steps.lines().map(str::trim).filter(|line| !line.is_empty() && *line != key);
        Self {
            id,
            title: words.t(&format!("{id}-title")),
            text: words.t(&format!("{id}-text")),
            steps: lines.map(str::to_owned).collect(),
        }
    }

    /// Whether every word that was typed stands somewhere in it; accents and case aside.
    fn has(&self, typed: &str) -> bool {
        let all = fold(&format!("{} {} {}", self.title, self.text, self.steps.join(" ")));
        fold(typed).split_whitespace().all(|word| all.contains(word))
    }
}

fn help(_: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let (words, typed) = (visit.words(), visit.query("q"));
    let open = TASKS.iter().filter(|(_, may)| visit.may(*may));
    let tasks = open.map(|(id, _)| Task::of(words, id)).filter(|task| task.has(typed)).collect();
    Page::draw(words.t("help-title"), "", &Help { words, typed, tasks })
}

fn accessibility(_: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let words = visit.words();
    Page::draw(words.t("access-title"), "", &Accessibility { words })
}

#[cfg(test)]
mod tests {
    use super::*;
    use almoner_core::time::Zone;
    use almoner_frame::Language;

    #[test]
    fn every_task_is_told_in_every_language_and_found_by_its_words() {
        for (language, typed, found) in [
            (Language::English, "DRAFT saved", "help-drafts"),
            (Language::Spanish, "sesion borrador", "help-drafts"),
        ] {
            let words = Words::of(language, Zone::default());
            let tasks: Vec<Task> = TASKS.iter().map(|(id, _)| Task::of(&words, id)).collect();
            for task in &tasks {
                assert!(!task.title.starts_with("help-") && !task.text.starts_with("help-"));
                assert!(task.id == "help-trail" || task.steps.len() > 1, "{}", task.id);
            }
            let fit: Vec<_> =
                tasks.iter().filter(|task| task.has(typed)).map(|task| task.id).collect();
            assert!(fit.contains(&found) && fit.len() < 5, "{typed}: {fit:?}");
            assert!(!tasks.iter().any(|task| task.has("zeppelin")));
        }
    }
}
