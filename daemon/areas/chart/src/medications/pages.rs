//! Medicines as lines, and the page of medicine lists side by side.

use super::by_use;
use crate::facts::Fact;
use crate::facts::view::Row;
use almoner_core::clinical::{Medication, MedicationUse};
use almoner_core::export::Sense;
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_frame::{Page, Tone, Visit, Words};
use almoner_people::patients::record_page;
use almoner_store::Reader;
use askama::Template;

#[derive(Template)]
#[template(path = "medications/pages/lists.html")]
struct Lists<'p> {
    words: &'p Words,
    lists: Vec<List>,
}

/// One list of medicines.
struct List {
    id: &'static str,
    title: String,
    rows: Vec<Row>,
}

/// A medicine as a line.
pub(crate) fn row(visit: &Visit, fact: &Fact, it: &Medication) -> Row {
    let words = visit.words();
    let dose = it.dose.as_ref().map(|dose| format!("{} {}", dose.value, dose.unit));
    let route = it.route.as_ref().map(|route| route.label().to_owned());
    let said = if it.sig.is_empty() {
        [dose.unwrap_or_default(), route.unwrap_or_default(), it.frequency.clone()]
            .into_iter()
            .filter(|part| !part.trim().is_empty())
            .collect::<Vec<_>>()
            .join(", ")
    } else {
        it.sig.clone()
    };
    let reason = it.reason.as_ref().map(|it| words.of_text("medicine-for", it.label()));
    let until = it.period.end.as_ref().map(|it| words.of_text("medicine-until", &words.when(it)));
    let row = Row::of(visit, fact).saying(&[
        said.trim(),
        &reason.unwrap_or_default(),
        &until.unwrap_or_default(),
    ]);
    if fact.sense == Sense::Negated {
        return row.tagged(Tone::Warn, words.t("medicine-not-taken"));
    }
    match it.status.as_str() {
        "on-hold" => row.tagged(Tone::Warn, words.t("medicine-on-hold")),
        "stopped" | "cancelled" => row.tagged(Tone::Plain, words.t("medicine-stopped")),
        "completed" | "ended" => row.tagged(Tone::Plain, words.t("medicine-completed")),
        _ => row,
    }
}

pub(crate) fn page(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let id: PatientId = visit.id("patient")?;
    let words = visit.words();
    let lists = by_use(reader, id)?.into_iter().map(|(use_, facts)| {
        let name = name(use_);
        List {
            id: name,
            title: words.t(&format!("medicines-{name}")),
            rows: facts.iter().map(|fact| crate::facts::row(visit, fact)).collect(),
        }
    });
    let page = Lists { words, lists: lists.collect() };
    record_page(reader, visit, id, &words.t("tab-medicines"), &page)
}

fn name(use_: MedicationUse) -> &'static str {
    match use_ {
        MedicationUse::Admission => "admission",
        MedicationUse::Discharge => "discharge",
        MedicationUse::Ordered => "ordered",
        MedicationUse::Reported => "reported",
        MedicationUse::Administered => "administered",
    }
}
