//! What the daemon and its reading child say to each other: frames of MessagePack, each with its
//! length before it, over one socket.

use almoner_core::export::Told;
use almoner_core::lists::Profile;
use almoner_formats::unpack::Limits;
use chrono::NaiveDate;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io::{Error, ErrorKind, Read, Result, Write};

/// Bytes of a frame at most: a piece with one large document.
const FRAME: u32 = 256 << 20;

/// What the daemon asks for.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Order {
    pub name: String,
    pub size: u64,
    pub limits: Limits,
    /// What is known beside the bytes, by which lists are read.
    pub source: String,
    pub received: NaiveDate,
    pub profiles: Vec<Profile>,
}

/// What the child says.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Say {
    /// It wants a piece of the file; the daemon answers with its bytes.
    Want(u32),
    Told(Told),
    /// All is told.
    End,
    /// The reader panicked.
    Failed,
}

/// Sends a frame.
pub(crate) fn send(to: &mut impl Write, what: &impl Serialize) -> Result<()> {
    let mut frame = vec![0; 4];
    what.serialize(&mut rmp_serde::Serializer::new(&mut frame).with_struct_map())
        .map_err(Error::other)?;
    let length = u32::try_from(frame.len() - 4).map_err(Error::other)?;
    if let Some(head) = frame.first_chunk_mut() {
        *head = length.to_le_bytes();
    }
    to.write_all(&frame)
}

/// Receives a frame.
pub(crate) fn receive<T: DeserializeOwned>(from: &mut impl Read) -> Result<T> {
    rmp_serde::from_slice(&bytes(from)?).map_err(Error::other)
}

/// Sends bytes as they are.
pub(crate) fn send_bytes(to: &mut impl Write, bytes: &[u8]) -> Result<()> {
    let length = u32::try_from(bytes.len()).map_err(Error::other)?;
    to.write_all(&length.to_le_bytes())?;
    to.write_all(bytes)
}

/// Receives bytes as they are.
pub(crate) fn bytes(from: &mut impl Read) -> Result<Vec<u8>> {
    let mut length = [0; 4];
    from.read_exact(&mut length)?;
    let length = u32::from_le_bytes(length);
    if length > FRAME {
        return Err(Error::new(ErrorKind::InvalidData, "a frame that is too long"));
    }
    let mut bytes = Vec::new();
    let read = from.by_ref().take(length.into()).read_to_end(&mut bytes)?;
    if read < length as usize {
        return Err(ErrorKind::UnexpectedEof.into());
    }
    Ok(bytes)
}
