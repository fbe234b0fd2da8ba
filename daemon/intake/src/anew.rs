//! Files speak anew: the one operation behind undoing an export, a corrected document and reading
//! stored files again. Patient by patient, in small units of writing, what files alone made is taken
//! away and the standing files are taken in again, on the side; what came out otherwise is kept, or
//! only told (a preview is the same work in a unit that is not kept).
//!
//! A unit is exactly that which makes one patient right, so doing it again does nothing: a restart
//! simply goes through the file once more.

use crate::reader::Reading;
use crate::shelf::Shelf;
use crate::voices::{self, Standing, Voice, Voices, mentions, named, person_key, shared};
use crate::work::{Areas, act, join, take};
use almoner_core::changes::Changes;
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{PatientId, RawId};
use almoner_core::receipt::LoopCounts;
use almoner_frame::Incoming;
use almoner_frame::anew::{Line, Rest, Told, Whose};
use almoner_frame::intake::IntakeFile;
use almoner_store::{Desk, Turned, Writer};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Lines of a preview that are told one by one.
const LINES: usize = 300;
/// Records about nobody that a unit makes anew.
const TOGETHER: usize = 100;
/// How often a patient is looked at again when somebody else changed them meanwhile.
const TRIES: usize = 8;

/// What came of a unit.
struct Done {
    turned: Vec<Turned>,
    /// The patient stays though no file names them.
    stays: bool,
}

impl From<Vec<Turned>> for Done {
    fn from(turned: Vec<Turned>) -> Self {
        Self { turned, stays: false }
    }
}

/// What changed, or would.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    pub changes: Changes,
    pub lines: Vec<Line>,
    pub all: u32,
}

/// What a round is made with.
#[derive(Clone, Copy)]
pub(crate) struct Seam<'a> {
    pub desk: &'a Desk,
    pub areas: Areas,
    pub reading: &'a Reading,
    /// The appliance ends: the rest is done at the next start.
    pub stop: &'a dyn Fn() -> bool,
}

/// Going through files that speak anew.
pub(crate) struct Round<'a> {
    pub desk: &'a Desk,
    pub areas: Areas,
    pub standing: Standing,
    /// Kept, or only told.
    pub keep: bool,
    pub shelf: Shelf,
    pub tally: Tally,
    /// Patients who are right already.
    done: BTreeSet<PatientId>,
    stop: &'a dyn Fn() -> bool,
}

impl<'a> Round<'a> {
    pub(crate) fn new(seam: &Seam<'a>, standing: Standing, keep: bool) -> Self {
        let Seam { desk, areas, reading, stop } = *seam;
        let shelf = Shelf::new(desk, reading);
        let (tally, done) = (Tally::default(), BTreeSet::new());
        Self { desk, areas, standing, keep, shelf, tally, done, stop }
    }

    /// All that a file speaks of is made right.
    pub(crate) fn file(&mut self, file: &Arc<IntakeFile>) -> Outcome<()> {
        self.tally.changes.files += 1;
        let (areas, digest) = (self.areas, file.sha256.0);
        for patient in self.desk.read(|reader| named(reader, areas, &digest))? {
            self.patient(patient)?;
        }
        let records = self.desk.read(|reader| shared(reader, areas, &digest))?;
        for some in records.chunks(TOGETHER) {
            let ids: Vec<RawId> = some.iter().map(|(id, _)| *id).collect();
            let places = some.iter().flat_map(|(_, places)| places.iter().cloned()).collect();
            let said =
                voices::of_nobody((self.desk, areas), &mut self.shelf, self.standing, places)?;
            self.unit(move |writer| {
                let turned = writer.anew(|writer| {
                    clear(writer, areas, Whose::Nobody(&ids))?;
                    said.iter().try_for_each(|voice| say_of_nobody(writer, areas, voice))
                })?;
                Ok(Some(turned.into()))
            })?;
        }
        Ok(())
    }

