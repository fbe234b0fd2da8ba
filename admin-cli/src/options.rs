//! What can be said on the command line: noun then verb, and the options that every command takes.
//! Parser, help, manual pages and completions are made from these types.

use crate::commands::{
    backup::Backup, cert::Cert, config::Config, init::Init, intake::Intake, restore::Restore,
    shell::Completion, shell::Man, status::Status, store::Store, token::Token, trail::Trail,
    user::User,
};
use clap::{Args, Parser, Subcommand};
use std::path::PathBuf;

/// Look after an Almoner appliance.
///
/// Works for members of the group almoner-admin on the appliance itself. Never shows a patient's
/// data: ids and counts only. Every change is on the trail.
///
/// Exit codes: 0 done, 1 failed, 2 wrong use, 3 done with warnings, 4 not found, 5 not allowed,
/// 6 daemon not reachable, 7 busy, 8 configuration not valid, 9 integrity failure, 10 wrong key,
/// 130 interrupted.
#[derive(Parser, Debug)]
#[command(name = "almoner", version, max_term_width = 100, propagate_version = true)]
#[command(arg_required_else_help = true)]
pub struct Options {
    #[command(flatten)]
    pub common: Common,
    #[command(subcommand)]
    pub noun: Noun,
}

/// Options of every command.
#[derive(Args, Clone, Debug)]
pub struct Common {
    /// The appliance's control socket
    #[arg(long, global = true, env = "ALMONER_SOCKET", value_name = "PATH")]
    #[arg(default_value = "/run/almoner/control.sock", hide_env_values = true)]
    pub socket: PathBuf,
    /// The appliance's configuration file
    #[arg(long = "config", global = true, env = "ALMONER_CONFIG", value_name = "FILE")]
    #[arg(default_value = "/etc/almoner/almoner.toml", hide_env_values = true)]
    pub config_file: PathBuf,
    /// One JSON object; errors as JSON too, on standard error
    #[arg(long, global = true)]
    pub json: bool,
    /// One record a line, fields parted by tabs
    #[arg(long, global = true, conflicts_with = "json")]
    pub plain: bool,
    /// Only the report: no hints, no progress
    #[arg(short, long, global = true)]
    pub quiet: bool,
    /// Say what is asked of whom, on standard error
    #[arg(short, long, global = true, conflicts_with = "quiet")]
    pub verbose: bool,
    /// No colours (as the environment variable NO_COLOR)
    #[arg(long, global = true)]
    pub no_color: bool,
}

/// Options of commands that change something.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct Change {
    /// Say what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,
}

/// Options of commands that take something away.
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct Loss {
    #[command(flatten)]
    pub change: Change,
    /// Do not ask for the name to be typed
    #[arg(long)]
    pub yes: bool,
}

/// What a command is about.
#[derive(Subcommand, Debug)]
pub enum Noun {
    /// How the appliance is, on one screen
    Status(Status),
    /// First run: make the store, its keys, and the recovery key to be kept on paper
    Init(Init),
    /// People's accounts
    #[command(subcommand)]
    User(User),
    /// Tokens of programs that read
    #[command(subcommand)]
    Token(Token),
    /// Files that were dropped
    #[command(subcommand)]
    Intake(Intake),
    /// Backups
    #[command(subcommand)]
    Backup(Backup),
    /// Bring a backup back
    #[command(subcommand)]
    Restore(Restore),
    /// The trail: who saw and did what
    #[command(subcommand)]
    Trail(Trail),
    /// The store
    #[command(subcommand)]
    Store(Store),
    /// The configuration file
    #[command(subcommand)]
    Config(Config),
    /// The certificate of the pages
    #[command(subcommand)]
    Cert(Cert),
    /// Completions for a shell
    Completion(Completion),
    /// Manual pages
    Man(Man),
    /// The version of this program
    Version,
}
