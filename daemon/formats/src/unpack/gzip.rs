//! One gzip stream, or several after each other, as one file.

use flate2::read::MultiGzDecoder;
use std::io::Read;

/// What a gzip file holds, as it comes out.
pub(crate) fn gunzip<'r>(packed: impl Read + 'r) -> impl Read + 'r {
    MultiGzDecoder::new(packed)
}
