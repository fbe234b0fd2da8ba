//! From files to statements: whose they are, what they say, and what was not taken and why.

use super::container::{Item, Pile};
use super::datatypes::identifiers;
use super::history::withdrawn;
use super::json::Json;
use super::links::Links;
use super::node::{Node, Scope};
use super::pages::manifest_only;
use super::resources::{self, Outcome, Why};
use super::set::{Pointer, Set, normal};
use super::tally::Tally;
use super::ties::{own_id, stub_id, tie};
use super::version::Votes;
use almoner_core::clinical::{Content, Patient};
use almoner_core::export::{
    Export, PersonStatements, Problem, Sense, Severity, Statement, Unreadable,
};
use std::collections::{BTreeMap, HashMap};

/// System of the identifier under which a patient's FHIR id is kept, so that a later file of the
/// same source, or data that came before its Patient, finds the same person. The value is the
/// server's address and id (`https://ehr.example/fhir/Patient/17`) where the file tells the
/// address, else the bare id (`17`); it means something within one source only.
pub const FHIR_ID: &str = "urn:almoner:fhir-id";

/// The words of FHIR by which resources name their patient.
const SUBJECTS: [&str; 5] = ["patient", "subject", "beneficiary", "for", "individual"];

/// Types that are about no patient.
const DIRECTORY: [&str; 6] = [
    "Practitioner",
    "Organization",
    "PractitionerRole",
    "Location",
    "HealthcareService",
    "Questionnaire",
];

/// What a resource says of whose it is.
enum Subject {
    /// Index into the people found so far.
    Person(usize),
    /// A group, a device, a practitioner; or nobody.
    NoPatient,
}

/// The work on one set of files.
struct Reading<'a> {
    set: &'a Set<'a>,
    links: Links,
    export: Export,
    /// Person's key to their place in `export.people`.
    known: HashMap<String, usize>,
    tally: Tally,
    votes: Votes,
    aliases: BTreeMap<String, String>,
}

/// Reads one file: a Bundle, a resource, a list of resources, NDJSON or Parameters.
///
/// # Errors
/// The file holds no FHIR resource at all, or is broken as a whole.
pub fn read(text: &str) -> Result<Export, Unreadable> {
    read_set(&[("", text)])
}

/// Reads several files of one bulk export together: references go across files. Each pair is the
/// file's path (named in places and problems) and its text.
///
/// # Errors
/// None of the files holds a FHIR resource.
pub fn read_set(files: &[(&str, &str)]) -> Result<Export, Unreadable> {
    let mut pile = Pile::default();
    let mut faults = Vec::new();
    for (path, text) in files {
        faults.extend(pile.open(text, path).err());
    }
    pile.close();
    if pile.items.is_empty() && pile.document == "manifest" && faults.is_empty() {
        let mut problems = vec![manifest_only()];
        problems.append(&mut pile.problems);
        let (format, document) = ("fhir".to_owned(), pile.document.to_owned());
        return Ok(Export { format, document, problems, ..Export::default() });
    }
    if pile.items.is_empty() {
        let first =
            faults.into_iter().chain(pile.problems).max_by_key(|p| p.severity == Severity::Error);
        let problem = first.unwrap_or_else(nothing_here);
        return Err(Unreadable { format: "fhir".to_owned(), problem });
    }
    let mut problems = faults;
    problems.append(&mut pile.problems);
    let (document, identifier) = (pile.document.to_owned(), pile.identifier.take());
    let mut course = Course { declared: std::mem::take(&mut pile.declared), ..Course::default() };
    let created = pile.created.take();
    let export = read_part(std::mem::take(&mut pile.items), 0, &mut course);
    let created = export.created.clone().or(created);
    problems.extend(course.problems());
    Ok(Export {
        document,
        identifier,
        created,
        problems,
        version: course.version().to_owned(),
        ..export
    })
}

/// What goes on from part to part of a set that is read in parts.
#[derive(Default)]
pub(crate) struct Course {
    tally: Tally,
    votes: Votes,
    /// `fhirVersion` of a CapabilityStatement or the like, when one was there.
    pub(crate) declared: String,
}

