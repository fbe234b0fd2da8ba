//! A source document as a person looks at it: its words, lists and tables, the segments of a message,
//! or its resources, with the place marked where a fact stands. Nothing of it is markup, and signs that
//! hide or turn about what is read are made visible.

use crate::detect::{Format, detect};
use crate::narrative::{self, Section};
use crate::read::read_one;
use crate::source::{MAGIC, Source, opening, stream};
use crate::tables::lists::Known;
use crate::unpack::{Entry, Limits, Taken, Zip, gunzip, take};
use crate::{ccda, ehi, enclosed, fhir, hl7v2, text, x12};
pub(crate) use almoner_core::text::visible;
use std::io::{Cursor, Read};

/// Archives within archives are opened so deep.
const DEEPEST: usize = 4;
/// Bytes of a file that is shown; a larger one can only be downloaded.
const SHOWN: u64 = 16 << 20;

/// What is shown of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Original {
    /// The sections of a C-CDA document.
    Narrative(Vec<Section>),
    /// The segments of an HL7 v2 file.
    Segments(Vec<Piece>),
    /// The resources of a FHIR file, or the rows of a table.
    Resources(Vec<Piece>),
    Text(String),
    /// A document whose words are a file inside it (PDF, RTF): it can only be downloaded.
    Enclosed,
    /// No text: it can only be downloaded.
    Bytes,
}

/// A part of a file that can be pointed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Piece {
    /// `message 1 segment 3`, `Bundle.entry[12]`.
    pub place: String,
    /// `PID`, `Condition`.
    pub kind: String,
    pub text: String,
    /// The fact that is asked for stands here.
    pub marked: bool,
}

/// Where the fact that was asked for stands in what is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Found {
    /// Its own words, segment or resource are marked.
    Words,
    /// Its entry names no words; the section that holds it is marked.
    Section,
    /// In the document's header, which is not shown.
    Header,
    #[default]
    Unknown,
}

/// A file with the place that was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    pub original: Original,
    pub found: Found,
}

/// Looks at a file, or at a member of an archive, for a place as [`almoner_core::export::Statement`] names
/// it; empty for none.
pub fn look(source: &mut dyn Source, member: &str, place: &str) -> Look {
    opened(source, member, place, 0)
        .unwrap_or(Look { original: Original::Bytes, found: Found::Unknown })
}

fn opened(source: &mut dyn Source, member: &str, place: &str, depth: usize) -> Option<Look> {
    let format = detect(&opening(source, MAGIC)).format;
    match format {
        Format::Gzip | Format::Zip if depth >= DEEPEST => None,
        Format::Gzip => {
            let bytes = shown(gunzip(stream(source)))?;
            opened(&mut Cursor::new(bytes), member, place, depth + 1)
        }
        Format::Zip => {
            // Files of a set are read together; each of their places begins with the file's path.
            let set = member.ends_with('*');
            let path = if set { place } else { member };
            let mut archive = Zip::open(source, &Limits::default()).ok()?;
            let entries = archive.entries().into_iter();
            let inside = |entry: Entry| {
                let rest = path.strip_prefix(entry.name.as_str())?;
                let ends = rest.is_empty() || rest.starts_with(['/', ' ']);
                ends.then_some((entry.name.len(), entry.at, rest))
            };
            let (_, at, rest) = entries.filter_map(inside).max_by_key(|(len, ..)| *len)?;
            let bytes = shown(archive.entry(at).ok()?.0)?;
            let (member, place) = match rest.strip_prefix('/') {
                Some(rest) if set => ("*", rest),
                None if set => ("", rest.trim_start()),
                Some(rest) => (rest, place),
                // A document enclosed in a file of a set.
                None => (rest.trim_start(), place),
            };
            opened(&mut Cursor::new(bytes), member, place, depth + 1)
        }
        _ => {
            let bytes = shown(stream(source))?;
            let format = detect(&bytes).format;
            if !member.is_empty() {
                let inner = inner(&bytes, member)?;
                return Some(read(inner.as_bytes(), Format::Ccda, place));
            }
            Some(read(&bytes, format, place))
        }
    }
}

/// The clinical document that is one of several in a file, or enclosed in what it says.
fn inner(bytes: &[u8], member: &str) -> Option<String> {
    let verdict = detect(bytes);
    if verdict.format == Format::Ccda {
        return Some(ccda::part_of(&text::decode(bytes).text, member).to_owned());
    }
    enclosed::at(&read_one(bytes, &verdict, Known::default()).ok()?, member)
}

/// The bytes of a file that is not too large to be shown.
fn shown(bytes: impl Read) -> Option<Vec<u8>> {
    match take(bytes, SHOWN).ok()? {
        Taken::Whole(bytes) => Some(bytes),
        Taken::Large(_) => None,
    }
}

fn read(bytes: &[u8], format: Format, place: &str) -> Look {
    let decoded = text::decode(bytes);
    let look = |original, found| Look { original, found };
    match format {
        Format::Ccda => match narrative::read(&decoded.text, place) {
            Some((sections, found)) if sections.is_empty() => look(Original::Enclosed, found),
            Some((sections, found)) => look(Original::Narrative(sections), found),
            None => plain(bytes, &decoded.text),
        },
        Format::Hl7v2 | Format::Hl7v2Xml => {
            pieces(hl7v2::pieces(&decoded.text), place, Original::Segments)
        }
        Format::X12 => pieces(x12::pieces(&decoded.text), place, Original::Segments),
        Format::Fhir | Format::FhirXml => {
            pieces(fhir::pieces(&decoded.text), place, Original::Resources)
        }
        Format::Ehi | Format::Table if place.contains("row ") => {
            pieces(ehi::pieces(&decoded.text), place, Original::Resources)
        }
        _ => plain(bytes, &decoded.text),
    }
}

/// Marks the piece whose place it is, or which holds it.
fn pieces(mut all: Vec<Piece>, place: &str, make: fn(Vec<Piece>) -> Original) -> Look {
    let holds = |piece: &&mut Piece| {
        let rest = place.strip_prefix(piece.place.as_str());
        !piece.place.is_empty()
            && rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', ' ']))
    };
    let mut found = Found::Unknown;
    if let Some(piece) = all.iter_mut().find(holds).filter(|_| !place.is_empty()) {
        piece.marked = true;
        found = Found::Words;
    }
    Look { original: make(all), found }
}

fn plain(bytes: &[u8], text: &str) -> Look {
    let odd = |b: &u8| *b == 0 || (*b < 32 && !b"\t\r\n\x0b\x1c".contains(b));
    let original = if bytes.iter().take(4096).any(odd) {
        Original::Bytes
    } else {
        Original::Text(visible(&text.replace("\r\n", "\n").replace('\r', "\n")))
    };
    Look { original, found: Found::Unknown }
}
