//! A zip archive, checked whole before its first entry is read (PKWARE APPNOTE 6.3).

use super::{Budget, Limits, Spill, error};
use almoner_core::export::Problem;
use std::io::Cursor;
use zip::ZipArchive;

/// An archive whose directory was found sound.
pub struct Zip<'a> {
    archive: ZipArchive<Cursor<&'a [u8]>>,
    next: usize,
}

/// One file of an archive: its name as a label, and its bytes, or why they could not be read.
pub(super) type Entry = (String, Result<Vec<u8>, Problem>);

impl<'a> Zip<'a> {
    /// Opens an archive. An error refuses it whole.
    pub fn open(bytes: &'a [u8], limits: &Limits) -> Result<Self, Problem> {
        let headers = bytes.windows(4).filter(|window| window == b"PK\x01\x02").count();
        if headers > limits.entries {
            return Err(too_many());
        }
        let damaged = |_| Spill::Damaged.problem("zip");
        let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(damaged)?;
        for at in 0..archive.len() {
            check_entry(&mut archive, at)?;
        }
        if archive.has_duplicate_names() {
            return Err(error(
                "zip_duplicate_name",
                "The archive holds two files of the same name, so one would hide the other; it \
                 was refused. Ask the sender to pack it again.",
            ));
        }
        // Lengths, names and checksums in both directories, overlaps, and entries not listed.
        archive.validate_header_consistency().map_err(|_| {
            error(
                "zip_inconsistent",
                "The archive's two lists of its files contradict each other; it was refused. Ask \
                 the sender to pack it again.",
            )
        })?;
        Ok(Self { archive, next: 0 })
    }

    /// The next file; folders and the litter of desktop systems are passed over. An `Err` refuses
    /// the whole archive, also what was read of it.
    pub fn next(&mut self, budget: &mut Budget) -> Result<Option<Entry>, Problem> {
        while self.next < self.archive.len() {
            let at = self.next;
            self.next += 1;
            let Ok(mut entry) = self.archive.by_index(at) else {
                let name = label(self.archive.name_for_index(at).and_then(Result::ok).as_deref());
                return Ok(Some((name, Err(unreadable_entry()))));
            };
            let name = label(entry.name().ok().as_deref());
            if entry.is_dir() || is_litter(&name) {
                continue;
            }
            let packed = entry.compressed_size();
            return match budget.inflate(&mut entry, packed) {
                Ok(bytes) => Ok(Some((name, Ok(bytes)))),
                Err(Spill::Damaged) => Ok(Some((name, Err(unreadable_entry())))),
                Err(spill) => Err(spill.problem("zip")),
            };
        }
        Ok(None)
    }
}

/// Refuses what no export holds: links and devices, names that leave the folder, passwords.
fn check_entry(archive: &mut ZipArchive<Cursor<&[u8]>>, at: usize) -> Result<(), Problem> {
    let entry = archive.by_index_raw(at).map_err(|_| Spill::Damaged.problem("zip"))?;
    if entry.encrypted() {
        return Err(error(
            "zip_encrypted",
            "The archive is locked with a password. Unlock it on a computer of the clinic and drop \
             the files that it holds, or pack them again without a password.",
        ));
    }
    // Unix file types: 0o100000 is a file, 0o040000 a folder; 0 says nothing.
    let kind = entry.unix_mode().map_or(0, |mode| mode & 0o170_000);
    if !matches!(kind, 0 | 0o100_000 | 0o040_000) {
        return Err(error(
            "zip_unsafe_entry",
            "The archive holds a link or a device instead of a file; it was refused. Ask the \
             sender to pack the files themselves.",
        ));
    }
    if is_unsafe(entry.name_raw()) {
        return Err(error(
            "zip_unsafe_name",
            "The archive holds a file whose name leads out of its folder; it was refused. If you \
             trust the sender, unpack it yourself and drop what it holds.",
        ));
    }
    Ok(())
}

/// Absolute names, drive letters, `..`, and NUL.
fn is_unsafe(name: &[u8]) -> bool {
    let slash = |byte: &u8| matches!(byte, b'/' | b'\\');
    let drive = name.get(1) == Some(&b':') && name.first().is_some_and(u8::is_ascii_alphabetic);
    name.is_empty()
        || name.contains(&0)
        || name.first().is_some_and(slash)
        || drive
        || name.split(slash).any(|part| part == b"..")
}

fn is_litter(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or_default();
    name.starts_with("__MACOSX/") || matches!(file, ".DS_Store" | "Thumbs.db" | "desktop.ini")
}

/// The name without control characters, to be shown.
fn label(name: Option<&str>) -> String {
    name.unwrap_or("file without a readable name").chars().filter(|c| !c.is_control()).collect()
}

fn unreadable_entry() -> Problem {
    error(
        "member_damaged",
        "This file of the archive is damaged, or packed in a way that is not read. Unpack it \
         yourself and drop it again, or ask the sender for it.",
    )
}

fn too_many() -> Problem {
    error(
        "archive_too_many_entries",
        "The archive holds more files than allowed. Pack them in several archives.",
    )
}
