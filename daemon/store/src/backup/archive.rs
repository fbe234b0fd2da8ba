//! Writes a backup's stream: rows in, compressed and encrypted bytes out, a few MiB in memory.

use std::io::Write;

use age::stream::StreamWriter;
use age::x25519::Recipient;
use almoner_trail::{Hash, digest};
use ring::digest::{Context, SHA256};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use serde::Serialize;

use super::{
    About, BackupError, FRAME, FileSum, MAX_FILE, MAX_KEY, MAX_NAME, MAX_VALUE, Manifest, START,
    TableSum,
};

/// A backup being written. Call [`Archive::finish`], else the file is cut off and no reader takes
/// it.
pub struct Archive<W: Write> {
    out: StreamWriter<W>,
    plain: Vec<u8>,
    manifest: Manifest,
    open: Option<Table>,
}

/// The table whose rows are being written.
struct Table {
    name: String,
    rows: u64,
    bytes: u64,
    sum: Context,
}

impl<W: Write> Archive<W> {
    /// Begins a backup that each of the recipients can open.
    pub fn new(out: W, recipients: &[Recipient], about: About) -> Result<Self, BackupError> {
        let recipients = recipients.iter().map(|one| one as &dyn age::Recipient);
        let encryptor = age::Encryptor::with_recipients(recipients)
            .map_err(|_| BackupError::Refused("no recipient that it could be encrypted to"))?;
        let mut archive = Self {
            out: encryptor.wrap_output(out)?,
            plain: Vec::with_capacity(FRAME),
            manifest: Manifest { about, tables: Vec::new(), files: Vec::new() },
            open: None,
        };
        archive.push(START)?;
        let about = to_json(&archive.manifest.about)?;
        archive.push(b"A")?;
        archive.push_block(&about)?;
        Ok(archive)
    }

    /// Adds a small file, such as the configuration.
    pub fn file(&mut self, name: &str, content: &[u8]) -> Result<(), BackupError> {
        self.end_table()?;
        if content.len() > MAX_FILE {
            return Err(BackupError::Refused("a small file above 16 MiB"));
        }
        self.push(b"F")?;
        self.push_name(name)?;
        self.push_block(content)?;
        let bytes = content.len() as u64;
        let sum = FileSum { name: name.to_owned(), bytes, sha256: digest(content) };
        self.manifest.files.push(sum);
        Ok(())
    }

    /// Begins a table; the one before it ends.
    pub fn table(&mut self, name: &str) -> Result<(), BackupError> {
        self.end_table()?;
        if self.manifest.tables.iter().any(|table| table.name == name) {
            return Err(BackupError::Refused("a table that was there before"));
        }
        self.push(b"T")?;
        self.push_name(name)?;
        let sum = Context::new(&SHA256);
        self.open = Some(Table { name: name.to_owned(), rows: 0, bytes: 0, sum });
        Ok(())
    }

    /// Adds a row to the table.
    pub fn row(&mut self, key: &[u8], value: &[u8]) -> Result<(), BackupError> {
        let lengths =
            row_lengths(key, value).ok_or(BackupError::Refused("a row that is too long"))?;
        let table = self.open.as_mut().ok_or(BackupError::Refused("a row outside a table"))?;
        for piece in [&lengths, key, value] {
            table.sum.update(piece);
        }
        table.rows += 1;
        table.bytes += (key.len() + value.len()) as u64;
        self.push(b"R")?;
        self.push(&lengths)?;
        self.push(key)?;
        self.push(value)
    }

    /// Writes the manifest and everything still in memory; gives the writer back, not yet synced.
    pub fn finish(mut self) -> Result<(W, Manifest), BackupError> {
        self.end_table()?;
        let manifest = to_json(&self.manifest)?;
        self.push(b"Z")?;
        self.push_block(&manifest)?;
        self.flush_frame()?;
        Ok((self.out.finish()?, self.manifest))
    }

    fn end_table(&mut self) -> Result<(), BackupError> {
        let Some(table) = self.open.take() else { return Ok(()) };
        let sha256 = hash_of(table.sum);
        self.push(b"E")?;
        self.push(&table.rows.to_be_bytes())?;
        self.push(&sha256.0)?;
        let Table { name, rows, bytes, .. } = table;
        self.manifest.tables.push(TableSum { name, rows, bytes, sha256 });
        Ok(())
    }

    fn push_name(&mut self, name: &str) -> Result<(), BackupError> {
        let length =
            u16::try_from(name.len()).ok().filter(|_| (1..=MAX_NAME).contains(&name.len()));
        let length = length.ok_or(BackupError::Refused("a name that is empty or too long"))?;
        self.push(&length.to_be_bytes())?;
        self.push(name.as_bytes())
    }

    fn push_block(&mut self, bytes: &[u8]) -> Result<(), BackupError> {
        let length = u32::try_from(bytes.len()).map_err(|_| BackupError::Refused("too long"))?;
        self.push(&length.to_be_bytes())?;
        self.push(bytes)
    }

    /// Takes plain bytes; every full frame goes out compressed.
    fn push(&mut self, mut bytes: &[u8]) -> Result<(), BackupError> {
        while !bytes.is_empty() {
            let room = (FRAME - self.plain.len()).min(bytes.len());
            let (now, later) = bytes.split_at_checked(room).unwrap_or((bytes, &[]));
            self.plain.extend_from_slice(now);
            bytes = later;
            if self.plain.len() == FRAME {
                self.flush_frame()?;
            }
        }
        Ok(())
    }

    fn flush_frame(&mut self) -> Result<(), BackupError> {
        if !self.plain.is_empty() {
            let frame = compress_to_vec(self.plain.as_slice(), CompressionLevel::Fastest);
            self.out.write_all(&frame)?;
            self.plain.clear();
        }
        Ok(())
    }
}

/// Lengths of key and value as they stand before a row; `None` when one is too long.
pub(super) fn row_lengths(key: &[u8], value: &[u8]) -> Option<[u8; 8]> {
    if key.len() > MAX_KEY || value.len() > MAX_VALUE {
        return None;
    }
    let (key, value) = (u32::try_from(key.len()).ok()?, u32::try_from(value.len()).ok()?);
    Some(((u64::from(key) << 32) | u64::from(value)).to_be_bytes())
}

pub(super) fn hash_of(context: Context) -> Hash {
    let mut hash = Hash([0; Hash::LEN]);
    hash.0.copy_from_slice(context.finish().as_ref());
    hash
}

pub(super) fn to_json(value: &impl Serialize) -> Result<Vec<u8>, BackupError> {
    serde_json::to_vec(value).map_err(|_| BackupError::Refused("a manifest that makes no JSON"))
}
