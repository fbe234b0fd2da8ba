//! Rows of all tables of a directory, from CSV and JSON alike, before they are joined.

use super::names::{Kind, NAMES, Vendor};
use crate::fhir::Json;
use crate::tables::{Row, Table, delimited, normal};
use almoner_core::export::{Problem, Severity};
use std::collections::{BTreeMap, HashSet};

/// Objects within objects are looked into so deep.
const DEPTH: usize = 12;

/// A value with the heading under which it stood.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Field {
    /// Its one name, in small letters and digits.
    pub(super) name: String,
    pub(super) heading: String,
    pub(super) value: String,
}

/// A row: of a table, or an object of JSON.
#[derive(Clone, Debug, Default)]
pub(super) struct Record {
    pub(super) place: String,
    pub(super) fields: Vec<Field>,
}

impl Record {
    /// A value by its name; empty when there is none.
    pub(super) fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|field| field.name == name).map_or("", |field| &field.value)
    }

    fn add(&mut self, name: String, heading: &str, value: &str) {
        let value = value.trim();
        if !value.is_empty() && !self.fields.iter().any(|field| field.name == name) {
            let (heading, value) = (heading.to_owned(), value.to_owned());
            self.fields.push(Field { name, heading, value });
        }
    }
}

/// All rows, by what they tell of.
#[derive(Default)]
pub(super) struct Pile {
    pub(super) tables: BTreeMap<Kind, Vec<Record>>,
    pub(super) problems: Vec<Problem>,
    /// The version that the rows speak: `2.0` (tables), `3.0` (objects).
    pub(super) version: &'static str,
    pub(super) document: &'static str,
    pub(super) software: String,
    pub(super) title: String,
    /// Tables that came as a whole: organizations and services.
    pub(super) whole: HashSet<Kind>,
    /// Rows of objects that were seen: an object nested in several others comes once.
    seen: HashSet<(Kind, Vec<Field>)>,
    made: usize,
}

impl Pile {
    /// The rows of a table.
    pub(super) fn of(&self, kind: Kind) -> &[Record] {
        self.tables.get(&kind).map_or(&[][..], Vec::as_slice)
    }

    /// Takes one file: its path in the set, and its text.
    pub(super) fn open(&mut self, path: &str, text: &str) {
        let start = text.trim_start();
        if start.starts_with(['{', '[']) {
            match Json::parse(start) {
                Ok(json) => self.json(&json, path),
                Err(fault) => self.problems.push(Problem::new(
                    Severity::Error,
                    format!("{path} {}:{}", fault.line, fault.column).trim(),
                    "json_malformed",
                    "The file is cut off or damaged here, and nothing was taken from it. Ask the \
                     sender to send it again.",
                )),
            }
            return;
        }
        let Some(dialect) = delimited::sniff(text) else {
            let at = if path.is_empty() { "file" } else { path };
            self.problems.push(Problem::new(
                Severity::Error,
                at,
                "table_without_columns",
                "The file has no rows and columns that could be told apart.",
            ));
            return;
        };
        match delimited::read(text, dialect) {
            Ok((rows, problems)) => {
                self.problems.extend(problems);
                self.table(&Table::new(path, rows, 0));
            }
            Err(problem) => self.problems.push(problem),
        }
    }

