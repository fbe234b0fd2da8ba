//! Runs the daemon's own program for work that needs its kinds of record while no daemon serves:
//! making an appliance and checking a store.

use almoner_core::control::Failure;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::ffi::OsStr;
use std::path::PathBuf;
use std::process::Command;

const PROGRAM: &str = "almonerd";

#[derive(Deserialize)]
struct Refused {
    error: Failure,
}

/// Runs `almonerd ARGUMENTS` and reads the JSON it prints. An exit code of `also` counts as an
/// answer.
pub(crate) fn ask<A: DeserializeOwned>(
    arguments: &[&OsStr],
    also: Option<u8>,
) -> Result<A, Failure> {
    let program = beside();
    let output = Command::new(&program).args(arguments).output().map_err(|cause| {
        Failure::failed(format!("{} could not be run: {cause}", program.display()))
            .hint("install the package almoner whole, or put both programs into one folder")
    })?;
    let exit = output.status.code().and_then(|code| u8::try_from(code).ok());
    let answers = exit == Some(0) || (exit.is_some() && exit == also);
    if answers && let Ok(answer) = serde_json::from_slice(&output.stdout) {
        return Ok(answer);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let last = said.lines().rev().find_map(|line| serde_json::from_str::<Refused>(line).ok());
    if let Some(refused) = last {
        return Err(refused.error);
    }
    let words = said.lines().last().unwrap_or("it said nothing").trim();
    Err(Failure::new(exit.filter(|code| *code > 0).unwrap_or(1), "failed", words))
}

/// The daemon beside this program, else the one the system knows.
fn beside() -> PathBuf {
    let own = std::env::current_exe().ok();
    let beside = own.and_then(|own| Some(own.parent()?.join(PROGRAM)));
    beside.filter(|path| path.is_file()).unwrap_or_else(|| PROGRAM.into())
}
