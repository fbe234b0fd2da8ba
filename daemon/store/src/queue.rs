//! The queue before the writer: people's work first, intake's work when nobody waits. Bounded, so
//! that a flood waits at the door and not in memory.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

const MAX_WAITING: usize = 4096;

/// Whose work it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lane {
    /// Somebody waits for the answer.
    People,
    /// Intake: yields to people.
    Bulk,
}

struct State<J> {
    people: VecDeque<J>,
    bulk: VecDeque<J>,
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
        let state =
            State { people: VecDeque::new(), bulk: VecDeque::new(), closed: false, knocked: false };
        Self { state: Mutex::new(state), came: Condvar::new(), left: Condvar::new() }
    }

    /// Puts a job in its lane; waits while the lane is full. Gives the job back once closed.
    pub(crate) fn push(&self, lane: Lane, job: J) -> Result<(), J> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if state.closed {
                return Err(job);
            }
            let queue = if lane == Lane::People { &mut state.people } else { &mut state.bulk };
            if queue.len() < MAX_WAITING {
                queue.push_back(job);
                self.came.notify_one();
                return Ok(());
            }
            state = self.left.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// Waits for a job until `deadline`. `Ok(None)`: none came in time, or somebody
    /// knocked; `Err`: closed and empty.
    pub(crate) fn wait(&self, deadline: Instant) -> Result<Option<J>, ()> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(job) = Self::next(&mut state, true) {
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
            let waited = self.came.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Ends the present or the next wait without a job: something else is to be done.
    pub(crate) fn knock(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).knocked = true;
        self.came.notify_one();
    }

    /// The next job that is there now; bulk work only when `bulk` and nobody waits.
    pub(crate) fn more(&self, bulk: bool) -> Option<J> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let job = Self::next(&mut state, bulk);
        self.left.notify_one();
        job
    }

    /// Takes no more jobs; those inside are still done.
    pub(crate) fn close(&self) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).closed = true;
        self.came.notify_all();
        self.left.notify_all();
    }

    fn next(state: &mut State<J>, bulk: bool) -> Option<J> {
        state.people.pop_front().or_else(|| if bulk { state.bulk.pop_front() } else { None })
    }
}
