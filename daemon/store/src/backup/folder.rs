//! Backups as files: made beside, synced, renamed, read back from the disk and compared.

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use age::x25519::{Identity, Recipient};
use almoner_trail::{Hash, Note, NoteError, NoteSigner, VerifierKey};
use ring::digest::{Context, SHA256};

use super::archive::{hash_of, to_json};
use super::{About, Archive, ArchiveReader, BackupError, Manifest, Outside};

/// Value of the outside manifest's member `schema`.
const SCHEMA: &str = "almoner.backup.manifest/1";

/// Size of file buffers, in bytes.
const BUFFER: usize = 256 << 10;

/// Longest outside manifest that is read, in bytes.
const MAX_NOTE: u64 = 16 << 20;

/// A backup that is on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Made {
    /// The encrypted file.
    pub path: PathBuf,
    /// What the note beside it says.
    pub outside: Outside,
}

/// What a verification compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// What the note beside it says.
    pub outside: Outside,
    /// Whether the content was decrypted and every table compared, or only the encrypted file's
    /// digest.
    pub content: bool,
}

/// The four names of a backup's two files.
struct Names {
    archive: PathBuf,
    manifest: PathBuf,
    archive_part: PathBuf,
    manifest_part: PathBuf,
}

/// Counts and hashes the encrypted bytes on their way to the disk.
struct Summed<T> {
    inner: T,
    sum: Context,
    bytes: u64,
}

