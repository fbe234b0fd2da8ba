//! `almoner trail`: the history that cannot change unseen: check it, note its head, take it along.

use super::backup::{key_of, public_key};
use super::store;
use crate::appliance::Appliance;
use crate::options::Common;
use crate::progress::Progress;
use crate::report::{Records, Report, counted};
use almoner_core::control::{
    Checkpoints, Failure, Nothing, StoreCheck, TrailExport, TrailHead, TrailPage, names,
};
use almoner_trail::export::{ExportHeader, ExportWriter, FORMAT, NoteReader, write_note};
use almoner_trail::verify::{self, Failure as NotSound};
use almoner_trail::{Checkpoint, Hash, VerifierKey};
use clap::{Args, Subcommand};
use serde::Serialize;
use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

/// What can be done with the trail.
#[derive(Subcommand, Debug)]
pub enum Trail {
    /// Check the whole trail, or an exported one
    Verify(Verify),
    /// Size, root and newest signed checkpoint: keep a copy elsewhere
    Head,
    /// Write the entries, and their signed checkpoints beside them
    Export(Export),
}

/// Options of `almoner trail verify`.
#[derive(Args, Debug)]
pub struct Verify {
    /// An export to check; the trail of the appliance when absent
    export: Option<PathBuf>,
    /// The checkpoints that came with the export; EXPORT.checkpoints when absent
    #[arg(long, value_name = "FILE", requires = "export")]
    checkpoints: Option<PathBuf>,
    /// The clinic's public key, or a file with it; asked of the daemon when absent
    #[arg(long, value_name = "KEY-or-FILE", requires = "export")]
    key: Option<String>,
    /// Older checkpoints kept elsewhere, that this history must continue; may be given again
    #[arg(long, value_name = "CHECKPOINT", requires = "export")]
    since: Vec<PathBuf>,
    /// Check the closed store of this folder
    #[arg(long, value_name = "DIR", conflicts_with = "export")]
    dir: Option<PathBuf>,
}

/// Options of `almoner trail export`.
#[derive(Args, Debug)]
pub struct Export {
    /// The new file for the entries; checkpoints go to OUT.checkpoints
    out: PathBuf,
    /// First entry
    #[arg(long, default_value_t = 0, value_name = "ENTRY")]
    from: u64,
}

