//! `almonerd`: the daemon. It only wires: what Almoner does stands in the areas, what every area
//! needs in the layers below them. See `ARCHITECTURE.md`.

mod areas;
mod boot;
mod chores;
mod commands;
mod demo;
mod log;
mod run;
mod service;
#[cfg(test)]
mod tests;

use almoner_core::fault::Outcome;
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// Keeps a clinic's promises to its patients: the appliance's daemon
#[derive(Parser)]
#[command(name = "almonerd", version)]
struct Args {
    /// The configuration file
    #[arg(long, default_value = "/etc/almoner/almoner.toml")]
    config: PathBuf,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Run a whole appliance with made-up people in one folder
    Demo(demo::DemoArgs),
    /// Make the store of a new appliance (called by `almoner init`)
    #[command(hide = true)]
    Init,
    /// Check the store while the daemon is down (called by `almoner store check`)
    #[command(hide = true)]
    Check {
        /// Folder of a demonstration instead of the configured one
        #[arg(long)]
        dir: Option<PathBuf>,
    },
    /// Read files for the daemon, from the socket that is the input (called by the daemon)
    #[command(hide = true)]
    ReadExport {
        /// Bytes of memory
        #[arg(long)]
        memory: u64,
        /// Seconds of processor time
        #[arg(long)]
        seconds: u64,
    },
}

fn main() -> ExitCode {
    let args = Args::parse();
    let outcome = match args.command {
        Some(Command::Init) => service::init(&args.config).map(|()| ExitCode::SUCCESS),
        Some(Command::Check { dir }) => service::check(&args.config, dir.as_deref()),
        Some(Command::ReadExport { memory, seconds }) => {
            almoner_intake::serve(memory, seconds).map(|()| ExitCode::SUCCESS)
        }
        Some(Command::Demo(demo)) => {
            log::start("info");
            block_on(demo::demo(demo)).map(|()| ExitCode::SUCCESS)
        }
        None => block_on(service::serve(&args.config)).map(|()| ExitCode::SUCCESS),
    };
    outcome.unwrap_or_else(|fault| {
        ::log::error!("{fault}");
        if !::log::log_enabled!(::log::Level::Error) {
            let _ = std::io::Write::write_fmt(
                &mut std::io::stderr(),
                format_args!("almonerd: {fault}\n"),
            );
        }
        service::exit_code(&fault)
    })
}

fn block_on(work: impl Future<Output = Outcome<()>>) -> Outcome<()> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(work)
}
