//! Oracle Health: made-up people in the tables and columns that the vendor publishes, as SQL of both
//! dialects and as one file of values for each table.

use super::{Cells, codes, columns, counts, read, row};
use almoner_core::clinical::{FactKind, Value, system};
use almoner_core::export::Export;
use std::fmt::Write;

/// Made-up people: a line or more for each row. Live rows end in the year 2100.
const PEOPLE: &str = "\
CODE_VALUE: CODE_VALUE=362 | CODE_SET=1 | DISPLAY=Female | CDF_MEANING=FEMALE | ACTIVE_IND=1
CODE_VALUE: CODE_VALUE=10 | CODE_SET=1 | DISPLAY=MRN | CDF_MEANING=MRN | ACTIVE_IND=1
CODE_VALUE: CODE_VALUE=18 | CODE_SET=1 | DISPLAY=SSN | CDF_MEANING=SSN | ACTIVE_IND=1
CODE_VALUE: CODE_VALUE=151 | CODE_SET=1 | DISPLAY=English | CDF_MEANING=ENGLISH | ACTIVE_IND=1
CODE_VALUE: CODE_VALUE=3301 | CODE_SET=1 | DISPLAY=Active | CDF_MEANING=ACTIVE | ACTIVE_IND=1
CODE_VALUE: CODE_VALUE=400 | CODE_SET=1 | DISPLAY=SNOMED CT | CDF_MEANING=SNMCT | ACTIVE_IND=1
CODE_VALUE: CODE_VALUE=391 | CODE_SET=1 | DISPLAY=Inpatient | CDF_MEANING=INPATIENT |
    ACTIVE_IND=1
CODE_VALUE: CODE_VALUE=854 | CODE_SET=1 | DISPLAY=Discharged | CDF_MEANING=DISCHARGED |
    ACTIVE_IND=1
CODE_VALUE: CODE_VALUE=2516 | CODE_SET=1 | DISPLAY=Pharmacy | CDF_MEANING=PHARMACY |
    ACTIVE_IND=1
CODE_VALUE: CODE_VALUE=2550 | CODE_SET=1 | DISPLAY=Ordered | CDF_MEANING=ORDERED |
    ACTIVE_IND=1
CODE_VALUE: CODE_VALUE=25 | CODE_SET=1 | DISPLAY=Auth (Verified) | CDF_MEANING=AUTH |
    ACTIVE_IND=1
CODE_VALUE: CODE_VALUE=703 | CODE_SET=1 | DISPLAY=Systolic Blood Pressure | CDF_MEANING= |
    ACTIVE_IND=1
CODE_VALUE: CODE_VALUE=704 | CODE_SET=1 | DISPLAY=Potassium Level | CDF_MEANING= |
    ACTIVE_IND=1
CODE_VALUE: CODE_VALUE=271 | CODE_SET=1 | DISPLAY=mmHg | CDF_MEANING=MMHG | ACTIVE_IND=1
CODE_VALUE: CODE_VALUE=276 | CODE_SET=1 | DISPLAY=mmol/L | CDF_MEANING=MMOL/L | ACTIVE_IND=1
CODE_VALUE: CODE_VALUE=2513 | CODE_SET=1 | DISPLAY=Laboratory | CDF_MEANING=GENERAL LAB |
    ACTIVE_IND=1
CODE_VALUE: CODE_VALUE=77 | CODE_SET=1 | DISPLAY=Home | CDF_MEANING=HOME | ACTIVE_IND=1
CODE_VALUE: CODE_VALUE=900 | CODE_SET=1 | DISPLAY=High | CDF_MEANING=HIGH | ACTIVE_IND=1
PERSON: PERSON_ID=501.00 | NAME_LAST=O'Hara | NAME_FIRST=Nell | NAME_LAST_KEY=OHARA |
    BIRTH_DT_TM=1944-07-08 05:00:00 | ABS_BIRTH_DT_TM=1944-07-08 00:00:00 | SEX_CD=362 |
    LANGUAGE_CD=151 | ACTIVE_IND=1 | END_EFFECTIVE_DT_TM=2100-12-31 00:00:00
