//! Working: reads a kept file and has the areas take its statements, one unit of writing after the
//! other. A unit that the areas can't take costs itself only, and is said in the receipt.

use crate::anew::Seam;
use crate::count::count;
use crate::reader::{File, Reader};
use crate::units::{Summary, Unit, Units};
use crate::{editions, wishes};
use almoner_core::actor::Actor;
use almoner_core::export::{Heading, PersonStatements, Piece, Problem, Severity, Statement};
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{FileId, PatientId};
use almoner_core::lists::Ask;
use almoner_core::receipt::{Counts, MatchedPatient, Receipt, Status};
use almoner_frame::intake::{BY_STATUS, Incoming, IntakeFile, Joined, Taken};
use almoner_frame::{Area, feeds, lists};
use almoner_store::{Act, Desk, Key, Pending, Verb, Writer};
use std::collections::VecDeque;
use std::sync::Arc;

/// Units of a file that wait for the writer at a time: those that wait together share a commit.
const AHEAD: usize = 8;

/// Patients whom a receipt lists; the others are counted.
const PATIENTS: usize = 1_000;

/// The areas that take statements.
pub(crate) type Areas = &'static [&'static Area];

/// Works off every file that waits or was interrupted, oldest first.
pub(crate) fn work_all(
    desk: &Desk,
    areas: Areas,
    reader: &mut Reader,
    stop: &dyn Fn() -> bool,
) -> Outcome<()> {
    loop {
        let next = desk.read(|reader| {
            let mut ids = Vec::new();
            for status in [Status::Working, Status::Waiting] {
                ids.extend(reader.ids::<FileId>(BY_STATUS, &Key::all().number(status as u64))?);
            }
            Ok(ids.first().copied())
        })?;
        if stop() {
            return Ok(());
        }
        let reading = reader.reading().clone();
        let goes_on = match next {
            Some(id) => (Work { desk, areas, id }).file(reader, stop)?,
            None => wishes::grant_one(&Seam { desk, areas, reading: &reading, stop })?,
        };
        if !goes_on {
            return Ok(());
        }
    }
}

/// The work on one file.
#[derive(Clone, Copy)]
struct Work<'w> {
    desk: &'w Desk,
    areas: Areas,
    id: FileId,
}

/// Units that wait for the writer, the oldest first.
type Line = VecDeque<(Arc<Unit>, Pending<()>)>;

