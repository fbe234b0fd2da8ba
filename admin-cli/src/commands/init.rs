//! `almoner init`: the first run. The daemon's program makes store, keys and certificates; what
//! must be kept by people, the recovery key, is shown once, here.

use super::config;
use crate::ask;
use crate::daemon;
use crate::options::{Change, Common};
use crate::report::{Records, Report};
use almoner_core::control::Failure;
use almoner_core::ids::RawId;
use almoner_store::keys::{GROUPS, RecoveryKey};
use clap::Args;
use serde::{Deserialize, Serialize};
use std::ffi::OsStr;
use std::fmt;
use std::fs::File;
use std::io::{IsTerminal, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// Options of `almoner init`.
#[derive(Args, Debug)]
pub struct Init {
    /// Write the recovery key into this new file instead of showing it
    #[arg(long, value_name = "FILE")]
    recovery_key_file: Option<PathBuf>,
    /// Do not ask for two groups of the recovery key to be typed back
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    change: Change,
}

/// What `almonerd init` prints.
#[derive(Deserialize, Serialize)]
struct Made {
    /// Absent when it was written into a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    recovery_key: Option<String>,
    store: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    recovery_key_file: Option<PathBuf>,
}

pub(crate) fn run(common: &Common, asked: &Init) -> Result<Report, Failure> {
    const SCHEMA: &str = "almoner.init/1";
    let configured = config::read(&common.config_file)?;
    let store = configured.store.folder.join("almoner.redb");
    if store.exists() {
        let what = format!("there is a store already: {}", store.display());
        return Err(Failure::failed(what).hint("almoner status"));
    }
    if asked.change.dry_run {
        let what = format!("make the store {} and its keys.", store.display());
        return Ok(Report::would(SCHEMA, what));
    }
    // The file first: a key that can't be kept must not be made.
    let file = asked.recovery_key_file.as_deref().map(new_file).transpose()?;
    let config = common.config_file.as_os_str();
    let words = [OsStr::new("--config"), config, OsStr::new("init")];
    let mut made: Made = daemon::ask(&words, None)?;
    match (file, asked.recovery_key_file.as_ref()) {
        (Some(file), Some(path)) => keep(file, path, &mut made)?,
        _ if !asked.yes && std::io::stdin().is_terminal() && !common.json => type_back(&made)?,
        _ => {}
    }
    Ok(Report::new(SCHEMA, made).then(
        "systemctl enable --now almoner, then almoner user add NAME --role lead, for the setup code",
    ))
}

fn new_file(path: &Path) -> Result<File, Failure> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true).mode(0o600).open(path).map_err(|cause| {
        Failure::failed(format!("the recovery key file {}: {cause}", path.display()))
            .hint("name a new file on a medium that is kept apart from the appliance")
    })
}

fn keep(mut file: File, path: &Path, made: &mut Made) -> Result<(), Failure> {
    let key = made.recovery_key.clone().unwrap_or_default();
    let written = writeln!(file, "{key}").and_then(|()| file.sync_all());
    if let Err(cause) = written {
        let what = format!("the recovery key could not be written: {cause}");
        // The key exists only here: better shown than lost.
        return Err(Failure::failed(what).hint(format!("write it down now:\n{key}")));
    }
    made.recovery_key = None;
    made.recovery_key_file = Some(path.to_owned());
    Ok(())
}

/// Shows the key and has two random groups typed back, so that it was written down.
fn type_back(made: &Made) -> Result<(), Failure> {
    let text = made.recovery_key.as_deref().unwrap_or_default();
    let Ok(key) = RecoveryKey::parse(text) else { return Ok(()) };
    let failed = |cause: std::io::Error| Failure::failed(cause.to_string());
    let mut out = std::io::stderr();
    writeln!(out, "Recovery key. Write it down; without it a lost machine is final:\n\n{text}\n")
        .map_err(failed)?;
    for number in two_groups() {
        loop {
            let typed = ask::line(&format!("Type group {number} of {GROUPS} back: "))?;
            if key.is_group(number, typed.trim()) {
                break;
            }
            writeln!(out, "That is not group {number}. Look again.").map_err(failed)?;
        }
    }
    Ok(())
}

/// Two different group numbers that nobody could know before.
fn two_groups() -> [usize; 2] {
    let random = RawId::random().bytes();
    let [first, second, ..] = random.map(|byte| usize::from(byte) % GROUPS);
    let second = if second == first { (second + 1) % GROUPS } else { second };
    [first + 1, second + 1]
}

impl fmt::Display for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "The appliance is made.")?;
        writeln!(f, "  store         {}", self.store)?;
        match (&self.recovery_key, &self.recovery_key_file) {
            (Some(key), _) => {
                let key = key.replace('\n', "\n                ");
                writeln!(f, "  recovery key  {key}")?;
            }
            (None, Some(file)) => writeln!(f, "  recovery key  in {}", file.display())?,
            (None, None) => {}
        }
        f.write_str("Keep the recovery key apart from the machine: without it a lost one is final.")
    }
}

impl Records for Made {
    fn records(&self) -> Vec<Vec<String>> {
        let row = |name: &str, value: &str| vec![name.to_owned(), value.to_owned()];
        let mut rows = vec![row("store", &self.store)];
        rows.extend(self.recovery_key.as_deref().map(|key| row("recovery_key", key)));
        rows
    }
}
