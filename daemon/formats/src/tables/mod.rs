//! Rows and columns, wherever they come from: text with a separator, a sheet, an array of JSON
//! objects, SQL statements. A table finds its columns by name, however the name is written.

pub mod delimited;
pub mod json;
pub mod lists;
pub mod markup;
pub mod ods;
pub mod sheet;
pub mod sql;
pub mod xlsx;

use crate::detect::Format;
use crate::text;
use almoner_core::export::{Export, Unreadable};
use almoner_core::lists::Doubt;
use lists::Known;
use sheet::Sheet;
use std::collections::HashMap;

/// A cell may be so long (bytes); a row may be so long, and a table so wide.
pub const CELL: usize = 1 << 20;
pub const ROW: usize = 4 << 20;
pub const COLUMNS: usize = 512;

/// Reads a file that is a list: text with a separator, a workbook, or a table of a web page under the
/// name of one. `None` when it is none of these.
pub fn read_list(
    bytes: &[u8],
    format: Format,
    known: Known<'_>,
) -> Option<Result<Export, Unreadable>> {
    let decoded = match format {
        // The old ones, and those with a password, are not zip archives.
        Format::Office if bytes.starts_with(b"PK") => None,
        Format::Table | Format::Html | Format::Xml | Format::Unknown | Format::Ehi => {
            Some(text::decode(bytes))
        }
        _ => return None,
    };
    let text = decoded.as_ref().map_or("", |decoded| &decoded.text);
    let sheets = match format {
        Format::Office => ods::read(bytes).or_else(|| xlsx::read(bytes))?,
        Format::Html | Format::Xml => Ok(markup::read(text)?),
        _ => Sheet::of_text(text)?.map(|sheet| vec![sheet]),
    };
    let sheets = match sheets {
        Ok(sheets) => sheets,
        Err(problem) => {
            return Some(Err(Unreadable { format: lists::FORMAT.to_owned(), problem }));
        }
    };
    let mut export = lists::read(&sheets, known);
    // What nobody called a list is one only when its header is known.
    let doubt = export.ask.as_ref().map(|ask| ask.doubt);
    let is_list = match format {
        Format::Table | Format::Office => true,
        Format::Ehi => doubt.is_none(),
        _ => doubt != Some(Doubt::Header),
    };
    if !is_list {
        return None;
    }
    export.problems.extend(decoded.into_iter().flat_map(|decoded| decoded.problems));
    Some(Ok(export))
}

/// Rows of cells without a meaning, kept in one piece of memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    text: String,
    /// Where each cell ends in `text`; a cell begins where the one before it ends.
    ends: Vec<usize>,
    /// The first cell of each row, and the line of the file it begins in.
    starts: Vec<(usize, u64)>,
}

impl Rows {
    pub fn push<'c>(&mut self, cells: impl IntoIterator<Item = &'c str>, line: u64) {
        self.starts.push((self.ends.len(), line));
        for cell in cells {
            self.text.push_str(cell);
            self.ends.push(self.text.len());
        }
    }

    pub fn len(&self) -> usize {
        self.starts.len()
    }

    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }

    /// The cells of a row; none when there is no such row.
    pub fn cells(&self, row: usize) -> impl Iterator<Item = &str> {
        let (from, to) = self.span(row);
        (from..to).map(|cell| self.cell(cell))
    }

    /// How many cells a row has.
    pub fn width(&self, row: usize) -> usize {
        let (from, to) = self.span(row);
        to - from
    }

    /// The line of the file in which a row begins, counted from 1.
    pub fn line(&self, row: usize) -> u64 {
        self.starts.get(row).map_or(0, |(_, line)| *line)
    }

    /// One cell; empty where the row ends before it.
    pub fn at(&self, row: usize, column: usize) -> &str {
        let (from, to) = self.span(row);
        let cell = from + column;
        if cell < to { self.cell(cell) } else { "" }
    }

    fn span(&self, row: usize) -> (usize, usize) {
        let Some((from, _)) = self.starts.get(row) else { return (0, 0) };
        (*from, self.starts.get(row + 1).map_or(self.ends.len(), |(next, _)| *next))
    }

    fn cell(&self, cell: usize) -> &str {
        let from = cell.checked_sub(1).and_then(|before| self.ends.get(before)).copied();
        let to = self.ends.get(cell).copied().unwrap_or_default();
        self.text.get(from.unwrap_or_default()..to).unwrap_or_default()
    }
}

