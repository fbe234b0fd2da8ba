//! A source document made ready to be looked at: cut to what a page can hold, so that the marked place is
//! in what is shown.

use almoner_formats::narrative::{Block, Section};
use almoner_formats::original::{self, Found, Look, Piece};

/// Letters shown of a file; the download has all of it.
const LONGEST: usize = 200_000;

/// What is shown of a file.
pub(super) struct Original {
    kind: original::Original,
    pub found: Found,
    /// Something before it, or behind it, was left out.
    pub cut_before: bool,
    pub cut: bool,
}

impl Original {
    /// What is shown of what was looked at.
    pub(super) fn of(look: Look) -> Self {
        Self::within(look, LONGEST)
    }

    fn within(look: Look, most: usize) -> Self {
        let Look { original: kind, found } = look;
        let (mut before, mut after) = (false, false);
        let kind = match kind {
            original::Original::Narrative(all) => {
                original::Original::Narrative(cut(all, most, &SECTION, (&mut before, &mut after)))
            }
            original::Original::Segments(all) => {
                original::Original::Segments(cut(all, most, &PIECE, (&mut before, &mut after)))
            }
            original::Original::Resources(all) => {
                original::Original::Resources(cut(all, most, &PIECE, (&mut before, &mut after)))
            }
            original::Original::Text(text) => {
                let end = text.char_indices().nth(most).map(|(at, _)| at);
                after = end.is_some();
                original::Original::Text(
                    end.and_then(|end| text.get(..end)).unwrap_or(&text).to_owned(),
                )
            }
            other => other,
        };
        Self { kind, found, cut_before: before, cut: after }
    }

    pub(super) fn sections(&self) -> &[Section] {
        match &self.kind {
            original::Original::Narrative(sections) => sections,
            _ => &[],
        }
    }

    pub(super) fn segments(&self) -> &[Piece] {
        match &self.kind {
            original::Original::Segments(pieces) => pieces,
            _ => &[],
        }
    }

    pub(super) fn resources(&self) -> &[Piece] {
        match &self.kind {
            original::Original::Resources(pieces) => pieces,
            _ => &[],
        }
    }

    pub(super) fn text(&self) -> &str {
        match &self.kind {
            original::Original::Text(text) => text,
            _ => "",
        }
    }

    pub(super) fn is_enclosed(&self) -> bool {
        self.kind == original::Original::Enclosed
    }

    pub(super) fn is_bytes(&self) -> bool {
        self.kind == original::Original::Bytes
    }
}

/// How long a part is, and whether it holds what is marked.
struct Part<T> {
    length: fn(&T) -> usize,
    marked: fn(&T) -> bool,
}

const PIECE: Part<Piece> =
    Part { length: |piece| piece.text.chars().count(), marked: |piece| piece.marked };

const SECTION: Part<Section> = Part {
    length: |section| words(section).map(|text| text.text.chars().count()).sum(),
    marked: |section| words(section).any(|text| text.marked),
};

/// So many parts as fit: from the first on, or from the marked one where that lies further behind. One part
/// is shown in any case.
fn cut<T>(all: Vec<T>, most: usize, part: &Part<T>, left_out: (&mut bool, &mut bool)) -> Vec<T> {
    let marked = all.iter().position(part.marked).unwrap_or(0);
    let to_marked: usize = all.iter().take(marked + 1).map(part.length).sum();
    let from = if to_marked <= most { 0 } else { marked };
    let (count, mut length) = (all.len(), 0);
    let shown: Vec<T> = all
        .into_iter()
        .skip(from)
        .enumerate()
        .take_while(|(at, it)| {
            length += (part.length)(it);
            *at == 0 || length <= most
        })
        .map(|(_, it)| it)
        .collect();
    *left_out.0 = from > 0;
    *left_out.1 = from + shown.len() < count;
    shown
}

fn words(section: &Section) -> impl Iterator<Item = &almoner_formats::narrative::Words> {
    let blocks = section.blocks.iter().flat_map(|block| match block {
        Block::Paragraph(text) => vec![text],
        Block::List(items) => items.iter().collect(),
        Block::Table { head, rows, .. } => head.iter().chain(rows.iter().flatten()).collect(),
    });
    std::iter::once(&section.title).chain(blocks)
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
        _ if bytes.iter().take(4096).all(|b| *b >= 32 || b"\t\r\n\x0b\x1c".contains(b)) => "txt",
        _ => "bin",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(marked: usize) -> Look {
        let piece = |n: usize| Piece {
            place: n.to_string(),
            kind: String::new(),
            text: "x".repeat(10),
            marked: n == marked,
        };
        let kind = original::Original::Segments((0..10).map(piece).collect());
        Look { original: kind, found: Found::Words }
    }

    #[test]
    fn what_is_marked_is_never_cut_away() {
        for (marked, most, shown) in [
            (2, 35, ("0", 3, false, true)),
            (7, 35, ("7", 3, true, false)),
            (9, 5, ("9", 1, true, false)),
            (0, 1000, ("0", 10, false, false)),
        ] {
            let all = Original::within(file(marked), most);
            let first = all.segments()[0].place.as_str();
            assert_eq!((first, all.segments().len(), all.cut_before, all.cut), shown, "{marked}");
            assert!(all.segments().iter().any(|piece| piece.marked));
        }
    }
}
