//! A zip archive, checked whole before its first entry is read (PKWARE APPNOTE 6.3).

use super::{Limits, Spill, damaged_member, error};
use crate::source::{Source, size, stream};
use almoner_core::export::Problem;
use std::io::{BufReader, Read, SeekFrom};
use zip::ZipArchive;

type Archive<'a> = ZipArchive<BufReader<&'a mut dyn Source>>;

/// An archive whose directory was found sound.
pub(crate) struct Zip<'a> {
    archive: Archive<'a>,
}

/// One file of an archive.
pub(crate) struct Entry {
    /// Its number in the archive.
    pub(crate) at: usize,
    /// Its name, as a label.
    pub(crate) name: String,
}

impl<'a> Zip<'a> {
    /// Opens an archive. An error refuses it whole.
    pub(crate) fn open(source: &'a mut dyn Source, limits: &Limits) -> Result<Self, Problem> {
        if listed(source) > limits.entries as u64 {
            return Err(too_many());
        }
        let damaged = |_| Spill::Damaged.problem("zip");
        let mut archive = ZipArchive::new(stream(source)).map_err(damaged)?;
        if archive.len() > limits.entries {
            return Err(too_many());
        }
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
        Ok(Self { archive })
    }

    /// Its files, in order; folders and the litter of desktop systems are passed over.
    pub(crate) fn entries(&mut self) -> Vec<Entry> {
        let mut entries = Vec::new();
        for at in 0..self.archive.len() {
            let Ok(entry) = self.archive.by_index_raw(at) else { continue };
            let name = label(entry.name().ok().as_deref());
            if !entry.is_dir() && !is_litter(&name) {
                entries.push(Entry { at, name });
            }
        }
        entries
    }

    /// What a file holds, as it comes out, and its length in bytes as it came.
    pub(crate) fn entry(&mut self, at: usize) -> Result<(impl Read, u64), Problem> {
        let entry = self.archive.by_index(at).map_err(|_| damaged_member())?;
        let packed = entry.compressed_size();
        Ok((entry, packed))
    }
}

/// How many files the end of the directory says there are (APPNOTE 4.3.16): known before the list is
/// read into memory. An archive that says so elsewhere (zip64) is counted when it is read.
fn listed(source: &mut dyn Source) -> u64 {
    const END: usize = 22;
    const COMMENT: u64 = 65_535;
    let from = size(source).saturating_sub(COMMENT + END as u64);
    let mut tail = Vec::new();
    let seen = source.seek(SeekFrom::Start(from)).and_then(|_| source.read_to_end(&mut tail));
    if seen.is_err() {
        return 0;
    }
    let end = tail.windows(END).rev().find(|end| end.starts_with(b"PK\x05\x06"));
    let count = end.and_then(|end| Some(u16::from_le_bytes([*end.get(10)?, *end.get(11)?])));
    count.filter(|count| *count < u16::MAX).map_or(0, u64::from)
}

/// Refuses what no export holds: links and devices, names that leave the folder, passwords.
fn check_entry(archive: &mut Archive<'_>, at: usize) -> Result<(), Problem> {
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

fn too_many() -> Problem {
    error(
        "archive_too_many_entries",
        "The archive holds more files than allowed. Pack them in several archives.",
    )
}
