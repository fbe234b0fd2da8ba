//! Messages of every kind that carries something for a chart, made up from the standard: what each
//! becomes, one line per statement.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use almoner_core::clinical::{Concept, Content, Identifier, Period, When};
use almoner_core::export::{Export, Sense, Statement};
use almoner_formats::read;

/// A message about Jane Doe, one segment on each line; blanks around them do not count.
fn export(type_: &str, segments: &str) -> Export {
    let head = format!("MSH|^~\\&|EHR|NORTH|||20260704120000||{type_}|C1|P|2.5.1");
    let pid = "PID|1||77^^^NORTH^MR||Doe^Jane||19800101|F";
    let mut all = vec![head.as_str()];
    let segments: Vec<&str> = segments.lines().map(str::trim).filter(|s| !s.is_empty()).collect();
    if !segments.iter().any(|segment| segment.starts_with("PID")) {
        all.push(pid);
    }
    all.extend(segments);
    read(all.join("\r").as_bytes(), "x.hl7").remove(0).outcome.unwrap()
}

/// What the message says, one line per statement.
fn told(type_: &str, segments: &str) -> Vec<String> {
    let export = export(type_, segments);
    export.people.iter().flat_map(|person| &person.statements).map(line).collect()
}

fn line(statement: &Statement) -> String {
    let sense = match statement.sense {
        Sense::Stated => "",
        Sense::Negated => "not ",
        Sense::NoneKnown => "none ",
    };
    let cells = cells(&statement.content);
    let mut cells: Vec<String> = cells.into_iter().filter(|cell| !cell.is_empty()).collect();
    cells.insert(0, format!("{sense}{}", statement.content.kind().key()));
    let ids: Vec<&str> = statement.identifiers.iter().map(|id: &Identifier| &*id.value).collect();
    if !ids.is_empty() {
        cells.push(format!("#{}", ids.join(" #")));
    }
    cells.join(" | ")
}

fn cells(content: &Content) -> Vec<String> {
    let code = |concept: &Concept| concept.label().to_owned();
    match content {
        Content::Condition(c) => vec![
            code(&c.code),
            c.category.clone(),
            [&*c.clinical_status, &*c.verification_status].concat(),
            day(c.onset.as_ref()),
            day(c.abatement.as_ref()),
        ],
        Content::Medication(m) => vec![
            code(&m.code),
            format!("{:?} {}", m.use_, m.status),
            m.dose.as_ref().map(|q| format!("{} {}", q.value, q.unit)).unwrap_or_default(),
            m.route.as_ref().map(code).unwrap_or_default(),
            m.frequency.clone(),
            m.sig.clone(),
            span(&m.period),
            m.refills.map(|n| format!("{n} refills")).unwrap_or_default(),
        ],
        Content::Procedure(p) => vec![code(&p.code), span(&p.performed)],
        Content::Encounter(e) => vec![e.class.clone(), e.status.clone(), span(&e.period)],
        Content::Coverage(c) => vec![c.payor.clone(), c.plan.clone(), c.group.clone()],
        Content::Observation(o) => vec![code(&o.code), format!("{:?}", o.value), o.note.clone()],
        Content::Immunization(i) => vec![code(&i.code), i.status.clone()],
        Content::Other(o) => vec![
            o.resource_type.clone(),
            code(&o.code),
            o.status.clone(),
            span(&o.period),
            o.note.clone(),
        ],
        other => panic!("{other:?}"),
    }
}

fn day(when: Option<&When>) -> String {
    when.map(|when| when.as_str().to_owned()).unwrap_or_default()
}

fn span(period: &Period) -> String {
    let ends = [day(period.start.as_ref()), day(period.end.as_ref())];
    if ends.iter().all(String::is_empty) { String::new() } else { ends.join("..") }
}

/// Type, segments, and the statements they become.
type Case = (&'static str, &'static str, &'static [&'static str]);

fn check(cases: &[Case]) {
    for (type_, segments, expected) in cases {
        assert_eq!(told(type_, segments), *expected, "{type_}\n{segments}");
    }
}

#[test]
fn orders_are_requests() {
    check(&[
        (
            "ORM^O01",
            "ORC|NW|P1|F1||||^^^20260710^^S||20260704|||9^Welby^Marcus
             OBR|1|P1|F1|71020^Chest X-ray^C4|||||||||Cough for weeks|||||||||||RAD|||||||R05^Cough^I10
             NTE|1||Call first",
            &["care_plan | ServiceRequest | Chest X-ray | active | 2026-07-10.. | \
               stat; Cough; Cough for weeks\nCall first | #P1 #F1"],
        ),
        (
            "OMG^O19",
            "ORC|NW|P2
             OBR|1|P2||REFCARD^Referral to cardiology^L||20260705",
            &["referral | ServiceRequest | Referral to cardiology | active | 2026-07-05.. | #P2"],
        ),
        (
            "OML^O21",
            "ORC|NW|P3||||||||||||
             OBR|1|P3||2339-0^Glucose^LN
             ORC|CA|P4
             OBR|1|P4||718-7^Hemoglobin^LN
             ORC|DC|P5
             OBR|1|P5||777-3^Platelets^LN",
            &[
                "care_plan | ServiceRequest | Glucose | active | #P3",
                "care_plan | ServiceRequest | Hemoglobin | active | cancellation requested | #P4",
                "care_plan | ServiceRequest | Platelets | revoked | #P5",
            ],
        ),
        (
            "OSU^O51",
            "ORC|SC|P6|F6||CM
             ORC|OH|P7|F7",
            &[
                "care_plan | ServiceRequest | Order | completed | #P6 #F6",
                "care_plan | ServiceRequest | Order | on-hold | #P7 #F7",
            ],
        ),
    ]);
}

