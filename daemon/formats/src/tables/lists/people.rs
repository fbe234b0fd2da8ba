//! Who a row is about: the demographics that its columns give.

use super::names::{self, Named};
use super::rows::{Row, Taking};
use almoner_core::clinical::{
    Address, Communication, Concept, ContactPoint, HumanName, Identifier, Patient, Reference,
    system,
};
use almoner_core::lists::Field;
use almoner_core::text::fold;

/// The patient of a row; `None` when it names nobody: neither a number nor a whole name.
pub(super) fn read(row: &Row<'_>, taking: &mut Taking<'_>) -> Option<Patient> {
    let named = named(row);
    let number = match taking.text(row, Field::Mrn) {
        "" => named.number.as_str(),
        number => whole(number),
    };
    let whole_name = !named.name.family.is_empty() && !named.name.given.is_empty();
    let alone = !number.is_empty() && number.bytes().any(|b| b.is_ascii_digit());
    if !whole_name && !alone {
        return None;
    }
    let mut identifiers = Vec::new();
    let mut identify = |system: &str, value: &str, kind: &str| {
        identifiers.push(Identifier {
            system: system.to_owned(),
            value: value.to_owned(),
            kind: kind.to_owned(),
        });
    };
    if !number.is_empty() {
        identify("", number, "MR");
    }
    let ssn = taking.text(row, Field::Ssn);
    let digits = ssn.bytes().filter(u8::is_ascii_digit).count();
    if digits == 9 {
        identify(system::US_SSN, ssn, "SS");
    }
    let death = taking.text(row, Field::Deceased);
    let dead = taking.words.meaning("yes-no", death);
    let deceased_at = if dead.is_none() { taking.day(row, Field::Deceased) } else { None };
    Some(Patient {
        identifiers,
        names: all_names(row, taking, named),
        birth_date: taking.day(row, Field::BirthDate),
        gender: meaning(taking, row, "sex", Field::Sex),
        telecoms: telecoms(row, taking),
        addresses: address(row, taking).into_iter().collect(),
        deceased: dead == Some("yes") || deceased_at.is_some(),
        deceased_at,
        marital_status: concept(taking.text(row, Field::Marital)),
        race: concept(taking.text(row, Field::Race)).into_iter().collect(),
        ethnicity: concept(ethnicity(taking.text(row, Field::Ethnicity))).into_iter().collect(),
        communications: languages(row, taking),
        interpreter_needed: interpreter(row, taking),
        general_practitioner: reference(taking.text(row, Field::Pcp)).into_iter().collect(),
        ..Patient::default()
    })
}

/// Adds what a later row says of the same person and the earlier ones did not.
pub(super) fn fill(known: &mut Patient, new: Patient) {
    for point in new.telecoms {
        if !known.telecoms.iter().any(|it| it.value == point.value) {
            known.telecoms.push(point);
        }
    }
    for id in new.identifiers {
        if !known.identifiers.contains(&id) {
            known.identifiers.push(id);
        }
    }
    if known.addresses.is_empty() {
        known.addresses = new.addresses;
    }
    if known.gender.is_empty() {
        known.gender = new.gender;
    }
    if known.communications.is_empty() {
        known.communications = new.communications;
    }
    if known.general_practitioner.is_empty() {
        known.general_practitioner = new.general_practitioner;
    }
    known.deceased |= new.deceased;
    known.deceased_at = known.deceased_at.take().or(new.deceased_at);
    known.interpreter_needed = known.interpreter_needed.or(new.interpreter_needed);
}

fn named(row: &Row<'_>) -> Named {
    let (family, given) = (row.get(Field::LastName), row.get(Field::FirstName));
    if family.is_empty() && given.is_empty() || given.is_empty() && family.contains(',') {
        let whole = row.get(Field::Name);
        return names::read(if whole.is_empty() { family } else { whole });
    }
    let (middle, suffix) = (row.get(Field::MiddleName), row.get(Field::Suffix));
    names::of_parts(family, given, middle, suffix)
}

