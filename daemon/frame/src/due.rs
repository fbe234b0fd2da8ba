//! Deadlines in words: "2 days late", "by 5 pm", "Tomorrow", and a date said back to the person who
//! typed it.

use crate::area::Tone;
use crate::dates;
use crate::language::{Language, Words};
use almoner_core::loops::Due;
use almoner_core::phrase::Phrase;
use almoner_core::time::{Timestamp, Zone};
use chrono::NaiveDate;

/// Hours before a deadline at which it counts as urgent (`UX.md` §6, notifications).
const URGENT_HOURS: i64 = 4;

/// A deadline, as a list shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Deadline {
    /// "2 days late", "by 5 pm", "Wed, Nov 25".
    pub text: String,
    /// "was Nov 17", "2 h 18 min left", "in 3 days".
    pub sub: String,
    pub late: bool,
    pub tone: Tone,
}

/// Says a deadline.
pub fn say(words: &Words, zone: Zone, now: Timestamp, due: Due) -> Deadline {
    let (today, day) = (zone.day(now), due.day(zone));
    if due.late_from(zone) <= now {
        let (text, tone) = left(words, zone, now, due);
        return Deadline { text, sub: was(words, today, day, due), late: true, tone };
    }
    let days = (day - today).num_days();
    let (text, sub, tone) = match (due, days) {
        (Due::Day(_), 0) => (words.t("due-today"), words.t("due-any-time"), Tone::Plain),
        (Due::Instant(at), 0) => {
            let (left, tone) = left(words, zone, now, due);
            (words.of_text("due-by", &clock(words, at)), left, tone)
        }
        (_, 1) => (words.t("due-tomorrow"), short(words, day, due), Tone::Plain),
        (_, 2..7) => (weekday(words, day), in_days(words, days, due), Tone::Plain),
        _ => (words.short_day(day), in_days(words, days, due), Tone::Plain),
    };
    Deadline { text, sub, late: false, tone }
}

/// How long it is still, or how late: "2 h 18 min left", "7 days left", "2 days late".
pub fn left(words: &Words, zone: Zone, now: Timestamp, due: Due) -> (String, Tone) {
    let end = due.late_from(zone);
    let (today, day) = (zone.day(now), due.day(zone));
    if end <= now {
        let days = (today - day).num_days();
        let hours = (now - end).num_hours();
        let text = match (days, hours) {
            (1.., _) => words.n("due-days-late", days),
            (_, 1..) => words.n("due-hours-late", hours),
            _ => words.t("due-just-late"),
        };
        return (text, Tone::Bad);
    }
    let minutes = ((end - now).num_seconds() + 59) / 60;
    let tone = if minutes < URGENT_HOURS * 60 { Tone::Warn } else { Tone::Plain };
    match (due, (day - today).num_days()) {
        (Due::Day(_), 0) => (words.t("due-ends-today"), Tone::Warn),
        (Due::Instant(_), 0) => (hours_left(words, minutes), tone),
        (_, days) => (words.n("due-days-left", days), tone),
    }
}

/// Says a day back to the person who typed it: "Monday, Nov 23, 2026, in 4 days".
pub fn echo(words: &Words, today: NaiveDate, day: NaiveDate) -> String {
    let away = (day - today).num_days();
    let away = match away {
        0 => words.t("day-today"),
        1 => words.t("day-tomorrow"),
        -1 => words.t("day-yesterday"),
        2.. => words.n("day-in", away),
        _ => words.n("day-ago", -away),
    };
    format!("{}, {}, {away}", words.weekday(day), words.day(day))
}

/// Says back what is understood of a day or a moment as somebody types it; empty when nothing is.
pub fn read_back(words: &Words, zone: Zone, now: Timestamp, text: &str) -> String {
    let (language, today) = (words.language(), zone.day(now));
    if let Some(day) = dates::day(language, today, text) {
        return echo(words, today, day);
    }
    let moment = dates::moment(language, zone, now, text);
    moment
        .map(|at| format!("{}, {}", echo(words, today, zone.day(at)), clock(words, at)))
        .unwrap_or_default()
}

