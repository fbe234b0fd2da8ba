//! `almoner-verify`: checks an exported trail on any computer, with only the clinic's public key.
//! It knows no store, no secret and no network, so that an auditor can run it who trusts neither
//! the clinic nor its machine.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use almoner_trail::VerifierKey;
use almoner_trail::export::NoteReader;
use almoner_trail::verify::{Failure, Finding, Report, verify};
use clap::Parser;
use clap::error::ErrorKind;
use serde_json::{Value, json};

const DONE: u8 = 0;
const FAILED: u8 = 1;
const USAGE: u8 = 2;
const INTEGRITY: u8 = 9;

/// Size of read buffers, in bytes.
const BUFFER: usize = 256 * 1024;

/// Check an exported trail: every entry complete, in order and unchanged as the clinic signed it.
///
/// Exit codes: 0 the trail is sound, 9 it is not (the first bad entry is named), 2 wrong use, 1
/// anything else.
#[derive(Parser)]
#[command(name = "almoner-verify", version, max_term_width = 100)]
struct Options {
    /// Exported entries, one a line (`almoner trail export`); `-` reads standard input
    export: PathBuf,
    /// Signed checkpoints that came with the export
    #[arg(long, value_name = "FILE")]
    checkpoints: PathBuf,
    /// The clinic's public key `name+hash+base64`, or a file that holds it
    #[arg(long, value_name = "KEY-or-FILE")]
    key: String,
    /// Older signed checkpoint(s) kept elsewhere, that this history must continue; may be given
    /// again
    #[arg(long, value_name = "CHECKPOINT")]
    since: Vec<PathBuf>,
    /// One JSON object instead of words; errors as JSON on standard error
    #[arg(long)]
    json: bool,
    /// No progress on standard error
    #[arg(short, long)]
    quiet: bool,
}

/// Why there is no result.
struct Trouble {
    code: &'static str,
    exit: u8,
    message: String,
    hint: &'static str,
}

/// Counts what was read and says it on the terminal, a percent at a time.
struct Progress<R> {
    reader: R,
    total: u64,
    seen: u64,
    shown: u64,
}

fn main() -> ExitCode {
    let json = std::env::args_os().any(|word| word == "--json");
    let outcome = match Options::try_parse() {
        Ok(options) => run(&options),
        Err(error)
            if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) =>
        {
            let _ = error.print();
            return ExitCode::from(DONE);
        }
        Err(error) if !json => {
            let _ = error.print();
            return ExitCode::from(USAGE);
        }
        Err(error) => Err(Trouble {
            code: "usage",
            exit: USAGE,
            message: error.to_string(),
            hint: "almoner-verify --help",
        }),
    };
    ExitCode::from(outcome.unwrap_or_else(|trouble| trouble.say(json)))
}

/// Checks and says the result; the number is the exit code.
fn run(options: &Options) -> Result<u8, Trouble> {
    let key = read_key(&options.key)?;
    let mut since = Vec::new();
    for file in &options.since {
        since.extend(read_notes(file)?);
    }
    let checkpoints = BufReader::with_capacity(BUFFER, open(&options.checkpoints)?);
    let show = !options.quiet && !options.json && io::stderr().is_terminal();
    let export = open_export(&options.export, show)?;
    let result = verify(export, checkpoints, &key, &since);
    if show {
        // The progress line is wiped; a terminal that is gone is no reason to fail.
        let _ = write!(io::stderr(), "\r\x1b[K");
    }
    match result {
        Ok(report) => say_sound(&report, options.json),
        Err(Failure::Bad(finding)) => {
            say_bad(&finding, options.json)?;
            Err(Trouble {
                code: "trail_damaged",
                exit: INTEGRITY,
                message: finding.to_string(),
                hint: "keep these files unchanged and tell the privacy officer; export the trail \
                 anew and compare",
            })
        }
        Err(failure @ Failure::Uncovered { .. }) => Err(Trouble {
            code: "checkpoint_before_export",
            exit: FAILED,
            message: failure.to_string(),
            hint: "almoner trail export --from 0",
        }),
        Err(failure) => Err(Trouble::file(failure.to_string())),
    }
}