    fn table(&mut self, table: &Table) {
        if table.ragged() > 0 {
            let message = format!(
                "{} rows have more or fewer cells than the table has columns. What could be told \
                 was taken; look at these entries.",
                table.ragged()
            );
            let at = if table.name.is_empty() { "file" } else { table.name.as_str() };
            self.problems.push(Problem::new(Severity::Warning, at, "rows_ragged", &message));
        }
        let columns: Vec<String> = table.columns().iter().map(|name| normal(name)).collect();
        if let Some(vendor) = NAMES.vendor(&columns) {
            self.software.clone_from(&vendor.name);
            for row in table.rows() {
                self.product(vendor, row);
            }
            self.document = "table";
            return;
        }
        let stem = stem(&table.name);
        let aliased: Vec<String> = columns.iter().map(|name| NAMES.column(name)).collect();
        let named = NAMES.table(stem).or_else(|| NAMES.within(stem));
        let Some(kind) = named.map(|it| it.kind).or_else(|| NAMES.shaped(&aliased)) else {
            let at = if table.name.is_empty() { "file" } else { table.name.as_str() };
            self.problems.push(Problem::new(
                Severity::Warning,
                at,
                "hsds_table_unknown",
                "This table is of no kind that a directory of services has; it is kept whole.",
            ));
            return;
        };
        (self.version, self.document) = ("2", "table");
        self.whole.insert(kind);
        for row in table.rows() {
            let mut record = Record { place: row.place(), ..Record::default() };
            for ((heading, name), at) in table.columns().iter().zip(&aliased).zip(0..) {
                record.add(name.clone(), heading, row.at(at));
            }
            for (name, value) in named.into_iter().flat_map(|it| &it.set) {
                record.add(name.clone(), name, value);
            }
            self.push(kind, record);
        }
    }

    /// The rows that one row of a product's export makes.
    fn product(&mut self, vendor: &Vendor, row: Row<'_>) {
        let among = |name: &String, values: &Vec<String>| {
            let cell = row.get(name);
            values.iter().any(|value| value.eq_ignore_ascii_case(cell))
        };
        for emit in &vendor.emit {
            let fits = emit.only.iter().all(|(name, values)| among(name, values))
                && !emit.unless.iter().any(|(name, values)| among(name, values))
                && (emit.needs.is_empty() || !row.get(&emit.needs).is_empty());
            if !fits {
                continue;
            }
            let mut record = Record { place: row.place(), ..Record::default() };
            for (name, from) in &emit.fields {
                let value = from.strip_prefix('=').unwrap_or_else(|| row.get(from));
                record.add(name.clone(), from, value);
            }
            self.push(emit.kind, record);
        }
    }

    fn push(&mut self, kind: Kind, record: Record) {
        if !record.fields.is_empty() {
            self.tables.entry(kind).or_default().push(record);
        }
    }

    /// Takes a JSON file: a page of an API, an object, or tables by their names.
    fn json(&mut self, json: &Json, path: &str) {
        (self.version, self.document) = ("3", "json");
        let pages = ["contents", "content", "items", "data", "results"];
        if let Some(list) = pages.iter().map(|key| json.get(key)).find(|it| is_list(it)) {
            self.document = "page";
            return self.objects(list, path);
        }
        if is_list(json) {
            return self.objects(json, path);
        }
        if is_list(json.get("resources")) {
            // A data package's own description: its tables stand in other files.
            for (from, into) in [("title", true), ("name", false)] {
                let said = json.text(from);
                if !said.is_empty() && (into || self.title.is_empty()) {
                    said.clone_into(&mut self.title);
                }
            }
            return;
        }
        let tables: Vec<_> = json
            .fields()
            .iter()
            .filter(|(key, value)| {
                is_list(value) && key.to_lowercase().split('.').nth(1) == Some("csv")
            })
            .collect();
        if tables.is_empty() {
            return self.object(json, path);
        }
        self.document = "table";
        for (name, rows) in tables {
            let Some(named) = NAMES.table(stem(name)) else { continue };
            self.whole.insert(named.kind);
            for (n, row) in rows.items().iter().enumerate() {
                let place = format!("{path} {name}[{n}]").trim().to_owned();
                self.nested(row, named.kind, place, &[], 0);
            }
        }
    }

    fn objects(&mut self, list: &Json, path: &str) {
        for (n, one) in list.items().iter().enumerate() {
            self.object(one, format!("{path} [{n}]").trim());
        }
    }

