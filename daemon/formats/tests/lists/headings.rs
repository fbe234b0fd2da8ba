//! Which kind a list is, by its headings alone.

use super::{problems, read};
use almoner_core::clinical::Content;
use almoner_core::export::Export;

/// A list of one row whose cells fit their headings.
fn list(headings: &str) -> String {
    let cells: Vec<&str> = headings.split(',').map(|heading| cell(heading.trim())).collect();
    format!("{headings}\n{}\n", cells.join(","))
}

/// An invented cell for a heading.
fn cell(heading: &str) -> &'static str {
    let lower = heading.to_lowercase().replace(['_', ' '], "");
    let has = |parts: &[&str]| parts.iter().any(|part| lower.contains(part));
    if lower == "scheduledtime" {
        "11/16/2026 9:30 AM"
    } else if has(&["dob", "birth", "nacimiento"]) {
        "3/4/1958"
    } else if has(&["last,first"]) {
        "Abara Lionel"
    } else if has(&["first", "nombres", "fname"]) {
        "Lionel"
    } else if has(&["lastname", "ptlast", "patientlast", "apellido", "lname"]) {
        "Abara"
    } else if has(&["provider", "doctor", "resource", "pcp", "referredto", "prvdr", "practitioner"])
    {
        "Dr. Voss"
    } else if has(&["patientname", "ptname", "membername", "personname", "clientname"])
        || lower == "patient"
        || lower == "name"
        || lower == "paciente"
    {
        "\"Abara, Lionel\""
    } else if has(&["time", "hora"]) && !has(&["date"]) {
        "9:30 AM"
    } else if has(&[
        "date",
        "dos",
        "fecha",
        "onset",
        "discharged",
        "nextcall",
        "lastcontact",
        "given",
    ]) {
        "11/16/2026"
    } else if has(&["icd", "dxcode"]) {
        "E11.9"
    } else if has(&["status"]) {
        "Active"
    } else if has(&["sex", "gender"]) {
        "M"
    } else if has(&["phone", "cell", "mobile"]) {
        "(555) 010-0199"
    } else {
        "07415"
    }
}

fn kinds(export: &Export) -> Vec<&'static str> {
    let kind = |content: &Content| content.kind().key();
    let mut kinds: Vec<_> =
        export.people.iter().flat_map(|it| &it.statements).map(|it| kind(&it.content)).collect();
    kinds.dedup();
    kinds
}

/// The headings of a list, what kind of list it is, and which facts it makes.
type Case = (&'static str, &'static str, &'static [&'static str]);

