//! What a row says: demographics, times, codes, and what is no row at all.

use super::{contents, people, problems, read, read_known, today};
use almoner_core::clinical::{Content, Value, system};
use almoner_core::export::Sense;
use almoner_core::lists::{ColumnType, DateOrder, Doubt, Profile, fingerprint};
use almoner_formats::tables::lists::{Known, missing, preview};

const APPOINTMENTS: &str = "\u{feff}Harbor Street Clinic,,,,,,\r
Appointments 11/19/2026 to 11/30/2026,,,,,,\r
,,,,,,\r
Patient,MRN,DOB,Appt Date,Appt Time,Status,Reason\r
\"Okafor-Reyes, María del Carmen\",=\"00481937\",3/4/58,11/23/2026,9:00 AM,Confirmed,\"cough,\r
two weeks\"\r
\"Abara, Lionel\",'00720415,07/19/1971,11/23/2026,,No Show,\r
\"Abara, Lionel\",'00720415,07/19/1971,11/30/2026,1430,Cancelled by patient,foot\r
,,,,,,\r
Patient,MRN,DOB,Appt Date,Appt Time,Status,Reason\r
\"Caron, Inès\",00593820,9/8/1953,13/45/2026,8:15 AM,Scheduled,\r
,,,11/30/2026,9:00 AM,Scheduled,\r
Total appointments: 5,,,,,,\r
Page 1 of 1,,,,,,\r
";

#[test]
fn titles_foots_blank_lines_and_repeated_headings_are_no_rows() {
    let export = read(APPOINTMENTS.as_bytes());
    assert_eq!((export.format.as_str(), export.document.as_str()), ("list", "appointments"));
    assert_eq!(people(&export), ["Okafor-Reyes, María del Carmen", "Abara, Lionel", "Caron, Inès"]);
    let numbers: Vec<_> =
        export.people.iter().map(|it| it.patient.identifiers[0].value.as_str()).collect();
    assert_eq!(numbers, ["00481937", "00720415", "00593820"]);
    assert_eq!(export.people[0].patient.birth_date.as_ref().unwrap().as_str(), "1958-03-04");
    assert_eq!(problems(&export), [("date_unread", "row 10"), ("row_without_patient", "row 11")]);
    let told: Vec<_> = contents(&export)
        .into_iter()
        .map(|it| {
            let Content::Other(it) = it else { panic!("{it:?}") };
            (it.period.start.as_ref().unwrap().as_str(), it.status.as_str(), it.code.label())
        })
        .collect();
    assert_eq!(
        told,
        [
            ("2026-11-23T09:00:00", "booked", "cough,\r\ntwo weeks"),
            ("2026-11-23", "noshow", "Appointment"),
            ("2026-11-30T14:30:00", "cancelled", "foot"),
        ]
    );
    let places: Vec<_> =
        export.people.iter().flat_map(|it| &it.statements).map(|it| it.place.as_str()).collect();
    assert_eq!(places, ["row 5", "row 6", "row 7"]);
}

#[test]
fn demographics_of_a_patient_list() {
    let list = "Chart #|Last Name|First Name|MI|DOB|Sex|Home Phone|Cell|Email|Address|Apt|City|ST|Zip|Preferred Language|Interpreter Needed|PCP|SSN|Race|Hispanic\n\
                0041|de la Cruz Jr|Ana (Anita)|L|1958-03-04|F|5550100199|N/A|ana@example.org|1 Main St|2B|Salem|MA|1970|Spanish|Yes|Dr. Nwosu|123-45-6789|Other|Y\n";
    let export = read(list.as_bytes());
    assert!(export.problems.is_empty(), "{:?}", export.problems);
    let who = &export.people[0].patient;
    let name = &who.names[0];
    assert_eq!(
        (name.family.as_str(), name.given.join(" ").as_str(), name.suffix[0].as_str()),
        ("de la Cruz", "Ana L", "Jr")
    );
    assert_eq!((who.names[1].use_.as_str(), who.names[1].given[0].as_str()), ("usual", "Anita"));
    assert_eq!(who.identifiers[0].value, "0041");
    assert_eq!(
        (who.identifiers[1].system.as_str(), who.identifiers[1].kind.as_str()),
        (system::US_SSN, "SS")
    );
    assert_eq!(who.gender, "female");
    assert_eq!(who.telecoms.len(), 2);
    assert_eq!(who.addresses[0].lines, ["1 Main St", "2B"]);
    assert_eq!(who.addresses[0].postal_code, "01970");
    assert_eq!(
        (who.communications[0].language.as_str(), who.interpreter_needed),
        ("es", Some(true))
    );
    assert_eq!(who.general_practitioner[0].display, "Dr. Nwosu");
    assert_eq!(who.ethnicity[0].label(), "Hispanic or Latino");
}

