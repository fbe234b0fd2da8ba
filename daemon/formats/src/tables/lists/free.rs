//! The clinic's own columns of a tracking sheet: kept under their own names, with a type that all
//! their values fit.

use super::dates::{self, Reading};
use super::rows::{List, clean};
use super::words::Words;
use almoner_core::lists::{ColumnType, Field, Remark, Use};
use std::collections::BTreeMap;

/// A column with more unlike values than this is no choice.
const CHOICES: usize = 8;
/// A value longer than this is no choice (characters).
const CHOICE_LENGTH: usize = 40;
/// A value longer than this is cut (characters).
const VALUE_LENGTH: usize = 4_000;

/// A column of the caseload.
pub(super) struct Free {
    /// Its place among the sheet's columns.
    pub at: usize,
    name: String,
    type_: ColumnType,
    coordinator: bool,
    reading: Reading,
    words: &'static Words,
}

/// The columns of a sheet that become columns of the caseload.
pub(super) fn columns(
    list: &List<'_>,
    uses: &[Use],
    words: &'static Words,
    reading: Reading,
) -> Vec<Free> {
    let mut found = Vec::new();
    for (at, (column, use_)) in list.columns.iter().zip(uses).enumerate() {
        let own = matches!(use_, Use::Caseload | Use::Field(Field::Coordinator));
        if own && !column.text.is_empty() {
            let type_ = type_of(list, at, words, reading);
            let name = column.text.split_whitespace().collect::<Vec<_>>().join(" ");
            let coordinator = *use_ == Use::Field(Field::Coordinator);
            found.push(Free { at, name, type_, coordinator, reading, words });
        }
    }
    found
}

impl Free {
    /// What a row says in this column.
    pub fn remark(&self, cell: Option<&&str>, place: &str) -> Remark {
        let cell = cell.copied().unwrap_or_default();
        let value = match self.type_ {
            ColumnType::Date => day(cell, self.reading),
            ColumnType::YesNo => self.words.meaning("yes-no", cell).map(str::to_owned),
            ColumnType::Text | ColumnType::Choice => None,
        };
        let value = value.unwrap_or_else(|| cell.chars().take(VALUE_LENGTH).collect());
        Remark {
            column: self.name.clone(),
            order: u32::try_from(self.at).unwrap_or(u32::MAX),
            type_: self.type_,
            value,
            place: place.to_owned(),
            coordinator: self.coordinator,
        }
    }
}

/// The type that all values of a column fit; text where none does.
fn type_of(list: &List<'_>, column: usize, words: &Words, reading: Reading) -> ColumnType {
    let (mut days, mut answers, mut short, mut count) = (true, true, true, 0);
    let mut unlike: BTreeMap<&str, usize> = BTreeMap::new();
    for row in list.rows() {
        let cell = clean(list.sheet.rows.at(row, column));
        if cell.is_empty() || list.sheet.rows.at(row, column) == list.columns_text(column) {
            continue;
        }
        count += 1;
        days &= day(cell, reading).is_some() && cell.len() > 4;
        answers &= words.meaning("yes-no", cell).is_some();
        short &= cell.chars().count() <= CHOICE_LENGTH;
        if unlike.len() <= CHOICES {
            *unlike.entry(cell).or_default() += 1;
        }
    }
    match count {
        0 => ColumnType::Text,
        _ if days => ColumnType::Date,
        _ if answers => ColumnType::YesNo,
        _ if short && unlike.len() <= CHOICES && unlike.len() * 2 <= count => ColumnType::Choice,
        _ => ColumnType::Text,
    }
}

/// A whole day, `2026-11-19`.
fn day(cell: &str, reading: Reading) -> Option<String> {
    let when = dates::when(cell, false, reading)?;
    when.date().filter(|_| when.as_str().len() == 10).map(|day| day.to_string())
}

impl List<'_> {
    fn columns_text(&self, column: usize) -> &str {
        self.columns.get(column).map_or("", |column| column.text.as_str())
    }
}
