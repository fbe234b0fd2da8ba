//! Looking through the trail, the newest entry first. All that is asked for are opaque ids, days, and
//! the house's own words, so an address of this page tells nobody's name.

use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_core::time::Timestamp;
use almoner_store::{Reader, TrailEntry};

/// Entries read at a time.
const CHUNK: usize = 500;
/// Entries looked at for one page at most; the page says how to go on.
const LOOK: usize = 20_000;
/// So far around a day's first and last entry others are looked at: the clock may have been set.
const SLACK: u64 = 500;

/// What is asked for; empty means anything.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    pub patient: Option<PatientId>,
    /// Id of the actor: a member of staff, or a name of a program or administrator.
    pub actor: String,
    pub verb: String,
    /// Made at this instant or after it …
    pub from: Option<Timestamp>,
    /// … and before this one.
    pub to: Option<Timestamp>,
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
            && self.is_in_time(&entry.at)
    }

    fn is_in_time(&self, at: &str) -> bool {
        if self.from.is_none() && self.to.is_none() {
            return true;
        }
        let Ok(at) = at.parse::<Timestamp>() else { return true };
        self.from.is_none_or(|from| at >= from) && self.to.is_none_or(|to| at < to)
    }
}

/// Up to `limit` entries that are asked for, with sequence numbers below `before`: of one patient by
/// their own index, else of the whole trail.
pub(super) fn search(
    reader: &Reader<'_>,
    wanted: &Wanted,
    before: u64,
    limit: usize,
) -> Outcome<Found> {
    let mut top = before.min(reader.trail_size()?);
    if let Some(to) = wanted.to {
        top = top.min(reader.trail_since(to)?.saturating_add(SLACK));
    }
    let end = match wanted.from {
        Some(from) => reader.trail_since(from)?.saturating_sub(SLACK),
        None => 0,
    };
    let (mut entries, mut looked) = (Vec::new(), 0);
    while top > end && looked < LOOK {
        let chunk = if let Some(patient) = wanted.patient {
            reader.trail_of_before(patient, top, CHUNK)?
        } else {
            let from = top.saturating_sub(CHUNK as u64);
            reader.trail(from, usize::try_from(top - from).unwrap_or(0))?
        };
        let Some(first) = chunk.first().map(|entry| entry.seq) else { break };
        looked += chunk.len();
        for entry in chunk.into_iter().rev().filter(|entry| wanted.takes(entry)) {
            let seq = entry.seq;
            if entries.len() == limit {
                let older = entries.last().map(|last: &TrailEntry| last.seq);
                return Ok(Found { entries, older });
            }
            if seq >= end {
                entries.push(entry);
            }
        }
        top = first;
    }
    let more = looked >= LOOK && top > end;
    Ok(Found { entries, older: more.then_some(top) })
}

fn concerns(found: &TrailEntry, id: PatientId) -> bool {
    let id = id.to_string();
    found.entry.patient.as_ref() == Some(&id)
        || found.entry.records.iter().any(|it| it.kind == "patient" && it.id == id)
}
