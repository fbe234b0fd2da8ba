//! Where the tree's hashes are kept, as a key-value store can keep them: level and index give one
//! hash, 256 hashes of a level make a tile, a full tile's root is one hash of the level above (C2SP
//! tlog-tiles).

use std::collections::BTreeMap;
use std::fmt;

use crate::hash::{Hash, node_hash};
use crate::range::Range;

/// A tile spans eight levels of the tree: 2^8 = 256 hashes wide.
pub const TILE_HEIGHT: u32 = 8;

/// Number of hashes in a full tile.
pub const TILE_WIDTH: u64 = 1 << TILE_HEIGHT;

/// One hash to keep: at tile level `level` (0 = leaves), place `index`. It covers the entries
/// `index * 256^level .. (index + 1) * 256^level`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoredHash {
    /// Tile level; 0 for leaves.
    pub level: u8,
    /// Place within the level.
    pub index: u64,
    /// The hash there.
    pub hash: Hash,
}

impl StoredHash {
    /// A key whose byte order is level, then index: neighbours in a tile are neighbours in the
    /// store.
    pub fn key(&self) -> [u8; 9] {
        key(self.level, self.index)
    }
}

/// What can be asked for the tree's stored hashes: the store, a folder of tiles, or memory.
pub trait TileSource {
    /// Why a hash could not be read.
    type Error;

    /// The `count` consecutive hashes of `level` from `start` on; at most 256, never across a
    /// tile's edge. Fewer than asked means that they are not there.
    fn hashes(&self, level: u8, start: u64, count: usize) -> Result<Vec<Hash>, Self::Error>;
}

/// Why a root or a proof could not be computed from stored hashes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TreeError<E> {
    /// The source failed.
    Source(E),
    /// A hash that a tree of this size must have is not there.
    Missing {
        /// Tile level asked for.
        level: u8,
        /// First place asked for.
        start: u64,
    },
    /// The question makes no sense for this tree: an index or a size beyond its end.
    Beyond,
}

impl<E: fmt::Display> fmt::Display for TreeError<E> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Source(error) => write!(out, "the trail's hashes could not be read: {error}"),
            Self::Missing { level, start } => {
                write!(out, "the trail's hash at level {level}, place {start} is missing")
            }
            Self::Beyond => out.write_str("the trail is not that long"),
        }
    }
}

impl<E: fmt::Debug + fmt::Display> std::error::Error for TreeError<E> {}

/// All hashes of a tree in memory, for tests and small trees.
#[derive(Clone, Debug, Default)]
pub struct MemoryTiles(BTreeMap<[u8; 9], Hash>);

impl MemoryTiles {
    /// Keeps what [`Range::append`] yields.
    pub fn extend(&mut self, fresh: impl IntoIterator<Item = StoredHash>) {
        self.0.extend(fresh.into_iter().map(|stored| (stored.key(), stored.hash)));
    }
}

impl TileSource for MemoryTiles {
    type Error = std::convert::Infallible;

    fn hashes(&self, level: u8, start: u64, count: usize) -> Result<Vec<Hash>, Self::Error> {
        Ok(self.0.range(key(level, start)..).take(count).map(|(_, hash)| *hash).collect())
    }
}

/// Key of a stored hash: level, then index big-endian.
pub fn key(level: u8, index: u64) -> [u8; 9] {
    let mut bytes = [level; 9];
    if let Some(place) = bytes.last_chunk_mut::<8>() {
        *place = index.to_be_bytes();
    }
    bytes
}

/// How wide the last tile of `level` is in a tree of `size` leaves: 0 when it has none or it is
/// full.
pub fn partial_width(level: u8, size: u64) -> u64 {
    size.checked_shr(TILE_HEIGHT * u32::from(level)).unwrap_or(0) % TILE_WIDTH
}

/// Compact range of the tree's first `size` leaves, from stored hashes. The tree must be at least
/// that long.
pub fn range_at<S: TileSource>(size: u64, source: &S) -> Result<Range, TreeError<S::Error>> {
    let mut subtrees = Vec::new();
    let mut start = 0;
    for height in (0..u64::BITS).rev().filter(|height| (size >> height) & 1 == 1) {
        subtrees.push(subtree(start, height, source)?);
        start += 1 << height;
    }
    Range::from_parts(size, subtrees).map_err(|_| TreeError::Beyond)
}

/// Root of the tree's first `size` leaves, from stored hashes: any earlier head can be computed
/// again.
pub fn root_at<S: TileSource>(size: u64, source: &S) -> Result<Hash, TreeError<S::Error>> {
    range_at(size, source).map(|range| range.root())
}

/// Root of the perfect subtree of 2^`height` leaves that begins at leaf `start` (a multiple of its
/// width).
pub(crate) fn subtree<S: TileSource>(
    start: u64,
    height: u32,
    source: &S,
) -> Result<Hash, TreeError<S::Error>> {
    let level = u8::try_from(height / TILE_HEIGHT).map_err(|_| TreeError::Beyond)?;
    let count = 1_usize << (height % TILE_HEIGHT);
    let first = start >> (TILE_HEIGHT * u32::from(level));
    let mut row = source.hashes(level, first, count).map_err(TreeError::Source)?;
    if row.len() != count {
        return Err(TreeError::Missing { level, start: first });
    }
    while row.len() > 1 {
        row = row.as_chunks::<2>().0.iter().map(|[left, right]| node_hash(left, right)).collect();
    }
    row.first().copied().ok_or(TreeError::Missing { level, start: first })
}
