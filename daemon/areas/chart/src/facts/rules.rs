//! When two statements tell one fact: what the slices' own rules have in common. Pure.
//! (`interface.md` §4: same code, same patient, compatible times and status → one fact; the
//! documents differ → both stay, flagged for review.)

use almoner_core::clinical::{Concept, Content, FactKind, Identifier, Quantity, Value, When};
use almoner_core::export::Sense;
use almoner_core::text::fold;
use almoner_core::time::{Timestamp, Zone};
use chrono::{Duration, NaiveDate, NaiveTime};

/// The verdict on a fact and a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    /// They tell one fact.
    Same,
    /// They tell of one thing and can't both be right.
    Differs,
    /// They tell of two things.
    Other,
}

/// How the two came here.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pair {
    /// Both stand in one file: what differs there differs on purpose.
    pub same_file: bool,
    /// They bear one identifier of the source.
    pub same_number: bool,
}

/// How two times go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Times {
    /// The same, told perhaps with unlike precision.
    Fit,
    /// Neither is known.
    Missing,
    /// Only one is known.
    OneMissing,
    Differ,
}

/// Compares two contents of whatever kind.
pub fn compare(old: &Content, new: &Content, senses: (Sense, Sense), pair: Pair) -> Likeness {
    let like = match (old, new) {
        (Content::Condition(a), Content::Condition(b)) => {
            crate::conditions::rules::compare(a, b, pair)
        }
        (Content::Medication(a), Content::Medication(b)) => {
            crate::medications::rules::compare(a, b, pair)
        }
        (Content::Allergy(a), Content::Allergy(b)) => crate::allergies::rules::compare(a, b),
        (Content::Observation(a), Content::Observation(b)) => {
            crate::observations::rules::compare(a, b, pair)
        }
        (Content::Immunization(a), Content::Immunization(b)) => {
            crate::immunizations::rules::compare(a, b)
        }
        (Content::Procedure(a), Content::Procedure(b)) => crate::procedures::rules::compare(a, b),
        (Content::Encounter(a), Content::Encounter(b)) => crate::encounters::rules::compare(a, b),
        (Content::Document(a), Content::Document(b)) => crate::documents::rules::compare(a, b),
        (Content::Coverage(a), Content::Coverage(b)) => crate::others::rules::coverage(a, b),
        (Content::Relation(a), Content::Relation(b)) => crate::others::rules::relation(a, b),
        (Content::Practitioner(a), Content::Practitioner(b)) => {
            crate::others::rules::practitioner(a, b)
        }
        (Content::Organization(a), Content::Organization(b)) => {
            crate::others::rules::organization(a, b)
        }
        (Content::Authorization(a), Content::Authorization(b)) => {
            crate::others::rules::authorization(a, b)
        }
        (Content::Other(a), Content::Other(b)) => crate::others::rules::other(a, b),
        _ => Likeness::Other,
    };
    match (like, senses) {
        (Likeness::Same, (a, b)) if a == b => Likeness::Same,
        // "Takes it" and "does not take it" of one thing at one time.
        (Likeness::Same, _) => Likeness::Differs,
        (_, (a, b)) if a != b => Likeness::Other,
        (like, _) => like,
    }
}

/// Takes over what a further statement of the same fact says.
pub fn merge(into: &mut Content, from: &Content, newer: bool) {
    match (into, from) {
        (Content::Condition(a), Content::Condition(b)) => {
            crate::conditions::rules::merge(a, b, newer);
        }
        (Content::Medication(a), Content::Medication(b)) => {
            crate::medications::rules::merge(a, b, newer);
        }
        (Content::Allergy(a), Content::Allergy(b)) => crate::allergies::rules::merge(a, b, newer),
        (Content::Observation(a), Content::Observation(b)) => {
            crate::observations::rules::merge(a, b, newer);
        }
        (Content::Immunization(a), Content::Immunization(b)) => {
            crate::immunizations::rules::merge(a, b, newer);
        }
        (Content::Procedure(a), Content::Procedure(b)) => {
            crate::procedures::rules::merge(a, b, newer);
        }
        (Content::Encounter(a), Content::Encounter(b)) => {
            crate::encounters::rules::merge(a, b, newer);
        }
        (Content::Document(a), Content::Document(b)) => {
            crate::documents::rules::merge(a, b, newer);
        }
        (Content::Authorization(a), Content::Authorization(b)) => {
            crate::others::rules::merge_authorization(a, b);
        }
        (into @ Content::Other(_), from @ Content::Other(_)) if newer => *into = from.clone(),
        (Content::Coverage(a), Content::Coverage(b)) => crate::others::rules::merge_coverage(a, b),
        (Content::Practitioner(a), Content::Practitioner(b)) => {
            crate::others::rules::merge_practitioner(a, b);
        }
        (Content::Organization(a), Content::Organization(b)) => {
            crate::others::rules::merge_organization(a, b);
        }
        (Content::Relation(a), Content::Relation(b)) => crate::others::rules::merge_relation(a, b),
        _ => {}
    }
}

