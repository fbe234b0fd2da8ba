//! What the doors remember of living sessions, in memory only: when each was last seen, which
//! patients' opening is already on the trail, and what to say on the next page.

use almoner_core::ids::{PatientId, RawId};
use almoner_core::phrase::Phrase;
use almoner_core::time::Timestamp;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::{Mutex, PoisonError};

/// Sessions remembered at most; what is forgotten is only noted once more.
const REMEMBERED: usize = 4096;
/// Patients remembered per session at most.
const PATIENTS: usize = 20_000;

/// The living sessions and bearers.
#[derive(Default)]
pub(crate) struct Visits {
    inner: Mutex<HashMap<RawId, Live>>,
}

struct Live {
    seen: Timestamp,
    /// When `seen` was last written to the store.
    written: Option<Timestamp>,
    noted: HashSet<PatientId>,
    notice: Option<Phrase>,
    /// Whose page was opened last.
    last: Option<PatientId>,
}

impl Visits {
    /// When a session was last seen, as far as is known here.
    pub fn seen(&self, id: RawId) -> Option<Timestamp> {
        self.lock().get(&id).map(|live| live.seen)
    }

    /// Notes a request; true when the store should hear of it (at most once a minute).
    pub fn touch(&self, id: RawId, now: Timestamp) -> bool {
        let mut inner = self.lock();
        if inner.len() >= REMEMBERED && !inner.contains_key(&id) {
            let oldest = inner.iter().min_by_key(|(_, live)| live.seen).map(|(id, _)| *id);
            oldest.map(|id| inner.remove(&id));
        }
        let live = inner.entry(id).or_insert_with(|| Live {
            seen: now,
            written: None,
            noted: HashSet::new(),
            notice: None,
            last: None,
        });
        live.seen = now;
        let due = live.written.is_none_or(|at| (now - at).abs().num_seconds() >= 60);
        if due {
            live.written = Some(now);
        }
        due
    }

    /// Those of the patients whose opening in this visit is not on the trail yet.
    pub fn fresh(&self, id: RawId, opened: BTreeSet<PatientId>) -> BTreeSet<PatientId> {
        match self.lock().get(&id) {
            Some(live) => opened.into_iter().filter(|one| !live.noted.contains(one)).collect(),
            None => opened,
        }
    }

    /// Remembers that these openings are on the trail, durably.
    pub fn noted(&self, id: RawId, patients: &BTreeSet<PatientId>) {
        if let Some(live) = self.lock().get_mut(&id) {
            if live.noted.len() > PATIENTS {
                live.noted.clear();
            }
            live.noted.extend(patients);
        }
    }

    /// Notes whose page was opened; true when it is another patient than the last time.
    pub fn opened(&self, id: RawId, patient: PatientId) -> bool {
        let mut inner = self.lock();
        inner.get_mut(&id).is_some_and(|live| live.last.replace(patient) != Some(patient))
    }

    /// Keeps a notice for the next page.
    pub fn say(&self, id: RawId, notice: Phrase) {
        if let Some(live) = self.lock().get_mut(&id) {
            live.notice = Some(notice);
        }
    }

    /// Takes the notice.
    pub fn notice(&self, id: RawId) -> Option<Phrase> {
        self.lock().get_mut(&id)?.notice.take()
    }

    /// Forgets a session that has ended.
    pub fn forget(&self, id: RawId) {
        self.lock().remove(&id);
    }

    /// Sessions seen within so many minutes.
    pub fn living(&self, now: Timestamp, minutes: i64) -> u64 {
        let inner = self.lock();
        inner.values().filter(|live| (now - live.seen).num_minutes() < minutes).count() as u64
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<RawId, Live>> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
