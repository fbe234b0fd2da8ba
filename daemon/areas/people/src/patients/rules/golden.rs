//! The values shown of a patient, chosen from all identities (survivorship, `matching.md` §7): the
//! newest source wins per attribute; numbers, names, addresses and telephones of the others stay.

use crate::patients::record::{Former, Identity, Patient};
use almoner_core::clinical::{self, HumanName};
use almoner_core::text::fold;

impl Patient {
    /// The values to show.
    pub fn golden(&self) -> clinical::Patient {
        let mut all: Vec<&Identity> = self.identities.iter().collect();
        all.sort_by_key(|identity| {
            let bare = identity.demographics.names.is_empty();
            (bare, std::cmp::Reverse(identity.received), identity.sha256, identity.key.clone())
        });
        let mut golden = clinical::Patient::default();
        for identity in all {
            fill(&mut golden, &identity.demographics);
        }
        // Names that a source gave before and gives no more: papers may still bear them.
        for former in self.identities.iter().flat_map(|identity| &identity.former.names) {
            let old = HumanName { use_: "old".to_owned(), ..former.clone() };
            add_all(&mut golden.names, &[old], same_name);
        }
        // The number that most sources know comes first: the clinic's own, as a rule.
        let known = |id: &clinical::Identifier| {
            let holds = |one: &&Identity| {
                one.demographics.identifiers.iter().any(|it| same_identifier(it, id))
            };
            self.identities.iter().filter(holds).count()
        };
        golden.identifiers.sort_by_cached_key(|id| std::cmp::Reverse(known(id)));
        golden
    }
}

impl Identity {
    /// Takes over what a newer (or older) file of the same source says.
    pub(crate) fn absorb(&mut self, other: &clinical::Patient, newer: bool) {
        if !newer {
            fill(&mut self.demographics, other);
            return;
        }
        let mut next = other.clone();
        keep_former(&mut self.former, &self.demographics, &next);
        fill_scalars(&mut next, &self.demographics);
        add_all(&mut next.identifiers, &self.demographics.identifiers, same_identifier);
        self.demographics = next;
    }

    /// Whether a newer file of the same source says nothing that is not known here.
    pub(crate) fn says_already(&self, other: &clinical::Patient) -> bool {
        let mut next = self.clone();
        next.absorb(other, true);
        next == *self
    }
}

/// What the source gave before and gives no more. A list that the newer file leaves out altogether
/// stays in force.
fn keep_former(former: &mut Former, old: &clinical::Patient, new: &clinical::Patient) {
    let mut leave = Former::default();
    if !new.names.is_empty() {
        leave.names.clone_from(&old.names);
        add_all(&mut former.names, &leave.names, same_name);
        former.names.retain(|name| !new.names.iter().any(|other| same_name(name, other)));
    }
    if !new.addresses.is_empty() {
        add_all(&mut former.addresses, &old.addresses, same_address);
        former.addresses.retain(|a| !new.addresses.iter().any(|other| same_address(a, other)));
    }
    if !new.telecoms.is_empty() {
        add_all(&mut former.telecoms, &old.telecoms, same_telecom);
        former.telecoms.retain(|t| !new.telecoms.iter().any(|other| same_telecom(t, other)));
    }
}

/// Fills every gap of `into`, and adds numbers, names, addresses and telephones.
fn fill(into: &mut clinical::Patient, from: &clinical::Patient) {
    for id in &from.identifiers {
        match into.identifiers.iter_mut().find(|known| same_identifier(known, id)) {
            Some(known) if known.kind.is_empty() => known.kind.clone_from(&id.kind),
            Some(_) => {}
            None => into.identifiers.push(id.clone()),
        }
    }
    add_all(&mut into.names, &from.names, same_name);
    add_all(&mut into.addresses, &from.addresses, same_address);
    add_all(&mut into.telecoms, &from.telecoms, same_telecom);
    fill_scalars(into, from);
}

fn fill_scalars(into: &mut clinical::Patient, from: &clinical::Patient) {
    let longer = |a: &Option<clinical::When>| a.as_ref().map_or(0, |when| when.as_str().len());
    let precise = into.birth_date.as_ref().is_some_and(|date| date.date().is_some());
    if !precise && longer(&from.birth_date) > longer(&into.birth_date) {
        into.birth_date.clone_from(&from.birth_date);
    }
    if matches!(into.gender.as_str(), "" | "unknown") && !from.gender.is_empty() {
        into.gender.clone_from(&from.gender);
    }
    into.deceased |= from.deceased;
    into.multiple_birth |= from.multiple_birth;
    or(&mut into.deceased_at, &from.deceased_at);
    or(&mut into.marital_status, &from.marital_status);
    or(&mut into.interpreter_needed, &from.interpreter_needed);
    or(&mut into.managing_organization, &from.managing_organization);
    or_list(&mut into.names, &from.names);
    or_list(&mut into.addresses, &from.addresses);
    or_list(&mut into.telecoms, &from.telecoms);
    or_list(&mut into.race, &from.race);
    or_list(&mut into.ethnicity, &from.ethnicity);
    or_list(&mut into.communications, &from.communications);
    or_list(&mut into.general_practitioner, &from.general_practitioner);
}

#[allow(clippy::ref_option)] // fields are handed in as they are
fn or<T: Clone>(into: &mut Option<T>, from: &Option<T>) {
    if into.is_none() {
        into.clone_from(from);
    }
}

fn or_list<T: Clone>(into: &mut Vec<T>, from: &[T]) {
    if into.is_empty() {
        into.extend_from_slice(from);
    }
}

fn add_all<T: Clone>(into: &mut Vec<T>, from: &[T], same: fn(&T, &T) -> bool) {
    for item in from {
        if !into.iter().any(|known| same(known, item)) {
            into.push(item.clone());
        }
    }
}

fn same_identifier(a: &clinical::Identifier, b: &clinical::Identifier) -> bool {
    a.system == b.system && a.value == b.value
}

fn same_name(a: &HumanName, b: &HumanName) -> bool {
    let words = |name: &HumanName| {
        let given = name.given.join(" ");
        fold(&[given.as_str(), &name.family, &name.suffix.join(" ")].join(" "))
    };
    words(a) == words(b)
}

fn same_address(a: &clinical::Address, b: &clinical::Address) -> bool {
    let words = |address: &clinical::Address| {
        let lines = address.lines.join(" ");
        let zip = address.postal_code.get(0..5).unwrap_or(&address.postal_code);
        fold(&[lines.as_str(), &address.city, zip].join(" "))
    };
    words(a) == words(b)
}

fn same_telecom(a: &clinical::ContactPoint, b: &clinical::ContactPoint) -> bool {
    let value = |point: &clinical::ContactPoint| {
        let digits: String = point.value.chars().filter(char::is_ascii_digit).collect();
        if point.system == "phone" && digits.len() >= 7 { digits } else { fold(&point.value) }
    };
    a.system == b.system && value(a) == value(b)
}
