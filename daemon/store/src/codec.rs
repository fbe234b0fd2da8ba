//! Rows: how a record becomes bytes. A row is a header of 6 bytes (shape version, then the
//! record's own version, both big-endian) and MessagePack with field names, so that a new field
//! with `#[serde(default)]` reads old rows. Positional MessagePack is forbidden in this house. The
//! highest bit of the shape says that the body is packed ([`crate::packing`]).

use crate::packing;
use almoner_core::fault::{Fault, Outcome};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::borrow::Cow;

const HEADER: usize = 6;
const PACKED: u16 = 1 << 15;

/// What stands before a row's body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RowHeader {
    /// Version of the record's shape (`Record::SHAPE`).
    pub shape: u16,
    /// How often this record was saved, from 1.
    pub version: u32,
}

/// Named MessagePack of a value.
pub fn encode<T: Serialize>(value: &T) -> Outcome<Vec<u8>> {
    rmp_serde::to_vec_named(value).map_err(|cause| Fault::Broken(Box::new(cause)))
}

/// Reads [`encode`]'s bytes.
pub fn decode<T: DeserializeOwned>(bytes: &[u8]) -> Outcome<T> {
    rmp_serde::from_slice(bytes).map_err(|cause| Fault::Broken(Box::new(cause)))
}

/// A whole row.
pub fn row<T: Serialize>(header: RowHeader, record: &T) -> Outcome<Vec<u8>> {
    let mut bytes = Vec::with_capacity(256);
    bytes.extend_from_slice(&header.shape.to_be_bytes());
    bytes.extend_from_slice(&header.version.to_be_bytes());
    rmp_serde::encode::write_named(&mut bytes, record)
        .map_err(|cause| Fault::Broken(Box::new(cause)))?;
    Ok(bytes)
}

/// The same row with its body packed; `None` where that makes it no smaller, or it is packed.
pub fn packed(row: &[u8]) -> Outcome<Option<Vec<u8>>> {
    let (header, body) = split_stored(row)?;
    if header.shape & PACKED != 0 {
        return Ok(None);
    }
    let mut before = (header.shape | PACKED).to_be_bytes().to_vec();
    before.extend_from_slice(&header.version.to_be_bytes());
    Ok(packing::pack(&before, body))
}

/// The same row with another version.
pub(crate) fn numbered(mut row: Vec<u8>, version: u32) -> Outcome<Vec<u8>> {
    let place = row.get_mut(2..HEADER);
    let place = place.ok_or_else(|| Fault::broken("a row is shorter than its header"))?;
    place.copy_from_slice(&version.to_be_bytes());
    Ok(row)
}

/// Takes a row apart into its header and its body, unpacked.
pub fn split(row: &[u8]) -> Outcome<(RowHeader, Cow<'_, [u8]>)> {
    let (RowHeader { shape, version }, body) = split_stored(row)?;
    let body =
        if shape & PACKED == 0 { Cow::Borrowed(body) } else { packing::unpack(body)?.into() };
    Ok((RowHeader { shape: shape & !PACKED, version }, body))
}

fn split_stored(row: &[u8]) -> Outcome<(RowHeader, &[u8])> {
    let broken = || Fault::broken("a row of the store is shorter than its header");
    let (header, body) = row.split_at_checked(HEADER).ok_or_else(broken)?;
    let (shape, version) = header.split_at(2);
    let shape = u16::from_be_bytes(shape.try_into().map_err(|_| broken())?);
    let version = u32::from_be_bytes(version.try_into().map_err(|_| broken())?);
    Ok((RowHeader { shape, version }, body))
}
