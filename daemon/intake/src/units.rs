//! How a file's pieces are put together to units of writing: small enough that a person's click waits
//! a moment at most, always the same for the same bytes, so that a restart can count them again.

use crate::count::count;
use crate::reader::{Next, Reader};
use almoner_core::clinical::FactKind;
use almoner_core::export::{Ending, Export, Heading, Piece, Problem, Severity, Told, Unreadable};
use almoner_core::fault::Outcome;
use almoner_core::lists::Ask;
use almoner_core::receipt::{Counts, Member, Status};
use almoner_frame::Taken;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Statements in a unit, about.
const STATEMENTS: usize = 250;

/// Problems of a file that its receipt lists; of more, the gravest.
const PROBLEMS: usize = 1_000;

/// Some pieces that are written together.
pub(crate) struct Unit {
    /// Its number in the file.
    pub number: u32,
    pub pieces: Vec<(Arc<Heading>, Piece)>,
}

/// The units of a file, as they are read, and what was heard of its members.
pub(crate) struct Units<'r> {
    reader: &'r mut Reader,
    next: u32,
    /// The members of which not all was told yet; the innermost last.
    open: Vec<Open>,
    over: bool,
    pub summary: Summary,
}

/// A member that is being told.
#[derive(Default)]
struct Open {
    heading: Arc<Heading>,
    /// How many members had ended when it began: those after them are enclosed in it.
    began: usize,
    facts: BTreeMap<FactKind, Counts>,
}

/// What the members of a file are, without their statements.
#[derive(Default)]
pub(crate) struct Summary {
    /// The first member that could be read, and how many had ended when it began.
    pub first: Option<Export>,
    first_at: usize,
    /// What a file seems to be of which nothing could be read.
    pub format: String,
    pub members: Vec<Member>,
    pub problems: Vec<Problem>,
    /// Problems that are not listed.
    pub more: usize,
    /// Lists of which nothing was taken: what is asked about each, by its path.
    pub asked: Vec<(String, Ask)>,
    /// What those members are that say which document they are, by their paths.
    pub heads: Vec<(String, Export)>,
}

impl<'r> Units<'r> {
    /// The units of the file with which the reader began.
    pub(crate) fn of(reader: &'r mut Reader) -> Self {
        Self { reader, next: 0, open: Vec::new(), over: false, summary: Summary::default() }
    }

    /// Whether all of the file was read.
    pub(crate) fn is_over(&self) -> bool {
        self.over
    }

    /// The next unit.
    pub(crate) fn next(&mut self) -> Outcome<Option<Unit>> {
        let (mut pieces, mut size) = (Vec::new(), 0);
        while size < STATEMENTS && !self.over {
            match self.reader.next()? {
                Next::Told(Told::Begin(heading)) => self.begin(heading),
                Next::Told(Told::Piece(piece)) => {
                    size += piece.statements.len() + 1;
                    let Some(open) = self.open.last_mut() else { continue };
                    for statement in &piece.statements {
                        count(&mut open.facts, &open.heading.format, statement, Taken::New);
                    }
                    pieces.push((Arc::clone(&open.heading), *piece));
                }
                Next::Told(Told::End(ending)) => {
                    let open = self.open.pop_if(|open| open.heading.path == ending.path);
                    self.end(*ending, open);
                }
                Next::End => self.over = true,
                Next::GaveUp(problem) => {
                    self.over = true;
                    self.give_up(&problem);
                }
            }
        }
        if pieces.is_empty() {
            return Ok(None);
        }
        self.next += 1;
        Ok(Some(Unit { number: self.next - 1, pieces }))
    }

    fn begin(&mut self, heading: Heading) {
        let (heading, began) = (Arc::new(heading), self.summary.members.len());
        self.open.push(Open { heading, began, facts: BTreeMap::new() });
    }

    /// A member came to its end; one of which nothing was told was never open.
    fn end(&mut self, ending: Ending, open: Option<Open>) {
        let nothing = || Open { began: self.summary.members.len(), ..Open::default() };
        let Open { began, facts, .. } = open.unwrap_or_else(nothing);
        self.summary.end(ending, facts, began);
    }

    /// The reader gave up in the middle of a member, or before the first.
    fn give_up(&mut self, problem: &Problem) {
        loop {
            let open = self.open.pop();
            let (heading, empty) = match &open {
                Some(open) => (open.heading.as_ref().clone(), open.facts.is_empty()),
                None => (Heading::default(), true),
            };
            self.end(cut_off(heading, problem.clone(), empty), open);
            if self.open.is_empty() {
                return;
            }
        }
    }
}

/// The end of a member that was not read to its end.
fn cut_off(heading: Heading, problem: Problem, empty: bool) -> Ending {
    let Heading { path, format, document, software } = heading;
    let outcome = if empty {
        Err(Unreadable { format, problem })
    } else {
        Ok(Export { format, document, software, problems: vec![problem], ..Export::default() })
    };
    Ending { path, outcome }
}

impl Summary {
    /// A member came to its end that began when `began` others had ended: those since then are enclosed
    /// in it, and stand behind it.
    pub(crate) fn end(&mut self, ending: Ending, facts: BTreeMap<FactKind, Counts>, began: usize) {
        let Ending { path, outcome } = ending;
        match outcome {
            Ok(mut export) => {
                let errors = export.problems.iter().any(|it| it.severity == Severity::Error);
                let ask = export.ask.take();
                let status = match (&ask, errors) {
                    (Some(_), _) => Status::SetAside,
                    (None, true) => Status::Partial,
                    (None, false) => Status::Done,
                };
                if let Some(ask) = &ask {
                    self.asked.push((path.clone(), (**ask).clone()));
                }
                let problems = std::mem::take(&mut export.problems);
                for problem in problems {
                    self.problem(problem, &path);
                }
                if export.identifier.is_some() || export.set.is_some() {
                    self.heads.push((path.clone(), export.clone()));
                }
                self.members.insert(
                    began,
                    Member {
                        name: path,
                        format: export.format.clone(),
                        version: export.version.clone(),
                        document: export.document.clone(),
                        status,
                        facts,
                    },
                );
                if ask.is_some() {
                    if self.format.is_empty() {
                        self.format = export.format;
                    }
                } else if self.first.is_none() || began <= self.first_at {
                    (self.first, self.first_at) = (Some(export), began);
                }
            }
            Err(Unreadable { format, problem }) => {
                self.problem(problem, &path);
                if self.format.is_empty() {
                    self.format.clone_from(&format);
                }
                let (version, document) = (String::new(), String::new());
                let status = Status::SetAside;
                self.members
                    .insert(began, Member { name: path, format, version, document, status, facts });
            }
        }
    }

    fn problem(&mut self, mut problem: Problem, path: &str) {
        if !path.is_empty() {
            problem.at = format!("{path}: {}", problem.at);
        }
        if self.problems.len() < PROBLEMS {
            self.problems.push(problem);
            return;
        }
        self.more += 1;
        let least = self.problems.iter_mut().max_by_key(|known| known.severity);
        if let Some(known) = least.filter(|known| known.severity > problem.severity) {
            *known = problem;
        }
    }
}
