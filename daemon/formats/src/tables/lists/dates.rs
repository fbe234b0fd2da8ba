//! Days and times as people and their programs write them into sheets. Which of day and month comes
//! first is never guessed from one cell: it is told, or proven by the whole column.

use almoner_core::clinical::When;
use almoner_core::lists::DateOrder;
use almoner_core::text::fold;
use chrono::{Datelike, Days, NaiveDate};

/// How the days of a list are read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    pub order: DateOrder,
    /// The first year that two digits can mean in a birth date; it ends a hundred years later.
    pub births_from: i32,
    /// The same in other dates.
    pub dates_from: i32,
    /// Serial numbers count from 1904.
    pub from_1904: bool,
}

/// What a date between signs proves of its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    MonthFirst,
    DayFirst,
    /// Both can be the month.
    Neither,
}

/// Serial numbers that stand for days from 1910 to 2100: smaller ones are years or counts.
const SERIALS: std::ops::Range<f64> = 3_654.0..73_051.0;
/// Days between the two beginnings of serial numbers.
const DAYS_TO_1904: u64 = 1_462;

const MONTHS: [(&str, u32); 24] = [
    ("jan", 1),
    ("feb", 2),
    ("mar", 3),
    ("apr", 4),
    ("may", 5),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("sep", 9),
    ("oct", 10),
    ("nov", 11),
    ("dec", 12),
    ("ene", 1),
    ("abr", 4),
    ("ago", 8),
    ("set", 9),
    ("dic", 12),
    ("sept", 9),
    ("enero", 1),
    ("abril", 4),
    ("agosto", 8),
    ("junio", 6),
    ("julio", 7),
    ("mayo", 5),
];

/// Reads a day, with its time where one stands beside it; `None` when it is no date that can be.
pub(super) fn when(cell: &str, birth: bool, reading: Reading) -> Option<When> {
    let cell = cell.trim();
    if let Some(when) = serial(cell, reading.from_1904).or_else(|| compact(cell)) {
        return Some(when);
    }
    let (date, rest) = split(cell);
    let (day, time) = match numbers(date, birth, reading) {
        Some(day) => (Some(day), rest.and_then(time)),
        // Of a date in words the time stands at the end.
        None => (named(cell, birth, reading), tail(cell)),
    };
    if let Some(day) = day {
        return When::parse(&time.map_or(day.to_string(), |time| format!("{day}T{time}")));
    }
    partial(date)
}

/// Reads a time of day: `9:30 AM`, `0930`, `14:05:00`.
pub(super) fn time(text: &str) -> Option<String> {
    let text = text.trim().trim_start_matches(['T', ',', ' ']).to_lowercase().replace('.', "");
    let cut = text.find(['+', 'z', '(']).unwrap_or(text.len());
    let text = text.get(..cut)?.trim();
    let half = text.find(['a', 'p']).map(|at| text.split_at(at));
    let (clock, half) = half.map_or((text, ""), |(clock, half)| (clock.trim(), half));
    let mut parts: Vec<u32> = Vec::new();
    let plain = clock.len() >= 3 && clock.len() <= 6 && clock.bytes().all(|b| b.is_ascii_digit());
    if plain && clock.len() != 5 {
        let (hours, rest) = clock.split_at(if clock.len() == 3 { 1 } else { 2 });
        parts.extend([hours, rest.get(..2)?].map(|part| part.parse().unwrap_or(99)));
    } else {
        for part in clock.split(':') {
            parts.push(part.trim().split(['.', ' ']).next()?.parse().ok()?);
        }
    }
    let (hour, minute) = (*parts.first()?, parts.get(1).copied());
    let hour = match (half.get(..1), hour) {
        (Some("p"), 1..=11) => hour + 12,
        (Some("a"), 12) => 0,
        (Some(_), 0 | 13..) => return None,
        _ => hour,
    };
    if half.is_empty() && minute.is_none() {
        return None;
    }
    let (minute, second) = (minute.unwrap_or(0), parts.get(2).copied().unwrap_or(0));
    (hour < 24 && minute < 60 && second < 60).then(|| format!("{hour:02}:{minute:02}:{second:02}"))
}

