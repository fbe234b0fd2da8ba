//! Whether files that lie together are one export, by their names and first bytes.

use crate::detect::{Format, detect};
use crate::{ehi, text};
use std::path::Path;

/// Whether the files of a folder are one export, each with its path in the folder and its first bytes
/// (some kilobytes are enough).
pub fn is_one_export(files: &[(String, Vec<u8>)]) -> bool {
    is_bulk(files) || is_tables(files) || is_directory(files)
}

/// A directory of services in tables or objects, each in a file named after what it lists (Open
/// Referral HSDS, "Tabular data"); with its descriptor `datapackage.json` they may lie a folder deeper.
fn is_directory(files: &[(String, Vec<u8>)]) -> bool {
    const NAMES: [&str; 6] =
        ["organization", "organizations", "service", "services", "location", "locations"];
    let described = files.iter().any(|(path, _)| path.eq_ignore_ascii_case("datapackage.json"));
    let deepest = usize::from(described);
    let belongs = |(path, head): &&(String, Vec<u8>)| {
        path.matches('/').count() <= deepest && detect(head).format == Format::Hsds
    };
    let stems = files.iter().filter(belongs).filter_map(|(path, _)| Path::new(path).file_stem());
    let stems: Vec<String> = stems.map(|stem| stem.to_string_lossy().to_lowercase()).collect();
    stems.len() >= 2 && stems.iter().any(|stem| NAMES.contains(&stem.as_str()))
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

    #[test]
    fn a_directory_has_files_named_after_what_they_list() {
        let services = ("services.csv", "id,organization_id,name\n1,9,Food\n");
        let organizations = ("organizations.csv", "id,name,description,legal_status\n9,Pantry,,\n");
        let phones = ("phones.csv", "id,service_id,number\n1,1,555\n");
        let package = ("datapackage.json", r#"{"name":"x","resources":[],"homepage":"y"}"#);
        assert!(is_one_export(&files(&[services, organizations])));
        assert!(is_one_export(&files(&[services, phones, ("readme.txt", "words")])));
        assert!(!is_one_export(&files(&[services])));
        assert!(!is_one_export(&files(&[phones, ("areas.csv", "id,service_id,name\n")])));
        let below = |path| (path, organizations.1);
        let deeper = [("data/services.csv", services.1), below("data/organizations.csv")];
        assert!(!is_one_export(&files(&deeper)));
        assert!(is_one_export(&files(&[deeper.as_slice(), &[package]].concat())));
        let object =
            |name| (name, r#"{"id":"1","name":"Food","status":"active","organization":{}"#);
        assert!(is_one_export(&files(&[object("service.json"), object("service-2.json")])));
        assert!(!is_one_export(&files(&[object("monday.json"), object("tuesday.json")])));
    }
}
