//! Lists to begin with, made up: text, pages and workbooks that name themselves lists.

use std::io::Write as _;

const HEADS: [&str; 6] = [
    "MRN,Patient Name,DOB,Appt Date,Time,Visit Type,Provider,Status",
    "Patient ID,Last Name,First Name,DOB,Drug Name,Strength,Directions,Refills,NDC",
    "Name,DOB,Phone,Coordinator,Next call,Housing,Notes,Program",
    "Patient Name,DOB,Admit Date,Discharge Date,Hospital,Disposition,Diagnosis,PCP",
    "MRN,Patient,Test Name,LOINC,Result,Units,Flag,Collection Date",
    "Wer,Wann,Nummer,Was,Wo,Wieso,Warum,Womit",
];

const CELLS: [&str; 16] = [
    "\"Quillfeather, Odalys (Odie) Jr\"",
    "00720415",
    "3/4/58",
    "19/11/2026 9:30 AM",
    "46345.39",
    "19-NOV-2026",
    "\"two\nlines\"",
    "=\"007\"",
    "NKDA",
    "E11.9 - Diabetes",
    "<5.7 %",
    "No Show",
    "#N/A",
    "Total: 17",
    "",
    "Yes",
];

/// Lists as text, as a page, and as Excel's XML of 2003.
pub(crate) fn texts() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for (number, head) in HEADS.iter().enumerate() {
        let width = head.split(',').count();
        let rows: Vec<Vec<&str>> = (0..6)
            .map(|row| {
                (0..width).map(|at| CELLS[(row * 7 + at * 3 + number) % CELLS.len()]).collect()
            })
            .collect();
        let lines: Vec<String> = rows.iter().map(|row| row.join(",")).collect();
        let text = format!("Report of the week\n\n{head}\n{}\n", lines.join("\n"));
        seeds.push(text.clone().into_bytes());
        seeds.push(text.replace(',', "\t").into_bytes());
        let cells = |row: &[&str], open: &str, close: &str| {
            let cells: Vec<String> =
                row.iter().map(|cell| format!("{open}{}{close}", cell.replace('"', ""))).collect();
            cells.concat()
        };
        let heads: Vec<&str> = head.split(',').collect();
        let page: Vec<String> = std::iter::once(&heads)
            .chain(&rows)
            .map(|row| format!("<tr>{}</tr>", cells(row, "<td colspan=1>", "</td>")))
            .collect();
        let page = page.concat();
        seeds.push(format!("<html><table>{page}</table></html>").into_bytes());
        let xml: Vec<String> = std::iter::once(&heads)
            .chain(&rows)
            .map(|row| {
                let cells = cells(row, "<Cell><Data ss:Type=\"String\">", "</Data></Cell>");
                format!("<Row>{}</Row>", cells.replace("<5.7", "5.7"))
            })
            .collect();
        let xml = xml.concat();
        seeds.push(
            format!(
                "<?xml version=\"1.0\"?><Workbook xmlns=\"urn:schemas-microsoft-com:office:spreadsheet\" \
                 xmlns:ss=\"urn:schemas-microsoft-com:office:spreadsheet\"><Worksheet><Table>{xml}\
                 </Table></Worksheet></Workbook>"
            )
            .into_bytes(),
        );
    }
    seeds
}

/// Sheets of workbooks, as their markup.
pub(crate) fn sheets() -> Vec<Vec<u8>> {
    let sheet = |head: &&str| {
        let row = |number: usize, cells: Vec<String>| {
            let cells = cells.iter().enumerate().map(|(at, cell)| {
                let column = char::from(b'A' + u8::try_from(at % 26).unwrap());
                match at % 4 {
                    0 => format!(
                        "<c r=\"{column}{number}\" t=\"inlineStr\"><is><t>{cell}</t></is></c>"
                    ),
                    1 => format!("<c r=\"{column}{number}\" s=\"1\"><v>46345.39</v></c>"),
                    2 => format!("<c r=\"{column}{number}\" t=\"s\"><v>0</v></c>"),
                    _ => format!("<c r=\"{column}{number}\" t=\"str\"><f>A1</f><v>{cell}</v></c>"),
                }
            });
            format!("<row r=\"{number}\">{}</row>", cells.collect::<String>())
        };
        let heads = head.split(',').enumerate().map(|(at, name)| {
            let column = char::from(b'A' + u8::try_from(at % 26).unwrap());
            format!("<c r=\"{column}1\" t=\"inlineStr\"><is><t>{name}</t></is></c>")
        });
        let heads = format!("<row r=\"1\">{}</row>", heads.collect::<String>());
        let plain = |cell: &&str| cell.replace(['"', '<', '&'], "");
        let rows = (2..6).map(|number| row(number, CELLS.iter().map(plain).collect()));
        format!(
            "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>\
             {heads}{}</sheetData></worksheet>",
            rows.collect::<String>()
        )
        .into_bytes()
    };
    HEADS.iter().cycle().take(12).map(sheet).collect()
}

