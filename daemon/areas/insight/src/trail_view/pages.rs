//! The pages of the trail: all of it, and one patient's.

mod search;

use almoner_core::fault::Outcome;
use almoner_core::ids::{PatientId, StaffId};
use almoner_core::permission::May;
use almoner_core::time::Timestamp;
use almoner_frame::kit::{self, Choice, Link, Who};
use almoner_frame::{Page, Route, Visit, Words, dates, due};
use almoner_people::{patients, staff};
use almoner_store::{Reader, TrailEntry};
use askama::Template;
use search::{Found, Wanted};
use std::collections::{BTreeMap, BTreeSet};

/// Entries of a page.
const PAGE: usize = 50;
/// Patients named in one line; an entry may be about hundreds.
const NAMED: usize = 3;

pub(super) const NAV: &str = "/privacy/trail";

/// The pages.
pub(super) const ROUTES: &[Route] = &[
    Route::Show { path: NAV, may: May::SeeTrail, page: whole },
    Route::Show { path: "/p/{patient}/trail", may: May::SeePatientTrail, page: one },
];

#[derive(Template)]
#[template(path = "trail_view/pages/trail.html")]
struct Trail<'p> {
    words: &'p Words,
    /// Empty on the page of the whole trail.
    patient: String,
    /// The one patient whom the whole trail is narrowed to, by id; else empty.
    one: String,
    path: String,
    size: u64,
    filters: Vec<Link>,
    /// The first and the last day.
    days: [Bound; 2],
    staff: Vec<Choice>,
    verbs: Vec<Choice>,
    lines: Vec<Line>,
    older: Option<String>,
    newest: Option<String>,
}

/// An end of a time, as a day that was typed, what was understood, and what is wrong with it.
struct Bound {
    name: &'static str,
    typed: String,
    day: Option<chrono::NaiveDate>,
    echo: String,
    wrong: String,
}

/// An entry in words.
struct Line {
    seq: u64,
    when: String,
    actor: String,
    actor_href: String,
    verb: String,
    outcome: (&'static str, String),
    patients: Vec<(Who, String)>,
    more: u64,
    records: String,
    reason: String,
    address: String,
}

fn whole(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let (wanted, days) = wanted(visit, PatientId::parse(visit.query("patient")));
    let found = search::search(reader, &wanted, before(visit), PAGE)?;
    let page = trail(reader, visit, (&wanted, days), found, String::new())?;
    Page::draw(visit.words().t("nav-trail"), NAV, &page)
}

fn one(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let id: PatientId = visit.id("patient")?;
    let patient: patients::Patient = reader.get(id)?;
    let (wanted, days) = wanted(visit, Some(id));
    let found = search::search(reader, &wanted, before(visit), PAGE)?;
    let name = patients::who_of(visit, &patient).name;
    let page = trail(reader, visit, (&wanted, days), found, name)?;
    patients::record_page(reader, visit, id, &visit.words().t("tab-trail"), &page)
}

fn before(visit: &Visit) -> u64 {
    visit.query("page").parse().unwrap_or(u64::MAX)
}

/// What the address asks for, and its two days as they were typed.
fn wanted(visit: &Visit, patient: Option<PatientId>) -> (Wanted, [Bound; 2]) {
    let zone = visit.house().zone;
    let days = ["from", "to"].map(|name| Bound::typed(visit, name));
    let [from, to] = &days;
    let wanted = Wanted {
        patient,
        actor: visit.query("actor").to_owned(),
        verb: visit.query("verb").to_owned(),
        from: from.day.map(|day| zone.instant(day.and_time(chrono::NaiveTime::MIN))),
        to: to.day.map(|day| zone.end_of(day)),
    };
    (wanted, days)
}

impl Bound {
    fn label(&self) -> &'static str {
        if self.name == "from" { "trail-from" } else { "trail-to" }
    }

    fn typed(visit: &Visit, name: &'static str) -> Self {
        let typed = visit.query(name).trim().to_owned();
        let words = visit.words();
        let day = dates::day(visit.language(), visit.today(), &typed);
        Self {
            name,
            echo: day.map(|day| due::echo(words, visit.today(), day)).unwrap_or_default(),
            wrong: if day.is_some() || typed.is_empty() {
                String::new()
            } else {
                words.t("trail-day-wrong")
            },
            typed,
            day,
        }
    }
}

