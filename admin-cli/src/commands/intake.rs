//! `almoner intake`: files that were dropped, and what became of them. Counts, codes and ids only.

mod anew;

use crate::appliance::Appliance;
use crate::options::{Change, Common, Loss};
use crate::report::{Records, Report, WARNED, bytes, columns, counted, iso, local};
use almoner_core::control::{
    Failure, IntakeFile, IntakeList, IntakeStatus, IntakeWanted, Nothing, names,
};
use almoner_core::ids::FileId;
use almoner_core::receipt::Receipt;
use clap::{Args, Subcommand};
use serde::Serialize;
use std::fmt;

/// What can be done with dropped files.
#[derive(Subcommand, Debug)]
pub enum Intake {
    /// How many files wait, are being read, were set aside
    Status,
    /// Receipts, newest first
    List(List),
    /// One receipt, whole
    Show(One),
    /// Read a set-aside or partial file again
    Retry(Retry),
    /// Take a file back as a whole, as if it had never come; says first what that changes
    ///
    /// What only this file said goes. What other files say too stays and is theirs. What it had
    /// replaced speaks again. People's work stays: tasks, contacts, decisions, and the patients they
    /// are about. The file's bytes stay; dropped again, it is taken in anew. An archive or a set is
    /// taken back as a whole.
    Undo(Undo),
    /// Read stored files again with this version; says first what that changes
    ///
    /// Without an id: all files that an older version read. Nothing that people did is touched.
    Reread(Reread),
}

/// Options of `almoner intake list`.
#[derive(Args, Debug)]
pub struct List {
    /// Only files of this status
    #[arg(long, value_parser = ["done", "partial", "set_aside", "duplicate", "waiting", "working"])]
    status: Option<String>,
    /// At most so many
    #[arg(long, value_name = "COUNT")]
    limit: Option<u64>,
}

/// A file by its receipt's id.
#[derive(Args, Debug)]
pub struct One {
    /// The receipt's id
    id: String,
}

/// Options of `almoner intake retry`.
#[derive(Args, Debug)]
pub struct Retry {
    /// The receipt's id
    id: String,
    #[command(flatten)]
    change: Change,
}

/// Options of `almoner intake undo`.
#[derive(Args, Debug)]
pub struct Undo {
    /// The receipt's id
    id: String,
    #[command(flatten)]
    loss: Loss,
}

/// Options of `almoner intake reread`.
#[derive(Args, Debug)]
pub struct Reread {
    /// The receipt's id; without it, all files that an older version read
    id: Option<String>,
    /// Every file, also those that this version read
    #[arg(long, conflicts_with = "id")]
    all: bool,
    /// Only say what would change
    #[arg(long)]
    preview: bool,
    #[command(flatten)]
    loss: Loss,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Counts(IntakeStatus);

#[derive(Serialize)]
#[serde(transparent)]
struct Files(IntakeList);

#[derive(Serialize)]
#[serde(transparent)]
struct Shown(Receipt);

pub(crate) fn run(common: &Common, asked: Intake) -> Result<Report, Failure> {
    let appliance = Appliance::of(common);
    match asked {
        Intake::Status => {
            let status: IntakeStatus = appliance.call(names::INTAKE_STATUS, &Nothing {})?;
            let report = Report::new("almoner.intake.status/1", Counts(status));
            if status.set_aside == 0 {
                return Ok(report);
            }
            Ok(report.exits(WARNED).then("almoner intake list --status set_aside"))
        }
        Intake::List(List { status, limit }) => {
            let wanted = IntakeWanted { status: status.unwrap_or_default(), limit };
            let files = appliance.call(names::INTAKE_LIST, &wanted)?;
            Ok(Report::new("almoner.intake.list/1", Files(files)))
        }
        Intake::Show(One { id }) => {
            let receipt = show(&appliance, &id)?;
            Ok(Report::new("almoner.intake.show/1", Shown(receipt)))
        }
        Intake::Retry(Retry { id, change }) => {
            const SCHEMA: &str = "almoner.intake.retry/1";
            let receipt = show(&appliance, &id)?;
            if change.dry_run {
                let what = format!("read {id} again; it is {} now.", word(&receipt.status));
                return Ok(Report::would(SCHEMA, what));
            }
            let Nothing {} = appliance.call(names::INTAKE_RETRY, &IntakeFile { id: receipt.id })?;
            Ok(Report::said(SCHEMA, format!("{id} is read again."))
                .then(format!("almoner intake show {id}")))
        }
        Intake::Undo(asked) => anew::undo(&appliance, &asked),
        Intake::Reread(asked) => anew::reread(&appliance, &asked),
    }
}

fn show(appliance: &Appliance, id: &str) -> Result<Receipt, Failure> {
    let known = FileId::parse(id).ok_or_else(|| {
        Failure::usage(format!("{id} is no id of a receipt")).hint("almoner intake list")
    })?;
    let found: Result<Receipt, Failure> =
        appliance.call(names::INTAKE_SHOW, &IntakeFile { id: known });
    found.map_err(|failure| match failure.exit {
        4 => Failure::not_found(format!("there is no receipt {id}")).hint("almoner intake list"),
        _ => failure,
    })
}

/// The word that stands for a value in JSON: `set_aside`, `medication`.
fn word(value: &impl Serialize) -> String {
    let word = serde_json::to_value(value).ok();
    word.and_then(|word| word.as_str().map(str::to_owned)).unwrap_or_default()
}

fn new_facts(receipt: &Receipt) -> u64 {
    receipt.facts.values().map(|counts| u64::from(counts.new)).sum()
}

impl fmt::Display for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let IntakeStatus { waiting, working, today, set_aside } = self.0;
        let today = counted(today, "file", "files");
        write!(f, "{today} today, {waiting} waiting, {working} being read, {set_aside} set aside.")
    }
}

