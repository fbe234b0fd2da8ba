//! Values as tables write them: dates of several habits, numbers with their units, codes with the
//! names of their systems.

use crate::hl7v2::codes;
use almoner_core::clinical::{Coding, Concept, Quantity, Value, When, system};

/// Reads a date or time: ISO 8601, `M/D/YYYY h:mm:ss AM`, `YYYYMMDD…`, `D-MON-YYYY`. Midnight without
/// a zone is how databases write a day. Text that is none of these gives `None`.
pub(super) fn when(text: &str) -> Option<When> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    if digits >= 8 && !text.contains(['/', ' ', ':']) {
        return When::parse_hl7(text).filter(|when| when.as_str().len() >= 10).map(plain_day);
    }
    let (day, clock) = text.split_once([' ', 'T']).unwrap_or((text, ""));
    let day = day_of(day)?;
    if clock.trim().is_empty() {
        return When::parse(&day);
    }
    let time = time_of(clock.trim());
    When::parse(&format!("{day}T{}", time?)).or_else(|| When::parse(&day)).map(plain_day)
}

/// The time of a day that stands in a column of its own, joined to the day.
pub(super) fn at_time(day: &When, clock: &str) -> When {
    let date = day.as_str().get(..10).unwrap_or_default();
    let clock =
        clock.rsplit_once(' ').filter(|(head, _)| head.contains('-')).map_or(clock, |it| it.1);
    let joined = time_of(clock.trim()).and_then(|time| When::parse(&format!("{date}T{time}")));
    joined.map_or_else(|| day.clone(), plain_day)
}

fn plain_day(when: When) -> When {
    let midnight = when.as_str().get(10..).is_some_and(|rest| rest.starts_with("T00:00:00"));
    let zoned = when.time().is_none_or(|(_, zone)| zone.is_some());
    let day = when.as_str().get(..10).and_then(When::parse);
    if midnight && !zoned { day.unwrap_or(when) } else { when }
}

/// A day as `YYYY-MM-DD`.
fn day_of(text: &str) -> Option<String> {
    let mark = text.chars().find(|c| matches!(c, '-' | '/' | '.'))?;
    let parts: Vec<&str> = text.split(mark).collect();
    let [a, b, c] = parts.as_slice() else { return None };
    let number = |part: &str| part.parse::<u32>().ok();
    let (year, month, day) = if a.len() == 4 {
        (*a, number(b)?, number(c)?)
    } else if let Some(month) = month_of(b) {
        (*c, month, number(a)?)
    } else {
        (*c, number(a)?, number(b)?)
    };
    if year.len() != 4 {
        return None;
    }
    Some(format!("{year}-{month:02}-{day:02}"))
}

fn month_of(text: &str) -> Option<u32> {
    const MONTHS: [&str; 12] =
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let start = text.get(..3)?.to_ascii_lowercase();
    let at = MONTHS.iter().position(|month| *month == start)?;
    u32::try_from(at + 1).ok()
}

/// A time of day as `hh:mm:ss`, with its zone when there is one.
fn time_of(text: &str) -> Option<String> {
    let upper = text.trim().to_ascii_uppercase();
    let (clock, half) = match upper.find(['A', 'P']) {
        Some(at) => upper.split_at(at),
        None => (upper.as_str(), ""),
    };
    let end = clock.find(['+', '-', 'Z']).unwrap_or(clock.len());
    let (clock, zone) = clock.trim().split_at(end.min(clock.trim().len()));
    let mut parts = clock.trim().split(':');
    let mut hour: u32 = parts.next()?.trim().parse().ok()?;
    let minute: u32 = parts.next()?.parse().ok()?;
    let second: u32 = parts.next().and_then(|s| s.split('.').next()).unwrap_or("0").parse().ok()?;
    match half.chars().next() {
        Some('P') if hour < 12 => hour += 12,
        Some('A') if hour == 12 => hour = 0,
        _ => {}
    }
    (hour < 24 && minute < 60 && second < 60)
        .then(|| format!("{hour:02}:{minute:02}:{second:02}{}", zone.trim()))
}

/// The value of an observation: a number with its unit, or words.
pub(super) fn value(text: &str, unit: &str) -> Value {
    let (comparator, number) = [">=", "<=", ">", "<"]
        .into_iter()
        .find_map(|mark| Some((mark, text.strip_prefix(mark)?.trim())))
        .unwrap_or(("", text));
    if number.parse::<f64>().is_ok()
        && number.bytes().all(|b| b.is_ascii_digit() || b"+-.".contains(&b))
    {
        return Value::Quantity(Quantity {
            value: number.to_owned(),
            unit: unit.to_owned(),
            comparator: comparator.to_owned(),
        });
    }
    if text.is_empty() { Value::Absent } else { Value::Text(text.to_owned()) }
}

/// One code of a system named as vendors name them.
pub(super) fn coding(name: &str, code: &str, display: &str) -> Option<Coding> {
    let display = (!display.is_empty()).then(|| display.to_owned());
    (!code.is_empty()).then(|| Coding {
        system: system_of(name, code),
        code: code.to_owned(),
        display,
    })
}

