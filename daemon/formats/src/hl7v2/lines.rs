//! From the text of a file to its segments and messages: any line end, MLLP bytes, batch headers,
//! many messages, lines broken within a field (HL7 v2.5.1 chapter 2, sections 2.6, 2.10 and 2.15).

use super::segment::{Marks, Segment};
use std::ops::Range;

/// Segments that are recognised in lower case, after blanks, or without any field.
const KNOWN: [&str; 47] = [
    "MSH", "FHS", "BHS", "BTS", "FTS", "EVN", "PID", "PD1", "NK1", "PV1", "PV2", "MRG", "AL1",
    "IAM", "DG1", "DRG", "PR1", "GT1", "IN1", "IN2", "IN3", "ACC", "UB1", "UB2", "ORC", "OBR",
    "OBX", "NTE", "TXA", "SCH", "RGS", "AIS", "AIG", "AIL", "AIP", "TQ1", "SPM", "RF1", "PRD",
    "CTD", "AUT", "RXA", "RXE", "RXR", "FT1", "MSA", "ERR",
];

/// A file whose messages stand on one line each, their segments parted by blanks (copied from a viewer or
/// a mail), with the segments on lines of their own; `None` for any other file. Whoever writes `PID|` in
/// the header's line can mean nothing else.
pub(super) fn on_lines(text: &str) -> Option<String> {
    let parts = |line: &str| {
        let mark = line.trim_start().get(3..4)?;
        let one = is_header(line.trim_start()) && line.contains(&format!(" PID{mark}"));
        one.then(|| mark.to_owned())
    };
    if !text.contains(" PID") || !text.split(['\r', '\n']).any(|line| parts(line).is_some()) {
        return None;
    }
    let lines = text.split_inclusive(['\r', '\n']).map(|line| {
        let Some(mark) = parts(line) else { return line.to_owned() };
        let mut whole = String::with_capacity(line.len());
        for (at, word) in line.split(' ').enumerate() {
            let begins = word.get(3..).is_some_and(|rest| rest.starts_with(&mark))
                && word.get(..3).is_some_and(|id| KNOWN.contains(&id));
            if at > 0 {
                whole.push(if begins { '\r' } else { ' ' });
            }
            whole.push_str(word);
        }
        whole
    });
    Some(lines.collect())
}

/// One message of a file, cut into fields that borrow from the text.
pub(super) struct RawMessage<'a> {
    /// Position in the file, the first message is 1.
    pub(super) number: usize,
    pub(super) marks: Marks,
    fields: Vec<&'a str>,
    segments: Vec<SegmentSpan>,
    /// Segments that went on over a line end.
    pub(super) continued: usize,
    /// Segments longer than allowed, left out.
    pub(super) too_long: usize,
    /// Whether any segment but the header holds the escape character.
    pub(super) escaped: bool,
    /// Whether any segment holds `""`.
    pub(super) quoted: bool,
}

struct SegmentSpan {
    id: [u8; 3],
    fields: Range<usize>,
    /// Position in the message, `MSH` is 1.
    index: usize,
}

/// One logical segment: a line with the lines that continue it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Line<'a> {
    pub(super) text: &'a str,
    pub(super) continued: bool,
    /// True for text that belongs to no segment: a comment between messages.
    pub(super) stray: bool,
}

/// Cuts a text into logical segments.
pub(super) struct Lines<'a> {
    text: &'a str,
    at: usize,
    separator: u8,
    waiting: Option<Line<'a>>,
}

impl<'a> Lines<'a> {
    pub(super) fn of(text: &'a str) -> Self {
        Self { text, at: 0, separator: b'|', waiting: None }
    }

    /// The next line that is not blank, without its terminator; with whether a blank line was
    /// before it, and its range in the text.
    fn physical(&mut self) -> Option<(bool, Range<usize>)> {
        let bytes = self.text.as_bytes();
        let mut blank = false;
        while self.at < bytes.len() {
            let rest = bytes.get(self.at..)?;
            let len = rest.iter().position(|byte| is_line_end(*byte)).unwrap_or(rest.len());
            let range = self.at..self.at + len;
            self.at = (range.end + 1).min(bytes.len());
            if rest.get(len) == Some(&b'\r') && rest.get(len + 1) == Some(&b'\n') {
                self.at = range.end + 2;
            }
            if rest.iter().take(len).any(|byte| !byte.is_ascii_whitespace()) {
                return Some((blank, range));
            }
            blank = true;
        }
        None
    }

