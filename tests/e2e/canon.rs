//! A whole clinic over FHIR as one text in which ids and instants of writing play no part: two
//! appliances that took the same files give the same text.

use crate::client::Client;
use crate::truth::sha256;
use serde_json::Value;
use std::collections::BTreeMap;

/// Every patient's `$everything`, byte for byte as it came.
pub(crate) fn exact(fhir: &Client) -> BTreeMap<String, String> {
    let mut all = BTreeMap::new();
    for patient in fhir.all("Patient?_count=200") {
        let id = patient["id"].as_str().unwrap().to_owned();
        let resources = fhir.all(&format!("Patient/{id}/$everything?_count=500"));
        let lines: Vec<_> = resources.iter().map(Value::to_string).collect();
        all.insert(id, lines.join("\n"));
    }
    all
}

/// The same with every id replaced by what it stands for.
pub(crate) fn ids_aside(fhir: &Client) -> String {
    let mut clinic = Vec::new();
    for patient in fhir.all("Patient?_count=200") {
        let id = patient["id"].as_str().unwrap().to_owned();
        let mut resources = fhir.all(&format!("Patient/{id}/$everything?_count=500"));
        resources.retain(|one| {
            !matches!(one["resourceType"].as_str(), Some("Provenance" | "AuditEvent"))
        });
        resources.iter_mut().for_each(forget_writing);
        clinic.push(without_ids(&resources));
    }
    clinic.sort();
    clinic.join("\n\n")
}

/// Takes away when it was written.
fn forget_writing(resource: &mut Value) {
    if let Some(meta) = resource["meta"].as_object_mut() {
        meta.remove("lastUpdated");
        meta.remove("versionId");
    }
}

/// The resources, sorted, each id replaced by a digest of what it names.
fn without_ids(resources: &[Value]) -> String {
    let mut labels = BTreeMap::new();
    for resource in resources {
        let text = replace_ids(&resource.to_string(), &BTreeMap::new());
        if let Some(id) = resource["id"].as_str() {
            labels.insert(id.to_owned(), sha256(text.as_bytes())[..16].to_owned());
        }
    }
    let mut lines: Vec<_> =
        resources.iter().map(|resource| replace_ids(&resource.to_string(), &labels)).collect();
    lines.sort();
    lines.join("\n")
}

/// Replaces everything of the form of an id by its label, or by a sign when it has none.
fn replace_ids(text: &str, labels: &BTreeMap<String, String>) -> String {
    const LENGTH: usize = 36;
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while !rest.is_empty() {
        if let Some(id) = rest.get(..LENGTH).filter(|piece| is_id(piece)) {
            out.push_str(labels.get(id).map_or("#", String::as_str));
            rest = &rest[LENGTH..];
        } else {
            let next = rest.chars().next().unwrap();
            out.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    out
}

fn is_id(text: &str) -> bool {
    text.bytes().enumerate().all(|(at, byte)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    })
}
