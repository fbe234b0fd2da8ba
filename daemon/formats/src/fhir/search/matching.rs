//! Whether a resource answers a query, and in which order two of them come.

use super::dates::moment;
use super::query::{Filter, Modifier, Query, Wanted, fold};
use super::table::{Kind, Parameter};
use crate::fhir::json::Json;
use std::cmp::Ordering;

/// Words in names and addresses that are no part of them.
const NO_WORDS: [&str; 7] = ["use", "system", "period", "extension", "id", "type", "rank"];

/// Whether a resource answers all filters. `_source` and chains are the server's: see [`Query`].
pub fn matches(query: &Query, resource: &Json) -> bool {
    query.filters.iter().all(|filter| answers(filter, resource))
}

/// Which of two resources comes first by `_sort`; one without the value comes last.
pub fn compare(query: &Query, one: &Json, other: &Json) -> Ordering {
    for key in &query.sort {
        let order = match (sort_key(key.parameter, one), sort_key(key.parameter, other)) {
            (Some(a), Some(b)) if key.descending => b.cmp(&a),
            (Some(a), Some(b)) => a.cmp(&b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        };
        if order != Ordering::Equal {
            return order;
        }
    }
    Ordering::Equal
}

fn answers(filter: &Filter, resource: &Json) -> bool {
    let found = values(filter.parameter, resource);
    match filter.modifier {
        Modifier::Missing(absent) => found.is_empty() == absent,
        Modifier::Not => !hit(filter, &found),
        _ => hit(filter, &found),
    }
}

fn hit(filter: &Filter, found: &[&Json]) -> bool {
    let one = |wanted: &Wanted| found.iter().any(|json| fits(filter, wanted, json));
    filter.values.iter().any(one)
}

fn fits(filter: &Filter, wanted: &Wanted, json: &Json) -> bool {
    match wanted {
        Wanted::Token { system, code } => {
            let deceased = filter.parameter.name == "deceased" && !matches!(json, Json::Bool(_));
            token(
                system.as_deref(),
                code.as_deref(),
                if deceased { &Json::Bool(true) } else { json },
            )
        }
        Wanted::Text(text) => words(json).iter().any(|word| match filter.modifier {
            Modifier::Exact => word == text,
            Modifier::Contains | Modifier::Words => fold(word).contains(text),
            _ => fold(word).starts_with(text.as_str()),
        }),
        Wanted::Date(asked) => asked.admits(json),
        Wanted::Reference(wanted) => refers(json, wanted),
        Wanted::Uri(uri) => json.as_str() == uri,
    }
}

/// A plain code, Coding, CodeableConcept, Identifier or ContactPoint against `system|code`.
fn token(system: Option<&str>, code: Option<&str>, json: &Json) -> bool {
    let same = |found: &str| code.is_none_or(|code| code == found);
    match json {
        // A code of the element's own value set: its system goes without saying.
        Json::Text(text) => same(text),
        Json::Bool(value) => same(if *value { "true" } else { "false" }),
        Json::Object(_) => {
            let codings = json.get("coding").items();
            let pair = |part: &Json| {
                let value = if part.get("code").is_empty() { "value" } else { "code" };
                let place = system.is_none_or(|system| system == part.text("system"));
                place && !part.get(value).is_empty() && same(part.text(value))
            };
            pair(json) || codings.iter().any(pair)
        }
        _ => false,
    }
}

/// A Reference, or a plain text that is one, against `Type/id` or an id alone.
fn refers(json: &Json, wanted: &str) -> bool {
    let written = if json.fields().is_empty() { json.as_str() } else { json.text("reference") };
    let written = written.split("/_history/").next().unwrap_or_default();
    if wanted.contains('/') {
        return written == wanted;
    }
    written.rsplit('/').next() == Some(wanted) && !wanted.is_empty()
}

/// All words of a name, address, code or plain text.
fn words(json: &Json) -> Vec<&str> {
    match json {
        Json::Text(text) => vec![text],
        Json::List(items) => items.iter().flat_map(words).collect(),
        Json::Object(fields) => {
            let parts = fields.iter().filter(|(key, _)| !NO_WORDS.contains(&key.as_str()));
            parts.flat_map(|(_, value)| words(value)).collect()
        }
        _ => Vec::new(),
    }
}

/// The values of a parameter in a resource. Those that only say why they are absent are none.
fn values<'j>(parameter: &Parameter, resource: &'j Json) -> Vec<&'j Json> {
    let mut all = Vec::new();
    for path in parameter.paths {
        let mut level = vec![resource];
        for step in path.split('.') {
            level = level.iter().flat_map(|json| json.get(step).items()).collect();
        }
        let only_extension =
            |json: &Json| matches!(json.fields(), [(key, _)] if key == "extension");
        all.extend(level.into_iter().filter(|json| !only_extension(json)));
    }
    if parameter.kind == Kind::Reference && !parameter.target.is_empty() {
        let prefix = format!("{}/", parameter.target);
        all.retain(|json| json.text("reference").starts_with(&prefix));
    }
    all
}

