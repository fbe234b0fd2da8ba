//! Small building blocks of a fact: codes, identifiers, quantities, and dates that keep their
//! precision.

use serde::{Deserialize, Serialize};

/// URIs of the code systems that Almoner knows by name (FHIR R4, "Using Codes", terminologies).
pub mod system {
    pub const LOINC: &str = "http://loinc.org";
    pub const SNOMED: &str = "http://snomed.info/sct";
    pub const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";
    pub const ICD10CM: &str = "http://hl7.org/fhir/sid/icd-10-cm";
    pub const ICD9CM: &str = "http://hl7.org/fhir/sid/icd-9-cm";
    pub const CPT: &str = "http://www.ama-assn.org/go/cpt";
    pub const CVX: &str = "http://hl7.org/fhir/sid/cvx";
    pub const NDC: &str = "http://hl7.org/fhir/sid/ndc";
    pub const US_SSN: &str = "http://hl7.org/fhir/sid/us-ssn";
    pub const US_NPI: &str = "http://hl7.org/fhir/sid/us-npi";
    pub const UCUM: &str = "http://unitsofmeasure.org";
    pub const RACE: &str = "urn:oid:2.16.840.1.113883.6.238";
}

/// One code of one code system (FHIR `Coding`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coding {
    /// URI of the code system; empty when the source named none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub system: String,
    pub code: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
}

/// A thing said in words, in codes, or both (FHIR `CodeableConcept`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Concept {
    /// The words of the source: what a person should read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The preferred code first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub codings: Vec<Coding>,
}

impl Concept {
    /// A concept of words only.
    pub fn text(words: impl Into<String>) -> Self {
        Self { text: Some(words.into()), codings: Vec::new() }
    }

    /// A concept of one code.
    pub fn coded(system: &str, code: &str, display: &str) -> Self {
        let display = (!display.is_empty()).then(|| display.to_owned());
        let coding = Coding { system: system.to_owned(), code: code.to_owned(), display };
        Self { text: None, codings: vec![coding] }
    }

    /// True when it holds neither words nor a code.
    pub fn is_empty(&self) -> bool {
        self.text.as_deref().is_none_or(|text| text.trim().is_empty()) && self.codings.is_empty()
    }

    /// What to show: the words, else the first display, else the first code.
    pub fn label(&self) -> &str {
        let words = self.text.as_deref().filter(|text| !text.trim().is_empty());
        let display = || self.codings.iter().find_map(|coding| coding.display.as_deref());
        let code = || self.codings.first().map(|coding| coding.code.as_str());
        words.or_else(display).or_else(code).unwrap_or_default()
    }

    /// The code it has in `system`, if any.
    pub fn code_in(&self, system: &str) -> Option<&str> {
        self.codings.iter().find(|coding| coding.system == system).map(|coding| &*coding.code)
    }
}

/// A name that some authority gave to a person or thing (FHIR `Identifier`, CDA `II`, HL7 v2 `CX`).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Identifier {
    /// Who gave it: a URI (`urn:oid:…`), or the assigning authority's own word; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub system: String,
    pub value: String,
    /// HL7 v2 table 0203 type, such as `MR`, `SS`, `PI`; empty when not said.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
}

/// A number with its unit, both as the source wrote them (`7.10` stays `7.10`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quantity {
    /// Decimal as text, to keep its precision.
    pub value: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub unit: String,
    /// `<`, `<=`, `>=` or `>` when the source gave a bound only; else empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub comparator: String,
}

/// A pointer to another statement of the same export or to someone known by words only
/// (FHIR `Reference`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// Key of the statement in its export ([`crate::export::Statement::key`]); empty for words only.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub key: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub display: String,
}

/// A date or time that keeps the precision of its source: FHIR `dateTime` text, of the form
/// `YYYY`, `YYYY-MM`, `YYYY-MM-DD`, `YYYY-MM-DDThh:mm:ss[.fff]` with or without an offset. Without
/// an offset the time is local to the source, zone unknown; it is never taken for UTC.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct When(String);

