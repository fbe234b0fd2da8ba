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
    heading: Arc<Heading>,
    facts: BTreeMap<FactKind, Counts>,
    over: bool,
    pub summary: Summary,
}

/// What the members of a file are, without their statements.
#[derive(Default)]
pub(crate) struct Summary {
    /// The first member that could be read.
    pub first: Option<Export>,
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
        Self {
            reader,
            next: 0,
            heading: Arc::default(),
            facts: BTreeMap::new(),
            over: false,
            summary: Summary::default(),
        }
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
                Next::Told(Told::Begin(heading)) => self.heading = Arc::new(heading),
                Next::Told(Told::Piece(piece)) => {
                    size += piece.statements.len() + 1;
                    for statement in &piece.statements {
                        count(&mut self.facts, &self.heading.format, statement, Taken::New);
                    }
                    pieces.push((Arc::clone(&self.heading), *piece));
                }
                Next::Told(Told::End(ending)) => {
                    let facts = std::mem::take(&mut self.facts);
                    self.summary.end(*ending, facts);
                }
                Next::End => self.over = true,
                Next::GaveUp(problem) => {
                    self.over = true;
                    self.summary.give_up(&self.heading, problem, &mut self.facts);
                }
            }
        }
        if pieces.is_empty() {
            return Ok(None);
        }
        self.next += 1;
        Ok(Some(Unit { number: self.next - 1, pieces }))
    }
}

impl Summary {
    /// A member came to its end.
    pub(crate) fn end(&mut self, ending: Ending, facts: BTreeMap<FactKind, Counts>) {
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
                self.members.push(Member {
                    name: path,
                    format: export.format.clone(),
                    version: export.version.clone(),
                    document: export.document.clone(),
                    status,
                    facts,
                });
                if ask.is_none() {
                    self.first.get_or_insert(export);
                } else if self.format.is_empty() {
                    self.format = export.format;
                }
            }
            Err(Unreadable { format, problem }) => {
                self.problem(problem, &path);
                if self.format.is_empty() {
                    self.format.clone_from(&format);
                }
                self.members.push(Member {
                    name: path,
                    format,
                    version: String::new(),
                    document: String::new(),
                    status: Status::SetAside,
                    facts,
                });
            }
        }
    }

    /// The reader gave up in the middle of a member, or before the first.
    fn give_up(
        &mut self,
        heading: &Heading,
        problem: Problem,
        facts: &mut BTreeMap<FactKind, Counts>,
    ) {
        let facts = std::mem::take(facts);
        if facts.is_empty() {
            let (path, format) = (heading.path.clone(), heading.format.clone());
            let outcome = Err(Unreadable { format, problem });
            return self.end(Ending { path, outcome }, facts);
        }
        let export = Export {
            format: heading.format.clone(),
            document: heading.document.clone(),
            software: heading.software.clone(),
            problems: vec![problem],
            ..Export::default()
        };
        self.end(Ending { path: heading.path.clone(), outcome: Ok(export) }, facts);
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
