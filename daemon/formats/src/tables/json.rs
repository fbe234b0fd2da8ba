//! Tables written as JSON: an array of objects, one for each row, with the column names in each.

use super::{CELL, COLUMNS, Rows, Table};
use almoner_core::export::{Problem, Severity};
use serde::de::{DeserializeSeed, Deserializer, SeqAccess, Visitor};
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::fmt;

/// Reads an array of objects; of a damaged one, the rows before the damage.
pub fn read(name: &str, text: &str) -> (Table, Vec<Problem>) {
    let mut objects = Vec::new();
    let mut reader = serde_json::Deserializer::from_str(text);
    let outcome = Collect(&mut objects).deserialize(&mut reader);
    let mut problems = Vec::new();
    if let Err(fault) = outcome.and_then(|()| reader.end()) {
        let at = format!("line {}", fault.line());
        let message = "The file is damaged from here on; the rows before were read. Ask the sender for \
                       the file again.";
        problems.push(Problem::new(Severity::Error, at, "json_malformed", message));
    }
    (table(name, &objects, &mut problems), problems)
}

/// The keys of the first object.
pub fn columns(text: &str) -> Vec<String> {
    let mut objects = Vec::new();
    let mut reader = serde_json::Deserializer::from_str(text);
    // Stops after the first row, which it says by a fault.
    let _ = First(&mut objects).deserialize(&mut reader);
    objects.first().map(|row| row.keys().cloned().collect()).unwrap_or_default()
}

fn table(name: &str, objects: &[Map<String, Value>], problems: &mut Vec<Problem>) -> Table {
    let mut columns: Vec<String> = Vec::new();
    let mut places: HashMap<&str, usize> = HashMap::new();
    for key in objects.iter().flat_map(Map::keys) {
        if !places.contains_key(key.as_str()) && columns.len() < COLUMNS {
            places.insert(key, columns.len());
            columns.push(key.clone());
        }
    }
    let mut rows = Rows::default();
    for (number, object) in (1..).zip(objects) {
        let mut cells = vec![String::new(); columns.len()];
        for (key, value) in object {
            let cell = places.get(key.as_str()).and_then(|at| cells.get_mut(*at));
            if let Some(cell) = cell {
                *cell = words(value);
            }
        }
        if cells.iter().any(|cell| cell.len() > CELL) {
            let message = "A cell of this row holds more than 1 MiB; the row was not taken.";
            let at = format!("row {number}");
            problems.push(Problem::new(Severity::Error, at, "row_refused", message));
            cells.clear();
        }
        rows.push(cells.iter().map(String::as_str), number);
    }
    Table::named(name, columns, rows)
}

fn words(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

struct Collect<'o>(&'o mut Vec<Map<String, Value>>);

struct First<'o>(&'o mut Vec<Map<String, Value>>);

impl<'de> DeserializeSeed<'de> for Collect<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Collect<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        while let Some(row) = rows.next_element::<Map<String, Value>>()? {
            self.0.push(row);
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for First<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for First<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of rows")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut rows: A) -> Result<(), A::Error> {
        self.0.extend(rows.next_element::<Map<String, Value>>()?);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_may_have_unlike_keys() {
        let text = "[{\"id\":\"1\",\"name\":\"Ann\"},{\"id\":2,\"ok\":true,\"x\":null,\"y\":[1]}]";
        let (table, problems) = read("t.json", text);
        assert!(problems.is_empty());
        let row = table.row(1).unwrap();
        assert_eq!(
            (row.get("id"), row.get("ok"), row.get("x"), row.get("y")),
            ("2", "true", "", "[1]")
        );
        assert_eq!((row.get("name"), table.ragged()), ("", 0));
        assert_eq!(columns(text).len(), 2);
    }

    #[test]
    fn rows_before_the_damage_are_kept() {
        let (table, problems) = read("t.json", "[{\"id\":\"1\"},\n{\"id\":\"2\"},{\"id\":");
        assert_eq!((table.len(), &*problems[0].at), (2, "line 2"));
        let (table, problems) = read("t.json", "[{\"id\":\"1\"}, 7]");
        assert_eq!((table.len(), problems.len()), (1, 1));
    }
}
