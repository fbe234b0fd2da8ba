//! Versions of one rule: which of them is in force on a day.

use chrono::NaiveDate;
use serde::Deserialize;

/// A rule with the days on which it is in force and where it comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Dated<T> {
    pub start: NaiveDate,
    /// The last day; absent while no end is known.
    pub end: Option<NaiveDate>,
    /// The law, measure or manual that says so.
    pub source: String,
    #[serde(flatten)]
    pub rule: T,
}

/// The versions of one rule, at least one.
#[derive(Clone, Debug, Default)]
pub struct Versions<T> {
    first: Dated<T>,
    later: Vec<Dated<T>>,
}

impl<T> Versions<T> {
    /// Orders versions by their start. Errors: none given, or two that start on one day.
    pub fn of(mut versions: Vec<Dated<T>>) -> Result<Self, String> {
        versions.sort_by_key(|version| version.start);
        let twice = versions.windows(2).find_map(|pair| match pair {
            [a, b] if a.start == b.start => Some(a.start),
            _ => None,
        });
        if let Some(day) = twice {
            return Err(format!("two versions start on {day}"));
        }
        if versions.is_empty() {
            return Err("a rule has no version".to_owned());
        }
        let later = versions.split_off(1);
        let first = versions.pop().ok_or_else(|| "a rule has no version".to_owned())?;
        Ok(Self { first, later })
    }

    /// The version of a day: the newest that has started; before all of them, the first.
    pub fn dated(&self, day: NaiveDate) -> &Dated<T> {
        self.later.iter().rfind(|version| version.start <= day).unwrap_or(&self.first)
    }

    /// The rule of a day.
    pub fn on(&self, day: NaiveDate) -> &T {
        &self.dated(day).rule
    }

    /// The rule of a day, if one is in force: neither before the first nor after an end.
    pub fn in_force(&self, day: NaiveDate) -> Option<&T> {
        let version = self.dated(day);
        let holds = version.start <= day && version.end.is_none_or(|end| day <= end);
        holds.then_some(&version.rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_started_version_counts() {
        let day = |y, m, d| NaiveDate::from_ymd_opt(y, m, d).unwrap();
        let version = |start, end, rule| Dated { start, end, source: String::new(), rule };
        let versions = Versions::of(vec![
            version(day(2026, 1, 1), Some(day(2026, 6, 30)), 2),
            version(day(2020, 1, 1), None, 1),
        ])
        .unwrap();
        assert_eq!(*versions.on(day(2019, 1, 1)), 1);
        assert_eq!(*versions.on(day(2025, 12, 31)), 1);
        assert_eq!(*versions.on(day(2026, 1, 1)), 2);
        assert_eq!(versions.in_force(day(2019, 1, 1)), None);
        assert_eq!(versions.in_force(day(2026, 7, 1)), None);
        assert!(Versions::<u8>::of(Vec::new()).is_err());
    }
}
