//! Making and opening a sealed store.
//!
//! Opening takes two steps. The first is strict: any page that fails authentication is an error.
//! After a power cut redb may look into pages of a commit that never became durable; then, and
//! only then, a second step reads failed pages as zeros while redb verifies the checksums of every
//! committed page (`set_check_integrity_on_open`), frees what no commit owns, and is opened
//! strictly once more. If a committed page is among the failed ones, that verification refuses.

use super::error::{Damage, SealedError};
use super::layout::DATA_START;
use super::vault::{Gauge, Sealed};
use crate::keys::{Dek, Kek, KeyRing, KeySlots};
use redb::backends::{FileBackend, InMemoryBackend};
use redb::{Builder, Database, StorageBackend};
use rustix::fs::{CWD, RenameFlags, renameat_with};
use std::cell::Cell;
use std::fs::{File, Metadata, OpenOptions};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// An opened store. Every write transaction must be two-phase with quick repair.
#[derive(Debug)]
pub struct Unsealed {
    /// The database inside.
    pub database: Database,
    /// How the opening went; [`Opened::Recovered`] is worth a loud log line.
    pub opened: Opened,
    /// What can be asked about the sealed file while it is in use.
    pub gauge: Gauge,
}

/// How a store was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opened {
    /// At once.
    Clean,
    /// After damage to pages that no commit owns, as a power cut leaves it; the first one is named.
    Recovered(Damage),
}

/// What the storage below is made by: opening may need it more than once.
pub type Storage<'a> = dyn Fn() -> io::Result<Box<dyn StorageBackend>> + 'a;

/// One try at opening.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Unreadable pages are errors; redb checks nothing it need not.
    Strict,
    /// Unreadable pages are zeros; redb verifies every committed page.
    Lenient,
    /// Unreadable pages are errors; redb verifies every committed page.
    Checked,
}

/// Opens the store at `path` with any key on the ring; `cache` bytes of pages stay in memory.
pub fn open(path: &Path, keys: &KeyRing, cache: usize) -> Result<Unsealed, SealedError> {
    let identity = |file: &Metadata| (file.dev(), file.ino());
    let taken = Cell::new(None);
    let storage = || {
        let file = OpenOptions::new().read(true).write(true).open(path)?;
        taken.set(Some(identity(&file.metadata()?)));
        file_backend(file)
    };
    let opened = open_on(&storage, keys, cache)?;
    // Re-keying may have put a new file in place while we waited for the old one.
    if taken.get() != Some(identity(&std::fs::metadata(path)?)) {
        return Err(SealedError::InUse);
    }
    Ok(opened)
}

/// Makes a new store at `path`, with a slot for every key on the ring, and opens it. It is made
/// beside and renamed when complete, so a power cut leaves either no store or a whole one.
pub fn create(path: &Path, keys: &KeyRing, cache: usize) -> Result<Unsealed, SealedError> {
    if path.try_exists()? {
        return Err(SealedError::Exists);
    }
    let beside = beside(path)?;
    let storage = || file_backend(OpenOptions::new().read(true).write(true).open(&beside)?);
    let made = create_on(&storage, keys, cache)?;
    File::open(&beside)?.sync_all()?;
    rename_new(&beside, path)?;
    sync_folder(path)?;
    Ok(made)
}

/// A store that lives in memory under a key nobody knows, for tests.
pub fn open_memory(cache: usize) -> Result<Unsealed, SealedError> {
    let keys = KeyRing::with_device(Kek::generate()?);
    let dek = Dek::generate()?;
    let (memory, slots) = (InMemoryBackend::new(), KeySlots::create(&dek, &keys)?);
    memory.set_len(DATA_START)?;
    let sealed = Sealed::fresh(Box::new(memory), slots.file(), &dek)?;
    start(sealed, cache, Step::Strict)
}

/// Like [`open`], on any storage.
pub fn open_on(
    storage: &Storage<'_>,
    keys: &KeyRing,
    cache: usize,
) -> Result<Unsealed, SealedError> {
    let damage = match attempt(storage, keys, cache, Step::Strict) {
        Err(SealedError::Damaged(damage)) if damage.may_be_unused() => damage,
        other => return other,
    };
    match attempt(storage, keys, cache, Step::Lenient) {
        Ok(repaired) => {
            repaired.gauge.be_strict();
            drop(repaired.database);
        }
        // A committed page is lost: say which, not what redb made of the zeros in its place.
        Err(SealedError::Database(_) | SealedError::Damaged(_)) => {
            return Err(SealedError::Damaged(damage));
        }
        Err(other) => return Err(other),
    }
    let strict = attempt(storage, keys, cache, Step::Strict)?;
    Ok(Unsealed { opened: Opened::Recovered(damage), ..strict })
}

/// The sealed pages without a database over them, strict: for tools and tests.
pub fn pages_on(inner: Box<dyn StorageBackend>, keys: &KeyRing) -> Result<Sealed, SealedError> {
    unlock(inner, keys, false)
}

/// Like [`create`], on any empty storage, which nobody may rely on before this returns.
pub fn create_on(
    storage: &Storage<'_>,
    keys: &KeyRing,
    cache: usize,
) -> Result<Unsealed, SealedError> {
    let dek = Dek::generate()?;
    let mut slots = KeySlots::create(&dek, keys)?;
    let inner = storage()?;
    inner.set_len(DATA_START)?;
    slots.write(&*inner)?;
    drop(start(Sealed::fresh(inner, slots.file(), &dek)?, cache, Step::Strict)?);
    attempt(storage, keys, cache, Step::Strict)
}

pub(super) fn attempt(
    storage: &Storage<'_>,
    keys: &KeyRing,
    cache: usize,
    step: Step,
) -> Result<Unsealed, SealedError> {
    start(unlock(storage()?, keys, step == Step::Lenient)?, cache, step)
}

fn unlock(
    inner: Box<dyn StorageBackend>,
    keys: &KeyRing,
    lenient: bool,
) -> Result<Sealed, SealedError> {
    let slots = KeySlots::read(&*inner)?;
    let dek = slots.unlock(keys)?;
    Ok(Sealed::existing(inner, slots.file(), &dek, lenient)?)
}

fn start(sealed: Sealed, cache: usize, step: Step) -> Result<Unsealed, SealedError> {
    let gauge = sealed.gauge();
    let database = Builder::new()
        .set_cache_size(cache)
        .set_check_integrity_on_open(step != Step::Strict)
        .create_with_backend(sealed)?;
    Ok(Unsealed { database, opened: Opened::Clean, gauge })
}

pub(super) fn file_backend(file: File) -> io::Result<Box<dyn StorageBackend>> {
    let backend = FileBackend::new(file).map_err(io::Error::other)?;
    Ok(Box::new(backend))
}

/// A new empty file beside `path`, which only its owner may read; one left from a creation that
/// was cut off is removed.
pub(super) fn beside(path: &Path) -> io::Result<PathBuf> {
    let mut name = path.as_os_str().to_owned();
    name.push(".new");
    let beside = PathBuf::from(name);
    match std::fs::remove_file(&beside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    Ok(beside)
}

/// Renames without replacing, where the file system knows how.
fn rename_new(from: &Path, to: &Path) -> Result<(), SealedError> {
    use rustix::io::Errno;
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE) {
        Err(Errno::INVAL | Errno::NOSYS) => Ok(std::fs::rename(from, to)?),
        other => Ok(other.map_err(io::Error::from)?),
    }
}

/// A rename is durable only when the folder is synced.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}
