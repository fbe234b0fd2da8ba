//! The data types of HL7 v2 as the blocks of clinical facts: identifiers, names, addresses,
//! telephone numbers, codes (HL7 v2.5.1 chapter 2.A; mapping as in the HL7 v2-to-FHIR guide).

use super::codes;
use super::segment::{Parts, Piece};
use almoner_core::clinical::{
    Address, Coding, Concept, ContactPoint, HumanName, Identifier, Reference, system,
};

/// `HD` (assigning authority, facility): an OID or URI when it names one, else its own word.
pub(super) fn authority(piece: Piece<'_>) -> String {
    let (name, id, kind) = (piece.sub(1).text(), piece.sub(2).text(), piece.sub(3).text());
    universal(&id, &kind).unwrap_or_else(|| if name.is_empty() { id } else { name }.into_owned())
}

/// `HD` that stands as a field of its own, so that its parts are components (MSH-3, MSH-4).
pub(super) fn facility(piece: Piece<'_>) -> String {
    let (name, id, kind) =
        (piece.component(1).text(), piece.component(2).text(), piece.component(3).text());
    universal(&id, &kind).unwrap_or_else(|| if name.is_empty() { id } else { name }.into_owned())
}

fn universal(id: &str, kind: &str) -> Option<String> {
    let oid = id.contains('.') && id.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    match kind {
        "ISO" | "OID" if oid => Some(format!("urn:oid:{id}")),
        "UUID" | "GUID" if id.len() == 36 => Some(format!("urn:uuid:{}", id.to_ascii_lowercase())),
        "URI" | "URL" if !id.is_empty() => Some(id.to_owned()),
        _ => None,
    }
}

/// `CX`. An id without a named authority is taken to be of `sender`, as the standard implies.
pub(super) fn identifier(piece: Piece<'_>, sender: &str) -> Option<Identifier> {
    let value = piece.component(1).string();
    if value.is_empty() {
        return None;
    }
    let kind = piece.component(5).string();
    let named = authority(piece.component(4));
    let named = if named.is_empty() { authority(piece.component(6)) } else { named };
    let system = if kind == "SS" && is_ssn(&value) {
        system::US_SSN.to_owned()
    } else if named.is_empty() {
        sender.to_owned()
    } else {
        named
    };
    Some(Identifier { system, value, kind })
}

/// `EI` (placer and filler numbers, document ids).
pub(super) fn entity(piece: Piece<'_>, sender: &str, kind: &str) -> Option<Identifier> {
    let value = piece.component(1).string();
    if value.is_empty() {
        return None;
    }
    // Some senders write an `HD` with subcomponents where the standard has components 2 to 4.
    let name = authority(piece.component(2));
    let universal = universal(&piece.component(3).text(), &piece.component(4).text());
    let named = universal.unwrap_or(name);
    let system = if named.is_empty() { sender.to_owned() } else { named };
    Some(Identifier { system, value, kind: kind.to_owned() })
}

fn is_ssn(value: &str) -> bool {
    value.bytes().filter(u8::is_ascii_digit).count() == 9
        && value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
}

/// Whether ten digits bear the check digit of a National Provider Identifier (Luhn over `80840` and
/// the number; 45 CFR 162.406).
pub(super) fn is_npi(value: &str) -> bool {
    let digits = value.len() == 10 && value.bytes().all(|byte| byte.is_ascii_digit());
    let sum: u32 = value
        .bytes()
        .rev()
        .enumerate()
        .map(|(at, byte)| {
            let digit = u32::from(byte.saturating_sub(b'0'));
            let doubled = if at % 2 == 1 { digit * 2 } else { digit };
            doubled / 10 + doubled % 10
        })
        .sum();
    digits && (sum + 24).is_multiple_of(10)
}

/// `XPN`.
pub(super) fn name(piece: Piece<'_>) -> Option<HumanName> {
    let piece = piece.components();
    let part = |n: usize| one_line(&piece.component(n).text());
    let list = |parts: &[usize]| -> Vec<String> {
        parts.iter().map(|n| part(*n)).filter(|text| !text.is_empty()).collect()
    };
    let name = HumanName {
        use_: codes::name_use(&part(7)).to_owned(),
        family: one_line(&piece.component(1).sub(1).text()),
        given: list(&[2, 3]),
        prefix: list(&[5]),
        suffix: list(&[4, 6]),
    };
    (!name.family.is_empty() || !name.given.is_empty()).then_some(name)
}

/// Every name of a field in its order, which puts the primary name first; a name marked legal is
/// drawn forward only past nicknames and former names.
pub(super) fn names(field: Piece<'_>) -> Vec<HumanName> {
    let mut names: Vec<HumanName> = field.repetitions().filter_map(name).collect();
    let lesser = |name: &HumanName| matches!(name.use_.as_str(), "nickname" | "maiden" | "old");
    let legal = names.iter().position(|name| name.use_ == "official");
    if let Some(at) = legal.filter(|_| names.first().is_some_and(lesser)) {
        let legal = names.remove(at);
        names.insert(0, legal);
    }
    names
}

