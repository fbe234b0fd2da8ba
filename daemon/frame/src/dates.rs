//! Reads a day, or a day with its time, as people type it: "11/9", "9 nov 26", "tomorrow 3 pm",
//! "+2w", "fri", "hoy". What was understood is said back beside the field ([`crate::due::echo`]).

use crate::language::Language;
use almoner_core::text::fold;
use almoner_core::time::{Timestamp, Zone};
use chrono::{Datelike, Days, Months, NaiveDate, NaiveTime, Weekday};

/// English and Spanish names of the months by their first three letters.
pub const MONTHS: [(&str, u32); 17] = [
    ("jan", 1),
    ("ene", 1),
    ("feb", 2),
    ("mar", 3),
    ("apr", 4),
    ("abr", 4),
    ("may", 5),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("ago", 8),
    ("sep", 9),
    ("oct", 10),
    ("nov", 11),
    ("dec", 12),
    ("dic", 12),
    ("set", 9),
];

/// Names of the weekdays by their first three letters, accents dropped.
const WEEKDAYS: [(&str, Weekday); 14] = [
    ("mon", Weekday::Mon),
    ("lun", Weekday::Mon),
    ("tue", Weekday::Tue),
    ("mar", Weekday::Tue),
    ("wed", Weekday::Wed),
    ("mie", Weekday::Wed),
    ("thu", Weekday::Thu),
    ("jue", Weekday::Thu),
    ("fri", Weekday::Fri),
    ("vie", Weekday::Fri),
    ("sat", Weekday::Sat),
    ("sab", Weekday::Sat),
    ("sun", Weekday::Sun),
    ("dom", Weekday::Sun),
];

/// The day that is meant; `None` when it can't be told, or there is no such day.
pub fn day(language: Language, today: NaiveDate, text: &str) -> Option<NaiveDate> {
    let text = text.trim().to_lowercase();
    if let Ok(day) = text.parse::<NaiveDate>() {
        return Some(day);
    }
    if let Some(day) = stepped(today, &text).or_else(|| named(today, &fold(&text))) {
        return Some(day);
    }
    let parts = parts(&text);
    match parts.as_slice() {
        [Part::Month(month), Part::Number(d)] | [Part::Number(d), Part::Month(month)] => {
            nearest(today, *month, *d)
        }
        [Part::Month(month), Part::Number(d), Part::Number(year)]
        | [Part::Number(d), Part::Month(month), Part::Number(year)] => full(*year, *month, *d),
        [Part::Number(a), Part::Number(b)] => {
            let (month, d) = order(language, *a, *b);
            nearest(today, month, d)
        }
        [Part::Number(a), Part::Number(b), Part::Number(year)] => {
            let (month, d) = order(language, *a, *b);
            full(*year, month, d)
        }
        _ => None,
    }
}

/// The instant that is meant by a day with a time: "today 3 pm", "nov 18 9:40". The day may be left
/// out: today. `None` when no time can be told.
pub fn moment(language: Language, zone: Zone, now: Timestamp, text: &str) -> Option<Timestamp> {
    let text = text.trim().to_lowercase().replace(['.', ','], " ");
    let words: Vec<&str> = text.split_whitespace().filter(|word| *word != "at").collect();
    let today = zone.day(now);
    for size in [2, 1] {
        let (head, tail) = words.split_at(words.len().checked_sub(size)?);
        let Some(time) = time(&tail.concat()) else { continue };
        let day = if head.is_empty() { Some(today) } else { day(language, today, &head.join(" ")) };
        if let Some(day) = day {
            return Some(zone.instant(day.and_time(time)));
        }
    }
    None
}

/// A time of day: "3pm", "9:40", "15:00", "3:05pm", "noon".
pub fn time(text: &str) -> Option<NaiveTime> {
    if matches!(text, "noon" | "mediodia" | "mediodía") {
        return NaiveTime::from_hms_opt(12, 0, 0);
    }
    let (digits, half) = match text.strip_suffix("am") {
        Some(digits) => (digits, Some(false)),
        None => text.strip_suffix("pm").map_or((text, None), |digits| (digits, Some(true))),
    };
    let (hour, minute) = match digits.trim_end_matches('h').split_once(':') {
        Some((hour, minute)) if minute.len() == 2 => (hour, minute),
        None if half.is_some() => (digits, "0"),
        _ => return None,
    };
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    let hour = match half {
        None => hour,
        Some(pm) if (1..=12).contains(&hour) => hour % 12 + if pm { 12 } else { 0 },
        Some(_) => return None,
    };
    NaiveTime::from_hms_opt(hour, minute, 0)
}

#[derive(Clone, Copy)]
enum Part {
    Month(u32),
    Number(u32),
}

/// Numbers and months of a text; nothing when there is anything else in it.
fn parts(text: &str) -> Vec<Part> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let words = words.filter(|word| *word != "de" && *word != "del");
    let part = |word: &str| {
        if let Ok(number) = word.parse() {
            return Some(Part::Number(number));
        }
        let start = word.get(..3)?;
        MONTHS.iter().find(|(name, _)| *name == start).map(|(_, month)| Part::Month(*month))
    };
    words.map(part).collect::<Option<Vec<_>>>().unwrap_or_default()
}

