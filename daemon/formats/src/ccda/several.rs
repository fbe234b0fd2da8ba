//! Several documents in one file, one after another: no XML any more, but each of them is.

use super::{parse, read_on};
use almoner_core::export::{Export, Problem, Severity, Unreadable};
use chrono::NaiveDate;

/// Most documents of one file that are read apart; a file of more is refused as one.
const PART_LIMIT: usize = 10_000;

/// A name's prefix and the `</` before it are no longer than this (bytes).
const PREFIX_LIMIT: usize = 40;

const NAME: &str = "ClinicalDocument";

/// The documents of a file that holds more than one, each with the name that it goes by
/// (`document 2`); empty for a file that is one.
pub(crate) fn several(text: &str) -> Vec<(String, &str)> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(start) = tag(rest, "<") {
        let Some(tail) = rest.get(start..) else { break };
        // a document that has no end goes to the end of the file
        let end = tag(tail, "</").and_then(|end| Some(end + tail.get(end..)?.find('>')? + 1));
        let (document, after) = tail.split_at(end.unwrap_or(tail.len()));
        parts.push((format!("document {}", parts.len() + 1), document));
        rest = after;
        if parts.len() > PART_LIMIT {
            return Vec::new();
        }
    }
    if parts.len() < 2 || parse(text).is_some() {
        return Vec::new();
    }
    parts
}

/// The document of a file by the name that it goes by; the whole file for no such name.
pub(crate) fn part_of<'t>(text: &'t str, member: &str) -> &'t str {
    let named = |(name, _): &(String, &str)| {
        member
            .strip_suffix(name.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
    };
    several(text).into_iter().find(named).map_or(text, |(_, document)| document)
}

/// Reads a document that was cut out of a file of several.
pub(crate) fn read_part(text: &str, today: Option<NaiveDate>) -> Result<Export, Unreadable> {
    let mut export = read_on(text, today)?;
    let message = "The file holds several documents one after another. Each was read by itself.";
    let note = Problem::new(Severity::Info, "file", "documents_split", message);
    export.problems.insert(0, note);
    Ok(export)
}

/// Where the next start or end tag of a document begins, with or without a prefix.
fn tag(text: &str, opening: &str) -> Option<usize> {
    text.match_indices(NAME).find_map(|(at, _)| {
        let near = at.saturating_sub(PREFIX_LIMIT);
        let before = text.as_bytes().get(near..at)?;
        let open = near + before.iter().rposition(|byte| *byte == b'<')?;
        let prefix = text.get(open..at)?.strip_prefix(opening)?;
        let after = text.as_bytes().get(at + NAME.len())?;
        let name = prefix.is_empty()
            || prefix.ends_with(':')
                && prefix.bytes().all(|b| b.is_ascii_alphanumeric() || b == b':');
        let ends = after.is_ascii_whitespace() || matches!(after, b'>' | b'/');
        (name && ends).then_some(open)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cut_where_a_document_begins() {
        let one = "<ClinicalDocument a='1'><x>ClinicalDocument</x></ClinicalDocument>";
        let other = "<cda:ClinicalDocument>\n</cda:ClinicalDocument >";
        let text = format!("<?xml version='1.0'?>{one}\n<?xml version='1.0'?>{other}\n");
        let parts = several(&text);
        assert_eq!(parts, [("document 1".to_owned(), one), ("document 2".to_owned(), other)]);
        assert_eq!(part_of(&text, "march.xml/document 2"), other);
        assert_eq!(part_of(&text, ""), text);
        assert!(several(one).is_empty());
        assert!(several("<a><ClinicalDocument/><ClinicalDocument/></a>").is_empty());
        assert!(several("").is_empty());
    }
}
