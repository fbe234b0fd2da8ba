//! The one place that reads a clock, and the clinic's own time zone.

use chrono::{DateTime, Duration, NaiveDate, TimeZone, Utc};
use chrono_tz::Tz;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

/// An instant, in UTC.
pub type Timestamp = DateTime<Utc>;

/// The appliance's clock: the machine's, moved by a fixed step where a demonstration or a test
/// asks for another day.
#[derive(Clone, Debug, Default)]
pub struct Clock(Arc<AtomicI64>);

impl Clock {
    /// A clock that shows `start` now and goes on from there.
    pub fn starting_at(start: Timestamp) -> Self {
        let clock = Self::default();
        clock.set(start);
        clock
    }

    /// The instant it shows.
    #[allow(clippy::disallowed_methods)] // this is the house's one reading of the machine's clock
    pub fn now(&self) -> Timestamp {
        Utc::now() + Duration::milliseconds(self.0.load(Ordering::Relaxed))
    }

    /// Moves the clock so that it shows `to` now (tests).
    #[allow(clippy::disallowed_methods)]
    pub fn set(&self, to: Timestamp) {
        self.0.store((to - Utc::now()).num_milliseconds(), Ordering::Relaxed);
    }
}

/// The clinic's time zone: the day a deadline falls on is the clinic's day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(pub Tz);

impl Default for Zone {
    fn default() -> Self {
        Self(chrono_tz::America::New_York)
    }
}

impl Zone {
    /// Reads an IANA name such as `America/Chicago`.
    pub fn named(name: &str) -> Option<Self> {
        name.parse().ok().map(Self)
    }

    /// The clinic's day at an instant.
    pub fn day(self, at: Timestamp) -> NaiveDate {
        at.with_timezone(&self.0).date_naive()
    }

    /// The local time at an instant.
    pub fn local(self, at: Timestamp) -> DateTime<Tz> {
        at.with_timezone(&self.0)
    }

    /// The instant of a local time; where the clock is set back the earlier one, where it is set
    /// forward (no such time) an hour later.
    pub fn instant(self, local: chrono::NaiveDateTime) -> Timestamp {
        match self.0.from_local_datetime(&local) {
            chrono::LocalResult::Single(at) | chrono::LocalResult::Ambiguous(at, _) => {
                at.with_timezone(&Utc)
            }
            chrono::LocalResult::None => self
                .0
                .from_local_datetime(&(local + Duration::hours(1)))
                .earliest()
                .map_or_else(|| Utc.from_utc_datetime(&local), |at| at.with_timezone(&Utc)),
        }
    }

    /// The first instant after a clinic day: a deadline "by that day" is late from here on.
    pub fn end_of(self, day: NaiveDate) -> Timestamp {
        let next = day.succ_opt().unwrap_or(day);
        self.instant(next.and_time(chrono::NaiveTime::MIN))
    }
}
