//! Date marks of the demo's files: `{{-3|d}}`, `{{+1b 09:30|isoz}}` become dates near today, so
//! that the made-up morning is believable on any day. Their form: `config/demo/README.md`.

use almoner_core::rules::Calendar;
use almoner_core::time::Zone;
use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime};

/// What dates are counted from.
#[derive(Clone, Copy)]
pub(crate) struct Today<'a> {
    pub day: NaiveDate,
    pub zone: Zone,
    pub calendar: &'a Calendar,
}

impl Today<'_> {
    /// The local time of `DAYS` or `DAYS HH:MM`.
    pub(crate) fn local(&self, text: &str) -> Option<NaiveDateTime> {
        let (days, clock) = text.split_once(' ').map_or((text, None), |(d, c)| (d, Some(c)));
        let clock = match clock {
            Some(clock) => NaiveTime::parse_from_str(clock, "%H:%M").ok()?,
            None => NaiveTime::MIN,
        };
        Some(self.day_of(days)?.and_time(clock))
    }

    /// Whether a mark or a due date names a time of day.
    pub(crate) fn has_clock(text: &str) -> bool {
        text.contains(' ')
    }

    /// The day of `0`, `-3`, `+5`, `-1b`, `0b`, `+2b`.
    pub(crate) fn day_of(&self, days: &str) -> Option<NaiveDate> {
        let (number, business) = days.strip_suffix('b').map_or((days, false), |n| (n, true));
        let number: i64 = number.parse().ok()?;
        if business {
            return Some(self.calendar.add_business_days(self.day, number));
        }
        let count = Days::new(number.unsigned_abs());
        let back = || self.day.checked_sub_days(count);
        if number < 0 { back() } else { self.day.checked_add_days(count) }
    }

    fn write(&self, local: NaiveDateTime, format: &str) -> Option<String> {
        let zoned = || self.zone.local(self.zone.instant(local));
        Some(match format {
            "ts" => local.format("%Y%m%d%H%M%S").to_string(),
            "d" => local.format("%Y%m%d").to_string(),
            "iso" => local.format("%Y-%m-%d").to_string(),
            "tsz" => zoned().format("%Y%m%d%H%M%S%z").to_string(),
            "isoz" => zoned().format("%Y-%m-%dT%H:%M:%S%:z").to_string(),
            _ => return None,
        })
    }
}

/// Replaces every mark; what is no mark stays as it is, byte for byte.
pub(crate) fn replace(bytes: &[u8], today: Today<'_>) -> Vec<u8> {
    let Ok(text) = std::str::from_utf8(bytes) else { return bytes.to_vec() };
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("{{") {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let inside = from.get(2..).unwrap_or_default();
        let mark = inside.split_once("}}").and_then(|(mark, after)| {
            let (days, format) = mark.split_once('|')?;
            Some((today.write(today.local(days)?, format)?, after))
        });
        let (text, after) = mark.unwrap_or_else(|| ("{{".to_owned(), inside));
        out.push_str(&text);
        rest = after;
    }
    out.push_str(rest);
    out.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use almoner_core::rules::Rules;

    fn written(day: &str, text: &str) -> String {
        let rules = Rules::default();
        let today =
            Today { day: day.parse().unwrap(), zone: rules.zone, calendar: rules.calendar() };
        String::from_utf8(replace(text.as_bytes(), today)).unwrap()
    }

    #[test]
    fn marks_follow_today() {
        // Monday, Jan 18, 2027 is a holiday; the Friday before it is the last business day.
        let on = |text| written("2027-01-18", text);
        assert_eq!(on("a{{0|d}}b"), "a20270118b");
        assert_eq!(on("{{-1b 16:40|tsz}}"), "20270115164000-0500");
        assert_eq!(on("{{0b|iso}}"), "2027-01-19");
        assert_eq!(on("{{+2b 09:00|isoz}}"), "2027-01-20T09:00:00-05:00");
        assert_eq!(on("{{-1|ts}} {{x}} {{ {{1|q}}"), "20270117000000 {{x}} {{ {{1|q}}");
    }

    #[test]
    fn the_offset_is_that_of_the_day() {
        assert_eq!(written("2026-07-01", "{{0 12:00|tsz}}"), "20260701120000-0400");
    }
}
