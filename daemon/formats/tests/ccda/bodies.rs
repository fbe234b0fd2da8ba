//! Documents whose words are no XML, notes and values that are files: kept with their media type,
//! unpacked where they are packed; and the kinds and releases of documents.

use super::made::{codes, document, entry, read, section, with};
use super::samples::statements;
use almoner_core::clinical::{Content, Document, Value};
use almoner_core::export::Export;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::read::{DeflateEncoder, GzEncoder, ZlibEncoder};
use std::io::Read;

/// A document whose body is this `text` element.
fn unstructured(text: &str) -> Export {
    let whole = document("");
    let body = format!("<component><nonXMLBody>{text}</nonXMLBody></component>");
    read(&whole.replace("<component><structuredBody></structuredBody></component>", &body))
}

/// The document itself.
fn file(export: &Export) -> &Document {
    let Content::Document(file) = &statements(export)[0].content else { panic!("no document") };
    file
}

fn bytes(mut from: impl Read) -> Vec<u8> {
    let mut out = Vec::new();
    from.read_to_end(&mut out).unwrap();
    out
}

#[test]
fn bodies_are_kept_as_what_they_are() {
    let pdf = STANDARD.encode("%PDF-1.4 made up");
    let rtf = "{\\rtf1 Fever\n}";
    let packed = |media: &str, inside: &str| {
        format!("<text mediaType=\"{media}\" representation=\"B64\">{inside}</text>")
    };
    let table = [
        // plain text keeps its lines
        ("<text>One\n two\n\nthree</text>".to_owned(), "text/plain", "One\n two\n\nthree", ""),
        (packed("text/plain", &STANDARD.encode("Fever\nCough")), "text/plain", "Fever\nCough", ""),
        (packed("text/plain", &STANDARD.encode(b"Ren\xe9")), "text/plain", "René", ""),
        (packed("application/pdf", &pdf), "application/pdf", "", &*pdf),
        // broken into lines, and without a word that it is packed
        (
            format!("<text mediaType=\"application/pdf\">\n{}\n{}</text>", &pdf[..8], &pdf[8..]),
            "application/pdf",
            "",
            &*pdf,
        ),
        (
            format!("<text mediaType=\"text/rtf\">{rtf}</text>"),
            "text/rtf",
            "",
            &*STANDARD.encode(rtf),
        ),
    ];
    for (given, media, text, data) in table {
        let export = unstructured(&given);
        assert_eq!(export.document, "unstructured");
        let file = file(&export);
        assert_eq!((&*file.content_type, &*file.text), (media, text), "{given}");
        assert_eq!(file.data_base64, data, "{given}");
        assert!(codes(&export).is_empty(), "{given}");
    }
}

#[test]
fn compressed_bodies_are_unpacked() {
    let words = "Discharged in good health. ".repeat(40);
    let level = Compression::default();
    let kinds = [
        ("DF", bytes(DeflateEncoder::new(words.as_bytes(), level))),
        ("ZL", bytes(ZlibEncoder::new(words.as_bytes(), level))),
        ("GZ", bytes(GzEncoder::new(words.as_bytes(), level))),
    ];
    for (compression, packed) in kinds {
        let packed = STANDARD.encode(packed);
        let body = |media: &str| {
            format!(
                "<text mediaType=\"{media}\" representation=\"B64\" \
                 compression=\"{compression}\">{packed}</text>"
            )
        };
        let export = unstructured(&body("text/plain"));
        assert_eq!(file(&export).text, words, "{compression}");
        let export = unstructured(&body("application/pdf"));
        let data = STANDARD.decode(&file(&export).data_base64).unwrap();
        assert_eq!(data, words.as_bytes(), "{compression}");
    }
}

#[test]
fn what_cannot_be_unpacked_is_kept_as_it_came() {
    for (compression, packed) in
        [("compression=\"Z\"", "AAAA"), ("compression=\"GZ\"", "AAAA"), ("", "no base64!")]
    {
        let export = unstructured(&format!(
            "<text mediaType=\"text/plain\" representation=\"B64\" {compression}>{packed}</text>"
        ));
        assert_eq!(codes(&export), ["body_unreadable"]);
        assert_eq!(file(&export).text, "");
        assert_eq!(file(&export).data_base64, packed.replace(' ', ""));
    }
}

#[test]
fn many_compressed_notes_do_not_fill_the_memory() {
    let zeros = vec![b' '; 40 << 20];
    let packed = STANDARD.encode(bytes(GzEncoder::new(zeros.as_slice(), Compression::fast())));
    let note = entry(
        "act",
        "202",
        &format!(
            "<code code=\"34109-9\"/><text mediaType=\"application/pdf\" representation=\"B64\" \
             compression=\"GZ\">{packed}</text>"
        ),
    );
    let export = with(&section("34109-9", &note.repeat(3)));
    let sizes: Vec<bool> = statements(&export)
        .iter()
        .filter_map(|s| match &s.content {
            Content::Document(document) if s.place.contains("/section") => {
                Some(document.data_base64.len() > 1 << 20)
            }
            _ => None,
        })
        .collect();
    assert_eq!(sizes, [true, false, false]);
    assert_eq!(codes(&export), ["body_unreadable", "body_unreadable"]);
}

