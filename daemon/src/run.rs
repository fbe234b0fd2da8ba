//! A running appliance: desk, intake, doors and control socket, until a signal ends it. The service
//! and the demonstration both run this.

use crate::chores::Chores;
use crate::commands::{Paths, commands};
use crate::{areas::areas, chores};
use almoner_core::fault::{Fault, Outcome};
use almoner_frame::visit::House;
use almoner_intake::{Intake, Reading};
use almoner_people::staff::StaffAccounts;
use almoner_serve::{Listen, Running, Settings};
use almoner_store::Desk;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use tokio::signal::unix::{SignalKind, signal};

/// What an appliance is run with.
pub(crate) struct Plan {
    pub clinic: String,
    /// Identifier system of the clinic's own record numbers.
    pub numbers: String,
    pub demo: bool,
    /// The state folder.
    pub folder: PathBuf,
    pub control: PathBuf,
    pub listen: Listen,
    pub settings: Settings,
    pub intake: almoner_core::config::Intake,
    pub backup_at: Option<chrono::NaiveTime>,
    pub backups: PathBuf,
    pub config: PathBuf,
    pub recovery_kit: Option<PathBuf>,
}

/// An appliance, open for work.
pub(crate) struct Appliance {
    pub desk: Desk,
    pub intake: Arc<Intake>,
    pub running: Running,
    pub folder: PathBuf,
    control: almoner_serve::control::Control,
    chores: Chores,
}

/// Opens everything, from the inside out.
pub(crate) async fn open(plan: Plan, desk: Desk) -> Outcome<Appliance> {
    let house = House {
        areas: areas(),
        zone: desk.rules().zone,
        clinic: Box::leak(plan.clinic.into_boxed_str()),
        numbers: Box::leak(plan.numbers.into_boxed_str()),
        demo: plan.demo,
    };
    let ca_pem = plan.folder.join("ca.pem");
    let paths = Paths {
        backups: plan.backups,
        small: vec![ca_pem.clone(), plan.config.clone()],
        config: plan.config,
    };
    let running = almoner_serve::start(almoner_serve::Config {
        house,
        desk: desk.clone(),
        accounts: &StaffAccounts,
        settings: plan.settings,
        listen: plan.listen,
        ca_pem,
        recovery_kit: plan.recovery_kit,
    })
    .await?;
    let settings = almoner_intake::Settings {
        folder: plan.folder.join("intake"),
        still: Duration::from_secs(plan.intake.still_seconds),
        look_every: Duration::from_secs(5),
        reading: reading(&plan.intake),
    };
    let intake = Arc::new(almoner_intake::start(settings, desk.clone(), areas())?);
    std::fs::create_dir_all(plan.folder.join("outbox"))?;
    let mut list = commands(&intake, &paths);
    list.extend(almoner_people::staff::commands());
    let control = almoner_serve::control::listen(&plan.control, running.doors(), list).await?;
    let chores = chores::start(
        desk.clone(),
        paths,
        plan.folder.clone(),
        plan.intake.retention_days,
        plan.backup_at,
    )?;
    Ok(Appliance { desk, intake, running, folder: plan.folder, control, chores })
}

/// How dropped files are read: by a child of this program, within the configured limits.
fn reading(config: &almoner_core::config::Intake) -> Reading {
    const MIB: u64 = 1 << 20;
    let count = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    Reading {
        program: Some("/proc/self/exe".into()),
        limits: almoner_intake::Limits {
            entries: count(config.archive_files),
            inflated_bytes: config.archive_mib * MIB,
            ratio: config.archive_ratio,
            depth: count(config.archive_depth),
            whole_bytes: config.whole_mib * MIB,
            ..almoner_intake::Limits::default()
        },
        memory_bytes: config.reader_memory_mib * MIB,
        seconds: config.reader_seconds,
    }
}

impl Appliance {
    /// Waits for SIGTERM or Ctrl-C; SIGHUP looks after the certificate meanwhile.
    pub(crate) async fn until_told(&self) -> Outcome<()> {
        let mut term = signal(SignalKind::terminate())?;
        let mut hup = signal(SignalKind::hangup())?;
        loop {
            tokio::select! {
                _ = term.recv() => return Ok(()),
                _ = tokio::signal::ctrl_c() => return Ok(()),
                _ = hup.recv() => self.reload(),
            }
        }
    }

    /// Stops taking, finishes what runs, closes the store.
    pub(crate) async fn close(self) -> Outcome<()> {
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Stopping]);
        let Self { desk, intake, running, control, chores, .. } = self;
        control.close().await;
        running.shutdown().await;
        tokio::task::spawn_blocking(move || {
            chores.stop();
            intake.stop();
            desk.close();
        })
        .await
        .map_err(|_| Fault::broken("the appliance did not close in order"))
    }

    fn reload(&self) {
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Reloading]);
        match self.running.reload() {
            Ok(true) => log::info!("the certificate was renewed"),
            Ok(false) => log::info!("reloaded; the certificate is still good"),
            Err(fault) => log::error!("the certificate could not be renewed: {fault}"),
        }
        let _ = sd_notify::notify(&[sd_notify::NotifyState::Ready]);
    }
}
