//! Business days: Monday to Friday without legal holidays, whatever hours a clinic keeps (Noridian
//! JF Part B on transitional care management).

use chrono::{Datelike, Days, NaiveDate, Weekday};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The holidays of the rule data.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Calendar {
    #[serde(rename = "holiday")]
    holidays: Vec<Holiday>,
}

/// A holiday: a fixed date or the n-th weekday of a month.
#[derive(Clone, Debug, Deserialize)]
pub struct Holiday {
    pub key: String,
    /// By language tag.
    names: BTreeMap<String, String>,
    month: u32,
    #[serde(default)]
    day: Option<u32>,
    #[serde(default)]
    weekday: Option<Weekday>,
    /// 1 for the first, -1 for the last.
    #[serde(default)]
    nth: i8,
    /// Kept on the Friday before a Saturday, on the Monday after a Sunday (5 U.S.C. 6103(b)).
    #[serde(default)]
    observed: bool,
    start: NaiveDate,
    #[serde(default)]
    end: Option<NaiveDate>,
}

impl Holiday {
    /// Its name in a language; in English where it has none.
    pub fn name(&self, tag: &str) -> &str {
        self.names.get(tag).or_else(|| self.names.get("en")).map_or(&self.key, String::as_str)
    }

    /// The date it falls on in a year, before any shift; `None` in a year without it.
    pub fn date(&self, year: i32) -> Option<NaiveDate> {
        let date = match (self.day, self.weekday) {
            (Some(day), _) => NaiveDate::from_ymd_opt(year, self.month, day)?,
            (None, Some(weekday)) => nth_weekday(year, self.month, weekday, self.nth)?,
            (None, None) => return None,
        };
        let exists = self.start <= date && self.end.is_none_or(|end| date <= end);
        exists.then_some(date)
    }

    /// The day off that it gives in a year: the date itself, or the day on which it is kept.
    pub fn kept_on(&self, year: i32) -> Option<NaiveDate> {
        let date = self.date(year)?;
        match date.weekday() {
            Weekday::Sat if self.observed => date.pred_opt(),
            Weekday::Sun if self.observed => date.succ_opt(),
            _ => Some(date),
        }
    }
}

impl Calendar {
    /// Every holiday.
    pub fn holidays(&self) -> &[Holiday] {
        &self.holidays
    }

    /// The holiday that a day is, or that is kept on it.
    pub fn holiday(&self, day: NaiveDate) -> Option<&Holiday> {
        let falls = |holiday: &&Holiday| {
            // New Year's Day of the next year can be kept on December 31.
            [day.year(), day.year() + 1]
                .into_iter()
                .any(|year| holiday.kept_on(year) == Some(day) || holiday.date(year) == Some(day))
        };
        self.holidays.iter().find(falls)
    }

    /// Whether a day counts.
    pub fn is_business_day(&self, day: NaiveDate) -> bool {
        !matches!(day.weekday(), Weekday::Sat | Weekday::Sun) && self.holiday(day).is_none()
    }

    /// The `n`-th business day after `day`, which is not counted itself; before it when `n` is
    /// negative. With 0: the day itself, or the next business day when it is none.
    pub fn add_business_days(&self, day: NaiveDate, n: i64) -> NaiveDate {
        if n == 0 {
            return self.on_or_after(day);
        }
        let mut at = day;
        let mut left = n.unsigned_abs();
        while left > 0 {
            let next = if n > 0 { at.succ_opt() } else { at.pred_opt() };
            let Some(next) = next else { return at };
            at = next;
            left -= u64::from(self.is_business_day(at));
        }
        at
    }

    /// The day itself, or the next business day when it is none.
    pub fn on_or_after(&self, day: NaiveDate) -> NaiveDate {
        if self.is_business_day(day) { day } else { self.add_business_days(day, 1) }
    }

    /// Business days after `from` up to and with `to`; negative when `to` lies before.
    pub fn business_days_between(&self, from: NaiveDate, to: NaiveDate) -> i64 {
        let (early, late, sign) = if from <= to { (from, to, 1) } else { (to, from, -1) };
        let days = early.iter_days().skip(1).take_while(|day| *day <= late);
        let count = days.filter(|day| self.is_business_day(*day)).count();
        sign * i64::try_from(count).unwrap_or(i64::MAX)
    }
}

