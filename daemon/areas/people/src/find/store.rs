//! Looking for patients by what was typed, and who was opened last. Every look walks short ranges of
//! the index, whatever the number of patients: the pair of the two longest words, or the date or
//! number that was typed; the rest is compared with the patient's card, without opening a record.

use super::record::Recent;
use super::rules::{Closeness, Probe, Term, terms};
use crate::patients::rules::tokens::{can_pair, interleaved_start, parted};
use crate::patients::{index, now_of};
use almoner_core::fault::Outcome;
use almoner_core::ids::{PatientId, RawId, RecordId, StaffId};
use almoner_frame::Language;
use almoner_store::{Key, Reader, Writer};
use chrono::NaiveDate;
use std::collections::BTreeMap;

/// So many people are found at most; beyond it stands "more than 200".
pub const MOST: usize = 200;
/// So many rows of the index are walked at most.
const WALKED: usize = 2_000;
/// Fewer than this, and people whose names only sound alike are looked for too.
const FEW: usize = 8;

/// Who was found.
#[derive(Default)]
pub struct Found {
    /// The closest first, then by name.
    pub patients: Vec<PatientId>,
    /// There are more than are found here.
    pub more: bool,
    /// What was looked for; empty when too little was typed.
    pub terms: Vec<Term>,
}

/// A range of the index.
enum Range<'t> {
    One(&'t Probe),
    Two(&'t Probe, &'t Probe),
}

/// A search on its way.
struct Search<'r> {
    reader: &'r Reader<'r>,
    terms: &'r [Term],
    hits: BTreeMap<PatientId, (Closeness, String)>,
    walked: usize,
    more: bool,
}

/// The patients who fit everything that was typed; none for less than two letters or digits.
pub fn find(
    reader: &Reader<'_>,
    typed: &str,
    language: Language,
    today: NaiveDate,
) -> Outcome<Found> {
    let terms = terms(typed, language, today);
    if terms.iter().all(|term| term.typed.chars().count() < 2) {
        return Ok(Found::default());
    }
    let mut search =
        Search { reader, terms: &terms, hits: BTreeMap::new(), walked: 0, more: false };
    search.walk(Closeness::Typed..=Closeness::Nickname)?;
    if search.hits.len() < FEW && !search.more {
        search.walk(Closeness::Heard..=Closeness::Heard)?;
    }
    let (hits, more) = (search.hits, search.more);
    let mut patients: Vec<_> = hits.into_iter().map(|(id, found)| (found, id)).collect();
    patients.sort();
    let patients = patients.into_iter().map(|(_, id)| id).take(MOST).collect();
    Ok(Found { patients, more, terms })
}

/// The patients whom a person opened last, the latest first; whose record was joined to another is that
/// one now, once.
pub fn recent(reader: &Reader<'_>, staff: StaffId) -> Outcome<Vec<PatientId>> {
    let recent = reader.find::<Recent>(staff)?;
    let mut all = Vec::new();
    for (id, _) in recent.map(|it| it.patients).unwrap_or_default() {
        let id = now_of(reader, id)?;
        if !all.contains(&id) {
            all.push(id);
        }
    }
    Ok(all)
}

/// Remembers that a person opened a patient's page.
pub fn opened(writer: &mut Writer<'_>, staff: StaffId, patient: PatientId) -> Outcome<()> {
    let at = writer.act().at;
    let recent = writer.find::<Recent>(staff)?;
    let recent = recent.unwrap_or_else(|| Recent { id: staff, patients: Vec::new() });
    writer.put(&recent.with(patient, at))
}

