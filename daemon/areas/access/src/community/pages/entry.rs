//! One entry of the directory: what it is, for whom, where, when, and which file says so.

use super::super::record::{ResourceEntry, ResourceId};
use super::super::{rules, store};
use super::{address, age, tags};
use almoner_core::clinical::{Address, Cost, Phone, Schedule, ServiceContact, ServicePlace};
use almoner_core::fault::Outcome;
use almoner_core::text::visible;
use almoner_frame::kit::Link;
use almoner_frame::{Page, Visit, Words};
use almoner_store::Reader;
use askama::Template;

/// Files that list the entry which its page names.
const FILES: usize = 5;

#[derive(Template)]
#[template(path = "community/pages/entry.html")]
struct Entry<'p> {
    words: &'p Words,
    title: String,
    provider: String,
    description: String,
    tags: Vec<(&'static str, String)>,
    age: String,
    facts: Vec<(String, String)>,
    places: Vec<Place>,
    terms: Vec<Link>,
    about: Vec<(String, String)>,
    files: Vec<(String, String)>,
}

struct Place {
    name: String,
    facts: Vec<(String, String)>,
}

/// The page of an entry.
pub(super) fn page(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let entry = store::entry(reader, visit.id::<ResourceId>("id")?)?;
    let words = visit.words();
    let service = &entry.service;
    let title = visible(rules::title(service));
    let terms = service.terms.iter().map(|term| {
        let name = if term.name.is_empty() { &term.code } else { &term.name };
        let link = address("", name, false, 1);
        Link { href: link, label: visible(name), count: None, on: false }
    });
    let page = Entry {
        words,
        title: title.clone(),
        provider: visible(&service.provider.name),
        description: visible(&service.description),
        tags: tags(visit, &entry),
        age: age(visit, &entry),
        facts: facts(words, &entry),
        places: service.places.iter().map(|place| self::place(words, place)).collect(),
        terms: terms.collect(),
        about: about(words, &entry),
        files: files(visit, &entry),
    };
    Page::draw(title, "/resources", &page)
}

/// Terms and values, those that are there.
struct Facts<'w> {
    words: &'w Words,
    list: Vec<(String, String)>,
}

impl Facts<'_> {
    fn add(&mut self, key: &str, value: &str) {
        if !value.trim().is_empty() {
            self.list.push((self.words.t(key), visible(value)));
        }
    }

    fn add_all(&mut self, key: &str, values: &[String]) {
        self.add(key, &values.join("; "));
    }
}

fn facts(words: &Words, entry: &ResourceEntry) -> Vec<(String, String)> {
    let it = &entry.service;
    let mut facts = Facts { words, list: Vec::new() };
    facts.add("resource-alternate-name", &it.alternate_name);
    facts.add("resource-program", &it.program);
    facts.add("resource-alert", &it.alert);
    facts.add_all("resource-eligibility", &it.eligibility);
    let ages = match (it.minimum_age.as_str(), it.maximum_age.as_str()) {
        ("", "") => String::new(),
        (from, to) => format!("{from}–{to}"),
    };
    facts.add("resource-ages", &ages);
    facts.add("resource-application", &it.application);
    facts.add_all("resource-documents", &it.required_documents);
    facts.add("resource-fees", &it.fees);
    facts.add("resource-costs", &joined(&it.costs, cost));
    facts.add_all("resource-payments", &it.payments);
    facts.add("resource-wait", &it.wait_time);
    facts.add_all("resource-languages", &it.languages);
    facts.add("resource-interpretation", &it.interpretation);
    facts.add_all("resource-areas", &it.areas);
    facts.add("resource-phones", &joined(&it.phones, phone));
    facts.add("resource-hours", &joined(&it.schedules, |it| schedule(words, it)));
    facts.add("resource-contacts", &joined(&it.contacts, contact));
    facts.add("resource-email", &it.email);
    facts.add("resource-url", &it.url);
    for (heading, value) in &it.other {
        facts.list.push((visible(heading), visible(value)));
    }
    facts.list
}