impl Records for Counts {
    fn records(&self) -> Vec<Vec<String>> {
        let IntakeStatus { waiting, working, today, set_aside } = self.0;
        let row = |name: &str, count: u64| vec![name.to_owned(), count.to_string()];
        vec![
            row("waiting", waiting),
            row("working", working),
            row("today", today),
            row("set_aside", set_aside),
        ]
    }
}

impl fmt::Display for Files {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.files.is_empty() {
            return f.write_str("No files.");
        }
        let head = ["received", "status", "what", "people", "new facts", "problems", "id", "name"];
        let mut rows = vec![head.map(str::to_owned).to_vec()];
        rows.extend(self.0.files.iter().map(|file| {
            vec![
                local(file.received),
                word(&file.status),
                kind_of(file),
                file.patients.len().to_string(),
                new_facts(file).to_string(),
                file.problems.len().to_string(),
                file.id.to_string(),
                file.name.clone(),
            ]
        }));
        f.write_str(&columns(&rows))
    }
}

impl Records for Files {
    fn records(&self) -> Vec<Vec<String>> {
        let row = |file: &Receipt| {
            vec![
                file.id.to_string(),
                iso(file.received),
                word(&file.status),
                kind_of(file),
                file.patients.len().to_string(),
                new_facts(file).to_string(),
                file.problems.len().to_string(),
                file.name.clone(),
            ]
        };
        self.0.files.iter().map(row).collect()
    }
}

fn kind_of(file: &Receipt) -> String {
    let parts = [file.format.as_str(), file.version.as_str(), file.document.as_str()];
    let known: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if known.is_empty() { "?".to_owned() } else { known.join(" ") }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = &self.0;
        writeln!(f, "{}  {}  {}", file.name, word(&file.status), kind_of(file))?;
        writeln!(f, "  id        {}", file.id)?;
        writeln!(f, "  sha256    {}  {}", file.sha256, bytes(file.bytes))?;
        let finished = file.finished.map_or_else(|| "not yet".to_owned(), local);
        writeln!(f, "  received  {}   finished {finished}", local(file.received))?;
        if !file.source.is_empty() || !file.software.is_empty() {
            writeln!(f, "  from      {} {}", file.source, file.software)?;
        }
        if let Some(first) = file.duplicate_of {
            writeln!(f, "  same as   {first}")?;
        }
        if let Some(undone) = &file.undone {
            writeln!(f, "  undone    {}", local(undone.at))?;
        }
        for patient in &file.patients {
            writeln!(f, "  patient   {}  {}", patient.id, word(&patient.match_))?;
        }
        for (kind, counts) in &file.facts {
            let kind = word(kind);
            let (new, same) = (counts.new, counts.same);
            let (none, negated) = (counts.none_known, counts.negated);
            writeln!(
                f,
                "  {kind:<12} {new} new, {same} same, {none} none known, {negated} negated"
            )?;
        }
        let loops = file.loops;
        if loops != almoner_core::receipt::LoopCounts::default() {
            let (opened, moved, closed) = (loops.opened, loops.moved, loops.closed);
            writeln!(f, "  loops     {opened} opened, {moved} moved, {closed} closed")?;
        }
        for problem in &file.problems {
            let (severity, at) = (word(&problem.severity), &problem.at);
            writeln!(f, "  {severity}: {} [{}] {at}", problem.message, problem.code)?;
        }
        file.members.iter().try_for_each(|member| {
            writeln!(f, "  member    {}  {}  {}", word(&member.status), member.format, member.name)
        })
    }
}

impl Records for Shown {
    fn records(&self) -> Vec<Vec<String>> {
        Files(IntakeList { files: vec![self.0.clone()] }).records()
    }
}
