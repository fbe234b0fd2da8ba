//! The desk: where work for the store is handed in. One thread named `writer` owns all writing;
//! what waits together shares one durable commit. Reading needs no thread: each look is its own
//! moment of the store.

use crate::engine::{self, Base, Snapshot, WriteTables, broken};
use crate::ground::{Ground, Health, Reopen};
use crate::queue::{Lane, Queue};
use crate::reader::Reader;
use crate::record::{Act, KindEntry, Reaction};
use crate::sealed::Unsealed;
use crate::trail::{self, TrailHead};
use crate::unit::{Unit, View};
use crate::writer::{Surroundings, Writer, run};
use almoner_core::fault::{Fault, Outcome};
use almoner_core::rules::Rules;
use almoner_core::time::Clock;
use almoner_trail::NoteSigner;
use futures_channel::oneshot;
use redb::Database;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

/// How long one batch may gather work before it commits, when somebody waits for it …
const GATHER: Duration = Duration::from_millis(25);
/// … and when it is the intake's alone: a commit costs the more, the less it holds. Whoever comes
/// meanwhile is taken next, and ends it.
const GATHER_BULK: Duration = Duration::from_millis(100);
/// Units of one batch at most.
const MAX_UNITS: usize = 512;
/// A checkpoint is signed after so many new entries …
const SIGN_AFTER: u64 = 1000;
/// … or after so long when there is any (`security.md` 3.4).
const SIGN_EVERY: Duration = Duration::from_mins(1);

/// What the store must be told by those above it.
pub struct Setup {
    pub rules: Arc<Rules>,
    pub clock: Clock,
    /// Every kind of record there is.
    pub kinds: Vec<KindEntry>,
    /// What areas do when another area's record is saved, in the order of the list of areas.
    pub reactions: Vec<Reaction>,
    /// Unlike for each start of the daemon; stands in every entry of the trail.
    pub boot: String,
    /// Called once when the store has failed for good: the daemon must end.
    pub on_failure: Box<dyn Fn(&Fault) + Send + Sync>,
}

/// The way to the store, for everybody.
#[derive(Clone)]
pub struct Desk {
    inner: Arc<Inner>,
}

struct Inner {
    ground: Ground,
    queue: Queue<Job>,
    setup: Setup,
    failed: AtomicBool,
    read_only: AtomicBool,
    beat: AtomicU64,
    writer: Mutex<Option<JoinHandle<()>>>,
}

type Finish = Box<dyn FnOnce(bool) + Send>;
type Job = Box<dyn FnOnce(&Batch<'_>, &mut TrailHead) -> Finish + Send>;

struct Batch<'a> {
    tables: &'a dyn Base,
    around: &'a Surroundings<'a>,
}

/// An answer that comes when the work is on the disk. Await it, or [`Pending::wait`] for it.
pub struct Pending<T>(oneshot::Receiver<Outcome<T>>);

impl Desk {
    /// Opens the desk over an opened file and starts the writer. A new store gets its tables, the
    /// trail's key and `origin`, the trail's name.
    pub fn open(database: Database, setup: Setup, origin: &str) -> Outcome<Self> {
        Self::over(Ground::bare(database), setup, origin)
    }

    /// Like [`Desk::open`], over a sealed file that can be opened again: damage met while the
    /// desk is open then costs what stands on the damaged page, and people's changes.
    pub fn open_sealed(
        unsealed: Unsealed,
        reopen: Reopen,
        setup: Setup,
        origin: &str,
    ) -> Outcome<Self> {
        Self::over(Ground::sealed(unsealed, reopen), setup, origin)
    }

    fn over(ground: Ground, setup: Setup, origin: &str) -> Outcome<Self> {
        ground.with(|database| {
            engine::make_tables(database)?;
            crate::check::guard_schema(database, &setup.kinds)?;
            found_trail(database, origin)?;
            crate::check::rebuild_if_keys_changed(database, &setup)?;
            crate::check::rebuild_if_rules_changed(database, &setup)
        })?;
        let inner = Arc::new(Inner {
            ground,
            queue: Queue::new(),
            setup,
            failed: AtomicBool::new(false),
            read_only: AtomicBool::new(false),
            beat: AtomicU64::new(0),
            writer: Mutex::new(None),
        });
        let writer = {
            let inner = Arc::clone(&inner);
            let (head, signer) = inner.trail_head()?;
            let body = move || inner.write_all(head, &signer);
            std::thread::Builder::new().name("writer".into()).spawn(body)?
        };
        *inner.writer.lock().unwrap_or_else(PoisonError::into_inner) = Some(writer);
        Ok(Self { inner })
    }

