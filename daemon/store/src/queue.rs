//! The queue before the writer: people's work first, intake's work when nobody waits; what nobody
//! waits for at all joins a commit that is made anyway, or has one made a little later. Bounded, so
//! that a flood waits at the door and not in memory.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

const MAX_WAITING: usize = 4096;
/// How long what nobody waits for may lie until a commit is made for it.
const LINGER: Duration = Duration::from_millis(250);

/// Whose work it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Somebody waits for the answer.
    People,
    /// Intake: yields to people.
    Bulk,
    /// Nobody waits: small notes, such as whose page was opened last.
    Later,
}

struct State<J> {
    people: VecDeque<J>,
    bulk: VecDeque<J>,
    later: VecDeque<J>,
    /// Since when the oldest of `later` lies there.
    later_since: Option<Instant>,
    closed: bool,
    knocked: bool,
}

pub(crate) struct Queue<J> {
    state: Mutex<State<J>>,
    came: Condvar,
    left: Condvar,
}

impl<J> Queue<J> {
    pub(crate) fn new() -> Self {
        let state = State {
            people: VecDeque::new(),
            bulk: VecDeque::new(),
            later: VecDeque::new(),
            later_since: None,
            closed: false,
            knocked: false,
        };
        Self { state: Mutex::new(state), came: Condvar::new(), left: Condvar::new() }
    }

    /// Puts a job in its lane; waits while the lane is full. Gives the job back once closed.
    pub(crate) fn push(&self, lane: Lane, job: J) -> Result<(), J> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if state.closed {
                return Err(job);
            }
            let queue = match lane {
                Lane::People => &mut state.people,
                Lane::Bulk => &mut state.bulk,
                Lane::Later => &mut state.later,
            };
            if queue.len() < MAX_WAITING {
                queue.push_back(job);
                if lane == Lane::Later {
                    state.later_since.get_or_insert_with(Instant::now);
                }
                self.came.notify_one();
                return Ok(());
            }
            state = self.left.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits for a job until `deadline`. `Ok(None)`: none came in time, or somebody
    /// knocked; `Err`: closed and empty.
    pub(crate) fn wait(&self, deadline: Instant) -> Result<Option<(Lane, J)>, ()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            let due = state.later_since.map(|since| since + LINGER);
            let job = Self::next(&mut state, true).or_else(|| {
                let ripe = state.closed || due.is_some_and(|due| due <= Instant::now());
                if ripe { Self::later(&mut state) } else { None }
            });
            if let Some(job) = job {
                self.left.notify_one();
                return Ok(Some(job));
            }
            if state.closed {
                return Err(());
            }
            if std::mem::take(&mut state.knocked) {
                return Ok(None);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left == Duration::ZERO {
                return Ok(None);
            }
            let left = due.map_or(left, |due| left.min(due.duration_since(Instant::now())));
            let waited = self.came.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Ends the present or the next wait without a job: something else is to be done.
    pub(crate) fn knock(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).knocked = true;
        self.came.notify_one();
    }

    /// The next job that is there now; bulk work, and what can lie, only when `bulk` and nobody
    /// waits.
    pub(crate) fn more(&self, bulk: bool) -> Option<(Lane, J)> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let job = Self::next(&mut state, bulk);
        let job = job.or_else(|| if bulk { Self::later(&mut state) } else { None });
        self.left.notify_one();
        job
    }

    /// Takes no more jobs; those inside are still done.
    pub(crate) fn close(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        self.came.notify_all();
        self.left.notify_all();
    }

    fn later(state: &mut State<J>) -> Option<(Lane, J)> {
        let job = state.later.pop_front().map(|job| (Lane::Later, job));
        if state.later.is_empty() {
            state.later_since = None;
        }
        job
    }

    fn next(state: &mut State<J>, bulk: bool) -> Option<(Lane, J)> {
        let waited_for = state.people.pop_front().map(|job| (Lane::People, job));
        let bulk = |state: &mut State<J>| if bulk { state.bulk.pop_front() } else { None };
        waited_for.or_else(|| bulk(state).map(|job| (Lane::Bulk, job)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_waits_for_joins_others_or_comes_a_little_later() {
        let queue = Queue::new();
        let soon = || Instant::now() + Duration::from_millis(20);
        queue.push(Lane::Later, "note").unwrap();
        assert_eq!(queue.wait(soon()), Ok(None), "no commit for it alone, yet");
        queue.push(Lane::People, "save").unwrap();
        assert_eq!(queue.wait(soon()), Ok(Some((Lane::People, "save"))));
        assert_eq!(queue.more(true), Some((Lane::Later, "note")), "it joins the commit");
        queue.push(Lane::Later, "note").unwrap();
        let pushed = Instant::now();
        assert_eq!(queue.wait(pushed + Duration::from_secs(9)), Ok(Some((Lane::Later, "note"))));
        assert!(pushed.elapsed() >= LINGER / 2);
        queue.push(Lane::Later, "last").unwrap();
        queue.close();
        assert_eq!(queue.wait(soon()), Ok(Some((Lane::Later, "last"))), "closing loses nothing");
        assert_eq!(queue.wait(soon()), Err(()));
    }
}
