//! The development data beside the repository, and the truth tables of what it holds. A test that
//! needs them fails where they are missing.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// A row of a table, by its column.
pub(crate) type Row = BTreeMap<String, String>;

/// The folder of the development data.
pub(crate) fn data() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data")
}

/// A table of `truth/`.
pub(crate) fn table(name: &str) -> Vec<Row> {
    let path = data().join("truth").join(name);
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(b'\t')
        .quoting(false)
        .from_path(&path)
        .unwrap_or_else(|cause| panic!("{}: {cause}", path.display()));
    reader.deserialize().map(|row| row.unwrap()).collect()
}

/// A file of the development data.
pub(crate) fn sample(path: &str) -> Vec<u8> {
    let path = data().join(path);
    std::fs::read(&path).unwrap_or_else(|cause| panic!("{}: {cause}", path.display()))
}

/// The digest under which a receipt names its file.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    let digest = ring::digest::digest(&ring::digest::SHA256, bytes);
    let digits: Vec<_> = digest.as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
    digits.concat()
}

/// A name in the intake folder that is like no other's: a number, then the file's own name.
pub(crate) fn numbered(number: usize, path: &str) -> String {
    format!("{number:04}-{}", path.rsplit('/').next().unwrap())
}

/// A share in percent.
pub(crate) fn percent(part: usize, whole: usize) -> f64 {
    let small = |count: usize| f64::from(u32::try_from(count).unwrap());
    100.0 * small(part) / small(whole.max(1))
}
