//! The data types of HL7 version 3 as CDA writes them: times, identifiers, quantities, names,
//! addresses, telephone numbers, values of observations.
//!
//! Source: HL7 v3 data types R1 as CDA R2 uses them. A null flavour gives `None` or nothing; it is
//! never made a value.

use super::bodies;
use super::node::{El, at, attr, child, children, squeeze, text, xsi_type};
use super::source::{Source, is_text_type};
use super::terms;
use almoner_core::clinical::{
    Address, ContactPoint, HumanName, Identifier, Period, Quantity, Value, When, system,
};
use almoner_core::export::Severity;

/// A time (`TS`): `YYYYMMDDHHMMSS.UUUU±ZZZZ` at any precision. Some vendors write ISO 8601. Before
/// 1880 it is no date of a living patient's chart, nor after the last year given.
pub(super) fn when_of(value: &str, last_year: i32) -> Option<When> {
    // what follows the year of an ISO date would pass for a time zone
    let iso = value.as_bytes().get(4) == Some(&b'-');
    let when = Some(value).filter(|_| iso).and_then(When::parse);
    let when = when.or_else(|| When::parse_hl7(value)).or_else(|| When::parse(value))?;
    let year: i32 = when.as_str().get(0..4)?.parse().ok()?;
    (1880..=last_year).contains(&year).then_some(when)
}

/// An interval of time (`IVL_TS`) or a single time, as a period; a single time starts and ends it.
pub(super) fn period(source: &Source<'_>, ivl: El<'_>) -> Period {
    let source_ivl = Bounds::of(ivl);
    let read = |ts: Option<El<'_>>| ts.and_then(|ts| source.when(ts));
    if attr(ivl, "value").is_some() {
        let at = source.when(ivl);
        let end = read(source_ivl.high).or_else(|| at.clone());
        return Period { start: at, end };
    }
    let center = child(ivl, "center");
    Period { start: read(source_ivl.low.or(center)), end: read(source_ivl.high.or(center)) }
}

/// The period of an act's first `effectiveTime`.
pub(super) fn effective(source: &Source<'_>, act: El<'_>) -> Period {
    child(act, "effectiveTime").map(|ivl| period(source, ivl)).unwrap_or_default()
}

/// The moment of an event: the value, else the beginning, else the end.
pub(super) fn event(source: &Source<'_>, act: El<'_>) -> Option<When> {
    let period = effective(source, act);
    period.start.or(period.end)
}

/// An instance identifier (`II`); `None` where it is null or empty.
pub(super) fn identifier(ii: El<'_>) -> Option<Identifier> {
    let root = attr(ii, "root").unwrap_or_default();
    let extension = attr(ii, "extension").unwrap_or_default();
    if extension.is_empty() && (root.is_empty() || attr(ii, "nullFlavor").is_some()) {
        return None;
    }
    let (system, value) = if extension.is_empty() {
        let scheme = if terms::is_oid(root) { "urn:oid:" } else { "urn:uuid:" };
        ("urn:ietf:rfc:3986".to_owned(), format!("{scheme}{}", root.to_lowercase()))
    } else {
        (authority(ii, root), extension.to_owned())
    };
    let kind = match system.as_str() {
        self::system::US_SSN => "SS",
        self::system::US_NPI => "NPI",
        _ => "",
    };
    Some(Identifier { system, value, kind: kind.to_owned() })
}

/// All identifiers of an element (`id` children).
pub(super) fn identifiers(element: El<'_>) -> Vec<Identifier> {
    children(element, "id").filter_map(identifier).collect()
}

/// A physical quantity (`PQ`, `INT`, `REAL`, `MO`); a value that is words gives `None`.
pub(super) fn quantity(pq: El<'_>) -> Option<Quantity> {
    let given = attr(pq, "value").or_else(|| attr(child(pq, "translation")?, "value"))?;
    let unit = attr(pq, "unit").or_else(|| attr(pq, "currency")).unwrap_or_default();
    let unit = if unit == "1" { "" } else { unit };
    let (comparator, number) = split_comparator(given)?;
    Some(Quantity { value: number, unit: unit.to_owned(), comparator })
}