    /// What a file says that it did not say before is taken in: people whom it did not name,
    /// statements about nobody.
    pub(crate) fn admit(&mut self, file: &Arc<IntakeFile>) -> Outcome<()> {
        let members = self.shelf.read(self.desk, file)?;
        let known = self.known(file)?;
        for (at, member) in members.iter().enumerate() {
            let Ok(export) = &member.outcome else { continue };
            let (areas, standing, digest) = (self.areas, self.standing, &file.sha256.0);
            if !self.desk.read(|reader| standing.speaks(reader, areas, digest, &member.path))? {
                continue;
            }
            let all: Vec<usize> = (0..export.shared.len()).collect();
            for some in all.chunks(TOGETHER) {
                let said: Vec<Voice> =
                    some.iter().map(|one| Voice::of(file, &members, (at, *one))).collect();
                self.unit(move |writer| {
                    let turned = writer.anew(|writer| {
                        said.iter().try_for_each(|voice| say_of_nobody(writer, areas, voice))
                    })?;
                    Ok(Some(turned.into()))
                })?;
            }
            for (person, said) in export.people.iter().enumerate() {
                if !known.contains(&(member.path.clone(), person_key(said).to_owned())) {
                    let voice = Voice::of(file, &members, (at, person));
                    self.unit(move |writer| {
                        Ok(Some(writer.anew(|writer| meet(writer, areas, &voice))?.into()))
                    })?;
                }
            }
        }
        Ok(())
    }

    /// The places at which a file names people, as known.
    fn known(&self, file: &IntakeFile) -> Outcome<BTreeSet<(String, String)>> {
        let (areas, digest) = (self.areas, file.sha256.0);
        self.desk.read(|reader| {
            let mut known = BTreeSet::new();
            for patient in named(reader, areas, &digest)? {
                let places = mentions(reader, areas, patient)?;
                let here = places.into_iter().filter(|it| it.sha256 == digest);
                known.extend(here.map(|it| (it.member, it.key)));
            }
            Ok(known)
        })
    }

    /// A patient is made right, once in a round.
    pub(crate) fn patient(&mut self, patient: PatientId) -> Outcome<()> {
        if !self.done.insert(patient) {
            return Ok(());
        }
        for _ in 0..TRIES {
            let areas = self.areas;
            let seam = (self.desk, areas);
            let voices = voices::of_patient(seam, &mut self.shelf, self.standing, patient)?;
            if self.unit(move |writer| revise(writer, areas, patient, &voices))? {
                return Ok(());
            }
        }
        Err(Fault::broken("a patient is changed so often that a file can't speak anew"))
    }

    /// One unit of writing, or of only looking; false when it found itself out of date.
    fn unit(
        &mut self,
        work: impl FnOnce(&mut Writer<'_>) -> Outcome<Option<Done>> + Send + 'static,
    ) -> Outcome<bool> {
        if (self.stop)() {
            return Err(Fault::broken("the appliance ends; it goes on at the next start"));
        }
        let (areas, room) = (self.areas, LINES.saturating_sub(self.tally.lines.len()));
        let work = move |writer: &mut Writer<'_>| {
            let Some(done) = work(writer)? else { return Ok(None) };
            told(writer, areas, &done, room).map(Some)
        };
        let act = act(self.desk, "intake.anew");
        let told = if self.keep {
            self.desk.write_bulk(act, work).wait()?
        } else {
            self.desk.rehearse(&act, work)?
        };
        let Some(told) = told else { return Ok(false) };
        self.tally.changes.take(&told.changes);
        self.tally.lines.extend(told.lines);
        self.tally.all += told.all;
        Ok(true)
    }
}

