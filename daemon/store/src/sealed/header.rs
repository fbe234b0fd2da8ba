//! The header: redb's first page and our counters, sealed together into two alternating slots.
//!
//! redb rewrites its first 320 bytes in place at every commit. Here each rewrite goes to the slot
//! that is not durable, and becomes the durable one only after a completed sync. After that it is
//! copied into the other slot as well (without a sync of its own), so that later damage to one
//! slot costs nothing instead of silently bringing back the commit before.

use super::cipher::{ALGORITHM, Cipher, FORMAT, SEAL_BYTES, Seal};
use super::layout::PAGE;
use super::tags::{Durable, LISTED_REGIONS};
use std::io;

/// Bytes of the readable, authenticated start of a slot.
pub(super) const PREAMBLE_BYTES: usize = 64;
/// A listed region: its number in 4 bytes, its sequence in 8.
const ENTRY_BYTES: usize = 12;
const BODY_BYTES: usize = PAGE + LISTED_REGIONS * ENTRY_BYTES;
/// Bytes of a slot that are used, of the 8 KiB set aside.
pub(super) const SLOT_BYTES: usize = PREAMBLE_BYTES + SEAL_BYTES + BODY_BYTES;
const MAGIC: &[u8; 6] = b"ALMNHD";

/// What the header counts, readable without the key but authenticated.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counters {
    /// Rises by one with every header written; the newest whole slot wins.
    pub(super) turn: u64,
    /// Regions whose tag block was ever durable.
    pub(super) durable_regions: u64,
    /// Logical pages the file was known to have when the last sync completed.
    pub(super) durable_pages: u64,
    /// Pages and tag blocks sealed under this data key so far, for the limit of the algorithm.
    pub(super) page_writes: u64,
}

/// The header in memory.
#[derive(Debug)]
pub(super) struct Header {
    /// redb's page 0 in the clear.
    pub(super) page: Vec<u8>,
    pub(super) counters: Counters,
    /// Ages of the regions, as read; the tags keep them from then on.
    pub(super) recent: Vec<(u64, u64)>,
    /// Slot (0 or 1) that is durable.
    slot: usize,
    /// redb's page, or the length of the file, changed since the last sync.
    pub(super) changed: bool,
}

impl Header {
    /// The header of a file that has none yet.
    pub(super) fn fresh() -> Self {
        let (page, counters) = (vec![0; PAGE], Counters::default());
        Self { page, counters, recent: Vec::new(), slot: 1, changed: false }
    }

    /// The newest whole header of the two slots; `None` if neither is.
    pub(super) fn decode(cipher: &Cipher, slots: [Vec<u8>; 2]) -> Option<Self> {
        let mut newest: Option<Self> = None;
        for (slot, bytes) in slots.into_iter().enumerate() {
            let Some(found) = decode_slot(cipher, slot, bytes) else { continue };
            if newest.as_ref().is_none_or(|other| other.counters.turn < found.counters.turn) {
                newest = Some(found);
            }
        }
        newest
    }

    /// The next header as bytes of a slot, for [`Header::other_slot`].
    pub(super) fn encode(&mut self, cipher: &Cipher, durable: &Durable) -> io::Result<Vec<u8>> {
        self.counters.turn += 1;
        self.counters.durable_regions = durable.regions;
        self.changed = false;
        let preamble = encode_preamble(cipher, &self.counters);
        let mut bytes = Vec::with_capacity(SLOT_BYTES);
        bytes.extend_from_slice(&preamble);
        bytes.resize(PREAMBLE_BYTES + SEAL_BYTES, 0);
        bytes.extend_from_slice(&self.page);
        for (region, turn) in &durable.recent {
            // A number that needs more than 4 bytes would be a file of 2 PiB.
            bytes.extend_from_slice(&u32::try_from(*region).unwrap_or(u32::MAX).to_le_bytes());
            bytes.extend_from_slice(&turn.to_le_bytes());
        }
        bytes.resize(SLOT_BYTES, 0);
        let (head, body) = bytes.split_at_mut(PREAMBLE_BYTES + SEAL_BYTES);
        let seal = cipher.seal_header(&preamble, body)?;
        seal.put(head.get_mut(PREAMBLE_BYTES..).unwrap_or_default());
        Ok(bytes)
    }

