//! Making one record of two, and two of one again (`matching.md` §6). Here the identities and the files
//! that name them move; every other area moves what it keeps when it hears of the merge.

use super::apart::author;
use super::sightings;
use crate::patients::record::{Apart, FROM, INTO, Merge, MergeId, Patient, Suspect, Undone};
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{FileId, PatientId};
use almoner_core::phrase::Phrase;
use almoner_store::{Key, Reader, Writer};

/// Makes one record of two: `from` becomes a name for `into`. Refused with words where it must not be.
pub fn merge(
    writer: &mut Writer<'_>,
    from: PatientId,
    into: PatientId,
    reason: &str,
    file: Option<FileId>,
) -> Outcome<MergeId> {
    let (gone, stays) = (writer.get::<Patient>(from)?, writer.get::<Patient>(into)?);
    if from == into || gone.merged_into.is_some() || stays.merged_into.is_some() {
        return Err(Fault::Stale("patient"));
    }
    if gone.apart.iter().any(|it| it.suspect.patient == into) {
        return Err(Fault::refused("", Phrase::new("merge-refused-apart")));
    }
    let mut marks = vec![from];
    for earlier in in_force(writer, from)? {
        marks.extend(earlier.marks);
    }
    let changed = changed(writer, gone, stays)?;
    let merge = Merge {
        id: MergeId::random(),
        from,
        into,
        marks,
        changed,
        at: writer.act().at,
        by: author(writer),
        file,
        reason: reason.to_owned(),
        undone: None,
    };
    writer.quietly(|writer| {
        for mut sighting in sightings(writer, from)? {
            sighting.patient = into;
            sighting.came_with = merge.mark(sighting.came_with);
            writer.put(&sighting)?;
        }
        merge.changed.iter().try_for_each(|(_, after)| writer.put(after))
    })?;
    almoner_frame::drafts::follow(writer, from, into)?;
    writer.put(&merge)?;
    Ok(merge.id)
}

/// Makes two records of one again: what came with the merged one goes back to it, by the source that
/// said so; what was made since stays, unless it came from an identity that goes back.
pub fn unmerge(writer: &mut Writer<'_>, id: MergeId, reason: &str) -> Outcome<()> {
    let mut merge = writer.get::<Merge>(id)?;
    let gone = writer.get::<Patient>(merge.from)?;
    if merge.undone.is_some() || gone.merged_into != Some(merge.into) {
        return Err(Fault::Stale("merge"));
    }
    if writer.get::<Patient>(merge.into)?.merged_into.is_some() {
        return Err(Fault::refused("", Phrase::new("unmerge-refused-later")));
    }
    writer.quietly(|writer| {
        for mut sighting in sightings(writer, merge.into)? {
            if merge.moved(sighting.came_with) {
                sighting.patient = merge.from;
                sighting.came_with = merge.unmark(sighting.came_with);
                writer.put(&sighting)?;
            }
        }
        part(writer, &merge)
    })?;
    merge.undone =
        Some(Undone { at: writer.act().at, by: author(writer), reason: reason.to_owned() });
    writer.put(&merge)
}

/// The merges into a patient that stand, the oldest first.
pub fn in_force(reader: &Reader<'_>, into: PatientId) -> Outcome<Vec<Merge>> {
    let ids: Vec<MergeId> = reader.ids(INTO, &Key::all().id(into))?;
    let mut all: Vec<Merge> = ids.into_iter().map(|id| reader.get(id)).collect::<Outcome<_>>()?;
    all.retain(|merge| merge.undone.is_none());
    Ok(all)
}

/// The merge by which a patient became a name for another.
pub fn merge_of(reader: &Reader<'_>, from: PatientId) -> Outcome<Option<Merge>> {
    let ids: Vec<MergeId> = reader.ids(FROM, &Key::all().id(from))?;
    ids.first().map(|id| reader.get(*id)).transpose()
}

/// The patient whom an id means now: the id itself, or at the end of the merges.
pub fn now_of(reader: &Reader<'_>, id: PatientId) -> Outcome<PatientId> {
    let mut id = id;
    // A record is merged only into one that stands: there are no rings, and this is only a guard.
    for _ in 0..100 {
        match reader.find::<Patient>(id)?.and_then(|patient| patient.merged_into) {
            Some(next) => id = next,
            None => break,
        }
    }
    Ok(id)
}

