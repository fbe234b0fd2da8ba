//! Tag blocks: the nonce and tag of every page of a region, kept in memory and in two alternating
//! blocks on disk. A new block goes to the side that is not the durable one; sides change only
//! after a completed sync, so a torn block never costs the older one.

use super::cipher::{Cipher, SEAL_BYTES, Seal};
use super::layout::{PAGE, Place, REGION_PAGES};
use std::collections::{BTreeSet, HashMap};
use std::io;

/// Sequence of the block, before its seal.
const TURN_BYTES: usize = 8;
const BODY_START: usize = TURN_BYTES + SEAL_BYTES;
const BODY_BYTES: usize = REGION_PAGES * SEAL_BYTES;

/// The seals of one region, and which block on disk holds them durably.
#[derive(Debug, Clone)]
pub(super) struct Region {
    seals: Vec<Option<Seal>>,
    /// Side (0 or 1) of the newest durable block; meaningless while `turn` is 0.
    side: usize,
    /// Sequence of that block; 0 if none was ever durable.
    turn: u64,
    /// A newer block was written to the other side and waits for the sync to complete.
    staged: bool,
}

/// A tag block ready to be written.
pub(super) struct Block {
    pub(super) region: u64,
    pub(super) side: usize,
    pub(super) bytes: Vec<u8>,
}

/// All regions in memory, those changed since the last sync, and how many were ever durable.
#[derive(Debug, Default)]
pub(super) struct Tags {
    regions: HashMap<u64, Region>,
    changed: BTreeSet<u64>,
    /// Below this region number a missing tag block is damage; from it on it is an empty region.
    pub(super) durable_regions: u64,
}

impl Region {
    /// A region no page of which was ever sealed.
    pub(super) fn empty() -> Self {
        Self { seals: vec![None; REGION_PAGES], side: 1, turn: 0, staged: false }
    }

    /// The region as its two blocks on disk tell it; `None` if neither is whole.
    pub(super) fn decode(cipher: &Cipher, region: u64, blocks: [Vec<u8>; 2]) -> Option<Self> {
        let mut newest: Option<Self> = None;
        for (side, block) in blocks.into_iter().enumerate() {
            let Some((turn, seals)) = decode_block(cipher, region, block) else { continue };
            if newest.as_ref().is_none_or(|other| other.turn < turn) {
                newest = Some(Self { seals, side, turn, staged: false });
            }
        }
        newest
    }

    fn encode(&self, cipher: &Cipher, region: u64) -> io::Result<Block> {
        let turn = self.turn + 1;
        let mut bytes = vec![0; PAGE];
        let (head, body) = bytes.split_at_mut(BODY_START);
        let body = body.get_mut(..BODY_BYTES).unwrap_or_default();
        for (seal, place) in self.seals.iter().zip(body.chunks_exact_mut(SEAL_BYTES)) {
            if let Some(seal) = seal {
                seal.put(place);
            }
        }
        let seal = cipher.seal_tags(region, turn, body)?;
        let (number, rest) = head.split_at_mut(TURN_BYTES);
        number.copy_from_slice(&turn.to_le_bytes());
        seal.put(rest);
        Ok(Block { region, side: 1 - self.side, bytes })
    }
}

impl Tags {
    /// Whether the region is in memory.
    pub(super) fn knows(&self, region: u64) -> bool {
        self.regions.contains_key(&region)
    }

    /// Takes a region read from disk, unless another thread brought it in first.
    pub(super) fn learn(&mut self, region: u64, found: Region) {
        self.regions.entry(region).or_insert(found);
    }

    /// The seal of a page; the outer `None` says that the region is not in memory.
    #[allow(clippy::option_option)] // two different absences, both meant
    pub(super) fn seal(&self, place: Place) -> Option<Option<Seal>> {
        self.regions
            .get(&place.region)
            .map(|region| region.seals.get(place.index).copied().flatten())
    }

    /// Remembers the seals of pages just written, from `place` on. The region must be in memory.
    pub(super) fn put(&mut self, place: Place, seals: &[Option<Seal>]) {
        if let Some(region) = self.regions.get_mut(&place.region) {
            for (old, new) in region.seals.iter_mut().skip(place.index).zip(seals) {
                *old = *new;
            }
            self.changed.insert(place.region);
        }
    }

