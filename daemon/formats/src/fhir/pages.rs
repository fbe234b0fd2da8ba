//! Answers of a server that come in pages (FHIR R4 "Paging", 3.1.1.4.17, HTTP "Paging"), and the
//! manifest of a bulk export (FHIR Bulk Data Access 2.0, "Response - Complete Status").

use super::json::{Fields, Json};
use crate::detect::MANIFEST;
use almoner_core::export::{Problem, Severity};
use serde_json::value::RawValue;
use std::collections::BTreeSet;

/// The pages of one or several files.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    pages: Vec<Page>,
}

#[derive(Debug)]
struct Page {
    place: String,
    /// Addresses of this page and of the next.
    own: String,
    next: String,
    /// How many the server found in all, where it says; how many of those are on this page.
    total: Option<usize>,
    here: usize,
}

impl Pages {
    /// Notes a Bundle that is a page; `here` is how many of its entries were asked for.
    pub(crate) fn note(&mut self, place: &str, link: &Json, total: &str, here: usize) {
        let url = |relation: &str| {
            let mut found = link.items().iter().filter(|link| link.text("relation") == relation);
            found.next().map(|link| link.text("url").to_owned()).unwrap_or_default()
        };
        let (own, next) = (url("self"), url("next"));
        if next.is_empty() && own.is_empty() {
            return;
        }
        self.pages.push(Page {
            place: place.trim_end().to_owned(),
            own,
            next,
            total: total.parse().ok(),
            here,
        });
    }

    /// What is to be said of pages that are not here: the place of the first page after which one is
    /// missing.
    pub(crate) fn missing(&self) -> Option<Problem> {
        let own: BTreeSet<&str> = self.pages.iter().map(|page| &*page.own).collect();
        let open = |page: &&Page| !page.next.is_empty() && !own.contains(page.next.as_str());
        let first = self.pages.iter().find(open)?;
        // Servers write the address of a page otherwise than the link to it: then the last page and
        // the count tell.
        let last = self.pages.iter().any(|page| page.next.is_empty());
        let total = self.pages.iter().filter_map(|page| page.total).max();
        let here: usize = self.pages.iter().map(|page| page.here).sum();
        if last && total.is_none_or(|total| here >= total) {
            return None;
        }
        let text = "This is only one page of a longer answer: further pages are to be had from \
                    the sending system.";
        Some(Problem::new(Severity::Warning, &*first.place, "page_of_more", text))
    }
}

/// Whether a FHIR file of an archive, with the type of its first resource, is read whole together with
/// others: a page of an answer, a bulk export's lines of Bundles (`deleted`), or its manifest.
pub(crate) fn belongs(resource: &str, path: &str, bytes: &[u8]) -> bool {
    let lines = || std::path::Path::new(path).extension().is_some_and(|end| end == "ndjson");
    match resource {
        MANIFEST => true,
        "Bundle" => lines() || is_page(&crate::text::decode(bytes).text),
        _ => false,
    }
}

/// A resource in XML as JSON, if it is one that may refer to others beside it: no Bundle.
pub(crate) fn single_in_xml(bytes: &[u8]) -> Option<String> {
    let json = super::xml::json_of(&crate::text::decode(bytes).text)?;
    (!json.starts_with(r#"{"resourceType":"Bundle""#)).then_some(json)
}

fn is_page(text: &str) -> bool {
    let bundle = serde_json::from_str::<Fields<'_>>(text.trim_start_matches('\u{feff}'));
    bundle.is_ok_and(|Fields(fields)| {
        fields.iter().any(|(name, raw)| name == "type" && raw.get() == "\"searchset\"")
    })
}

/// The manifest of a bulk export.
pub(crate) fn is_manifest(fields: &[(String, &RawValue)]) -> bool {
    let has = |key: &str| fields.iter().any(|(name, _)| name == key);
    has("transactionTime") && has("output") && !has("resourceType")
}

/// What a manifest says that did not go well.
pub(crate) fn of_manifest(error: &Json, place: &str) -> Option<Problem> {
    let count = error.items().len();
    (count > 0).then(|| {
        let text = format!(
            "The sending system says that not all could be exported ({count} × error). The export \
             may be incomplete: ask the sender."
        );
        Problem::new(Severity::Warning, place.trim_end(), "export_incomplete", &text)
    })
}

/// What is said of a manifest that came without the files it lists.
pub(crate) fn manifest_only() -> Problem {
    let text = "This is the list of the files of a bulk export. The files themselves hold the data: \
                drop them together, as one folder or archive.";
    Problem::new(Severity::Warning, "file", "manifest_only", text)
}

/// What is said of a server's answer without any resource.
pub(crate) fn answer_only(at: &str) -> Problem {
    let text = "This is a server's answer to what was sent to it. It says what became of each entry, \
                and holds no record of a patient.";
    Problem::new(Severity::Error, at.trim_end(), "answer_only", text)
}
