//! `almoner store`: what the store holds and whether it is sound. Asks the daemon; where none runs,
//! the check is done by the daemon's program on the closed store.

use crate::appliance::Appliance;
use crate::daemon;
use crate::options::Common;
use crate::progress::Progress;
use crate::report::{Records, Report, columns, counted};
use almoner_core::control::{Failure, Nothing, StoreCheck, StoreStats, names};
use clap::{Args, Subcommand};
use serde::Serialize;
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};

/// What can be asked about the store.
#[derive(Subcommand, Debug)]
pub enum Store {
    /// Compare every index, loop and trail entry with what the records say
    Check(Check),
    /// How many records of which kind
    Stats,
}

/// Options of `almoner store check`.
#[derive(Args, Debug)]
pub struct Check {
    /// Check the closed store of this folder (a restored one, a demonstration's)
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Checked(StoreCheck);

#[derive(Serialize)]
#[serde(transparent)]
struct Stats(StoreStats);

pub(crate) fn run(common: &Common, asked: Store) -> Result<Report, Failure> {
    match asked {
        Store::Stats => {
            let stats = Appliance::of(common).call(names::STORE_STATS, &Nothing {})?;
            Ok(Report::new("almoner.store.stats/1", Stats(stats)))
        }
        Store::Check(Check { dir }) => {
            let found = check(common, dir.as_deref())?;
            let damage = found.damage.len() as u64;
            let report = Report::new("almoner.store.check/1", Checked(found));
            if damage == 0 {
                return Ok(report);
            }
            let what = format!("the store has {}", counted(damage, "damage", "damages"));
            let failure = Failure::new(9, "store_damaged", what);
            Ok(report.fails(failure.hint("almoner backup list, then almoner restore plan BACKUP")))
        }
    }
}

/// The daemon's check, or that of its program where no daemon runs.
pub(crate) fn check(common: &Common, dir: Option<&Path>) -> Result<StoreCheck, Failure> {
    let _shown = Progress::spinner(common, "Checking the store");
    let appliance = Appliance::of(common);
    if let Some(dir) = dir {
        return closed(&[OsStr::new("check"), OsStr::new("--dir"), dir.as_os_str()]);
    }
    if appliance.is_running() {
        return appliance.call(names::STORE_CHECK, &Nothing {});
    }
    let config = common.config_file.as_os_str();
    closed(&[OsStr::new("--config"), config, OsStr::new("check")])
}

/// Damage is an answer too: exit code 9 comes with a report.
fn closed(words: &[&OsStr]) -> Result<StoreCheck, Failure> {
    daemon::ask(words, Some(9))
}

fn by_kind(records: &BTreeMap<String, u64>) -> Vec<Vec<String>> {
    records.iter().map(|(kind, count)| vec![kind.clone(), count.to_string()]).collect()
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let StoreCheck { records, index_rows, loop_rows, trail_entries, checkpoints, damage } =
            &self.0;
        let all: u64 = records.values().sum();
        writeln!(
            f,
            "{}, {index_rows} index rows, {loop_rows} loop rows, {}, {}.",
            counted(all, "record", "records"),
            counted(*trail_entries, "trail entry", "trail entries"),
            counted(*checkpoints, "checkpoint", "checkpoints"),
        )?;
        if damage.is_empty() {
            return f.write_str("All of it agrees.");
        }
        damage.iter().try_for_each(|what| writeln!(f, "damage: {what}"))
    }
}

impl Records for Checked {
    fn records(&self) -> Vec<Vec<String>> {
        let mut rows = by_kind(&self.0.records);
        rows.push(vec!["index_rows".into(), self.0.index_rows.to_string()]);
        rows.push(vec!["loop_rows".into(), self.0.loop_rows.to_string()]);
        rows.push(vec!["trail_entries".into(), self.0.trail_entries.to_string()]);
        rows.extend(self.0.damage.iter().map(|what| vec!["damage".into(), what.clone()]));
        rows
    }
}

impl fmt::Display for Stats {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&columns(&by_kind(&self.0.records)))?;
        write!(f, "{}", counted(self.0.trail_entries, "trail entry", "trail entries"))?;
        if self.0.read_only {
            f.write_str("\nread-only: the disk is nearly full")?;
        }
        Ok(())
    }
}

impl Records for Stats {
    fn records(&self) -> Vec<Vec<String>> {
        let mut rows = by_kind(&self.0.records);
        rows.push(vec!["trail_entries".into(), self.0.trail_entries.to_string()]);
        rows
    }
}