PERSON: PERSON_ID=9 | NAME_LAST=Staff | NAME_FIRST=Nurse | NAME_LAST_KEY=STAFF | ACTIVE_IND=1 |
    END_EFFECTIVE_DT_TM=2100-12-31 00:00:00
PERSON: PERSON_ID=77 | NAME_LAST=O'Hara | NAME_FIRST=Kin | NAME_LAST_KEY=OHARA | ACTIVE_IND=1 |
    END_EFFECTIVE_DT_TM=2100-12-31 00:00:00
PRSNL: PERSON_ID=9 | NAME_FULL_FORMATTED=Staff, Nurse | NAME_LAST=Staff | NAME_FIRST=Nurse |
    PHYSICIAN_IND=0 | ACTIVE_IND=1 | PASSWORD=secret-word
PERSON_PERSON_RELTN: PERSON_PERSON_RELTN_ID=1 | PERSON_ID=501 | RELATED_PERSON_ID=77 |
    ACTIVE_IND=1 | END_EFFECTIVE_DT_TM=2100-12-31 00:00:00
PERSON_ALIAS: PERSON_ALIAS_ID=1 | PERSON_ID=501 | ALIAS=M100 | PERSON_ALIAS_TYPE_CD=10 |
    ACTIVE_IND=1 | END_EFFECTIVE_DT_TM=2100-12-31 00:00:00
PERSON_ALIAS: PERSON_ALIAS_ID=2 | PERSON_ID=501 | ALIAS=123456789 | PERSON_ALIAS_TYPE_CD=18 |
    ACTIVE_IND=1 | END_EFFECTIVE_DT_TM=2100-12-31 00:00:00
PERSON_ALIAS: PERSON_ALIAS_ID=3 | PERSON_ID=501 | ALIAS=M099 | PERSON_ALIAS_TYPE_CD=10 |
    ACTIVE_IND=1 | END_EFFECTIVE_DT_TM=2011-01-01 00:00:00
ADDRESS: ADDRESS_ID=1 | PARENT_ENTITY_NAME=PERSON | PARENT_ENTITY_ID=501 | ADDRESS_TYPE_CD=77 |
    STREET_ADDR=3 Elm St | CITY=Town | ZIPCODE=02112 | ACTIVE_IND=1 |
    END_EFFECTIVE_DT_TM=2100-12-31 00:00:00
PHONE: PHONE_ID=1 | PARENT_ENTITY_NAME=PERSON | PARENT_ENTITY_ID=501 | PHONE_TYPE_CD=77 |
    PHONE_NUM=5550123 | ACTIVE_IND=1 | END_EFFECTIVE_DT_TM=2100-12-31 00:00:00
PHONE: PHONE_ID=2 | PARENT_ENTITY_NAME=ORGANIZATION | PARENT_ENTITY_ID=501 | PHONE_NUM=5550999 |
    ACTIVE_IND=1 | END_EFFECTIVE_DT_TM=2100-12-31 00:00:00
ENCOUNTER: ENCNTR_ID=800 | PERSON_ID=501 | ENCNTR_TYPE_CLASS_CD=391 | ENCNTR_STATUS_CD=854 |
    INPATIENT_ADMIT_DT_TM=2026-01-02 08:00:00 | DISCH_DT_TM=2026-01-05 11:30:00 |
    REASON_FOR_VISIT=Fall; hip | ACTIVE_IND=1 | END_EFFECTIVE_DT_TM=2100-12-31 00:00:00
NOMENCLATURE: NOMENCLATURE_ID=600 | SOURCE_IDENTIFIER=38341003 | SOURCE_STRING=Hypertension |
    SOURCE_VOCABULARY_CD=400
PROBLEM: PROBLEM_INSTANCE_ID=1 | PROBLEM_ID=70 | PERSON_ID=501 | NOMENCLATURE_ID=600 |
    LIFE_CYCLE_STATUS_CD=3301 | ONSET_DT_TM=2010-03-04 00:00:00 | ACTIVE_IND=1 |
    END_EFFECTIVE_DT_TM=2100-12-31 00:00:00