    /// Looks at the store as it is now. Blocking: on a server call it from a thread for that.
    pub fn read<T>(&self, look: impl FnOnce(&Reader<'_>) -> Outcome<T>) -> Outcome<T> {
        let setup = &self.inner.setup;
        let seen = self.inner.ground.snapshot().and_then(|snapshot| {
            look(&Reader::new(View::Snapshot(&snapshot), &setup.rules, setup.clock.now()))
        });
        if matches!(seen, Err(Fault::Broken(_))) && self.inner.ground.hurt().is_some() {
            self.inner.queue.knock();
        }
        seen
    }

    /// Does work to see what would come of it, over the store as it is now; nothing of it is kept, and
    /// nobody waits for it. Blocking, like [`Desk::read`].
    pub fn rehearse<T>(
        &self,
        act: &Act,
        work: impl FnOnce(&mut Writer<'_>) -> Outcome<T>,
    ) -> Outcome<T> {
        let snapshot = self.inner.ground.snapshot()?;
        let (around, unit) = (self.inner.around(), Unit::new(&snapshot));
        work(&mut Writer::new(&unit, &around, act, None))
    }

    /// Hands in work for which somebody waits.
    pub fn write<T: Send + 'static>(
        &self,
        act: Act,
        work: impl FnOnce(&mut Writer<'_>) -> Outcome<T> + Send + 'static,
    ) -> Pending<T> {
        if let Some(damage) = self.health().damage {
            return Pending::ready(Err(Fault::broken(format!(
                "the appliance is read-only, its store is damaged: {damage}"
            ))));
        }
        if self.inner.read_only.load(Ordering::Relaxed) {
            return Pending::ready(Err(Fault::broken(
                "the appliance is read-only: its disk is nearly full, free some space",
            )));
        }
        self.hand_in(Lane::People, act, work)
    }

    /// Hands in work of the intake, which yields to people.
    pub fn write_bulk<T: Send + 'static>(
        &self,
        act: Act,
        work: impl FnOnce(&mut Writer<'_>) -> Outcome<T> + Send + 'static,
    ) -> Pending<T> {
        self.hand_in(Lane::Bulk, act, work)
    }

    /// Hands in a small note for which nobody waits: it joins the next commit, or has one made within
    /// a quarter of a second. A fault when it can't be handed in at all.
    pub fn write_later(
        &self,
        act: Act,
        work: impl FnOnce(&mut Writer<'_>) -> Outcome<()> + Send + 'static,
    ) -> Outcome<()> {
        match self.hand_in(Lane::Later, act, work).0.try_recv() {
            Ok(Some(answer)) => answer,
            _ => Ok(()),
        }
    }

    /// Notes that patients' records were opened. The answer may leave when this is on the disk.
    pub fn note_access(
        &self,
        act: Act,
        patients: std::collections::BTreeSet<almoner_core::ids::PatientId>,
    ) -> Pending<()> {
        self.hand_in(Lane::People, act, move |writer| {
            for patient in patients {
                writer.saw(patient);
            }
            Ok(())
        })
    }

    /// Notes that something was looked at that is no patient's record, with a detail of it; never patient
    /// data. The answer may leave when this is on the disk.
    pub fn note_look(&self, act: Act, name: &'static str, value: String) -> Pending<()> {
        self.hand_in(Lane::People, act, move |writer| {
            writer.detail(name, value.as_str());
            writer.witness("done");
            Ok(())
        })
    }

    /// Signs a checkpoint where the trail stands, for an export that ends there.
    pub fn sign_checkpoint(&self) -> Outcome<()> {
        let (sender, receiver) = oneshot::channel();
        let job: Job = Box::new(move |batch, head| {
            let unit = Unit::new(batch.tables);
            let signed = trail::signer(&View::Unit(&unit))
                .and_then(|signer| trail::sign(&unit, &signer, &head.range))
                .and_then(|_| unit.apply());
            Box::new(move |durable| {
                let lost = || Err(Fault::broken("the store failed; no checkpoint was signed"));
                let _ = sender.send(if durable { signed } else { lost() });
            })
        });
        if self.failed() || self.inner.queue.push(Lane::People, job).is_err() {
            return Err(Fault::broken("the store is closed"));
        }
        Pending(receiver).wait()
    }

    /// A moment of the store to keep for a while: for backups and exports.
    pub fn snapshot(&self) -> Outcome<Snapshot> {
        self.inner.ground.snapshot()
    }

    /// The clock that everything here goes by.
    pub fn clock(&self) -> &Clock {
        &self.inner.setup.clock
    }

    /// The rules in force.
    pub fn rules(&self) -> &Arc<Rules> {
        &self.inner.setup.rules
    }

    /// The kinds of record there are.
    pub fn kinds(&self) -> &[KindEntry] {
        &self.inner.setup.kinds
    }

    /// True once the store has failed: it takes nothing any more, the daemon must start again.
    pub fn failed(&self) -> bool {
        self.inner.failed.load(Ordering::Relaxed)
    }

    /// Takes no more changes by people (disk nearly full); the trail goes on.
    pub fn set_read_only(&self, read_only: bool) {
        self.inner.read_only.store(read_only, Ordering::Relaxed);
    }

    /// Whether changes are refused at present.
    pub fn read_only(&self) -> bool {
        self.inner.read_only.load(Ordering::Relaxed) || self.health().damage.is_some()
    }

    /// What is known of the store's file: damage met, its key worn.
    pub fn health(&self) -> Health {
        self.inner.ground.health()
    }

    /// Counts up while the writer lives; the watchdog looks at it.
    pub fn beat(&self) -> u64 {
        self.inner.beat.load(Ordering::Relaxed)
    }

    /// Finishes what was handed in, signs a last checkpoint and stops the writer.
    pub fn close(&self) {
        self.inner.queue.close();
        let writer = self.inner.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(writer) = writer {
            let _ = writer.join();
        }
    }

    fn hand_in<T: Send + 'static>(
        &self,
        lane: Lane,
        act: Act,
        work: impl FnOnce(&mut Writer<'_>) -> Outcome<T> + Send + 'static,
    ) -> Pending<T> {
        let (sender, receiver) = oneshot::channel();
        let job: Job = Box::new(move |batch, head| {
            let unit = || run(batch.tables, batch.around, head, &act, work);
            let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(unit));
            let outcome = caught
                .unwrap_or_else(|_| Err(Fault::broken("a write panicked; nothing was saved")));
            Box::new(move |durable| {
                let lost = || Err(Fault::broken("the store failed; nothing was saved"));
                let _ = sender.send(if durable { outcome } else { outcome.and_then(|_| lost()) });
            })
        });
        if self.failed() || self.inner.queue.push(lane, job).is_err() {
            return Pending::ready(Err(Fault::broken("the store is closed")));
        }
        Pending(receiver)
    }
}

impl Inner {
    fn write_all(&self, head: TrailHead, signer: &NoteSigner) {
        if let Err(fault) = self.write_until_closed(head, signer) {
            self.failed.store(true, Ordering::Relaxed);
            self.queue.close();
            (self.setup.on_failure)(&fault);
            while let Some((_, job)) = self.queue.more(true) {
                drop(job); // its Pending answers that the store is closed
            }
        }
    }

    fn write_until_closed(&self, mut head: TrailHead, signer: &NoteSigner) -> Outcome<()> {
        let mut last_note = (head.range.size(), Instant::now());
        loop {
            let first = self.queue.wait(Instant::now() + Duration::from_secs(1));
            self.beat.fetch_add(1, Ordering::Relaxed);
            if let Some(damage) = self.ground.hurt() {
                self.ground.mend(damage)?;
            }
            let news = head.range.size() > last_note.0;
            match first {
                Ok(Some(job)) => self.commit(job, &mut head, signer, &mut last_note)?,
                Ok(None) if news && last_note.1.elapsed() >= SIGN_EVERY => {
                    let nothing: Job = Box::new(|_, _| Box::new(|_| ()));
                    self.commit((Lane::Later, nothing), &mut head, signer, &mut last_note)?;
                }
                Ok(None) => {}
                Err(()) => return self.sign_last(&head, signer, news),
            }
        }
    }

    fn around(&self) -> Surroundings<'_> {
        let Setup { rules, reactions, kinds, .. } = &self.setup;
        Surroundings { rules, reactions, kinds }
    }

    fn trail_head(&self) -> Outcome<(TrailHead, NoteSigner)> {
        let snapshot = self.ground.snapshot()?;
        let view = View::Snapshot(&snapshot);
        let head = TrailHead { range: trail::head(&view)?, boot: self.setup.boot.clone() };
        Ok((head, trail::signer(&view)?))
    }

    /// Runs a batch of units, commits them together and answers them.
    fn commit(
        &self,
        first: (Lane, Job),
        head: &mut TrailHead,
        signer: &NoteSigner,
        last_note: &mut (u64, Instant),
    ) -> Outcome<()> {
        let before = head.clone();
        let mut finishes = Vec::new();
        let mut outcome = self.commit_batch(first, head, signer, last_note, &mut finishes);
        let mut durable = outcome.is_ok();
        if let (Err(_), Some(damage)) = (&outcome, self.ground.hurt()) {
            outcome =
                self.ground.mend(damage).and_then(|()| self.trail_head()).map(|(stored, _)| {
                    // The batch is there, or nothing of it: the trail says which.
                    durable = stored.range == head.range && stored.range != before.range;
                    *head = stored;
                });
        }
        if !durable && outcome.is_err() {
            *head = before;
        }
        for finish in finishes {
            finish(durable);
        }
        outcome
    }

    fn commit_batch(
        &self,
        first: (Lane, Job),
        head: &mut TrailHead,
        signer: &NoteSigner,
        last_note: &mut (u64, Instant),
        finishes: &mut Vec<Finish>,
    ) -> Outcome<()> {
        let txn = self.ground.with(engine::begin_write)?;
        let due = {
            let tables = WriteTables::of(&txn);
            let around = self.around();
            let batch = Batch { tables: &tables, around: &around };
            let started = Instant::now();
            let (mut next, mut patience) = (Some(first), GATHER_BULK);
            while let Some((lane, job)) = next {
                finishes.push(job(&batch, head));
                if lane == Lane::People {
                    patience = GATHER;
                }
                let enough = finishes.len() >= MAX_UNITS || started.elapsed() >= patience;
                next = if enough { None } else { self.queue.more(true) };
            }
            let unsigned = head.range.size() - last_note.0;
            let due =
                unsigned >= SIGN_AFTER || (unsigned > 0 && last_note.1.elapsed() >= SIGN_EVERY);
            if due {
                let unit = Unit::new(&tables);
                trail::sign(&unit, signer, &head.range)?;
                unit.apply()?;
            }
            due
        };
        txn.commit().map_err(broken)?;
        if due {
            *last_note = (head.range.size(), Instant::now());
        }
        Ok(())
    }

    fn sign_last(&self, head: &TrailHead, signer: &NoteSigner, news: bool) -> Outcome<()> {
        if !news {
            return Ok(());
        }
        let txn = self.ground.with(engine::begin_write)?;
        {
            let tables = WriteTables::of(&txn);
            let unit = Unit::new(&tables);
            trail::sign(&unit, signer, &head.range)?;
            unit.apply()?;
        }
        txn.commit().map_err(broken)
    }
}

impl<T> Pending<T> {
    fn ready(outcome: Outcome<T>) -> Self {
        let (sender, receiver) = oneshot::channel();
        let _ = sender.send(outcome);
        Self(receiver)
    }

