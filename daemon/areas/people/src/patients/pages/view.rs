//! A patient in words: name, birth date with age, sex, language, record number; and the two
//! identifiers that stand under every name outside a record (`UX.md` §2).

use crate::patients::record::{BY_BIRTH, BY_BLOCK, Patient, birth_key, block_key};
use crate::patients::rules::blocks;
use crate::patients::rules::tokens::language_code;
use crate::patients::rules::{NameKey, usable_day};
use almoner_core::clinical::{self, HumanName};
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_core::phrase::Phrase;
use almoner_core::text::visible;
use almoner_core::time::Timestamp;
use almoner_formats::fhir::FHIR_ID;
use almoner_frame::kit::Who;
use almoner_frame::{Tone, Visit, Words};
use almoner_store::Reader;
use chrono::Datelike;
use std::collections::BTreeMap;

/// A patient outside their record: name as link, two identifiers, language.
pub fn who(reader: &Reader<'_>, visit: &Visit, id: PatientId) -> Outcome<Who> {
    Ok(who_of(visit, &reader.get::<Patient>(id)?))
}

/// The same, of a patient at hand.
pub fn who_of(visit: &Visit, patient: &Patient) -> Who {
    let golden = patient.golden();
    let words = visit.words();
    let born = golden.birth_date.as_ref().map(|day| words.when(day));
    let born = born.unwrap_or_else(|| words.t("people-no-birth-date"));
    of_golden(visit, patient.id, &golden, &born, row_name(words, &golden))
}

/// The same with the name used and the age: where people are told from each other.
pub(crate) fn who_aged(visit: &Visit, patient: &Patient) -> Who {
    let golden = patient.golden();
    let words = visit.words();
    let dated = golden.birth_date.is_some();
    let born = if dated { born(visit, &golden) } else { words.t("people-no-birth-date") };
    let (name, used) = (row_name(words, &golden), full_name(&golden).1);
    let both = Phrase::new("find-used").with("name", name.as_str()).with("used", used.as_str());
    let name = if used.is_empty() { name } else { words.say(&both) };
    of_golden(visit, patient.id, &golden, &born, name)
}

/// The tag of people on one screen who are easily mistaken for one another.
pub(crate) fn similar_tag(visit: &Visit) -> (Tone, &'static str, String) {
    (Tone::Warn, "same", visit.words().t("people-similar"))
}

fn of_golden(
    visit: &Visit,
    id: PatientId,
    golden: &clinical::Patient,
    born: &str,
    name: String,
) -> Who {
    let words = visit.words();
    let record = record_number(visit, golden).unwrap_or_else(|| words.t("people-no-record-number"));
    let mut tags = Vec::new();
    if golden.deceased {
        tags.push((Tone::Plain, "alert", words.t("banner-died")));
    }
    if let Some(speaks) = speaks(words, golden) {
        tags.push((Tone::Plum, "lang", speaks));
    }
    Who { href: format!("/p/{id}"), name, sub: format!("{born} · {record}"), tags }
}

/// Several patients on one screen: those of one family name or one birth date bear the tag
/// "Similar name".
pub fn on_screen(
    reader: &Reader<'_>,
    visit: &Visit,
    ids: impl IntoIterator<Item = PatientId>,
) -> Outcome<BTreeMap<PatientId, Who>> {
    let mut people = BTreeMap::new();
    for id in ids {
        if let std::collections::btree_map::Entry::Vacant(free) = people.entry(id) {
            free.insert(reader.get::<Patient>(id)?);
        }
    }
    let twins = alike(people.values());
    Ok(people
        .iter()
        .map(|(id, patient)| {
            let mut who = who_of(visit, patient);
            who.tags.extend(twins.contains(id).then(|| similar_tag(visit)));
            (*id, who)
        })
        .collect())
}

