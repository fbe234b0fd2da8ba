//! What FHIR comes in: a Bundle of any type, one resource, a list of resources, NDJSON with one
//! resource a line, or Parameters with resources inside. All are taken apart into single resources
//! whose text stays exactly as it stands in the file.

use super::datatypes::identifier;
use super::history::{self, Edition, part};
use super::json::{self, Fields, Json, JsonFault};
use super::pages::{self, Pages};
use almoner_core::clinical::{Identifier, When};
use almoner_core::export::{Problem, Severity};
use serde_json::value::RawValue;

/// Containers within containers are followed so deep (a Bundle in Parameters in a Bundle …).
const LEVELS: usize = 8;
/// So many problems of lines and entries are told one by one.
const TOLD: usize = 200;

/// One resource of the set, not yet looked into.
#[derive(Debug)]
pub(crate) struct Item<'a> {
    /// Where it stands: `Bundle.entry[12]`, `line 7`, with the file's path before it in a set.
    pub(crate) place: String,
    pub(crate) full_url: String,
    pub(crate) resource_type: String,
    /// Logical id; empty when it has none.
    pub(crate) id: String,
    /// What tells the newer of two.
    pub(crate) edition: Edition,
    /// Its text; empty for a deletion of what was not met yet.
    pub(crate) raw: &'a str,
    /// Key of its statement, unlike for each item of a set; given by the set.
    pub(crate) key: String,
}

/// All resources of one or several files, in order, and what stood around them.
#[derive(Debug, Default)]
pub(crate) struct Pile<'a> {
    pub(crate) items: Vec<Item<'a>>,
    pub(crate) problems: Vec<Problem>,
    /// `bundle`, `ndjson`, `resource`, `list`, `parameters` or `manifest`.
    pub(crate) document: &'static str,
    pub(crate) identifier: Option<Identifier>,
    pub(crate) created: Option<When>,
    /// `fhirVersion` of a CapabilityStatement or the like, when one is in the file.
    pub(crate) declared: String,
    pages: Pages,
}

/// What stands around a resource.
#[derive(Clone, Copy, Default)]
struct Around<'e> {
    full_url: &'e str,
    response: Option<&'e Json>,
    /// In a history, which stands with the newest first.
    history: bool,
}

impl Item<'_> {
    /// Server address before `Type/id` in the full URL; empty when there is none.
    pub(crate) fn base(&self) -> &str {
        let tail = format!("/{}/{}", self.resource_type, self.id);
        let web = self.full_url.starts_with("http");
        self.full_url.strip_suffix(&tail).filter(|_| web).unwrap_or_default()
    }
}

impl<'a> Pile<'a> {
    /// Takes one file apart. The fault is of the whole file: nothing was found in it.
    pub(crate) fn open(&mut self, text: &'a str, path: &str) -> Result<(), Problem> {
        let text = text.trim_start_matches('\u{feff}');
        let place = if path.is_empty() { String::new() } else { format!("{path} ") };
        match json::raw(text) {
            Ok(raw) => {
                let before = self.items.len() + self.problems.len();
                self.add(raw, &place, Around::default(), 0);
                let found = self.items.len() + self.problems.len() > before;
                match self.document {
                    _ if found => Ok(()),
                    "manifest" => Ok(()),
                    "answer" => Err(pages::answer_only(path)),
                    _ => Err(no_resource(path)),
                }
            }
            Err(fault) => {
                if self.lines(text, &place) {
                    return Ok(());
                }
                let fault = malformed(&fault, path);
                if self.sound_entries(text, &place) == 0 {
                    let other =
                        text.lines().all(|line| line.trim().is_empty() || json::raw(line).is_ok());
                    return Err(if other { no_resource(path) } else { fault });
                }
                self.problem(fault);
                Ok(())
            }
        }
    }

    /// Takes one line of NDJSON.
    pub(crate) fn line(&mut self, line: &'a str, place: &str) {
        match json::raw(line) {
            Ok(raw) => self.add(raw, place, Around::default(), 0),
            Err(fault) => self.problem(malformed(&fault, place)),
        }
    }

