//! Editions: of one document several versions may come, in any order. The newest of a series stands
//! (CDA R2 `setId` and `versionNumber`), as does one that says whose place it takes (`RPLC`, a
//! replacement message of HL7 v2 MDM, FHIR `relatesTo`); the older ones are kept, named, and say
//! nothing any more. When the newer one is undone, they speak again.

use crate::anew::{Round, Seam};
use crate::voices::{Standing, named};
use crate::work::Areas;
use almoner_core::export::{Export, Problem, Severity};
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{FileId, RawId};
use almoner_frame::anew::{
    EDITION_OF, EDITION_OWN, EDITION_REPLACES, EDITION_SET, Edition, EditionId, number_key,
};
use almoner_frame::intake::IntakeFile;
use almoner_store::{Desk, Key, Reader, Writer};
use std::collections::BTreeSet;
use std::sync::Arc;

/// Editions of one series or number that are compared, at most.
const CROWD: usize = 200;

/// Whether a document that stands takes the place of this member of a file.
pub(crate) fn is_replaced(
    reader: &Reader<'_>,
    areas: Areas,
    sha256: &[u8; 32],
    member: &str,
    without: Option<[u8; 32]>,
) -> Outcome<bool> {
    let own = |it: &Edition| it.member == member || is_within(member, &it.member);
    for edition in of_file(reader, sha256)?.into_iter().filter(own) {
        for other in kin(reader, &edition)? {
            let stands = without != Some(other.sha256);
            if stands && takes_place(reader, areas, &other, &edition)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Whether a member is enclosed in another of the file, and so goes with it.
fn is_within(member: &str, other: &str) -> bool {
    let rest = member.strip_prefix(other);
    rest.is_some_and(|rest| other.is_empty() && !rest.is_empty() || rest.starts_with('/'))
}

/// The files of which a document is replaced by one of these.
pub(crate) fn replaced_by(
    reader: &Reader<'_>,
    areas: Areas,
    editions: &[Edition],
) -> Outcome<BTreeSet<FileId>> {
    let mut files = BTreeSet::new();
    for edition in editions {
        for other in kin(reader, edition)? {
            if takes_place(reader, areas, edition, &other)? {
                files.insert(other.file);
            }
        }
    }
    Ok(files)
}

/// The editions that a file holds, as known.
pub(crate) fn of_file(reader: &Reader<'_>, sha256: &[u8; 32]) -> Outcome<Vec<Edition>> {
    let ids = reader.ids::<EditionId>(EDITION_OF, &Key::all().digest(sha256))?;
    ids.into_iter().map(|id| reader.get(id)).collect()
}

/// The editions that a file holds, as read: what its members are, by their paths.
pub(crate) fn read(file: &IntakeFile, heads: &[(String, Export)]) -> Vec<Edition> {
    let edition = |(path, export): &(String, Export)| Edition {
        id: id(&file.sha256.0, path),
        file: file.receipt.id,
        sha256: file.sha256.0,
        member: path.clone(),
        document: export.document.clone(),
        own: export.identifier.clone(),
        set: export.set.clone(),
        version: export.set_version,
        replaces: export.replaces.clone(),
    };
    heads.iter().map(edition).collect()
}

/// When all statements of a file are in: older editions say nothing any more, or this one is the
/// older. Returns what its receipt says of that.
pub(crate) fn settle(
    seam: &Seam<'_>,
    file: &Arc<IntakeFile>,
    editions: &[Edition],
) -> Outcome<Vec<Problem>> {
    let (desk, areas) = (seam.desk, seam.areas);
    let mut older = desk.read(|reader| replaced_by(reader, areas, editions))?;
    older.remove(&file.receipt.id);
    let late = desk.read(|reader| is_any_replaced(reader, areas, editions))?;
    if older.is_empty() && !late {
        return Ok(Vec::new());
    }
    keep(desk, editions.to_vec())?;
    let mut round = Round::new(seam, Standing::default(), true);
    let mut notes = Vec::new();
    if late {
        notes.push(match round.file(file) {
            Err(Fault::Refused(_)) => note("version_undecided", UNDECIDED),
            told => told.map(|()| note("newer_version_here", NEWER_HERE))?,
        });
    }
    for id in older {
        let old = Arc::new(desk.read(|reader| reader.get::<IntakeFile>(id))?);
        match round.file(&old) {
            Err(Fault::Refused(_)) => {
                notes.push(note("version_undecided", UNDECIDED));
                continue;
            }
            told => told?,
        }
        say_replaced(desk, id)?;
        if notes.last().is_none_or(|it| it.code != "replaces_earlier") {
            notes.push(note("replaces_earlier", REPLACES));
        }
    }
    Ok(notes)
}

const NEWER_HERE: &str = "A newer version of this document is here already. This one is kept, and \
     what it says is not shown.";
const REPLACES: &str = "This document takes the place of an earlier version. What only the earlier \
     version said is not shown any more.";
const REPLACED: &str = "A newer version of this document came later and has taken its place. What \
     only this one said is not shown any more.";

const UNDECIDED: &str = "Several versions of this document are here, of a patient whose records people \
     have made one: what each version says is still shown.";

fn note(code: &str, words: &str) -> Problem {
    Problem::new(Severity::Info, "file", code, words)
}

fn is_any_replaced(reader: &Reader<'_>, areas: Areas, editions: &[Edition]) -> Outcome<bool> {
    for edition in editions {
        for other in kin(reader, edition)? {
            if takes_place(reader, areas, &other, edition)? {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Keeps them; keeping them again does nothing.
pub(crate) fn keep(desk: &Desk, editions: Vec<Edition>) -> Outcome<()> {
    if editions.is_empty() {
        return Ok(());
    }
    let act = crate::work::act(desk, "intake.edition");
    let work = move |writer: &mut Writer<'_>| editions.iter().try_for_each(|it| writer.put(it));
    desk.write_bulk(act, work).wait()
}

/// The receipt of the older version says that it was replaced, once.
fn say_replaced(desk: &Desk, id: FileId) -> Outcome<()> {
    let act = crate::work::act(desk, "intake.edition");
    let work = move |writer: &mut Writer<'_>| {
        let mut file = writer.get::<IntakeFile>(id)?;
        let problems = &mut file.receipt.problems;
        if problems.iter().all(|it| it.code != "replaced_by_newer") {
            problems.push(note("replaced_by_newer", REPLACED));
        }
        writer.put(&file)
    };
    desk.write_bulk(act, work).wait()
}

/// Editions that may have to do with one another: of one series, or naming each other.
fn kin(reader: &Reader<'_>, edition: &Edition) -> Outcome<Vec<Edition>> {
    let mut ids = BTreeSet::new();
    let mut look = |index, id| -> Outcome<()> {
        let found = reader.ids::<EditionId>(index, &number_key(id))?;
        ids.extend(found.into_iter().take(CROWD));
        Ok(())
    };
    edition.set.iter().try_for_each(|id| look(EDITION_SET, id))?;
    edition.own.iter().try_for_each(|id| look(EDITION_REPLACES, id))?;
    edition.replaces.iter().try_for_each(|id| look(EDITION_OWN, id))?;
    let others = ids.into_iter().filter(|id| *id != edition.id);
    others.map(|id| reader.get(id)).collect()
}

/// Whether one document takes the place of another. A series alone is believed of one person and one
/// kind of document only: numbers of samples and templates stand in many files.
fn takes_place(reader: &Reader<'_>, areas: Areas, new: &Edition, old: &Edition) -> Outcome<bool> {
    if new.sha256 == old.sha256 || new.own.is_some() && new.own == old.own {
        return Ok(false);
    }
    let says = |a: &Edition, b: &Edition| b.own.as_ref().is_some_and(|id| a.replaces.contains(id));
    if says(new, old) {
        return Ok(!says(old, new));
    }
    let later = matches!((new.version, old.version), (Some(new), Some(old)) if new > old);
    let series = new.set.is_some() && new.set == old.set && new.document == old.document;
    if !later || !series || says(old, new) {
        return Ok(false);
    }
    let people = named(reader, areas, &old.sha256)?;
    Ok(named(reader, areas, &new.sha256)?.iter().any(|one| people.contains(one)))
}

fn id(sha256: &[u8; 32], member: &str) -> EditionId {
    let sum = crate::claim::sha256(&[sha256.as_slice(), member.as_bytes()].concat());
    let mut bytes = [0; 16];
    bytes.copy_from_slice(sum.first_chunk::<16>().unwrap_or(&[0; 16]));
    EditionId(RawId::from_bytes(bytes))
}
