//! Reading of notes, letters and reports: DocumentReference and DiagnosticReport, with the words or
//! bytes they carry.

use super::{Outcome, category, fact};
use crate::enclosed;
use crate::fhir::datatypes::{RESULTS, identifiers};
use crate::fhir::json::Json;
use crate::fhir::node::Node;
use crate::fhir::set::{Pointer, normal};
use almoner_core::clinical::{Content, Document, Reference};
use base64::Engine;

/// What an attachment carries.
#[derive(Default)]
struct Attachment {
    content_type: String,
    title: String,
    text: String,
    data: String,
    url: String,
}

impl Attachment {
    /// Whether this form of a document is to be held rather than one that stands before it.
    fn says_more(&self, other: &Self) -> bool {
        let is_here = |it: &Self| !it.text.is_empty() || !it.data.is_empty();
        let is_clinical = |it: &Self| enclosed::is_clinical(&it.text, &it.data);
        is_here(self) && (!is_here(other) || (is_clinical(self) && !is_clinical(other)))
    }
}

/// Reads a DocumentReference.
pub(super) fn reference(node: Node<'_>) -> Outcome {
    // Of several forms of one document the clinical document, whose facts are read; else the first that is
    // here; of none, where the first would be.
    let forms = node.list("content").map(|it| attachment(node, it.get("attachment").json));
    let held = forms.reduce(|held, form| if form.says_more(&held) { form } else { held });
    let held = held.unwrap_or_default();
    let context = node.get("context");
    // R4: context.encounter; R5: context is itself the encounter.
    let encounter = context.reference(&["encounter"]).or_else(|| node.reference(&["context"]));
    let mut ids = identifiers(node.json.get("masterIdentifier"));
    ids.extend(identifiers(node.json.get("identifier")));
    fact(Content::Document(Document {
        identifiers: ids,
        type_: node.concept(&["type"], RESULTS).unwrap_or_default(),
        category: category(node, &["category", "class"], &[]),
        status: node.text("status"),
        title: if held.title.is_empty() { node.text("description") } else { held.title },
        date: node.when(&["date", "indexed", "created"]),
        authors: node.references("author"),
        content_type: held.content_type,
        text: held.text,
        data_base64: held.data,
        url: held.url,
        encounter,
    }))
}

/// Reads a DiagnosticReport: its presented form, else its conclusion in words.
pub(super) fn report(node: Node<'_>) -> Outcome {
    let mut held = attachment(node, node.first("presentedForm").json);
    if held.text.is_empty() && held.data.is_empty() && held.url.is_empty() {
        held.text = node.texts(&["conclusion"]);
        let kind = if held.text.is_empty() { "" } else { "text/plain" };
        kind.clone_into(&mut held.content_type);
    }
    let period = node.time("effective");
    let code = node.concept(&["code"], RESULTS).unwrap_or_default();
    let status = match node.text("status").as_str() {
        "cancelled" => "superseded",
        _ => "current",
    };
    fact(Content::Document(Document {
        identifiers: identifiers(node.json.get("identifier")),
        category: category(node, &["category"], &[]),
        status: status.to_owned(),
        title: if held.title.is_empty() { code.label().to_owned() } else { held.title },
        type_: code,
        date: period.start.or_else(|| node.when(&["issued"])),
        authors: node.list("performer").filter_map(performer).collect(),
        content_type: held.content_type,
        text: held.text,
        data_base64: held.data,
        url: held.url,
        encounter: node.reference(&["encounter", "context"]),
    }))
}

/// Who made a report; STU3 has the role beside the person.
fn performer(part: Node<'_>) -> Option<Reference> {
    let plain = || Pointer::read(part.json).map(|pointer| part.scope.reference(&pointer));
    part.reference(&["actor"]).or_else(plain)
}

/// Reads an Attachment; a `Binary/id` of the same set is opened, any other address only noted.
fn attachment(node: Node<'_>, json: &Json) -> Attachment {
    let mut held = Attachment {
        content_type: json.text("contentType").to_owned(),
        title: json.text("title").trim().to_owned(),
        data: json.text("data").to_owned(),
        url: json.text("url").to_owned(),
        ..Attachment::default()
    };
    if held.data.is_empty() && !held.url.is_empty() {
        let pointer = Pointer { reference: normal(&held.url), ..Pointer::default() };
        if let Some(binary) = node.scope.target(&pointer) {
            held.data = [binary.text("data"), binary.text("content")].concat();
            if held.content_type.is_empty() {
                binary.text("contentType").clone_into(&mut held.content_type);
            }
        }
    }
    if let Some(text) = plain(&held.content_type, &held.data) {
        held.text = text;
        held.data.clear();
    }
    held
}

/// The words of an attachment that is plain text in UTF-8 or, as its type may say, another charset.
fn plain(content_type: &str, data: &str) -> Option<String> {
    let (kind, rest) = content_type.split_once(';').unwrap_or((content_type, ""));
    if !kind.trim().eq_ignore_ascii_case("text/plain") || data.is_empty() {
        return None;
    }
    let packed: String = data.chars().filter(|c| !c.is_whitespace()).collect();
    let bytes = base64::engine::general_purpose::STANDARD.decode(packed).ok()?;
    let name = rest.trim().strip_prefix("charset=").unwrap_or("utf-8").trim_matches('"');
    let charset = encoding_rs::Encoding::for_label(name.as_bytes()).unwrap_or(encoding_rs::UTF_8);
    let (text, _, broken) = charset.decode(&bytes);
    (!broken).then(|| text.into_owned())
}
