//! Looking for patients by what was typed.

use super::rules::{Term, terms, year};
use crate::patients::{Patient, index, order};
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_store::{Key, Reader};
use chrono::NaiveDate;
use std::collections::BTreeSet;

/// So many are shown; the rest is counted.
pub const SHOWN: usize = 50;
/// So many are looked at.
const LOOKED_AT: usize = 500;

/// What was found.
pub struct Found {
    /// By name, at most [`SHOWN`].
    pub patients: Vec<Patient>,
    /// How many fit in all.
    pub total: usize,
}

/// The patients who fit everything that was typed; none for less than two letters or digits.
pub fn find(reader: &Reader<'_>, typed: &str, today: NaiveDate) -> Outcome<Found> {
    let mut fit: Option<BTreeSet<PatientId>> = None;
    for term in terms(typed, today) {
        let these = of_term(reader, &term)?;
        fit = Some(match fit {
            Some(before) => before.intersection(&these).copied().collect(),
            None => these,
        });
    }
    let ids = fit.unwrap_or_default();
    let total = ids.len();
    let mut patients: Vec<Patient> =
        ids.into_iter().take(LOOKED_AT).map(|id| reader.get(id)).collect::<Outcome<_>>()?;
    patients.sort_by_cached_key(order);
    patients.truncate(SHOWN);
    Ok(Found { patients, total })
}

fn of_term(reader: &Reader<'_>, term: &Term) -> Outcome<BTreeSet<PatientId>> {
    let mut ids = BTreeSet::new();
    let mut add = |index, key: Key| -> Outcome<()> {
        ids.extend(reader.ids::<PatientId>(index, &key)?);
        Ok(())
    };
    match term {
        Term::Word(word) if word.chars().count() >= 2 => {
            add(index::BY_WORD, Key::default().prefix(word))?;
        }
        Term::Day(day) => add(index::BY_BIRTH, Key::default().day(*day))?,
        Term::Number(number) if number.len() >= 2 => {
            add(index::BY_NUMBER, Key::default().prefix(number))?;
            if number.bytes().all(|b| b.is_ascii_digit()) && number.len() >= 4 {
                let last = number.get(number.len().saturating_sub(10)..).unwrap_or(number);
                add(index::BY_PHONE, Key::default().text(last))?;
            }
            if let Some(days) = year(number).and_then(|year| {
                let first = NaiveDate::from_ymd_opt(year, 1, 1)?;
                Some((first, NaiveDate::from_ymd_opt(year + 1, 1, 1)?))
            }) {
                let (from, to) = (Key::default().day(days.0), Key::default().day(days.1));
                reader.between(index::BY_BIRTH, &from, &to, &mut |id| {
                    use almoner_core::ids::RecordId;
                    ids.insert(PatientId::from_bytes(id.bytes()));
                    Ok(true)
                })?;
            }
        }
        _ => {}
    }
    Ok(ids)
}
