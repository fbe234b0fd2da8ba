//! Looking for the person of an export among the people known: by numbers, then by the keys of the
//! index; each who is found is compared, the rules choose.

use super::{by_key, order};
use crate::patients::record::{
    BY_BLOCK, BY_IDENTIFIER, CROWD, Former, Identity, Patient, block_key, crowd_key, identifier_key,
};
use crate::patients::rules::numbers::{self, strength};
use crate::patients::rules::{
    Candidate, Likeness, NameKey, Person, Probe, Reason, Strength, Verdict, blocks, choose,
    compare_all, is_of_many, likeness, rarity, shareable,
};
use almoner_core::clinical;
use almoner_core::export::PersonStatements;
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_core::rules::Matching;
use almoner_frame::Incoming;
use almoner_store::{Key, Reader};
use std::collections::BTreeSet;

/// What is known of the people in question.
pub(super) struct Found {
    pub(super) same: Option<Patient>,
    /// What speaks for them, in bits, where more than a number is told.
    pub(super) score: f64,
    pub(super) weighed: bool,
    pub(super) alike: Vec<Alike>,
}

/// Somebody who may be the same.
pub(super) struct Alike {
    pub(super) patient: PatientId,
    pub(super) reasons: Vec<Reason>,
    pub(super) score: f64,
}

/// Who a person of a file is, and who they may be.
pub(super) fn look(
    reader: &Reader<'_>,
    file: &Incoming,
    said: &PersonStatements,
) -> Outcome<Found> {
    let rules = reader.rules().matching(reader.rules().zone.day(file.received));
    let new = Person::of(&said.patient, &Former::default(), &file.source);
    let mut probe = Probe::new(&new, rules);
    let mut ids = holders(reader, file, &said.patient, &mut probe, rules)?;
    if new.is_bare() {
        return known_by_number(reader, file, said, &ids);
    }
    if let Some(same) = unchanged(reader, file, &said.patient, &ids)? {
        let score = rules.number.strong;
        return Ok(Found { same: Some(same), score, weighed: true, alike: Vec::new() });
    }
    crowd(reader, &mut probe, rules)?;
    ids.extend(under_blocks(reader, &new, rules)?);
    let mut known: Vec<Patient> =
        ids.into_iter().map(|id| reader.get(id)).collect::<Outcome<_>>()?;
    known.sort_by_cached_key(|it| (it.created, order(it)));
    own(reader, &mut probe, &known, rules)?;
    let candidates: Vec<Candidate<PatientId>> =
        known.iter().filter_map(|it| candidate(&probe, it, rules)).collect();
    let choice = choose(&candidates, rules);
    let alike = choice.alike.into_iter();
    let alike = alike.map(|(patient, reasons, score)| Alike { patient, reasons, score }).collect();
    let same = candidates.iter().find(|it| Some(it.id) == choice.same);
    let score = same.map_or(0.0, |it| it.verdict.score);
    Ok(Found {
        score,
        weighed: true,
        same: known.into_iter().find(|it| Some(it.id) == choice.same),
        alike,
    })
}

/// What speaks for and against two patients being one: of all that their sources say, the pair that
/// fits best.
pub(crate) fn weighed(
    reader: &Reader<'_>,
    one: &Patient,
    other: &Patient,
) -> Outcome<Option<Verdict>> {
    let rules = reader.rules().matching(reader.rules().zone.day(reader.now()));
    let mut best: Option<Verdict> = None;
    for mine in &one.identities {
        let person = mine.person();
        let mut probe = Probe::new(&person, rules);
        crowd(reader, &mut probe, rules)?;
        own(reader, &mut probe, std::slice::from_ref(other), rules)?;
        let verdict = candidate(&probe, other, rules).map(|it| it.verdict);
        let better = |it: &Verdict| best.as_ref().is_none_or(|best| it.score > best.score);
        if let Some(verdict) = verdict.filter(better) {
            best = Some(verdict);
        }
    }
    Ok(best)
}

/// Compares with every identity of a patient.
fn candidate(probe: &Probe<'_>, known: &Patient, rules: &Matching) -> Option<Candidate<PatientId>> {
    let people: Vec<Person> = known.identities.iter().map(|it| it.person()).collect();
    let verdict = compare_all(probe, &people, rules)?;
    let suspected = known.possible_duplicates.iter().map(|it| it.patient).collect();
    Some(Candidate { id: known.id, verdict, suspected })
}

/// The patient of whom this source said the same before, by the same numbers (`matching.md` §5.1): who
/// else they may be was asked when it was said first, and of whoever came since when they came.
fn unchanged(
    reader: &Reader<'_>,
    file: &Incoming,
    said: &clinical::Patient,
    holders: &BTreeSet<PatientId>,
) -> Outcome<Option<Patient>> {
    let Some(only) = holders.first().filter(|_| holders.len() == 1) else { return Ok(None) };
    let known = reader.get::<Patient>(*only)?;
    let again = |it: &Identity| {
        let own = |id: &clinical::Identifier| strength(id, &file.source) == Strength::Strong;
        it.source == file.source
            && said.identifiers.iter().any(|id| own(id) && it.numbers().any(|theirs| theirs == id))
            && it.says_already(said)
    };
    Ok(known.identities.iter().any(again).then_some(known))
}

