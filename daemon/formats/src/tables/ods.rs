//! Workbooks of LibreOffice and its kin (OpenDocument 1.3 part 3, `.ods`): every sheet's cells, days as
//! days, formulas by the value that was kept of them.

use super::sheet::Sheet;
use super::{CELL, COLUMNS};
use crate::unpack::{Budget, Limits, Taken, Zip, drain, take};
use almoner_core::export::{Problem, Severity};
use roxmltree::Node;
use std::io::Cursor;

/// The media type with which a workbook's archive begins (part 2, section 3.3).
const MEDIA_TYPE: &[u8] = b"application/vnd.oasis.opendocument.spreadsheet";

/// Bytes of the sheets' markup, cells, bytes in them and sheets that are read, at most.
const MARKUP: u64 = 64 << 20;
const CELLS: usize = 4_000_000;
const TEXT: usize = 64 << 20;
const SHEETS: usize = 100;

/// What may still be read: one cell of the markup can stand for millions.
struct Room {
    cells: usize,
    bytes: usize,
}

impl Room {
    fn take(&mut self, cells: usize, bytes: usize) -> Result<(), Problem> {
        self.cells = self.cells.checked_sub(cells).ok_or_else(too_large)?;
        self.bytes = self.bytes.checked_sub(bytes).ok_or_else(too_large)?;
        Ok(())
    }
}

/// Whether an archive's first bytes are those of an OpenDocument file of any kind.
pub(crate) fn is_open_document(bytes: &[u8]) -> bool {
    let name = bytes.get(30..38) == Some(b"mimetype");
    name && bytes.get(38..).is_some_and(|rest| rest.starts_with(b"application/vnd.oasis."))
}

/// The sheets of a workbook; `None` when the file is no workbook of this kind.
pub fn read(bytes: &[u8]) -> Option<Result<Vec<Sheet>, Problem>> {
    let rest = bytes.get(38..).filter(|_| is_open_document(bytes))?;
    rest.starts_with(MEDIA_TYPE).then(|| sheets(bytes))
}

fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, Problem> {
    let text = content(bytes)?;
    let document = crate::ccda::parse(&text).ok_or_else(damaged)?;
    let tables = document.descendants().filter(|node| is(*node, "table"));
    let mut room = Room { cells: CELLS, bytes: TEXT };
    tables.take(SHEETS).map(|table| sheet(table, &mut room)).collect()
}

/// The part that holds the sheets. Every part is opened once within bounds.
fn content(bytes: &[u8]) -> Result<String, Problem> {
    let limits = Limits { ratio: 500, inflated_bytes: 512 << 20, ..Limits::default() };
    let mut source = Cursor::new(bytes);
    let mut archive = Zip::open(&mut source, &limits)?;
    let mut budget = Budget::new(limits);
    let mut found = None;
    for entry in archive.entries() {
        let (part, packed) = archive.entry(entry.at)?;
        let mut part = budget.meter(part, packed);
        if entry.name != "content.xml" {
            drain(part).map_err(|spill| spill.problem("zip"))?;
            continue;
        }
        match take(&mut part, MARKUP).map_err(|spill| spill.problem("zip"))? {
            Taken::Whole(bytes) => found = Some(bytes),
            Taken::Large(_) => return Err(too_large()),
        }
    }
    found.and_then(|bytes| String::from_utf8(bytes).ok()).ok_or_else(damaged)
}

fn sheet(table: Node<'_, '_>, room: &mut Room) -> Result<Sheet, Problem> {
    let mut sheet = Sheet::default();
    attribute(table, "name").unwrap_or_default().clone_into(&mut sheet.name);
    let mut number = 0_u64;
    // Rows stand in groups and headers too; those of a table within a cell are its own.
    let own = |row: &Node<'_, '_>| row.ancestors().find(|node| is(*node, "table")) == Some(table);
    for row in table.descendants().filter(|node| is(*node, "table-row")).filter(own) {
        let cells = cells(row)?;
        let times = repeated(row, "number-rows-repeated");
        if cells.iter().all(String::is_empty) {
            number = number.saturating_add(times as u64);
            continue;
        }
        let bytes = cells.iter().map(String::len).sum();
        for _ in 0..times {
            number = number.saturating_add(1);
            room.take(cells.len(), bytes)?;
            sheet.rows.push(cells.iter().map(String::as_str), number);
            sheet.numbers.push(number);
        }
    }
    Ok(sheet)
}

