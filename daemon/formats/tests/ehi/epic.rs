//! Epic: a real export, whose rows are counted here without the reader, row by row and join by join.

use super::{codes, counts, data, files, only, read};
use almoner_core::clinical::FactKind;
use almoner_core::export::{Export, Severity};
use std::collections::{BTreeMap, BTreeSet, HashMap};

type Tables = HashMap<String, Vec<HashMap<String, String>>>;

/// The tables as they stand, read by splitting alone.
fn tables() -> Tables {
    let mut tables = Tables::new();
    for entry in std::fs::read_dir(data().join("epic-tsv")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        let text = std::fs::read_to_string(&path).unwrap();
        let mut lines = text.split("\r\n");
        let header: Vec<&str> = lines.next().unwrap().split('\t').collect();
        let row = |line: &str| {
            let cells = line.split('\t').map(str::to_owned);
            header.iter().map(|name| (*name).to_owned()).zip(cells).collect()
        };
        tables.insert(name, lines.filter(|line| !line.is_empty()).map(row).collect());
    }
    tables
}

fn export() -> Export {
    let (vendor, export) = read(&files("epic-tsv"));
    assert_eq!(vendor, "epic");
    export.unwrap()
}

fn has(row: &HashMap<String, String>, column: &str) -> bool {
    row.get(column).is_some_and(|value| !value.is_empty() && value != "REDACTED")
}

/// How many rows of a table are unlike each other in some columns.
fn unlike(tables: &Tables, table: &str, columns: &[&str]) -> usize {
    let key = |row: &HashMap<String, String>| columns.iter().map(|c| row[*c].clone()).collect();
    tables[table].iter().map(key).collect::<BTreeSet<Vec<String>>>().len()
}

#[test]
fn every_kind_of_fact_is_counted() {
    let tables = tables();
    let export = export();
    let rows = |table: &str| tables[table].len();
    let with = |table: &str, column: &str| tables[table].iter().filter(|r| has(r, column)).count();
    let social = ["TOBACCO_USER_C_NAME", "ALCOHOL_USE_C_NAME", "ALCOHOL_COMMENT"];
    let social =
        [&social[..], &["ILL_DRUG_USER_C_NAME", "ILLICIT_DRUG_CMT"], &["SEXUALLY_ACTIVE_C_NAME"]];
    let social: usize = social.concat().iter().map(|column| with("SOCIAL_HX", column)).sum();
    let reports = |table: &str| unlike(&tables, table, &["ORDER_PROC_ID"]);
    let both = reports("ORDER_IMPRESSION");
    let expected = [
        (FactKind::Condition, "PROBLEM_LIST", rows("PROBLEM_LIST")),
        (FactKind::Condition, "MEDICAL_HX", unlike(&tables, "MEDICAL_HX", &["DX_ID"])),
        (FactKind::Medication, "ORDER_MED", rows("ORDER_MED")),
        (FactKind::Allergy, "ALLERGY", rows("ALLERGY")),
        (FactKind::Result, "ORDER_RESULTS", rows("ORDER_RESULTS")),
        (FactKind::Immunization, "IMMUNE", rows("IMMUNE")),
        (FactKind::Procedure, "SURGICAL_HX", unlike(&tables, "SURGICAL_HX", &["PROC_ID"])),
        (FactKind::Encounter, "PAT_ENC", rows("PAT_ENC")),
        (FactKind::Appointment, "PAT_ENC", with("PAT_ENC", "APPT_STATUS_C_NAME")),
        (FactKind::Coverage, "COVERAGE_MEMBER_LIST", rows("COVERAGE_MEMBER_LIST")),
        (FactKind::Referral, "REFERRAL", rows("REFERRAL")),
        (FactKind::Goal, "PT_GOALS_INFO", rows("PT_GOALS_INFO")),
        (FactKind::CarePlan, "EPISODE", rows("EPISODE")),
        (FactKind::Document, "HNO_INFO", unlike(&tables, "HNO_PLAIN_TEXT", &["NOTE_ID"])),
        (FactKind::Document, "PAT_SOCIAL_HX_DOC", rows("PAT_SOCIAL_HX_DOC")),
        (FactKind::Document, "ORDER_PROC", reports("ORDER_NARRATIVE") + both),
        (FactKind::Resource, "ORDER_PROC", rows("ORDER_PROC")),
        (FactKind::Social, "SOCIAL_HX", social),
        (
            FactKind::Social,
            "FAMILY_HX",
            unlike(&tables, "FAMILY_HX", &["FAM_MED_REL_ID", "MEDICAL_HX_C_NAME"]),
        ),
    ];
    let expected: BTreeMap<_, _> = expected
        .into_iter()
        .filter(|(.., count)| *count > 0)
        .map(|(kind, table, count)| ((kind, table.to_owned()), count))
        .collect();
    println!("epic: {} facts", expected.values().sum::<usize>());
    assert_eq!(counts(&export), expected);
    assert_eq!(export.shared.len(), rows("CLARITY_SER"));
}