impl Course {
    /// The version that most of the resources so far speak for; empty when none tells.
    pub(crate) fn version(&self) -> &'static str {
        self.votes.verdict(&self.declared)
    }

    /// What was noticed of the resources, at the end.
    pub(crate) fn problems(&mut self) -> Vec<Problem> {
        let version = self.version();
        if !matches!(version, "" | "R4") {
            self.tally.add(Severity::Warning, "other_version", version, "");
        }
        std::mem::take(&mut self.tally).problems()
    }
}

/// Reads some resources of a set. The first `known` of them are only there to be referred to: they
/// were read before.
pub(crate) fn read_part(items: Vec<Item<'_>>, known: usize, course: &mut Course) -> Export {
    let set = Set::new(items, &mut course.tally);
    let mut reading = Reading {
        set: &set,
        links: Links::of(&set),
        export: Export { format: "fhir".to_owned(), ..Export::default() },
        known: HashMap::new(),
        tally: std::mem::take(&mut course.tally),
        votes: course.votes,
        aliases: BTreeMap::new(),
    };
    reading.patients();
    tie(&set, &reading.known, &mut reading.export.people);
    for item in set.items.iter().skip(known) {
        reading.resource(item);
    }
    reading.finish(course)
}

impl<'a> Reading<'a> {
    /// All patients first: their data may stand before them.
    fn patients(&mut self) {
        let set = self.set;
        for item in set.items.iter().filter(|item| item.resource_type == "Patient") {
            let Ok(json) = Json::parse(item.raw) else { continue };
            let scope = self.scope(item, &json);
            let node = Node { json: &json, scope: &scope };
            let mut patient = resources::patient(node);
            patient.identifiers.extend(own_id(item));
            self.patient_remarks(node);
            let contacts = contacts(node);
            self.note_odd(item, &scope);
            self.known.insert(item.key.clone(), self.export.people.len());
            self.export.people.push(PersonStatements {
                key: item.key.clone(),
                place: item.place.clone(),
                patient,
                verbatim: Some(item.raw.to_owned()),
                statements: contacts,
                ..PersonStatements::default()
            });
        }
    }

    fn patient_remarks(&mut self, node: Node<'_>) {
        let item = node.scope.item;
        if item.edition.gone {
            self.tally.add(Severity::Warning, "withdrawn", "Patient", &item.place);
        }
        if node.flag("active") == Some(false) {
            self.tally.add(Severity::Warning, "patient_inactive", "", &item.place);
        }
        if node.list("link").any(|link| link.json.text("type") == "replaced-by") {
            self.tally.add(Severity::Warning, "patient_replaced", "", &item.place);
        }
    }

    fn resource(&mut self, item: &'a Item<'a>) {
        let Ok(mut json) = Json::parse(item.raw) else {
            self.tally.add(Severity::Error, "unreadable", &item.resource_type, &item.place);
            return;
        };
        self.votes.count(&json);
        if item.resource_type == "Patient" {
            return;
        }
        if item.edition.gone {
            withdrawn(&mut json, &item.resource_type);
        }
        let scope = self.scope(item, &json);
        let node = Node { json: &json, scope: &scope };
        self.heading(node);
        self.aliases(item, &json);
        if ["modifierExtension", "implicitRules"].iter().any(|key| !json.get(key).is_empty()) {
            self.tally.add(Severity::Warning, "modified", &item.resource_type, &item.place);
        }
        let outcome = match resources::read(node, &item.resource_type) {
            Outcome::Unmodelled => Outcome::Unmodelled,
            _ if item.edition.gone => Outcome::Bare(Why::Withdrawn),
            outcome => outcome,
        };
        match outcome {
            Outcome::Fact(content, sense) => self.statement(node, *content, sense),
            Outcome::Bare(why) => {
                self.tally.add(why.severity(), why.code(), &item.resource_type, &item.place);
                let content = resources::bare(node, &item.resource_type, why);
                self.statement(node, content, Sense::Stated);
            }
            Outcome::Unmodelled => {
                self.tally.add(Severity::Info, "kept_whole", &item.resource_type, &item.place);
            }
        }
        self.note_odd(item, &scope);
    }

    /// Notes what each reference that is not a key itself stands for.
    fn aliases(&mut self, item: &Item<'_>, json: &Json) {
        let mut written = Vec::new();
        references(json, &mut written);
        for reference in written {
            if self.set.is_key(&reference) || self.aliases.contains_key(&reference) {
                continue;
            }
            let pointer = Pointer { reference: reference.clone(), ..Pointer::default() };
            if let Some(target) = self.set.resolve(&pointer, item) {
                self.aliases.insert(reference, target.key.clone());
            }
        }
    }

