//! The queue of possible duplicates: who is decided next (`matching.md` §8).

use crate::patients::record::{Patient, Suspect};
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_core::loops::{LoopKind, Scope};
use almoner_core::time::Timestamp;
use almoner_store::Reader;
use std::cmp::Reverse;

/// A record that asks whether it is another one too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Waiting {
    pub patient: PatientId,
    /// Somebody of the pair has just been discharged, and is owed a call or a visit.
    pub urgent: bool,
    /// By how much the first possible duplicate is likelier than the second, in tenths of a bit.
    pub margin: i32,
    pub since: Timestamp,
}

/// Those who are to be decided, the first one first: discharges before all, then where one pair stands
/// out most, then what waits longest. So many are looked at, at most.
pub fn waiting(reader: &Reader<'_>, most: usize) -> Outcome<Vec<Waiting>> {
    let today = reader.rules().zone.day(reader.now());
    let asks = |kind| kind == LoopKind::Match;
    let mut queue = Vec::new();
    for open in reader.loops_where(Scope::Team, None, None, most, &asks)? {
        let Some(patient) = open.owed.patient else { continue };
        if queue.iter().any(|it: &Waiting| it.patient == patient) {
            continue;
        }
        let known = reader.get::<Patient>(patient)?;
        let due = |it: &&Suspect| it.again.is_none_or(|day| day <= today);
        let due: Vec<&Suspect> = known.possible_duplicates.iter().filter(due).collect();
        let doubted = known.doubts().map(|(_, it)| it.since).min();
        let asked = due.iter().filter(|it| it.asks).map(|it| it.since).min();
        let Some(since) = asked.into_iter().chain(doubted).min() else { continue };
        let mut people = vec![patient];
        people.extend(due.iter().map(|it| it.patient));
        let mut urgent = false;
        for id in people {
            urgent |= reader.loops_of(id)?.iter().any(|it| is_urgent(it.owed.kind));
        }
        let mut scores: Vec<i32> = due.iter().map(|it| it.tenths).collect();
        scores.sort_unstable_by_key(|tenths| Reverse(*tenths));
        let second = scores.get(1).copied().unwrap_or(0);
        let stands_out = scores.first().copied().unwrap_or(0) - second;
        // A source's own word that a chart is mixed stands out more than any likeness.
        let margin = if doubted.is_some() { i32::MAX } else { stands_out };
        queue.push(Waiting { patient, urgent, margin, since });
    }
    queue.sort_by_key(|it| (!it.urgent, Reverse(it.margin), it.since, it.patient));
    Ok(queue)
}

fn is_urgent(kind: LoopKind) -> bool {
    matches!(
        kind,
        LoopKind::TransitionContact
            | LoopKind::TransitionMedicines
            | LoopKind::TransitionVisit
            | LoopKind::TransitionMonitoring
    )
}