    /// Forgets the pages from `place` to the end of the file, which is being shortened.
    pub(super) fn cut(&mut self, place: Place, regions: u64) {
        self.put(place, &vec![None; REGION_PAGES - place.index]);
        self.regions.retain(|region, _| *region < regions);
        self.changed.retain(|region| *region < regions);
        self.durable_regions = self.durable_regions.min(regions);
    }

    /// Regions that must be in memory before [`Tags::stage`]: those between the ones ever durable
    /// and the last one changed, so that the mark of durable regions never skips one.
    pub(super) fn missing(&self) -> Vec<u64> {
        let end = self.changed.last().map_or(0, |last| last + 1);
        (self.durable_regions..end).filter(|region| !self.knows(*region)).collect()
    }

    /// New blocks for every changed region, each for the side that is not durable.
    pub(super) fn stage(&mut self, cipher: &Cipher) -> io::Result<Vec<Block>> {
        let end = self.changed.last().map_or(0, |last| last + 1);
        self.changed.extend(self.durable_regions..end);
        let mut blocks = Vec::with_capacity(self.changed.len());
        for number in std::mem::take(&mut self.changed) {
            if let Some(region) = self.regions.get_mut(&number) {
                blocks.push(region.encode(cipher, number)?);
                region.staged = true;
            }
        }
        Ok(blocks)
    }

    /// The sync completed: the staged blocks are the durable ones now.
    pub(super) fn settle(&mut self, blocks: &[Block]) {
        for block in blocks {
            if let Some(region) = self.regions.get_mut(&block.region)
                && std::mem::take(&mut region.staged)
            {
                region.side = block.side;
                region.turn += 1;
                self.durable_regions = self.durable_regions.max(block.region + 1);
            }
        }
    }
}

type Decoded = (u64, Vec<Option<Seal>>);

fn decode_block(cipher: &Cipher, region: u64, mut block: Vec<u8>) -> Option<Decoded> {
    let (head, body) = block.split_at_mut_checked(BODY_START)?;
    let turn = u64::from_le_bytes(*head.first_chunk()?);
    let seal = Seal::get(head.get(TURN_BYTES..)?)?;
    let body = body.get_mut(..BODY_BYTES)?;
    if turn == 0 || !cipher.open_tags(region, turn, &seal, body) {
        return None;
    }
    Some((turn, body.chunks_exact(SEAL_BYTES).map(Seal::get).collect()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Dek;

    #[test]
    fn a_staged_block_becomes_durable_only_when_settled_and_sides_alternate() {
        let cipher = Cipher::new([3; 16], &Dek::generate().unwrap()).unwrap();
        let seal = cipher.seal_page(1, &mut [0; PAGE]).unwrap();
        let mut tags = Tags::default();
        for region in 0..=2 {
            tags.learn(region, Region::empty());
        }
        tags.put(Place { region: 2, index: 7 }, &[Some(seal)]);
        assert!(tags.missing().is_empty());
        let first = tags.stage(&cipher).unwrap();
        let sides: Vec<_> = first.iter().map(|block| (block.region, block.side)).collect();
        assert_eq!(sides, [(0, 0), (1, 0), (2, 0)], "regions below are initialised as well");
        assert_eq!(tags.durable_regions, 0);
        tags.settle(&first);
        assert_eq!(tags.durable_regions, 3);
        tags.put(Place { region: 2, index: 8 }, &[Some(seal)]);
        let second = tags.stage(&cipher).unwrap();
        assert_eq!((second.len(), second[0].side), (1, 1));
        let blocks = [first[2].bytes.clone(), second[0].bytes.clone()];
        let whole = Region::decode(&cipher, 2, blocks.clone()).unwrap();
        assert_eq!((whole.turn, whole.side, whole.seals[8]), (2, 1, Some(seal)));
        let torn = Region::decode(&cipher, 2, [blocks[0].clone(), vec![9; PAGE]]).unwrap();
        assert_eq!((torn.turn, torn.seals[7], torn.seals[8]), (1, Some(seal), None));
        assert!(Region::decode(&cipher, 1, blocks).is_none(), "another region's blocks");
    }
}