/// The value of an observation, by its `xsi:type`, else by what it looks like.
pub(super) fn value<'a>(source: &Source<'a>, element: El<'a>) -> Value {
    let like = xsi_type(element);
    match like {
        "CD" | "CE" | "CO" | "CV" | "CS" | "CR" => concept_value(source, element),
        "PQ" | "INT" | "REAL" | "MO" => {
            quantity(element).map_or_else(|| words_value(source, element), Value::Quantity)
        }
        "IVL_PQ" | "IVL_INT" | "IVL_REAL" => range(element),
        "TS" | "IVL_TS" => {
            let period = period(source, element);
            period.start.or(period.end).map_or(Value::Absent, Value::When)
        }
        "BL" => attr(element, "value").map_or(Value::Absent, |v| Value::Boolean(v == "true")),
        "RTO" | "RTO_PQ_PQ" => ratio(element),
        _ if attr(element, "code").is_some() => concept_value(source, element),
        _ if is_text_type(element) => words_value(source, element),
        _ => quantity(element).map_or_else(|| words_value(source, element), Value::Quantity),
    }
}

/// A person's name (`PN`, `EN`); `None` when nothing is in it.
pub(super) fn name(element: El<'_>) -> Option<HumanName> {
    let parts = |name: &'static str| -> Vec<String> {
        children(element, name).map(text).filter(|part| !part.is_empty()).collect()
    };
    let (born, families): (Vec<El<'_>>, Vec<El<'_>>) =
        children(element, "family").partition(|part| has_qualifier(*part, "BR"));
    // a birth name beside another is a name of its own
    let birth = families.is_empty() && !born.is_empty();
    let families = if birth { born } else { families };
    let families: Vec<String> = families.into_iter().map(text).collect();
    let family = squeeze(&families.join(" "));
    let given = parts("given");
    let use_ = match name_use(attr(element, "use").unwrap_or_default()) {
        "" if birth => "maiden",
        use_ => use_,
    };
    let mut name = HumanName {
        use_: use_.to_owned(),
        family,
        given,
        prefix: parts("prefix"),
        suffix: parts("suffix"),
    };
    if name.family.is_empty() && name.given.is_empty() {
        name.family = text(element);
    }
    (!name.family.is_empty() || !name.given.is_empty()).then_some(name)
}

/// The name somebody likes to be called by (qualifier `CL` on one of several given names), as a
/// nickname. Some vendors mark the first legal name so: an only name is no nickname.
pub(super) fn call_name(element: El<'_>) -> Option<HumanName> {
    if children(element, "given").all(is_call_me) {
        return None;
    }
    let part = children(element, "given").find(|part| is_call_me(*part))?;
    let given = Some(text(part)).filter(|given| !given.is_empty())?;
    let family = child(element, "family").map(text).unwrap_or_default();
    Some(HumanName {
        use_: "nickname".to_owned(),
        family,
        given: vec![given],
        ..HumanName::default()
    })
}

/// The birth name (qualifier `BR`) that stands in a name beside another family name.
pub(super) fn birth_name(element: El<'_>) -> Option<HumanName> {
    let born = children(element, "family").find(|part| has_qualifier(*part, "BR"))?;
    children(element, "family").find(|part| !has_qualifier(*part, "BR"))?;
    let family = Some(text(born)).filter(|family| !family.is_empty())?;
    let given = children(element, "given").map(text).filter(|part| !part.is_empty()).collect();
    Some(HumanName { use_: "maiden".to_owned(), family, given, ..HumanName::default() })
}

/// A name as one line.
pub(super) fn full_name(name: &HumanName) -> String {
    let parts =
        [name.prefix.join(" "), name.given.join(" "), name.family.clone(), name.suffix.join(" ")];
    squeeze(&parts.join(" "))
}

