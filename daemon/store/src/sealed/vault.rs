//! The vault: the order in which pages, tag blocks and headers are read and written.
//!
//! A page is written at once, sealed. Its seal stays in memory until the next sync, which
//! 1. writes a new tag block for every changed region to the side that is not durable,
//! 2. writes the header, if it changed, to the slot that is not durable,
//! 3. syncs the file, and only when that has completed
//! 4. takes sides and slot over, mirrors the header into the other slot, and cuts the file if it
//!    was shortened: a file is never shorter than a durable header says.
//!
//! So until step 3 has ended the state before is whole on disk, and from then on the new one is.
//! After the first failed write or sync nothing more is written: Linux forgets dirty pages after
//! a failed fsync, so only a reopen tells what is there.

use super::cipher::{Cipher, Seal};
use super::error::Damage;
use super::header::{Header, SLOT_BYTES};
use super::layout::{
    DATA_START, HEADER_SLOTS, PAGE, PAGE_BYTES, REGION_PAGES, file_length, page_offset, pages_in,
    pages_of, place, regions_in, tag_block_offset,
};
use super::tags::{Block, Durable, Region, Tags};
use crate::keys::{Dek, FileId};
use redb::StorageBackend;
use std::fmt;
use std::io;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, RwLock};

/// From so many pages sealed under one data key (4 TiB) re-keying should be done soon.
pub const REKEY_DUE: u64 = 1 << 30;
/// From so many on nothing more is written; well before the 2^31 that `security.md` allows and
/// the 2^32 of NIST SP 800-38D 8.3, so that writes a crash kept from being counted do not matter.
pub const REKEY_FORCED: u64 = 3 << 29;

/// The storage backend to give to redb.
pub struct Sealed(pub(super) Arc<Vault>);

/// A view on a sealed store while redb owns it: how much was written, what damage was met.
#[derive(Clone)]
pub struct Gauge(pub(super) Arc<Vault>);

/// The state behind both.
pub(super) struct Vault {
    pub(super) inner: Box<dyn StorageBackend>,
    cipher: Cipher,
    /// Unreadable pages read as zeros: only for the second step of the open, see `open`.
    lenient: AtomicBool,
    /// The header was read; done when redb first asks, since only then it holds the file lock.
    loaded: AtomicBool,
    /// Logical pages of the file; 0 until loaded.
    pages: AtomicU64,
    page_writes: AtomicU64,
    broken: AtomicBool,
    first_damage: OnceLock<Damage>,
    /// Length of the file in bytes; held by whoever syncs or resizes.
    length: Mutex<u64>,
    header: Mutex<Header>,
    tags: RwLock<Tags>,
}

impl Sealed {
    /// Wraps a file that holds a sealed store. Nothing is read yet.
    pub(super) fn existing(
        inner: Box<dyn StorageBackend>,
        file: FileId,
        dek: &Dek,
        lenient: bool,
    ) -> io::Result<Self> {
        Ok(Self(Arc::new(Vault {
            inner,
            cipher: Cipher::new(file, dek)?,
            lenient: AtomicBool::new(lenient),
            loaded: AtomicBool::new(false),
            pages: AtomicU64::new(0),
            page_writes: AtomicU64::new(0),
            broken: AtomicBool::new(false),
            first_damage: OnceLock::new(),
            length: Mutex::new(0),
            header: Mutex::new(Header::fresh()),
            tags: RwLock::default(),
        })))
    }

    /// Wraps a file that holds key slots and nothing else: redb finds it empty.
    pub(super) fn fresh(
        inner: Box<dyn StorageBackend>,
        file: FileId,
        dek: &Dek,
    ) -> io::Result<Self> {
        let sealed = Self::existing(inner, file, dek, false)?;
        *locked(&sealed.0.length) = DATA_START;
        sealed.0.loaded.store(true, Ordering::Release);
        Ok(sealed)
    }

    /// A view that stays when redb has taken the backend.
    pub fn gauge(&self) -> Gauge {
        Gauge(Arc::clone(&self.0))
    }
}

impl Gauge {
    /// Pages and tag blocks sealed under the data key so far.
    pub fn page_writes(&self) -> u64 {
        self.0.page_writes.load(Ordering::Relaxed)
    }

    /// Whether the store should be re-keyed soon; see [`REKEY_DUE`].
    pub fn rekey_due(&self) -> bool {
        self.page_writes() >= REKEY_DUE
    }

    /// The first damage met since the store was opened: redb itself only says "previous I/O
    /// error" after it.
    pub fn damage(&self) -> Option<Damage> {
        self.0.first_damage.get().copied()
    }

