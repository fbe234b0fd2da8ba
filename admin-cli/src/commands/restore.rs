//! `almoner restore`: brings a backup back, always without a daemon: into an empty folder (a new
//! machine, a drill), or in place of the present store, which is kept.

use super::backup::{entry, failed, key_of, read_outside};
use super::config;
use crate::appliance::Appliance;
use crate::ask::{device_key, recovery_key, typed_name};
use crate::options::{Common, Loss};
use crate::progress::Progress;
use crate::report::{Records, Report, WARNED, bytes, counted, iso, local};
use almoner_core::config::Config;
use almoner_core::control::{
    BackupEntry, Failure, Nothing, TrailExport, TrailHead, TrailPage, names,
};
use almoner_core::fault::{Fault, Outcome};
use almoner_core::time::{Clock, Timestamp};
use almoner_store::backup::{BackupError, Identity};
use almoner_store::copy;
use almoner_store::keys::{Kek, KeyError, KeyRing, RecoveryKey};
use almoner_store::offline::{self, Closed, Tally};
use almoner_store::sealed::SealedError;
use almoner_trail::{Entry, VerifierKey};
use clap::{Args, Subcommand};
use serde::Serialize;
use std::fmt;
use std::fs;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// What can be done with a backup that is to come back.
#[derive(Subcommand, Debug)]
pub enum Restore {
    /// Say what a restore would bring and what would be lost; changes nothing
    Plan(Plan),
    /// Restore. The present store is kept beside the new one
    Apply(Apply),
}

/// Options of `almoner restore plan`.
#[derive(Args, Debug)]
pub struct Plan {
    #[command(flatten)]
    which: Which,
}

/// Which backup goes where.
#[derive(Args, Debug)]
pub struct Which {
    /// The backup: its id, or the path of its file
    backup: String,
    /// The folder the backup lies in, instead of the appliance's own
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// Restore into this empty folder and leave the present store alone
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
}

/// Options of `almoner restore apply`.
#[derive(Args, Debug)]
pub struct Apply {
    #[command(flatten)]
    which: Which,
    /// Read the recovery key from this file instead of the terminal
    #[arg(long, value_name = "FILE")]
    recovery_key_file: Option<PathBuf>,
    /// Use the appliance's own key instead of the recovery key (drills: only with --to)
    #[arg(long, requires = "to", conflicts_with = "recovery_key_file")]
    appliance_key: bool,
    #[command(flatten)]
    loss: Loss,
}

/// What a restore would do.
#[derive(Serialize)]
struct Planned {
    #[serde(flatten)]
    backup: BackupEntry,
    /// The store that would be made.
    store: PathBuf,
    /// Whether the manifest's signature was checked with the clinic's key.
    signed: bool,
    /// What is lost; absent where nothing is replaced or the present store can't be looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    lost: Option<Lost>,
    /// What could not be found out, in words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unknown: Vec<String>,
    #[serde(skip)]
    replaces: bool,
}

/// What the present store has that the backup has not.
#[derive(Clone, Serialize)]
struct Lost {
    /// When the present store's last entry was written.
    last: Option<Timestamp>,
    changes: u64,
    people: u64,
}

/// What a restore did.
#[derive(Serialize)]
struct Restored {
    #[serde(flatten)]
    backup: BackupEntry,
    store: PathBuf,
    /// The store that was replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    kept: Option<PathBuf>,
    /// The new appliance key, when one was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    device_key_file: Option<PathBuf>,
    /// Whether the recovery key opens the new store.
    recovery_key_opens: bool,
}

/// A backup that was found, and where it would go.
struct Found {
    id: String,
    folder: PathBuf,
    target: Target,
}

/// Where a restored store goes.
enum Target {
    /// An empty folder.
    New(PathBuf),
    /// The configured appliance.
    Own(Box<Config>),
}

pub(crate) fn run(common: &Common, asked: Restore) -> Result<Report, Failure> {
    match asked {
        Restore::Plan(Plan { which }) => {
            let found = find(common, which)?;
            let next = format!("almoner restore apply {}", found.id);
            let planned = plan(common, &found)?;
            let exit = if planned.unknown.is_empty() { 0 } else { WARNED };
            Ok(Report::new("almoner.restore.plan/1", planned).exits(exit).then(next))
        }
        Restore::Apply(asked) => apply(common, asked),
    }
}

