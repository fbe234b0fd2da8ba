//! Looking through the trail, the newest entry first. All that is asked for are opaque ids and the
//! house's own words, so an address of this page tells nobody's name.

use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_store::{Reader, TrailEntry};

/// Entries read at a time.
const CHUNK: u64 = 500;
/// Entries looked at for one page at most; the page says how to go on.
const LOOK: u64 = 20_000;

/// What is asked for; empty means anything.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    pub patient: Option<PatientId>,
    /// Id of the actor: a member of staff, or a name of a program or administrator.
    pub actor: String,
    pub verb: String,
}

/// Entries found, the newest first, and where the older ones begin.
pub(super) struct Found {
    pub entries: Vec<TrailEntry>,
    pub older: Option<u64>,
}

impl Wanted {
    fn takes(&self, found: &TrailEntry) -> bool {
        let entry = &found.entry;
        (self.actor.is_empty() || entry.actor.id == self.actor)
            && (self.verb.is_empty() || entry.verb == self.verb)
            && self.patient.is_none_or(|id| concerns(found, id))
    }
}

/// Up to `limit` entries that are asked for, with sequence numbers below `before`.
pub(super) fn search(
    reader: &Reader<'_>,
    wanted: &Wanted,
    before: u64,
    limit: usize,
) -> Outcome<Found> {
    let mut entries = Vec::new();
    let mut top = before.min(reader.trail_size()?);
    let end = top.saturating_sub(LOOK);
    while top > end {
        let from = top.saturating_sub(CHUNK).max(end);
        let chunk = reader.trail(from, usize::try_from(top - from).unwrap_or(0))?;
        for entry in chunk.into_iter().rev().filter(|entry| wanted.takes(entry)) {
            let seq = entry.seq;
            entries.push(entry);
            if entries.len() == limit {
                return Ok(Found { entries, older: (seq > 0).then_some(seq) });
            }
        }
        top = from;
    }
    Ok(Found { entries, older: (end > 0).then_some(end) })
}

/// Up to `limit` of a patient's entries below `before`, the newest first.
pub(super) fn of_patient(
    reader: &Reader<'_>,
    patient: PatientId,
    before: u64,
    limit: usize,
) -> Outcome<Found> {
    let size = usize::try_from(LOOK).unwrap_or(usize::MAX);
    let mut entries = reader.trail_of(patient, size)?;
    entries.retain(|entry| entry.seq < before);
    entries.reverse();
    let older = entries.get(limit).and_then(|_| entries.get(limit - 1)).map(|last| last.seq);
    entries.truncate(limit);
    Ok(Found { entries, older })
}

fn concerns(found: &TrailEntry, id: PatientId) -> bool {
    let id = id.to_string();
    found.entry.patient.as_ref() == Some(&id)
        || found.entry.records.iter().any(|it| it.kind == "patient" && it.id == id)
}
