//! Whole exports of health records: the published samples against counts that the tests take from the
//! tables themselves, made-up exports in the columns that vendors publish, and damage.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::print_stdout)] // the counts of each run

mod damage;
mod eclinicalworks;
mod epic;
mod oracle_health;
mod samples;
mod synthea;

use almoner_core::clinical::{Content, FactKind, Patient};
use almoner_core::export::{Export, Statement, Unreadable};
use almoner_formats::{ehi, text};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/ehi")
}

/// The files of a folder of the development data: name and text.
fn files(folder: &str) -> Vec<(String, String)> {
    let entries =
        std::fs::read_dir(data().join(folder)).expect("the development data must be there");
    let mut files: Vec<(String, String)> = entries
        .map(|entry| entry.unwrap().path())
        .map(|path| {
            let bytes = std::fs::read(&path).unwrap();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, text::decode(&bytes).text.into_owned())
        })
        .collect();
    files.sort();
    files
}

fn read(files: &[(String, String)]) -> (String, Result<Export, Unreadable>) {
    let texts: Vec<(&str, &str)> = files.iter().map(|(name, text)| (&**name, &**text)).collect();
    let vendor = ehi::recognise(&texts).expect("a vendor");
    (vendor.word().to_owned(), ehi::read_set(vendor, &texts))
}

/// The columns of a table, as a vendor publishes them.
fn columns(schema: &str, table: &str) -> Vec<String> {
    let text = std::fs::read_to_string(data().join(format!("schema/{schema}_columns.tsv")))
        .expect("the published columns must be there");
    let rows = text.lines().map(|line| line.split('\t').collect::<Vec<_>>());
    rows.filter(|row| row[0] == table).map(|row| row[2].to_owned()).collect()
}

/// A row of a published table: the cells that are named, the others empty.
fn row(columns: &[String], cells: &[(&str, &str)]) -> Vec<String> {
    for (name, _) in cells {
        assert!(columns.iter().any(|column| column == name), "no column {name} is published");
    }
    let cell =
        |column: &String| cells.iter().find(|(name, _)| name == column).map_or("", |it| it.1);
    columns.iter().map(|column| cell(column).to_owned()).collect()
}

/// The cells of a made-up row: column and value.
type Cells = Vec<(&'static str, &'static str)>;

/// Made-up rows by table, in order: `TABLE: COLUMN=value | COLUMN=value`, further cells on lines that
/// begin with a blank.
fn made_up(text: &'static str) -> Vec<(String, Vec<Cells>)> {
    let mut tables: Vec<(String, Vec<Cells>)> = Vec::new();
    for line in text.lines() {
        let mut rest = line;
        if !line.starts_with(' ') {
            let (table, cells) = line.split_once(':').unwrap();
            if tables.last().is_none_or(|(last, _)| last != table) {
                tables.push((table.to_owned(), Vec::new()));
            }
            tables.last_mut().unwrap().1.push(Vec::new());
            rest = cells;
        }
        let row = tables.last_mut().unwrap().1.last_mut().unwrap();
        let cells = rest.split('|').filter_map(|cell| cell.trim().split_once('='));
        row.extend(cells);
    }
    tables
}

/// Statements by kind and table.
fn counts(export: &Export) -> BTreeMap<(FactKind, String), usize> {
    let mut counts = BTreeMap::new();
    for statement in export.people.iter().flat_map(|person| &person.statements) {
        let table = statement.key.split('/').next().unwrap().to_owned();
        *counts.entry((statement.content.kind(), table)).or_default() += 1;
    }
    counts
}

fn codes(export: &Export) -> Vec<&str> {
    export.problems.iter().map(|problem| &*problem.code).collect()
}

/// The one patient of an export.
fn only(export: &Export) -> &Patient {
    assert_eq!(export.people.len(), 1);
    &export.people[0].patient
}

/// The content of a statement by its key.
fn said<'e>(export: &'e Export, key: &str) -> &'e Statement {
    let mut all = export.people.iter().flat_map(|person| &person.statements).chain(&export.shared);
    all.find(|statement| statement.key == key).unwrap_or_else(|| panic!("no {key}"))
}

macro_rules! content {
    ($export:expr, $key:expr, $kind:ident) => {
        match &$crate::said($export, $key).content {
            $crate::Content::$kind(it) => it,
            other => panic!("{} is {:?}", $key, other.kind()),
        }
    };
}
pub(crate) use content;