fn all_names(row: &Row<'_>, taking: &Taking<'_>, named: Named) -> Vec<HumanName> {
    let mut preferred = taking.text(row, Field::PreferredName).to_owned();
    if preferred.is_empty() {
        preferred = named.nickname;
    }
    let mut all = Vec::new();
    let family = named.name.family.clone();
    let own = named.name.given.first().is_some_and(|given| fold(given) == fold(&preferred));
    if !family.is_empty() || !named.name.given.is_empty() {
        all.push(named.name);
    }
    if !preferred.is_empty() && !own {
        let given = vec![preferred];
        all.push(HumanName { use_: "usual".into(), family, given, ..HumanName::default() });
    }
    all
}

/// A number as text: a spreadsheet program writes 123.0 for 123.
fn whole(number: &str) -> &str {
    let stripped = number.strip_suffix(".0").filter(|it| it.bytes().all(|b| b.is_ascii_digit()));
    stripped.unwrap_or(number)
}

fn telecoms(row: &Row<'_>, taking: &Taking<'_>) -> Vec<ContactPoint> {
    let mut points: Vec<ContactPoint> = Vec::new();
    let kinds = [
        (Field::Phone, "phone", "home"),
        (Field::MobilePhone, "phone", "mobile"),
        (Field::WorkPhone, "phone", "work"),
        (Field::Email, "email", ""),
    ];
    for (field, system, use_) in kinds {
        for cell in row.all(field).filter(|cell| !taking.is_nothing(cell)) {
            let value = whole(cell);
            let digits = value.bytes().filter(u8::is_ascii_digit).count();
            let sound = if system == "email" { value.contains('@') } else { digits >= 7 };
            if sound && !points.iter().any(|it| it.value == value) {
                let (system, use_) = (system.to_owned(), use_.to_owned());
                points.push(ContactPoint { system, value: value.to_owned(), use_ });
            }
        }
    }
    points
}

fn address(row: &Row<'_>, taking: &Taking<'_>) -> Option<Address> {
    let text = |field| taking.text(row, field).to_owned();
    let lines: Vec<String> = [text(Field::Address), text(Field::Address2)]
        .into_iter()
        .filter(|it| !it.is_empty())
        .collect();
    let address = Address {
        lines,
        city: text(Field::City),
        state: text(Field::State),
        postal_code: zip(&text(Field::Zip)),
        ..Address::default()
    };
    (address != Address::default()).then_some(address)
}

/// A postal code whose leading zeros a spreadsheet program took away (USPS: five digits).
fn zip(text: &str) -> String {
    let text = whole(text);
    let short = matches!(text.len(), 3 | 4) && text.bytes().all(|b| b.is_ascii_digit());
    if short { format!("{text:0>5}") } else { text.to_owned() }
}

fn languages(row: &Row<'_>, taking: &Taking<'_>) -> Vec<Communication> {
    let cell = taking.text(row, Field::Language);
    let of = |part: &str| taking.words.meaning("language", part).map(str::to_owned);
    let first = cell.split([',', ';', '/']).next().unwrap_or_default();
    let tag = of(cell).or_else(|| of(first));
    tag.map(|language| Communication { language, preferred: true }).into_iter().collect()
}

/// Yes, no, or the language that is interpreted.
fn interpreter(row: &Row<'_>, taking: &Taking<'_>) -> Option<bool> {
    let cell = taking.text(row, Field::Interpreter);
    match taking.words.meaning("yes-no", cell) {
        Some(word) => Some(word == "yes"),
        None => taking.words.meaning("language", cell).map(|tag| tag != "en"),
    }
}

/// A column headed "Hispanic" answers with yes and no.
fn ethnicity(cell: &str) -> &str {
    match fold(cell).as_str() {
        "yes" | "y" | "si" => "Hispanic or Latino",
        "no" | "n" => "Not Hispanic or Latino",
        _ => cell,
    }
}

/// The code that the cell of a field means; empty when it means none.
pub(super) fn meaning(taking: &Taking<'_>, row: &Row<'_>, table: &str, field: Field) -> String {
    taking.words.meaning(table, row.get(field)).unwrap_or_default().to_owned()
}

/// A concept of the words of a cell.
pub(super) fn concept(cell: &str) -> Option<Concept> {
    (!cell.is_empty()).then(|| Concept::text(cell))
}

/// Somebody known by words only.
pub(super) fn reference(cell: &str) -> Option<Reference> {
    (!cell.is_empty()).then(|| Reference { key: String::new(), display: cell.to_owned() })
}
