//! The rows of a table as a person looks at them: each column that holds something, on a line of its
//! own, with the place that statements name.

use super::{map, sources};
use crate::original::{Piece, visible};
use crate::tables::Table;

/// The rows of a file of an export; passwords and their like are left out.
pub fn pieces(text: &str) -> Vec<Piece> {
    let tables = sources::plain(text);
    tables.iter().flat_map(|(name, table)| rows(name, table)).collect()
}

fn rows(name: &str, table: &Table) -> Vec<Piece> {
    let shown: Vec<(usize, &String)> =
        table.columns().iter().enumerate().filter(|(_, column)| !is_secret(column)).collect();
    let mut pieces = Vec::new();
    for row in table.rows() {
        let cells = shown.iter().map(|(at, column)| (column, row.at(*at)));
        let held = cells.filter(|(_, cell)| !cell.is_empty());
        let lines: Vec<String> = held.map(|(column, cell)| format!("{column}: {cell}")).collect();
        pieces.push(Piece {
            place: row.place().trim_start().to_owned(),
            kind: name.to_owned(),
            text: visible(&lines.join("\n")),
            marked: false,
        });
    }
    pieces
}

fn is_secret(column: &str) -> bool {
    map::MAPS.iter().flat_map(|map| &map.never).any(|never| never.eq_ignore_ascii_case(column))
}