    /// Where a segment starts in the line, when one does.
    fn segment_start(&self, line: &str) -> Option<usize> {
        let trimmed = line
            .trim_start_matches(|c: char| c.is_whitespace() || c.is_control() || c == '\u{FEFF}');
        let skipped = line.len() - trimmed.len();
        let id = trimmed.as_bytes().get(..3)?;
        let mark = trimmed.as_bytes().get(3).copied();
        if is_header(trimmed) && mark.is_some_and(|m| m.is_ascii_punctuation()) {
            return Some(skipped);
        }
        let capitals = id.first().is_some_and(u8::is_ascii_uppercase)
            && id.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if mark == Some(self.separator) && capitals && skipped == 0 {
            return Some(0);
        }
        let bare = mark.is_none() || mark == Some(self.separator);
        let known = KNOWN.iter().any(|name| name.as_bytes().eq_ignore_ascii_case(id));
        (bare && known && (mark.is_some() || capitals)).then_some(skipped)
    }

    fn learn_separator(&mut self, line: &str) {
        if is_header(line) && !line.get(1..3).is_some_and(|id| id.eq_ignore_ascii_case("TS")) {
            self.separator = line.as_bytes().get(3).copied().unwrap_or(b'|');
        }
    }
}

impl<'a> Iterator for Lines<'a> {
    type Item = Line<'a>;

    fn next(&mut self) -> Option<Line<'a>> {
        let mut current = self.waiting.take().map(|line| (line, offset(self.text, line.text)));
        let mut tail: Option<usize> = None;
        while let Some((blank, range)) = self.physical() {
            let line = self.text.get(range.clone()).unwrap_or_default();
            if let Some(skipped) = self.segment_start(line) {
                let text = line.get(skipped..).unwrap_or_default();
                let new = Line { text, continued: false, stray: false };
                self.learn_separator(text);
                let Some((mut done, start)) = current else {
                    current = Some((new, offset(self.text, text)));
                    continue;
                };
                self.waiting = Some(new);
                if let Some(end) = tail.filter(|_| !is_header(text)) {
                    done.text = self.text.get(start..end).unwrap_or(done.text);
                    done.continued = true;
                }
                return Some(done);
            }
            match &mut current {
                None => return Some(Line { text: line, continued: false, stray: true }),
                Some(_) if blank || tail.is_some() => tail = Some(range.end),
                Some((open, start)) => {
                    open.text = self.text.get(*start..range.end).unwrap_or(open.text);
                    open.continued = true;
                }
            }
        }
        let (mut done, start) = current?;
        if let Some(end) = tail {
            done.text = self.text.get(start..end).unwrap_or(done.text);
            done.continued = true;
        }
        Some(done)
    }
}

impl<'a> RawMessage<'a> {
    /// Begins a message with its `MSH` segment, in the room of one that was read before.
    pub(super) fn begin(number: usize, line: Line<'a>, marks: Marks, room: Option<Self>) -> Self {
        let (mut fields, mut segments) =
            room.map(|old| (old.fields, old.segments)).unwrap_or_default();
        fields.clear();
        segments.clear();
        let mut message = Self {
            number,
            marks,
            fields,
            segments,
            continued: 0,
            too_long: 0,
            escaped: false,
            quoted: false,
        };
        message.push(line, usize::MAX);
        message
    }

    /// Adds a segment; one longer than `most` bytes is left out, unless it carries a document.
    pub(super) fn push(&mut self, line: Line<'a>, most: usize) {
        let index = self.segments.len() + self.too_long + 1;
        let Some(id) = line.text.as_bytes().first_chunk::<3>() else { return };
        let id = id.map(|byte| byte.to_ascii_uppercase());
        if line.text.len() > most && !matches!(&id, b"OBX" | b"NTE" | b"TXA") {
            self.too_long += 1;
            return;
        }
        self.continued += usize::from(line.continued);
        self.escaped |= &id != b"MSH" && line.text.as_bytes().contains(&self.marks.escape);
        self.quoted |= line.text.contains("\"\"");
        let from = self.fields.len();
        self.cut(line.text);
        self.segments.push(SegmentSpan { id, fields: from..self.fields.len(), index });
    }

