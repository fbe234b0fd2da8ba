//! Of all whom somebody may be: the one they are, if it is clear, and those who are to be asked about.

use super::Reason;
use super::decide::{Decision, Verdict};
use almoner_core::rules::Matching;

/// A known person, compared.
#[derive(Clone, Debug)]
pub struct Candidate<I> {
    pub id: I,
    pub verdict: Verdict,
    /// Whom they are already thought to be one with: no rivals.
    pub suspected: Vec<I>,
}

/// What is decided.
#[derive(Clone, Debug, PartialEq)]
pub struct Choice<I> {
    /// Who it is.
    pub same: Option<I>,
    /// Who it may be, each with the reasons and the score.
    pub alike: Vec<(I, Vec<Reason>, f64)>,
}

/// Chooses among the candidates, who come in a steady order. Somebody who fits two people equally
/// well is joined to neither (`matching.md` §5.2, margin).
pub fn choose<I: Copy + PartialEq>(candidates: &[Candidate<I>], rules: &Matching) -> Choice<I> {
    let mut best: Option<&Candidate<I>> = None;
    for it in candidates.iter().filter(|it| it.verdict.decision == Decision::Same) {
        let key = |it: &Candidate<I>| (it.verdict.by_number, it.verdict.score);
        if best.is_none_or(|known| key(it) > key(known)) {
            best = Some(it);
        }
    }
    let rivals = |best: &Candidate<I>| {
        let near = |it: &&Candidate<I>| {
            it.id != best.id
                && it.verdict.decision != Decision::Unlike
                && it.verdict.by_number == best.verdict.by_number
                && it.verdict.score > best.verdict.score - rules.margin
                && !best.suspected.contains(&it.id)
        };
        candidates.iter().any(|it| near(&it))
    };
    let torn = best.is_some_and(rivals);
    let same = best.filter(|_| !torn).map(|it| it.id);
    let alike = candidates
        .iter()
        .filter(|it| it.verdict.decision != Decision::Unlike && same != Some(it.id))
        .map(|it| {
            let mut reasons = it.verdict.reasons();
            if it.verdict.decision == Decision::Same {
                reasons.push(Reason::FitsBoth);
            }
            (it.id, reasons, it.verdict.score)
        })
        .collect();
    Choice { same, alike }
}
