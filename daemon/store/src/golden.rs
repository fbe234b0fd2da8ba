//! Golden rows for the tests of the wings: encoded records kept as files, which every later program
//! must read. A file is a row as the store keeps it, in hexadecimal.

use crate::codec::{self, RowHeader};
use crate::record::{self, Record};
use almoner_core::fault::{Fault, Outcome};
use std::fmt::Write as _;
use std::path::Path;

/// Writes the golden row `name` into `folder` when `ALMONER_GOLDEN=write` is set and it is not there
/// yet; never changes one. A wing calls this for each shape it has today, and commits the file.
pub fn keep<R: Record>(folder: &Path, name: &str, record: &R) {
    let path = folder.join(format!("{name}.hex"));
    let row = codec::row(RowHeader { shape: R::SHAPE, version: 1 }, record);
    let row = row.and_then(|row| {
        let packed = if R::PACKED { codec::packed(&row)? } else { None };
        Ok(packed.unwrap_or(row))
    });
    let asked = std::env::var_os("ALMONER_GOLDEN").is_some_and(|word| word == "write");
    if let (Ok(row), true) = (row, asked && !path.exists()) {
        let _ = std::fs::create_dir_all(folder);
        let _ = std::fs::write(path, to_hex(&row));
    }
}

/// Reads the golden row `name` of `folder` as the store would.
pub fn read<R: Record>(folder: &Path, name: &str) -> Outcome<R> {
    let text = std::fs::read_to_string(folder.join(format!("{name}.hex")))?;
    decode(&from_hex(&text)?)
}

/// Reads a row as the store would.
pub fn decode<R: Record>(row: &[u8]) -> Outcome<R> {
    record::decode::<R>(row).map(|(_, record)| record)
}

fn to_hex(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len() * 2 + bytes.len() / 32);
    for (at, byte) in bytes.iter().enumerate() {
        let end = if at % 32 == 31 { "\n" } else { "" };
        let _ = write!(text, "{byte:02x}{end}");
    }
    text.trim_end().to_owned() + "\n"
}

fn from_hex(text: &str) -> Outcome<Vec<u8>> {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(16)).collect();
    let bytes = digits.chunks_exact(2).map(|pair| pair.iter().fold(0, |byte, d| byte * 16 + d));
    let bytes: Result<Vec<u8>, _> = bytes.map(u8::try_from).collect();
    bytes.map_err(|_| Fault::broken("a golden row is not hexadecimal"))
}
