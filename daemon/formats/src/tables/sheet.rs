//! A sheet as it came: its rows with the numbers by which a person finds them again in a
//! spreadsheet program.

use super::{Rows, delimited};
use almoner_core::export::Problem;

/// Rows of one sheet, or of a text with a separator.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// As its tab says; empty for text.
    pub name: String,
    pub rows: Rows,
    /// The number of each row in a spreadsheet program, counted from 1.
    pub numbers: Vec<u64>,
    /// Serial numbers of days count from 1904.
    pub from_1904: bool,
    /// What could not be read of it.
    pub problems: Vec<Problem>,
}

impl Sheet {
    /// Text with a separator as a sheet. `None` where no separator parts it.
    pub fn of_text(text: &str) -> Option<Result<Self, Problem>> {
        // Excel's own hint at the separator, which it wants in the first line.
        let hinted = text.strip_prefix("sep=").and_then(|rest| rest.split_once('\n'));
        let text = hinted.map_or(text, |(_, rest)| rest);
        let dialect = delimited::sniff(text)?;
        Some(delimited::read(text, dialect).map(|(rows, problems)| {
            let numbers = numbers(&rows, u64::from(hinted.is_some()));
            Self { rows, numbers, problems, ..Self::default() }
        }))
    }

    /// The number of a row in a spreadsheet program.
    pub fn number(&self, row: usize) -> u64 {
        self.numbers.get(row).copied().unwrap_or_default()
    }
}

/// Numbers of rows of text: blank lines count, ends of lines within a cell do not.
fn numbers(rows: &Rows, before: u64) -> Vec<u64> {
    let mut numbers = Vec::with_capacity(rows.len());
    let mut within = 0;
    for row in 0..rows.len() {
        numbers.push((rows.line(row) + before).saturating_sub(within));
        within += rows.cells(row).map(line_ends).sum::<u64>();
    }
    numbers
}

/// Ends of lines within a cell.
fn line_ends(cell: &str) -> u64 {
    delimited::line_count(cell.as_bytes()) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_numbered_as_a_spreadsheet_program_does() {
        let text = "Report\n\nname,note\n\"Abara, Lionel\",\"two\nlines\"\n\"Doe, Ann\",x\n";
        let sheet = Sheet::of_text(text).unwrap().unwrap();
        let numbered: Vec<_> =
            (0..sheet.rows.len()).map(|row| (sheet.number(row), sheet.rows.at(row, 0))).collect();
        assert_eq!(numbered, [(1, "Report"), (3, "name"), (4, "Abara, Lionel"), (5, "Doe, Ann")]);
        let hinted = Sheet::of_text("sep=;\na;b;c\n1;2;3\n").unwrap().unwrap();
        assert_eq!((hinted.rows.at(0, 1), hinted.number(1)), ("b", 3));
    }
}