    /// Whether a write or a sync failed: only a new start tells what is on the disk then.
    pub fn write_failed(&self) -> bool {
        self.0.broken.load(Ordering::Acquire)
    }

    pub(super) fn be_strict(&self) {
        self.0.lenient.store(false, Ordering::Release);
    }
}

impl Vault {
    /// Length of the logical file in bytes; reads the header at the first call.
    pub(super) fn logical_length(&self) -> io::Result<u64> {
        if !self.loaded.load(Ordering::Acquire) {
            self.load()?;
        }
        Ok(self.pages.load(Ordering::Acquire) * PAGE_BYTES)
    }

    /// Changes the logical length. A longer file grows at once; a shorter one is cut after the
    /// header that says so is durable.
    pub(super) fn set_logical_length(&self, bytes: u64) -> io::Result<()> {
        self.check_whole()?;
        let mut length = locked(&self.length);
        let before = self.pages.load(Ordering::Acquire);
        let pages = bytes.div_ceil(PAGE_BYTES);
        if pages < before {
            self.shorten(pages)?;
        } else if file_length(pages) > *length {
            self.guard(self.inner.set_len(file_length(pages)))?;
            *length = file_length(pages);
        }
        self.pages.store(pages, Ordering::Release);
        Ok(())
    }

    /// Reads whole pages from page `first` on.
    pub(super) fn read_pages(&self, first: u64, out: &mut [u8]) -> io::Result<()> {
        let (head, mut rest) = out.split_at_mut(if first == 0 { PAGE.min(out.len()) } else { 0 });
        if !head.is_empty() {
            head.copy_from_slice(&locked(&self.header).page);
        }
        let mut page = first.max(1);
        while !rest.is_empty() {
            let (run, after) = rest.split_at_mut(run_bytes(page, rest.len()));
            let read = self.inner.read(page_offset(page), run);
            read.inspect_err(|_| _ = self.met(Damage::Unreadable(page)))?;
            for bytes in run.chunks_exact_mut(PAGE) {
                self.open_page(page, bytes)?;
                page += 1;
            }
            rest = after;
        }
        Ok(())
    }

    /// Seals and writes whole pages from page `first` on.
    pub(super) fn write_pages(&self, first: u64, data: &[u8]) -> io::Result<()> {
        let (head, mut rest) = data.split_at(if first == 0 { PAGE.min(data.len()) } else { 0 });
        if !head.is_empty() {
            self.write_first_page(0, head)?;
        }
        let mut page = first.max(1);
        while !rest.is_empty() {
            let (run, after) = rest.split_at(run_bytes(page, rest.len()));
            self.write_run(page, run)?;
            page += (run.len() / PAGE) as u64;
            rest = after;
        }
        Ok(())
    }

    /// Changes bytes of redb's first page; they reach the file with the next sync.
    pub(super) fn write_first_page(&self, offset: usize, data: &[u8]) -> io::Result<()> {
        self.check_whole()?;
        let mut header = locked(&self.header);
        let place = header.page.get_mut(offset..).and_then(|rest| rest.get_mut(..data.len()));
        place.ok_or(io::ErrorKind::UnexpectedEof)?.copy_from_slice(data);
        header.changed = true;
        Ok(())
    }

    /// Makes everything written so far durable, in the order the module describes.
    pub(super) fn sync(&self) -> io::Result<()> {
        self.check_whole()?;
        let mut length = locked(&self.length);
        self.guard(self.sync_in_order(&mut length))
    }

    fn sync_in_order(&self, length: &mut u64) -> io::Result<()> {
        let (blocks, durable) = self.stage_tags()?;
        for block in &blocks {
            self.inner.write(tag_block_offset(block.region, block.side), &block.bytes)?;
        }
        let header = self.stage_header(&durable)?;
        self.inner.sync_data()?;
        self.writable_tags().settle(&blocks);
        let pages = self.pages.load(Ordering::Acquire);
        let mut newest = locked(&self.header);
        newest.counters.durable_pages = pages;
        if let Some(bytes) = header {
            newest.settle();
            self.write_slot(newest.other_slot(), &bytes)?;
            if *length > file_length(pages) {
                self.inner.set_len(file_length(pages))?;
                *length = file_length(pages);
            }
        }
        Ok(())
    }

    fn stage_tags(&self) -> io::Result<(Vec<Block>, Durable)> {
        let missing = self.readable_tags().missing();
        for region in missing {
            self.load_region(region)?;
        }
        let header = locked(&self.header).counters.turn;
        let mut tags = self.writable_tags();
        let blocks = tags.stage(&self.cipher, header)?;
        self.page_writes.fetch_add(blocks.len() as u64, Ordering::Relaxed);
        Ok((blocks, tags.durable.clone()))
    }

