//! A source document made safe to look at: as text, or as the words, lists and tables of its
//! narrative. Nothing of a foreign file reaches a page as markup.

use almoner_formats::narrative::{self, Section};

/// Text longer than this is cut on the page; the download has all of it.
const LONGEST: usize = 200_000;

/// What is shown of a file.
pub(super) enum Original {
    /// The sections of a C-CDA document.
    Narrative(Vec<Section>),
    /// Its text, and whether it was cut.
    Text(String, bool),
    /// No text: it can only be downloaded.
    Bytes,
}

impl Original {
    /// What is shown of these bytes.
    pub(super) fn of(bytes: &[u8]) -> Self {
        let decoded = String::from_utf8_lossy(bytes);
        if let Some(sections) = narrative::sections(&decoded).filter(|list| !list.is_empty()) {
            return Self::Narrative(sections);
        }
        if !is_text(bytes) {
            return Self::Bytes;
        }
        let text = decoded.replace('\r', "\n");
        let shown: String = text
            .chars()
            .filter(|c| !c.is_control() || matches!(c, '\n' | '\t'))
            .take(LONGEST)
            .collect();
        let cut = shown.len() < text.len() && text.chars().count() > LONGEST;
        Self::Text(shown, cut)
    }

    pub(super) fn sections(&self) -> &[Section] {
        match self {
            Self::Narrative(sections) => sections,
            _ => &[],
        }
    }

    pub(super) fn text(&self) -> &str {
        match self {
            Self::Text(text, _) => text,
            _ => "",
        }
    }

    pub(super) fn is_cut(&self) -> bool {
        matches!(self, Self::Text(_, true))
    }

    pub(super) fn is_bytes(&self) -> bool {
        matches!(self, Self::Bytes)
    }
}

/// A file name's ending for these bytes.
pub(super) fn extension(bytes: &[u8]) -> &'static str {
    let start = bytes.trim_ascii_start();
    match start {
        [b'P', b'K', ..] => "zip",
        [0x1f, 0x8b, ..] => "gz",
        [b'<', ..] | [0xef, 0xbb, 0xbf, b'<', ..] => "xml",
        [b'{' | b'[', ..] => "json",
        [b'M', b'S', b'H', ..] => "hl7",
        _ if is_text(bytes) => "txt",
        _ => "bin",
    }
}

fn is_text(bytes: &[u8]) -> bool {
    let odd = bytes
        .iter()
        .take(4096)
        .filter(|b| **b == 0 || (**b < 32 && !b"\t\r\n\x0b\x1c".contains(b)));
    odd.count() == 0
}
