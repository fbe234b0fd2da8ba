//! Who the patient is: names, numbers, addresses, how to reach them, and which source said so.

use super::coordinator::{self, Coordinator};
use super::record_page;
use super::view;
use crate::patients::record::{Identity, Patient};
use almoner_core::clinical::{self, Address, HumanName};
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_formats::fhir::FHIR_ID;
use almoner_frame::{Page, Visit, Words};
use almoner_store::Reader;
use askama::Template;

#[derive(Template)]
#[template(path = "patients/pages/about.html")]
struct About<'p> {
    words: &'p Words,
    name: String,
    facts: Vec<(String, String)>,
    names: Vec<(String, String)>,
    numbers: Vec<(String, String)>,
    phones: Vec<(String, String, String)>,
    addresses: Vec<(String, String)>,
    sources: Vec<Source>,
    /// Where two people are made of this record; empty where that cannot be.
    split: String,
    coordinator: Coordinator,
}

/// What one source says.
struct Source {
    name: String,
    said: String,
    born: String,
    as_of: String,
}

pub(super) fn page(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let id: PatientId = visit.id("patient")?;
    let patient = reader.get::<Patient>(id)?;
    let golden = patient.golden();
    let words = visit.words();
    let page = About {
        words,
        name: view::plain_name(words, &golden),
        facts: facts(visit, &golden),
        names: golden.names.iter().map(|name| (use_of(words, &name.use_), full(name))).collect(),
        numbers: numbers(words, &golden),
        phones: phones(words, &golden),
        addresses: golden
            .addresses
            .iter()
            .map(|address| (use_of(words, &address.use_), postal(address)))
            .collect(),
        sources: patient.identities.iter().map(|one| source(visit, one)).collect(),
        split: super::split::href(visit, &patient),
        coordinator: coordinator::shown(reader, visit, &patient)?,
    };
    record_page(reader, visit, id, &words.t("tab-about"), &page)
}

fn facts(visit: &Visit, golden: &clinical::Patient) -> Vec<(String, String)> {
    let words = visit.words();
    let list = |concepts: &[clinical::Concept]| {
        concepts.iter().map(clinical::Concept::label).collect::<Vec<_>>().join(", ")
    };
    let spoken: Vec<String> =
        golden.communications.iter().map(|it| view::language(words, &it.language)).collect();
    let interpreter = match golden.interpreter_needed {
        Some(true) => words.t("about-yes"),
        Some(false) => words.t("about-no"),
        None => String::new(),
    };
    let marital = golden.marital_status.as_ref().map(|it| it.label().to_owned());
    let doctors = golden.general_practitioner.iter().map(|it| it.display.as_str());
    vec![
        (words.t("people-born"), view::born(visit, golden)),
        (words.t("people-sex"), view::sex(words, golden)),
        (words.t("about-languages"), spoken.join(", ")),
        (words.t("about-interpreter"), interpreter),
        (words.t("about-race"), list(&golden.race)),
        (words.t("about-ethnicity"), list(&golden.ethnicity)),
        (words.t("about-marital"), marital.unwrap_or_default()),
        (
            words.t("about-doctor"),
            doctors.filter(|it| !it.is_empty()).collect::<Vec<_>>().join(", "),
        ),
    ]
}

pub(super) fn numbers(words: &Words, golden: &clinical::Patient) -> Vec<(String, String)> {
    let shown = golden.identifiers.iter().filter(|id| id.system != FHIR_ID);
    shown
        .map(|id| {
            if crate::patients::rules::numbers::is_ssn(id) {
                let digits: String = id.value.chars().filter(char::is_ascii_digit).collect();
                let last = digits.get(digits.len().saturating_sub(4)..).unwrap_or_default();
                return (words.t("about-ssn"), format!("···-··-{last}"));
            }
            let label = if id.kind == "MR" { "people-record" } else { "about-number" };
            (words.t(label), id.value.clone())
        })
        .collect()
}

fn phones(words: &Words, golden: &clinical::Patient) -> Vec<(String, String, String)> {
    golden
        .telecoms
        .iter()
        .map(|point| {
            let kind = match point.system.as_str() {
                "email" => "about-email",
                "fax" => "about-fax",
                _ => "about-phone",
            };
            let dial: String =
                point.value.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect();
            let href = if point.system == "phone" && !golden.deceased {
                format!("tel:{dial}")
            } else {
                String::new()
            };
            let label = [words.t(kind), use_of(words, &point.use_)].join(" ");
            (label.trim().to_owned(), point.value.trim_start_matches("tel:").to_owned(), href)
        })
        .collect()
}

fn source(visit: &Visit, identity: &Identity) -> Source {
    let words = visit.words();
    let said = &identity.demographics;
    Source {
        name: source_name(words, &identity.source),
        said: view::row_name(words, said),
        born: said.birth_date.as_ref().map(|day| words.when(day)).unwrap_or_default(),
        as_of: view::lately(visit, identity.received),
    }
}

/// The name of a source, or that none was given.
pub(super) fn source_name(words: &Words, source: &str) -> String {
    if source.is_empty() { words.t("people-source-unnamed") } else { source.to_owned() }
}

pub(super) fn postal(address: &Address) -> String {
    let town = [address.city.as_str(), &address.state, &address.postal_code];
    let town = town.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ");
    let lines = address.lines.iter().map(String::as_str).chain([town.as_str()]);
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(", ")
}

fn full(name: &HumanName) -> String {
    let parts =
        [&name.prefix.join(" "), &name.given.join(" "), &name.family, &name.suffix.join(" ")];
    parts
        .iter()
        .filter(|part| !part.is_empty())
        .map(|part| part.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}

fn use_of(words: &Words, use_: &str) -> String {
    match use_ {
        "home" | "work" | "mobile" | "temp" | "old" | "official" | "usual" | "nickname"
        | "maiden" => words.t(&format!("use-{use_}")),
        _ => String::new(),
    }
}
