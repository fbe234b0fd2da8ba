//! Dates and times as HL7 v2 senders write them: the standard form, and those of sloppy ones.

use almoner_core::clinical::When;
use std::borrow::Cow;

/// Reads a `DTM` or `TS` (HL7 v2.5.1 section 2.A.22) and the other forms seen in feeds: ISO 8601,
/// `MM/DD/YYYY HH:MM`, `YYYYMMDD HHMM`. What is no date, `00000000`, and a year before 1900 or
/// its first day, which systems write for "none", give `None`.
pub(super) fn when(text: &str) -> Option<When> {
    let text = text.trim();
    let first = *text.as_bytes().first()?;
    if !first.is_ascii_digit() {
        return None;
    }
    let found = if text.bytes().take(8).all(|byte| byte.is_ascii_digit()) {
        standard(text)
    } else if text.contains('/') {
        american(text)
    } else {
        iso(text)
    };
    found.filter(|when| when.as_str() >= "1900" && !when.as_str().starts_with("1900-01-01"))
}

/// The day of a time; a birth date's hour says nothing of age.
pub(super) fn day(when: &When) -> When {
    when.as_str().get(..10).and_then(When::parse).unwrap_or_else(|| when.clone())
}

/// The time so many minutes later; `None` of a day without an hour.
pub(super) fn later(when: &When, minutes: i64) -> Option<When> {
    let (local, _) = when.time()?;
    let end = local.checked_add_signed(chrono::TimeDelta::try_minutes(minutes)?)?;
    let clock = when.as_str().get(11..)?;
    let zone = clock.find(['+', '-', 'Z']).and_then(|at| clock.get(at..)).unwrap_or_default();
    When::parse(&format!("{}{zone}", end.format("%Y-%m-%dT%H:%M:%S")))
}

fn standard(text: &str) -> Option<When> {
    let Some((date, clock)) = text.split_once(' ') else {
        let plain = if text.contains(':') { text.replace(':', "").into() } else { Cow::from(text) };
        return When::parse_hl7(&plain);
    };
    let clock: String = clock.chars().filter(char::is_ascii_digit).collect();
    When::parse_hl7(&format!("{date}{clock}")).or_else(|| When::parse_hl7(date))
}

fn iso(text: &str) -> Option<When> {
    let mut text = text.replacen(' ', "T", 1);
    let zone = text.len().checked_sub(5).and_then(|at| text.get(at..)).unwrap_or_default();
    let bare = zone.starts_with(['+', '-']) && zone.bytes().skip(1).all(|b| b.is_ascii_digit());
    if bare && text.contains('T') {
        text.insert(text.len() - 2, ':');
    }
    // A clock that is no clock: keep the day.
    When::parse(&text).or_else(|| When::parse(text.get(..10)?))
}

/// `M/D/YYYY[ h:mm[:ss][ AM|PM]]`, as US systems print it.
fn american(text: &str) -> Option<When> {
    let (date, clock) = text.split_once(' ').unwrap_or((text, ""));
    let mut parts = date.split('/');
    let (month, day, year) = (parts.next()?, parts.next()?, parts.next()?);
    let number = |part: &str| part.parse::<u32>().ok();
    let date = format!("{}-{:02}-{:02}", year.get(..4)?, number(month)?, number(day)?);
    let clock = clock.trim().to_ascii_uppercase();
    let afternoon = clock.ends_with("PM");
    let mut parts = clock.trim_end_matches(|c: char| !c.is_ascii_digit()).split(':');
    let (Some(hour), Some(minute)) = (parts.next().and_then(number), parts.next().and_then(number))
    else {
        return When::parse(&date);
    };
    let second = parts.next().and_then(number).unwrap_or(0);
    let hour = if clock.ends_with('M') { hour % 12 + if afternoon { 12 } else { 0 } } else { hour };
    When::parse(&format!("{date}T{hour:02}:{minute:02}:{second:02}")).or_else(|| When::parse(&date))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_seen_in_feeds() {
        for (given, expected) in [
            ("19800115", Some("1980-01-15")),
            ("1970", Some("1970")),
            ("202501021530-0500", Some("2025-01-02T15:30:00-05:00")),
            ("202501021530-05:00", Some("2025-01-02T15:30:00-05:00")),
            ("2026-01-15T14:30:00", Some("2026-01-15T14:30:00")),
            ("2026-01-15T14:30:00+0100", Some("2026-01-15T14:30:00+01:00")),
            ("2025-01-15", Some("2025-01-15")),
            ("01/15/2025 14:30:00", Some("2025-01-15T14:30:00")),
            ("1/5/2025 2:05 PM", Some("2025-01-05T14:05:00")),
            ("1/5/2025 12:05 AM", Some("2025-01-05T00:05:00")),
            ("01/15/2025", Some("2025-01-15")),
            ("20250115 1430", Some("2025-01-15T14:30:00")),
            ("00000000", None),
            ("19000101", None),
            ("18991231", None),
            ("unknown", None),
            ("2025-13-45", None),
            ("99/99/9999", None),
            ("é", None),
        ] {
            assert_eq!(when(given).as_ref().map(When::as_str), expected, "{given}");
        }
        assert_eq!(day(&when("202501021530-0500").unwrap()).as_str(), "2025-01-02");
    }
}