/// The names under which a content is looked for: codes, words, numbers.
pub fn names(content: &Content) -> Vec<String> {
    let mut names = match content {
        Content::Condition(it) => of_concept(&it.code),
        Content::Medication(it) => of_concept(&it.code),
        Content::Allergy(it) => of_concept(&it.code),
        Content::Observation(it) => of_concept(&it.code),
        Content::Immunization(it) => of_concept(&it.code),
        Content::Procedure(it) => of_concept(&it.code),
        Content::Document(it) => [of_numbers(&it.identifiers), of_concept(&it.type_)].concat(),
        Content::Encounter(it) => [of_numbers(&it.identifiers), vec!["visit".to_owned()]].concat(),
        Content::Coverage(it) => {
            let words = fold(&format!("{} {}", it.payor, it.subscriber_id));
            [of_numbers(&it.identifiers), vec![format!("words {words}")]].concat()
        }
        Content::Relation(it) => [of_numbers(&it.identifiers), of_people(&it.names)].concat(),
        Content::Practitioner(it) => [of_numbers(&it.identifiers), of_people(&it.names)].concat(),
        Content::Organization(it) => {
            [of_numbers(&it.identifiers), vec![format!("words {}", fold(&it.name))]].concat()
        }
        Content::Authorization(it) => {
            let words = fold(&format!("{} {}", it.payer, it.number));
            [of_numbers(&it.identifiers), vec![format!("words {words}")]].concat()
        }
        Content::Other(it) => [of_numbers(&it.identifiers), of_concept(&it.code)].concat(),
        Content::Resource(_) | Content::ResourceList(_) | Content::Instrument(_) => Vec::new(),
    };
    if names.is_empty() {
        names.push("none".to_owned());
    }
    names
}

/// Whether a name is a number of its own, whatever the time.
pub fn is_number(name: &str) -> bool {
    name.starts_with("id ")
}

/// The time that belongs to the name of a fact: the weight of that day. `None` for kinds that last.
pub fn moment(content: &Content) -> Option<&When> {
    match content {
        Content::Medication(it) => it.period.start.as_ref().or(it.authored.as_ref()),
        Content::Observation(it) => it.effective.start.as_ref().or(it.effective.end.as_ref()),
        Content::Encounter(it) => it.period.start.as_ref(),
        Content::Immunization(it) => it.occurrence.as_ref(),
        Content::Procedure(it) => it.performed.start.as_ref().or(it.performed.end.as_ref()),
        Content::Document(it) => it.date.as_ref(),
        Content::Other(it) => it.period.start.as_ref(),
        _ => None,
    }
}

/// Whether it is something that a patient goes to and comes back from: no stay, and not called off.
pub fn is_meeting(content: &Content) -> bool {
    let status = match content {
        Content::Encounter(it) => {
            let stay = matches!(&*it.class, "IMP" | "ACUTE" | "NONAC" | "OBSENC" | "EMER" | "SS");
            if stay {
                return false;
            }
            &it.status
        }
        Content::Other(it) if it.kind == FactKind::Appointment => &it.status,
        _ => return false,
    };
    !matches!(status.as_str(), "cancelled" | "noshow" | "entered-in-error")
}

/// Whether its source took it back (`entered-in-error`): it leaves the lists, and stays in history.
pub fn is_taken_back(content: &Content) -> bool {
    let status = match content {
        Content::Condition(it) => &it.verification_status,
        Content::Allergy(it) => &it.verification_status,
        Content::Medication(it) => &it.status,
        Content::Observation(it) => &it.status,
        Content::Immunization(it) => &it.status,
        Content::Procedure(it) => &it.status,
        Content::Encounter(it) => &it.status,
        Content::Coverage(it) => &it.status,
        Content::Document(it) => &it.status,
        Content::Other(it) => &it.status,
        _ => return false,
    };
    status == "entered-in-error"
}