impl Work<'_> {
    /// Reads a file and has it taken; false when it was left to be gone on with, because of `stop`.
    fn file(self, reader: &mut Reader, stop: &dyn Fn() -> bool) -> Outcome<bool> {
        let (file, profiles) = self
            .desk
            .read(|reader| Ok((reader.get::<IntakeFile>(self.id)?, lists::profiles(reader)?)))?;
        let receipt = &file.receipt;
        reader.begin(&File {
            name: receipt.name.clone(),
            sha256: file.sha256.0,
            size: receipt.bytes,
            source: receipt.source.clone(),
            received: self.desk.rules().zone.day(receipt.received),
            profiles,
        })?;
        if file.receipt.status == Status::Waiting {
            drop(self.change("intake.begin", |receipt| receipt.status = Status::Working));
        }
        let mut units = Units::of(reader);
        let mut line = Line::new();
        while let Some(unit) = units.next()? {
            if unit.number < file.taken {
                continue; // a run before this one had it
            }
            if line.len() >= AHEAD {
                self.wait_for_oldest(&mut line)?;
            }
            let unit = Arc::new(unit);
            let pending = self.hand_in(&unit);
            line.push_back((unit, pending));
            if stop() {
                break;
            }
        }
        while !line.is_empty() {
            self.wait_for_oldest(&mut line)?;
        }
        if stop() && !units.is_over() {
            return Ok(false);
        }
        let mut summary = units.summary;
        self.ask(std::mem::take(&mut summary.asked))?;
        let editions = editions::read(&file, &std::mem::take(&mut summary.heads));
        let reading = reader.reading().clone();
        let seam = Seam { desk: self.desk, areas: self.areas, reading: &reading, stop };
        let notes = editions::settle(&seam, &Arc::new(file), &editions)?;
        editions::keep(self.desk, editions)?;
        let finished = move |receipt: &mut Receipt| {
            finish(receipt, summary);
            receipt.problems.extend(notes);
        };
        self.change("intake.finish", finished).wait()?;
        Ok(true)
    }

    /// Keeps the questions of lists whose columns somebody has to explain.
    fn ask(self, asked: Vec<(String, Ask)>) -> Outcome<()> {
        if asked.is_empty() {
            return Ok(());
        }
        let id = self.id;
        let keep = move |writer: &mut Writer<'_>| lists::keep_questions(writer, id, asked);
        self.desk.write_bulk(act(self.desk, "intake.ask"), keep).wait()
    }

    fn hand_in(self, unit: &Arc<Unit>) -> Pending<()> {
        let (areas, id, unit) = (self.areas, self.id, Arc::clone(unit));
        let work = move |writer: &mut Writer<'_>| take_unit(writer, areas, id, &unit);
        self.desk.write_bulk(act(self.desk, "intake.take"), work)
    }

    /// Waits for the oldest unit of those that share commits. They are taken in order: behind one that
    /// fails, those that wait find themselves out of turn and do nothing; they are handed in again
    /// once that one is left out.
    fn wait_for_oldest(self, line: &mut Line) -> Outcome<()> {
        let Some((unit, oldest)) = line.pop_front() else { return Ok(()) };
        let Err(fault) = oldest.wait() else { return Ok(()) };
        let later: Vec<Arc<Unit>> = line
            .drain(..)
            .map(|(unit, pending)| {
                drop(pending.wait());
                unit
            })
            .collect();
        if self.desk.failed() {
            return Err(fault);
        }
        self.leave_out(&unit, &fault)?;
        line.extend(later.into_iter().map(|unit| {
            let pending = self.hand_in(&unit);
            (unit, pending)
        }));
        Ok(())
    }

    /// A unit that could not be taken is left out with a word in the receipt; the rest goes on.
    fn leave_out(self, unit: &Unit, fault: &Fault) -> Outcome<()> {
        let (id, number) = (self.id, unit.number);
        log::error!(unit = number; "intake {id}: a unit could not be taken: {fault}");
        let mut statements = unit.pieces.iter().flat_map(|(_, piece)| &piece.statements);
        let place = statements.next().map_or("file", |statement| &statement.place);
        let problem = Problem::new(
            Severity::Error,
            place,
            "not_stored",
            "These statements could not be stored. The file is kept whole: try `almoner intake retry`.",
        );
        self.desk
            .write_bulk(act(self.desk, "intake.leave-out"), move |writer| {
                let mut file = writer.get::<IntakeFile>(id)?;
                file.receipt.problems.push(problem);
                file.taken += 1;
                writer.put(&file)
            })
            .wait()
    }

    fn change(
        self,
        verb: &'static str,
        change: impl FnOnce(&mut Receipt) + Send + 'static,
    ) -> Pending<()> {
        let id = self.id;
        self.desk.write_bulk(act(self.desk, verb), move |writer| {
            let mut file = writer.get::<IntakeFile>(id)?;
            change(&mut file.receipt);
            let Receipt { status, ref source, received, .. } = file.receipt;
            if status != Status::Working {
                file.receipt.finished = Some(writer.now());
            }
            if matches!(status, Status::Done | Status::Partial) {
                feeds::note(writer, source, received)?;
            }
            writer.put(&file)
        })
    }
}

/// Takes one unit; counts itself in the same transaction.
fn take_unit(writer: &mut Writer<'_>, areas: Areas, id: FileId, unit: &Unit) -> Outcome<()> {
    let mut file = writer.get::<IntakeFile>(id)?;
    if file.taken != unit.number {
        return Ok(());
    }
    for (heading, piece) in &unit.pieces {
        take_piece(writer, areas, &mut file, heading, piece)?;
    }
    let loops = writer.loop_counts();
    file.receipt.loops.opened += loops.opened;
    file.receipt.loops.moved += loops.moved;
    file.receipt.loops.closed += loops.closed;
    file.taken += 1;
    writer.put(&file)
}