/// Words with single blanks between them.
fn one_line(text: &str) -> String {
    if !text.bytes().any(|byte| byte.is_ascii_whitespace()) && text.is_ascii() {
        return text.to_owned();
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

/// `XAD`.
pub(super) fn address(piece: Piece<'_>) -> Option<Address> {
    let piece = piece.components();
    let part = |n: usize| piece.component(n).string();
    let lines = [piece.component(1).sub(1).string(), part(2)];
    let address = Address {
        use_: codes::address_use(&part(7)).to_owned(),
        lines: lines.into_iter().filter(|line| !line.is_empty()).collect(),
        city: part(3),
        state: part(4),
        postal_code: part(5),
        country: part(6),
    };
    let empty = Address { use_: address.use_.clone(), ..Address::default() };
    (address != empty).then_some(address)
}

/// `XTN`: a telephone number, an e-mail address, or both; `use_` is what the field means.
pub(super) fn telecom(piece: Piece<'_>, use_: &str) -> Vec<ContactPoint> {
    let piece = piece.components();
    let part = |n: usize| piece.component(n).text();
    let (purpose, equipment) = (part(2), part(3));
    let use_ = codes::telecom_use(&purpose, &equipment).unwrap_or(use_);
    let point = |system: &str, value: String| ContactPoint {
        system: system.to_owned(),
        value,
        use_: use_.to_owned(),
    };
    let mut points = Vec::new();
    let number = number(&piece);
    let mail = [part(4), part(1)].into_iter().find(|text| text.contains('@'));
    if let Some(mail) = mail {
        points.push(point("email", mail.into_owned()));
    } else if purpose == "NET" && !number.is_empty() {
        points.push(point("email", number.clone()));
    }
    if purpose != "NET" && !number.is_empty() && !number.contains('@') {
        points.push(point(codes::equipment(&equipment), number));
    }
    points
}

/// The number itself: unformatted (12), else area code and local number (6, 7), else as typed (1).
fn number(piece: &Parts<'_>) -> String {
    let part = |n: usize| piece.component(n).string();
    let (whole, typed) = (part(12), part(1));
    let (area, local, extension) = (part(6), part(7), part(8));
    let mut number = match (whole.is_empty(), local.is_empty(), typed.is_empty()) {
        (false, ..) => return whole,
        (_, false, _) if area.is_empty() => local,
        (_, false, _) => format!("{area}-{local}"),
        (.., false) => return typed,
        _ => return String::new(),
    };
    if !extension.is_empty() {
        number = format!("{number} x{extension}");
    }
    number
}

/// `XCN` and `CNN` as a person to be named: "Jane Smith".
pub(super) fn person(piece: Piece<'_>) -> Option<Reference> {
    let (given, family) = (piece.component(3).text(), piece.component(2).sub(1).text());
    let words = match (given.is_empty(), family.is_empty()) {
        (false, false) => format!("{given} {family}"),
        (true, true) => piece.component(1).string(),
        _ => format!("{given}{family}"),
    };
    (!words.is_empty()).then(|| Reference { key: String::new(), display: words })
}

/// `PL` in words: ward, room, bed, house.
pub(super) fn location(piece: Piece<'_>) -> String {
    let parts: Vec<String> = [1, 2, 3, 4, 7]
        .iter()
        .map(|n| piece.component(*n).sub(1).string())
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(", ")
}

/// `CE`, `CWE` and `CNE`: up to three codes and the words; nothing gives `None`.
pub(super) fn concept(piece: Piece<'_>) -> Option<Concept> {
    concept_in(piece, "")
}

/// A coded field whose table the standard fixes: `table` is the code system when none is named.
pub(super) fn concept_in(piece: Piece<'_>, table: &str) -> Option<Concept> {
    if piece.raw().is_empty() {
        return None;
    }
    let piece = piece.components();
    let mut codings: Vec<Coding> = Vec::new();
    let mut words = piece.component(9).string();
    for first in [1, 4, 10] {
        let code = piece.component(first).string();
        let display = piece.component(first + 1).string();
        if words.is_empty() {
            words.clone_from(&display);
        }
        if code.is_empty() {
            continue;
        }
        let named = piece.component(first + 2).text();
        let system = codes::system(&named, &code);
        let system = if named.is_empty() && first == 1 { table.to_owned() } else { system };
        let display = (!display.is_empty()).then_some(display);
        codings.push(Coding { system, code, display });
    }
    let text = (!words.is_empty()).then_some(words);
    (text.is_some() || !codings.is_empty()).then_some(Concept { text, codings })
}
