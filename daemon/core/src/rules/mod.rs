//! The numbers of the rules: clocks, holidays, windows. They are versioned data with start and end
//! dates and sources (`config/data/rules/*.toml`), never written in code.

mod calendar;
mod dispositions;
mod matching;
mod versions;

pub use calendar::{Calendar, Holiday};
pub use dispositions::{Bucket, Dispositions};
pub use matching::{
    AddressBits, AskedWeights, BirthBits, EqualBits, Matching, NameBits, NamesBits, NumberBits,
    ReachBits,
};
pub use versions::{Dated, Versions};

use crate::time::Zone;
use chrono::NaiveTime;
use serde::Deserialize;
use std::sync::{Arc, LazyLock};

/// All rule data that the appliance runs with.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The clinic's time zone.
    pub zone: Zone,
    data: Arc<Data>,
}

/// The clocks after a stay (CPT 99495 and 99496; our defaults where the file says so).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct TransitionClocks {
    /// Contact by this business day after the discharge.
    pub contact_business_days: i64,
    /// So many separate failed attempts in time satisfy the contact.
    pub attempts: usize,
    /// Attempts closer together than this count as one.
    pub attempt_gap_minutes: i64,
    /// Visit within so many days, for high and for moderate complexity.
    pub visit_days_high: i64,
    pub visit_days_moderate: i64,
    /// Days of the whole period; the day of discharge is the first.
    pub period_days: i64,
    /// A new inpatient stay within so many days is a readmission.
    pub readmission_days: i64,
    /// A discharge heard of later than so many days after it is history.
    pub news_days: i64,
    /// While in a facility: ask again every so many days.
    pub facility_days: i64,
    /// A stay without news for so many days must be asked about.
    pub silent_stay_days: i64,
    /// Two stays so many hours apart, or less, can be one.
    pub join_hours: i64,
    /// The coordinator should know of an end by this business day.
    pub tell_business_days: i64,
}

/// Follow-up after an emergency visit (HEDIS FMC).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct EmergencyClocks {
    /// Days after the visit.
    pub follow_up_days: i64,
}

/// HEDIS Transitions of Care: windows in days after the event, the event's own day being 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct TrcWindows {
    /// Notice of admission, after the day of admission.
    pub notification_days_after: i64,
    /// Discharge information, after the day of discharge.
    pub information_days_after: i64,
    /// Visit or talk with the patient, after (not on) the day of discharge.
    pub engagement_days_after: i64,
    /// Medicines reconciled, after the day of discharge.
    pub reconciliation_days_after: i64,
}

/// When the clinic works.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Hours {
    #[serde(with = "clock")]
    pub opens: NaiveTime,
    #[serde(with = "clock")]
    pub closes: NaiveTime,
}

/// When a source of exports counts as silent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct FeedClocks {
    /// So many of the latest days with files are looked at.
    pub days: usize,
    /// Silent: nothing for so many times the longest gap between two of these days …
    pub times: i64,
    /// … and for so many hours at least.
    pub hours: i64,
}

#[derive(Debug, Default)]
struct Data {
    calendar: Calendar,
    dispositions: Dispositions,
    transitions: Versions<TransitionClocks>,
    emergency: Versions<EmergencyClocks>,
    trc: Versions<TrcWindows>,
    hours: Versions<Hours>,
    matching: Versions<Matching>,
    feed: Versions<FeedClocks>,
    digest: u64,
}

/// The texts of the rule files.
#[derive(Clone, Copy, Debug)]
pub struct RuleFiles<'f> {
    pub holidays: &'f str,
    pub transitions: &'f str,
    pub dispositions: &'f str,
    pub hours: &'f str,
    pub matching: &'f str,
    pub feeds: &'f str,
}

