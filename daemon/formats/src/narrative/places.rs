//! Where a fact stands in a CDA document: the entry at its place, and the words of the narrative that the
//! entry refers to (C-CDA: `text/reference/@value` points to an `ID` in the section's text).

use super::is;
use crate::original::Found;
use roxmltree::{Node, NodeId};
use std::collections::HashSet;

/// More words than this are not looked for.
const MOST: usize = 50;

/// What is to be marked, and what that is.
pub(super) fn marks(root: Node<'_, '_>, place: &str) -> (HashSet<NodeId>, Found) {
    let nothing = HashSet::new();
    let Some(entry) = element_at(root, place) else { return (nothing, Found::Unknown) };
    let Some(section) = entry.ancestors().find(|node| is(*node, "section")) else {
        return (nothing, Found::Header);
    };
    let nodes = |anchors: Vec<&str>| -> HashSet<NodeId> {
        let found = anchors
            .into_iter()
            .filter_map(|anchor| anchored(section, anchor).or_else(|| anchored(root, anchor)));
        let words = found.filter(|node| node.ancestors().any(|it| is(it, "text")));
        words.map(|node| node.id()).collect()
    };
    match references(entry).map(nodes).find(|words| !words.is_empty()) {
        Some(words) => (words, Found::Words),
        None => (HashSet::from([section.id()]), Found::Section),
    }
}

/// The element of a place: `/ClinicalDocument/component/structuredBody/component[3]/section/entry[2]`.
fn element_at<'a>(root: Node<'a, 'a>, place: &str) -> Option<Node<'a, 'a>> {
    let mut steps = place.strip_prefix('/')?.split('/');
    if !is(root, step(steps.next()?)?.0) {
        return None;
    }
    steps.try_fold(root, |node, text| {
        let (name, position) = step(text)?;
        node.children().filter(|child| is(*child, name)).nth(position)
    })
}

/// Name and position, from 0, of a step.
fn step(text: &str) -> Option<(&str, usize)> {
    match text.split_once('[') {
        None => Some((text, 0)),
        Some((name, rest)) => {
            let position: usize = rest.strip_suffix(']')?.parse().ok()?;
            Some((name, position.checked_sub(1)?))
        }
    }
}

/// The anchors that an entry points to, the nearest first: those of its own text, those of anything in
/// it, those of the text of what it is a part of (a panel, a concern).
fn references<'a>(entry: Node<'a, 'a>) -> impl Iterator<Item = Vec<&'a str>> {
    let whole = entry.ancestors().skip(1).take_while(|it| !is(*it, "section"));
    let near = std::iter::once(own(entry)).chain(std::iter::once(below(entry)));
    near.chain(whole.map(own))
}

/// The anchors of an act's own text.
fn own<'a>(act: Node<'a, 'a>) -> Vec<&'a str> {
    act.children().find(|node| is(*node, "text")).map(below).unwrap_or_default()
}

fn below<'a>(node: Node<'a, 'a>) -> Vec<&'a str> {
    let value = |node: Node<'a, 'a>| {
        let value = node.attribute("value").map(str::trim).unwrap_or_default();
        Some(value.strip_prefix('#').unwrap_or(value)).filter(|anchor| !anchor.is_empty())
    };
    let all = node.descendants().filter(|it| is(*it, "reference"));
    all.filter_map(value).take(MOST).collect()
}

/// The first element of this `ID` below a node, entries left out.
fn anchored<'a>(below: Node<'a, 'a>, anchor: &str) -> Option<Node<'a, 'a>> {
    below.descendants().find(|node| {
        node.is_element()
            && ["ID", "id"].iter().any(|name| node.attribute(*name).map(str::trim) == Some(anchor))
    })
}