    /// What Composition and MessageHeader tell of the file as a whole.
    fn heading(&mut self, node: Node<'_>) {
        let export = &mut self.export;
        let fill = |slot: &mut String, text: String| {
            if slot.is_empty() {
                *slot = text;
            }
        };
        match node.scope.item.resource_type.as_str() {
            "Composition" => {
                fill(&mut export.title, node.text("title"));
                fill(&mut export.language, node.text("language"));
                fill(&mut export.confidentiality, node.text("confidentiality"));
                export.created = export.created.take().or_else(|| node.when(&["date"]));
                export.identifier = export
                    .identifier
                    .take()
                    .or_else(|| identifiers(node.json.get("identifier")).pop());
                let replaced = node.list("relatesTo").filter(|it| it.text("code") == "replaces");
                let targets = replaced.flat_map(|it| identifiers(it.json.get("targetIdentifier")));
                export.replaces.extend(targets);
            }
            "MessageHeader" => {
                fill(&mut export.software, node.get("source").texts(&["software", "name"]));
            }
            _ => {}
        }
    }

    fn statement(&mut self, node: Node<'_>, mut content: Content, sense: Sense) {
        let item = node.scope.item;
        self.links.complete(&item.key, &mut content);
        let labels = node.get("meta").list("security").map(|label| label.text("code"));
        let author = ["recorder", "asserter", "requester", "prescriber", "author", "performer"];
        let dates = [
            "recordedDate",
            "assertedDate",
            "dateRecorded",
            "authoredOn",
            "recorded",
            "issued",
            "date",
        ];
        let statement = Statement {
            key: item.key.clone(),
            place: item.place.clone(),
            sense,
            identifiers: node
                .list("identifier")
                .map(|id| super::datatypes::identifier(id.json))
                .collect(),
            recorded: dates.iter().find_map(|key| super::datatypes::when(node.json, key)),
            author: node.reference(&author).map(|who| who.display).unwrap_or_default(),
            section: self.links.section(&item.key),
            narrative: String::new(),
            labels: labels.filter(|label| !label.is_empty()).collect(),
            verbatim: if item.edition.gone {
                serde_json::to_string(node.json).ok()
            } else {
                Some(item.raw.to_owned())
            },
            distinct: true,
            content,
        };
        if DIRECTORY.contains(&item.resource_type.as_str()) {
            self.export.shared.push(statement);
            return;
        }
        match self.subject(node) {
            Subject::Person(index) => {
                if let Some(person) = self.export.people.get_mut(index) {
                    person.statements.push(statement);
                }
            }
            Subject::NoPatient => {
                self.tally.add(Severity::Warning, "no_patient", &item.resource_type, &item.place);
                self.export.shared.push(statement);
            }
        }
    }

    /// Whose it is. A patient who is not in the set gets an entry without demographics, under the
    /// identifier by which the file names them, so that intake can join them to someone known.
    fn subject(&mut self, node: Node<'_>) -> Subject {
        let Some(pointer) = subject_pointer(node) else { return Subject::NoPatient };
        let item = node.scope.item;
        if let Some(id) = pointer.reference.strip_prefix('#') {
            return self.contained_patient(node, id);
        }
        if let Some(target) = self.set.resolve(&pointer, item) {
            let index = self.known.get(&target.key).copied();
            return index.map_or(Subject::NoPatient, Subject::Person);
        }
        if !matches!(pointer.kind(), "" | "Patient") {
            return Subject::NoPatient;
        }
        let (key, id) = match (pointer.reference.as_str(), pointer.logical()) {
            (_, Some(id)) => (format!("Patient?identifier={}|{}", id.system, id.value), id),
            ("", None) => return Subject::NoPatient,
            (reference, None) => (reference.to_owned(), stub_id(reference, item)),
        };
        let index = *self.known.entry(key.clone()).or_insert_with(|| {
            self.export.people.push(PersonStatements {
                key,
                place: item.place.clone(),
                patient: Patient { identifiers: vec![id], ..Patient::default() },
                ..PersonStatements::default()
            });
            self.export.people.len() - 1
        });
        Subject::Person(index)
    }

