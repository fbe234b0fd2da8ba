//! A CDA document as a person reads it: its sections with paragraphs, lists and tables. Only these
//! are taken, as plain text, so that nothing of a foreign document's markup, styles, links or
//! pictures can reach a page (HL7 CDA R2 §4.3.5, section narrative block).

use roxmltree::{Document, Node, ParsingOptions};

/// Sections nested deeper than this are shown flat.
const DEEPEST: usize = 32;
/// A table or list longer than this is cut: the download has all of it.
const LONGEST: usize = 2_000;

/// A section of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    pub title: String,
    /// 0 for the sections of the document, 1 for theirs …
    pub level: usize,
    pub blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    Paragraph(String),
    List(Vec<String>),
    Table { caption: String, head: Vec<String>, rows: Vec<Vec<String>> },
}

/// The sections of a CDA document; `None` when the text is not well-formed XML or no CDA document.
pub fn sections(xml: &str) -> Option<Vec<Section>> {
    let options = ParsingOptions { allow_dtd: false, ..ParsingOptions::default() };
    let document =
        Document::parse_with_options(xml.trim_start_matches('\u{feff}'), options).ok()?;
    let root = document.root_element();
    if !is(root, "ClinicalDocument") {
        return None;
    }
    let mut sections = Vec::new();
    collect(root, 0, 0, &mut sections);
    Some(sections)
}

fn collect(node: Node<'_, '_>, level: usize, depth: usize, out: &mut Vec<Section>) {
    if depth > DEEPEST {
        return;
    }
    for child in node.children().filter(Node::is_element) {
        if !is(child, "section") {
            let passing = ["component", "structuredBody"];
            if passing.iter().any(|name| is(child, name)) {
                collect(child, level, depth + 1, out);
            }
            continue;
        }
        let part = |name| child.children().find(|node| is(*node, name));
        let mut blocks = Vec::new();
        if let Some(text) = part("text") {
            let mut open = String::new();
            read(text, 0, &mut blocks, &mut open);
            close(&mut blocks, &mut open);
        }
        let title = part("title").map(words).unwrap_or_default();
        out.push(Section { title, level, blocks });
        collect(child, level + 1, depth + 1, out);
    }
}

/// Reads the pieces below a node; loose words gather in `open` until a piece ends them.
fn read(node: Node<'_, '_>, depth: usize, out: &mut Vec<Block>, open: &mut String) {
    for child in node.children() {
        if child.is_text() {
            open.push_str(child.text().unwrap_or_default());
            continue;
        }
        match child.tag_name().name() {
            "table" => {
                close(out, open);
                out.push(table(child));
            }
            "list" | "ul" | "ol" => {
                close(out, open);
                let caption = child.children().find(|node| is(*node, "caption")).map(words);
                out.extend(caption.filter(|text| !text.is_empty()).map(Block::Paragraph));
                let items = child.children().filter(|node| is(*node, "item") || is(*node, "li"));
                out.push(Block::List(items.map(words).take(LONGEST).collect()));
            }
            "paragraph" | "p" => {
                close(out, open);
                read(child, depth + 1, out, open);
                close(out, open);
            }
            "br" => close(out, open),
            "" => {}
            _ if depth > DEEPEST => open.push_str(&words(child)),
            _ => read(child, depth + 1, out, open),
        }
    }
}

fn table(node: Node<'_, '_>) -> Block {
    let row = |row: Node<'_, '_>| -> Vec<String> {
        let cells = row.children().filter(|node| is(*node, "td") || is(*node, "th"));
        cells.map(words).collect()
    };
    let in_head = |row: &Node<'_, '_>| row.ancestors().any(|node| is(node, "thead"));
    let all = || node.descendants().filter(|node| is(*node, "tr"));
    let caption = node.children().find(|node| is(*node, "caption")).map(words);
    Block::Table {
        caption: caption.unwrap_or_default(),
        head: all().find(in_head).map(row).unwrap_or_default(),
        rows: all().filter(|it| !in_head(it)).map(row).take(LONGEST).collect(),
    }
}

fn close(out: &mut Vec<Block>, open: &mut String) {
    let text = tidy(open);
    open.clear();
    if !text.is_empty() {
        out.push(Block::Paragraph(text));
    }
}

/// The words below a node.
fn words(node: Node<'_, '_>) -> String {
    let mut text = String::new();
    for part in node.descendants() {
        match part.text().filter(|_| part.is_text()) {
            Some(piece) => text.push_str(piece),
            None => text.push(' '),
        }
    }
    tidy(&text)
}

fn tidy(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn is(node: Node<'_, '_>, name: &str) -> bool {
    node.is_element() && node.tag_name().name() == name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_tables_and_lists_are_taken() {
        let xml = r#"<ClinicalDocument xmlns="urn:hl7-org:v3"><component><structuredBody>
            <component><section><title>Plan</title><text>Call <content styleCode="Bold">us</content>
            <script>alert(1)</script><list><item>Weigh <a href="javascript:x">daily</a></item></list>
            <table><thead><tr><th>Drug</th></tr></thead><tbody><tr><td>A</td></tr></tbody></table>
            </text></section></component></structuredBody></component></ClinicalDocument>"#;
        let sections = sections(xml).unwrap();
        assert_eq!(sections.len(), 1);
        assert_eq!(
            sections[0].blocks,
            [
                Block::Paragraph("Call us alert(1)".into()),
                Block::List(vec!["Weigh daily".into()]),
                Block::Table {
                    caption: String::new(),
                    head: vec!["Drug".into()],
                    rows: vec![vec!["A".into()]]
                },
            ]
        );
        assert_eq!(super::sections("<a/>"), None);
    }
}