PROBLEM: PROBLEM_INSTANCE_ID=2 | PROBLEM_ID=70 | PERSON_ID=501 | NOMENCLATURE_ID=600 |
    ACTIVE_IND=0 | END_EFFECTIVE_DT_TM=2012-01-01 00:00:00
ALLERGY: ALLERGY_INSTANCE_ID=1 | ALLERGY_ID=71 | PERSON_ID=501 | SUBSTANCE_FTDESC=Latex |
    REACTION_STATUS_CD=3301 | ACTIVE_IND=1 | END_EFFECTIVE_DT_TM=2100-12-31 00:00:00
REACTION: REACTION_ID=1 | ALLERGY_ID=71 | REACTION_FTDESC=Hives | ACTIVE_IND=1 |
    END_EFFECTIVE_DT_TM=2100-12-31 00:00:00
ORDERS: ORDER_ID=90 | PERSON_ID=501 | ENCNTR_ID=800 | CATALOG_TYPE_CD=2516 | ACTIVE_IND=1 |
    ORDER_STATUS_CD=2550 | ORDER_MNEMONIC=lisinopril | ORIG_ORD_AS_FLAG=1 |
    CLINICAL_DISPLAY_LINE=10 mg, PO, daily | CURRENT_START_DT_TM=2026-01-02 09:00:00
ORDER_DETAIL: ORDER_ID=90 | OE_FIELD_MEANING=STRENGTHDOSE | OE_FIELD_DISPLAY_VALUE=10
ORDER_DETAIL: ORDER_ID=90 | OE_FIELD_MEANING=STRENGTHDOSEUNIT | OE_FIELD_DISPLAY_VALUE=mg
ORDER_CATALOG: CATALOG_CD=5001 | CATALOG_TYPE_CD=2513 | PRIMARY_MNEMONIC=BMP
CLINICAL_EVENT: CLINICAL_EVENT_ID=1 | EVENT_ID=1 | PERSON_ID=501 | ENCNTR_ID=800 |
    EVENT_CD=703 | RESULT_VAL=141 | RESULT_UNITS_CD=271 | RESULT_STATUS_CD=25 |
    EVENT_END_DT_TM=2026-01-02 09:15:00 | VALID_UNTIL_DT_TM=2100-12-31 00:00:00
CLINICAL_EVENT: CLINICAL_EVENT_ID=2 | EVENT_ID=2 | PERSON_ID=501 | EVENT_CD=704 |
    CATALOG_CD=5001 | RESULT_VAL=5.10 | RESULT_UNITS_CD=276 | RESULT_STATUS_CD=25 |
    NORMALCY_CD=900 | VALID_UNTIL_DT_TM=2100-12-31 00:00:00
CLINICAL_EVENT: CLINICAL_EVENT_ID=3 | EVENT_ID=2 | PERSON_ID=501 | EVENT_CD=704 |
    RESULT_VAL=9.9 | VALID_UNTIL_DT_TM=2026-01-03 00:00:00
HEALTH_PLAN: HEALTH_PLAN_ID=40 | PLAN_NAME=Town Plan
PERSON_PLAN_RELTN: PERSON_PLAN_RELTN_ID=1 | PERSON_ID=501 | HEALTH_PLAN_ID=40 | MEMBER_NBR=MB1 |
    ACTIVE_IND=1 | END_EFFECTIVE_DT_TM=2100-12-31 00:00:00
SCH_APPT: SCH_APPT_ID=1 | SCH_EVENT_ID=2 | PERSON_ID=501 | ROLE_MEANING=PATIENT |
    STATE_MEANING=CONFIRMED | BEG_DT_TM=2026-03-04 10:00:00 | END_DT_TM=2026-03-04 10:30:00 |
    ACTIVE_IND=1 | END_EFFECTIVE_DT_TM=2100-12-31 00:00:00
SCH_APPT: SCH_APPT_ID=3 | SCH_EVENT_ID=2 | PERSON_ID=0 | ROLE_MEANING=RESOURCE |
    STATE_MEANING=CONFIRMED | BEG_DT_TM=2026-03-04 10:00:00 | ACTIVE_IND=1 |
    END_EFFECTIVE_DT_TM=2100-12-31 00:00:00
