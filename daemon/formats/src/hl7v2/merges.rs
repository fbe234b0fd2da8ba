//! Messages that say that two records are one, or are not, or that move what is theirs (HL7 v2.5.1
//! chapter 3, sections 3.3.18 to 3.3.51).

use super::scene::Scene;
use almoner_core::clinical::Identifier;
use almoner_core::export::{How, Other, PersonStatements, Problem, Severity};

/// Events that give up one person's record, or its number, for another.
const MERGES: [&str; 8] = ["A18", "A30", "A34", "A36", "A39", "A40", "A46", "A47"];

/// Events that move accounts and visits from one record to another.
const MOVES: [&str; 10] = ["A35", "A41", "A42", "A43", "A44", "A45", "A48", "A49", "A50", "A51"];

/// The record that is given up for the patient's own.
pub(super) fn given_up(scene: &Scene, prior: Vec<Identifier>) -> Option<Other> {
    let merged = scene.is(&MERGES) && !prior.is_empty();
    merged.then_some(Other { how: How::Merged, identifiers: prior })
}

/// Of two people of a message that links or unlinks them, the second one knows of the first.
pub(super) fn link(scene: &Scene, people: &mut [PersonStatements]) {
    let how = match scene.message.trigger.as_str() {
        "A24" => How::Linked,
        "A37" => How::Unlinked,
        _ => return,
    };
    if let [first, second] = people {
        let identifiers = first.patient.identifiers.clone();
        second.others.push(Other { how, identifiers });
    }
}

/// Says what a message asks for that is left to a person: moves, deletions, and merges that do not name
/// both records.
pub(super) fn review(scene: &Scene, people: &[PersonStatements]) -> Option<Problem> {
    let asks = scene.is(&MOVES) || scene.is(&["A23", "A29"]);
    let severity = if asks { Severity::Warning } else { Severity::Info };
    let both = people.iter().any(|person| !person.others.is_empty());
    let (code, words) = if scene.message.code != "ADT" {
        return None;
    } else if !both && (scene.is(&MERGES) || scene.is(&["A24", "A37"])) {
        (
            "merge_incomplete",
            "The message says that two records belong together or apart, but does not name both. \
             Nothing was merged; ask the sender for the message again.",
        )
    } else if scene.is(&MOVES) {
        (
            "merge_kept_for_review",
            "The message moves accounts or visits between records. It is kept for review; nothing \
             was moved.",
        )
    } else if scene.is(&["A23", "A29"]) {
        (
            "deletion_kept_for_review",
            "The sender deleted this visit or person in its own system. It is kept for review; \
             nothing was deleted.",
        )
    } else {
        return None;
    };
    Some(Problem::new(severity, format!("message {}", scene.number), code, words))
}
