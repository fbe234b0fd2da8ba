//! Taking instruments from files, and looking them up.

mod anew;

use super::record::{BY_ADDRESS, BY_NAME, HeldInstrument, Holder, InstrumentId};
use super::rules;
use almoner_core::clinical::Content;
use almoner_core::export::Statement;
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_frame::{Incoming, Taken};
use almoner_store::{Key, Reader, Writer};

pub(super) use anew::ANEW;

/// Files that an instrument remembers.
const HOLDERS: usize = 50;

/// Takes an instrument; other statements are not ours.
pub(super) fn take(
    writer: &mut Writer<'_>,
    file: &Incoming,
    _: Option<PatientId>,
    said: &Statement,
) -> Outcome<Taken> {
    let Content::Instrument(instrument) = &said.content else { return Ok(Taken::NotMine) };
    let address = rules::address(instrument);
    let mut held = HeldInstrument {
        id: anew::known_id(writer, &address)?.unwrap_or_else(InstrumentId::random),
        address,
        instrument: (**instrument).clone(),
        verbatim: said.verbatim.clone(),
        file: file.file,
        sha256: file.sha256,
        source: file.source.clone(),
        received: file.received,
        first_seen: file.received,
        holders: vec![Holder {
            file: file.file,
            sha256: file.sha256,
            member: file.member.clone(),
            key: said.key.clone(),
        }],
    };
    let Some(mut known) = known(writer, &held.address)? else {
        writer.put(&held)?;
        return Ok(Taken::New);
    };
    for holder in held.holders.drain(..) {
        if !known.holders.contains(&holder) && known.holders.len() < HOLDERS {
            known.holders.push(holder);
        }
    }
    if known.instrument == held.instrument || known.received > held.received {
        writer.put(&known)?;
        return Ok(Taken::Same);
    }
    (held.id, held.first_seen, held.holders) = (known.id, known.first_seen, known.holders);
    writer.put(&held)?;
    Ok(Taken::Changed)
}

/// One instrument.
pub fn held(reader: &Reader<'_>, id: InstrumentId) -> Outcome<HeldInstrument> {
    reader.get(id)
}

/// Every instrument, by name.
pub fn all(reader: &Reader<'_>) -> Outcome<Vec<HeldInstrument>> {
    let ids = reader.ids::<InstrumentId>(BY_NAME, &Key::all())?;
    ids.into_iter().map(|id| reader.get(id)).collect()
}

fn known(reader: &Reader<'_>, address: &str) -> Outcome<Option<HeldInstrument>> {
    for id in reader.exactly::<InstrumentId>(BY_ADDRESS, &Key::all().sum::<12>(&[address]))? {
        let held: HeldInstrument = reader.get(id)?;
        if held.address == address {
            return Ok(Some(held));
        }
    }
    Ok(None)
}
