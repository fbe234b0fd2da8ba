//! What two identities of people are to each other, decided from their weights (`matching.md` §5):
//! one person, somebody to ask about, or two people. Name and birth date alone never join anybody.

use super::Reason;
use super::births::{Births, years_apart};
use super::fits::Fit;
use super::person::Person;
use super::weigh::{Evidence, Probe, Weighed, numbers_differ, suffixes_differ, weigh};
use almoner_core::rules::Matching;

/// What two identities are to each other; the more they are one, the greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Decision {
    /// Two people.
    Unlike,
    /// A person must decide.
    Review,
    /// A number that was somebody's now comes with another name and birth date: a person must decide
    /// before anything is written over.
    Overlay,
    /// One person.
    Same,
}

/// The verdict on two identities.
#[derive(Clone, Debug)]
pub struct Verdict {
    pub decision: Decision,
    pub score: f64,
    /// What speaks for and against, as it was weighed; what forbids joining weighs nothing of its own.
    pub evidence: Vec<Evidence>,
    /// A number with its authority says so, whatever else is alike.
    pub by_number: bool,
}

impl Verdict {
    /// The reasons that are told, each once.
    pub fn reasons(&self) -> Vec<Reason> {
        let mut reasons = Vec::new();
        for it in &self.evidence {
            if !reasons.contains(&it.reason) {
                reasons.push(it.reason);
            }
        }
        reasons
    }
}

/// Compares somebody with one known identity.
pub fn compare(new: &Probe<'_>, known: &Person, rules: &Matching) -> Verdict {
    let mut weighed = weigh(new, known, rules);
    // Data that came before its own patient: any number in common will do.
    weighed.number |= known.is_bare() && weighed.second;
    let forbidden = forbidden(&mut weighed, new.person, known, rules);
    let (decision, by_number) = if weighed.number {
        (of_number(&mut weighed, new.person, known, forbidden), true)
    } else {
        (of_score(&mut weighed, new, known, forbidden, rules), false)
    };
    let by_number = by_number && decision == Decision::Same;
    Verdict { decision, score: weighed.score, evidence: weighed.evidence, by_number }
}

/// Compares somebody with every identity of a known person: the best one counts; but where another
/// speaks against it, nothing is joined without asking.
pub fn compare_all(new: &Probe<'_>, known: &[Person], rules: &Matching) -> Option<Verdict> {
    let mut verdicts: Vec<Verdict> = known.iter().map(|it| compare(new, it, rules)).collect();
    let forbids =
        |it: &Verdict| it.evidence.iter().any(|one| one.bits == 0.0 && one.reason.forbids());
    let disputed = verdicts.iter().filter(|it| !it.by_number).any(forbids);
    let best = (0..verdicts.len()).max_by(|a, b| {
        let key = |at: &usize| verdicts.get(*at).map(|it| (it.decision, it.score));
        key(a).partial_cmp(&key(b)).unwrap_or(std::cmp::Ordering::Equal)
    })?;
    let mut best = verdicts.swap_remove(best);
    if disputed && best.decision == Decision::Same && !best.by_number {
        best.decision = Decision::Review;
    }
    Some(best)
}

/// A number with its authority in common: the same record, read again (`matching.md` §5.1) …
fn of_number(weighed: &mut Weighed, new: &Person, known: &Person, forbidden: bool) -> Decision {
    let strange = |fit: Fit| matches!(fit, Fit::Differs | Fit::Near);
    let other_name = strange(weighed.given) && strange(weighed.family);
    let births = weighed.births;
    let other_day = matches!(births, Births::Differ | Births::Far);
    let named = !new.source.is_empty() && new.source == known.source;
    match (other_name, births) {
        // … unless the number was given to somebody else, or mistyped.
        (true, _) if other_day => {
            weighed.note(Reason::Overlay);
            Decision::Overlay
        }
        _ if forbidden => Decision::Review,
        (true, Births::Same | Births::Slip) if named => Decision::Same,
        (true, _) => Decision::Review,
        (false, _) if other_day && !named => Decision::Review,
        _ => Decision::Same,
    }
}

/// From which score on a person is asked. Without a birth date in common a name is only as good as it is
/// rare here: among many people it must tell one of them.
fn asks_from(weighed: &Weighed, people: u64, rules: &Matching) -> f64 {
    #[allow(clippy::cast_precision_loss)] // a count of people
    let one_of = (people.max(1) as f64).log2();
    let undated = matches!(weighed.births, Births::Missing | Births::Differ | Births::Far);
    let unsure = (one_of - rules.odds).clamp(rules.review, rules.probable);
    if undated { unsure } else { rules.review }
}

