//! Tag blocks: the nonce and tag of every page of a region, kept in memory and in two alternating
//! blocks on disk. A new block goes to the side that is not the durable one; sides change only
//! after a completed sync, so a torn block never costs the older one.
//!
//! Blocks and header vouch for each other's age. The header lists the sequences that the regions
//! changed last had reached; a block's sequence starts with that of the header before it, so it
//! also never falls back when a file is cut and grows again. A disk that acknowledged a sync and
//! lost a part of it, or a hand that put back a part of the file, is found even where every single
//! page is authentic.

use super::cipher::{Cipher, SEAL_BYTES, Seal};
use super::layout::{PAGE, Place, REGION_PAGES};
use std::collections::{BTreeSet, HashMap};
use std::io;

/// Sequence of the block, before its seal.
const TURN_BYTES: usize = 8;
const BODY_START: usize = TURN_BYTES + SEAL_BYTES;
const BODY_BYTES: usize = REGION_PAGES * SEAL_BYTES;
/// Bits of a block's sequence that count within one header's time; the rest is the header's.
const COUNT_BITS: u32 = 20;
/// So many regions, those changed last, are listed in the header: all of a file up to 165 MiB.
pub(super) const LISTED_REGIONS: usize = 330;

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
    turn: u64,
    pub(super) bytes: Vec<u8>,
}

/// What the header records of the tag blocks, as of the last completed sync.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Durable {
    /// Below this region number a missing tag block is damage; from it on it is an empty region.
    pub(super) regions: u64,
    /// Regions changed last with the sequence each had reached, the newest at the end.
    pub(super) recent: Vec<(u64, u64)>,
}

