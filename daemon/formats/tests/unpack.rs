//! Archives: what they hold is read, and what no honest exporter writes is refused whole.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::case_sensitive_file_extension_comparisons)]

use almoner_core::export::Unreadable;
use almoner_formats::unpack::Limits;
use almoner_formats::{Member, read, read_within};
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const MESSAGE: &[u8] =
    b"MSH|^~\\&|A|B|C|D|20260101||ADT^A01|1|P|2.5\rPID|1||77^^^B^MR||Doe^Jane||19800101|F\r";

fn packed(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut writer = GzEncoder::new(Vec::new(), Compression::default());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn formats(members: &[Member]) -> Vec<(String, String)> {
    let format = |member: &Member| match &member.outcome {
        Ok(export) => export.format.clone(),
        Err(unreadable) => unreadable.problem.code.clone(),
    };
    members.iter().map(|member| (member.path.clone(), format(member))).collect()
}

fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect()
}

/// The code of an archive that was refused whole.
fn refusal(members: &[Member]) -> String {
    match members {
        [Member { path, outcome: Err(Unreadable { problem, .. }) }] if path.is_empty() => {
            problem.code.clone()
        }
        _ => format!("{:?}", formats(members)),
    }
}

#[test]
fn members_of_a_zip() {
    let bundle: &[u8] = br#"{"resourceType":"Bundle","type":"collection","entry":[
        {"resource":{"resourceType":"Patient","id":"1","birthDate":"1980-01-01"}}]}"#;
    let inner = packed(&[("deep.hl7", MESSAGE)]);
    let bytes = packed(&[
        ("a/one.txt", MESSAGE),
        ("bundle.json", bundle),
        ("note.txt", b"Thank you for your letter"),
        ("two.hl7.gz", &gzipped(MESSAGE)),
        ("inner.zip", &inner),
        ("__MACOSX/._x", b"junk"),
    ]);
    let expected = pairs(&[
        ("a/one.txt", "hl7v2"),
        ("bundle.json", "fhir"),
        ("note.txt", "format_unknown"),
        ("two.hl7", "hl7v2"),
        ("inner.zip/deep.hl7", "hl7v2"),
    ]);
    assert_eq!(formats(&read(&bytes, "drop.zip")), expected);
}

#[test]
fn a_bulk_export_is_one_set() {
    let patient = br#"{"resourceType":"Patient","id":"p1","name":[{"family":"Doe"}]}"#;
    let condition = br#"{"resourceType":"Condition","id":"c1","subject":{"reference":"Patient/p1"},"code":{"text":"Asthma"}}"#;
    let bytes = packed(&[
        ("out/Condition.000.ndjson.gz", &gzipped(condition)),
        ("out/Patient.000.ndjson", patient),
        ("out/log.ndjson", b"{\"exportId\":1}\n{\"exportId\":2}"),
    ]);
    let members = read(&bytes, "bulk.zip");
    assert_eq!(formats(&members), pairs(&[("out/*", "fhir")]));
    let export = members[0].outcome.as_ref().unwrap();
    assert_eq!(export.people.len(), 1);
    assert_eq!(export.people[0].statements.len(), 1, "the condition is the patient's");
}

#[test]
fn a_gzip_is_the_file_itself() {
    let members = read(&gzipped(MESSAGE), "x.gz");
    assert_eq!(formats(&members), pairs(&[("", "hl7v2")]));
    let mut cut = gzipped(&MESSAGE.repeat(50));
    cut.truncate(cut.len() - 12);
    assert_eq!(refusal(&read(&cut, "x.gz")), "gzip_damaged");
}

#[test]
fn bombs_stop_at_their_limits() {
    let zeros = vec![b' '; 8 * 1024 * 1024];
    let bomb = packed(&[("a.txt", &zeros)]);
    assert_eq!(refusal(&read(&bomb, "bomb.zip")), "archive_ratio");
    assert_eq!(refusal(&read(&gzipped(&zeros), "bomb.gz")), "archive_ratio");
    let small = Limits { inflated_bytes: 100, ..Limits::default() };
    let two = packed(&[("a.hl7", MESSAGE), ("b.hl7", MESSAGE)]);
    assert_eq!(refusal(&read_within(&two, small)), "archive_too_large");
    let few = Limits { entries: 1, ..Limits::default() };
    assert_eq!(refusal(&read_within(&two, few)), "archive_too_many_entries");
    let deep = packed(&[("c.zip", &packed(&[("b.zip", &packed(&[("a.hl7", MESSAGE)]))]))]);
    assert_eq!(refusal(&read(&deep, "deep.zip")), "archive_too_deep");
}