/// Makes the backup `id` in `folder`: `fill` adds files, tables and rows. Both files are written as
/// `.part`, synced, and renamed, the manifest first: a backup that has its name has its manifest. A
/// failure leaves nothing under the final names.
///
/// Read it back with [`verify`] before it counts.
pub fn create<E: From<BackupError>>(
    folder: &Path,
    id: &str,
    recipients: &[Recipient],
    signer: &NoteSigner,
    about: About,
    fill: impl FnOnce(&mut Archive<Box<dyn Write + '_>>) -> Result<(), E>,
) -> Result<Made, E> {
    let names = Names::new(folder, id)?;
    if names.archive.exists() {
        return Err(BackupError::Refused("a backup of this id is there already").into());
    }
    let made = write_parts(&names, id, recipients, signer, about, fill);
    if made.is_err() {
        names.clear();
    }
    let outside = made?;
    names.publish(folder).map_err(BackupError::Io)?;
    Ok(Made { path: names.archive, outside })
}

/// Reads the note beside a backup and believes it only under the key.
pub fn read_manifest(folder: &Path, id: &str, key: &VerifierKey) -> Result<Outside, BackupError> {
    let mut text = String::new();
    let file = File::open(Names::new(folder, id)?.manifest)?;
    let read = file.take(MAX_NOTE).read_to_string(&mut text);
    read.map_err(|error| match error.kind() {
        io::ErrorKind::InvalidData => BackupError::Manifest(NoteError::Form),
        _ => BackupError::Io(error),
    })?;
    let note = Note::parse(&text).map_err(BackupError::Manifest)?;
    note.verify(key).map_err(BackupError::Manifest)?;
    let outside: Outside = serde_json::from_str(note.text())
        .map_err(|_| BackupError::Altered("the manifest beside it".to_owned()))?;
    if outside.schema != SCHEMA {
        return Err(BackupError::Format);
    }
    if outside.id != id {
        return Err(BackupError::Altered("the manifest beside it is another backup's".to_owned()));
    }
    Ok(outside)
}

/// Reads a backup again from the disk, not from memory, and compares it with its signed manifest:
/// the encrypted file's length and SHA-256, and, if identities are given, every table and file
/// inside.
pub fn verify(
    folder: &Path,
    id: &str,
    key: &VerifierKey,
    identities: &[Identity],
) -> Result<Verified, BackupError> {
    let outside = read_manifest(folder, id, key)?;
    let path = Names::new(folder, id)?.archive;
    let file = File::open(&path)?;
    let length = file.metadata()?.len();
    if length < outside.bytes {
        return Err(BackupError::Truncated);
    }
    if length > outside.bytes {
        return Err(BackupError::Altered("it is longer than it was".to_owned()));
    }
    forget_cached(&file);
    let mut input = Summed::new(BufReader::with_capacity(BUFFER, file));
    let inside = read_content(&mut input, identities);
    let same = input.drain()? == outside.sha256;
    // A flipped bit can look like a wrong key or a cut: the digest of the whole file knows better.
    match inside {
        Err(BackupError::Io(error)) => Err(BackupError::Io(error)),
        Err(BackupError::Altered(place)) => Err(BackupError::Altered(place)),
        _ if !same => Err(BackupError::Altered("the digest of the encrypted file".to_owned())),
        Err(error) => Err(error),
        Ok(Some(manifest)) if manifest != outside.manifest => {
            Err(BackupError::Altered("the manifests inside and outside differ".to_owned()))
        }
        Ok(content) => Ok(Verified { outside, content: content.is_some() }),
    }
}

/// Ids of the backups in a folder, oldest name first. Files of others and unfinished ones are
/// passed over.
pub fn list(folder: &Path) -> Result<Vec<String>, BackupError> {
    let mut ids = Vec::new();
    for entry in std::fs::read_dir(folder)? {
        let name = entry?.file_name();
        let id = name.to_str().and_then(|name| name.strip_suffix(".backup"));
        ids.extend(id.filter(|id| is_id(id)).map(str::to_owned));
    }
    ids.sort();
    Ok(ids)
}

impl Names {
    fn new(folder: &Path, id: &str) -> Result<Self, BackupError> {
        if !is_id(id) {
            return Err(BackupError::Refused("an id is 1 to 64 letters, digits and dashes"));
        }
        let name = |end: &str| folder.join(format!("{id}.{end}"));
        Ok(Self {
            archive: name("backup"),
            manifest: name("manifest"),
            archive_part: name("backup.part"),
            manifest_part: name("manifest.part"),
        })
    }

    fn publish(&self, folder: &Path) -> io::Result<()> {
        std::fs::rename(&self.manifest_part, &self.manifest)?;
        std::fs::rename(&self.archive_part, &self.archive)?;
        File::open(folder)?.sync_all()
    }

    /// Takes unfinished files away. They may not be there, and a failure is already being reported.
    fn clear(&self) {
        let _ = std::fs::remove_file(&self.archive_part);
        let _ = std::fs::remove_file(&self.manifest_part);
    }
}

fn write_parts<E: From<BackupError>>(
    names: &Names,
    id: &str,
    recipients: &[Recipient],
    signer: &NoteSigner,
    about: About,
    fill: impl FnOnce(&mut Archive<Box<dyn Write + '_>>) -> Result<(), E>,
) -> Result<Outside, E> {
    let part = new_file(&names.archive_part).map_err(BackupError::Io)?;
    let mut summed = Summed::new(BufWriter::with_capacity(BUFFER, part));
    let mut archive =
        Archive::new(Box::new(&mut summed) as Box<dyn Write + '_>, recipients, about)?;
    fill(&mut archive)?;
    let (_, manifest) = archive.finish()?;
    let Summed { inner, sum, bytes } = summed;
    let part = inner.into_inner().map_err(|error| BackupError::Io(error.into_error()))?;
    part.sync_all().map_err(BackupError::Io)?;
    let sha256 = hash_of(sum);
    let outside = Outside { schema: SCHEMA.to_owned(), id: id.to_owned(), bytes, sha256, manifest };
    write_note(&names.manifest_part, &outside, signer)?;
    Ok(outside)
}

fn write_note(path: &Path, outside: &Outside, signer: &NoteSigner) -> Result<(), BackupError> {
    let mut text = String::from_utf8_lossy(&to_json(outside)?).into_owned();
    text.push('\n');
    let note = signer.sign(&text).map_err(BackupError::Manifest)?;
    let mut file = new_file(path)?;
    file.write_all(note.as_bytes())?;
    file.sync_all()?;
    Ok(())
}

/// A new file only its owner can read; an unfinished one of an earlier try is overwritten.
fn new_file(path: &Path) -> io::Result<File> {
    OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(path)
}

fn read_content(
    input: &mut Summed<BufReader<File>>,
    identities: &[Identity],
) -> Result<Option<Manifest>, BackupError> {
    if identities.is_empty() {
        return Ok(None);
    }
    ArchiveReader::open(input, identities)?.check_all().map(Some)
}

/// Asks the system to drop its copy of the file in memory. A hint: where it is refused, the check
/// reads what it gets.
fn forget_cached(file: &File) {
    let _ = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
}

fn is_id(id: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    (1..=64).contains(&id.len()) && id.bytes().all(plain)
}

impl<T> Summed<T> {
    fn new(inner: T) -> Self {
        Self { inner, sum: Context::new(&SHA256), bytes: 0 }
    }
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = self.inner.write(bytes)?;
        self.sum.update(bytes.get(..count).unwrap_or(bytes));
        self.bytes += count as u64;
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<R: BufRead> Summed<R> {
    /// Reads what is left and gives the digest of everything read.
    fn drain(mut self) -> io::Result<Hash> {
        loop {
            let count = self.fill_buf()?.len();
            if count == 0 {
                return Ok(hash_of(self.sum));
            }
            self.consume(count);
        }
    }
}

impl<R: BufRead> Read for Summed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.fill_buf()?.read(buffer)?;
        self.consume(count);
        Ok(count)
    }
}

impl<R: BufRead> BufRead for Summed<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, count: usize) {
        if let Ok(bytes) = self.inner.fill_buf() {
            let taken = bytes.get(..count).unwrap_or(bytes);
            self.sum.update(taken);
            self.bytes += taken.len() as u64;
        }
        self.inner.consume(count);
    }
}