/// How many rows of a table a kind of problem speaks of.
fn told(export: &Export, code: &str, table: &str) -> usize {
    let message = export.problems.iter().find(|p| p.code == code).map(|p| &*p.message);
    let start = format!(" {table} (");
    let rest = message.and_then(|message| Some(message.split_once(&start)?.1.split_once(')')?.0));
    rest.map_or(0, |count| count.parse().unwrap())
}

#[test]
fn every_row_is_accounted_for() {
    let tables = tables();
    let export = export();
    let mut taken: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    let all = export.people.iter().flat_map(|person| &person.statements).chain(&export.shared);
    for statement in all {
        let table = statement.place.split('.').next().unwrap().to_owned();
        taken.entry(table).or_default().insert(&statement.place);
    }
    for (table, places) in &taken {
        let lost: usize = ["row_hollow", "row_excluded", "row_repeated", "row_ragged"]
            .iter()
            .map(|code| told(&export, code, table))
            .sum();
        assert_eq!(places.len() + lost, tables[table].len(), "rows of {table}");
    }
    let unused = export.problems.iter().find(|p| p.code == "tables_unused").unwrap();
    let listed = unused.message.split_once("original: ").unwrap().1;
    for name in listed.split(", ").filter_map(|it| it.split_once(" (")).map(|it| it.0) {
        assert!(!taken.contains_key(name), "{name} is taken and told as unused");
        assert_eq!(told(&export, "tables_unused", name), tables[name].len(), "rows of {name}");
    }
    let codes = codes(&export);
    for code in &codes {
        assert_eq!(codes.iter().filter(|it| it == &code).count(), 1, "{code} is told once");
    }
    let worst = export.problems.iter().map(|problem| problem.severity).min();
    assert_eq!(worst, Some(Severity::Info), "{:?}", export.problems);
}

#[test]
fn the_patient_is_as_the_tables_say() {
    let tables = tables();
    let export = export();
    let (patient, row) = (only(&export), &tables["PATIENT"][0]);
    let name = &patient.names[0];
    assert_eq!((&name.family, &name.given[0]), (&row["PAT_LAST_NAME"], &row["PAT_FIRST_NAME"]));
    let day = patient.birth_date.as_ref().unwrap().as_str();
    let [month, day_of, year] =
        row["BIRTH_DATE"].split_once(' ').unwrap().0.split('/').collect::<Vec<_>>()[..]
    else {
        panic!("a birth date")
    };
    assert_eq!(day, format!("{year}-{month:0>2}-{day_of:0>2}"));
    assert_eq!(patient.gender, row["SEX_C_NAME"].to_lowercase());
    let mrn = patient.identifiers.iter().find(|id| id.kind == "MR").unwrap();
    assert_eq!(mrn.value, row["PAT_MRN_ID"]);
    for id in &tables["IDENTITY_ID"] {
        assert!(patient.identifiers.iter().any(|it| it.value == id["IDENTITY_ID"]));
    }
    let mails = tables["PAT_EMAILADDRESS"].len();
    assert_eq!(patient.telecoms.iter().filter(|it| it.system == "email").count(), mails);
    assert_eq!(patient.race.len(), tables["PATIENT_RACE"].len());
    assert!(!patient.deceased && patient.communications[0].language == "en");
    let masked = |text: &str| text.contains("REDACTED");
    assert!(patient.addresses.iter().all(|it| !it.lines.iter().any(|line| masked(line))));
    assert!(patient.identifiers.iter().all(|id| id.kind != "SS" && !masked(&id.value)), "masked");
}