/// The cells of a row, without the empty ones at its end.
fn cells(row: Node<'_, '_>) -> Result<Vec<String>, Problem> {
    let mut cells: Vec<String> = Vec::new();
    let (mut blank, mut bytes) = (0_usize, 0_usize);
    let is_cell = |node: &Node<'_, '_>| is(*node, "table-cell") || is(*node, "covered-table-cell");
    for cell in row.children().filter(is_cell) {
        let text = shown(cell);
        let times = repeated(cell, "number-columns-repeated");
        if text.is_empty() || text.len() > CELL {
            blank = blank.saturating_add(times);
            continue;
        }
        if cells.len().saturating_add(blank).saturating_add(times) > COLUMNS {
            return Err(super::xlsx::too_wide());
        }
        bytes += text.len() * times;
        if bytes > TEXT {
            return Err(too_large());
        }
        cells.resize(cells.len() + std::mem::take(&mut blank), String::new());
        cells.resize(cells.len() + times, text);
    }
    Ok(cells)
}

/// A cell as it is to be read: days and truth by their value (section 19.385), all else by the words
/// that are shown, which keep leading zeros.
fn shown(cell: Node<'_, '_>) -> String {
    let words = || {
        let lines = cell.children().filter(|node| is(*node, "p"));
        lines.map(line).collect::<Vec<_>>().join("\n").trim().to_owned()
    };
    match attribute(cell, "value-type").unwrap_or_default() {
        "date" => {
            let day = attribute(cell, "date-value").unwrap_or_default();
            day.trim_end_matches("T00:00:00").replace('T', " ")
        }
        "boolean" => {
            let yes = attribute(cell, "boolean-value") == Some("true");
            if yes { "yes" } else { "no" }.to_owned()
        }
        // What is shown may be rounded or have signs of thousands.
        "float" => {
            let (shown, value) = (words(), attribute(cell, "value").unwrap_or_default());
            let digits = !shown.is_empty() && shown.bytes().all(|b| b.is_ascii_digit());
            if digits { shown } else { value.to_owned() }
        }
        _ => words(),
    }
}

/// The words of a paragraph; blanks and ends of lines may be elements (section 6.1).
fn line(paragraph: Node<'_, '_>) -> String {
    let parts = paragraph.descendants().filter_map(|node| match node.text() {
        _ if is(node, "annotation") => None,
        Some(text) if node.is_text() => Some(text),
        _ if is(node, "s") || is(node, "tab") => Some(" "),
        _ if is(node, "line-break") => Some("\n"),
        _ => None,
    });
    parts.collect()
}

fn repeated(node: Node<'_, '_>, name: &str) -> usize {
    attribute(node, name).and_then(|times| times.parse().ok()).unwrap_or(1)
}

fn is(node: Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name
}

/// An attribute by its local name: the namespaces are many, and their names are not shared.
fn attribute<'a>(node: Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.attributes().find(|it| it.name() == name).map(|it| it.value())
}

fn damaged() -> Problem {
    let message = "The workbook is damaged or locked with a password. Open it in the office program, \
                   save it as a new file without a password, and drop that.";
    Problem::new(Severity::Error, "file", "workbook_damaged", message)
}

fn too_large() -> Problem {
    let message = "The workbook holds more than four million cells or 64 MB of text; nothing was taken from it. \
                   Save its parts as files of their own and drop them one after the other.";
    Problem::new(Severity::Error, "file", "workbook_too_large", message)
}
