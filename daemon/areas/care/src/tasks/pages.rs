//! The pages of tasks: the task with everything that can be done with it, a new one, and what the
//! patient's page shows.

mod edit;
mod steps;

use super::record::{Output, State, Task, TaskId};
use super::rules::{EDITED, NewTask, PARENT_CLOSED, UNDONE};
use super::store;
use almoner_core::fault::{Fault, Outcome, Refusal};
use almoner_core::ids::{PatientId, StaffId};
use almoner_core::loops::{Due, Owner};
use almoner_core::permission::May;
use almoner_core::phrase::Phrase;
use almoner_core::time::Timestamp;
use almoner_frame::due::Deadline;
use almoner_frame::kit::{Choice, Problems};
use almoner_frame::typed::{Opening, Typed};
use almoner_frame::{Form, Next, Page, Panel, PanelPlace, Route, Trust, Visit, Words, dates, due};
use almoner_people::patients;
use almoner_people::staff;
use almoner_store::{Reader, Verb, Writer};
use askama::Template;

/// The pages.
pub(super) const ROUTES: &[Route] = &[
    Route::Show { path: "/tasks/{id}", may: May::WorkTasks, page: show },
    Route::Show { path: "/p/{patient}/tasks/new", may: May::WorkTasks, page: new },
    Route::Work {
        path: "/p/{patient}/tasks/new",
        may: May::WorkTasks,
        verb: Verb("task.open"),
        work: open,
        again: open_again,
    },
    Route::Work {
        path: "/tasks/{id}/finish",
        may: May::WorkTasks,
        verb: Verb("task.finish"),
        work: steps::finish,
        again,
    },
    Route::Work {
        path: "/tasks/{id}/reopen",
        may: May::WorkTasks,
        verb: Verb("task.reopen"),
        work: steps::reopen,
        again,
    },
    Route::Work {
        path: "/tasks/{id}/undo",
        may: May::WorkTasks,
        verb: Verb("task.undo"),
        work: steps::undo,
        again,
    },
    Route::Work {
        path: "/tasks/{id}/start",
        may: May::WorkTasks,
        verb: Verb("task.start"),
        work: steps::start,
        again,
    },
    Route::Work {
        path: "/tasks/{id}/hold",
        may: May::WorkTasks,
        verb: Verb("task.hold"),
        work: steps::hold,
        again,
    },
    Route::Work {
        path: "/tasks/{id}/hand-over",
        may: May::WorkTasks,
        verb: Verb("task.hand_over"),
        work: steps::hand_over,
        again,
    },
    Route::Show { path: "/tasks/{id}/edit", may: May::WorkTasks, page: edit::page },
    Route::Work {
        path: "/tasks/{id}/edit",
        may: May::WorkTasks,
        verb: Verb("task.edit"),
        work: edit::change,
        again: edit::again,
    },
    Route::Work {
        path: "/tasks/{id}/cancel",
        may: May::WorkTasks,
        verb: Verb("task.cancel"),
        work: steps::cancel,
        again,
    },
];

/// What the patient's overview shows.
pub(super) const PANELS: &[Panel] =
    &[Panel { place: PanelPlace::Side, order: 20, may: May::WorkTasks, draw: panel }];

#[derive(Template)]
#[template(path = "tasks/pages/show.html")]
struct Show<'p> {
    words: &'p Words,
    now: Timestamp,
    base: String,
    task: &'p Task,
    due: Deadline,
    facts: Vec<(String, String)>,
    outcome: String,
    parts: Vec<Part>,
    parent: Option<(String, String)>,
    add_part: String,
    history: Vec<(String, String)>,
    owners: Vec<Choice>,
    problems: Problems,
    typed: Typed,
}

struct Part {
    href: String,
    title: String,
    state: String,
    over: bool,
}

#[derive(Template)]
#[template(path = "tasks/pages/new.html")]
struct New<'p> {
    words: &'p Words,
    opening: Opening,
    back: String,
    problems: Problems,
    form: &'p Form,
    echo: String,
    owners: Vec<Choice>,
    outputs: Vec<Choice>,
}

#[derive(Template)]
#[template(path = "tasks/pages/panel.html")]
struct Open<'p> {
    words: &'p Words,
    base: String,
    lines: Vec<(String, String, Deadline)>,
}

impl Show<'_> {
    fn is_over(&self) -> bool {
        self.task.state.is_over()
    }
    fn is_held(&self) -> bool {
        matches!(self.task.state, State::OnHold { .. })
    }
    fn may_undo(&self) -> bool {
        super::rules::can_undo(self.task, self.now)
    }
    fn may_start(&self) -> bool {
        matches!(self.task.state, State::Ready | State::Draft | State::Accepted)
    }
    fn may_hold(&self) -> bool {
        matches!(self.task.state, State::Ready | State::InProgress)
    }
    fn needs_day(&self) -> bool {
        self.task.output == Output::Appointment
    }
}