fn nth_weekday(year: i32, month: u32, weekday: Weekday, nth: i8) -> Option<NaiveDate> {
    if let Ok(n) = u8::try_from(nth) {
        return NaiveDate::from_weekday_of_month_opt(year, month, weekday, n);
    }
    let (next_year, next) = if month == 12 { (year + 1, 1) } else { (year, month + 1) };
    let last = NaiveDate::from_ymd_opt(next_year, next, 1)?.pred_opt()?;
    let back = last.weekday().days_since(weekday);
    let weeks = 7 * u64::from(nth.unsigned_abs().saturating_sub(1));
    last.checked_sub_days(Days::new(u64::from(back) + weeks))
}

#[cfg(test)]
mod tests {
    use crate::rules::Rules;
    use chrono::NaiveDate;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn days_that_hurt() {
        let rules = Rules::default();
        let calendar = rules.calendar();
        for (from, n, expected) in [
            ("2027-01-15", 2, "2027-01-20"), // Friday before Martin Luther King Jr. Day
            ("2026-11-19", 2, "2026-11-23"), // Thursday
            ("2026-11-25", 2, "2026-11-30"), // Wednesday before Thanksgiving
            ("2026-12-23", 2, "2026-12-28"), // Dec 24 counts, Christmas (Friday) and the weekend don't
            ("2026-12-30", 1, "2026-12-31"), // New Year's Eve counts
            ("2027-12-30", 1, "2028-01-03"), // Jan 1, 2028 is a Saturday: kept on Dec 31, 2027
            ("2026-07-01", 2, "2026-07-06"), // July 4, 2026 is a Saturday: kept on Friday July 3
            ("2027-06-17", 1, "2027-06-21"), // Juneteenth 2027 is a Saturday: kept on Friday June 18
            ("2022-06-17", 1, "2022-06-21"), // Juneteenth 2022 is a Sunday: kept on Monday June 20
            ("2020-06-18", 1, "2020-06-19"), // no Juneteenth before 2021
            ("2028-02-28", 1, "2028-02-29"), // leap day
            ("2028-02-29", 1, "2028-03-01"),
            ("2026-01-30", 1, "2026-02-02"), // month end
            ("2026-11-22", 0, "2026-11-23"), // a Sunday
            ("2026-11-23", 0, "2026-11-23"),
            ("2026-11-22", -1, "2026-11-20"),
            ("2027-01-19", -1, "2027-01-15"),
            ("2026-11-12", -2, "2026-11-09"), // over Veterans Day
        ] {
            assert_eq!(calendar.add_business_days(day(from), n), day(expected), "{from} {n:+}");
        }
    }

    #[test]
    fn holidays_have_names() {
        let rules = Rules::default();
        let calendar = rules.calendar();
        for (date, name) in [
            ("2027-01-18", Some("Martin Luther King Jr. Day")),
            ("2026-07-03", Some("Independence Day")),
            ("2026-07-04", Some("Independence Day")),
            ("2026-05-25", Some("Memorial Day")),
            ("2026-11-26", Some("Thanksgiving Day")),
            ("2026-10-12", Some("Columbus Day")),
            ("2026-12-24", None),
            ("2026-12-31", None),
            ("2027-12-31", Some("New Year's Day")),
        ] {
            assert_eq!(
                calendar.holiday(day(date)).map(|holiday| holiday.name("en")),
                name,
                "{date}"
            );
        }
        let christmas = calendar.holiday(day("2026-12-25")).unwrap();
        assert_eq!((christmas.name("es"), christmas.name("fr")), ("Navidad", "Christmas Day"));
    }

    #[test]
    fn counting_is_adding_backwards() {
        let rules = Rules::default();
        let calendar = rules.calendar();
        let from = day("2026-12-18");
        for n in 1..40 {
            let to = calendar.add_business_days(from, n);
            assert!(calendar.is_business_day(to));
            assert_eq!(calendar.business_days_between(from, to), n);
            assert_eq!(calendar.add_business_days(to, -n), from);
        }
    }
}
