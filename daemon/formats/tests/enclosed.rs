//! Clinical documents that come inside messages and FHIR resources are read as if they came alone
//! (`hl7v2.md` 7: "CDA: re-enter detection"; `fhir.md` A2: "Attachment that is C-CDA re-enters detection").

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use almoner_core::clinical::{Content, FactKind};
use almoner_core::export::{Export, Heading, Problem, Told};
use almoner_formats::original::{Found, Original, look};
use almoner_formats::tables::lists::Known;
use almoner_formats::unpack::Limits;
use almoner_formats::{Member, read, read_within, tell};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;
use std::fmt::Write as _;
use std::io::{Cursor, Write};

/// A document of a made-up person, with one problem.
fn ccda(family: &str, born: &str) -> String {
    format!(
        r##"<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<realmCode code="US"/><typeId root="2.16.840.1.113883.1.3" extension="POCD_HD000040"/>
<templateId root="2.16.840.1.113883.10.20.22.1.2"/><id root="1.2.3" extension="doc-1"/>
<code code="34133-9" codeSystem="2.16.840.1.113883.6.1"/><title>Summary of Care</title><effectiveTime value="20260701"/>
<recordTarget><patientRole><id root="1.2.3.4" extension="P-1"/><patient><name><given>Jane</given><family>{family}</family></name>
<administrativeGenderCode code="F" codeSystem="2.16.840.1.113883.5.1"/><birthTime value="{born}"/></patient></patientRole></recordTarget>
<component><structuredBody><component><section><templateId root="2.16.840.1.113883.10.20.22.2.5.1"/>
<code code="11450-4" codeSystem="2.16.840.1.113883.6.1"/><title>Problems</title><text><content ID="p1">Asthma</content></text>
<entry><act classCode="ACT" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.3"/><id root="1.2.3" extension="act-1"/>
<code code="CONC" codeSystem="2.16.840.1.113883.5.6"/><statusCode code="active"/><effectiveTime><low value="20200101"/></effectiveTime>
<entryRelationship typeCode="SUBJ"><observation classCode="OBS" moodCode="EVN"><templateId root="2.16.840.1.113883.10.20.22.4.4"/>
<id root="1.2.3" extension="obs-1"/><code code="55607006" codeSystem="2.16.840.1.113883.6.96"/><text><reference value="#p1"/></text>
<statusCode code="completed"/><effectiveTime><low value="20200101"/></effectiveTime>
<value xsi:type="CD" code="195967001" displayName="Asthma" codeSystem="2.16.840.1.113883.6.96"/></observation></entryRelationship></act></entry>
</section></component></structuredBody></component></ClinicalDocument>"##
    )
}

fn packed(text: &str) -> String {
    STANDARD.encode(text)
}

/// A message of the clinic with a document in an `OBX`.
fn mdm(event: &str, document: &str) -> String {
    format!(
        "MSH|^~\\&|EHR|NORTH|||20260704120000||MDM^{event}|C1|P|2.5.1\rPID|1||77^^^NORTH^MR||Doe^Jane||19800101|F\r\
         TXA|1|CN|TX|20260704||||||||D-9|||||AU|U|AV\rOBX|1|ED|34133-9^Summary^LN||EHR^text^XML^Base64^{document}\r"
    )
}

fn fhir(content_type: &str, document: &str) -> serde_json::Value {
    json!({"resourceType": "Bundle", "type": "collection", "entry": [
        {"resource": {"resourceType": "Patient", "id": "1", "birthDate": "1980-01-01",
            "identifier": [{"system": "urn:oid:9.9", "value": "77"}],
            "name": [{"family": "Doe", "given": ["Jane"]}]}},
        {"resource": {"resourceType": "DocumentReference", "id": "2", "status": "current",
            "subject": {"reference": "Patient/1"},
            "content": [{"attachment": {"contentType": content_type, "data": document}}]}}]})
}

/// The names of the problems in a member, and whose they are.
fn problems(member: &Member) -> Vec<(String, Vec<String>)> {
    let export = member.outcome.as_ref().unwrap();
    let people = export.people.iter().map(|person| {
        let mut names: Vec<String> = Vec::new();
        for statement in &person.statements {
            if let Content::Condition(it) = &statement.content {
                names.push(it.code.label().to_owned());
            }
        }
        (person.patient.names[0].family.clone(), names)
    });
    people.collect()
}

fn codes(problems: &[Problem]) -> Vec<&str> {
    problems.iter().map(|it| it.code.as_str()).collect()
}

