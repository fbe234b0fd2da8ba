//! Entries when files speak anew: what an undone file alone listed goes, what another file said before
//! stands again, and what only the undone file had dropped is listed again.

use super::super::record::{
    BY_NUMBER, MISSING_IN, OF_FILE, OF_SOURCE, ResourceEntry, ResourceId, file_key,
};
use super::super::rules;
use almoner_core::clinical::FactKind;
use almoner_core::fault::Outcome;
use almoner_core::ids::{RawId, RecordId};
use almoner_frame::Incoming;
use almoner_frame::anew::{self, Anew, Mention, Told, Whose};
use almoner_store::{Index, Key, Reader, Turned, Writer};
use std::collections::{BTreeMap, BTreeSet};

/// What the area does then.
pub(crate) const ANEW: Anew = Anew {
    shared: Some(shared),
    asserted: Some(asserted),
    first: Some(first),
    clear: Some(clear),
    tell: Some(tell),
    ..Anew::NOTHING
};

/// The entries that a file lists or dropped, each with all places that speak of it.
fn shared(reader: &Reader<'_>, sha256: &[u8; 32]) -> Outcome<Vec<(RawId, Vec<Mention>)>> {
    let entries = under(reader, OF_FILE, sha256)?;
    Ok(entries.into_iter().map(|entry| (raw(entry.id), entry.mentions())).collect())
}

fn asserted(reader: &Reader<'_>, sha256: &[u8; 32]) -> Outcome<BTreeMap<FactKind, u32>> {
    let lists = |entry: &ResourceEntry| entry.listings.iter().any(|it| it.sha256 == *sha256);
    let count = under(reader, OF_FILE, sha256)?.iter().filter(|entry| lists(entry)).count();
    let count = u32::try_from(count).unwrap_or(u32::MAX);
    Ok(if count > 0 { BTreeMap::from([(FactKind::Resource, count)]) } else { BTreeMap::new() })
}

fn first(reader: &Reader<'_>, sha256: &[u8; 32], member: &str, key: &str) -> Outcome<Option<bool>> {
    let here = |it: &Mention| it.sha256 == *sha256 && it.member == member && it.key == key;
    let found = under(reader, OF_FILE, sha256)?.into_iter().find_map(|entry| {
        let lists = entry.listings.len();
        let at = entry.mentions().into_iter().take(lists).position(|it| here(&it))?;
        Some(at == 0)
    });
    Ok(found)
}

fn clear(writer: &mut Writer<'_>, whose: Whose<'_>) -> Outcome<()> {
    match whose {
        Whose::Nobody(ids) => anew::clear::<ResourceEntry>(writer, ids),
        Whose::Patient(_) => Ok(()),
    }
}

fn tell(_: &Reader<'_>, turned: &Turned) -> Outcome<Option<Told>> {
    let alike = |before: &ResourceEntry, after: &ResourceEntry| {
        (&before.service, before.withdrawn) == (&after.service, after.withdrawn)
    };
    let turn = anew::turn(turned, alike)?;
    Ok(turn.map(|(way, entry)| {
        Told::Fact(FactKind::Resource, way, rules::title(&entry.service).to_owned())
    }))
}

/// The id of the entry that stood under this number before it was taken away.
pub(super) fn known_id(writer: &Writer<'_>, number: &str) -> Outcome<Option<ResourceId>> {
    let key = Key::all().sum::<12>(&[number]);
    anew::known_id(writer, BY_NUMBER, &key, |entry: &ResourceEntry| entry.number == number)
}

/// The entries of which a file's word that its list is whole may say something: all of its source; when
/// it speaks anew, those that it was found not to list.
pub(super) fn concerned(writer: &Writer<'_>, file: &Incoming) -> Outcome<BTreeSet<ResourceId>> {
    let ids = match writer.outer() {
        Some(outer) => outer.ids::<ResourceId>(MISSING_IN, &file_key(&file.sha256))?,
        None => writer.ids::<ResourceId>(OF_SOURCE, &Key::all().text(&file.source))?,
    };
    Ok(ids.into_iter().collect())
}

fn under(reader: &Reader<'_>, index: Index, sha256: &[u8; 32]) -> Outcome<Vec<ResourceEntry>> {
    let ids: BTreeSet<ResourceId> = reader.ids(index, &file_key(sha256))?.into_iter().collect();
    ids.into_iter().map(|id| reader.get(id)).collect()
}

fn raw(id: ResourceId) -> RawId {
    RawId::from_bytes(id.bytes())
}
