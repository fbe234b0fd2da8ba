//! Files as they should not be, dropped into a running appliance: each gets a receipt that says why,
//! its bytes are kept, and the daemon goes on.

use crate::appliance::{Appliance, pass, wait_for};
use crate::truth::sha256;
use serde_json::Value;
use std::fmt::Write as _;
use std::io::Write;
use std::time::Duration;

/// A damaged file, how its receipt ends, and what its first problem is (or one of them).
type Case = (&'static str, Vec<u8>, &'static str, &'static str);

/// Statuses that mean that nothing was taken, that something was, that all was.
const ASIDE: &str = "set_aside";
const PARTIAL: &str = "partial";
const DONE: &str = "done";

fn message(number: usize) -> String {
    format!(
        "MSH|^~\\&|E|N|||20260101||ADT^A08|{number}|P|2.5\rPID|1||{number}^^^N^MR||Zenker^Ilse{number}||\
         19600102|F\rDG1|1||M10.9^Gout^I10\r"
    )
}

fn document(number: usize, more: &str) -> String {
    format!(
        "<ClinicalDocument xmlns=\"urn:hl7-org:v3\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\
         <id root=\"2.999.{number}\"/><code code=\"34133-9\" codeSystem=\"2.16.840.1.113883.6.1\"/>\
         <effectiveTime value=\"20260102\"/><recordTarget><patientRole><id root=\"2.999\" extension=\"d{number}\"/>\
         <patient><name><given>Ilse</given><family>Zenker</family></name><birthTime value=\"19600102\"/></patient>\
         </patientRole></recordTarget><component><structuredBody>{more}</structuredBody></component></ClinicalDocument>"
    )
}

fn patient(number: usize, more: &str) -> String {
    format!(
        "{{\"resourceType\":\"Patient\",\"id\":\"f{number}\",\"name\":[{{\"family\":\"Zenker\"}}],\
         \"birthDate\":\"1960-01-02\"{more}}}"
    )
}

fn zipped(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

fn cut(mut bytes: Vec<u8>, by: usize) -> Vec<u8> {
    bytes.truncate(bytes.len() - by);
    bytes
}

/// Turns one bit of the byte so far after a mark.
fn flipped(mut bytes: Vec<u8>, mark: &[u8], after: usize) -> Vec<u8> {
    let at = bytes.windows(mark.len()).position(|window| window == mark).unwrap();
    bytes[at + after] ^= 1;
    bytes
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

fn cut_off() -> Vec<Case> {
    let good = message(1);
    let section =
        "<component><section><code code=\"10160-0\"/><title>x</title></section></component>";
    vec![
        ("cut.xml", cut(document(2, section).into_bytes(), 40), ASIDE, "xml_malformed"),
        (
            "cut.json",
            cut(patient(3, ",\"gender\":\"female\"").into_bytes(), 5),
            ASIDE,
            "json_malformed",
        ),
        ("cut.hl7", b"MSH|^~\\&|E|N|||20260101||ADT^A08|4|P|2.5".to_vec(), ASIDE, ""),
        ("header.hl7", b"MSH|^~".to_vec(), ASIDE, "message_header_broken"),
        ("cut.zip", cut(zipped(&[("a.hl7", good.as_bytes())]), 30), ASIDE, "zip_damaged"),
        ("cut.gz", cut(gzipped(good.repeat(90).as_bytes()), 9), ASIDE, "gzip_damaged"),
        (
            "line.ndjson",
            format!("{}\n{{\"resourceType\":\n{}\n", patient(5, ""), patient(6, "")).into_bytes(),
            PARTIAL,
            "",
        ),
    ]
}

fn bytes_and_words() -> Vec<Case> {
    let windows: Vec<u8> =
        document(10, "").replace("Ilse", "J\u{fc}rgen").chars().map(|c| c as u8).collect();
    let within = message(11).replace("Gout", "Go\0ut").into_bytes();
    let control = document(12, "").replace("Ilse", "Il\u{1}se").into_bytes();
    let mixed = message(13).replacen('\r', "\r\n", 1).replacen("\rD", "\n\nD", 1);
    vec![
        ("empty.xml", Vec::new(), ASIDE, "file_empty"),
        ("blanks.txt", b" \r\n\t ".to_vec(), ASIDE, "file_empty"),
        ("nul.bin", vec![0; 1 << 20], ASIDE, "file_empty"),
        ("noise.bin", (0..=255_u8).cycle().take(70_000).collect(), ASIDE, "format_unknown"),
        ("windows.xml", windows, DONE, "encoding_assumed"),
        ("nul-within.hl7", within, DONE, "nul_removed"),
        ("control.xml", control, DONE, "xml_repaired_characters"),
        ("mixed.hl7", mixed.into_bytes(), DONE, ""),
        ("utf16.hl7", utf16(&message(14)), DONE, ""),
        (
            "lies.xml",
            format!("<?xml version=\"1.0\" encoding=\"UTF-16\"?>{}", document(15, "")).into_bytes(),
            DONE,
            "",
        ),
        ("cut-utf16.hl7", cut(utf16(&message(16)), 1), DONE, "text_damaged"),
        (
            "page.xml",
            b"<!DOCTYPE html><html><body>502 Bad Gateway</body></html>".to_vec(),
            ASIDE,
            "",
        ),
        (
            "old.xls",
            b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and more".to_vec(),
            ASIDE,
            "office_old_or_locked",
        ),
        ("picture.png", b"\x89PNG\r\n\x1a\n and more".to_vec(), ASIDE, ""),
    ]
}

fn attacks() -> Vec<Case> {
    let good = message(20);
    let entity =
        format!("<!DOCTYPE a [<!ENTITY x SYSTEM \"file:///etc/passwd\">]>{}", document(21, ""));
    let laughs =
        format!("<!DOCTYPE a [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;\">]>{}", document(22, ""));
    let deep = format!(
        "<ClinicalDocument>{}{}</ClinicalDocument>",
        "<a>".repeat(100_000),
        "</a>".repeat(100_000)
    );
    let brackets = format!("{{\"resourceType\":\"Patient\",\"x\":{}", "[".repeat(100_000));
    let spaces = vec![b' '; 4 << 20];
    let inner = zipped(&[("b.zip", &zipped(&[("a.hl7", good.as_bytes())]))]);
    let many: Vec<(String, &[u8])> = (0..10_001).map(|n| (format!("{n}"), &b""[..])).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (&**name, *bytes)).collect();
    let one = zipped(&[("a.hl7", good.as_bytes())]);
    let outside = zipped(&[("../../../../tmp/almoner-outside.hl7", message(23).as_bytes())]);
    vec![
        ("entity.xml", entity.into_bytes(), ASIDE, "xml_dtd"),
        ("laughs.xml", laughs.into_bytes(), ASIDE, "xml_dtd"),
        ("deep.xml", deep.into_bytes(), ASIDE, "xml_too_deep"),
        ("deep.json", brackets.into_bytes(), ASIDE, "json_too_deep"),
        ("bomb.zip", zipped(&[("a", &spaces)]), ASIDE, "archive_ratio"),
        ("bomb.gz", gzipped(&spaces), ASIDE, "archive_ratio"),
        ("nested.zip", zipped(&[("c.zip", &inner)]), ASIDE, "archive_too_deep"),
        ("many.zip", zipped(&many), ASIDE, "archive_too_many_entries"),
        ("size.zip", flipped(one.clone(), b"PK\x01\x02", 24), ASIDE, "zip_inconsistent"),
        ("sum.zip", flipped(one.clone(), b"PK\x01\x02", 16), ASIDE, ""),
        (
            "locked.zip",
            flipped(flipped(one, b"PK\x01\x02", 8), b"PK\x03\x04", 6),
            ASIDE,
            "zip_encrypted",
        ),
        ("outside.zip", outside, ASIDE, "zip_unsafe_name"),
    ]
}

fn meanings() -> Vec<Case> {
    let twice = patient(30, ",\"id\":\"x1\"");
    let number = patient(31, &format!(",\"multipleBirthInteger\":1{}", "0".repeat(400)));
    let mut list = "MRN,Name,DOB\n".to_owned();
    for number in 700..740 {
        let quote = if number == 720 { "" } else { "\"" };
        let _ = writeln!(list, "{number},\"Family{number}, Una{quote},1961-01-02");
    }
    let half = patient(32, ",\"language\":\"\\ud800\"");
    let broken = document(33, "").replace("</structuredBody>", "");
    let members = zipped(&[
        ("a.hl7", message(34).as_bytes()),
        ("b.xml", broken.as_bytes()),
        ("c.json", patient(35, "").as_bytes()),
    ]);
    vec![
        ("twice.json", twice.into_bytes(), DONE, ""),
        ("number.json", number.into_bytes(), DONE, ""),
        ("surrogate.json", half.into_bytes(), DONE, ""),
        ("members.zip", members, PARTIAL, "xml_malformed"),
        ("quote.csv", list.into_bytes(), PARTIAL, "row_refused"),
    ]
}

fn cases() -> Vec<Case> {
    [cut_off(), bytes_and_words(), attacks(), meanings()].concat()
}

fn codes(receipt: &Value) -> Vec<&str> {
    let problems = receipt["problems"].as_array().unwrap();
    problems.iter().filter_map(|problem| problem["code"].as_str()).collect()
}

#[test]
fn each_kind_of_damage_has_its_receipt_and_nothing_is_lost() {
    let appliance = Appliance::start();
    let cases = cases();
    for (name, bytes, ..) in &cases {
        appliance.drop_file(name, bytes);
    }
    appliance.settle();
    let receipts = appliance.receipts();
    let mut wrong = Vec::new();
    for (name, bytes, status, code) in &cases {
        let Some(receipt) = receipts.iter().find(|receipt| receipt["name"] == *name) else {
            wrong.push(format!("{name}: no receipt"));
            continue;
        };
        let found = codes(receipt);
        let said = if code.is_empty() {
            *status == DONE || !found.is_empty()
        } else {
            found.contains(code)
        };
        if receipt["status"] != *status || !said {
            wrong
                .push(format!("{name}: {} {found:?}, expected {status} {code}", receipt["status"]));
        }
        if receipt["sha256"] != sha256(bytes) || receipt["bytes"] != bytes.len() {
            wrong.push(format!("{name}: other bytes were kept"));
        }
        for problem in receipt["problems"].as_array().unwrap() {
            let words = problem["message"].as_str().unwrap_or_default();
            if words.contains("Zenker") || words.len() < 20 {
                wrong.push(format!("{name}: {words}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(!std::path::Path::new("/tmp/almoner-outside.hl7").exists());
    let damaged = receipts.iter().find(|receipt| receipt["name"] == "cut.xml").unwrap();
    looked_at(&appliance, damaged["id"].as_str().unwrap());
    let good = appliance.take("good.hl7", message(99).as_bytes());
    assert_eq!(good["status"], DONE, "{good:#}");
    assert_eq!(appliance.json(&["store", "check"])["damage"], serde_json::json!([]));
    appliance.stop();
}

/// The place of a file's fault is shown on its page, and that it was is on the trail.
fn looked_at(appliance: &Appliance, id: &str) {
    let page = appliance.signed_in("coordinator").page(&format!("/intake/{id}/place?problem=0"));
    assert!(page.contains("<mark>1 "), "{page}");
    let out = appliance.folder.join("trail-export");
    appliance.json(&["trail", "export", out.to_str().unwrap()]);
    let text = std::fs::read_to_string(&out).unwrap();
    assert!(text.contains("intake.look") && text.contains(id), "nobody knows who looked");
}

#[test]
fn what_moves_while_it_is_read_is_taken_once_and_whole() {
    let appliance = Appliance::start();
    let intake = appliance.ready.intake.clone();
    // Two files of one name, in two folders and after one another.
    appliance.drop_file("north/a.hl7", message(201).as_bytes());
    appliance.drop_file("south/a.hl7", message(202).as_bytes());
    appliance.settle();
    appliance.drop_file("north/a.hl7", message(203).as_bytes());
    appliance.settle();
    // A file that grows while it lies there, without another name meanwhile.
    let grows: Vec<String> = (300..320).map(message).collect();
    let mut file = std::fs::File::create(intake.join("grows.hl7")).unwrap();
    for part in &grows {
        file.write_all(part.as_bytes()).unwrap();
        file.sync_all().unwrap();
        pass(Duration::from_millis(150));
    }
    drop(file);
    // One that is replaced by another again and again.
    for number in 400..410 {
        let aside = intake.join(".replaced.hl7");
        std::fs::write(&aside, message(number)).unwrap();
        std::fs::rename(aside, intake.join("replaced.hl7")).unwrap();
        pass(Duration::from_millis(100));
    }
    // What is no file, or leads out of the folder, is left where it is.
    rustix::fs::mknodat(
        rustix::fs::CWD,
        intake.join("pipe.hl7"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR,
        0,
    )
    .unwrap();
    std::os::unix::fs::symlink("/etc/passwd", intake.join("link.hl7")).unwrap();
    std::fs::create_dir(intake.join("folder.hl7")).unwrap();
    // Names that a program of its own would not choose.
    let long = format!("{}.hl7", "n".repeat(240));
    let names = ["a b'\"<b>&\u{1}.hl7", "\u{202e}7lh.hl7", "-rf", &long];
    for (number, name) in names.iter().enumerate() {
        appliance.drop_file(name, message(500 + number).as_bytes());
    }
    let taken = |name: &str| {
        let receipts = appliance.receipts();
        receipts.into_iter().filter(|receipt| receipt["name"] == name).collect::<Vec<_>>()
    };
    wait_for("the odd names to be taken", || names.iter().all(|name| taken(name).len() == 1));
    wait_for("the growing file to be taken", || !taken("grows.hl7").is_empty());
    wait_for("the replaced file to be taken", || !intake.join("replaced.hl7").exists());
    assert_eq!(taken("a.hl7").len(), 3);
    let whole = sha256(grows.concat().as_bytes());
    let all = taken("grows.hl7");
    assert!(all.iter().any(|receipt| receipt["sha256"] == whole), "{all:#?}");
    let last = sha256(message(409).as_bytes());
    assert!(taken("replaced.hl7").iter().any(|receipt| receipt["sha256"] == last));
    assert!(taken("pipe.hl7").is_empty() && taken("link.hl7").is_empty());
    assert_eq!(appliance.json(&["store", "check"])["damage"], serde_json::json!([]));
    appliance.stop();
}
