//! The pages of the directory: the list, found by words, and one entry with where it is said.

mod entry;

use super::record::ResourceEntry;
use super::{rules, store};
use almoner_core::fault::Outcome;
use almoner_core::permission::May;
use almoner_core::text::visible;
use almoner_frame::kit::{Link, Pager};
use almoner_frame::{NavItem, Page, Route, Tone, Visit, Words};
use almoner_store::Reader;
use askama::Template;

/// Entries on a page.
const PAGE: u64 = 25;
const NAV_PATH: &str = "/resources";

/// The pages.
pub(super) const ROUTES: &[Route] = &[
    Route::Show { path: "/resources", may: May::SeeResources, page: list },
    Route::Show { path: "/resources/{id}", may: May::SeeResources, page: entry::page },
];

/// The line of the navigation.
pub(super) const NAV: &[NavItem] = &[NavItem {
    label: "nav-resources",
    href: NAV_PATH,
    may: May::SeeResources,
    icon: "pin",
    order: 45,
    count: None,
}];

#[derive(Template)]
#[template(path = "community/pages/list.html")]
struct List<'p> {
    words: &'p Words,
    lede: String,
    typed: String,
    category: String,
    shown: Vec<Link>,
    lines: Vec<Line>,
    pager: Pager,
    /// The directory holds nothing at all.
    nothing: bool,
}

/// An entry of the list.
struct Line {
    href: String,
    title: String,
    provider: String,
    place: String,
    phone: String,
    tags: Vec<(&'static str, String)>,
    age: String,
}

fn list(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let words = visit.words();
    let (typed, category) = (visit.query("q").trim(), visit.query("category").trim());
    let others = visit.query("all") == "1";
    let ids = store::find(reader, typed, category, others)?;
    let (usable, rest) = store::standing(reader)?;
    let at = visit.query("page").parse().unwrap_or(1);
    let pager =
        Pager::new(at, PAGE, ids.len() as u64, |page| address(typed, category, others, page));
    let size = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let shown = ids.iter().skip(pager.skip()).take(size);
    let lines =
        shown.map(|id| Ok(line(visit, &store::entry(reader, *id)?))).collect::<Outcome<_>>()?;
    let view = |all: bool, key: &str, count: u64| Link {
        href: address(typed, category, all, 1),
        label: words.t(key),
        count: Some(count),
        on: all == others,
    };
    let page = List {
        words,
        lede: words.n("resource-found", ids.len()),
        typed: typed.to_owned(),
        category: category.to_owned(),
        shown: vec![
            view(false, "resource-show-usable", usable),
            view(true, "resource-show-all", usable + rest),
        ],
        lines,
        pager,
        nothing: usable + rest == 0,
    };
    Page::draw(words.t("nav-resources"), NAV_PATH, &page)
}

/// The address of the list with these wishes.
fn address(typed: &str, category: &str, others: bool, page: u64) -> String {
    let mut pairs = Vec::new();
    let mut add = |name: &str, value: &str| {
        if !value.is_empty() {
            pairs.push(format!("{name}={}", encode(value)));
        }
    };
    add("q", typed);
    add("category", category);
    add("all", if others { "1" } else { "" });
    add("page", &if page > 1 { page.to_string() } else { String::new() });
    if pairs.is_empty() { NAV_PATH.to_owned() } else { format!("{NAV_PATH}?{}", pairs.join("&")) }
}

/// A text as part of an address (RFC 3986).
fn encode(text: &str) -> String {
    let one = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(one).collect()
}

fn line(visit: &Visit, entry: &ResourceEntry) -> Line {
    let service = &entry.service;
    let place = service.places.first();
    let address = place.and_then(|place| place.addresses.first()).map(|it| &it.address);
    let town = address.map_or(String::new(), |it| {
        let parts = [it.city.as_str(), &it.state, &it.postal_code];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
    });
    let phones = service.phones.iter().chain(place.into_iter().flat_map(|it| &it.phones));
    let mut phones = phones.chain(&service.provider.phones);
    let provider = if service.name.is_empty() { "" } else { service.provider.name.as_str() };
    Line {
        href: entry.path(),
        title: visible(rules::title(service)),
        provider: visible(provider),
        place: visible(&town),
        phone: phones.next().map(|it| visible(&it.number)).unwrap_or_default(),
        tags: tags(visit, entry),
        age: age(visit, entry),
    }
}

/// Where an entry stands, where that is not simply "active".
fn tags(visit: &Visit, entry: &ResourceEntry) -> Vec<(&'static str, String)> {
    let words = visit.words();
    let mut tags = Vec::new();
    if let Some(at) = entry.withdrawn {
        let day = words.day(visit.house().zone.day(at));
        tags.push((Tone::Bad.class(), words.of_text("resource-withdrawn", &day)));
    }
    if !entry.service.is_usable() {
        let known = format!("resource-status-{}", entry.service.status.replace(' ', "-"));
        let said = words.t(&known);
        let said = if said == known { visible(&entry.service.status) } else { said };
        tags.push((Tone::Warn.class(), said));
    }
    tags
}

/// When somebody last made sure that it is so, and how long ago; else when the file came.
fn age(visit: &Visit, entry: &ResourceEntry) -> String {
    let words = visit.words();
    let service = &entry.service;
    let dated = service.assured.as_ref().or(service.modified.as_ref());
    let Some(when) = dated else { return words.t("resource-never-assured") };
    let key = if service.assured.is_some() { "resource-assured" } else { "resource-modified" };
    let said = words.of_text(key, &words.when(when));
    let days = when.date().map(|day| (visit.today() - day).num_days()).filter(|days| *days > 0);
    match days {
        Some(days) => format!("{said} · {}", words.n("resource-days-ago", days)),
        None => said,
    }
}
