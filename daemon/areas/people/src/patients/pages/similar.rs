//! People who may be the same as a patient, or are easily taken for them, side by side; and what was
//! decided of them, with its way back.

use super::about::{postal, source_name};
use super::record_page;
use super::view;
use crate::patients::record::{Apart, Patient, Suspect};
use crate::patients::store;
use crate::staff;
use almoner_core::fault::{Outcome, Refusal};
use almoner_core::ids::PatientId;
use almoner_core::permission::May;
use almoner_core::phrase::Phrase;
use almoner_frame::kit::{Problems, Who};
use almoner_frame::typed::Opening;
use almoner_frame::{Form, Next, Page, Typed, Visit, Words};
use almoner_store::{Reader, Writer};
use askama::Template;

/// So many people who are only alike are shown.
const ALIKE: usize = 20;

#[derive(Template)]
#[template(path = "patients/pages/similar.html")]
struct Similar<'p> {
    words: &'p Words,
    problems: Problems,
    pairs: Vec<Pair>,
    decided: Vec<Decided>,
    merged: Vec<Merged>,
    /// Where two people are made of this record; empty where that cannot be.
    split: String,
}

/// A record that became one with this.
struct Merged {
    name: String,
    said: String,
    undo: Opening,
}

/// The patient and one other.
struct Pair {
    other: Who,
    /// Why they were not joined; empty when only the names are alike.
    reasons: Vec<String>,
    since: String,
    rows: Vec<Row>,
    /// The page where the pair is decided; empty where it is not, or not by whoever looks.
    decide: String,
}

/// One attribute of both.
pub(super) struct Row {
    pub(super) label: String,
    pub(super) mine: String,
    pub(super) theirs: String,
    pub(super) differs: bool,
}

/// A pair of whom somebody decided that they are two people.
struct Decided {
    other: Who,
    said: String,
    reason: String,
    undo: Opening,
}

pub(super) fn page(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    draw(
        reader,
        visit,
        Typed::fresh(visit, &visit.words().t("similar-decide")),
        &Refusal::default(),
    )
}

/// Draws the page again when a decision could not be taken as it was sent.
pub(super) fn again(
    reader: &Reader<'_>,
    visit: &Visit,
    form: &Form,
    refusal: &Refusal,
) -> Outcome<Page> {
    let typed = Typed::refused(visit, &visit.words().t("similar-decide"), form);
    Ok(draw(reader, visit, typed, refusal)?.with_status(422))
}

/// Two records are made of one again.
pub(super) fn unmerge(writer: &mut Writer<'_>, visit: &Visit, _: &Form) -> Outcome<Next> {
    let id: PatientId = visit.id("patient")?;
    store::unmerge(writer, visit.id("merge")?, "")?;
    Ok(Next::saying(format!("/p/{id}/similar"), Phrase::new("merged-said-undone")))
}

/// The decision is taken back.
pub(super) fn undo(writer: &mut Writer<'_>, visit: &Visit, _: &Form) -> Outcome<Next> {
    let (id, other) = (visit.id("patient")?, visit.id("other")?);
    store::undo_apart(writer, id, other)?;
    said(writer, visit, id, other, "similar-said-undone")
}

fn said(
    reader: &Reader<'_>,
    visit: &Visit,
    id: PatientId,
    other: PatientId,
    key: &'static str,
) -> Outcome<Next> {
    let golden = reader.get::<Patient>(other)?.golden();
    let name = view::plain_name(visit.words(), &golden);
    Ok(Next::saying(format!("/p/{id}/similar"), Phrase::new(key).with("name", name)))
}

fn draw(reader: &Reader<'_>, visit: &Visit, typed: Typed, refusal: &Refusal) -> Outcome<Page> {
    let id: PatientId = visit.id("patient")?;
    let patient = reader.get::<Patient>(id)?;
    let words = visit.words();
    let typed = typed.about(Some(id));
    let base = format!("/p/{id}/similar");
    let others = others(reader, &patient)?;
    let may = visit.may(May::DecideMatch);
    let decide = |other: PatientId, suspect: Option<&Suspect>| match suspect {
        // The record that came later asks.
        Some(it) if may && it.asks => format!("/intake/match/{id}?pair={other}"),
        Some(_) if may => format!("/intake/match/{other}?pair={id}"),
        _ => String::new(),
    };
    let pairs = others.iter().map(|(other, suspect)| Pair {
        other: view::who_of(visit, other),
        reasons: suspect
            .map(|it| it.reasons.iter().map(|reason| words.t(reason.key())).collect())
            .unwrap_or_default(),
        since: suspect.map(|it| view::lately(visit, it.since)).unwrap_or_default(),
        rows: rows(visit, &patient, other),
        decide: decide(other.id, *suspect),
    });
    let undo = |other: PatientId| {
        if may { typed.open(&format!("{base}/{other}/undo")) } else { Opening::default() }
    };
    let decided =
        patient.apart.iter().map(|it| decided(reader, visit, it, undo(it.suspect.patient)));
    let merged = merged(reader, visit, id, &typed)?;
    let page = Similar {
        split: super::split::href(visit, &patient),
        merged,
        words,
        problems: Problems::of(visit, refusal),
        pairs: pairs.collect(),
        decided: decided.collect::<Outcome<_>>()?,
    };
    record_page(reader, visit, id, &words.t("similar-title"), &page)
}

