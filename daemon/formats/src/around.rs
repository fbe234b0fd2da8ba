//! The lines of a file around the place of a fault, as they stand in it: what a person looks at when a
//! file could not be read.

use crate::detect::{Format, detect};
use crate::source::{MAGIC, Source, opening, stream};
use crate::text;
use almoner_core::text::visible;
use std::io::{BufRead, BufReader};

/// Lines shown before and behind the place.
const BEFORE: usize = 4;
/// Characters shown of a line, around the place in it.
const SHOWN: usize = 400;
/// Bytes of a line that are held; the rest of it is passed over.
const HELD: usize = 1 << 20;

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The first is 1.
    pub number: usize,
    /// What stands in it, what hides made visible; cut where it is long.
    pub text: String,
    /// The fault is here.
    pub marked: bool,
}

/// Where a fault is, as problems name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Line(usize, usize),
    /// Message and segment of an HL7 v2 file.
    Segment(usize, usize),
    /// No line is named.
    Start,
}

/// The lines around a place; the first ones, and none marked, where it names no line; none at all where
/// the file is no text (an archive, a picture).
pub fn around(source: &mut dyn Source, at: &str) -> Vec<Line> {
    let head = opening(source, MAGIC);
    let binary = matches!(detect(&head).format, Format::Zip | Format::Gzip | Format::Office);
    let text = text::decode(&head).text;
    let strange = text.chars().filter(|c| *c == '\u{fffd}' || (c.is_control() && !is_blank(*c)));
    if binary || strange.count() * 10 > text.chars().count() {
        return Vec::new();
    }
    let place = Place::of(at);
    let wide = head.starts_with(b"\xFF\xFE")
        || head.starts_with(b"\xFE\xFF")
        || text.len() * 2 <= head.len() + 1;
    let mut reader = BufReader::with_capacity(1 << 18, stream(source));
    if wide {
        // Two bytes a character: only what the opening holds is shown.
        return shown(text.split(['\r', '\n']).map(str::to_owned), place);
    }
    let lines = std::iter::from_fn(|| line(&mut reader));
    shown(lines.map(|bytes| text::decode(&bytes).text.into_owned()), place)
}

fn is_blank(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{b}' | '\u{1c}')
}

impl Place {
    /// `12:5`, `line 12`, `message 3 segment 2`; anything else is the beginning.
    fn of(at: &str) -> Self {
        let number = |text: &str| text.trim().parse::<usize>().ok().filter(|it| *it > 0);
        if let Some((row, column)) = at.split_once(':')
            && let (Some(row), Some(column)) = (number(row), number(column))
        {
            return Self::Line(row, column);
        }
        let words: Vec<&str> = at.split([' ', '/', ':']).collect();
        let after = |word: &str| {
            let at = words.iter().position(|it| *it == word)?;
            words.get(at + 1).and_then(|it| number(it))
        };
        match (after("line"), after("message")) {
            (Some(row), _) => Self::Line(row, 1),
            (None, Some(message)) => Self::Segment(message, after("segment").unwrap_or(1)),
            (None, None) => Self::Start,
        }
    }
}

fn shown(lines: impl Iterator<Item = String>, place: Place) -> Vec<Line> {
    let (mut held, mut left) = (Vec::<Line>::new(), None);
    let (mut message, mut segment) = (0, 0);
    for (at, text) in lines.enumerate() {
        let number = at + 1;
        if text.starts_with("MSH") || text.starts_with("\u{b}MSH") {
            (message, segment) = (message + 1, 0);
        }
        segment += usize::from(!text.trim().is_empty());
        let (marked, column) = match place {
            Place::Line(row, column) => (number == row, column),
            Place::Segment(of, row) => (message == of && segment == row && !text.is_empty(), 1),
            Place::Start => (false, 1),
        };
        held.push(Line { number, text: cut(&text, column), marked });
        if (marked || place == Place::Start) && left.is_none() {
            left = Some(BEFORE);
        } else if let Some(more) = &mut left {
            *more -= 1;
        }
        if left == Some(0) {
            return held;
        }
        if left.is_none() && held.len() > BEFORE {
            held.remove(0);
        }
    }
    held
}

