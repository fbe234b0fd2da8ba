//! A person who was found: who they are by two identifiers and more, and why they fit when that
//! can't be seen.

use crate::find::rules::{Closeness, Term, alike};
use crate::patients::rules::tokens::{class, is_linking};
use crate::patients::{self, Patient, rules};
use crate::staff;
use almoner_core::clinical::{self, HumanName};
use almoner_core::fault::Outcome;
use almoner_core::ids::{PatientId, StaffId};
use almoner_core::permission::May;
use almoner_core::phrase::Phrase;
use almoner_core::text::fold;
use almoner_frame::Visit;
use almoner_frame::kit::Who;
use almoner_store::Reader;
use std::collections::BTreeMap;

/// A person who was found.
pub(super) struct Person {
    pub who: Who,
    /// "Coordinator: Rosa Delgado"; empty where there is none.
    pub coordinator: String,
    /// Why they fit; empty where the name or the date says so.
    pub why: String,
}

impl Person {
    /// All of it in one line.
    pub fn line(&self) -> String {
        let parts = [&self.who.sub, &self.coordinator, &self.why];
        let parts: Vec<&str> =
            parts.into_iter().map(String::as_str).filter(|it| !it.is_empty()).collect();
        parts.join(" · ")
    }
}

/// The people as a list shows them, in the same order.
pub(super) fn drawn(
    reader: &Reader<'_>,
    visit: &Visit,
    ids: &[PatientId],
    terms: &[Term],
) -> Outcome<Vec<Person>> {
    let found: Vec<Option<Patient>> =
        ids.iter().map(|id| reader.find(*id)).collect::<Outcome<_>>()?;
    let found: Vec<Patient> = found.into_iter().flatten().collect();
    let twins = patients::alike(found.iter());
    let mut names = BTreeMap::new();
    let mut people = Vec::new();
    for patient in &found {
        let golden = patient.golden();
        let mut who = patients::who_aged(visit, patient);
        if twins.contains(&patient.id) {
            who.tags.push(patients::similar_tag(visit));
        }
        if !visit.may(May::SeeChart) {
            who.href.push_str("/about");
        }
        people.push(Person {
            who,
            coordinator: coordinator(reader, visit, &mut names, patient.coordinator)?,
            why: why(visit, &golden, terms),
        });
    }
    Ok(people)
}

fn coordinator(
    reader: &Reader<'_>,
    visit: &Visit,
    names: &mut BTreeMap<StaffId, String>,
    id: Option<StaffId>,
) -> Outcome<String> {
    let Some(id) = id else { return Ok(String::new()) };
    if let Some(name) = names.get(&id) {
        return Ok(name.clone());
    }
    let name = Phrase::new("find-coordinator").with("name", staff::name_of(reader, id)?);
    let name = visit.say(&name);
    names.insert(id, name.clone());
    Ok(name)
}

/// Why somebody fits, where their name, birth date and number as shown do not say it.
fn why(visit: &Visit, golden: &clinical::Patient, terms: &[Term]) -> String {
    let reasons = terms.iter().filter_map(|term| of_term(visit, golden, term));
    reasons.map(|reason| visit.say(&reason)).collect::<Vec<_>>().join(" · ")
}

fn of_term(visit: &Visit, golden: &clinical::Patient, term: &Term) -> Option<Phrase> {
    if term.typed.bytes().any(|b| b.is_ascii_digit()) {
        return of_number(visit, golden, term);
    }
    let shown = golden.names.first().map(words).unwrap_or_default();
    let typed = |token: &str| {
        let close = term.probes.iter().filter(|probe| probe.closeness == Closeness::Typed);
        close.into_iter().any(|probe| probe.takes(token))
    };
    if shown.iter().any(|word| typed(word)) {
        return None;
    }
    let other = golden.names.iter().find(|name| words(name).iter().any(|word| typed(word)));
    if let Some(other) = other {
        let other =
            clinical::Patient { names: vec![other.clone()], ..clinical::Patient::default() };
        let name = patients::row_name(visit.words(), &other);
        return Some(Phrase::new("find-why-name").with("name", name));
    }
    let nickname = alike(&term.typed)
        .find(|form| golden.names.iter().flat_map(words).any(|word| word.get(1..) == Some(*form)));
    let key = if nickname.is_some() { "find-why-nickname" } else { "find-why-heard" };
    let as_said = nickname.and_then(|form| said(golden, form)).unwrap_or_default();
    Some(Phrase::new(key).with("typed", term.typed.as_str()).with("name", as_said))
}

/// The number that was meant, where it is not the one shown.
fn of_number(visit: &Visit, golden: &clinical::Patient, term: &Term) -> Option<Phrase> {
    let means = |kind: char, text: &str| {
        let token = format!("{kind}{text}");
        term.probes.iter().any(|probe| probe.takes(&token))
    };
    let born = golden.birth_date.as_ref().and_then(rules::usable_day);
    let dated = |format: &str| born.map(|day| day.format(format).to_string()).unwrap_or_default();
    let year = golden.birth_date.as_ref().and_then(|it| it.as_str().get(..4)).unwrap_or_default();
    if means(class::BORN, &dated("%Y%m%d"))
        || means(class::DAY, &dated("%m%d"))
        || means(class::YEAR, year)
    {
        return None;
    }
    let shown = patients::record_number(visit, golden).unwrap_or_default();
    let number = |value: &str| means(class::NUMBER, &rules::numbers::plain(value));
    if number(&shown) {
        return None;
    }
    let digits = |value: &str| value.chars().filter(char::is_ascii_digit).collect::<String>();
    let phone = golden.telecoms.iter().find(|point| {
        let digits = digits(&point.value);
        point.system == "phone" && term.typed.len() >= 4 && digits.ends_with(&term.typed)
    });
    if phone.is_some() {
        let last = term.typed.get(term.typed.len().saturating_sub(4)..).unwrap_or_default();
        return Some(Phrase::new("find-why-phone").with("digits", last));
    }
    let other = golden.identifiers.iter().find(|id| number(&id.value))?;
    Some(Phrase::new("find-why-number").with("number", other.value.as_str()))
}

/// The tokens of a name's words, as they are compared.
fn words(name: &HumanName) -> Vec<String> {
    let family = fold(&name.family);
    let text = format!("{family} {} {}", fold(&name.given.join(" ")), fold(&name.suffix.join(" ")));
    let plain = text.split_whitespace().filter(|word| !is_linking(word));
    let kinds = |word: &str| [class::WORD, class::SUFFIX].map(|kind| format!("{kind}{word}"));
    plain.flat_map(kinds).chain([format!("{}{}", class::WORD, family.replace(' ', ""))]).collect()
}

/// A folded given name as it is written.
fn said(golden: &clinical::Patient, folded: &str) -> Option<String> {
    let mut given = golden.names.iter().flat_map(|name| &name.given);
    given.find(|name| fold(name).split(' ').any(|word| word == folded)).cloned()
}