/// A postal address (`AD`); `None` when nothing is in it.
pub(super) fn address(element: El<'_>) -> Option<Address> {
    let part = |name: &str| child(element, name).map(text).unwrap_or_default();
    let lines = |name: &'static str| children(element, name).map(text).filter(|l| !l.is_empty());
    let mut address = Address {
        use_: address_use(attr(element, "use").unwrap_or_default()).to_owned(),
        lines: lines("streetAddressLine").chain(lines("additionalLocator")).collect(),
        city: part("city"),
        state: part("state"),
        postal_code: part("postalCode"),
        country: part("country"),
    };
    if address.lines.is_empty() {
        let house = [part("houseNumber"), part("streetName")].join(" ");
        address.lines.extend(Some(squeeze(&house)).filter(|line| !line.is_empty()));
    }
    let said = !address.lines.is_empty()
        || [&address.city, &address.state, &address.postal_code].iter().any(|p| !p.is_empty());
    said.then_some(address)
}

/// A way to reach somebody (`TEL`); a null one gives `None`.
pub(super) fn telecom(element: El<'_>) -> Option<ContactPoint> {
    let value = attr(element, "value")?;
    let (scheme, rest) = value.split_once(':').unwrap_or(("", value));
    let (system, value) = match scheme.to_lowercase().as_str() {
        "tel" => ("phone", rest),
        "fax" => ("fax", rest),
        "mailto" => ("email", rest),
        "http" | "https" => ("url", value),
        _ if value.contains('@') => ("email", value),
        _ if value.chars().filter(char::is_ascii_digit).count() >= 7 => ("phone", value),
        _ => ("other", value),
    };
    let value = value.trim().trim_start_matches("//");
    if value.chars().all(|c| !c.is_alphanumeric()) || value.eq_ignore_ascii_case("unknown") {
        return None;
    }
    let use_ = telecom_use(attr(element, "use").unwrap_or_default());
    Some(ContactPoint { system: system.to_owned(), value: value.to_owned(), use_: use_.to_owned() })
}

/// All ways to reach that an element names.
pub(super) fn telecoms(element: El<'_>) -> Vec<ContactPoint> {
    children(element, "telecom").filter_map(telecom).collect()
}

/// All addresses that an element names.
pub(super) fn addresses(element: El<'_>) -> Vec<Address> {
    children(element, "addr").filter_map(address).collect()
}

/// A number in words (`>60`, `7.10`) as comparator and number; `None` when it is no number.
pub(super) fn split_comparator(given: &str) -> Option<(String, String)> {
    let given = given.trim();
    let end = given.find(|c| c != '<' && c != '>' && c != '=').unwrap_or(given.len());
    let (comparator, number) = given.split_at(end);
    let number = number.trim();
    let known = matches!(comparator, "" | "<" | "<=" | ">" | ">=");
    let digits = number.trim_start_matches(['-', '+']);
    let plain = digits.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && digits.chars().all(|c| c.is_ascii_digit() || c == '.')
        && number.parse::<f64>().is_ok();
    (known && plain).then(|| (comparator.to_owned(), number.to_owned()))
}

/// The two ends of an interval.
struct Bounds<'a> {
    low: Option<El<'a>>,
    high: Option<El<'a>>,
}

impl<'a> Bounds<'a> {
    /// The `low` and `high` of an interval, where it has them.
    fn of(ivl: El<'a>) -> Self {
        Self { low: child(ivl, "low"), high: child(ivl, "high") }
    }
}

/// Who assigned an identifier: the root as URI, or the authority's own word where there is no root.
/// A root that is no OID is a UUID.
fn authority(ii: El<'_>, root: &str) -> String {
    if root.is_empty() {
        return attr(ii, "assigningAuthorityName").unwrap_or_default().to_owned();
    }
    let uri = terms::system_uri(root, "");
    if uri == root { format!("urn:uuid:{}", root.to_lowercase()) } else { uri }
}

/// A coded value; one without code and words may still carry words where they do not belong.
fn concept_value<'a>(source: &Source<'a>, element: El<'a>) -> Value {
    let concept = source.concept(element);
    if concept.is_empty() { words_value(source, element) } else { Value::Concept(concept) }
}

