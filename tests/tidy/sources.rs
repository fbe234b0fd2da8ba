//! The repository's files, as the laws read them.

use std::path::{Path, PathBuf};

/// A text file by its path from the repository's root.
pub(crate) struct Source {
    pub path: String,
    pub text: String,
}

/// The repository's root.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every file below a folder whose name ends so; built and installed things are left out.
pub(crate) fn files(folder: &str, end: &str) -> Vec<Source> {
    let mut found = Vec::new();
    walk(&root().join(folder), &mut |path| {
        let name = path.strip_prefix(root()).unwrap().to_string_lossy().into_owned();
        if name.ends_with(end) {
            let text =
                std::fs::read_to_string(path).unwrap_or_else(|cause| panic!("{name}: {cause}"));
            found.push(Source { path: name, text });
        }
    });
    found.sort_by(|a, b| a.path.cmp(&b.path));
    assert!(!found.is_empty(), "no {end} below {folder}: the law reads nothing");
    found
}

/// Every Rust source of ours.
pub(crate) fn rust() -> Vec<Source> {
    ["daemon", "admin-cli", "tests"].iter().flat_map(|folder| files(folder, ".rs")).collect()
}

/// Rust sources of the product itself, without tests beside it.
pub(crate) fn product() -> Vec<Source> {
    let mut all = rust();
    all.retain(|source| {
        !source.path.starts_with("tests/")
            && !source.path.contains("/tests/")
            && !source.path.ends_with("/tests.rs")
            && !source.path.ends_with("_tests.rs")
    });
    all
}

/// A file by its path.
pub(crate) fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|cause| panic!("{path}: {cause}"))
}

impl Source {
    /// Lines with their numbers, without comments and without the tests at the file's end.
    pub(crate) fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().take_while(|line| line.trim() != "#[cfg(test)]");
        (1..).zip(lines).filter_map(|(number, line)| {
            let code = line.find("//").map_or(line, |at| &line[..at]);
            (!code.trim().is_empty()).then_some((number, code))
        })
    }

    /// The words of a line that are Rust names.
    pub(crate) fn names(line: &str) -> impl Iterator<Item = &str> {
        line.split(|sign: char| !sign.is_alphanumeric() && sign != '_')
    }
}

fn walk(folder: &Path, take: &mut dyn FnMut(&Path)) {
    for entry in std::fs::read_dir(folder).unwrap_or_else(|cause| panic!("{folder:?}: {cause}")) {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            if !["target", "node_modules", ".git"].contains(&name.as_str()) {
                walk(&path, take);
            }
        } else {
            take(&path);
        }
    }
}