/// All regions in memory, those changed since the last sync, and what is durable of them.
#[derive(Debug, Default)]
pub(super) struct Tags {
    regions: HashMap<u64, Region>,
    changed: BTreeSet<u64>,
    pub(super) durable: Durable,
    /// Sequence of the header that no block still to be read from disk may be younger than.
    pub(super) newest_header: u64,
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
            let Some(found) = decode_block(cipher, region, side, block) else { continue };
            if newest.as_ref().is_none_or(|other| other.turn < found.turn) {
                newest = Some(found);
            }
        }
        newest
    }

    /// Sequence of the header that was durable when the newest block was written.
    fn header(&self) -> u64 {
        self.turn >> COUNT_BITS
    }

    fn encode(&self, cipher: &Cipher, region: u64, header: u64) -> io::Result<Block> {
        let turn = (self.turn + 1).max(header << COUNT_BITS);
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
        Ok(Block { region, side: 1 - self.side, turn, bytes })
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

    /// Whether a region as read from disk is of the header's time. If not, the disk lost a part of
    /// what it had acknowledged, or a part of the file was put back.
    pub(super) fn is_timely(&self, number: u64, found: Option<&Region>) -> bool {
        let reached = self.reached(number);
        match found {
            Some(region) => reached <= region.turn && region.header() <= self.newest_header,
            None => reached == 0 && number >= self.durable.regions,
        }
    }

    /// Takes an empty region in the place of one that cannot be trusted, and has it written anew.
    /// Returns the sequence that the next header must exceed for the region to be timely.
    pub(super) fn replace(&mut self, number: u64, found: Option<&Region>) -> u64 {
        let (side, turn) = found.map_or((1, 0), |region| (region.side, region.turn));
        let turn = turn.max(self.reached(number));
        let region = Region { side, turn, ..Region::empty() };
        let header = region.header();
        self.learn(number, region);
        self.changed.insert(number);
        header
    }

    /// The sequence that a region had reached when the header was written, as far as it is listed.
    fn reached(&self, number: u64) -> u64 {
        let listed = self.durable.recent.iter().find(|(region, _)| *region == number);
        listed.map_or(0, |(_, turn)| *turn)
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

    /// Forgets the pages from `place` to the end of the file, which is being shortened to so many
    /// regions; `header` is the sequence of the newest header.
    pub(super) fn cut(&mut self, place: Place, regions: u64, header: u64) {
        // The forgotten regions may be read again with what this session wrote to them.
        self.newest_header = self.newest_header.max(header);
        self.put(place, &vec![None; REGION_PAGES - place.index]);
        self.regions.retain(|region, _| *region < regions);
        self.changed.retain(|region| *region < regions);
        self.durable.recent.retain(|(region, _)| *region < regions);
        self.durable.regions = self.durable.regions.min(regions);
    }

    /// Regions that must be in memory before [`Tags::stage`]: those between the ones ever durable
    /// and the last one changed, so that the mark of durable regions never skips one.
    pub(super) fn missing(&self) -> Vec<u64> {
        let end = self.changed.last().map_or(0, |last| last + 1);
        (self.durable.regions..end).filter(|region| !self.knows(*region)).collect()
    }

    /// New blocks for every changed region, each for the side that is not durable; `header` is the
    /// sequence of the durable header.
    pub(super) fn stage(&mut self, cipher: &Cipher, header: u64) -> io::Result<Vec<Block>> {
        let end = self.changed.last().map_or(0, |last| last + 1);
        self.changed.extend(self.durable.regions..end);
        let mut blocks = Vec::with_capacity(self.changed.len());
        for number in std::mem::take(&mut self.changed) {
            if let Some(region) = self.regions.get_mut(&number) {
                blocks.push(region.encode(cipher, number, header)?);
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
                region.turn = block.turn;
                self.durable.note(block.region, region.turn);
            }
        }
    }
}

impl Durable {
    fn note(&mut self, region: u64, turn: u64) {
        self.regions = self.regions.max(region + 1);
        self.recent.retain(|(other, _)| *other != region);
        self.recent.push((region, turn));
        self.recent.drain(..self.recent.len().saturating_sub(LISTED_REGIONS));
    }
}

fn decode_block(cipher: &Cipher, number: u64, side: usize, mut block: Vec<u8>) -> Option<Region> {
    let (head, body) = block.split_at_mut_checked(BODY_START)?;
    let turn = u64::from_le_bytes(*head.first_chunk()?);
    let seal = Seal::get(head.get(TURN_BYTES..)?)?;
    let body = body.get_mut(..BODY_BYTES)?;
    if turn == 0 || !cipher.open_tags(number, turn, &seal, body) {
        return None;
    }
    let seals = body.chunks_exact(SEAL_BYTES).map(Seal::get).collect();
    Some(Region { seals, side, turn, staged: false })
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
        let first = tags.stage(&cipher, 5).unwrap();
        let sides: Vec<_> = first.iter().map(|block| (block.region, block.side)).collect();
        assert_eq!(sides, [(0, 0), (1, 0), (2, 0)], "regions below are initialised as well");
        assert_eq!(tags.durable.regions, 0);
        tags.settle(&first);
        assert_eq!(tags.durable.regions, 3);
        tags.put(Place { region: 2, index: 8 }, &[Some(seal)]);
        let second = tags.stage(&cipher, 5).unwrap();
        assert_eq!((second.len(), second[0].side), (1, 1));
        let blocks = [first[2].bytes.clone(), second[0].bytes.clone()];
        let whole = Region::decode(&cipher, 2, blocks.clone()).unwrap();
        let start = 5 << COUNT_BITS;
        assert_eq!((whole.turn, whole.side, whole.seals[8]), (start + 1, 1, Some(seal)));
        let torn = Region::decode(&cipher, 2, [blocks[0].clone(), vec![9; PAGE]]).unwrap();
        assert_eq!((torn.turn, torn.seals[7], torn.seals[8]), (start, Some(seal), None));
        assert!(Region::decode(&cipher, 1, blocks).is_none(), "another region's blocks");
    }

    #[test]
    fn a_region_older_than_the_header_or_newer_is_found() {
        let cipher = Cipher::new([3; 16], &Dek::generate().unwrap()).unwrap();
        let mut tags = Tags::default();
        tags.learn(0, Region::empty());
        let mut blocks = Vec::new();
        for header in [5, 6] {
            tags.put(Place { region: 0, index: 0 }, &[None]);
            blocks.extend(tags.stage(&cipher, header).unwrap());
            tags.settle(&blocks[blocks.len() - 1..]);
        }
        assert_eq!(tags.durable.recent, [(0, 6 << COUNT_BITS)]);
        let read = |block: &Block| Region::decode(&cipher, 0, [block.bytes.clone(), vec![]]);
        let (old, new) = (read(&blocks[0]), read(&blocks[1]));
        tags.newest_header = 6;
        assert!(tags.is_timely(0, new.as_ref()));
        assert!(!tags.is_timely(0, old.as_ref()), "the block is older than the header says");
        assert!(!tags.is_timely(0, None) && tags.is_timely(1, None));
        tags.newest_header = 5;
        assert!(!tags.is_timely(0, new.as_ref()), "the header is older than the block");
        for region in 0..1000 {
            tags.durable.note(region, 9);
        }
        assert_eq!((tags.durable.recent.len(), tags.reached(999)), (LISTED_REGIONS, 9));
    }
}
