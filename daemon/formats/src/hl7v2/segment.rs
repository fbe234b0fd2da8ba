//! Segments, fields and their parts as views into the text; escapes are decoded once, when a part
//! is read (HL7 v2.5.1 chapter 2, sections 2.5 and 2.7).

use std::borrow::Cow;

/// Repetitions of one field that are read; more are left out.
const REPETITIONS: usize = 1000;

/// The characters that part a message: MSH-1 and MSH-2. NUL stands for "none".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Marks {
    pub(super) field: u8,
    pub(super) component: u8,
    pub(super) repetition: u8,
    pub(super) escape: u8,
    pub(super) sub: u8,
    pub(super) truncation: u8,
}

/// One segment of a message.
#[derive(Clone, Copy)]
pub(super) struct Segment<'m> {
    /// In capitals.
    pub(super) id: [u8; 3],
    /// Position in the message, `MSH` is 1.
    pub(super) index: usize,
    fields: &'m [&'m str],
    marks: Marks,
}

/// Components of the longest data type that is read (`XCN`, `XON`, `CWE`).
const COMPONENTS: usize = 14;

/// The components of one repetition, cut once for a reader that asks for many of them.
#[derive(Clone, Copy)]
pub(super) struct Parts<'m> {
    parts: [&'m str; COMPONENTS],
    marks: Marks,
}

/// A field, or a part of one.
#[derive(Clone, Copy)]
pub(super) struct Piece<'m> {
    raw: &'m str,
    marks: Marks,
}

impl Marks {
    /// Reads them from a header segment. `None` when the segment is too short to be one, or when
    /// its marks are letters, digits, or twice the same.
    pub(super) fn of(header: &str) -> Option<Self> {
        let field = *header.as_bytes().get(3)?;
        let rest = header.get(4..)?;
        let given = rest.split(field as char).next()?.as_bytes();
        if header.len() < 8 || !field.is_ascii_punctuation() {
            return None;
        }
        let given = if given.is_empty() { &b"^~\\&"[..] } else { given };
        // Some programs write the escape character twice, as their source code does.
        let twice = matches!(given, [_, _, b'\\', b'\\', _]);
        let mut found = [0; 5];
        let marks = given.iter().enumerate().filter(|(at, _)| !(twice && *at == 3));
        for (place, (_, mark)) in found.iter_mut().zip(marks) {
            *place = *mark;
        }
        let [component, repetition, escape, sub, truncation] = found;
        let marks = Self { field, component, repetition, escape, sub, truncation };
        marks.are_sound().then_some(marks)
    }

    fn are_sound(self) -> bool {
        let all =
            [self.field, self.component, self.repetition, self.escape, self.sub, self.truncation];
        all.iter().enumerate().all(|(at, mark)| {
            *mark == 0 || (mark.is_ascii_punctuation() && !all.iter().take(at).any(|m| m == mark))
        })
    }
}

impl<'m> Segment<'m> {
    pub(super) fn new(id: [u8; 3], index: usize, fields: &'m [&'m str], marks: Marks) -> Self {
        Self { id, index, fields, marks }
    }

    /// Field `n`, counted as the standard counts: `MSH-1` is the separator itself.
    pub(super) fn field(&self, n: usize) -> Piece<'m> {
        let header = matches!(&self.id, b"MSH" | b"FHS" | b"BHS");
        let at = if header { n.saturating_sub(1) } else { n };
        Piece { raw: self.fields.get(at).copied().unwrap_or_default(), marks: self.marks }
    }

    /// A segment of that id in its place that says nothing.
    pub(super) fn blank(self, id: [u8; 3]) -> Segment<'m> {
        Segment { id, fields: &[], ..self }
    }

    /// True when some field holds an escape that is kept as sent: other character sets (`\C…\`,
    /// `\M…\`) and the sender's own (`\Z…\`).
    pub(super) fn has_foreign_escape(&self) -> bool {
        let escape = self.marks.escape;
        let opens = |two: &[u8]| matches!(two, [mark, b'C' | b'M' | b'Z'] if *mark == escape);
        let holds = |field: &&str| {
            let escapes = field.bytes().filter(|byte| *byte == escape).count();
            escapes > 0 && escapes % 2 == 0 && field.as_bytes().windows(2).any(opens)
        };
        escape != 0 && self.fields.iter().any(holds)
    }

    /// True when some field withdraws a value (`""`).
    pub(super) fn withdraws(&self) -> bool {
        self.fields.iter().any(|field| field.as_bytes().windows(2).any(|two| two == b"\"\""))
    }
}

impl<'m> Parts<'m> {
    /// Component `n`, counted from 1.
    pub(super) fn component(&self, n: usize) -> Piece<'m> {
        let raw = n.checked_sub(1).and_then(|at| self.parts.get(at)).copied().unwrap_or_default();
        Piece { raw, marks: self.marks }
    }
}

