//! What redb calls: bytes at offsets in, whole pages to the vault out.

use super::layout::{PAGE, PAGE_BYTES};
use super::vault::Sealed;
use redb::{BackendError, StorageBackend};
use std::io;
use std::ops::Bound;

/// The pages that a range of bytes touches.
struct Span {
    first: u64,
    /// Bytes from the start of the first page to the range.
    skip: usize,
    /// Bytes of all pages touched.
    whole: usize,
}

impl StorageBackend for Sealed {
    fn len(&self) -> io::Result<u64> {
        self.0.logical_length()
    }

    fn read(&self, offset: u64, out: &mut [u8]) -> io::Result<()> {
        let span = self.span(offset, out.len())?;
        if span.whole == out.len() {
            return self.0.read_pages(span.first, out);
        }
        let mut pages = vec![0; span.whole];
        self.0.read_pages(span.first, &mut pages)?;
        let part = pages.get(span.skip..span.skip + out.len());
        out.copy_from_slice(part.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn set_len(&self, len: u64) -> io::Result<()> {
        self.0.set_logical_length(len)
    }

    fn sync_data(&self) -> io::Result<()> {
        self.0.sync()
    }

    fn write(&self, offset: u64, data: &[u8]) -> io::Result<()> {
        let span = self.span(offset, data.len())?;
        if span.whole == data.len() {
            return self.0.write_pages(span.first, data);
        }
        if span.first == 0 && span.whole == PAGE {
            return self.0.write_first_page(span.skip, data);
        }
        // redb never does this; a page is read, changed and sealed anew.
        let mut pages = vec![0; span.whole];
        self.0.read_pages(span.first, &mut pages)?;
        let part = pages.get_mut(span.skip..span.skip + data.len());
        part.ok_or(io::ErrorKind::UnexpectedEof)?.copy_from_slice(data);
        self.0.write_pages(span.first, &pages)
    }

    fn close(&self) -> io::Result<()> {
        self.0.inner.close()
    }

    // The locks are those of the file below: redb asks for ranges far beyond any data.

    fn try_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.0.inner.try_lock_range(start, end)
    }

    fn try_lock_shared_range(
        &self,
        start: Bound<u64>,
        end: Bound<u64>,
    ) -> Result<bool, BackendError> {
        self.0.inner.try_lock_shared_range(start, end)
    }

    fn lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.0.inner.lock_range(start, end)
    }

    fn lock_shared_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.0.inner.lock_shared_range(start, end)
    }

    fn unlock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<(), BackendError> {
        self.0.inner.unlock_range(start, end)
    }

    fn query_lock_range(&self, start: Bound<u64>, end: Bound<u64>) -> Result<bool, BackendError> {
        self.0.inner.query_lock_range(start, end)
    }
}

impl Sealed {
    /// The pages of a range, or an error if it does not lie in the file.
    fn span(&self, offset: u64, bytes: usize) -> io::Result<Span> {
        let end = offset.checked_add(bytes as u64).ok_or(io::ErrorKind::UnexpectedEof)?;
        if end > self.0.logical_length()? {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let first = offset / PAGE_BYTES;
        let whole = (end.div_ceil(PAGE_BYTES) - first) * PAGE_BYTES;
        let fits = |bytes| usize::try_from(bytes).map_err(|_| io::ErrorKind::InvalidInput);
        Ok(Span { first, skip: fits(offset % PAGE_BYTES)?, whole: fits(whole)? })
    }
}
