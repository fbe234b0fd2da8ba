//! Faults that do not stop the reading but that somebody should look at: codes that cannot be
//! codes of their system, a document that claims another standard, names left out.
//!
//! What is sound is taken all the same: a fault costs itself only.

use super::node::{at, attr, child, text};
use super::source::Source;
use super::terms::known_uri;
use almoner_core::clinical::system;
use almoner_core::export::Severity;
use std::collections::HashSet;

/// Most malformed codes named for one document: the first ones tell the story.
const CODE_LIMIT: usize = 20;

/// The type id of every CDA R2 document (CDA R2, 4.2.1.1).
const TYPE_ID: &str = "POCD_HD000040";

/// Notes the faults of a document.
pub(super) fn note_all(source: &Source<'_>) {
    note_type_id(source);
    note_person(source);
    note_codes(source);
}

/// A wrong type id makes a strict receiver refuse the whole document; here it is only named.
fn note_type_id(source: &Source<'_>) {
    let Some(id) = child(source.root, "typeId") else { return };
    if attr(id, "extension").is_some_and(|extension| extension != TYPE_ID) {
        let message = "The document claims a type that CDA does not know. It was read as CDA.";
        source.note(Severity::Warning, id, "type_id_unknown", message);
    }
}

/// Names and sex that cannot be right: they decide whose chart the document goes to.
fn note_person(source: &Source<'_>) {
    let Some(person) = at(source.root, "recordTarget/patientRole/patient") else { return };
    if let Some(name) = child(person, "name") {
        let family = child(name, "family").map(text).unwrap_or_default();
        if !family.chars().any(char::is_alphabetic) || family.chars().any(|c| c.is_ascii_digit()) {
            let message = "The patient's family name is missing or holds what no name holds. Check \
                           the name in the chart.";
            source.note(Severity::Warning, name, "name_doubtful", message);
        }
    }
    let sex = child(person, "administrativeGenderCode");
    let code = sex.and_then(|sex| attr(sex, "code"));
    let known = ["M", "F", "UN", "O", "U", "UNK"];
    let strange = code.is_some_and(|code| !known.contains(&&*code.to_uppercase()));
    if let Some(element) = sex.filter(|_| strange) {
        let message = "The patient's sex is written in a way that is no known code. It was filed \
                       as unknown.";
        source.note(Severity::Warning, element, "sex_unreadable", message);
    }
}

/// Codes that cannot be codes of the system they name; each such code once. The statement is taken
/// with the code as it stands.
fn note_codes(source: &Source<'_>) {
    let mut seen: HashSet<(&str, &str)> = HashSet::new();
    for element in source.coded.iter().copied() {
        let (Some(code), Some(oid)) = (attr(element, "code"), attr(element, "codeSystem")) else {
            continue;
        };
        if seen.len() >= CODE_LIMIT {
            break;
        }
        if attr(element, "nullFlavor").is_some() {
            continue;
        }
        if !is_assigned(oid) && seen.insert((oid, "")) {
            let message = "A code here names a code system that cannot exist. It was kept as it \
                           stands; go by the words.";
            source.note(Severity::Warning, element, "code_system_unknown", message);
        } else if !is_shaped(known_uri(oid), code) && seen.insert((oid, code)) {
            let message = "A code here cannot be a code of the system it names. It was kept as it \
                           stands; go by the words.";
            source.note(Severity::Warning, element, "code_malformed", message);
        }
    }
}

/// Whether an OID could have been given out: below 0 and 1 only a few arcs are assigned (ISO/IEC
/// 9834-1: ITU-T 0 to 5 and 9, ISO 0 to 3).
fn is_assigned(oid: &str) -> bool {
    let mut arcs = oid.split('.');
    match (arcs.next(), arcs.next().and_then(|arc| arc.parse::<u64>().ok())) {
        (Some("0"), Some(arc)) => arc <= 5 || arc == 9,
        (Some("1"), Some(arc)) => arc <= 3,
        _ => true,
    }
}

/// Whether a code has the shape that its system gives to codes. Systems not listed have none.
fn is_shaped(uri: &str, code: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match uri {
        system::SNOMED => digits(code) && (4..=18).contains(&code.len()),
        system::LOINC => {
            let (number, check) = code.rsplit_once('-').unwrap_or((code, ""));
            let number = number.trim_start_matches(|c: char| c.is_ascii_uppercase());
            digits(number) && digits(check) && check.len() == 1
        }
        // NDCs sent as RxNorm are understood
        system::RXNORM => digits(code) && code.len() <= 8 || code.split('-').all(digits),
        system::CVX => digits(code) && code.len() <= 3,
        "http://ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl" => {
            code.strip_prefix('C').is_some_and(digits)
        }
        system::CPT => code.len() == 5 && code.bytes().all(|b| b.is_ascii_alphanumeric()),
        // v3 ActClass: CONC and the like
        "2.16.840.1.113883.5.6" => code.len() <= 12 && code.chars().all(|c| c.is_ascii_uppercase()),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_of_codes() {
        for (uri, code, shaped) in [
            (system::SNOMED, "428071000124103", true),
            (system::SNOMED, "428071000124103SSS", false),
            (system::LOINC, "72166-2", true),
            (system::LOINC, "LA33-6", true),
            (system::LOINC, "NOT_a_real_code", false),
            (system::CVX, "88", true),
            (system::RXNORM, "573621", true),
            ("urn:oid:1.2.3", "anything", true),
        ] {
            assert_eq!(is_shaped(uri, code), shaped, "{uri} {code}");
        }
    }
}