impl<'m> Piece<'m> {
    /// The repetitions that say something.
    pub(super) fn repetitions(self) -> impl Iterator<Item = Piece<'m>> {
        let parts = self.raw.split(self.marks.repetition as char).take(REPETITIONS);
        parts.map(move |raw| Piece { raw, ..self }).filter(|piece| !piece.is_blank())
    }

    /// All repetitions, as the lines of a text.
    pub(super) fn lines(self) -> impl Iterator<Item = Piece<'m>> {
        self.raw.split(self.marks.repetition as char).map(move |raw| Piece { raw, ..self })
    }

    /// Component `n` of the first repetition, counted from 1. One walk, which ends where the
    /// component does: a document in base64 may follow.
    pub(super) fn component(self, n: usize) -> Piece<'m> {
        let (mut start, mut left) = (0, n.saturating_sub(1));
        let mut end = self.raw.len();
        for (at, byte) in self.raw.bytes().enumerate() {
            if byte == self.marks.component && left > 0 {
                left -= 1;
                start = at + 1;
            } else if byte == self.marks.component || byte == self.marks.repetition {
                end = at;
                break;
            }
        }
        let raw = if left == 0 { self.raw.get(start..end).unwrap_or_default() } else { "" };
        Piece { raw, ..self }
    }

    /// All components of the first repetition.
    pub(super) fn components(self) -> Parts<'m> {
        let mut parts = [""; COMPONENTS];
        let (mut start, mut n) = (0, 0);
        let mut end = self.raw.len();
        for (at, byte) in self.raw.bytes().enumerate() {
            if byte == self.marks.repetition {
                end = at;
                break;
            }
            if byte == self.marks.component {
                if let Some(part) = parts.get_mut(n) {
                    *part = self.raw.get(start..at).unwrap_or_default();
                }
                n += 1;
                start = at + 1;
                if n == COMPONENTS {
                    break;
                }
            }
        }
        if let Some(part) = parts.get_mut(n) {
            *part = self.raw.get(start..end).unwrap_or_default();
        }
        Parts { parts, marks: self.marks }
    }

    /// Subcomponent `n` of a component, counted from 1.
    pub(super) fn sub(self, n: usize) -> Piece<'m> {
        Piece { raw: part(self.raw, self.marks.sub, n), ..self }
    }

    /// The characters as sent.
    pub(super) fn raw(self) -> &'m str {
        self.raw
    }

    /// True when it holds nothing but marks and blanks, or withdraws a value (`""`).
    pub(super) fn is_blank(self) -> bool {
        let marks = [self.marks.component, self.marks.sub, self.marks.repetition, b'"', b' '];
        self.raw.bytes().all(|byte| marks.contains(&byte))
    }

    /// Its text, escapes decoded, without blanks around it; `""` gives nothing.
    pub(super) fn text(self) -> Cow<'m, str> {
        match self.verbatim() {
            Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
            Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
        }
    }

    /// Its text with the blanks of its lines kept, as reports need them.
    pub(super) fn verbatim(self) -> Cow<'m, str> {
        if self.raw.is_empty() || self.raw == "\"\"" {
            return Cow::Borrowed("");
        }
        let escape = self.marks.escape;
        let plain = |byte: u8| byte != escape && (byte >= b' ' || byte == b'\t');
        if self.raw.bytes().all(plain) {
            return Cow::Borrowed(self.raw);
        }
        Cow::Owned(decode(self.raw, self.marks))
    }

    pub(super) fn string(self) -> String {
        self.text().into_owned()
    }
}

/// Part `n` of a text parted by a mark, counted from 1. Marks are ASCII, so bytes do; parts are
/// short, so a plain walk is quicker than a search.
fn part(text: &str, mark: u8, n: usize) -> &str {
    let (mut start, mut left) = (0, n.saturating_sub(1));
    for (at, byte) in text.bytes().enumerate() {
        if byte == mark {
            if left == 0 {
                return text.get(start..at).unwrap_or_default();
            }
            left -= 1;
            start = at + 1;
        }
    }
    if left == 0 { text.get(start..).unwrap_or_default() } else { "" }
}

/// Decodes the escapes of HL7 v2.5.1 section 2.7. What is not an escape stays as it is: a text
/// with an odd number of escape characters, RTF, and sequences of other character sets.
fn decode(raw: &str, marks: Marks) -> String {
    let escape = marks.escape as char;
    let mut out = String::with_capacity(raw.len());
    let count = raw.matches(escape).count();
    if marks.escape == 0 || count % 2 == 1 || raw.contains("{\\rtf") {
        push_text(&mut out, raw);
        return out;
    }
    let mut rest = raw;
    while let Some((before, after)) = rest.split_once(escape) {
        push_text(&mut out, before);
        let decoded = after
            .split_once(escape)
            .and_then(|(name, next)| sequence(&mut out, name, marks).then_some(next));
        if decoded.is_none() {
            out.push(escape);
        }
        rest = decoded.unwrap_or(after);
    }
    push_text(&mut out, rest);
    out
}

