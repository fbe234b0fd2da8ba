//! `_include` and `_revinclude`: what the resources of a page point to, and where they come from.

use super::one;
use almoner_core::fault::Outcome;
use almoner_core::ids::{PatientId, RawId};
use almoner_formats::fhir::Json;
use almoner_formats::fhir::search::{self, Kind, Query};
use almoner_frame::Resource;
use almoner_store::Reader;
use std::collections::BTreeSet;

/// Most resources that come along with one page.
const MOST: usize = 1000;

/// The resources that come along with a page.
pub(crate) fn of(
    reader: &Reader<'_>,
    query: &Query,
    page: &[&Json],
    resources: impl Fn(&str) -> Option<Vec<&'static Resource>>,
) -> Outcome<Vec<(Json, Option<PatientId>)>> {
    let mut wanted: BTreeSet<(String, String)> = BTreeSet::new();
    for include in &query.includes {
        for json in page {
            wanted.extend(pointed(include, json));
        }
    }
    if query.reverse_includes.iter().any(|it| it == "Provenance:target") {
        // Where a resource comes from bears the resource's own id.
        wanted.extend(page.iter().map(|json| ("Provenance".into(), json.text("id").to_owned())));
    }
    let mut more = Vec::new();
    for (type_, id) in wanted.into_iter().take(MOST) {
        if let (Some(resources), Some(id)) = (resources(&type_), RawId::parse(&id)) {
            more.extend(one(reader, &resources, id)?);
        }
    }
    Ok(more)
}

/// What a resource points to by `Type:parameter[:Target]`.
fn pointed(include: &str, json: &Json) -> Vec<(String, String)> {
    let mut parts = include.split(':');
    let (Some(type_), Some(name)) = (parts.next(), parts.next()) else { return Vec::new() };
    let target = parts.next();
    if json.text("resourceType") != type_ {
        return Vec::new();
    }
    let points = |it: &&search::Parameter| it.name == name && it.kind == Kind::Reference;
    let Some(parameter) = search::parameters(type_).find(points) else { return Vec::new() };
    let mut found = Vec::new();
    for path in parameter.paths {
        let steps: Vec<&str> = path.split('.').collect();
        walk(json, &steps, &mut |reference| {
            if let Some((type_, id)) = reference.text("reference").split_once('/')
                && target.is_none_or(|target| target == type_)
            {
                found.push((type_.to_owned(), id.to_owned()));
            }
        });
    }
    found
}

fn walk(json: &Json, steps: &[&str], visit: &mut dyn FnMut(&Json)) {
    match steps.split_first() {
        None => json.items().iter().for_each(visit),
        Some((step, rest)) => json.items().iter().for_each(|one| walk(one.get(step), rest, visit)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_is_followed_by_its_parameter() {
        let json = r#"{"resourceType":"Condition","subject":{"reference":"Patient/7"}}"#;
        let json = Json::parse(json).unwrap();
        let patient = vec![("Patient".to_owned(), "7".to_owned())];
        assert_eq!(pointed("Condition:subject", &json), patient);
        assert_eq!(pointed("Condition:patient:Patient", &json), patient);
        assert_eq!(pointed("Condition:subject:Group", &json), Vec::new());
        assert_eq!(pointed("Observation:subject", &json), Vec::new());
    }
}
