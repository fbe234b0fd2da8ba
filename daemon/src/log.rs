//! Where log lines go: to journald when its socket is there, else to standard error. Ids, counts
//! and codes only; nothing here ever names a patient or a file.

use log::{LevelFilter, Log, Metadata, Record};
use std::io::Write;

struct Stderr;

/// Starts logging. Own targets at `level`; other crates only when something is wrong.
pub(crate) fn start(level: &str) {
    let level: LevelFilter = level.parse().unwrap_or(LevelFilter::Info);
    let journal = systemd_journal_logger::connected_to_journal()
        .then(systemd_journal_logger::JournalLog::new)
        .and_then(Result::ok);
    let installed = match journal {
        Some(journal) => log::set_boxed_logger(Box::new(Own(
            journal.with_syslog_identifier("almonerd".to_owned())
        ))),
        None => log::set_boxed_logger(Box::new(Own(Stderr))),
    };
    if installed.is_ok() {
        log::set_max_level(level);
    }
}

/// Passes on what our own crates say, and warnings of others.
struct Own<L>(L);

impl<L: Log> Log for Own<L> {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("almoner") || metadata.level() <= log::Level::Warn
    }
    fn log(&self, record: &Record<'_>) {
        if self.enabled(record.metadata()) {
            self.0.log(record);
        }
    }
    fn flush(&self) {
        self.0.flush();
    }
}

impl Log for Stderr {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }
    fn log(&self, record: &Record<'_>) {
        let mut fields = String::new();
        let _ = record.key_values().visit(&mut Fields(&mut fields));
        let level = record.level().as_str().to_ascii_lowercase();
        let _ = writeln!(std::io::stderr(), "{level}: {}{fields}", record.args());
    }
    fn flush(&self) {}
}

struct Fields<'a>(&'a mut String);

impl<'kvs> log::kv::VisitSource<'kvs> for Fields<'_> {
    fn visit_pair(
        &mut self,
        key: log::kv::Key<'kvs>,
        value: log::kv::Value<'kvs>,
    ) -> Result<(), log::kv::Error> {
        use std::fmt::Write;
        let _ = write!(self.0, " {key}={value}");
        Ok(())
    }
}
