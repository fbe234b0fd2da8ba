//! `almoner config`: the configuration file, checked by the same code that the daemon reads it with.

use crate::appliance::Appliance;
use crate::options::Common;
use crate::report::{Records, Report, counted};
use almoner_core::config::Config as File;
use almoner_core::control::{ConfigFile, ConfigReport, Failure, names};
use clap::{Args, Subcommand};
use serde::Serialize;
use std::fmt;
use std::path::{Path, PathBuf};

/// What can be done with the configuration.
#[derive(Subcommand, Debug)]
pub enum Config {
    /// Check a file without putting it into use
    Check(Check),
}

/// Options of `almoner config check`.
#[derive(Args, Debug)]
pub struct Check {
    /// The file; that of the running daemon when absent
    file: Option<PathBuf>,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Checked(ConfigReport);

pub(crate) fn run(common: &Common, asked: &Config) -> Result<Report, Failure> {
    let Config::Check(Check { file }) = asked;
    let appliance = Appliance::of(common);
    let report = match file {
        Some(file) => check(file),
        None if appliance.is_running() => {
            appliance.call(names::CONFIG_CHECK, &ConfigFile::default())?
        }
        None => check(&common.config_file),
    };
    let errors = report.errors.len() as u64;
    let report = Report::new("almoner.config.check/1", Checked(report));
    if errors == 0 {
        return Ok(report);
    }
    let what = format!("{} in the configuration", counted(errors, "error", "errors"));
    let failure = Failure::new(8, "config_not_valid", what);
    Ok(report.fails(failure.hint("the running daemon keeps its present configuration")))
}

/// Reads a configuration file as the daemon would.
pub(crate) fn read(path: &Path) -> Result<File, Failure> {
    let bad = |what: String| {
        Failure::new(8, "config_not_valid", what).hint("almoner config check, or --config FILE")
    };
    let text = std::fs::read_to_string(path)
        .map_err(|cause| bad(format!("{}: can't be read: {cause}", path.display())))?;
    File::parse(&text).map_err(|problems| {
        let first = problems.first().map(ToString::to_string).unwrap_or_default();
        bad(format!("{}:{first}", path.display()))
    })
}

fn check(path: &Path) -> ConfigReport {
    let name = path.display().to_string();
    let errors = match std::fs::read_to_string(path) {
        Err(cause) => vec![format!("{name}: can't be read: {cause}")],
        Ok(text) => match File::parse(&text) {
            Ok(_) => Vec::new(),
            Err(problems) => problems.iter().map(|problem| format!("{name}:{problem}")).collect(),
        },
    };
    ConfigReport { path: name, errors }
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.errors.is_empty() {
            return write!(f, "{}: no errors.", self.0.path);
        }
        f.write_str(&self.0.errors.join("\n"))
    }
}

impl Records for Checked {
    fn records(&self) -> Vec<Vec<String>> {
        self.0.errors.iter().map(|error| vec![error.clone()]).collect()
    }
}
