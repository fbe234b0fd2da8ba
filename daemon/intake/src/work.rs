//! Working: reads a kept file and has the areas take its statements, one unit of writing after the
//! other. A unit that the areas can't take costs itself only, and is said in the receipt.

use crate::count::count;
use crate::plan::{Piece, plan};
use almoner_core::actor::Actor;
use almoner_core::clinical::FactKind;
use almoner_core::export::{Export, Problem, Severity, Statement};
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{FileId, PatientId};
use almoner_core::receipt::{Counts, MatchedPatient, Member, Receipt, Status};
use almoner_formats::{Member as ReadMember, fhir};
use almoner_frame::Area;
use almoner_frame::intake::{BY_STATUS, Incoming, IntakeFile, Joined, Taken};
use almoner_store::{Act, Desk, Key, Pending, Verb, Writer};
use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

/// Units of a file that wait for the writer at a time: those that wait together share a commit.
const AHEAD: usize = 8;

/// The areas that take statements.
pub(crate) type Areas = &'static [&'static Area];

/// Works off every file that waits or was interrupted, oldest first.
pub(crate) fn work_all(desk: &Desk, areas: Areas, stop: &dyn Fn() -> bool) -> Outcome<()> {
    loop {
        let next = desk.read(|reader| {
            let mut ids = Vec::new();
            for status in [Status::Working, Status::Waiting] {
                ids.extend(reader.ids::<FileId>(BY_STATUS, &Key::all().number(status as u64))?);
            }
            Ok(ids.first().copied())
        })?;
        let Some(id) = next else { return Ok(()) };
        if stop() {
            return Ok(());
        }
        work(desk, areas, id)?;
    }
}

/// A file, read.
struct Reading {
    members: Vec<ReadMember>,
    units: Vec<Vec<Piece>>,
}

fn work(desk: &Desk, areas: Areas, id: FileId) -> Outcome<()> {
    let (file, bytes) = desk.read(|reader| {
        let file = reader.get::<IntakeFile>(id)?;
        let bytes = reader.blob(&file.sha256.0)?.ok_or(Fault::Absent("source document"))?;
        Ok((file, bytes))
    })?;
    let reading = Arc::new(read(&bytes, &file.receipt.name));
    if file.receipt.status == Status::Waiting {
        drop(change(desk, id, "intake.begin", |receipt| receipt.status = Status::Working));
    }
    let mut next = file.taken as usize;
    while let Some(unit) = take_units(desk, areas, id, next, &reading)? {
        next = unit + 1;
    }
    change(desk, id, "intake.finish", move |receipt| finish(receipt, &reading)).wait()
}

/// Has the units from `first` on taken, several waiting at a time so that they share commits. They
/// are taken in order: behind one that fails, those that wait find themselves out of turn and do
/// nothing. That one is left out, and its number told: the caller goes on behind it.
fn take_units(
    desk: &Desk,
    areas: Areas,
    id: FileId,
    first: usize,
    reading: &Arc<Reading>,
) -> Outcome<Option<usize>> {
    let mut waiting: VecDeque<Pending<()>> = VecDeque::new();
    let mut units = first..reading.units.len();
    let mut done = first;
    loop {
        while waiting.len() < AHEAD
            && let Some(unit) = units.next()
        {
            let taking = Arc::clone(reading);
            let work = move |writer: &mut Writer<'_>| take_unit(writer, areas, id, unit, &taking);
            waiting.push_back(desk.write_bulk(act(desk, "intake.take"), work));
        }
        let Some(oldest) = waiting.pop_front() else { return Ok(None) };
        if let Err(fault) = oldest.wait() {
            for later in waiting {
                drop(later.wait());
            }
            if desk.failed() {
                return Err(fault);
            }
            leave_out(desk, id, done, reading, &fault)?;
            return Ok(Some(done));
        }
        done += 1;
    }
}

