//! What a Patient says of another Patient (`Patient.link`): that one is given up for the other, or that
//! they may be one person. Whoever stands later in the file bears it, so that both are known by then.

use super::container::Item;
use super::json::Json;
use super::reader::FHIR_ID;
use super::set::{Pointer, Set};
use almoner_core::clinical::Identifier;
use almoner_core::export::{How, Other, PersonStatements};
use std::collections::HashMap;

/// The patient's own FHIR id.
pub(super) fn own_id(item: &Item<'_>) -> Option<Identifier> {
    let value = match (item.base(), item.id.as_str()) {
        ("", "") => item.full_url.strip_prefix("urn:uuid:")?.to_owned(),
        ("", id) => id.to_owned(),
        (base, id) => format!("{base}/Patient/{id}"),
    };
    Some(of_fhir(value))
}

/// The FHIR id of a patient of whom the file has no more than a reference.
pub(super) fn stub_id(reference: &str, from: &Item<'_>) -> Identifier {
    let value = match (reference.strip_prefix("Patient/"), from.base()) {
        (Some(id), "") => id.to_owned(),
        (Some(_), base) => format!("{base}/{reference}"),
        (None, _) => reference.trim_start_matches("urn:uuid:").to_owned(),
    };
    of_fhir(value)
}

fn of_fhir(value: String) -> Identifier {
    Identifier { system: FHIR_ID.to_owned(), value, kind: "fhir".to_owned() }
}

/// Gives everybody what the file says of them and others. `known` tells where in `people` a key stands.
pub(super) fn tie(set: &Set<'_>, known: &HashMap<String, usize>, people: &mut [PersonStatements]) {
    let linked =
        |item: &&Item<'_>| item.resource_type == "Patient" && item.raw.contains("\"link\"");
    for item in set.items.iter().filter(linked) {
        let (Ok(json), Some(own)) = (Json::parse(item.raw), known.get(&item.key)) else { continue };
        for link in json.get("link").items() {
            let Some(how) = how(link.text("type")) else { continue };
            let Some(pointer) = Pointer::read(link.get("other")) else { continue };
            let Some((at, other)) = placed(set, item, known, (*own, how), &pointer) else {
                continue;
            };
            if let Some(person) = people.get_mut(at).filter(|it| !it.others.contains(&other)) {
                person.others.push(other);
            }
        }
    }
}

/// Who bears it, and what they bear.
fn placed(
    set: &Set<'_>,
    item: &Item<'_>,
    known: &HashMap<String, usize>,
    (own, how): (usize, How),
    pointer: &Pointer,
) -> Option<(usize, Other)> {
    if let Some(target) = set.resolve(pointer, item) {
        let at = *known.get(&target.key)?;
        let (bearer, how, named) = match at.cmp(&own) {
            std::cmp::Ordering::Equal => return None,
            std::cmp::Ordering::Less => (own, how, target),
            std::cmp::Ordering::Greater => (at, turned(how), item),
        };
        return Some((bearer, Other { how, identifiers: vec![own_id(named)?] }));
    }
    let elsewhere = matches!(pointer.kind(), "" | "Patient") && !pointer.reference.starts_with('#');
    let id = match (pointer.reference.as_str(), pointer.logical()) {
        (_, Some(id)) => id,
        ("", None) => return None,
        (reference, None) => stub_id(reference, item),
    };
    elsewhere.then(|| (own, Other { how, identifiers: vec![id] }))
}

/// FHIR R4 `link-type`. "See also" and "refer" may be two people: they are never more than a proposal.
fn how(type_: &str) -> Option<How> {
    match type_ {
        "replaced-by" => Some(How::ReplacedBy),
        "replaces" => Some(How::Replaces),
        "refer" | "seealso" => Some(How::Linked),
        _ => None,
    }
}

/// The same, said by the other.
fn turned(how: How) -> How {
    match how {
        How::ReplacedBy => How::Replaces,
        How::Replaces => How::ReplacedBy,
        other => other,
    }
}