fn say_sound(report: &Report, json: bool) -> Result<u8, Trouble> {
    let text = if json {
        let mut object =
            json!({ "schema": "almoner.trail.verify/1", "ok": true, "proves": report.proves() });
        if let (Value::Object(object), Ok(Value::Object(more))) =
            (&mut object, serde_json::to_value(report))
        {
            object.extend(more);
        }
        object.to_string()
    } else {
        let Report { origin, from, to, root, checkpoints, .. } = report;
        format!(
            "OK  {origin}  entries {from} to {to} (not included), {checkpoints} checkpoint(s) held, \
                 root {root}\n{}",
            report.proves()
        )
    };
    say(&text).map(|()| DONE)
}

fn say_bad(finding: &Finding, json: bool) -> Result<(), Trouble> {
    let text = if json {
        json!({ "schema": "almoner.trail.verify/1", "ok": false, "bad": finding }).to_string()
    } else {
        format!("BAD  first bad entry: {}  ({})", finding.first, finding.code())
    };
    say(&text)
}

fn say(text: &str) -> Result<(), Trouble> {
    writeln!(io::stdout(), "{text}")
        .map_err(|error| Trouble::file(format!("standard output: {error}")))
}

fn read_key(given: &str) -> Result<VerifierKey, Trouble> {
    if let Ok(key) = given.parse() {
        return Ok(key);
    }
    let mut text = String::new();
    let wrong = |why: &dyn std::fmt::Display| Trouble {
        code: "key",
        exit: USAGE,
        message: format!("--key is neither a public key nor a file that holds one: {why}"),
        hint: "the key is one line: name+hash+base64, printed by 'almoner trail head'",
    };
    let file = File::open(given).map_err(|error| wrong(&error))?;
    file.take(4096).read_to_string(&mut text).map_err(|error| wrong(&error))?;
    text.trim().parse().map_err(|error| wrong(&error))
}

fn read_notes(file: &Path) -> Result<Vec<String>, Trouble> {
    let mut reader = NoteReader::new(BufReader::new(open(file)?));
    let mut notes = Vec::new();
    while let Some(note) = reader.next_note().map_err(|error| unreadable(file, &error))? {
        notes.push(note);
    }
    if notes.is_empty() {
        return Err(Trouble::file(format!("{} holds no checkpoint", file.display())));
    }
    Ok(notes)
}

fn open_export(path: &Path, show: bool) -> Result<Box<dyn BufRead>, Trouble> {
    if path.as_os_str() == "-" {
        return Ok(Box::new(io::stdin().lock()));
    }
    let file = open(path)?;
    let total = file.metadata().map_or(0, |about| about.len());
    if show && total > 0 {
        let reader = Progress { reader: file, total, seen: 0, shown: 0 };
        return Ok(Box::new(BufReader::with_capacity(BUFFER, reader)));
    }
    Ok(Box::new(BufReader::with_capacity(BUFFER, file)))
}

fn open(path: &Path) -> Result<File, Trouble> {
    File::open(path).map_err(|error| unreadable(path, &error))
}

fn unreadable(path: &Path, error: &io::Error) -> Trouble {
    Trouble::file(format!("{} could not be read: {error}", path.display()))
}

impl Trouble {
    fn file(message: String) -> Self {
        Self { code: "file", exit: FAILED, message, hint: "check the path and its permissions" }
    }

    /// Says it on standard error and gives the exit code.
    fn say(&self, json: bool) -> u8 {
        let Self { code, exit, message, hint } = self;
        let text = if json {
            let error = json!({ "code": code, "message": message, "hint": hint, "exit": exit });
            json!({ "error": error }).to_string()
        } else {
            format!("almoner-verify: {message}\n{hint}")
        };
        // Nobody reads: the exit code still says it.
        let _ = writeln!(io::stderr(), "{text}");
        *exit
    }
}

impl<R: Read> Read for Progress<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.reader.read(buffer)?;
        self.seen += count as u64;
        let percent = self.seen.saturating_mul(100) / self.total.max(1);
        if percent > self.shown {
            self.shown = percent;
            let (seen, total) = (self.seen / 1_000_000, self.total / 1_000_000);
            write!(io::stderr(), "\rChecking {percent:3} %  {seen} of {total} MB")?;
        }
        Ok(count)
    }
}