#[test]
fn what_lies_outside_is_recorded_and_not_fetched() {
    let export =
        unstructured("<text mediaType=\"image/png\"><reference value=\"scan.png\"/></text>");
    assert_eq!((&*file(&export).content_type, &*file(&export).url), ("image/png", "scan.png"));
}

#[test]
fn a_value_in_base64_is_words_or_a_file() {
    let value = |media: &str, words: &str| {
        let packed = STANDARD.encode(words);
        entry(
            "observation",
            "2",
            &format!(
                "<code code=\"18748-4\" codeSystem=\"2.16.840.1.113883.6.1\"/><value xsi:type=\"ED\" \
                 mediaType=\"{media}\" representation=\"B64\">{packed}</value>"
            ),
        )
    };
    let entries = [value("text/plain", "No fracture"), value("application/pdf", "%PDF")].concat();
    let export = with(&section("30954-2", &entries));
    let values: Vec<&Value> = statements(&export)
        .iter()
        .filter_map(|s| match &s.content {
            Content::Observation(observation) => Some(&observation.value),
            _ => None,
        })
        .collect();
    assert_eq!(values, [&Value::Text("No fracture".to_owned()), &Value::Absent]);
    assert_eq!(codes(&export), ["value_enclosed"]);
}

#[test]
fn documents_one_after_another_are_read_each_by_itself() {
    let visit = |words: &str| document(&section("10154-3", &format!("<text>{words}</text>")));
    let file = format!(
        "<?xml version=\"1.0\"?>{}\n<?xml version=\"1.0\"?>{}",
        visit("Fever"),
        visit("Gout")
    );
    let members = almoner_formats::read(file.as_bytes(), "both.xml");
    let read: Vec<(&str, bool)> = members
        .iter()
        .map(|member| {
            (&*member.path, codes(member.outcome.as_ref().unwrap()) == ["documents_split"])
        })
        .collect();
    assert_eq!(read, [("document 1", true), ("document 2", true)]);
    for (member, words) in [("document 1", "Fever"), ("document 2", "Gout")] {
        let mut source = std::io::Cursor::new(file.as_bytes());
        let seen = almoner_formats::original::look(&mut source, member, "");
        assert!(format!("{:?}", seen.original).contains(words), "{member}");
    }
    // one that is cut short costs itself only
    let cut = format!("{}{}", visit("Fever"), visit("Gout").replace("</ClinicalDocument>", ""));
    let members = almoner_formats::read(cut.as_bytes(), "cut.xml");
    let read: Vec<bool> = members.iter().map(|member| member.outcome.is_ok()).collect();
    assert_eq!(read, [true, false]);
}

#[test]
fn kinds_of_document_by_template_then_by_code() {
    let realm = "2.16.840.1.113883.10.20.22.1";
    let table = [
        ("2", "x", "ccd"),
        ("3", "x", "history-and-physical"),
        ("4", "x", "consultation-note"),
        ("5", "x", "diagnostic-imaging-report"),
        ("6", "x", "procedure-note"),
        ("7", "x", "operative-note"),
        ("8", "34133-9", "discharge-summary"),
        ("9", "x", "progress-note"),
        ("10", "x", "unstructured"),
        ("13", "x", "transfer-summary"),
        ("14", "x", "referral-note"),
        ("15", "x", "care-plan"),
        ("1", "34133-9", "ccd"),
        ("1", "34117-2", "history-and-physical"),
        ("1", "11488-4", "consultation-note"),
        ("1", "18748-4", "diagnostic-imaging-report"),
        ("1", "28570-0", "procedure-note"),
        ("1", "11504-8", "operative-note"),
        ("1", "18842-5", "discharge-summary"),
        ("1", "11506-3", "progress-note"),
        ("1", "18761-7", "transfer-summary"),
        ("1", "57133-1", "referral-note"),
        ("1", "52521-2", "care-plan"),
        ("1", "18776-5", "care-plan"),
        ("1", "x", "document"),
    ];
    for (template, code, kind) in table {
        let ids = format!("<templateId root=\"{realm}.{template}\"/><code code=\"{code}\"/>");
        let export = read(&document("").replace("<id root", &format!("{ids}<id root")));
        assert_eq!(export.document, kind, "{template} {code}");
    }
}

#[test]
fn releases_by_the_highest_extension() {
    let realm = "2.16.840.1.113883.10.20.22.1.1";
    for (ids, release) in [
        (vec![(realm, "")], "R1.1"),
        (vec![(realm, "2014-06-09")], "R2.0"),
        (vec![(realm, ""), (realm, "2015-08-01")], "R2.1"),
        (vec![(realm, "2015-08-01"), (realm, "2024-05-01")], "R3.0"),
        (vec![("2.16.840.1.113883.3.88.11.32.1", "")], "C32"),
        (vec![("2.16.840.1.113883.3.88.11.62.1", "")], "C62"),
        (vec![("2.16.840.1.113883.10.20.15.2", "2016-12-01"), (realm, "2015-08-01")], "eICR"),
        (vec![("2.16.840.1.113883.10.20.15.2.1.2", "2017-04-01"), (realm, "2015-08-01")], "RR"),
        (vec![], ""),
    ] {
        let written = ids.iter().map(|(root, extension)| {
            format!("<templateId root=\"{root}\" extension=\"{extension}\"/>")
        });
        let written: String = written.collect();
        let export = read(&document("").replace("<id root", &format!("{written}<id root")));
        assert_eq!(export.version, release, "{ids:?}");
    }
}
