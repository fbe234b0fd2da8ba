//! Commands of the control socket that are the daemon's own: intake, backups, configuration. Counts
//! and ids only.

use almoner_core::changes::Changes;
use almoner_core::config::Config;
use almoner_core::control::{
    BackupEntry, BackupNamed, BackupVerified, Backups, ConfigFile, ConfigReport, Failure,
    IntakeFile as IntakeNamed, IntakeList, IntakePreview, IntakeStatus, IntakeWanted, IntakeWhich,
    Nothing, names,
};
use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::FileId;
use almoner_core::receipt::{Receipt, Status};
use almoner_core::time::Timestamp;
use almoner_frame::anew::{What, may_wish};
use almoner_frame::intake::{BY_RECEIVED, BY_STATUS, IntakeFile};
use almoner_frame::{Command, Language, Words};
use almoner_intake::Intake;
use almoner_store::backup::{self, BackupError, Outside};
use almoner_store::{Act, Desk, Key, Reader, Verb, copy};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Where the daemon's files are, for its commands.
#[derive(Clone, Debug)]
pub(crate) struct Paths {
    pub backups: PathBuf,
    /// Small files that go with every backup.
    pub small: Vec<PathBuf>,
    pub config: PathBuf,
}

/// The daemon's commands.
pub(crate) fn commands(intake: &Arc<Intake>, paths: &Paths) -> Vec<Command> {
    let (retry, preview) = (Arc::clone(intake), Arc::clone(intake));
    let (undo, reread) = (Arc::clone(intake), Arc::clone(intake));
    let (now, list, verify) = (paths.clone(), paths.clone(), paths.clone());
    let config = paths.config.clone();
    vec![
        Command::new(names::INTAKE_STATUS, |desk, _, Nothing {}| {
            Ok::<_, Failure>(desk.read(intake_status)?)
        }),
        Command::new(names::INTAKE_LIST, |desk, _, wanted: IntakeWanted| {
            let files = desk.read(|reader| receipts(reader, &wanted))?;
            Ok::<_, Failure>(IntakeList { files })
        }),
        Command::new(names::INTAKE_SHOW, |desk, _, named: IntakeNamed| {
            let file = desk.read(|reader| reader.get::<IntakeFile>(named.id))?;
            Ok::<Receipt, Failure>(file.receipt)
        }),
        Command::new(names::INTAKE_RETRY, move |desk, caller, named: IntakeNamed| {
            retry.retry(named.id, caller.act(desk, Verb("intake.retry")))?;
            Ok::<_, Failure>(Nothing {})
        }),
        Command::new(names::INTAKE_PREVIEW, move |desk, _, asked: IntakePreview| {
            previewed(desk, &preview, asked)
        }),
        Command::new(names::INTAKE_UNDO, move |desk, caller, named: IntakeNamed| {
            let act = caller.act(desk, Verb("intake.undo"));
            undo.wish(named.id, What::Undo, act).map_err(|fault| refused(desk, fault))?;
            Ok::<_, Failure>(Nothing {})
        }),
        Command::new(names::INTAKE_REREAD, move |desk, caller, which: IntakeWhich| {
            let act = caller.act(desk, Verb("intake.reread"));
            let wished = match which.id {
                Some(id) => reread.wish(id, What::Reread, act),
                None => reread.wish_older(which.all, act),
            };
            wished.map_err(|fault| refused(desk, fault))?;
            Ok::<_, Failure>(Nothing {})
        }),
        Command::new(names::BACKUP_NOW, move |desk, caller, Nothing {}| {
            back_up(desk, &now, caller.act(desk, Verb("backup.take")))
        }),
        Command::new(names::BACKUP_LIST, move |desk, _, Nothing {}| list_backups(desk, &list)),
        Command::new(names::BACKUP_VERIFY, move |desk, _, named: BackupNamed| {
            verify_backup(desk, &verify, &named.id)
        }),
        Command::new(names::CONFIG_CHECK, move |_, _, asked: ConfigFile| {
            let path = asked.path.map_or_else(|| config.clone(), PathBuf::from);
            Ok::<_, Failure>(check_config(&path))
        }),
    ]
}

/// What undoing or reading again would change: counts only.
fn previewed(desk: &Desk, intake: &Intake, asked: IntakePreview) -> Result<Changes, Failure> {
    let what = if asked.undo { What::Undo } else { What::Reread };
    let told = match asked.files.id {
        Some(id) => desk
            .read(|reader| may_wish(reader, id, what))
            .and_then(|()| intake.preview(id, what))
            .map(|preview| preview.changes),
        None => intake.preview_older(asked.files.all),
    };
    told.map_err(|fault| refused(desk, fault))
}

/// A refusal in words.
fn refused(desk: &Desk, fault: Fault) -> Failure {
    match fault {
        Fault::Refused(refusal) => {
            let words = Words::of(Language::English, desk.rules().zone);
            let said =
                refusal.problems.first().map(|(_, phrase)| words.say(phrase)).unwrap_or_default();
            Failure::new(1, "refused", said).hint("almoner intake list")
        }
        other => other.into(),
    }
}

