//! Birth dates as people type them to find somebody: whole ("11/9/58", "9 nov 1958", "4 de marzo de
//! 1958"), without the day ("nov 1958") or without the year ("11/9", "nov 9"). Where day and month can be either, both are meant.

use almoner_frame::Language;
use almoner_frame::dates::MONTHS;
use chrono::{Datelike, NaiveDate};

/// The days that a text can mean.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Read {
    pub days: Vec<NaiveDate>,
    /// Year and month.
    pub months: Vec<(i32, u32)>,
    /// Month and day of any year.
    pub of_year: Vec<(u32, u32)>,
}

const LONG: [&str; 23] = [
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
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

/// The year that a number can be, as a birth year.
pub(super) fn year(number: &str) -> Option<i32> {
    let year: i32 = number.parse().ok()?;
    (number.len() == 4 && (1890..=2100).contains(&year)).then_some(year)
}

/// The month of a name: "nov", "sept.", "noviembre".
pub(super) fn month(text: &str) -> Option<u32> {
    let text = text.trim_end_matches('.').to_lowercase();
    let known = text.len() == 3 || text == "sept" || LONG.contains(&text.as_str());
    let start = text.get(..3).filter(|_| known)?;
    MONTHS.iter().find(|(name, _)| *name == start).map(|(_, month)| *month)
}

/// What a text means as a date; `None` when it is none.
pub(super) fn read(text: &str, language: Language, today: NaiveDate) -> Option<Read> {
    let text = text.to_lowercase();
    let parts: Vec<&str> = text
        .split(['/', '-', '.', ' '])
        .filter(|part| !part.is_empty() && *part != "de" && *part != "del")
        .collect();
    let read = match parts.as_slice() {
        [a, b, c] => Read { days: whole(a, b, c, language, today), ..Read::default() },
        [a, b] if year(b).is_some() => Read { months: of_month(&text, a, b), ..Read::default() },
        [a, b] => Read { of_year: of_year(&text, a, b, language), ..Read::default() },
        _ => Read::default(),
    };
    (read != Read::default()).then_some(read)
}

/// "nov 1958", "11/1958".
fn of_month(text: &str, a: &str, b: &str) -> Vec<(i32, u32)> {
    let number = short(a).filter(|month| !text.contains(' ') && (1..=12).contains(month));
    year(b).zip(month(a).or(number)).into_iter().collect()
}

fn whole(a: &str, b: &str, c: &str, language: Language, today: NaiveDate) -> Vec<NaiveDate> {
    let date = |year: Option<i32>, month: u32, day: Option<u32>| {
        NaiveDate::from_ymd_opt(year?, month, day?)
    };
    let day = match (month(a), month(b)) {
        (Some(month), _) => date(full(c, today), month, short(b)),
        (_, Some(month)) => date(full(c, today), month, short(a)),
        _ if a.len() == 4 => date(full(a, today), short(b).unwrap_or(0), short(c)),
        _ => {
            let (Some(a), Some(b), Some(year)) = (short(a), short(b), full(c, today)) else {
                return Vec::new();
            };
            let days = orders(a, b, language).into_iter();
            return days.filter_map(|(m, d)| NaiveDate::from_ymd_opt(year, m, d)).collect();
        }
    };
    day.into_iter().collect()
}

/// Only a text with a separator in it, or with a month's name: "555 0134" is no date.
fn of_year(text: &str, a: &str, b: &str, language: Language) -> Vec<(u32, u32)> {
    let all = match (month(a), month(b), short(a), short(b)) {
        (Some(month), _, _, Some(day)) | (_, Some(month), Some(day), _) => vec![(month, day)],
        (None, None, Some(a), Some(b)) if !text.contains(' ') => orders(a, b, language),
        _ => Vec::new(),
    };
    // A leap year has every day that there is.
    let exists = |(m, d): &(u32, u32)| NaiveDate::from_ymd_opt(2000, *m, *d).is_some();
    all.into_iter().filter(exists).collect()
}

/// Both readings of two numbers as month and day, the language's own one first.
fn orders(a: u32, b: u32, language: Language) -> Vec<(u32, u32)> {
    let mut orders = vec![(a, b), (b, a)];
    if language == Language::Spanish {
        orders.reverse();
    }
    orders.dedup();
    orders
}

/// A number of one or two digits, as "4", "04", "4th".
fn short(text: &str) -> Option<u32> {
    let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    (digits.len() <= 2).then(|| digits.parse().ok()).flatten()
}

fn full(text: &str, today: NaiveDate) -> Option<i32> {
    let year: i32 = text.parse().ok()?;
    let century = if year > today.year() % 100 { 1900 } else { 2000 };
    match text.len() {
        4 => Some(year),
        2 => Some(century + year),
        _ => None,
    }
}