/// The patients among these who share a family name or a birth date with another.
pub fn alike<'p>(
    people: impl Iterator<Item = &'p Patient> + Clone,
) -> std::collections::BTreeSet<PatientId> {
    let mut groups: BTreeMap<String, Vec<PatientId>> = BTreeMap::new();
    for patient in people {
        let golden = patient.golden();
        let family = golden.names.first().and_then(NameKey::of).map(|name| name.family);
        let born = golden.birth_date.as_ref().and_then(usable_day).map(|day| day.to_string());
        for key in [family, born].into_iter().flatten() {
            groups.entry(key).or_default().push(patient.id);
        }
    }
    groups.into_values().filter(|group| group.len() > 1).flatten().collect()
}

/// "OKAFOR-REYES, María del Carmen", and the name used where it is another.
pub(crate) fn full_name(golden: &clinical::Patient) -> (String, String) {
    let Some(name) = official(golden) else { return (String::new(), String::new()) };
    let suffix = name.suffix.join(" ");
    let family = [name.family.to_uppercase(), suffix].join(" ");
    let full = joined(family.trim(), &name.given.join(" "));
    let nick = golden.names.iter().find(|name| name.use_ == "nickname" || name.use_ == "usual");
    let used = nick.map(|nick| nick.given.join(" ")).filter(|used| *used != name.given.join(" "));
    (full, visible(&used.unwrap_or_default()))
}

/// "Okafor-Reyes, María", "Whitfield Jr., Jamal", as rows and buttons say it.
pub fn row_name(words: &Words, golden: &clinical::Patient) -> String {
    let name = official(golden).map(|name| {
        let family = format!("{} {}", name.family, name.suffix.join(" "));
        joined(family.trim(), &name.given.join(" "))
    });
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| words.t("people-no-name"))
}

/// "María Okafor-Reyes".
pub fn plain_name(words: &Words, golden: &clinical::Patient) -> String {
    let name = official(golden).map(|name| {
        let first = name.given.first().map(String::as_str).unwrap_or_default();
        visible(format!("{first} {}", name.family).trim())
    });
    name.filter(|name| !name.is_empty()).unwrap_or_else(|| words.t("people-no-name"))
}

/// "Okafor-Reyes, M.", for titles of pages.
pub fn title_name(words: &Words, golden: &clinical::Patient) -> String {
    let Some(name) = official(golden) else { return words.t("people-no-name") };
    let initial = name.given.first().and_then(|given| given.chars().next());
    joined(&name.family, &initial.map(|c| format!("{c}.")).unwrap_or_default())
}

/// "Mar 4, 1958 (68 y)"; months for the very young.
pub(crate) fn born(visit: &Visit, golden: &clinical::Patient) -> String {
    let words = visit.words();
    let Some(when) = &golden.birth_date else { return words.t("people-not-recorded") };
    let said = words.when(when);
    let until = golden.deceased_at.as_ref().and_then(clinical::When::date);
    let until = until.unwrap_or_else(|| visit.today());
    let Some(day) = when.date().filter(|day| *day <= until && !golden.deceased) else {
        return said;
    };
    let months = (until.year() - day.year()) * 12 + until.month().cast_signed()
        - day.month().cast_signed()
        - i32::from(until.day() < day.day());
    let age = if months < 24 {
        words.n("people-age-months", months)
    } else {
        words.n("people-age-years", months / 12)
    };
    format!("{said} ({age})")
}

/// Sex in words.
pub(crate) fn sex(words: &Words, golden: &clinical::Patient) -> String {
    words.t(match golden.gender.as_str() {
        "female" => "people-sex-female",
        "male" => "people-sex-male",
        "other" => "people-sex-other",
        "unknown" => "people-sex-unknown",
        _ => "people-not-recorded",
    })
}