/// A value in words: inline, by reference, as original text, or in the `value` attribute. Words
/// that are a number with or without a comparator become a quantity.
fn words_value<'a>(source: &Source<'a>, element: El<'a>) -> Value {
    let mut words = source.words(element);
    if words.is_empty() {
        let original = child(element, "originalText").map(|ed| source.words(ed));
        words = original.unwrap_or_default();
    }
    if words.is_empty() {
        attr(element, "value").unwrap_or_default().clone_into(&mut words);
    }
    if words.is_empty() {
        if bodies::is_packed(element) {
            let message = "A result is a file inside of the document. It was not taken as a fact: \
                           open the document to read it.";
            source.note(Severity::Info, element, "value_enclosed", message);
        }
        return Value::Absent;
    }
    match split_comparator(&words) {
        Some((comparator, value)) => {
            let unit = attr(element, "unit").unwrap_or_default().to_owned();
            Value::Quantity(Quantity { value, unit, comparator })
        }
        None => Value::Text(words),
    }
}

/// An interval of quantities; one that is open at an end is a bound, and its comparator says which.
fn range(element: El<'_>) -> Value {
    let Bounds { low, high } = Bounds::of(element);
    match (low.and_then(quantity), high.and_then(quantity)) {
        (None, None) => quantity(element).map_or(Value::Absent, Value::Quantity),
        (Some(mut only), None) if high.is_none_or(|h| attr(h, "nullFlavor").is_some()) => {
            let open = low.and_then(|l| attr(l, "inclusive")) == Some("false");
            if open { ">" } else { ">=" }.clone_into(&mut only.comparator);
            Value::Quantity(only)
        }
        (None, Some(mut only)) => {
            let open = high.and_then(|h| attr(h, "inclusive")) == Some("false");
            if open { "<" } else { "<=" }.clone_into(&mut only.comparator);
            Value::Quantity(only)
        }
        (low, high) => Value::Range { low, high },
    }
}

/// A ratio (`RTO`), such as a titre or a rate, in words.
fn ratio(element: El<'_>) -> Value {
    let part = |name: &str| {
        at(element, name).and_then(quantity).map(|q| squeeze(&format!("{} {}", q.value, q.unit)))
    };
    match (part("numerator"), part("denominator")) {
        (Some(over), Some(under)) => Value::Text(format!("{over} / {under}")),
        _ => Value::Absent,
    }
}

/// Whether a part of a name is marked as what its bearer is called (qualifier `CL`).
fn is_call_me(part: El<'_>) -> bool {
    has_qualifier(part, "CL")
}

/// Whether a part of a name has a qualifier (v3 EntityNamePartQualifier).
fn has_qualifier(part: El<'_>, wanted: &str) -> bool {
    attr(part, "qualifier").is_some_and(|q| q.split(' ').any(|word| word == wanted))
}

/// v3 EntityNameUse as FHIR name-use.
fn name_use(code: &str) -> &'static str {
    match code.split(' ').next().unwrap_or_default() {
        "L" | "C" | "OR" => "official",
        "P" | "A" => "nickname",
        "BR" | "M" => "maiden",
        "OLD" => "old",
        "N" | "U" => "usual",
        _ => "",
    }
}

/// v3 PostalAddressUse as FHIR address-use.
fn address_use(code: &str) -> &'static str {
    match code.split(' ').next().unwrap_or_default() {
        "H" | "HP" => "home",
        "WP" | "DIR" | "PUB" => "work",
        "HV" | "TMP" => "temp",
        "BAD" | "OLD" => "old",
        _ => "",
    }
}

/// v3 TelecommunicationAddressUse as FHIR contact-point-use.
fn telecom_use(code: &str) -> &'static str {
    let words: Vec<&str> = code.split(' ').collect();
    if words.contains(&"MC") {
        return "mobile";
    }
    match words.first().copied().unwrap_or_default() {
        "H" | "HP" => "home",
        "WP" | "DIR" | "PUB" | "AS" => "work",
        "HV" | "TMP" => "temp",
        "BAD" | "OLD" => "old",
        _ => "",
    }
}