/// Writes what the escape sequence of that name stands for; false when it is none.
fn sequence(out: &mut String, name: &str, marks: Marks) -> bool {
    let mark = match name {
        "F" => marks.field,
        "S" => marks.component,
        "T" => marks.sub,
        "R" => marks.repetition,
        "E" => marks.escape,
        "P" if marks.truncation != 0 => marks.truncation,
        "P" => b'#',
        "H" | "N" => return true,
        _ => return format(out, name) || name.strip_prefix('X').is_some_and(|hex| bytes(out, hex)),
    };
    if mark != 0 {
        out.push(mark as char);
    }
    true
}

/// Formatting commands (`.br`, `.sp 2` …): a new line or nothing.
fn format(out: &mut String, name: &str) -> bool {
    let Some(command) = name.strip_prefix('.') else { return false };
    let word = command.trim_end_matches(|c: char| !c.is_ascii_alphabetic());
    match word.to_ascii_lowercase().as_str() {
        "br" | "sp" | "ce" => out.push('\n'),
        "fi" | "nf" | "in" | "ti" | "sk" => {}
        _ => return false,
    }
    true
}

/// `\Xhh…\`: bytes in hexadecimal; only those that are text are taken.
fn bytes(out: &mut String, hex: &str) -> bool {
    let digits: Option<Vec<u8>> =
        hex.chars().map(|c| c.to_digit(16).and_then(|d| u8::try_from(d).ok())).collect();
    let Some(digits) = digits.filter(|d| !d.is_empty() && d.len() % 2 == 0) else { return false };
    let bytes: Vec<u8> = digits
        .chunks_exact(2)
        .map(|pair| pair.iter().fold(0, |sum: u8, digit| sum.wrapping_mul(16) | digit))
        .collect();
    push_text(out, &crate::text::decode(&bytes).text);
    true
}

/// Adds text with its line ends as `\n` and without other control characters.
fn push_text(out: &mut String, text: &str) {
    let mut last = ' ';
    for c in text.chars() {
        match c {
            '\n' if last == '\r' => {}
            '\r' | '\n' | '\x0B' | '\x0C' | '\x1C' => out.push('\n'),
            '\t' => out.push('\t'),
            c if c.is_control() => {}
            c => out.push(c),
        }
        last = c;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn piece(raw: &str) -> Piece<'_> {
        Piece { raw, marks: Marks::of("MSH|^~\\&|A|B").unwrap() }
    }

    #[test]
    fn marks_of_a_header() {
        let marks = Marks::of("MSH@~&#\\@SENDAPP").unwrap();
        assert_eq!((marks.field, marks.component, marks.repetition), (b'@', b'~', b'&'));
        assert_eq!(Marks::of("MSH|^~\\&#|LAB").unwrap().truncation, b'#');
        assert_eq!(Marks::of("MSH|^~}|ADMISSION").unwrap().sub, 0);
        assert_eq!(Marks::of("MSH|^~\\\\&|ADMISSION").unwrap().sub, b'&');
        for bad in ["MSH|^~", "MSH", "MSHA^~\\&|A", "MSH|||^^^^", "MSH|^^\\&|AAA"] {
            let found = Marks::of(bad);
            assert_eq!(found.is_some(), bad == "MSH|||^^^^", "{bad}");
        }
    }

    #[test]
    fn escapes_are_decoded_once() {
        for (raw, text) in [
            ("Smith\\F\\Jones", "Smith|Jones"),
            ("a\\E\\F\\E\\b", "a\\F\\b"),
            ("one\\.br\\two\\.sp 2\\three", "one\ntwo\nthree"),
            ("\\H\\HIGH\\N\\", "HIGH"),
            ("\\X41\\\\X0D\\b", "A\nb"),
            ("x\\Z99\\y", "x\\Z99\\y"),
            ("C:\\temp", "C:\\temp"),
            ("one\r\ntwo\rthree", "one\ntwo\nthree"),
            ("\"\"", ""),
            ("  plain ", "plain"),
            ("caf\\XE9\\", "café"),
        ] {
            assert_eq!(piece(raw).text(), text, "{raw}");
        }
    }

    #[test]
    fn parts() {
        let field = piece("a^b&c^d~e^f");
        assert_eq!(field.component(2).sub(2).text(), "c");
        assert_eq!(field.component(3).text(), "d");
        let second = field.repetitions().nth(1).unwrap();
        assert_eq!(second.component(2).text(), "f");
        assert!(piece("^^&~ ").is_blank() && piece("\"\"").is_blank());
    }
}
