//! Who is meant in X12: names, numbers, addresses and dates of members and of those who ask and
//! answer (segments NM1, N3, N4, PER, DMG, REF).

use super::segment::Segment;
use almoner_core::clinical::{Address, ContactPoint, HumanName, Identifier, Patient, When, system};

/// A member's number as the payer calls it (HL7 v2 table 0203).
pub(super) const MEMBER: &str = "MB";

/// Name of an institution or person, as words.
pub(super) fn words(nm1: &Segment<'_>) -> String {
    let (family, given) = (nm1.element(3), nm1.element(4));
    let parts = [nm1.element(6), given, nm1.element(5), family, nm1.element(7)];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// Reads a member: the `NM1` of the loop and the segments of the person that follow it.
pub(super) fn patient(segments: &[Segment<'_>], payer: &str) -> Patient {
    let mut patient = Patient::default();
    for segment in segments {
        match segment.id() {
            "NM1" if patient.names.is_empty() => name(segment, payer, &mut patient),
            "N3" => address(&mut patient, |it| it.lines = lines(segment)),
            "N4" => address(&mut patient, |it| city(segment, it)),
            "DMG" => {
                patient.birth_date = born(segment);
                gender(segment.element(3)).clone_into(&mut patient.gender);
            }
            "REF" => patient.identifiers.extend(number(segment)),
            "PER" => patient.telecoms.extend(telecoms(segment)),
            "DTP" if segment.element(1) == "442" => {
                patient.deceased = true;
                patient.deceased_at = segment.period(2, 3).0;
            }
            _ => {}
        }
    }
    patient
}

/// The birth date of a `DMG` segment.
pub(super) fn born(dmg: &Segment<'_>) -> Option<When> {
    dmg.period(1, 2).0
}

fn name(nm1: &Segment<'_>, payer: &str, patient: &mut Patient) {
    let list = |numbers: &[usize]| -> Vec<String> {
        let parts = numbers.iter().map(|number| nm1.element(*number));
        parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
    };
    patient.names.push(HumanName {
        use_: "official".to_owned(),
        family: nm1.element(3).to_owned(),
        given: list(&[4, 5]),
        prefix: list(&[6]),
        suffix: list(&[7]),
    });
    let value = nm1.element(9).to_owned();
    if value.is_empty() {
        return;
    }
    let (system, kind) = match nm1.element(8) {
        "34" => (system::US_SSN, "SS"),
        _ => (payer, MEMBER),
    };
    let (system, kind) = (system.to_owned(), kind.to_owned());
    patient.identifiers.push(Identifier { system, value, kind });
}

/// Numbers of a member that say who it is (element 128).
fn number(segment: &Segment<'_>) -> Option<Identifier> {
    let (system, kind) = match segment.element(1) {
        "SY" => (system::US_SSN, "SS"),
        "F6" => ("http://hl7.org/fhir/sid/us-mbi", "MC"),
        "EJ" => ("", "AN"),
        "NQ" => ("", "MA"),
        _ => return None,
    };
    let value = segment.element(2).to_owned();
    let (system, kind) = (system.to_owned(), kind.to_owned());
    (!value.is_empty()).then_some(Identifier { system, value, kind })
}

/// Changes the member's one address.
fn address(patient: &mut Patient, change: impl FnOnce(&mut Address)) {
    let known = patient.addresses.pop();
    let mut one =
        known.unwrap_or_else(|| Address { use_: "home".to_owned(), ..Address::default() });
    change(&mut one);
    patient.addresses.push(one);
}

fn lines(n3: &Segment<'_>) -> Vec<String> {
    let both = [n3.element(1), n3.element(2)];
    both.into_iter().filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

fn city(n4: &Segment<'_>, into: &mut Address) {
    n4.element(1).clone_into(&mut into.city);
    n4.element(2).clone_into(&mut into.state);
    let zip = n4.element(3);
    let long = zip.len() == 9 && zip.bytes().all(|sign| sign.is_ascii_digit());
    into.postal_code = match zip.split_at_checked(5) {
        Some((five, four)) if long => format!("{five}-{four}"),
        _ => zip.to_owned(),
    };
    n4.element(4).clone_into(&mut into.country);
}

fn gender(code: &str) -> &'static str {
    match code {
        "M" => "male",
        "F" => "female",
        "U" => "unknown",
        _ => "",
    }
}

/// The numbers of a `PER` segment: pairs of qualifier and number.
pub(super) fn telecoms(per: &Segment<'_>) -> Vec<ContactPoint> {
    let pairs =
        [(3, 4), (5, 6), (7, 8)].map(|(kind, value)| (per.element(kind), per.element(value)));
    let known = pairs.into_iter().filter(|(_, value)| !value.is_empty());
    known
        .filter_map(|(kind, value)| {
            let (system, use_) = match kind {
                "TE" => ("phone", ""),
                "HP" => ("phone", "home"),
                "WP" => ("phone", "work"),
                "CP" => ("phone", "mobile"),
                "FX" => ("fax", ""),
                "EM" => ("email", ""),
                "UR" => ("url", ""),
                _ => return None,
            };
            let (system, use_) = (system.to_owned(), use_.to_owned());
            Some(ContactPoint { system, value: value.to_owned(), use_ })
        })
        .collect()
}