/// Makes one patient right; `None` when they are named otherwise than was gathered.
fn revise(
    writer: &mut Writer<'_>,
    areas: Areas,
    patient: PatientId,
    voices: &Voices,
) -> Outcome<Option<Done>> {
    if mentions(writer, areas, patient)? != voices.mentions {
        return Ok(None);
    }
    let mut worked = false;
    for ask in areas.iter().filter_map(|area| area.anew.worked) {
        worked |= ask(writer, patient)?;
    }
    let named = voices.said.iter().any(|voice| voice.speaks);
    let turned = writer.anew(|writer| {
        clear(writer, areas, Whose::Patient(patient))?;
        for voice in &voices.said {
            say_of(writer, areas, patient, voice)?;
        }
        let rest = Rest { named, worked };
        for close in areas.iter().filter_map(|area| area.anew.close) {
            close(writer, patient, rest)?;
        }
        Ok(())
    })?;
    Ok(Some(Done { turned, stays: worked && !named }))
}

fn clear(writer: &mut Writer<'_>, areas: Areas, whose: Whose<'_>) -> Outcome<()> {
    areas.iter().filter_map(|area| area.anew.clear).try_for_each(|clear| clear(writer, whose))
}

/// A file says of a patient what it says, on the day on which it came.
fn say_of(writer: &mut Writer<'_>, areas: Areas, patient: PatientId, voice: &Voice) -> Outcome<()> {
    let Some((file, person)) = voice.person() else { return Ok(()) };
    writer.at(file.received, |writer| {
        for rejoin in areas.iter().filter_map(|area| area.anew.rejoin) {
            rejoin(writer, &file, patient, person, voice.speaks)?;
        }
        if voice.speaks { say(writer, areas, &file, patient, person) } else { Ok(()) }
    })
}

/// A file names somebody whom it did not name before.
fn meet(writer: &mut Writer<'_>, areas: Areas, voice: &Voice) -> Outcome<()> {
    let Some((file, person)) = voice.person() else { return Ok(()) };
    writer.at(file.received, |writer| {
        let joined = join(writer, areas, &file, person)?;
        say(writer, areas, &file, joined.patient, person)
    })
}

fn say(
    writer: &mut Writer<'_>,
    areas: Areas,
    file: &Incoming,
    patient: PatientId,
    person: &almoner_core::export::PersonStatements,
) -> Outcome<()> {
    for statement in &person.statements {
        take(writer, areas, file, Some(patient), statement)?;
    }
    let settles = areas.iter().filter_map(|area| area.intake.settle);
    settles.into_iter().try_for_each(|settle| settle(writer, file, patient, person))
}

fn say_of_nobody(writer: &mut Writer<'_>, areas: Areas, voice: &Voice) -> Outcome<()> {
    let Some((file, statement)) = voice.statement() else { return Ok(()) };
    let at = file.received;
    writer.at(at, |writer| take(writer, areas, &file, None, statement).map(drop))
}

/// What the areas say of that which turned out otherwise.
fn told(writer: &Writer<'_>, areas: Areas, done: &Done, room: usize) -> Outcome<Tally> {
    let mut tally = Tally::default();
    let LoopCounts { opened, moved, closed, .. } = writer.loop_counts();
    tally.changes.loops = LoopCounts { opened, moved, closed, ..LoopCounts::default() };
    tally.changes.stay = done.stays.into();
    for one in &done.turned {
        let tells = areas.iter().filter_map(|area| area.anew.tell);
        for told in tells.map(|tell| tell(writer, one)) {
            if let Some(told) = told? {
                tally.note(told, one.patient, room);
            }
        }
    }
    Ok(tally)
}

impl Tally {
    fn note(&mut self, told: Told, patient: Option<PatientId>, room: usize) {
        let (way, kind, words) = match told {
            Told::Fact(kind, way, words) => {
                self.changes.facts.entry(kind).or_default().add(way);
                (way, Some(kind), words)
            }
            Told::Patient(way) => {
                self.changes.patients.add(way);
                (way, None, String::new())
            }
            Told::Transition(way, words) => {
                self.changes.transitions.add(way);
                (way, None, words)
            }
        };
        self.all += 1;
        if self.lines.len() < room {
            self.lines.push(Line { patient, way, kind, words });
        }
    }
}
