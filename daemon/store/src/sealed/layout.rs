//! The map of a store file: where each thing lies. Arithmetic only.
//!
//! | offset | what |
//! |---|---|
//! | 0 | key slots, copy A (4 KiB) |
//! | 4,096 | header slot 0 (8 KiB): redb's first page, sealed, and our counters |
//! | 12,288 | header slot 1 (8 KiB) |
//! | 20,480 | key slots, copy B (4 KiB) |
//! | 24,576 | region 0: tag block A, tag block B (4 KiB each), then 128 pages |
//! | 557,056 | region 1, and so on |
//!
//! *Logical* pages are what redb sees: page 0 lives in the header slots, page 1 is the first of
//! region 0. Everything is aligned to 4 KiB, so damage to one sector never reaches a neighbour.

/// Bytes of a logical page; redb's page size, and the unit of sealing.
pub(super) const PAGE: usize = 4096;
/// The same as an offset.
pub(super) const PAGE_BYTES: u64 = 4096;
/// Data pages in a region: as many seals (28 bytes each) as fit a tag block with room to spare.
pub(super) const REGION_PAGES: usize = 128;
/// Offsets of the two alternating header slots.
pub(super) const HEADER_SLOTS: [u64; 2] = [4096, 12_288];
/// Where the regions start; the shortest file of ours has this length.
pub(super) const DATA_START: u64 = 24_576;

const TAG_BLOCKS: u64 = 2;
const PAGES_PER_REGION: u64 = 128;
const REGION_BYTES: u64 = (TAG_BLOCKS + PAGES_PER_REGION) * PAGE_BYTES;

/// The place of a data page: its region and the number within it (0 to 127).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) region: u64,
    pub(super) index: usize,
}

/// The place of logical page `page`, which is 1 or more.
pub(super) fn place(page: u64) -> Place {
    let data = page.saturating_sub(1);
    let index = usize::try_from(data % PAGES_PER_REGION).unwrap_or_default();
    Place { region: data / PAGES_PER_REGION, index }
}

/// The first and last logical page of a region, for telling people what is affected.
pub(super) fn pages_of(region: u64) -> (u64, u64) {
    (region * PAGES_PER_REGION + 1, (region + 1) * PAGES_PER_REGION)
}

/// Offset of the sealed bytes of logical page `page`, which is 1 or more.
pub(super) fn page_offset(page: u64) -> u64 {
    let place = place(page);
    region_offset(place.region) + (TAG_BLOCKS + place.index as u64) * PAGE_BYTES
}

/// Offset of one of the two tag blocks (`side` 0 or 1) of a region.
pub(super) fn tag_block_offset(region: u64, side: usize) -> u64 {
    region_offset(region) + side as u64 * PAGE_BYTES
}

/// Regions that a file of so many logical pages has (the last may be partly filled).
pub(super) fn regions_in(pages: u64) -> u64 {
    pages.saturating_sub(1).div_ceil(PAGES_PER_REGION)
}

/// Length in bytes of a file that holds so many logical pages.
pub(super) fn file_length(pages: u64) -> u64 {
    if pages < 2 { DATA_START } else { page_offset(pages - 1) + PAGE_BYTES }
}

/// Whole logical pages in a file of this length: the reverse of [`file_length`].
pub(super) fn pages_in(length: u64) -> u64 {
    let Some(data) = length.checked_sub(DATA_START) else { return 0 };
    let rest = (data % REGION_BYTES).saturating_sub(TAG_BLOCKS * PAGE_BYTES) / PAGE_BYTES;
    1 + data / REGION_BYTES * PAGES_PER_REGION + rest
}

fn region_offset(region: u64) -> u64 {
    DATA_START + region * REGION_BYTES
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_pages_are_each_others_reverse() {
        for pages in 1..1000 {
            assert_eq!(pages_in(file_length(pages)), pages);
            assert!(pages_in(file_length(pages) + PAGE_BYTES - 1) <= pages);
        }
        assert_eq!(pages_in(DATA_START - 1), 0);
    }

    #[test]
    fn nothing_overlaps_in_the_first_regions() {
        let mut seen = std::collections::BTreeSet::from([0, 20_480]);
        seen.extend(HEADER_SLOTS.iter().flat_map(|slot| [*slot, slot + PAGE_BYTES]));
        for page in 1..=400 {
            assert!(seen.insert(page_offset(page)), "page {page}");
        }
        for region in 0..4 {
            assert!(seen.insert(tag_block_offset(region, 0)));
            assert!(seen.insert(tag_block_offset(region, 1)));
        }
        assert_eq!(seen.len() as u64 * PAGE_BYTES, page_offset(400) + PAGE_BYTES);
        assert_eq!(pages_of(1), (129, 256));
        assert_eq!(regions_in(1), 0);
        assert_eq!((regions_in(2), regions_in(129), regions_in(130)), (1, 1, 2));
    }
}
