//! Backup of a store in use, and restoring one: every row of one moment goes into the backup's
//! container, and comes back into a new sealed file beside the old one.

use crate::backup::{self, About, ArchiveReader, BackupError, Made, Manifest, Part, Recipient};
use crate::check::{OLDEST_SCHEMA, SCHEMA};
use crate::desk::Desk;
use crate::engine::{self, Base, Snapshot, WriteTables, broken};
use crate::keys::{KeyRing, RecoveryKey};
use crate::sealed;
use crate::tables::Table;
use crate::trail;
use crate::unit::View;
use almoner_core::fault::{Fault, Outcome};
use almoner_trail::{Checkpoint, VerifierKey};
use redb::Database;
use std::io::BufReader;
use std::path::Path;

/// Bytes of rows that one transaction of a restore takes.
const BATCH: usize = 8 << 20;

/// Name in `meta` of the recipient that the recovery key opens.
const RECOVERY_RECIPIENT: &str = "recovery_recipient";

/// The recipient of backups that a recovery key opens; kept in the store when it is made, so that
/// nightly backups need no secret but the appliance's.
pub fn recovery_recipient(key: &RecoveryKey) -> Outcome<Recipient> {
    Ok(recovery_identity(key)?.to_public())
}

/// The age identity of a recovery key.
pub fn recovery_identity(key: &RecoveryKey) -> Outcome<backup::Identity> {
    backup::identity_from_bytes(key.secret()).map_err(broken)
}

/// Name of the setting under which [`recovery_recipient`]'s text is kept in a store.
pub fn recovery_recipient_name() -> &'static str {
    RECOVERY_RECIPIENT
}

/// Backs up one moment of a store in use into `folder`; writers go on meanwhile. Readable with the
/// recovery key and with the appliance's own. Small files (CA, configuration) go with it.
pub fn backup_now(
    desk: &Desk,
    folder: &Path,
    id: &str,
    files: &[(String, Vec<u8>)],
) -> Outcome<Made> {
    let taken_at = desk.clock().now();
    let snapshot = desk.snapshot()?;
    let view = View::Snapshot(&snapshot);
    let signer = trail::signer(&view)?;
    let head = trail::head(&view)?;
    let checkpoint = Checkpoint::of(signer.verifier_key().name(), &head).sign(&signer);
    let about = About {
        schema: SCHEMA,
        redb: "4.6".to_owned(),
        app: env!("CARGO_PKG_VERSION").to_owned(),
        taken_at: taken_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true),
        checkpoint: checkpoint.map_err(broken)?,
    };
    std::fs::create_dir_all(folder)?;
    let recipients = recipients(&snapshot)?;
    backup::create::<Filling>(folder, id, &recipients, &signer, about, |archive| {
        for (name, content) in files {
            archive.file(name, content)?;
        }
        for table in Table::ALL {
            archive.table(table.name())?;
            snapshot.scan(table, &[], None, &mut |key, value| {
                archive.row(key, value).map_err(broken)?;
                Ok(true)
            })?;
        }
        Ok(())
    })
    .map_err(|filling| filling.0)
}

/// The appliance's own identity, for reading its backups.
pub fn appliance_identity(desk: &Desk) -> Outcome<backup::Identity> {
    let secret = desk.read(|reader| reader.appliance_secret())?;
    backup::identity_from_bytes(&secret).map_err(broken)
}

/// The key that verifies this store's checkpoints and backup manifests.
pub fn verifier_key(desk: &Desk) -> Outcome<VerifierKey> {
    let snapshot = desk.snapshot()?;
    Ok(trail::signer(&View::Snapshot(&snapshot))?.verifier_key().clone())
}

/// Restores a backup into a new sealed store at `path`, which must not be there. The new file is
/// whole or absent. `small` is given each small file.
pub fn restore(
    archive: &Path,
    identity: &backup::Identity,
    path: &Path,
    keys: &KeyRing,
    small: &mut dyn FnMut(&str, &[u8]) -> Outcome<()>,
) -> Outcome<Manifest> {
    let beside = path.with_extension("restoring");
    if path.exists() {
        return Err(Fault::broken("there is a store already: restore beside it, then change over"));
    }
    let _ = std::fs::remove_file(&beside);
    let restored = restore_beside(archive, identity, &beside, keys, small);
    if restored.is_err() {
        let _ = std::fs::remove_file(&beside);
    }
    let manifest = restored?;
    std::fs::rename(&beside, path)?;
    if let Some(folder) = path.parent() {
        std::fs::File::open(folder)?.sync_all()?;
    }
    Ok(manifest)
}

