//! Kinds of damage, and of attack: bytes in, statements and problems out. Nothing fails, nothing
//! hangs, and what is sound of a damaged file is read.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use almoner_formats::read;
use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::{Cursor, Write};
use std::time::{Duration, Instant};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// Longer than this is a hang, also in an unoptimized build on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

const DECLARED: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// A document about Zoë Müller with one problem.
fn ccda(extra: &str) -> String {
    format!(
        "<ClinicalDocument xmlns=\"urn:hl7-org:v3\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\
         <recordTarget><patientRole><patient><name><given>Zoë</given><family>Müller</family></name>\
         <birthTime value=\"19600102\"/></patient></patientRole></recordTarget><component>\
         <structuredBody><component><section><code code=\"11450-4\"/>{extra}<entry><observation>\
         <value xsi:type=\"CD\" code=\"90560007\" codeSystem=\"2.16.840.1.113883.6.96\" \
         displayName=\"Gout\"/></observation></entry></section></component></structuredBody>\
         </component></ClinicalDocument>"
    )
}

fn hl7(extra: &str) -> String {
    format!(
        "MSH|^~\\&|E|N|||20260101||ADT^A08|1|P|2.5\rPID|1||5^^^N||Müller^Zoë||19600102|F\r\
         DG1|1||M10.9^Gout^I10{extra}"
    )
}

fn fhir(extra: &str) -> String {
    format!(
        "{{\"resourceType\":\"Bundle\",\"type\":\"collection\",\"entry\":[{{\"resource\":{{\
         \"resourceType\":\"Patient\",\"id\":\"1\",\"name\":[{{\"family\":\"Müller\"}}]{extra}}}}},\
         {{\"resource\":{{\"resourceType\":\"Condition\",\"id\":\"2\",\"subject\":{{\"reference\":\
         \"Patient/1\"}},\"code\":{{\"text\":\"Gout\"}}}}}}]}}"
    )
}

fn utf16(text: &str, mark: bool, little: bool) -> Vec<u8> {
    let units = mark.then_some(0xFEFF).into_iter().chain(text.encode_utf16());
    let bytes = |unit: u16| if little { unit.to_le_bytes() } else { unit.to_be_bytes() };
    units.flat_map(bytes).collect()
}

