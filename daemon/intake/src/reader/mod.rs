//! Reading a kept file: what it says comes piece by piece, from a child of this program that holds
//! nothing but the file, and dies of it alone (`security.md` 2.5).

mod child;
mod confine;
mod wire;

pub use child::serve;

use almoner_core::export::{Problem, Severity, Told};
use almoner_core::fault::{Fault, Outcome};
use almoner_core::lists::Profile;
use almoner_formats::tables::lists::Known;
use almoner_formats::unpack::Limits;
use almoner_store::Desk;
use child::Child;
use chrono::NaiveDate;
use std::collections::VecDeque;
use std::io::Cursor;
use std::path::PathBuf;

/// How files are read.
#[derive(Clone, Debug)]
pub struct Reading {
    /// The program whose child reads: this one. `None`: read here, in the same process (tests of the
    /// parts above).
    pub program: Option<PathBuf>,
    pub limits: Limits,
    /// Memory that the child may take, in bytes.
    pub memory_bytes: u64,
    /// Seconds in which the child must have read a file; a large one has one more for each
    /// [`BYTES_A_SECOND`].
    pub seconds: u64,
}

/// So many bytes of a large file give the child one second more.
pub(crate) const BYTES_A_SECOND: u64 = 2 << 20;

impl Default for Reading {
    fn default() -> Self {
        let limits = Limits::default();
        Self { program: None, limits, memory_bytes: 512 << 20, seconds: 60 }
    }
}

/// A kept file that is to be read.
#[derive(Clone, Debug)]
pub(crate) struct File {
    pub name: String,
    pub sha256: [u8; 32],
    pub size: u64,
    /// What is known beside the bytes, by which lists are read.
    pub source: String,
    pub received: NaiveDate,
    pub profiles: Vec<Profile>,
}

impl File {
    fn known(&self) -> Known<'_> {
        Known { source: &self.source, today: Some(self.received), profiles: &self.profiles }
    }
}

/// Reads files, one after the other.
pub(crate) struct Reader {
    desk: Desk,
    reading: Reading,
    child: Option<Child>,
    /// What is still to be told of the file that was read here.
    told: VecDeque<Told>,
    open: bool,
}

/// What comes next of a file.
#[derive(Debug)]
pub(crate) enum Next {
    Told(Told),
    /// All is told.
    End,
    /// The reader gave up; nothing more comes.
    GaveUp(Problem),
}

impl Reader {
    pub(crate) fn new(desk: &Desk, reading: &Reading) -> Self {
        Self {
            desk: desk.clone(),
            reading: reading.clone(),
            child: None,
            told: VecDeque::new(),
            open: false,
        }
    }

    /// How it reads.
    pub(crate) fn reading(&self) -> &Reading {
        &self.reading
    }

    /// Begins with a file; what was left of another is let go.
    pub(crate) fn begin(&mut self, file: &File) -> Outcome<()> {
        if self.open {
            self.child = None;
        }
        self.open = true;
        if self.reading.program.is_none() {
            return self.read_here(file);
        }
        let fresh = self.child.take().filter(|child| child.has_room_for(file));
        let mut child = match fresh {
            Some(child) => child,
            None => Child::start(&self.reading, file)?,
        };
        child.begin(&self.reading, file)?;
        self.child = Some(child);
        Ok(())
    }

    /// What the file says next.
    pub(crate) fn next(&mut self) -> Outcome<Next> {
        let next = match &mut self.child {
            None => self.told.pop_front().map_or(Next::End, Next::Told),
            Some(child) => child.next(&self.desk)?,
        };
        if !matches!(next, Next::Told(_)) {
            self.open = false;
        }
        if matches!(next, Next::GaveUp(_)) {
            self.child = None;
        }
        Ok(next)
    }

    /// Lets the child go: nothing is to be read for now.
    pub(crate) fn rest(&mut self) {
        self.child = None;
    }

    fn read_here(&mut self, file: &File) -> Outcome<()> {
        let bytes = self.desk.read(|reader| reader.blob(&file.sha256))?;
        let bytes = bytes.ok_or(Fault::Absent("source document"))?;
        let mut told = VecDeque::new();
        let limits = self.reading.limits;
        let mut listen = |one| told.push_back(one);
        almoner_formats::tell(&mut Cursor::new(bytes), limits, file.known(), &mut listen);
        self.told = told;
        Ok(())
    }
}

/// Why nothing more comes of a file.
pub(crate) fn gave_up(code: &str, why: &str) -> Problem {
    let words = format!(
        "{why} What it had read by then is taken; the file is kept whole. Ask the sender for it in \
         parts, or send its receipt (it holds no patient data) to support."
    );
    Problem::new(Severity::Error, "file", code, &words)
}