    /// An object that stands alone: what it is, its fields tell.
    fn object(&mut self, json: &Json, place: &str) {
        let has = |key: &str| !json.get(key).is_empty();
        let kind = if has("service") && has("location") || has("service") && has("id") {
            Kind::ServiceAtLocation
        } else if has("location_type") || has("addresses") || has("latitude") {
            Kind::Location
        } else if ["application_process", "organization", "service_at_locations", "status", "fees"]
            .iter()
            .any(|key| has(key))
        {
            Kind::Service
        } else if has("taxonomy_detail") || has("term_uri") || has("taxonomy") || has("parent_id") {
            Kind::Term
        } else if has("uri") && has("version") {
            Kind::Vocabulary
        } else if has("openapi_url") {
            Kind::Unused
        } else if has("name") {
            Kind::Organization
        } else {
            Kind::Unused
        };
        let place = if place.is_empty() { "object" } else { place };
        self.nested(json, kind, place.to_owned(), &[], 0);
    }

    /// Takes an object and those within it; each bears the numbers of those around it.
    fn nested(
        &mut self,
        json: &Json,
        kind: Kind,
        place: String,
        around: &[(&str, String)],
        depth: usize,
    ) -> String {
        if depth > DEPTH {
            return String::new();
        }
        let mut record = Record { place, ..Record::default() };
        for (name, id) in around {
            record.add((*name).to_owned(), name, id);
        }
        for (key, value) in json.fields() {
            let text = match value {
                Json::Bool(value) => value.to_string(),
                other => other.as_str().to_owned(),
            };
            record.add(NAMES.column(key), key, &text);
        }
        let mut id = record.get("id").to_owned();
        if id.is_empty() && matches!(kind, Kind::Organization | Kind::Service | Kind::Location) {
            self.made += 1;
            id = format!("unnumbered-{}", self.made);
            record.add("id".to_owned(), "id", &id);
        }
        let own = own_number(kind);
        let below: Vec<(&str, String)> =
            if own.is_empty() { Vec::new() } else { vec![(own, id.clone())] };
        for (key, value) in json.fields() {
            if matches!(value, Json::Object(_) | Json::List(_)) {
                self.within(&mut record, (key, value), kind, &below, depth);
            }
        }
        let known = (kind, record.fields.clone());
        if self.seen.insert(known) {
            self.push(kind, record);
        }
        id
    }

    fn within(
        &mut self,
        record: &mut Record,
        (key, value): (&str, &Json),
        kind: Kind,
        below: &[(&str, String)],
        depth: usize,
    ) {
        if (kind, key) == (Kind::Phone, "languages")
            || value.items().iter().all(|it| !is_object(it))
        {
            let words = value.items().iter().map(|it| match it.text("name") {
                "" => it.as_str(),
                name => name,
            });
            let words: Vec<&str> = words.filter(|it| !it.is_empty()).collect();
            return record.add(NAMES.column(key), key, &words.join(", "));
        }
        let Some(named) = NAMES.table(key) else { return };
        // What an object names as its own (`organization`, `program`, `location`) stands above it.
        let above = matches!(value, Json::Object(_));
        for (n, one) in value.items().iter().enumerate() {
            let place = format!("{}.{key}[{n}]", record.place);
            if above {
                let id = self.nested(one, named.kind, place, &[], depth + 1);
                record.add(own_number(named.kind).to_owned(), key, &id);
            } else {
                self.nested(one, named.kind, place, below, depth + 1);
            }
        }
    }
}

/// The name under which others refer to a row of a kind.
fn own_number(kind: Kind) -> &'static str {
    match kind {
        Kind::Organization => "organizationid",
        Kind::Service => "serviceid",
        Kind::Location => "locationid",
        Kind::ServiceAtLocation => "serviceatlocationid",
        Kind::Contact => "contactid",
        Kind::Program => "programid",
        Kind::Term => "taxonomyid",
        Kind::Vocabulary => "vocabularyid",
        _ => "",
    }
}

fn is_list(json: &Json) -> bool {
    matches!(json, Json::List(_))
}

fn is_object(json: &Json) -> bool {
    matches!(json, Json::Object(_))
}

/// The name of a file without its folder and ending.
fn stem(path: &str) -> &str {
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    file.split('.').next().unwrap_or(file)
}
