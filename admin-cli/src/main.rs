//! `almoner`: the command line of the people who look after the appliance. It asks the daemon over
//! its control socket and never shows a patient's data. Every command returns a report, which is
//! printed here, once; every failure has a code, a sentence, the next step and an exit code.

mod appliance;
mod ask;
mod commands;
mod daemon;
mod options;
mod progress;
mod report;
mod usage;

use almoner_core::control::Failure;
use clap::Parser;
use clap::error::ErrorKind;
use options::{Common, Options};
use report::{Report, Style};
use std::io::Write;
use std::process::ExitCode;

fn main() -> ExitCode {
    let options = match Options::try_parse() {
        Ok(options) => options,
        Err(error)
            if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion) =>
        {
            // Nobody reads: then nobody is told.
            let _ = error.print();
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            let said: Vec<_> = std::env::args().skip(1).collect();
            let json = said.iter().any(|word| word == "--json");
            return ExitCode::from(say_failure(&usage::explain(&error, &said), json));
        }
    };
    let common = options.common.clone();
    match commands::run(options) {
        Ok(report) => ExitCode::from(say(&report, &common)),
        Err(failure) => ExitCode::from(say_failure(&failure, common.json)),
    }
}

/// Prints a report and gives the exit code.
fn say(report: &Report, common: &Common) -> u8 {
    let style = Style::of(common);
    let written = writeln!(std::io::stdout(), "{}", report.text(style));
    if let Err(cause) = written {
        if cause.kind() == std::io::ErrorKind::BrokenPipe {
            return report.exit();
        }
        let failure = Failure::failed(format!("the report could not be written: {cause}"));
        return say_failure(&failure, common.json);
    }
    if let Some(failure) = report.failure() {
        return say_failure(failure, common.json);
    }
    if let (Some(next), true) = (report.next(), style.speaks()) {
        // The report is out; the hint is a courtesy.
        let _ = writeln!(std::io::stderr(), "Next: {next}");
    }
    report.exit()
}

/// Says why a command was not done and gives the exit code.
fn say_failure(failure: &Failure, json: bool) -> u8 {
    let text = if json {
        serde_json::json!({ "error": failure }).to_string()
    } else if failure.hint.is_empty() {
        format!("almoner: {}", failure.message)
    } else {
        format!("almoner: {}\n{}", failure.message, failure.hint)
    };
    // Nobody reads: the exit code still says it.
    let _ = writeln!(std::io::stderr(), "{text}");
    failure.exit
}
