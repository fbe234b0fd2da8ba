//! Who the patient is, the same on every page: the banner with its alerts in their fixed order, and
//! the tabs of the record (`UX.md` §2: each line there is a test).

use super::view;
use crate::patients::record::Patient;
use crate::patients::store;
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_core::permission::May;
use almoner_core::phrase::Phrase;
use almoner_frame::{Alert, Tone, Trust, Visit, Words};
use almoner_store::Reader;
use askama::Template;

/// A chart that is older than this is said to be (`UX.md` §5, patient banner).
const STALE_HOURS: i64 = 48;

#[derive(Template)]
#[template(path = "patients/pages/banner.html")]
struct Banner<'p> {
    words: &'p Words,
    name: String,
    used: String,
    born: String,
    sex: String,
    record: String,
    as_of: String,
    stale: bool,
    died: Option<String>,
    alerts: Vec<Line>,
    call: Option<String>,
    tabs: Vec<TabLine>,
}

/// An alert as drawn.
struct Line {
    class: &'static str,
    icon: &'static str,
    text: String,
    href: Option<String>,
}

struct TabLine {
    href: String,
    label: String,
    count: Option<u64>,
    here: bool,
}

/// The banner and the tabs of a patient's page: what stands above its main part.
pub fn banner(reader: &Reader<'_>, visit: &Visit, id: PatientId) -> Outcome<Trust> {
    let patient = reader.get::<Patient>(id)?;
    let golden = patient.golden();
    let words = visit.words();
    let (name, used) = view::full_name(&golden);
    let as_of = store::chart_as_of(reader, id)?;
    let stale = as_of.is_none_or(|at| (visit.now() - at).num_hours() > STALE_HOURS);
    let died = golden.deceased.then(|| match &golden.deceased_at {
        Some(day) => words.say(&Phrase::new("banner-died-on").with("day", words.when(day))),
        None => words.t("banner-died"),
    });
    Trust::of(&Banner {
        words,
        name: if name.is_empty() { words.t("people-no-name") } else { name },
        used,
        born: view::born(visit, &golden),
        sex: view::sex(words, &golden),
        record: view::record_number(visit, &golden).unwrap_or_default(),
        as_of: as_of.map_or_else(|| words.t("people-not-recorded"), |at| view::lately(visit, at)),
        stale,
        call: died.is_none().then(|| call_path(visit, id)).flatten(),
        died,
        alerts: alerts(reader, visit, id)?,
        tabs: tabs(reader, visit, id)?,
    })
}

/// What this area itself alerts to: language and interpreter, a similar name.
pub(crate) fn own_alerts(reader: &Reader<'_>, visit: &Visit, id: PatientId) -> Outcome<Vec<Alert>> {
    let patient = reader.get::<Patient>(id)?;
    let golden = patient.golden();
    let mut alerts = Vec::new();
    if let Some(text) = view::speaks(visit.words(), &golden) {
        let text = Phrase::new("banner-speaks").with("text", text);
        alerts.push(Alert { order: 2, tone: Tone::Plum, icon: "lang", text, href: None });
    }
    let similar = view::similar(reader, &patient)?;
    let doubted = patient.doubts().next().is_some();
    if doubted || !patient.possible_duplicates.is_empty() || similar {
        let key = if doubted {
            "banner-doubted"
        } else if patient.possible_duplicates.is_empty() {
            "banner-similar"
        } else {
            "banner-duplicate"
        };
        let decide = doubted && visit.may(May::DecideMatch);
        let href = if decide { format!("/intake/match/{id}") } else { format!("/p/{id}/similar") };
        let (text, href) = (Phrase::new(key), Some(href));
        alerts.push(Alert { order: 4, tone: Tone::Warn, icon: "same", text, href });
    }
    Ok(alerts)
}

fn alerts(reader: &Reader<'_>, visit: &Visit, id: PatientId) -> Outcome<Vec<Line>> {
    let mut all = Vec::new();
    for area in visit.house().areas {
        if let Some(alerts) = area.alerts {
            all.extend(alerts(reader, visit, id)?);
        }
    }
    all.sort_by_key(|alert| alert.order);
    let line = |alert: Alert| Line {
        class: match (alert.order, alert.tone) {
            (1, Tone::Bad) => "al allergy",
            (2, _) => "al speak",
            (_, Tone::Warn) => "al same",
            _ => "al",
        },
        icon: alert.icon,
        text: visit.say(&alert.text),
        href: alert.href,
    };
    Ok(all.into_iter().map(line).collect())
}

fn tabs(reader: &Reader<'_>, visit: &Visit, id: PatientId) -> Outcome<Vec<TabLine>> {
    let areas = visit.house().areas.iter();
    let mut tabs: Vec<_> = areas.flat_map(|area| area.tabs).collect();
    tabs.sort_by_key(|tab| tab.order);
    let mut lines = Vec::new();
    for tab in tabs.into_iter().filter(|tab| visit.may(tab.may)) {
        let href = format!("/p/{id}{}", tab.path);
        let count = tab.count.map(|count| count(reader, visit, id)).transpose()?.flatten();
        let here = if tab.path.is_empty() {
            visit.path() == href
        } else {
            visit.path().starts_with(&href)
        };
        lines.push(TabLine { href, label: visit.words().t(tab.label), count, here });
    }
    Ok(lines)
}

/// Where a call is logged, when the house has such a page and the person may.
fn call_path(visit: &Visit, id: PatientId) -> Option<String> {
    const PATH: &str = "/p/{patient}/contacts/new";
    let mut routes = visit.house().areas.iter().flat_map(|area| area.routes);
    (visit.may(May::RecordContact) && routes.any(|route| route.path() == PATH))
        .then(|| format!("/p/{id}/contacts/new"))
}
