//! FHIR in XML turned into FHIR in JSON, as FHIR R4 "XML Representation" and "JSON Representation"
//! define the two of each other. XML does not say what is a list, a number or a truth value: tables
//! do ([`elements`]), for the resources that are read.

mod elements;

use super::json::Json;
use almoner_core::export::{Export, Unreadable};
use elements::{FLAGS, LISTS, LISTS_IN, NUMBERS, PRIMITIVES};
use roxmltree::{Document, Node};
use std::collections::HashMap;

/// Reads a resource or Bundle in XML.
///
/// # Errors
/// The text is no XML, brings a grammar of its own, nests too deep, or holds no resource.
pub fn read(text: &str) -> Result<Export, Unreadable> {
    let document = crate::ccda::parse_or_say(text)
        .map_err(|problem| Unreadable { format: "fhir".to_owned(), problem })?;
    super::read(&to_json(&document).unwrap_or_default())
}

/// The JSON of a text in XML; `None` when it is no resource.
pub(super) fn json_of(text: &str) -> Option<String> {
    to_json(&crate::ccda::parse(text)?)
}

fn to_json(document: &Document<'_>) -> Option<String> {
    let root = document.root_element();
    let named = root.tag_name().name().starts_with(|c: char| c.is_ascii_uppercase());
    named.then(|| serde_json::to_string(&resource(root)).ok()).flatten()
}

/// A resource. The tree's depth was looked at before, so recursion has an end.
fn resource(node: Node<'_, '_>) -> Json {
    let name = node.tag_name().name();
    let mut fields = vec![("resourceType".to_owned(), Json::Text(name.to_owned()))];
    add_fields(node, name, &mut fields);
    Json::Object(fields)
}

/// Adds the fields of an element: its own `id` and `url`, then its children, those of one name
/// together.
fn add_fields(node: Node<'_, '_>, parent: &str, fields: &mut Vec<(String, Json)>) {
    for name in ["id", "url"] {
        if let Some(value) = node.attribute(name) {
            fields.push((name.to_owned(), Json::Text(value.to_owned())));
        }
    }
    let mut groups: Vec<(&str, Vec<Node<'_, '_>>)> = Vec::new();
    let mut known: HashMap<&str, usize> = HashMap::new();
    for child in node.children().filter(Node::is_element) {
        let name = child.tag_name().name();
        let at = *known.entry(name).or_insert(groups.len());
        match groups.get_mut(at) {
            Some((_, nodes)) => nodes.push(child),
            None => groups.push((name, vec![child])),
        }
    }
    for (name, nodes) in groups {
        let list = nodes.len() > 1 || is_list(parent, name);
        let (values, shadows): (Vec<Json>, Vec<Json>) =
            nodes.into_iter().map(|child| value(child, parent)).unzip();
        for (key, all) in [(name.to_owned(), values), (format!("_{name}"), shadows)] {
            if all.iter().all(|one| *one == Json::Null) {
                continue;
            }
            let one =
                if list { Json::List(all) } else { all.into_iter().next().unwrap_or_default() };
            fields.push((key, one));
        }
    }
}

/// The value of an element, and what its companion with `_` holds: id and extensions of a primitive.
fn value(node: Node<'_, '_>, parent: &str) -> (Json, Json) {
    let name = node.tag_name().name();
    if node.tag_name().namespace() == Some("http://www.w3.org/1999/xhtml") {
        let mut out = String::new();
        write_xhtml(node, &mut out, true);
        return (Json::Text(out), Json::Null);
    }
    let inner = node.children().find(Node::is_element);
    let holds = inner.filter(|inner| inner.tag_name().name().starts_with(char::is_uppercase));
    if let Some(inner) = holds {
        return (resource(inner), Json::Null);
    }
    let mut fields = Vec::new();
    add_fields(node, name, &mut fields);
    let extended =
        !fields.is_empty() && fields.iter().all(|(key, _)| key == "extension" || key == "id");
    let bare = extended && PRIMITIVES.contains(&name);
    match node.attribute("value") {
        Some(text) => {
            let shadow = if fields.is_empty() { Json::Null } else { Json::Object(fields) };
            (primitive(name, parent, text), shadow)
        }
        None if bare => (Json::Null, Json::Object(fields)),
        None => (Json::Object(fields), Json::Null),
    }
}

/// A primitive value: a number, true or false, else text.
fn primitive(name: &str, parent: &str, text: &str) -> Json {
    if FLAGS.contains(&name) || name.ends_with("Boolean") {
        match text {
            "true" => return Json::Bool(true),
            "false" => return Json::Bool(false),
            _ => {}
        }
    }
    let counts = NUMBERS.contains(&name) || name == "value" && is_quantity(parent);
    let number = counts.then(|| Json::number(text)).flatten();
    number.unwrap_or_else(|| Json::Text(text.to_owned()))
}

/// Whether an element is a quantity, whose `value` is a number.
fn is_quantity(name: &str) -> bool {
    ["Quantity", "Age", "Duration", "Money", "Count", "Distance"]
        .iter()
        .any(|end| name.ends_with(end))
        || matches!(
            name,
            "low"
                | "high"
                | "numerator"
                | "denominator"
                | "quantity"
                | "daysSupply"
                | "amount"
                | "expectedSupplyDuration"
                | "maxDosePerAdministration"
                | "origin"
                | "length"
                | "net"
                | "unitPrice"
        )
}

fn is_list(parent: &str, name: &str) -> bool {
    LISTS.contains(&name)
        || LISTS_IN.iter().any(|(known, parents)| *known == name && parents.contains(&parent))
}

/// Writes a narrative as it stands, names without prefix.
fn write_xhtml(node: Node<'_, '_>, out: &mut String, first: bool) {
    if node.is_text() {
        return escape(node.text().unwrap_or_default(), out);
    }
    if !node.is_element() {
        return;
    }
    let name = node.tag_name().name();
    out.push('<');
    out.push_str(name);
    if first {
        out.push_str(" xmlns=\"http://www.w3.org/1999/xhtml\"");
    }
    for attribute in node.attributes().filter(|a| a.namespace().is_none()) {
        for part in [" ", attribute.name(), "=\""] {
            out.push_str(part);
        }
        escape(attribute.value(), out);
        out.push('"');
    }
    if !node.has_children() {
        return out.push_str("/>");
    }
    out.push('>');
    for child in node.children() {
        write_xhtml(child, out, false);
    }
    for part in ["</", name, ">"] {
        out.push_str(part);
    }
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
}