fn sort_key(parameter: &Parameter, resource: &Json) -> Option<String> {
    let found = values(parameter, resource);
    let keys = found.iter().filter_map(|json| match parameter.kind {
        Kind::Date => moment(json).map(|at| at.format("%Y-%m-%dT%H:%M:%S").to_string()),
        Kind::Reference => Some(json.text("reference").to_owned()),
        _ => words(json).first().map(|word| fold(word)),
    });
    keys.min()
}

#[cfg(test)]
mod tests {
    use super::super::query::parse;
    use super::*;

    const OBSERVATION: &str = r#"{"resourceType":"Observation","id":"o1","status":"final",
        "meta":{"lastUpdated":"2026-11-22T08:00:00Z"},
        "category":[{"coding":[{"system":"http://cat","code":"laboratory"}]}],
        "code":{"coding":[{"system":"http://loinc.org","code":"718-7"}],"text":"Hemoglobin"},
        "subject":{"reference":"Patient/p1"},"effectiveDateTime":"2024-05-31T10:00:00-05:00"}"#;
    const PATIENT: &str = r#"{"resourceType":"Patient","id":"p1","active":true,
        "identifier":[{"system":"urn:a","value":"17"}],"deceasedDateTime":"2020",
        "name":[{"family":"Ñúñez","given":["Ana María"]}],"birthDate":"1950-02-01"}"#;

    fn hits(kind: &str, json: &str, ask: &str) -> bool {
        let pairs: Vec<(String, String)> = ask
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let query = parse(kind, &pairs, "https://here/fhir").unwrap();
        assert!(query.ignored.is_empty(), "{ask}");
        matches(&query, &Json::parse(json).unwrap())
    }

    #[test]
    fn parameters_of_an_observation() {
        for (ask, expected) in [
            ("patient=p1", true),
            ("patient=Patient/p1&category=laboratory", true),
            ("patient=https://here/fhir/Patient/p1", true),
            ("patient=p2", false),
            ("subject:Patient=p1", true),
            ("code=http://loinc.org|718-7", true),
            ("code=|718-7", false),
            ("code=http://loinc.org|", true),
            ("code=1,718-7", true),
            ("code:text=hemo", true),
            ("status:not=final", false),
            ("status:not=amended", true),
            ("date=2024-05&date=ge2024-05-31", true),
            ("date=lt2024-05-31", false),
            ("encounter:missing=true", true),
            ("encounter:missing=false", false),
            ("_id=o1&_lastUpdated=gt2026-11-21", true),
        ] {
            assert_eq!(hits("Observation", OBSERVATION, ask), expected, "{ask}");
        }
    }

    #[test]
    fn parameters_of_a_patient() {
        for (ask, expected) in [
            ("family=nunez", true),
            ("name=mar", false),
            ("name:contains=mar", true),
            ("given=ana maria", true),
            ("family:exact=Nunez", false),
            ("family:exact=Ñúñez", true),
            ("identifier=urn:a|17", true),
            ("identifier=17", true),
            ("identifier=urn:b|17", false),
            ("birthdate=1950", true),
            ("deceased=true", true),
            ("active=true&gender:missing=true", true),
        ] {
            assert_eq!(hits("Patient", PATIENT, ask), expected, "{ask}");
        }
    }

    #[test]
    fn what_is_not_known_is_told() {
        let ask = |name: &str, value: &str| parse("Patient", &[(name.into(), value.into())], "");
        assert_eq!(ask("shoe-size", "9").unwrap().ignored, ["shoe-size"]);
        assert!(ask("birthdate", "soon").is_err());
        assert!(ask("name:fuzzy", "x").is_err());
        assert!(ask("_count", "many").is_err());
        assert!(ask("_sort", "-shoe-size").is_err());
        assert_eq!(ask("_count", "9999").unwrap().count, super::super::COUNT_MAX);
        assert_eq!(ask("general-practitioner.name", "x").unwrap().chains[0].name, "name");
    }

    #[test]
    fn sorting_puts_what_has_no_date_last() {
        let query = parse("Observation", &[("_sort".into(), "-date".into())], "").unwrap();
        let dated = |day: &str| Json::object().with("effectiveDateTime", day);
        let mut list = [Json::object(), dated("2024-01-01"), dated("2024-02")];
        list.sort_by(|a, b| compare(&query, a, b));
        assert_eq!(list[0], dated("2024-02"));
        assert!(list[2].is_empty());
    }
}