fn asthma() -> Vec<(String, Vec<String>)> {
    vec![("Doe".to_owned(), vec!["Asthma".to_owned()])]
}

#[test]
fn a_document_in_a_message_is_read() {
    let document = packed(&ccda("Doe", "19800101"));
    for event in ["T01", "T02", "T06", "T08", "T10"] {
        let members = read(mdm(event, &document).as_bytes(), "a.hl7");
        let paths: Vec<&str> = members.iter().map(|it| it.path.as_str()).collect();
        assert_eq!(paths, ["", "message 1 segment 3"], "{event}: the message, then what is in it");
        assert_eq!(problems(&members[1]), asthma());
        let inner: &Export = members[1].outcome.as_ref().unwrap();
        assert_eq!(inner.format, "ccda");
        let numbers: Vec<&str> =
            inner.people[0].patient.identifiers.iter().map(|it| it.value.as_str()).collect();
        assert_eq!(numbers, ["P-1", "77"], "its own number, and that of the message's person");
        let kept = &members[0].outcome.as_ref().unwrap().people[0].statements;
        assert!(kept.iter().any(|it| it.content.kind() == FactKind::Document), "and kept whole");
    }
    let broken: String = document
        .as_bytes()
        .chunks(76)
        .map(|line| std::str::from_utf8(line).unwrap())
        .collect::<Vec<_>>()
        .join("\\.br\\");
    assert_eq!(read(mdm("T02", &broken).as_bytes(), "").len(), 2, "broken lines");
}

#[test]
fn a_report_encloses_a_document_too() {
    let text = format!(
        "MSH|^~\\&|EHR|NORTH|||20260704||ORU^R01|C1|P|2.5.1\rPID|1||77^^^NORTH^MR||Doe^Jane||19800101|F\r\
         OBR|1||F1|11488-4^Consult note^LN|||20260704\rOBX|1|ED|11488-4^Note^LN||EHR^text^XML^Base64^{}||||||F\r",
        packed(&ccda("Doe", "19800101"))
    );
    let members = read(text.as_bytes(), "");
    assert_eq!(members.len(), 2);
    assert_eq!(problems(&members[1]), asthma());
}

#[test]
fn what_a_message_takes_back_is_not_read() {
    let document = packed(&ccda("Doe", "19800101"));
    assert_eq!(read(mdm("T11", &document).as_bytes(), "").len(), 1);
    let obsolete = mdm("T02", &document).replace("|U|AV\r", "|U|OB\r");
    assert_eq!(read(obsolete.as_bytes(), "").len(), 1);
}

#[test]
fn other_documents_stay_documents() {
    for data in [
        packed("%PDF-1.7 made up"),
        packed("{\\rtf1 words}"),
        packed("<html><p>Hi</p></html>"),
        "!!".to_owned(),
    ] {
        assert_eq!(read(mdm("T02", &data).as_bytes(), "").len(), 1);
    }
    // One that is cut off stays one too, and costs only itself.
    let cut = packed(&ccda("Doe", "19800101")).split_at(1_200).0.to_owned();
    let members = read(mdm("T02", &cut).as_bytes(), "");
    assert_eq!(members[0].path, "");
    assert!(members[0].outcome.is_ok());
}

#[test]
fn a_document_about_somebody_else_says_so() {
    for (family, born) in [("Roe", "19800101"), ("Doe", "19810101")] {
        let members = read(mdm("T02", &packed(&ccda(family, born))).as_bytes(), "");
        let inner = members[1].outcome.as_ref().unwrap();
        assert!(codes(&inner.problems).contains(&"enclosed_other_person"), "{family} {born}");
        let identifiers = &inner.people[0].patient.identifiers;
        assert_eq!(identifiers.len(), 1, "no number of the message's person");
    }
}

#[test]
fn an_attachment_of_a_resource_is_read() {
    let text = ccda("Doe", "19800101");
    for kind in ["text/xml", "application/hl7-sdwg+xml", "text/plain", ""] {
        let bundle = fhir(kind, &packed(&text)).to_string();
        let members = read(bundle.as_bytes(), "b.json");
        assert_eq!(members[1].path, "Bundle.entry[1]", "{kind}");
        assert_eq!(problems(&members[1]), asthma(), "{kind}");
    }
    let utf16: Vec<u8> = text
        .replace("?><", " encoding=\"UTF-16\"?><")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let utf16 = [b"\xFF\xFE".to_vec(), utf16].concat();
    let members = read(fhir("text/xml", &STANDARD.encode(utf16)).to_string().as_bytes(), "");
    assert_eq!(problems(&members[1]), asthma(), "UTF-16");
}

