//! What the events and fields of HL7 v2 mean: made-up messages, one rule each.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::case_sensitive_file_extension_comparisons)]

use almoner_core::clinical::{Content, Document, Encounter, FactKind, Observation, Other, Value};
use almoner_core::export::{Export, How, PersonStatements, Sense, Statement};
use almoner_formats::read;

fn message(type_: &str, segments: &[&str]) -> String {
    let head = format!("MSH|^~\\&|EHR|NORTH|||20260704120000||{type_}|C1|P|2.5.1");
    let pid = "PID|1||77^^^NORTH^MR||Doe^Jane||19800101|F";
    let mut all = vec![head.as_str()];
    if !segments.iter().any(|segment| segment.starts_with("PID")) {
        all.push(pid);
    }
    all.extend(segments);
    all.join("\r")
}

fn export(text: &str) -> Export {
    read(text.as_bytes(), "x.hl7").remove(0).outcome.unwrap()
}

fn person(type_: &str, segments: &[&str]) -> PersonStatements {
    export(&message(type_, segments)).people.remove(0)
}

fn encounter(type_: &str, segments: &[&str]) -> Encounter {
    let person = person(type_, segments);
    let found = person.statements.into_iter().find_map(|s| match s.content {
        Content::Encounter(encounter) => Some(encounter),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("{type_} gave no encounter"))
}

fn observations(segments: &[&str]) -> Vec<(Observation, Statement)> {
    let statements = person("ORU^R01", segments).statements.into_iter();
    let found = statements.filter_map(|s| match &s.content {
        Content::Observation(observation) => Some((observation.clone(), s.clone())),
        _ => None,
    });
    found.collect()
}

fn document(type_: &str, segments: &[&str]) -> (Document, Statement) {
    let statement = person(type_, segments).statements.remove(0);
    match &statement.content {
        Content::Document(document) => (document.clone(), statement),
        other => panic!("{other:?}"),
    }
}

fn other(type_: &str, segments: &[&str], kind: FactKind) -> Other {
    let mut statements = person(type_, segments).statements.into_iter();
    let found = statements.find_map(|s| match s.content {
        Content::Other(other) if other.kind == kind => Some(other),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("{type_} gave none"))
}

fn codes(export: &Export) -> Vec<&str> {
    export.problems.iter().map(|problem| problem.code.as_str()).collect()
}

fn pv1(class: &str, disposition: &str, admit: &str, discharge: &str) -> String {
    let mut fields = vec![""; 46];
    for (n, value) in [
        (0, "PV1"),
        (2, class),
        (3, "ICU^1^A"),
        (19, "V9^^^NORTH^VN"),
        (36, disposition),
        (44, admit),
        (45, discharge),
    ] {
        fields[n] = value;
    }
    fields.join("|")
}

#[test]
fn the_event_tells_the_visit() {
    let evn = "EVN||20260703101500|||||";
    for (event, pv1, status, start, end) in [
        ("A01", pv1("I", "", "20260701", ""), "in-progress", "2026-07-01", ""),
        ("A01", pv1("I", "", "", ""), "in-progress", "2026-07-03T10:15:00", ""),
        ("A04", pv1("E", "", "", ""), "in-progress", "2026-07-03T10:15:00", ""),
        ("A05", pv1("P", "", "", ""), "planned", "", ""),
        ("A03", pv1("I", "01", "20260701", "20260703"), "finished", "2026-07-01", "2026-07-03"),
        ("A03", pv1("I", "", "", ""), "finished", "", "2026-07-03T10:15:00"),
        ("A03", pv1("I", "", "", "00000000"), "finished", "", "2026-07-03T10:15:00"),
        ("A08", pv1("I", "", "20260701", ""), "unknown", "2026-07-01", ""),
        ("A08", pv1("I", "", "", "20260702"), "finished", "", "2026-07-02"),
        ("A08", pv1("I", "03", "", ""), "finished", "", "2026-07-03T10:15:00"),
        ("A11", pv1("I", "", "20260701", ""), "cancelled", "2026-07-01", ""),
        ("A38", pv1("P", "", "", ""), "cancelled", "", ""),
        ("A13", pv1("I", "01", "20260701", "20260703"), "in-progress", "2026-07-01", ""),
        ("A02", pv1("I", "", "20260701", ""), "in-progress", "2026-07-01", ""),
    ] {
        let found = encounter(&format!("ADT^{event}"), &[evn, &pv1]);
        let text = |when: Option<almoner_core::clinical::When>| {
            when.map(|when| when.to_string()).unwrap_or_default()
        };
        let got = (&*found.status, text(found.period.start), text(found.period.end));
        assert_eq!(got, (status, start.to_owned(), end.to_owned()), "{event} {pv1}");
        assert_eq!(found.identifiers[0].value, "V9");
    }
}

#[test]
fn the_visit_in_full() {
    let visit = encounter(
        "ADT^A03",
        &[
            "EVN||20260703||||20260702235900|SOUTH",
            &pv1("I", "1", "20260701", ""),
            "PV2|||CHF^Heart failure^L",
            "DG1|1||I50.9^Heart failure^I10|||A",
            "DG1|2||I10^Hypertension^I10|||F",
        ],
    );
    assert_eq!(visit.class, "IMP");
    assert_eq!(visit.location, "ICU, 1, A");
    assert_eq!(visit.service_provider.unwrap().display, "SOUTH");
    assert_eq!(visit.period.end.unwrap().as_str(), "2026-07-02T23:59:00", "EVN-6 before EVN-2");
    assert_eq!(visit.discharge_disposition.unwrap().codings[0].code, "01");
    assert_eq!(visit.reason[0].label(), "Heart failure");
    let roles: Vec<_> = visit.diagnoses.iter().map(|d| d.role.as_str()).collect();
    assert_eq!(roles, ["AD", "DD"]);
    let observed = pv1("I", "", "", "").replace("ICU^1^A|||||||", "ICU^1^A|||||||OBS");
    assert_eq!(encounter("ADT^A01", &[&observed]).class, "OBSENC");
}

#[test]
fn the_patient_in_full() {
    let pid = "PID|1|OLD1|77^^^NORTH&1.2.3&ISO^MR~123456789^^^USA^SS|ALT9|Doe^Jane^Q^^Dr^^L~Janey^J^^^^^N\
        ||19800101120000-0500|F||2106-3^White^HL70005|1 Main St^Apt 2^Boston^MA^02101^USA^H\
        ||^PRN^PH^^^617^5551212~^NET^Internet^jane@example.org|^WPN^PH^^^617^5550000|SPA^Spanish|M|\
        |A5^^^NORTH||||H||Y|1||||20260101|Y";
    let patient = person("ADT^A08", &[pid, "PD1||||123^Welby^Marcus"]).patient;
    let ids: Vec<_> =
        patient.identifiers.iter().map(|i| (&*i.system, &*i.value, &*i.kind)).collect();
    assert_eq!(
        ids,
        [
            ("urn:oid:1.2.3", "77", "MR"),
            ("http://hl7.org/fhir/sid/us-ssn", "123456789", "SS"),
            ("NORTH", "OLD1", "external"),
            ("NORTH", "ALT9", "alternate"),
            ("NORTH", "A5", "AN"),
        ]
    );
    assert_eq!((&*patient.names[0].use_, patient.names.len()), ("official", 2));
    assert_eq!(patient.names[0].given, ["Jane", "Q"]);
    assert_eq!(patient.birth_date.unwrap().as_str(), "1980-01-01");
    let telecoms: Vec<_> =
        patient.telecoms.iter().map(|t| (&*t.system, &*t.value, &*t.use_)).collect();
    assert_eq!(
        telecoms,
        [
            ("phone", "617-5551212", "home"),
            ("email", "jane@example.org", "home"),
            ("phone", "617-5550000", "work"),
        ]
    );
    assert_eq!(patient.communications[0].language, "es");
    assert_eq!(patient.ethnicity[0].codings[0].code, "2135-2");
    assert_eq!(patient.marital_status.unwrap().codings[0].code, "M");
    assert!(patient.deceased && patient.deceased_at.is_some() && patient.multiple_birth);
    assert_eq!(patient.general_practitioner[0].display, "Marcus Welby");
    assert_eq!(patient.addresses[0].lines, ["1 Main St", "Apt 2"]);
}

#[test]
fn results_by_type() {
    let obr = "OBR|1|P1|F1^LAB|24323-8^Panel^LN|||202607010800||||||||||||||202607011000||CH|F";
    let found = observations(&[
        obr,
        "NTE|1||Fasting",
        "OBX|1|NM|2339-0^Glucose^LN||120|mg/dL^mg/dL^UCUM|70-110|H|||F",
        "NTE|1||Repeated~and confirmed",
        "OBX|2|SN|1^Titre^L||^1^:^128||||||F",
        "OBX|3|SN|2^Bound^L||<^5|ng/mL|||||P",
        "OBX|4|CWE|3^Culture^L||27268008^Salmonella^SCT||||||C",
        "OBX|5|ST|4^Potassium^L||>=7.10|mmol/L|||||W",
        "OBX|6|ST|5^Colour^L||yellow||||||F",
        "OBX|7|NM|6^Not a number^L||NEGATIVE||||||F",
        "OBX|8|DT|7^Last menses^L||20260601||||||F",
        "OBX|9|SN|8^Range^L||^10^-^20||||||F",
        "OBX|10|NM|9^Pending^L||||||||I",
        "OBX|11|NM|8867-4^Heart rate^LN||72|/min|||||F",
    ]);
    let shown: Vec<String> = found
        .iter()
        .map(|(o, _)| match &o.value {
            Value::Quantity(q) => format!("{}{} {} {}", q.comparator, q.value, q.unit, o.status),
            Value::Concept(c) => format!("{} {}", c.label(), o.status),
            Value::Text(text) => format!("{text:?} {}", o.status),
            Value::When(when) => format!("{when} {}", o.status),
            Value::Range { low, high } => {
                format!("{}..{}", low.as_ref().unwrap().value, high.as_ref().unwrap().value)
            }
            other => format!("{other:?} {}", o.status),
        })
        .collect();
    assert_eq!(
        shown,
        [
            "120 mg/dL final",
            "\"1:128\" final",
            "<5 ng/mL preliminary",
            "Salmonella corrected",
            ">=7.10 mmol/L entered-in-error",
            "\"yellow\" final",
            "\"NEGATIVE\" final",
            "2026-06-01 final",
            "10..20",
            "Absent registered",
            "72 /min final",
        ]
    );
    let (first, statement) = &found[0];
    assert_eq!(first.note, "Fasting\nRepeated\nand confirmed");
    assert_eq!((&*first.category, &*first.reference_range), ("laboratory", "70-110"));
    assert_eq!(first.interpretation[0].label(), "H");
    assert_eq!(first.effective.start.as_ref().unwrap().as_str(), "2026-07-01T08:00:00");
    assert_eq!(statement.identifiers[0].value, "F1#2339-0");
    assert_eq!(found[10].0.kind(), FactKind::Vital);
}

#[test]
fn a_report_in_lines_is_one_result() {
    let found = observations(&[
        "OBR|1||F2|CXR^Chest^L|||20260701|||||||||||||||||RAD|F",
        "OBX|1|TX|IMP^Impression^L||No acute~  process.||||||F",
        "OBX|2|TX|IMP^Impression^L||See above.\\.br\\Signed.||||||F",
        "OBX|3|TX|REC^Advice^L||None||||||F",
    ]);
    assert_eq!(found.len(), 2);
    let text = "No acute\n  process.\nSee above.\nSigned.";
    assert_eq!(found[0].0.value, Value::Text(text.to_owned()));
    assert_eq!(found[0].0.category, "imaging");
}

#[test]
fn documents() {
    let txa = "TXA|1|DS^Discharge summary|TX|20260703||||||||D77^NORTH|||||AU|R|AV";
    let (text, statement) = document(
        "MDM^T02",
        &[txa, "OBX|1|TX|X^Text^L||Dear~colleague||||||F", "OBX|2|FT|X^Text^L||Bye||||||F"],
    );
    assert_eq!((&*text.text, &*text.content_type), ("Dear\ncolleague\nBye", "text/plain"));
    assert_eq!(text.type_.code_in("http://loinc.org"), Some("18842-5"));
    assert_eq!((statement.identifiers[0].value.as_str(), &*text.status), ("D77", "current"));
    assert_eq!(statement.labels, ["R"]);
    let obx = "OBX|1|ED|PDF^Report^L||EHR^AP^PDF^Base64^JVBERi0x\\.br\\LjcK||||||F";
    let (bytes, _) = document("MDM^T02", &[txa, obx]);
    assert_eq!((&*bytes.content_type, &*bytes.data_base64), ("application/pdf", "JVBERi0xLjcK"));
    let (cancelled, _) = document("MDM^T11", &[txa]);
    assert_eq!(cancelled.status, "entered-in-error");
    let (result, _) = document("ORU^R01", &["OBR|1||F9|CXR^Chest^L", obx]);
    assert_eq!(result.content_type, "application/pdf");
}

#[test]
fn appointments() {
    let sch = |status: &str| {
        format!(
            "SCH|P1|F1|||||CHECKUP|Normal|30|min|^^^20260801090000^20260801093000{}{status}",
            "|".repeat(14)
        )
    };
    for (event, said, status) in [
        ("S12", "BOOKED", "booked"),
        ("S12", "", "booked"),
        ("S14", "Complete", "fulfilled"),
        ("S15", "Booked", "cancelled"),
        ("S17", "", "entered-in-error"),
        ("S26", "Booked", "noshow"),
    ] {
        let found = other(&format!("SIU^{event}"), &[&sch(said)], FactKind::Appointment);
        assert_eq!((&*found.status, &*found.identifiers[0].value), (status, "F1"), "{event}");
        assert_eq!(found.period.start.unwrap().as_str(), "2026-08-01T09:00:00");
        assert_eq!(found.period.end.unwrap().as_str(), "2026-08-01T09:30:00");
    }
    let text = message("SIU^S12", &[&sch(""), "RGS|1", "AIS|1||CARD^Cardiology^L|20260802100000"]);
    let export = export(&text);
    assert!(codes(&export).contains(&"appointment_times_differ"));
}

#[test]
fn referrals_vaccines_allergies_coverage() {
    let referral = other(
        "REF^I12",
        &["RF1|A|R|Med|||R55^NORTH|20260701|20261001|||X9", "PRD|RT|Heart^Hanna"],
        FactKind::Referral,
    );
    assert_eq!((&*referral.status, &*referral.identifiers[0].value), ("active", "R55"));
    assert!(referral.note.contains("to: Hanna Heart"), "{}", referral.note);
    let vaccines = person(
        "VXU^V04",
        &[
            "ORC|RE||D1",
            "RXA|0|1|20260601||115^Tdap^CVX|0.5|mL||00^New^NIP001||||||L1|||||CP",
            "OBX|1|CE|64994-7^Eligibility^LN||V01",
            "ORC|RE||D2",
            "RXA|0|1|20260601||141^Flu^CVX|999||||||||||||00^Refused^NIP002||RE",
            "RXA|0|1|20260601||998^None^CVX|999",
        ],
    );
    let senses: Vec<_> = vaccines.statements.iter().map(|s| s.sense).collect();
    assert_eq!(senses, [Sense::Stated, Sense::Negated]);
    let background = person(
        "ADT^A08",
        &[
            "AL1|1|DA|7980^Penicillin^RXNORM|SV|Hives~Wheeze|20200101",
            "AL1|2||NKFA^No known food allergies",
            "NK1|1|Doe^John|SPO^Spouse^HL70063||^PRN^CP^^^617^5551111",
            "IN1|1|PPO^Gold Plan|99|Acme Health||||G1|||20260101|20261231||PPO||SEL{}M123",
        ],
    );
    let kinds: Vec<_> = background.statements.iter().map(|s| (s.content.kind(), s.sense)).collect();
    assert_eq!(
        kinds,
        [
            (FactKind::Allergy, Sense::Stated),
            (FactKind::Allergy, Sense::NoneKnown),
            (FactKind::Relation, Sense::Stated),
            (FactKind::Coverage, Sense::Stated),
        ]
    );
    let Content::Allergy(allergy) = &background.statements[0].content else { panic!() };
    assert_eq!((&*allergy.category, &*allergy.criticality), ("medication", "high"));
    assert_eq!(allergy.reactions.len(), 2);
}

#[test]
fn merges_links_and_deletions_are_told() {
    let text = message(
        "ADT^A40^ADT_A39",
        &["PID|1||1^^^N^MR||A^A", "MRG|9^^^N^MR", "PID|2||2^^^N^MR||B^B", "MRG|8^^^N^MR"],
    );
    let merge = export(&text);
    let ids: Vec<_> = merge
        .people
        .iter()
        .map(|p| {
            let gone = &p.others[0].identifiers[0].value;
            (&*p.patient.identifiers[0].value, &**gone, p.patient.identifiers.len())
        })
        .collect();
    assert_eq!(ids, [("1", "9", 1), ("2", "8", 1)], "each pair alone");
    assert!(codes(&merge).is_empty());
    let two = ["PID|1||1^^^N^MR||A^A", "PID|2||2^^^N^MR||A^A"];
    for (trigger, how) in [("A24", How::Linked), ("A37", How::Unlinked)] {
        let linked = export(&message(&format!("ADT^{trigger}"), &two));
        assert!(linked.people[0].others.is_empty());
        let other = &linked.people[1].others[0];
        assert_eq!((other.how, &*other.identifiers[0].value), (how, "1"));
    }
    let deleted = export(&message("ADT^A29", &[]));
    assert_eq!(codes(&deleted), ["deletion_kept_for_review"]);
}

#[test]
fn a_bad_message_costs_itself_only() {
    let good = message("ADT^A01", &[&pv1("I", "", "", "")]);
    let text = format!("FHS|^~\\&|A\rBHS|^~\\&|A\r{good}\rMSH|^~\r{good}\rBTS|3\rFTS|1\r");
    let export = export(&text);
    assert_eq!(export.people.len(), 2);
    assert_eq!(codes(&export), ["message_header_broken"]);
    let short = read(format!("{good}\rBTS|7").as_bytes(), "x").remove(0).outcome.unwrap();
    assert_eq!(codes(&short), ["batch_count_differs"]);
    let nobody = read(b"MSH|^~\\&|A|B|||20260101||ORU^R01|1|P|2.5\rOBR|1||F|X", "x");
    let nobody = nobody[0].outcome.as_ref().unwrap();
    assert_eq!((nobody.people.len(), codes(nobody)), (0, vec!["message_without_patient"]));
    let long = message("ADT^A01", &[&format!("ZZZ|{}", "x".repeat(70_000)), "NK1|1|Doe^Jo"]);
    let long = self::export(&long);
    assert_eq!(codes(&long), ["segment_too_long"]);
    assert_eq!(long.people[0].statements.len(), 1);
}

#[test]
fn withdrawn_values_are_not_text() {
    let text = message("ADT^A31", &["PID|1||77^^^N^MR||Doe^\"\"||\"\"|F|||\"\"^\"\"^\"\""]);
    let export = export(&text);
    let patient = &export.people[0].patient;
    assert!(patient.names[0].given.is_empty() && patient.birth_date.is_none());
    assert!(patient.addresses.is_empty());
    assert_eq!(codes(&export), ["value_withdrawn"]);
}

#[test]
fn custom_marks_utf16_and_windows_1252() {
    let text = "MSH@~&#\\@EHR@N@@@20260101@@ADT~A08@1@P@2.3\rPID@1@@5~~~N~MR@@M#S#r~Jo@@19800101@F";
    let custom = &export(text).people[0].patient;
    assert_eq!(custom.names[0].family, "M~r");
    let wide: Vec<u8> = "\u{FEFF}MSH|^~\\&|E|N|||20260101||ADT^A08|1|P|2.3\rPID|1||5^^^N||Müller^J"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let wide = read(&wide, "x").remove(0).outcome.unwrap();
    assert_eq!(wide.people[0].patient.names[0].family, "Müller");
    let old = b"MSH|^~\\&|E|N|||20260101||ADT^A08|1|P|2.3\rPID|1||5^^^N||M\xFCller^J";
    let old = read(old, "x").remove(0).outcome.unwrap();
    assert_eq!(old.people[0].patient.names[0].family, "Müller");
    assert_eq!(codes(&old), ["encoding_assumed"]);
}

#[test]
fn segments_on_one_line_are_taken_apart() {
    let text = "MSH|^~\\&|A|B|||20260704||ADT^A01|9|P|2.3 EVN|A01|20260704 PID|1||77^^^NORTH^MR||Doe^Jane PID Ann||19800101|F \
                PV1|1|I|4 West^1||||||||||||||||V-1 DG1|1|I10|J45.9^Asthma^I10||20260704|A\n\
                MSH|^~\\&|A|B|||20260704||ADT^A08|10|P|2.3 PID|1||78^^^NORTH^MR||Roe^Rick||19810101|M\n";
    let export = export(text);
    let names: Vec<String> = export
        .people
        .iter()
        .map(|it| format!("{} {}", it.patient.names[0].family, it.patient.names[0].given.join(" ")))
        .collect();
    assert_eq!(names, ["Doe Jane PID Ann", "Roe Rick"], "words stay words");
    assert_eq!(export.people[0].statements.len(), 2, "the stay and its diagnosis");
    assert_eq!(export.problems.last().unwrap().code, "segments_on_one_line");
    let places = almoner_formats::hl7v2::pieces(text);
    assert!(places.iter().any(|it| it.kind == "DG1" && it.place == "message 1 segment 5"));
}

#[test]
fn a_procedure_without_a_system_has_that_of_its_method() {
    let procedure = |segment: &str| {
        let statement = person("BAR^P01", &[segment]).statements.remove(0);
        let Content::Procedure(it) = statement.content else { panic!("{segment}") };
        it.code.codings[0].system.clone()
    };
    assert_eq!(procedure("PR1|1|CPT|73630||20260704"), almoner_core::clinical::system::CPT);
    assert_eq!(procedure("PR1|1||73630^X-ray^C4||20260704"), almoner_core::clinical::system::CPT);
    assert_eq!(procedure("PR1|1|OURS|73630||20260704"), "");
}