/// Rows below a header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The file's path, or the name of the table: what places begin with.
    pub name: String,
    columns: Vec<String>,
    /// Columns by their names, [normal]; the first of two with one name.
    index: HashMap<String, usize>,
    rows: Rows,
    /// Rows up to and with the header.
    skip: usize,
}

impl Table {
    /// A table whose header is row `header` of `rows`; what stands above it is left out.
    pub fn new(name: &str, rows: Rows, header: usize) -> Self {
        let columns: Vec<String> = rows.cells(header).map(|name| name.trim().to_owned()).collect();
        let skip = (header + 1).min(rows.len());
        Self { name: name.to_owned(), index: index(&columns), columns, rows, skip }
    }

    /// A table whose column names stand elsewhere.
    pub fn named(name: &str, columns: Vec<String>, rows: Rows) -> Self {
        Self { name: name.to_owned(), index: index(&columns), columns, rows, skip: 0 }
    }

    /// Column names as written.
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// The column of a name, however it is written: `PAT_ID` is `pat id`.
    pub fn column(&self, name: &str) -> Option<usize> {
        self.index.get(&normal(name)).copied()
    }

    pub fn len(&self) -> usize {
        self.rows.len() - self.skip
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        (0..self.len()).map(|at| Row { table: self, at })
    }

    /// A row by its number less one.
    pub fn row(&self, at: usize) -> Option<Row<'_>> {
        (at < self.len()).then_some(Row { table: self, at })
    }

    /// Rows that have more or fewer cells than the header.
    pub fn ragged(&self) -> usize {
        self.rows().filter(|row| row.width() != self.columns.len()).count()
    }
}

/// One row of a table.
#[derive(Clone, Copy, Debug)]
pub struct Row<'t> {
    pub table: &'t Table,
    at: usize,
}

impl<'t> Row<'t> {
    /// Counted from 1 below the header.
    pub fn number(self) -> usize {
        self.at + 1
    }

    /// The line of the file in which it begins, counted from 1.
    pub fn line(self) -> u64 {
        self.table.rows.line(self.table.skip + self.at)
    }

    /// How many cells it has.
    pub fn width(self) -> usize {
        self.table.rows.width(self.table.skip + self.at)
    }

    /// The cell of a column, without blanks around it.
    pub fn at(self, column: usize) -> &'t str {
        self.table.rows.at(self.table.skip + self.at, column).trim()
    }

    /// The cell of a column by its name; empty when there is no such column.
    pub fn get(self, name: &str) -> &'t str {
        self.table.column(name).map_or("", |column| self.at(column))
    }

    /// `PROBLEM_LIST.tsv row 17`.
    pub fn place(self) -> String {
        format!("{} row {}", self.table.name, self.number())
    }
}

/// A column name in small letters and digits only (any script): how names are compared.
pub fn normal(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn index(columns: &[String]) -> HashMap<String, usize> {
    let mut index = HashMap::new();
    for (at, name) in columns.iter().enumerate() {
        index.entry(normal(name)).or_insert(at);
    }
    index
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_however_they_are_written() {
        let mut rows = Rows::default();
        rows.push(["A report"], 1);
        rows.push(["PAT_ID", "Birth Date", "pat-id"], 2);
        rows.push(["1", " 1960-01-02 ", "x"], 3);
        rows.push(["2"], 5);
        let table = Table::new("list.csv", rows, 1);
        assert_eq!((table.len(), table.ragged(), table.columns().len()), (2, 1, 3));
        let row = table.row(0).unwrap();
        assert_eq!(
            (row.get("patId"), row.get("BIRTHDATE"), row.get("sex")),
            ("1", "1960-01-02", "")
        );
        let row = table.row(1).unwrap();
        assert_eq!(
            (row.get("birth date"), row.place(), row.line()),
            ("", "list.csv row 2".into(), 5)
        );
        assert!(table.row(2).is_none());
    }
}
