//! The configuration file: its keys, their defaults and bounds. Read by the daemon and checked by
//! the command line, by the same code.

use serde::Deserialize;
use std::path::PathBuf;

/// The whole configuration. Every key has a default; `config/reference.toml` tells each one.
#[derive(Clone, Debug, PartialEq, Eq, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    pub clinic: Clinic,
    pub listen: Listen,
    pub store: Store,
    pub keys: Keys,
    pub intake: Intake,
    pub session: Session,
    pub backup: Backup,
    pub log: Log,
}

/// Who we are and what time it is here.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Clinic {
    pub name: String,
    /// IANA name of the clinic's time zone.
    pub zone: String,
    /// Identifier system (URI) of the clinic's own record numbers: shown first.
    pub record_number_system: String,
}

/// Where pages are served.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Listen {
    /// Address and port.
    pub address: String,
    /// Names and addresses under which browsers reach it; the first is the page's own.
    pub names: Vec<String>,
}

/// Memory for pages of the store, in MiB, where nothing else is set: with it the import of 1 GB into an
/// empty store stays below 200 MB (`tests/load`, large).
pub const CACHE_MIB: u64 = 48;

/// Where the store is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Store {
    /// The state folder: `almoner.redb`, `intake/`, `outbox/`, `backup/` are below it.
    pub folder: PathBuf,
    pub cache_mib: u64,
}

/// Where the appliance's key comes from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Keys {
    /// Name of the systemd credential that holds the key (32 bytes).
    pub credential: String,
    /// A file with the key, where there is no systemd; empty: none.
    pub file: PathBuf,
}

/// How dropped files are taken.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Intake {
    /// Seconds a file must be still before it is taken.
    pub still_seconds: u64,
    /// Days that held copies and receipts stay in `done/` and `set-aside/`.
    pub retention_days: u32,
    /// Memory that the reader of a file may take, and seconds in which it must have read it.
    pub reader_memory_mib: u64,
    pub reader_seconds: u64,
    /// A file of so many MiB is read whole; a larger one piece by piece, where its format allows that.
    pub whole_mib: u64,
    /// What an archive may hold: files, MiB of everything unpacked, growth, archives in archives.
    pub archive_files: u64,
    pub archive_mib: u64,
    pub archive_ratio: u64,
    pub archive_depth: u64,
}

/// When a person is signed out.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Session {
    pub idle_minutes: u64,
    pub absolute_hours: u64,
}

/// Backups.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Backup {
    /// Where they go; relative to the state folder.
    pub folder: PathBuf,
    /// Clinic time of the nightly backup, `HH:MM`; empty: none.
    pub at: String,
}

/// What is logged.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Log {
    /// `error`, `warn`, `info` or `debug`.
    pub level: String,
}

impl Default for Clinic {
    fn default() -> Self {
        Self {
            name: "Clinic".into(),
            zone: "America/New_York".into(),
            record_number_system: String::new(),
        }
    }
}

impl Default for Listen {
    fn default() -> Self {
        Self { address: "0.0.0.0:443".into(), names: vec!["almoner.home.arpa".into()] }
    }
}

impl Default for Store {
    fn default() -> Self {
        Self { folder: "/var/lib/almoner".into(), cache_mib: CACHE_MIB }
    }
}

impl Default for Keys {
    fn default() -> Self {
        Self { credential: "almoner.kek".into(), file: PathBuf::new() }
    }
}

impl Default for Intake {
    fn default() -> Self {
        Self {
            still_seconds: 2,
            retention_days: 7,
            reader_memory_mib: 512,
            reader_seconds: 60,
            whole_mib: 64,
            archive_files: 10_000,
            archive_mib: 2048,
            archive_ratio: 100,
            archive_depth: 2,
        }
    }
}

impl Default for Session {
    fn default() -> Self {
        Self { idle_minutes: 15, absolute_hours: 12 }
    }
}

impl Default for Backup {
    fn default() -> Self {
        Self { folder: "backup".into(), at: "02:10".into() }
    }
}

impl Default for Log {
    fn default() -> Self {
        Self { level: "info".into() }
    }
}

/// What is wrong with a configuration file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigProblem {
    /// From 1; 0 when the line is not known.
    pub line: usize,
    /// What is wrong and what to do.
    pub message: String,
}

