//! Reads a backup's stream: decrypts, decompresses, and checks every table's count and digest on
//! the way.

use std::io::{self, BufRead, BufReader, Read};

use age::stream::StreamReader;
use age::x25519::Identity;
use age::{DecryptError, Decryptor};
use almoner_trail::{Hash, digest};
use ring::digest::{Context, SHA256};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};
use serde::de::DeserializeOwned;

use super::archive::{hash_of, row_lengths};
use super::{
    About, BackupError, FileSum, MAX_FILE, MAX_KEY, MAX_NAME, MAX_VALUE, Manifest, START, TableSum,
};

/// What comes out of a backup, in its order.
#[derive(Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// A small file.
    File {
        /// Its name.
        name: &'a str,
        /// Its content.
        content: &'a [u8],
    },
    /// A table begins.
    Table {
        /// Its name.
        name: &'a str,
    },
    /// A row of the table that began last.
    Row {
        /// Its key.
        key: &'a [u8],
        /// Its value.
        value: &'a [u8],
    },
    /// The table ended, its count and digest hold.
    TableEnd(&'a TableSum),
    /// The backup is whole, and everything agrees with its manifest. Before this, put nothing into
    /// use.
    End(&'a Manifest),
}

/// A backup being read.
pub struct ArchiveReader<R: BufRead> {
    plain: Frames<BufReader<StreamReader<R>>>,
    seen: Manifest,
    open: Option<Table>,
    key: Vec<u8>,
    value: Vec<u8>,
    name: String,
    ended: bool,
}

/// The table whose rows are being read.
struct Table {
    rows: u64,
    bytes: u64,
    sum: Context,
}

/// A row of zstd frames read as one stream.
struct Frames<R> {
    source: R,
    decoder: FrameDecoder,
    within: bool,
}

impl<R: BufRead> ArchiveReader<R> {
    /// Opens a backup with any of the identities, and reads what it says about itself.
    pub fn open(input: R, identities: &[Identity]) -> Result<Self, BackupError> {
        let decryptor = Decryptor::new_buffered(input).map_err(decrypt_error)?;
        let identities = identities.iter().map(|one| one as &dyn age::Identity);
        let stream = decryptor.decrypt(identities).map_err(decrypt_error)?;
        let source = BufReader::with_capacity(64 << 10, stream);
        let mut plain = Frames { source, decoder: FrameDecoder::new(), within: false };
        let mut start = [0; START.len()];
        plain.fill(&mut start)?;
        if start != START {
            return Err(BackupError::Format);
        }
        if plain.number::<1>()? != u64::from(b'A') {
            return Err(altered("its beginning"));
        }
        let mut block = Vec::new();
        plain.block::<4>(MAX_FILE, &mut block)?;
        let about: About = from_json(&block)?;
        Ok(Self {
            plain,
            seen: Manifest { about, tables: Vec::new(), files: Vec::new() },
            open: None,
            key: Vec::new(),
            value: Vec::new(),
            name: String::new(),
            ended: false,
        })
    }

    /// What the backup says about itself: refuse a newer schema before the first row.
    pub fn about(&self) -> &About {
        &self.seen.about
    }

    /// The next part; `None` after [`Part::End`]. After an error nothing more can be read.
    pub fn next_part(&mut self) -> Result<Option<Part<'_>>, BackupError> {
        if self.ended {
            return Ok(None);
        }
        let mark = u8::try_from(self.plain.number::<1>()?).unwrap_or_default();
        match (mark, self.open.is_some()) {
            (b'R', true) => self.row().map(Some),
            (b'E', true) => self.table_end().map(Some),
            (b'T', false) => self.table().map(Some),
            (b'F', false) => self.file().map(Some),
            (b'Z', false) => self.end().map(Some),
            _ => Err(altered("a record out of place")),
        }
    }

    /// Reads and checks everything that is left, keeping nothing.
    pub fn check_all(mut self) -> Result<Manifest, BackupError> {
        while self.next_part()?.is_some() {}
        Ok(self.seen)
    }

    fn row(&mut self) -> Result<Part<'_>, BackupError> {
        let lengths = self.plain.number::<8>()?;
        let (key, value) = (lengths >> 32, lengths & u64::from(u32::MAX));
        self.plain.bytes(key, MAX_KEY, &mut self.key)?;
        self.plain.bytes(value, MAX_VALUE, &mut self.value)?;
        let table = self.open.as_mut().ok_or_else(|| altered("a row outside a table"))?;
        let lengths = row_lengths(&self.key, &self.value).unwrap_or_default();
        for piece in [lengths.as_slice(), &self.key, &self.value] {
            table.sum.update(piece);
        }
        table.rows += 1;
        table.bytes += key + value;
        Ok(Part::Row { key: &self.key, value: &self.value })
    }

    fn table(&mut self) -> Result<Part<'_>, BackupError> {
        self.read_name()?;
        self.open = Some(Table { rows: 0, bytes: 0, sum: Context::new(&SHA256) });
        Ok(Part::Table { name: &self.name })
    }

    fn table_end(&mut self) -> Result<Part<'_>, BackupError> {
        let rows = self.plain.number::<8>()?;
        let mut sha256 = Hash([0; Hash::LEN]);
        self.plain.fill(&mut sha256.0)?;
        let table = self.open.take().ok_or_else(|| altered("an end outside a table"))?;
        if table.rows != rows || hash_of(table.sum) != sha256 {
            return Err(altered(&format!("table {}", self.name)));
        }
        let sum = TableSum { name: self.name.clone(), rows, bytes: table.bytes, sha256 };
        self.seen.tables.push(sum);
        self.seen.tables.last().map(Part::TableEnd).ok_or(BackupError::Truncated)
    }

    fn file(&mut self) -> Result<Part<'_>, BackupError> {
        self.read_name()?;
        self.plain.block::<4>(MAX_FILE, &mut self.value)?;
        let (name, bytes) = (self.name.clone(), self.value.len() as u64);
        self.seen.files.push(FileSum { name, bytes, sha256: digest(&self.value) });
        Ok(Part::File { name: &self.name, content: &self.value })
    }

    fn end(&mut self) -> Result<Part<'_>, BackupError> {
        self.plain.block::<4>(MAX_FILE, &mut self.value)?;
        let manifest: Manifest = from_json(&self.value)?;
        if manifest != self.seen {
            return Err(altered("its manifest does not fit its tables"));
        }
        if self.plain.read_some(&mut [0])? != 0 {
            return Err(altered("bytes after its end"));
        }
        self.ended = true;
        Ok(Part::End(&self.seen))
    }

    fn read_name(&mut self) -> Result<(), BackupError> {
        self.plain.block::<2>(MAX_NAME, &mut self.key)?;
        let name = std::str::from_utf8(&self.key).map_err(|_| altered("a name"))?;
        name.clone_into(&mut self.name);
        Ok(())
    }
}

