//! When two statements tell one measurement. Pure.

use crate::facts::rules::{
    Likeness, Pair, Times, fill, fill_concept, fill_list, fill_text, fill_time, same_concept,
    same_value, times,
};
use almoner_core::clinical::{Observation, Value};
use std::cmp::Ordering;

/// Compares two observations: one code at one time has one value.
pub fn compare(old: &Observation, new: &Observation, pair: Pair) -> Likeness {
    if !same_concept(&old.code, &new.code) || old.kind() != new.kind() {
        return Likeness::Other;
    }
    let time = |it: &Observation| it.effective.start.clone().or(it.effective.end.clone());
    let (a, b) = (time(old), time(new));
    let same = same_value(&old.value, &new.value) && same_components(old, new);
    match (times(a.as_ref(), b.as_ref()), same) {
        (Times::Fit | Times::Missing, true) => Likeness::Same,
        (Times::Fit, false) if pair.same_number && (corrected(new) || stage(old) != stage(new)) => {
            Likeness::Same
        }
        // Two readings of one day are two, unless both say the same moment.
        (Times::Fit, false) => {
            let exact = |time: &Option<almoner_core::clinical::When>| {
                time.as_ref().is_some_and(|when| when.time().is_some())
            };
            let conflict = exact(&a) == exact(&b) && !pair.same_file && told(old) && told(new);
            if conflict { Likeness::Differs } else { Likeness::Other }
        }
        _ => Likeness::Other,
    }
}

/// Takes over what a further statement says.
pub fn merge(into: &mut Observation, from: &Observation, newer: bool) {
    fill_concept(&mut into.code, &from.code);
    fill_text(&mut into.category, &from.category, false);
    // A laboratory's messages may come in any order: what it said last of a result is not always what
    // came last.
    let replaces = match stage(from).cmp(&stage(into)) {
        Ordering::Greater => true,
        Ordering::Equal => newer && corrected(from),
        Ordering::Less => false,
    };
    if replaces && told(from) {
        into.value = from.value.clone();
        into.components.clone_from(&from.components);
        into.interpretation.clone_from(&from.interpretation);
        from.reference_range.clone_into(&mut into.reference_range);
    }
    if stage(from) < stage(into) {
        // Of an earlier stage only what has not to do with the value.
        fill_concept(&mut into.code, &from.code);
        fill(&mut into.panel, &from.panel);
        fill(&mut into.encounter, &from.encounter);
        return;
    }
    fill_text(&mut into.status, &from.status, newer || replaces);
    fill_time(&mut into.effective.start, &from.effective.start);
    fill_time(&mut into.effective.end, &from.effective.end);
    fill_time(&mut into.issued, &from.issued);
    fill_text(&mut into.data_absent, &from.data_absent, false);
    if into.interpretation.is_empty() {
        fill_list(&mut into.interpretation, &from.interpretation);
    }
    fill_text(&mut into.reference_range, &from.reference_range, false);
    fill(&mut into.panel, &from.panel);
    fill(&mut into.encounter, &from.encounter);
    fill_text(&mut into.note, &from.note, false);
}

fn same_components(old: &Observation, new: &Observation) -> bool {
    old.components.len() == new.components.len()
        && old.components.iter().all(|(code, value)| {
            new.components.iter().any(|(c, v)| same_concept(code, c) && same_value(value, v))
        })
}

fn corrected(it: &Observation) -> bool {
    matches!(it.status.as_str(), "amended" | "corrected")
}

/// How far a result has come (FHIR R4 `observation-status`, HL7 v2 table 0085): a later stage of one
/// number takes the place of an earlier one.
fn stage(it: &Observation) -> u8 {
    match it.status.as_str() {
        "registered" => 0,
        "preliminary" => 1,
        "amended" | "corrected" => 3,
        "entered-in-error" => 4,
        _ => 2,
    }
}

fn told(it: &Observation) -> bool {
    it.value != Value::Absent || !it.components.is_empty()
}

/// Units as people write them, where the Unified Code for Units of Measure writes them for machines:
/// its print symbols (UCUM 2.1, tables 1 to 24), the longer code first.
const PRINTED: [(&str, &str); 17] = [
    ("mm[Hg]", "mmHg"),
    ("[lb_av]", "lb"),
    ("[oz_av]", "oz"),
    ("[in_i]", "in"),
    ("[in_us]", "in"),
    ("[ft_i]", "ft"),
    ("[degF]", "°F"),
    ("[IU]", "IU"),
    ("[iU]", "IU"),
    ("Cel", "°C"),
    ("10*3", "10³"),
    ("10*6", "10⁶"),
    ("10*9", "10⁹"),
    ("ug", "µg"),
    ("uL", "µL"),
    ("umol", "µmol"),
    ("m2", "m²"),
];

/// A unit as it is read: "mmHg" for `mm[Hg]`, "beats/min" for `{beats}/min`.
pub(super) fn unit(code: &str) -> String {
    let mut said = code.to_owned();
    for (code, printed) in PRINTED {
        said = said.replace(code, printed);
    }
    said.retain(|c| !matches!(c, '{' | '}' | '[' | ']'));
    said
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units_are_read_as_people_write_them() {
        for (code, said) in [
            ("mm[Hg]", "mmHg"),
            ("[lb_av]", "lb"),
            ("[in_i]", "in"),
            ("Cel", "°C"),
            ("[degF]", "°F"),
            ("{beats}/min", "beats/min"),
            ("{score}", "score"),
            ("[IU]/L", "IU/L"),
            ("10*3/uL", "10³/µL"),
            ("kg/m2", "kg/m²"),
            ("[pH]", "pH"),
            ("mg/dL", "mg/dL"),
            ("mmol/L", "mmol/L"),
            ("", ""),
        ] {
            assert_eq!(unit(code), said, "{code}");
        }
    }
}
