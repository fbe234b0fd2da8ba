//! How a column grows with what sheets bring, and what a person may write into it. Pure.

use super::record::{Cell, Column, Here, Told};
use almoner_core::fault::Refusal;
use almoner_core::ids::StaffId;
use almoner_core::lists::{ColumnType, Remark};
use almoner_core::phrase::Phrase;
use almoner_core::text::fold;
use almoner_core::time::Timestamp;
use chrono::NaiveDate;

/// A column keeps so many values to choose from.
const CHOICES: usize = 30;
/// A value is at most so long (characters).
pub const LONGEST: usize = 4_000;

/// Whether a sheet's heading means this column.
pub fn is_named(column: &Column, heading: &str) -> bool {
    fold(column.heading()) == fold(heading)
}

/// What a column becomes with a value that a sheet brings: a value that does not fit its type makes
/// it one of text.
pub fn grow(column: &mut Column, remark: &Remark) {
    if remark.value.is_empty() || column.type_ == ColumnType::Text {
        return;
    }
    if remark.type_ != column.type_ {
        let choice = column.type_ == ColumnType::Choice && remark.type_ == ColumnType::Text;
        if !choice || remark.value.chars().count() > 40 {
            column.type_ = ColumnType::Text;
            column.choices.clear();
            return;
        }
    }
    if column.type_ == ColumnType::Choice && !column.choices.contains(&remark.value) {
        column.choices.push(remark.value.clone());
        column.choices.sort();
        if column.choices.len() > CHOICES {
            column.type_ = ColumnType::Text;
            column.choices.clear();
        }
    }
}

/// What a sheet says is noted, unless a newer one said something already. True when that changes the
/// cell.
pub fn tell(cell: &mut Cell, told: Told) -> bool {
    if cell.told.as_ref().is_some_and(|known| known.received > told.received) {
        return false;
    }
    let same = cell.told.as_ref().map_or("", |known| known.value.as_str()) == told.value;
    if same {
        return false;
    }
    cell.told = Some(told);
    true
}

/// What a person wrote stands from now on.
pub fn write(cell: &mut Cell, value: String, by: Option<StaffId>, at: Timestamp) {
    let over = cell.told.as_ref().map(|told| told.value.clone()).unwrap_or_default();
    cell.here = Some(Here { value, by, at, over });
}

/// The value as it is kept, or why it can't be.
pub fn checked(column: &Column, typed: &str, day: Option<NaiveDate>) -> Result<String, Refusal> {
    let refuse = |what| Err(Refusal::field("value", Phrase::new(what)));
    if typed.chars().count() > LONGEST {
        return refuse("columns-too-long");
    }
    if typed.is_empty() {
        return Ok(String::new());
    }
    match column.type_ {
        ColumnType::Date => day.map_or_else(|| refuse("columns-no-day"), |day| Ok(day.to_string())),
        ColumnType::YesNo if !matches!(typed, "yes" | "no") => refuse("columns-no-answer"),
        _ => Ok(typed.to_owned()),
    }
}
