//! From the files of a set to its tables, whichever way they are written: text with a separator, arrays
//! of JSON objects, SQL statements.

use super::map::Map;
use crate::tables::delimited::{self, Dialect};
use crate::tables::{Table, json, normal, sql};
use almoner_core::export::{Problem, Severity};

/// How much of a file is looked at for its header.
const OPENING: usize = 64 * 1024;

/// The tables that a file holds, each with its columns, [normal].
pub(super) fn headers(path: &str, text: &str) -> Vec<(String, Vec<String>)> {
    let each = written(path, text).into_iter();
    each.map(|(name, columns)| (name, columns.iter().map(|it| normal(it)).collect())).collect()
}

/// The columns of each table of a text, as written.
pub(super) fn exact_headers(text: &str) -> Vec<Vec<String>> {
    written("", text).into_iter().map(|(_, columns)| columns).collect()
}

fn written(path: &str, text: &str) -> Vec<(String, Vec<String>)> {
    let text = opening(text);
    let start = text.trim_start();
    if start.starts_with('[') {
        return vec![(stem(path).to_owned(), json::columns(text))];
    }
    if sql::is_sql(text) {
        return sql::headers(text);
    }
    let header = start.lines().next().unwrap_or_default();
    let delimiter =
        |text: &str| delimited::sniff(text).map(|dialect| char::from(dialect.delimiter));
    let cells: Vec<String> = match delimiter(start) {
        Some(mark) => header.split(mark).map(|name| name.trim_matches('"').to_owned()).collect(),
        None => vec![header.to_owned()],
    };
    vec![(stem(path).to_owned(), cells)]
}

/// Reads every file; tables get the names that the map knows them by.
pub(super) fn tables(
    map: &Map,
    files: &[(&str, &str)],
    problems: &mut Vec<Problem>,
) -> Vec<(String, Table)> {
    let known = map.tables();
    let mut columns = sql::Columns::new();
    for (_, text) in files.iter().filter(|(_, text)| sql::is_sql(text)) {
        columns.extend(sql::columns(text));
    }
    let mut found = Vec::new();
    for (path, text) in files {
        let (tables, told) = read(path, text, &columns);
        found.extend(tables.into_iter().map(|(name, table)| {
            let exact = known.iter().find(|it| normal(it) == normal(&name));
            let named = exact.or_else(|| known.iter().find(|it| is_named(&name, it)));
            (named.map_or(name, |named| (*named).to_owned()), table)
        }));
        problems.extend(told.into_iter().map(|mut problem| {
            if !problem.at.starts_with(path) {
                problem.at = format!("{path} {}", problem.at);
            }
            problem
        }));
    }
    found
}

/// The tables of one file by itself.
pub(super) fn plain(text: &str) -> Vec<(String, Table)> {
    read("", text, &sql::columns(text)).0
}

fn read(path: &str, text: &str, columns: &sql::Columns) -> (Vec<(String, Table)>, Vec<Problem>) {
    let name = stem(path).to_owned();
    if text.trim_start().starts_with('[') {
        let (table, problems) = json::read(path, text);
        return (vec![(name, table)], problems);
    }
    if sql::is_sql(text) {
        return sql::read(path, text, columns);
    }
    if text.trim_start().starts_with('{') {
        let message = "This file of the export is no table. Its fields are not described by the vendor, \
                       and nothing was taken from it; it is kept with the export: read it there.";
        return (Vec::new(), vec![Problem::new(Severity::Info, path, "object_kept", message)]);
    }
    if text.trim_start().starts_with('<') {
        return (Vec::new(), Vec::new());
    }
    let dialect = delimited::sniff(text).unwrap_or_else(|| Dialect::tabs(text));
    match delimited::read(text, dialect) {
        Ok((rows, problems)) => (vec![(name, Table::new(path, rows, 0))], problems),
        Err(problem) => (Vec::new(), vec![problem]),
    }
}

/// Whether a file's or statement's name is that of a table: also with a schema before it
/// (`dbo.patients`) or a date after it (`patients_2026-01-31`).
pub(super) fn is_named(name: &str, table: &str) -> bool {
    let wanted = normal(table);
    let last = name.rsplit('.').next().unwrap_or(name);
    let undated = |name: &str| {
        let bare =
            name.trim_end_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '_' | 'T'));
        let digits = name.get(bare.len()..).unwrap_or_default().bytes().filter(u8::is_ascii_digit);
        if digits.count() >= 6 { normal(bare) } else { String::new() }
    };
    normal(name) == wanted
        || normal(last) == wanted
        || undated(name) == wanted
        || undated(last) == wanted
}

/// A file's name without its folder and ending.
fn stem(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

fn opening(text: &str) -> &str {
    let end = (0..=OPENING.min(text.len())).rev().find(|at| text.is_char_boundary(*at));
    text.get(..end.unwrap_or_default()).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_tables() {
        for (path, table, same) in [
            ("out/PATIENT.tsv", "PATIENT", true),
            ("dbo.patients.csv", "patients", true),
            ("patients_2026-01-31.csv", "patients", true),
            ("patients20260131.csv", "patients", true),
            ("PAT_ENC_2.tsv", "PAT_ENC", false),
            ("inpatients.csv", "patients", false),
        ] {
            assert_eq!(is_named(stem(path), table), same, "{path}");
        }
    }
}
