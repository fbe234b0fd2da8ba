//! Whether files that lie together are one export, by their names and first bytes.

use crate::{ehi, text};
use std::path::Path;

/// Whether the files of a folder are one export, each with its path in the folder and its first bytes
/// (some kilobytes are enough).
pub fn is_one_export(files: &[(String, Vec<u8>)]) -> bool {
    is_bulk(files) || is_tables(files)
}

/// The tables of a vendor's export.
fn is_tables(files: &[(String, Vec<u8>)]) -> bool {
    let openings: Vec<_> =
        files.iter().map(|(path, head)| (path.as_str(), text::opening(head, head.len()))).collect();
    let heads: Vec<(&str, &str)> = openings.iter().map(|(path, text)| (*path, &**text)).collect();
    ehi::recognise(&heads).is_some()
}

/// FHIR Bulk Data Access: several files of NDJSON, each named after the type that it holds.
fn is_bulk(files: &[(String, Vec<u8>)]) -> bool {
    let types = files.iter().filter(|(path, head)| {
        let Some(kind) = bulk_type(path) else { return false };
        if Path::new(path).extension().is_some_and(|end| end.eq_ignore_ascii_case("gz")) {
            return true; // what it holds is not seen here
        }
        let head = text::opening(head, head.len());
        let line = head.lines().next().unwrap_or_default();
        line.contains("\"resourceType\"") && line.contains(&format!("\"{kind}\""))
    });
    types.count() >= 2
}

/// The type after which a file of a bulk export is named: `Patient.ndjson`, `Patient.000.ndjson`,
/// `1.Patient.ndjson`, also packed.
fn bulk_type(path: &str) -> Option<&str> {
    if path.contains('/') {
        return None;
    }
    let stem = path.strip_suffix(".gz").unwrap_or(path).strip_suffix(".ndjson")?;
    let word = |part: &&str| {
        part.starts_with(|c: char| c.is_ascii_uppercase())
            && part.bytes().all(|b| b.is_ascii_alphabetic())
    };
    stem.split('.').find(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(list: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
        list.iter().map(|(name, text)| ((*name).to_owned(), text.as_bytes().to_vec())).collect()
    }

    #[test]
    fn a_bulk_export_has_several_files_named_after_their_types() {
        let (patient, condition) =
            (r#"{"resourceType":"Patient"}"#, r#"{"id":"1","resourceType":"Condition"}"#);
        assert!(is_one_export(&files(&[
            ("Patient.000.ndjson", patient),
            ("2.Condition.ndjson", condition)
        ])));
        assert!(!is_one_export(&files(&[("Patient.ndjson", patient)])));
        assert!(!is_one_export(&files(&[("Patient.ndjson", patient), ("Note.ndjson", condition)])));
        assert!(!is_one_export(&files(&[
            ("a/Patient.ndjson", patient),
            ("b/Condition.ndjson", condition)
        ])));
    }
}
