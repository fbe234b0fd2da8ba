//! The documents of a patient: the files that name them, each with the original beside the facts
//! that were taken from it, and the notes that came inside.

mod original;
mod whose;

use crate::facts::view::{Row, document_path, place_path};
use crate::facts::{self, Fact};
use almoner_core::clinical::{Content, Document, FactKind};
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{FactId, PatientId};
use almoner_core::permission::May;
use almoner_formats::original::{Found, look};
use almoner_frame::route::Download;
use almoner_frame::{Page, Tone, Visit, Words};
use almoner_people::patients::{Sighting, hex, named_in, record_page, sightings};
use almoner_store::Reader;
use askama::Template;
use original::Original;
use whose::Whose;

#[derive(Template)]
#[template(path = "documents/pages/list.html")]
struct List<'p> {
    words: &'p Words,
    files: Vec<File>,
    notes: Vec<Row>,
}

/// A file that names the patient.
struct File {
    href: String,
    title: String,
    received: String,
    source: String,
}

#[derive(Template)]
#[template(path = "documents/pages/document.html")]
struct View<'p> {
    words: &'p Words,
    title: String,
    received: String,
    source: String,
    sha256: String,
    download: Option<String>,
    /// Key of what is said where the file tells of others too; else empty.
    shared: &'static str,
    original: Option<Original>,
    /// What is said of the fact that is asked for, and in which tone.
    chosen: Option<(&'static str, String)>,
    groups: Vec<Group>,
}

impl View<'_> {
    /// The name of a segment in words.
    fn segment(&self, kind: &str) -> String {
        let key = format!("segment-{}", kind.to_lowercase());
        let word = self.words.t(&key);
        match kind {
            "" => self.words.t("segment-none"),
            _ if word != key => word,
            _ if kind.starts_with('Z') => self.words.t("segment-own"),
            _ => self.words.t("segment-other"),
        }
    }
}

/// The facts of one kind that the document states.
struct Group {
    id: String,
    title: String,
    rows: Vec<Row>,
}

/// A note as a line.
pub(crate) fn row(visit: &Visit, fact: &Fact, it: &Document) -> Row {
    let authors = it.authors.iter().map(|it| it.display.as_str()).collect::<Vec<_>>().join(", ");
    let type_ = if it.title.is_empty() { "" } else { it.type_.label() };
    let row = Row::of(visit, fact).saying(&[type_, &authors]);
    match it.status.as_str() {
        "superseded" => row.tagged(Tone::Plain, visit.words().t("document-superseded")),
        _ => row,
    }
}

pub(crate) fn list(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let id: PatientId = visit.id("patient")?;
    let words = visit.words();
    let mut files: Vec<File> = Vec::new();
    for seen in sightings(reader, id)? {
        let href = document_path(id, &seen.sha256);
        if !files.iter().any(|file| file.href == href) {
            files.push(File {
                href,
                title: title(reader, visit, id, &seen)?,
                received: words.instant(seen.received),
                source: source(words, &seen),
            });
        }
    }
    let mut notes = facts::of_kind(reader, id, FactKind::Document)?;
    notes.retain(|fact| !facts::rules::is_taken_back(&fact.content));
    notes.reverse();
    let notes = notes.iter().map(|fact| facts::row(visit, fact)).collect();
    let page = List { words, files, notes };
    record_page(reader, visit, id, &words.t("tab-documents"), &page)
}

pub(crate) fn document(reader: &Reader<'_>, visit: &Visit) -> Outcome<Page> {
    let id: PatientId = visit.id("patient")?;
    let words = visit.words();
    let seen = sighting(reader, visit, id)?;
    let facts = taken(reader, id, &seen.sha256)?;
    let asked = FactId::parse(visit.query("fact"));
    let asked = asked.and_then(|asked| facts.iter().find(|fact| fact.id == asked));
    let (member, place) =
        asked.and_then(|fact| place_in(fact, &seen)).unwrap_or((&seen.member, ""));
    let whose = Whose::of(reader, id, &seen, member, &facts)?;
    let looked = reader.open_blob(&seen.sha256)?.map(|mut blob| look(&mut blob, member, place));
    let original = looked.and_then(|looked| whose.shown(looked)).map(Original::of);
    let alone = named_in(reader, &seen.sha256)?.len() == 1;
    let chosen = asked.zip(original.as_ref());
    let page = View {
        words,
        title: title(reader, visit, id, &seen)?,
        received: words.instant(seen.received),
        source: source(words, &seen),
        sha256: hex(&seen.sha256),
        download: alone.then(|| format!("{}/download", document_path(id, &seen.sha256))),
        shared: match (&original, whose.is_part()) {
            (Some(_), true) => "document-shared-part",
            (None, _) if !alone => "document-shared",
            _ => "",
        },
        chosen: chosen.map(|(fact, original)| said(visit, fact, original.found)),
        groups: groups(visit, &seen, &facts, asked.map(|fact| fact.id)),
        original,
    };
    record_page(reader, visit, id, &words.t("document-title"), &page)
}