/// What a cell proves of the order of day and month.
pub(super) fn proof(cell: &str) -> Option<Proof> {
    let [first, second, third] = three(split(cell.trim()).0)?;
    if first.len() > 2 || second.len() > 2 || third.len() == 3 {
        return None;
    }
    let (first, second): (u32, u32) = (first.parse().ok()?, second.parse().ok()?);
    match (first > 12, second > 12) {
        (false, true) => Some(Proof::MonthFirst),
        (true, false) => Some(Proof::DayFirst),
        (false, false) => Some(Proof::Neither),
        (true, true) => None,
    }
}

/// Excel's number of a day, with the time as its fraction.
fn serial(cell: &str, from_1904: bool) -> Option<When> {
    let plain = cell.bytes().all(|b| b.is_ascii_digit() || b == b'.');
    let number: f64 = cell.parse().ok().filter(|number| plain && SERIALS.contains(number))?;
    let whole = cell.split('.').next()?.parse::<u64>().ok()?;
    let days = if from_1904 { whole + DAYS_TO_1904 } else { whole };
    let day = NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_days(Days::new(days))?;
    let minutes = (number.fract() * 1440.0).round();
    if !(1.0..1440.0).contains(&minutes) {
        return Some(When::day(day));
    }
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // below 1440
    let minutes = minutes as u32;
    When::parse(&format!("{day}T{:02}:{:02}:00", minutes / 60, minutes % 60))
}

/// `20261119`, `202611190930`.
fn compact(cell: &str) -> Option<When> {
    let digits = cell.len() == 8 || cell.len() == 12 || cell.len() == 14;
    let century = cell.starts_with("19") || cell.starts_with("20");
    let all = cell.bytes().all(|b| b.is_ascii_digit());
    (digits && century && all).then(|| When::parse_hl7(cell)).flatten()
}

/// The part with the date, and what follows a blank or a `T`.
fn split(cell: &str) -> (&str, Option<&str>) {
    let digit = |at: usize| cell.as_bytes().get(at.wrapping_sub(1)).is_some_and(u8::is_ascii_digit);
    let t = cell.find('T').filter(|at| digit(*at));
    match t.into_iter().chain(cell.find(' ')).min() {
        Some(at) => (cell.get(..at).unwrap_or(cell).trim_end_matches(','), cell.get(at + 1..)),
        None => (cell, None),
    }
}

fn three(date: &str) -> Option<[&str; 3]> {
    let sign = date.chars().find(|c| matches!(c, '/' | '-' | '.'))?;
    let mut parts = date.split(sign);
    let three = [parts.next()?, parts.next()?, parts.next()?];
    let number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    (parts.next().is_none() && three.into_iter().all(number)).then_some(three)
}

/// `2026-11-19`, `11/19/26`, `19.11.2026`.
fn numbers(date: &str, birth: bool, reading: Reading) -> Option<NaiveDate> {
    let [a, b, c] = three(date)?;
    let number = |part: &str| part.parse::<u32>().ok();
    if a.len() == 4 {
        return NaiveDate::from_ymd_opt(a.parse().ok()?, number(b)?, number(c)?);
    }
    let (month, day) = match reading.order {
        DateOrder::MonthFirst => (a, b),
        DateOrder::DayFirst => (b, a),
    };
    NaiveDate::from_ymd_opt(year(c, birth, reading)?, number(month)?, number(day)?)
}

