//! Dates in searches: a date means all the time that its precision leaves open, and a prefix says
//! how that span must lie to the resource's own (FHIR R4 "Search", date).

use crate::fhir::datatypes::when;
use crate::fhir::json::Json;
use almoner_core::clinical::When;
use chrono::{Datelike, Duration, Months, NaiveDate, NaiveDateTime};

/// A span of time, its end not included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) start: NaiveDateTime,
    pub(super) end: NaiveDateTime,
}

/// How the resource's time must lie to the one asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prefix {
    Eq,
    Ne,
    Gt,
    Lt,
    Ge,
    Le,
    /// Starts after.
    Sa,
    /// Ends before.
    Eb,
    /// Approximately: overlaps.
    Ap,
}

/// A date of a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    prefix: Prefix,
    span: Span,
    /// With a zone, moments are compared; without one, clock times as they were at the source.
    zoned: bool,
}

impl Asked {
    /// Reads the value of a date parameter; `None` when it is no date.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (prefix, rest) = prefix(text);
        let when = When::parse(rest)?;
        let zoned = matches!(when.time(), Some((_, Some(_))));
        Some(Self { prefix, span: span(&when, zoned)?, zoned })
    }

    /// Whether a resource's date, time or period answers it.
    pub(super) fn admits(&self, value: &Json) -> bool {
        let found = target(value, self.zoned);
        found.is_some_and(|target| fits(self.prefix, self.span, target))
    }
}

/// When a value begins, for sorting; `None` when it has no date.
pub(super) fn moment(value: &Json) -> Option<NaiveDateTime> {
    target(value, true).map(|span| span.start)
}

fn fits(prefix: Prefix, asked: Span, target: Span) -> bool {
    let within = target.start >= asked.start && target.end <= asked.end;
    match prefix {
        Prefix::Eq => within,
        Prefix::Ne => !within,
        Prefix::Gt => target.end > asked.end,
        Prefix::Lt => target.start < asked.start,
        Prefix::Ge => within || target.end > asked.end,
        Prefix::Le => within || target.start < asked.start,
        Prefix::Sa => target.start >= asked.end,
        Prefix::Eb => target.end <= asked.start,
        Prefix::Ap => target.start < asked.end && asked.start < target.end,
    }
}

fn prefix(text: &str) -> (Prefix, &str) {
    let known = [
        ("eq", Prefix::Eq),
        ("ne", Prefix::Ne),
        ("gt", Prefix::Gt),
        ("lt", Prefix::Lt),
        ("ge", Prefix::Ge),
        ("le", Prefix::Le),
        ("sa", Prefix::Sa),
        ("eb", Prefix::Eb),
        ("ap", Prefix::Ap),
    ];
    let found = known.iter().find_map(|(word, p)| text.strip_prefix(word).map(|rest| (*p, rest)));
    found.unwrap_or((Prefix::Eq, text))
}

/// The span of a date, time or period; an open end reaches to the end of time.
fn target(value: &Json, zoned: bool) -> Option<Span> {
    if value.fields().is_empty() {
        return span(&When::parse(value.as_str())?, zoned);
    }
    let side = |key: &str| when(value, key).and_then(|when| span(&when, zoned));
    let (start, end) = (side("start"), side("end"));
    if start.is_none() && end.is_none() {
        return None;
    }
    Some(Span {
        start: start.map_or(NaiveDateTime::MIN, |span| span.start),
        end: end.map_or(NaiveDateTime::MAX, |span| span.end),
    })
}

fn span(when: &When, zoned: bool) -> Option<Span> {
    if let Some((local, offset)) = when.time() {
        let shift = offset.filter(|_| zoned).unwrap_or(0);
        let start = local.checked_sub_signed(Duration::seconds(shift.into()))?;
        let seconds = if when.as_str().get(16..17) == Some(":") { 1 } else { 60 };
        return Some(Span { start, end: start.checked_add_signed(Duration::seconds(seconds))? });
    }
    let text = when.as_str();
    let (first, months) = match text.len() {
        4 => (NaiveDate::from_ymd_opt(text.parse().ok()?, 1, 1)?, 12),
        7 => (NaiveDate::parse_from_str(&format!("{text}-01"), "%Y-%m-%d").ok()?, 1),
        _ => (when.date()?, 0),
    };
    let last = match months {
        0 => first.succ_opt()?,
        months => first.checked_add_months(Months::new(months))?,
    };
    debug_assert!(last.year() >= first.year());
    Some(Span { start: first.and_hms_opt(0, 0, 0)?, end: last.and_hms_opt(0, 0, 0)? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_on_implied_spans() {
        for (asked, value, expected) in [
            ("2024-05", "2024-05-31", true),
            ("2024-05", "2024", false),
            ("2024", "2024-05-31T23:59:59-05:00", true),
            ("2024-05-31", "2024-05-31T23:59:59-05:00", true),
            ("2024-06-01T04:59:59Z", "2024-05-31T23:59:59-05:00", true),
            ("gt2024-05-31", "2024-06-01", true),
            ("gt2024-05-31", "2024-05-31", false),
            ("ge2024-05-31", "2024-05-31", true),
            ("lt2024-05-31", "2024-05-30", true),
            ("le2024-05-31", "2024-06-01", false),
            ("sa2024-05", "2024-06-01", true),
            ("eb2024-05", "2024-04-30", true),
            ("ne2024", "2023-01-01", true),
        ] {
            let value = Json::from(value);
            assert_eq!(Asked::parse(asked).unwrap().admits(&value), expected, "{asked} {value}");
        }
        assert!(Asked::parse("2024-13").is_none() && Asked::parse("").is_none());
        let open = Json::object().with("start", "2024-01-01");
        assert!(Asked::parse("ge2025").unwrap().admits(&open));
        assert!(!Asked::parse("2024").unwrap().admits(&open));
    }
}
