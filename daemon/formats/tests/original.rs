//! A fact's place in its source, as a person sees it: marked where the file tells it, said to be unknown
//! where it does not.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::print_stdout)] // the counts of each run

use almoner_formats::narrative::Block;
use almoner_formats::original::{Found, Look, Original, look};
use std::path::{Path, PathBuf};

const CCDA: &str = r##"<ClinicalDocument xmlns="urn:hl7-org:v3"><id root="1"/><component><structuredBody>
<component><section><title>Allergies</title><text><table><thead><tr><th>What</th></tr></thead><tbody>
<tr ID="a1"><td>Penicillin</td><td>hives</td></tr><tr ID="a2"><td>Latex&#x202E;</td></tr></tbody></table></text>
<entry><act><text><reference value="#a2"/></text></act></entry>
<entry><act><observation><code><originalText><reference value="#a1"/></originalText></code></observation></act></entry>
<entry><act/></entry></section></component>
<component><section><title>Plan</title><text>Call <content ID="p1">on Monday</content><br/>or later</text>
<entry><act><text><reference value="p1"/></text></act></entry></section></component>
</structuredBody></component></ClinicalDocument>"##;

/// All words that are marked, and what was found.
/// Looks at bytes that lie in memory.
fn looked(bytes: &[u8], member: &str, place: &str) -> Look {
    look(&mut std::io::Cursor::new(bytes), member, place)
}

fn marked(text: &str, place: &str) -> (Vec<String>, Found) {
    let seen = looked(text.as_bytes(), "", place);
    let mut words = Vec::new();
    match &seen.original {
        Original::Narrative(sections) => {
            for section in sections {
                let mut all = vec![&section.title];
                for block in &section.blocks {
                    match block {
                        Block::Paragraph(text) => all.push(text),
                        Block::List(items) => all.extend(items),
                        Block::Table { head, rows, .. } => {
                            all.extend(head.iter().chain(rows.iter().flatten()));
                        }
                    }
                }
                words.extend(all.iter().filter(|it| it.marked).map(|it| it.text.clone()));
            }
        }
        Original::Segments(pieces) | Original::Resources(pieces) => {
            words.extend(pieces.iter().filter(|it| it.marked).map(|it| it.text.clone()));
        }
        _ => {}
    }
    (words, seen.found)
}

#[test]
fn the_words_that_an_entry_refers_to_are_marked() {
    let body = "/ClinicalDocument/component/structuredBody";
    for (place, words, found) in [
        ("/component[1]/section/entry[1]/act", vec!["Latex[U+202E]"], Found::Words),
        (
            "/component[1]/section/entry[2]/act/observation",
            vec!["Penicillin", "hives"],
            Found::Words,
        ),
        ("/component[1]/section/entry[3]/act", vec!["Allergies"], Found::Section),
        ("/component[2]/section/entry/act", vec!["Call on Monday"], Found::Words),
        ("/component[3]/section/entry/act", vec![], Found::Unknown),
        ("", vec![], Found::Unknown),
    ] {
        let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
        let place = if place.is_empty() { String::new() } else { format!("{body}{place}") };
        assert_eq!(marked(CCDA, &place), (words, found), "{place}");
    }
    assert_eq!(marked(CCDA, "/ClinicalDocument/id").1, Found::Header);
}

#[test]
fn a_message_is_shown_segment_by_segment() {
    let text = "MSH|^~\\&|A\rPID|1||7\u{200b}7\rMSH|^~\\&|B\rPID|1||8\rOBX|1|TX|A||one\rtwo|F\r";
    let (words, found) = marked(text, "message 2 segment 3");
    assert_eq!(
        (words.as_slice(), found),
        (["OBX|1|TX|A||one\ntwo|F".to_owned()].as_slice(), Found::Words)
    );
    assert_eq!(marked(text, "message 1 segment 2").0, ["PID|1||7[U+200B]7"]);
    assert_eq!(marked(text, "message 1 segment 20").1, Found::Unknown);
    assert_eq!(marked(text, "message 2 segment").1, Found::Unknown);
}

#[test]
fn a_resource_of_a_bundle_is_marked_with_its_digits_as_written() {
    let text = r#"{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Patient","id":"1"}},
        {"resource":{"resourceType":"Observation","id":"2","valueQuantity":{"value":7.10}}}]}"#;
    let (words, found) = marked(text, "Bundle.entry[1]");
    assert_eq!(found, Found::Words);
    assert!(words[0].contains("\"value\": 7.10") && words[0].lines().count() > 4, "{words:?}");
    assert_eq!(marked(text, "Bundle.entry[0].contact[1]").1, Found::Words, "what is inside it");
    assert_eq!(marked(text, "Bundle.entry[10]").1, Found::Unknown);
}

#[test]
fn a_row_of_a_table_is_marked_and_secrets_are_left_out() {
    let table = "UID,ulname,upwd\n1,Green,hash\n2,\"Bro\nwn\",hash\n";
    assert_eq!(marked(table, "row 2"), (vec!["UID: 2\nulname: Bro\nwn".to_owned()], Found::Words));
    assert_eq!(marked(table, "row 22").1, Found::Unknown);
    let sql = "INSERT INTO v500.PRSNL (PERSON_ID, PASSWORD) VALUES (7, 'hash');";
    assert_eq!(marked(sql, "PRSNL row 1"), (vec!["PERSON_ID: 7".to_owned()], Found::Words));
}

#[test]
fn what_is_no_text_is_not_shown() {
    assert_eq!(looked(b"\x89PNG\x00\x01", "", "").original, Original::Bytes);
    let enclosed = r#"<ClinicalDocument xmlns="urn:hl7-org:v3"><component><nonXMLBody><text mediaType="application/pdf"
        representation="B64">JVBERi0=</text></nonXMLBody></component></ClinicalDocument>"#;
    assert_eq!(looked(enclosed.as_bytes(), "", "").original, Original::Enclosed);
}

/// The files of the development data below a folder.
fn files(folder: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data").join(folder);
    let (mut found, mut todo) = (Vec::new(), vec![root]);
    while let Some(folder) = todo.pop() {
        for entry in std::fs::read_dir(&folder).expect("the development data must be there") {
            let path = entry.unwrap().path();
            if path.is_dir() { todo.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    found
}

/// Some statements of each file of a folder: how many were found, and how; and where one was not.
fn found_in(folder: &str) -> ([usize; 4], Vec<String>) {
    let (mut counts, mut lost) = ([0; 4], Vec::new());
    for path in files(folder) {
        let bytes = std::fs::read(&path).unwrap();
        if bytes.len() > 500_000 {
            continue;
        }
        for member in almoner_formats::read(&bytes, "file") {
            let Ok(export) = member.outcome else { continue };
            let all: Vec<_> = export.people.iter().flat_map(|it| &it.statements).collect();
            for said in all.iter().step_by(all.len() / 4 + 1) {
                let found = looked(&bytes, &member.path, &said.place).found;
                counts[found as usize] += 1;
                if found == Found::Unknown {
                    lost.push(format!("{} {} {}", path.display(), member.path, said.place));
                }
            }
        }
    }
    println!("{folder}: {counts:?} (words, section, header, unknown)");
    (counts, lost)
}

#[test]
fn every_place_that_a_reader_names_is_found() {
    for folder in ["ccda", "hl7v2", "fhir"] {
        let (counts, lost) = found_in(folder);
        assert!(counts[0] > 150, "{folder}: {counts:?}");
        assert!(lost.is_empty(), "{}", lost.join("\n"));
    }
}
