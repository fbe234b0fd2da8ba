//! A resource while it is read: its fields, what its references mean, and a note of each field that
//! had another shape than FHIR gives it (dropped, told, never the end of the resource).

use super::container::Item;
use super::datatypes;
use super::json::Json;
use super::set::{Pointer, Set, label_of};
use almoner_core::clinical::{Concept, Period, Reference, When};
use std::cell::RefCell;

/// What one resource's reader may look at.
pub(crate) struct Scope<'a> {
    pub(crate) set: &'a Set<'a>,
    pub(crate) item: &'a Item<'a>,
    /// Resources inside this one (`contained`).
    pub(crate) contained: &'a [Json],
    /// Names of fields that could not be used.
    pub(crate) odd: RefCell<Vec<String>>,
}

/// One object of the resource.
#[derive(Clone, Copy)]
pub(crate) struct Node<'a> {
    pub(crate) json: &'a Json,
    pub(crate) scope: &'a Scope<'a>,
}

impl Scope<'_> {
    /// The resource that a pointer means: contained here, or elsewhere in the set.
    pub(crate) fn target(&self, pointer: &Pointer) -> Option<Json> {
        if let Some(id) = pointer.reference.strip_prefix('#') {
            return self.contained.iter().find(|json| json.text("id") == id).cloned();
        }
        let item = self.set.resolve(pointer, self.item)?;
        Json::parse(item.raw).ok()
    }

    /// A pointer as the seam has it: key of the statement, and words.
    pub(crate) fn reference(&self, pointer: &Pointer) -> Reference {
        let mut display = pointer.display.clone();
        if pointer.reference.starts_with('#') {
            if display.is_empty() {
                display = self.target(pointer).map(|json| label_of(&json)).unwrap_or_default();
            }
            return Reference { key: String::new(), display };
        }
        let item = self.set.resolve(pointer, self.item);
        if let (true, Some(item)) = (display.is_empty(), item) {
            display = self.set.label(item);
        }
        let key = item.map_or_else(|| pointer.reference.clone(), |item| item.key.clone());
        Reference { key, display }
    }
}

impl<'a> Node<'a> {
    /// The first of the fields that is there, for fields that bear other names in other versions.
    pub(crate) fn any(self, keys: &[&str]) -> &'a Json {
        let found = keys.iter().map(|key| self.json.get(key)).find(|json| !json.is_empty());
        found.unwrap_or(self.json.get(""))
    }

    /// A field as a node of its own; without fields when it is not there.
    pub(crate) fn get(self, key: &str) -> Self {
        Self { json: self.json.get(key), scope: self.scope }
    }

    /// The first item of a list.
    pub(crate) fn first(self, key: &str) -> Self {
        let json = self.json.get(key).items().first().unwrap_or(self.json.get(""));
        Self { json, scope: self.scope }
    }

    /// The items of a list, as nodes.
    pub(crate) fn list(self, key: &str) -> impl Iterator<Item = Self> {
        self.json.get(key).items().iter().map(move |json| Self { json, scope: self.scope })
    }

    /// Text of a field; a shape that is no text is noted.
    pub(crate) fn text(self, key: &str) -> String {
        let json = self.json.get(key);
        let fits = matches!(json, Json::Null | Json::Text(_) | Json::Number(_));
        self.note_unless(fits, key);
        json.as_str().trim().to_owned()
    }

    /// The first text among fields.
    pub(crate) fn texts(self, keys: &[&str]) -> String {
        let found = keys.iter().map(|key| self.text(key)).find(|text| !text.is_empty());
        found.unwrap_or_default()
    }

    /// True or false, where it says so.
    pub(crate) fn flag(self, key: &str) -> Option<bool> {
        match self.json.get(key) {
            Json::Bool(value) => Some(*value),
            json => {
                self.note_unless(json.is_empty(), key);
                None
            }
        }
    }

    /// A code, whether written plain, as Coding or as CodeableConcept.
    pub(crate) fn code(self, keys: &[&str]) -> String {
        keys.iter()
            .map(|key| datatypes::code(self.json.get(key)))
            .find(|code| !code.is_empty())
            .unwrap_or_default()
    }

    /// The first date among fields; what is no date is noted.
    pub(crate) fn when(self, keys: &[&str]) -> Option<When> {
        keys.iter().find_map(|key| {
            let when = datatypes::when(self.json, key);
            let written = self.json.get(key);
            let whole = when.as_ref().is_some_and(|w| w.as_str() == written.as_str().trim());
            let local = !self.json.get(&format!("_{key}")).is_empty();
            self.note_unless(whole || local || written.is_empty(), key);
            when
        })
    }

    /// When it was: `stemDateTime`, `stemPeriod`, `stemInstant`, or `stem` itself. A single time is
    /// the start of a period without end.
    pub(crate) fn time(self, stem: &str) -> Period {
        let period = self.json.get(&format!("{stem}Period"));
        if !period.is_empty() {
            return datatypes::period(period);
        }
        let (time, instant) = (format!("{stem}DateTime"), format!("{stem}Instant"));
        Period { start: self.when(&[&time, &instant, stem]), end: None }
    }

    /// A coded or worded concept; `None` when it says nothing.
    pub(crate) fn concept(self, keys: &[&str], prefer: &[&str]) -> Option<Concept> {
        let found = keys.iter().map(|key| {
            let json = self.json.get(key);
            let fits = !matches!(json, Json::Bool(_) | Json::Number(_));
            self.note_unless(fits, key);
            datatypes::concept(json, prefer)
        });
        let mut said = found.filter(|concept| !concept.is_empty());
        said.next()
    }

    /// All concepts of a list.
    pub(crate) fn concepts(self, keys: &[&str], prefer: &[&str]) -> Vec<Concept> {
        let list = self.any(keys).items().iter().map(|json| datatypes::concept(json, prefer));
        list.filter(|concept| !concept.is_empty()).collect()
    }

    /// What it points to.
    pub(crate) fn pointer(self, keys: &[&str]) -> Option<Pointer> {
        keys.iter().find_map(|key| Pointer::read(self.json.get(key).items().first()?))
    }

    /// A reference as the seam has it.
    pub(crate) fn reference(self, keys: &[&str]) -> Option<Reference> {
        self.pointer(keys).map(|pointer| self.scope.reference(&pointer))
    }

    /// All references of a list.
    pub(crate) fn references(self, key: &str) -> Vec<Reference> {
        let pointers = self.json.get(key).items().iter().filter_map(Pointer::read);
        pointers.map(|pointer| self.scope.reference(&pointer)).collect()
    }

    /// A concept given here, or the `code` of the resource pointed to, or the pointer's words.
    pub(crate) fn concept_or_target(
        self,
        concepts: &[&str],
        pointers: &[&str],
        prefer: &[&str],
    ) -> Option<Concept> {
        self.concept(concepts, prefer).or_else(|| {
            let pointer = self.pointer(pointers)?;
            let target = self.scope.target(&pointer);
            let code = target.map(|json| datatypes::concept(json.get("code"), prefer));
            let words = || Some(Concept::text(&pointer.display)).filter(|words| !words.is_empty());
            code.filter(|code| !code.is_empty()).or_else(words)
        })
    }

    /// Notes a field whose shape could not be used.
    pub(crate) fn note_unless(self, fits: bool, key: &str) {
        if !fits {
            self.scope.odd.borrow_mut().push(key.to_owned());
        }
    }
}
