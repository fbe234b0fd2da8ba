//! Who said a thing: the name of an author, also where the entry gives only an id that stands with a
//! name elsewhere in the document (C-CDA author participation, template 22.4.119), or the patient's.

use super::datatypes::{self, full_name};
use super::node::{El, at, attr, child, children, is};
use super::source::Source;
use super::statements::author_name;
use std::collections::HashMap;

/// Roles that bear an id and may bear a name.
const ROLES: [&str; 4] =
    ["assignedAuthor", "assignedEntity", "associatedEntity", "intendedRecipient"];

/// Names by the ids of those who bear them.
pub(super) type Names = HashMap<(String, String), String>;

/// The name of an author, by the words or by the ids of the role; empty where neither is known.
pub(super) fn name_of(source: &Source<'_>, author: El<'_>) -> String {
    let name = author_name(author);
    let Some(role) = child(author, "assignedAuthor").filter(|_| name.is_empty()) else {
        return name;
    };
    let names = source.names();
    ids(role).find_map(|id| names.get(&id).cloned()).unwrap_or_default()
}

/// The names of everybody in the document who has an id, the patient's among them.
pub(super) fn names(root: El<'_>) -> Names {
    let mut names = HashMap::new();
    let mut keep = |role: El<'_>, name: String| {
        for id in ids(role).filter(|_| !name.is_empty()) {
            names.entry(id).or_insert_with(|| name.clone());
        }
    };
    for role in root.descendants().filter(|node| ROLES.iter().any(|role| is(*node, role))) {
        if let Some(holder) = role.parent_element() {
            keep(role, author_name(holder));
        }
    }
    for role in children(root, "recordTarget").filter_map(|target| child(target, "patientRole")) {
        let name = at(role, "patient/name").and_then(datatypes::name);
        keep(role, name.as_ref().map(full_name).unwrap_or_default());
    }
    names
}

/// The ids of a role, as they are written; null ones left out.
fn ids(role: El<'_>) -> impl Iterator<Item = (String, String)> {
    let ids = children(role, "id").filter(|id| attr(*id, "nullFlavor").is_none());
    ids.filter_map(|id| {
        let extension = attr(id, "extension").unwrap_or_default();
        Some((attr(id, "root")?.to_owned(), extension.to_owned()))
    })
}