/// `19-NOV-2026`, `Nov 19, 2026`, `Thursday, 19 de noviembre de 2026`.
fn named(cell: &str, birth: bool, reading: Reading) -> Option<NaiveDate> {
    let folded = fold(cell);
    let mut month = None;
    let mut numbers: Vec<&str> = Vec::new();
    for token in parts(&folded) {
        match MONTHS.iter().find(|(name, _)| is_month(token, name)) {
            Some((_, number)) if month.is_none() => month = Some(*number),
            _ if token.bytes().all(|b| b.is_ascii_digit()) => numbers.push(token),
            _ => {}
        }
    }
    let month = month?;
    let (&first, &second) = (numbers.first()?, numbers.get(1)?);
    let (day, of) = if first.len() == 4 { (second, first) } else { (first, second) };
    NaiveDate::from_ymd_opt(year(of, birth, reading)?, month, day.parse().ok()?)
}

/// Tokens of letters or of digits: `19nov2026` is three, `23rd` is `23` and `rd`.
fn parts(folded: &str) -> impl Iterator<Item = &str> {
    let mut rest = folded;
    std::iter::from_fn(move || {
        rest = rest.trim_start();
        let digits = rest.starts_with(|c: char| c.is_ascii_digit());
        let same = |c: char| !c.is_whitespace() && c.is_ascii_digit() == digits;
        let end = rest.find(|c: char| !same(c)).unwrap_or(rest.len());
        let (token, after) = rest.split_at(end);
        rest = after;
        (!token.is_empty()).then_some(token)
    })
}

/// A month's name, whole or cut to at least three letters.
fn is_month(token: &str, name: &str) -> bool {
    const WHOLE: [&str; 22] = [
        "january",
        "february",
        "march",
        "april",
        "june",
        "july",
        "august",
        "september",
        "october",
        "november",
        "december",
        "febrero",
        "marzo",
        "mayo",
        "junio",
        "julio",
        "septiembre",
        "setiembre",
        "octubre",
        "noviembre",
        "diciembre",
        "enero",
    ];
    token == name || (WHOLE.contains(&token) && token.starts_with(name))
}

/// A year of four digits, or of two in the hundred years that are meant.
fn year(text: &str, birth: bool, reading: Reading) -> Option<i32> {
    let number: i32 = text.parse().ok()?;
    match text.len() {
        4 => Some(number),
        2 => {
            let from = if birth { reading.births_from } else { reading.dates_from };
            let year = from.div_euclid(100) * 100 + number;
            Some(if year < from { year + 100 } else { year })
        }
        _ => None,
    }
}

/// Only a year, or a year and a month.
fn partial(date: &str) -> Option<When> {
    let year = |text: &str| text.len() == 4 && text.bytes().all(|b| b.is_ascii_digit());
    if year(date) {
        return When::parse(date).filter(|_| date.starts_with("19") || date.starts_with("20"));
    }
    let (a, b) = date.split_once(['/', '-'])?;
    let (month, of) = if year(b) { (a, b) } else { (b, a) };
    let month = month.parse::<u32>().ok().filter(|_| year(of))?;
    When::parse(&format!("{of}-{month:02}"))
}

/// The time at the end of a date in words.
fn tail(cell: &str) -> Option<String> {
    let at = cell.find(':')?;
    let from = cell.get(..at)?.rfind(' ')?;
    time(cell.get(from..)?)
}

