//! A CDA document as a person reads it: its sections with paragraphs, lists and tables. Only these
//! are taken, as plain text, so that nothing of a foreign document's markup, styles, links or
//! pictures can reach a page (HL7 CDA R2 §4.3.5, section narrative block).

mod places;

use crate::ccda;
use crate::original::{Found, visible};
use roxmltree::{Node, NodeId};
use std::cell::Cell;
use std::collections::HashSet;

/// Sections nested deeper than this are shown flat.
const DEEPEST: usize = 32;
/// A table or list longer than this is cut: the download has all of it.
const LONGEST: usize = 2_000;

/// A section of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Section {
    pub title: Words,
    /// 0 for the sections of the document, 1 for theirs …
    pub level: usize,
    pub blocks: Vec<Block>,
}

/// A piece of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    Paragraph(Words),
    List(Vec<Words>),
    Table { caption: String, head: Vec<Words>, rows: Vec<Vec<Words>> },
}

/// Words of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Words {
    pub text: String,
    /// The fact that is asked for stands here.
    pub marked: bool,
    /// The first such words of the document.
    pub first: bool,
}

/// The sections of a CDA document, with the words marked that the entry at `place` refers to; `None` when
/// it can't be read as XML, even mended, or is no CDA document.
pub fn read(xml: &str, place: &str) -> Option<(Vec<Section>, Found)> {
    let mended;
    let document = if let Some(document) = ccda::parse(xml) {
        document
    } else {
        mended = ccda::mend(xml);
        ccda::parse(&mended)?
    };
    let root = document.root_element();
    if !is(root, "ClinicalDocument") {
        return None;
    }
    let (marks, found) = places::marks(root, place);
    let mut sections = Vec::new();
    Shown { marks, begun: Cell::new(false) }.collect(root, 0, 0, &mut sections);
    Some((sections, found))
}

/// Takes a document apart; what stands in `marks` is marked.
struct Shown {
    marks: HashSet<NodeId>,
    /// Whether anything marked was met.
    begun: Cell<bool>,
}

/// Loose words that gather until a piece ends them.
#[derive(Default)]
struct Open {
    text: String,
    marked: bool,
}

impl Shown {
    fn collect(&self, node: Node<'_, '_>, level: usize, depth: usize, out: &mut Vec<Section>) {
        if depth > DEEPEST {
            return;
        }
        for child in node.children().filter(Node::is_element) {
            if !is(child, "section") {
                let passing = ["component", "structuredBody"];
                if passing.iter().any(|name| is(child, name)) {
                    self.collect(child, level, depth + 1, out);
                }
                continue;
            }
            let part = |name| child.children().find(|node| is(*node, name));
            let marked = self.marks.contains(&child.id());
            let title = self.said(part("title").map(plain).unwrap_or_default(), marked);
            let mut blocks = Vec::new();
            if let Some(text) = part("text") {
                let mut open = Open::default();
                self.read(text, 0, &mut blocks, &mut open);
                self.close(&mut blocks, &mut open);
            }
            out.push(Section { title, level, blocks });
            self.collect(child, level + 1, depth + 1, out);
        }
    }

    /// Reads the pieces below a node; loose words gather in `open` until a piece ends them.
    fn read(&self, node: Node<'_, '_>, depth: usize, out: &mut Vec<Block>, open: &mut Open) {
        for child in node.children() {
            if child.is_text() {
                let text = child.text().unwrap_or_default();
                open.text.push_str(text);
                open.marked |= !text.trim().is_empty() && self.within(child);
                continue;
            }
            match child.tag_name().name() {
                "table" => {
                    self.close(out, open);
                    out.push(self.table(child));
                }
                "list" | "ul" | "ol" => {
                    self.close(out, open);
                    let caption = child.children().find(|node| is(*node, "caption"));
                    let caption = caption.map(|it| self.words(it));
                    let said = caption.filter(|it| !it.text.is_empty());
                    out.extend(said.map(Block::Paragraph));
                    let item = |node: &Node<'_, '_>| is(*node, "item") || is(*node, "li");
                    let items = child.children().filter(item).map(|it| self.words(it));
                    out.push(Block::List(items.take(LONGEST).collect()));
                }
                "paragraph" | "p" => {
                    self.close(out, open);
                    self.read(child, depth + 1, out, open);
                    self.close(out, open);
                }
                "br" => self.close(out, open),
                "" => {}
                _ if depth > DEEPEST => open.text.push_str(&plain(child)),
                _ => self.read(child, depth + 1, out, open),
            }
        }
    }

    fn table(&self, node: Node<'_, '_>) -> Block {
        let row = |row: Node<'_, '_>| -> Vec<Words> {
            let cells = row.children().filter(|node| is(*node, "td") || is(*node, "th"));
            cells.map(|cell| self.words(cell)).collect()
        };
        let in_head = |row: &Node<'_, '_>| row.ancestors().any(|node| is(node, "thead"));
        let all = || node.descendants().filter(|node| is(*node, "tr"));
        let caption = node.children().find(|node| is(*node, "caption")).map(plain);
        Block::Table {
            caption: caption.unwrap_or_default(),
            head: all().find(in_head).map(row).unwrap_or_default(),
            rows: all().filter(|it| !in_head(it)).map(row).take(LONGEST).collect(),
        }
    }

    /// The words below a node: marked when it, what holds it, or a part of it is.
    fn words(&self, node: Node<'_, '_>) -> Words {
        let text = plain(node);
        let part = || node.descendants().any(|it| self.marks.contains(&it.id()));
        let marked = !self.marks.is_empty() && !text.is_empty() && (self.within(node) || part());
        self.said(text, marked)
    }

    fn said(&self, text: String, marked: bool) -> Words {
        let first = marked && !self.begun.replace(self.begun.get() || marked);
        Words { text, marked, first }
    }

    fn close(&self, out: &mut Vec<Block>, open: &mut Open) {
        let open = std::mem::take(open);
        let text = visible(&tidy(&open.text));
        if !text.is_empty() {
            out.push(Block::Paragraph(self.said(text, open.marked)));
        }
    }

    /// Whether a node, or what holds it within its section's text, is marked.
    fn within(&self, node: Node<'_, '_>) -> bool {
        let up = node.ancestors().take_while(|it| !is(*it, "section"));
        !self.marks.is_empty() && up.into_iter().any(|it| self.marks.contains(&it.id()))
    }
}

/// The words below a node.
fn plain(node: Node<'_, '_>) -> String {
    let mut text = String::new();
    for part in node.descendants() {
        match part.text().filter(|_| part.is_text()) {
            Some(piece) => text.push_str(piece),
            None => text.push(' '),
        }
    }
    visible(&tidy(&text))
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
        let (sections, found) = read(xml, "").unwrap();
        assert_eq!((sections.len(), found), (1, Found::Unknown));
        let said = |text: &str| Words { text: text.into(), ..Words::default() };
        assert_eq!(
            sections[0].blocks,
            [
                Block::Paragraph(said("Call us alert(1)")),
                Block::List(vec![said("Weigh daily")]),
                Block::Table {
                    caption: String::new(),
                    head: vec![said("Drug")],
                    rows: vec![vec![said("A")]]
                },
            ]
        );
        assert_eq!(read("<a/>", ""), None);
    }
}
