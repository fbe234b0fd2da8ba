//! "Change this task": what must be done, by when, and why. Where somebody else changed it since the
//! form was shown, what only one of them changed is taken, and the rest is asked about.

use super::super::record::{Task, TaskId};
use super::super::rules::{Command, EDITED};
use super::super::store;
use super::{due_of, steps};
use almoner_core::fault::{Fault, Outcome, Refusal};
use almoner_core::loops::Due;
use almoner_core::phrase::Phrase;
use almoner_frame::conflict::{self, Conflict, Fate, Field, Value};
use almoner_frame::kit::Problems;
use almoner_frame::typed::Opening;
use almoner_frame::{Form, Next, Page, Typed, Visit, Words, due};
use almoner_people::{patients, staff};
use almoner_store::{Reader, Stored, Writer};
use askama::Template;

#[derive(Template)]
#[template(path = "tasks/pages/edit.html")]
struct Edit<'p> {
    words: &'p Words,
    base: String,
    opening: Opening,
    /// The version that the form shows, or that was shown first where it was left as a draft.
    version: String,
    form: &'p Form,
    echo: String,
    problems: Problems,
    conflict: Option<Conflict>,
}

pub(super) fn page(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let stored = stored(reader, visit)?;
    let values = |(name, value): (&str, Value)| (name.to_owned(), value.form);
    let mut fields: Vec<(String, String)> =
        values_of(visit, &stored.record).into_iter().map(values).collect();
    fields.push(("version".to_owned(), stored.version.to_string()));
    let typed = Typed::fresh(visit, &visit.words().t("task-edit")).or(visit.path(), fields);
    draw(reader, visit, &stored.record, typed, &Refusal::default(), None)
}

pub(super) fn again(
    reader: &Reader<'_>,
    visit: &Visit,
    form: &Form,
    refusal: &Refusal,
) -> Outcome<Page> {
    let stored = stored(reader, visit)?;
    let fields = fields(reader, visit, form, &stored)?;
    let open = conflict::is_open(&fields, form);
    let conflict = open.then(|| -> Outcome<(Conflict, u32)> {
        let theirs = last_change(reader, visit, &stored.record)?;
        Ok((Conflict::of(theirs, &fields, form), stored.version))
    });
    let typed = Typed::refused(visit, &visit.words().t("task-edit"), form);
    draw(reader, visit, &stored.record, typed, refusal, conflict.transpose()?)
}

/// Saves the change, put together with what was changed by others meanwhile.
pub(super) fn change(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let task = steps::meant(writer, visit, form)?;
    let mut refusal = Refusal::default();
    form.needed("title", &mut refusal, Phrase::new("task-title-missing"));
    due_of(visit, form, &mut refusal);
    refusal.or_ok()?;
    let stored = stored(writer, visit)?;
    let fields = fields(writer, visit, form, &stored)?;
    if conflict::is_open(&fields, form) {
        return Err(Fault::Stale("task"));
    }
    let saved = |name| {
        let field = fields.iter().find(|field| field.name == name);
        field.map(|field| field.value(form).form.clone()).unwrap_or_default()
    };
    let due = Form::new(vec![("due".to_owned(), saved("due"))]);
    let due = due_of(visit, &due, &mut Refusal::default()).unwrap_or(task.due);
    let change = Command::Change { title: saved("title"), note: saved("note"), due };
    let task = store::act(writer, task.id, &change, EDITED)?;
    if fields.iter().all(|field| field.fate(form) != Fate::Theirs) {
        return Ok(Next::saying(task.path(), Phrase::new("task-changed")));
    }
    let theirs = last_change(writer, visit, &stored.record)?;
    Ok(Next::saying(task.path(), Phrase::new("conflict-merged").with("theirs", theirs)))
}

fn draw(
    reader: &Reader<'_>,
    visit: &Visit,
    task: &Task,
    typed: Typed,
    refusal: &Refusal,
    conflict: Option<(Conflict, u32)>,
) -> Outcome<Page> {
    let words = visit.words();
    let typed = typed.about(task.patient);
    let form = typed.at(visit.path());
    let (conflict, shown) =
        conflict.map_or((None, None), |(it, version)| (Some(it), Some(version)));
    let page = Edit {
        words,
        base: task.path(),
        opening: typed.open(visit.path()),
        version: shown.map_or_else(|| form.text("version").to_owned(), |it| it.to_string()),
        form,
        echo: due::read_back(words, visit.house().zone, visit.now(), form.text("due")),
        problems: Problems::of(visit, refusal),
        conflict,
    };
    match task.patient {
        Some(patient) => {
            patients::record_page(reader, visit, patient, &words.t("task-edit"), &page)
        }
        None => Page::draw(words.t("task-edit"), "/", &page),
    }
}

fn stored(reader: &Reader<'_>, visit: &Visit) -> Outcome<Stored<Task>> {
    let id: TaskId = visit.id("id")?;
    reader.stored::<Task>(id)?.ok_or(Fault::Absent("task"))
}

/// Each field as it was first shown, as it stands, and as it was sent.
fn fields(
    reader: &Reader<'_>,
    visit: &Visit,
    form: &Form,
    stored: &Stored<Task>,
) -> Outcome<Vec<Field>> {
    let shown: Option<u32> = form.text("version").parse().ok();
    let base = if shown == Some(stored.version) {
        Some(stored.record.clone())
    } else {
        let images = reader.history::<Task>(stored.record.id)?;
        images.into_iter().find(|image| Some(image.version) == shown).map(|image| image.record)
    };
    let mut base = base.map(|task| values_of(visit, &task).into_iter());
    let due = due_of(visit, form, &mut Refusal::default());
    let due = due.map_or_else(|| Value::text(form.text("due")), |due| due_value(visit, due));
    let mine = [Value::text(form.text("title")), due, Value::text(form.text("note"))];
    let labels = ["task-title", "task-due", "task-note"];
    let theirs = values_of(visit, &stored.record);
    let field = |(((name, theirs), mine), label): (((&'static str, Value), Value), &str)| Field {
        name,
        label: visit.words().t(label),
        base: base.as_mut().and_then(Iterator::next).map(|(_, value)| value),
        theirs,
        mine,
    };
    Ok(theirs.into_iter().zip(mine).zip(labels).map(field).collect())
}

/// What stands in the form's fields.
fn values_of(visit: &Visit, task: &Task) -> [(&'static str, Value); 3] {
    [
        ("title", Value::text(&task.title)),
        ("due", due_value(visit, task.due)),
        ("note", Value::text(&task.note)),
    ]
}

/// A deadline as it can be typed, and as it is read.
fn due_value(visit: &Visit, due: Due) -> Value {
    let (zone, words) = (visit.house().zone, visit.words());
    match due {
        Due::Day(day) => Value { form: day.to_string(), said: words.day(day) },
        Due::Instant(at) => Value {
            form: zone.local(at).format("%Y-%m-%d %H:%M").to_string(),
            said: words.instant(at),
        },
    }
}

/// Who took the last step of a task, and when.
fn last_change(reader: &Reader<'_>, visit: &Visit, task: &Task) -> Outcome<String> {
    let Some(step) = task.last() else { return Ok(String::new()) };
    let by = step.by.map(|id| staff::name_of(reader, id)).transpose()?.unwrap_or_default();
    let parts = [by, visit.words().instant(step.at)];
    Ok(parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "))
}