/// A line around a column.
fn cut(text: &str, column: usize) -> String {
    let from = column.saturating_sub(SHOWN / 2);
    let part: String = text.chars().skip(from).take(SHOWN).collect();
    let (before, behind) = (from > 0, text.chars().nth(from + SHOWN).is_some());
    let mark = |is: bool| if is { "…" } else { "" };
    format!("{}{}{}", mark(before), visible(&part), mark(behind))
}

/// The bytes of the next line, without its end; of a long one its beginning.
fn line(reader: &mut impl BufRead) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut any = false;
    loop {
        let buffer = reader.fill_buf().ok()?;
        if buffer.is_empty() {
            return any.then_some(bytes);
        }
        any = true;
        let end = buffer.iter().position(|byte| matches!(byte, b'\r' | b'\n'));
        let part = buffer.get(..end.unwrap_or(buffer.len())).unwrap_or_default();
        bytes.extend_from_slice(part.get(..HELD.saturating_sub(bytes.len())).unwrap_or(part));
        let Some(end) = end else {
            let all = buffer.len();
            reader.consume(all);
            continue;
        };
        let is_return = buffer.get(end) == Some(&b'\r');
        reader.consume(end + 1);
        if is_return && reader.fill_buf().ok()?.first() == Some(&b'\n') {
            reader.consume(1);
        }
        return Some(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn look(text: &str, at: &str) -> Vec<(usize, String, bool)> {
        let mut source = std::io::Cursor::new(text.as_bytes());
        let lines = around(&mut source, at);
        lines.into_iter().map(|line| (line.number, line.text, line.marked)).collect()
    }

    #[test]
    fn places_as_problems_name_them() {
        for (at, place) in [
            ("12:5", Place::Line(12, 5)),
            ("line 7", Place::Line(7, 1)),
            ("a.csv line 7", Place::Line(7, 1)),
            ("message 3 segment 2", Place::Segment(3, 2)),
            ("message 3", Place::Segment(3, 1)),
            ("file", Place::Start),
            ("/ClinicalDocument", Place::Start),
            ("0:0", Place::Start),
        ] {
            assert_eq!(Place::of(at), place, "{at}");
        }
    }

    #[test]
    fn lines_around_the_place_of_every_line_end() {
        for end in ["\n", "\r\n", "\r"] {
            let rows: Vec<String> = (1..=20).map(|n| format!("row {n}{end}")).collect();
            let text = rows.concat();
            let lines = look(&text, "10:3");
            let numbers: Vec<usize> = lines.iter().map(|it| it.0).collect();
            assert_eq!(numbers, [6, 7, 8, 9, 10, 11, 12, 13, 14], "{end:?}");
            let marked: Vec<_> = lines.iter().filter(|it| it.2).map(|it| it.1.as_str()).collect();
            assert_eq!(marked, ["row 10"]);
        }
        let start = [(1, "one".into(), false), (2, "two".into(), false)];
        assert_eq!(look("one\ntwo", "file"), start, "no line is named, so none is marked");
        assert!(look("one\ntwo", "line 9").iter().all(|it| !it.2), "a place that is not there");
    }

    #[test]
    fn segments_of_messages_and_what_hides() {
        let text = "MSH|^~\\&|A\rPID|1\r\rMSH|^~\\&|B\rPID|\u{202e}2\u{1}\rDG1|1\r";
        let lines = look(text, "message 2 segment 2");
        let marked: Vec<_> = lines.iter().filter(|it| it.2).collect();
        assert_eq!(marked.len(), 1);
        assert_eq!(marked[0].1, "PID|[U+202E]2[U+0001]");
    }

    #[test]
    fn long_lines_are_cut_around_the_place_and_archives_show_nothing() {
        let long = format!("{}HERE{}", "a".repeat(5_000), "b".repeat(3 << 20));
        let lines = look(&long, "1:5001");
        assert!(lines[0].1.contains("HERE") && lines[0].1.chars().count() <= SHOWN + 2);
        assert!(lines[0].1.starts_with('…') && lines[0].1.ends_with('…'));
        let zip = "PK\u{3}\u{4}\u{14}\u{0}\u{0}\u{0}\u{8}\u{0}and more";
        assert!(look(zip, "file").is_empty());
        let noise: Vec<u8> = (0..=255_u8).cycle().take(9_000).collect();
        assert!(around(&mut std::io::Cursor::new(noise), "file").is_empty());
    }
}