fn read(bytes: &[u8], name: &str) -> Reading {
    let caught = std::panic::catch_unwind(|| almoner_formats::read(bytes, name));
    let mut members = caught.unwrap_or_else(|_| vec![unreadable_by_panic()]);
    members.iter_mut().filter_map(|member| member.outcome.as_mut().ok()).for_each(by_key);
    let exports: Vec<_> = members
        .iter()
        .enumerate()
        .filter_map(|(index, member)| Some((index, member.outcome.as_ref().ok()?)))
        .collect();
    let units = plan(&exports);
    Reading { members, units }
}

/// Has raw FHIR resources name what they refer to by its key in the export: what else a reference
/// was called (`urn:uuid:…`, a conditional search) means nothing outside of its file.
fn by_key(export: &mut Export) {
    let aliases: BTreeMap<String, String> =
        std::mem::take(&mut export.aliases).into_iter().collect();
    if aliases.is_empty() {
        return;
    }
    let meant = |reference: &str| aliases.get(reference).cloned();
    let people = export.people.iter_mut().flat_map(|person| &mut person.statements);
    for statement in people.chain(&mut export.shared) {
        let raw = statement.verbatim.as_deref();
        if let Some(Ok(text)) = raw.map(|raw| fhir::write::by_key(raw, &meant)) {
            statement.verbatim = Some(text);
        }
    }
}

fn unreadable_by_panic() -> ReadMember {
    let problem = Problem::new(
        Severity::Error,
        "file",
        "reader_failed",
        "The reader gave up on this file. It is kept whole; please send its receipt to support.",
    );
    let outcome = Err(almoner_core::export::Unreadable { format: "unknown".to_owned(), problem });
    ReadMember { path: String::new(), outcome }
}