    /// The segments in the order of the file.
    pub(super) fn segments(&self) -> impl Iterator<Item = Segment<'_>> {
        self.segments.iter().map(|span| {
            let fields = self.fields.get(span.fields.clone()).unwrap_or_default();
            Segment::new(span.id, span.index, fields, self.marks)
        })
    }

    /// Cuts a line into fields. Fields are short: a plain walk is quicker than a search for each.
    fn cut(&mut self, line: &'a str) {
        let mut start = 0;
        for (at, byte) in line.bytes().enumerate() {
            if byte == self.marks.field {
                self.fields.push(line.get(start..at).unwrap_or_default());
                start = at + 1;
            }
        }
        self.fields.push(line.get(start..).unwrap_or_default());
    }

    /// A number that tells what the message says apart from what another does (FNV-1a by words of
    /// eight bytes; nobody gains by two messages of one number).
    pub(super) fn digest(&self) -> u64 {
        let step =
            |sum: u64, word: u64| (sum ^ word).wrapping_mul(0x0100_0000_01b3).rotate_left(29);
        let mut sum = 0xcbf2_9ce4_8422_2325;
        for field in &self.fields {
            sum = step(sum, field.len() as u64);
            let (words, rest) = field.as_bytes().as_chunks::<8>();
            sum = words.iter().fold(sum, |sum, word| step(sum, u64::from_le_bytes(*word)));
            sum = rest.iter().fold(sum, |sum, byte| step(sum, u64::from(*byte)));
        }
        sum
    }

    /// The first segment with that id.
    pub(super) fn first(&self, id: [u8; 3]) -> Option<Segment<'_>> {
        self.segments().find(|segment| segment.id == id)
    }
}

/// CR, LF, and the vertical tab and file separator with which MLLP frames a message.
fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n' | 0x0B | 0x1C)
}

fn is_header(line: &str) -> bool {
    let id = line.get(..3).unwrap_or_default();
    ["MSH", "FHS", "BHS", "BTS", "FTS"].iter().any(|header| header.eq_ignore_ascii_case(id))
}

/// Where `part`, a slice of `whole`, begins in it.
fn offset(whole: &str, part: &str) -> usize {
    (part.as_ptr() as usize).saturating_sub(whole.as_ptr() as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str) -> Vec<(&str, bool, bool)> {
        Lines::of(text).map(|line| (line.text, line.continued, line.stray)).collect()
    }

    #[test]
    fn any_line_end_and_framing() {
        let plain = |text| (text, false, false);
        for text in [
            "MSH|^~\\&|A\rPID|1\rPV1|1",
            "MSH|^~\\&|A\nPID|1\nPV1|1\n\n",
            "MSH|^~\\&|A\r\nPID|1\r\n\r\nPV1|1\r\n",
            "\x0BMSH|^~\\&|A\r  PID|1\nPV1|1\r\x1C\r",
            "\u{FEFF}MSH|^~\\&|A\rPID|1\rPV1|1",
        ] {
            let expected = [plain("MSH|^~\\&|A"), plain("PID|1"), plain("PV1|1")];
            assert_eq!(lines(text), expected, "{text:?}");
        }
    }

    #[test]
    fn broken_lines_are_joined_and_comments_are_not() {
        let text = "# log\nMSH|^~\\&|A\nOBX|1|TX|A||one\ntwo\n\nthree|F\nNTE|1\n\n// next\nMSH@~A";
        let expected = [
            ("# log", false, true),
            ("MSH|^~\\&|A", false, false),
            ("OBX|1|TX|A||one\ntwo\n\nthree|F", true, false),
            ("NTE|1", false, false),
            ("MSH@~A", false, false),
        ];
        assert_eq!(lines(text), expected);
    }

    #[test]
    fn lower_case_and_bare_segments() {
        let text = "MSH|^~\\&|A\rpid|1\rthe|end\rPV2\rZXY|1";
        let ids: Vec<&str> = Lines::of(text).map(|line| line.text).collect();
        assert_eq!(ids, ["MSH|^~\\&|A", "pid|1\rthe|end", "PV2", "ZXY|1"]);
    }
}
