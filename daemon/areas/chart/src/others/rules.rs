//! When two statements tell one coverage, person or institution. Pure.

use crate::facts::rules::{
    Likeness, Times, fill, fill_list, fill_text, fill_time, same_concept, share_number, times,
};
use almoner_core::clinical::{
    Authorization, Concept, Coverage, HumanName, Identifier, Organization, Other, Practitioner,
    RelatedPerson, system,
};
use almoner_core::text::fold;

/// Compares two coverages: one payer and member number.
pub fn coverage(old: &Coverage, new: &Coverage) -> Likeness {
    let words = |a: &str, b: &str| a.is_empty() || b.is_empty() || fold(a) == fold(b);
    let number = share_number(&old.identifiers, &new.identifiers)
        || !old.subscriber_id.is_empty() && old.subscriber_id == new.subscriber_id
        || old.subscriber_id.is_empty() && new.subscriber_id.is_empty();
    let period = times(old.period.start.as_ref(), new.period.start.as_ref()) != Times::Differ;
    same(number && period && words(&old.payor, &new.payor) && words(&old.plan, &new.plan))
}

/// Compares two people who belong to a patient: by name.
pub fn relation(old: &RelatedPerson, new: &RelatedPerson) -> Likeness {
    let births = times(old.birth_date.as_ref(), new.birth_date.as_ref()) != Times::Differ;
    let ties = old.relationship.is_empty()
        || new.relationship.is_empty()
        || old.relationship.iter().any(|a| new.relationship.iter().any(|b| same_concept(a, b)));
    same(same_person(&old.names, &new.names) && births && ties)
}

/// Compares two who treat patients: by national number, else by another number and name.
pub fn practitioner(old: &Practitioner, new: &Practitioner) -> Likeness {
    match (npi(&old.identifiers), npi(&new.identifiers)) {
        (Some(a), Some(b)) => same(a == b),
        _ => same(
            same_person(&old.names, &new.names)
                && (share_number(&old.identifiers, &new.identifiers)
                    || old.identifiers.is_empty()
                    || new.identifiers.is_empty()),
        ),
    }
}

/// Compares two institutions: by national number, else by name.
pub fn organization(old: &Organization, new: &Organization) -> Likeness {
    if let (Some(a), Some(b)) = (npi(&old.identifiers), npi(&new.identifiers)) {
        return same(a == b);
    }
    let names = !old.name.is_empty() && fold(&old.name) == fold(&new.name);
    let towns = |it: &Organization| it.addresses.first().map(|a| fold(&a.city));
    let (a, b) = (towns(old), towns(new));
    same(names && (a.is_none() || b.is_none() || a == b))
}

/// What leave was asked for: the services, else the kind of service.
pub fn subject(it: &Authorization) -> &str {
    let services = it.services.iter().map(|service| &service.code);
    let named = services.chain([&it.service_type, &it.category]);
    named.map(Concept::label).find(|label| !label.is_empty()).unwrap_or(&it.payer)
}

/// Compares two statements of a payer's leave: one trace number, or one authorization number of one
/// payer.
pub fn authorization(old: &Authorization, new: &Authorization) -> Likeness {
    let trace = old.identifiers.iter().any(|id| new.identifiers.contains(id));
    let number = !old.number.is_empty() && old.number == new.number;
    same(trace || number && fold(&old.payer) == fold(&new.payer))
}

/// Takes over what a further statement says of a payer's leave: an answer replaces what was asked,
/// and a later answer an earlier one.
pub fn merge_authorization(into: &mut Authorization, from: &Authorization) {
    let later = from.answered && (!into.answered || from.decided >= into.decided);
    if !later {
        if into.asked.is_none() {
            into.asked.clone_from(&from.asked);
        }
        fill_list(&mut into.identifiers, &from.identifiers);
        return;
    }
    let old = std::mem::replace(into, from.clone());
    fill_list(&mut into.identifiers, &old.identifiers);
    fill_list(&mut into.diagnoses, &old.diagnoses);
    fill_list(&mut into.providers, &old.providers);
    fill(&mut into.asked, &old.asked);
    fill(&mut into.urgency, &old.urgency);
    fill(&mut into.quantity, &old.quantity);
    fill_text(&mut into.frequency, &old.frequency, false);
    fill_text(&mut into.requester, &old.requester, false);
    if into.services.is_empty() {
        into.services = old.services;
    }
}

