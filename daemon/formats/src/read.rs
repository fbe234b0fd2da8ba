//! One door for every file: find out what it is, then let the right reader have it.

use crate::detect::{Format, Verdict, detect};
use crate::enclosed::Enclosed;
use crate::large::{File, Large, Place, has_parts};
use crate::packaging::is_packaging;
use crate::refusals::{empty_archive, not_read, too_large, unavailable};
use crate::sound::{check_inner, check_zip};
use crate::source::{MAGIC, OPENING, Source, opening, size, stream};
use crate::tables::{self, lists::Known};
use crate::telling::{self, Listen};
use crate::unpack::{self, Budget, Limits, Spill, Taken, Zip, drain, gunzip, take};
use crate::{ccda, ehi, fhir, hl7v2, hsds, questionnaire, text, x12};
use almoner_core::export::{Ending, Export, Problem, Told, Unreadable};
use std::io::{Cursor, Read};

/// One file of an archive, or the file itself.
#[derive(Debug)]
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
    read_with(bytes, limits, Known::default())
}

/// Reads a dropped file with what is known of its source: how its lists are read.
pub fn read_with(bytes: &[u8], limits: Limits, known: Known<'_>) -> Vec<Member> {
    let (mut source, mut told) = (Cursor::new(bytes), Vec::new());
    tell(&mut source, limits, known, &mut |one| told.push(one));
    telling::gather(told)
}

/// Reads a dropped file and tells what it says, piece by piece: what is in memory at a time is no
/// more than `limits` says of a file read whole, and what is told.
pub fn tell(source: &mut dyn Source, limits: Limits, known: Known<'_>, listen: &mut Listen<'_>) {
    let mut members = 0;
    let mut enclosed = Enclosed::new(known.today, listen);
    let mut counting = |told: Told| {
        members += usize::from(matches!(told, Told::End(_)));
        enclosed.hear(told);
    };
    let mut opener = Opener {
        limits,
        known,
        listen: &mut counting,
        together: Vec::new(),
        whole: Vec::new(),
        tables: Vec::new(),
    };
    let problem = match opener.file(source) {
        Err(problem) => problem,
        Ok(()) if members == 0 => empty_archive(),
        Ok(()) => return,
    };
    let format = detect(&opening(source, MAGIC)).format.token().to_owned();
    refuse("", &format, problem, listen);
}

/// Opens archives and reads what is in them. A problem refuses the dropped file whole; it is found
/// before anything is told.
struct Opener<'l, 'f> {
    limits: Limits,
    known: Known<'l>,
    listen: &'l mut Listen<'f>,
    /// FHIR files of an archive that may refer to each other.
    together: Vec<Part>,
    /// Those of them that are read whole: pages of answers, and what a bulk export says of itself.
    whole: Vec<(String, Vec<u8>)>,
    /// Tables of an archive that may be one export.
    tables: Vec<(String, Vec<u8>)>,
}

/// A file of a set.
struct Part {
    path: String,
    /// How it can be opened again in its archive, where it can.
    again: Option<File>,
    /// `None`: to be opened again.
    bytes: Option<Vec<u8>>,
    size: u64,
}

impl Opener<'_, '_> {
    /// Reads the dropped file itself.
    fn file(&mut self, source: &mut dyn Source) -> Result<(), Problem> {
        match detect(&opening(source, MAGIC)).format {
            Format::Zip => {
                let mut zip = Zip::open(source, &self.limits)?;
                check_zip(&mut zip, &self.limits, &mut Budget::new(self.limits), 1)?;
                self.zip(&mut zip, "", 1)
            }
            Format::Gzip => {
                let mut budget = Budget::new(self.limits);
                let packed = size(source);
                let mut inner = budget.meter(gunzip(stream(source)), packed);
                let taken = take(&mut inner, self.limits.whole_bytes);
                match taken.map_err(|spill| spill.problem("gzip"))? {
                    Taken::Whole(bytes) => {
                        check_inner(&bytes, &self.limits, &mut budget, 1)?;
                        self.bytes(bytes, None, "", 1)
                    }
                    Taken::Large(head) => {
                        drain(inner).map_err(|spill| spill.problem("gzip"))?;
                        self.large(Place::File(source), File::alone("", 0, true), &head);
                        Ok(())
                    }
                }
            }
            _ if size(source) > self.limits.whole_bytes
                || (size(source) > self.parted() && has_parts(&opening(source, OPENING))) =>
            {
                let head = opening(source, OPENING);
                self.large(Place::File(source), File::alone("", 0, false), &head);
                Ok(())
            }
            _ => {
                let mut bytes = Vec::new();
                stream(source).read_to_end(&mut bytes).map_err(|_| unavailable())?;
                self.one("", &bytes, &detect(&bytes));
                Ok(())
            }
        }
    }