fn find(common: &Common, which: Which) -> Result<Found, Failure> {
    let Which { backup, folder, to } = which;
    let path = PathBuf::from(&backup);
    let by_path = path.extension().is_some_and(|end| end == "backup").then_some(path);
    let id = by_path.as_ref().and_then(|path| path.file_stem()).and_then(|stem| stem.to_str());
    let id = id.map_or_else(|| backup.clone(), str::to_owned);
    let parent = by_path.as_ref().and_then(|path| path.parent()).map(Path::to_owned);
    let folder = match folder.or(parent) {
        Some(folder) if folder.as_os_str().is_empty() => PathBuf::from("."),
        Some(folder) => folder,
        None => {
            let config = config::read(&common.config_file)?;
            config.store.folder.join(&config.backup.folder)
        }
    };
    let target = match to {
        Some(to) => Target::New(to),
        None => Target::Own(Box::new(config::read(&common.config_file)?)),
    };
    Ok(Found { id, folder, target })
}

fn plan(common: &Common, found: &Found) -> Result<Planned, Failure> {
    let appliance = Appliance::of(common);
    let mut unknown = Vec::new();
    let unsigned = entry(&read_outside(&found.folder, &found.id, None)?, &found.folder);
    let mut lost = None;
    let mut key: Option<VerifierKey> = key_of(&appliance);
    if let Target::Own(config) = &found.target {
        let present = if appliance.is_running() {
            since_running(&appliance, unsigned.trail_entries)
        } else {
            look(config, unsigned.trail_entries).map(|closed| {
                key = Some(closed.key.clone());
                Lost::of(&closed)
            })
        };
        match present {
            Ok(present) => lost = Some(present),
            Err(failure) => unknown.push(format!("what would be lost: {}", failure.message)),
        }
    }
    let signed = key.is_some();
    if signed {
        read_outside(&found.folder, &found.id, key.as_ref())?;
    } else if matches!(found.target, Target::Own(_)) {
        unknown.push("whether this clinic signed the backup: its key is not at hand".to_owned());
    }
    let replaces = matches!(&found.target, Target::Own(_)) && found.target.store().exists();
    Ok(Planned { backup: unsigned, store: found.target.store(), signed, lost, unknown, replaces })
}

fn apply(common: &Common, asked: Apply) -> Result<Report, Failure> {
    const SCHEMA: &str = "almoner.restore.apply/1";
    let Apply { which, recovery_key_file, appliance_key, loss } = asked;
    let found = find(common, which)?;
    if loss.change.dry_run {
        return Ok(Report::new("almoner.restore.plan/1", plan(common, &found)?));
    }
    let appliance = Appliance::of(common);
    let uses_present = matches!(found.target, Target::Own(_)) || appliance_key;
    if uses_present && appliance.is_running() {
        return Err(Failure::busy("the daemon is running: its store can't be replaced under it")
            .hint("systemctl stop almoner, then the same command again"));
    }
    found.target.guard()?;
    let backup = entry(&read_outside(&found.folder, &found.id, None)?, &found.folder);
    let opened = if appliance_key {
        Opened::by_appliance(&config::read(&common.config_file)?)?
    } else {
        Opened::by_recovery(recovery_key(recovery_key_file.as_deref())?)?
    };
    if matches!(found.target, Target::Own(_)) {
        typed_name(loss, "This replaces the store by the backup", &found.id)?;
    }
    let shown = Progress::spinner(common, "Restoring");
    let archive = found.folder.join(format!("{}.backup", found.id));
    let restored = match &found.target {
        Target::New(folder) => into_new(folder, &archive, opened, backup)?,
        Target::Own(config) => in_place(config, &archive, opened, backup)?,
    };
    drop(shown);
    let next = match &found.target {
        Target::New(folder) => format!("almoner store check --dir {}", folder.display()),
        Target::Own(_) => "almoner store check, then systemctl start almoner".to_owned(),
    };
    let exit = if restored.recovery_key_opens { 0 } else { WARNED };
    Ok(Report::new(SCHEMA, restored).exits(exit).then(next))
}

/// What opens the archive, and the recovery key when that is what it was.
struct Opened {
    identity: Identity,
    recovery: Option<RecoveryKey>,
}

impl Opened {
    fn by_recovery(key: RecoveryKey) -> Result<Self, Failure> {
        let identity = copy::recovery_identity(&key).map_err(failure_of)?;
        Ok(Self { identity, recovery: Some(key) })
    }

    fn by_appliance(config: &Config) -> Result<Self, Failure> {
        let identity = look(config, u64::MAX)?.identity().map_err(failure_of)?;
        Ok(Self { identity, recovery: None })
    }

