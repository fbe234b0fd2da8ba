//! Where the bytes of a dropped file are had from: any place of it, at any time, so that a file need
//! not lie in memory whole.

use std::io::{BufReader, Read, Seek, SeekFrom};

/// The bytes of a file.
pub trait Source: Read + Seek {}

impl<T: Read + Seek> Source for T {}

/// So many first bytes tell that a file is packed.
pub(crate) const MAGIC: usize = 64;
/// So many first bytes tell what a file is that is too large to be read whole.
pub(crate) const OPENING: usize = 1 << 20;

/// The bytes of a source from its beginning. What can't be had is told by reading them.
pub(crate) fn stream(source: &mut dyn Source) -> BufReader<&mut dyn Source> {
    let _ = source.rewind();
    BufReader::with_capacity(64 * 1024, source)
}

/// How many bytes a source has.
pub(crate) fn size(source: &mut dyn Source) -> u64 {
    source.seek(SeekFrom::End(0)).unwrap_or(0)
}

/// The first bytes of a file.
pub(crate) fn opening(source: &mut dyn Source, most: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    // What can't be had is told by who reads the whole.
    let _ = stream(source).take(most as u64).read_to_end(&mut bytes);
    bytes
}