/// A state in words.
pub(super) fn state(words: &Words, state: State) -> String {
    words.t(&format!("task-state-{}", state.key()))
}

fn panel(reader: &Reader<'_>, visit: &Visit, patient: PatientId) -> Outcome<Option<Trust>> {
    let words = visit.words();
    let mut open = store::of(reader, patient)?;
    open.retain(|task| !task.state.is_over());
    open.sort_by_key(|task| task.due.late_from(visit.house().zone));
    let line = |task: Task| {
        let due = due::say(words, visit.house().zone, visit.now(), task.due);
        (task.path(), task.title, due)
    };
    let lines = open.into_iter().map(line).collect();
    Trust::of(&Open { words, base: format!("/p/{patient}/tasks"), lines }).map(Some)
}

fn show(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    draw(reader, visit, Typed::fresh(visit, &visit.words().t("task-panel")), &Refusal::default())
}

fn again(reader: &Reader<'_>, visit: &Visit, form: &Form, refusal: &Refusal) -> Outcome<Page> {
    let typed = Typed::refused(visit, &visit.words().t("task-panel"), form);
    Ok(draw(reader, visit, typed, refusal)?.with_status(422))
}

fn draw(reader: &Reader<'_>, visit: &Visit, typed: Typed, refusal: &Refusal) -> Outcome<Page> {
    let task: Task = reader.get(visit.id::<TaskId>("id")?)?;
    let words = visit.words();
    let part = |part: Task| Part {
        href: part.path(),
        state: state(words, part.state),
        over: part.state.is_over(),
        title: part.title,
    };
    let parent = task.parent.map(|id| reader.get::<Task>(id)).transpose()?;
    let chosen = StaffId::parse(typed.step(&task.path(), "hand-over").text("owner"));
    let add_part = task.patient.map(|patient| format!("/p/{patient}/tasks/new?parent={}", task.id));
    let page = Show {
        words,
        now: visit.now(),
        base: task.path(),
        task: &task,
        due: due::say(words, visit.house().zone, visit.now(), task.due),
        facts: facts(reader, visit, &task)?,
        outcome: outcome(words, &task),
        parts: store::parts(reader, task.id)?.into_iter().map(part).collect(),
        parent: parent.map(|it| (it.path(), it.title)),
        add_part: add_part.filter(|_| !task.state.is_over()).unwrap_or_default(),
        history: history(reader, visit, &task)?,
        owners: owners(reader, visit, chosen)?,
        problems: Problems::of(visit, refusal),
        typed: typed.about(task.patient),
    };
    match task.patient {
        Some(patient) => {
            patients::record_page(reader, visit, patient, &words.t("task-panel"), &page)
        }
        None => Page::draw(words.t("task-panel"), "/", &page),
    }
}

fn outcome(words: &Words, task: &Task) -> String {
    let Some(outcome) = &task.outcome else { return String::new() };
    let on = outcome.on.map(|on| format!(" · {} {}", words.t("task-booked-on"), words.day(on)));
    format!("{}{}", outcome.words, on.unwrap_or_default())
}

fn facts(reader: &Reader<'_>, visit: &Visit, task: &Task) -> Outcome<Vec<(String, String)>> {
    let words = visit.words();
    let mut facts = vec![
        (words.t("task-state"), state(words, task.state)),
        (words.t("task-owner"), owner_name(reader, words, task.owner)?),
    ];
    if let Some(opens) = task.opens {
        facts.push((words.t("task-opens"), words.day(opens)));
    }
    let by = task.by.map(|id| staff::name_of(reader, id)).transpose()?.unwrap_or_default();
    let opened = format!("{} · {by}", words.instant(task.opened));
    facts.push((words.t("task-line-opened"), opened.trim_end_matches(" · ").to_owned()));
    Ok(facts)
}

fn history(reader: &Reader<'_>, visit: &Visit, task: &Task) -> Outcome<Vec<(String, String)>> {
    let words = visit.words();
    let mut lines = Vec::new();
    let mut owner = task.steps.first().map(|step| step.owner);
    for step in &task.steps {
        let mut what = state(words, step.state);
        if owner != Some(step.owner) {
            let to = owner_name(reader, words, step.owner)?;
            what = format!("{what} · {}", words.of_text("task-line-owner", &to));
            owner = Some(step.owner);
        }
        let reason = match step.reason.as_str() {
            PARENT_CLOSED => words.t("parent-closed"),
            UNDONE => words.t("task-undone"),
            EDITED => words.t("task-edited"),
            reason => reason.to_owned(),
        };
        let by = step.by.map(|id| staff::name_of(reader, id)).transpose()?.unwrap_or_default();
        let parts = [words.instant(step.at), by, reason];
        let meta: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        lines.push((what, meta.join(" · ")));
    }
    lines.reverse();
    Ok(lines)
}

