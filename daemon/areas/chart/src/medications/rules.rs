//! When two statements tell one medicine, and which medicines are current. Pure.

use crate::facts::rules::{
    Likeness, Pair, Times, fill, fill_concept, fill_text, fill_time, same_concept, same_quantity,
    times,
};
use almoner_core::clinical::Medication;
use almoner_core::text::fold;

/// Compares two medicines. What is ordered and what is reported as taken stay apart: they are two
/// lists that a person compares.
pub fn compare(old: &Medication, new: &Medication, pair: Pair) -> Likeness {
    if !same_concept(&old.code, &new.code) || old.use_ != new.use_ {
        return Likeness::Other;
    }
    let start = times(old.period.start.as_ref(), new.period.start.as_ref());
    let end = times(old.period.end.as_ref(), new.period.end.as_ref());
    let written = times(old.authored.as_ref(), new.authored.as_ref());
    let moved = start == Times::Differ || end == Times::Differ;
    let reordered = start != Times::Fit && written == Times::Differ;
    let one_number = pair.same_number && !pair.same_file;
    if (moved || reordered) && !one_number {
        return Likeness::Other;
    }
    match (taken_otherwise(old, new), pair.same_file) {
        (false, _) => Likeness::Same,
        (true, true) => Likeness::Other,
        (true, false) => Likeness::Differs,
    }
}

/// Takes over what a further statement says.
pub fn merge(into: &mut Medication, from: &Medication, newer: bool) {
    fill_concept(&mut into.code, &from.code);
    fill_text(&mut into.status, &from.status, newer && from.status != "unknown");
    fill_text(&mut into.sig, &from.sig, false);
    fill(&mut into.dose, &from.dose);
    fill(&mut into.route, &from.route);
    fill_text(&mut into.frequency, &from.frequency, false);
    into.as_needed |= from.as_needed;
    fill_time(&mut into.period.start, &from.period.start);
    fill_time(&mut into.period.end, &from.period.end);
    fill_time(&mut into.authored, &from.authored);
    fill(&mut into.refills, &from.refills);
    fill(&mut into.quantity, &from.quantity);
    fill(&mut into.days_supply, &from.days_supply);
    fill(&mut into.reason, &from.reason);
    fill(&mut into.requester, &from.requester);
    fill(&mut into.encounter, &from.encounter);
}

/// Whether it is taken now, as far as the source says (`fhir.md` A4: active and on hold).
pub fn current(it: &Medication) -> bool {
    matches!(it.status.as_str(), "active" | "on-hold" | "unknown" | "")
}

/// What became of a medicine from one list to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// The later list says that it is stopped, or not taken.
    Stopped,
    /// The later list does not name it.
    NotListed,
    New,
    /// It is listed, though the list before said that it is stopped.
    Again,
    /// It stands as before the stay: what was said at discharge is not taken over.
    AsBefore,
    /// Another dose, or other directions.
    Otherwise,
    Same,
}

/// A medicine on a list, and whether that says that it is taken.
#[derive(Clone, Copy, Debug)]
pub struct Listed<'m> {
    pub it: &'m Medication,
    pub taken: bool,
}

/// What became of a medicine between two lists; nothing where neither says that it is taken.
pub fn change(from: Option<Listed<'_>>, to: Option<Listed<'_>>) -> Option<Change> {
    match (from.filter(|it| it.taken), to) {
        (Some(_), None) => Some(Change::NotListed),
        (None, Some(to)) if to.taken => {
            Some(if from.is_some() { Change::Again } else { Change::New })
        }
        (None, None) => None,
        (None, Some(_)) => from.is_none().then_some(Change::Stopped),
        (Some(_), Some(to)) if !to.taken => Some(Change::Stopped),
        (Some(from), Some(to)) if taken_otherwise(from.it, to.it) => Some(Change::Otherwise),
        (Some(_), Some(_)) => Some(Change::Same),
    }
}

/// What became of a medicine since a discharge that changed it, seen from the list of before the stay:
/// a list that nobody has touched since is no news.
pub fn since(before: Option<Listed<'_>>, now: Option<Listed<'_>>, change: Change) -> Change {
    let (Some(before), Some(now)) = (before.filter(|it| it.taken), now) else { return change };
    match change {
        Change::New | Change::Again | Change::Otherwise => {
            let alike = !taken_otherwise(before.it, now.it);
            if alike { Change::AsBefore } else { change }
        }
        other => other,
    }
}

/// The directions differ: another dose, or other words where no dose is given.
pub fn taken_otherwise(old: &Medication, new: &Medication) -> bool {
    match (&old.dose, &new.dose) {
        (Some(a), Some(b)) if !same_quantity(a, b) => true,
        (Some(_), Some(_)) => false,
        _ => !old.sig.is_empty() && !new.sig.is_empty() && fold(&old.sig) != fold(&new.sig),
    }
}
