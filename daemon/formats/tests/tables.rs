//! Every table of the development data is read as its truth table says: rows, columns, separator,
//! encoding, ends of lines, ragged rows.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use almoner_formats::tables::Table;
use almoner_formats::tables::delimited::{LineEnds, read, sniff};
use almoner_formats::text;
use std::path::{Path, PathBuf};

fn data() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data")
}

/// What the reader found of a file, in the words of the truth table.
fn found(bytes: &[u8], name: &str) -> Vec<String> {
    let decoded = text::decode(bytes);
    let dialect = sniff(&decoded.text).expect("a separator");
    let (rows, problems) = read(&decoded.text, dialect).expect("rows");
    assert!(problems.is_empty(), "{name}: {problems:?}");
    let table = Table::new(name, rows, 0);
    let encoding = if bytes.is_ascii() { "ascii".into() } else { decoded.encoding.to_lowercase() };
    let line_ends = match dialect.line_ends {
        LineEnds::None => "none",
        LineEnds::Lf => "LF",
        LineEnds::CrLf => "CRLF",
        LineEnds::Cr => "CR",
        LineEnds::Mixed => "mixed",
    };
    let delimiter = match dialect.delimiter {
        b'\t' => "tab",
        b',' => "comma",
        b';' => "semicolon",
        _ => "bar",
    };
    let mark = if decoded.marked { "utf-8" } else { "" };
    let counts = [table.len(), table.columns().len(), table.ragged()];
    let mut told = vec![encoding, mark.into(), line_ends.into(), delimiter.into()];
    told.extend(counts.map(|count| count.to_string()));
    told.push(table.columns()[..table.columns().len().min(12)].join(","));
    told
}

#[test]
fn every_table_of_the_data() {
    let mut tables = 0;
    for kind in ["ehi", "hsds"] {
        let truth = std::fs::read_to_string(data().join(format!("truth/{kind}.tsv")))
            .expect("the truth table must be there");
        for line in truth.lines().skip(1) {
            let expected: Vec<&str> = line.split('\t').collect();
            if expected[2] != "table" {
                continue;
            }
            let bytes = std::fs::read(data().join(kind).join(expected[0])).unwrap();
            assert_eq!(found(&bytes, expected[0]), &expected[3..11], "{}", expected[0]);
            tables += 1;
        }
    }
    assert_eq!(tables, 138 + 42, "tables of the truth tables");
}
