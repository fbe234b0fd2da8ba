//! A file that is too large to be read whole, or several of one set: opened as often as needed, and
//! read line by line or part by part.

use crate::source::{Source, stream};
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
