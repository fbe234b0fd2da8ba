//! The two files of an exported trail: the entries, one a line, and the signed checkpoints beside
//! them.
//!
//! # Entries file
//! NDJSON. First line: the header,
//! `{"format":"almoner.trail.export/1","from":F,"origin":"…","range":[…],"to":T}`, where `range`
//! holds the subtree roots of the compact range at `from` (none for a whole trail). A file without
//! header is a whole trail from entry 0. Then the canonical bytes of the entries `from..to`
//! ([`crate::entry`]), each ended by a newline.
//!
//! # Checkpoints file
//! Signed notes in ascending order of size, an empty line between two. An exporter signs one at
//! exactly `to`, so that no entry of the file stays unproven, and leaves out those above `to`.

use std::io::{self, BufRead, Write};

use serde::{Deserialize, Serialize};

use crate::entry::MAX_ENTRY_LEN;
use crate::hash::Hash;
use crate::note::is_signature_line;
use crate::range::{Range, RangeError};

/// Value of the header's member `format`.
pub const FORMAT: &str = "almoner.trail.export/1";

/// Longest note read from a checkpoints file, in bytes.
const MAX_NOTE_LEN: usize = 64 * 1024;

/// First line of an entries file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExportHeader {
    /// [`FORMAT`].
    pub format: String,
    /// Index of the first entry in the file.
    pub from: u64,
    /// The trail's origin, as in its checkpoints.
    pub origin: String,
    /// Subtree roots of the compact range at `from`, widest first.
    pub range: Vec<Hash>,
    /// Index after the last entry in the file.
    pub to: u64,
}

/// Writes an entries file: header, then entries in order.
pub struct ExportWriter<W> {
    out: W,
    left: u64,
}

/// Reads a checkpoints file note by note.
pub struct NoteReader<R> {
    lines: LineReader<R>,
}

/// Reads lines of bounded length without ever holding more than one.
pub(crate) struct LineReader<R> {
    reader: R,
    limit: usize,
}

impl ExportHeader {
    /// Header of the entries `start.size()..to` of a trail.
    pub fn new(origin: &str, start: &Range, to: u64) -> Self {
        Self {
            format: FORMAT.to_owned(),
            from: start.size(),
            origin: origin.to_owned(),
            range: start.subtrees().to_vec(),
            to,
        }
    }

    /// The compact range the export starts from. Believed, not proven: a checkpoint must confirm
    /// it.
    pub fn start(&self) -> Result<Range, RangeError> {
        Range::from_parts(self.from, self.range.clone())
    }
}

impl<W: Write> ExportWriter<W> {
    /// Writes the header.
    pub fn new(mut out: W, header: &ExportHeader) -> io::Result<Self> {
        serde_json::to_writer(&mut out, header)?;
        out.write_all(b"\n")?;
        Ok(Self { out, left: header.to.saturating_sub(header.from) })
    }

    /// Writes the next entry's canonical bytes.
    pub fn entry(&mut self, canonical: &[u8]) -> io::Result<()> {
        self.left =
            self.left.checked_sub(1).ok_or_else(|| invalid("more entries than announced"))?;
        self.out.write_all(canonical)?;
        self.out.write_all(b"\n")
    }

    /// Checks that every announced entry was written, and gives the writer back.
    pub fn finish(mut self) -> io::Result<W> {
        if self.left != 0 {
            return Err(invalid("fewer entries than announced"));
        }
        self.out.flush()?;
        Ok(self.out)
    }
}

/// Writes one signed note to a checkpoints file, with the empty line that parts it from the next.
pub fn write_note(out: &mut impl Write, note: &str) -> io::Result<()> {
    out.write_all(note.as_bytes())?;
    out.write_all(b"\n")
}

impl<R: BufRead> NoteReader<R> {
    /// Reads from the start of a checkpoints file.
    pub fn new(reader: R) -> Self {
        Self { lines: LineReader::new(reader, MAX_NOTE_LEN) }
    }