#[test]
fn medicines_are_ordered_and_given() {
    check(&[
        (
            "ORM^O01",
            "ORC|NW|M1|||||^BID^^20260704^20260714||20260704
             RXO|197380^Atenolol 25 MG^RXNORM|1||tab|||^Take with food||||||2
             RXR|PO^Oral^HL70162",
            &["medication | Atenolol 25 MG | Ordered active | 1 tab | Oral | BID | \
               Take with food | 2026-07-04..2026-07-14 | 2 refills | #M1"],
        ),
        (
            "RDE^O11",
            "ORC|DC|M2
             TQ1|1||Q8H||||20260701|20260705
             RXO|1^As ordered^L
             RXE|^^^^^|2^Amoxicillin^L|500||mg
             RXR|PO",
            &["medication | Amoxicillin | Ordered stopped | 500 mg | PO | Q8H | \
               2026-07-01..2026-07-05 | #M2"],
        ),
        (
            "RAS^O17",
            "ORC|RE|M3
             RXA|0|1|20260704080000||3^Heparin^L|5000|unit",
            &["medication | Heparin | Administered completed | 5000 unit | \
               2026-07-04T08:00:00.."],
        ),
    ]);
}

#[test]
fn authorizations_referrals_and_charges() {
    check(&[
        (
            "RPA^I08",
            "MSA|AA|C0
             RF1|A|R||||R1
             AUT|HMO^Gold|99|Acme Health|20260701|20260930|A55||8|6",
            &[
                "resource | ClaimResponse | Prior authorization | active | \
                 2026-07-01..2026-09-30 | Acme Health; requested 8; authorized 6 | #A55",
                "referral | ServiceRequest | Referral | active | accepted | #R1",
            ],
        ),
        (
            "RQA^I11",
            "AUT|||Acme Health|||A55",
            &["resource | ClaimResponse | Prior authorization | cancelled | Acme Health | #A55"],
        ),
        (
            "DFT^P03",
            "PV1|1|O|||||||||||||||||V1
             FT1|1|||20260703||CG|99213^Office visit^C4||||||||||||I10^Hypertension^I10~E11.9^Diabetes^I10|9^Welby^Marcus
             FT1|2|||20260703||CR|99213^Office visit^C4
             FT1|3|||20260703||CG|ROOM^Room charge^L",
            &[
                "encounter | AMB | unknown | #V1",
                "procedure | Office visit | 2026-07-03..",
                "condition | Hypertension | encounter-diagnosis",
                "condition | Diabetes | encounter-diagnosis",
            ],
        ),
        (
            "BAR^P01",
            "PV1|1|I|||||||||||||||||V2|||||||||||||||||||||||||20260701
             DG1|1||I50.9^Heart failure^I10|||F
             PR1|1||93000^ECG^C4||20260702
             IN1|1|PPO^Gold|99|Acme Health||||G1",
            &[
                "encounter | IMP | unknown | 2026-07-01.. | #V2",
                "condition | Heart failure | discharge-diagnosis",
                "procedure | ECG | 2026-07-02..",
                "coverage | Acme Health | Gold | G1",
            ],
        ),
    ]);
}

#[test]
fn problems_goals_and_notes_of_appointments() {
    check(&[
        (
            "PPR^PC1",
            "PRB|AD|20260704|I10^Hypertension^I10|B1||||||||||A^Active||20200101
             PRB|UP|20260704|E11.9^Diabetes^I10|B2|||20190101||20250101
             PRB|DE|20260704|X1^Mistake^L|B3",
            &[
                "condition | Hypertension | problem-list-item | active | 2020-01-01 | #B1",
                "condition | Diabetes | problem-list-item | resolved | 2019-01-01 | 2025-01-01 | #B2",
                "condition | Mistake | problem-list-item | entered-in-error | #B3",
            ],
        ),
        (
            "PGL^PC6",
            "GOL|AD|20260704|G1^Walk daily^L|W1|||20260704|20260901",
            &["goal | Goal | Walk daily | active | 2026-07-04..2026-09-01 | #W1"],
        ),
        (
            "SIU^S12",
            "SCH|P1|F1|||||CHECKUP||||^^^20260801090000
             NTE|1||Bring the list of medicines
             RGS|1
             AIP|1||9^Welby^Marcus",
            &["appointment | Appointment | CHECKUP | booked | 2026-08-01T09:00:00.. | \
               CHECKUP; Bring the list of medicines; Marcus Welby | #F1 #P1"],
        ),
    ]);
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
fn links_and_merges_are_said_and_nothing_is_merged() {
    for event in ["A24", "A34", "A35", "A36", "A37", "A40", "A45", "A47"] {
        let found = export(&format!("ADT^{event}"), "MRG|9^^^N^MR||A7");
        let codes: Vec<&str> = found.problems.iter().map(|p| &*p.code).collect();
        assert_eq!(codes, ["merge_kept_for_review"], "{event}");
        let ids = &found.people[0].patient.identifiers;
        assert!(ids.iter().any(|id| id.value == "9" && id.kind == "prior"), "{event}");
    }
}
