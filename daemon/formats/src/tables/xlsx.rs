//! Workbooks of Excel and its kin (ECMA-376 SpreadsheetML): every sheet's cells as they are shown,
//! formulas by the value that was kept of them, days as days.

use super::sheet::Sheet;
use super::{CELL, COLUMNS, Rows};
use crate::unpack::{Budget, Limits, Zip, drain};
use almoner_core::export::{Problem, Severity};
use calamine::{DataRef, ExcelDateTime, Reader, Xlsx};
use std::io::Cursor;

/// Cells of a workbook that are read, at most.
const CELLS: usize = 4_000_000;
/// Sheets of a workbook that are read, at most.
const SHEETS: usize = 100;

/// A sheet's markup repeats itself more than other files do.
const RATIO: u64 = 500;
/// What a workbook may grow to (bytes).
const INFLATED: u64 = 512 * 1024 * 1024;

/// The sheets of a workbook; `None` when the file is another one of an office program.
pub fn read(bytes: &[u8]) -> Option<Result<Vec<Sheet>, Problem>> {
    match check(bytes) {
        // The crate panics on some sheets that no office program writes (a cell named `ABCDEFGHIJK1`).
        Ok(true) => {
            Some(std::panic::catch_unwind(|| sheets(bytes)).unwrap_or_else(|_| Err(damaged())))
        }
        Ok(false) => None,
        Err(problem) => Some(Err(problem)),
    }
}

fn sheets(bytes: &[u8]) -> Result<Vec<Sheet>, Problem> {
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|_| damaged())?;
    let from_1904 = book.has_1904_epoch();
    let names = book.sheet_names();
    let (mut sheets, mut left, mut broken) = (Vec::new(), CELLS, false);
    for name in names.into_iter().take(SHEETS) {
        // A chart's sheet has no cells; a broken one costs itself.
        match cells(&mut book, &name, &mut left) {
            Ok(cells) => sheets.push(sheet(name, cells, from_1904)?),
            Err(Broken::Wide) => return Err(too_wide()),
            Err(Broken::Large) => return Err(too_large()),
            Err(Broken::Damaged) => broken = true,
        }
    }
    match (sheets.first_mut(), broken) {
        (None, true) => return Err(damaged()),
        (Some(first), true) => first.problems.push(sheet_damaged()),
        _ => {}
    }
    Ok(sheets)
}

/// A cell with its row and column, counted from 0.
type Cell = (u32, u32, String);

/// Why a sheet was not read.
enum Broken {
    Wide,
    Large,
    Damaged,
}

/// Opens every part once within bounds, so that what would grow without end is refused before
/// anything reads it. Tells whether it is a workbook.
fn check(bytes: &[u8]) -> Result<bool, Problem> {
    let limits = Limits { ratio: RATIO, inflated_bytes: INFLATED, ..Limits::default() };
    let mut source = Cursor::new(bytes);
    let mut archive = Zip::open(&mut source, &limits)?;
    let mut budget = Budget::new(limits);
    let mut is_workbook = false;
    for entry in archive.entries() {
        is_workbook |= entry.name.starts_with("xl/workbook.xml");
        let (part, packed) = archive.entry(entry.at)?;
        drain(budget.meter(part, packed)).map_err(|spill| spill.problem("zip"))?;
    }
    Ok(is_workbook)
}

fn cells(
    book: &mut Xlsx<Cursor<&[u8]>>,
    name: &str,
    left: &mut usize,
) -> Result<Vec<Cell>, Broken> {
    let mut reader = book.worksheet_cells_reader(name).map_err(|_| Broken::Damaged)?;
    let mut cells = Vec::new();
    loop {
        let next = reader.next_cell_with_style_id().map_err(|_| Broken::Damaged)?;
        let Some((cell, style)) = next else { break };
        let (row, column) = cell.get_position();
        let mut text = shown(cell.get_value());
        if text.is_empty() {
            continue;
        }
        if column as usize >= COLUMNS {
            return Err(Broken::Wide);
        }
        *left = left.checked_sub(1).ok_or(Broken::Large)?;
        if let DataRef::Int(_) | DataRef::Float(_) = cell.get_value() {
            let format = reader.styles().get(style).and_then(|it| it.number_format.as_ref());
            text = padded(text, format.map_or("", |format| &format.format_code));
        }
        if text.len() <= CELL {
            cells.push((row, column, text));
        }
    }
    // Rows and cells ascend in what programs write; nothing says that they must.
    cells.sort_by_key(|(row, column, _)| (*row, *column));
    Ok(cells)
}