    /// The slot the next header goes to: never the durable one.
    pub(super) fn other_slot(&self) -> usize {
        1 - self.slot
    }

    /// The sync completed: the slot written last is the durable one now.
    pub(super) fn settle(&mut self) {
        self.slot = self.other_slot();
    }
}

/// magic 6, format 1, algorithm 1, turn 8, file 16, three counters of 8, zero 8.
fn encode_preamble(cipher: &Cipher, counters: &Counters) -> [u8; PREAMBLE_BYTES] {
    let mut bytes = Vec::with_capacity(PREAMBLE_BYTES);
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&[FORMAT, ALGORITHM]);
    bytes.extend_from_slice(&counters.turn.to_le_bytes());
    bytes.extend_from_slice(&cipher.file());
    bytes.extend_from_slice(&counters.durable_regions.to_le_bytes());
    bytes.extend_from_slice(&counters.durable_pages.to_le_bytes());
    bytes.extend_from_slice(&counters.page_writes.to_le_bytes());
    bytes.resize(PREAMBLE_BYTES, 0);
    let mut preamble = [0; PREAMBLE_BYTES];
    preamble.copy_from_slice(&bytes);
    preamble
}

fn decode_slot(cipher: &Cipher, slot: usize, mut bytes: Vec<u8>) -> Option<Header> {
    let preamble: [u8; PREAMBLE_BYTES] = *bytes.first_chunk()?;
    let number = |at: usize| Some(u64::from_le_bytes(*preamble.get(at..)?.first_chunk()?));
    let counters = Counters {
        turn: number(8)?,
        durable_regions: number(32)?,
        durable_pages: number(40)?,
        page_writes: number(48)?,
    };
    if preamble != encode_preamble(cipher, &counters) {
        return None;
    }
    let mut page = bytes.split_off(PREAMBLE_BYTES + SEAL_BYTES);
    let seal = Seal::get(bytes.get(PREAMBLE_BYTES..)?)?;
    if !cipher.open_header(&preamble, &seal, &mut page) || page.len() != BODY_BYTES {
        return None;
    }
    let listed = page.split_off(PAGE);
    let recent = listed.chunks_exact(ENTRY_BYTES).filter_map(decode_entry).collect();
    Some(Header { page, counters, recent, slot, changed: false })
}

/// `None` for an entry not in use: a region that is listed has reached at least 1.
fn decode_entry(bytes: &[u8]) -> Option<(u64, u64)> {
    let (region, turn) = bytes.split_first_chunk()?;
    let turn = u64::from_le_bytes(*turn.first_chunk()?);
    (turn > 0).then_some((u32::from_le_bytes(*region).into(), turn))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::Dek;

    #[test]
    fn the_newest_whole_slot_wins_and_any_changed_byte_disqualifies_it() {
        let cipher = Cipher::new([3; 16], &Dek::generate().unwrap()).unwrap();
        let mut header = Header::fresh();
        assert_eq!(header.other_slot(), 0);
        header.page[100] = 1;
        let durable = Durable { regions: 3, recent: vec![(2, 1), (0, 9)] };
        let first = header.encode(&cipher, &durable).unwrap();
        header.settle();
        header.page[100] = 2;
        header.counters.durable_pages = 77;
        let second = header.encode(&cipher, &durable).unwrap();
        assert_eq!((first.len(), header.other_slot()), (SLOT_BYTES, 1));
        let read = |a: &Vec<u8>, b: &Vec<u8>| Header::decode(&cipher, [a.clone(), b.clone()]);
        let newest = read(&first, &second).unwrap();
        assert_eq!((newest.page[100], newest.counters.durable_pages, newest.slot), (2, 77, 1));
        assert_eq!((newest.counters.durable_regions, newest.recent), (3, durable.recent));
        for at in 0..SLOT_BYTES {
            let mut torn = second.clone();
            torn[at] ^= 4;
            assert_eq!(read(&first, &torn).unwrap().page[100], 1, "byte {at}");
        }
        assert!(read(&vec![0; SLOT_BYTES], &Vec::new()).is_none());
    }
}
