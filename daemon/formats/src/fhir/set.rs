//! The resources of one file or one bulk export as a whole, and how references between them are
//! followed (FHIR R4 "Resolving references in Bundles"; `Type/id`, `urn:uuid:`, full URLs, contained
//! `#id`, identifiers, and conditional references as Synthea writes them).

use super::container::Item;
use super::datatypes::{concept, identifier};
use super::history::newest;
use super::json::Json;
use super::tally::Tally;
use almoner_core::clinical::Identifier;
use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;

/// All items, with every name by which one may be called.
pub(crate) struct Set<'a> {
    pub(crate) items: Vec<Item<'a>>,
    names: HashMap<String, usize>,
    identifiers: OnceCell<HashMap<String, usize>>,
    labels: RefCell<HashMap<usize, String>>,
}

/// A reference as the file writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pointer {
    /// `Type/id`, a URL, `#id`, `Type?identifier=system|value`; empty when only words or an
    /// identifier are given. Version and leading slash are off.
    pub(crate) reference: String,
    pub(crate) resource_type: String,
    pub(crate) identifier: Option<Identifier>,
    pub(crate) display: String,
}

impl Pointer {
    /// Reads a FHIR `Reference`; `None` when it says nothing.
    pub(crate) fn read(json: &Json) -> Option<Self> {
        // STU3 and R5 wrap it: CodeableReference.reference is itself a Reference.
        let json =
            if json.get("reference").fields().is_empty() { json } else { json.get("reference") };
        let written = if json.fields().is_empty() { json.as_str() } else { json.text("reference") };
        let id = identifier(json.get("identifier"));
        let pointer = Self {
            reference: normal(written),
            resource_type: json.text("type").to_owned(),
            identifier: Some(id).filter(|id| !id.value.is_empty()),
            display: json.text("display").trim().to_owned(),
        };
        let silent = pointer.reference.is_empty()
            && pointer.identifier.is_none()
            && pointer.display.is_empty();
        (!silent).then_some(pointer)
    }

    /// The type it points to, as far as it says; empty when it does not.
    pub(crate) fn kind(&self) -> &str {
        if !self.resource_type.is_empty() {
            return &self.resource_type;
        }
        if let Some((kind, _)) = self.reference.split_once("?identifier=") {
            return kind;
        }
        let mut parts = self.reference.rsplit('/');
        let (_, kind) = (parts.next(), parts.next());
        kind.filter(|kind| kind.starts_with(char::is_uppercase)).unwrap_or_default()
    }

    /// The identifier it names its target by: of its own, or of a conditional reference.
    pub(crate) fn logical(&self) -> Option<Identifier> {
        let condition = self.reference.split_once("?identifier=").map(|(_, token)| {
            let (system, value) = token.split_once('|').unwrap_or(("", token));
            Identifier { system: system.to_owned(), value: value.to_owned(), kind: String::new() }
        });
        condition.or_else(|| self.identifier.clone())
    }
}

impl<'a> Set<'a> {
    /// Gives each item its key and drops older versions of one that comes twice.
    pub(crate) fn new(items: Vec<Item<'a>>, tally: &mut Tally) -> Self {
        let items = newest(items, tally);
        let mut set = Self {
            items: Vec::with_capacity(items.len()),
            names: HashMap::new(),
            identifiers: OnceCell::new(),
            labels: RefCell::default(),
        };
        for mut item in items {
            let index = set.items.len();
            let local = format!("{}/{}", item.resource_type, item.id);
            let names = [
                (!item.id.is_empty()).then_some(local),
                (!item.full_url.is_empty()).then(|| item.full_url.clone()),
                Some(item.place.clone()),
                (!item.id.is_empty()).then(|| format!("urn:uuid:{}", item.id)),
                lower_uuid(&item.full_url),
            ];
            let keys = names.iter().take(3).flatten();
            let free = keys.clone().find(|name| !set.names.contains_key(*name));
            item.key = free.cloned().unwrap_or_else(|| format!("{} #{index}", item.place));
            for name in names.into_iter().flatten() {
                set.names.entry(name).or_insert(index);
            }
            set.items.push(item);
        }
        set
    }