#[test]
fn clinical_lists() {
    let problems_list = "MRN,Patient,Problem,ICD-10,Onset Date,Status\n\
        1001,\"Abara, Lionel\",Type 2 diabetes,E11.9,3/2019,Active\n\
        1001,\"Abara, Lionel\",I10 - Essential hypertension,,,Resolved\n\
        1002,\"Doe, Ann\",44054006,,,\n";
    let export = read(problems_list.as_bytes());
    let told: Vec<_> = contents(&export)
        .into_iter()
        .map(|it| {
            let Content::Condition(it) = it else { panic!() };
            let coding = it.code.codings.first().map(|it| (it.system.as_str(), it.code.as_str()));
            (it.code.text.as_deref(), coding, it.clinical_status.as_str())
        })
        .collect();
    assert_eq!(
        told,
        [
            (Some("Type 2 diabetes"), Some((system::ICD10CM, "E11.9")), "active"),
            (Some("Essential hypertension"), Some((system::ICD10CM, "I10")), "resolved"),
            (None, Some((system::SNOMED, "44054006")), ""),
        ]
    );
    let allergies = "MRN,Patient,Allergy,Reaction,Severity\n1,\"Abara, Lionel\",NKDA,,\n\
                     2,\"Doe, Ann\",Penicillin,Hives,Severe\n3,\"Roe, Bo\",,,\n";
    let export = read(allergies.as_bytes());
    let senses: Vec<_> =
        export.people.iter().map(|it| it.statements.first().map(|it| it.sense)).collect();
    assert_eq!(senses, [Some(Sense::NoneKnown), Some(Sense::Stated), None]);
    let results = "MRN,Patient,Test Name,Result,Units,Flag,Collection Date\n\
        1,\"Abara, Lionel\",HbA1c,7.10,%,H,11/2/2026\n1,\"Abara, Lionel\",BP,140/90,,,11/2/2026\n\
        1,\"Abara, Lionel\",eGFR,>60,mL/min,,11/2/2026\n";
    let export = read(results.as_bytes());
    let values: Vec<_> = contents(&export)
        .into_iter()
        .map(|it| {
            let Content::Observation(it) = it else { panic!() };
            match &it.value {
                Value::Quantity(it) => format!("{}{} {}", it.comparator, it.value, it.unit),
                Value::Text(text) => text.clone(),
                other => panic!("{other:?}"),
            }
        })
        .collect();
    assert_eq!(values, ["7.10 %", "140/90", ">60 mL/min"]);
    let stays = "Name,DOB,Admit Date,Discharge Date,Hospital,Visit Type,Discharged To,Diagnosis\n\
        \"Abara, Lionel\",7/19/71,11/10/2026 22:15,11/14/2026,Shore General,Inpatient,Home,I50.9 Heart failure\n\
        \"Doe, Ann\",1/2/60,11/15/2026,,Shore General,ED Visit,,\n";
    let export = read(stays.as_bytes());
    let told: Vec<_> = contents(&export)
        .into_iter()
        .map(|it| {
            let Content::Encounter(it) = it else { panic!() };
            (it.class.as_str(), it.status.as_str(), it.diagnoses.len(), it.location.as_str())
        })
        .collect();
    assert_eq!(
        told,
        [("IMP", "finished", 1, "Shore General"), ("EMER", "in-progress", 0, "Shore General")]
    );
}

