//! The XML encoding of HL7 v2 (v2.xml, ANSI/HL7 V2 XML-2003): the same segments and fields under
//! names of their own, turned into the vertical-bar encoding and read like it.

use roxmltree::{Document, Node};

/// Fields of a segment are not counted further than this; components and subcomponents neither
/// (a small file must not become a large one).
const MOST_FIELDS: usize = 200;
const MOST_PARTS: usize = 50;

/// Elements nested deeper than this are no message.
const DEEPEST: usize = 64;

/// The messages of an XML file in the vertical-bar encoding, one segment a line; `None` when it is
/// no XML, or holds no message.
pub(super) fn to_bars(text: &str) -> Option<String> {
    let document = Document::parse(text).ok()?;
    let mut out = String::new();
    for node in document.descendants().filter(Node::is_element) {
        if is_segment(node) && node.ancestors().take(DEEPEST + 1).count() <= DEEPEST {
            segment(node, &mut out);
        }
    }
    out.starts_with("MSH").then_some(out)
}

/// Whether an element is a segment: `PID`, whose children are `PID.3`. Groups hold no such children.
fn is_segment(node: Node<'_, '_>) -> bool {
    let name = node.tag_name().name();
    name.len() == 3 && node.children().any(|child| numbered(child, name).is_some())
}

/// The number of an element named `PREFIX.n`.
fn numbered(node: Node<'_, '_>, prefix: &str) -> Option<usize> {
    let rest = node.tag_name().name().strip_prefix(prefix)?.strip_prefix('.')?;
    rest.parse().ok().filter(|n| (1..=MOST_FIELDS).contains(n))
}

/// Writes a segment with its fields.
fn segment(node: Node<'_, '_>, out: &mut String) {
    let name = node.tag_name().name();
    let mut fields: Vec<String> = Vec::new();
    for child in node.children().filter(Node::is_element) {
        let Some(n) = numbered(child, name) else { continue };
        put(&mut fields, n, '~', &field(child));
    }
    out.push_str(name);
    if matches!(name, "MSH" | "FHS" | "BHS") {
        // the marks are ours, whatever MSH.1 and MSH.2 say
        out.push_str("|^~\\&");
        fields.drain(..fields.len().min(2));
    }
    for field in fields {
        out.push('|');
        out.push_str(&field);
    }
    out.push('\r');
}

/// A field: its components, else its text. A component is named by its type (`CX.1`), whatever that
/// is; a type within a type gives subcomponents.
fn field(node: Node<'_, '_>) -> String {
    parts(node, '^', |component| parts(component, '&', text_of))
}

fn parts(node: Node<'_, '_>, mark: char, inner: impl Fn(Node<'_, '_>) -> String) -> String {
    let mut found: Vec<String> = Vec::new();
    let number = |child: Node<'_, '_>| -> Option<usize> {
        let (_, n) = child.tag_name().name().rsplit_once('.')?;
        n.parse().ok().filter(|n| (1..=MOST_PARTS).contains(n))
    };
    for child in node.children().filter(Node::is_element) {
        if let Some(n) = number(child) {
            put(&mut found, n, mark, &inner(child));
        }
    }
    if found.is_empty() { text_of(node) } else { found.join(mark.encode_utf8(&mut [0; 4])) }
}

/// Puts a text in place `n`; a second text for one place is a repetition.
fn put(list: &mut Vec<String>, n: usize, mark: char, text: &str) {
    if list.len() < n {
        list.resize(n, String::new());
    }
    let Some(place) = list.get_mut(n - 1) else { return };
    if !place.is_empty() && mark == '~' {
        place.push('~');
    }
    place.push_str(text);
}

/// The text of an element with the marks in it escaped; `<escape V=".br"/>` is an escape.
fn text_of(node: Node<'_, '_>) -> String {
    let mut out = String::new();
    for inner in node.descendants() {
        if inner.is_element() && inner.tag_name().name() == "escape" {
            out.push('\\');
            out.push_str(inner.attribute("V").unwrap_or_default());
            out.push('\\');
        }
        for c in inner.text().filter(|_| inner.is_text()).unwrap_or_default().trim().chars() {
            match c {
                '|' => out.push_str("\\F\\"),
                '^' => out.push_str("\\S\\"),
                '&' => out.push_str("\\T\\"),
                '~' => out.push_str("\\R\\"),
                '\\' => out.push_str("\\E\\"),
                '\r' | '\n' => out.push(' '),
                c => out.push(c),
            }
        }
    }
    out
}
