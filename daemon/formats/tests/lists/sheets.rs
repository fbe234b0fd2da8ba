//! Lists in workbooks, and in what passes for one.

use super::book::{Cell, workbook};
use super::{contents, people, problems, read};
use Cell::{Day, Error, Five, Formula, Inline, Nothing, Number, Text};
use almoner_core::clinical::Content;

fn header(at: u32) -> (u32, Vec<Cell>) {
    let names = ["Patient", "MRN", "DOB", "Appt Date", "Time", "Zip", "Status"];
    (at, names.map(Text).into())
}

#[test]
fn a_workbook_with_titles_days_and_numbers() {
    let rows = vec![
        (1, vec![Text("Appointments of the week")]),
        header(3),
        (
            4,
            vec![
                Inline("Abara, Lionel"),
                Text("00720415"),
                Day(26_133.0),
                Day(46_349.395_833_333),
                Nothing,
                Five(1970.0),
                Formula("A1", "Confirmed"),
            ],
        ),
        (
            6,
            vec![
                Text("Doe, Ann"),
                Number(481_937.0),
                Text("1/2/1960"),
                Number(46_350.0),
                Number(0.59375),
                Text("02110"),
                Error("#N/A"),
            ],
        ),
        (7, vec![Text("Total"), Number(2.0)]),
    ];
    let other = vec![(1, vec![Text("Codes")]), (2, vec![Text("a"), Text("b")])];
    let export = read(&workbook(&[("Codes", other), ("Week", rows)], false));
    assert_eq!(export.document, "appointments");
    assert_eq!(people(&export), ["Abara, Lionel", "Doe, Ann"]);
    assert_eq!(problems(&export), [("sheets_not_read", "file")]);
    let who = |at: usize| {
        let patient = &export.people[at].patient;
        let born = patient.birth_date.as_ref().unwrap().as_str();
        (patient.identifiers[0].value.as_str(), born, patient.addresses[0].postal_code.as_str())
    };
    assert_eq!(who(0), ("00720415", "1971-07-19", "01970"));
    assert_eq!(who(1), ("481937", "1960-01-02", "02110"));
    let starts: Vec<_> = contents(&export)
        .into_iter()
        .map(|it| {
            let Content::Other(it) = it else { panic!() };
            (it.period.start.as_ref().unwrap().as_str(), it.status.as_str())
        })
        .collect();
    assert_eq!(starts, [("2026-11-23T09:30:00", "booked"), ("2026-11-24T14:15:00", "booked")]);
    assert_eq!(export.people[1].statements[0].place, "sheet 2 row 6");
}

#[test]
fn days_that_count_from_1904() {
    let rows = vec![
        header(1),
        (2, vec![Text("Abara, Lionel"), Text("1"), Day(24_671.0), Number(44_887.0)]),
    ];
    let export = read(&workbook(&[("Week", rows)], true));
    assert_eq!(export.people[0].patient.birth_date.as_ref().unwrap().as_str(), "1971-07-19");
    let Content::Other(appointment) = contents(&export)[0] else { panic!() };
    assert_eq!(appointment.period.start.as_ref().unwrap().as_str(), "2026-11-23");
}

#[test]
fn sheets_with_one_header_are_one_list() {
    let sheet = |name: &'static str, number: &'static str| {
        vec![
            (1, ["Name", "DOB", "MRN", "Coordinator", "Next call"].map(Text).into()),
            (2, vec![Text(name), Text("1/2/1960"), Text(number), Text("Rosa"), Text("11/23/2026")]),
        ]
    };
    let book = workbook(
        &[("Rosa", sheet("Abara, Lionel", "11")), ("Daniel", sheet("Doe, Ann", "12"))],
        false,
    );
    let export = read(&book);
    assert_eq!(people(&export), ["Abara, Lionel", "Doe, Ann"]);
    assert_eq!(export.people[1].place, "sheet 2 row 2");
    assert!(export.problems.is_empty());
}

#[test]
fn text_of_every_encoding_and_separator() {
    let text = "MRN;Apellidos;Nombre;Fecha de nacimiento;Teléfono\r\n007;Muñoz;Ana;3/4/1958;5550100199\r\n";
    let wide: Vec<u8> =
        [0xFF, 0xFE].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let marked = format!("\u{feff}{text}").into_bytes();
    let western: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    for bytes in [
        wide,
        marked,
        western,
        text.replace(';', "\t").into_bytes(),
        text.replace(';', "|").into_bytes(),
    ] {
        let export = read(&bytes);
        assert_eq!(
            (people(&export), export.document.as_str()),
            (vec!["Muñoz, Ana".into()], "patients")
        );
        assert_eq!(export.people[0].patient.identifiers[0].value, "007");
    }
}

#[test]
fn a_page_and_the_xml_of_2003_pass_for_workbooks() {
    let page = "<html><body><h1>Report</h1><table><tr><th>Patient Name</th><th>DOB</th><th>MRN</th><th>Phone</th></tr>\
                <tr><td>Abara, Lionel</td><td>7/19/1971</td><td>00720415</td><td>555-010-0199</td></tr></table></body></html>";
    assert_eq!(people(&read(page.as_bytes())), ["Abara, Lionel"]);
    let xml = r#"<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="x"><Table>
<Row><Cell><Data ss:Type="String">Patient Name</Data></Cell><Cell><Data ss:Type="String">DOB</Data></Cell><Cell><Data ss:Type="String">MRN</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">Abara, Lionel</Data></Cell><Cell><Data ss:Type="DateTime">1971-07-19T00:00:00.000</Data></Cell><Cell><Data ss:Type="String">007</Data></Cell></Row></Table></Worksheet></Workbook>"#;
    let export = read(xml.as_bytes());
    assert_eq!(people(&export), ["Abara, Lionel"]);
    assert_eq!(export.people[0].patient.birth_date.as_ref().unwrap().as_str(), "1971-07-19");
}