/// Both records, and those to whom they were proposed, before and after.
fn changed(reader: &Reader<'_>, gone: Patient, stays: Patient) -> Outcome<Vec<(Patient, Patient)>> {
    let (mut after, mut kept) = (gone.clone(), stays.clone());
    let mut changed = Vec::new();
    for mut identity in std::mem::take(&mut after.identities) {
        identity.came_with = identity.came_with.or(Some(gone.id));
        kept.identities.push(identity);
    }
    kept.coordinator = kept.coordinator.or(gone.coordinator);
    kept.doubted.append(&mut after.doubted);
    kept.possible_duplicates.retain(|it| it.patient != gone.id);
    for suspect in std::mem::take(&mut after.possible_duplicates) {
        let known = |list: &[Suspect]| list.iter().any(|it| it.patient == suspect.patient);
        if suspect.patient == stays.id {
            continue;
        }
        let other = reader.get::<Patient>(suspect.patient)?;
        let mut theirs = other.clone();
        let apart = kept.apart.iter().any(|it| it.suspect.patient == suspect.patient);
        let drop = apart || known(&kept.possible_duplicates);
        theirs.possible_duplicates.retain(|it| !drop || it.patient != gone.id);
        for it in theirs.possible_duplicates.iter_mut().filter(|it| it.patient == gone.id) {
            it.patient = stays.id;
        }
        if !drop {
            kept.possible_duplicates.push(suspect);
        }
        changed.push((other, theirs));
    }
    for apart in &gone.apart {
        hand_on(reader, &gone, &mut kept, apart, &mut changed)?;
    }
    after.coordinator = None;
    after.merged_into = Some(stays.id);
    let later = gone.updated.max(stays.updated);
    (after.updated, kept.updated) = (later, later);
    changed.push((gone, after));
    changed.push((stays, kept));
    Ok(changed)
}

/// Whoever was decided to be another person than the one is another person than both.
fn hand_on(
    reader: &Reader<'_>,
    gone: &Patient,
    kept: &mut Patient,
    apart: &Apart,
    changed: &mut Vec<(Patient, Patient)>,
) -> Outcome<()> {
    let other = apart.suspect.patient;
    if kept.apart.iter().any(|it| it.suspect.patient == other) {
        return Ok(());
    }
    kept.possible_duplicates.retain(|it| it.patient != other);
    kept.apart.push(apart.clone());
    let at = changed.iter().position(|(before, _)| before.id == other);
    let (before, mut theirs) = if let Some(at) = at {
        changed.remove(at)
    } else {
        let other = reader.get::<Patient>(other)?;
        (other.clone(), other)
    };
    theirs.possible_duplicates.retain(|it| it.patient != kept.id);
    let of_gone = theirs.apart.iter().find(|it| it.suspect.patient == gone.id).cloned();
    if let Some(mut of_gone) = of_gone {
        of_gone.suspect.patient = kept.id;
        theirs.apart.push(of_gone);
    }
    changed.push((before, theirs));
    Ok(())
}

/// The patients' own records: as they were, where nothing has changed since; else what came goes back
/// and what was proposed stands as before.
fn part(writer: &mut Writer<'_>, merge: &Merge) -> Outcome<()> {
    for (before, after) in &merge.changed {
        let now = writer.get::<Patient>(before.id)?;
        if now == *after {
            writer.put(before)?;
            continue;
        }
        let mut parted = now;
        if before.id == merge.from {
            continue;
        }
        if before.id == merge.into {
            let (back, stay): (Vec<_>, Vec<_>) =
                parted.identities.drain(..).partition(|it| merge.moved(it.came_with));
            parted.identities = stay;
            give_back(writer, merge, back)?;
            if parted.coordinator == after.coordinator {
                parted.coordinator = before.coordinator;
            }
        }
        restore_suspects(&mut parted, before, after);
        writer.put(&parted)?;
    }
    // Where the record that stays is as it was, the merged one was put back whole above.
    Ok(())
}

/// The merged record with its identities as they are now.
fn give_back(
    writer: &mut Writer<'_>,
    merge: &Merge,
    identities: Vec<crate::patients::record::Identity>,
) -> Outcome<()> {
    let Some((before, _)) = merge.changed.iter().find(|(it, _)| it.id == merge.from) else {
        return Err(Fault::broken("a merge without its own record"));
    };
    let mut back = before.clone();
    back.identities = identities;
    for identity in &mut back.identities {
        identity.came_with = merge.unmark(identity.came_with);
    }
    writer.put(&back)
}

/// Proposals and decisions that the merge changed are as before; those made since stay.
fn restore_suspects(now: &mut Patient, before: &Patient, after: &Patient) {
    now.possible_duplicates.retain(|it| {
        let known = |list: &[Suspect]| list.iter().any(|other| other.patient == it.patient);
        !known(&after.possible_duplicates) || known(&before.possible_duplicates)
    });
    for it in &before.possible_duplicates {
        let decided = now.apart.iter().any(|other| other.suspect.patient == it.patient);
        if !decided && !now.possible_duplicates.iter().any(|other| other.patient == it.patient) {
            now.possible_duplicates.push(it.clone());
        }
    }
    now.apart.retain(|it| {
        let known =
            |list: &[Apart]| list.iter().any(|other| other.suspect.patient == it.suspect.patient);
        !known(&after.apart) || known(&before.apart)
    });
}
