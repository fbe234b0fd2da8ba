//! What is done to several chosen tasks at once: a page that asks for the one thing needed, then a
//! result for each, and Undo.

use crate::worklist::record::{BatchId, Done};
use crate::worklist::store;
use almoner_care::tasks::{self, Command, Task};
use almoner_core::fault::{Fault, Outcome, Refusal};
use almoner_core::ids::StaffId;
use almoner_core::loops::{Due, Owner};
use almoner_core::permission::May;
use almoner_core::phrase::Phrase;
use almoner_frame::kit::{Choice, Problems, Row};
use almoner_frame::{Form, Next, Page, Typed, Visit, Words, dates, due};
use almoner_people::{patients, staff};
use almoner_store::{Reader, Writer};
use askama::Template;

/// Tasks that are worked on at once, at most.
const MOST: usize = 100;

#[derive(Template)]
#[template(path = "worklist/pages/selected.html")]
struct Selected<'p> {
    words: &'p Words,
    what: What,
    title: String,
    back: String,
    rows: Vec<(String, Row)>,
    owners: Vec<Choice>,
    problems: Problems,
    form: &'p Form,
    typed: Typed,
    action: String,
    echo: String,
}

/// What is to be done.
#[derive(Clone, Copy, PartialEq, Eq)]
enum What {
    Finish,
    Move,
    HandOver,
}

impl What {
    fn of(form: &Form) -> Self {
        match form.text("do") {
            "move" => Self::Move,
            "give" => Self::HandOver,
            _ => Self::Finish,
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::Finish => "finish",
            Self::Move => "move",
            Self::HandOver => "hand-over",
        }
    }
}

impl Selected<'_> {
    fn finishes(&self) -> bool {
        self.what == What::Finish
    }
    fn moves(&self) -> bool {
        self.what == What::Move
    }
    fn label(&self) -> String {
        self.words.t(&format!("bulk-do-{}", self.what.path()))
    }
}

/// The chosen tasks, and what is still needed.
pub(super) fn selected(reader: &Reader<'_>, visit: &Visit, form: &Form) -> Outcome<Page> {
    draw(reader, visit, form, &Refusal::default(), What::of(form))
}

pub(super) fn finish_again(
    reader: &Reader<'_>,
    visit: &Visit,
    form: &Form,
    refusal: &Refusal,
) -> Outcome<Page> {
    draw(reader, visit, form, refusal, What::Finish)
}

pub(super) fn move_again(
    reader: &Reader<'_>,
    visit: &Visit,
    form: &Form,
    refusal: &Refusal,
) -> Outcome<Page> {
    draw(reader, visit, form, refusal, What::Move)
}

pub(super) fn hand_over_again(
    reader: &Reader<'_>,
    visit: &Visit,
    form: &Form,
    refusal: &Refusal,
) -> Outcome<Page> {
    draw(reader, visit, form, refusal, What::HandOver)
}

pub(super) fn undo_again(
    reader: &Reader<'_>,
    visit: &Visit,
    _: &Form,
    _: &Refusal,
) -> Outcome<Page> {
    super::my_day(reader, visit)
}

fn draw(
    reader: &Reader<'_>,
    visit: &Visit,
    form: &Form,
    refusal: &Refusal,
    what: What,
) -> Outcome<Page> {
    let words = visit.words();
    let mut chosen = Vec::new();
    for pick in picks(form) {
        chosen.extend(store::picked(reader, &pick)?);
    }
    let ids = chosen.iter().filter_map(|(_, open)| open.owed.patient);
    let people = patients::on_screen(reader, visit, ids)?;
    let row = |(pick, open): (String, almoner_core::loops::OpenLoop)| {
        let who = open.owed.patient.and_then(|id| people.get(&id)).cloned();
        (pick, Row::of(words, visit.house().zone, visit.now(), &open, who))
    };
    let title = words.n(&format!("bulk-{}", what.path()), chosen.len());
    let page = Selected {
        words,
        what,
        title: title.clone(),
        back: back(form),
        rows: chosen.into_iter().map(row).collect(),
        owners: owners(reader, form.text("owner"))?,
        problems: Problems::of(visit, refusal),
        form,
        typed: if refusal.problems.is_empty() {
            Typed::fresh(visit, &title).kept_on("/")
        } else {
            Typed::refused(visit, &title, form)
        },
        action: format!("/my-day/{}", what.path()),
        echo: due::read_back(words, visit.house().zone, visit.now(), form.text("due")),
    };
    Page::draw(title, "/", &page)
}

