//! People who may be the same as a patient, or are easily taken for them, side by side.

use super::about::{postal, source_name};
use super::record_page;
use super::view;
use crate::patients::record::{Patient, Suspect};
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_frame::kit::Who;
use almoner_frame::{Page, Visit, Words};
use almoner_store::Reader;
use askama::Template;

#[derive(Template)]
#[template(path = "patients/pages/similar.html")]
struct Similar<'p> {
    words: &'p Words,
    name: String,
    pairs: Vec<Pair>,
}

/// The patient and one other.
struct Pair {
    other: Who,
    /// Why they were not joined; empty when only the names are alike.
    reasons: Vec<String>,
    since: String,
    rows: Vec<Row>,
}

/// One attribute of both.
struct Row {
    label: String,
    mine: String,
    theirs: String,
    differs: bool,
}

pub(super) fn page(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let id: PatientId = visit.id("patient")?;
    let patient = reader.get::<Patient>(id)?;
    let words = visit.words();
    let mut others: Vec<(Patient, Option<&Suspect>)> = Vec::new();
    for suspect in &patient.possible_duplicates {
        others.push((reader.get(suspect.patient)?, Some(suspect)));
    }
    for other in view::similar_to(reader, &patient)? {
        if !patient.possible_duplicates.iter().any(|it| it.patient == other) {
            others.push((reader.get(other)?, None));
        }
    }
    others.sort_by_cached_key(|(other, suspect)| {
        (suspect.is_none(), crate::patients::store::order(other))
    });
    let pairs = others
        .iter()
        .map(|(other, suspect)| Pair {
            other: view::who_of(visit, other),
            reasons: suspect
                .map(|it| it.reasons.iter().map(|reason| words.t(reason.key())).collect())
                .unwrap_or_default(),
            since: suspect.map(|it| view::lately(visit, it.since)).unwrap_or_default(),
            rows: rows(visit, &patient, other),
        })
        .collect();
    let name = view::row_name(words, &patient.golden());
    record_page(reader, visit, id, &words.t("similar-title"), &Similar { words, name, pairs })
}

fn rows(visit: &Visit, mine: &Patient, theirs: &Patient) -> Vec<Row> {
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
        row("people-record", text(view::record_number(&a)), text(view::record_number(&b))),
        row("about-address", text(address(&a)), text(address(&b))),
        row("about-phone", text(phone(&a)), text(phone(&b))),
        row("about-sources", sources(mine), sources(theirs)),
    ]
}