/// What a check of a trail found.
#[derive(Serialize)]
struct Checked {
    ok: bool,
    entries: u64,
    checkpoints: u64,
    /// What it shows, or what is wrong, in words.
    #[serde(skip_serializing_if = "String::is_empty")]
    proves: String,
    damage: Vec<String>,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Head(TrailHead);

/// An export that was written.
#[derive(Serialize)]
struct Exported {
    entries_file: PathBuf,
    checkpoints_file: PathBuf,
    origin: String,
    from: u64,
    to: u64,
    checkpoints: u64,
    key: String,
}

pub(crate) fn run(common: &Common, asked: Trail) -> Result<Report, Failure> {
    match asked {
        Trail::Verify(Verify { export: Some(export), checkpoints, key, since, .. }) => {
            let key = match key {
                Some(key) => public_key(&key)?,
                None => key_of(&Appliance::of(common)).ok_or_else(|| {
                    Failure::usage("without the clinic's public key nothing can be verified")
                        .hint("--key KEY-or-FILE, as printed by 'almoner trail head'")
                })?,
            };
            let checkpoints = checkpoints.unwrap_or_else(|| beside(&export));
            verify_export(common, &export, &checkpoints, &key, &since)
        }
        Trail::Verify(Verify { dir, .. }) => {
            let found = store::check(common, dir.as_deref())?;
            Ok(of_store(found))
        }
        Trail::Head => {
            let head = Appliance::of(common).call(names::TRAIL_HEAD, &Nothing {})?;
            Ok(Report::new("almoner.trail.head/1", Head(head)))
        }
        Trail::Export(asked) => export(common, &asked),
    }
}

fn of_store(found: StoreCheck) -> Report {
    let StoreCheck { trail_entries, checkpoints, damage, .. } = found;
    let proves = "Every entry stands at its place and agrees with every signed checkpoint. To \
                  know that history was not rewritten as a whole, export it and verify it with \
                  a checkpoint kept elsewhere.";
    let proves = if damage.is_empty() { proves.to_owned() } else { String::new() };
    let ok = damage.is_empty();
    report(Checked { ok, entries: trail_entries, checkpoints, proves, damage })
}

fn report(checked: Checked) -> Report {
    let first = checked.damage.first().cloned();
    let report = Report::new("almoner.trail.verify/1", checked);
    match first {
        None => report,
        Some(what) => report.fails(Failure::new(9, "trail_damaged", what).hint(
            "keep all files unchanged and tell the privacy officer; then almoner backup list",
        )),
    }
}

fn verify_export(
    common: &Common,
    export: &Path,
    checkpoints: &Path,
    key: &VerifierKey,
    since: &[PathBuf],
) -> Result<Report, Failure> {
    let mut older = Vec::new();
    for file in since {
        let mut notes = NoteReader::new(open(file)?);
        while let Some(note) = notes.next_note().map_err(|cause| unreadable(file, &cause))? {
            older.push(note);
        }
    }
    let shown = Progress::spinner(common, "Checking the trail");
    let outcome = verify::verify(open(export)?, open(checkpoints)?, key, &older);
    drop(shown);
    match outcome {
        Ok(found) => Ok(report(Checked {
            ok: true,
            entries: found.to - found.from,
            checkpoints: found.checkpoints,
            proves: found.proves(),
            damage: Vec::new(),
        })),
        Err(NotSound::Bad(finding)) => Ok(report(Checked {
            ok: false,
            entries: 0,
            checkpoints: 0,
            proves: String::new(),
            damage: vec![finding.to_string()],
        })),
        Err(failure @ NotSound::Uncovered { .. }) => {
            Err(Failure::new(1, "checkpoint_before_export", failure.to_string())
                .hint("almoner trail export OUT --from 0"))
        }
        Err(failure) => Err(Failure::failed(failure.to_string())),
    }
}

/// Writes the export page by page. The checkpoint is signed first: the export ends where it stands,
/// so that no entry of the file stays unproven.
fn export(common: &Common, asked: &Export) -> Result<Report, Failure> {
    let appliance = Appliance::of(common);
    let head: TrailHead = appliance.call(names::TRAIL_HEAD, &Nothing {})?;
    let key: VerifierKey = head.key.parse().map_err(not_understood)?;
    let Checkpoints { notes } = appliance.call(names::TRAIL_CHECKPOINTS, &Nothing {})?;
    let last = notes.last().map(|note| Checkpoint::open(note, &key)).transpose();
    let to = last.map_err(not_understood)?.map_or(0, |checkpoint| checkpoint.size);
    if asked.from > to {
        let what = format!("the trail has {}", counted(to, "entry", "entries"));
        return Err(Failure::usage(what).hint("almoner trail head"));
    }
    let checkpoints_file = beside(&asked.out);
    write_new(&asked.out, |file| {
        let shown = Progress::bar(common, "Exporting the trail", to - asked.from);
        entries(&appliance, asked.from, to, file, &shown)
    })?;
    let written = write_new(&checkpoints_file, |file| {
        let mut file = BufWriter::new(file);
        let mut write = || notes.iter().try_for_each(|note| write_note(&mut file, note));
        write().and_then(|()| file.flush()).map_err(|cause| not_written(&cause))
    });
    if let Err(failure) = written {
        // An export without its checkpoints proves nothing: take it away again.
        let _ = std::fs::remove_file(&asked.out);
        return Err(failure);
    }
    let exported = Exported {
        entries_file: asked.out.clone(),
        checkpoints_file,
        origin: head.origin,
        from: asked.from,
        to,
        checkpoints: notes.len() as u64,
        key: head.key,
    };
    let next = format!("almoner trail verify {}", asked.out.display());
    Ok(Report::new("almoner.trail.export/1", exported).then(next))
}

fn entries(
    appliance: &Appliance,
    from: u64,
    to: u64,
    file: &mut File,
    shown: &Progress,
) -> Result<(), Failure> {
    let mut at = from;
    let mut writer: Option<ExportWriter<BufWriter<&mut File>>> = None;
    let mut file = Some(file);
    loop {
        let wanted = TrailExport { from: at, to: Some(to) };
        let page: TrailPage = appliance.call(names::TRAIL_EXPORT, &wanted)?;
        if let Some(file) = file.take() {
            let range = page.range.iter().map(|root| Hash::from_base64(root)).collect();
            let range: Option<Vec<_>> = range;
            let range = range.ok_or_else(|| not_understood("a hash of the trail"))?;
            let origin = page.origin.clone();
            let header = ExportHeader { format: FORMAT.to_owned(), from, origin, range, to };
            let made = ExportWriter::new(BufWriter::new(file), &header);
            writer = Some(made.map_err(|cause| not_written(&cause))?);
        }
        let Some(out) = writer.as_mut() else { return Ok(()) };
        for entry in &page.entries {
            out.entry(entry.as_bytes()).map_err(|cause| not_written(&cause))?;
        }
        at += page.entries.len() as u64;
        shown.at(at - from, to - from);
        if at >= to {
            break;
        }
        if page.entries.is_empty() {
            return Err(Failure::failed("the daemon gave fewer entries than its trail has"));
        }
    }
    match writer {
        Some(writer) => writer.finish().map(drop).map_err(|cause| not_written(&cause)),
        None => Ok(()),
    }
}

/// Fills a new file that only its owner may read; a failure leaves none.
fn write_new(
    path: &Path,
    fill: impl FnOnce(&mut File) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut options = std::fs::OpenOptions::new();
    let made = options.write(true).create_new(true).mode(0o600).open(path);
    let mut made = made.map_err(|cause| unreadable(path, &cause))?;
    let filled =
        fill(&mut made).and_then(|()| made.sync_all().map_err(|cause| not_written(&cause)));
    if filled.is_err() {
        // The failure is being reported.
        let _ = std::fs::remove_file(path);
    }
    filled
}

fn beside(export: &Path) -> PathBuf {
    let mut name = export.as_os_str().to_owned();
    name.push(".checkpoints");
    name.into()
}

fn open(path: &Path) -> Result<BufReader<File>, Failure> {
    File::open(path).map(BufReader::new).map_err(|cause| unreadable(path, &cause))
}

fn unreadable(path: &Path, cause: &io::Error) -> Failure {
    Failure::failed(format!("{}: {cause}", path.display()))
}

fn not_written(cause: &io::Error) -> Failure {
    Failure::failed(format!("the export could not be written: {cause}"))
}

fn not_understood(what: impl fmt::Display) -> Failure {
    Failure::failed(format!("daemon and command line don't understand each other: {what}"))
        .hint("almoner version, almoner status: both must be of one release")
}

impl fmt::Display for Checked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { ok, entries, checkpoints, proves, damage } = self;
        if !*ok {
            return f.write_str(&damage.join("\n"));
        }
        let entries = counted(*entries, "entry", "entries");
        let checkpoints = counted(*checkpoints, "checkpoint", "checkpoints");
        write!(f, "The trail is sound: {entries}, {checkpoints} held.\n{proves}")
    }
}