fn take_piece(
    writer: &mut Writer<'_>,
    areas: Areas,
    file: &mut IntakeFile,
    heading: &Heading,
    piece: &Piece,
) -> Outcome<()> {
    let incoming = incoming(file, heading);
    let mut patient = None;
    if let Some(person) = &piece.person {
        let joined = join(writer, areas, &incoming, person)?;
        patient = Some(joined.patient);
        note_patient(&mut file.receipt, joined);
        file.receipt.problems.extend(joined.two.map(|two| crate::two::told(two, &person.place)));
    }
    for statement in &piece.statements {
        let taken = take(writer, areas, &incoming, patient, statement)?;
        count(&mut file.receipt.facts, &heading.format, statement, taken);
    }
    let (Some(person), Some(patient), true) = (&piece.person, patient, piece.last) else {
        return Ok(());
    };
    let settles: Vec<_> = areas.iter().filter_map(|area| area.intake.settle).collect();
    if settles.is_empty() {
        return Ok(());
    }
    let mut whole = person.clone();
    whole.statements = piece.visits.iter().chain(&piece.statements).cloned().collect();
    settles.iter().try_for_each(|settle| settle(writer, &incoming, patient, &whole))
}

pub(crate) fn incoming(file: &IntakeFile, heading: &Heading) -> Incoming {
    Incoming {
        file: file.receipt.id,
        sha256: file.sha256.0,
        source: file.receipt.source.clone(),
        format: heading.format.clone(),
        document: heading.document.clone(),
        software: heading.software.clone(),
        member: heading.path.clone(),
        received: file.receipt.received,
    }
}

pub(crate) fn join(
    writer: &mut Writer<'_>,
    areas: Areas,
    incoming: &Incoming,
    person: &PersonStatements,
) -> Outcome<Joined> {
    let join = areas.iter().find_map(|area| area.intake.join);
    join.ok_or_else(|| Fault::broken("no area knows people"))?(writer, incoming, person)
}

pub(crate) fn take(
    writer: &mut Writer<'_>,
    areas: Areas,
    incoming: &Incoming,
    patient: Option<PatientId>,
    statement: &Statement,
) -> Outcome<Taken> {
    for take in areas.iter().filter_map(|area| area.intake.take) {
        let taken = take(writer, incoming, patient, statement)?;
        if taken != Taken::NotMine {
            return Ok(taken);
        }
    }
    Ok(Taken::NotMine)
}

fn note_patient(receipt: &mut Receipt, joined: Joined) {
    let known = |it: &MatchedPatient| it.id == joined.patient;
    if receipt.patients.iter().any(known) {
        return;
    }
    if receipt.patients.len() < PATIENTS {
        receipt.patients.push(MatchedPatient { id: joined.patient, match_: joined.match_ });
    } else if joined.first {
        receipt.patients_more += 1;
    }
}

/// Sums up: what the file was, what could not be read, and so where it stands.
pub(crate) fn finish(receipt: &mut Receipt, summary: Summary) {
    receipt.generation = almoner_formats::GENERATION;
    let Summary { first, format, members, problems, more, .. } = summary;
    let nothing = first.is_none();
    if let Some(first) = first {
        receipt.format = first.format;
        receipt.version = first.version;
        receipt.document = first.document;
        receipt.software = first.software;
    } else if members.len() == 1 {
        receipt.format = format;
    }
    receipt.problems.extend(problems);
    if more > 0 {
        let words = format!("{more} further remarks are not listed.");
        receipt.problems.push(Problem::new(Severity::Info, "file", "more_problems", &words));
    }
    if members.len() != 1 || members.iter().any(|member| !member.name.is_empty()) {
        receipt.members = members;
    }
    let errors = receipt.problems.iter().any(|problem| problem.severity == Severity::Error);
    let taken = receipt.facts.values().any(|count| *count != Counts::default());
    let nobody = receipt.patients.is_empty() && !taken;
    receipt.status = match (nothing || (errors && nobody), errors) {
        (true, _) => Status::SetAside,
        (false, true) => Status::Partial,
        (false, false) => Status::Done,
    };
}

pub(crate) fn act(desk: &Desk, verb: &'static str) -> Act {
    Act::new(Actor::Intake, Verb(verb), desk.clock().now())
}
