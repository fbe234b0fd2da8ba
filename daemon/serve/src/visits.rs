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
    /// When a program's visit began.
    began: Timestamp,
    seen: Timestamp,
    /// When `seen` was last written to the store.
    written: Option<Timestamp>,
    noted: HashSet<PatientId>,
    /// What a program was shown again, by verb, and is not handed in for the trail yet.
    again: HashMap<&'static str, Again>,
    notice: Option<Phrase>,
    /// Whose page was opened last.
    last: Option<PatientId>,
}

/// Answers that showed a program what it had been shown before in its visit.
#[derive(Default)]
pub(crate) struct Again {
    pub patients: BTreeSet<PatientId>,
    pub answers: u64,
}

/// A program's visit ends when it was silent for so long …
const PROGRAM_SILENT_MINUTES: i64 = 15;
/// … and in any case after so long.
const PROGRAM_VISIT_MINUTES: i64 = 60;

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
            began: now,
            seen: now,
            written: None,
            noted: HashSet::new(),
            again: HashMap::new(),
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

    /// Like [`Self::touch`], for a program: nobody signs it out, so its visits end by the clock
    /// (decision 0009), and what it opens in the next one is noted, and waited for, anew.
    pub fn touch_program(&self, id: RawId, now: Timestamp) -> bool {
        if let Some(live) = self.lock().get_mut(&id) {
            let silent = (now - live.seen).abs().num_minutes() >= PROGRAM_SILENT_MINUTES;
            let long = (now - live.began).abs().num_minutes() >= PROGRAM_VISIT_MINUTES;
            if silent || long {
                live.began = now;
                live.noted.clear();
            }
        }
        self.touch(id, now)
    }

    /// Gathers that a program was shown these patients again; true when nothing was gathered for
    /// this verb yet: then it must be handed in.
    pub fn shown_again(
        &self,
        id: RawId,
        verb: &'static str,
        patients: &BTreeSet<PatientId>,
    ) -> bool {
        let mut inner = self.lock();
        let Some(live) = inner.get_mut(&id) else { return false };
        let again = live.again.entry(verb).or_default();
        again.patients.extend(patients);
        again.answers += 1;
        again.answers == 1
    }

    /// Takes what was gathered.
    pub fn take_again(&self, id: RawId, verb: &'static str) -> Again {
        let mut inner = self.lock();
        inner.get_mut(&id).and_then(|live| live.again.remove(verb)).unwrap_or_default()
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