fn trail<'p>(
    reader: &Reader<'_>,
    visit: &'p Visit,
    (wanted, days): (&Wanted, [Bound; 2]),
    found: Found,
    patient: String,
) -> Outcome<Trail<'p>> {
    let words = visit.words();
    let names = names(reader, words)?;
    let own = !patient.is_empty();
    let people = if own { BTreeMap::new() } else { people(reader, visit, &found.entries)? };
    let lines = found.entries.iter().map(|it| line(visit, &names, &people, it)).collect();
    let mut staff = vec![anything(words, "trail-anybody")];
    staff.extend(names.iter().map(|(id, name)| Choice {
        value: id.clone(),
        label: name.clone(),
        on: *id == wanted.actor,
    }));
    let mut verbs = vec![anything(words, "trail-anything")];
    verbs.extend(self::verbs(visit).into_iter().map(|(label, verb)| Choice {
        value: verb.to_owned(),
        label,
        on: verb == wanted.verb,
    }));
    Ok(Trail {
        words,
        patient,
        size: reader.trail_size()?,
        one: wanted.patient.filter(|_| !own).map(|id| id.to_string()).unwrap_or_default(),
        path: visit.path().to_owned(),
        filters: filters(visit, wanted, &names, &days, own),
        days,
        staff,
        verbs,
        lines,
        older: found.older.map(|seq| kit::with_query(visit, "page", &seq.to_string())),
        newest: (before(visit) != u64::MAX).then(|| kit::with_query(visit, "page", "")),
    })
}

fn anything(words: &Words, key: &str) -> Choice {
    Choice { value: String::new(), label: words.t(key), on: false }
}

/// Names of the staff by id; people who left keep theirs.
fn names(reader: &Reader<'_>, words: &Words) -> Outcome<BTreeMap<String, String>> {
    let mut names: BTreeMap<String, String> =
        staff::all(reader)?.into_iter().map(|it| (it.id.to_string(), it.name)).collect();
    names.insert("intake".into(), words.t("trail-actor-intake"));
    names.insert("almonerd".into(), words.t("trail-actor-appliance"));
    Ok(names)
}

fn people(
    reader: &Reader<'_>,
    visit: &Visit,
    entries: &[TrailEntry],
) -> Outcome<BTreeMap<PatientId, Who>> {
    let mut known = BTreeMap::new();
    for id in entries.iter().flat_map(|it| concerned(it).into_iter().take(NAMED)) {
        if let Some(patient) = reader.find::<patients::Patient>(id)? {
            known.entry(id).or_insert_with(|| patients::who_of(visit, &patient));
        }
    }
    Ok(known)
}

/// The patients whom an entry is about.
fn concerned(it: &TrailEntry) -> BTreeSet<PatientId> {
    let read = it.entry.records.iter().filter(|record| record.kind == "patient");
    let ids = read.map(|record| record.id.as_str()).chain(it.entry.patient.as_deref());
    ids.filter_map(PatientId::parse).collect()
}

fn filters(
    visit: &Visit,
    wanted: &Wanted,
    names: &BTreeMap<String, String>,
    days: &[Bound; 2],
    own: bool,
) -> Vec<Link> {
    let words = visit.words();
    let link = |name: &str, label: String| Link {
        href: kit::with_query(visit, name, ""),
        label: words.of_text("trail-without", &label),
        count: None,
        on: true,
    };
    let mut links = Vec::new();
    if wanted.patient.is_some() && !own {
        links.push(link("patient", words.t("trail-one-patient")));
    }
    if !wanted.actor.is_empty() {
        links.push(link("actor", names.get(&wanted.actor).unwrap_or(&wanted.actor).clone()));
    }
    if !wanted.verb.is_empty() {
        links.push(link("verb", verb_in_words(words, &wanted.verb)));
    }
    for it in days {
        if let Some(day) = it.day {
            let key = format!("trail-{}-day", it.name);
            links.push(link(it.name, words.of_text(&key, &words.day(day))));
        }
    }
    links
}