/// The bytes as they came; only of files that tell of nobody else.
pub(crate) fn download(reader: &Reader<'_>, visit: &Visit) -> Outcome<Download> {
    let id: PatientId = visit.id("patient")?;
    let seen = sighting(reader, visit, id)?;
    if named_in(reader, &seen.sha256)?.len() > 1 {
        return Err(Fault::Forbidden(May::SeeIntake));
    }
    let bytes = reader.blob(&seen.sha256)?.ok_or(Fault::Absent("document"))?;
    let short: String = hex(&seen.sha256).chars().take(12).collect();
    Ok(Download {
        name: format!("document-{short}.{}", original::extension(&bytes)),
        content_type: "application/octet-stream".to_owned(),
        bytes,
    })
}

/// The file of the address, when it names this patient: no other is there.
fn sighting(reader: &Reader<'_>, visit: &Visit, id: PatientId) -> Outcome<Sighting> {
    let sha = visit.param("sha")?;
    let found = sightings(reader, id)?.into_iter().find(|seen| hex(&seen.sha256) == sha);
    found.ok_or(Fault::Absent("document"))
}

/// A patient's facts that a file states.
fn taken(reader: &Reader<'_>, id: PatientId, sha256: &[u8; 32]) -> Outcome<Vec<Fact>> {
    let mut facts = facts::asserted_in(reader, sha256)?;
    facts.retain(|fact| fact.patient == Some(id));
    Ok(facts)
}

/// Where a fact stands in a file: in which member of it, and its place there.
fn place_in<'f>(fact: &'f Fact, seen: &Sighting) -> Option<(&'f str, &'f str)> {
    let mut here = fact.assertions.iter().filter(|it| it.sha256 == seen.sha256);
    here.next().map(|it| (it.member.as_str(), it.place.as_str()))
}

/// What is said of the fact that is asked for: where it stands, or that this isn't known.
fn said(visit: &Visit, fact: &Fact, found: Found) -> (&'static str, String) {
    let (tone, key) = match found {
        Found::Words => ("info", "document-found"),
        Found::Section => ("info", "document-found-section"),
        Found::Header => ("warn", "document-found-header"),
        Found::Unknown => ("warn", "document-found-nowhere"),
    };
    (tone, visit.words().of_text(key, &facts::row(visit, fact).label))
}

fn groups(visit: &Visit, seen: &Sighting, facts: &[Fact], asked: Option<FactId>) -> Vec<Group> {
    let words = visit.words();
    let row = |fact: &Fact| {
        let mut row = facts::row(visit, fact);
        row.place =
            fact.patient.map(|id| place_path(id, &seen.sha256, fact.id)).unwrap_or_default();
        row.chosen = Some(fact.id) == asked;
        // The document that is shown need not be pointed to once more.
        if fact.newest().is_some_and(|it| it.sha256 == seen.sha256) {
            row.source.href.clear();
        }
        row
    };
    let group = |kind: FactKind| {
        let rows = facts.iter().filter(|fact| fact.kind() == kind).map(row).collect();
        let title = words.t(&format!("fact-{}", kind.key().replace('_', "-")));
        Group { id: format!("k-{}", kind.key()), title, rows }
    };
    FactKind::ALL.into_iter().map(group).filter(|group| !group.rows.is_empty()).collect()
}

/// What to call a file: the title of the document it is, else what kind of file.
fn title(reader: &Reader<'_>, visit: &Visit, id: PatientId, seen: &Sighting) -> Outcome<String> {
    let facts = facts::asserted_in(reader, &seen.sha256)?;
    let own = facts.iter().find_map(|fact| match &fact.content {
        Content::Document(it) if fact.patient == Some(id) && !it.title.is_empty() => {
            Some(it.title.clone())
        }
        _ => None,
    });
    Ok(own.unwrap_or_else(|| kind(visit.words(), seen)))
}

/// What kind of file it is: "HL7 message, ADT".
fn kind(words: &Words, seen: &Sighting) -> String {
    let known = match seen.format.as_str() {
        "ccda" => "document-ccda",
        "fhir" => "document-fhir",
        "hl7v2" => "document-hl7v2",
        _ => return words.t("document-export"),
    };
    match (seen.format.as_str(), seen.document.as_str()) {
        ("hl7v2", code) if !code.is_empty() => {
            format!("{}, {}", words.t(known), code.to_uppercase())
        }
        _ => words.t(known),
    }
}

fn source(words: &Words, seen: &Sighting) -> String {
    if seen.source.is_empty() { words.t("people-source-unnamed") } else { seen.source.clone() }
}
