//! The facts of two patients whose records became one, and of one that became two again: what both
//! state is one fact with the assertions of both, and goes apart again by the files that said so.

use super::near::{CROWD, candidates};
use super::{liken, must_stay_apart, nearer, of_patient, type_of};
use crate::facts::record::{Assertion, Fact, Fused, Pairing, Raw};
use crate::facts::rules::{self, Likeness};
use almoner_core::export::Statement;
use almoner_core::fault::Outcome;
use almoner_core::ids::{FactId, PatientId};
use almoner_people::patients::{Merge, MergeId, Sighting, sightings};
use almoner_store::{Change, Reader, Writer};
use std::collections::BTreeMap;

/// Two records became one, or two again.
pub(crate) fn on_merge(writer: &mut Writer<'_>, change: Change) -> Outcome<()> {
    let merge = writer.get::<Merge>(MergeId(change.id))?;
    writer.quietly(
        |writer| if merge.undone.is_none() { join(writer, &merge) } else { part(writer, &merge) },
    )
}

fn join(writer: &mut Writer<'_>, merge: &Merge) -> Outcome<()> {
    let mut fused = Fused { id: merge.id, patient: merge.into, facts: Vec::new() };
    for fact in of_patient(writer, merge.from)? {
        if let Some(before) = counterpart(writer, merge.into, &fact)? {
            let after = fuse(before.clone(), &fact);
            writer.remove::<Fact>(fact.id)?;
            writer.put(&after)?;
            // A fact that takes up two of the other record's: each is told from the last.
            fused.facts.push(Pairing { gone: fact, before, after });
        } else {
            let came_with = merge.mark(fact.came_with);
            give(writer, Fact { came_with, ..fact }, merge.into)?;
        }
    }
    if fused.facts.is_empty() { Ok(()) } else { writer.put(&fused) }
}

fn part(writer: &mut Writer<'_>, merge: &Merge) -> Outcome<()> {
    let owners = Owners::of(writer, merge)?;
    let fused = writer.find::<Fused>(merge.id)?;
    for pairing in fused.iter().flat_map(|it| it.facts.iter().rev()) {
        unfuse(writer, merge, pairing, &owners)?;
    }
    if fused.is_some() {
        writer.remove::<Fused>(merge.id)?;
    }
    for fact in of_patient(writer, merge.into)? {
        let (back, stay): (Vec<Assertion>, Vec<Assertion>) =
            fact.assertions.iter().cloned().partition(|it| owners.goes_back(it));
        let moved = merge.moved(fact.came_with);
        let came_with = merge.unmark(fact.came_with);
        if back.is_empty() && !moved {
            continue;
        }
        if stay.is_empty() {
            give(writer, Fact { came_with, ..fact }, merge.from)?;
        } else if moved {
            let own = Fact {
                id: FactId::near(writer.act().at),
                assertions: stay,
                came_with: None,
                ..fact.clone()
            };
            let back = if back.is_empty() { fact.assertions.clone() } else { back };
            give(writer, Fact { assertions: back, came_with, ..fact }, merge.from)?;
            writer.put(&own)?;
        } else {
            let theirs = Fact {
                id: FactId::near(writer.act().at),
                patient: Some(merge.from),
                assertions: back,
                came_with,
                ..fact.clone()
            };
            writer.put(&Fact { assertions: stay, ..fact })?;
            writer.put(&theirs)?;
        }
    }
    Ok(())
}

/// Makes a fact another patient's.
fn give(writer: &mut Writer<'_>, fact: Fact, to: PatientId) -> Outcome<()> {
    if let Some(raw) = writer.find::<Raw>(fact.id)? {
        writer.put(&Raw { patient: Some(to), ..raw })?;
    }
    writer.put(&Fact { patient: Some(to), ..fact })
}

/// The fact of a patient that tells the same as another patient's.
fn counterpart(reader: &Reader<'_>, patient: PatientId, fact: &Fact) -> Outcome<Option<Fact>> {
    let said = statement(fact);
    let Some(newest) = fact.newest() else { return Ok(None) };
    let mut same: Option<Fact> = None;
    for known in candidates(reader, Some(patient), &said)?.into_iter().take(CROWD) {
        let apart = fact.assertions.iter().any(|it| must_stay_apart(&known, it));
        if known.resource_type == type_of(&said)
            && !apart
            && liken(&known, &said, newest) == Likeness::Same
            && same.as_ref().is_none_or(|it| nearer(&known, it, &said))
        {
            same = Some(known);
        }
    }
    Ok(same)
}

