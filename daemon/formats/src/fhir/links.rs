//! What one resource says of another: the panel a result belongs to, the section of a document a
//! fact stands in, the specialty of a practitioner.

use super::container::Item;
use super::datatypes::{RESULTS, concept};
use super::json::Json;
use super::set::{Pointer, Set};
use almoner_core::clinical::{Concept, Content};
use almoner_core::export::Statement;
use std::collections::HashMap;

/// By key of the statement they are about.
#[derive(Default)]
pub(crate) struct Links {
    panels: HashMap<String, Concept>,
    sections: HashMap<String, String>,
    specialties: HashMap<String, Concept>,
}

impl Links {
    /// Looks through the set for resources that point to others in these ways.
    pub(crate) fn of(set: &Set<'_>) -> Self {
        let mut links = Self::default();
        for item in &set.items {
            let telling = match item.resource_type.as_str() {
                "Observation" => {
                    item.raw.contains("\"hasMember\"") || item.raw.contains("\"has-member\"")
                }
                "DiagnosticReport" | "Composition" | "PractitionerRole" => true,
                _ => false,
            };
            let Some(json) = telling.then(|| Json::parse(item.raw).ok()).flatten() else {
                continue;
            };
            match item.resource_type.as_str() {
                "Observation" => {
                    links.panel(set, item, &json, json.get("hasMember"), true);
                    for part in json.get("related").items() {
                        // STU3
                        if part.text("type") == "has-member" {
                            links.panel(set, item, &json, part.get("target"), true);
                        }
                    }
                }
                "DiagnosticReport" => links.panel(set, item, &json, json.get("result"), false),
                "Composition" => links.sections(set, item, json.get("section")),
                _ => links.specialty(set, item, &json),
            }
        }
        links
    }

    /// Adds the panel to an observation.
    pub(crate) fn complete(&self, key: &str, content: &mut Content) {
        if let Content::Observation(observation) = content {
            observation.panel = self.panels.get(key).cloned();
        }
    }

    /// Title of the document's section that lists this resource; empty when none does.
    pub(crate) fn section(&self, key: &str) -> String {
        self.sections.get(key).cloned().unwrap_or_default()
    }

    /// Gives practitioners the specialty of their role.
    pub(crate) fn specialties(&self, shared: &mut [Statement]) {
        for statement in shared {
            if let Content::Practitioner(practitioner) = &mut statement.content {
                let known = self.specialties.get(&statement.key);
                practitioner.specialty = practitioner.specialty.take().or(known.cloned());
            }
        }
    }

    /// Notes the panel of its members; a panel among observations is nearer than the report that
    /// lists them all.
    fn panel(&mut self, set: &Set<'_>, item: &Item<'_>, json: &Json, members: &Json, near: bool) {
        let code = concept(json.get("code"), RESULTS);
        if code.is_empty() {
            return;
        }
        for key in targets(set, item, members) {
            if near {
                self.panels.insert(key, code.clone());
            } else {
                self.panels.entry(key).or_insert_with(|| code.clone());
            }
        }
    }

    fn sections(&mut self, set: &Set<'_>, item: &Item<'_>, list: &Json) {
        for section in list.items() {
            let title = section.text("title");
            for key in targets(set, item, section.get("entry")) {
                self.sections.entry(key).or_insert_with(|| title.to_owned());
            }
            self.sections(set, item, section.get("section"));
        }
    }

    fn specialty(&mut self, set: &Set<'_>, item: &Item<'_>, json: &Json) {
        let place = if json.get("specialty").is_empty() { "code" } else { "specialty" };
        let specialty = concept(json.get(place), &[]);
        if specialty.is_empty() {
            return;
        }
        for key in targets(set, item, json.get("practitioner")) {
            self.specialties.entry(key).or_insert_with(|| specialty.clone());
        }
    }
}

fn targets(set: &Set<'_>, from: &Item<'_>, list: &Json) -> Vec<String> {
    let pointers = list.items().iter().filter_map(Pointer::read);
    pointers
        .filter_map(|pointer| set.resolve(&pointer, from).map(|item| item.key.clone()))
        .collect()
}
