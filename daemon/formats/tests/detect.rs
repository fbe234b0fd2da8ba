//! Every file of the development data is taken for what it is.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::case_sensitive_file_extension_comparisons)]

use almoner_formats::detect::{Format, detect};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data")
}

fn files(folder: &Path, out: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).expect("development data is missing");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() { files(&path, out) } else { out.push(path) }
    }
}

/// What a file of the data is, by the folder that the truth tables name.
fn expected(path: &str) -> Vec<Format> {
    let folder = path.split('/').next().unwrap_or_default();
    match folder {
        _ if path.ends_with(".gz") => vec![Format::Gzip],
        _ if path.ends_with("log.ndjson") || path.ends_with("readme.json") => vec![Format::Json],
        _ if path.starts_with("ehi/schema") => vec![Format::Table],
        // Lists of columns that lie beside the exports; no exports themselves.
        _ if path.contains("_mapping.csv") => vec![Format::Hsds, Format::Table],
        "ccda" => vec![Format::Ccda],
        "fhir" => vec![Format::Fhir],
        "hl7v2" => vec![Format::Hl7v2],
        "x12" => vec![Format::X12],
        "ehi" => vec![Format::Ehi],
        "hsds" => vec![Format::Hsds],
        "matching" => vec![Format::Table],
        "questionnaire" => vec![Format::Questionnaire],
        other => panic!("no truth for {other}"),
    }
}

#[test]
fn every_file_of_the_data() {
    let root = data();
    let mut paths = Vec::new();
    for folder in ["ccda", "ehi", "fhir", "hl7v2", "hsds", "matching", "questionnaire", "x12"] {
        files(&root.join(folder), &mut paths);
    }
    assert!(paths.len() > 600, "the development data is not whole: {} files", paths.len());
    let mut wrong = Vec::new();
    for path in &paths {
        let name = path.strip_prefix(&root).unwrap().to_string_lossy().into_owned();
        let verdict = detect(&std::fs::read(path).unwrap());
        if !expected(&name).contains(&verdict.format) {
            wrong.push(format!("{name}: {} ({})", verdict.format.token(), verdict.reason));
        }
    }
    println!("detection: {} of {} files", paths.len() - wrong.len(), paths.len());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_file_gives_an_answer() {
    let root = data();
    let mut paths = Vec::new();
    files(&root, &mut paths);
    let mut answers: BTreeMap<(String, String), usize> = BTreeMap::new();
    for path in paths {
        let members = almoner_formats::read(&std::fs::read(&path).unwrap(), "name");
        assert!(!members.is_empty(), "{}", path.display());
        for member in members {
            let answer = match member.outcome {
                Ok(export) => (export.format, "read".to_owned()),
                Err(unreadable) => {
                    assert!(!unreadable.problem.message.is_empty());
                    (unreadable.format, unreadable.problem.code)
                }
            };
            *answers.entry(answer).or_default() += 1;
        }
    }
    for ((format, code), count) in &answers {
        println!("{format}: {code} {count}");
    }
}

#[test]
fn a_ccr_is_kept_and_called_by_its_name() {
    let text = b"<?xml version=\"1.0\"?><ccr:ContinuityOfCareRecord xmlns:ccr=\"urn:astm-org:CCR\"><ccr:CCRDocumentObjectID>1\
        </ccr:CCRDocumentObjectID></ccr:ContinuityOfCareRecord>";
    let refused = almoner_formats::read(text, "x.xml").remove(0).outcome.unwrap_err();
    assert_eq!((&*refused.format, &*refused.problem.code), ("ccr", "ccr_not_read"));
}

#[test]
fn an_archive_that_is_not_opened_says_what_to_do() {
    let mut tar = vec![0; 1024];
    tar[..5].copy_from_slice(b"a.xml");
    tar[257..262].copy_from_slice(b"ustar");
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, &tar).unwrap();
    let (packed, seven) = (packed.finish().unwrap(), b"7z\xBC\xAF\x27\x1C\0\x04".to_vec());
    for (bytes, kind) in [(tar, "tar"), (packed, "tar"), (seven, "7z")] {
        let members = almoner_formats::read(&bytes, "export");
        let problem = &members[0].outcome.as_ref().unwrap_err().problem;
        assert_eq!(problem.code, "archive_not_opened", "{kind}");
        assert!(problem.message.contains(kind) && problem.message.contains("folder"), "{kind}");
    }
}