/// The clock without empty minutes: "5 pm", "9:42 am", "17:00".
pub fn clock(words: &Words, at: Timestamp) -> String {
    let full = words.clock(at);
    match words.language() {
        Language::English => full.replace(":00 ", " "),
        Language::Spanish => full,
    }
}

fn was(words: &Words, today: NaiveDate, day: NaiveDate, due: Due) -> String {
    match due {
        Due::Instant(at) if day == today => words.of_text("due-was", &clock(words, at)),
        Due::Instant(at) => {
            let when = format!("{}, {}", words.short_day(day), clock(words, at));
            words.of_text("due-was", &when)
        }
        Due::Day(_) => words.of_text("due-was", &words.short_day(day)),
    }
}

fn short(words: &Words, day: NaiveDate, due: Due) -> String {
    let date = weekday(words, day);
    match due {
        Due::Instant(at) => format!("{date}, {}", clock(words, at)),
        Due::Day(_) => date,
    }
}

fn in_days(words: &Words, days: i64, due: Due) -> String {
    match due {
        Due::Instant(at) => words.of_text("due-by", &clock(words, at)),
        Due::Day(_) => words.n("day-in", days),
    }
}

/// "Wed, Nov 25".
fn weekday(words: &Words, day: NaiveDate) -> String {
    let short: String = words.weekday(day).chars().take(3).collect();
    format!("{short}, {}", words.short_day(day))
}

fn hours_left(words: &Words, minutes: i64) -> String {
    let phrase = Phrase::new("due-hours-left").with("h", minutes / 60).with("m", minutes % 60);
    words.say(&phrase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;

    fn at(day: u32, hour: u32, minute: u32) -> Timestamp {
        chrono::Utc.with_ymd_and_hms(2026, 11, day, hour + 5, minute, 0).unwrap()
    }

    fn check(due: Due, text: &str, sub: &str) {
        let zone = Zone::default();
        let words = Words::of(Language::English, zone);
        let said = say(&words, zone, at(19, 9, 42), due);
        assert_eq!((said.text.as_str(), said.sub.as_str()), (text, sub));
    }

    fn day(day: u32) -> Due {
        Due::Day(NaiveDate::from_ymd_opt(2026, 11, day).unwrap())
    }

    #[test]
    fn deadlines_are_said_in_words() {
        check(day(17), "2 days late", "was Nov 17");
        check(day(18), "1 day late", "was Nov 18");
        check(Due::Instant(at(19, 7, 0)), "2 hours late", "was 7 am");
        check(Due::Instant(at(19, 12, 0)), "by 12 pm", "2 h 18 min left");
        check(day(19), "Today", "any time");
        check(day(20), "Tomorrow", "Fri, Nov 20");
        check(day(25), "Wed, Nov 25", "in 6 days");
        check(day(30), "Nov 30", "in 11 days");
    }

    #[test]
    fn a_date_is_said_back() {
        let zone = Zone::default();
        let today = NaiveDate::from_ymd_opt(2026, 11, 19).unwrap();
        let day = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        let english = Words::of(Language::English, zone);
        assert_eq!(echo(&english, today, day), "Monday, Nov 23, 2026, in 4 days");
        let spanish = Words::of(Language::Spanish, zone);
        assert_eq!(echo(&spanish, today, day), "lunes, 23 nov 2026, dentro de 4 días");
        for (typed, said) in [
            ("nov 23", "Monday, Nov 23, 2026, in 4 days"),
            ("fri 3pm", "Friday, Nov 20, 2026, tomorrow, 3 pm"),
            ("2026-11-19 15:30", "Thursday, Nov 19, 2026, today, 3:30 pm"),
            ("nov 31", ""),
            ("", ""),
        ] {
            assert_eq!(read_back(&english, zone, at(19, 9, 42), typed), said, "{typed}");
        }
    }
}