    /// Reads one file that is no archive; clinical documents one after another are a member each.
    fn one(&mut self, path: &str, bytes: &[u8], verdict: &Verdict) {
        if verdict.format == Format::Ccda {
            let decoded = text::decode(bytes);
            let documents = ccda::several(&decoded.text);
            for (part, document) in &documents {
                let path = if path.is_empty() { part.clone() } else { format!("{path}/{part}") };
                self.push(&path, ccda::read_part(document, self.known.today));
            }
            if !documents.is_empty() {
                return;
            }
        }
        self.push(path, read_one(bytes, verdict, self.known));
    }

    /// Reads the files of an archive that was found sound, and stands in so many others.
    fn zip(&mut self, zip: &mut Zip<'_>, path: &str, depth: usize) -> Result<(), Problem> {
        let outside = std::mem::take(&mut self.together);
        let whole = std::mem::take(&mut self.whole);
        let tables = std::mem::take(&mut self.tables);
        for entry in zip.entries() {
            let path = if path.is_empty() { entry.name } else { format!("{path}/{}", entry.name) };
            let file = File { path, at: entry.at, packed: false };
            let taken = zip.entry(entry.at).map_err(|_| Spill::Damaged);
            match taken.and_then(|(bytes, _)| take(bytes, self.limits.whole_bytes)) {
                Ok(Taken::Whole(bytes)) => {
                    let path = file.path.clone();
                    self.bytes(bytes, Some(file), &path, depth)?;
                }
                Ok(Taken::Large(head)) => self.large(Place::Zip(zip), file, &head),
                Err(_) => {
                    refuse(&file.path, Format::Zip.token(), unpack::damaged_member(), self.listen);
                }
            }
        }
        self.read_together(zip);
        self.read_tables();
        (self.together, self.whole, self.tables) = (outside, whole, tables);
        Ok(())
    }

    /// Reads a file that lies in memory and stands in so many archives; `again` is how it can be
    /// opened again.
    fn bytes(
        &mut self,
        bytes: Vec<u8>,
        again: Option<File>,
        path: &str,
        depth: usize,
    ) -> Result<(), Problem> {
        let verdict = detect(&bytes);
        match verdict.format {
            Format::Gzip => {
                let path = path.trim_end_matches(".gz");
                let again = again.filter(|file| !file.packed);
                let again = again.map(|file| File { path: path.to_owned(), packed: true, ..file });
                let inner = take(gunzip(bytes.as_slice()), self.limits.whole_bytes);
                match inner.map_err(|spill| spill.problem("gzip"))? {
                    Taken::Whole(inner) => self.bytes(inner, again, path, depth + 1),
                    Taken::Large(head) => {
                        let mut source = Cursor::new(bytes);
                        self.large(Place::File(&mut source), File::alone(path, 0, true), &head);
                        Ok(())
                    }
                }
            }
            Format::Zip => {
                let mut source = Cursor::new(bytes);
                let mut zip = Zip::open(&mut source, &self.limits)?;
                self.zip(&mut zip, path, depth + 1)
            }
            Format::Hl7v2 if bytes.len() as u64 > self.parted() && has_parts(&bytes) => {
                let head = bytes.get(..OPENING).unwrap_or(&bytes).to_vec();
                let mut source = Cursor::new(bytes);
                self.large(Place::File(&mut source), File::alone(path, 0, false), &head);
                Ok(())
            }
            Format::Json if path.ends_with("log.ndjson") => Ok(()),
            format if !path.is_empty() && is_packaging(path, format) => Ok(()),
            Format::Fhir if !path.is_empty() && fhir::belongs(&verdict.resource, path, &bytes) => {
                self.whole.push((path.to_owned(), bytes));
                Ok(())
            }
            Format::FhirXml if !path.is_empty() => {
                match fhir::single_in_xml(&bytes) {
                    Some(json) => self.whole.push((path.to_owned(), json.into_bytes())),
                    None => self.one(path, &bytes, &verdict),
                }
                Ok(())
            }
            Format::Fhir if !path.is_empty() && verdict.resource != "Bundle" => {
                self.keep_back(path, again, bytes);
                Ok(())
            }
            format if !path.is_empty() && may_be_table(format, path) => {
                self.tables.push((path.to_owned(), bytes));
                Ok(())
            }
            _ => {
                self.one(path, &bytes, &verdict);
                Ok(())
            }
        }
    }