REFERRAL: REFERRAL_ID=1 | PERSON_ID=501 | ACTIVE_IND=1 | REFERRAL_STATUS_CD=2550 |
    REFERRAL_WRITTEN_DT_TM=2026-01-05 00:00:00
";

fn tables() -> Vec<(String, Vec<Cells>)> {
    super::made_up(PEOPLE)
}

/// As the vendor's export for one patient: DDL in one folder, statements in two others.
fn mysql() -> Vec<(String, String)> {
    let mut files = Vec::new();
    for (table, rows) in tables() {
        let columns = columns("oracle_health", &table);
        let lower = table.to_lowercase();
        let mut ddl = format!("CREATE TABLE `{lower}` (\n");
        for column in &columns {
            writeln!(ddl, "  `{column}` varchar(255) DEFAULT NULL,").unwrap();
        }
        ddl.push_str("  KEY `x` (`UPDT_ID`)\n) ENGINE=InnoDB DEFAULT CHARSET=latin1;\n");
        files.push((format!("v500/schema/{lower}.sql"), ddl));
        let mut text = "SET foreign_key_checks = 0;\n".to_owned();
        for cells in rows {
            let values = row(&columns, &cells).into_iter().map(|value| match &*value {
                "" => "NULL".to_owned(),
                _ => format!("'{}'", value.replace('\'', "\\'")),
            });
            let values: Vec<String> = values.collect();
            writeln!(text, "INSERT INTO `{lower}` VALUES ({});", values.join(",")).unwrap();
        }
        let folder = if table == "CODE_VALUE" { "reference" } else { "activity" };
        files.push((format!("v500/{folder}/{lower}_1.sql"), text));
    }
    files
}

fn literal(name: &str, value: &str) -> String {
    if name.ends_with("_DT_TM") {
        return format!("TO_DATE('{value}', 'YYYY-MM-DD HH24:MI:SS')");
    }
    format!("'{}'", value.replace('\'', "''"))
}

/// The same in Oracle's dialect, with column lists and no DDL.
fn oracle() -> Vec<(String, String)> {
    let file = |(table, rows): (String, Vec<Cells>)| {
        let mut text = String::new();
        for cells in rows {
            let (names, values): (Vec<&str>, Vec<String>) =
                cells.iter().map(|(name, value)| (*name, literal(name, value))).unzip();
            let (names, values) = (names.join(", "), values.join(", "));
            writeln!(text, "INSERT INTO V500.{table} ({names}) VALUES ({values});").unwrap();
        }
        (format!("v500/activity/{}_1.sql", table.to_lowercase()), text)
    };
    tables().into_iter().map(file).collect()
}

fn values() -> Vec<(String, String)> {
    let file = |(table, rows): (String, Vec<Cells>)| {
        let columns = columns("oracle_health", &table);
        let lines = rows.iter().map(|cells| row(&columns, cells).join("|"));
        let lines: Vec<String> = std::iter::once(columns.join("|")).chain(lines).collect();
        (format!("extract/{table}.txt"), lines.join("\n"))
    };
    tables().into_iter().map(file).collect()
}