fn about(words: &Words, entry: &ResourceEntry) -> Vec<(String, String)> {
    let it = &entry.service.provider;
    let mut facts = Facts { words, list: Vec::new() };
    facts.add("resource-description", &it.description);
    facts.add("resource-parent", &it.parent);
    facts.add("resource-phones", &joined(&it.phones, phone));
    let addresses = it.addresses.iter().map(|it| &it.address);
    facts.add("resource-address", &addresses.map(postal).collect::<Vec<_>>().join("; "));
    facts.add("resource-contacts", &joined(&it.contacts, contact));
    facts.add("resource-email", &it.email);
    facts.add("resource-url", &it.url);
    facts.list
}

fn place(words: &Words, it: &ServicePlace) -> Place {
    let mut facts = Facts { words, list: Vec::new() };
    for one in &it.addresses {
        let key = if one.kind == "postal" { "resource-postal" } else { "resource-address" };
        facts.add(key, &postal(&one.address));
    }
    facts.add("resource-phones", &joined(&it.phones, phone));
    facts.add("resource-hours", &joined(&it.schedules, |it| schedule(words, it)));
    facts.add("resource-description", &it.description);
    facts.add("resource-transportation", &it.transportation);
    facts.add_all("resource-accessibility", &it.accessibility);
    facts.add_all("resource-languages", &it.languages);
    facts.add("resource-contacts", &joined(&it.contacts, contact));
    facts.add("resource-url", &it.url);
    let name = if it.name.is_empty() { words.t("resource-place") } else { visible(&it.name) };
    Place { name, facts: facts.list }
}

fn joined<T>(list: &[T], say: impl Fn(&T) -> String) -> String {
    list.iter().map(say).filter(|it| !it.is_empty()).collect::<Vec<_>>().join("; ")
}

fn phone(it: &Phone) -> String {
    let extension =
        if it.extension.is_empty() { String::new() } else { format!("x{}", it.extension) };
    let kind = if matches!(it.kind.as_str(), "" | "voice") { "" } else { it.kind.as_str() };
    let languages = it.languages.join(", ");
    spaced(&[&it.number, &extension, kind, &it.description, &languages])
}

fn contact(it: &ServiceContact) -> String {
    let phones = joined(&it.phones, phone);
    spaced(&[&it.name, &it.title, &it.department, &it.email, &phones])
}

fn cost(it: &Cost) -> String {
    spaced(&[&it.option, &it.amount, &it.currency, &it.description])
}

fn postal(it: &Address) -> String {
    let town = spaced(&[&it.city, &it.state, &it.postal_code]);
    let mut parts = it.lines.clone();
    parts.push(town);
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

fn spaced(parts: &[&str]) -> String {
    parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join(" ")
}

/// Days and hours in words: "Mon, Tue 09:00–17:00".
fn schedule(words: &Words, it: &Schedule) -> String {
    let day = |code: &String| words.t(&format!("resource-day-{}", code.to_lowercase()));
    let days = it.days.iter().map(day).collect::<Vec<_>>().join(", ");
    let clock = |time: &str| time.get(..5).unwrap_or(time).to_owned();
    let hours = match (it.opens.as_str(), it.closes.as_str()) {
        ("", "") => String::new(),
        (opens, closes) => format!("{}–{}", clock(opens), clock(closes)),
    };
    let dates = [it.from.as_ref(), it.until.as_ref()].into_iter().flatten();
    let dates = dates.map(|when| words.when(when)).collect::<Vec<_>>().join("–");
    let closed = if it.closed { words.t("resource-closed") } else { String::new() };
    spaced(&[&days, &hours, &closed, &dates, &it.description])
}

/// The files that list it, the newest first.
fn files(visit: &Visit, entry: &ResourceEntry) -> Vec<(String, String)> {
    let words = visit.words();
    let may = visit.may(almoner_core::permission::May::SeeIntake);
    let named = entry.listings.iter().rev().take(FILES);
    named
        .map(|it| {
            let source = if it.source.is_empty() {
                words.t("resource-source-unnamed")
            } else {
                it.source.clone()
            };
            let day = words.day(visit.house().zone.day(it.received));
            let place =
                if it.place.is_empty() { String::new() } else { format!(" · {}", it.place) };
            let href = if may { format!("/intake/{}", it.file) } else { String::new() };
            (href, visible(&format!("{source}, {day}{place}")))
        })
        .collect()
}
