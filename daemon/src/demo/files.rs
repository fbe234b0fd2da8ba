//! The demo's files: built into the program, dated near today, dropped into the intake folder like
//! anybody's.

use super::marks::{Today, replace};
use almoner_core::fault::Outcome;
use include_dir::{Dir, include_dir};
use std::path::Path;

static DEMO: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/../config/demo");

/// Text of the file that says who works in the clinic.
pub(crate) fn clinic() -> &'static str {
    DEMO.get_file("clinic.toml").and_then(|file| file.contents_utf8()).unwrap_or_default()
}

/// Drops every source folder's files into the intake folder, each under a name that says "not
/// ready" until it is whole. Returns how many there are.
pub(crate) fn drop_all(intake: &Path, today: Today<'_>) -> Outcome<usize> {
    DEMO.dirs().map(|folder| drop_folder(folder, intake, today)).sum()
}

fn drop_folder(folder: &Dir<'_>, intake: &Path, today: Today<'_>) -> Outcome<usize> {
    let place = intake.join(folder.path());
    std::fs::create_dir_all(&place)?;
    let mut count = 0;
    let mut files: Vec<_> = folder.files().collect();
    files.sort_by_key(|file| !file.path().ends_with("Patient.ndjson")); // people before their facts
    for file in files {
        let Some(name) = file.path().file_name() else { continue };
        let part = place.join(format!("{}.part", name.to_string_lossy()));
        std::fs::write(&part, replace(file.contents(), today))?;
        std::fs::rename(&part, place.join(name))?;
        count += 1;
    }
    for below in folder.dirs() {
        count += drop_folder(below, intake, today)?;
    }
    Ok(count)
}
