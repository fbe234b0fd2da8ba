//! Source documents, kept byte for byte under their SHA-256: in pieces of 1 MiB, each compressed
//! (zstd) on its own, so that a large file needs little memory to keep.

use crate::engine::after;
use crate::tables::Table;
use crate::unit::{Unit, View};
use almoner_core::fault::{Fault, Outcome};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use std::io::Read;

const PIECE: usize = 1 << 20;

/// Keeps the bytes; false when they were here already.
pub(crate) fn write(
    view: &View<'_>,
    unit: &Unit<'_>,
    sha256: &[u8; 32],
    bytes: &[u8],
) -> Outcome<bool> {
    if view.get(Table::Blobs, &key(sha256, 0))?.is_some() {
        return Ok(false);
    }
    let mut pieces: Vec<&[u8]> = bytes.chunks(PIECE).collect();
    if pieces.is_empty() {
        pieces.push(&[]);
    }
    for (number, piece) in (0..).zip(pieces) {
        let packed = compress_to_vec(piece, CompressionLevel::Fastest);
        unit.set(Table::Blobs, key(sha256, number), Some(packed));
    }
    Ok(true)
}

/// The bytes under this digest, if they are here.
pub(crate) fn read(view: &View<'_>, sha256: &[u8; 32]) -> Outcome<Option<Vec<u8>>> {
    let mut bytes = None;
    view.scan(Table::Blobs, sha256, after(sha256).as_deref(), &mut |_, packed| {
        unpack(packed, bytes.get_or_insert_with(Vec::new))?;
        Ok(true)
    })?;
    Ok(bytes)
}

fn unpack(packed: &[u8], out: &mut Vec<u8>) -> Outcome<()> {
    let damaged = |_| Fault::broken("a source document of the store can't be unpacked");
    let mut decoder = ruzstd::decoding::StreamingDecoder::new(packed).map_err(damaged)?;
    decoder.read_to_end(out)?;
    Ok(())
}

fn key(sha256: &[u8; 32], piece: u32) -> Vec<u8> {
    let mut key = sha256.to_vec();
    key.extend_from_slice(&piece.to_be_bytes());
    key
}