/// An owner's name.
pub(super) fn owner_name(reader: &Reader<'_>, words: &Words, owner: Owner) -> Outcome<String> {
    match owner {
        Owner::Staff(id) => staff::name_of(reader, id),
        Owner::Unassigned => Ok(words.t("task-nobody")),
    }
}

/// Who may be given a task: everybody who works here, by name.
fn owners(reader: &Reader<'_>, visit: &Visit, chosen: Option<StaffId>) -> Outcome<Vec<Choice>> {
    let mut accounts = staff::all(reader)?;
    accounts.retain(|it| !it.disabled && May::WorkTasks.allows(it.role));
    accounts.sort_by(|a, b| a.name.cmp(&b.name));
    let choice = |account: staff::Account| Choice {
        value: account.id.to_string(),
        label: if account.id == visit.staff() {
            format!("{} ({})", account.name, visit.words().t("task-owner-me"))
        } else {
            account.name
        },
        on: Some(account.id) == chosen,
    };
    Ok(accounts.into_iter().map(choice).collect())
}

fn new(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let fields = vec![
        ("parent".to_owned(), visit.query("parent").to_owned()),
        ("owner".to_owned(), visit.staff().to_string()),
        ("output".to_owned(), Output::Words.key().to_owned()),
    ];
    let typed = Typed::fresh(visit, &visit.words().t("task-new")).or(visit.path(), fields);
    draw_new(reader, visit, typed, &Refusal::default())
}

fn open_again(reader: &Reader<'_>, visit: &Visit, form: &Form, refusal: &Refusal) -> Outcome<Page> {
    let typed = Typed::refused(visit, &visit.words().t("task-new"), form);
    Ok(draw_new(reader, visit, typed, refusal)?.with_status(422))
}

fn draw_new(reader: &Reader<'_>, visit: &Visit, typed: Typed, refusal: &Refusal) -> Outcome<Page> {
    let patient: PatientId = visit.id("patient")?;
    let words = visit.words();
    let typed = typed.about(Some(patient));
    let form = typed.at(visit.path());
    let page = New {
        words,
        opening: typed.open(visit.path()),
        back: format!("/p/{patient}"),
        problems: Problems::of(visit, refusal),
        form,
        echo: due::read_back(words, visit.house().zone, visit.now(), form.text("due")),
        owners: owners(reader, visit, StaffId::parse(form.text("owner")))?,
        outputs: Choice::list(
            words,
            "task-output",
            &["words", "contact", "appointment"],
            &[form.text("output")],
        ),
    };
    patients::record_page(reader, visit, patient, &words.t("task-new"), &page)
}

fn open(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let patient: PatientId = visit.id("patient")?;
    let mut refusal = Refusal::default();
    let title = form.needed("title", &mut refusal, Phrase::new("task-title-missing")).to_owned();
    let due = due_of(visit, form, &mut refusal);
    let owner = StaffId::parse(form.text("owner"));
    refusal.when(owner.is_none(), "owner", Phrase::new("task-owner-missing"));
    refusal.or_ok()?;
    let (Some(due), Some(owner)) = (due, owner) else { return Err(Fault::Absent("page")) };
    let mut new = NewTask::new(Some(patient), &title, Owner::Staff(owner), due);
    form.text("note").clone_into(&mut new.note);
    new.parent = TaskId::parse(form.text("parent"));
    new.output = match form.text("output") {
        "contact" => Output::Contact,
        "appointment" => Output::Appointment,
        _ => Output::Words,
    };
    let task = store::open(writer, new)?;
    Ok(Next::saying(task.path(), Phrase::new("task-opened")))
}

/// By when, as typed: a day, or a day with a time.
fn due_of(visit: &Visit, form: &Form, refusal: &mut Refusal) -> Option<Due> {
    let text = form.text("due");
    let day = dates::day(visit.language(), visit.today(), text).map(Due::Day);
    let moment = || dates::moment(visit.language(), visit.house().zone, visit.now(), text);
    let due = day.or_else(|| moment().map(Due::Instant));
    refusal.when(text.is_empty(), "due", Phrase::new("task-due-missing"));
    let unclear = !text.is_empty() && due.is_none();
    refusal.when(unclear, "due", Phrase::new("care-day-unclear"));
    due
}
