//! Workbooks of LibreOffice (OpenDocument 1.3), made by hand.

use super::{people, read};
use almoner_formats::unpack::Limits;
use std::io::{Cursor, Write as _};
use zip::CompressionMethod;
use zip::write::SimpleFileOptions;

/// A file of the OpenDocument family with this content.
fn document(media: &str, content: &str) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    let stored = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    zip.start_file("mimetype", stored).unwrap();
    zip.write_all(media.as_bytes()).unwrap();
    for (name, text) in [("content.xml", content), ("styles.xml", "<a/>")] {
        zip.start_file(name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn workbook(rows: &str) -> Vec<u8> {
    let content = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><office:document-content \
         xmlns:office=\"urn:oasis:names:tc:opendocument:xmlns:office:1.0\" \
         xmlns:table=\"urn:oasis:names:tc:opendocument:xmlns:table:1.0\" \
         xmlns:text=\"urn:oasis:names:tc:opendocument:xmlns:text:1.0\"><office:body><office:spreadsheet>\
         <table:table table:name=\"Patients\">{rows}</table:table></office:spreadsheet></office:body>\
         </office:document-content>"
    );
    document("application/vnd.oasis.opendocument.spreadsheet", &content)
}

fn text(words: &str) -> String {
    format!(
        "<table:table-cell office:value-type=\"string\"><text:p>{words}</text:p></table:table-cell>"
    )
}

fn row(cells: &[String]) -> String {
    format!("<table:table-row>{}</table:table-row>", cells.concat())
}

#[test]
fn a_workbook_of_libreoffice_is_a_list() {
    let header = row(&["MRN", "Last Name", "First Name", "DOB", "Sex", "Phone"].map(text));
    let number = "<table:table-cell office:value-type=\"float\" office:value=\"1234\"><text:p>001234</text:p></table:table-cell>";
    let day = "<table:table-cell office:value-type=\"date\" office:date-value=\"1960-01-02\"><text:p>01/02/60</text:p></table:table-cell>";
    let gap = "<table:table-cell table:number-columns-repeated=\"16378\"/>";
    let rest = "<table:table-row table:number-rows-repeated=\"1048573\"><table:table-cell table:number-columns-repeated=\"16384\"/></table:table-row>";
    let person = row(&[
        number.to_owned(),
        text("Abara"),
        text("Lio<text:s/>nel"),
        day.to_owned(),
        text("M"),
        text("617-555-0100"),
        gap.to_owned(),
    ]);
    let export = read(&workbook(&[header, person, rest.to_owned()].concat()));
    assert_eq!(people(&export), ["Abara, Lio nel"]);
    let patient = &export.people[0].patient;
    assert_eq!(patient.identifiers[0].value, "001234", "leading zeros stay");
    assert_eq!(patient.birth_date.as_ref().unwrap().as_str(), "1960-01-02");
    assert!(export.people[0].place.contains('2'), "{}", export.people[0].place);
}

#[test]
fn what_would_grow_without_end_is_refused() {
    let refused = |bytes: &[u8]| {
        let mut members = almoner_formats::read_within(bytes, Limits::default());
        assert_eq!(members.len(), 1);
        members.remove(0).outcome.unwrap_err().problem.code
    };
    let wide = "<table:table-row><table:table-cell table:number-columns-repeated=\"2000000000\" office:value-type=\"string\">\
                <text:p>x</text:p></table:table-cell></table:table-row>";
    assert_eq!(refused(&workbook(wide)), "table_too_wide");
    let tall = "<table:table-row table:number-rows-repeated=\"2000000000\"><table:table-cell office:value-type=\"string\">\
                <text:p>x</text:p></table:table-cell></table:table-row>";
    assert_eq!(refused(&workbook(tall)), "workbook_too_large");
    // A short markup that stands for a gigabyte: in one row, and in many.
    let long = "x".repeat(200_000);
    for (columns, rows) in [(500, 1), (10, 1_000)] {
        let heavy = format!(
            "<table:table-row table:number-rows-repeated=\"{rows}\"><table:table-cell \
             table:number-columns-repeated=\"{columns}\"><text:p>{long}</text:p></table:table-cell></table:table-row>"
        );
        assert_eq!(refused(&workbook(&heavy)), "workbook_too_large");
    }
    let empty = "<table:table-row table:number-rows-repeated=\"18446744073709551615\"/>";
    let last = row(&[text("MRN"), text("Last Name")]);
    let _ = almoner_formats::read(&workbook(&[empty, empty, &last].concat()), "");
    let broken = document("application/vnd.oasis.opendocument.spreadsheet", "<a><b></a>");
    assert_eq!(refused(&broken), "workbook_damaged");
    // A letter is no list, and is kept as one file, not as the parts of an archive.
    let letter = document("application/vnd.oasis.opendocument.text", "<a/>");
    assert_eq!(refused(&letter), "format_not_read_yet");
}
