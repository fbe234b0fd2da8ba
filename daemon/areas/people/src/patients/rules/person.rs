//! One identity of a person, as it is compared: everything normalised once.

use super::names::NameKey;
use super::numbers::{self, Ssn, Strength};
use super::reach::{self, Home};
use super::usable_day;
use crate::patients::record::Former;
use almoner_core::clinical::{Patient, When};
use chrono::NaiveDate;

/// What is compared of one person.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// Every name that is or was theirs.
    pub names: Vec<NameKey>,
    /// A word stood where a name should be: the name is not to be relied on.
    pub placeholder: bool,
    /// A full and believable birth date.
    pub born: Option<NaiveDate>,
    /// The birth date as recorded, perhaps only a year.
    pub birth: Option<When>,
    /// `male`, `female` or `other`; empty when not known.
    pub sex: String,
    pub multiple_birth: bool,
    pub died: Option<When>,
    /// Numbers that count, each with its system and what it says.
    pub numbers: Vec<(String, Strength)>,
    /// Numbers of a health plan's member.
    pub members: Vec<String>,
    /// Record numbers: whose, and which.
    pub records: Vec<(String, String)>,
    /// Of those, the ones that their source calls medical record numbers: an authority gives a person one.
    pub charts: Vec<(String, String)>,
    pub ssn: Option<Ssn>,
    pub phones: Vec<String>,
    pub emails: Vec<String>,
    pub homes: Vec<Home>,
    /// The source that says so, where it has a name.
    pub source: String,
}

impl Person {
    /// What is compared of these demographics of a source, and of what it said earlier.
    pub fn of(patient: &Patient, former: &Former, source: &str) -> Self {
        let said = || patient.names.iter().chain(&former.names);
        let mut names: Vec<NameKey> = said().filter_map(NameKey::read).collect();
        let spoken = |name: &&almoner_core::clinical::HumanName| {
            !name.family.is_empty() || !name.given.is_empty()
        };
        let placeholder =
            names.iter().any(|it| it.placeholder) || names.len() < said().filter(spoken).count();
        names.sort();
        names.dedup();
        let sex = match patient.gender.as_str() {
            known @ ("male" | "female" | "other") => known.to_owned(),
            _ => String::new(),
        };
        let points = || patient.telecoms.iter().chain(&former.telecoms);
        let addresses = patient.addresses.iter().chain(&former.addresses);
        let mut person = Self {
            names,
            placeholder,
            born: patient.birth_date.as_ref().and_then(usable_day),
            birth: patient.birth_date.clone(),
            sex,
            multiple_birth: patient.multiple_birth,
            died: patient.deceased_at.clone(),
            phones: sorted(points().filter_map(reach::phone).collect()),
            emails: sorted(points().filter_map(reach::email).collect()),
            homes: sorted(addresses.filter_map(Home::of).collect()),
            source: source.to_owned(),
            ..Self::default()
        };
        person.number(patient, former, source);
        person
    }

    /// Neither name nor birth date: only a number is known.
    pub fn is_bare(&self) -> bool {
        self.names.is_empty() && self.birth.is_none()
    }

    fn number(&mut self, patient: &Patient, former: &Former, source: &str) {
        for id in patient.identifiers.iter().chain(&former.identifiers) {
            if numbers::is_ssn(id) {
                let told = numbers::ssn(id);
                if !matches!(self.ssn, Some(Ssn::Whole(_))) {
                    self.ssn = told.or(self.ssn.take());
                }
                continue;
            }
            let strength = numbers::strength(id, source);
            if strength == Strength::Worthless {
                continue;
            }
            let value = numbers::plain(&id.value);
            let text = numbers::text(id, source);
            if numbers::is_member(id) {
                self.members.push(text);
                continue;
            }
            if let Some(authority) = numbers::authority(id, source) {
                if id.kind == "MR" {
                    self.charts.push((authority.clone(), value.clone()));
                }
                self.records.push((authority, value));
            }
            self.numbers.push((text, strength));
        }
        self.numbers.sort();
        self.records.sort();
    }
}

fn sorted<T: Ord>(mut list: Vec<T>) -> Vec<T> {
    list.sort();
    list.dedup();
    list
}
