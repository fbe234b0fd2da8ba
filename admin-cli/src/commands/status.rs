//! `almoner status`: how the appliance is, on one screen.

use crate::appliance::Appliance;
use crate::options::Common;
use crate::report::{Records, Report, Style, WARNED, bad, bytes, counted, good, local, warn};
use almoner_core::control::{self, Failure, Nothing, names};
use clap::Args;
use serde::Serialize;
use std::fmt;
use std::io::Write;
use std::time::Duration;

/// How often `--watch` looks again.
const EVERY: Duration = Duration::from_secs(2);

/// Options of `almoner status`.
///
/// Exit codes: 0 well, 3 warnings, 1 ill, 6 no daemon.
#[derive(Args, Debug)]
pub struct Status {
    /// Look again every 2 seconds until interrupted
    #[arg(long)]
    watch: bool,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Screen(control::Status);

pub(crate) fn run(common: &Common, asked: &Status) -> Result<Report, Failure> {
    let report = look(common)?;
    if asked.watch { watch(common, report) } else { Ok(report) }
}

fn look(common: &Common) -> Result<Report, Failure> {
    let status: control::Status = Appliance::of(common).call(names::STATUS, &Nothing {})?;
    let exit = match (status.state.as_str(), status.warnings.is_empty()) {
        ("ok", true) => 0,
        ("ok", false) => WARNED,
        _ => 1,
    };
    let next = next_step(&status);
    let report = Report::new("almoner.status/1", Screen(status)).exits(exit);
    Ok(match next {
        Some(next) => report.then(next),
        None => report,
    })
}

/// Draws the screen again and again; ends when the daemon can't be asked any more.
fn watch(common: &Common, first: Report) -> Result<Report, Failure> {
    let style = Style::of(common);
    let timer = tokio::runtime::Builder::new_current_thread().enable_time().build();
    let timer = timer.map_err(|cause| Failure::failed(cause.to_string()))?;
    let mut report = first;
    loop {
        let clear = if style.speaks() { "\x1b[H\x1b[2J" } else { "" };
        let written = writeln!(std::io::stdout(), "{clear}{}", report.text(style));
        if written.is_err() {
            return Ok(report);
        }
        timer.block_on(tokio::time::sleep(EVERY));
        report = look(common)?;
    }
}

fn next_step(status: &control::Status) -> Option<&'static str> {
    if status.state != "ok" {
        return Some("almoner store check");
    }
    if status.backup.is_none() {
        return Some("almoner backup now");
    }
    let set_aside = status.intake.is_some_and(|intake| intake.set_aside > 0);
    set_aside.then_some("almoner intake list --status set_aside")
}

impl fmt::Display for Screen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let status = &self.0;
        let up = counted_time(status.now - status.started);
        let health = match (status.state.as_str(), status.warnings.len() as u64) {
            ("ok", 0) => good("● well"),
            ("ok", some) => warn(&format!("● well, {}", counted(some, "warning", "warnings"))),
            (state, _) => bad(&format!("● {state}")),
        };
        writeln!(f, "Almoner {} · {} · up {up}   {health}", status.version, status.clinic)?;
        let days = (status.certificate.not_after - status.now).num_days();
        let people = counted(status.signed_in, "person signed in", "people signed in");
        writeln!(f, "  pages     {}   certificate valid {days} days   {people}", status.url)?;
        if let Some(intake) = status.intake {
            writeln!(
                f,
                "  intake    {} today   {} waiting   {} being read   {} set aside",
                counted(intake.today, "file", "files"),
                intake.waiting,
                intake.working,
                intake.set_aside
            )?;
        }
        match &status.backup {
            Some(backup) => writeln!(
                f,
                "  backup    {}, {}{}",
                local(backup.taken),
                bytes(backup.bytes),
                if backup.verified { ", verified" } else { ", not verified" }
            )?,
            None => writeln!(f, "  backup    {}", warn("none yet"))?,
        }
        writeln!(f, "  trail     {}", counted(status.trail_entries, "entry", "entries"))?;
        status
            .warnings
            .iter()
            .try_for_each(|warning| writeln!(f, "  {}", warn(&format!("! {warning}"))))
    }
}

impl Records for Screen {
    fn records(&self) -> Vec<Vec<String>> {
        let status = &self.0;
        let row = |name: &str, value: String| vec![name.to_owned(), value];
        let intake = status.intake.unwrap_or_default();
        let mut rows = vec![
            row("state", status.state.clone()),
            row("version", status.version.clone()),
            row("clinic", status.clinic.clone()),
            row("url", status.url.clone()),
            row("signed_in", status.signed_in.to_string()),
            row("trail_entries", status.trail_entries.to_string()),
            row("intake_waiting", intake.waiting.to_string()),
            row("intake_set_aside", intake.set_aside.to_string()),
            row("backup", status.backup.as_ref().map(|last| last.id.clone()).unwrap_or_default()),
        ];
        rows.extend(status.warnings.iter().map(|warning| row("warning", warning.clone())));
        rows
    }
}

fn counted_time(length: chrono::Duration) -> String {
    match (length.num_days(), length.num_hours(), length.num_minutes()) {
        (days @ 2.., _, _) => format!("{days} days"),
        (_, hours @ 2.., _) => format!("{hours} hours"),
        (_, _, minutes) => format!("{} min", minutes.max(0)),
    }
}
