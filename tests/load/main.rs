//! The load bench: what saving, importing and standing idle cost, each beside the least that it
//! could cost. Run in the release profile, on a machine with nothing else to do; see `README.md`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::print_stdout, clippy::disallowed_methods)] // it prints, and measures the clock
#![allow(clippy::cast_precision_loss)] // figures for people

mod idle;
mod import;
mod parse;
mod saves;

use std::path::PathBuf;
use std::time::Instant;

/// Cache of every store here, in bytes: the product's default.
const CACHE: usize = 64 << 20;

fn main() {
    let folder = tempfile::tempdir_in(place()).unwrap();
    println!("folder {}", folder.path().display());
    parse::run();
    saves::run(folder.path());
    import::run(folder.path());
    idle::run(folder.path());
}

/// Where the stores are made: `ALMONER_LOAD_DIR`, else the system's temporary folder.
fn place() -> PathBuf {
    std::env::var_os("ALMONER_LOAD_DIR").map_or_else(std::env::temp_dir, PathBuf::from)
}

/// How often in a second.
fn rate(count: usize, since: Instant) -> f64 {
    count as f64 / since.elapsed().as_secs_f64()
}