fn line(
    visit: &Visit,
    names: &BTreeMap<String, String>,
    people: &BTreeMap<PatientId, Who>,
    it: &TrailEntry,
) -> Line {
    let (words, entry) = (visit.words(), &it.entry);
    let about = concerned(it);
    let shown: Vec<(Who, String)> = about
        .iter()
        .take(NAMED)
        .filter_map(|id| Some((people.get(id)?.clone(), filter(visit, "patient", &id.to_string()))))
        .collect();
    let more = if people.is_empty() { 0 } else { about.len().saturating_sub(shown.len()) as u64 };
    Line {
        seq: it.seq,
        when: at(visit, &entry.at),
        actor: actor(words, names, it),
        actor_href: filter(visit, "actor", &entry.actor.id),
        verb: verb_in_words(words, &entry.verb),
        outcome: outcome(words, &entry.outcome),
        patients: shown,
        more,
        records: records(words, it),
        reason: it.reason.clone().unwrap_or_default(),
        address: entry.address.clone().unwrap_or_default(),
    }
}

/// What was touched: "fact × 68, transition × 1". Of a mere look the patients say enough.
fn records(words: &Words, it: &TrailEntry) -> String {
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    for record in it.entry.records.iter().filter(|record| record.digest.is_some()) {
        *kinds.entry(record.kind.as_str()).or_default() += 1;
    }
    let named = |(kind, n): (&&str, &u64)| {
        let key = format!("kind-{kind}");
        let word = words.t(&key);
        format!("{} × {n}", if word == key { kind } else { word.as_str() })
    };
    kinds.iter().map(named).collect::<Vec<_>>().join(", ")
}

/// The same page, narrowed to one thing.
fn filter(visit: &Visit, name: &str, value: &str) -> String {
    kit::with_query(visit, name, value)
}

/// An entry's time in the clinic's zone, to the second: order matters here.
fn at(visit: &Visit, text: &str) -> String {
    let Ok(at) = text.parse::<Timestamp>() else { return text.to_owned() };
    let zone = visit.house().zone;
    format!("{}, {}", visit.words().day(zone.day(at)), zone.local(at).format("%H:%M:%S"))
}

fn actor(words: &Words, names: &BTreeMap<String, String>, it: &TrailEntry) -> String {
    let actor = &it.entry.actor;
    match actor.kind.as_str() {
        "token" => words.of_text("trail-actor-token", &actor.id),
        "admin" => words.of_text("trail-actor-admin", &actor.id),
        _ if StaffId::parse(&actor.id).is_some() && !names.contains_key(&actor.id) => {
            words.t("trail-actor-gone")
        }
        _ => names.get(&actor.id).unwrap_or(&actor.id).clone(),
    }
}

fn outcome(words: &Words, outcome: &str) -> (&'static str, String) {
    match outcome {
        "done" => ("", String::new()),
        "refused" => ("warn", words.t("trail-refused")),
        "failed" => ("bad", words.t("trail-failed")),
        "wrong" => ("warn", words.t("trail-wrong")),
        "delayed" => ("warn", words.t("trail-delayed")),
        other => ("", other.to_owned()),
    }
}

/// What was done, in words; the house's own word where there is no other.
fn verb_in_words(words: &Words, verb: &str) -> String {
    let key = format!("verb-{}", verb.replace(['.', '_'], "-"));
    let word = words.t(&key);
    if word == key { verb.to_owned() } else { word }
}

/// The verbs of the house itself; the areas' are those of their routes.
pub(super) const VERBS: &[&str] = &[
    "chart.read",
    "sign-in",
    "sign-out",
    "page.open",
    "fhir.read",
    "fhir.search",
    "fhir.everything",
    "intake.take",
];

/// The verbs that the filter offers, by their words.
fn verbs(visit: &Visit) -> Vec<(String, &'static str)> {
    let routes = visit.house().areas.iter().flat_map(|area| area.routes);
    let work = routes.filter_map(|route| match route {
        Route::Work { verb, .. } => Some(verb.0),
        _ => None,
    });
    let all: BTreeSet<&'static str> = work.chain(VERBS.iter().copied()).collect();
    let named = |verb: &'static str| (verb_in_words(visit.words(), verb), verb);
    let mut named: Vec<_> = all.into_iter().map(named).collect();
    named.sort();
    named
}
