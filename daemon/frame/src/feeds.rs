//! The feeds: from which sources files come, on which days, and whether one has fallen silent. A feed
//! that stops is noticed late by people: what does not come looks like what did not happen.

use almoner_core::fault::Outcome;
use almoner_core::ids::{PatientId, RecordId};
use almoner_core::record_id;
use almoner_core::rules::FeedClocks;
use almoner_core::time::Timestamp;
use almoner_store::{Keys, Kind, Reader, Record, Writer};
use chrono::{Duration, NaiveDate};
use serde::{Deserialize, Serialize};

record_id!(
    /// A source of exports.
    FeedId
);

/// Days that are kept of a feed: more than any rule looks at.
const KEPT: usize = 60;

/// A source of exports, named by its folder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Feed {
    pub id: FeedId,
    /// Name of the folder below `intake/`; empty for files that lay in none.
    pub source: String,
    /// When the newest file came of which something could be taken.
    pub last_good: Timestamp,
    /// The days, by the clinic's calendar, on which such files came; the newest last.
    pub days: Vec<NaiveDate>,
}

impl Record for Feed {
    type Id = FeedId;
    const KIND: Kind = Kind { code: 4, name: "feed" };
    const HISTORY: bool = false;
    const WITNESSED: bool = false;

    fn id(&self) -> FeedId {
        self.id
    }
    fn patient(&self) -> Option<PatientId> {
        None
    }
    fn keys(&self, _: &mut Keys) {}
}

impl Feed {
    /// The longest gap between two days with files, of those that the rule looks at; `None` as long as
    /// nothing is usual.
    pub fn usual_days(&self, clocks: &FeedClocks) -> Option<i64> {
        let days: Vec<&NaiveDate> = self.days.iter().rev().take(clocks.days).collect();
        if days.len() * 2 < clocks.days {
            return None;
        }
        let gaps = days.windows(2).filter_map(|pair| match pair {
            [later, earlier] => Some((**later - **earlier).num_days()),
            _ => None,
        });
        gaps.max()
    }

    /// Whether the feed is silent for longer than is usual for it.
    pub fn is_silent(&self, clocks: &FeedClocks, now: Timestamp) -> bool {
        let Some(days) = self.usual_days(clocks) else { return false };
        let silence = now - self.last_good;
        silence > Duration::days(days * clocks.times) && silence > Duration::hours(clocks.hours)
    }
}

/// Every feed, by name.
pub fn all(reader: &Reader<'_>) -> Outcome<Vec<Feed>> {
    let mut feeds = reader.all::<Feed>()?;
    feeds.sort_by(|a, b| a.source.cmp(&b.source));
    Ok(feeds)
}

/// The feeds that are silent for longer than is usual for them.
pub fn silent(reader: &Reader<'_>) -> Outcome<Vec<Feed>> {
    let now = reader.now();
    let clocks = *reader.rules().feed(reader.rules().zone.day(now));
    Ok(all(reader)?.into_iter().filter(|feed| feed.is_silent(&clocks, now)).collect())
}

/// Notes that something could be taken of a file of this source.
pub fn note(writer: &mut Writer<'_>, source: &str, received: Timestamp) -> Outcome<()> {
    let id = feed_id(source);
    let known = writer.find::<Feed>(id)?;
    let mut feed = known.unwrap_or_else(|| Feed {
        id,
        source: source.to_owned(),
        last_good: received,
        days: Vec::new(),
    });
    let day = writer.rules().zone.day(received);
    if let Err(at) = feed.days.binary_search(&day) {
        feed.days.insert(at, day);
        let more = feed.days.len().saturating_sub(KEPT);
        feed.days.drain(..more);
    }
    feed.last_good = feed.last_good.max(received);
    writer.put(&feed)
}

fn feed_id(source: &str) -> FeedId {
    let digest = ring::digest::digest(&ring::digest::SHA256, source.as_bytes());
    FeedId::from_bytes(digest.as_ref().first_chunk().copied().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use almoner_core::rules::Rules;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn feed(days: &[&str]) -> Feed {
        let days: Vec<NaiveDate> = days.iter().map(|text| day(text)).collect();
        let last = days.last().unwrap().and_hms_opt(12, 0, 0).unwrap().and_utc();
        Feed { id: feed_id("epic"), source: "epic".into(), last_good: last, days }
    }

    #[test]
    fn a_feed_is_silent_after_twice_its_longest_gap() {
        let rules = Rules::default();
        let clocks = rules.feed(day("2026-11-20"));
        // Every weekday, over a week-end and Thanksgiving.
        let weekdays = feed(&[
            "2026-11-16",
            "2026-11-17",
            "2026-11-18",
            "2026-11-19",
            "2026-11-20",
            "2026-11-23",
            "2026-11-24",
            "2026-11-25",
            "2026-11-30",
        ]);
        assert_eq!(weekdays.usual_days(clocks), Some(5));
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        for (now, silent) in [
            ("2026-11-30T13:00:00Z", false),
            ("2026-12-07T12:00:00Z", false),
            ("2026-12-10T12:00:00Z", false),
            ("2026-12-10T12:00:01Z", true),
        ] {
            assert_eq!(weekdays.is_silent(clocks, at(now)), silent, "{now}");
        }
        let hourly = feed(&[
            "2026-11-15",
            "2026-11-16",
            "2026-11-17",
            "2026-11-18",
            "2026-11-19",
            "2026-11-20",
        ]);
        assert!(!hourly.is_silent(clocks, at("2026-11-22T11:00:00Z")), "not within 48 hours");
        assert!(hourly.is_silent(clocks, at("2026-11-22T13:00:00Z")));
        let new = feed(&["2026-11-15", "2026-11-16"]);
        assert_eq!(new.usual_days(clocks), None);
        assert!(!new.is_silent(clocks, at("2027-11-22T13:00:00Z")), "nothing is usual yet");
    }
}