/// "Spanish, interpreter needed", where the patient does not speak English or needs an interpreter.
pub fn speaks(words: &Words, golden: &clinical::Patient) -> Option<String> {
    let spoken = &golden.communications;
    let first = spoken.iter().find(|it| it.preferred).or(spoken.first());
    let tag = first.map(|it| it.language.as_str()).unwrap_or_default();
    let english = tag.is_empty() || tag.starts_with("en");
    match (english, golden.interpreter_needed) {
        (true, Some(true)) => Some(words.t("people-interpreter")),
        (true, _) => None,
        (false, Some(true)) => {
            Some(format!("{}, {}", language(words, tag), words.t("people-with-interpreter")))
        }
        (false, _) => Some(language(words, tag)),
    }
}

/// The language that a patient speaks first, as its shortest tag; empty when not recorded.
pub fn first_language(golden: &clinical::Patient) -> String {
    let spoken = &golden.communications;
    let first = spoken.iter().find(|it| it.preferred).or(spoken.first());
    first.map(|it| language_code(&it.language)).unwrap_or_default()
}

/// A language's name, or its tag where we have no word for it.
pub fn language(words: &Words, tag: &str) -> String {
    let two = language_code(tag);
    let key = format!("language-{two}");
    let word = words.t(&key);
    if word == key { tag.to_owned() } else { word }
}

/// The number to show: the clinic's own, where the configuration says which those are; else what is said
/// to be a medical record number, else one of no kind, of several the one that most sources know; never
/// a social security number.
pub fn record_number(visit: &Visit, golden: &clinical::Patient) -> Option<String> {
    let open = |id: &&clinical::Identifier| {
        let name = crate::patients::rules::numbers::is_ssn(id) || id.system == FHIR_ID;
        !name
            && crate::patients::rules::numbers::plain(&id.value).len() <= 20
            && !id.value.is_empty()
    };
    let all = || golden.identifiers.iter().filter(open);
    let of_kind = |kind: &str| all().find(|id| id.kind == kind);
    let system = visit.house().numbers;
    let own = all().find(|id| !system.is_empty() && id.system == system);
    let mine = own.or_else(|| of_kind("MR")).or_else(|| of_kind("")).or_else(|| all().next());
    mine.map(|id| visible(&id.value))
}

/// "today, 6:00 am", or the day.
pub(crate) fn lately(visit: &Visit, at: Timestamp) -> String {
    let words = visit.words();
    if visit.house().zone.day(at) == visit.today() {
        let clock = words.clock(at);
        return words.say(&Phrase::new("people-today-at").with("clock", clock));
    }
    words.instant(at)
}

/// Whether another patient bears the same family and first given name, or the same family name and
/// birth date.
pub(crate) fn similar(reader: &Reader<'_>, patient: &Patient) -> Outcome<bool> {
    Ok(!similar_to(reader, patient)?.is_empty())
}

/// Those patients.
pub(crate) fn similar_to(reader: &Reader<'_>, patient: &Patient) -> Outcome<Vec<PatientId>> {
    let golden = patient.golden();
    let Some(name) = golden.names.first().and_then(NameKey::of) else { return Ok(Vec::new()) };
    let key = block_key(&blocks::name(&name.family, &name.given));
    let mut ids = reader.ids::<PatientId>(BY_BLOCK, &key)?;
    if let Some(day) = golden.birth_date.as_ref().and_then(usable_day) {
        ids.extend(reader.ids::<PatientId>(BY_BIRTH, &birth_key(day, &name.family))?);
    }
    ids.sort();
    ids.dedup();
    ids.retain(|id| *id != patient.id);
    Ok(ids)
}

fn official(golden: &clinical::Patient) -> Option<&HumanName> {
    let rank = |name: &&HumanName| match name.use_.as_str() {
        "official" => 0,
        "" | "usual" => 1,
        "temp" | "anonymous" => 2,
        "nickname" => 3,
        _ => 4,
    };
    golden.names.iter().min_by_key(rank)
}

fn joined(family: &str, given: &str) -> String {
    match (family.is_empty(), given.is_empty()) {
        (false, false) => visible(&format!("{family}, {given}")),
        _ => visible(&format!("{family}{given}")),
    }
}
