//! One record that is two people: which of its identities become a person of their own, and whose a
//! file's mention is then (`matching.md` §6, split).

use crate::patients::record::{Identity, Patient, Sighting, lasting};
use almoner_core::fault::Refusal;
use almoner_core::phrase::Phrase;

/// Names the identities as a form sends them: the place of each, and the newest file that said so, so
/// that what has changed since the page was drawn is noticed.
pub(crate) fn names(patient: &Patient) -> Vec<String> {
    let name = |(at, it): (usize, &Identity)| format!("{at}.{}", it.file);
    patient.identities.iter().enumerate().map(name).collect()
}

/// The places of the identities that a form names; what it names otherwise is left out.
pub(crate) fn chosen<'n>(patient: &Patient, named: impl Iterator<Item = &'n str>) -> Vec<usize> {
    let known = names(patient);
    let mut all: Vec<usize> =
        named.filter_map(|name| known.iter().position(|it| it == name)).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Whether these identities may become a person of their own.
pub(crate) fn may_go(patient: &Patient, go: &[usize]) -> Refusal {
    let mut refusal = Refusal::default();
    let all = &patient.identities;
    refusal.when(go.is_empty(), "take", Phrase::new("split-none"));
    refusal.when(go.len() >= all.len(), "take", Phrase::new("split-all"));
    // All that came with a record which was joined: two records are made of it by taking that back.
    let marks = go.iter().filter_map(|at| all.get(*at)?.came_with);
    let whole = marks.into_iter().any(|mark| {
        let mut of_it =
            (0..all.len()).filter(|at| all.get(*at).and_then(|it| it.came_with) == Some(mark));
        of_it.all(|at| go.contains(&at))
    });
    refusal.when(whole, "take", Phrase::new("split-merged"));
    refusal
}

/// Which of a patient's identities a file's mention means: the only one of its source, else by the
/// number, by the source's lasting key, by the place; `None` where that cannot be told.
pub(crate) fn meant(patient: &Patient, seen: &Sighting) -> Option<usize> {
    let all: Vec<(usize, &Identity)> = patient.identities.iter().enumerate().collect();
    let of_source: Vec<&(usize, &Identity)> =
        all.iter().filter(|(_, it)| it.source == seen.source).collect();
    if let [(only, _)] = of_source.as_slice() {
        return Some(*only);
    }
    let find = |is: &dyn Fn(&Identity) -> bool| {
        let mut fitting = of_source.iter().filter(|(_, it)| is(it));
        fitting.next().filter(|_| fitting.next().is_none()).map(|(at, _)| *at)
    };
    let numbered = |it: &Identity| {
        seen.number.as_ref().is_some_and(|number| it.numbers().any(|known| known == number))
    };
    let keyed = |it: &Identity| lasting(&seen.key) && it.key == seen.key;
    let placed = |it: &Identity| {
        it.sha256 == seen.sha256 && it.member == seen.member && it.place == seen.place
    };
    find(&numbered).or_else(|| find(&keyed)).or_else(|| find(&placed))
}