fn restore_beside(
    archive: &Path,
    identity: &backup::Identity,
    beside: &Path,
    keys: &KeyRing,
    small: &mut dyn FnMut(&str, &[u8]) -> Outcome<()>,
) -> Outcome<Manifest> {
    let input = BufReader::with_capacity(256 << 10, std::fs::File::open(archive)?);
    let mut reader = ArchiveReader::open(input, std::slice::from_ref(identity)).map_err(broken)?;
    if !(OLDEST_SCHEMA..=SCHEMA).contains(&reader.about().schema) {
        return Err(Fault::broken(format!(
            "the backup has schema {}, this program knows {SCHEMA}: restore it with the program that wrote it",
            reader.about().schema
        )));
    }
    let made = sealed::create(beside, keys, 64 << 20).map_err(broken)?;
    engine::make_tables(&made.database)?;
    let mut rows = Rows { database: &made.database, table: None, waiting: Vec::new(), bytes: 0 };
    let mut whole = None;
    while let Some(part) = reader.next_part().map_err(broken)? {
        match part {
            Part::File { name, content } => small(name, content)?,
            Part::Table { name } => rows.begin(name)?,
            Part::Row { key, value } => rows.add(key, value)?,
            Part::TableEnd(_) => rows.flush()?,
            Part::End(manifest) => whole = Some(manifest.clone()),
        }
    }
    whole.ok_or_else(|| Fault::broken("the backup ends too early: it is not whole"))
}

/// Rows on their way into a new store.
struct Rows<'a> {
    database: &'a Database,
    table: Option<Table>,
    waiting: Vec<(Vec<u8>, Vec<u8>)>,
    bytes: usize,
}

impl Rows<'_> {
    fn begin(&mut self, name: &str) -> Outcome<()> {
        self.flush()?;
        let table = Table::named(name);
        self.table = Some(table.ok_or_else(|| {
            Fault::broken("the backup has a table that this program does not know")
        })?);
        Ok(())
    }

    fn add(&mut self, key: &[u8], value: &[u8]) -> Outcome<()> {
        self.bytes += key.len() + value.len();
        self.waiting.push((key.to_vec(), value.to_vec()));
        if self.bytes >= BATCH { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Outcome<()> {
        let Some(table) = self.table else { return Ok(()) };
        if self.waiting.is_empty() {
            return Ok(());
        }
        let txn = engine::begin_write(self.database)?;
        {
            let tables = WriteTables::of(&txn);
            for (key, value) in self.waiting.drain(..) {
                tables.set(table, &key, Some(&value))?;
            }
        }
        self.bytes = 0;
        txn.commit().map_err(broken)
    }
}

fn recipients(snapshot: &Snapshot) -> Outcome<Vec<Recipient>> {
    let meta = |name: &str| snapshot.get(Table::Meta, name.as_bytes());
    let mut recipients = Vec::new();
    if let Some(secret) = meta(trail::APPLIANCE)?
        && let Ok(secret) = <[u8; 32]>::try_from(secret.as_slice())
    {
        recipients.push(backup::identity_from_bytes(&secret).map_err(broken)?.to_public());
    }
    if let Some(text) = meta(RECOVERY_RECIPIENT)? {
        let text = String::from_utf8_lossy(&text).into_owned();
        recipients.push(backup::recipient_from_text(&text).map_err(broken)?);
    }
    Ok(recipients)
}

/// A fault on the way through the container's own error type.
struct Filling(Fault);

impl From<BackupError> for Filling {
    fn from(cause: BackupError) -> Self {
        Self(broken(cause))
    }
}

impl From<Fault> for Filling {
    fn from(fault: Fault) -> Self {
        Self(fault)
    }
}
