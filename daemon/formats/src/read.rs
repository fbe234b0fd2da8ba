//! One door for every file: find out what it is, then let the right reader have it.

use crate::detect::{Format, Verdict, detect};
use crate::unpack::{self, Budget, Limits, Zip};
use crate::{ccda, fhir, hl7v2, text};
use almoner_core::export::{Export, Problem, Severity, Unreadable};

/// One file of an archive, or the file itself.
pub struct Member {
    /// Path within the archive; empty for the file itself.
    pub path: String,
    pub outcome: Result<Export, Unreadable>,
}

/// Reads a dropped file whole: an archive gives a member for each of its files. A set of FHIR files
/// that belong together (a bulk export) is read together and gives one member.
/// The name says nothing that the bytes do not say better.
pub fn read(bytes: &[u8], _name: &str) -> Vec<Member> {
    read_within(bytes, Limits::default())
}

/// Reads a dropped file with limits of one's own.
pub fn read_within(bytes: &[u8], limits: Limits) -> Vec<Member> {
    let mut opener =
        Opener { limits, budget: Budget::new(limits), members: Vec::new(), together: Vec::new() };
    if let Err(refused) = opener.open(bytes, "", 0) {
        return vec![Member { path: String::new(), outcome: Err(refused) }];
    }
    opener.read_together();
    if opener.members.is_empty() {
        let format = detect(bytes).format.token().to_owned();
        let problem = Problem::new(
            Severity::Error,
            "file",
            "archive_empty",
            "The archive holds no file. Ask the sender to pack it again.",
        );
        opener
            .members
            .push(Member { path: String::new(), outcome: Err(Unreadable { format, problem }) });
    }
    opener.members
}

/// Opens archives and reads what is in them.
struct Opener {
    limits: Limits,
    budget: Budget,
    members: Vec<Member>,
    /// FHIR files of an archive that may refer to each other.
    together: Vec<(String, Vec<u8>)>,
}

impl Opener {
    /// Reads a file, or the files that it holds. An error refuses the dropped file whole.
    fn open(&mut self, bytes: &[u8], path: &str, depth: usize) -> Result<(), Unreadable> {
        let verdict = detect(bytes);
        let refuse = |problem| Unreadable { format: verdict.format.token().to_owned(), problem };
        let packed = matches!(verdict.format, Format::Zip | Format::Gzip);
        if packed && depth >= self.limits.depth {
            return Err(refuse(unpack::too_deep()));
        }
        match verdict.format {
            Format::Gzip => {
                let inner = unpack::gunzip(bytes, &mut self.budget).map_err(refuse)?;
                self.open(&inner, path.trim_end_matches(".gz"), depth + 1)
            }
            Format::Zip => {
                let mut archive = Zip::open(bytes, &self.limits).map_err(refuse)?;
                while let Some((name, entry)) = archive.next(&mut self.budget).map_err(refuse)? {
                    let path = if path.is_empty() { name } else { format!("{path}/{name}") };
                    match entry {
                        Ok(inner) => self.open(&inner, &path, depth + 1)?,
                        Err(problem) => self.push(path, Err(refuse(problem))),
                    }
                }
                Ok(())
            }
            Format::Json if path.ends_with("log.ndjson") => Ok(()),
            Format::Fhir if !path.is_empty() && verdict.resource != "Bundle" => {
                self.together.push((path.to_owned(), bytes.to_vec()));
                Ok(())
            }
            _ => {
                self.push(path.to_owned(), read_one(bytes, &verdict));
                Ok(())
            }
        }
    }

    /// Reads the FHIR files that were kept back, so that references go from file to file.
    fn read_together(&mut self) {
        let files = std::mem::take(&mut self.together);
        if let [(path, bytes)] = files.as_slice() {
            return self.push(path.clone(), read_one(bytes, &detect(bytes)));
        }
        if files.is_empty() {
            return;
        }
        let decoded: Vec<_> =
            files.iter().map(|(path, bytes)| (path.as_str(), text::decode(bytes))).collect();
        let texts: Vec<(&str, &str)> =
            decoded.iter().map(|(path, decoded)| (*path, &*decoded.text)).collect();
        let mut outcome = fhir::read_set(&texts);
        if let Ok(export) = &mut outcome {
            let problems = decoded.iter().flat_map(|(path, decoded)| {
                decoded.problems.iter().cloned().map(move |mut problem| {
                    problem.at = format!("{path} {}", problem.at);
                    problem
                })
            });
            export.problems.extend(problems);
        }
        self.push(format!("{}*", folder(&texts)), outcome);
    }

    fn push(&mut self, path: String, outcome: Result<Export, Unreadable>) {
        self.members.push(Member { path, outcome });
    }
}

/// The folder that all files of a set are in, with its `/`; empty when there is none.
fn folder<'t>(files: &[(&'t str, &str)]) -> &'t str {
    let first = files.first().map(|(path, _)| *path).unwrap_or_default();
    let mut end = first.rfind('/').map_or(0, |at| at + 1);
    while !files.iter().all(|(path, _)| path.get(..end) == first.get(..end)) {
        end = first.get(..end.saturating_sub(1)).and_then(|f| f.rfind('/')).map_or(0, |at| at + 1);
    }
    first.get(..end).unwrap_or_default()
}

/// Reads one file that is no archive; what its decoding assumed is said with what was read.
fn read_one(bytes: &[u8], verdict: &Verdict) -> Result<Export, Unreadable> {
    let reader = match verdict.format {
        Format::Ccda => ccda::read,
        Format::Fhir => fhir::read,
        Format::Hl7v2 => hl7v2::read,
        _ => return Err(not_read(verdict)),
    };
    let decoded = text::decode(bytes);
    let mut export = reader(&decoded.text)?;
    export.problems.extend(decoded.problems);
    Ok(export)
}

/// Says that a file is kept as a document, and what to do.
fn not_read(verdict: &Verdict) -> Unreadable {
    let (code, message) = match verdict.format {
        Format::Empty => {
            ("file_empty", "The file holds nothing. Ask the sender to export it again.".to_owned())
        }
        Format::Unknown | Format::Xml | Format::Json => (
            "format_unknown",
            format!(
                "This kind of file is not known ({}). It is kept whole and can be opened as a \
                 document. If it is an export of a health record, ask the sender for C-CDA, FHIR \
                 or HL7 v2.",
                verdict.reason
            ),
        ),
        Format::Office if verdict.reason.starts_with("old") => (
            "office_old_or_locked",
            "This is a file of an old office program, or one that is locked with a password. It is \
             kept whole. Open it on a computer of the clinic, save it as a new file without a \
             password, and drop that."
                .to_owned(),
        ),
        _ => (
            "format_not_read_yet",
            format!(
                "Files of this kind ({}) are not read yet. It is kept whole and shown as a \
                 document; no facts were taken from it.",
                verdict.format.token()
            ),
        ),
    };
    Unreadable {
        format: verdict.format.token().to_owned(),
        problem: Problem::new(Severity::Error, "file", code, &message),
    }
}
