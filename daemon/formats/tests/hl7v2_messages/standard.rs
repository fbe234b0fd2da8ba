//! What the standard allows and no sample has: character sets, separators, escapes, types of values
//! and documents, messages that ask instead of telling (HL7 v2.5.1 chapters 2, 2.A, 7, 9, 11).

use super::{check, export, told};
use almoner_core::clinical::{Content, Document, Quantity, Value};
use almoner_core::export::{Export, Severity};
use almoner_formats::read;

fn one(bytes: &[u8]) -> Export {
    read(bytes, "x").remove(0).outcome.unwrap()
}

fn codes(export: &Export) -> Vec<&str> {
    export.problems.iter().map(|problem| &*problem.code).collect()
}

/// A message that names its character set, with the family name in these bytes.
fn named(charset: &str, name: &[u8]) -> Export {
    let head = format!("MSH|^~\\&|E|N|||20260704||ADT^A08|1|P|2.5||||||{charset}\rPID|1||7||");
    one(&[head.as_bytes(), name, b"^Bo\r"].concat())
}

fn family(export: &Export) -> &str {
    &export.people[0].patient.names[0].family
}

#[test]
fn character_sets_of_table_0211() {
    for (charset, bytes, expected) in [
        ("UNICODE UTF-8", "Müñoz".as_bytes(), "Müñoz"),
        ("8859/1", "Müñoz".as_bytes(), "Müñoz"),
        ("8859/1", b"M\xfc\x93oz", "Mü“oz"),
        ("8859/2", b"M\xb3oz", "Młoz"),
        ("8859/5", b"\xb8\xd2\xd0\xdd", "Иван"),
        ("8859/15", b"M\xa4oz", "M€oz"),
        ("ASCII~8859/1", b"M\xfcoz", "Müoz"),
        ("GB 18030-2000", b"\xc0\xee", "李"),
        ("BIG-5", b"\xa7\xf5", "李"),
        ("KS X 1001", b"\xb1\xe8", "김"),
    ] {
        let export = named(charset, bytes);
        assert_eq!(family(&export), expected, "{charset}");
    }
    let foreign = named("KLINGON 7", b"M\xfcoz");
    assert_eq!((family(&foreign), codes(&foreign)), ("Müoz", vec!["charset_unknown"]));
    assert!(foreign.problems[0].message.contains("KLINGON 7"));
    for wide in [u16::to_le_bytes, u16::to_be_bytes] {
        let text = "MSH|^~\\&|E|N|||20260704||ADT^A08|1|P|2.5||||||UNICODE\rPID|1||7||Mü^Bo\r";
        let bytes: Vec<u8> = text.encode_utf16().flat_map(wide).collect();
        assert_eq!(family(&one(&bytes)), "Mü");
    }
}

#[test]
fn every_escape_and_separators_of_ones_own() {
    let text = |words: &str| {
        let export = export("ORU^R01", &format!("OBR|1||F1|G\nOBX|1|TX|X^Y||{words}||||||F"));
        let Content::Observation(found) = &export.people[0].statements[0].content else { panic!() };
        let Value::Text(text) = &found.value else { panic!("{:?}", found.value) };
        text.clone()
    };
    assert_eq!(text("a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f"), "a|b^c&d~e\\f");
    assert_eq!(text("\\X41\\\\X4243\\ \\H\\bold\\N\\"), "ABC bold");
    assert_eq!(text("a\\.br\\b\\X0D0A\\c\\X0A\\d"), "a\nb\nc\nd");
    assert_eq!(text("a\\C2842\\b\\M284A2B\\c\\Zx\\d"), "a\\C2842\\b\\M284A2B\\c\\Zx\\d");
    assert_eq!(text("50% \\ off"), "50% \\ off", "one sign alone is itself");
    let own = one(
        b"MSH$%~?!$E$N$$$20260704$$ORU%R01$1$P$2.5\rPID$1$$8%%%N!1.2.3!ISO%PI$$D?S?e%Jo?F?e\rOBR$1$$F1$G\r\
          OBX$1$ST$X%Y$$a?T?b?R?c?E?d?S?e?F?f?.br?g$$$$$$F",
    );
    let person = &own.people[0];
    assert_eq!(person.patient.identifiers[0].system, "urn:oid:1.2.3");
    assert_eq!((family(&own), &*person.patient.names[0].given[0]), ("D%e", "Jo$e"));
    let Content::Observation(found) = &person.statements[0].content else { panic!() };
    assert_eq!(found.value, Value::Text("a!b~c?d%e$f\ng".to_owned()));
}

#[test]
fn headers_in_lower_case_and_frames_on_one_side() {
    let text = b"\x0b  msh|^~\\&|E|N|||20260704||ADT^A03|1|P|2.5\n pid|1||7||Doe^Ann\npv1|1|I\x1c\r\x0bMSH|^~\\&|\
                 E|N|||20260704||ADT^A03|2|P|2.5\rPID|1||8||Roe^Bo\r\x1c\r\n";
    let export = one(text);
    let names: Vec<&str> = export.people.iter().map(|it| &*it.patient.names[0].family).collect();
    assert_eq!(names, ["Doe", "Roe"]);
}

