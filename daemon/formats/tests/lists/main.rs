//! Lists of invented practices, with the headings that real report tools write: what kind they are,
//! who is in them, what they say, and when somebody has to be asked.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod book;
mod damage;
mod facts;
mod headings;
mod ods;
mod sheets;

use almoner_core::clinical::Content;
use almoner_core::export::Export;
use almoner_formats::tables::lists::Known;
use almoner_formats::unpack::Limits;
use chrono::NaiveDate;

/// The day on which the tests' files came.
fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 19).unwrap()
}

/// Reads one file that must be an export.
fn read(bytes: &[u8]) -> Export {
    read_known(bytes, Known { today: Some(today()), ..Known::default() })
}

fn read_known(bytes: &[u8], known: Known<'_>) -> Export {
    let mut members = almoner_formats::read_with(bytes, Limits::default(), known);
    assert_eq!(members.len(), 1);
    members.remove(0).outcome.unwrap_or_else(|unread| panic!("{unread:?}"))
}

/// Codes and places of what could not be read.
fn problems(export: &Export) -> Vec<(&str, &str)> {
    export.problems.iter().map(|it| (it.code.as_str(), it.at.as_str())).collect()
}

/// Names of the people, "family, given".
fn people(export: &Export) -> Vec<String> {
    let name = |it: &almoner_core::export::PersonStatements| {
        it.patient
            .names
            .first()
            .map_or(String::new(), |name| format!("{}, {}", name.family, name.given.join(" ")))
    };
    export.people.iter().map(name).collect()
}

/// The contents of all statements.
fn contents(export: &Export) -> Vec<&Content> {
    export.people.iter().flat_map(|it| &it.statements).map(|it| &it.content).collect()
}
