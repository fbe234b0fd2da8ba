//! Serving a resource as its source wrote it, under our id, version and references.

use super::parts::absent;
use super::{Header, Rename};
use crate::fhir::json::{Json, JsonFault};
use crate::fhir::set::normal;

/// The type of a stored resource; empty when the text is none.
pub fn type_of(raw: &str) -> String {
    Json::parse(raw).map(|json| json.text("resourceType").to_owned()).unwrap_or_default()
}

/// A stored resource with our id and meta (its profiles, tags and security labels stay) and every
/// reference under our names. `header.rename` gets each reference without version or leading slash
/// (`Type/id`, `urn:uuid:…`, a URL, `Type?identifier=…`); one it does not know is left when it is
/// absolute (`http…`), else only display and identifier remain. References to contained resources
/// stay. All else, decimals too, keeps its value. `header.subject` and `header.encounter` are not
/// used: the resource says them itself.
///
/// # Errors
/// The text is no JSON, or nested too deep.
pub fn verbatim(raw: &str, header: &Header<'_>) -> Result<Json, JsonFault> {
    let mut json = Json::parse(raw)?;
    let meta = json.get_mut("meta").map(std::mem::take).unwrap_or_default();
    json.put("id", header.id);
    json.put("meta", header.meta(if meta.fields().is_empty() { Json::object() } else { meta }));
    rewrite(&mut json, header.rename);
    Ok(json)
}

/// A raw resource whose references, where `meant` knows what they stand for, name the statement's
/// own key; all else stays. Before a resource is stored: afterwards the export's aliases are gone.
pub fn by_key(raw: &str, meant: &dyn Fn(&str) -> Option<String>) -> Result<String, JsonFault> {
    let mut json = Json::parse(raw)?;
    rewrite(&mut json, &|reference| meant(reference).or_else(|| Some(reference.to_owned())));
    Ok(json.to_string())
}

/// Renames the references in a value and in all within it.
fn rewrite(json: &mut Json, rename: Rename<'_>) {
    match json {
        Json::List(items) => items.iter_mut().for_each(|item| rewrite(item, rename)),
        Json::Object(_) => {
            if let Some(own) = renamed(json.get("reference"), rename) {
                json.put("reference", own);
                if json.is_empty() {
                    *json = absent("unknown");
                }
            }
            if let Json::Object(fields) = json {
                for (_, value) in fields {
                    rewrite(value, rename);
                }
            }
        }
        _ => {}
    }
}

/// The new text of a reference; `None` when it stays, empty when it goes.
fn renamed(reference: &Json, rename: Rename<'_>) -> Option<String> {
    let Json::Text(written) = reference else { return None };
    if written.starts_with('#') {
        return None;
    }
    let own = rename(&normal(written));
    match own {
        None if written.starts_with("http") => None,
        own => Some(own.unwrap_or_default()),
    }
}