    /// The next note as text, `None` at the end. Whether it is a note is for
    /// [`crate::Checkpoint::open`] to say; bytes that are no UTF-8 come with replacement
    /// characters, which no signature covers.
    pub fn next_note(&mut self) -> io::Result<Option<String>> {
        let (mut note, mut signed, mut blank) = (String::new(), false, false);
        let mut line = Vec::new();
        while self.lines.read(&mut line)? {
            let text = String::from_utf8_lossy(&line);
            if text.is_empty() && signed {
                break;
            }
            if text.is_empty() && note.is_empty() {
                continue;
            }
            signed |= blank && is_signature_line(&text);
            blank = text.is_empty();
            note.push_str(&text);
            note.push('\n');
            if note.len() > MAX_NOTE_LEN {
                break;
            }
        }
        Ok((!note.is_empty()).then_some(note))
    }
}

impl<R: BufRead> LineReader<R> {
    pub(crate) fn new(reader: R, limit: usize) -> Self {
        Self { reader, limit }
    }

    pub(crate) fn entries(reader: R) -> Self {
        Self::new(reader, MAX_ENTRY_LEN)
    }

    /// Reads the next line, without its newline, into `line`; `false` at the end. A line above the
    /// limit comes cut off one byte past it, which no reader of ours accepts, and its rest is
    /// passed over.
    pub(crate) fn read(&mut self, line: &mut Vec<u8>) -> io::Result<bool> {
        line.clear();
        let mut any = false;
        loop {
            let bytes = self.reader.fill_buf()?;
            if bytes.is_empty() {
                return Ok(any);
            }
            any = true;
            let (piece, rest) = match bytes.iter().position(|byte| *byte == b'\n') {
                Some(end) => (bytes.get(..end).unwrap_or_default(), Some(end + 1)),
                None => (bytes, None),
            };
            let room = (self.limit + 1).saturating_sub(line.len());
            line.extend_from_slice(piece.get(..room).unwrap_or(piece));
            let used = rest.unwrap_or(bytes.len());
            self.reader.consume(used);
            if rest.is_some() {
                return Ok(true);
            }
        }
    }
}

fn invalid(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkpoint::Checkpoint;
    use crate::note::NoteSigner;

    #[test]
    fn notes_come_back_one_by_one() {
        let signer = NoteSigner::new("clinic.example", &[1; 32]).unwrap();
        let note = Checkpoint::of("clinic.example", &Range::new()).sign(&signer).unwrap();
        let mut file = Vec::new();
        write_note(&mut file, &note).unwrap();
        write_note(&mut file, &note).unwrap();
        file.extend_from_slice(note.as_bytes());
        let mut reader = NoteReader::new(file.as_slice());
        for _ in 0..3 {
            assert_eq!(reader.next_note().unwrap().as_deref(), Some(note.as_str()));
        }
        assert_eq!(reader.next_note().unwrap(), None);
    }

    #[test]
    fn a_line_without_end_takes_no_memory() {
        let file = [vec![b'x'; 1000], b"\nshort\n\nlast".to_vec()].concat();
        let mut lines = LineReader::new(file.as_slice(), 10);
        let mut line = Vec::new();
        let mut all = Vec::new();
        while lines.read(&mut line).unwrap() {
            all.push(line.clone());
        }
        assert_eq!(all, [vec![b'x'; 11], b"short".to_vec(), Vec::new(), b"last".to_vec()]);
    }

    #[test]
    fn a_writer_holds_its_caller_to_the_announced_count() {
        let header = ExportHeader::new("clinic.example", &Range::new(), 1);
        assert!(ExportWriter::new(Vec::new(), &header).unwrap().finish().is_err());
        let mut writer = ExportWriter::new(Vec::new(), &header).unwrap();
        writer.entry(b"{}").unwrap();
        assert!(writer.entry(b"{}").is_err());
    }
}