#[test]
fn of_several_forms_the_clinical_document_is_read() {
    let xml = json!({"attachment": {"contentType": "text/xml", "data": packed(&ccda("Doe", "19800101"))}});
    let pdf = json!({"attachment": {"contentType": "application/pdf", "data": packed("%PDF-1.7 made up")}});
    let away = json!({"attachment": {"contentType": "application/pdf", "url": "https://example.org/d.pdf"}});
    for forms in [vec![&pdf, &xml], vec![&xml, &pdf], vec![&away, &pdf, &xml]] {
        let mut bundle = fhir("", "");
        bundle["entry"][1]["resource"]["content"] = json!(forms);
        let members = read(bundle.to_string().as_bytes(), "");
        assert_eq!(problems(&members[1]), asthma());
    }
    let mut bundle = fhir("", "");
    bundle["entry"][1]["resource"]["content"] = json!([away, pdf]);
    let members = read(bundle.to_string().as_bytes(), "");
    let kept = &members[0].outcome.as_ref().unwrap().people[0].statements[0].content;
    assert!(
        matches!(kept, Content::Document(it) if it.content_type == "application/pdf" && !it.data_base64.is_empty())
    );
}

#[test]
fn what_is_sensitive_outside_is_so_inside() {
    let mut bundle = fhir("text/xml", &packed(&ccda("Doe", "19800101")));
    bundle["entry"][1]["resource"]["meta"] = json!({"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "R"}]});
    let members = read(bundle.to_string().as_bytes(), "");
    let inner = &members[1].outcome.as_ref().unwrap().people[0];
    assert!(!inner.statements.is_empty());
    let outer = &members[0].outcome.as_ref().unwrap().people[0].statements[0].labels;
    assert_eq!(outer.len(), 1);
    assert!(inner.statements.iter().all(|it| it.labels.contains(&outer[0])));
}

#[test]
fn it_is_told_once_its_person_was_told_and_in_files_read_in_parts_too() {
    let document = packed(&ccda("Doe", "19800101"));
    let text = mdm("T02", &document).repeat(3);
    let limits = Limits { whole_bytes: 4_000, ..Limits::default() };
    for limits in [Limits::default(), limits] {
        let mut lines = Vec::new();
        let mut source = Cursor::new(text.as_bytes());
        tell(&mut source, limits, Known::default(), &mut |told| {
            lines.push(match told {
                Told::Begin(Heading { path, .. }) => format!("begin {path}"),
                Told::Piece(piece) => format!("piece {}", piece.last),
                Told::End(ending) => format!("end {}", ending.path),
            });
        });
        let own = |n: usize| {
            let path = format!("message {n} segment 3");
            [
                "piece true".to_owned(),
                format!("begin {path}"),
                "piece true".to_owned(),
                format!("end {path}"),
            ]
        };
        let inner: Vec<String> = (1..=3).flat_map(own).collect();
        let whole = [vec!["begin ".to_owned()], inner, vec!["end ".to_owned()]].concat();
        assert_eq!(lines, whole);
        let paths: Vec<String> =
            read_within(text.as_bytes(), limits).into_iter().map(|it| it.path).collect();
        let of = |n: usize| format!("message {n} segment 3");
        assert_eq!(paths, [String::new(), of(1), of(2), of(3)]);
    }
}

#[test]
fn the_original_of_an_enclosed_fact_is_shown() {
    let text = mdm("T02", &packed(&ccda("Doe", "19800101")));
    let bundle = fhir("text/xml", &packed(&ccda("Doe", "19800101"))).to_string();
    let resources = bundle_lines(&bundle);
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in [("in/a.hl7", &text), ("in/b.json", &bundle)] {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes.as_bytes()).unwrap();
    }
    let zip = zip.finish().unwrap().into_inner();
    for bytes in [text.as_bytes(), bundle.as_bytes(), resources.as_bytes(), &zip] {
        for member in read(bytes, "")
            .iter()
            .filter(|member| member.outcome.as_ref().is_ok_and(|export| export.format == "ccda"))
        {
            let statements = &member.outcome.as_ref().unwrap().people[0].statements;
            let asthma =
                statements.iter().find(|it| it.content.kind() == FactKind::Condition).unwrap();
            let seen = look(&mut Cursor::new(bytes), &member.path, &asthma.place);
            assert!(matches!(seen.original, Original::Narrative(_)), "{}", member.path);
            assert_eq!(seen.found, Found::Words, "{}", member.path);
        }
        let enclosed = read(bytes, "").len();
        assert!(enclosed > 1);
        let none = look(&mut Cursor::new(text.as_bytes()), "message 9 segment 9", "");
        assert_eq!(none.original, Original::Bytes, "nothing of others is shown in its place");
    }
}

/// The resources of a bundle, one a line.
fn bundle_lines(bundle: &str) -> String {
    let bundle: serde_json::Value = serde_json::from_str(bundle).unwrap();
    let lines = bundle["entry"].as_array().unwrap().iter().map(|it| it["resource"].to_string());
    lines.collect::<Vec<_>>().join("\n")
}

/// The documents of a report or letter whose bytes come in these parts: media type and bytes.
fn in_parts(head: &str, parts: &[(&str, &str)]) -> Vec<(String, Vec<u8>)> {
    let mut text = format!(
        "MSH|^~\\&|EHR|NORTH|||20260704||{head}|C1|P|2.5.1\rPID|1||77^^^NORTH^MR||Doe^Jane||19800101|F\r"
    );
    text += match &head[..3] {
        "MDM" => "TXA|1|CN|TX|20260704||||||||D-9|||||AU|U|AV\r",
        _ => "OBR|1||F1|11488-4^Consult note^LN|||20260704\r",
    };
    for (n, (media, data)) in parts.iter().enumerate() {
        let n = n + 1;
        let _ = write!(text, "OBX|{n}|ED|11488-4^Note^LN|{n}|EHR^{media}^Base64^{data}||||||F\r");
    }
    let members = read(text.as_bytes(), "");
    let person = &members[0].outcome.as_ref().unwrap().people[0];
    let documents = person.statements.iter().filter_map(|it| match &it.content {
        Content::Document(it) if !it.data_base64.is_empty() => {
            Some((it.content_type.clone(), STANDARD.decode(&it.data_base64).unwrap()))
        }
        Content::Document(it) if !it.text.is_empty() => {
            Some((it.content_type.clone(), it.text.clone().into_bytes()))
        }
        _ => None,
    });
    documents.collect()
}

#[test]
fn bytes_that_are_cut_over_several_segments_are_one_document() {
    let pdf = [b"%PDF-1.7\n".to_vec(), (0..=255_u8).cycle().take(3_000).collect()].concat();
    let packed_pdf = STANDARD.encode(&pdf);
    let letter = ccda("Doe", "19800101");
    for head in ["MDM^T02", "ORU^R01"] {
        // Wherever the sender cuts.
        for at in [1_000, 1_001, 1_002, 1_003] {
            let (one, rest) = packed_pdf.split_at(at);
            let (two, three) = rest.split_at(at);
            let media = "application^PDF";
            let parts = [(media, one), (media, two), (media, three)];
            let read = in_parts(head, &parts);
            assert_eq!(read.len(), 1, "{head} {at}");
            assert!(read[0] == ("application/pdf".to_owned(), pdf.clone()), "{head} {at}");
        }
        let packed_letter = packed(&letter);
        let (one, two) = packed_letter.split_at(1_200);
        let read = in_parts(head, &[("text^XML", one), ("text^XML", two)]);
        assert!(read == [("text/xml".to_owned(), letter.clone().into_bytes())], "{head}");
        // Documents that begin anew stay several.
        let other = STANDARD.encode([b"%PDF-1.4\n".to_vec(), vec![7; 300]].concat());
        let pdfs = [("application^PDF", &*packed_pdf), ("application^PDF", &*other)];
        assert_eq!(in_parts(head, &pdfs).len(), 2, "{head}");
        let (one, two) = (packed("first words"), packed("second words"));
        assert_eq!(
            in_parts(head, &[("TEXT^PLAIN", &one), ("TEXT^PLAIN", &two)]).len(),
            2,
            "{head}"
        );
    }
    let (one, two) = letter.split_at(900);
    assert_eq!(one.len() % 3, 0, "no sign of an end in its base64");
    let text = mdm("T02", &packed(one))
        + &format!("OBX|2|ED|34133-9^Summary^LN||EHR^text^XML^Base64^{}\r", packed(two));
    assert_eq!(problems(&read(text.as_bytes(), "")[1]), asthma(), "put together, it is read");
}
