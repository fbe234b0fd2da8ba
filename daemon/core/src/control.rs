//! What the command line and the daemon say to each other over the control socket: arguments and
//! reports of every command, and failures with the command line's exit codes. HTTP/1.1 with JSON on
//! a Unix socket: `POST /v1/NAME`, where NAME is one of [`names`]; 200 carries the report, any other
//! status `{"error": Failure}`. Nothing here ever carries a patient's data.

use crate::fault::Fault;
use crate::ids::FileId;
use crate::receipt::Receipt;
use crate::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Names of the commands, the last part of their address.
pub mod names {
    #![allow(missing_docs)]
    pub const STATUS: &str = "status";
    pub const USER_LIST: &str = "user.list";
    pub const USER_ADD: &str = "user.add";
    pub const USER_DISABLE: &str = "user.disable";
    pub const USER_ENABLE: &str = "user.enable";
    pub const USER_RESET: &str = "user.reset";
    pub const TOKEN_LIST: &str = "token.list";
    pub const TOKEN_CREATE: &str = "token.create";
    pub const TOKEN_REVOKE: &str = "token.revoke";
    pub const TRAIL_HEAD: &str = "trail.head";
    pub const TRAIL_EXPORT: &str = "trail.export";
    pub const TRAIL_CHECKPOINTS: &str = "trail.checkpoints";
    pub const STORE_STATS: &str = "store.stats";
    pub const STORE_CHECK: &str = "store.check";
    pub const INTAKE_STATUS: &str = "intake.status";
    pub const INTAKE_LIST: &str = "intake.list";
    pub const INTAKE_SHOW: &str = "intake.show";
    pub const INTAKE_RETRY: &str = "intake.retry";
    pub const INTAKE_PREVIEW: &str = "intake.preview";
    pub const INTAKE_UNDO: &str = "intake.undo";
    pub const INTAKE_REREAD: &str = "intake.reread";
    pub const BACKUP_NOW: &str = "backup.now";
    pub const BACKUP_LIST: &str = "backup.list";
    pub const BACKUP_VERIFY: &str = "backup.verify";
    pub const CONFIG_CHECK: &str = "config.check";
    pub const CERT_STATUS: &str = "cert.status";
}

/// Why a command was not done. `exit` is the command line's exit code (`UX.md` §11).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// A short steady token.
    pub code: String,
    /// What happened, to what.
    pub message: String,
    /// What to do now; empty when there is nothing to do.
    #[serde(default)]
    pub hint: String,
    pub exit: u8,
}

impl Failure {
    /// A failure with a code of its own.
    pub fn new(exit: u8, code: &str, message: impl Into<String>) -> Self {
        Self { code: code.to_owned(), message: message.into(), hint: String::new(), exit }
    }
    /// The same with the next command to try.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = hint.into();
        self
    }
    /// 1: it did not work.
    pub fn failed(message: impl Into<String>) -> Self {
        Self::new(1, "failed", message)
    }
    /// 2: the arguments don't fit.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(2, "usage", message)
    }
    /// 4: there is no such thing.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(4, "not_found", message)
    }
    /// 5: the caller may not.
    pub fn not_allowed(message: impl Into<String>) -> Self {
        Self::new(5, "not_allowed", message)
    }
    /// 7: try again later.
    pub fn busy(message: impl Into<String>) -> Self {
        Self::new(7, "busy", message)
    }
    /// 9: store, trail or backup is damaged.
    pub fn damaged(message: impl Into<String>) -> Self {
        Self::new(9, "damaged", message)
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}
impl std::error::Error for Failure {}

impl From<Fault> for Failure {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Absent(kind) => Self::not_found(format!("there is no such {kind}")),
            Fault::Forbidden(may) => Self::not_allowed(format!("not allowed: {}", may.key())),
            other => Self::failed(other.to_string()),
        }
    }
}

/// Answer of a command that has nothing to tell, and arguments of one that takes none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nothing {}

/// Report of `status`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Status {
    pub version: String,
    pub clinic: String,
    pub url: String,
    pub started: Timestamp,
    pub now: Timestamp,
    /// `ok`, `read_only` or `failed`.
    pub state: String,
    /// People with a living session.
    pub signed_in: u64,
    pub trail_entries: u64,
    pub certificate: CertStatus,
    /// Parts that other doors report.
    #[serde(default)]
    pub intake: Option<IntakeStatus>,
    #[serde(default)]
    pub backup: Option<BackupEntry>,
    /// What somebody should look at, in words.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// Report of `cert.status`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CertStatus {
    /// Names and addresses that the certificate is for.
    pub names: Vec<String>,
    pub not_before: Timestamp,
    pub not_after: Timestamp,
    pub renews: Timestamp,
    /// SHA-256 of the clinic's own certificate authority, as devices show it.
    pub ca_fingerprint: String,
}

/// Arguments of `user.add`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UserAdd {
    /// What the person types to sign in.
    pub name: String,
    /// The person's name, for pages.
    pub display: String,
    /// `coordinator`, `lead`, `clinician`, `front_desk`, `privacy_officer`.
    pub role: String,
    /// `en` or `es`.
    #[serde(default)]
    pub language: String,
}

