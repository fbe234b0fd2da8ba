//! Rows made small: deflate with a dictionary of what rows of ours often say (decision 0011). A row is
//! packed by itself, so that each can be read without its neighbours.
//!
//! Packed bytes are: number of the dictionary (1), length when unpacked (4, big-endian), then raw
//! deflate. A dictionary that was ever released stays as it is, for ever; a better one gets the next
//! number.

use almoner_core::fault::{Fault, Outcome};
use flate2::{Compress, Compression, Decompress, FlushCompress, FlushDecompress, Status};
use std::cell::RefCell;

/// Below this nothing is gained.
const SMALLEST: usize = 128;
/// Longer than any row is: what says so is damaged.
const LONGEST: usize = 256 << 20;
const HEADER: usize = 5;
/// Names of fields and words that stand in many rows, the most frequent ones last.
static DICTIONARY: &[u8] = include_bytes!("packing/dictionary-1.bin");
const NUMBER: u8 = 1;

/// Half the time of level 4, for rows that are a sixteenth larger.
const LEVEL: u32 = 1;

thread_local! {
    static PACKER: RefCell<Compress> = RefCell::new(Compress::new(Compression::new(LEVEL), false));
    static UNPACKER: RefCell<Decompress> = RefCell::new(Decompress::new(false));
}

/// The bytes packed, behind `before`; `None` where that gains nothing.
pub(crate) fn pack(before: &[u8], bytes: &[u8]) -> Option<Vec<u8>> {
    if bytes.len() < SMALLEST || bytes.len() > LONGEST {
        return None;
    }
    let mut packed = Vec::with_capacity(before.len() + HEADER + bytes.len());
    packed.extend_from_slice(before);
    packed.push(NUMBER);
    packed.extend_from_slice(&u32::try_from(bytes.len()).ok()?.to_be_bytes());
    PACKER.with_borrow_mut(|packer| {
        packer.reset();
        packer.set_dictionary(DICTIONARY).ok()?;
        // What does not fit into the room of the plain bytes is no gain.
        let status = packer.compress_vec(bytes, &mut packed, FlushCompress::Finish).ok()?;
        (status == Status::StreamEnd && packed.len() < before.len() + bytes.len()).then_some(packed)
    })
}

/// The bytes that [`pack`] packed (without what stood before them).
pub(crate) fn unpack(packed: &[u8]) -> Outcome<Vec<u8>> {
    let damaged = || Fault::broken("a packed row of the store can't be unpacked: it is damaged");
    let (number, rest) = packed.split_first().ok_or_else(damaged)?;
    let (length, deflated) = rest.split_first_chunk::<4>().ok_or_else(damaged)?;
    let length = u32::from_be_bytes(*length) as usize;
    if *number != NUMBER || length > LONGEST {
        return Err(damaged());
    }
    let mut bytes = Vec::with_capacity(length);
    let status = UNPACKER.with_borrow_mut(|unpacker| {
        unpacker.reset(false);
        unpacker.set_dictionary(DICTIONARY).ok()?;
        unpacker.decompress_vec(deflated, &mut bytes, FlushDecompress::Finish).ok()
    });
    let whole = status == Some(Status::StreamEnd) && bytes.len() == length;
    if whole { Ok(bytes) } else { Err(damaged()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_back_and_is_smaller() {
        for length in [128, 129, 1000, 4096, 100_000] {
            let text: Vec<u8> = (0..length).map(|n: usize| b"abcdefgh"[n * n % 8]).collect();
            let packed = pack(b"head", &text).unwrap();
            assert!(packed.starts_with(b"head") && packed.len() < 4 + length, "{length}");
            assert_eq!(unpack(&packed[4..]).unwrap(), text, "{length}");
        }
    }

    #[test]
    fn what_is_short_or_gains_nothing_stays() {
        let mut noise = vec![0; 2000];
        ring::rand::SecureRandom::fill(&ring::rand::SystemRandom::new(), &mut noise).unwrap();
        assert_eq!(pack(b"", &noise), None);
        assert_eq!(pack(b"", &[7; 127]), None);
    }

    #[test]
    fn what_is_damaged_is_said_to_be() {
        let packed = pack(b"", &[b'a'; 1000]).unwrap();
        assert!(unpack(&packed[..packed.len() - 1]).is_err());
        assert!(unpack(&packed[..4]).is_err());
        let mut other = packed.clone();
        other[0] = 9;
        assert!(unpack(&other).is_err());
        let mut longer = packed;
        longer[4] ^= 1;
        assert!(unpack(&longer).is_err());
    }
}
