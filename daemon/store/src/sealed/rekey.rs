//! Replacing the data key: every page is opened with the old key and sealed with a new one into a
//! file beside, which is checked whole and then takes the place of the old file by a rename. A
//! power cut at any moment leaves the old store or the new one.

use super::error::{SealedError, damage_in_io};
use super::layout::{DATA_START, PAGE, PAGE_BYTES};
use super::open::{Step, Unsealed, attempt, beside, file_backend, open, pages_on, sync_folder};
use super::vault::Sealed;
use crate::keys::{Dek, KeyRing, KeySlots};
use redb::{BackendError, StorageBackend};
use std::fs::{File, OpenOptions};
use std::io;
use std::ops::Bound;
use std::path::Path;

/// Copies the store at `path`, which nobody may have open, under a new data key. The keys on
/// `new` open it from then on, and only they: name the device key and the recovery key both.
/// Needed when [`super::Damage::RekeyDue`] is near, or a key and a copy of the file were stolen.
pub fn rekey(
    path: &Path,
    unlock: &KeyRing,
    new: &KeyRing,
    cache: usize,
) -> Result<Unsealed, SealedError> {
    // What a power cut left is put in order first: then only pages in no use may be unreadable.
    drop(open(path, unlock, cache)?);
    let inner = file_backend(OpenOptions::new().read(true).write(true).open(path)?)?;
    let source = pages_on(inner, unlock)?;
    match source.try_lock_range(Bound::Unbounded, Bound::Unbounded) {
        Ok(true) | Err(BackendError::Unsupported) => {}
        Ok(false) => return Err(SealedError::InUse),
        Err(error) => return Err(io::Error::from(error).into()),
    }
    let copy = beside(path)?;
    let storage = || file_backend(OpenOptions::new().read(true).write(true).open(&copy)?);
    reseal(&source, storage()?, new)?;
    let checked = attempt(&storage, new, cache, Step::Checked)?;
    File::open(&copy)?.sync_all()?;
    std::fs::rename(&copy, path)?;
    sync_folder(path)?;
    source.close()?;
    Ok(checked)
}

/// Writes all readable pages of `source` into an empty file under a new data key.
fn reseal(
    source: &Sealed,
    inner: Box<dyn StorageBackend>,
    keys: &KeyRing,
) -> Result<(), SealedError> {
    let dek = Dek::generate()?;
    let mut slots = KeySlots::create(&dek, keys)?;
    inner.set_len(DATA_START)?;
    slots.write(&*inner)?;
    let target = Sealed::fresh(inner, slots.file(), &dek)?;
    let length = source.len()?;
    target.set_len(length)?;
    let mut bytes = vec![0; PAGE];
    for page in 1..length / PAGE_BYTES {
        match source.0.read_pages(page, &mut bytes) {
            Ok(()) => target.0.write_pages(page, &bytes)?,
            // Left out; if it was in use after all, the check of the copy says so.
            Err(error) if damage_in_io(&error).is_some() => {}
            Err(error) => return Err(error.into()),
        }
    }
    source.0.read_pages(0, &mut bytes)?;
    // Twice, because a header vouches for what the sync before it made durable.
    for _ in 0..2 {
        target.0.write_pages(0, &bytes)?;
        target.sync_data()?;
    }
    Ok(())
}
