//! What a text of rows and columns is, by its header row: a table of an EHR's export, of a
//! directory of services, or any list.

use super::{Format, Verdict};
use crate::tables::sql;

const LINES: usize = 20;

/// Column names that only tables of an Open Referral directory have (HSDS 1.1, 2.0, 3.0).
const DIRECTORY: [&str; 15] = [
    "organization_id",
    "service_id",
    "location_id",
    "service_at_location_id",
    "taxonomy_id",
    "taxonomy_term_id",
    "link_entity",
    "organization_uuid",
    "service_uuid",
    "location_uuid",
    "legal_status",
    "last_action_type",
    "character_set",
    "agency_id",
    "resourceagencynum",
];

/// The verdict on text that is neither a message, XML nor JSON.
pub(super) fn verdict(words: &str) -> Verdict {
    if sql::is_sql(words) {
        return Verdict::new(Format::Ehi, "SQL statements of a database");
    }
    let lines: Vec<&str> = words.lines().filter(|line| !line.trim().is_empty()).collect();
    let Some(separator) = separator(&lines) else {
        return Verdict::new(Format::Unknown, "text without rows and columns");
    };
    let header = lines.first().copied().unwrap_or_default();
    let columns: Vec<&str> =
        header.split(separator).map(|name| name.trim().trim_matches('"')).collect();
    if separator == '\t' && columns.len() > 1 && columns.iter().all(|name| is_clarity(name)) {
        return Verdict::new(Format::Ehi, "tab-separated table with column names in capitals");
    }
    let has = |wanted: &[&str]| {
        columns.iter().any(|name| wanted.iter().any(|w| name.eq_ignore_ascii_case(w)))
    };
    let plain = columns.iter().all(|name| is_plain(name));
    if crate::hsds::is_product(&columns) {
        return Verdict::new(Format::Hsds, "columns of a product's directory of services");
    }
    if plain && has(&["pid", "patient_id", "pat_id", "person_id", "encntr_id"]) {
        return Verdict::new(Format::Ehi, "table whose rows name a patient");
    }
    if plain && (has(&DIRECTORY) || (has(&["id"]) && has(&["parent_id"]))) {
        return Verdict::new(Format::Hsds, "table with columns of a directory of services");
    }
    Verdict::new(Format::Table, format!("rows of {} columns", columns.len()))
}

/// The character that occurs in every one of the first lines, most often: the separator.
fn separator(lines: &[&str]) -> Option<char> {
    let head = lines.get(..lines.len().min(LINES))?;
    let header = head.first()?;
    let count = |mark: char| header.matches(mark).count();
    let steady = |mark: &char| {
        let rows = head.iter().filter(|line| line.contains(*mark)).count();
        // Cells in quotes may hold line ends; then the header alone must do.
        let names = header.split(*mark).all(|name| is_plain(name.trim_matches('"')));
        let even = rows * 4 >= head.len() * 3 || (names && count(*mark) > 3);
        count(*mark) > 0 && even && is_header(header, *mark)
    };
    ['\t', ',', ';', '|'].into_iter().filter(steady).max_by_key(|mark| count(*mark))
}

/// A header's cells are short, and at most a few are empty.
fn is_header(header: &str, mark: char) -> bool {
    let cells: Vec<&str> = header.split(mark).map(str::trim).collect();
    let empty = cells.iter().filter(|cell| cell.is_empty()).count();
    cells.iter().all(|cell| cell.len() <= 80) && empty * 3 <= cells.len() && is_list(&cells)
}

/// Tells column names from a sentence with a comma: names have few words.
fn is_list(cells: &[&str]) -> bool {
    cells.len() > 2 || cells.iter().all(|cell| cell.split_whitespace().count() <= 3)
}

/// A column of Epic's EHI tables: capitals, digits and underscores.
fn is_clarity(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
}

fn is_plain(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}