impl<R: BufRead> Frames<R> {
    /// Some bytes of the plain stream; 0 only at its end.
    fn read_some(&mut self, buffer: &mut [u8]) -> Result<usize, BackupError> {
        loop {
            if self.within {
                while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                    let one = BlockDecodingStrategy::UptoBlocks(1);
                    let step = self.decoder.decode_blocks(&mut self.source, one);
                    step.map_err(|_| self.trouble())?;
                }
                let count = self.decoder.read(buffer)?;
                if count > 0 {
                    return Ok(count);
                }
                self.within = false;
            }
            if self.source.fill_buf().map_err(stream_error)?.is_empty() {
                return Ok(0);
            }
            let begun = self.decoder.init(&mut self.source);
            begun.map_err(|_| self.trouble())?;
            self.within = true;
        }
    }

    /// Why a frame could not be decoded: what the stream below says now, if it says anything; else
    /// the frame is wrong.
    fn trouble(&mut self) -> BackupError {
        match self.source.fill_buf() {
            Err(error) => stream_error(error),
            Ok([]) => BackupError::Truncated,
            Ok(_) => altered("a compressed frame"),
        }
    }

    fn fill(&mut self, mut buffer: &mut [u8]) -> Result<(), BackupError> {
        while !buffer.is_empty() {
            let count = self.read_some(buffer)?;
            if count == 0 {
                return Err(BackupError::Truncated);
            }
            buffer = buffer.get_mut(count..).unwrap_or_default();
        }
        Ok(())
    }

    /// A big-endian number of `N` bytes, at most 8.
    fn number<const N: usize>(&mut self) -> Result<u64, BackupError> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes.iter().fold(0, |number, byte| (number << 8) | u64::from(*byte)))
    }

    fn block<const N: usize>(&mut self, most: usize, out: &mut Vec<u8>) -> Result<(), BackupError> {
        let length = self.number::<N>()?;
        self.bytes(length, most, out)
    }

    /// Reads so many bytes, growing only as they come: a false length costs no memory.
    fn bytes(&mut self, length: u64, most: usize, out: &mut Vec<u8>) -> Result<(), BackupError> {
        let length = usize::try_from(length).ok().filter(|length| *length <= most);
        let mut left = length.ok_or_else(|| altered("a length"))?;
        out.clear();
        while left > 0 {
            let (have, step) = (out.len(), left.min(1 << 20));
            out.resize(have + step, 0);
            self.fill(out.get_mut(have..).unwrap_or_default())?;
            left -= step;
        }
        Ok(())
    }
}

fn from_json<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, BackupError> {
    serde_json::from_slice(bytes).map_err(|_| altered("its manifest"))
}

fn altered(place: &str) -> BackupError {
    BackupError::Altered(place.to_owned())
}

/// What the age stream says: an early end, a chunk that does not authenticate, or the disk's own
/// error.
fn stream_error(error: io::Error) -> BackupError {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => BackupError::Truncated,
        io::ErrorKind::InvalidData => altered("an encrypted chunk"),
        _ => BackupError::Io(error),
    }
}

fn decrypt_error(error: DecryptError) -> BackupError {
    match error {
        DecryptError::NoMatchingKeys => BackupError::WrongKey,
        DecryptError::UnknownFormat => BackupError::Format,
        DecryptError::Io(error) => stream_error(error),
        _ => altered("its encryption header"),
    }
}
