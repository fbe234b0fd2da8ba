//! A file that is too large to be read whole, or several of one set: opened as often as needed, and
//! read line by line or part by part.

use crate::detect::{Format, detect};
use crate::source::{OPENING, Source, stream};
use crate::text;
use crate::unpack::{Zip, gunzip};
use std::io::{BufRead, BufReader, Read};

/// Bytes of a line that is read; what is longer is passed over.
const LINE: usize = 16 << 20;

/// Where the files are.
pub(crate) enum Place<'p, 'z> {
    File(&'p mut dyn Source),
    Zip(&'p mut Zip<'z>),
}

/// One file, or a set.
pub(crate) struct Large<'p, 'z> {
    pub(crate) place: Place<'p, 'z>,
    pub(crate) files: Vec<File>,
}

/// A file of the set.
#[derive(Clone, Debug)]
pub(crate) struct File {
    /// Path within the archive; empty for the file itself.
    pub(crate) path: String,
    /// Its number in the archive.
    pub(crate) at: usize,
    /// Whether it is packed with gzip.
    pub(crate) packed: bool,
}

/// A line of a file.
pub(crate) struct Line {
    /// The first is 1.
    pub(crate) number: usize,
    /// `None`: too long to be read.
    pub(crate) text: Option<String>,
}

impl File {
    /// A file.
    pub(crate) fn alone(path: &str, at: usize, packed: bool) -> Self {
        Self { path: path.to_owned(), at, packed }
    }
}

impl Large<'_, '_> {
    /// The bytes of a file, from the beginning. What can't be had any more ends there: the archive
    /// was found sound before.
    pub(crate) fn open(&mut self, number: usize) -> Box<dyn Read + '_> {
        let Some(file) = self.files.get(number) else { return Box::new(std::io::empty()) };
        let raw: Box<dyn Read + '_> = match &mut self.place {
            Place::File(source) => Box::new(stream(*source)),
            Place::Zip(zip) => match zip.entry(file.at) {
                Ok((entry, _)) => Box::new(entry),
                Err(_) => Box::new(std::io::empty()),
            },
        };
        if file.packed { Box::new(gunzip(raw)) } else { raw }
    }

    /// Reads a file line by line; blank lines are passed over.
    pub(crate) fn lines(&mut self, number: usize, see: &mut dyn FnMut(Line)) {
        let mut reader = BufReader::with_capacity(1 << 18, self.open(number));
        let mut bytes = Vec::new();
        for number in 1.. {
            bytes.clear();
            let allowed = LINE as u64 + 1;
            let read = reader.by_ref().take(allowed).read_until(b'\n', &mut bytes).unwrap_or(0);
            if read == 0 {
                return;
            }
            let whole = bytes.len() <= LINE;
            if !whole && !bytes.ends_with(b"\n") {
                skip_line(&mut reader);
            }
            let plain = text::without_mark(&bytes);
            if plain.iter().all(u8::is_ascii_whitespace) {
                continue;
            }
            let text = whole.then(|| text::decode(plain).text.trim().to_owned());
            see(Line { number, text });
        }
    }
}

/// Whether a file that begins like this can be read in parts: messages, or a resource a line. An end of
/// line in UTF-16 is two bytes, which ends no part.
pub(crate) fn has_parts(head: &[u8]) -> bool {
    let head = head.get(..OPENING).unwrap_or(head);
    let wide = head.starts_with(b"\xFF\xFE") || head.iter().take(4).any(|byte| *byte == 0);
    let verdict = detect(head);
    match verdict.format {
        Format::Hl7v2 => !wide,
        Format::Fhir => verdict.resource != "Bundle" && has_whole_line(head),
        _ => false,
    }
}

fn has_whole_line(head: &[u8]) -> bool {
    let mut lines = text::without_mark(head).split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii);
    let mut lines = lines.by_ref().filter(|line| !line.is_empty());
    let whole = lines.next().is_some_and(|line| line.starts_with(b"{") && line.ends_with(b"}"));
    whole && lines.next().is_some_and(|line| line.starts_with(b"{"))
}

/// Passes over the rest of a line.
fn skip_line(reader: &mut impl BufRead) {
    loop {
        let Ok(buffer) = reader.fill_buf() else { return };
        if buffer.is_empty() {
            return;
        }
        let end = buffer.iter().position(|byte| *byte == b'\n');
        let count = end.map_or(buffer.len(), |end| end + 1);
        reader.consume(count);
        if end.is_some() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_parts() {
        for (head, parts) in [
            ("MSH|^~\\&|A|B|||20260101||ADT^A08|1|P|2.5\rPID|1||1^^^B^MR||Doe^Jane\r", true),
            ("{\"resourceType\":\"Patient\",\"id\":\"1\"}\n{\"resourceType\":\"Patient\"}\n", true),
            ("{\"resourceType\":\"Patient\",\"id\":\"1\"}\n", false),
            ("{\n\"resourceType\":\"Patient\",\n\"id\":\"1\"}\n", false),
            ("{\"resourceType\":\"Bundle\",\"type\":\"batch\"}\n{}", false),
            ("<ClinicalDocument xmlns=\"urn:hl7-org:v3\">", false),
        ] {
            assert_eq!(has_parts(head.as_bytes()), parts, "{head}");
        }
        let wide: Vec<u8> = "MSH|^~\\&|A|B|||20260101||ADT^A08|1|P|2.5\r"
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        assert!(!has_parts(&wide), "UTF-16");
    }

    #[test]
    fn lines_of_any_length_and_end() {
        let long = "x".repeat(LINE + 7);
        let text = format!("\u{feff}one\r\n\n  \n{long}\ntwo\nthree");
        let mut bytes = std::io::Cursor::new(text.as_bytes());
        let file = File::alone("", 0, false);
        let mut large = Large { place: Place::File(&mut bytes), files: vec![file] };
        let mut seen = Vec::new();
        large.lines(0, &mut |line| seen.push((line.number, line.text)));
        let some = |text: &str| Some(text.to_owned());
        assert_eq!(seen, [(1, some("one")), (4, None), (5, some("two")), (6, some("three"))]);
    }
}