fn of_score(
    weighed: &mut Weighed,
    probe: &Probe<'_>,
    known: &Person,
    forbidden: bool,
    rules: &Matching,
) -> Decision {
    let new = probe.person;
    let capped = capped(weighed, new, known, rules);
    if capped {
        weighed.score = weighed.score.min(rules.cap);
    }
    let named = matches!(weighed.given, Fit::Same | Fit::Nickname)
        && weighed.family == Fit::Same
        && !weighed.swapped;
    let whole = named && weighed.births == Births::Same && weighed.second;
    // A social security number in common, and a part of the name or the house: worth a look, whatever
    // else differs.
    let other_name = [weighed.given, weighed.family].iter().all(|fit| *fit == Fit::Differs);
    let looked_at = weighed.ssn == Some(true) && (!other_name || weighed.together)
        || weighed.ssn_slip && !other_name && !capped;
    if weighed.score < asks_from(weighed, probe.people, rules) && !looked_at {
        Decision::Unlike
    } else if weighed.score < rules.auto || forbidden || !whole {
        Decision::Review
    } else {
        Decision::Same
    }
}

/// What is never joined without asking.
fn forbidden(weighed: &mut Weighed, new: &Person, known: &Person, rules: &Matching) -> bool {
    let sexes = !new.sex.is_empty() && !known.sex.is_empty() && new.sex != known.sex;
    let other_given = matches!(weighed.given, Fit::Differs | Fit::Near | Fit::Close);
    let twins = new.multiple_birth || known.multiple_birth;
    let one_day = weighed.births == Births::Same;
    let years = years_apart(new, known).unwrap_or(0);
    let named = !new.source.is_empty() && new.source == known.source;
    let deaths = match (&new.died, &known.died) {
        (Some(a), Some(b)) => !a.compatible(b),
        _ => false,
    };
    let update = weighed.number && named;
    let all = [
        (suffixes_differ(new, known), Reason::SuffixDiffers),
        (deaths && !update, Reason::DeathDiffers),
        (weighed.ssn == Some(false) && !update, Reason::SsnDiffers),
        (numbers_differ(&new.charts, &known.charts) && !weighed.number, Reason::NumberDiffers),
        (years >= rules.apart_years && !update, Reason::BirthDateDiffers),
        (twins && (other_given || !weighed.number), Reason::Twins),
        ((new.placeholder || known.placeholder) && !weighed.number, Reason::Placeholder),
        (sexes && one_day && other_given, Reason::Twins),
    ];
    let mut any = false;
    for (_, reason) in all.into_iter().filter(|(holds, _)| *holds) {
        any = true;
        weighed.note(reason);
    }
    any
}

/// Twins, a parent and a child of one name, and others under one roof: nothing else can make up for
/// it, but a number. Who shares a house and a birth date is taken for a twin only where the sex of
/// both is told, or a flag says so: of records that say less, a person is asked.
fn capped(weighed: &mut Weighed, new: &Person, known: &Person, rules: &Matching) -> bool {
    if weighed.number || weighed.ssn == Some(true) {
        return false;
    }
    let sexes = !new.sex.is_empty() && !known.sex.is_empty() && new.sex != known.sex;
    let other_given =
        weighed.given == Fit::Differs || sexes && matches!(weighed.given, Fit::Near | Fit::Close);
    let told = !new.sex.is_empty() && !known.sex.is_empty();
    let born_together = new.multiple_birth || known.multiple_birth || weighed.together && told;
    let family = weighed.family == Fit::Same && !weighed.swapped;
    let twins = family && other_given && weighed.births == Births::Same && born_together;
    let named = family && matches!(weighed.given, Fit::Same | Fit::Nickname);
    let years = years_apart(new, known).unwrap_or(0);
    let slip = weighed.births == Births::Slip && !suffixes_differ(new, known);
    let generations = named && years >= rules.generation_years && !slip && !weighed.ssn_slip;
    if twins {
        weighed.note(Reason::Twins);
    }
    let other_day = matches!(weighed.births, Births::Differ | Births::Far);
    let household = weighed.given == Fit::Differs && other_day && weighed.ssn.is_none();
    if generations {
        weighed.note(Reason::Generations);
    }
    if household {
        weighed.note(Reason::Household);
    }
    twins || generations || household
}

impl Weighed {
    /// Adds a reason that weighs nothing of its own.
    fn note(&mut self, reason: Reason) {
        if !self.evidence.iter().any(|it| it.reason == reason && it.bits == 0.0) {
            self.evidence.push(Evidence { reason, bits: 0.0 });
        }
    }
}
