//! Somebody is looked for by a program (FHIR `Patient/$match`): whether enough is told of them to answer,
//! and how likely somebody found is the one.

use super::numbers::{self, Strength};
use super::person::Person;
use super::reach::Home;
use crate::patients::record::Former;
use almoner_core::clinical::{self, Identifier};
use almoner_core::rules::AskedWeights;

/// Numbers of a passport or a driving licence (HL7 v2 table 0203).
const PAPERS: [&str; 2] = ["PPN", "DL"];

/// What somebody is told by weighs so much (`matching.md` §5, input weights). A social security number
/// weighs nothing.
pub(crate) fn told(patient: &clinical::Patient, weights: &AskedWeights) -> u32 {
    let person = Person::of(patient, &Former::default(), "");
    let of_papers = |id: &&Identifier| PAPERS.contains(&id.kind.as_str());
    let usable =
        |id: &&Identifier| !numbers::is_ssn(id) && numbers::strength(id, "") > Strength::Worthless;
    let numbers = || patient.identifiers.iter().filter(usable);
    let placed = |it: &Home| !it.zip.is_empty() || !it.town.is_empty();
    let reached = [
        person.homes.iter().any(|it| !it.line.is_empty() && placed(it)),
        !person.phones.is_empty(),
        !person.emails.is_empty(),
        numbers().any(|id| !of_papers(&id)),
    ];
    let reached = match reached.into_iter().filter(|it| *it).count() {
        0 => 0,
        1 => weights.reach,
        _ => weights.most,
    };
    let papers = numbers().any(|id| of_papers(&id));
    let named = person.names.iter().any(|it| it.is_whole() && !it.placeholder);
    [(papers, weights.papers), (named, weights.name), (person.born.is_some(), weights.birth)]
        .into_iter()
        .filter(|(told, _)| *told)
        .fold(reached, |sum, (_, weight)| sum + weight)
}

/// How likely somebody is the one of all who are known, by the bits that speak for it.
pub(crate) fn likelihood(bits: f64, people: u64) -> f64 {
    #[allow(clippy::cast_precision_loss)] // a count of people
    let others = people.max(1) as f64;
    let odds = bits.exp2() / others;
    odds / (1.0 + odds)
}