fn check(export: &Export, form: &str) {
    let expected = [
        ((FactKind::Condition, "PROBLEM"), 1),
        ((FactKind::Medication, "ORDERS"), 1),
        ((FactKind::Allergy, "ALLERGY"), 1),
        ((FactKind::Result, "CLINICAL_EVENT"), 1),
        ((FactKind::Vital, "CLINICAL_EVENT"), 1),
        ((FactKind::Encounter, "ENCOUNTER"), 1),
        ((FactKind::Coverage, "PERSON_PLAN_RELTN"), 1),
        ((FactKind::Appointment, "SCH_APPT"), 1),
        ((FactKind::Referral, "REFERRAL"), 1),
        ((FactKind::Relation, "PERSON_PERSON_RELTN"), 1),
    ];
    let expected = expected.map(|((kind, table), count)| ((kind, table.to_owned()), count));
    assert_eq!(counts(export), expected.into_iter().collect(), "{form}");
    let patient = super::only(export);
    assert_eq!((&*patient.names[0].family, &*patient.gender), ("O'Hara", "female"), "{form}");
    assert_eq!(patient.birth_date.as_ref().unwrap().as_str(), "1944-07-08");
    let ids: Vec<_> = patient.identifiers.iter().map(|id| (&*id.kind, &*id.value)).collect();
    assert_eq!(
        ids,
        [("PI", "501"), ("MR", "M100"), ("SS", "123456789")],
        "{form}: the ended alias is not"
    );
    assert_eq!(patient.telecoms.len(), 1, "{form}: not the organization's");
    assert_eq!((&*patient.telecoms[0].use_, &*patient.addresses[0].lines[0]), ("home", "3 Elm St"));
    assert_eq!(patient.communications[0].language, "en");
    let visit = super::content!(export, "ENCOUNTER/800", Encounter);
    assert_eq!(
        (&*visit.class, &*visit.status, visit.reason[0].label()),
        ("IMP", "finished", "Fall; hip")
    );
    assert_eq!(visit.period.end.as_ref().unwrap().as_str(), "2026-01-05T11:30:00");
    let problem = super::content!(export, "PROBLEM/70", Condition);
    assert_eq!(
        (problem.code.code_in(system::SNOMED), &*problem.clinical_status),
        (Some("38341003"), "active")
    );
    let drug = super::content!(export, "ORDERS/90", Medication);
    assert_eq!(
        (drug.code.label(), &*drug.sig, &*drug.status),
        ("lisinopril", "10 mg, PO, daily", "active")
    );
    assert_eq!(drug.dose.as_ref().unwrap().unit, "mg");
    assert_eq!(drug.encounter.as_ref().unwrap().key, "ENCOUNTER/800");
    let level = super::content!(export, "CLINICAL_EVENT/2", Observation);
    assert_eq!((&*level.category, level.interpretation[0].label()), ("laboratory", "H"));
    assert!(
        matches!(&level.value, Value::Quantity(it) if it.value == "5.10" && it.unit == "mmol/L")
    );
    let kin = super::content!(export, "PERSON_PERSON_RELTN/1", Relation);
    assert_eq!(kin.names[0].given, ["Kin"]);
    assert!(!serde_json::to_string(export).unwrap().contains("secret-word"));
}

#[test]
fn three_ways_of_writing_the_same() {
    for (form, files) in [("MySQL", mysql()), ("Oracle", oracle()), ("values", values())] {
        let (vendor, export) = read(&files);
        assert_eq!(vendor, "oracle-health", "{form}");
        check(&export.unwrap(), form);
    }
}

#[test]
fn statements_without_columns_need_their_schema() {
    let mut files = mysql();
    files.retain(|(path, _)| !path.contains("schema/problem") && !path.contains("schema/allergy"));
    let export = read(&files).1.unwrap();
    assert_eq!(codes(&export).iter().filter(|code| **code == "sql_columns_unknown").count(), 2);
    assert!(counts(&export).keys().all(|(kind, _)| *kind != FactKind::Condition));
}

#[test]
fn the_longitudinal_plan_is_kept_with_the_tables_and_said_to_be() {
    use std::io::Write;
    let mut files = mysql();
    let plan = "{\"id\":\"1\",\"text\":\"Walk daily\"}\n{\"id\":\"2\",\"text\":\"Eat well\"}\n";
    files.push(("longplan/goals.ndjson".to_owned(), plan.to_owned()));
    files.push((
        "longitudinal_plan/concerns.json".to_owned(),
        "[{\"id\":\"1\",\"text\":\"Falls\"}]".to_owned(),
    ));
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in &files {
        zip.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    let members = almoner_formats::read(&zip.finish().unwrap().into_inner(), "export.zip");
    assert_eq!(members.len(), 1, "the plan is no file of its own that could not be read");
    let export = members[0].outcome.as_ref().unwrap();
    let kept: Vec<&str> = export
        .problems
        .iter()
        .filter(|it| it.code == "object_kept")
        .map(|it| it.at.as_str())
        .collect();
    assert_eq!(kept, ["longplan/goals.ndjson"]);
    assert!(export.problems.iter().any(|it| it.message.contains("concerns (1)")));
}
