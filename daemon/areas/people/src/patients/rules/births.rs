//! Birth dates as they are compared: equal, a slip of the pen apart, or of two people.

use super::person::Person;
use almoner_core::clinical::When;
use almoner_core::rules::Matching;
use chrono::{Datelike, NaiveDate};

/// How two birth dates go together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Births {
    Same,
    /// One digit, two digits that changed places, or day and month changed about.
    Slip,
    /// The same day one year apart.
    YearSlip,
    /// One is a beginning of the other, or says the year only by the first of January.
    Fits,
    Differ,
    /// Many years apart.
    Far,
    Missing,
}

/// The day a date names, when it is one that a person can be born on: not a date that stands for
/// "unknown".
pub fn usable_day(when: &When) -> Option<NaiveDate> {
    let day = when.date()?;
    let sentinel = day.month() == 1 && day.day() == 1 && matches!(day.year(), 1900 | 1901);
    (!sentinel && day.year() >= 1890).then_some(day)
}

/// Compares the birth dates of two people.
pub(super) fn compare(new: &Person, known: &Person, rules: &Matching) -> Births {
    match (new.born, known.born) {
        (Some(a), Some(b)) => days(a, b, rules),
        _ => match (partial(new), partial(known)) {
            (Some(a), Some(b)) if a.compatible(b) => Births::Fits,
            (Some(_), Some(_)) => Births::Differ,
            _ => Births::Missing,
        },
    }
}

/// Whole years between two birth dates, where both are known.
pub(super) fn years_apart(new: &Person, known: &Person) -> Option<i64> {
    let (a, b) = (new.born?, known.born?);
    Some((a - b).num_days().abs() / 365)
}

/// Two rows of digits of one length differ in one digit, or in two neighbours that changed places.
pub(super) fn one_slip(a: &str, b: &str) -> bool {
    let unlike: Vec<(usize, (u8, u8))> =
        a.bytes().zip(b.bytes()).enumerate().filter(|(_, (x, y))| x != y).collect();
    match unlike.as_slice() {
        [_] => a.len() == b.len(),
        [(at, one), (next, other)] => at + 1 == *next && *one == (other.1, other.0),
        _ => false,
    }
}

fn days(a: NaiveDate, b: NaiveDate, rules: &Matching) -> Births {
    if a == b {
        return Births::Same;
    }
    let years = (a.year() - b.year()).abs();
    let turned = years == 0 && a.month() == b.day() && a.day() == b.month();
    if turned || one_digit(a, b) {
        return Births::Slip;
    }
    let one_day = a.month() == b.month() && a.day() == b.day();
    let first = |day: NaiveDate| day.month() == 1 && day.day() == 1;
    if years == 1 && one_day {
        Births::YearSlip
    } else if years == 0 && (first(a) || first(b)) {
        Births::Fits
    } else if i64::from(years) >= rules.far_years {
        Births::Far
    } else {
        Births::Differ
    }
}

fn one_digit(a: NaiveDate, b: NaiveDate) -> bool {
    let digits = |day: NaiveDate| format!("{:04}{:02}{:02}", day.year(), day.month(), day.day());
    one_slip(&digits(a), &digits(b))
}

/// A date that is known, be it only a year; a whole day that means "unknown" is none.
fn partial(person: &Person) -> Option<&When> {
    let when = person.birth.as_ref()?;
    (person.born.is_some() || when.date().is_none()).then_some(when)
}
