//! Identifiers as they are compared: what each says about who somebody is, and within what it is
//! unlike (`matching.md` §2).

use super::words;
use almoner_core::clinical::{Identifier, system};

/// How much an identifier says about who somebody is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Strength {
    /// Nothing: `UNK`, `999-99-9999`, a sample's number, a doctor's number.
    Worthless,
    /// Something, never alone: a social security number, a number nobody stands for.
    Weak,
    /// Much: a number with its authority.
    Strong,
}

/// A social security number, as far as it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ssn {
    Whole(String),
    /// The last four digits.
    End(String),
}

/// Under which the FHIR reader keeps a patient's own id; a test holds both to one word.
pub(crate) const FHIR_ID: &str = "urn:almoner:fhir-id";

/// OIDs of people's examples; numbers under them are copied from document to document.
const SAMPLE_ROOT: &str = "urn:oid:2.16.840.1.113883.19";
const SSN_OID: &str = "urn:oid:2.16.840.1.113883.4.1";
const NPI_OID: &str = "urn:oid:2.16.840.1.113883.4.6";
/// The system of numbers that name themselves (a UUID, an OID): nobody's authority.
const ITSELF: &str = "urn:ietf:rfc:3986";

/// How much an identifier says, coming from this source.
pub fn strength(id: &Identifier, source: &str) -> Strength {
    let value = plain(&id.value);
    if is_filling(&value) || words::is_no_number(&value) || value.is_empty() {
        return Strength::Worthless;
    }
    // A number that a merge message retired is no longer the patient's own.
    if id.kind == "prior" {
        return Strength::Worthless;
    }
    if id.system.starts_with(SAMPLE_ROOT) || id.system == NPI_OID || id.system == system::US_NPI {
        return Strength::Worthless;
    }
    // An OID alone names whoever gives numbers: some products write their own for every patient.
    if id.system == ITSELF && id.value.starts_with("urn:oid:") {
        return Strength::Worthless;
    }
    if is_ssn(id) {
        let whole = matches!(ssn(id), Some(Ssn::Whole(_)));
        return if whole { Strength::Weak } else { Strength::Worthless };
    }
    if matches!(id.kind.as_str(), "AN" | "VN") || is_member(id) {
        return Strength::Weak;
    }
    let named = !source.is_empty();
    match id.system.as_str() {
        "" => Strength::Weak,
        FHIR_ID if named || value.len() >= 32 || id.value.contains('/') => Strength::Strong,
        FHIR_ID => Strength::Weak,
        uri if uri.contains(':') => Strength::Strong,
        _word if named => Strength::Strong,
        _ => Strength::Weak,
    }
}

/// One sign again and again: `0`, `000`, `99`, `XXX`, `7777`; a short number of another digit may be
/// somebody's.
fn is_filling(value: &str) -> bool {
    let first = value.chars().next();
    let monotone =
        (value.len() > 1 || first == Some('0')) && value.chars().all(|c| Some(c) == first);
    monotone && (value.len() > 3 || !matches!(first, Some('1'..='8')))
}

/// Whether it is a social security number.
pub fn is_ssn(id: &Identifier) -> bool {
    id.kind == "SS" || id.system == system::US_SSN || id.system == SSN_OID
}

/// Whether it is the number of a member of a health plan: a family can have one together.
pub(crate) fn is_member(id: &Identifier) -> bool {
    matches!(id.kind.as_str(), "MB" | "MC" | "MA" | "SN")
}

/// The record number's authority, where it is one that gives a person one number.
pub(crate) fn authority(id: &Identifier, source: &str) -> Option<String> {
    let oid = id.kind.is_empty() && id.system.starts_with("urn:oid:");
    let record = (id.kind == "MR" || oid) && id.system != ITSELF && id.system != FHIR_ID;
    let strong = record && strength(id, source) == Strength::Strong;
    strong.then(|| format!("{}|{}", scope(id, source), id.system))
}

