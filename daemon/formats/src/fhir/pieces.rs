//! A FHIR file as a person looks at it: its resources one by one, indented, in the order of the file.

use super::container::Pile;
use super::json::Json;
use crate::original::{Piece, visible};

/// The resources of a file, each with the place that statements name. What can't be read as JSON stands
/// as it is.
pub fn pieces(text: &str) -> Vec<Piece> {
    let json = text.trim_start().starts_with('<').then(|| super::xml::json_of(text)).flatten();
    let text = json.as_deref().unwrap_or(text);
    let mut pile = Pile::default();
    if pile.open(text, "").is_err() {
        return vec![Piece { text: visible(text), ..Piece::default() }];
    }
    let piece = |raw: &str| {
        let indented = Json::parse(raw).ok().and_then(|it| serde_json::to_string_pretty(&it).ok());
        visible(&indented.unwrap_or_else(|| raw.to_owned()))
    };
    let items = pile.items.into_iter();
    items
        .map(|item| Piece {
            text: piece(item.raw),
            place: item.place,
            kind: item.resource_type,
            marked: false,
        })
        .collect()
}
