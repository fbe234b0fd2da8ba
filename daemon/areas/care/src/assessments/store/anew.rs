//! Instruments when files speak anew: one that an undone file alone held goes, and of several versions
//! under one address the newest of the files that stand.

use super::super::record::{BY_ADDRESS, HELD_IN, HeldInstrument, InstrumentId, file_key};
use almoner_core::clinical::FactKind;
use almoner_core::fault::Outcome;
use almoner_core::ids::{RawId, RecordId};
use almoner_frame::anew::{self, Anew, Mention, Told, Whose};
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
    match whose {
        Whose::Nobody(ids) => anew::clear::<HeldInstrument>(writer, ids),
        Whose::Patient(_) => Ok(()),
    }
}

fn tell(_: &Reader<'_>, turned: &Turned) -> Outcome<Option<Told>> {
    let alike =
        |before: &HeldInstrument, after: &HeldInstrument| before.instrument == after.instrument;
    let turn = anew::turn(turned, alike)?;
    Ok(turn.map(|(way, held)| {
        Told::Fact(FactKind::Instrument, way, held.instrument.label().to_owned())
    }))
}

/// The id of the instrument that stood under this address before it was taken away.
pub(super) fn known_id(writer: &Writer<'_>, address: &str) -> Outcome<Option<InstrumentId>> {
    let key = Key::all().sum::<12>(&[address]);
    anew::known_id(writer, BY_ADDRESS, &key, |held: &HeldInstrument| held.address == address)
}

fn of_file(reader: &Reader<'_>, sha256: &[u8; 32]) -> Outcome<Vec<HeldInstrument>> {
    let ids: BTreeSet<InstrumentId> = reader.ids(HELD_IN, &file_key(sha256))?.into_iter().collect();
    ids.into_iter().map(|id| reader.get(id)).collect()
}