#[test]
fn joins_give_the_words_of_the_other_table() {
    let tables = tables();
    let export = export();
    for row in &tables["PROBLEM_LIST"] {
        let key = format!("PROBLEM_LIST/{}", row["PROBLEM_LIST_ID"]);
        let condition = super::content!(&export, &key, Condition);
        let named = tables["CLARITY_EDG"].iter().find(|it| it["DX_ID"] == row["DX_ID"]).unwrap();
        assert_eq!(condition.code.text.as_ref(), Some(&named["DX_NAME"]));
        assert!(condition.code.codings.is_empty(), "no code is exported, so none is made up");
        assert_eq!(condition.clinical_status, "active");
    }
    for row in &tables["ORDER_MED"] {
        let key = format!("ORDER_MED/{}", row["ORDER_MED_ID"]);
        let medication = super::content!(&export, &key, Medication);
        let sig = tables["ORDER_MED_SIG"].iter().find(|it| it["ORDER_ID"] == row["ORDER_MED_ID"]);
        assert_eq!(medication.sig, sig.unwrap()["SIG_TEXT"].trim());
        assert_eq!(medication.status == "stopped", has(row, "DISCON_TIME"));
        let visit = medication.encounter.as_ref().unwrap();
        assert_eq!(visit.key, format!("PAT_ENC/{}", row["PAT_ENC_CSN_ID"]));
    }
    for row in &tables["ALLERGY"] {
        let key = format!("ALLERGY/{}", row["ALLERGY_ID"]);
        let allergy = super::content!(&export, &key, Allergy);
        let reactions = tables["ALLERGY_REACTIONS"].iter();
        let count = reactions.filter(|it| it["ALLERGY_ID"] == row["ALLERGY_ID"]).count();
        assert_eq!(allergy.reactions.len(), count);
        assert_eq!((&*allergy.type_, &*allergy.criticality), ("allergy", "high"));
    }
    for row in &tables["PAT_ENC"] {
        let key = format!("PAT_ENC/{}", row["PAT_ENC_CSN_ID"]);
        let visit = super::content!(&export, &key, Encounter);
        let diagnoses = tables["PAT_ENC_DX"].iter();
        let count = diagnoses.filter(|it| it["PAT_ENC_CSN_ID"] == row["PAT_ENC_CSN_ID"]).count();
        assert_eq!(visit.diagnoses.len(), count, "diagnoses of a visit");
    }
}

/// Of a note with several versions the last one counts, its lines in their order.
#[test]
fn notes_are_put_together_by_line() {
    let tables = tables();
    let export = export();
    let mut versions: BTreeMap<&str, BTreeMap<u64, BTreeMap<u64, &str>>> = BTreeMap::new();
    for row in &tables["HNO_PLAIN_TEXT"] {
        let note = versions.entry(&row["NOTE_ID"]).or_default();
        let lines = note.entry(row["NOTE_CSN_ID"].parse().unwrap()).or_default();
        lines.insert(row["LINE"].parse().unwrap(), row["NOTE_TEXT"].trim());
    }
    let mut several = 0;
    for (note, versions) in &versions {
        let document = super::content!(&export, &format!("HNO_INFO/{note}"), Document);
        let lines = versions.last_key_value().unwrap().1;
        let plain = |text: &str| text.split_whitespace().collect::<String>();
        assert_eq!(plain(&document.text), plain(&lines.values().copied().collect::<String>()));
        several += usize::from(versions.len() > 1);
    }
    assert!(several > 0, "some notes have several versions");
}