/// The rule files that the program brings along.
pub const SHIPPED: RuleFiles<'static> = RuleFiles {
    holidays: include_str!("../../../../config/data/rules/holidays.toml"),
    transitions: include_str!("../../../../config/data/rules/transitions.toml"),
    dispositions: include_str!("../../../../config/data/rules/dispositions.toml"),
    hours: include_str!("../../../../config/data/rules/hours.toml"),
    matching: include_str!("../../../../config/data/rules/matching.toml"),
    feeds: include_str!("../../../../config/data/rules/feeds.toml"),
};

impl Default for Rules {
    fn default() -> Self {
        Self::shipped(Zone::default())
    }
}

impl Rules {
    /// The rules that the program brings along, for a clinic in this zone.
    pub fn shipped(zone: Zone) -> Self {
        // The shipped files are read by a test: the empty rules are never used.
        static DATA: LazyLock<Arc<Data>> =
            LazyLock::new(|| Arc::new(read(&SHIPPED).unwrap_or_default()));
        Self { zone, data: Arc::clone(&DATA) }
    }

    /// Rules from other files of the same form. Errors name the file and what is wrong in it.
    pub fn from_files(zone: Zone, files: &RuleFiles<'_>) -> Result<Self, String> {
        Ok(Self { zone, data: Arc::new(read(files)?) })
    }

    /// Business days and holidays.
    pub fn calendar(&self) -> &Calendar {
        &self.data.calendar
    }

    /// What a discharge disposition means afterwards.
    pub fn dispositions(&self) -> &Dispositions {
        &self.data.dispositions
    }

    /// The clocks of a discharge on this day.
    pub fn transitions(&self, discharged: chrono::NaiveDate) -> &TransitionClocks {
        self.data.transitions.on(discharged)
    }

    /// The clocks of an emergency visit on this day.
    pub fn emergency(&self, day: chrono::NaiveDate) -> &EmergencyClocks {
        self.data.emergency.on(day)
    }

    /// The TRC windows of the measurement year of this day.
    pub fn trc(&self, day: chrono::NaiveDate) -> &TrcWindows {
        self.data.trc.on(day)
    }

    /// The clinic's hours on this day.
    pub fn hours(&self, day: chrono::NaiveDate) -> &Hours {
        self.data.hours.on(day)
    }

    /// The weights and limits of matching people on this day.
    pub fn matching(&self, day: chrono::NaiveDate) -> &Matching {
        self.data.matching.on(day)
    }

    /// When a source of exports counts as silent on this day.
    pub fn feed(&self, day: chrono::NaiveDate) -> &FeedClocks {
        self.data.feed.on(day)
    }

    /// Changes whenever any rule does: the store builds the loops anew then.
    pub fn fingerprint(&self) -> String {
        format!("{}-{:016x}", self.zone.0.name(), self.data.digest)
    }
}

fn read(files: &RuleFiles<'_>) -> Result<Data, String> {
    #[derive(Deserialize)]
    struct Transitions {
        transition: Vec<Dated<TransitionClocks>>,
        emergency: Vec<Dated<EmergencyClocks>>,
        trc: Vec<Dated<TrcWindows>>,
    }
    #[derive(Deserialize)]
    struct HoursFile {
        hours: Vec<Dated<Hours>>,
    }
    #[derive(Deserialize)]
    struct MatchingFile {
        matching: Vec<Dated<Matching>>,
    }
    #[derive(Deserialize)]
    struct FeedsFile {
        feed: Vec<Dated<FeedClocks>>,
    }
    let within = |name: &'static str| move |cause: String| format!("{name}: {cause}");
    let transitions: Transitions = parse("transitions.toml", files.transitions)?;
    let hours: HoursFile = parse("hours.toml", files.hours)?;
    let matching: MatchingFile = parse("matching.toml", files.matching)?;
    let feeds: FeedsFile = parse("feeds.toml", files.feeds)?;
    Ok(Data {
        calendar: parse("holidays.toml", files.holidays)?,
        dispositions: parse("dispositions.toml", files.dispositions)?,
        transitions: Versions::of(transitions.transition).map_err(within("transitions.toml"))?,
        emergency: Versions::of(transitions.emergency).map_err(within("transitions.toml"))?,
        trc: Versions::of(transitions.trc).map_err(within("transitions.toml"))?,
        hours: Versions::of(hours.hours).map_err(within("hours.toml"))?,
        matching: Versions::of(matching.matching).map_err(within("matching.toml"))?,
        feed: Versions::of(feeds.feed).map_err(within("feeds.toml"))?,
        digest: digest(&[
            files.holidays,
            files.transitions,
            files.dispositions,
            files.hours,
            files.matching,
            files.feeds,
        ]),
    })
}

