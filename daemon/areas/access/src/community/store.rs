//! Taking a directory's entries, and finding them again.

mod anew;

use super::record::{
    BY_NAME, BY_NUMBER, BY_TERM, BY_WORD, Listing, ResourceEntry, ResourceId, STANDING,
};
use super::rules;
use almoner_core::clinical::{Content, ServiceEntry};
use almoner_core::export::Statement;
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_core::text::fold;
use almoner_frame::{Incoming, Taken};
use almoner_store::{Key, Reader, Writer};
use std::collections::BTreeSet;

pub(super) use anew::ANEW;

/// Files that an entry remembers.
const LISTINGS: usize = 12;

/// Takes a statement of a directory; others are not ours.
pub(super) fn take(
    writer: &mut Writer<'_>,
    file: &Incoming,
    _: Option<PatientId>,
    said: &Statement,
) -> Outcome<Taken> {
    match &said.content {
        Content::Resource(service) => listed(writer, file, said, service),
        Content::ResourceList(_) => withdraw(writer, file, said),
        _ => Ok(Taken::NotMine),
    }
}

/// One entry.
pub fn entry(reader: &Reader<'_>, id: ResourceId) -> Outcome<ResourceEntry> {
    reader.get(id)
}

/// The entries that have every word that was typed (words may be begun only) and stand under the
/// term, if one is asked for; all of them where nothing is. Those that people can be sent to come
/// first, by name; others only where they are asked for too.
pub fn find(
    reader: &Reader<'_>,
    typed: &str,
    term: &str,
    others: bool,
) -> Outcome<Vec<ResourceId>> {
    let mut fits: Option<BTreeSet<ResourceId>> = None;
    let mut narrow = |ids: BTreeSet<ResourceId>| {
        fits = Some(fits.take().map_or_else(|| ids.clone(), |held| &held & &ids));
    };
    for word in rules::asked(typed) {
        let ids = reader.ids::<ResourceId>(BY_WORD, &Key::all().prefix(&word))?;
        narrow(ids.into_iter().collect());
    }
    if !term.is_empty() {
        let key = Key::all().sum::<12>(&[&fold(term)]);
        narrow(reader.ids::<ResourceId>(BY_TERM, &key)?.into_iter().collect());
    }
    let mut all = reader.ids::<ResourceId>(BY_NAME, &Key::all().byte(0))?;
    if others {
        all.extend(reader.ids::<ResourceId>(BY_NAME, &Key::all().byte(1))?);
    }
    if let Some(fits) = fits {
        all.retain(|id| fits.contains(id));
    }
    Ok(all)
}

/// How many entries people can be sent to, and how many others there are.
pub(super) fn standing(reader: &Reader<'_>) -> Outcome<(u64, u64)> {
    let count = |standing: u8| reader.counted(STANDING, &Key::all().byte(standing));
    Ok((count(0)?, count(1)?))
}

/// Takes an entry: new, known, or known and now told otherwise.
fn listed(
    writer: &mut Writer<'_>,
    file: &Incoming,
    said: &Statement,
    service: &ServiceEntry,
) -> Outcome<Taken> {
    let number = rules::number(service, &file.source);
    let key = Key::all().sum::<12>(&[&number]);
    let known = writer.exactly::<ResourceId>(BY_NUMBER, &key)?;
    let listing = listing(file, said);
    for id in known {
        let known: ResourceEntry = writer.get(id)?;
        if known.number == number {
            return again(writer, known, service, listing);
        }
    }
    let entry = ResourceEntry {
        id: anew::known_id(writer, &number)?.unwrap_or_else(ResourceId::random),
        number,
        service: service.clone(),
        first_seen: listing.received,
        updated: listing.received,
        listings: vec![listing],
        withdrawn: None,
        missing: Vec::new(),
    };
    writer.put(&entry)?;
    Ok(Taken::New)
}

/// A known entry, listed again.
fn again(
    writer: &mut Writer<'_>,
    mut known: ResourceEntry,
    service: &ServiceEntry,
    listing: Listing,
) -> Outcome<Taken> {
    if known.listings.iter().any(|it| it.sha256 == listing.sha256 && it.place == listing.place) {
        return Ok(Taken::Same);
    }
    let later = known.newest().is_none_or(|it| listing.received >= it.received)
        && known.withdrawn.is_none_or(|at| listing.received >= at);
    let dates = (known.service.modified.as_ref(), service.modified.as_ref());
    let takes = rules::is_newer(dates.0, dates.1, later);
    let changed = takes && (known.service != *service || known.withdrawn.is_some());
    if changed {
        known.service = service.clone();
        known.updated = listing.received;
    }
    if later {
        known.withdrawn = None;
    }
    known.listings.push(listing);
    known.listings.sort_by_key(|it| it.received);
    let over = known.listings.len().saturating_sub(LISTINGS);
    known.listings.drain(..over);
    writer.put(&known)?;
    Ok(if changed { Taken::Changed } else { Taken::Same })
}

/// The file lists all that its source has: what it listed before and does not list now is withdrawn.
/// Without a source's name nobody knows whose list it is, and nothing is withdrawn.
fn withdraw(writer: &mut Writer<'_>, file: &Incoming, said: &Statement) -> Outcome<Taken> {
    if file.source.is_empty() {
        return Ok(Taken::Withdrew(0));
    }
    let mut count = 0;
    for id in anew::concerned(writer, file)? {
        let Some(mut known) = writer.find::<ResourceEntry>(id)? else { continue };
        let newest = known.newest().map(|it| (it.received, it.sha256, it.source.clone()));
        let gone = newest.is_some_and(|(received, sha256, source)| {
            received < file.received && sha256 != file.sha256 && source == file.source
        });
        if !gone {
            continue;
        }
        if known.withdrawn.is_none() {
            known.withdrawn = Some(file.received);
            count += 1;
        }
        let told = known.missing.iter().any(|it| it.sha256 == file.sha256);
        if !told && known.missing.len() < LISTINGS {
            known.missing.push(listing(file, said));
        }
        writer.put(&known)?;
    }
    Ok(Taken::Withdrew(count))
}

fn listing(file: &Incoming, said: &Statement) -> Listing {
    Listing {
        file: file.file,
        sha256: file.sha256,
        source: file.source.clone(),
        member: file.member.clone(),
        place: said.place.clone(),
        key: said.key.clone(),
        received: file.received,
    }
}
