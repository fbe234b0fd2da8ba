//! What happened: visits, doses, documents, merges; messages about staff and about nobody; the file
//! around the messages.

use super::{check, export, line, told};
use almoner_core::clinical::Content;
use almoner_core::export::Severity;
use almoner_formats::read;

#[test]
fn doses_carry_what_is_said_of_them() {
    let found = export(
        "RSP^K11",
        "ORC|RE||D1
         RXA|0|1|20260601||115^Tdap^CVX|0.5|mL||00^New^NIP001||||||L1|||||CP
         RXR|IM
         OBX|1|CE|64994-7^Eligibility^LN||V01^Not eligible
         OBX|2|DT|29769-7^Sheet given^LN||20260601
         ORC|RE||D2
         RXA|0|1|20260601||998^None^CVX|999
         OBX|1|CE|59784-9^Disease with presumed immunity^LN||38907003^Varicella^SCT||||||F",
    );
    let statements = &found.people[0].statements;
    assert_eq!(statements[0].narrative, "New\nEligibility: Not eligible\nSheet given: 2026-06-01");
    let lines: Vec<String> = statements.iter().map(line).collect();
    assert_eq!(lines[0], "immunization | Tdap | completed | #D1");
    assert!(lines[1].starts_with("result | Disease with presumed immunity"), "{lines:?}");
    assert_eq!(lines.len(), 2);
}

#[test]
fn notes_belong_to_what_stands_before_them() {
    let found = export(
        "ORU^R01",
        "PV1|1|O|||||||||||||||||V1
         NTE|1||About the visit
         OBR|1||F1|GLU^Glucose^L|||20260701||||||||||||||||||F
         OBX|1|NM|2345-7^Glucose^LN||99|mg/dL|||||F
         NTE|1||Fasting
         OBR|2||F2|CULT^Culture^L|||20260701||||||||||||||||||F
         NTE|1||Not enough material
         OBR|3||F3|NA^Sodium^L|||20260701
         OBX|1|NM|2951-2^Sodium^LN||140|mmol/L|||||F",
    );
    let statements = &found.people[0].statements;
    assert_eq!(statements[0].narrative, "About the visit");
    let notes: Vec<(&str, &str)> = statements
        .iter()
        .filter_map(|s| match &s.content {
            Content::Observation(o) => Some((o.code.label(), &*o.note)),
            _ => None,
        })
        .collect();
    let expected = [("Glucose", "Fasting"), ("Culture", "Not enough material"), ("Sodium", "")];
    assert_eq!(notes, expected, "a panel of a note alone is not lost, nor put on another result");
}

