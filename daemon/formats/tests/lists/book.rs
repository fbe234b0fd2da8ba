//! Workbooks made by hand, part by part, as programs write them.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};
use zip::write::SimpleFileOptions;

/// What a cell holds.
pub(crate) enum Cell {
    /// Text, in the table of shared strings.
    Text(&'static str),
    /// Text in the cell itself.
    Inline(&'static str),
    Number(f64),
    /// A number that is shown as a day (style 1).
    Day(f64),
    /// A number that is shown with five digits (style 2).
    Five(f64),
    /// A formula with the value that was kept of it.
    Formula(&'static str, &'static str),
    Error(&'static str),
    Nothing,
}

/// The rows of a sheet, with their numbers.
type Rows = Vec<(u32, Vec<Cell>)>;

/// A workbook of sheets, each with its name.
pub(crate) fn workbook(sheets: &[(&str, Rows)], from_1904: bool) -> Vec<u8> {
    let mut strings: Vec<&str> = Vec::new();
    let mut parts: Vec<(String, String)> = Vec::new();
    let mut list = String::new();
    let mut relations = String::new();
    for (at, (name, rows)) in sheets.iter().enumerate() {
        let id = at + 1;
        let _ = write!(list, r#"<sheet name="{name}" sheetId="{id}" r:id="rId{id}"/>"#);
        let _ = write!(
            relations,
            r#"<Relationship Id="rId{id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet{id}.xml"/>"#
        );
        parts.push((format!("xl/worksheets/sheet{id}.xml"), sheet(rows, &mut strings)));
    }
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let date1904 = if from_1904 { r#"<workbookPr date1904="1"/>"# } else { "" };
    let mut shared = String::new();
    for text in strings {
        let _ = write!(shared, "<si><t>{text}</t></si>");
    }
    let head = r#"<?xml version="1.0" encoding="UTF-8" standalone="yes"?>"#;
    let mut all = vec![
        (
            "[Content_Types].xml".to_owned(),
            format!(
                r#"{head}<Types xmlns="{package}/content-types"><Default Extension="xml" ContentType="application/xml"/><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/></Types>"#
            ),
        ),
        (
            "_rels/.rels".to_owned(),
            format!(
                r#"{head}<Relationships xmlns="{package}/relationships"><Relationship Id="r" Type="{relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
        (
            "xl/workbook.xml".to_owned(),
            format!(
                r#"{head}<workbook xmlns="{main}" xmlns:r="{relation}">{date1904}<sheets>{list}</sheets></workbook>"#
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels".to_owned(),
            format!(
                r#"{head}<Relationships xmlns="{package}/relationships">{relations}<Relationship Id="s" Type="{relation}/sharedStrings" Target="sharedStrings.xml"/><Relationship Id="t" Type="{relation}/styles" Target="styles.xml"/></Relationships>"#
            ),
        ),
        ("xl/sharedStrings.xml".to_owned(), format!(r#"{head}<sst xmlns="{main}">{shared}</sst>"#)),
        (
            "xl/styles.xml".to_owned(),
            format!(
                r#"{head}<styleSheet xmlns="{main}"><numFmts count="1"><numFmt numFmtId="170" formatCode="00000"/></numFmts><cellXfs count="3"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="170"/></cellXfs></styleSheet>"#
            ),
        ),
    ];
    all.extend(parts);
    zipped(&all)
}

/// Parts as a zip archive.
pub(crate) fn zipped(parts: &[(String, String)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in parts {
        archive.start_file(name.as_str(), SimpleFileOptions::default()).unwrap();
        archive.write_all(text.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// The name of a column: A, B … AA.
fn column(mut at: usize) -> String {
    let mut name = String::new();
    loop {
        name.insert(0, char::from(b'A' + u8::try_from(at % 26).unwrap()));
        if at < 26 {
            return name;
        }
        at = at / 26 - 1;
    }
}

fn sheet(rows: &[(u32, Vec<Cell>)], strings: &mut Vec<&'static str>) -> String {
    let mut text = String::from(
        r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>"#,
    );
    for (number, cells) in rows {
        let _ = write!(text, r#"<row r="{number}">"#);
        for (at, cell) in cells.iter().enumerate() {
            let place = format!("{}{number}", column(at));
            let _ = match cell {
                Cell::Text(words) => {
                    strings.push(words);
                    write!(text, r#"<c r="{place}" t="s"><v>{}</v></c>"#, strings.len() - 1)
                }
                Cell::Inline(words) => {
                    write!(text, r#"<c r="{place}" t="inlineStr"><is><t>{words}</t></is></c>"#)
                }
                Cell::Number(number) => write!(text, r#"<c r="{place}"><v>{number}</v></c>"#),
                Cell::Day(number) => write!(text, r#"<c r="{place}" s="1"><v>{number}</v></c>"#),
                Cell::Five(number) => write!(text, r#"<c r="{place}" s="2"><v>{number}</v></c>"#),
                Cell::Formula(formula, value) => {
                    write!(text, r#"<c r="{place}" t="str"><f>{formula}</f><v>{value}</v></c>"#)
                }
                Cell::Error(word) => write!(text, r#"<c r="{place}" t="e"><v>{word}</v></c>"#),
                Cell::Nothing => Ok(()),
            };
        }
        text.push_str("</row>");
    }
    text.push_str("</sheetData></worksheet>");
    text
}