fn windows(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
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

/// What became of a file: for each of its members who was read and which problems there are, or
/// why it was refused.
fn outcome(bytes: &[u8]) -> String {
    let members = read(bytes, "dropped");
    assert!(!members.is_empty());
    let told = members.iter().map(|member| match &member.outcome {
        Ok(export) => {
            let mut words = vec!["read".to_owned()];
            for person in &export.people {
                let name = person.patient.names.first();
                words.push(name.map(|name| name.family.clone()).unwrap_or_default());
                let facts = person.statements.iter().filter(|s| s.place != "/ClinicalDocument");
                words.push(facts.count().to_string());
            }
            words.extend(export.problems.iter().map(|problem| problem.code.clone()));
            words.join(" ")
        }
        Err(unreadable) => {
            let problem = &unreadable.problem;
            assert!(!problem.at.is_empty() && problem.message.len() > 20, "{}", problem.code);
            format!("refused {}", problem.code)
        }
    });
    told.collect::<Vec<_>>().join(", ")
}

fn check(cases: Vec<(&str, Vec<u8>, &str)>) {
    let mut wrong = Vec::new();
    for (kind, bytes, expected) in cases {
        let started = Instant::now();
        let found = outcome(&bytes);
        assert!(started.elapsed() < PATIENCE, "{kind} took {:?}", started.elapsed());
        if found != expected {
            wrong.push(format!("{kind}: {found}, expected {expected}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn encodings() {
    let document = ccda("");
    let declared = format!("{DECLARED}{document}");
    let says = |name: &str| format!("<?xml version=\"1.0\" encoding=\"{name}\"?>{document}");
    let marked = |text: &str| [b"\xEF\xBB\xBF", text.as_bytes()].concat();
    check(vec![
        ("C-CDA with a UTF-8 mark", marked(&declared), "read Müller 1"),
        ("HL7 v2 with a UTF-8 mark", marked(&hl7("")), "read Müller 1"),
        ("FHIR with a UTF-8 mark", marked(&fhir("")), "read Müller 1"),
        ("C-CDA in UTF-16, little end first", utf16(&document, true, true), "read Müller 1"),
        ("C-CDA in UTF-16, big end first", utf16(&document, true, false), "read Müller 1"),
        ("C-CDA in UTF-16 without a mark", utf16(&document, false, true), "read Müller 1"),
        ("HL7 v2 in UTF-16 without a mark", utf16(&hl7(""), false, false), "read Müller 1"),
        ("FHIR in UTF-16", utf16(&fhir(""), true, true), "read Müller 1"),
        ("windows-1252 without a word", windows(&document), "read Müller 1 encoding_assumed"),
        ("windows-1252 that claims UTF-8", windows(&declared), "read Müller 1 encoding_assumed"),
        ("windows-1252 as declared", windows(&says("windows-1252")), "read Müller 1"),
        ("UTF-8 that claims UTF-16", says("UTF-16").into_bytes(), "read Müller 1"),
        ("UTF-8 that claims ISO 8859-1", says("ISO-8859-1").into_bytes(), "read Müller 1"),
        ("an encoding that there is not", says("EBCDIC-XX").into_bytes(), "read Müller 1"),
        ("HL7 v2 in windows-1252", windows(&hl7("")), "read Müller 1 encoding_assumed"),
        (
            "UTF-16 cut within a character",
            {
                let mut bytes = utf16(&hl7("\rNTE|1||x"), true, true);
                bytes.pop();
                bytes
            },
            "read Müller 1 text_damaged",
        ),
    ]);
}

#[test]
fn bytes_that_do_not_belong() {
    let document = ccda("");
    let zeros = |text: &str| [text.as_bytes(), &[0; 64]].concat();
    let within = |text: &str| text.replace("Gout", "Go\0ut").into_bytes();
    let mixed = hl7("").replacen('\r', "\r\n", 1).replacen("\rD", "\n\nD", 1);
    check(vec![
        ("nothing", Vec::new(), "refused file_empty"),
        ("blanks only", b" \r\n\t ".to_vec(), "refused file_empty"),
        ("a flood of NUL", vec![0; 1 << 20], "refused file_empty"),
        ("NUL at the end of C-CDA", zeros(&document), "read Müller 1"),
        ("NUL at the end of HL7 v2", zeros(&hl7("")), "read Müller 1"),
        ("NUL within C-CDA", within(&document), "read Müller 1 nul_removed"),
        ("NUL within HL7 v2", within(&hl7("")), "read Müller 1 nul_removed"),
        (
            "control characters within C-CDA",
            document.replace("Gout", "Go\u{1}ut\u{b}").into_bytes(),
            "read Müller 1 xml_repaired_characters",
        ),
        (
            "blanks before the declaration",
            format!("\r\n {DECLARED}{document}").into_bytes(),
            "read Müller 1 xml_repaired_prologue",
        ),
        ("mixed line ends", mixed.into_bytes(), "read Müller 1"),
        (
            "MLLP around the message",
            format!("\x0B{}\r\x1C\r", hl7("")).into_bytes(),
            "read Müller 1",
        ),
        (
            "bytes of no meaning",
            (0..=255_u8).cycle().take(70_000).collect(),
            "refused format_unknown",
        ),
        ("a single bracket", b"<".to_vec(), "refused format_unknown"),
        ("a single brace", b"{".to_vec(), "refused format_unknown"),
    ]);
}

#[test]
fn what_is_cut_off() {
    let document = ccda("");
    let half = |text: &str| text.as_bytes()[..text.len() * 9 / 10].to_vec();
    let mut archive = zipped(&[("a.hl7", hl7("").as_bytes())]);
    archive.truncate(archive.len() - 30);
    let mut stream = gzipped(hl7("").repeat(90).as_bytes());
    stream.truncate(stream.len() - 9);
    let message = hl7("\rDG1|2||I1");
    check(vec![
        ("C-CDA", half(&document), "refused xml_malformed"),
        ("FHIR", half(&fhir("")), "read Müller 0 json_malformed"),
        ("HL7 v2 within a segment", message.into_bytes(), "read Müller 2"),
        (
            "HL7 v2 after its header",
            b"MSH|^~\\&|E|N|||20260101||ADT^A08|1|P|2.5".to_vec(),
            "read message_without_patient",
        ),
        ("a header alone", b"MSH|^~".to_vec(), "refused message_header_broken"),
        ("a zip", archive, "refused zip_damaged"),
        ("a gzip", stream, "refused gzip_damaged"),
    ]);
}

#[test]
fn attacks() {
    let entity = "<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>";
    let laughs = "<!DOCTYPE a [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]>";
    let deep = format!("<ClinicalDocument>{}", "<a>".repeat(100_000));
    let closed = format!("{deep}{}</ClinicalDocument>", "</a>".repeat(100_000));
    let brackets = format!("{{\"resourceType\":\"Patient\",\"x\":{}", "[".repeat(100_000));
    let attributes: Vec<String> = (0..5_000).map(|n| format!(" a{n}=\"1\"")).collect();
    let attributes = attributes.concat();
    let wide = ccda("").replacen("<section>", &format!("<section{attributes}>"), 1);
    let repeated = hl7(&format!("\rAL1|1|DA|1^x|{}", "~y".repeat(20_000)));
    let spaces = vec![b' '; 4 << 20];
    let member = hl7("");
    let inner = zipped(&[("b.zip", &zipped(&[("a.hl7", member.as_bytes())]))]);
    let many: Vec<(String, &[u8])> = (0..10_001).map(|n| (format!("{n}"), &b""[..])).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (&**name, *bytes)).collect();
    let mut lying = zipped(&[("a.hl7", member.as_bytes())]);
    let size = lying.windows(4).position(|w| w == b"PK\x01\x02").unwrap() + 24;
    lying[size] ^= 0x55;
    check(vec![
        ("an entity from outside", format!("{entity}{}", ccda("")).into_bytes(), "refused xml_dtd"),
        ("a billion laughs", format!("{laughs}{}", ccda("")).into_bytes(), "refused xml_dtd"),
        ("XML 100,000 deep", closed.into_bytes(), "refused xml_too_deep"),
        ("XML 100,000 deep, never closed", deep.into_bytes(), "refused xml_malformed"),
        ("JSON 100,000 deep", brackets.into_bytes(), "refused json_too_deep"),
        ("5,000 attributes", wide.into_bytes(), "read Müller 1"),
        ("20,000 repetitions", repeated.into_bytes(), "read Müller 2"),
        (
            "a text of 4 MB",
            ccda(&format!("<text>{}</text>", "a ".repeat(2 << 20))).into_bytes(),
            "read Müller 1",
        ),
        ("a zip bomb", zipped(&[("a", &spaces)]), "refused archive_ratio"),
        ("a gzip bomb", gzipped(&spaces), "refused archive_ratio"),
        ("archives three deep", zipped(&[("c.zip", &inner)]), "refused archive_too_deep"),
        ("10,001 files", zipped(&many), "refused archive_too_many_entries"),
        ("a size that is not so", lying, "refused zip_inconsistent"),
        (
            "a number of 400 digits",
            fhir(&format!(",\"x\":1{}", "0".repeat(400))).into_bytes(),
            "read Müller 1",
        ),
        ("one key twice", fhir(",\"id\":\"1\",\"id\":\"9\"").into_bytes(), "read Müller 1"),
        (
            "an old or locked office file",
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and more".to_vec(),
            "refused office_old_or_locked",
        ),
        (
            "HL7 v2 as XML",
            b"<ADT_A01 xmlns=\"urn:hl7-org:v2xml\"><MSH/></ADT_A01>".to_vec(),
            "refused no_message",
        ),
    ]);
}

#[test]
fn a_damaged_member_costs_itself_only() {
    let (good, bad) = (hl7(""), ccda("").replace("</structuredBody>", ""));
    let bytes = zipped(&[
        ("a.hl7", good.as_bytes()),
        ("b.xml", bad.as_bytes()),
        ("c.json", fhir("").as_bytes()),
        ("d.gz", &gzipped(good.as_bytes())),
    ]);
    let expected = "read Müller 1, refused xml_malformed, read Müller 1, read Müller 1";
    assert_eq!(outcome(&bytes), expected);
}
