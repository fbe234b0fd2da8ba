//! NDJSON of any size, one file or a set (FHIR Bulk Data Access 2.0, "Bulk data output"): read in
//! parts of a megabyte. First the directory, so that names are known; then the patients, so that
//! what is said of them finds them; then all else. A part knows what of the directory it refers to;
//! a reference to another part is kept as it is written, and found again by its key in the store.

use super::container::{Pile, malformed, type_and_id};
use super::json;
use super::reader::{Course, read_part};
use crate::large::{Large, Line};
use crate::telling::{self, Listen};
use almoner_core::export::{Ending, Export, Problem, Severity, Told, Unreadable};
use std::collections::{BTreeSet, HashMap};

/// Bytes of a part, about.
const PART: usize = 1 << 20;
/// Bytes of the directory that stay in memory to be referred to; what is more is read as well, but
/// what refers to it shows only the words that stand in the reference.
const DIRECTORY: usize = 32 << 20;
/// Problems of lines that are told one by one.
const TOLD: usize = 200;

/// In which of the three rounds a resource is read.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Round {
    Directory,
    Patients,
    Rest,
}

/// A line that holds a resource.
struct Resource {
    place: String,
    text: String,
}

struct Reading<'l, 'f> {
    path: &'l str,
    listen: &'l mut Listen<'f>,
    /// By `Type/id`.
    directory: HashMap<String, Resource>,
    /// Bytes that `directory` holds.
    held: usize,
    part: Vec<Resource>,
    /// Bytes that `part` holds.
    size: usize,
    course: Course,
    problems: Vec<Problem>,
    begun: bool,
}

/// Tells a file, or a set under the path `path`.
pub(crate) fn tell(large: &mut Large<'_, '_>, path: &str, listen: &mut Listen<'_>) {
    let mut reading = Reading {
        path,
        listen,
        directory: HashMap::new(),
        held: 0,
        part: Vec::new(),
        size: 0,
        course: Course::default(),
        problems: Vec::new(),
        begun: false,
    };
    let mut rounds = vec![BTreeSet::new(); large.files.len()];
    for round in [Round::Directory, Round::Patients, Round::Rest] {
        for (number, kinds) in rounds.iter_mut().enumerate() {
            // After the first round it is known which kinds a file holds.
            if round != Round::Directory && !kinds.contains(&round) {
                continue;
            }
            let path = large.files.get(number).map(|file| file.path.clone()).unwrap_or_default();
            let place = if path.is_empty() { path } else { format!("{path} ") };
            large.lines(number, &mut |line| reading.line(&place, line, round, kinds));
        }
        reading.tell_part();
    }
    reading.end();
}

impl Reading<'_, '_> {
    fn line(&mut self, place: &str, line: Line, round: Round, kinds: &mut BTreeSet<Round>) {
        let first = round == Round::Directory;
        let place = format!("{place}line {}", line.number);
        let Some(text) = line.text else {
            if first {
                let words = "This line is longer than any resource and was left out.";
                self.problem(Problem::new(Severity::Error, &place, "line_too_long", words));
            }
            return;
        };
        let raw = match json::raw(&text) {
            Ok(raw) => raw,
            Err(fault) if first => return self.problem(malformed(&fault, &place)),
            Err(_) => return,
        };
        let (kind, id) = type_and_id(raw);
        let own = match kind.as_str() {
            "Patient" => Round::Patients,
            "Practitioner" | "Organization" | "PractitionerRole" | "Location"
            | "HealthcareService" | "Medication" => Round::Directory,
            _ => Round::Rest,
        };
        kinds.insert(own);
        if own != round {
            return;
        }
        if own == Round::Directory && !id.is_empty() && self.held + text.len() <= DIRECTORY {
            self.held += text.len();
            let copy = Resource { place: place.clone(), text: text.clone() };
            self.directory.entry(format!("{kind}/{id}")).or_insert(copy);
        }
        self.size += text.len();
        self.part.push(Resource { place, text });
        if self.size >= PART && own != Round::Directory || self.size >= DIRECTORY {
            self.tell_part();
        }
    }

    /// Notes a problem; after many, only that there are more.
    fn problem(&mut self, problem: Problem) {
        match self.problems.len() {
            TOLD => {
                let words = "There are more problems of this kind; the first ones are listed.";
                let more = Problem::new(problem.severity, problem.at, "more_problems", words);
                self.problems.push(more);
            }
            few if few < TOLD => self.problems.push(problem),
            _ => {}
        }
    }

    /// Reads the part that was gathered, and tells it.
    fn tell_part(&mut self) {
        let part = std::mem::take(&mut self.part);
        self.size = 0;
        if part.is_empty() {
            return;
        }
        let mine: BTreeSet<&str> = part.iter().map(|resource| resource.place.as_str()).collect();
        let mut pile = Pile::default();
        let mut course = std::mem::take(&mut self.course);
        for resource in self.referred(&part) {
            if !mine.contains(resource.place.as_str()) {
                pile.line(&resource.text, &resource.place);
            }
        }
        let known = pile.items.len();
        for resource in &part {
            pile.line(&resource.text, &resource.place);
        }
        if course.declared.is_empty() {
            course.declared = std::mem::take(&mut pile.declared);
        }
        pile.close();
        let problems = std::mem::take(&mut pile.problems);
        let mut export = read_part(std::mem::take(&mut pile.items), known, &mut course);
        self.course = course;
        self.problems.extend(problems.into_iter().take(TOLD.saturating_sub(self.problems.len())));
        if !std::mem::replace(&mut self.begun, true) {
            let begun = Export { document: "ndjson".to_owned(), ..Export::default() };
            telling::begin(
                self.path,
                &Export { format: export.format.clone(), ..begun },
                self.listen,
            );
        }
        telling::by_key(&mut export);
        telling::statements(&mut export, self.listen);
    }