/// A workbook with this markup as its sheet, or as another of its parts.
pub(crate) fn workbook(markup: &[u8]) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const RELATION: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006";
    let parts = [
        ("[Content_Types].xml", format!("<Types xmlns=\"{PACKAGE}/content-types\"/>")),
        (
            "_rels/.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"r\" Type=\"{RELATION}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns=\"{MAIN}\" xmlns:r=\"{RELATION}\"><sheets><sheet name=\"List\" sheetId=\"1\" r:id=\"a\"/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "<Relationships xmlns=\"{PACKAGE}/relationships\"><Relationship Id=\"a\" Type=\"{RELATION}/worksheet\" Target=\"worksheets/sheet1.xml\"/><Relationship Id=\"s\" Type=\"{RELATION}/sharedStrings\" Target=\"sharedStrings.xml\"/><Relationship Id=\"t\" Type=\"{RELATION}/styles\" Target=\"styles.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/sharedStrings.xml",
            format!("<sst xmlns=\"{MAIN}\"><si><t>Quillfeather, Odalys</t></si></sst>"),
        ),
        (
            "xl/styles.xml",
            format!(
                "<styleSheet xmlns=\"{MAIN}\"><cellXfs count=\"2\"><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>"
            ),
        ),
    ];
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    // Most mutants are the sheet; some stand where the strings or the styles do.
    let instead = match markup.len() % 8 {
        0 => "xl/sharedStrings.xml",
        1 => "xl/styles.xml",
        2 => "xl/workbook.xml",
        _ => "xl/worksheets/sheet1.xml",
    };
    for (name, text) in parts.iter().filter(|(name, _)| *name != instead) {
        archive.start_file(*name, options).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.start_file(instead, options).unwrap();
    archive.write_all(markup).unwrap();
    archive.finish().unwrap().into_inner()
}

/// Sheets of OpenDocument workbooks, as their markup.
pub(crate) fn open_sheets() -> Vec<Vec<u8>> {
    const NAMES: &str = "xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
        xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
        xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"";
    let row = |cells: Vec<String>, times: usize| {
        format!(
            "<table:table-row table:number-rows-repeated=\"{times}\">{}</table:table-row>",
            cells.concat()
        )
    };
    let cell = |(at, text): (usize, &str)| {
        match at % 4 {
        0 => format!(
            "<table:table-cell office:value-type=\"float\" office:value=\"{at}\"><text:p>0{at}</text:p></table:table-cell>"
        ),
        1 => "<table:table-cell office:value-type=\"date\" office:date-value=\"1960-01-02T00:00:00\"/>"
            .to_owned(),
        2 => format!(
            "<table:table-cell table:number-columns-repeated=\"2\"><text:p>{text}<text:s/>a<text:line-break/></text:p></table:table-cell>"
        ),
        _ => "<table:covered-table-cell table:number-columns-repeated=\"3\"/>".to_owned(),
    }
    };
    let sheet = |head: &&str| {
        let heads = head
            .split(',')
            .map(|name| format!("<table:table-cell><text:p>{name}</text:p></table:table-cell>"));
        let plain: Vec<String> = CELLS.iter().map(|it| it.replace(['"', '<', '&'], "")).collect();
        let cells = || plain.iter().map(String::as_str).enumerate().map(cell).collect();
        format!(
            "<office:document-content {NAMES}><office:body><office:spreadsheet><table:table \
             table:name=\"List\">{}{}{}</table:table></office:spreadsheet></office:body>\
             </office:document-content>",
            row(heads.collect(), 1),
            row(cells(), 1),
            row(cells(), 3)
        )
        .into_bytes()
    };
    HEADS.iter().cycle().take(12).map(sheet).collect()
}

/// An OpenDocument workbook with this markup.
pub(crate) fn open_workbook(markup: &[u8]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let stored = options.compression_method(zip::CompressionMethod::Stored);
    archive.start_file("mimetype", stored).unwrap();
    archive.write_all(b"application/vnd.oasis.opendocument.spreadsheet").unwrap();
    archive.start_file("content.xml", options).unwrap();
    archive.write_all(markup).unwrap();
    archive.finish().unwrap().into_inner()
}
