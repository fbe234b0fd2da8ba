//! The load bench: what saving, importing and standing idle cost, each beside the least that it
//! could cost. Run in the release profile, on a machine with nothing else to do; see `README.md`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(clippy::print_stdout, clippy::disallowed_methods)] // it prints, and measures the clock
#![allow(clippy::cast_precision_loss)] // figures for people

mod idle;
mod import;
mod large;
mod matching;
mod pages;
mod parse;
mod postgres;
mod saves;
mod stored;
mod wire;

use idle::Home;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// Cache of every store here, in bytes: the product's default.
const CACHE: usize = 64 << 20;

/// Patients in the store of the pages.
const PATIENTS: usize = 10_000;

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    if let [word, ready, size] = words.as_slice()
        && word == "bare"
    {
        return wire::serve(Path::new(ready), size.parse().unwrap());
    }
    let folder = tempfile::tempdir_in(place()).unwrap();
    let wants = |part: &str| words.is_empty() || words.iter().any(|word| word == part);
    println!("folder {}", folder.path().display());
    if wants("parse") {
        parse::run();
    }
    if wants("match") {
        matching::run();
    }
    if wants("saves") {
        saves::run(folder.path());
    }
    if wants("import") {
        import::run(folder.path());
    }
    if wants("stored") {
        stored::run(folder.path());
    }
    if wants("pages")
        && let Some(home) = Home::make(folder.path(), PATIENTS)
    {
        home.tell();
        pages::run(folder.path(), &home);
        home.stop();
    }
    if words.iter().any(|word| word == "large") {
        large::run(folder.path(), &words);
    }
    if words.iter().any(|word| word == "growth") {
        growth(folder.path());
    }
}

/// What pages cost the server with ever more patients.
fn growth(folder: &Path) {
    println!(
        "\nserver CPU us a request: patients, My day, find, patient, FHIR Patient, save a call"
    );
    for patients in [1_000, 10_000, 100_000] {
        if let Some(home) = Home::make(folder, patients) {
            pages::growth(&home, patients);
            home.stop();
        }
    }
}

/// Where the stores are made: `ALMONER_LOAD_DIR`, else the system's temporary folder.
fn place() -> PathBuf {
    std::env::var_os("ALMONER_LOAD_DIR").map_or_else(std::env::temp_dir, PathBuf::from)
}

/// How often in a second.
fn rate(count: usize, since: Instant) -> f64 {
    count as f64 / since.elapsed().as_secs_f64()
}