/// Takes one unit; counts itself in the same transaction.
fn take_unit(
    writer: &mut Writer<'_>,
    areas: Areas,
    id: FileId,
    unit: usize,
    reading: &Reading,
) -> Outcome<()> {
    let mut file = writer.get::<IntakeFile>(id)?;
    if file.taken as usize != unit {
        return Ok(());
    }
    for piece in reading.units.get(unit).into_iter().flatten() {
        take_piece(writer, areas, &mut file, piece, reading)?;
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
    piece: &Piece,
    reading: &Reading,
) -> Outcome<()> {
    let Some((path, export)) = export_of(reading, piece.member) else { return Ok(()) };
    let incoming = incoming(file, path, export);
    let person = piece.person.and_then(|index| export.people.get(index));
    let statements = person.map_or(&export.shared, |person| &person.statements);
    let mut patient = None;
    if let Some(person) = person {
        let joined = join(writer, areas, &incoming, person)?;
        patient = Some(joined.patient);
        note_patient(&mut file.receipt, joined);
    }
    for statement in statements.get(piece.statements.clone()).unwrap_or_default() {
        let taken = take(writer, areas, &incoming, patient, statement)?;
        count(&mut file.receipt.facts, &export.format, statement, taken);
    }
    if let (Some(person), Some(patient), true) = (person, patient, piece.last) {
        for settle in areas.iter().filter_map(|area| area.intake.settle) {
            settle(writer, &incoming, patient, person)?;
        }
    }
    Ok(())
}

fn export_of(reading: &Reading, member: usize) -> Option<(&str, &Export)> {
    let member = reading.members.get(member)?;
    Some((&member.path, member.outcome.as_ref().ok()?))
}

fn incoming(file: &IntakeFile, member: &str, export: &Export) -> Incoming {
    Incoming {
        file: file.receipt.id,
        sha256: file.sha256.0,
        source: file.receipt.source.clone(),
        format: export.format.clone(),
        document: export.document.clone(),
        software: export.software.clone(),
        member: member.to_owned(),
        received: file.receipt.received,
    }
}

fn join(
    writer: &mut Writer<'_>,
    areas: Areas,
    incoming: &Incoming,
    person: &almoner_core::export::PersonStatements,
) -> Outcome<Joined> {
    let join = areas.iter().find_map(|area| area.intake.join);
    join.ok_or_else(|| Fault::broken("no area knows people"))?(writer, incoming, person)
}

fn take(
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
    if !receipt.patients.iter().any(|known| known.id == joined.patient) {
        receipt.patients.push(MatchedPatient { id: joined.patient, match_: joined.match_ });
    }
}

/// A unit that could not be taken is left out with a word in the receipt; the rest goes on.
fn leave_out(
    desk: &Desk,
    id: FileId,
    unit: usize,
    reading: &Reading,
    fault: &Fault,
) -> Outcome<()> {
    log::error!(unit = unit; "intake {id}: a unit could not be taken: {fault}");
    let pieces = reading.units.get(unit).into_iter().flatten();
    let places: Vec<String> = pieces
        .filter_map(|piece| {
            let (_, export) = export_of(reading, piece.member)?;
            let person = piece.person.and_then(|index| export.people.get(index));
            let statements = person.map_or(&export.shared, |person| &person.statements);
            Some(statements.get(piece.statements.start)?.place.clone())
        })
        .collect();
    let problem = Problem::new(
        Severity::Error,
        places.first().map_or("file", String::as_str),
        "not_stored",
        "These statements could not be stored. The file is kept whole: try `almoner intake retry`.",
    );
    desk.write_bulk(act(desk, "intake.leave-out"), move |writer| {
        let mut file = writer.get::<IntakeFile>(id)?;
        file.receipt.problems.push(problem);
        file.taken += 1;
        writer.put(&file)
    })
    .wait()
}

fn change(
    desk: &Desk,
    id: FileId,
    verb: &'static str,
    change: impl FnOnce(&mut Receipt) + Send + 'static,
) -> Pending<()> {
    desk.write_bulk(act(desk, verb), move |writer| {
        let mut file = writer.get::<IntakeFile>(id)?;
        change(&mut file.receipt);
        if file.receipt.status != Status::Working {
            file.receipt.finished = Some(writer.now());
        }
        writer.put(&file)
    })
}

/// Sums up: what the file was, what could not be read, and so where it stands.
fn finish(receipt: &mut Receipt, reading: &Reading) {
    let single = reading.members.len() == 1;
    for member in &reading.members {
        match &member.outcome {
            Ok(export) => {
                if receipt.format.is_empty() {
                    receipt.format.clone_from(&export.format);
                    receipt.version.clone_from(&export.version);
                    receipt.document.clone_from(&export.document);
                    receipt.software.clone_from(&export.software);
                }
                receipt.problems.extend(export.problems.iter().map(|p| placed(p, &member.path)));
            }
            Err(unreadable) => {
                if single {
                    receipt.format.clone_from(&unreadable.format);
                }
                receipt.problems.push(placed(&unreadable.problem, &member.path));
            }
        }
    }
    if !single || reading.members.iter().any(|member| !member.path.is_empty()) {
        receipt.members = reading.members.iter().map(member_receipt).collect();
    }
    let errors = receipt.problems.iter().any(|problem| problem.severity == Severity::Error);
    let nothing = reading.members.iter().all(|member| member.outcome.is_err());
    receipt.status = match (nothing, errors) {
        (true, _) => Status::SetAside,
        (false, true) => Status::Partial,
        (false, false) => Status::Done,
    };
}

fn placed(problem: &Problem, path: &str) -> Problem {
    let mut problem = problem.clone();
    if !path.is_empty() {
        problem.at = format!("{path}: {}", problem.at);
    }
    problem
}

fn member_receipt(member: &ReadMember) -> Member {
    let (format, version, document, status) = match &member.outcome {
        Ok(export) => {
            let errors = export.problems.iter().any(|p| p.severity == Severity::Error);
            let status = if errors { Status::Partial } else { Status::Done };
            (export.format.clone(), export.version.clone(), export.document.clone(), status)
        }
        Err(unreadable) => {
            (unreadable.format.clone(), String::new(), String::new(), Status::SetAside)
        }
    };
    let mut facts = BTreeMap::<FactKind, Counts>::new();
    if let Ok(export) = &member.outcome {
        let people = export.people.iter().flat_map(|person| &person.statements);
        for statement in people.chain(&export.shared) {
            count(&mut facts, &export.format, statement, Taken::New);
        }
    }
    Member { name: member.path.clone(), format, version, document, status, facts }
}

fn act(desk: &Desk, verb: &'static str) -> Act {
    Act::new(Actor::Intake, Verb(verb), desk.clock().now())
}