#[test]
fn numbers_with_signs_before_them() {
    let value = |written: &str| {
        let export = export("ORU^R01", &format!("OBR|1||F1|G\nOBX|1|SN|X^Y||{written}|mg|||||F"));
        let Content::Observation(found) = &export.people[0].statements[0].content else { panic!() };
        found.value.clone()
    };
    let number = |comparator: &str| {
        Value::Quantity(Quantity {
            value: "5".to_owned(),
            unit: "mg".to_owned(),
            comparator: comparator.to_owned(),
        })
    };
    for (written, comparator) in [("<^5", "<"), (">=^5", ">="), ("=^5", ""), ("^5", "")] {
        assert_eq!(value(written), number(comparator), "{written}");
    }
    assert_eq!(value("^1^:^128"), Value::Text("1:128".to_owned()));
}

#[test]
fn documents_in_every_wrapping() {
    let document = |field: &str| -> Document {
        let text = format!(
            "TXA|1|CN|AP|20260703|||||||||D3^NORTH|||||AU|R|AV\nOBX|1|ED|X||{field}||||||F"
        );
        match export("MDM^T02", &text).people.remove(0).statements.remove(0).content {
            Content::Document(document) => document,
            other => panic!("{other:?}"),
        }
    };
    for (field, media, text, bytes) in [
        ("A^AP^PDF^Base64^JVBERi0x\\.br\\LjQ=", "application/pdf", "", "JVBERi0xLjQ="),
        ("A^TEXT^PLAIN^Base64^SGVsbG8=", "text/plain", "Hello", ""),
        ("A^TEXT^^Base64^SGVsbG8=", "text/plain", "Hello", ""),
        ("A^TEXT^^A^Hello", "text/plain", "Hello", ""),
        ("A^TEXT^HTML^Base64^SGVsbG8=", "text/html", "", "SGVsbG8="),
        ("A^TEXT^RTF^Base64^e1xydGYxIGhpfQ==", "application/rtf", "", "e1xydGYxIGhpfQ=="),
        ("A^Application^RTF^Hex^7B5C727466317D", "application/rtf", "", "e1xydGYxfQ=="),
        ("A^IM^TIFF^Base64^SUkqAA==", "image/tiff", "", "SUkqAA=="),
    ] {
        let found = document(field);
        let seen = (&*found.content_type, &*found.text, &*found.data_base64);
        assert_eq!(seen, (media, text, bytes), "{field}");
    }
}

#[test]
fn messages_about_persons_and_plans_tell_of_no_visit() {
    for type_ in ["ADT^A28", "ADT^A31", "ADT^A40", "ADT^A60", "SIU^S12", "SIU^S23"] {
        let lines = told(type_, "PV1|1|O|EYE");
        assert!(lines.iter().all(|line| !line.starts_with("encounter")), "{type_} {lines:?}");
        let lines = told(type_, "PV1|1|O|EYE||||||||||||||||V1");
        assert!(lines.iter().any(|line| line.starts_with("encounter")), "{type_} {lines:?}");
    }
    for type_ in ["ADT^A01", "ADT^A08", "ORU^R01"] {
        let lines = told(type_, "PV1|1|O|EYE");
        assert!(lines.iter().any(|line| line.starts_with("encounter")), "{type_} {lines:?}");
    }
}

#[test]
fn what_is_asked_for_was_not_done() {
    check(&[
        (
            "RPA^I08",
            "MSA|AA|R77
             AUT|PLAN^Gold|PAY|Acme|20260701|20260901|A77^Acme||3|2
             PR1|1||92004^Eye exam^C4",
            &[
                "resource | ClaimResponse | Prior authorization | active | 2026-07-01..2026-09-01 | \
               Acme; requested 3; authorized 2; Eye exam | #A77",
            ],
        ),
        (
            "REF^I12",
            "RF1|P|R|MED||O|R1^N|20260701
             PRD|RT|Ito^K
             PR1|1||92004^Eye exam^C4",
            &[
                "referral | ServiceRequest | MED | active | 2026-07-01.. | pending; routine; medical; \
               outpatient; to: K Ito; Eye exam | #R1",
            ],
        ),
        ("BAR^P01", "PR1|1||47562^Chole^C4||20260701", &["procedure | Chole | 2026-07-01.."]),
    ]);
}

#[test]
fn deletions_ask_for_a_look() {
    for event in ["A23", "A29", "A45"] {
        let found = export(&format!("ADT^{event}"), "PV1|1|I|||||||||||||||||V1");
        assert_eq!(found.problems[0].severity, Severity::Warning, "{event}");
    }
}