impl Records for Checked {
    fn records(&self) -> Vec<Vec<String>> {
        let Self { ok, entries, checkpoints, damage, .. } = self;
        let row = [ok.to_string(), entries.to_string(), checkpoints.to_string(), damage.join("; ")];
        vec![row.to_vec()]
    }
}

impl fmt::Display for Head {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TrailHead { origin, size, root, key, checkpoint } = &self.0;
        writeln!(f, "origin  {origin}\nsize    {size}\nroot    {root}\nkey     {key}")?;
        match checkpoint {
            Some(note) => write!(f, "newest signed checkpoint:\n\n{note}"),
            None => f.write_str("no checkpoint was signed yet"),
        }
    }
}

impl Records for Head {
    fn records(&self) -> Vec<Vec<String>> {
        let TrailHead { origin, size, root, key, .. } = &self.0;
        vec![vec![origin.clone(), size.to_string(), root.clone(), key.clone()]]
    }
}

impl fmt::Display for Exported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { entries_file, checkpoints_file, from, to, checkpoints, key, .. } = self;
        let entries = counted(to - from, "entry", "entries");
        writeln!(f, "Wrote {entries} ({from} to {to}) to {}", entries_file.display())?;
        let notes = counted(*checkpoints, "checkpoint", "checkpoints");
        writeln!(f, "and {notes} to {}.", checkpoints_file.display())?;
        write!(f, "Anybody with the public key can check them: {key}")
    }
}

impl Records for Exported {
    fn records(&self) -> Vec<Vec<String>> {
        let Self { entries_file, checkpoints_file, from, to, .. } = self;
        let files = [entries_file, checkpoints_file].map(|path| path.display().to_string());
        vec![files.into_iter().chain([from.to_string(), to.to_string()]).collect()]
    }
}