/// A person of whom the file gives only a number: the one patient with that number, else nobody.
fn known_by_number(
    reader: &Reader<'_>,
    file: &Incoming,
    said: &PersonStatements,
    holders: &BTreeSet<PatientId>,
) -> Outcome<Found> {
    let by_key = by_key(reader, &file.source, &said.key)?;
    let only = holders.first().filter(|_| holders.len() == 1).copied();
    let same = by_key.or(only).map(|id| reader.get::<Patient>(id)).transpose()?;
    Ok(Found { same, score: 0.0, weighed: false, alike: Vec::new() })
}

/// Patients who share a number. One that several bear says little, one that people of several birth
/// dates bear says nothing (`matching.md` §2).
fn holders(
    reader: &Reader<'_>,
    file: &Incoming,
    person: &clinical::Patient,
    probe: &mut Probe<'_>,
    rules: &Matching,
) -> Outcome<BTreeSet<PatientId>> {
    let mut found = BTreeSet::new();
    for id in &person.identifiers {
        if strength(id, &file.source) == Strength::Worthless {
            continue;
        }
        let holders: Vec<PatientId> =
            reader.exactly(BY_IDENTIFIER, &identifier_key(id, &file.source))?;
        let text = numbers::text(id, &file.source);
        if holders.len() > 1 {
            probe.crowded.insert(text.clone());
        }
        if holders.len() > rules.births
            && births(reader, &holders, rules.births + 1)? > rules.births
        {
            probe.worn.insert(text);
            probe.worn.insert(numbers::plain(&id.value));
        }
        if holders.len() <= rules.block {
            found.extend(holders);
        }
    }
    Ok(found)
}

/// How many birth dates people have, up to a number.
fn births(reader: &Reader<'_>, people: &[PatientId], most: usize) -> Outcome<usize> {
    let mut days = BTreeSet::new();
    for id in people {
        days.extend(reader.get::<Patient>(*id)?.golden().birth_date.map(|it| it.to_string()));
        if days.len() >= most {
            break;
        }
    }
    Ok(days.len())
}

/// What the clinic knows of the names, telephones and addresses of somebody.
fn crowd(reader: &Reader<'_>, probe: &mut Probe<'_>, rules: &Matching) -> Outcome<()> {
    let count = |parts: &[&str]| reader.counted(CROWD, &crowd_key(parts));
    let people = count(&[""])?;
    let mut weights = Vec::new();
    for NameKey { family, given, .. } in &probe.person.names {
        let (families, givens) = (count(&["family", family])?, count(&["given", given])?);
        weights.push((
            rarity(families, people, rules, &rules.family),
            rarity(givens, people, rules, &rules.given),
        ));
    }
    (probe.people, probe.rarity) = (people, weights);
    for text in shareable(probe.person) {
        if is_of_many(&text, count(&["reach", &text])?, rules) {
            probe.shared.insert(text);
        }
    }
    Ok(())
}

/// Records of one person that nobody has joined yet have their telephone and house together, and do not
/// make them those of many.
fn own(
    reader: &Reader<'_>,
    probe: &mut Probe<'_>,
    known: &[Patient],
    rules: &Matching,
) -> Outcome<()> {
    if probe.shared.is_empty() {
        return Ok(());
    }
    let people: Vec<Vec<Person>> =
        known.iter().map(|it| it.identities.iter().map(Identity::person).collect()).collect();
    let mut shared = std::mem::take(&mut probe.shared);
    for text in std::mem::take(&mut shared) {
        let has = |it: &&Person| shareable(it).any(|theirs| theirs == text);
        let bearers = people.iter().filter_map(|records| records.iter().find(has));
        let alike: Vec<Likeness> = bearers.map(likeness).collect();
        let apart = alike.iter().collect::<BTreeSet<_>>().len();
        // Those who are not looked at are others.
        let count = reader.counted(CROWD, &crowd_key(&["reach", &text]))?;
        let others = count.saturating_sub(alike.len() as u64) + apart as u64;
        if is_of_many(&text, others, rules) {
            shared.insert(text);
        }
    }
    probe.shared = shared;
    Ok(())
}

/// Patients under one of the keys; a key of many is passed over.
fn under_blocks(
    reader: &Reader<'_>,
    new: &Person,
    rules: &Matching,
) -> Outcome<BTreeSet<PatientId>> {
    let mut ids = BTreeSet::new();
    for block in blocks::asked(new) {
        ids.extend(few(reader, &block_key(&block), blocks::most(&block, rules))?);
    }
    Ok(ids)
}

fn few(reader: &Reader<'_>, key: &Key, most: usize) -> Outcome<Vec<PatientId>> {
    let mut ids = Vec::new();
    reader.each(BY_BLOCK, key, &mut |_, id| {
        ids.push(PatientId(id));
        Ok(ids.len() <= most)
    })?;
    Ok(if ids.len() > most { Vec::new() } else { ids })
}
