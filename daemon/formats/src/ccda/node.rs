//! A thin reading layer over the XML tree: children by local name, attributes, places.
//!
//! Names are compared without their namespace: `sdtc:raceCode` and `raceCode` are read alike, and
//! documents that bind the wrong namespace are still understood.

use roxmltree::Node;

/// An element of the document; the tree outlives all reading.
pub(super) type El<'a> = Node<'a, 'a>;

/// The template roots of C-CDA entries start so; the rest is the number in the guide.
pub(super) const ENTRY_ROOT: &str = "2.16.840.1.113883.10.20.22.4.";

/// Whether the element has this local name.
pub(super) fn is(element: El<'_>, name: &str) -> bool {
    element.is_element() && element.tag_name().name() == name
}

/// The children of that local name, in order.
pub(super) fn children<'a>(
    element: El<'a>,
    name: &'a str,
) -> impl Iterator<Item = El<'a>> + use<'a> {
    element.children().filter(move |child| is(*child, name))
}

/// The first child of that local name.
pub(super) fn child<'a>(element: El<'a>, name: &str) -> Option<El<'a>> {
    element.children().find(|child| is(*child, name))
}

/// The element at the end of a path of local names (`patient/name`), taking the first at each step.
pub(super) fn at<'a>(element: El<'a>, path: &str) -> Option<El<'a>> {
    path.split('/').try_fold(element, child)
}

/// An attribute without namespace, trimmed; `None` when absent or blank.
pub(super) fn attr<'a>(element: El<'a>, name: &str) -> Option<&'a str> {
    element.attribute(name).map(str::trim).filter(|value| !value.is_empty())
}

/// An attribute of a child (`statusCode`, `code`).
pub(super) fn child_attr<'a>(element: El<'a>, name: &str, attribute: &str) -> Option<&'a str> {
    attr(child(element, name)?, attribute)
}

/// The local part of `xsi:type` (`PQ` of `cda:PQ`); empty when not given.
pub(super) fn xsi_type(element: El<'_>) -> &str {
    let given = element.attributes().find(|a| a.name() == "type" && a.namespace().is_some());
    let given = given.map_or("", |a| a.value().trim());
    given.rsplit(':').next().unwrap_or(given)
}

/// All text below the element, blanks collapsed.
pub(super) fn text(element: El<'_>) -> String {
    let mut out = String::new();
    for node in element.descendants().filter(Node::is_text) {
        out.push_str(node.text().unwrap_or_default());
    }
    squeeze(&out)
}

/// Text with every run of blanks made one space.
pub(super) fn squeeze(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
    }
    out
}

/// Whether the element claims one of these template roots (extensions are versions: ignored).
pub(super) fn has_template(element: El<'_>, roots: &[&str]) -> bool {
    children(element, "templateId").filter_map(|id| attr(id, "root")).any(|root| {
        roots.iter().any(|wanted| *wanted == root || short_of(root).is_some_and(|s| s == *wanted))
    })
}

/// Whether the boolean attribute says true.
pub(super) fn says_true(element: El<'_>, attribute: &str) -> bool {
    attr(element, attribute).is_some_and(|value| value.eq_ignore_ascii_case("true") || value == "1")
}

/// The act that an `entryRelationship`, `component` or `entry` carries: its first element child
/// that is a clinical statement.
pub(super) fn act_of(link: El<'_>) -> Option<El<'_>> {
    link.children().find(|child| child.is_element() && is_statement(child.tag_name().name()))
}

/// The acts bound to this one by `entryRelationship`, with their type code.
pub(super) fn related(act: El<'_>) -> impl Iterator<Item = (&str, El<'_>)> {
    children(act, "entryRelationship").filter_map(|link| {
        Some((link.attribute("typeCode").unwrap_or_default().trim(), act_of(link)?))
    })
}

/// The number of a C-CDA entry template; `None` for other roots.
fn short_of(root: &str) -> Option<&str> {
    root.strip_prefix(ENTRY_ROOT)
}

/// The clinical statements of CDA R2 (4.3.6).
fn is_statement(name: &str) -> bool {
    matches!(
        name,
        "act"
            | "encounter"
            | "observation"
            | "observationMedia"
            | "organizer"
            | "procedure"
            | "regionOfInterest"
            | "substanceAdministration"
            | "supply"
    )
}
