//! `almoner backup`: takes, lists and verifies backups. With `--folder` on copies that lie
//! elsewhere, without a daemon.

use crate::appliance::Appliance;
use crate::ask;
use crate::options::{Change, Common};
use crate::progress::Progress;
use crate::report::{Records, Report, WARNED, bytes, columns, iso, local};
use almoner_core::control::{
    BackupEntry, BackupNamed, BackupVerified, Backups, Failure, Nothing, TrailHead, names,
};
use almoner_core::time::Timestamp;
use almoner_store::backup::{self, BackupError, Outside};
use almoner_store::copy;
use almoner_trail::{Note, VerifierKey};
use clap::{Args, Subcommand};
use serde::Serialize;
use std::fmt;
use std::path::{Path, PathBuf};

/// What can be done with backups.
#[derive(Subcommand, Debug)]
pub enum Backup {
    /// Take a backup now and read it back
    Now(Change),
    /// All backups, newest first
    List(List),
    /// Read a backup again and compare every part with its signed manifest
    Verify(Verify),
}

/// Options of `almoner backup list`.
#[derive(Args, Debug)]
pub struct List {
    /// List this folder of copies instead of the appliance's own
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// The clinic's public key, or a file with it: believe only manifests it has signed
    #[arg(long, value_name = "KEY-or-FILE")]
    key: Option<String>,
}

