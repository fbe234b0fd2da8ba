//! Folders that are one export: tables of one database, a bulk export with a file per type. They are
//! read as one, once all of their files are still; so they are claimed as one and kept as one archive,
//! packed the same from the same files.

use almoner_core::fault::{Fault, Outcome};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

/// So many first bytes of a file tell whether its folder is one export.
const OPENING: u64 = 16 << 10;

/// Beside a claimed folder: the file in which it is being packed, and the beginning of the name of one
/// in which it is packed whole. Claimed names never begin with a dot.
const PART: &str = ".part";
const PACKED: &str = ".packed@";

/// A folder that is one export.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SetFolder {
    pub folder: PathBuf,
    pub files: Vec<PathBuf>,
}

/// What folders were found to be, as long as the same files lie there.
#[derive(Default)]
pub(crate) struct Judged(BTreeMap<PathBuf, (Vec<PathBuf>, bool)>);

/// Sorts out the files that belong to folders which are one export: these, and all other files.
pub(crate) fn sort_out(
    intake: &Path,
    found: Vec<PathBuf>,
    judged: &mut Judged,
) -> (Vec<SetFolder>, Vec<PathBuf>) {
    let mut by_folder = BTreeMap::<PathBuf, Vec<PathBuf>>::new();
    for path in &found {
        let above = path.ancestors().skip(1).take_while(|folder| *folder != intake);
        for folder in above.filter(|folder| folder.starts_with(intake)) {
            by_folder.entry(folder.to_owned()).or_default().push(path.clone());
        }
    }
    judged.0.retain(|folder, _| by_folder.contains_key(folder));
    let mut sets: Vec<SetFolder> = Vec::new();
    // A folder comes before those in it: what is one as a whole is not taken apart.
    for (folder, files) in by_folder {
        if !sets.iter().any(|set| folder.starts_with(&set.folder)) && judged.is_one(&folder, &files)
        {
            sets.push(SetFolder { folder, files });
        }
    }
    let is_single = |path: &PathBuf| !sets.iter().any(|set| path.starts_with(&set.folder));
    let single = found.into_iter().filter(is_single).collect();
    (sets, single)
}

impl Judged {
    fn is_one(&mut self, folder: &Path, files: &[PathBuf]) -> bool {
        if let Some((_, verdict)) = self.0.get(folder).filter(|(known, _)| known == files) {
            return *verdict;
        }
        let verdict = is_one(folder, files);
        self.0.insert(folder.to_owned(), (files.to_vec(), verdict));
        verdict
    }
}

/// Whether the files say that they are one export. Only the tables right in the folder count, so that
/// two exports side by side stay two.
fn is_one(folder: &Path, files: &[PathBuf]) -> bool {
    if files.len() < 2 {
        return false;
    }
    let opening = |path: &PathBuf| {
        let mut head = Vec::new();
        let read = File::open(path).and_then(|file| file.take(OPENING).read_to_end(&mut head));
        let name = path.strip_prefix(folder).ok()?.to_string_lossy().into_owned();
        read.ok().map(|_| (name, head))
    };
    let openings: Vec<(String, Vec<u8>)> = files.iter().filter_map(opening).collect();
    almoner_formats::is_one_export(&openings)
}

/// Packs a claimed folder into one file that takes its place. The same files make the same bytes. A
/// cut at any instant leaves the folder, or the packed file, whole.
pub(crate) fn pack(folder: &Path) -> Outcome<()> {
    let place = folder.parent().ok_or_else(|| Fault::broken("a claimed folder has no place"))?;
    let part = place.join(PART);
    let mut files = Vec::new();
    files_of(folder, &mut files)?;
    files.sort();
    let mut out = ZipWriter::new(std::io::BufWriter::new(File::create(&part)?));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .large_file(true);
    for file in files {
        let below = file.strip_prefix(folder).unwrap_or(&file).to_string_lossy();
        out.start_file(below, options).map_err(|cause| Fault::Broken(Box::new(cause)))?;
        std::io::copy(&mut crate::claim::open(&file)?, &mut out)?;
    }
    let written = out.finish().map_err(|cause| Fault::Broken(Box::new(cause)))?;
    written.into_inner().map_err(std::io::IntoInnerError::into_error)?.sync_all()?;
    let mut packed = std::ffi::OsString::from(PACKED);
    packed.push(folder.file_name().unwrap_or_default());
    let packed = place.join(packed);
    std::fs::rename(&part, &packed)?;
    crate::claim::sync_folder(place)?;
    put_in_place(&packed, folder)
}