/// "+2w", "-3d", "+1m": steps from today.
fn stepped(today: NaiveDate, text: &str) -> Option<NaiveDate> {
    let back = text.starts_with('-');
    let rest = text.strip_prefix(['+', '-'])?.trim();
    let (number, unit) =
        rest.split_at(rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len()));
    let number: u64 = number.parse().ok().filter(|number| *number < 1000)?;
    let days = match unit.trim() {
        "" | "d" => number,
        "w" | "s" => number * 7,
        "m" => {
            let months = Months::new(u32::try_from(number).ok()?);
            let day = today;
            return if back {
                day.checked_sub_months(months)
            } else {
                day.checked_add_months(months)
            };
        }
        _ => return None,
    };
    let days = Days::new(days);
    if back { today.checked_sub_days(days) } else { today.checked_add_days(days) }
}

/// "today", "mañana", "friday": the next such weekday after today.
fn named(today: NaiveDate, word: &str) -> Option<NaiveDate> {
    match word {
        "today" | "hoy" => return Some(today),
        "tomorrow" | "manana" => return today.succ_opt(),
        "yesterday" | "ayer" => return today.pred_opt(),
        _ => {}
    }
    let start = word.get(..3).filter(|_| word.chars().all(char::is_alphabetic))?;
    let (_, weekday) = WEEKDAYS.iter().find(|(name, _)| *name == start)?;
    today.iter_days().skip(1).find(|day| day.weekday() == *weekday)
}

/// Month and day of two numbers: in English the month comes first, in Spanish the day, unless only
/// the other order makes a date.
fn order(language: Language, a: u32, b: u32) -> (u32, u32) {
    match language {
        Language::English if a > 12 => (b, a),
        Language::Spanish if b <= 12 => (b, a),
        _ => (a, b),
    }
}

fn full(year: u32, month: u32, day: u32) -> Option<NaiveDate> {
    let year = if year < 100 { year + 2000 } else { year };
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// Without a year the one that puts the date nearest to today.
fn nearest(today: NaiveDate, month: u32, day: u32) -> Option<NaiveDate> {
    let years = [today.year() - 1, today.year(), today.year() + 1];
    let days = years.into_iter().filter_map(|year| NaiveDate::from_ymd_opt(year, month, day));
    days.min_by_key(|day| (*day - today).num_days().abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn today() -> NaiveDate {
        "2026-11-19".parse().unwrap()
    }

    #[test]
    fn days_are_read_as_people_type_them() {
        for (text, day_meant) in [
            ("2026-11-09", "2026-11-09"),
            ("11/9", "2026-11-09"),
            ("11/9/26", "2026-11-09"),
            ("23/11/2026", "2026-11-23"),
            ("9 nov 26", "2026-11-09"),
            ("Nov 9, 2026", "2026-11-09"),
            ("november 30", "2026-11-30"),
            ("1/4", "2027-01-04"),
            ("tomorrow", "2026-11-20"),
            ("+2w", "2026-12-03"),
            ("-3d", "2026-11-16"),
            ("+1m", "2026-12-19"),
            ("fri", "2026-11-20"),
            ("Thursday", "2026-11-26"),
        ] {
            let read = day(Language::English, today(), text);
            assert_eq!(read.map(|day| day.to_string()).as_deref(), Some(day_meant), "{text}");
        }
        for text in ["nov 31", "", "soon", "13/13", "11/9/2026 or later", "+x"] {
            assert_eq!(day(Language::English, today(), text), None, "{text}");
        }
    }

    #[test]
    fn spanish_days_begin_with_the_day() {
        for (text, day_meant) in [
            ("9/11", "2026-11-09"),
            ("mañana", "2026-11-20"),
            ("miércoles", "2026-11-25"),
            ("4 de enero de 2027", "2027-01-04"),
        ] {
            let read = day(Language::Spanish, today(), text);
            assert_eq!(read.map(|day| day.to_string()).as_deref(), Some(day_meant), "{text}");
        }
    }

    #[test]
    fn moments_have_a_time() {
        let zone = Zone::default();
        let now = zone.instant(today().and_hms_opt(9, 42, 0).unwrap());
        for (text, meant) in [
            ("today, 3 pm", "2026-11-19 15:00"),
            ("yesterday 9:40", "2026-11-18 09:40"),
            ("nov 18 12:05am", "2026-11-18 00:05"),
            ("8:15 am", "2026-11-19 08:15"),
            ("11/20/2026 14:30", "2026-11-20 14:30"),
        ] {
            let read = moment(Language::English, zone, now, text).map(|at| zone.local(at));
            let read = read.map(|at| at.format("%Y-%m-%d %H:%M").to_string());
            assert_eq!(read.as_deref(), Some(meant), "{text}");
        }
        assert_eq!(moment(Language::English, zone, now, "nov 18"), None);
        assert_eq!(moment(Language::English, zone, now, "today 25:00"), None);
    }
}