/// Options of `almoner backup verify`.
#[derive(Args, Debug)]
pub struct Verify {
    /// The backup; the newest when absent
    id: Option<String>,
    /// The folder of copies it lies in, instead of the appliance's own
    #[arg(long, value_name = "DIR")]
    folder: Option<PathBuf>,
    /// The clinic's public key, or a file with it; asked of the daemon when absent
    #[arg(long, value_name = "KEY-or-FILE", requires = "folder")]
    key: Option<String>,
    /// Decrypt and compare the content too, with the recovery key of this file
    #[arg(long, value_name = "FILE", requires = "folder")]
    recovery_key_file: Option<PathBuf>,
    /// Decrypt and compare the content too, with the recovery key typed at the terminal
    #[arg(long, requires = "folder", conflicts_with = "recovery_key_file")]
    recovery_key: bool,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Taken(BackupEntry);

#[derive(Serialize)]
#[serde(transparent)]
struct Listed(Backups);

#[derive(Serialize)]
#[serde(transparent)]
struct Verified(BackupVerified);

pub(crate) fn run(common: &Common, asked: Backup) -> Result<Report, Failure> {
    let appliance = Appliance::of(common);
    match asked {
        Backup::Now(change) => now(common, &appliance, change),
        Backup::List(List { folder: None, .. }) => {
            let backups = appliance.call(names::BACKUP_LIST, &Nothing {})?;
            Ok(Report::new("almoner.backup.list/1", Listed(backups)))
        }
        Backup::List(List { folder: Some(folder), key }) => {
            let key = key.as_deref().map(public_key).transpose()?;
            list_folder(&folder, key.as_ref())
        }
        Backup::Verify(asked) => verify(common, &appliance, asked),
    }
}

fn now(common: &Common, appliance: &Appliance, change: Change) -> Result<Report, Failure> {
    const SCHEMA: &str = "almoner.backup.now/1";
    if change.dry_run {
        return Ok(Report::would(SCHEMA, "take a backup and read it back."));
    }
    let shown = Progress::spinner(common, "Taking a backup and reading it back");
    let taken: BackupEntry = appliance.call(names::BACKUP_NOW, &Nothing {})?;
    drop(shown);
    let next = format!("almoner restore plan {}", taken.id);
    Ok(Report::new(SCHEMA, Taken(taken)).then(next))
}

fn list_folder(folder: &Path, key: Option<&VerifierKey>) -> Result<Report, Failure> {
    let ids = backup::list(folder).map_err(|cause| failed(&cause))?;
    let mut backups = Vec::new();
    let mut doubtful = false;
    for id in ids.into_iter().rev() {
        match read_outside(folder, &id, key) {
            Ok(outside) => backups.push(entry(&outside, folder)),
            Err(_) => doubtful = true,
        }
    }
    let report = Report::new("almoner.backup.list/1", Listed(Backups { backups }));
    Ok(if doubtful {
        report.exits(WARNED).then("almoner backup verify ID --folder …: a manifest is not sound")
    } else {
        report
    })
}

fn verify(common: &Common, appliance: &Appliance, asked: Verify) -> Result<Report, Failure> {
    let Verify { id, folder, key, recovery_key_file, recovery_key } = asked;
    let shown = Progress::spinner(common, "Reading the backup");
    let (id, outcome) = if let Some(folder) = &folder {
        let id = id.map_or_else(|| newest(folder), Ok)?;
        let key = match key {
            Some(key) => public_key(&key)?,
            None => key_of(appliance).ok_or_else(|| {
                Failure::usage("without the clinic's public key nothing can be verified")
                    .hint("--key KEY-or-FILE, as printed by 'almoner trail head'")
            })?,
        };
        let identity = if recovery_key || recovery_key_file.is_some() {
            let key = ask::recovery_key(recovery_key_file.as_deref())?;
            let identity = copy::recovery_identity(&key);
            vec![identity.map_err(|fault| Failure::failed(fault.to_string()))?]
        } else {
            Vec::new()
        };
        let outcome = backup::verify(folder, &id, &key, &identity);
        (id, outcome.map(|found| parts(&found)).map_err(|cause| failed(&cause)))
    } else {
        let id = id.map_or_else(|| newest_of(appliance), Ok)?;
        let answer = appliance.call(names::BACKUP_VERIFY, &BackupNamed { id: id.clone() });
        (id, answer.map(|found: BackupVerified| found.checked))
    };
    drop(shown);
    report(id, outcome)
}

/// The report of a verification; damage is both a report and a failure.
fn report(id: String, outcome: Result<u64, Failure>) -> Result<Report, Failure> {
    const SCHEMA: &str = "almoner.backup.verify/1";
    match outcome {
        Ok(checked) => {
            let next = format!("almoner restore plan {id}");
            let found = BackupVerified { id, ok: true, checked, damage: Vec::new() };
            Ok(Report::new(SCHEMA, Verified(found)).then(next))
        }
        Err(failure) if failure.exit == 9 => {
            let damage = vec![failure.message.clone()];
            let found = BackupVerified { id, ok: false, checked: 0, damage };
            Ok(Report::new(SCHEMA, Verified(found)).fails(failure))
        }
        Err(failure) => Err(failure),
    }
}

fn parts(verified: &backup::Verified) -> u64 {
    let manifest = &verified.outside.manifest;
    if verified.content { (manifest.tables.len() + manifest.files.len()) as u64 } else { 1 }
}

/// The newest backup of a folder: ids begin with their date.
pub(crate) fn newest(folder: &Path) -> Result<String, Failure> {
    let mut ids = backup::list(folder).map_err(|cause| failed(&cause))?;
    ids.pop().ok_or_else(none_yet)
}

fn newest_of(appliance: &Appliance) -> Result<String, Failure> {
    let all: Backups = appliance.call(names::BACKUP_LIST, &Nothing {})?;
    all.backups.into_iter().next().map(|entry| entry.id).ok_or_else(none_yet)
}

fn none_yet() -> Failure {
    Failure::not_found("there is no backup yet").hint("almoner backup now")
}

/// The note beside a backup. Without a key it is read but not believed.
pub(crate) fn read_outside(
    folder: &Path,
    id: &str,
    key: Option<&VerifierKey>,
) -> Result<Outside, Failure> {
    if let Some(key) = key {
        return backup::read_manifest(folder, id, key).map_err(|cause| missing(&cause, id));
    }
    let path = folder.join(format!("{id}.manifest"));
    let text =
        std::fs::read_to_string(&path).map_err(|cause| missing(&BackupError::Io(cause), id))?;
    let bad = |what: &dyn fmt::Display| {
        Failure::damaged(format!("the manifest {}: {what}", path.display()))
    };
    let note = Note::parse(&text).map_err(|cause| bad(&cause))?;
    serde_json::from_str(note.text()).map_err(|cause| bad(&cause))
}

/// The public key given, or read from a file.
pub(crate) fn public_key(given: &str) -> Result<VerifierKey, Failure> {
    if let Ok(key) = given.parse() {
        return Ok(key);
    }
    let wrong = |why: &dyn fmt::Display| {
        Failure::usage(format!("--key is neither a public key nor a file that holds one: {why}"))
            .hint("the key is one line, printed by 'almoner trail head'")
    };
    let text = std::fs::read_to_string(given).map_err(|cause| wrong(&cause))?;
    text.trim().parse().map_err(|cause| wrong(&cause))
}

/// The public key of the running appliance.
pub(crate) fn key_of(appliance: &Appliance) -> Option<VerifierKey> {
    if !appliance.is_running() {
        return None;
    }
    let head: TrailHead = appliance.call(names::TRAIL_HEAD, &Nothing {}).ok()?;
    head.key.parse().ok()
}

/// A backup error with its exit code.
pub(crate) fn failed(cause: &BackupError) -> Failure {
    let failure = Failure::new(cause.exit_code(), cause.code(), cause.to_string());
    if cause.exit_code() == 9 { failure.hint("almoner backup now") } else { failure }
}

fn missing(cause: &BackupError, id: &str) -> Failure {
    match cause {
        BackupError::Io(io) if io.kind() == std::io::ErrorKind::NotFound => {
            Failure::not_found(format!("there is no backup {id}")).hint("almoner backup list")
        }
        cause => failed(cause),
    }
}

/// A backup as its manifest tells it.
pub(crate) fn entry(outside: &Outside, folder: &Path) -> BackupEntry {
    let about = &outside.manifest.about;
    let trail = outside.manifest.tables.iter().find(|table| table.name == "trail");
    BackupEntry {
        id: outside.id.clone(),
        taken: about.taken_at.parse::<Timestamp>().unwrap_or_default(),
        bytes: outside.bytes,
        verified: false,
        trail_entries: trail.map_or(0, |table| table.rows),
        path: folder.join(format!("{}.backup", outside.id)).display().to_string(),
    }
}

impl fmt::Display for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let BackupEntry { id, bytes: size, verified, path, .. } = &self.0;
        let read = if *verified { " and read back" } else { "" };
        write!(f, "Saved {id} ({}){read}: {path}", bytes(*size))
    }
}

