//! Progress of long work: a bar or a turning sign on a terminal, JSON lines with `--json`, nothing
//! for `-q` or where nobody looks.

use crate::options::Common;
use indicatif::{ProgressBar, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::time::Duration;

/// Shows how far some work is until it is dropped.
pub(crate) struct Progress {
    bar: Option<ProgressBar>,
    json: bool,
    what: &'static str,
}

impl Progress {
    /// Work of unknown length.
    pub(crate) fn spinner(common: &Common, what: &'static str) -> Self {
        let progress = Self::new(common, what, None);
        if let Some(bar) = &progress.bar {
            bar.enable_steady_tick(Duration::from_millis(200));
        }
        progress
    }

    /// Work of a known number of steps.
    pub(crate) fn bar(common: &Common, what: &'static str, total: u64) -> Self {
        Self::new(common, what, Some(total))
    }

    fn new(common: &Common, what: &'static str, total: Option<u64>) -> Self {
        let terminal = std::io::stderr().is_terminal() && !common.quiet && !common.json;
        let bar = terminal.then(|| match total {
            Some(total) => ProgressBar::new(total).with_style(style(
                "{msg}  [{bar:24}] {percent:>3} %  {human_pos} of {human_len}  {eta} left",
            )),
            None => ProgressBar::new_spinner().with_style(style("{spinner} {msg}  {elapsed}")),
        });
        let bar = bar.map(|bar| bar.with_message(what));
        Self { bar, json: common.json && !common.quiet && total.is_some(), what }
    }

    /// Says how many steps of how many are done.
    pub(crate) fn at(&self, done: u64, total: u64) {
        if let Some(bar) = &self.bar {
            bar.set_position(done);
        }
        if self.json {
            let line = serde_json::json!({
                "progress": { "what": self.what, "done": done, "total": total }
            });
            // Progress is a courtesy: who does not read it loses nothing.
            let _ = writeln!(std::io::stderr(), "{line}");
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}
