//! When two statements tell one allergy. Pure.

use crate::facts::rules::{Likeness, fill_concept, fill_list, fill_text, fill_time, same_concept};
use almoner_core::clinical::AllergyIntolerance;

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
