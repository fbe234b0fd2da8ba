//! How many connections there may be, in all and from each address (`security.md` 2.3). When it is
//! full, the oldest connection that idles and is nobody's known makes place for the next: a flood of
//! silent ones keeps no person out.

use crate::settings::Limits;
use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// The connections there are.
#[derive(Default)]
pub(crate) struct Crowd {
    inner: Mutex<Inner>,
}

#[derive(Default)]
struct Inner {
    next: u64,
    /// By serial number: the oldest first.
    members: BTreeMap<u64, (IpAddr, Arc<Pulse>)>,
}

/// A place in the crowd; given back when dropped.
pub(crate) struct Place {
    crowd: Arc<Crowd>,
    serial: u64,
    pub pulse: Arc<Pulse>,
}

/// Whether a connection is in use.
pub(crate) struct Pulse {
    started: Instant,
    running: AtomicUsize,
    requests: AtomicU64,
    /// Milliseconds after `started` when the last request ended.
    rested: AtomicU64,
    /// Somebody signed in, or a program with a token, has used it.
    known: AtomicBool,
    /// Told when the connection must make place.
    pub leave: Notify,
}

impl Crowd {
    /// A place for a connection of this address, if there is one or can be made.
    pub(crate) fn enter(self: &Arc<Self>, address: IpAddr, limits: &Limits) -> Option<Place> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        let here = inner.members.values().filter(|(other, _)| *other == address).count();
        if here >= limits.connections_per_address {
            inner.make_place(|other| other == address)?;
        } else if inner.members.len() >= limits.connections {
            inner.make_place(|_| true)?;
        }
        let serial = inner.next;
        inner.next += 1;
        let pulse = Arc::new(Pulse::new());
        inner.members.insert(serial, (address, Arc::clone(&pulse)));
        Some(Place { crowd: Arc::clone(self), serial, pulse })
    }
}

impl Inner {
    /// Sends the oldest idle unknown connection away; nothing when there is none.
    fn make_place(&mut self, from: impl Fn(IpAddr) -> bool) -> Option<()> {
        let spare = |(_, (address, pulse)): &(&u64, &(IpAddr, Arc<Pulse>))| {
            from(*address) && pulse.is_spare()
        };
        let serial = self.members.iter().find(spare).map(|(serial, _)| *serial)?;
        let (_, pulse) = self.members.remove(&serial)?;
        pulse.leave.notify_one();
        Some(())
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut inner = self.crowd.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.members.remove(&self.serial);
    }
}

/// A request under way on a connection: over when it is dropped.
pub(crate) struct Running {
    pulse: Arc<Pulse>,
    /// Whether it was somebody's known.
    pub known: bool,
}

impl Running {
    /// A request begins.
    pub(crate) fn begin(pulse: Arc<Pulse>) -> Self {
        pulse.begin();
        Self { pulse, known: false }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.pulse.end(self.known);
    }
}

impl Pulse {
    fn new() -> Self {
        Self {
            started: Instant::now(),
            running: AtomicUsize::new(0),
            requests: AtomicU64::new(0),
            rested: AtomicU64::new(0),
            known: AtomicBool::new(false),
            leave: Notify::new(),
        }
    }

    /// A request begins.
    fn begin(&self) {
        self.running.fetch_add(1, Ordering::SeqCst);
        self.requests.fetch_add(1, Ordering::SeqCst);
    }

    /// A request ends; `known` when it was somebody's known.
    fn end(&self, known: bool) {
        let now = u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.rested.store(now, Ordering::SeqCst);
        self.known.fetch_or(known, Ordering::SeqCst);
        self.running.fetch_sub(1, Ordering::SeqCst);
    }

    /// Whether no request is being answered.
    pub(crate) fn is_resting(&self) -> bool {
        self.running.load(Ordering::SeqCst) == 0
    }

    /// A first request must come soon, the next ones within the keep-alive.
    pub(crate) fn is_idle(&self, limits: &Limits) -> bool {
        let first = self.requests.load(Ordering::SeqCst) == 0;
        let patience = if first { limits.header } else { limits.keep_alive };
        let rested = Duration::from_millis(self.rested.load(Ordering::SeqCst));
        self.is_resting() && self.started.elapsed().saturating_sub(rested) >= patience
    }

    fn is_spare(&self) -> bool {
        self.is_resting() && !self.known.load(Ordering::SeqCst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_silent_one_makes_place_and_nobody_known_does() {
        let crowd = Arc::new(Crowd::default());
        let limits = Limits { connections: 3, connections_per_address: 2, ..Limits::default() };
        let address = |last: u8| IpAddr::from([10, 0, 0, last]);
        let known = crowd.enter(address(1), &limits).unwrap();
        known.pulse.begin();
        known.pulse.end(true);
        let silent = crowd.enter(address(1), &limits).unwrap();
        let busy = crowd.enter(address(1), &limits).unwrap();
        busy.pulse.begin();
        drop(silent);
        assert!(crowd.enter(address(1), &limits).is_none(), "known and busy ones stay");
        let other = crowd.enter(address(2), &limits).unwrap();
        let last = crowd.enter(address(3), &limits).unwrap();
        drop(other);
        assert!(crowd.enter(address(4), &limits).is_some(), "the oldest silent one left");
        drop(last);
        busy.pulse.end(false);
        assert!(crowd.enter(address(1), &limits).is_some());
    }
}
