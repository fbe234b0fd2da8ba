//! Short proofs about a tree: that one entry is in it, and that a later tree begins with the whole
//! of an earlier one.

use crate::hash::{Hash, empty_root, node_hash};
use crate::tiles::{TileSource, TreeError, subtree};

type Proof<S> = Result<Vec<Hash>, TreeError<<S as TileSource>::Error>>;

/// Audit path of leaf `index` in the tree of the first `size` leaves (RFC 6962 section 2.1.1).
pub fn inclusion<S: TileSource>(index: u64, size: u64, source: &S) -> Proof<S> {
    if index >= size {
        return Err(TreeError::Beyond);
    }
    let (mut low, mut high) = (0, size);
    let mut path = Vec::new();
    while high - low > 1 {
        let middle = low + split(high - low);
        if index < middle {
            path.push(span(middle, high, source)?);
            high = middle;
        } else {
            path.push(span(low, middle, source)?);
            low = middle;
        }
    }
    path.reverse();
    Ok(path)
}

/// Proof that the first `size` leaves begin with the first `older` ones (RFC 6962 section 2.1.2).
/// Empty when the two are the same or `older` is 0.
pub fn consistency<S: TileSource>(older: u64, size: u64, source: &S) -> Proof<S> {
    if older > size {
        return Err(TreeError::Beyond);
    }
    if older == 0 || older == size {
        return Ok(Vec::new());
    }
    let (mut low, mut high) = (0, size);
    let mut path = Vec::new();
    while older != high {
        let middle = low + split(high - low);
        if older <= middle {
            path.push(span(middle, high, source)?);
            high = middle;
        } else {
            path.push(span(low, middle, source)?);
            low = middle;
        }
    }
    if low > 0 {
        path.push(span(low, high, source)?);
    }
    path.reverse();
    Ok(path)
}

/// Whether `path` shows that `leaf` stands at `index` in the tree of `size` leaves with this root
/// (RFC 9162 section 2.1.3.2).
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, path: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut place, mut last, mut hash) = (index, size - 1, *leaf);
    for step in path {
        if last == 0 {
            return false;
        }
        if place & 1 == 1 || place == last {
            hash = node_hash(step, &hash);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            hash = node_hash(&hash, step);
        }
        place >>= 1;
        last >>= 1;
    }
    last == 0 && hash == *root
}

/// Whether `path` shows that the tree of `size` leaves with `root` begins with the tree of `older`
/// leaves with `older_root` (RFC 9162 section 2.1.4.2).
pub fn verify_consistency(
    older: u64,
    size: u64,
    path: &[Hash],
    older_root: &Hash,
    root: &Hash,
) -> bool {
    if older > size {
        return false;
    }
    if older == size {
        return path.is_empty() && older_root == root;
    }
    if older == 0 {
        return path.is_empty() && *older_root == empty_root();
    }
    let (mut steps, seed) = (path.iter(), older_root);
    let seed = if older.is_power_of_two() { Some(seed) } else { steps.next() };
    let Some(seed) = seed else { return false };
    let shift = (older - 1).trailing_ones();
    let (mut place, mut last) = ((older - 1) >> shift, (size - 1) >> shift);
    let (mut old_hash, mut new_hash) = (*seed, *seed);
    for step in steps {
        if last == 0 {
            return false;
        }
        if place & 1 == 1 || place == last {
            old_hash = node_hash(step, &old_hash);
            new_hash = node_hash(step, &new_hash);
            while place & 1 == 0 && place != 0 {
                place >>= 1;
                last >>= 1;
            }
        } else {
            new_hash = node_hash(&new_hash, step);
        }
        place >>= 1;
        last >>= 1;
    }
    last == 0 && old_hash == *older_root && new_hash == *root
}

/// Largest power of two below `count` (RFC 6962 section 2.1), for `count` of at least 2.
fn split(count: u64) -> u64 {
    1 << (count - 1).ilog2()
}

/// Merkle tree hash of the leaves `low..high`; `low` is a multiple of the span's rounded-up width,
/// as in every tree split.
fn span<S: TileSource>(low: u64, high: u64, source: &S) -> Result<Hash, TreeError<S::Error>> {
    let mut subtrees = Vec::new();
    let (mut start, count) = (low, high - low);
    for height in (0..u64::BITS).rev().filter(|height| (count >> height) & 1 == 1) {
        subtrees.push(subtree(start, height, source)?);
        start += 1 << height;
    }
    let narrow_first = subtrees.into_iter().rev();
    narrow_first.reduce(|right, left| node_hash(&left, &right)).ok_or(TreeError::Beyond)
}

#[cfg(test)]
mod tests;
