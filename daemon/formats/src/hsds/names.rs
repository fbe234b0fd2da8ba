//! How directories call their tables and columns, from the shipped list (`config/data/hsds`).

use crate::tables::normal;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The list as shipped.
const SHIPPED: &str = include_str!("../../../../config/data/hsds/tables.toml");

/// What a row of a table tells of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    Organization,
    Service,
    Location,
    ServiceAtLocation,
    Phone,
    Address,
    Schedule,
    Contact,
    Language,
    Area,
    Document,
    Cost,
    Payment,
    Funding,
    Eligibility,
    Accessibility,
    Program,
    Term,
    Vocabulary,
    Attribute,
    Metadata,
    /// Known, and of no use to somebody who looks for a service.
    #[default]
    Unused,
}

/// A table by its names, with what each of its rows says besides.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct NamedTable {
    pub(super) kind: Kind,
    names: Vec<String>,
    pub(super) set: BTreeMap<String, String>,
}

/// A table by its columns.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Shape {
    kind: Kind,
    has: Vec<String>,
    lacks: Vec<String>,
}

/// A product with columns of its own.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Vendor {
    pub(super) name: String,
    when: Vec<String>,
    pub(super) emit: Vec<Emit>,
}

/// A row that a product's row makes.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Emit {
    pub(super) kind: Kind,
    pub(super) only: BTreeMap<String, Vec<String>>,
    pub(super) unless: BTreeMap<String, Vec<String>>,
    pub(super) needs: String,
    pub(super) fields: BTreeMap<String, String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Names {
    table: Vec<NamedTable>,
    shape: Vec<Shape>,
    alias: BTreeMap<String, String>,
    vendor: Vec<Vendor>,
}

/// The shipped names. They are part of the program: a test reads them whole.
pub(super) static NAMES: LazyLock<Names> =
    LazyLock::new(|| toml::from_str(SHIPPED).unwrap_or_default());

impl Names {
    /// The table of this name: `services`, `physical_addresses`, `location`.
    pub(super) fn table(&self, name: &str) -> Option<&NamedTable> {
        let name = normal(name);
        self.table.iter().find(|table| table.names.contains(&name))
    }

    /// The table in whose file's name a table's name stands last: `my-services-2026` tells `services`.
    pub(super) fn within(&self, stem: &str) -> Option<&NamedTable> {
        let stem: String = normal(stem);
        let all = self.table.iter().flat_map(|table| table.names.iter().map(move |n| (n, table)));
        let ends = all.filter(|(name, _)| name.len() > 4 && stem.ends_with(name.as_str()));
        ends.max_by_key(|(name, _)| name.len()).map(|(_, table)| table)
    }

    /// What kind of table has these columns.
    pub(super) fn shaped(&self, columns: &[String]) -> Option<Kind> {
        let has = |name: &String| columns.contains(name);
        let fits = |shape: &&Shape| shape.has.iter().all(has) && !shape.lacks.iter().any(has);
        self.shape.iter().find(fits).map(|shape| shape.kind)
    }

    /// The product whose columns these are.
    pub(super) fn vendor(&self, columns: &[String]) -> Option<&Vendor> {
        let known = |vendor: &&Vendor| vendor.when.iter().all(|name| columns.contains(name));
        self.vendor.iter().find(known)
    }

    /// The one name of a column.
    pub(super) fn column(&self, name: &str) -> String {
        let name = normal(name);
        self.alias.get(&name).cloned().unwrap_or(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_names_are_read() {
        let names: Names = toml::from_str(SHIPPED).unwrap();
        assert_eq!(names.table("Services_at_Location").unwrap().kind, Kind::ServiceAtLocation);
        assert_eq!(names.within("brev-services").unwrap().kind, Kind::Service);
        assert!(names.within("people").is_none());
        assert_eq!(names.vendor.len(), 6);
        assert!(names.vendor.iter().all(|it| !it.when.is_empty() && !it.emit.is_empty()));
        assert_eq!(names.column("Website"), "url");
    }
}
