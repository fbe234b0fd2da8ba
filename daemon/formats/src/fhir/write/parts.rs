//! FHIR's data types as they are written, and what to write where the source was silent.

use crate::fhir::datatypes::{ABSENT_REASON, DATA_ABSENT, LOCAL_TIME};
use crate::fhir::json::Json;
use crate::fhir::reader::FHIR_ID;
use almoner_core::clinical::{
    Address, Coding, Concept, ContactPoint, HumanName, Identifier, Period, Quantity, When,
};

/// HL7 v2 table 0203, identifier types.
const IDENTIFIER_TYPES: &str = "http://terminology.hl7.org/CodeSystem/v2-0203";
const NAME_USES: [&str; 7] =
    ["usual", "official", "temp", "nickname", "anonymous", "old", "maiden"];
const ADDRESS_USES: [&str; 5] = ["home", "work", "temp", "old", "billing"];
const POINT_SYSTEMS: [&str; 7] = ["phone", "fax", "email", "pager", "url", "sms", "other"];
const POINT_USES: [&str; 5] = ["home", "work", "temp", "old", "mobile"];

/// An element that says only why it is not there (FHIR R4 `data-absent-reason`).
pub(super) fn absent(reason: &str) -> Json {
    let why = Json::object().with("url", DATA_ABSENT).with("valueCode", reason);
    Json::object().with("extension", vec![why])
}

/// Puts a code of a required value set; another word is left out, and a mandatory field then says
/// that it is unknown: by the set's own `unknown`, else by extension.
pub(super) fn put_status(json: &mut Json, key: &str, value: &str, allowed: &[&str]) {
    if allowed.contains(&value) {
        json.put(key, value);
    } else if allowed.contains(&"unknown") {
        json.put(key, "unknown");
    } else {
        json.put(&format!("_{key}"), absent("unknown"));
    }
}

/// The code if it is of the value set, else nothing.
pub(super) fn known(value: &str, allowed: &[&str]) -> Json {
    if allowed.contains(&value) { value.into() } else { Json::Null }
}

/// Puts a `dateTime`. FHIR has no time without zone: there the day is written, and the time as the
/// source told it in our own extension.
pub(super) fn put_when(json: &mut Json, key: &str, when: Option<&When>) {
    let Some(when) = when else { return };
    if let Some(whole) = with_zone(when) {
        json.put(key, whole);
    } else if when.time().is_none() {
        json.put(key, when.as_str());
    } else {
        json.put(key, when.as_str().get(0..10).unwrap_or_default());
        json.put(&format!("_{key}"), local(when));
    }
}

/// Puts a `date`, which has no time of day.
pub(super) fn put_date(json: &mut Json, key: &str, when: Option<&When>) {
    let Some(when) = when else { return };
    json.put(key, when.as_str().get(0..10).unwrap_or(when.as_str()));
    if when.time().is_some() {
        json.put(&format!("_{key}"), local(when));
    }
}

/// Puts an `instant`, which needs time and zone; anything less goes into our own extension.
pub(super) fn put_instant(json: &mut Json, key: &str, when: Option<&When>) {
    let Some(when) = when else { return };
    match with_zone(when) {
        Some(whole) => json.put(key, whole),
        None => json.put(&format!("_{key}"), local(when)),
    }
}

/// A period; an end before its start is not valid there and goes into our own extension.
pub(super) fn period(period: &Period) -> Json {
    let mut json = Json::object();
    put_when(&mut json, "start", period.start.as_ref());
    let day = |when: &Option<When>| when.as_ref().and_then(When::date);
    match (day(&period.start), day(&period.end), &period.end) {
        (Some(start), Some(end), Some(when)) if end < start => json.put("_end", local(when)),
        _ => put_when(&mut json, "end", period.end.as_ref()),
    }
    json
}

