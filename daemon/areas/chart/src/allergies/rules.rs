//! When two statements tell one allergy. Pure.

use crate::facts::rules::{Likeness, fill_concept, fill_list, fill_text, fill_time, same_concept};
use almoner_core::clinical::{AllergyIntolerance, Concept};

/// Compares two allergies: one substance is one allergy, whenever it was noticed.
pub fn compare(old: &AllergyIntolerance, new: &AllergyIntolerance) -> Likeness {
    if !same_concept(&old.code, &new.code) {
        return Likeness::Other;
    }
    // "None known" is said of drugs, food or all: without a substance the category tells.
    let (a, b) = (old.category.as_str(), new.category.as_str());
    if old.code.is_empty() && a != b {
        return Likeness::Other;
    }
    let refuted = |it: &AllergyIntolerance| it.verification_status == "refuted";
    if refuted(old) == refuted(new) { Likeness::Same } else { Likeness::Differs }
}

/// Takes over what a further statement says.
pub fn merge(into: &mut AllergyIntolerance, from: &AllergyIntolerance, newer: bool) {
    fill_concept(&mut into.code, &from.code);
    fill_text(&mut into.clinical_status, &from.clinical_status, newer);
    fill_text(&mut into.verification_status, &from.verification_status, newer);
    fill_text(&mut into.type_, &from.type_, false);
    fill_text(&mut into.category, &from.category, false);
    // The graver word stays: nobody is made safer by a later silence.
    let graver = from.criticality == "high";
    fill_text(&mut into.criticality, &from.criticality, graver);
    fill_time(&mut into.onset, &from.onset);
    fill_time(&mut into.recorded, &from.recorded);
    for reaction in &from.reactions {
        let known = into.reactions.iter_mut().find(|mine| {
            let label = |it: &almoner_core::clinical::Reaction| {
                it.manifestation.iter().map(|c| c.label().to_lowercase()).collect::<Vec<_>>()
            };
            label(mine) == label(reaction)
        });
        match known {
            Some(known) => {
                fill_text(&mut known.severity, &reaction.severity, false);
                for concept in &reaction.manifestation {
                    match known.manifestation.iter_mut().find(|it| same_concept(it, concept)) {
                        Some(it) => fill_concept(it, concept),
                        None => fill_list(&mut known.manifestation, std::slice::from_ref(concept)),
                    }
                }
            }
            None => into.reactions.push(reaction.clone()),
        }
    }
}

/// Whether it is a standing allergy: not resolved, not refuted.
pub fn standing(it: &AllergyIntolerance) -> bool {
    !matches!(it.clinical_status.as_str(), "inactive" | "resolved")
        && it.verification_status != "refuted"
        && it.verification_status != "entered-in-error"
}

/// The four things that can be said of a patient's allergies (`UX.md` §2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Substance and reaction of each; and whether a source names one more without saying to what.
    Listed(Vec<(String, String)>, bool),
    /// Somebody asked and there are none: of all, or of drugs only, and when that was said.
    NoneKnown { drugs_only: bool, said: Option<almoner_core::clinical::When> },
    /// Nobody said anything, or nothing that stands.
    NotRecorded,
    /// All that sources name they name without saying to what.
    Unreadable,
}

/// What these facts say together. A listed allergy outweighs any "none known".
pub fn state(facts: &[crate::facts::Fact]) -> State {
    use almoner_core::clinical::Content;
    use almoner_core::export::Sense;
    let all = || {
        facts.iter().filter_map(|fact| match &fact.content {
            Content::Allergy(it) => Some((fact, it)),
            _ => None,
        })
    };
    let stated = || all().filter(|(fact, it)| fact.sense == Sense::Stated && standing(it));
    let (read, unread): (Vec<_>, Vec<_>) =
        stated().partition(|(_, it)| !it.code.label().trim().is_empty());
    let listed: Vec<(String, String)> = read.iter().map(|(_, it)| named(it)).collect();
    // What is known is never hidden by what is not.
    match (listed.is_empty(), unread.is_empty()) {
        (false, _) => return State::Listed(listed, !unread.is_empty()),
        (true, false) => return State::Unreadable,
        (true, true) => {}
    }
    let none: Vec<_> = all().filter(|(fact, _)| fact.sense == Sense::NoneKnown).collect();
    let Some((newest, _)) = none.iter().max_by_key(|(fact, _)| fact.updated) else {
        return State::NotRecorded;
    };
    let said = newest.assertions.iter().filter_map(|it| it.recorded.clone()).max();
    State::NoneKnown { drugs_only: none.iter().all(|(_, it)| of_drugs(it)), said }
}

/// Substance and reactions, the graver words first.
fn named(it: &AllergyIntolerance) -> (String, String) {
    let reactions = it.reactions.iter().flat_map(|reaction| &reaction.manifestation);
    let reactions: Vec<&str> = reactions.map(Concept::label).collect();
    (it.code.label().to_owned(), reactions.join(", "))
}

/// "No known drug allergies": SNOMED CT 409137002, or the category says so.
fn of_drugs(it: &AllergyIntolerance) -> bool {
    it.code.codings.iter().any(|coding| coding.code == "409137002")
        || it.code.codings.iter().all(|coding| coding.code != "716186003")
            && it.category == "medication"
}