/// Everybody who works on tasks, by name.
fn owners(reader: &Reader<'_>, chosen: &str) -> Outcome<Vec<Choice>> {
    let mut accounts = staff::all(reader)?;
    accounts.retain(|it| !it.disabled && May::WorkTasks.allows(it.role));
    accounts.sort_by(|a, b| a.name.cmp(&b.name));
    let choice = |account: staff::Account| {
        let value = account.id.to_string();
        Choice { on: value == chosen, value, label: account.name }
    };
    Ok(accounts.into_iter().map(choice).collect())
}

/// All of them are finished with the same words.
pub(super) fn finish(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let mut refusal = some(form);
    let words = form.needed("outcome", &mut refusal, Phrase::new("task-outcome-missing"));
    let words = words.to_owned();
    refusal.or_ok()?;
    let outcome = || tasks::Outcome { words: words.clone(), contact: None, on: None };
    go(writer, visit, form, Done::Finished, &|_| Command::Finish(outcome()))
}

/// All of them get the same day.
pub(super) fn move_all(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let mut refusal = some(form);
    let text = form.needed("due", &mut refusal, Phrase::new("task-due-missing"));
    let day = dates::day(visit.language(), visit.today(), text);
    let unclear = !text.is_empty() && day.is_none();
    refusal.when(unclear, "due", Phrase::new("care-day-unclear"));
    refusal.or_ok()?;
    let day = day.ok_or(Fault::Absent("page"))?;
    let to = |task: &Task| {
        let opens = task.opens.filter(|opens| *opens <= day);
        Command::Move { opens, due: Due::Day(day) }
    };
    go(writer, visit, form, Done::Moved, &to)
}

/// All of them are given to one person.
pub(super) fn hand_over(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let mut refusal = some(form);
    let owner = StaffId::parse(form.text("owner"));
    let known = owner.map(|id| writer.find::<staff::Account>(id)).transpose()?.flatten();
    refusal.when(known.is_none(), "owner", Phrase::new("task-owner-missing"));
    refusal.or_ok()?;
    let owner = Owner::Staff(owner.ok_or(Fault::Absent("page"))?);
    go(writer, visit, form, Done::HandedOver, &|_| Command::HandOver(owner))
}

/// What was just done is taken back.
pub(super) fn undo(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let id: BatchId = visit.id("batch")?;
    let undone = store::undo_all(writer, visit.staff(), id)?;
    Ok(Next::to(with_done(&back(form), undone)))
}

fn go(
    writer: &mut Writer<'_>,
    visit: &Visit,
    form: &Form,
    done: Done,
    command: &dyn Fn(&Task) -> Command,
) -> Outcome<Next> {
    let batch = store::act_on_all(writer, visit.staff(), &picks(form), done, command)?;
    Ok(Next::to(with_done(&back(form), batch)))
}

fn some(form: &Form) -> Refusal {
    let mut refusal = Refusal::default();
    refusal.when(picks(form).is_empty(), "", Phrase::new("bulk-none"));
    refusal
}

fn picks(form: &Form) -> Vec<String> {
    form.all("t").take(MOST).map(str::to_owned).collect()
}

/// The list from which it was chosen: only ever My day.
fn back(form: &Form) -> String {
    let back = form.text("back");
    let plain = |c: char| c.is_ascii_alphanumeric() || "/?&=-".contains(c);
    let own = back.starts_with("/?") && back.chars().all(plain);
    if own { back.to_owned() } else { "/?view=mine".to_owned() }
}

fn with_done(back: &str, batch: BatchId) -> String {
    format!("{back}&done={batch}")
}