    fn end(mut self) {
        let mut problems = std::mem::take(&mut self.problems);
        problems.extend(self.course.problems());
        let outcome = if self.begun {
            Ok(Export {
                format: "fhir".to_owned(),
                document: "ndjson".to_owned(),
                version: self.course.version().to_owned(),
                problems,
                ..Export::default()
            })
        } else {
            let words = "No FHIR resource is in this file. Ask the sender what it is.";
            let none = Problem::new(Severity::Error, "file", "fhir_empty", words);
            let problem = problems.into_iter().next().unwrap_or(none);
            Err(Unreadable { format: "fhir".to_owned(), problem })
        };
        let path = self.path.to_owned();
        (self.listen)(Told::End(Box::new(Ending { path, outcome })));
    }

    /// What of the directory a part refers to, and what that refers to in turn.
    fn referred(&self, part: &[Resource]) -> Vec<&Resource> {
        let mut keys = BTreeSet::new();
        let mut new: Vec<&str> = part.iter().map(|resource| resource.text.as_str()).collect();
        for _ in 0..2 {
            let mut next = Vec::new();
            for text in new {
                for reference in references(text) {
                    if let Some(known) = self.directory.get(reference)
                        && keys.insert(reference.to_owned())
                    {
                        next.push(known.text.as_str());
                    }
                }
            }
            new = next;
        }
        keys.iter().filter_map(|key| self.directory.get(key)).collect()
    }
}

/// The references that are written in a resource, as keys: `Type/id`.
fn references(text: &str) -> impl Iterator<Item = &str> {
    let values = text.split("\"reference\"").skip(1).filter_map(|rest| {
        let value = rest.trim_start().strip_prefix(':')?.trim_start().strip_prefix('"')?;
        value.split('"').next()
    });
    values.filter_map(|value| {
        let mut slashes = value.rmatch_indices('/').map(|(at, _)| at + 1);
        let start = slashes.nth(1).unwrap_or_default();
        value.get(start..)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::large::{File, Place};
    use crate::telling::gather;
    use almoner_core::export::{PersonStatements, Statement};
    use std::collections::BTreeMap;
    use std::fmt::Write;

    #[test]
    fn references_are_keys() {
        let text = r##"{"a":{"reference":"Practitioner/1"},"b":[{"reference" : "https://e.org/fhir/Organization/2"}],
            "c":{"reference":"#x"},"d":{"reference":"/Location/3"}}"##;
        let found: Vec<&str> = super::references(text).collect();
        assert_eq!(found, ["Practitioner/1", "Organization/2", "#x", "Location/3"]);
    }

    /// Lines about many people, mixed, with a broken one and one that is no resource.
    fn lines(people: usize) -> String {
        let mut text = String::new();
        for n in 0..people {
            let long = "x".repeat(4_000);
            let _ = writeln!(
                text,
                r#"{{"resourceType":"Condition","id":"c{n}","subject":{{"reference":"Patient/p{n}"}},"code":{{"text":"Gout"}},"note":[{{"text":"{long}"}}],"asserter":{{"reference":"Practitioner/d{}"}}}}"#,
                n % 7
            );
            let _ = writeln!(
                text,
                r#"{{"resourceType":"Patient","id":"p{n}","name":[{{"family":"Doe","given":["N{n}"]}}],"birthDate":"1980-01-02"}}"#
            );
        }
        for n in 0..7 {
            let _ = writeln!(
                text,
                r#"{{"resourceType":"Practitioner","id":"d{n}","name":[{{"family":"Ito","given":["K{n}"]}}]}}"#
            );
        }
        text + "{broken\n{\"a\":1}\n"
    }

    /// What is said of each person, by key.
    fn of_people(people: Vec<PersonStatements>) -> BTreeMap<String, (Vec<Statement>, usize)> {
        let mut all = BTreeMap::<String, (Vec<Statement>, usize)>::new();
        for person in people {
            let entry = all.entry(person.key).or_default();
            entry.0.extend(person.statements);
            entry.1 = entry.1.max(person.patient.names.len());
        }
        all
    }

    #[test]
    fn parts_make_the_same_whole() {
        let text = lines(600);
        assert!(text.len() > 2 * PART);
        let mut bytes = std::io::Cursor::new(text.as_bytes());
        let file = File::alone("", 0, false);
        let mut large = Large { place: Place::File(&mut bytes), files: vec![file] };
        let mut told = Vec::new();
        tell(&mut large, "", &mut |one| told.push(one));
        let mut members = gather(told);
        assert_eq!(members.len(), 1);
        let parts = members.remove(0).outcome.unwrap();
        let whole = super::super::read(&text).unwrap();
        assert_eq!(parts.version, whole.version);
        let codes = |export: &Export| {
            let mut codes: Vec<_> =
                export.problems.iter().map(|it| (it.code.clone(), it.at.clone())).collect();
            codes.sort();
            codes
        };
        assert_eq!(codes(&parts), codes(&whole));
        assert_eq!(parts.shared, whole.shared);
        assert!(of_people(parts.people) == of_people(whole.people));
    }
}
