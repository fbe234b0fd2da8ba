//! What is asked for, planned and agreed: orders, medicines, appointments, referrals, problems, goals.

use super::{check, export, told};
use almoner_core::clinical::Content;

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
                "referral | ServiceRequest | Referral | active | accepted; routine | #R1",
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
fn appointments_are_moved_cancelled_and_asked_for() {
    let sch = |event_reason: &str, status: &str| {
        format!(
            "SCH|P1|F1||||{event_reason}|FOLLOWUP|Normal|30|min|^^^20260801090000||||||||||||||{status}"
        )
    };
    let base =
        "appointment | Appointment | Normal | booked | 2026-08-01T09:00:00..2026-08-01T09:30:00";
    for (event, event_reason, status, expected) in [
        ("S12", "", "", format!("{base} | FOLLOWUP | #F1 #P1")),
        (
            "S13",
            "PROVIDER^Doctor away",
            "Booked",
            format!("{base} | FOLLOWUP; Doctor away | #F1 #P1"),
        ),
        (
            "S14",
            "",
            "Started",
            format!("{base} | FOLLOWUP | #F1 #P1").replace("booked", "checked-in"),
        ),
        (
            "S15",
            "PAT^Patient ill",
            "Cancelled",
            format!("{base} | FOLLOWUP; Patient ill | #F1 #P1").replace("booked", "cancelled"),
        ),
        (
            "S14",
            "",
            "LEFT W/O SEEN",
            format!("{base} | FOLLOWUP | #F1 #P1").replace("booked", "noshow"),
        ),
        (
            "S14",
            "",
            "Waitlist",
            format!("{base} | FOLLOWUP | #F1 #P1").replace("booked", "waitlist"),
        ),
    ] {
        let segments = sch(event_reason, status);
        assert_eq!(told(&format!("SIU^{event}"), &segments), [expected], "{event} {status}");
    }
    assert!(told("SIU^S14", &sch("", "Blocked")).is_empty(), "blocked time is no appointment");
}

#[test]
fn appointments_have_resources_ends_and_requests() {
    check(&[
        (
            "SIU^S12",
            "SCH||F2||||||||||||||||||||||Booked
             TQ1|1||||||20260802100000
             RGS|1
             AIS|1||CARD^Cardiology^L||||45|min
             AIG|1||MRI1^MRI scanner^L
             AIL|1||NORTH CLINIC^12",
            &["appointment | Appointment | Cardiology | booked | \
               2026-08-02T10:00:00..2026-08-02T10:45:00 | MRI scanner; NORTH CLINIC, 12 | #F2"],
        ),
        (
            "SQR^S25",
            "SCH||F3|||||||||^^M20^20260803080000||||||||||||||Booked
             SCH||F4|||||||||^^H1^20260804080000-0500||||||||||||||Pending",
            &[
                "appointment | Appointment | pending | \
                 2026-08-04T08:00:00-05:00..2026-08-04T09:00:00-05:00 | #F4",
                "appointment | Appointment | booked | \
                 2026-08-03T08:00:00..2026-08-03T08:20:00 | #F3",
            ],
        ),
        (
            "SRM^S01",
            "ARQ|P5||||||CHECKUP^Check-up|Normal|20|min|20260805^20260812",
            &["appointment | Appointment | Normal | proposed | 2026-08-05.. | #P5"],
        ),
        (
            "SRM^S04",
            "ARQ|P5||||||CHECKUP^Check-up",
            &["appointment | Appointment | Check-up | proposed | cancellation requested | #P5"],
        ),
    ]);
}

#[test]
fn referrals_say_who_why_and_what_is_asked() {
    check(&[
        (
            "REF^I12",
            "RF1|P|A|MED|WR|O|R9^NORTH|20260704|20261004||S|X9
             PRD|RP|Welby^Marcus
             PRD|RT|Heart^Hanna||^^^HEART CENTER
             DG1|1||I50.9^Heart failure^I10
             OBR|1|||93306^Echocardiogram^C4
             NTE|1||Short of breath since May",
            &[
                "condition | Heart failure | encounter-diagnosis",
                "referral | ServiceRequest | Heart failure | active | 2026-07-04..2026-10-04 | \
                 pending; as soon as possible; medical; send written report; outpatient; \
                 second opinion; from: Marcus Welby; to: Hanna Heart, HEART CENTER; \
                 Echocardiogram; Short of breath since May | #R9 #X9",
            ],
        ),
        (
            "REF^I12",
            "PRD|RT|^^^^||^^^HEART CENTER",
            &["referral | ServiceRequest | Referral | active | to: HEART CENTER | #C1"],
        ),
        ("REF^I14", "RF1||||||R9^NORTH", &["referral | ServiceRequest | Referral | revoked | #R9"]),
        (
            "RRI^I12",
            "MSA|AA|C0
             RF1|R|||||R9^NORTH||||^Out of area|X9",
            &["referral | ServiceRequest | Referral | active | rejected; Out of area | #R9 #X9"],
        ),
    ]);
}

#[test]
fn what_is_dispensed_to_be_given_and_followed() {
    check(&[
        (
            "RDS^O13",
            "ORC|RE|M4
             RXD|1|860975^Metformin^RXNORM|20260701|60|tab||RX77|3",
            &["medication | Metformin | Ordered active | 60 tab | 2026-07-01.. | 3 refills | #M4"],
        ),
        (
            "RDS^O13",
            "ORC|RE|M5
             RXE||860975^Metformin^RXNORM|1||tab
             RXR|PO
             RXD|1|860975^Metformin^RXNORM|20260701|60",
            &["medication | Metformin | Ordered active | 1 tab | PO | #M5"],
        ),
        (
            "RGV^O15",
            "ORC|RE|M6
             RXG|1|||3^Heparin^L|5000||unit",
            &["medication | Heparin | Ordered active | 5000 unit | #M6"],
        ),
        (
            "PTR^PCF",
            "PTH|AD|CHF^Heart failure pathway^L|T1|20260704|A^Active
             PRB|AD|20260704|I50.9^Heart failure^I10|B4
             NTE|1||Seen by cardiology
             GOL|AD|20260704|G2^Lose weight^L|W2
             NTE|1||2 kg",
            &[
                "care_plan | CarePlan | Heart failure pathway | active | 2026-07-04.. | Active | #T1",
                "condition | Heart failure | problem-list-item | #B4",
                "goal | Goal | Lose weight | active | 2 kg | #W2",
            ],
        ),
    ]);
    let export = export("PPR^PC1", "PRB|AD|20260704|I10^Hypertension^I10|B1\nNTE|1||Since youth");
    let Content::Condition(condition) = &export.people[0].statements[0].content else { panic!() };
    assert_eq!(condition.note, "Since youth");
}
