//! The whole house in memory: files dropped into a folder as people drop them, with every area.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod anew;
mod editions;
mod enclosed;
mod picture;
mod samples;

use crate::areas::areas;
use almoner_core::actor::Actor;
use almoner_core::changes::Changes;
use almoner_core::fault::Outcome;
use almoner_core::ids::FileId;
use almoner_core::receipt::{Receipt, Status};
use almoner_core::rules::Rules;
use almoner_core::time::{Clock, Timestamp};
use almoner_frame::anew::{What, Wish};
use almoner_frame::intake::{BY_RECEIVED, IntakeFile};
use almoner_intake::{Intake, Settings};
use almoner_store::{Act, Desk, Key, Reader, Setup, Verb, Writer, check, sealed};
use std::sync::Arc;
use std::time::Duration;

/// The house, its intake at work.
pub(super) struct House {
    pub desk: Desk,
    folder: tempfile::TempDir,
    intake: Option<Intake>,
}

/// Noon of the day on which the tests play.
pub(super) fn noon() -> Timestamp {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

impl House {
    pub(super) fn new() -> Self {
        let own = almoner_frame::KINDS.iter();
        let setup = Setup {
            rules: Arc::new(Rules::default()),
            clock: Clock::starting_at(noon()),
            kinds: areas().iter().flat_map(|area| area.kinds).chain(own).copied().collect(),
            reactions: areas().iter().flat_map(|area| area.reactions).copied().collect(),
            boot: "test".into(),
            on_failure: Box::new(|fault| panic!("{fault}")),
        };
        let database = sealed::open_memory(8 << 20).unwrap().database;
        let desk = Desk::open(database, setup, "test").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings {
            folder: folder.path().join("intake"),
            still: Duration::ZERO,
            look_every: Duration::from_millis(20),
            reading: almoner_intake::Reading::default(),
        };
        let intake = almoner_intake::start(settings, desk.clone(), areas()).unwrap();
        Self { desk, folder, intake: Some(intake) }
    }

    pub(super) fn intake(&self) -> &Intake {
        self.intake.as_ref().unwrap()
    }

    /// Drops a file and waits until it is taken in.
    pub(super) fn drop_file(&self, name: &str, bytes: &[u8]) -> Receipt {
        let before = self.files().len();
        let folder = self.folder.path().join("intake");
        let (part, place) = (folder.join(".part"), folder.join(name));
        if let Some(below) = place.parent() {
            std::fs::create_dir_all(below).unwrap();
        }
        std::fs::write(&part, bytes).unwrap();
        std::fs::rename(part, place).unwrap();
        self.taken_in(before)
    }

    /// Drops a folder that is one export and waits until it is taken in.
    pub(super) fn drop_folder(&self, name: &str, files: &[(&str, &str)]) -> Receipt {
        let before = self.files().len();
        let folder = self.folder.path().join("intake");
        let (part, place) = (folder.join(".part"), folder.join(name));
        std::fs::create_dir_all(&part).unwrap();
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        for (name, text) in files {
            std::fs::write(part.join(name), text).unwrap();
        }
        std::fs::rename(part, place).unwrap();
        self.taken_in(before)
    }

    /// The receipt of the file after so many, once it is taken in.
    fn taken_in(&self, before: usize) -> Receipt {
        self.until(|files| {
            let read = |it: &Receipt| !matches!(it.status, Status::Waiting | Status::Working);
            files.get(before).filter(|it| read(it)).cloned()
        })
    }

    /// The receipts, in the order in which the files came.
    pub(super) fn files(&self) -> Vec<Receipt> {
        let look = |reader: &Reader<'_>| {
            let ids = reader.ids::<FileId>(BY_RECEIVED, &Key::all())?;
            ids.into_iter().map(|id| Ok(reader.get::<IntakeFile>(id)?.receipt)).collect()
        };
        self.desk.read(look).unwrap()
    }

    #[allow(clippy::disallowed_methods)] // the intake's own thread is waited for: nothing wakes us
    fn until<T>(&self, mut is: impl FnMut(&[Receipt]) -> Option<T>) -> T {
        for _ in 0..30_000 {
            if let Some(found) = is(&self.files()) {
                return found;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        panic!("the intake did not get there: {:#?}", self.files());
    }

    /// Wants something done with a file and waits until it is; what it was told to change.
    pub(super) fn have(&self, id: FileId, what: What) -> Changes {
        let told = self.intake().preview(id, what).unwrap().changes;
        let act = Act::new(Actor::Appliance, Verb("intake.undo"), self.desk.clock().now());
        self.intake().wish(id, what, act).unwrap();
        let waits = || self.desk.read(|reader| reader.find::<Wish>(id)).unwrap().is_some();
        self.until(|_| (!waits()).then_some(()));
        told
    }

    /// Work of a person.
    pub(super) fn work<T: Send + 'static>(
        &self,
        by: Actor,
        work: impl FnOnce(&mut Writer<'_>) -> Outcome<T> + Send + 'static,
    ) -> T {
        let act = Act::new(by, Verb("test.work"), self.desk.clock().now());
        self.desk.write(act, work).wait().unwrap()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        if let Some(intake) = self.intake.take() {
            intake.stop();
        }
        if !std::thread::panicking() {
            let report = check::check(&self.desk).unwrap();
            assert!(report.damage.is_empty(), "{report:?}");
        }
        self.desk.close();
    }
}