/// The time by which a fact is sorted and shown.
pub fn shown_time(content: &Content) -> Option<&When> {
    match content {
        Content::Condition(it) => it.onset.as_ref().or(it.recorded.as_ref()),
        Content::Allergy(it) => it.onset.as_ref().or(it.recorded.as_ref()),
        Content::Observation(it) => moment(content).or(it.issued.as_ref()),
        Content::Coverage(it) => it.period.start.as_ref(),
        Content::Authorization(it) => {
            it.period.start.as_ref().or(it.decided.as_ref()).or(it.asked.as_ref())
        }
        _ => moment(content),
    }
}

/// The number of a kind that the timeline tells, in keys; `None` when it does not tell of it.
pub fn told(kind: FactKind) -> Option<u8> {
    match kind {
        FactKind::Encounter => Some(0),
        FactKind::Procedure => Some(1),
        FactKind::Immunization => Some(2),
        FactKind::Document => Some(3),
        FactKind::Result => Some(4),
        _ => None,
    }
}

/// The instant of a source's time, for sorting: a day begins at its midnight, a month or year with
/// its first day.
pub fn instant(zone: Zone, when: &When) -> Timestamp {
    match when.time() {
        Some((local, Some(offset))) => (local - Duration::seconds(offset.into())).and_utc(),
        Some((local, None)) => zone.instant(local),
        None => {
            let text = when.as_str();
            let year = text.get(0..4).and_then(|year| year.parse().ok()).unwrap_or(1900);
            let month = text.get(5..7).and_then(|month| month.parse().ok()).unwrap_or(1);
            let first = NaiveDate::from_ymd_opt(year, month, 1).unwrap_or_default();
            let day = when.date().unwrap_or(first);
            zone.instant(day.and_time(NaiveTime::MIN))
        }
    }
}

/// Whether two concepts name one thing: a code in common; where both are coded in one system the
/// codes decide, else the words.
pub fn same_concept(a: &Concept, b: &Concept) -> bool {
    let mut one_system = false;
    for x in a.codings.iter().filter(|coding| !coding.code.is_empty()) {
        for y in b.codings.iter().filter(|coding| coding.system == x.system) {
            if x.code.eq_ignore_ascii_case(&y.code) {
                return true;
            }
            one_system |= !x.system.is_empty();
        }
    }
    let (a, b) = (fold(a.label()), fold(b.label()));
    !one_system && a == b
}

/// How two times go together.
pub fn times(a: Option<&When>, b: Option<&When>) -> Times {
    match (a, b) {
        (Some(a), Some(b)) if a.compatible(b) => Times::Fit,
        (Some(_), Some(_)) => Times::Differ,
        (None, None) => Times::Missing,
        _ => Times::OneMissing,
    }
}

/// Whether two values are one: numbers by what they are worth, whatever their digits.
pub fn same_value(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Quantity(a), Value::Quantity(b)) => same_quantity(a, b),
        (Value::Concept(a), Value::Concept(b)) => same_concept(a, b),
        (Value::Text(a), Value::Text(b)) => fold(a) == fold(b),
        (Value::Concept(a), Value::Text(b)) | (Value::Text(b), Value::Concept(a)) => {
            fold(a.label()) == fold(b)
        }
        (Value::Quantity(a), Value::Text(b)) | (Value::Text(b), Value::Quantity(a)) => {
            let (bare, full) = (fold(&a.value), fold(&format!("{} {}", a.value, a.unit)));
            let b = fold(b);
            b == bare || b == full
        }
        (Value::When(a), Value::When(b)) => a.compatible(b),
        (a, b) => a == b,
    }
}

/// Whether two quantities are one.
pub fn same_quantity(a: &Quantity, b: &Quantity) -> bool {
    let unit = |quantity: &Quantity| fold(quantity.unit.trim_matches(['{', '}', '[', ']']));
    let units = a.unit.is_empty() || b.unit.is_empty() || unit(a) == unit(b);
    units && a.comparator == b.comparator && worth(&a.value) == worth(&b.value)
}

/// Whether two lists have a number in common that says who or what it is.
pub fn share_number(a: &[Identifier], b: &[Identifier]) -> bool {
    of_numbers(a).iter().any(|name| of_numbers(b).contains(name))
}