impl When {
    /// Reads FHIR `dateTime` text; `None` when it is no such date or not a real day.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        is_date_time(text)?;
        Some(Self(text.to_owned()))
    }

    /// Reads an HL7 timestamp (CDA `TS`, HL7 v2 `DTM`): `YYYY[MM[DD[HH[MM[SS[.f]]]]]][±ZZZZ]`. Hours
    /// without minutes are kept as the day; `00000000` and what is no date give `None`.
    pub fn parse_hl7(text: &str) -> Option<Self> {
        let text = text.trim();
        let split = text.find(['+', '-']).unwrap_or(text.len());
        let (main, zone) = text.split_at(split);
        let main = main.split('.').next()?;
        if !main.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let part = |from: usize, to: usize| main.get(from..to);
        let mut out = String::with_capacity(25);
        out.push_str(part(0, 4)?);
        for (from, mark) in [(4, '-'), (6, '-')] {
            let Some(piece) = part(from, from + 2) else { return Self::checked(out) };
            out.push(mark);
            out.push_str(piece);
        }
        if let (Some(hour), Some(minute)) = (part(8, 10), part(10, 12)) {
            let day = out.len();
            for piece in ["T", hour, ":", minute, ":", part(12, 14).unwrap_or("00")] {
                out.push_str(piece);
            }
            if let (Some(sign), Some(hh)) = (zone.get(0..1), zone.get(1..3)) {
                for piece in [sign, hh, ":", zone.get(3..5).unwrap_or("00")] {
                    out.push_str(piece);
                }
            }
            if is_date_time(&out).is_none() {
                out.truncate(day);
            }
        }
        Self::checked(out)
    }

    /// The text, if it is a FHIR `dateTime`.
    fn checked(text: String) -> Option<Self> {
        is_date_time(&text)?;
        Some(Self(text))
    }

    /// A whole day.
    pub fn day(date: chrono::NaiveDate) -> Self {
        Self(date.format("%Y-%m-%d").to_string())
    }

    /// The text, as stored and as FHIR writes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The day, when the source was that precise; of a time with offset, the day at the source.
    pub fn date(&self) -> Option<chrono::NaiveDate> {
        let part = |from: usize, to: usize| self.0.get(from..to);
        let (year, month, day) = (part(0, 4)?, part(5, 7)?, part(8, 10)?);
        chrono::NaiveDate::from_ymd_opt(digits(year, 4)?, digits(month, 2)?, digits(day, 2)?)
    }

    /// The time of day and the offset in seconds, where the source gave them.
    pub fn time(&self) -> Option<(chrono::NaiveDateTime, Option<i32>)> {
        let rest = self.0.get(11..)?;
        let end = rest.find(['+', '-', 'Z']).unwrap_or(rest.len());
        let (clock, zone) = rest.split_at(end);
        let mut parts = clock.split('.').next()?.split(':');
        let mut part = |otherwise: &'static str| -> Option<u32> {
            let text = parts.next().unwrap_or(otherwise);
            digits(text, 2).or_else(|| digits(text, 1))
        };
        let (hour, minute, second) = (part("")?, part("")?, part("0")?);
        // a leap second is the last second of its minute
        let clock = chrono::NaiveTime::from_hms_opt(hour, minute, second.min(59))?;
        Some((self.date()?.and_time(clock), offset_seconds(zone)))
    }

    /// Whether two dates can be the same moment, told with unlike precision: one is a beginning of
    /// the other, or both are the same instant.
    pub fn compatible(&self, other: &Self) -> bool {
        if self.0.starts_with(&other.0) || other.0.starts_with(&self.0) {
            return true;
        }
        match (self.time(), other.time()) {
            (Some((a, Some(za))), Some((b, Some(zb)))) => {
                a - chrono::Duration::seconds(za.into()) == b - chrono::Duration::seconds(zb.into())
            }
            (Some((a, _)), Some((b, _))) => a == b,
            _ => false,
        }
    }
}

impl std::fmt::Display for When {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// From when to when; an open end is simply absent (FHIR `Period`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start: Option<When>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end: Option<When>,
}

/// Whether a text is a FHIR `dateTime` of a real day.
fn is_date_time(text: &str) -> Option<()> {
    let (date, time) = text.split_once('T').map_or((text, None), |(d, t)| (d, Some(t)));
    let mut parts = date.split('-');
    let year: i32 = digits(parts.next()?, 4)?;
    let month = parts.next().map(|m| digits::<u32>(m, 2));
    let day = parts.next().map(|d| digits::<u32>(d, 2));
    if parts.next().is_some() || !(1800..=2200).contains(&year) {
        return None;
    }
    match (month, day, time) {
        (None, None, None) => Some(()),
        (Some(m), None, None) => m.filter(|m| (1..=12).contains(m)).map(|_| ()),
        (Some(m), Some(d), time) => {
            chrono::NaiveDate::from_ymd_opt(year, m?, d?)?;
            time.map_or(Some(()), valid_time)
        }
        _ => None,
    }
}

fn digits<N: std::str::FromStr>(text: &str, len: usize) -> Option<N> {
    let plain = text.len() == len && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// `HH:MM[:SS[.f]]` with or without an offset; a second of 60 is a leap second.
fn valid_time(time: &str) -> Option<()> {
    let end = time.find(['+', '-', 'Z']).unwrap_or(time.len());
    let (clock, zone) = time.split_at(end);
    let mut parts = clock.split('.').next()?.split(':');
    let mut part = |most: u32| -> Option<Option<()>> {
        let Some(text) = parts.next() else { return Some(None) };
        let value: u32 = digits(text, 2).or_else(|| digits(text, 1))?;
        (value <= most).then_some(Some(()))
    };
    part(23)??;
    part(59)??;
    part(60)?;
    let zoned = zone.is_empty() || offset_seconds(zone).is_some();
    (zoned && parts.next().is_none()).then_some(())
}

fn offset_seconds(zone: &str) -> Option<i32> {
    if zone == "Z" {
        return Some(0);
    }
    let sign = if zone.starts_with('-') { -1 } else { 1 };
    let hours: i32 = digits(zone.get(1..3)?, 2)?;
    let minutes: i32 = digits(zone.get(3..)?.trim_start_matches(':'), 2)?;
    (hours <= 18 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hl7_timestamps_keep_their_precision() {
        for (given, expected) in [
            ("2023", Some("2023")),
            ("202305", Some("2023-05")),
            ("20230531", Some("2023-05-31")),
            ("2023053114", Some("2023-05-31")),
            ("202305311405", Some("2023-05-31T14:05:00")),
            ("20230531140507.123-0500", Some("2023-05-31T14:05:07-05:00")),
            ("20230229", None),
            ("00000000", None),
            ("20230531256199", Some("2023-05-31")),
            ("unknown", None),
        ] {
            assert_eq!(When::parse_hl7(given).as_ref().map(When::as_str), expected, "{given}");
        }
    }

    #[test]
    fn compatible_times() {
        let w = |t| When::parse(t).unwrap();
        assert!(w("2023-05").compatible(&w("2023-05-31")));
        assert!(w("2023-05-31T10:00:00-05:00").compatible(&w("2023-05-31T15:00:00Z")));
        assert!(!w("2023-05-30").compatible(&w("2023-05-31")));
    }
}