fn sheet(name: String, cells: Vec<Cell>, from_1904: bool) -> Result<Sheet, Problem> {
    let mut sheet = Sheet { name, from_1904, ..Sheet::default() };
    let mut row: Vec<&str> = Vec::new();
    let mut at = None;
    let mut push = |row: &mut Vec<&str>, at: Option<u32>, rows: &mut Rows| {
        if let Some(at) = at {
            let number = u64::from(at) + 1;
            rows.push(row.drain(..), number);
            sheet.numbers.push(number);
        }
    };
    let mut rows = Rows::default();
    for (number, column, text) in &cells {
        if at != Some(*number) {
            push(&mut row, at, &mut rows);
            at = Some(*number);
        }
        let column = *column as usize;
        if column >= COLUMNS {
            return Err(too_wide());
        }
        row.resize(row.len().max(column + 1), "");
        if let Some(cell) = row.get_mut(column) {
            *cell = text;
        }
    }
    push(&mut row, at, &mut rows);
    sheet.rows = rows;
    Ok(sheet)
}

/// A cell as a person sees it; days and times in ISO 8601.
fn shown(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        DataRef::Float(number) => plain(*number),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(true) => "yes".to_owned(),
        DataRef::Bool(false) => "no".to_owned(),
        DataRef::DateTime(moment) => day_or_time(moment),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => {
            text.clone()
        }
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// A whole number without a point, as it is shown.
fn plain(number: f64) -> String {
    if number.fract() == 0.0 && number.abs() < 1e15 {
        format!("{number:.0}")
    } else {
        number.to_string()
    }
}

/// A number that is shown with leading zeros, such as a record number or a ZIP code, keeps them.
fn padded(text: String, format: &str) -> String {
    let zeros = format.len() > 1 && format.bytes().all(|b| b == b'0');
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    if zeros && digits { format!("{text:0>width$}", width = format.len().min(32)) } else { text }
}

fn day_or_time(moment: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, milli) = moment.to_ymd_hms_milli();
    // A moment half a second before the minute is the minute: serial numbers are not exact.
    let second = u32::from(second) + u32::from(milli >= 500);
    let all = u32::from(hour) * 3600 + u32::from(minute) * 60 + second;
    let (hour, minute, second) = (all / 3600, all / 60 % 60, all % 60);
    let time = format!("{:02}:{minute:02}:{second:02}", hour.min(23));
    if moment.as_f64() < 1.0 || moment.is_duration() {
        return time;
    }
    if all == 0 {
        return format!("{year:04}-{month:02}-{day:02}");
    }
    format!("{year:04}-{month:02}-{day:02} {time}")
}

fn damaged() -> Problem {
    let message = "The workbook is damaged or cut off. Open it in the office program, save it as a \
                   new file, and drop that; or ask the sender for it again.";
    Problem::new(Severity::Error, "file", "workbook_damaged", message)
}

fn sheet_damaged() -> Problem {
    let message = "A sheet of the workbook can't be read. Open it in the office program, save that \
                   sheet as a file of its own, and drop it.";
    Problem::new(Severity::Error, "file", "sheet_damaged", message)
}

pub(super) fn too_wide() -> Problem {
    let message = "The table has more than 512 columns, which no list of a clinic has; nothing was \
                   taken from it. Ask the sender for an export with fewer columns.";
    Problem::new(Severity::Error, "file", "table_too_wide", message)
}

fn too_large() -> Problem {
    let message = "The workbook holds more than four million cells; nothing was taken from it. \
                   Save its parts as files of their own and drop them one after the other.";
    Problem::new(Severity::Error, "file", "workbook_too_large", message)
}