impl std::fmt::Display for ConfigProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.line > 0 {
            write!(f, "{}: ", self.line)?;
        }
        f.write_str(&self.message)
    }
}

impl Config {
    /// Reads and checks a configuration file.
    pub fn parse(text: &str) -> Result<Self, Vec<ConfigProblem>> {
        let config: Self = toml::from_str(text).map_err(|cause| {
            let line = cause.span().map_or(0, |span| line_of(text, span.start));
            vec![ConfigProblem { line, message: cause.message().to_owned() }]
        })?;
        let problems = config.problems(text);
        if problems.is_empty() { Ok(config) } else { Err(problems) }
    }

    fn problems(&self, text: &str) -> Vec<ConfigProblem> {
        let mut problems = Vec::new();
        let mut check = |section: &str, key: &str, bad: bool, what: String| {
            if bad {
                let line = line_of_key(text, section, key);
                problems.push(ConfigProblem { line, message: format!("{section}.{key} {what}") });
            }
        };
        let zone = crate::time::Zone::named(&self.clinic.zone);
        let what = format!(
            "= \"{}\" is no time zone: write a name such as America/Chicago",
            self.clinic.zone
        );
        check("clinic", "zone", zone.is_none(), what);
        let address = self.listen.address.parse::<std::net::SocketAddr>();
        let what = "is no address with a port: write one such as 0.0.0.0:443".to_owned();
        check("listen", "address", address.is_err(), what);
        let what = "is empty: name the address that browsers use".to_owned();
        check("listen", "names", self.listen.names.is_empty(), what);
        let mut within = |section: &str, key: &str, value: u64, low: u64, high: u64| {
            let what = format!("= {value} is outside {low} to {high}");
            check(section, key, !(low..=high).contains(&value), what);
        };
        within("store", "cache_mib", self.store.cache_mib, 8, 512);
        within("intake", "still_seconds", self.intake.still_seconds, 1, 3600);
        within("intake", "retention_days", self.intake.retention_days.into(), 0, 365);
        within("intake", "reader_memory_mib", self.intake.reader_memory_mib, 256, 4096);
        within("intake", "reader_seconds", self.intake.reader_seconds, 10, 3600);
        within("intake", "whole_mib", self.intake.whole_mib, 8, 1024);
        within("intake", "archive_files", self.intake.archive_files, 1, 100_000);
        within("intake", "archive_mib", self.intake.archive_mib, 16, 65_536);
        within("intake", "archive_ratio", self.intake.archive_ratio, 10, 10_000);
        within("intake", "archive_depth", self.intake.archive_depth, 1, 5);
        within("session", "idle_minutes", self.session.idle_minutes, 2, 30);
        within("session", "absolute_hours", self.session.absolute_hours, 1, 24);
        let at = &self.backup.at;
        let bad = !at.is_empty() && chrono::NaiveTime::parse_from_str(at, "%H:%M").is_err();
        check("backup", "at", bad, format!("= \"{at}\" is no time: write one such as 02:10"));
        let levels = ["error", "warn", "info", "debug"];
        let bad = !levels.contains(&self.log.level.as_str());
        check("log", "level", bad, format!("is none of {}", levels.join(", ")));
        problems
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    text.get(..offset).map_or(0, |before| before.matches('\n').count() + 1)
}

/// The line on which a key of a section is written; 0 when it is not.
fn line_of_key(text: &str, section: &str, key: &str) -> usize {
    let mut within = "";
    for (number, line) in (1..).zip(text.lines()) {
        let line = line.trim();
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            within = name.trim();
        } else if within == section && line.split('=').next().is_some_and(|k| k.trim() == key) {
            return number;
        }
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_out_of_bounds_is_named_with_its_line() {
        let problems = Config::parse("[session]\n# long\nidle_minutes = 45\n").unwrap_err();
        assert_eq!(problems.len(), 1);
        assert_eq!(problems[0].to_string(), "3: session.idle_minutes = 45 is outside 2 to 30");
    }

    #[test]
    fn an_unknown_key_is_refused_with_its_line() {
        let problems = Config::parse("[clinic]\nname = \"x\"\ncolour = 1\n").unwrap_err();
        assert_eq!(problems[0].line, 3);
        assert!(problems[0].message.contains("colour"));
    }

    #[test]
    fn an_empty_file_is_the_defaults() {
        assert_eq!(Config::parse("").unwrap(), Config::default());
    }
}
