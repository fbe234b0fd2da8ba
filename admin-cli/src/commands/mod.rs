//! The commands, one file for each noun.

pub(crate) mod backup;
pub(crate) mod cert;
pub(crate) mod config;
pub(crate) mod init;
pub(crate) mod intake;
pub(crate) mod restore;
pub(crate) mod shell;
pub(crate) mod status;
pub(crate) mod store;
pub(crate) mod token;
pub(crate) mod trail;
pub(crate) mod user;

use crate::options::{Noun, Options};
use crate::report::Report;
use almoner_core::control::Failure;

/// Runs what was asked for.
pub(crate) fn run(options: Options) -> Result<Report, Failure> {
    let common = &options.common;
    match options.noun {
        Noun::Status(asked) => status::run(common, &asked),
        Noun::Init(asked) => init::run(common, &asked),
        Noun::User(asked) => user::run(common, asked),
        Noun::Token(asked) => token::run(common, asked),
        Noun::Intake(asked) => intake::run(common, asked),
        Noun::Backup(asked) => backup::run(common, asked),
        Noun::Restore(asked) => restore::run(common, asked),
        Noun::Trail(asked) => trail::run(common, asked),
        Noun::Store(asked) => store::run(common, asked),
        Noun::Config(asked) => config::run(common, &asked),
        Noun::Cert(asked) => cert::run(common, &asked),
        Noun::Completion(asked) => shell::completion(&asked),
        Noun::Man(asked) => shell::man(&asked),
        Noun::Version => Ok(shell::version()),
    }
}