    /// Reads the tables that were kept back: as one export when they are one, else each alone.
    fn read_tables(&mut self) {
        let tables = std::mem::take(&mut self.tables);
        let files: Vec<(&str, &[u8])> =
            tables.iter().map(|(path, bytes)| (&**path, bytes.as_slice())).collect();
        let openings: Vec<_> =
            files.iter().map(|(path, bytes)| (*path, text::opening(bytes, OPENING))).collect();
        let headers: Vec<(&str, &str)> =
            openings.iter().map(|(path, text)| (*path, &**text)).collect();
        let Some(vendor) = ehi::recognise(&headers) else {
            return self.read_directory(&files);
        };
        let paths: Vec<&str> = files.iter().map(|(path, _)| *path).collect();
        let path = format!("{}*", folder(&paths));
        if total(&files) > self.limits.whole_bytes {
            return refuse(&path, Format::Ehi.token(), too_large(), self.listen);
        }
        self.push(&path, read_set(&files, |texts| ehi::read_set(vendor, texts)));
    }

    /// Reads the tables and objects of a directory of services, which refer to each other; the other
    /// tables each alone.
    fn read_directory(&mut self, files: &[(&str, &[u8])]) {
        let belongs = |file: &&(&str, &[u8])| detect(file.1).format == Format::Hsds;
        let (set, others): (Vec<_>, Vec<_>) = files.iter().copied().partition(|it| belongs(&it));
        for (path, bytes) in others {
            self.push(path, read_one(bytes, &detect(bytes), self.known));
        }
        let paths: Vec<&str> = set.iter().map(|(path, _)| *path).collect();
        let path = format!("{}*", folder(&paths));
        match set.as_slice() {
            [] => {}
            [(path, bytes)] => self.push(path, read_one(bytes, &detect(bytes), self.known)),
            set if total(set) > self.limits.whole_bytes => {
                refuse(&path, Format::Hsds.token(), too_large(), self.listen);
            }
            set => self.push(&path, read_set(set, hsds::read_set)),
        }
    }

    /// Keeps a file of a set back. Of a set that is too large to be read whole, the bytes are let go:
    /// its files are opened again.
    fn keep_back(&mut self, path: &str, again: Option<File>, bytes: Vec<u8>) {
        let size = bytes.len() as u64;
        self.together.push(Part { path: path.to_owned(), again, bytes: Some(bytes), size });
        if self.is_large() {
            self.together.iter_mut().for_each(|part| part.bytes = None);
        }
    }

    fn is_large(&self) -> bool {
        let size: u64 = self.together.iter().map(|part| part.size).sum();
        size > self.parted() && self.together.iter().all(|part| part.again.is_some())
    }

    /// Bytes from which a file is read in parts where its format has them: what a whole file says takes
    /// eight times its size and more.
    fn parted(&self) -> u64 {
        const PARTED: u64 = 16 << 20;
        self.limits.whole_bytes.min(PARTED)
    }

    /// Reads the FHIR files that were kept back, so that references go from file to file.
    fn read_together(&mut self, zip: &mut Zip<'_>) {
        let large = self.is_large();
        let parts = std::mem::take(&mut self.together);
        let whole = std::mem::take(&mut self.whole);
        let whole = whole.iter().map(|(path, bytes)| (&**path, bytes.as_slice()));
        if large {
            let paths: Vec<&str> = parts.iter().map(|part| &*part.path).collect();
            let path = format!("{}*", folder(&paths));
            let files = parts.into_iter().filter_map(|part| part.again).collect();
            let mut large = Large { place: Place::Zip(zip), files };
            fhir::large::tell(&mut large, &path, self.listen);
            return self.read_whole(&whole.collect::<Vec<_>>());
        }
        let files = parts.iter().filter_map(|part| Some((&*part.path, part.bytes.as_deref()?)));
        self.read_whole(&files.chain(whole).collect::<Vec<_>>());
    }

    /// Reads FHIR files that refer to each other, and lie in memory.
    fn read_whole(&mut self, files: &[(&str, &[u8])]) {
        let paths: Vec<&str> = files.iter().map(|(path, _)| *path).collect();
        let path = format!("{}*", folder(&paths));
        match files {
            [] => {}
            [(path, bytes)] => self.push(path, read_one(bytes, &detect(bytes), self.known)),
            files if total(files) > self.limits.whole_bytes => {
                for (path, bytes) in files {
                    self.push(path, read_one(bytes, &detect(bytes), self.known));
                }
            }
            files => self.push(&path, read_set(files, fhir::read_set)),
        }
    }