    /// Reads NDJSON; false when no line of it is a resource of its own.
    fn lines(&mut self, text: &'a str, place: &str) -> bool {
        let lines: Vec<_> =
            text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()).collect();
        let resource = |line: &str| json::raw(line).is_ok_and(|raw| !type_of(raw).is_empty());
        if !lines.iter().any(|(_, line)| resource(line.trim_start_matches('\u{feff}'))) {
            return false;
        }
        for (number, line) in lines {
            let at = format!("{place}line {}", number + 1);
            self.line(line.trim_start_matches('\u{feff}'), &at);
        }
        self.document = "ndjson";
        true
    }

    /// Takes the sound entries of a Bundle that breaks off or breaks later on (a cut transfer); tells
    /// how many there were.
    fn sound_entries(&mut self, text: &'a str, place: &str) -> usize {
        let after = text.split_once("\"entry\"").map(|(_, after)| after.trim_start());
        let list = after.and_then(|after| after.strip_prefix(':'));
        let Some(mut rest) = list.and_then(|list| list.trim_start().strip_prefix('[')) else {
            return 0;
        };
        let mut count = 0;
        loop {
            let mut values = serde_json::Deserializer::from_str(rest).into_iter::<&RawValue>();
            let Some(Ok(entry)) = values.next() else { break };
            if json::check_depth(entry.get()).is_err() {
                break;
            }
            self.entry(entry, &format!("{place}Bundle.entry[{count}]"), "", 0);
            count += 1;
            let after = rest.get(values.byte_offset()..).unwrap_or_default().trim_start();
            let Some(next) = after.strip_prefix(',') else { break };
            rest = next;
        }
        self.document(0, "bundle");
        count
    }

    fn add(&mut self, raw: &'a RawValue, place: &str, around: Around<'_>, level: usize) {
        if level > LEVELS {
            let text = "Containers stand in containers too deep here; what is inside was left out.";
            self.tell(Severity::Error, place, "nested_too_deep", text);
            return;
        }
        if raw.get().starts_with('[') {
            self.document(level, "list");
            let list: Vec<&RawValue> = serde_json::from_str(raw.get()).unwrap_or_default();
            for (index, raw) in list.into_iter().enumerate() {
                self.add(raw, &format!("{place}[{index}]"), Around::default(), level + 1);
            }
            return;
        }
        let fields = fields_of(raw);
        let resource_type = text_in(&fields, "resourceType");
        match resource_type.as_str() {
            "" if pages::is_manifest(&fields) => self.manifest(&fields, place),
            "" => {
                let text = "This is JSON, but no FHIR resource; it was left out.";
                self.tell(Severity::Warning, place, "not_a_resource", text);
            }
            "Bundle" => self.bundle(&fields, place, level),
            "Parameters" => self.parameters(&fields, place, level),
            "OperationOutcome" => {
                let text = "The sending system put a remark of its own here; read it in the file.";
                self.tell(Severity::Info, place, "operation_outcome", text);
            }
            _ => {
                self.document(level, "resource");
                self.item(raw, &fields, resource_type, place, around);
            }
        }
    }

    fn item(
        &mut self,
        raw: &'a RawValue,
        fields: &[(String, &'a RawValue)],
        resource_type: String,
        place: &str,
        around: Around<'_>,
    ) {
        if self.declared.is_empty() {
            self.declared = text_in(fields, "fhirVersion");
        }
        let meta = part(find(fields, "meta"));
        let response = around.response.cloned().unwrap_or_default();
        let place = place.trim_end();
        let place = if place.is_empty() { resource_type.clone() } else { place.to_owned() };
        self.items.push(Item {
            place,
            full_url: around.full_url.to_owned(),
            id: text_in(fields, "id"),
            edition: Edition::read(&meta, &response, self.order(around.history)),
            resource_type,
            raw: raw.get(),
            key: String::new(),
        });
    }

    fn bundle(&mut self, fields: &[(String, &'a RawValue)], place: &str, level: usize) {
        let kind = text_in(fields, "type");
        self.document(level, if kind.ends_with("-response") { "answer" } else { "bundle" });
        if level == 0 {
            self.created = When::parse(&text_in(fields, "timestamp"));
            let id = identifier(&part(find(fields, "identifier")));
            self.identifier = Some(id).filter(|id| !id.value.is_empty());
        }
        let entries = find(fields, "entry").map_or("[]", RawValue::get);
        let entries: Vec<&RawValue> = serde_json::from_str(entries).unwrap_or_default();
        let here = entries.iter().filter(|entry| !entry.get().contains("\"include\"")).count();
        let link = part(find(fields, "link"));
        self.pages.note(place, &link, &text_in(fields, "total"), here);
        for (index, entry) in entries.into_iter().enumerate() {
            self.entry(entry, &format!("{place}Bundle.entry[{index}]"), &kind, level);
        }
    }

    fn entry(&mut self, entry: &'a RawValue, place: &str, kind: &str, level: usize) {
        let fields = fields_of(entry);
        let url = text_in(&fields, "fullUrl");
        let full_url = url.trim_start_matches('/');
        let (request, response) = (part(find(&fields, "request")), part(find(&fields, "response")));
        let history = kind == "history";
        if let Some(resource) = find(&fields, "resource") {
            let around = Around { full_url, response: Some(&response), history };
            self.add(resource, place, around, level + 1);
            return;
        }
        let deletion = history.then(|| history::target(full_url, &request)).flatten();
        match (request.text("method"), deletion) {
            ("DELETE", Some((resource_type, id))) => {
                let mut edition = Edition::read(&Json::Null, &response, self.order(history));
                edition.gone = true;
                self.items.push(Item {
                    place: place.to_owned(),
                    full_url: full_url.to_owned(),
                    resource_type,
                    id,
                    edition,
                    raw: "",
                    key: String::new(),
                });
            }
            ("DELETE", None) => {
                let text = "The sending system asks to delete something here. Nothing was deleted: \
                            look at it and decide.";
                self.tell(Severity::Warning, place, "entry_delete", text);
            }
            _ if response.text("status").starts_with(['4', '5']) => {
                let text = "The system that answers refused this entry when it was sent there.";
                self.tell(Severity::Warning, place, "entry_refused", text);
            }
            ("GET" | "HEAD", _) => {}
            _ if !response.is_empty() => {}
            _ => {
                let text = "This entry holds no resource.";
                self.tell(Severity::Info, place, "entry_empty", text);
            }
        }
    }

    /// Where the next resource stands among the versions of it: the newest is the greatest.
    fn order(&self, history: bool) -> i64 {
        let place = i64::try_from(self.items.len()).unwrap_or(i64::MAX);
        if history { -place } else { place }
    }

    fn manifest(&mut self, fields: &[(String, &'a RawValue)], place: &str) {
        self.document(0, "manifest");
        if let Some(problem) = pages::of_manifest(&part(find(fields, "error")), place) {
            self.problem(problem);
        }
    }

    /// All files were opened: what pages are missing is told.
    pub(crate) fn close(&mut self) {
        if let Some(problem) = self.pages.missing() {
            self.problem(problem);
        }
    }

    fn parameters(&mut self, fields: &[(String, &'a RawValue)], place: &str, level: usize) {
        self.document(level, "parameters");
        if let Some(list) = find(fields, "parameter") {
            self.parts(list, &format!("{place}Parameters.parameter"), level);
        }
    }

    fn parts(&mut self, list: &'a RawValue, place: &str, level: usize) {
        let list: Vec<&RawValue> = serde_json::from_str(list.get()).unwrap_or_default();
        for (index, part) in list.into_iter().enumerate() {
            let fields = fields_of(part);
            let place = format!("{place}[{index}]");
            if let Some(resource) = find(&fields, "resource") {
                self.add(resource, &place, Around::default(), level + 1);
            }
            if let Some(parts) = find(&fields, "part").filter(|_| level < LEVELS) {
                self.parts(parts, &format!("{place}.part"), level + 1);
            }
        }
    }

    fn document(&mut self, level: usize, name: &'static str) {
        if level == 0 && self.document.is_empty() {
            self.document = name;
        }
    }

    fn tell(&mut self, severity: Severity, place: &str, code: &str, text: &str) {
        self.problem(Problem::new(severity, place.trim_end(), code, text));
    }

    /// Notes a problem; after many, only that there are more.
    fn problem(&mut self, problem: Problem) {
        match self.problems.len() {
            TOLD => {
                let text = "There are more problems of this kind; the first ones are listed.";
                let more = Problem::new(problem.severity, problem.at, "more_problems", text);
                self.problems.push(more);
            }
            few if few < TOLD => self.problems.push(problem),
            _ => {}
        }
    }
}

fn fields_of(raw: &RawValue) -> Vec<(String, &RawValue)> {
    serde_json::from_str(raw.get()).map_or_else(|_| Vec::new(), |Fields(fields)| fields)
}

fn find<'a>(fields: &[(String, &'a RawValue)], key: &str) -> Option<&'a RawValue> {
    fields.iter().find(|(name, _)| name == key).map(|(_, raw)| *raw)
}

fn text_in(fields: &[(String, &RawValue)], key: &str) -> String {
    let text = find(fields, key).and_then(|raw| Json::from_raw(raw).ok());
    text.map(|json| json.as_str().trim().to_owned()).unwrap_or_default()
}

fn type_of(raw: &RawValue) -> String {
    text_in(&fields_of(raw), "resourceType")
}

/// The type and the logical id of a resource; empty where it has none.
pub(crate) fn type_and_id(raw: &RawValue) -> (String, String) {
    let fields = fields_of(raw);
    (text_in(&fields, "resourceType"), text_in(&fields, "id"))
}

pub(crate) fn malformed(fault: &JsonFault, at: &str) -> Problem {
    let at = match (at, fault.line) {
        ("", 0) => "file".to_owned(),
        (at, 0) => at.to_owned(),
        ("", line) => format!("{line}:{}", fault.column),
        (at, line) => format!("{at} {line}:{}", fault.column),
    };
    if fault.too_deep {
        let text = "This JSON nests deeper than any FHIR resource; it was left out.";
        return Problem::new(Severity::Error, at, "json_too_deep", text);
    }
    let text = "This is broken JSON and was left out. Ask the sender for the file again.";
    Problem::new(Severity::Error, at, "json_malformed", text)
}

fn no_resource(path: &str) -> Problem {
    let text = "No FHIR resource is in this file. Ask the sender what it is.";
    // One file of a set, such as the log of a bulk export, may well be something else.
    let severity = if path.is_empty() { Severity::Error } else { Severity::Warning };
    Problem::new(severity, path, "fhir_empty", text)
}
