//! Two people in one record: which of its identities are somebody else's is chosen, what will move is
//! shown, and then two records are made of it.

use super::about::{numbers, source_name};
use super::record_page;
use super::view;
use crate::patients::record::{Identity, Patient};
use crate::patients::rules::part;
use crate::patients::store;
use almoner_core::fault::{Fault, Outcome, Refusal};
use almoner_core::ids::PatientId;
use almoner_core::permission::May;
use almoner_core::phrase::Phrase;
use almoner_frame::kit::{Choice, Problems};
use almoner_frame::typed::Opening;
use almoner_frame::{Form, Next, Page, Typed, Visit, Words, handmade};
use almoner_store::{Reader, Writer};
use askama::Template;

/// The field in which the chosen identities stand.
const TAKE: &str = "take";

#[derive(Template)]
#[template(path = "patients/pages/split.html")]
struct Split<'p> {
    words: &'p Words,
    problems: Problems,
    path: String,
    back: String,
    /// All identities, to choose from.
    choices: Vec<Choice>,
    /// What will move; nothing while nothing is chosen that can.
    preview: Option<Preview>,
}

/// What will be whose.
struct Preview {
    go: Vec<String>,
    stay: Vec<String>,
    /// What people made here, which stays too.
    handmade: String,
    /// Files of which nobody can tell whose they are; empty when there are none.
    unsure: String,
    /// The names of the chosen identities, as the form sends them.
    take: Vec<String>,
    now: Opening,
    reason: String,
}

/// Where two people are made of a record: empty where there is only one identity, or for whoever may
/// not.
pub(super) fn href(visit: &Visit, patient: &Patient) -> String {
    let can = patient.identities.len() > 1 && visit.may(May::DecideMatch);
    if can { format!("/p/{}/split", patient.id) } else { String::new() }
}

pub(super) fn page(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let typed = Typed::fresh(visit, &visit.words().t("split-title"));
    let taken = visit.queries().iter().filter(|(key, _)| key == TAKE);
    let taken: Vec<&str> = taken.map(|(_, value)| value.as_str()).collect();
    // The page before anything is chosen has nothing to complain about.
    let asked = visit.queries().iter().any(|(key, _)| key == "look");
    draw(reader, visit, &typed, &taken, asked, &Refusal::default())
}

/// Draws the page again when it could not be done as it was sent.
pub(super) fn again(
    reader: &Reader<'_>,
    visit: &Visit,
    form: &Form,
    refusal: &Refusal,
) -> Outcome<Page> {
    let id: PatientId = visit.id("patient")?;
    let typed = Typed::refused(visit, &visit.words().t("split-title"), form);
    let typed = typed.kept_on(&format!("/p/{id}/split"));
    let taken: Vec<&str> = form.all(TAKE).collect();
    Ok(draw(reader, visit, &typed, &taken, false, refusal)?.with_status(422))
}

/// Two records are made of it.
pub(super) fn now(writer: &mut Writer<'_>, visit: &Visit, form: &Form) -> Outcome<Next> {
    let id: PatientId = visit.id("patient")?;
    let patient = writer.get::<Patient>(id)?;
    let go = part::chosen(&patient, form.all(TAKE));
    // A file has changed one of them since the page was drawn.
    if go.len() != form.all(TAKE).count() {
        return Err(Fault::Stale("patient"));
    }
    let mut refusal = part::may_go(&patient, &go);
    let reason = form.needed("reason", &mut refusal, Phrase::new("split-reason-missing"));
    refusal.or_ok()?;
    let other = store::split(writer, id, &go, reason)?;
    let golden = writer.get::<Patient>(other)?.golden();
    let name = view::plain_name(visit.words(), &golden);
    Ok(Next::saying(format!("/p/{other}"), Phrase::new("split-said").with("name", name)))
}

fn draw(
    reader: &Reader<'_>,
    visit: &Visit,
    typed: &Typed,
    taken: &[&str],
    asked: bool,
    refusal: &Refusal,
) -> Outcome<Page> {
    let id: PatientId = visit.id("patient")?;
    let (patient, words) = (reader.get::<Patient>(id)?, visit.words());
    let path = format!("/p/{id}/split");
    let go = part::chosen(&patient, taken.iter().copied());
    let mut problems = refusal.clone();
    let may = part::may_go(&patient, &go);
    let can = may.problems.is_empty();
    if asked && !can {
        problems = may;
    }
    let parting = store::parting(reader, &patient)?;
    let told = told_all(visit, &patient, &parting);
    let names = part::names(&patient);
    let choice = |(at, (value, label)): (usize, (&String, &String))| Choice {
        value: value.clone(),
        label: label.clone(),
        on: go.contains(&at),
    };
    let preview = if can {
        let typed = typed.clone().about(Some(id));
        Some(preview(reader, visit, &typed, id, (&go, &told, &names, parting.unsure))?)
    } else {
        None
    };
    let page = Split {
        words,
        problems: Problems::of(visit, &problems),
        back: format!("/p/{id}/similar"),
        path,
        choices: names.iter().zip(&told).enumerate().map(choice).collect(),
        preview,
    };
    record_page(reader, visit, id, &words.t("split-title"), &page)
}

/// The chosen places, the words of all identities, the names that a form sends for them, and how many
/// files are unsure.
type Chosen<'c> = (&'c [usize], &'c [String], &'c [String], usize);

fn preview(
    reader: &Reader<'_>,
    visit: &Visit,
    typed: &Typed,
    id: PatientId,
    (go, told, names, unsure): Chosen<'_>,
) -> Outcome<Preview> {
    let words = visit.words();
    let pick = |all: &[String], gone: bool| {
        let of = all.iter().enumerate().filter(|(at, _)| go.contains(at) == gone);
        of.map(|(_, it)| it.clone()).collect::<Vec<String>>()
    };
    let action = format!("/p/{id}/split/now");
    let made = handmade(reader, id)?;
    let count = |key: &str, n: u64| if n == 0 { String::new() } else { words.n(key, n) };
    Ok(Preview {
        go: pick(told, true),
        stay: pick(told, false),
        handmade: count("decide-handmade-count", made),
        unsure: count("split-unsure", unsure as u64),
        take: pick(names, true),
        reason: typed.at(&action).text("reason").to_owned(),
        now: typed.open(&action),
    })
}

/// The line of each identity, in their order.
pub(super) fn lines(reader: &Reader<'_>, visit: &Visit, patient: &Patient) -> Outcome<Vec<String>> {
    Ok(told_all(visit, patient, &store::parting(reader, patient)?))
}

fn told_all(visit: &Visit, patient: &Patient, parting: &store::Parting) -> Vec<String> {
    let all = patient.identities.iter().zip(&parting.files);
    all.map(|(identity, files)| told(visit, identity, *files)).collect()
}

/// "epic: Okafor, María, Mar 4, 1958, record 4711; 3 files".
fn told(visit: &Visit, identity: &Identity, files: usize) -> String {
    let words = visit.words();
    let said = &identity.demographics;
    let born = said.birth_date.as_ref().map(|day| words.when(day)).unwrap_or_default();
    let mut parts = vec![view::row_name(words, said), born];
    parts.extend(numbers(words, said).into_iter().map(|(label, value)| format!("{label} {value}")));
    parts.push(words.n("decide-files-count", files as u64));
    parts.retain(|it| !it.is_empty());
    format!("{}: {}", source_name(words, &identity.source), parts.join(", "))
}