    fn stage_header(&self, durable: &Durable) -> io::Result<Option<Vec<u8>>> {
        let mut header = locked(&self.header);
        if !header.changed {
            return Ok(None);
        }
        header.counters.page_writes = self.page_writes.load(Ordering::Relaxed);
        let bytes = header.encode(&self.cipher, durable)?;
        self.write_slot(header.other_slot(), &bytes)?;
        Ok(Some(bytes))
    }

    fn write_slot(&self, slot: usize, bytes: &[u8]) -> io::Result<()> {
        let offset = HEADER_SLOTS.get(slot).ok_or(io::ErrorKind::InvalidInput)?;
        self.inner.write(*offset, bytes)
    }

    /// Reads the header. The sync comes first: a killed process may have left writes that are
    /// visible but not durable, and the next header must not replace the last durable one.
    fn load(&self) -> io::Result<()> {
        let mut length = locked(&self.length);
        if self.loaded.load(Ordering::Acquire) {
            return Ok(());
        }
        self.inner.sync_data()?;
        *length = self.inner.len()?;
        let [first, second] = HEADER_SLOTS;
        let slots = [
            self.read_or_nothing(first, SLOT_BYTES, *length)?,
            self.read_or_nothing(second, SLOT_BYTES, *length)?,
        ];
        let mut header =
            Header::decode(&self.cipher, slots).ok_or_else(|| self.met(Damage::Header))?;
        let (had, has) = (header.counters.durable_pages, pages_in(*length));
        if has < had {
            return Err(self.met(Damage::Truncated { had, has }).into());
        }
        let regions = header.counters.durable_regions;
        let recent = std::mem::take(&mut header.recent);
        let mut tags = self.writable_tags();
        tags.durable = Durable { regions, recent };
        tags.newest_header = header.counters.turn;
        drop(tags);
        self.page_writes.store(header.counters.page_writes, Ordering::Relaxed);
        self.pages.store(has, Ordering::Release);
        *locked(&self.header) = header;
        self.loaded.store(true, Ordering::Release);
        Ok(())
    }

    /// Reads the tag blocks of a region that is not in memory yet.
    fn load_region(&self, region: u64) -> io::Result<()> {
        let length = self.inner.len()?;
        let block = |side| {
            let read = self.read_or_nothing(tag_block_offset(region, side), PAGE, length);
            read.inspect_err(|_| _ = self.met(Damage::Unreadable(pages_of(region).0)))
        };
        let blocks = [block(0)?, block(1)?];
        let found = Region::decode(&self.cipher, region, blocks);
        let mut tags = self.writable_tags();
        if tags.is_timely(region, found.as_ref()) || tags.knows(region) {
            tags.learn(region, found.unwrap_or_else(Region::empty));
            return Ok(());
        }
        let damage =
            if found.is_some() { Damage::Untimely(region) } else { Damage::TagBlocks(region) };
        self.met(damage);
        if !self.lenient.load(Ordering::Acquire) {
            return Err(damage.into());
        }
        let header = tags.replace(region, found.as_ref());
        drop(tags);
        let mut newest = locked(&self.header);
        newest.counters.turn = newest.counters.turn.max(header);
        Ok(())
    }

    /// Bytes of the file, or none where it ends before them.
    fn read_or_nothing(&self, offset: u64, bytes: usize, length: u64) -> io::Result<Vec<u8>> {
        if offset + bytes as u64 > length {
            return Ok(Vec::new());
        }
        let mut found = vec![0; bytes];
        self.inner.read(offset, &mut found)?;
        Ok(found)
    }

    fn open_page(&self, page: u64, bytes: &mut [u8]) -> io::Result<()> {
        let damage = match self.seal_of(page)? {
            Some(seal) if self.cipher.open_page(page, &seal, bytes) => return Ok(()),
            Some(_) => Damage::Page(page),
            None => Damage::Unwritten(page),
        };
        bytes.fill(0);
        self.met(damage);
        if self.lenient.load(Ordering::Acquire) { Ok(()) } else { Err(damage.into()) }
    }

    fn seal_of(&self, page: u64) -> io::Result<Option<Seal>> {
        let place = place(page);
        loop {
            if let Some(seal) = self.readable_tags().seal(place) {
                return Ok(seal);
            }
            self.load_region(place.region)?;
        }
    }