/// The hundred years that two digits mean: up to today for births, up to twenty years from now
/// otherwise.
pub(super) fn windows(today: Option<NaiveDate>, births_from: i32) -> (i32, i32) {
    let births = today.map_or(births_from, |today| today.year() - 99);
    (births, births + 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    const READING: Reading = Reading {
        order: DateOrder::MonthFirst,
        births_from: 1927,
        dates_from: 1947,
        from_1904: false,
    };

    #[test]
    fn dates_that_people_write() {
        for (cell, expected) in [
            ("2026-11-19", "2026-11-19"),
            ("2026/11/19", "2026-11-19"),
            ("2026-11-19T09:30:00", "2026-11-19T09:30:00"),
            ("2026-11-19 09:30:00.000", "2026-11-19T09:30:00"),
            ("2026-11-19T00:00:00Z", "2026-11-19T00:00:00"),
            ("11/19/2026", "2026-11-19"),
            ("1/2/2026", "2026-01-02"),
            ("11/19/26", "2026-11-19"),
            ("11-19-2026", "2026-11-19"),
            ("11/19/2026 9:30 AM", "2026-11-19T09:30:00"),
            ("11/19/2026 12:05:00 AM", "2026-11-19T00:05:00"),
            ("11/19/2026 2:05p", "2026-11-19T14:05:00"),
            ("19-NOV-2026", "2026-11-19"),
            ("19-Nov-26", "2026-11-19"),
            ("19NOV2026", "2026-11-19"),
            ("Nov 19, 2026", "2026-11-19"),
            ("November 19th, 2026 3:15 PM", "2026-11-19T15:15:00"),
            ("Thu, Nov 19, 2026", "2026-11-19"),
            ("19 de noviembre de 2026", "2026-11-19"),
            ("2026-Nov-19", "2026-11-19"),
            ("20261119", "2026-11-19"),
            ("202611190930", "2026-11-19T09:30:00"),
            ("46345", "2026-11-19"),
            ("46345.395833333", "2026-11-19T09:30:00"),
            ("46345.0", "2026-11-19"),
            ("1958", "1958"),
            ("3/1958", "1958-03"),
        ] {
            let read = when(cell, false, READING);
            assert_eq!(read.as_ref().map(When::as_str), Some(expected), "{cell}");
        }
        for cell in ["", "13/13/2026", "2/30/2026", "19/11/2026", "tomorrow", "12", "555-0199", "x"]
        {
            assert_eq!(when(cell, false, READING), None, "{cell}");
        }
    }

    #[test]
    fn births_of_two_digits_are_not_in_the_future() {
        for (cell, birth, year) in
            [("3/4/58", true, "1958"), ("3/4/26", true, "2026"), ("3/4/27", true, "1927")]
        {
            let read = when(cell, birth, READING).unwrap();
            assert!(read.as_str().starts_with(year), "{cell}: {read}");
        }
        let read = when("3/4/38", false, READING).unwrap();
        assert_eq!(read.as_str(), "2038-03-04");
        let day = NaiveDate::from_ymd_opt(2026, 11, 19);
        assert_eq!(windows(day, 1900), (1927, 1947));
    }

    #[test]
    fn the_order_is_proven_not_guessed() {
        let day_first = Reading { order: DateOrder::DayFirst, ..READING };
        assert_eq!(when("19/11/2026", false, day_first).unwrap().as_str(), "2026-11-19");
        assert_eq!(when("11/19/2026", false, day_first), None);
        assert_eq!(proof("19/11/2026"), Some(Proof::DayFirst));
        assert_eq!(proof("11/19/2026 9:00"), Some(Proof::MonthFirst));
        assert_eq!(proof("3.4.26"), Some(Proof::Neither));
        assert_eq!(proof("2026-11-19"), None);
    }

    #[test]
    fn serials_of_the_other_beginning() {
        let reading = Reading { from_1904: true, ..READING };
        assert_eq!(when("44883", false, reading).unwrap().as_str(), "2026-11-19");
    }

    #[test]
    fn times() {
        for (text, expected) in [
            ("9:30 AM", "09:30:00"),
            ("9:30am", "09:30:00"),
            ("12:00 PM", "12:00:00"),
            ("12:15 a.m.", "00:15:00"),
            ("0930", "09:30:00"),
            ("930", "09:30:00"),
            ("14:05", "14:05:00"),
            ("14:05:09", "14:05:09"),
            ("2 pm", "14:00:00"),
        ] {
            assert_eq!(time(text).as_deref(), Some(expected), "{text}");
        }
        for text in ["", "25:00", "13:00 PM", "noon", "9", "abc", "12:75"] {
            assert_eq!(time(text), None, "{text}");
        }
    }
}