fn parse<T: serde::de::DeserializeOwned>(name: &str, text: &str) -> Result<T, String> {
    toml::from_str(text).map_err(|cause| format!("{name}: {}", cause.message()))
}

/// FNV-1a, 64 bits: only ever compared with an earlier one of the same store.
fn digest(texts: &[&str]) -> u64 {
    let bytes = texts.iter().flat_map(|text| text.bytes().chain([0]));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

mod clock {
    use chrono::NaiveTime;
    use serde::{Deserialize, Deserializer, de::Error};

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<NaiveTime, D::Error> {
        let text = String::deserialize(from)?;
        NaiveTime::parse_from_str(&text, "%H:%M").map_err(D::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    #[test]
    fn the_shipped_files_are_sound() {
        let data = read(&SHIPPED).unwrap();
        assert_eq!(data.calendar.holidays().len(), 11);
        let day = NaiveDate::from_ymd_opt(2026, 11, 20).unwrap();
        let rules = Rules::default();
        assert_eq!(rules.transitions(day).contact_business_days, 2);
        assert_eq!(rules.transitions(day).period_days, 30);
        assert_eq!(rules.emergency(day).follow_up_days, 7);
        assert!(rules.matching(day).auto > rules.matching(day).review);
        assert_eq!(rules.hours(day).closes, NaiveTime::from_hms_opt(17, 0, 0).unwrap());
    }

    #[test]
    fn the_measurement_year_decides() {
        let rules = Rules::default();
        let on = |y, m, d| rules.trc(NaiveDate::from_ymd_opt(y, m, d).unwrap());
        assert_eq!(on(2019, 12, 31).notification_days_after, 1);
        assert_eq!(on(2020, 1, 1).notification_days_after, 2);
        assert_eq!(on(2026, 6, 1).notification_days_after, 2);
    }

    #[test]
    fn the_fingerprint_follows_data_and_zone() {
        let here = Rules::default();
        let there = Rules::shipped(Zone::named("America/Chicago").unwrap());
        assert_eq!(here.fingerprint(), Rules::default().fingerprint());
        assert_ne!(here.fingerprint(), there.fingerprint());
        let changed = SHIPPED.transitions.replace("attempts = 2", "attempts = 3");
        let files = RuleFiles { transitions: &changed, ..SHIPPED };
        let other = Rules::from_files(Zone::default(), &files).unwrap();
        assert_ne!(here.fingerprint(), other.fingerprint());
    }

    #[test]
    fn a_day_ends_at_the_clinics_midnight() {
        let zone = Zone::default();
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        for (given, end) in [
            ("2026-03-08", "2026-03-09T04:00:00Z"), // clocks go forward: 23 hours
            ("2026-11-01", "2026-11-02T05:00:00Z"), // and back: 25 hours
            ("2028-02-29", "2028-03-01T05:00:00Z"),
            ("2026-12-31", "2027-01-01T05:00:00Z"),
        ] {
            let end: crate::time::Timestamp = end.parse().unwrap();
            assert_eq!(zone.end_of(day(given)), end, "{given}");
            assert_eq!(zone.day(end - chrono::Duration::milliseconds(1)), day(given));
            assert_ne!(zone.day(end), day(given));
        }
    }

    #[test]
    fn a_damaged_file_is_refused_by_name() {
        let files = RuleFiles { hours: "hours = []", ..SHIPPED };
        let fault = Rules::from_files(Zone::default(), &files).unwrap_err();
        assert!(fault.starts_with("hours.toml"), "{fault}");
    }
}
