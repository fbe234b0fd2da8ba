//! Lists that are cut off, mislabelled, too wide, or hostile: said in words, never half taken in
//! silence.

use super::book::{Cell, workbook, zipped};
use super::{people, problems, read};
use almoner_formats::unpack::Limits;
use std::fmt::Write as _;

fn refused(bytes: &[u8]) -> String {
    let members = almoner_formats::read_within(bytes, Limits::default());
    match members.into_iter().next().unwrap().outcome {
        Ok(export) => panic!("{export:?}"),
        Err(unread) => unread.problem.code,
    }
}

fn small_book() -> Vec<u8> {
    let rows = vec![
        (1, ["Patient", "MRN", "DOB"].map(Cell::Text).into()),
        (2, ["Abara, Lionel", "1", "7/19/1971"].map(Cell::Text).into()),
    ];
    workbook(&[("List", rows)], false)
}

#[test]
fn a_workbook_that_is_cut_off_is_refused_in_words() {
    let whole = small_book();
    assert_eq!(people(&read(&whole)), ["Abara, Lionel"]);
    for keep in [whole.len() - 1, whole.len() / 2, 60] {
        let code = refused(&whole[..keep]);
        assert!(code.starts_with("zip_") || code == "workbook_damaged", "{keep}: {code}");
    }
}

#[test]
fn a_sheet_that_stops_in_the_middle_is_refused() {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(small_book())).unwrap();
    let mut parts = Vec::new();
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut entry, &mut text).unwrap();
        if name.ends_with("sheet1.xml") {
            text.truncate(text.find("</row>").unwrap() + 20);
        }
        parts.push((name, text));
    }
    assert_eq!(refused(&zipped(&parts)), "workbook_damaged");
}

#[test]
fn six_hundred_columns_are_no_list() {
    let mut text = String::from("Patient,MRN,DOB");
    for column in 0..597 {
        let _ = write!(text, ",c{column}");
    }
    text.push_str("\nx,y,z\n");
    assert_eq!(refused(text.as_bytes()), "table_too_wide");
    let row = |make: fn(usize) -> Cell| (0..600).map(make).collect::<Vec<_>>();
    let rows = vec![
        (1, ["Patient", "MRN", "DOB"].map(Cell::Text).into()),
        (2, row(|_| Cell::Number(1.0))),
    ];
    assert_eq!(refused(&workbook(&[("Wide", rows)], false)), "table_too_wide");
}

#[test]
fn a_cell_far_away_costs_no_memory() {
    let sheet = r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Patient</t></is></c><c r="B1" t="inlineStr"><is><t>DOB</t></is></c><c r="C1" t="inlineStr"><is><t>MRN</t></is></c></row><row r="1048576"><c r="A1048576" t="inlineStr"><is><t>Abara, Lionel</t></is></c><c r="B1048576" t="inlineStr"><is><t>7/19/1971</t></is></c></row></sheetData></worksheet>"#;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(small_book())).unwrap();
    let mut parts = Vec::new();
    for at in 0..archive.len() {
        let mut entry = archive.by_index(at).unwrap();
        let name = entry.name().unwrap().into_owned();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut entry, &mut text).unwrap();
        parts.push((
            name.clone(),
            if name.ends_with("sheet1.xml") { sheet.to_owned() } else { text },
        ));
    }
    let export = read(&zipped(&parts));
    assert_eq!(export.people[0].place, "row 1048576");
}

#[test]
fn wrong_types_cost_their_cell_or_row() {
    let list = "Patient,MRN,DOB,Appt Date,Time\n\
        \"Abara, Lionel\",1,someday,11/23/2026,noon-ish\n12,,7/19/1971,11/23/2026,9:00\n\
        Lionel,,7/19/1971,11/23/2026,9:00\n\"Doe, Ann\",2,1/2/1960,,9:00\n";
    let export = read(list.as_bytes());
    assert_eq!(
        problems(&export),
        [
            ("birth_date_unread", "row 2"),
            ("time_unread", "row 2"),
            ("row_without_patient", "row 3"),
            ("row_without_patient", "row 4"),
        ]
    );
    assert_eq!(people(&export), ["Abara, Lionel", "Doe, Ann"]);
    let said: Vec<usize> = export.people.iter().map(|it| it.statements.len()).collect();
    assert_eq!(said, [1, 0]);
}

#[test]
fn many_problems_of_one_kind_are_counted() {
    let mut list = String::from("Patient,MRN,DOB\n");
    for row in 0..200 {
        let _ = writeln!(list, "\"Abara, Lionel\",{row}1,never");
    }
    let export = read(list.as_bytes());
    assert_eq!((export.people.len(), export.problems.len()), (200, 51));
    assert!(export.problems[50].message.starts_with("150 further rows"));
}

#[test]
fn no_problem_carries_words_of_a_cell() {
    let list = "Patient,MRN,DOB,Appt Date\nZebulon,,x,y\n\"Zebulon, Q\",7,zebulon,zebulon\n";
    let export = read(list.as_bytes());
    assert!(!export.problems.is_empty());
    assert!(export.problems.iter().all(|it| !it.message.to_lowercase().contains("zebulon")));
}
