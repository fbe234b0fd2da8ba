//! What the appliance does by itself: tells systemd that it lives, watches the disk, takes the
//! nightly backup, and removes held copies whose retention has ended.

use crate::commands::{Paths, back_up};
use almoner_core::actor::Actor;
use almoner_core::fault::Outcome;
use almoner_frame::{Accounts, drafts};
use almoner_people::staff::StaffAccounts;
use almoner_store::{Act, Desk, Verb};
use chrono::{NaiveDate, NaiveTime};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// Free space below which people's changes are refused (`security.md` 4.2), and above which they
/// are taken again.
const LOW: u64 = 1 << 30;
const ENOUGH: u64 = LOW + (LOW / 4);

/// The chores' thread.
pub(crate) struct Chores {
    stop: Sender<()>,
    thread: JoinHandle<()>,
}

impl Chores {
    /// Ends after the chore that is being done.
    pub(crate) fn stop(self) {
        let _ = self.stop.send(());
        let _ = self.thread.join();
    }
}

struct Round {
    desk: Desk,
    paths: Paths,
    folder: PathBuf,
    retention_days: u32,
    backup_at: Option<NaiveTime>,
    backed_up: Option<NaiveDate>,
    beat: u64,
}

/// Starts the chores.
pub(crate) fn start(
    desk: Desk,
    paths: Paths,
    folder: PathBuf,
    retention_days: u32,
    backup_at: Option<NaiveTime>,
) -> Outcome<Chores> {
    let (stop, stopped) = channel();
    let zone = desk.rules().zone;
    let local = zone.local(desk.clock().now());
    // A start after tonight's hour leaves the backup to tomorrow: it is no reason for one.
    let backed_up = backup_at.filter(|at| local.time() >= *at).map(|_| local.date_naive());
    let mut round = Round { desk, paths, folder, retention_days, backup_at, backed_up, beat: 0 };
    let thread = std::thread::Builder::new().name("chores".into()).spawn(move || {
        let mut count = 0_u64;
        loop {
            round.every_few_seconds();
            if count.is_multiple_of(60) {
                round.now_and_then();
            }
            count += 1;
            match stopped.recv_timeout(Duration::from_secs(5)) {
                Err(RecvTimeoutError::Timeout) => {}
                _ => return,
            }
        }
    })?;
    Ok(Chores { stop, thread })
}

impl Round {
    fn every_few_seconds(&mut self) {
        let beat = self.desk.beat();
        if beat != self.beat && !self.desk.failed() {
            let _ = sd_notify::notify(&[sd_notify::NotifyState::Watchdog]);
        }
        self.beat = beat;
        self.watch_disk();
        let zone = self.desk.rules().zone;
        let local = zone.local(self.desk.clock().now());
        let due = self.backup_at.is_some_and(|at| local.time() >= at);
        if due && self.backed_up != Some(local.date_naive()) {
            self.backed_up = Some(local.date_naive());
            self.nightly_backup();
        }
    }

    fn now_and_then(&self) {
        for held in ["done", "set-aside"] {
            let folder = self.folder.join("intake").join(held);
            if let Err(fault) = self.forget_held(&folder) {
                log::warn!("held copies in {held} could not be removed: {fault}");
            }
        }
        self.forget_drafts();
    }

    /// Forgets drafts, keys of saved forms and ended sessions whose time is over.
    fn forget_drafts(&self) {
        let act = Act::new(Actor::Appliance, Verb("draft.forget"), self.desk.clock().now());
        let forgotten = self.desk.write_bulk(act, |writer| {
            let before = writer.act().at - drafts::KEPT;
            Ok(drafts::forget_old(writer)? + StaffAccounts.forget_ended(writer, before)?)
        });
        if let Err(fault) = forgotten.wait() {
            log::warn!("old drafts could not be forgotten: {fault}");
        }
    }

    fn watch_disk(&self) {
        let Ok(space) = rustix::fs::statvfs(&self.folder) else { return };
        let free = space.f_bavail.saturating_mul(space.f_frsize);
        if free < LOW && !self.desk.read_only() {
            log::error!(free = free; "the disk is nearly full: changes are refused, free some space");
            self.desk.set_read_only(true);
        } else if free >= ENOUGH && self.desk.read_only() && self.desk.health().damage.is_none() {
            log::info!(free = free; "there is space again: changes are taken");
            self.desk.set_read_only(false);
        }
    }

    fn nightly_backup(&self) {
        let act = Act::new(Actor::Appliance, Verb("backup.take"), self.desk.clock().now());
        match back_up(&self.desk, &self.paths, act) {
            Ok(entry) => log::info!(bytes = entry.bytes; "backup {} taken and read back", entry.id),
            Err(failure) => log::error!("the nightly backup failed: {}", failure.message),
        }
    }

    /// Removes the day folders whose retention has ended; the store keeps the bytes.
    fn forget_held(&self, folder: &Path) -> Outcome<()> {
        let zone = self.desk.rules().zone;
        let today = zone.day(self.desk.clock().now());
        let Ok(days) = std::fs::read_dir(folder) else { return Ok(()) };
        for day in days {
            let day = day?;
            let name = day.file_name();
            let date = name.to_str().and_then(|name| name.parse::<NaiveDate>().ok());
            let age = date.map(|date| (today - date).num_days());
            if age.is_some_and(|age| age > i64::from(self.retention_days)) {
                std::fs::remove_dir_all(day.path())?;
            }
        }
        Ok(())
    }
}