/// The records that became one with this, each with how that is taken back.
fn merged(
    reader: &Reader<'_>,
    visit: &Visit,
    id: PatientId,
    typed: &Typed,
) -> Outcome<Vec<Merged>> {
    let words = visit.words();
    let mut all = Vec::new();
    for merge in store::in_force(reader, id)? {
        let by = merge.by.map(|by| staff::store::name_of(reader, by)).transpose()?;
        let by = by.unwrap_or_else(|| words.t("merged-by-source"));
        let was = merge.changed.iter().find(|(before, _)| before.id == merge.from);
        let name = was.map(|(before, _)| view::row_name(words, &before.golden()));
        let undo = if visit.may(May::DecideMatch) {
            typed.open(&format!("/p/{id}/merged/{}/undo", merge.id))
        } else {
            Opening::default()
        };
        let said = format!("{by}, {}", words.instant(merge.at));
        all.push(Merged { name: name.unwrap_or_default(), said, undo });
    }
    Ok(all)
}

/// Those to compare: the possible duplicates, then who is only alike.
fn others<'p>(
    reader: &Reader<'_>,
    patient: &'p Patient,
) -> Outcome<Vec<(Patient, Option<&'p Suspect>)>> {
    let mut others: Vec<(Patient, Option<&Suspect>)> = Vec::new();
    for suspect in &patient.possible_duplicates {
        others.push((reader.get(suspect.patient)?, Some(suspect)));
    }
    let decided = |id| patient.apart.iter().any(|it| it.suspect.patient == id);
    let alike = view::similar_to(reader, patient)?.into_iter().filter(|id| !decided(*id));
    for other in alike.take(ALIKE) {
        if !patient.possible_duplicates.iter().any(|it| it.patient == other) {
            others.push((reader.get(other)?, None));
        }
    }
    others.sort_by_cached_key(|(other, suspect)| (suspect.is_none(), store::order(other)));
    Ok(others)
}

fn decided(reader: &Reader<'_>, visit: &Visit, it: &Apart, undo: Opening) -> Outcome<Decided> {
    let by = it.by.map(|id| staff::store::name_of(reader, id)).transpose()?.unwrap_or_default();
    Ok(Decided {
        other: view::who(reader, visit, it.suspect.patient)?,
        said: format!("{by}, {}", visit.words().instant(it.at)),
        reason: it.reason.clone(),
        undo,
    })
}

pub(super) fn rows(visit: &Visit, mine: &Patient, theirs: &Patient) -> Vec<Row> {
    let words = visit.words();
    let (a, b) = (mine.golden(), theirs.golden());
    let row = |key: &str, mine: String, theirs: String| {
        let differs = mine != theirs && !mine.is_empty() && !theirs.is_empty();
        Row { label: words.t(key), mine, theirs, differs }
    };
    let address = |it: &almoner_core::clinical::Patient| it.addresses.first().map(postal);
    let phone =
        |it: &almoner_core::clinical::Patient| it.telecoms.first().map(|point| point.value.clone());
    let sources = |it: &Patient| {
        let mut names: Vec<String> =
            it.identities.iter().map(|one| source_name(words, &one.source)).collect();
        names.sort();
        names.dedup();
        names.join(", ")
    };
    let text = Option::unwrap_or_default;
    vec![
        row("about-name", view::row_name(words, &a), view::row_name(words, &b)),
        row("people-born", view::born(visit, &a), view::born(visit, &b)),
        row("people-sex", view::sex(words, &a), view::sex(words, &b)),
        row(
            "people-record",
            text(view::record_number(visit, &a)),
            text(view::record_number(visit, &b)),
        ),
        row("about-address", text(address(&a)), text(address(&b))),
        row("about-phone", text(phone(&a)), text(phone(&b))),
        row("about-sources", sources(mine), sources(theirs)),
    ]
}
