//! Synthea's CSV, written here in the columns of its exporter, of today and of before.

use super::{codes, counts, read};
use almoner_core::clinical::{FactKind, system};

fn set(new: bool) -> Vec<(String, String)> {
    let (patients, system, conditions) = if new {
        (
            "Id,BIRTHDATE,DEATHDATE,SSN,DRIVERS,PASSPORT,PREFIX,FIRST,MIDDLE,LAST,SUFFIX,MAIDEN,MARITAL,\
          RACE,ETHNICITY,GENDER,BIRTHPLACE,ADDRESS,CITY,STATE,COUNTY,FIPS,ZIP,LAT,LON,\
          HEALTHCARE_EXPENSES,HEALTHCARE_COVERAGE,INCOME\n\
          p1,1960-01-02,,999-11-2222,S1,,Ms.,Ann,,Green,,Hill,M,white,nonhispanic,F,Town,1 Main St,\
          Town,MA,Kent,1,02110,1,2,0,0,1000\n\
          p2,1950-03-04,2020-05-06,,,,Mr.,Bob,Q,Brown,,,,black,hispanic,M,,,,,,,,,,,,\n",
            "http://snomed.info/sct,",
            "START,STOP,PATIENT,ENCOUNTER,SYSTEM,CODE,DESCRIPTION",
        )
    } else {
        (
            "Id,BIRTHDATE,DEATHDATE,SSN,DRIVERS,PASSPORT,PREFIX,FIRST,LAST,SUFFIX,MAIDEN,MARITAL,RACE,\
          ETHNICITY,GENDER,BIRTHPLACE,ADDRESS,CITY,STATE,ZIP\n\
          p1,1960-01-02,,999-11-2222,S1,,Ms.,Ann,Green,,Hill,M,white,nonhispanic,F,Town,1 Main St,Town,\
          MA,02110\np2,1950-03-04,2020-05-06,,,,Mr.,Bob,Brown,,,,black,hispanic,M,,,,,\n",
            "",
            "START,STOP,PATIENT,ENCOUNTER,CODE,DESCRIPTION",
        )
    };
    let conditions = format!(
        "{conditions}\n2019-01-02,,p1,e1,{system}44054006,\"Diabetes, type 2\"\n\
         2018-01-02,2018-02-03,p2,e2,{system}195662009,Sore throat\n\
         2018-01-02,,p9,e9,{system}1,Of nobody\n"
    );
    let file = |name: &str, text: &str| (format!("csv/{name}.csv"), text.to_owned());
    vec![
        file("patients", patients),
        file("conditions", &conditions),
        file(
            "encounters",
            "Id,START,STOP,PATIENT,ORGANIZATION,PROVIDER,PAYER,ENCOUNTERCLASS,CODE,\
          DESCRIPTION,BASE_ENCOUNTER_COST,TOTAL_CLAIM_COST,PAYER_COVERAGE,REASONCODE,\
          REASONDESCRIPTION\ne1,2019-01-02T08:00:00Z,2019-01-02T08:15:00Z,p1,o1,d1,y1,wellness,162673000,\
          Check-up,1,2,3,,\n",
        ),
        file("organizations", "Id,NAME,ADDRESS\no1,Town Clinic,x\n"),
        file("providers", "Id,ORGANIZATION,NAME,GENDER,SPECIALITY\nd1,o1,Eve Doctor,F,GENERAL\n"),
        file(
            "observations",
            "DATE,PATIENT,ENCOUNTER,CATEGORY,CODE,DESCRIPTION,VALUE,UNITS,TYPE\n\
          2019-01-02T08:00:00Z,p1,e1,vital-signs,29463-7,Body Weight,71.5,kg,numeric\n\
          2019-01-02T08:00:00Z,p1,e1,laboratory,4548-4,A1c,6.9,%,numeric\n",
        ),
        file(
            "medications",
            "START,STOP,PATIENT,PAYER,ENCOUNTER,CODE,DESCRIPTION,BASE_COST,\
          PAYER_COVERAGE,DISPENSES,TOTALCOST,REASONCODE,REASONDESCRIPTION\n\
          2019-01-02,,p1,y1,e1,860975,Metformin 500 MG,1,1,1,1,44054006,Diabetes\n",
        ),
    ]
}

#[test]
fn tables_of_both_ages() {
    for new in [true, false] {
        let (vendor, export) = read(&set(new));
        let export = export.unwrap();
        assert_eq!((&*vendor, export.people.len(), export.shared.len()), ("synthea", 2, 1));
        let expected = [
            ((FactKind::Condition, "conditions"), 2),
            ((FactKind::Medication, "medications"), 1),
            ((FactKind::Result, "observations"), 1),
            ((FactKind::Vital, "observations"), 1),
            ((FactKind::Encounter, "encounters"), 1),
        ];
        let expected = expected.map(|((kind, table), count)| ((kind, table.to_owned()), count));
        assert_eq!(counts(&export), expected.into_iter().collect());
        let first = &export.people[0];
        assert_eq!(first.patient.names[1].family, "Hill");
        assert_eq!(first.patient.addresses[0].postal_code, "02110");
        assert!(first.patient.identifiers.iter().any(|id| id.kind == "SS"));
        assert!(export.people[1].patient.deceased);
        let diabetes = super::content!(&export, "conditions/p1-e1-44054006-2019-01-02", Condition);
        assert_eq!(diabetes.code.code_in(system::SNOMED), Some("44054006"));
        assert_eq!(
            (diabetes.code.label(), &*diabetes.clinical_status),
            ("Diabetes, type 2", "active")
        );
        let throat = super::content!(&export, "conditions/p2-e2-195662009-2018-01-02", Condition);
        assert_eq!(throat.clinical_status, "resolved");
        let visit = super::content!(&export, "encounters/e1", Encounter);
        assert_eq!(
            (&*visit.location, &*visit.participants[0].display),
            ("Town Clinic", "Eve Doctor")
        );
        assert!(codes(&export).contains(&"row_without_patient"), "the row of nobody is told");
    }
}