/// A fact as a statement, to be compared.
fn statement(fact: &Fact) -> Statement {
    Statement {
        key: String::new(),
        place: String::new(),
        content: fact.content.clone(),
        sense: fact.sense,
        identifiers: fact.identifiers.clone(),
        recorded: None,
        author: String::new(),
        section: String::new(),
        narrative: fact.narrative.clone(),
        labels: fact.labels.clone(),
        verbatim: fact.verbatim.clone(),
        distinct: false,
    }
}

/// One fact of two: the newer one's words win, every assertion stays.
fn fuse(mut known: Fact, other: &Fact) -> Fact {
    let at = |fact: &Fact| fact.newest().map(|it| it.received);
    let newer = at(other) >= at(&known);
    let before = known.content.clone();
    rules::merge(&mut known.content, &other.content, newer);
    if other.verbatim.is_some() && (newer || !known.raw) {
        known.raw = true;
        known.verbatim.clone_from(&other.verbatim);
        known.outgrown = known.content != other.content;
    } else {
        known.outgrown |= known.content != before;
    }
    rules::fill_list(&mut known.labels, &other.labels);
    rules::fill_list(&mut known.identifiers, &other.identifiers);
    rules::fill_text(&mut known.narrative, &other.narrative, false);
    rules::fill_list(&mut known.differs, &other.differs);
    known.assertions.extend(other.assertions.iter().cloned());
    known.first_seen = known.first_seen.min(other.first_seen);
    known.updated = known.updated.max(other.updated);
    known
}

/// Two facts of one: as they were, and what was said since to whom it belongs.
fn unfuse(
    writer: &mut Writer<'_>,
    merge: &Merge,
    pairing: &Pairing,
    owners: &Owners,
) -> Outcome<()> {
    let (mut own, mut theirs) = (pairing.before.clone(), pairing.gone.clone());
    let Some(now) = writer.find::<Fact>(own.id)? else { return Ok(()) };
    if now != pairing.after {
        // A file may have been taken back since, and others have come.
        own.assertions.retain(|it| now.assertions.contains(it));
        theirs.assertions.retain(|it| now.assertions.contains(it));
        for assertion in now.assertions.iter().filter(|it| !pairing.after.assertions.contains(it)) {
            let side = if owners.goes_back(assertion) { &mut theirs } else { &mut own };
            rules::merge(&mut side.content, &now.content, true);
            side.updated = now.updated;
            side.assertions.push(assertion.clone());
        }
        own.came_with = now.came_with;
    }
    theirs.patient = Some(merge.from);
    if !theirs.assertions.is_empty() {
        writer.put(&theirs)?;
    }
    if own.assertions.is_empty() { writer.remove::<Fact>(own.id) } else { writer.put(&own) }
}

/// A file and a member of it.
type Member = ([u8; 32], String);

/// Whose the statements of each file are, now that the files' mentions are parted.
struct Owners {
    /// By file and member: places of the patient's statements, and whether they are the one's that goes.
    places: BTreeMap<Member, Vec<(String, bool)>>,
}

impl Owners {
    fn of(reader: &Reader<'_>, merge: &Merge) -> Outcome<Self> {
        let mut places: BTreeMap<_, Vec<(String, bool)>> = BTreeMap::new();
        for (patient, back) in [(merge.into, false), (merge.from, true)] {
            for Sighting { sha256, member, place, .. } in sightings(reader, patient)? {
                places.entry((sha256, member)).or_default().push((place, back));
            }
        }
        Ok(Self { places })
    }

    /// Whether a statement belongs to the record that goes: by its file; where that names both, by the
    /// patient's statement that stands nearest to it.
    fn goes_back(&self, it: &Assertion) -> bool {
        let Some(places) = self.places.get(&(it.sha256, it.member.clone())) else { return false };
        let common = |place: &str| {
            let ends = |c: char| matches!(c, ' ' | '/' | '.' | ':');
            let (mine, theirs) = (it.place.split(ends), place.split(ends));
            mine.zip(theirs).take_while(|(a, b)| a == b).count()
        };
        places
            .iter()
            .max_by_key(|(place, back)| (common(place), !back))
            .is_some_and(|(_, back)| *back)
    }
}
