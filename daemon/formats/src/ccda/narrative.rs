//! The narrative of a section as plain text: what a person would read in the document.
//!
//! Source: CDA R2 narrative block (4.3.5). Nothing here recurses: a table may be as deep as it
//! likes.

use super::node::{El, child, children, is};

/// Longest text that one statement quotes of the narrative (bytes): vendors point every entry to
/// the whole section, and a row is no book.
const QUOTE_LIMIT: usize = 2_000;

/// The plain text of a narrative element: line breaks kept, table cells set apart, list items
/// marked, styles dropped, blanks collapsed.
pub(super) fn plain(element: El<'_>) -> String {
    let mut raw = String::new();
    write_plain(element, &mut raw, usize::MAX);
    tidy(&raw)
}

/// The plain text of an element as a quotation, cut short where it is too long.
pub(super) fn quote(element: El<'_>) -> String {
    let mut raw = String::new();
    write_plain(element, &mut raw, QUOTE_LIMIT);
    let mut text = tidy(&raw);
    if raw.len() > QUOTE_LIMIT {
        text.push('…');
    }
    text
}

/// The narrative of a section (`section/text`), without its subsections.
pub(super) fn of_section(section: El<'_>) -> String {
    child(section, "text").map(plain).unwrap_or_default()
}

/// The words of a section below its headings: table heads, captions and lines that only repeat the
/// title left out. Empty or "No information" here means that the section says nothing.
pub(super) fn below_headings(section: El<'_>) -> String {
    let Some(text) = child(section, "text") else { return String::new() };
    let title = child(section, "title").map(plain).unwrap_or_default();
    let is_head = |node: &El<'_>| is(*node, "thead") || is(*node, "caption");
    let heads: Vec<String> = text.descendants().filter(is_head).map(plain).collect();
    let whole = plain(text);
    let lines = whole.lines().filter(|line| *line != title && !heads.iter().any(|h| h == line));
    lines.collect::<Vec<_>>().join("\n")
}

/// All the document's narrative with its headings, section by section.
pub(super) fn whole(body: El<'_>) -> String {
    let mut out = String::new();
    for section in body.descendants().filter(|node| is(*node, "section")) {
        let title = child(section, "title").map(plain).unwrap_or_default();
        let words = of_section(section);
        if words.is_empty() && title.is_empty() {
            continue;
        }
        if !out.is_empty() {
            out.push_str("\n\n");
        }
        out.push_str(&title);
        if !title.is_empty() && !words.is_empty() {
            out.push('\n');
        }
        out.push_str(&words);
    }
    out
}

/// The row (table row, list item, paragraph) around a narrative element, as plain text.
pub(super) fn row_around(element: El<'_>) -> String {
    let row = element
        .ancestors()
        .take_while(|node| !is(*node, "section"))
        .find(|node| is(*node, "tr") || is(*node, "item") || is(*node, "paragraph"));
    quote(row.unwrap_or(element))
}

/// Rows of the narrative: body rows of tables and list items.
pub(super) fn rows(section: El<'_>) -> usize {
    let Some(text) = child(section, "text") else { return 0 };
    let body_row = |node: &El<'_>| {
        is(*node, "item") || is(*node, "tr") && children(*node, "td").next().is_some()
    };
    text.descendants().filter(body_row).count()
}

/// One pass over the tree in document order, without recursion; ends when `limit` bytes are full.
fn write_plain(element: El<'_>, out: &mut String, limit: usize) {
    let mut node = Some(element);
    while let Some(here) = node.filter(|_| out.len() <= limit) {
        open(here, out);
        if let Some(first) = here.first_child() {
            node = Some(first);
            continue;
        }
        let mut up = here;
        node = loop {
            close(up, out);
            if up == element {
                break None;
            }
            if let Some(next) = up.next_sibling() {
                break Some(next);
            }
            match up.parent() {
                Some(parent) => up = parent,
                None => break None,
            }
        };
    }
}

/// What comes before an element or text.
fn open(node: El<'_>, out: &mut String) {
    if node.is_text() {
        push_blank_collapsed(node.text().unwrap_or_default(), out);
    } else if is(node, "br") {
        out.push('\n');
    } else if is(node, "item") {
        out.push_str("\n• ");
    } else if starts_line(node) {
        out.push('\n');
    }
}

/// What comes after an element: the end of a cell or of a line.
fn close(node: El<'_>, out: &mut String) {
    if is(node, "td") || is(node, "th") {
        out.push('\t');
    } else if starts_line(node) || is(node, "item") {
        out.push('\n');
    }
}

/// Elements of the narrative block that stand on lines of their own (CDA R2 narrative schema).
fn starts_line(node: El<'_>) -> bool {
    ["paragraph", "tr", "table", "list", "caption"].iter().any(|name| is(node, name))
}

/// Text with every run of blanks, also across elements, made one space.
fn push_blank_collapsed(text: &str, out: &mut String) {
    for c in text.chars() {
        if !c.is_whitespace() {
            out.push(c);
        } else if !out.ends_with([' ', '\n', '\t']) {
            out.push(' ');
        }
    }
}

/// Cells become ` | `, blank lines and blanks at the ends of lines go.
fn tidy(raw: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in raw.split('\n') {
        let cells: Vec<&str> = line.split('\t').map(str::trim).filter(|c| !c.is_empty()).collect();
        if !cells.is_empty() && cells != ["•"] {
            lines.push(cells.join(" | "));
        }
    }
    lines.join("\n")
}
