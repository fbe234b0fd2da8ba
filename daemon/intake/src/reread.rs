//! Stored files are read again by this program, which may read more in them than the one that took
//! them in: what it reads otherwise is told first, then laid in. People's work is not touched.

use crate::anew::{Round, Seam, Tally};
use crate::count::count;
use crate::editions;
use crate::shelf::Shelf;
use crate::units::Summary;
use crate::voices::Standing;
use crate::work::{Areas, act};
use almoner_core::clinical::FactKind;
use almoner_core::export::{Ending, Export};
use almoner_core::fault::Outcome;
use almoner_core::ids::FileId;
use almoner_core::receipt::{Counts, Status};
use almoner_formats::{GENERATION, Member};
use almoner_frame::Taken;
use almoner_frame::anew::{Edition, Preview, Wish};
use almoner_frame::intake::{BY_STATUS, IntakeFile};
use almoner_store::{Key, Reader, Writer};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The files that an older program read, the oldest first; all that were read, if so wanted.
pub(crate) fn older(reader: &Reader<'_>, all: bool) -> Outcome<Vec<FileId>> {
    let mut found = Vec::new();
    for status in [Status::Done, Status::Partial] {
        for id in reader.ids::<FileId>(BY_STATUS, &Key::all().number(status as u64))? {
            let receipt = reader.get::<IntakeFile>(id)?.receipt;
            if receipt.undone.is_none() && (all || receipt.generation < GENERATION) {
                found.push((receipt.received, id));
            }
        }
    }
    found.sort();
    Ok(found.into_iter().map(|(_, id)| id).collect())
}

/// Reads files again, or tells what that would change; a patient of several files is told once.
pub(crate) fn reread(seam: &Seam<'_>, ids: &[FileId], keep: bool) -> Outcome<Tally> {
    let (desk, areas) = (seam.desk, seam.areas);
    let mut round = Round::new(seam, Standing::default(), keep);
    for id in ids {
        let file = Arc::new(desk.read(|reader| reader.get::<IntakeFile>(*id))?);
        let before = desk.read(|reader| asserted(reader, areas, &file))?;
        let told = round.tally.changes.facts.clone();
        round.admit(&file)?;
        round.file(&file)?;
        for (kind, all) in before {
            let turns = round.tally.changes.facts.entry(kind).or_default();
            let was = told.get(&kind).copied().unwrap_or_default();
            let touched = (turns.gone + turns.changed) - (was.gone + was.changed);
            turns.same += all.saturating_sub(touched);
        }
    }
    Ok(round.tally)
}

/// The receipt tells what this program reads in the file.
pub(crate) fn finish(seam: &Seam<'_>, wish: Wish) -> Outcome<()> {
    let (desk, areas) = (seam.desk, seam.areas);
    let file = desk.read(|reader| reader.get::<IntakeFile>(wish.id))?;
    let members = Shelf::new(desk, seam.reading).read(desk, &file)?;
    let summary = summary(&members);
    let facts = desk.read(|reader| facts(reader, areas, &file, &members))?;
    let work = move |writer: &mut Writer<'_>| {
        let mut file = writer.get::<IntakeFile>(wish.id)?;
        for edition in editions::of_file(writer, &file.sha256.0)? {
            writer.remove::<Edition>(edition.id)?;
        }
        for edition in editions::read(&file, &summary.heads) {
            writer.put(&edition)?;
        }
        let receipt = &mut file.receipt;
        receipt.problems.clear();
        receipt.members.clear();
        receipt.facts = facts;
        for text in [&mut receipt.format, &mut receipt.version, &mut receipt.document] {
            text.clear();
        }
        crate::work::finish(receipt, summary);
        writer.put(&file)?;
        writer.remove::<Preview>(wish.id)?;
        writer.remove::<Wish>(wish.id)
    };
    desk.write_bulk(act(desk, "intake.reread-done"), work).wait()
}

/// What the members are, without their statements.
fn summary(members: &[Member]) -> Summary {
    let mut summary = Summary::default();
    for member in members {
        let mut facts = BTreeMap::new();
        let outcome = match &member.outcome {
            Ok(export) => {
                let people = export.people.iter().flat_map(|person| &person.statements);
                for statement in people.chain(&export.shared) {
                    count(&mut facts, &export.format, statement, Taken::New);
                }
                let (people, shared) = (Vec::new(), Vec::new());
                Ok(Export { people, shared, ..export.clone() })
            }
            Err(unreadable) => Err(unreadable.clone()),
        };
        let began = summary.members.len();
        summary.end(Ending { path: member.path.clone(), outcome }, facts, began);
    }
    summary
}

fn asserted(
    reader: &Reader<'_>,
    areas: Areas,
    file: &IntakeFile,
) -> Outcome<BTreeMap<FactKind, u32>> {
    let mut all = BTreeMap::new();
    for asserted in areas.iter().filter_map(|area| area.anew.asserted) {
        for (kind, count) in asserted(reader, &file.sha256.0)? {
            *all.entry(kind).or_default() += count;
        }
    }
    Ok(all)
}

/// Counts the file's statements as a receipt does: new where it was the first to tell the fact.
fn facts(
    reader: &Reader<'_>,
    areas: Areas,
    file: &IntakeFile,
    members: &[Member],
) -> Outcome<BTreeMap<FactKind, Counts>> {
    let mut counts = BTreeMap::new();
    for member in members {
        let Ok(export) = &member.outcome else { continue };
        let people = export.people.iter().flat_map(|person| &person.statements);
        for statement in people.chain(&export.shared) {
            let place = (&file.sha256.0, &*member.path, &*statement.key);
            let first = is_first(reader, areas, place)?;
            let taken = if first == Some(false) { Taken::Same } else { Taken::New };
            count(&mut counts, &export.format, statement, taken);
        }
    }
    Ok(counts)
}

/// Whether the statement at a place was the first to tell its fact, by the word of the area that has it.
fn is_first(
    reader: &Reader<'_>,
    areas: Areas,
    (sha256, member, key): (&[u8; 32], &str, &str),
) -> Outcome<Option<bool>> {
    for first in areas.iter().filter_map(|area| area.anew.first) {
        if let Some(found) = first(reader, sha256, member, key)? {
            return Ok(Some(found));
        }
    }
    Ok(None)
}
