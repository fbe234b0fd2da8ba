//! Finding the facts that may be what a statement tells: by their names and numbers, near its moment.

use crate::facts::record::{Fact, NATURAL, day_of, name_key};
use crate::facts::rules;
use almoner_core::export::Statement;
use almoner_core::fault::Outcome;
use almoner_core::ids::{FactId, PatientId, RecordId};
use almoner_store::{Key, Reader};
use std::collections::BTreeSet;

/// More facts than this of one name are not compared one by one.
pub(super) const CROWD: usize = 400;

/// So many facts of one name are looked through in one go.
const FEW: usize = 64;

/// A number that more facts of one patient and kind bear than this says nothing.
const SHARED: usize = 20;

/// Facts that may be what a statement tells.
pub(super) fn candidates(
    reader: &Reader<'_>,
    patient: Option<PatientId>,
    said: &Statement,
) -> Outcome<Vec<Fact>> {
    let kind = said.content.kind();
    let moment = rules::moment(&said.content);
    let day = day_of(moment);
    let (mut ids, mut others) = (BTreeSet::new(), None);
    let numbers = rules::of_numbers(&said.identifiers);
    for name in rules::names(&said.content).into_iter().chain(numbers) {
        let named = name_key(patient, kind, &name);
        if rules::is_number(&name) {
            let holders = reader.ids::<FactId>(NATURAL, &named)?;
            // A number on every entry of a file is no number.
            ids.extend(holders.iter().take(CROWD).filter(|_| holders.len() <= SHARED));
            continue;
        }
        if day.is_empty() {
            ids.extend(reader.ids::<FactId>(NATURAL, &named)?.into_iter().take(CROWD));
            continue;
        }
        let others = others.get_or_insert_with(|| other_days(moment));
        match near_days(reader, &named, &day, others)? {
            Some(near) => ids.extend(near),
            None => each_day(reader, &named, &day, others, &mut ids)?,
        }
    }
    let mut facts: Vec<Fact> = ids.into_iter().map(|id| reader.get(id)).collect::<Outcome<_>>()?;
    facts.sort_by_cached_key(|fact| (fact.first_seen, fact.order()));
    Ok(facts)
}

/// The facts of a name that may be of the same moment: one look at all its rows, when they are few.
fn near_days(
    reader: &Reader<'_>,
    named: &Key,
    day: &str,
    others: &[String],
) -> Outcome<Option<Vec<FactId>>> {
    let (mut near, mut rows) = (Vec::new(), 0);
    reader.each(NATURAL, named, &mut |rest, id| {
        rows += 1;
        let known = std::str::from_utf8(rest).unwrap_or_default().trim_end_matches('\0');
        // As precise, less precise, or more precise: all may be the same moment.
        let less = matches!(known.len(), 0 | 4 | 7 | 10) && day.starts_with(known);
        let more = day.len() < 10 && known.starts_with(day);
        if less || more || others.iter().any(|other| other == known) {
            near.push(FactId::from_bytes(id.bytes()));
        }
        Ok(rows <= FEW)
    })?;
    Ok((rows <= FEW).then_some(near))
}

/// The same of a name with many rows: a look for each day that may be the same.
fn each_day(
    reader: &Reader<'_>,
    named: &Key,
    day: &str,
    others: &[String],
    ids: &mut BTreeSet<FactId>,
) -> Outcome<()> {
    for len in [10, 7, 4, 0] {
        if let Some(part) = day.get(0..len).filter(|part| part.len() == len) {
            ids.extend(reader.ids::<FactId>(NATURAL, &named.clone().text(part))?);
        }
    }
    if day.len() < 10 {
        let finer = named.clone().prefix(day);
        ids.extend(reader.ids::<FactId>(NATURAL, &finer)?.into_iter().take(CROWD));
    }
    for other in others {
        ids.extend(reader.ids::<FactId>(NATURAL, &named.clone().text(other))?);
    }
    Ok(())
}

/// The days on which a moment with an offset can fall in another offset.
fn other_days(moment: Option<&almoner_core::clinical::When>) -> Vec<String> {
    let zoned = moment.and_then(|when| when.time().filter(|(_, zone)| zone.is_some()));
    let Some(day) = zoned.map(|(local, _)| local.date()) else { return Vec::new() };
    [day.pred_opt(), day.succ_opt()].into_iter().flatten().map(|day| day.to_string()).collect()
}