impl Search<'_> {
    /// Walks every range of which the less close half is within these.
    fn walk(&mut self, within: std::ops::RangeInclusive<Closeness>) -> Outcome<()> {
        for range in ranges(self.terms) {
            let closeness = match &range {
                Range::One(probe) => probe.closeness,
                Range::Two(one, other) => one.closeness.max(other.closeness),
            };
            if within.contains(&closeness) && !self.more {
                match range {
                    Range::One(probe) => self.one(probe)?,
                    Range::Two(one, other) => {
                        // Rows have their tokens in order; beginnings do not always tell which.
                        let (first, second) =
                            if one.token <= other.token { (one, other) } else { (other, one) };
                        self.two(first, second)?;
                        if second.token.starts_with(&first.token) {
                            self.two(second, first)?;
                        }
                    }
                }
            }
        }
        Ok(())
    }

    fn one(&mut self, probe: &Probe) -> Outcome<()> {
        let key = Key::default();
        let key = if probe.whole { key.text(&probe.token) } else { key.prefix(&probe.token) };
        let reader = self.reader;
        reader.each(index::BY_TOKEN, &key, &mut |rest, id| {
            let sorted = sorted_by(rest, probe.whole);
            self.take(id, probe.closeness, sorted, self.terms.len() == 1)
        })
    }

    fn two(&mut self, one: &Probe, other: &Probe) -> Outcome<()> {
        let start = interleaved_start(&one.token, &other.token);
        let reader = self.reader;
        reader.each(index::BY_PAIR, &Key::default().prefix(&start), &mut |rest, id| {
            let row = rest.split(|b| *b == 0).next().unwrap_or_default();
            let (a, b) = parted(&format!("{start}{}", String::from_utf8_lossy(row)));
            let closeness = one.closeness.max(other.closeness);
            if one.takes(&a) && other.takes(&b) {
                return self.take(id, closeness, sorted_by(rest, false), self.terms.len() == 2);
            }
            self.walked += 1;
            Ok(self.goes_on())
        })
    }

    /// Takes somebody in, compared with the card where the row does not say everything.
    fn take(
        &mut self,
        id: RawId,
        closeness: Closeness,
        sorted: String,
        sure: bool,
    ) -> Outcome<bool> {
        self.walked += 1;
        let id = PatientId::from_bytes(id.bytes());
        let known = self.hits.get(&id).is_some_and(|(known, _)| *known <= closeness);
        if !known {
            let fits = if sure { Some(closeness) } else { self.by_card(id)? };
            if let Some(closeness) = fits {
                self.hits.insert(id, (closeness, sorted));
            }
        }
        Ok(self.goes_on())
    }

    fn goes_on(&mut self) -> bool {
        self.more = self.hits.len() > MOST || self.walked >= WALKED;
        !self.more
    }

    fn by_card(&self, id: PatientId) -> Outcome<Option<Closeness>> {
        let mut fits = None;
        self.reader.each(index::CARD, &Key::default().id(id), &mut |rest, _| {
            let card = String::from_utf8_lossy(rest);
            let tokens = card.split('\0').nth(1).unwrap_or_default().split(' ');
            let all: Option<Vec<Closeness>> =
                self.terms.iter().map(|term| term.fits(tokens.clone())).collect();
            fits = all.and_then(|all| all.into_iter().max());
            Ok(false)
        })?;
        Ok(fits)
    }
}

/// The text by which a row's patient is sorted: after the token, where some of it is left.
fn sorted_by(rest: &[u8], whole: bool) -> String {
    let mut parts = rest.split(|b| *b == 0);
    let sorted = if whole { parts.next() } else { parts.nth(1) };
    String::from_utf8_lossy(sorted.unwrap_or_default()).into_owned()
}

/// Which ranges are walked: those of a date or number where one was typed, else of the pair of the
/// two longest words.
fn ranges(terms: &[Term]) -> Vec<Range<'_>> {
    let lone = |term: &&Term| {
        let few = |probe: &Probe| probe.token.len() > 3 && !can_pair(&probe.token, "w");
        term.probes.iter().all(few)
    };
    if let Some(term) = terms.iter().find(lone) {
        return term.probes.iter().map(Range::One).collect();
    }
    let mut longest: Vec<&Term> = terms.iter().collect();
    longest.sort_by_key(|term| std::cmp::Reverse(term.typed.len()));
    let (Some(first), Some(second)) = (longest.first(), longest.get(1)) else {
        return longest.iter().flat_map(|term| &term.probes).map(Range::One).collect();
    };
    let mut ranges = Vec::new();
    for one in &first.probes {
        for other in &second.probes {
            let words = [(*first, one), (*second, other)];
            let joined = words.iter().find(|(term, probe)| term.joined(probe));
            let lone = words.iter().find(|(_, probe)| !can_pair(&probe.token, "w"));
            ranges.push(match joined.or(lone) {
                Some((_, probe)) => Range::One(probe),
                None if can_pair(&one.token, &other.token) => Range::Two(one, other),
                None => Range::One(one),
            });
        }
    }
    ranges
}
