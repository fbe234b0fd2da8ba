//! Who speaks of a patient, or of a record about nobody: the places of standing files, each with what
//! this program reads there, in the order in which the files came.

use crate::editions;
use crate::shelf::Shelf;
use crate::work::{Areas, incoming};
use almoner_core::export::{Export, Heading, PersonStatements, Statement};
use almoner_core::fault::Outcome;
use almoner_core::ids::{PatientId, RawId};
use almoner_core::time::Timestamp;
use almoner_formats::Member;
use almoner_frame::Incoming;
use almoner_frame::anew::Mention;
use almoner_frame::intake::IntakeFile;
use almoner_store::{Desk, Reader};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// Which files stand: all that were taken in, but one that is being taken back.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Standing {
    pub without: Option<[u8; 32]>,
}

/// A member of a file, read.
#[derive(Clone)]
pub(crate) struct Voice {
    pub file: Arc<IntakeFile>,
    members: Arc<Vec<Member>>,
    member: usize,
    /// Which of its people, or of its statements about nobody.
    at: usize,
    /// A newer document has taken its place: it names the patient and says nothing.
    pub speaks: bool,
}

/// All who name a patient.
#[derive(Clone)]
pub(crate) struct Voices {
    /// As they stood when this was gathered.
    pub mentions: Vec<Mention>,
    pub said: Vec<Voice>,
}

impl Standing {
    fn names(self, mention: &Mention) -> bool {
        self.without != Some(mention.sha256)
    }

    /// Whether a member of a file speaks.
    pub(crate) fn speaks(
        self,
        reader: &Reader<'_>,
        areas: Areas,
        sha256: &[u8; 32],
        member: &str,
    ) -> Outcome<bool> {
        let replaced = editions::is_replaced(reader, areas, sha256, member, self.without)?;
        Ok(self.without != Some(*sha256) && !replaced)
    }
}

impl Voice {
    pub(crate) fn of(
        file: &Arc<IntakeFile>,
        members: &Arc<Vec<Member>>,
        place: (usize, usize),
    ) -> Self {
        let (file, members) = (Arc::clone(file), Arc::clone(members));
        Self { file, members, member: place.0, at: place.1, speaks: true }
    }

    fn read(&self) -> Option<(&str, &Export)> {
        let member = self.members.get(self.member)?;
        Some((&member.path, member.outcome.as_ref().ok()?))
    }

    /// The person it names, and the file as the areas know it.
    pub(crate) fn person(&self) -> Option<(Incoming, &PersonStatements)> {
        let (path, export) = self.read()?;
        Some((self.incoming(path, export), export.people.get(self.at)?))
    }

    /// The statement about nobody.
    pub(crate) fn statement(&self) -> Option<(Incoming, &Statement)> {
        let (path, export) = self.read()?;
        Some((self.incoming(path, export), export.shared.get(self.at)?))
    }

    fn incoming(&self, path: &str, export: &Export) -> Incoming {
        let heading = Heading {
            path: path.to_owned(),
            format: export.format.clone(),
            document: export.document.clone(),
            software: export.software.clone(),
        };
        incoming(&self.file, &heading)
    }

    fn order(&self) -> (bool, Timestamp, [u8; 32], usize, usize) {
        let file = &self.file;
        (!self.speaks, file.receipt.received, file.sha256.0, self.member, self.at)
    }
}

/// The key under which a file names a person.
pub(crate) fn person_key(person: &PersonStatements) -> &str {
    if person.key.is_empty() { &person.place } else { &person.key }
}

/// Where a patient is named, as the areas know it.
pub(crate) fn mentions(
    reader: &Reader<'_>,
    areas: Areas,
    patient: PatientId,
) -> Outcome<Vec<Mention>> {
    let known = areas.iter().find_map(|area| area.anew.mentions);
    known.map_or(Ok(Vec::new()), |mentions| mentions(reader, patient))
}

/// The patients whom a file names.
pub(crate) fn named(
    reader: &Reader<'_>,
    areas: Areas,
    sha256: &[u8; 32],
) -> Outcome<Vec<PatientId>> {
    let known = areas.iter().find_map(|area| area.anew.named);
    known.map_or(Ok(Vec::new()), |named| named(reader, sha256))
}

/// Records about nobody that a file asserts, each with its mentions.
pub(crate) fn shared(
    reader: &Reader<'_>,
    areas: Areas,
    sha256: &[u8; 32],
) -> Outcome<Vec<(RawId, Vec<Mention>)>> {
    let mut records = Vec::new();
    for shared in areas.iter().filter_map(|area| area.anew.shared) {
        records.extend(shared(reader, sha256)?);
    }
    Ok(records)
}

/// Gathers who speaks of a patient.
pub(crate) fn of_patient(
    (desk, areas): (&Desk, Areas),
    shelf: &mut Shelf,
    standing: Standing,
    patient: PatientId,
) -> Outcome<Voices> {
    let mentions = desk.read(|reader| mentions(reader, areas, patient))?;
    let places = mentions.iter().filter(|it| standing.names(it)).cloned().collect();
    let said = gather((desk, areas), shelf, standing, places, &|export| {
        let keys = export.people.iter().enumerate();
        keys.map(|(at, person)| (person_key(person).to_owned(), at)).collect()
    })?;
    Ok(Voices { mentions, said })
}

/// Gathers who speaks of records about nobody.
pub(crate) fn of_nobody(
    (desk, areas): (&Desk, Areas),
    shelf: &mut Shelf,
    standing: Standing,
    places: BTreeSet<Mention>,
) -> Outcome<Vec<Voice>> {
    let places = places.into_iter().filter(|it| standing.names(it)).collect();
    let mut said = gather((desk, areas), shelf, standing, places, &|export| {
        let keys = export.shared.iter().enumerate();
        keys.map(|(at, statement)| (statement.key.clone(), at)).collect()
    })?;
    said.retain(|voice| voice.speaks);
    Ok(said)
}

type KeysOf<'k> = &'k dyn Fn(&Export) -> BTreeMap<String, usize>;

fn gather(
    (desk, areas): (&Desk, Areas),
    shelf: &mut Shelf,
    standing: Standing,
    mut places: Vec<Mention>,
    keys_of: KeysOf<'_>,
) -> Outcome<Vec<Voice>> {
    places.sort();
    let mut said = Vec::new();
    let mut rest = places.as_slice();
    while let Some(first) = rest.first() {
        // All places of one member together: it is read and looked through once.
        let one = |it: &&Mention| (it.file, &it.member) == (first.file, &first.member);
        let (here, after) = rest.split_at(rest.iter().take_while(one).count());
        rest = after;
        let file = Arc::new(desk.read(|reader| reader.get::<IntakeFile>(first.file))?);
        let members = shelf.read(desk, &file)?;
        let Some(member) = members.iter().position(|it| it.path == first.member) else { continue };
        let export = members.get(member).and_then(|it| it.outcome.as_ref().ok());
        let Some(export) = export else { continue };
        let keys = keys_of(export);
        let digest = &file.sha256.0;
        let speaks = desk.read(|reader| standing.speaks(reader, areas, digest, &first.member))?;
        for at in here.iter().filter_map(|mention| keys.get(&mention.key)) {
            said.push(Voice { speaks, ..Voice::of(&file, &members, (member, *at)) });
        }
    }
    said.sort_by_cached_key(Voice::order);
    Ok(said)
}