    fn ring(&self, device: Kek) -> KeyRing {
        let mut ring = KeyRing::with_device(device);
        ring.recovery.clone_from(&self.recovery);
        ring
    }
}

fn into_new(
    folder: &Path,
    archive: &Path,
    opened: Opened,
    backup: BackupEntry,
) -> Result<Restored, Failure> {
    let keys = folder.join("keys");
    let key_file = keys.join("device.key");
    let store = folder.join("almoner.redb");
    fs::create_dir_all(&keys).map_err(|cause| io_failure(&keys, &cause))?;
    let made = Kek::generate().and_then(|key| key.write_new_file(&key_file).map(|()| key));
    let device = made.map_err(|cause| failure_of(Fault::Broken(Box::new(cause))))?;
    let ring = opened.ring(device);
    let restored = copy::restore(archive, &opened.identity, &store, &ring, &mut |name, content| {
        write_small(folder, name, content)
    });
    if let Err(fault) = restored {
        // The folder was empty: leave it so. The failure is being reported.
        let _ = fs::remove_file(&key_file).and_then(|()| fs::remove_dir(&keys));
        return Err(failure_of(fault));
    }
    Ok(Restored {
        backup,
        store,
        kept: None,
        device_key_file: Some(key_file),
        recovery_key_opens: ring.recovery.is_some(),
    })
}

fn in_place(
    config: &Config,
    archive: &Path,
    opened: Opened,
    backup: BackupEntry,
) -> Result<Restored, Failure> {
    let folder = &config.store.folder;
    let store = folder.join("almoner.redb");
    let fresh = folder.join("almoner.redb.restored");
    let device = device_key(&config.keys.file, &config.keys.credential)?;
    let ring = opened.ring(device);
    let _ = fs::remove_file(&fresh);
    copy::restore(archive, &opened.identity, &fresh, &ring, &mut |name, content| {
        write_small(folder, name, content)
    })
    .map_err(failure_of)?;
    let kept = change_over(folder, &fresh, &store);
    let kept = kept.map_err(|cause| io_failure(&store, &cause))?;
    Ok(Restored { backup, store, kept, device_key_file: None, recovery_key_opens: true })
}

/// Puts the fresh store in the present one's place in one step; the present one stays beside it
/// under another name. The new file belongs to whom the folder belongs.
fn change_over(folder: &Path, fresh: &Path, store: &Path) -> io::Result<Option<PathBuf>> {
    let owner = fs::metadata(folder)?;
    if fs::metadata(fresh)?.uid() != owner.uid() {
        std::os::unix::fs::chown(fresh, Some(owner.uid()), Some(owner.gid()))?;
    }
    let date = Clock::default().now().format("%Y%m%d-%H%M%S");
    let kept = folder.join(format!("almoner.redb.before-{date}"));
    let kept = if store.exists() {
        fs::hard_link(store, &kept)?;
        Some(kept)
    } else {
        None
    };
    fs::rename(fresh, store)?;
    fs::File::open(folder)?.sync_all()?;
    Ok(kept)
}

/// Writes a small file that came with the backup, where there is none of its name.
fn write_small(folder: &Path, name: &str, content: &[u8]) -> Outcome<()> {
    let plain = Path::new(name).file_name().is_some_and(|plain| plain == name);
    if !plain {
        return Err(Fault::broken("a small file in the backup has a name that is a path"));
    }
    let path = folder.join(name);
    if !path.exists() {
        fs::write(path, content)?;
    }
    Ok(())
}

fn look(config: &Config, from: u64) -> Result<Closed, Failure> {
    let device = device_key(&config.keys.file, &config.keys.credential)?;
    let store = config.store.folder.join("almoner.redb");
    offline::look(&store, &KeyRing::with_device(device), from).map_err(failure_of)
}

/// Counts what a running appliance's trail has from entry `from` on.
fn since_running(appliance: &Appliance, from: u64) -> Result<Lost, Failure> {
    let head: TrailHead = appliance.call(names::TRAIL_HEAD, &Nothing {})?;
    let (mut at, mut tally, mut last) = (from, Tally::default(), None);
    while at < head.size {
        let wanted = TrailExport { from: at, to: Some(head.size) };
        let page: TrailPage = appliance.call(names::TRAIL_EXPORT, &wanted)?;
        if page.entries.is_empty() {
            break;
        }
        at += page.entries.len() as u64;
        for line in page.entries {
            if let Ok(entry) = Entry::parse(line.as_bytes()) {
                tally.count(&entry);
                last = entry.at.parse().ok();
            }
        }
    }
    let offline::Since { changes, people } = tally.since();
    Ok(Lost { last, changes, people })
}

