//! Taking instruments from files, and looking them up.

use super::record::{BY_ADDRESS, BY_NAME, HeldInstrument, InstrumentId};
use super::rules;
use almoner_core::clinical::Content;
use almoner_core::export::Statement;
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_frame::{Incoming, Taken};
use almoner_store::{Key, Reader, Writer};

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
        id: InstrumentId::random(),
        address,
        instrument: (**instrument).clone(),
        verbatim: said.verbatim.clone(),
        file: file.file,
        sha256: file.sha256,
        source: file.source.clone(),
        received: file.received,
        first_seen: file.received,
    };
    let Some(known) = known(writer, &held.address)? else {
        writer.put(&held)?;
        return Ok(Taken::New);
    };
    if known.instrument == held.instrument || known.received > held.received {
        return Ok(Taken::Same);
    }
    (held.id, held.first_seen) = (known.id, known.first_seen);
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