/// Codes written together: `ICD10:I10;SNOMED-CT:59621000`, or one code alone, which is of `usual`.
pub(super) fn codings(text: &str, usual: &str) -> Vec<Coding> {
    let each = text.split([';', '|']).map(str::trim).filter(|part| !part.is_empty());
    each.filter_map(|part| match part.split_once(':') {
        Some((system, code)) => coding(system, code.trim(), ""),
        None => coding(usual, part, ""),
    })
    .collect()
}

/// The URI of a code system; a name that is not known stays as it is.
fn system_of(name: &str, code: &str) -> String {
    let letters: String =
        name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_uppercase();
    match letters.as_str() {
        "" if codes::is_loinc(code) => system::LOINC.to_owned(),
        _ if name.starts_with("http") || name.starts_with("urn:") => name.to_owned(),
        start if start.starts_with("SNOMED") || start == "SNMCT" => system::SNOMED.to_owned(),
        start if start.starts_with("ICD10") => system::ICD10CM.to_owned(),
        start if start.starts_with("ICD9") => system::ICD9CM.to_owned(),
        _ => codes::system(name, code),
    }
}

/// Words, with codes where there are any; `None` when there is neither.
pub(super) fn concept(text: &str, codings: Vec<Coding>) -> Option<Concept> {
    let text = (!text.is_empty()).then(|| text.to_owned());
    let concept = Concept { text, codings };
    (!concept.is_empty()).then_some(concept)
}

/// The words of a note kept as HTML, line by line; other text stays as it is.
pub(super) fn words_of(text: &str) -> String {
    if !text.trim_start().starts_with('<') {
        return text.to_owned();
    }
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('<') {
        out.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at..).unwrap_or_default();
        let end = rest.find('>').map_or(rest.len(), |end| end + 1);
        let tag = rest.get(1..end).unwrap_or_default().to_ascii_lowercase();
        let name = tag.trim_start_matches('/');
        if ["br", "p", "p>", "div", "tr", "li", "h"].iter().any(|block| name.starts_with(block)) {
            out.push('\n');
        } else if name.starts_with("td") || name.starts_with("th") {
            out.push(' ');
        }
        rest = rest.get(end..).unwrap_or_default();
    }
    out.push_str(rest);
    let out = [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'")]
        .iter()
        .fold(out, |text, (entity, sign)| text.replace(entity, sign))
        .replace("&amp;", "&");
    let lines = out.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_of_many_habits() {
        for (given, expected) in [
            ("8/9/2018 12:00:00 AM", Some("2018-08-09")),
            ("12/31/2021 1:05:00 PM", Some("2021-12-31T13:05:00")),
            ("03/03/2014  1:00PM", Some("2014-03-03T13:00:00")),
            ("1/2/2003", Some("2003-01-02")),
            ("2021-03-04", Some("2021-03-04")),
            ("2021-03-04 00:00:00", Some("2021-03-04")),
            ("2021-03-04 09:30:00.0", Some("2021-03-04T09:30:00")),
            ("2021-03-04T09:30:00Z", Some("2021-03-04T09:30:00Z")),
            ("20230331195135-0400", Some("2023-03-31T19:51:35-04:00")),
            ("19011212", Some("1901-12-12")),
            ("04-MAR-2021", Some("2021-03-04")),
            ("4-Mar-2021 14:05:06", Some("2021-03-04T14:05:06")),
            ("0000-00-00", None),
            ("13/40/2020", None),
            ("02/30/2020", None),
            ("3/4/21", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(when(given).as_ref().map(When::as_str), expected, "{given}");
        }
        let day = when("2026-02-03").unwrap();
        assert_eq!(at_time(&day, "14:05:00").as_str(), "2026-02-03T14:05:00");
        assert_eq!(at_time(&day, "1900-01-01 14:05:00").as_str(), "2026-02-03T14:05:00");
        assert_eq!(at_time(&day, "").as_str(), "2026-02-03");
    }

    #[test]
    fn numbers_keep_their_digits_and_words_stay_words() {
        let number = |value: &str, comparator: &str| {
            Value::Quantity(Quantity {
                value: value.into(),
                unit: "g".into(),
                comparator: comparator.into(),
            })
        };
        assert_eq!(value("7.10", "g"), number("7.10", ""));
        assert_eq!(value("<5", "g"), number("5", "<"));
        assert_eq!(value("Negative", "g"), Value::Text("Negative".into()));
        assert_eq!(value("NaN", "g"), Value::Text("NaN".into()));
        assert_eq!(value("", "g"), Value::Absent);
    }

    #[test]
    fn codes_with_the_names_of_their_systems() {
        let found = codings("ICD10:I10;SNOMED-CT:59621000", "");
        let pairs: Vec<_> = found.iter().map(|c| (&*c.system, &*c.code)).collect();
        assert_eq!(pairs, [(system::ICD10CM, "I10"), (system::SNOMED, "59621000")]);
        assert_eq!(codings("E11.9", "ICD10")[0].system, system::ICD10CM);
        assert_eq!(words_of("<p>One<br>two&amp;</p><td>x</td>"), "One\ntwo&\nx");
        assert_eq!(words_of("a < b"), "a < b");
    }
}