#[test]
fn a_document_that_replaces_another_says_so() {
    let found = export(
        "MDM^T10",
        "TXA|1|DS|TX|20260703||||||||D2^NORTH|D1^NORTH||||AU||AV
         OBX|1|TX|X^Text^L||New words||||||F",
    );
    let documents: Vec<(&str, &str, &str)> = found.people[0]
        .statements
        .iter()
        .map(|s| match &s.content {
            Content::Document(d) => (&*d.identifiers[0].value, &*d.status, &*d.text),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(documents, [("D2", "current", "New words"), ("D1", "superseded", "")]);
    let plain = export("MDM^T02", "TXA|1|DS|TX|||||||||D2^NORTH|D1^NORTH");
    assert_eq!(plain.people[0].statements.len(), 1, "an addendum leaves its parent in force");
}

#[test]
fn visits_that_pause_swap_or_come_twice() {
    let status = |event: &str| {
        let lines = told(&format!("ADT^{event}"), "PV1|1|I|||||||||||||||||V1");
        lines[0].split(" | ").nth(2).unwrap().to_owned()
    };
    for (event, expected) in [
        ("A17", "in-progress"),
        ("A21", "onleave"),
        ("A22", "in-progress"),
        ("A52", "in-progress"),
        ("A53", "onleave"),
        ("A32", "in-progress"),
        ("A54", "unknown"),
        ("A25", "in-progress"),
        ("A27", "cancelled"),
        ("A14", "planned"),
    ] {
        assert_eq!(status(event), expected, "{event}");
    }
    check(&[(
        "ADT^A08",
        "PV1|1|O|||||||||||||||||V1
         PV1|2|E|||||||||||||||||V2
         PV1|3|O|||||||||||||||||V1",
        &["encounter | AMB | unknown | #V1", "encounter | EMER | unknown | #V2"],
    )]);
}

#[test]
fn staff_of_a_master_file() {
    let text = "MSH|^~\\&|E|NORTH|||20260704||MFN^M02|1|P|2.5.1\rMFI|STF|||||NE\r\
        MFE|MAD|||7\rSTF|7|U7^^^NORTH|Welby^Marcus^^^Dr|||A||||^WPN^PH^^^617^5550000|1 Main St^^Boston^MA\r\
        PRA|7||||Cardiology^Board|1234567893^NPI~77^SL^MA\r\
        MFE|MDL|||8\rSTF|8|U8|Gone^Gina";
    let export = read(text.as_bytes(), "x").remove(0).outcome.unwrap();
    assert!(export.people.is_empty());
    assert_eq!(export.shared.len(), 1);
    let Content::Practitioner(person) = &export.shared[0].content else { panic!() };
    let ids: Vec<(&str, &str)> = person.identifiers.iter().map(|i| (&*i.kind, &*i.value)).collect();
    assert_eq!(ids, [("SL", "77"), ("NPI", "1234567893"), ("", "U7")]);
    assert_eq!(person.specialty.as_ref().unwrap().label(), "Cardiology");
    assert_eq!((&*person.names[0].family, &*person.telecoms[0].value), ("Welby", "617-5550000"));
    let codes: Vec<&str> = export.problems.iter().map(|p| &*p.code).collect();
    assert_eq!(codes, ["staff_entry_withdrawn"]);
}

#[test]
fn messages_about_nobody_have_no_effect() {
    for (type_, rest) in [
        ("ACK^A01", "MSA|AA|9"),
        ("QBP^Q22", "QPD|Q22|1|@PID.5.1^DOE\rRCP|I"),
        ("QRY^A19", "QRD|20260704|R|I|1|||1|77|DEM"),
        ("VXQ^V01", "QRD|20260704|R|I|1|||1|77|VXI"),
        ("RSP^K22", "MSA|AA|9\rQAK|1|NF"),
        ("MFN^M05", "MFI|LOC|||||NE\rMFE|MAD|||L1\rLOC|L1"),
    ] {
        let text = format!("MSH|^~\\&|E|NORTH|||20260704||{type_}|1|P|2.5.1\r{rest}");
        let export = read(text.as_bytes(), "x").remove(0).outcome.unwrap();
        assert!(export.people.is_empty() && export.shared.is_empty(), "{type_}");
        let told: Vec<_> = export.problems.iter().map(|p| (p.severity, &*p.code)).collect();
        assert_eq!(told, [(Severity::Info, "message_without_patient")], "{type_}");
    }
}

#[test]
fn numbers_used_twice_and_foreign_escapes_are_said() {
    let head = "MSH|^~\\&|E|N|||20260704||ADT^A08|1|P|2.5\rPID|1||5^^^N||";
    let codes = |text: &str| {
        let export = read(text.as_bytes(), "x").remove(0).outcome.unwrap();
        export.problems.into_iter().map(|p| p.code).collect::<Vec<_>>()
    };
    assert!(codes(&format!("{head}Doe\r{head}Doe\r")).is_empty(), "the same twice is no news");
    assert_eq!(codes(&format!("{head}Doe\r{head}Roe\r")), ["control_id_repeated"]);
    assert_eq!(codes(&format!("{head}D\\Z1\\e\r")), ["escape_kept"]);
    assert!(codes(&format!("{head}D\\T\\e\r")).is_empty());
    let trailer = codes(&format!("FHS@^~#&\rBHS@^~#&\r{head}Doe\rBTS@2@\rFTS@1"));
    assert_eq!(trailer, ["batch_count_differs"], "trailers have the marks of their headers");
}

#[test]
fn the_xml_encoding_is_read_like_the_other() {
    let xml = "<?xml version=\"1.0\"?>
        <ORU_R01 xmlns=\"urn:hl7-org:v2xml\">
          <MSH><MSH.1>|</MSH.1><MSH.2>^~\\&amp;</MSH.2><MSH.4><HD.1>NORTH</HD.1></MSH.4>
            <MSH.7><TS.1>20260704120000</TS.1></MSH.7>
            <MSH.9><MSG.1>ORU</MSG.1><MSG.2>R01</MSG.2></MSH.9><MSH.10>C1</MSH.10>
            <MSH.11><PT.1>P</PT.1></MSH.11><MSH.12><VID.1>2.5.1</VID.1></MSH.12></MSH>
          <ORU_R01.PATIENT_RESULT><ORU_R01.PATIENT>
            <PID><PID.3><CX.1>77</CX.1><CX.4><HD.1>NORTH</HD.1></CX.4><CX.5>MR</CX.5></PID.3>
              <PID.3><CX.1>78</CX.1></PID.3>
              <PID.5><XPN.1><FN.1>Smith &amp; Doe</FN.1></XPN.1><XPN.2>Jane</XPN.2></PID.5></PID>
          </ORU_R01.PATIENT><ORU_R01.ORDER_OBSERVATION>
            <OBR><OBR.3><EI.1>F1</EI.1></OBR.3><OBR.4><CE.1>GLU</CE.1></OBR.4></OBR>
            <OBX><OBX.2>TX</OBX.2><OBX.3><CE.1>1</CE.1></OBX.3>
              <OBX.5>one<escape V=\".br\"/>two</OBX.5><OBX.11>F</OBX.11></OBX>
          </ORU_R01.ORDER_OBSERVATION></ORU_R01.PATIENT_RESULT>
        </ORU_R01>";
    let export = read(xml.as_bytes(), "x.xml").remove(0).outcome.unwrap();
    assert_eq!((&*export.format, &*export.version, &*export.document), ("hl7v2", "2.5.1", "oru"));
    let person = &export.people[0];
    let ids: Vec<&str> = person.patient.identifiers.iter().map(|id| &*id.value).collect();
    assert_eq!((ids, &*person.patient.names[0].family), (vec!["77", "78"], "Smith & Doe"));
    let Content::Observation(result) = &person.statements[0].content else { panic!() };
    assert_eq!(result.value, almoner_core::clinical::Value::Text("one\ntwo".to_owned()));
    let place = &person.statements[0].place;
    let look = almoner_formats::original::look(&mut std::io::Cursor::new(xml), "", place);
    let almoner_formats::original::Original::Segments(pieces) = look.original else { panic!() };
    let marked: Vec<&str> = pieces.iter().filter(|p| p.marked).map(|p| &*p.kind).collect();
    assert_eq!(marked, ["OBX"]);
}

#[test]
fn every_version_and_event_gives_its_patient() {
    let versions = [
        "2.1", "2.2", "2.3", "2.3.1", "2.4", "2.5", "2.5.1", "2.6", "2.7", "2.7.1", "2.8", "", "9",
    ];
    let mut types: Vec<String> = (1..=62).map(|n| format!("ADT^A{n:02}")).collect();
    types.extend((12..=27).map(|n| format!("SIU^S{n:02}")));
    types.extend((1..=11).map(|n| format!("MDM^T{n:02}")));
    types.extend((12..=15).flat_map(|n| [format!("REF^I{n}"), format!("RRI^I{n}")]));
    types.extend((8..=11).flat_map(|n| [format!("RQA^I{n:02}"), format!("RPA^I{n:02}")]));
    types.extend(
        ["ORU^R01", "ORU^R30", "OUL^R22", "VXU^V04", "RDE^O11", "ZZZ^Z99", "ADT"]
            .map(str::to_owned),
    );
    for version in versions {
        for type_ in &types {
            let text = format!(
                "MSH|^~\\&|E|N|||202607041200-0500||{type_}|1|P|{version}\rEVN||20260704\r\
                 PID|1|A1|77^^^N^MR|B1|Doe^Jane^^^^^L||19800101|F\rZPD|1|x\rPV1|1|I"
            );
            let export = read(text.as_bytes(), "x").remove(0).outcome.unwrap();
            assert_eq!(export.people.len(), 1, "{type_} {version}");
            let person = &export.people[0];
            assert_eq!(person.patient.names[0].family, "Doe", "{type_} {version}");
            let message = person.message.as_ref().unwrap();
            assert_eq!(message.at.as_ref().unwrap().as_str(), "2026-07-04T12:00:00-05:00");
        }
    }
}

#[test]
fn a_merge_names_the_record_that_is_given_up() {
    use almoner_core::export::How;
    for event in ["A18", "A30", "A34", "A36", "A39", "A40", "A47"] {
        let found = export(&format!("ADT^{event}"), "MRG|9^^^N^MR||A7");
        assert!(found.problems.is_empty(), "{event}: {:?}", found.problems);
        let other = &found.people[0].others[0];
        assert_eq!((other.how, &*other.identifiers[0].value), (How::Merged, "9"), "{event}");
        let own = &found.people[0].patient.identifiers;
        assert!(own.iter().all(|id| id.value != "9"), "{event}: never the patient's own number");
    }
    for (event, code) in [
        ("A35", "merge_kept_for_review"),
        ("A41", "merge_kept_for_review"),
        ("A45", "merge_kept_for_review"),
        ("A24", "merge_incomplete"),
        ("A37", "merge_incomplete"),
    ] {
        let found = export(&format!("ADT^{event}"), "MRG|9^^^N^MR||A7");
        let codes: Vec<&str> = found.problems.iter().map(|p| &*p.code).collect();
        assert_eq!(codes, [code], "{event}");
        assert!(found.people[0].others.is_empty(), "{event}");
    }
    let none = export("ADT^A40", "MRG|^^^N^MR");
    assert_eq!(none.problems[0].code, "merge_incomplete", "a number without a value is none");
}
