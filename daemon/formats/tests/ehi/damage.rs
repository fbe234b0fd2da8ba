//! Damage: a table of patients that is missing, rows that do not fit, files that are cut, keys that lead
//! nowhere. What is sound is taken once, what is not is told, and nothing of a patient is in the telling.

use super::{codes, counts, files, read};
use almoner_core::export::Severity;
use almoner_formats::read as read_file;
use std::io::Write;

fn zip(files: &[(String, String)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        writer.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

/// Two made-up patients in Epic's manner.
fn small() -> Vec<(String, String)> {
    let file =
        |name: &str, text: &str| (format!("EHI Tables/{name}.tsv"), text.replace('\n', "\r\n"));
    vec![
        file(
            "PATIENT",
            "PAT_ID\tPAT_LAST_NAME\tPAT_FIRST_NAME\tBIRTH_DATE\nZ1\tGreen\tAnn\t1/2/1960 12:00:00 AM\nZ2\tBrown\tBob\t3/4/1950 12:00:00 AM\n",
        ),
        file(
            "PAT_PROBLEM_LIST",
            "PAT_ID\tLINE\tPROBLEM_LIST_ID\nZ1\t1\t10\nZ2\t1\t20\nZ9\t1\t30\n",
        ),
        file(
            "PROBLEM_LIST",
            "PROBLEM_LIST_ID\tDX_ID\tDESCRIPTION\tPROBLEM_STATUS_C_NAME\tNOTED_DATE\n10\t1\tGout \"left\"\tActive\t5/6/2020 12:00:00 AM\n20\t2\t\tActive\t99/99/2020\n30\t1\tOf nobody\tActive\t\n40\t1\tWithout a link\tActive\t\n",
        ),
        file("CLARITY_EDG", "DX_ID\tDX_NAME\n2\tAsthma\n"),
        file("ALLERGY", "ALLERGY_ID\tALLERGEN_ID_ALLERGEN_NAME\tALRGY_STATUS_C_NAME\n7\tLatex\n"),
        file("PAT_ALLERGIES", "PAT_ID\tLINE\tALLERGY_RECORD_ID\nZ1\t1\t7\n"),
    ]
}

#[test]
fn sound_rows_are_taken_and_the_others_told() {
    let export = read(&small()).1.unwrap();
    let kinds: Vec<_> = counts(&export).into_iter().collect();
    assert_eq!(kinds.len(), 1, "{kinds:?}");
    assert_eq!(kinds[0].1, 2);
    let words: Vec<_> = export.people.iter().map(|person| &person.statements[0]).collect();
    let condition = |at: usize| match &words[at].content {
        super::Content::Condition(it) => it.code.label().to_owned(),
        _ => panic!("a condition"),
    };
    assert_eq!((condition(0), condition(1)), ("Gout \"left\"".into(), "Asthma".into()));
    assert_eq!(words[0].place, "EHI Tables/PROBLEM_LIST.tsv row 1");
    let mut told = codes(&export);
    told.retain(|code| !code.ends_with("unused"));
    assert_eq!(told, ["row_ragged", "row_without_patient", "row_without_patient", "date_unread"]);
    assert!(
        export.problems.iter().any(|p| p.severity == Severity::Error && p.at.contains("row 1"))
    );
    let all: String = export.problems.iter().map(|problem| problem.message.as_str()).collect();
    for name in ["Green", "Ann", "Gout", "Latex", "Of nobody", "99/99"] {
        assert!(!all.contains(name), "{name} is in a problem's text");
    }
}

#[test]
fn a_set_in_a_zip_is_one_member() {
    let members = read_file(&zip(&small()), "export.zip");
    assert_eq!(members.len(), 1);
    assert_eq!(members[0].path, "EHI Tables/*");
    let export = members[0].outcome.as_ref().unwrap();
    assert_eq!((&*export.format, &*export.document, export.people.len()), ("ehi", "ehi-export", 2));
    for said in export.people.iter().flat_map(|person| &person.statements) {
        let mut source = std::io::Cursor::new(zip(&small()));
        let seen = almoner_formats::original::look(&mut source, &members[0].path, &said.place);
        assert_eq!(seen.found, almoner_formats::original::Found::Words, "{}", said.place);
    }
}

#[test]
fn without_the_table_of_patients_it_is_said_what_is_missing() {
    let mut files = small();
    files.remove(0);
    let refused = read(&files).1.unwrap_err();
    assert_eq!(refused.problem.code, "patients_missing");
    assert!(refused.problem.message.contains("PATIENT"), "{}", refused.problem.message);
    for (name, text) in &small()[1..3] {
        let members = read_file(text.as_bytes(), name);
        let alone = members[0].outcome.as_ref().unwrap_err();
        assert_eq!(alone.problem.code, "patients_missing", "{name}");
        assert!(alone.problem.message.contains("(PATIENT)"), "{}", alone.problem.message);
    }
}

#[test]
fn cut_anywhere_it_still_gives_an_answer() {
    let whole = small();
    for (at, (name, text)) in whole.iter().enumerate() {
        for cut in (0..text.len()).step_by(7) {
            let mut files = whole.clone();
            files[at].1.truncate(cut);
            let texts: Vec<(&str, &str)> = files.iter().map(|(n, t)| (&**n, &**t)).collect();
            let Some(vendor) = almoner_formats::ehi::recognise(&texts) else { continue };
            match almoner_formats::ehi::read_set(vendor, &texts) {
                Ok(export) => assert!(export.people.len() <= 2, "{name} cut at {cut}"),
                Err(refused) => assert_eq!(refused.problem.code, "patients_missing"),
            }
        }
    }
}

#[test]
fn a_quote_in_epics_tables_is_a_sign() {
    let mut files = files("epic-tsv");
    let before = counts(&read(&files).1.unwrap());
    let table = files.iter_mut().find(|(name, _)| name == "PROBLEM_LIST.tsv").unwrap();
    // A bare quote at the beginning of a cell would swallow all that follows, were quotes read.
    table.1 = table.1.replacen("\r\n", "\r\n\"", 1);
    let after = counts(&read(&files).1.unwrap());
    assert_eq!(before.values().sum::<usize>(), after.values().sum::<usize>());
}
