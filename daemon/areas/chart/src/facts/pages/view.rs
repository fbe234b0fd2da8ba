//! A fact as a line of a page: what it is, since when, and which source says so.

use crate::facts::Fact;
use almoner_core::export::Sense;
use almoner_core::ids::{FactId, PatientId};
use almoner_core::text::visible;
use almoner_frame::{Tone, Visit};
use almoner_people::patients::hex;

/// A line of a list of facts.
#[derive(Clone, Debug, Default)]
pub struct Row {
    pub label: String,
    pub detail: String,
    /// Tone and words.
    pub tags: Vec<(&'static str, String)>,
    pub when: String,
    pub source: Source,
    /// Where it stands in the document that is shown beside it; else empty.
    pub place: String,
    /// Whether that place is marked now.
    pub chosen: bool,
}

/// Where a fact comes from.
#[derive(Clone, Debug, Default)]
pub struct Source {
    /// Name of the source and when its newest file came.
    pub name: String,
    /// The document view.
    pub href: String,
    /// How many documents say so.
    pub count: usize,
}

impl Row {
    /// The line that every kind of fact begins with.
    pub fn of(visit: &Visit, fact: &Fact) -> Self {
        let words = visit.words();
        let mut tags = Vec::new();
        if !fact.differs.is_empty() {
            tags.push((Tone::Warn.class(), words.t("fact-sources-differ")));
        }
        if !fact.labels.is_empty() {
            tags.push((Tone::Plum.class(), words.t("fact-sensitive")));
        }
        let label = match (fact.sense, fact.label()) {
            (Sense::NoneKnown, "") => words.t("fact-none-known"),
            (_, "") => words.t("fact-not-named"),
            (_, label) => visible(label),
        };
        Self {
            label,
            detail: String::new(),
            tags,
            when: fact.time().map(|when| words.when(when)).unwrap_or_default(),
            source: source(visit, fact),
            place: String::new(),
            chosen: false,
        }
    }

    /// The same with a tag.
    #[must_use]
    pub fn tagged(mut self, tone: Tone, text: String) -> Self {
        if !text.is_empty() {
            self.tags.push((tone.class(), text));
        }
        self
    }

    /// The same with more words, those that are there.
    #[must_use]
    pub fn saying(mut self, parts: &[&str]) -> Self {
        let parts = parts.iter().filter(|part| !part.is_empty()).copied();
        self.detail = visible(&parts.collect::<Vec<_>>().join(" · "));
        self
    }
}

/// The path of a source document in a patient's record.
pub fn document_path(patient: PatientId, sha256: &[u8; 32]) -> String {
    format!("/p/{patient}/documents/{}", hex(sha256))
}

/// The same with a fact's place marked.
pub fn place_path(patient: PatientId, sha256: &[u8; 32], fact: FactId) -> String {
    format!("{}?fact={fact}#place", document_path(patient, sha256))
}

fn source(visit: &Visit, fact: &Fact) -> Source {
    let words = visit.words();
    let Some(newest) = fact.newest() else { return Source::default() };
    let name = match newest.source.as_str() {
        "" => words.t("people-source-unnamed"),
        name => name.to_owned(),
    };
    let day = words.day(visit.house().zone.day(newest.received));
    let mut files: Vec<_> = fact.assertions.iter().map(|it| it.sha256).collect();
    files.sort_unstable();
    files.dedup();
    Source {
        name: format!("{name}, {day}"),
        href: fact.patient.map(|id| place_path(id, &newest.sha256, fact.id)).unwrap_or_default(),
        count: files.len(),
    }
}