impl Lost {
    fn of(closed: &Closed) -> Self {
        let offline::Since { changes, people } = closed.since();
        let last = closed.last.as_deref().and_then(|at| at.parse().ok());
        Self { last, changes, people }
    }
}

impl Target {
    fn store(&self) -> PathBuf {
        match self {
            Self::New(folder) => folder.join("almoner.redb"),
            Self::Own(config) => config.store.folder.join("almoner.redb"),
        }
    }

    /// Refuses a folder that is not empty.
    fn guard(&self) -> Result<(), Failure> {
        let Self::New(folder) = self else { return Ok(()) };
        let empty = match fs::read_dir(folder) {
            Ok(mut entries) => entries.next().is_none(),
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => true,
            Err(cause) => return Err(io_failure(folder, &cause)),
        };
        if empty {
            return Ok(());
        }
        let what = format!("the folder {} is not empty", folder.display());
        Err(Failure::failed(what).hint("name a new folder with --to"))
    }
}

/// A fault of the store with its exit code.
fn failure_of(fault: Fault) -> Failure {
    let Fault::Broken(cause) = &fault else { return Failure::from(fault) };
    if let Some(cause) = cause.downcast_ref::<BackupError>() {
        return failed(cause);
    }
    let key = |cause: &KeyError| Failure::new(10, "wrong_key", cause.to_string());
    match cause.downcast_ref::<SealedError>() {
        Some(SealedError::Key(cause)) => return key(cause),
        Some(SealedError::Damaged(cause)) => return Failure::damaged(cause.to_string()),
        Some(SealedError::InUse) => {
            return Failure::busy("the store is open in another process")
                .hint("systemctl stop almoner, then the same command again");
        }
        _ => {}
    }
    match cause.downcast_ref::<KeyError>() {
        Some(cause) => key(cause),
        None => Failure::failed(fault.to_string()),
    }
}

fn io_failure(path: &Path, cause: &io::Error) -> Failure {
    Failure::failed(format!("{}: {cause}", path.display()))
}

impl fmt::Display for Planned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { backup, store, lost, unknown, replaces, .. } = self;
        let taken = local(backup.taken);
        let size = bytes(backup.bytes);
        let store = store.display();
        if *replaces {
            write!(f, "Would replace the store {store}")?;
            if let Some(last) = lost.as_ref().and_then(|lost| lost.last) {
                write!(f, " of {}", local(last))?;
            }
            writeln!(f, " with that of {taken} ({size}).")?;
        } else {
            writeln!(f, "Would make the store {store} from that of {taken} ({size}).")?;
        }
        if let Some(Lost { last, changes, people }) = lost {
            let minutes = last.map_or(0, |last| (last - backup.taken).num_minutes().max(0));
            let changes = counted(*changes, "change", "changes");
            let people = counted(*people, "person", "people");
            let (hours, rest) = (minutes / 60, minutes % 60);
            writeln!(f, "Lost: {hours} h {rest} min, {changes} by {people}.")?;
        }
        unknown.iter().try_for_each(|what| writeln!(f, "Not known: {what}"))?;
        f.write_str("Nothing was changed.")
    }
}

impl Records for Planned {
    fn records(&self) -> Vec<Vec<String>> {
        let lost = self.lost.as_ref();
        vec![vec![
            self.backup.id.clone(),
            iso(self.backup.taken),
            self.store.display().to_string(),
            lost.map(|lost| lost.changes.to_string()).unwrap_or_default(),
            lost.map(|lost| lost.people.to_string()).unwrap_or_default(),
        ]]
    }
}

impl fmt::Display for Restored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { backup, store, kept, device_key_file, recovery_key_opens } = self;
        let taken = local(backup.taken);
        writeln!(f, "Restored {} of {taken} to {}.", backup.id, store.display())?;
        if let Some(kept) = kept {
            writeln!(f, "The store before it is kept: {}", kept.display())?;
        }
        if let Some(file) = device_key_file {
            writeln!(f, "Its new appliance key: {}", file.display())?;
        }
        if !*recovery_key_opens {
            writeln!(f, "The recovery key does not open this copy: use it for a drill only.")?;
        }
        Ok(())
    }
}

impl Records for Restored {
    fn records(&self) -> Vec<Vec<String>> {
        let kept = self.kept.as_ref().map(|path| path.display().to_string()).unwrap_or_default();
        vec![vec![self.backup.id.clone(), self.store.display().to_string(), kept]]
    }
}