/// Takes a backup, reads it back, and says so on the trail.
pub(crate) fn back_up(desk: &Desk, paths: &Paths, act: Act) -> Result<BackupEntry, Failure> {
    let id = free_id(desk, paths);
    let small = paths.small.iter().filter_map(|path| {
        let name = path.file_name()?.to_string_lossy().into_owned();
        Some((name, std::fs::read(path).ok()?))
    });
    let made = copy::backup_now(desk, &paths.backups, &id, &small.collect::<Vec<_>>())?;
    let identity = copy::appliance_identity(desk)?;
    let key = copy::verifier_key(desk)?;
    backup::verify(&paths.backups, &id, &key, &[identity]).map_err(failed)?;
    let written = id.clone();
    desk.write_bulk(act, move |writer| {
        writer.detail("backup", written.as_str());
        writer.witness("done");
        writer.set_meta(LAST_BACKUP, Some(written.as_bytes()));
        Ok(())
    })
    .wait()?;
    Ok(entry(&made.outside, &paths.backups, true))
}

/// Name in `meta` of the newest verified backup's id.
pub(crate) const LAST_BACKUP: &str = "last_backup";

/// How many files wait, are being read, came today, were set aside.
pub(crate) fn intake_status(reader: &Reader<'_>) -> Outcome<IntakeStatus> {
    let count = |status: Status| {
        let ids = reader.ids::<FileId>(BY_STATUS, &Key::all().number(status as u64))?;
        Outcome::Ok(ids.len() as u64)
    };
    let midnight = reader.rules().zone.day(reader.now()).and_time(chrono::NaiveTime::MIN);
    let from = Key::all().instant(reader.rules().zone.instant(midnight));
    let mut today = 0;
    let end = Key::all().number(u64::MAX);
    reader.between(BY_RECEIVED, &from, &end, &mut |_| {
        today += 1;
        Ok(true)
    })?;
    Ok(IntakeStatus {
        waiting: count(Status::Waiting)?,
        working: count(Status::Working)?,
        today,
        set_aside: count(Status::SetAside)?,
    })
}

fn receipts(reader: &Reader<'_>, wanted: &IntakeWanted) -> Outcome<Vec<Receipt>> {
    let limit =
        wanted.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    let ids = reader.ids::<FileId>(BY_RECEIVED, &Key::all())?;
    let mut found = Vec::new();
    for id in ids.into_iter().rev() {
        let receipt = reader.get::<IntakeFile>(id)?.receipt;
        if wanted.status.is_empty() || word(receipt.status) == wanted.status {
            found.push(receipt);
        }
        if found.len() >= limit {
            break;
        }
    }
    Ok(found)
}

fn word(status: Status) -> &'static str {
    match status {
        Status::Done => "done",
        Status::Partial => "partial",
        Status::SetAside => "set_aside",
        Status::Duplicate => "duplicate",
        Status::Waiting => "waiting",
        Status::Working => "working",
    }
}

fn list_backups(desk: &Desk, paths: &Paths) -> Result<Backups, Failure> {
    if !paths.backups.exists() {
        return Ok(Backups { backups: Vec::new() });
    }
    let key = copy::verifier_key(desk)?;
    let last = desk.read(|reader| reader.meta(LAST_BACKUP))?;
    let mut backups = Vec::new();
    for id in backup::list(&paths.backups).map_err(failed)?.into_iter().rev() {
        if let Ok(outside) = backup::read_manifest(&paths.backups, &id, &key) {
            let verified = last.as_deref() == Some(id.as_bytes());
            backups.push(entry(&outside, &paths.backups, verified));
        }
    }
    Ok(Backups { backups })
}

fn verify_backup(desk: &Desk, paths: &Paths, id: &str) -> Result<BackupVerified, Failure> {
    let key = copy::verifier_key(desk)?;
    let identity = copy::appliance_identity(desk)?;
    match backup::verify(&paths.backups, id, &key, &[identity]) {
        Ok(verified) => Ok(BackupVerified {
            id: id.to_owned(),
            ok: true,
            checked: verified.outside.manifest.tables.len() as u64,
            damage: Vec::new(),
        }),
        Err(BackupError::Io(cause)) if cause.kind() == std::io::ErrorKind::NotFound => {
            Err(Failure::not_found(format!("there is no backup {id}")).hint("almoner backup list"))
        }
        Err(cause) => Err(failed(cause)),
    }
}

fn failed(cause: BackupError) -> Failure {
    let failure = Failure::new(cause.exit_code(), cause.code(), cause.to_string());
    failure.hint("almoner backup now")
}

fn entry(outside: &Outside, folder: &Path, verified: bool) -> BackupEntry {
    let about = &outside.manifest.about;
    let trail = outside.manifest.tables.iter().find(|table| table.name == "trail");
    let taken = about.taken_at.parse::<Timestamp>().unwrap_or_default();
    let path = folder.join(format!("{}.backup", outside.id)).display().to_string();
    BackupEntry {
        id: outside.id.clone(),
        taken,
        bytes: outside.bytes,
        verified,
        trail_entries: trail.map_or(0, |table| table.rows),
        path,
    }
}

/// An id of the clinic's date and time that no backup has yet.
fn free_id(desk: &Desk, paths: &Paths) -> String {
    let local = desk.rules().zone.local(desk.clock().now());
    let base = local.format("%Y%m%d-%H%M%S").to_string();
    let taken = |id: &String| paths.backups.join(format!("{id}.backup")).exists();
    let numbered = (2..1000).map(|number| format!("{base}-{number}"));
    std::iter::once(base.clone()).chain(numbered).find(|id| !taken(id)).unwrap_or(base)
}

/// Checks a configuration file as the daemon would read it.
pub(crate) fn check_config(path: &Path) -> ConfigReport {
    let name = path.display().to_string();
    let errors = match std::fs::read_to_string(path) {
        Err(cause) => vec![format!("{name}: can't be read: {cause}")],
        Ok(text) => match Config::parse(&text) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.iter().map(|problem| format!("{name}:{problem}")).collect(),
        },
    };
    ConfigReport { path: name, errors }
}
