//! Several versions of one resource, and its deletion (FHIR R4 "history", HTTP 3.1.0.13): of all of
//! them the newest counts. What the newest takes back is read as it was, and withdrawn.

use super::container::Item;
use super::json::Json;
use super::tally::Tally;
use almoner_core::clinical::When;
use almoner_core::export::Severity;
use serde_json::value::RawValue;
use std::cmp::Ordering;
use std::collections::HashMap;

/// What tells the newer of two versions of one resource.
#[derive(Clone, Debug, Default)]
pub(crate) struct Edition {
    /// `meta.versionId`, else `response.etag`.
    version: String,
    /// `meta.lastUpdated`, else `response.lastModified`.
    updated: Option<When>,
    /// Where it stands: the greater, the newer, where nothing else tells.
    place: i64,
    /// The source deleted it (`request.method` DELETE in a history).
    pub(crate) gone: bool,
}

impl Edition {
    /// What a resource's `meta` and the entry around it say; `response` may be empty.
    pub(crate) fn read(meta: &Json, response: &Json, place: i64) -> Self {
        let tag = response.text("etag").trim_start_matches("W/").trim_matches('"');
        let first = |a: &str, b: &str| if a.is_empty() { b.to_owned() } else { a.to_owned() };
        Self {
            version: first(meta.text("versionId"), tag),
            updated: When::parse(&first(meta.text("lastUpdated"), response.text("lastModified"))),
            place,
            gone: false,
        }
    }

    fn compare(&self, other: &Self) -> Ordering {
        let by_number = match (self.version.parse::<u64>(), other.version.parse::<u64>()) {
            (Ok(own), Ok(its)) => own.cmp(&its),
            _ => Ordering::Equal,
        };
        let by_time = || match (&self.updated, &other.updated) {
            (Some(own), Some(its)) => instant(own).cmp(&instant(its)),
            _ => Ordering::Equal,
        };
        by_number.then_with(by_time).then(self.place.cmp(&other.place))
    }
}

/// Whether a resource is a later version than a stored one of the same source and id, as far as their
/// `meta` tells (`fhir.md` A2, rule 7); none where it does not, or one of them is no resource.
pub fn is_later(raw: &str, stored: &str) -> Option<bool> {
    let edition = |raw: &str| {
        Json::parse(raw).ok().map(|json| Edition::read(json.get("meta"), &Json::Null, 0))
    };
    match edition(raw)?.compare(&edition(stored)?) {
        Ordering::Less => Some(false),
        Ordering::Equal => None,
        Ordering::Greater => Some(true),
    }
}

/// Of several versions of one resource (history, pages that overlap) only the newest.
pub(crate) fn newest<'a>(items: Vec<Item<'a>>, tally: &mut Tally) -> Vec<Item<'a>> {
    let bases = bases(&items);
    let mut kept: Vec<Option<Item<'a>>> = Vec::with_capacity(items.len());
    let mut seen: HashMap<String, usize> = HashMap::new();
    for item in items {
        let local = format!("{}/{}", item.resource_type, item.id);
        let base = match item.base() {
            "" if item.edition.gone => bases.get(&local).map_or("", String::as_str),
            base => base,
        };
        let name = format!("{base}/{local}");
        let old = seen.get(&name).copied().filter(|_| !item.id.is_empty());
        let Some(slot) = old.and_then(|old| kept.get_mut(old)) else {
            seen.insert(name, kept.len());
            kept.push(Some(item));
            continue;
        };
        let Some(held) = slot.take() else { continue };
        let (old, new) = match held.edition.compare(&item.edition) {
            Ordering::Greater => (item, held),
            _ => (held, item),
        };
        *slot = Some(of_two(old, new, tally));
    }
    let kept = kept.into_iter().flatten();
    kept.filter(|item| is_there(item, tally)).collect()
}

/// The newer of two, in which the older is told; of a deletion what was deleted.
fn of_two<'a>(old: Item<'a>, new: Item<'a>, tally: &mut Tally) -> Item<'a> {
    if new.edition.gone {
        return Item { edition: new.edition, ..old };
    }
    if !old.edition.gone {
        tally.add(Severity::Info, "older_version", &old.resource_type, &old.place);
    }
    new
}

/// Whether there is a resource to read. A deletion of what the file does not hold can only be told.
fn is_there(item: &Item<'_>, tally: &mut Tally) -> bool {
    let there = !item.raw.is_empty();
    if !there {
        tally.add(Severity::Warning, "entry_delete", &item.resource_type, &item.place);
    }
    there
}

/// The servers' addresses of the resources, by `Type/id`.
fn bases(items: &[Item<'_>]) -> HashMap<String, String> {
    if !items.iter().any(|item| item.edition.gone) {
        return HashMap::new();
    }
    let named = items.iter().filter(|item| !item.base().is_empty());
    named
        .map(|item| (format!("{}/{}", item.resource_type, item.id), item.base().to_owned()))
        .collect()
}

/// A resource that its source deleted, as it would say so itself: entered in error (for which no
/// clinical status may stand: rules con-5, ait-2), or no longer in use.
pub(crate) fn withdrawn(json: &mut Json, resource_type: &str) {
    let coded = || {
        let mut coding = Json::Null;
        coding.put("code", "entered-in-error");
        let mut concept = Json::Null;
        concept.put("coding", Json::List(vec![coding]));
        concept
    };
    match resource_type {
        "Condition" | "AllergyIntolerance" => {
            json.put("verificationStatus", coded());
            json.put("clinicalStatus", Json::Null);
        }
        "Patient" | "Practitioner" | "PractitionerRole" | "Organization" | "RelatedPerson"
        | "HealthcareService" => json.put("active", Json::Bool(false)),
        "Location" => json.put("status", "inactive"),
        "Goal" => json.put("lifecycleStatus", "entered-in-error"),
        _ => json.put("status", "entered-in-error"),
    }
}

/// The type and id that a deletion means: of the full URL, else of `request.url`; none where it is
/// conditional or names no resource.
pub(crate) fn target(full_url: &str, request: &Json) -> Option<(String, String)> {
    [full_url, request.text("url")].into_iter().find_map(|url| {
        let url = url.split("/_history").next()?;
        let mut parts = url.rsplit('/');
        let (id, kind) = (parts.next()?, parts.next()?);
        let plain = !id.is_empty() && !id.contains(['?', ':']);
        let typed = kind.starts_with(|c: char| c.is_ascii_uppercase());
        (plain && typed).then(|| (kind.to_owned(), id.to_owned()))
    })
}

/// A field as JSON; empty when it is not there.
pub(crate) fn part(raw: Option<&RawValue>) -> Json {
    raw.and_then(|raw| Json::from_raw(raw).ok()).unwrap_or_default()
}

/// A time as it can be compared: the instant, or the day, with the words to tell fractions apart.
fn instant(when: &When) -> (Option<chrono::NaiveDateTime>, &str) {
    let time = when.time().map(|(local, offset)| {
        local - chrono::Duration::seconds(offset.unwrap_or_default().into())
    });
    let day = || when.date().and_then(|day| day.and_hms_opt(0, 0, 0));
    (time.or_else(day), when.as_str())
}