    fn contained_patient(&mut self, node: Node<'_>, id: &str) -> Subject {
        let item = node.scope.item;
        let inside = node.scope.contained.iter().find(|json| json.text("id") == id);
        let Some(json) = inside.filter(|json| json.text("resourceType") == "Patient") else {
            return Subject::NoPatient;
        };
        let key = format!("{}#{id}", item.key);
        let patient = resources::patient(Node { json, scope: node.scope });
        self.export.people.push(PersonStatements {
            key,
            place: format!("{}.contained", item.place),
            patient,
            ..PersonStatements::default()
        });
        Subject::Person(self.export.people.len() - 1)
    }

    fn scope<'s>(&self, item: &'s Item<'s>, json: &'s Json) -> Scope<'s>
    where
        'a: 's,
    {
        Scope {
            set: self.set,
            item,
            contained: json.get("contained").items(),
            odd: Vec::new().into(),
        }
    }

    fn note_odd(&mut self, item: &Item<'_>, scope: &Scope<'_>) {
        for field in scope.odd.borrow_mut().drain(..) {
            let what = format!("{}.{field}", item.resource_type);
            self.tally.add(Severity::Warning, "field_unusable", &what, &item.place);
        }
    }

    fn finish(mut self, course: &mut Course) -> Export {
        (course.tally, course.votes) = (self.tally, self.votes);
        if !matches!(course.version(), "" | "R4") {
            // What is served is R4: older and newer resources are told anew from what was read.
            let people = self.export.people.iter_mut();
            people.for_each(|person| {
                person.verbatim = None;
                person.statements.iter_mut().for_each(|statement| statement.verbatim = None);
            });
            self.export.shared.iter_mut().for_each(|statement| statement.verbatim = None);
        }
        self.links.specialties(&mut self.export.shared);
        self.export.aliases = self.aliases.into_iter().collect();
        self.export
    }
}

/// Kin and others named inside a Patient (`Patient.contact`), as statements of their own.
fn contacts(node: Node<'_>) -> Vec<Statement> {
    let item = node.scope.item;
    let contact = |(index, part): (usize, Node<'_>)| {
        let mut part_json = part.json.clone();
        let name = part.json.get("name").clone();
        part_json.put("name", Json::List(vec![name]));
        let address = part.json.get("address").clone();
        part_json.put("address", Json::List(vec![address]));
        let relation = resources::related_person(Node { json: &part_json, scope: part.scope });
        let nameless = relation.names.is_empty() && relation.telecoms.is_empty();
        (!nameless).then(|| Statement {
            key: format!("{}#contact[{index}]", item.key),
            place: format!("{}.contact[{index}]", item.place),
            content: Content::Relation(relation),
            sense: Sense::Stated,
            identifiers: Vec::new(),
            recorded: None,
            author: String::new(),
            section: String::new(),
            narrative: String::new(),
            labels: Vec::new(),
            verbatim: None,
            distinct: false,
        })
    };
    node.list("contact").enumerate().filter_map(contact).collect()
}

/// All references written in a resource, in the form in which they are looked up.
fn references(json: &Json, found: &mut Vec<String>) {
    match json {
        Json::List(items) => items.iter().for_each(|item| references(item, found)),
        Json::Object(fields) => {
            if let Json::Text(written) = json.get("reference")
                && !written.starts_with('#')
            {
                found.push(normal(written));
            }
            for (_, value) in fields {
                references(value, found);
            }
        }
        _ => {}
    }
}

/// The patient a resource is about, as it writes it; of an appointment the patient among those who
/// take part.
fn subject_pointer(node: Node<'_>) -> Option<Pointer> {
    let direct = SUBJECTS.iter().find_map(|key| node.pointer(&[key]));
    // DSTU2: a Coverage is the subscriber's.
    let insured = || {
        let insured = node.scope.item.resource_type == "Coverage";
        insured.then(|| node.pointer(&["subscriber"])).flatten()
    };
    direct.or_else(insured).or_else(|| {
        let mut actors = node.list("participant").filter_map(|part| part.pointer(&["actor"]));
        actors.find(|pointer| {
            let target = node.scope.set.resolve(pointer, node.scope.item);
            pointer.kind() == "Patient"
                || target.is_some_and(|item| item.resource_type == "Patient")
        })
    })
}

/// The FHIR id of a Patient as an identifier; see [`FHIR_ID`].
fn nothing_here() -> Problem {
    let text = "No FHIR resource is in this file. Ask the sender what it is.";
    Problem::new(Severity::Error, "", "fhir_empty", text)
}
