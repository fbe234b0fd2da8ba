//! Writing of notes, letters and reports: DocumentReference.

use super::Header;
use super::parts::{absent, identifiers, must, put_instant, put_status};
use crate::fhir::json::Json;
use almoner_core::clinical::Document;
use base64::Engine;

const US_CATEGORY: &str =
    "http://hl7.org/fhir/us/core/CodeSystem/us-core-documentreference-category";

/// Writes a DocumentReference with its words or bytes inside.
pub fn document(it: &Document, header: &Header<'_>) -> Json {
    let mut json = header.open("DocumentReference");
    json.put("identifier", identifiers(&it.identifiers));
    let allowed = ["current", "superseded", "entered-in-error"];
    put_status(&mut json, "status", &it.status, &allowed);
    json.put("type", must(&it.type_));
    let category = match it.category.as_str() {
        "" => Json::Null,
        "clinical-note" => super::parts::coded(US_CATEGORY, "clinical-note"),
        words => Json::object().with("text", words),
    };
    json.put("category", vec![category]);
    if !header.subject.is_empty() {
        json.put("subject", header.subject());
    }
    put_instant(&mut json, "date", it.date.as_ref());
    json.put("author", header.references(&it.authors));
    let attachment = attachment(it);
    json.put("content", vec![Json::object().with("attachment", attachment)]);
    let encounter = header.encounter(it.encounter.as_ref());
    json.put("context", Json::object().with("encounter", vec![encounter]));
    json
}

/// Rule att-1: what has data has a content type.
fn attachment(it: &Document) -> Json {
    let mut json = Json::object();
    let (kind, data) = if it.text.is_empty() {
        (it.content_type.as_str(), it.data_base64.clone())
    } else {
        let data = base64::engine::general_purpose::STANDARD.encode(&it.text);
        (plain(&it.content_type), data)
    };
    let unnamed = kind.is_empty() && !data.is_empty();
    json.put("contentType", if unnamed { "application/octet-stream" } else { kind });
    json.put("data", data);
    json.put("url", &it.url);
    json.put("title", &it.title);
    if json.is_empty() { absent("unknown") } else { json }
}

/// We write UTF-8, whatever charset the words came in.
fn plain(content_type: &str) -> &str {
    let utf8 = content_type.to_lowercase().ends_with("utf-8");
    if utf8 { content_type } else { "text/plain" }
}
