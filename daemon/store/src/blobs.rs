//! Source documents, kept byte for byte under their SHA-256: in pieces of 1 MiB, each compressed
//! (zstd) on its own, so that a large file needs little memory to keep.

use crate::engine::after;
use crate::reader::Reader;
use crate::tables::Table;
use crate::unit::{Unit, View};
use almoner_core::fault::{Fault, Outcome};
use ruzstd::encoding::{CompressionLevel, compress_to_vec};
use std::io::{Read, Seek, SeekFrom};

/// Bytes of a piece.
pub const PIECE: usize = 1 << 20;

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

/// Keeps one piece of bytes that are too many for one transaction. The first piece, number 0, is kept
/// last: with it the whole is here.
pub(crate) fn write_piece(unit: &Unit<'_>, sha256: &[u8; 32], number: u32, piece: &[u8]) {
    let packed = compress_to_vec(piece, CompressionLevel::Fastest);
    unit.set(Table::Blobs, key(sha256, number), Some(packed));
}

/// A source document, read from any place without lying in memory whole.
pub struct Blob<'r, 's> {
    reader: &'r Reader<'s>,
    sha256: [u8; 32],
    size: u64,
    at: u64,
    /// The piece that was unpacked last.
    held: Option<(u32, Vec<u8>)>,
}

impl<'r, 's> Blob<'r, 's> {
    /// The document under this digest, if it is here.
    pub(crate) fn open(reader: &'r Reader<'s>, sha256: &[u8; 32]) -> Outcome<Option<Self>> {
        let there = |number: u32| -> Outcome<bool> {
            Ok(reader.view.get(Table::Blobs, &key(sha256, number))?.is_some())
        };
        if !there(0)? {
            return Ok(None);
        }
        // The last piece: first a number beyond it, then between.
        let (mut last, mut beyond) = (0, 1);
        while there(beyond)? {
            (last, beyond) = (beyond, beyond.saturating_mul(2));
        }
        while beyond - last > 1 {
            let middle = last + (beyond - last) / 2;
            if there(middle)? { last = middle } else { beyond = middle }
        }
        let mut blob = Self { reader, sha256: *sha256, size: 0, at: 0, held: None };
        let end = blob.piece(last)?.len() as u64;
        blob.size = u64::from(last) * PIECE as u64 + end;
        Ok(Some(blob))
    }

    /// How many bytes it has.
    pub fn size(&self) -> u64 {
        self.size
    }

    fn piece(&mut self, number: u32) -> Outcome<&[u8]> {
        if self.held.as_ref().is_none_or(|(held, _)| *held != number) {
            let bytes = read_piece(&self.reader.view, &self.sha256, number)?;
            self.held = Some((number, bytes.ok_or(Fault::Absent("piece of a source document"))?));
        }
        Ok(self.held.as_ref().map(|(_, bytes)| bytes.as_slice()).unwrap_or_default())
    }
}

impl Read for Blob<'_, '_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        if self.at >= self.size {
            return Ok(0);
        }
        let number = u32::try_from(self.at / PIECE as u64).map_err(std::io::Error::other)?;
        let from = usize::try_from(self.at % PIECE as u64).map_err(std::io::Error::other)?;
        let piece = self.piece(number).map_err(std::io::Error::other)?;
        let count = piece.get(from..).unwrap_or_default().read(into)?;
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Blob<'_, '_> {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        let at = match to {
            SeekFrom::Start(at) => Some(at),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
            SeekFrom::End(by) => self.size.checked_add_signed(by),
        };
        self.at = at.ok_or(std::io::Error::from(std::io::ErrorKind::InvalidInput))?;
        Ok(self.at)
    }
}

/// One piece of the bytes under this digest, if it is here.
pub(crate) fn read_piece(
    view: &View<'_>,
    sha256: &[u8; 32],
    number: u32,
) -> Outcome<Option<Vec<u8>>> {
    let Some(packed) = view.get(Table::Blobs, &key(sha256, number))? else { return Ok(None) };
    let mut bytes = Vec::new();
    unpack(&packed, &mut bytes)?;
    Ok(Some(bytes))
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
