//! The narrative of a section as plain text: what a person would read in the document.
//!
//! Source: CDA R2 narrative block (4.3.5). Nothing here recurses: a table may be as deep as it
//! likes.

use super::node::{El, child, children, is};
use std::collections::HashMap;

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

/// Text that is no markup, with the lines that it came in.
pub(super) fn lines(element: El<'_>) -> String {
    let raw: String =
        element.descendants().filter_map(|node| node.text().filter(|_| node.is_text())).collect();
    let lines: Vec<&str> = raw.lines().map(str::trim_end).collect();
    let lines = lines.join("\n");
    lines.trim_matches('\n').trim().to_owned()
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
pub(super) fn whole<'a>(sections: impl Iterator<Item = El<'a>>) -> String {
    let mut out = String::new();
    for section in sections {
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

/// What the tables of a section call the codes that stand in them: of each row with a code in a cell of
/// its own, the words in the column that its head calls a name. For entries that are coded without
/// words and point to none.
pub(super) fn names_of_codes(section: El<'_>) -> HashMap<String, String> {
    let mut names = HashMap::new();
    let Some(text) = child(section, "text") else { return names };
    for table in text.descendants().filter(|node| is(*node, "table")) {
        let groups = table.children().flat_map(|group| children(group, "tr"));
        let rows: Vec<El<'_>> = children(table, "tr").chain(groups).collect();
        let heads = rows.iter().find(|row| children(**row, "th").next().is_some());
        let heads = heads.into_iter().flat_map(|row| children(*row, "th").map(quote));
        let wanted: Vec<bool> = heads.map(|head| is_name_head(&head)).collect();
        if !wanted.contains(&true) {
            continue;
        }
        for row in rows {
            let cells: Vec<String> = children(row, "td").map(quote).collect();
            let mut columns = cells.iter().zip(&wanted).filter(|(_, wanted)| **wanted);
            let Some((name, _)) = columns.find(|(cell, _)| is_name(cell)) else { continue };
            for code in cells.iter().filter(|cell| is_code(cell)) {
                names.entry(code.clone()).or_insert_with(|| name.clone());
            }
        }
    }
    names
}

/// Whether the head of a column says that what stands below are the names of what the table lists.
fn is_name_head(head: &str) -> bool {
    let head = head.to_lowercase();
    let kinds = [
        "name",
        "description",
        "problem",
        "diagnosis",
        "condition",
        "procedure",
        "medication",
        "drug",
        "vaccine",
        "immunization",
        "substance",
        "allerg",
        "test",
        "observation",
        "vital",
    ];
    let others = ["code", "date", "status", "system", "provider", "performer", "organization"];
    kinds.iter().any(|kind| head.contains(kind)) && !others.iter().any(|it| head.contains(it))
}

/// A code as cells show it: a number, with or without a check digit.
fn is_code(cell: &str) -> bool {
    (4..=18).contains(&cell.len()) && cell.bytes().all(|b| b.is_ascii_digit() || b == b'-')
}

/// Words in a cell that are no name of a code system.
fn is_name(cell: &str) -> bool {
    let plain: String = cell.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let system = ["snomed", "loinc", "rxnorm", "icd", "cvx", "cpt", "ndc"];
    cell.len() <= 200
        && plain.chars().filter(char::is_ascii_alphabetic).count() >= 3
        && !system.iter().any(|system| plain.starts_with(system))
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
        return push_blank_collapsed(node.text().unwrap_or_default(), out);
    }
    match node.tag_name().name() {
        "br" => out.push('\n'),
        "item" => out.push_str("\n• "),
        name if starts_line(name) => out.push('\n'),
        _ => {}
    }
}

/// What comes after an element: the end of a cell or of a line.
fn close(node: El<'_>, out: &mut String) {
    match node.tag_name().name() {
        "td" | "th" => out.push('\t'),
        "item" => out.push('\n'),
        name if starts_line(name) => out.push('\n'),
        _ => {}
    }
}

/// Elements of the narrative block that stand on lines of their own (CDA R2 narrative schema).
fn starts_line(name: &str) -> bool {
    matches!(name, "paragraph" | "tr" | "table" | "list" | "caption")
}

/// Text with every run of blanks, also across elements, made one space.
fn push_blank_collapsed(text: &str, out: &mut String) {
    let mut words = text.split_whitespace();
    let blank = |out: &mut String| {
        if !out.ends_with([' ', '\n', '\t']) {
            out.push(' ');
        }
    };
    if text.starts_with(char::is_whitespace) {
        blank(out);
    }
    if let Some(first) = words.next() {
        out.push_str(first);
    }
    for word in words {
        out.push(' ');
        out.push_str(word);
    }
    if text.ends_with(char::is_whitespace) {
        blank(out);
    }
}

/// Cells become ` | `, blank lines and blanks at the ends of lines go.
fn tidy(raw: &str) -> String {
    let mut out = String::with_capacity(raw.len());
    for line in raw.split('\n') {
        let begin = out.len();
        for cell in line.split('\t').map(str::trim).filter(|cell| !cell.is_empty()) {
            let first = out.len() == begin;
            out.push_str(match (first, begin) {
                (true, 0) => "",
                (true, _) => "\n",
                _ => " | ",
            });
            out.push_str(cell);
        }
        if matches!(out.get(begin..), Some("•" | "\n•")) {
            out.truncate(begin);
        }
    }
    out
}