impl Records for Taken {
    fn records(&self) -> Vec<Vec<String>> {
        vec![record(&self.0)]
    }
}

fn record(entry: &BackupEntry) -> Vec<String> {
    vec![
        entry.id.clone(),
        iso(entry.taken),
        entry.bytes.to_string(),
        entry.verified.to_string(),
        entry.trail_entries.to_string(),
        entry.path.clone(),
    ]
}

impl fmt::Display for Listed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.backups.is_empty() {
            return f.write_str("No backups yet.");
        }
        let head = ["backup", "taken", "size", "trail entries", "read back"];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        rows.extend(self.0.backups.iter().map(|entry| {
            vec![
                entry.id.clone(),
                local(entry.taken),
                bytes(entry.bytes),
                entry.trail_entries.to_string(),
                if entry.verified { "yes".into() } else { "not lately".into() },
            ]
        }));
        f.write_str(&columns(&rows))
    }
}

impl Records for Listed {
    fn records(&self) -> Vec<Vec<String>> {
        self.0.backups.iter().map(record).collect()
    }
}

impl fmt::Display for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let BackupVerified { id, ok, checked, damage } = &self.0;
        if *ok {
            return write!(f, "{id}: sound, {checked} parts compared.");
        }
        write!(f, "{id}: damaged: {}", damage.join("; "))
    }
}

impl Records for Verified {
    fn records(&self) -> Vec<Vec<String>> {
        let BackupVerified { id, ok, checked, damage } = &self.0;
        vec![vec![id.clone(), ok.to_string(), checked.to_string(), damage.join("; ")]]
    }
}
