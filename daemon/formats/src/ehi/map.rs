//! The column map of a vendor: which tables of its export hold what. The maps are data
//! (`config/data/ehi`), versioned by the date of the vendor's description they were made from.

use super::path::Path;
use crate::tables::normal;
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

/// What is known of one vendor's export.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Map {
    /// The word that receipts show as the version.
    pub vendor: String,
    /// What people call it.
    pub name: String,
    /// Date of the description that the map was made from: for who maintains it.
    #[allow(dead_code)]
    pub version: String,
    /// Tables by which a set is known, each with columns that it has; how many of them must be there.
    pub marks: BTreeMap<String, Vec<String>>,
    pub least: usize,
    /// Values that stand for nothing.
    #[serde(default)]
    pub absent: Vec<String>,
    /// Columns that are never looked at: passwords and their like.
    #[serde(default)]
    pub never: Vec<String>,
    /// Words of the source and what FHIR calls them.
    #[serde(default)]
    pub words: BTreeMap<String, Words>,
    pub patient: Patient,
    #[serde(default)]
    pub fact: Vec<Fact>,
}

/// Words of the source, [normal], with their codes.
#[derive(Debug, Default, Deserialize)]
#[serde(from = "BTreeMap<String, String>")]
pub(super) struct Words(pub HashMap<String, String>);

impl From<BTreeMap<String, String>> for Words {
    fn from(words: BTreeMap<String, String>) -> Self {
        Self(words.into_iter().map(|(word, code)| (normal(&word), code)).collect())
    }
}

/// A value: where it stands, and perhaps a list of words that turns it into a code.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub(super) enum Field {
    Plain(Path),
    Coded {
        from: Path,
        /// Name of a list in `words`.
        words: Option<String>,
        /// What a word that is not in the list becomes.
        other: Option<String>,
        /// The time of day, where the source keeps it in a column of its own.
        time: Option<Path>,
    },
}

/// Which rows count.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Only {
    pub value: Path,
    /// It must be one of these.
    #[serde(default)]
    pub is: Vec<String>,
    /// It must be none of these.
    #[serde(default)]
    pub not: Vec<String>,
    /// It must hold something.
    #[serde(default)]
    pub present: bool,
    /// It must be no day before this one: databases end what goes on in the year 2100.
    pub from: Option<String>,
    /// It must hold nothing, unless this place holds something.
    pub absent_unless: Option<Path>,
}

/// Where the patients stand.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Patient {
    pub table: String,
    pub key: Path,
    #[serde(default)]
    pub only: Vec<Only>,
    pub fields: BTreeMap<String, Field>,
    #[serde(default)]
    pub identifier: Vec<Piece>,
    #[serde(default)]
    pub name: Vec<Piece>,
    #[serde(default)]
    pub telecom: Vec<Piece>,
    #[serde(default)]
    pub address: Vec<Piece>,
}

/// A part of a record that may occur several times: once for each of `rows`, else once.
#[derive(Debug, Deserialize)]
pub(super) struct Piece {
    pub rows: Option<Path>,
    #[serde(default)]
    pub only: Vec<Only>,
    #[serde(flatten)]
    pub fields: BTreeMap<String, Field>,
}

/// Rows of one table that are facts of one kind.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Fact {
    pub kind: String,
    pub table: String,
    /// The columns that together are like for no other row; none when the row has no key.
    #[serde(default)]
    pub key: Vec<Path>,
    pub person: Option<Path>,
    #[serde(default)]
    pub only: Vec<Only>,
    /// Other facts stand in the same rows: those that are not of this kind are no loss.
    #[serde(default)]
    pub aside: bool,
    /// Not read where the export has this table, which tells the same better.
    pub unless: Option<String>,
    #[serde(default)]
    pub fields: BTreeMap<String, Field>,
    /// More of the note, each value with its words before it.
    #[serde(default)]
    pub lines: Vec<(String, Path)>,
    /// Reactions of an allergy, diagnoses of a visit, components of an observation.
    #[serde(default)]
    pub parts: Vec<Piece>,
    /// Columns that are a fact each, where a row holds many.
    #[serde(default)]
    pub columns: Vec<Wide>,
}

/// A column that is a fact of its own: what it says, and in which unit.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wide {
    pub column: Path,
    pub text: String,
    #[serde(default)]
    pub loinc: String,
    #[serde(default)]
    pub unit: String,
    /// The second value of a pair, such as the diastolic pressure, with its words and code.
    pub second: Option<(Path, String, String)>,
    /// The words and code of the first value of a pair.
    pub first: Option<(String, String)>,
}

/// Every map, the surest to recognise first.
pub(super) static MAPS: LazyLock<Vec<Map>> = LazyLock::new(|| {
    const SHIPPED: [&str; 6] = [
        include_str!("../../../../config/data/ehi/epic.toml"),
        include_str!("../../../../config/data/ehi/oracle-health.toml"),
        include_str!("../../../../config/data/ehi/eclinicalworks.toml"),
        include_str!("../../../../config/data/ehi/synthea.toml"),
        include_str!("../../../../config/data/ehi/openemr.toml"),
        include_str!("../../../../config/data/ehi/isalus.toml"),
    ];
    SHIPPED.iter().filter_map(|text| toml::from_str(text).ok()).collect()
});

/// The map of a vendor by its word.
pub(super) fn of(vendor: &str) -> Option<&'static Map> {
    MAPS.iter().find(|map| map.vendor == vendor)
}

impl Map {
    /// Every table that the map speaks of.
    pub fn tables(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.marks.keys().map(String::as_str).collect();
        names.push(&self.patient.table);
        names.extend(self.fact.iter().map(|fact| &*fact.table));
        let patient = &self.patient;
        let mut paths: Vec<&Path> = patient.fields.values().map(Field::path).collect();
        for list in [&patient.identifier, &patient.name, &patient.telecom, &patient.address] {
            for piece in list {
                piece.paths(&mut paths);
            }
        }
        for fact in &self.fact {
            paths.extend(fact.fields.values().map(Field::path));
            paths.extend(fact.person.as_ref());
            paths.extend(fact.lines.iter().map(|(_, path)| path));
            for piece in &fact.parts {
                piece.paths(&mut paths);
            }
        }
        for path in paths {
            path.tables(&mut names);
        }
        names.sort_unstable();
        names.dedup();
        names
    }
}

impl Piece {
    fn paths<'p>(&'p self, paths: &mut Vec<&'p Path>) {
        paths.extend(self.rows.as_ref());
        paths.extend(self.fields.values().map(Field::path));
    }
}

impl Field {
    pub fn path(&self) -> &Path {
        match self {
            Self::Plain(path) | Self::Coded { from: path, .. } => path,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_map_is_read_whole() {
        for name in ["epic", "oracle-health", "eclinicalworks", "synthea", "openemr", "isalus"] {
            let path = format!("{}/../../config/data/ehi/{name}.toml", env!("CARGO_MANIFEST_DIR"));
            let text = std::fs::read_to_string(path).unwrap();
            let map: Map = toml::from_str(&text).unwrap_or_else(|why| panic!("{name}: {why}"));
            assert_eq!(map.vendor, name);
            assert!(map.least > 0 && map.marks.len() >= map.least && !map.version.is_empty());
            assert!(of(name).is_some());
            let mut fields: Vec<&Field> = map.patient.fields.values().collect();
            fields.extend(map.fact.iter().flat_map(|fact| fact.fields.values()));
            for field in fields {
                if let Field::Coded { words: Some(words), .. } = field {
                    assert!(map.words.contains_key(words), "{name}: no words {words}");
                }
            }
        }
    }
}