/// Takes `from` where `into` is empty; a status also where the statement is newer.
pub fn fill_text(into: &mut String, from: &str, replace: bool) {
    if !from.is_empty() && (replace || into.is_empty()) {
        from.clone_into(into);
    }
}

/// Takes `from` where `into` is empty.
pub fn fill<T: Clone>(into: &mut Option<T>, from: &Option<T>) {
    if into.is_none() {
        into.clone_from(from);
    }
}

/// Takes a time where there is none, or a more precise one.
pub fn fill_time(into: &mut Option<When>, from: &Option<When>) {
    let precision = |time: &Option<When>| time.as_ref().map_or(0, |when| when.as_str().len());
    if precision(from) > precision(into) {
        into.clone_from(from);
    }
}

/// Adds the codes that a concept does not have; its words stay.
pub fn fill_concept(into: &mut Concept, from: &Concept) {
    if into.text.is_none() {
        into.text.clone_from(&from.text);
    }
    for coding in &from.codings {
        let known = |mine: &almoner_core::clinical::Coding| {
            mine.system == coding.system && mine.code == coding.code
        };
        if !into.codings.iter().any(known) {
            into.codings.push(coding.clone());
        }
    }
}

/// Adds what a list does not have.
pub fn fill_list<T: Clone + PartialEq>(into: &mut Vec<T>, from: &[T]) {
    for item in from {
        if !into.contains(item) {
            into.push(item.clone());
        }
    }
}

/// A number without the zeros that say nothing: `07.10` and `7.1` are worth the same.
fn worth(value: &str) -> String {
    let value = value.trim().trim_start_matches('+');
    let (sign, digits) = value.strip_prefix('-').map_or(("", value), |rest| ("-", rest));
    let plain = digits.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    if !plain || digits.is_empty() {
        return value.to_lowercase();
    }
    let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
    let (whole, part) = (whole.trim_start_matches('0'), part.trim_end_matches('0'));
    if whole.is_empty() && part.is_empty() {
        return "0".to_owned();
    }
    format!("{sign}{whole}.{part}")
}

fn of_concept(concept: &Concept) -> Vec<String> {
    let coded = concept.codings.iter().filter(|coding| !coding.code.is_empty());
    let mut names: Vec<String> = coded
        .map(|coding| format!("code {}|{}", coding.system, coding.code.to_lowercase()))
        .collect();
    let words = fold(concept.label());
    if !words.is_empty() {
        names.push(format!("words {words}"));
    }
    names
}

/// The names that numbers give.
pub(crate) fn of_numbers(ids: &[Identifier]) -> Vec<String> {
    let counts = ids.iter().filter(|id| {
        let weight = almoner_people::patients::strength(id, "any");
        let practitioner = id.system.ends_with("us-npi") || id.system.ends_with("113883.4.6");
        let real = id.value.chars().any(|c| c.is_ascii_digit());
        (practitioner
            || weight == almoner_people::patients::Strength::Strong
            || matches!(id.kind.as_str(), "AN" | "VN"))
            && real
    });
    counts.map(|id| format!("id {}|{}", id.system, id.value.to_uppercase())).collect()
}

fn of_people(names: &[almoner_core::clinical::HumanName]) -> Vec<String> {
    let words = |name: &almoner_core::clinical::HumanName| {
        fold(&format!("{} {}", name.given.join(" "), name.family))
    };
    names
        .iter()
        .map(words)
        .filter(|words| !words.is_empty())
        .map(|w| format!("words {w}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_by_worth() {
        for (a, b, same) in [
            ("7.10", "7.1", true),
            ("07", "7", true),
            ("0", "0.0", true),
            ("7.1", "71", false),
            ("-1", "1", false),
            ("trace", "Trace", true),
        ] {
            assert_eq!(worth(a) == worth(b), same, "{a} {b}");
        }
    }

    #[test]
    fn concepts_go_by_code_then_words() {
        let coded = |code: &str, words: &str| Concept::coded("http://loinc.org", code, words);
        assert!(same_concept(&coded("1-8", "Weight"), &coded("1-8", "Body weight")));
        assert!(!same_concept(&coded("1-8", "Weight"), &coded("2-6", "Weight")));
        assert!(same_concept(&Concept::text("Hypertension."), &Concept::text("hypertension")));
        assert!(same_concept(&coded("1-8", "Weight"), &Concept::text("weight")));
    }
}