    /// Waits, blocking this thread.
    pub fn wait(mut self) -> Outcome<T> {
        struct Unpark(std::thread::Thread);
        impl Wake for Unpark {
            fn wake(self: Arc<Self>) {
                self.0.unpark();
            }
        }
        let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
        let mut context = Context::from_waker(&waker);
        loop {
            if let Poll::Ready(outcome) = Pin::new(&mut self).poll(&mut context) {
                return outcome;
            }
            std::thread::park();
        }
    }
}

impl<T> Future for Pending<T> {
    type Output = Outcome<T>;
    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Outcome<T>> {
        Pin::new(&mut self.0).poll(context).map(|answer| {
            answer.unwrap_or_else(|_| Err(Fault::broken("the store is closed; nothing was saved")))
        })
    }
}

fn found_trail(database: &Database, origin: &str) -> Outcome<()> {
    let snapshot = Snapshot::take(database)?;
    if trail::signer(&View::Snapshot(&snapshot)).is_ok() {
        return Ok(());
    }
    let (seed, appliance) = (random()?, random()?);
    let txn = engine::begin_write(database)?;
    {
        let tables = WriteTables::of(&txn);
        let unit = Unit::new(&tables);
        trail::found(&unit, seed, appliance, origin);
        unit.apply()?;
    }
    txn.commit().map_err(broken)
}

fn random() -> Outcome<[u8; 32]> {
    let mut bytes = [0; 32];
    ring::rand::SecureRandom::fill(&ring::rand::SystemRandom::new(), &mut bytes)
        .map_err(|_| Fault::broken("the machine gave no random numbers"))?;
    Ok(bytes)
}