/// Puts a time as `stemDateTime` when it has only a start, else as `stemPeriod`.
pub(super) fn put_time(json: &mut Json, stem: &str, time: &Period) {
    match time {
        Period { start, end: None } => {
            put_when(json, &format!("{stem}DateTime"), start.as_ref());
        }
        both => json.put(&format!("{stem}Period"), period(both)),
    }
}

/// A `CodeableConcept`; nothing when it says nothing.
pub(super) fn concept(concept: &Concept) -> Json {
    if let [only] = concept.codings.as_slice()
        && only.system == ABSENT_REASON
    {
        return absent(&only.code);
    }
    let codings: Vec<Json> = concept.codings.iter().map(coding).collect();
    Json::object().with("coding", codings).with("text", concept.text.as_deref())
}

/// A mandatory `CodeableConcept`.
pub(super) fn must(code: &Concept) -> Json {
    let json = concept(code);
    if json.is_empty() { absent("unknown") } else { json }
}

/// A `CodeableConcept` of one code.
pub(super) fn coded(system: &str, code: &str) -> Json {
    if code.is_empty() {
        return Json::Null;
    }
    let coding = Json::object().with("system", system).with("code", code);
    Json::object().with("coding", vec![coding])
}

/// A list of concepts without the empty ones.
pub(super) fn concepts(list: &[Concept]) -> Vec<Json> {
    list.iter().map(concept).filter(|json| !json.is_empty()).collect()
}

/// An optional concept.
pub(super) fn maybe(concept: Option<&Concept>) -> Json {
    concept.map_or(Json::Null, self::concept)
}

/// A `Coding`.
pub(super) fn coding(coding: &Coding) -> Json {
    let json = Json::object().with("system", uri(&coding.system));
    json.with("code", coding.code.trim()).with("display", coding.display.as_deref())
}

/// Identifiers; our own note of the source's FHIR id is not given out.
pub(super) fn identifiers(list: &[Identifier]) -> Vec<Json> {
    let given = list.iter().filter(|id| id.system != FHIR_ID && !id.value.is_empty());
    given.map(identifier).collect()
}

fn identifier(id: &Identifier) -> Json {
    let known = id.kind.len() <= 6 && id.kind.bytes().all(|b| b.is_ascii_uppercase());
    let kind = coded(if known { IDENTIFIER_TYPES } else { "" }, &id.kind);
    let kind = if id.kind.is_empty() { Json::Null } else { kind };
    let json = Json::object().with("type", kind);
    // An authority named in words is no URI: it goes where FHIR has words for it.
    let words = if uri(&id.system).is_empty() { id.system.as_str() } else { "" };
    let assigner = Json::object().with("display", words);
    json.with("system", uri(&id.system)).with("value", &id.value).with("assigner", assigner)
}

/// A `Quantity`; nothing when its value is no number that JSON can hold.
pub(super) fn quantity(quantity: &Quantity) -> Json {
    let Some(value) = decimal(&quantity.value) else { return Json::Null };
    let json = Json::object().with("value", value);
    let json = json.with("comparator", known(&quantity.comparator, &["<", "<=", ">=", ">"]));
    json.with("unit", &quantity.unit)
}

/// A number as the source wrote it, made a JSON number where only its outside differs (`.5`, `+3`).
pub(super) fn decimal(text: &str) -> Option<Json> {
    let text = text.trim().trim_start_matches('+');
    if !text.contains(|c: char| c.is_ascii_digit()) {
        return None;
    }
    Json::number(text).or_else(|| {
        let text = text.strip_suffix('.').unwrap_or(text);
        let text = match text.strip_prefix('.') {
            Some(rest) => format!("0.{rest}"),
            None => text.replacen("-.", "-0.", 1),
        };
        let bare = text.trim_start_matches('0');
        let head = if bare.starts_with(|c: char| c.is_ascii_digit()) { "" } else { "0" };
        Json::number(&text).or_else(|| Json::number(&format!("{head}{bare}")))
    })
}

