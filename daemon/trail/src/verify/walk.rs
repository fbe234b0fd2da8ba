//! One walk through an export: entry by entry, with the checkpoints of both kinds coming up on the
//! way.

use std::io::BufRead;

use super::{Failure, Finding, Report, What, bad};
use crate::checkpoint::Checkpoint;
use crate::entry::{Entry, EntryError};
use crate::export::{ExportHeader, LineReader, NoteReader};
use crate::hash::{Hash, leaf_hash};
use crate::note::VerifierKey;
use crate::range::Range;

/// The state of a check in progress.
pub(super) struct Walk<'a, C> {
    key: &'a VerifierKey,
    range: Range,
    from: u64,
    notes: NoteReader<C>,
    next: Option<Checkpoint>,
    notes_read: u64,
    /// The last own checkpoint at the present size, to find two that differ.
    last: Option<Checkpoint>,
    since: Vec<Checkpoint>,
    /// Size of the last checkpoint that held.
    proven: u64,
    /// Size of an older checkpoint whose root differs from this history.
    suspect: Option<u64>,
    held: u64,
    before: u64,
    since_held: Vec<u64>,
}

impl<'a, C: BufRead> Walk<'a, C> {
    pub(super) fn new(
        start: Range,
        key: &'a VerifierKey,
        checkpoints: C,
        since: &[String],
    ) -> Result<Self, Failure> {
        let from = start.size();
        let mut older = Vec::new();
        for note in since {
            let checkpoint = Checkpoint::open(note, key)
                .map_err(|error| bad(from, from, What::OlderCheckpoint(error)))?;
            if checkpoint.size < from {
                return Err(Failure::Uncovered { since: checkpoint.size, from });
            }
            older.push(checkpoint);
        }
        older.sort_by_key(|checkpoint| std::cmp::Reverse(checkpoint.size));
        let mut walk = Self {
            key,
            range: start,
            from,
            notes: NoteReader::new(checkpoints),
            next: None,
            notes_read: 0,
            last: None,
            since: older,
            proven: from,
            suspect: None,
            held: 0,
            before: 0,
            since_held: Vec::new(),
        };
        walk.next_checkpoint()?;
        Ok(walk)
    }

    /// Takes one line as the next entry.
    pub(super) fn take<E: BufRead>(
        &mut self,
        line: &[u8],
        rest: &mut LineReader<E>,
    ) -> Result<(), Failure> {
        let index = self.range.size();
        let entry = Entry::parse(line).map_err(|error| match error {
            EntryError::NotAnEntry => self.bad(index, index + 1, What::NotAnEntry),
            _ => self.bad(index, index + 1, What::NotCanonical),
        })?;
        if entry.seq != index {
            let mut following = Vec::new();
            let after = if rest.read(&mut following)? { seq_of(&following) } else { None };
            return Err(self.bad(index, index + 1, What::of_order(index, entry.seq, after)));
        }
        self.range.append(leaf_hash(line));
        Ok(())
    }

    /// Compares every checkpoint at the present size, the export's own and older ones.
    pub(super) fn compare(&mut self) -> Result<(), Failure> {
        let size = self.range.size();
        if !self.due(size) {
            return Ok(());
        }
        let root = self.range.root();
        while let Some(older) = self.since.pop_if(|older| older.size == size) {
            if older.root == root {
                self.since_held.push(size);
            } else {
                self.suspect.get_or_insert(size);
            }
        }
        while let Some(next) = self.next.take_if(|next| next.size == size) {
            self.hold(next, root)?;
            self.next_checkpoint()?;
        }
        Ok(())
    }

    fn due(&self, size: u64) -> bool {
        let own = self.next.as_ref().is_some_and(|next| next.size == size);
        own || self.since.last().is_some_and(|older| older.size == size)
    }

    /// One of the export's own checkpoints, at the present size.
    fn hold(&mut self, next: Checkpoint, root: Hash) -> Result<(), Failure> {
        let size = next.size;
        if self.last.as_ref().is_some_and(|last| last.size == size && last.root != next.root) {
            return Err(self.bad(self.proven.min(size), size, What::Forked { size }));
        }
        if next.root != root {
            return Err(self.bad(self.proven, size, What::RootDiffers { size }));
        }
        if let Some(older) = self.suspect {
            return Err(self.rewritten(older));
        }
        self.held += 1;
        self.proven = size;
        self.last = Some(next);
        Ok(())
    }

    /// Reads the next own checkpoint that this export can reach, checking signature and order on
    /// the way.
    fn next_checkpoint(&mut self) -> Result<(), Failure> {
        loop {
            let Some(note) = self.notes.next_note()? else { return Ok(()) };
            self.notes_read += 1;
            let number = self.notes_read;
            let proven = self.proven;
            let next = Checkpoint::open(&note, self.key)
                .map_err(|error| self.bad(proven, proven, What::Checkpoint { number, error }))?;
            let earlier = self.last.as_ref().map_or(0, |last| last.size);
            if next.size < earlier {
                return Err(self.bad(proven, proven, What::CheckpointOrder { number }));
            }
            if next.size >= self.from {
                self.next = Some(next);
                return Ok(());
            }
            self.before += 1;
            self.last = Some(next);
        }
    }

    pub(super) fn finish(self, header: Option<&ExportHeader>) -> Result<Report, Failure> {
        let size = self.range.size();
        let beyond = self.next.as_ref().or(self.since.last()).map(|checkpoint| checkpoint.size);
        if let Some(promised) = beyond {
            return Err(self.bad(size, promised, What::Truncated { promised }));
        }
        if let Some(older) = self.suspect {
            return Err(self.rewritten(older));
        }
        match header.map_or(size, |header| header.to) {
            promised if promised > size => {
                return Err(self.bad(size, promised, What::Truncated { promised }));
            }
            promised if promised < size => return Err(self.bad(promised, size, What::Header)),
            _ => {}
        }
        if self.held == 0 || self.proven < size {
            return Err(self.bad(self.proven, size, What::Unsigned));
        }
        Ok(Report {
            origin: self.key.name().to_owned(),
            from: self.from,
            to: size,
            root: self.range.root(),
            checkpoints: self.held,
            before: self.before,
            since: self.since_held,
        })
    }

    /// Own checkpoints prove nothing against an older one: whoever rewrites history may hold the
    /// key. Only the last older checkpoint that agreed bounds the place.
    fn rewritten(&self, size: u64) -> Failure {
        let agreed = self.since_held.last().copied().unwrap_or(self.from);
        self.bad(agreed, size, What::HistoryRewritten { size })
    }

    fn bad(&self, first: u64, until: u64, what: What) -> Failure {
        Failure::Bad(Finding { first, until, proven: self.proven, what })
    }
}

fn seq_of(line: &[u8]) -> Option<u64> {
    Entry::parse(line).ok().map(|entry| entry.seq)
}
