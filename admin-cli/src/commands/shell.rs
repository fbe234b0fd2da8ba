//! What is made from the command tree itself: completions, manual pages, the version.

use crate::options::Options;
use crate::report::{Records, Report, Said};
use almoner_core::control::Failure;
use clap::{Args, Command, CommandFactory};
use clap_complete::Shell;
use serde::Serialize;
use std::fmt;
use std::path::{Path, PathBuf};

/// Options of `almoner completion`.
#[derive(Args, Debug)]
pub struct Completion {
    /// The shell
    shell: Shell,
}

/// Options of `almoner man`.
#[derive(Args, Debug)]
pub struct Man {
    /// The command whose page is printed, such as `backup`; the program's own when absent
    words: Vec<String>,
    /// Write every page into this folder instead
    #[arg(long, value_name = "DIR", conflicts_with = "words")]
    dir: Option<PathBuf>,
}

/// Text made from the tree, printed as it is.
#[derive(Serialize)]
struct Text {
    text: String,
}

/// The pages that were written.
#[derive(Serialize)]
struct Pages {
    pages: Vec<String>,
}

#[derive(Serialize)]
struct Version {
    version: &'static str,
}

pub(crate) fn completion(asked: &Completion) -> Result<Report, Failure> {
    let mut out = Vec::new();
    clap_complete::generate(asked.shell, &mut Options::command(), "almoner", &mut out);
    let text = String::from_utf8(out).map_err(|cause| Failure::failed(cause.to_string()))?;
    Ok(Report::new("almoner.completion/1", Text { text }))
}

pub(crate) fn man(asked: &Man) -> Result<Report, Failure> {
    let mut tree = Options::command();
    tree.build();
    let Some(folder) = &asked.dir else {
        let mut command = &tree;
        for word in &asked.words {
            command = command.find_subcommand(word).ok_or_else(|| {
                Failure::not_found(format!("there is no command '{word}'")).hint("almoner help")
            })?;
        }
        let text = page(command)?;
        return Ok(Report::new("almoner.man/1", Text { text }));
    };
    let mut pages = Vec::new();
    write_pages(&tree, "almoner", folder, &mut pages)?;
    Ok(Report::new("almoner.man.write/1", Pages { pages }))
}

pub(crate) fn version() -> Report {
    Report::new("almoner.version/1", Version { version: env!("CARGO_PKG_VERSION") })
}

/// One page for a command and for each below it: `almoner.1`, `almoner-backup.1`,
/// `almoner-backup-now.1`.
fn write_pages(
    command: &Command,
    name: &str,
    folder: &Path,
    pages: &mut Vec<String>,
) -> Result<(), Failure> {
    let file = format!("{name}.1");
    std::fs::write(folder.join(&file), page(command)?).map_err(|cause| {
        Failure::failed(format!("{} could not be written: {cause}", folder.join(&file).display()))
    })?;
    pages.push(file);
    let below = command.get_subcommands().filter(|below| below.get_name() != "help");
    for below in below {
        write_pages(below, &format!("{name}-{}", below.get_name()), folder, pages)?;
    }
    Ok(())
}

fn page(command: &Command) -> Result<String, Failure> {
    let mut out = Vec::new();
    let failed = |cause: &dyn fmt::Display| Failure::failed(format!("no manual page: {cause}"));
    let page = clap_mangen::Man::new(command.clone());
    page.render(&mut out).map_err(|cause| failed(&cause))?;
    String::from_utf8(out).map_err(|cause| failed(&cause))
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Records for Text {
    fn records(&self) -> Vec<Vec<String>> {
        self.text.lines().map(|line| vec![line.to_owned()]).collect()
    }
}

impl fmt::Display for Pages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.pages.join("\n"))
    }
}

impl Records for Pages {
    fn records(&self) -> Vec<Vec<String>> {
        self.pages.iter().map(|page| vec![page.clone()]).collect()
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "almoner {}", self.version)
    }
}

impl Records for Version {
    fn records(&self) -> Vec<Vec<String>> {
        Said { said: self.version.to_owned(), changed: false }.records()
    }
}
