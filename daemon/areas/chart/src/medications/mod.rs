//! Medicines that were ordered, reported, or given along (FHIR `MedicationRequest`,
//! `MedicationStatement`).

pub(crate) mod pages;
pub mod rules;

use crate::facts::{self, Fact};
use almoner_core::clinical::{Content, FactKind, MedicationUse};
use almoner_core::export::Sense;
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_store::Reader;

/// The medicines that are taken now, as far as the sources say: each medicine once, by its newest
/// statement, whatever list that stands on.
pub fn current(reader: &Reader<'_>, patient: PatientId) -> Outcome<Vec<Fact>> {
    let mut all = facts::of_kind(reader, patient, FactKind::Medication)?;
    all.retain(is_current);
    all.sort_by_cached_key(|fact| {
        let newest = fact.newest().map(|it| it.received);
        (fact.order().0, use_of(fact) == Some(MedicationUse::Discharge), newest, fact.order())
    });
    let mut each: Vec<Fact> = Vec::new();
    for fact in all.into_iter().rev() {
        if !each.iter().any(|known| same_medicine(known, &fact)) {
            each.push(fact);
        }
    }
    Ok(each)
}

/// Whether another list tells otherwise of a medicine: that it was stopped, or another dose.
/// `all` are the patient's medicines.
pub fn lists_differ(all: &[Fact], fact: &Fact) -> bool {
    all.iter().any(|other| match (&fact.content, &other.content) {
        (Content::Medication(a), Content::Medication(b)) if same_medicine(fact, other) => {
            let later = other.order().0 >= fact.order().0 || b.period.end > a.period.start;
            let stopped = !rules::current(b) || other.sense != fact.sense;
            let lists = is_a_list(b.use_) && a.use_ != b.use_;
            lists && (stopped && later || rules::taken_otherwise(a, b))
        }
        _ => false,
    })
}

/// A medicine on the three lists that a person compares after a stay.
#[derive(Clone, Debug, Default)]
pub struct Line {
    /// Before the stay, at discharge, now.
    pub on: [Option<Fact>; 3],
}

/// The lists side by side: a line a medicine, and which of the three lists there are; apart from them
/// what was given during visits, what a pharmacy handed out, and what has ended.
#[derive(Clone, Debug, Default)]
pub struct Lists {
    pub lines: Vec<Line>,
    pub there: [bool; 3],
    pub given: Vec<Fact>,
    pub dispensed: Vec<Fact>,
    pub ended: Vec<Fact>,
}

impl Line {
    /// Any of its facts.
    pub fn any(&self) -> Option<&Fact> {
        self.on.iter().flatten().next()
    }
}

/// A patient's medicines side by side: the newest list of before a stay, the newest of a discharge, and
/// what is ordered or reported now.
pub fn side_by_side(reader: &Reader<'_>, patient: PatientId) -> Outcome<Lists> {
    let mut all = facts::of_kind(reader, patient, FactKind::Medication)?;
    all.retain(|fact| fact.sense != Sense::NoneKnown);
    // The newest statement of a medicine comes first.
    all.sort_by_cached_key(|fact| {
        let newest = fact.newest().map(|it| it.received);
        std::cmp::Reverse((is_current(fact), fact.order().0, newest))
    });
    let mut lists = Lists::default();
    for (at, use_) in [MedicationUse::Admission, MedicationUse::Discharge].into_iter().enumerate() {
        let list = newest_list(&all, use_);
        place(&mut lists, at, list);
    }
    let of_use =
        |use_| all.iter().filter(move |fact| use_of(fact) == Some(use_)).cloned().collect();
    lists.given = of_use(MedicationUse::Administered);
    lists.dispensed = of_use(MedicationUse::Dispensed);
    let listed = |fact: &&Fact| {
        matches!(use_of(fact), Some(MedicationUse::Ordered | MedicationUse::Reported))
    };
    let named = |lists: &Lists, fact: &Fact| lists.lines.iter().any(|line| is_of(line, fact));
    let (now, ended): (Vec<&Fact>, Vec<&Fact>) =
        all.iter().filter(listed).partition(|fact| is_current(fact) || named(&lists, fact));
    place(&mut lists, 2, now);
    lists.ended = ended.into_iter().cloned().collect();
    Ok(lists)
}

/// The list of one use that came with the newest document.
fn newest_list(all: &[Fact], use_: MedicationUse) -> Vec<&Fact> {
    let of_use = || all.iter().filter(move |fact| use_of(fact) == Some(use_));
    let newest =
        of_use().flat_map(|fact| &fact.assertions).max_by_key(|it| (it.received, it.sha256));
    let Some(document) = newest.map(|it| it.sha256) else { return Vec::new() };
    let stated = |fact: &&Fact| fact.assertions.iter().any(|it| it.sha256 == document);
    of_use().filter(stated).collect()
}

/// Puts a list's medicines into the lines of their own; of one medicine the first counts.
fn place(lists: &mut Lists, at: usize, list: Vec<&Fact>) {
    if let Some(there) = lists.there.get_mut(at) {
        *there = !list.is_empty();
    }
    for fact in list {
        let known = lists.lines.iter().position(|line| is_of(line, fact));
        if known.is_none() {
            lists.lines.push(Line::default());
        }
        let added = lists.lines.len().saturating_sub(1);
        let line = lists.lines.get_mut(known.unwrap_or(added));
        if let Some(place) = line.and_then(|line| line.on.get_mut(at)).filter(|it| it.is_none()) {
            *place = Some(fact.clone());
        }
    }
}

fn is_of(line: &Line, fact: &Fact) -> bool {
    line.on.iter().flatten().any(|known| same_medicine(known, fact))
}

fn use_of(fact: &Fact) -> Option<MedicationUse> {
    match &fact.content {
        Content::Medication(it) => Some(it.use_),
        _ => None,
    }
}

fn same_medicine(a: &Fact, b: &Fact) -> bool {
    match (&a.content, &b.content) {
        (Content::Medication(a), Content::Medication(b)) => {
            facts::rules::same_concept(&a.code, &b.code)
        }
        _ => false,
    }
}

fn is_a_list(use_: MedicationUse) -> bool {
    matches!(use_, MedicationUse::Ordered | MedicationUse::Reported | MedicationUse::Discharge)
}

fn is_current(fact: &Fact) -> bool {
    let Content::Medication(it) = &fact.content else { return false };
    fact.sense == Sense::Stated && is_a_list(it.use_) && rules::current(it)
}