/// The social security number that an identifier is, if it can be somebody's (Social Security
/// Administration: no area 000, 666 or 9xx, no group 00, no serial 0000).
pub(crate) fn ssn(id: &Identifier) -> Option<Ssn> {
    let value = plain(&id.value);
    let digits: String = value.chars().filter(char::is_ascii_digit).collect();
    let hidden = value.chars().any(|c| c == 'X') || id.value.contains('*');
    if hidden || digits.len() == 4 {
        let end = digits.get(digits.len().checked_sub(4)?..)?;
        return (end != "0000").then(|| Ssn::End(end.to_owned()));
    }
    if digits.len() != 9 || digits.len() != value.len() {
        return None;
    }
    let (area, rest) = digits.split_at(3);
    let (group, serial) = rest.split_at(2);
    let valid = area != "000" && area != "666" && !area.starts_with('9');
    let valid = valid && group != "00" && serial != "0000" && !words::is_no_ssn(&digits);
    valid.then_some(Ssn::Whole(digits))
}

/// A number with its authority, as it is compared.
pub(crate) fn text(id: &Identifier, source: &str) -> String {
    format!("{}|{}|{}", scope(id, source), id.system, plain(&id.value))
}

/// Within what an identifier is unlike: one source for what only that source says, else the world.
pub fn scope<'s>(id: &Identifier, source: &'s str) -> &'s str {
    let own_words = !id.system.contains(':');
    if own_words || id.system == FHIR_ID && !id.value.contains('/') { source } else { "" }
}

/// An identifier's value as compared: letters and digits only, upper case.
pub fn plain(value: &str) -> String {
    value.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(system: &str, value: &str, kind: &str) -> Identifier {
        Identifier { system: system.into(), value: value.into(), kind: kind.into() }
    }

    #[test]
    fn identifiers_are_weighed() {
        for (given, source, expected) in [
            (id("urn:oid:1.2.3", "UNK", ""), "epic", Strength::Worthless),
            (id("urn:oid:1.2.3", "77", ""), "epic", Strength::Strong),
            (id("urn:oid:1.2.3", "7777", ""), "epic", Strength::Worthless),
            (id(ITSELF, "urn:oid:1.2.3", ""), "epic", Strength::Worthless),
            (
                id(ITSELF, "urn:uuid:7d7c4f3e-94a5-4d7e-9a32-5c1f0e6b2a10", ""),
                "epic",
                Strength::Strong,
            ),
            (id("urn:oid:1.2.3", "00", ""), "epic", Strength::Worthless),
            (id("urn:oid:1.2.3", "999-99-9999", ""), "epic", Strength::Worthless),
            (id("urn:oid:2.16.840.1.113883.19.5", "998991", ""), "epic", Strength::Worthless),
            (id(SSN_OID, "111-23-2330", ""), "epic", Strength::Weak),
            (id(SSN_OID, "111-00-2330", ""), "epic", Strength::Worthless),
            (id("", "4711", "MR"), "epic", Strength::Weak),
            (id("urn:oid:1.2.3", "4711", "MR"), "", Strength::Strong),
            (id("SBH", "4711", "MR"), "cerner", Strength::Strong),
            (id("SBH", "4711", "MR"), "", Strength::Weak),
            (id("PLAN", "W100", "MB"), "cerner", Strength::Weak),
            (id(FHIR_ID, "17", "fhir"), "ecw", Strength::Strong),
            (id(FHIR_ID, "17", "fhir"), "", Strength::Weak),
        ] {
            assert_eq!(strength(&given, source), expected, "{given:?} from '{source}'");
        }
    }

    #[test]
    fn a_social_security_number_must_be_one_that_is_given() {
        let whole = |digits: &str| Some(Ssn::Whole(digits.to_owned()));
        for (value, expected) in [
            ("219-09-9998", whole("219099998")),
            ("219-09-9999", None),
            ("000-12-3456", None),
            ("666-12-3456", None),
            ("912-34-5678", None),
            ("123-00-4567", None),
            ("123-45-0000", None),
            ("XXX-XX-4321", Some(Ssn::End("4321".to_owned()))),
            ("***-**-4321", Some(Ssn::End("4321".to_owned()))),
            ("12345", None),
        ] {
            assert_eq!(ssn(&id(SSN_OID, value, "")), expected, "{value}");
        }
    }
}