const DAY_FIRST: &str = "MRN;Patient;DOB;Appointment Date;Provider\n\
    1;Abara, Lionel;19/07/1971;03/12/2026;Dr. Voss\n2;Doe, Ann;02/01/1960;04/12/2026;Dr. Voss\n";

#[test]
fn a_day_that_comes_first_is_asked_and_then_remembered() {
    let export = read(DAY_FIRST.as_bytes());
    assert_eq!(problems(&export), [("mapping_needed", "file")]);
    let ask = *export.ask.unwrap();
    assert_eq!((ask.doubt, ask.proposal.dates), (Doubt::Dates, DateOrder::DayFirst));
    let (seen, unread) = preview(&ask, &ask.proposal, Some(today()));
    assert!(unread.is_empty() && missing(&ask.proposal).is_empty());
    assert_eq!(seen[1].patient.birth_date.as_ref().unwrap().as_str(), "1960-01-02");
    let profile = Profile {
        name: "Appointments".into(),
        source: "shore".into(),
        fingerprint: fingerprint(&ask.columns),
        mapping: ask.proposal,
    };
    let profiles = [profile];
    // The next list of the same source, its columns turned about.
    let next =
        "Provider;Appointment Date;DOB;Patient;MRN\nDr. Voss;05/12/2026;02/01/1960;Doe, Ann;2\n";
    let known = Known { source: "shore", today: Some(today()), profiles: &profiles };
    let export = read_known(next.as_bytes(), known);
    assert!(export.ask.is_none());
    let Content::Other(appointment) = contents(&export)[0] else { panic!() };
    assert_eq!(appointment.period.start.as_ref().unwrap().as_str(), "2026-12-05");
    // Another source's list is not read with it.
    let other = Known { source: "epic", ..known };
    let Content::Other(appointment) = contents(&read_known(next.as_bytes(), other))[0].clone()
    else {
        panic!()
    };
    assert_eq!(appointment.period.start.as_ref().unwrap().as_str(), "2026-05-12");
}

#[test]
fn a_tracking_sheet_gives_the_clinics_own_columns() {
    let sheet = "Care coordination tracking sheet,,,,,,,\n\
        Name,DOB,Phone,Coordinator,Next call,Housing,Consent,Notes\n\
        \"Abara, Lionel\",7/19/1971,555-010-0199,Rosa,11/23/2026,Stable,Y,\"likes mornings,\ncall first\"\n\
        \"Doe, Ann\",1/2/1960,,Rosa,12/1/26,Shelter,N,\n\
        \"Roe, Bo\",5/6/1970,,Daniel,,Stable,,wheelchair\n\
        \"Poe, Cy\",5/6/1972,,Rosa,11/30/2026,Stable,Y,x\n\
        \"Poe, Cy\",,555-010-0144,,,,,\n\
        Total: 4,,,,,,,\n";
    let export = read(sheet.as_bytes());
    assert_eq!(export.document, "tracking");
    assert_eq!((export.people.len(), problems(&export).len()), (4, 0));
    assert_eq!(export.people[0].patient.telecoms[0].value, "555-010-0199");
    // A row with a name alone is of the one person of the list who has it.
    assert_eq!(export.people[3].patient.telecoms[0].value, "555-010-0144");
    let columns: Vec<_> =
        export.people[0].remarks.iter().map(|it| (it.column.as_str(), it.type_)).collect();
    assert_eq!(
        columns,
        [
            ("Coordinator", ColumnType::Choice),
            ("Next call", ColumnType::Date),
            ("Housing", ColumnType::Choice),
            ("Consent", ColumnType::YesNo),
            ("Notes", ColumnType::Text),
        ]
    );
    let values = |at: usize| -> Vec<&str> {
        export.people[at].remarks.iter().map(|it| it.value.as_str()).collect()
    };
    assert_eq!(values(0), ["Rosa", "2026-11-23", "Stable", "yes", "likes mornings,\ncall first"]);
    assert_eq!(values(1), ["Rosa", "2026-12-01", "Shelter", "no", ""]);
    assert_eq!(export.people[1].remarks[0].place, "row 4");
}