#[test]
fn names_that_lead_out_are_refused() {
    for name in ["../up.hl7", "/etc/passwd", "a/../../b", "C:\\x.hl7", "..\\x"] {
        // Written with a harmless name of the same length, and changed in both directories.
        let harmless = "x".repeat(name.len());
        let mut bytes = packed(&[(&harmless, MESSAGE)]);
        let at: Vec<usize> = (0..bytes.len() - name.len())
            .filter(|at| bytes[*at..].starts_with(harmless.as_bytes()))
            .collect();
        for at in at {
            bytes[at..at + name.len()].copy_from_slice(name.as_bytes());
        }
        assert_eq!(refusal(&read(&bytes, "z.zip")), "zip_unsafe_name", "{name}");
    }
}

#[test]
fn links_passwords_and_doubles_are_refused() {
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.add_symlink("link", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    let bytes = writer.finish().unwrap().into_inner();
    assert_eq!(refusal(&read(&bytes, "z.zip")), "zip_unsafe_entry");

    let mut locked = packed(&[("a.hl7", MESSAGE)]);
    locked[6] |= 1;
    let central = locked.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    locked[central + 8] |= 1;
    assert_eq!(refusal(&read(&locked, "z.zip")), "zip_encrypted");

    let mut double = packed(&[("aa.hl7", MESSAGE), ("bb.hl7", MESSAGE)]);
    for at in 0..double.len() - 6 {
        if &double[at..at + 6] == b"bb.hl7" {
            double[at..at + 6].copy_from_slice(b"aa.hl7");
        }
    }
    assert_eq!(refusal(&read(&double, "z.zip")), "zip_duplicate_name");
}

#[test]
fn headers_that_disagree_are_refused() {
    let mut bytes = packed(&[("a.hl7", MESSAGE)]);
    bytes[30] = b'b';
    assert_eq!(refusal(&read(&bytes, "z.zip")), "zip_inconsistent");
    assert_eq!(refusal(&read(&packed(&[]), "z.zip")), "archive_empty");
}

#[test]
fn a_damaged_member_costs_itself_only() {
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for name in ["a.hl7", "b.hl7"] {
        writer.start_file(name, stored).unwrap();
        writer.write_all(MESSAGE).unwrap();
    }
    let mut bytes = writer.finish().unwrap().into_inner();
    bytes[40] ^= 0x20;
    let expected = pairs(&[("a.hl7", "member_damaged"), ("b.hl7", "hl7v2")]);
    assert_eq!(formats(&read(&bytes, "z.zip")), expected);
}

#[test]
fn mutants_of_archives_always_return() {
    let seed = packed(&[("a.hl7", MESSAGE), ("b.hl7.gz", &gzipped(MESSAGE)), ("c.txt", b"note")]);
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    for _ in 0..3000 {
        let mut bytes = seed.clone();
        for _ in 0..=random(4) {
            let at = random(bytes.len());
            bytes[at] = u8::try_from(random(256)).unwrap();
        }
        if random(4) == 0 {
            bytes.truncate(random(bytes.len()));
        }
        assert!(!read(&bytes, "mutant.zip").is_empty());
    }
}

#[test]
fn what_only_packs_a_medium_is_no_document() {
    use std::io::Write;
    let document = "<ClinicalDocument xmlns=\"urn:hl7-org:v3\"><recordTarget><patientRole><patient><name>\
        <given>Ada</given><family>Reed</family></name></patient></patientRole></recordTarget></ClinicalDocument>";
    let files = [
        ("INDEX.HTM", "<html><body>Your records</body></html>"),
        ("README.TXT", "Open INDEX.HTM with a browser, please."),
        ("IHE_XDM/SUBSET01/DOC0001.XML", document),
        ("IHE_XDM/SUBSET01/METADATA.XML", "<lcm:SubmitObjectsRequest xmlns:lcm=\"urn:oasis\"/>"),
        (
            "IHE_XDM/SUBSET01/STYLE.XSL",
            "<xsl:stylesheet xmlns:xsl=\"http://www.w3.org/1999/XSL/Transform\"/>",
        ),
    ];
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    let members = almoner_formats::read(&zip.finish().unwrap().into_inner(), "record.zip");
    let paths: Vec<&str> = members.iter().map(|member| &*member.path).collect();
    assert_eq!(paths, ["IHE_XDM/SUBSET01/DOC0001.XML"]);
    assert_eq!(members[0].outcome.as_ref().unwrap().people.len(), 1);
}
