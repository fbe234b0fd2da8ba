//! How fast somebody may guess: a delay per name that doubles, limits per address and for all. A
//! name is never locked for good, so that nobody can lock a colleague out (`security.md` 2.1).

use almoner_core::time::Timestamp;
use chrono::TimeDelta;
use std::collections::{HashMap, VecDeque};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// Failures before the first delay.
const FREE: u32 = 5;
/// Longest delay.
const LONGEST: TimeDelta = TimeDelta::minutes(15);
/// After so many in a row only a new ticket helps (NIST SP 800-63B-4, 3.2.2).
pub(crate) const HARD_STOP: u32 = 100;
/// Names and addresses remembered at most.
const REMEMBERED: usize = 10_000;

/// What the doors remember of failed sign-ins since the start.
#[derive(Default)]
pub(crate) struct Throttle {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    /// By digest of the name as typed: also names that nobody has, which must look the same.
    names: HashMap<String, (u32, Timestamp)>,
    sources: HashMap<IpAddr, VecDeque<Timestamp>>,
    all: VecDeque<Timestamp>,
}

/// How long to wait after so many failures, the last of them at `last`; nothing when free.
pub(crate) fn wait(failures: u32, last: Timestamp, now: Timestamp) -> Option<TimeDelta> {
    let over = failures.checked_sub(FREE)?;
    let delay = TimeDelta::seconds(1 << over.min(10)).min(LONGEST);
    let passed = (now - last).max(TimeDelta::zero());
    (passed < delay).then(|| delay - passed)
}

impl Throttle {
    /// Failures of a name, as remembered here.
    pub fn of_name(&self, name_digest: &str) -> Option<(u32, Timestamp)> {
        self.lock().names.get(name_digest).copied()
    }

    /// Whether this address, or everybody together, failed too often within a minute.
    pub fn is_flooded(&self, source: IpAddr, now: Timestamp, each: u32, all: u32) -> bool {
        let mut inner = self.lock();
        forget(&mut inner.all, now);
        let of_source = inner.sources.get_mut(&source).map_or(0, |times| {
            forget(times, now);
            times.len()
        });
        of_source >= each as usize || inner.all.len() >= all as usize
    }

    /// Counts a failure.
    pub fn failed(&self, name_digest: String, source: IpAddr, now: Timestamp) {
        let mut inner = self.lock();
        if inner.names.len() >= REMEMBERED {
            inner.names.retain(|_, (_, last)| now - *last < LONGEST);
        }
        if inner.sources.len() >= REMEMBERED {
            inner.sources.retain(|_, times| {
                forget(times, now);
                !times.is_empty()
            });
        }
        if inner.names.len() < REMEMBERED || inner.names.contains_key(&name_digest) {
            let name = inner.names.entry(name_digest).or_insert((0, now));
            *name = (name.0.saturating_add(1), now);
        }
        if inner.sources.len() < REMEMBERED || inner.sources.contains_key(&source) {
            inner.sources.entry(source).or_default().push_back(now);
        }
        inner.all.push_back(now);
    }

    /// Forgets the failures of a name.
    pub fn succeeded(&self, name_digest: &str) {
        self.lock().names.remove(name_digest);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn forget(times: &mut VecDeque<Timestamp>, now: Timestamp) {
    let old = |time: &Timestamp| (now - *time).abs() >= TimeDelta::minutes(1);
    while times.front().is_some_and(old) {
        times.pop_front();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_delay_doubles_to_fifteen_minutes_and_never_locks() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let last = at("2026-11-22T10:00:00Z");
        assert_eq!(wait(4, last, last), None);
        assert_eq!(wait(5, last, last), Some(TimeDelta::seconds(1)));
        assert_eq!(wait(8, last, last), Some(TimeDelta::seconds(8)));
        assert_eq!(wait(8, last, last + TimeDelta::seconds(8)), None);
        assert_eq!(wait(99, last, last), Some(LONGEST));
        assert_eq!(wait(99, last, at("2016-11-22T10:00:00Z")), Some(LONGEST));
    }

    #[test]
    fn a_flood_from_one_address_does_not_stop_another() {
        let throttle = Throttle::default();
        let now: Timestamp = "2026-11-22T10:00:00Z".parse().unwrap();
        let (one, two) = ([10, 0, 0, 1].into(), [10, 0, 0, 2].into());
        for _ in 0..20 {
            throttle.failed("n".into(), one, now);
        }
        assert!(throttle.is_flooded(one, now, 20, 100));
        assert!(!throttle.is_flooded(two, now, 20, 100));
        assert!(!throttle.is_flooded(one, now + TimeDelta::minutes(1), 20, 100));
        assert_eq!(throttle.of_name("n").unwrap().0, 20);
        throttle.succeeded("n");
        assert!(throttle.of_name("n").is_none());
    }
}