    /// Reads a file that is too large to be read whole, where its format allows that.
    fn large(&mut self, place: Place<'_, '_>, file: File, head: &[u8]) {
        let (path, verdict) = (file.path.clone(), detect(head));
        let mut large = Large { place, files: vec![file] };
        match verdict.format {
            Format::Hl7v2 => hl7v2::large::tell(&mut large, &path, self.listen),
            Format::Fhir if verdict.resource != "Bundle" => {
                fhir::large::tell(&mut large, &path, self.listen);
            }
            format => refuse(&path, format.token(), too_large(), self.listen),
        }
    }

    fn push(&mut self, path: &str, outcome: Result<Export, Unreadable>) {
        telling::member(path, outcome, self.listen);
    }
}

/// Whether a file of an archive may be a table of a set; one of a single column has no separator that
/// would tell it.
fn may_be_table(format: Format, path: &str) -> bool {
    let tsv =
        || std::path::Path::new(path).extension().is_some_and(|it| it.eq_ignore_ascii_case("tsv"));
    matches!(format, Format::Ehi | Format::Table | Format::Hsds)
        || (format == Format::Unknown && tsv())
        || (format == Format::Json && ehi::is_plan(path))
}

/// Reads the files of a set; what their decoding assumed is said with what was read.
fn read_set(
    files: &[(&str, &[u8])],
    reader: impl FnOnce(&[(&str, &str)]) -> Result<Export, Unreadable>,
) -> Result<Export, Unreadable> {
    let decoded: Vec<_> = files.iter().map(|(path, bytes)| (*path, text::decode(bytes))).collect();
    let texts: Vec<(&str, &str)> =
        decoded.iter().map(|(path, decoded)| (*path, &*decoded.text)).collect();
    let mut export = reader(&texts)?;
    let problems = decoded.into_iter().flat_map(|(path, decoded)| {
        decoded.problems.into_iter().map(move |mut problem| {
            problem.at = format!("{path} {}", problem.at);
            problem
        })
    });
    export.problems.extend(problems);
    Ok(export)
}

/// Bytes of some files in all.
fn total(files: &[(&str, &[u8])]) -> u64 {
    files.iter().map(|(_, bytes)| bytes.len() as u64).sum()
}

/// The folder that all files of a set are in, with its `/`; empty when there is none.
fn folder<'t>(paths: &[&'t str]) -> &'t str {
    let first = paths.first().copied().unwrap_or_default();
    let mut end = first.rfind('/').map_or(0, |at| at + 1);
    while !paths.iter().all(|path| path.get(..end) == first.get(..end)) {
        end = first.get(..end.saturating_sub(1)).and_then(|f| f.rfind('/')).map_or(0, |at| at + 1);
    }
    first.get(..end).unwrap_or_default()
}

/// Reads one file that is no archive; what its decoding assumed is said with what was read.
pub(crate) fn read_one(
    bytes: &[u8],
    verdict: &Verdict,
    known: Known<'_>,
) -> Result<Export, Unreadable> {
    let on_day = |text: &str| ccda::read_on(text, known.today);
    let reader: &dyn Fn(&str) -> Result<Export, Unreadable> = match verdict.format {
        Format::Ccda => &on_day,
        Format::Fhir => &fhir::read,
        Format::FhirXml => &fhir::read_xml,
        Format::Hl7v2 | Format::Hl7v2Xml => &hl7v2::read,
        Format::X12 => &x12::read,
        Format::Hsds => &hsds::read,
        Format::Questionnaire => &questionnaire::read,
        Format::Ehi if ehi::is_known(&text::decode(bytes).text) => &ehi::read_alone,
        _ => {
            let list = tables::read_list(bytes, verdict.format, known);
            return list.unwrap_or_else(|| Err(not_read(verdict)));
        }
    };
    let decoded = text::decode(bytes);
    let mut export = reader(&decoded.text)?;
    export.problems.extend(decoded.problems);
    Ok(export)
}

/// Tells that a member can't be read.
fn refuse(path: &str, format: &str, problem: Problem, listen: &mut Listen<'_>) {
    let outcome = Err(Unreadable { format: format.to_owned(), problem });
    listen(Told::End(Box::new(Ending { path: path.to_owned(), outcome })));
}
