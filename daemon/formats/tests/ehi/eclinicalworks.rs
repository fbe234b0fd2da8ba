//! eClinicalWorks: a made-up clinic in the columns that the vendor publishes.

use super::{Cells, codes, columns, counts, read, row};
use almoner_core::clinical::{FactKind, system};
use almoner_core::export::Export;

/// A table of the published columns as CSV.
fn table(name: &str, rows: &[Cells]) -> (String, String) {
    let columns = columns("eclinicalworks", name);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&columns).unwrap();
    for cells in rows {
        writer.write_record(row(&columns, cells)).unwrap();
    }
    let text = String::from_utf8(writer.into_inner().unwrap()).unwrap();
    (format!("dump/{name}.csv"), text)
}

/// A made-up clinic: a line or more for each row.
const CLINIC: &str = "\
users: UID=101 | ufname=Rosa | uminitial=M | ulname=Field | ptDob=1951-04-05 | sex=female |
    upPhone=555-0100 | umobileno=555-0101 | ssn=123-45-6789 | upaddress=2 Oak St | upcity=Town |
    upstate=MA | zipcode=02111 | upwd=hash-that-must-never-be-read
users: UID=102 | ufname=Tom | ulname=Gone | delFlag=1
users: UID=9 | ufname=Ida | ulname=Doctor
patients: pid=101 | ControlNo=A77 | language=Spanish | race=White | doctorid=9 | deceased=0 |
    deceasedDate=1900-01-01 | interpretSvc=1
patients: pid=102 | ControlNo=A78
enc: encounterid=5 | patientid=101 | doctorid=9 | date=2026-02-03 | startTime=09:30:00 |
    endTime=10:00:00 | reason=Cough | VisitType=OV | STATUS=CHK | encType=1 | facilityid=3 |
    deleteFlag=0
enc: encounterid=6 | patientid=101 | date=2026-02-04 | encType=5
enc: encounterid=7 | patientid=101 | date=2026-02-05 | encType=1 | deleteFlag=1
edi_facilities: Id=3 | Name=Main Street Clinic
items: itemid=70 | itemName=Essential hypertension
items: itemid=80 | itemName=BP
problemlist: SlNo=1 | patientid=101 | asmtid=70 | SNOMED=59621000 | onsetdate=06/07/2019 |
    deleteFlag=0 | inactiveFlag=0 | Resolved=0 | WUStatus=confirmed
problemlist: SlNo=2 | patientid=101 | asmtid=70 | deleteFlag=1
allergies: patientid=101 | drug=Penicillin | allergy=Rash | encounterid=5 | status=Active |
    criticality=High
allergies: patientid=101 | drug=Penicillin | allergy=Rash | encounterid=7 | status=Active |
    criticality=High
vitals: id=1 | encounterid=5 | vitalid=80 | value=132/84
insurance: insId=4 | insuranceName=Town Health
insurancedetail: Id=1 | pid=101 | insid=4 | subscriberNo=S1 | startDate=2025-01-01 |
    endDate=0000-00-00
referral: Referralid=11 | patientid=101 | date=2026-02-03 00:00:00 | reason=Eye exam |
    status=Open | refToName=Dr. Eye | authNo=AU1
immunizations: Immunizationid=1 | patientid=101 | VaccineName=Influenza | cvx_code=140 |
    givenDate=2025-10-11 | lotNumber=L1
contacts: contactid=1 | pid=101 | Lname=Field | Fname=Sam | relation=Son | homePhone=555-0199 |
    delflag=0
";

fn set() -> Vec<(String, String)> {
    super::made_up(CLINIC).iter().map(|(name, rows)| table(name, rows)).collect()
}

fn export() -> Export {
    let (vendor, export) = read(&set());
    assert_eq!(vendor, "eclinicalworks");
    export.unwrap()
}

#[test]
fn facts_of_the_one_patient_who_is_not_deleted() {
    let export = export();
    let expected = [
        ((FactKind::Condition, "problemlist"), 1),
        ((FactKind::Allergy, "allergies"), 1),
        ((FactKind::Vital, "vitals"), 1),
        ((FactKind::Immunization, "immunizations"), 1),
        ((FactKind::Encounter, "enc"), 1),
        ((FactKind::Coverage, "insurancedetail"), 1),
        ((FactKind::Appointment, "enc"), 1),
        ((FactKind::Referral, "referral"), 1),
        ((FactKind::Relation, "contacts"), 1),
    ];
    let expected = expected.map(|((kind, table), count)| ((kind, table.to_owned()), count));
    assert_eq!(counts(&export), expected.into_iter().collect());
    let patient = super::only(&export);
    assert_eq!((&*patient.names[0].family, &*patient.gender), ("Field", "female"));
    assert_eq!(patient.birth_date.as_ref().unwrap().as_str(), "1951-04-05");
    assert!(!patient.deceased && patient.deceased_at.is_none(), "1900-01-01 is empty");
    assert_eq!(
        (patient.interpreter_needed, &*patient.communications[0].language),
        (Some(true), "es")
    );
    assert_eq!(patient.general_practitioner[0].display, "Ida Doctor");
    let kinds: Vec<_> = patient.identifiers.iter().map(|id| (&*id.kind, &*id.value)).collect();
    assert_eq!(kinds, [("PI", "101"), ("MR", "A77"), ("SS", "123-45-6789")]);
    assert!(codes(&export).contains(&"row_excluded"));
}

#[test]
fn values_are_joined_and_dated() {
    let export = export();
    let visit = super::content!(&export, "enc/5", Encounter);
    assert_eq!(
        (&*visit.class, &*visit.status, &*visit.location),
        ("AMB", "finished", "Main Street Clinic")
    );
    assert_eq!(visit.period.start.as_ref().unwrap().as_str(), "2026-02-03T09:30:00");
    assert_eq!(visit.participants[0].display, "Ida Doctor");
    let problem = super::content!(&export, "problemlist/1", Condition);
    assert_eq!(problem.code.label(), "Essential hypertension");
    assert_eq!(problem.code.code_in(system::SNOMED), Some("59621000"));
    assert_eq!(
        (&*problem.clinical_status, problem.onset.as_ref().unwrap().as_str()),
        ("active", "2019-06-07")
    );
    let coverage = super::content!(&export, "insurancedetail/1", Coverage);
    assert_eq!((&*coverage.payor, &*coverage.subscriber_id), ("Town Health", "S1"));
    assert!(coverage.period.end.is_none());
    let referral = super::content!(&export, "referral/11", Other);
    assert_eq!(referral.status, "active");
    assert!(
        referral.note.contains("Referred to: Dr. Eye")
            && referral.note.contains("Authorization: AU1")
    );
}

#[test]
fn passwords_and_deleted_people_are_nowhere() {
    let export = export();
    let all = serde_json::to_string(&export).unwrap();
    for secret in ["hash-that-must-never-be-read", "upwd", "Gone"] {
        assert!(!all.contains(secret), "{secret}");
    }
}