const CASES: &[Case] = &[
    // appointments
    (
        "MRN,Patient Name,DOB,Appointment Date,Time,Visit Type,Provider,Status",
        "appointments",
        &["appointment"],
    ),
    (
        "patientid,patient firstname,patient lastname,patient dob,apptdate,apptstarttime,appttype,appt schdlng prvdr,svc dprtmnt,patient mobile no",
        "appointments",
        &["appointment"],
    ),
    (
        "Patient Acct No,Patient Name,Patient DOB,Appointment Date,Appointment Start Time,Appointment Provider Name,Appointment Facility Name,Visit Type,Visit Status,Patient Cell Phone",
        "appointments",
        &["appointment"],
    ),
    (
        "Person Nbr,Last Name,First Name,Date of Birth,Home Phone,Appt Date,Begin Time,Event,Resource,Location Name,Appt Kept",
        "appointments",
        &["appointment"],
    ),
    (
        "Chart ID,First Name,Last Name,DOB,Gender,Cell Phone,Scheduled Time,Exam Room,Doctor,Office,Reason,Status,Duration",
        "appointments",
        &["appointment"],
    ),
    (
        "PRN,First Name,Last Name,Date of birth,Sex,Mobile phone,Appointment date,Appointment time,Seen by provider,Appointment type,Appointment status,Chief complaint,Facility",
        "appointments",
        &["appointment"],
    ),
    ("Patient,Date,Time,Provider,Reason,Status", "appointments", &["appointment"]),
    ("Pt Name,Pt DOB,DOS,Rendering Provider,Appt Type", "appointments", &["appointment"]),
    (
        "Patient Name,DOB,Home Phone,Appt Dt,Appt Time,Dept,Visit Type,Appt Status,Primary Insurance,Policy Number",
        "appointments",
        &["appointment", "coverage"],
    ),
    (
        "Paciente,Fecha de nacimiento,Teléfono,Fecha de la cita,Hora,Médico,Estado",
        "appointments",
        &["appointment"],
    ),
    // referrals
    (
        "Patient Name,DOB,Referral Date,Referred To,Specialty,Diagnosis,Referral Status",
        "referrals",
        &["referral"],
    ),
    (
        "Patient Acct No,Patient Name,Referral No,Referral Date,Referral From Provider,Referral To Provider,Referral Status,Referral Priority,Auth No,ICD Code",
        "referrals",
        &["referral"],
    ),
    (
        "MRN,Patient,Order Date,Ordering Provider,Referral Specialty,Referral Status,Appointment Date,Consult Note Received",
        "referrals",
        &["referral"],
    ),
    (
        "Patient ID,Last Name,First Name,Order ID,Date Ordered,Refer To Provider,Dx,ICD10,Urgency,Visits Authorized,Auth Exp",
        "referrals",
        &["referral"],
    ),
    // problems, medicines, allergies
    ("MRN,Patient Name,DOB,Problem,ICD-10,Onset Date,Status", "problems", &["condition"]),
    ("Patient,Birth Date,Diagnosis Description,Dx Code,Date Diagnosed", "problems", &["condition"]),
    (
        "MRN,Patient Name,Medication Name,Dose,Sig,Route,Start Date,Status",
        "medications",
        &["medication"],
    ),
    (
        "Patient ID,Last Name,First Name,DOB,Drug Name,Strength,Directions,Refills,Prescribing Provider,NDC",
        "medications",
        &["medication"],
    ),
    ("MRN,Patient Name,Allergy,Reaction,Severity,Status", "allergies", &["allergy"]),
    // who pays
    (
        "Member Name,Member DOB,Member ID,Payer,Plan,Group,Effective Date,Term Date",
        "coverage",
        &["coverage"],
    ),
    // hospital and emergency
    (
        "Patient Name,DOB,Admit Date,Discharge Date,Hospital,Discharge Disposition,Diagnosis,PCP",
        "discharges",
        &["encounter"],
    ),
    (
        "Patient Last,Patient First,DOB,Event Type,Admit Date/Time,Disch Date/Time,Facility Name,Primary Dx,PCP Name",
        "discharges",
        &["encounter"],
    ),
    (
        "MRN,Name,DOB,Date Admitted,Date Discharged,Facility,Patient Class,Disposition",
        "discharges",
        &["encounter"],
    ),
    // immunizations and results
    (
        "Patient Name,DOB,Vaccine,CVX Code,Date Given,Lot Number,Manufacturer",
        "immunizations",
        &["immunization"],
    ),
    (
        "MRN,Patient Name,Test Name,LOINC,Result,Units,Reference Range,Abnormal Flag,Collection Date",
        "results",
        &["result"],
    ),
    // patients
    ("MRN,Last Name,First Name,DOB,Sex,Home Phone,Address,City,State,Zip,Email", "patients", &[]),
    (
        "ID,First Name,Middle Name,Last Name,Date of Birth,Gender,Address Line 1,Home Phone,Mobile Phone,Primary Ins. Company,Primary Ins. Policy Number,Default Rendering Provider",
        "patients",
        &["coverage"],
    ),
    ("patient_id,last_name,first_name,date_of_birth,sex,phone", "patients", &[]),
    ("Nombre,Apellidos,Fecha de nacimiento,Sexo,Teléfono,Idioma", "patients", &[]),
    ("Patient Name,DOB,Risk of fall,Last Visit,Next Appt,Balance,Phone", "patients", &[]),
    // the clinic's own
    ("Name,DOB,Phone,Coordinator,Next call,Housing,Notes,Program", "tracking", &[]),
    ("Patient,Date of Birth,Cell,Care Manager,Last Contact,PHQ-9,Barriers,To Do", "tracking", &[]),
];

#[test]
fn lists_of_many_practice_systems() {
    for (headings, document, facts) in CASES {
        let export = read(list(headings).as_bytes());
        let asked = export.ask.as_ref().map(|ask| (ask.doubt, &ask.proposal));
        assert!(export.ask.is_none(), "{headings}: {asked:?}");
        assert_eq!(export.document, *document, "{headings}");
        assert_eq!(kinds(&export), *facts, "{headings}");
        assert_eq!(export.people.len(), 1, "{headings}: {:?}", export.problems);
        assert_eq!(export.people[0].patient.names[0].family, "Abara", "{headings}");
    }
}

#[test]
fn what_is_not_sure_is_asked() {
    for headings in [
        // no column that says who or when
        "MRN,Appointment Type,Something",
        "Patient Name,Other,Words",
        // nothing known
        "alpha,beta,gamma,delta",
        // the day of what?
        "Patient Name,DOB,Referral Status,Medication",
    ] {
        let export = read(list(headings).as_bytes());
        assert!(export.ask.is_some(), "{headings}: {}", export.document);
        assert!(export.people.is_empty());
        assert_eq!(problems(&export), [("mapping_needed", "file")]);
    }
}

#[test]
fn the_order_of_columns_does_not_matter() {
    let headings =
        ["MRN", "Patient Name", "DOB", "Appt Date", "Time", "Visit Type", "Status", "Phone"];
    let cells = [
        "0041",
        "\"Abara, Lionel\"",
        "3/4/58",
        "11/30/26",
        "9:30 AM",
        "Follow-up",
        "Confirmed",
        "555-010-0199",
    ];
    let told = |order: &[usize]| {
        let pick = |from: &[&str]| order.iter().map(|at| from[*at]).collect::<Vec<_>>().join(",");
        let mut export = read(format!("{}\n{}\n", pick(&headings), pick(&cells)).as_bytes());
        export.problems.clear();
        export
    };
    let first = told(&[0, 1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(first.people.len(), 1);
    // A seeded shuffle: the same orders in every run.
    let mut seed = 2_026_u64;
    for _ in 0..60 {
        let mut order: Vec<usize> = (0..headings.len()).collect();
        for at in (1..order.len()).rev() {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            order.swap(at, usize::try_from(seed >> 33).unwrap() % (at + 1));
        }
        assert_eq!(told(&order), first, "{order:?}");
    }
}