/// Arguments of commands about one account or token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Named {
    pub name: String,
}

/// Report of `user.add` and `user.reset`: the ticket is shown once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Ticket {
    pub name: String,
    pub ticket: String,
    pub expires: Timestamp,
    /// Page where the person uses it.
    pub path: String,
}

/// Report of `user.list`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Users {
    pub users: Vec<UserRow>,
}

/// An account.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct UserRow {
    pub id: String,
    pub name: String,
    pub display: String,
    pub role: String,
    pub language: String,
    pub disabled: bool,
    /// False until the person used the ticket.
    pub has_password: bool,
    pub sessions: u64,
    pub created: Timestamp,
}

/// Arguments of `token.create`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TokenCreate {
    pub name: String,
    /// `fhir.read`.
    pub scope: String,
}

/// Report of `token.create`: the token is shown once.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TokenCreated {
    pub id: String,
    pub name: String,
    pub scope: String,
    pub token: String,
}

/// Report of `token.list`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Tokens {
    pub tokens: Vec<TokenRow>,
}

/// A token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TokenRow {
    pub id: String,
    pub name: String,
    pub scope: String,
    pub created: Timestamp,
    pub revoked: Option<Timestamp>,
    pub last_used: Option<Timestamp>,
}

/// Report of `trail.head`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TrailHead {
    pub origin: String,
    pub size: u64,
    /// Root hash of the tree, base64.
    pub root: String,
    /// The verifier key (C2SP signed-note), to be kept elsewhere.
    pub key: String,
    /// The newest signed checkpoint.
    pub checkpoint: Option<String>,
}

/// Arguments of `trail.export`: one page of an export.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TrailExport {
    pub from: u64,
    /// Index after the last entry wanted; the trail's size when absent.
    #[serde(default)]
    pub to: Option<u64>,
}

/// Report of `trail.export`. The next page begins at `from + entries.len()`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TrailPage {
    pub origin: String,
    pub from: u64,
    /// Index after the last entry of the whole export.
    pub to: u64,
    /// Subtree roots of the compact range at `from`, for the export's header, base64.
    pub range: Vec<String>,
    /// Canonical lines.
    pub entries: Vec<String>,
}

/// Report of `trail.checkpoints`: signed notes, oldest first; the last stands at the trail's end.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Checkpoints {
    pub notes: Vec<String>,
}

/// Report of `store.stats`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StoreStats {
    /// Records by kind.
    pub records: BTreeMap<String, u64>,
    pub trail_entries: u64,
    pub read_only: bool,
}

/// Report of `store.check`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct StoreCheck {
    pub records: BTreeMap<String, u64>,
    pub index_rows: u64,
    pub loop_rows: u64,
    pub trail_entries: u64,
    pub checkpoints: u64,
    /// What is wrong; empty when all is well.
    pub damage: Vec<String>,
}

/// Report of `intake.status`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct IntakeStatus {
    pub waiting: u64,
    pub working: u64,
    /// Files finished today, and all that are set aside.
    pub today: u64,
    pub set_aside: u64,
}

/// Arguments of `intake.list`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct IntakeWanted {
    /// A status word, or empty for all.
    #[serde(default)]
    pub status: String,
    #[serde(default)]
    pub limit: Option<u64>,
}

/// Report of `intake.list` (`interface.md` §3).
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct IntakeList {
    pub files: Vec<Receipt>,
}

/// Arguments of `intake.preview`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct IntakePreview {
    /// To undo the file; else to read it again.
    pub undo: bool,
    pub files: IntakeWhich,
}

/// Which files: one, or those that an older program read, or all.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct IntakeWhich {
    #[serde(default)]
    pub id: Option<FileId>,
    #[serde(default)]
    pub all: bool,
}

/// Arguments of `intake.show`, `intake.retry` and `intake.undo`.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct IntakeFile {
    pub id: FileId,
}

/// Arguments of `backup.verify`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BackupNamed {
    pub id: String,
}

/// One backup: report of `backup.now`, row of `backup.list`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BackupEntry {
    pub id: String,
    pub taken: Timestamp,
    pub bytes: u64,
    /// Read back whole after it was written.
    pub verified: bool,
    pub trail_entries: u64,
    pub path: String,
}

/// Report of `backup.list`, newest first.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Backups {
    pub backups: Vec<BackupEntry>,
}

/// Report of `backup.verify`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct BackupVerified {
    pub id: String,
    pub ok: bool,
    pub checked: u64,
    /// What is wrong; empty when all is well.
    pub damage: Vec<String>,
}

/// Arguments of `config.check`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ConfigFile {
    /// The file to check; the running configuration's own when absent.
    #[serde(default)]
    pub path: Option<String>,
}

/// Report of `config.check`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ConfigReport {
    pub path: String,
    /// `FILE:LINE: what is wrong`.
    pub errors: Vec<String>,
}
