//! Instruments when files speak anew: one that an undone file alone held goes, and of several versions
//! under one address the newest of the files that stand.

use super::super::record::{BY_ADDRESS, HELD_IN, HeldInstrument, InstrumentId, file_key};
use almoner_core::changes::Way;
use almoner_core::clinical::FactKind;
use almoner_core::fault::Outcome;
use almoner_core::ids::{RawId, RecordId};
use almoner_frame::anew::{Anew, Mention, Told, Whose};
use almoner_store::{Key, Reader, Turned, Writer};
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

/// The instruments that a file holds, each with all places that hold it.
fn shared(reader: &Reader<'_>, sha256: &[u8; 32]) -> Outcome<Vec<(RawId, Vec<Mention>)>> {
    let one = |held: HeldInstrument| {
        let places = held.holders.iter().map(super::super::record::Holder::mention).collect();
        (RawId::from_bytes(held.id.bytes()), places)
    };
    Ok(of_file(reader, sha256)?.into_iter().map(one).collect())
}

fn asserted(reader: &Reader<'_>, sha256: &[u8; 32]) -> Outcome<BTreeMap<FactKind, u32>> {
    let count = u32::try_from(of_file(reader, sha256)?.len()).unwrap_or(u32::MAX);
    Ok(if count > 0 { BTreeMap::from([(FactKind::Instrument, count)]) } else { BTreeMap::new() })
}

fn first(reader: &Reader<'_>, sha256: &[u8; 32], member: &str, key: &str) -> Outcome<Option<bool>> {
    let found = of_file(reader, sha256)?.into_iter().find_map(|held| {
        let mut holders = held.holders.iter();
        let at =
            holders.position(|it| it.sha256 == *sha256 && it.member == member && it.key == key)?;
        Some(at == 0)
    });
    Ok(found)
}

fn clear(writer: &mut Writer<'_>, whose: Whose<'_>) -> Outcome<()> {
    let Whose::Nobody(ids) = whose else { return Ok(()) };
    for id in ids.iter().map(|id| InstrumentId::from_bytes(id.bytes())) {
        if writer.find::<HeldInstrument>(id)?.is_some() {
            writer.remove::<HeldInstrument>(id)?;
        }
    }
    Ok(())
}

fn tell(_: &Reader<'_>, turned: &Turned) -> Outcome<Option<Told>> {
    let (before, after) = (turned.before::<HeldInstrument>()?, turned.after::<HeldInstrument>()?);
    let way = match (&before, &after) {
        (Some(_), None) => Way::Gone,
        (None, Some(_)) => Way::New,
        (Some(before), Some(after)) if before.instrument == after.instrument => Way::Kept,
        (Some(_), Some(_)) => Way::Changed,
        (None, None) => return Ok(None),
    };
    let label = after.or(before).map(|held| held.instrument.label().to_owned());
    Ok(label.map(|label| Told::Fact(FactKind::Instrument, way, label)))
}

/// The id of the instrument that stood under this address before it was taken away.
pub(super) fn known_id(writer: &Writer<'_>, address: &str) -> Outcome<Option<InstrumentId>> {
    let Some(outer) = writer.outer() else { return Ok(None) };
    for id in outer.exactly::<InstrumentId>(BY_ADDRESS, &Key::all().sum::<12>(&[address]))? {
        let same = outer.get::<HeldInstrument>(id)?.address == address;
        if same && writer.find::<HeldInstrument>(id)?.is_none() {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

fn of_file(reader: &Reader<'_>, sha256: &[u8; 32]) -> Outcome<Vec<HeldInstrument>> {
    let ids: BTreeSet<InstrumentId> = reader.ids(HELD_IN, &file_key(sha256))?.into_iter().collect();
    ids.into_iter().map(|id| reader.get(id)).collect()
}