/// Compares two statements that are only kept.
pub fn other(old: &Other, new: &Other) -> Likeness {
    let kind = old.kind == new.kind && old.resource_type == new.resource_type;
    let number = share_number(&old.identifiers, &new.identifiers);
    let time = times(old.period.start.as_ref(), new.period.start.as_ref());
    let like = same_concept(&old.code, &new.code)
        && matches!(time, Times::Fit | Times::Missing)
        && fold(&old.note) == fold(&new.note);
    same(kind && (number && time != Times::Differ || like))
}

/// Takes over what a further statement says of a coverage.
pub fn merge_coverage(into: &mut Coverage, from: &Coverage) {
    fill_list(&mut into.identifiers, &from.identifiers);
    fill_text(&mut into.status, &from.status, false);
    fill(&mut into.type_, &from.type_);
    fill_text(&mut into.payor, &from.payor, false);
    fill_text(&mut into.plan, &from.plan, false);
    fill_text(&mut into.group, &from.group, false);
    fill_text(&mut into.subscriber_id, &from.subscriber_id, false);
    fill(&mut into.relationship, &from.relationship);
    fill_time(&mut into.period.start, &from.period.start);
    fill_time(&mut into.period.end, &from.period.end);
    answered(into, from);
}

/// The payer's newer answer counts, whatever the order in which the files came.
fn answered(into: &mut Coverage, from: &Coverage) {
    if from.checked.is_some() && from.checked > into.checked {
        into.checked.clone_from(&from.checked);
        into.benefits.clone_from(&from.benefits);
        into.status.clone_from(&from.status);
        if from.period.end.is_some() {
            into.period.end.clone_from(&from.period.end);
        }
    }
}

/// Takes over what a further statement says of one who treats patients.
pub fn merge_practitioner(into: &mut Practitioner, from: &Practitioner) {
    fill_list(&mut into.identifiers, &from.identifiers);
    fill_list(&mut into.telecoms, &from.telecoms);
    fill_list(&mut into.addresses, &from.addresses);
    fill(&mut into.specialty, &from.specialty);
}

/// Takes over what a further statement says of an institution.
pub fn merge_organization(into: &mut Organization, from: &Organization) {
    fill_list(&mut into.identifiers, &from.identifiers);
    fill_text(&mut into.name, &from.name, false);
    fill_list(&mut into.type_, &from.type_);
    fill_list(&mut into.telecoms, &from.telecoms);
    fill_list(&mut into.addresses, &from.addresses);
}

/// Takes over what a further statement says of somebody who belongs to a patient.
pub fn merge_relation(into: &mut RelatedPerson, from: &RelatedPerson) {
    fill_list(&mut into.identifiers, &from.identifiers);
    fill_list(&mut into.relationship, &from.relationship);
    fill_list(&mut into.telecoms, &from.telecoms);
    fill_list(&mut into.addresses, &from.addresses);
    fill_text(&mut into.gender, &from.gender, false);
    fill_time(&mut into.birth_date, &from.birth_date);
}

fn same(holds: bool) -> Likeness {
    if holds { Likeness::Same } else { Likeness::Other }
}

fn npi(ids: &[Identifier]) -> Option<&str> {
    let npi = |id: &&Identifier| {
        id.system == system::US_NPI || id.system == "urn:oid:2.16.840.1.113883.4.6"
    };
    ids.iter().find(npi).map(|id| id.value.as_str())
}

fn same_person(a: &[HumanName], b: &[HumanName]) -> bool {
    let words = |name: &HumanName| fold(&format!("{} {}", name.given.join(" "), name.family));
    let known = |name: &HumanName| !words(name).is_empty();
    a.iter().filter(|x| known(x)).any(|x| b.iter().any(|y| words(x) == words(y)))
}