    /// The item that a pointer from `from` means; contained resources are the reader's own matter.
    pub(crate) fn resolve(&self, pointer: &Pointer, from: &Item<'_>) -> Option<&Item<'a>> {
        let reference = pointer.reference.as_str();
        let own = || {
            let base = from.base();
            (!base.is_empty()).then(|| self.names.get(&format!("{base}/{reference}"))).flatten()
        };
        let named = (!reference.is_empty())
            .then(|| own().or_else(|| self.names.get(reference)).copied())
            .flatten();
        let index = named
            .or_else(|| self.by_lower_case(reference))
            .or_else(|| self.without_address(reference))
            .or_else(|| self.by_identifier(pointer));
        index.and_then(|index| self.items.get(index))
    }

    /// Whether these are the words of a key of the set.
    pub(crate) fn is_key(&self, words: &str) -> bool {
        let item = self.names.get(words).and_then(|index| self.items.get(*index));
        item.is_some_and(|item| item.key == words)
    }

    /// What to call a resource of the set: a person's or place's name, or its code in words.
    pub(crate) fn label(&self, item: &Item<'_>) -> String {
        let Some(index) = self.names.get(&item.key).copied() else { return String::new() };
        if let Some(label) = self.labels.borrow().get(&index) {
            return label.clone();
        }
        let label = Json::parse(item.raw).map(|json| label_of(&json)).unwrap_or_default();
        self.labels.borrow_mut().insert(index, label.clone());
        label
    }

    /// A UUID may be written in upper case as well (RFC 9562, section 4).
    fn by_lower_case(&self, reference: &str) -> Option<usize> {
        let uuid = reference.get(..9)?.eq_ignore_ascii_case("urn:uuid:");
        let name = uuid.then(|| reference.to_ascii_lowercase())?;
        self.names.get(&name).copied()
    }

    /// A full address, where the resource that it ends in stands here without one (NDJSON, lists).
    fn without_address(&self, reference: &str) -> Option<usize> {
        let (server, id) = reference.rsplit_once('/')?;
        let kind = server.rsplit_once('/').filter(|(server, _)| server.contains("://"))?.1;
        let index = self.names.get(&format!("{kind}/{id}")).copied()?;
        self.items.get(index).filter(|item| item.full_url.is_empty()).map(|_| index)
    }

    fn by_identifier(&self, pointer: &Pointer) -> Option<usize> {
        let id = pointer.logical()?;
        let kind = pointer.kind();
        let known = self.identifiers.get_or_init(|| self.all_identifiers());
        let kinds = if kind.is_empty() { NAMED.as_slice() } else { &[kind] };
        kinds.iter().find_map(|kind| known.get(&token(kind, &id)).copied())
    }

    fn all_identifiers(&self) -> HashMap<String, usize> {
        let mut known = HashMap::new();
        for (index, item) in self.items.iter().enumerate() {
            if !NAMED.contains(&item.resource_type.as_str()) {
                continue;
            }
            let json = Json::parse(item.raw).unwrap_or_default();
            for id in json.get("identifier").items().iter().map(identifier) {
                known.entry(token(&item.resource_type, &id)).or_insert(index);
            }
        }
        known
    }
}

/// The types that other resources name by identifier.
const NAMED: [&str; 7] = [
    "Patient",
    "Practitioner",
    "Organization",
    "Location",
    "PractitionerRole",
    "RelatedPerson",
    "Encounter",
];

/// A `urn:uuid:` in lower case, where it is not written so.
fn lower_uuid(url: &str) -> Option<String> {
    let uuid = url.get(..9)?.eq_ignore_ascii_case("urn:uuid:");
    (uuid && url.bytes().any(|b| b.is_ascii_uppercase())).then(|| url.to_ascii_lowercase())
}

/// A reference without its version, leading slash and stray case of `patient/`.
pub(crate) fn normal(reference: &str) -> String {
    let reference = reference.trim().trim_start_matches('/');
    let reference = reference.split("/_history/").next().unwrap_or_default();
    match reference.split_once('/') {
        Some((kind, id)) if kind.eq_ignore_ascii_case("patient") => format!("Patient/{id}"),
        _ => reference.to_owned(),
    }
}

/// What to call a resource: a name, else its code in words.
pub(crate) fn label_of(json: &Json) -> String {
    let name = json.get("name");
    if let Json::Text(name) = name {
        return name.trim().to_owned();
    }
    if let Some(name) = name.items().first() {
        return person_label(name);
    }
    let display = |field: &str| json.get(field).text("display").to_owned();
    let code = concept(json.get("code"), &[]);
    [code.label().to_owned(), display("practitioner"), display("organization")]
        .into_iter()
        .find(|label| !label.is_empty())
        .unwrap_or_default()
}

fn person_label(name: &Json) -> String {
    let text = name.text("text").trim();
    if !text.is_empty() {
        return text.to_owned();
    }
    let all = ["prefix", "given", "family", "suffix"];
    let words = all.iter().flat_map(|key| name.get(key).items()).map(Json::as_str);
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn token(kind: &str, id: &Identifier) -> String {
    format!("{kind} {}|{}", id.system, id.value)
}