/// Takes up what a cut left of packing in the place of a claimed folder.
pub(crate) fn resume(place: &Path) -> Outcome<()> {
    let _ = std::fs::remove_file(place.join(PART));
    for entry in std::fs::read_dir(place)? {
        let packed = entry?.path();
        let name = packed.file_name().and_then(std::ffi::OsStr::to_str);
        if let Some(name) = name.and_then(|name| name.strip_prefix(PACKED)) {
            put_in_place(&packed, &place.join(name))?;
        }
    }
    Ok(())
}

/// Has the packed file take the place of its folder.
fn put_in_place(packed: &Path, folder: &Path) -> Outcome<()> {
    if folder.is_dir() {
        std::fs::remove_dir_all(folder)?;
    }
    std::fs::rename(packed, folder)?;
    folder.parent().map_or(Ok(()), crate::claim::sync_folder)
}

/// The plain files below a folder.
fn files_of(folder: &Path, found: &mut Vec<PathBuf>) -> Outcome<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        match entry.file_type()? {
            kind if kind.is_file() => found.push(entry.path()),
            kind if kind.is_dir() => files_of(&entry.path(), found)?,
            _ => {}
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]
    use super::*;

    fn bulk(folder: &Path) {
        std::fs::create_dir_all(folder).unwrap();
        for (name, line) in [
            ("Patient.ndjson", r#"{"resourceType":"Patient","id":"p"}"#),
            ("Condition.ndjson", r#"{"resourceType":"Condition","id":"c"}"#),
        ] {
            std::fs::write(folder.join(name), line).unwrap();
        }
    }

    fn found(folder: &Path) -> Vec<PathBuf> {
        let mut found = Vec::new();
        files_of(folder, &mut found).unwrap();
        found.sort();
        found
    }

    #[test]
    fn folders_that_are_one_export_are_told_from_others() {
        let kept = tempfile::tempdir().unwrap();
        let intake = kept.path();
        bulk(&intake.join("clinic/march"));
        bulk(&intake.join("clinic/april"));
        std::fs::write(intake.join("clinic/one.hl7"), "MSH|^~\\&|a").unwrap();
        std::fs::write(intake.join("Patient.ndjson"), "{}").unwrap();
        let (sets, single) = sort_out(intake, found(intake), &mut Judged::default());
        let folders: Vec<_> =
            sets.iter().map(|set| set.folder.strip_prefix(intake).unwrap()).collect();
        assert_eq!(folders, [Path::new("clinic/april"), Path::new("clinic/march")]);
        assert_eq!(single.len(), 2, "what lies beside is taken file by file");
    }

    #[test]
    fn a_folder_is_packed_the_same_and_a_cut_loses_nothing() {
        let kept = tempfile::tempdir().unwrap();
        let packed = |place: &str| {
            let folder = kept.path().join(place).join("march");
            bulk(&folder);
            pack(&folder).unwrap();
            std::fs::read(&folder).unwrap()
        };
        let bytes = packed("a");
        assert_eq!(bytes, packed("b"));
        let members = almoner_formats::read(&bytes, "march");
        assert_eq!(members.len(), 1, "read as one");
        // A cut while it is packed: the folder stands, and is packed again.
        let place = kept.path().join("c");
        bulk(&place.join("march"));
        std::fs::write(place.join(PART), "half").unwrap();
        resume(&place).unwrap();
        assert_eq!(std::fs::read_dir(&place).unwrap().count(), 1);
        assert!(place.join("march/Patient.ndjson").exists());
        // A cut after it is packed whole: before and after the folder is gone.
        for folder_stands in [true, false] {
            let _ = std::fs::remove_dir_all(place.join("march"));
            if folder_stands {
                bulk(&place.join("march"));
            }
            std::fs::write(place.join(".packed@march"), &bytes).unwrap();
            resume(&place).unwrap();
            assert_eq!(std::fs::read(place.join("march")).unwrap(), bytes);
            std::fs::remove_file(place.join("march")).unwrap();
        }
    }
}
