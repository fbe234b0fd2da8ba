//! The compact range: the few hashes one must remember to go on with a Merkle tree of any size, and
//! to know its root.

use std::fmt;

use crate::hash::{Hash, empty_root, node_hash};
use crate::tiles::{StoredHash, TILE_HEIGHT};

/// Greatest number of entries: 2^53 - 1, so that every number stays exact in JSON (RFC 8785 section
/// 3.2.2.3).
pub const MAX_SIZE: u64 = (1 << 53) - 1;

/// The roots of the perfect subtrees that make up a tree of `size` leaves, widest first: one for
/// each set bit of `size`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Range {
    size: u64,
    subtrees: Vec<Hash>,
}

/// Why some bytes or hashes are not a compact range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RangeError {
    /// The number of hashes does not fit the size.
    Count,
    /// The size is above [`MAX_SIZE`].
    TooLarge,
    /// The stored bytes are not 8 bytes of size and whole hashes.
    Bytes,
}

impl fmt::Display for RangeError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Count => "the compact range has not one hash for each set bit of its size",
            Self::TooLarge => "the tree size is above 2^53 - 1",
            Self::Bytes => "the compact range is not a size and whole hashes",
        })
    }
}

impl std::error::Error for RangeError {}

impl Range {
    /// The tree without entries.
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a range apart from its size and hashes, widest subtree first. The hashes are believed:
    /// compare [`Range::root`] with a signed checkpoint.
    pub fn from_parts(size: u64, subtrees: Vec<Hash>) -> Result<Self, RangeError> {
        if size > MAX_SIZE {
            return Err(RangeError::TooLarge);
        }
        if u32::try_from(subtrees.len()) != Ok(size.count_ones()) {
            return Err(RangeError::Count);
        }
        Ok(Self { size, subtrees })
    }

    /// Number of leaves; the index (and `seq`) of the next entry.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// The subtree roots, widest first.
    pub fn subtrees(&self) -> &[Hash] {
        &self.subtrees
    }

    /// Adds a leaf and yields the hashes to store: always the leaf itself, and after every 256th,
    /// 65,536th, … leaf also the root of the tile that became full (C2SP tlog-tiles).
    pub fn append(&mut self, leaf: Hash) -> Vec<StoredHash> {
        let index = self.size;
        let mut fresh = vec![StoredHash { level: 0, index, hash: leaf }];
        let (mut hash, mut height) = (leaf, 0_u32);
        while (index >> height) & 1 == 1 {
            let Some(left) = self.subtrees.pop() else { break };
            hash = node_hash(&left, &hash);
            height += 1;
            if height.is_multiple_of(TILE_HEIGHT) {
                let level = u8::try_from(height / TILE_HEIGHT).unwrap_or(u8::MAX);
                fresh.push(StoredHash { level, index: index >> height, hash });
            }
        }
        self.subtrees.push(hash);
        self.size += 1;
        fresh
    }

    /// Merkle tree hash of all leaves so far (RFC 6962 section 2.1).
    pub fn root(&self) -> Hash {
        let mut from_narrow = self.subtrees.iter().rev().copied();
        let Some(narrowest) = from_narrow.next() else { return empty_root() };
        from_narrow.fold(narrowest, |right, left| node_hash(&left, &right))
    }

    /// For keeping beside the tree: size as 8 bytes big-endian, then the hashes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = self.size.to_be_bytes().to_vec();
        for hash in &self.subtrees {
            bytes.extend_from_slice(&hash.0);
        }
        bytes
    }

    /// Reads what [`Range::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, RangeError> {
        let (size, hashes) = bytes.split_first_chunk::<8>().ok_or(RangeError::Bytes)?;
        if !hashes.len().is_multiple_of(Hash::LEN) {
            return Err(RangeError::Bytes);
        }
        let subtrees = hashes.chunks_exact(Hash::LEN).filter_map(Hash::from_slice).collect();
        Self::from_parts(u64::from_be_bytes(*size), subtrees)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::leaf_hash;

    #[test]
    fn a_range_survives_its_bytes_at_every_size() {
        let mut range = Range::new();
        for number in 0_u32..600 {
            assert_eq!(Range::from_bytes(&range.to_bytes()), Ok(range.clone()));
            range.append(leaf_hash(&number.to_be_bytes()));
        }
        assert_eq!(range.size(), 600);
    }

    #[test]
    fn a_range_that_cannot_be_is_refused() {
        assert_eq!(Range::from_parts(3, vec![empty_root()]), Err(RangeError::Count));
        assert_eq!(Range::from_parts(u64::MAX, Vec::new()), Err(RangeError::TooLarge));
        assert_eq!(Range::from_bytes(&[0; 7]), Err(RangeError::Bytes));
        assert_eq!(Range::from_bytes(&[0; 9]), Err(RangeError::Bytes));
    }

    #[test]
    fn full_tiles_yield_their_root_at_the_next_level() {
        let mut range = Range::new();
        let mut upper = Vec::new();
        for number in 0_u32..65_536 + 256 {
            upper.extend(range.append(leaf_hash(&number.to_be_bytes())).into_iter().skip(1));
        }
        let places: Vec<_> = upper.iter().map(|stored| (stored.level, stored.index)).collect();
        assert_eq!(upper.len(), 258);
        assert_eq!(places.first(), Some(&(1, 0)));
        assert!(places.contains(&(2, 0)));
        assert_eq!(places.last(), Some(&(1, 256)));
    }
}