/// Names of a person.
pub(super) fn human_names(list: &[HumanName]) -> Vec<Json> {
    let words = |list: &[String]| list.iter().map(Json::from).collect::<Vec<_>>();
    let name = |name: &HumanName| {
        let json = Json::object().with("use", known(&name.use_, &NAME_USES));
        let json = json.with("family", &name.family).with("given", words(&name.given));
        json.with("prefix", words(&name.prefix)).with("suffix", words(&name.suffix))
    };
    list.iter().map(name).collect()
}

/// Postal addresses.
pub(super) fn addresses(list: &[Address]) -> Vec<Json> {
    let address = |it: &Address| {
        let json = Json::object().with("use", known(&it.use_, &ADDRESS_USES));
        let json = json.with("line", it.lines.iter().map(Json::from).collect::<Vec<_>>());
        let json = json.with("city", &it.city).with("state", &it.state);
        json.with("postalCode", &it.postal_code).with("country", &it.country)
    };
    list.iter().map(address).collect()
}

/// Telephones, e-mail and the like; without a known system it is `other`.
pub(super) fn contact_points(list: &[ContactPoint]) -> Vec<Json> {
    let point = |it: &ContactPoint| {
        let mut json = Json::object();
        if !it.system.is_empty() {
            put_status(&mut json, "system", &it.system, &POINT_SYSTEMS);
        }
        json.with("value", &it.value).with("use", known(&it.use_, &POINT_USES))
    };
    list.iter().map(point).collect()
}

/// Notes in words.
pub(super) fn note(text: &str) -> Json {
    if text.is_empty() {
        return Json::Null;
    }
    Json::List(vec![Json::object().with("text", text)])
}

fn local(when: &When) -> Json {
    let told = Json::object().with("url", LOCAL_TIME).with("valueString", when.as_str());
    Json::object().with("extension", vec![told])
}

/// A moment with its zone as FHIR wants it: seconds, and a colon in the offset.
fn with_zone(when: &When) -> Option<String> {
    let (_, zone) = when.time()?;
    zone?;
    let text = when.as_str();
    let (day, rest) = text.split_once('T')?;
    let split = rest.find(['+', '-', 'Z'])?;
    let (clock, zone) = rest.split_at(split);
    let seconds = if clock.len() == 5 { ":00" } else { "" };
    let plain = !zone.contains(':') && zone != "Z";
    let zone = match (plain, zone.get(0..3), zone.get(3..5)) {
        (true, Some(hours), Some(minutes)) => format!("{hours}:{minutes}"),
        _ => zone.to_owned(),
    };
    Some(format!("{day}T{clock}{seconds}{zone}"))
}

/// A code system's or authority's name if it can stand as a URI: no blank in it.
fn uri(system: &str) -> &str {
    if system.contains(char::is_whitespace) { "" } else { system }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_keep_their_zeros() {
        for (given, written) in [
            ("7.10", "7.10"),
            (".5", "0.5"),
            ("+3", "3"),
            ("-.20", "-0.20"),
            ("007", "7"),
            ("000", "0"),
            ("5.", "5"),
        ] {
            assert_eq!(decimal(given).unwrap().to_string(), written, "{given}");
        }
        assert!(decimal("1:40").is_none() && decimal("").is_none());
    }

    #[test]
    fn a_time_without_zone_is_never_taken_for_another() {
        let when = |text| When::parse(text).unwrap();
        let mut json = Json::object();
        put_when(&mut json, "a", Some(&when("2024-05-01T10:00")));
        put_when(&mut json, "b", Some(&when("2024-05-01T10:00-0500")));
        assert_eq!(json.text("a"), "2024-05-01");
        assert_eq!(json.text("b"), "2024-05-01T10:00:00-05:00");
        assert_eq!(crate::fhir::datatypes::when(&json, "a"), Some(when("2024-05-01T10:00")));
    }
}