    /// Seals and writes pages of one region.
    fn write_run(&self, first: u64, data: &[u8]) -> io::Result<()> {
        self.check_whole()?;
        self.spend((data.len() / PAGE) as u64)?;
        let place = place(first);
        if !self.readable_tags().knows(place.region) {
            self.load_region(place.region)?;
        }
        let mut sealed = data.to_vec();
        let mut seals = Vec::with_capacity(data.len() / PAGE);
        for (page, bytes) in (first..).zip(sealed.chunks_exact_mut(PAGE)) {
            seals.push(Some(self.cipher.seal_page(page, bytes)?));
        }
        self.guard(self.inner.write(page_offset(first), &sealed))?;
        self.writable_tags().put(place, &seals);
        Ok(())
    }

    fn shorten(&self, pages: u64) -> io::Result<()> {
        let place = place(pages.max(1));
        if place.index > 0 && !self.readable_tags().knows(place.region) {
            self.load_region(place.region)?;
        }
        let mut header = locked(&self.header);
        self.writable_tags().cut(place, regions_in(pages), header.counters.turn);
        header.counters.durable_pages = header.counters.durable_pages.min(pages);
        header.changed = true;
        Ok(())
    }

    /// Counts seals against the limit of the algorithm.
    fn spend(&self, pages: u64) -> io::Result<()> {
        let spent = self.page_writes.fetch_add(pages, Ordering::Relaxed) + pages;
        if spent > REKEY_FORCED { Err(self.met(Damage::RekeyDue).into()) } else { Ok(()) }
    }

    fn met(&self, damage: Damage) -> Damage {
        self.first_damage.get_or_init(|| damage);
        damage
    }

    /// Refuses to go on after a failed write.
    fn check_whole(&self) -> io::Result<()> {
        if self.broken.load(Ordering::Acquire) {
            return Err(io::Error::other(
                "an earlier write to the store failed; nothing was written. Restart the service",
            ));
        }
        Ok(())
    }

    fn guard<T>(&self, result: io::Result<T>) -> io::Result<T> {
        if result.is_err() {
            self.broken.store(true, Ordering::Release);
        }
        result
    }

    fn readable_tags(&self) -> std::sync::RwLockReadGuard<'_, Tags> {
        self.tags.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn writable_tags(&self) -> std::sync::RwLockWriteGuard<'_, Tags> {
        self.tags.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Sealed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sealed({} pages)", self.0.pages.load(Ordering::Relaxed))
    }
}

impl fmt::Debug for Gauge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Gauge({} page writes)", self.page_writes())
    }
}

/// Bytes from `page` on that lie in its region without a gap, at most `wanted`.
fn run_bytes(page: u64, wanted: usize) -> usize {
    wanted.min((REGION_PAGES - place(page).index) * PAGE)
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::super::error::damage_in_io;
    use super::*;
    use redb::backends::InMemoryBackend;

    fn vault() -> Sealed {
        let inner = InMemoryBackend::new();
        inner.set_len(DATA_START).unwrap();
        let sealed = Sealed::fresh(Box::new(inner), [1; 16], &Dek::generate().unwrap()).unwrap();
        sealed.set_len(10 * PAGE_BYTES).unwrap();
        sealed
    }

    #[test]
    fn bytes_come_back_whatever_the_alignment() {
        let sealed = vault();
        let pattern: Vec<u8> = (0..PAGE * 10).flat_map(|at| u8::try_from(at % 251)).collect();
        sealed.write(0, &pattern).unwrap();
        sealed.write(5000, &[9; 10]).unwrap();
        sealed.sync_data().unwrap();
        let mut found = vec![0; 9000];
        sealed.read(100, &mut found).unwrap();
        assert_eq!(found[..4900], pattern[100..5000]);
        assert_eq!(found[4900..4910], [9; 10]);
        assert_eq!(found[4910..], pattern[5010..9100]);
        assert!(sealed.read(9 * PAGE_BYTES, &mut vec![0; PAGE + 1]).is_err(), "beyond the end");
    }

    #[test]
    fn a_page_never_written_is_an_error_not_zeros() {
        let sealed = vault();
        let error = sealed.read(3 * PAGE_BYTES, &mut [0; PAGE]).unwrap_err();
        assert_eq!(damage_in_io(&error), Some(Damage::Unwritten(3)));
        assert_eq!(sealed.gauge().damage(), Some(Damage::Unwritten(3)));
    }

    #[test]
    fn writing_stops_before_the_key_is_worn_out_and_says_so() {
        let sealed = vault();
        sealed.0.page_writes.store(REKEY_FORCED - 1, Ordering::Relaxed);
        assert!(sealed.gauge().rekey_due());
        sealed.write(PAGE_BYTES, &[1; PAGE]).unwrap();
        let error = sealed.write(PAGE_BYTES, &[2; PAGE]).unwrap_err();
        assert_eq!(damage_in_io(&error), Some(Damage::RekeyDue));
        sealed.read(PAGE_BYTES, &mut [0; PAGE]).unwrap();
    }
}
