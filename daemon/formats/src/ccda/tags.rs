//! Mends tags that do not fit together, only where nothing is guessed: a tag that was cut short is
//! closed where it breaks off, and the narrative's marks of layout are made to match. Coded content
//! whose tags do not match stays as it is, and with it the document is refused.
//!
//! That a cut tag was meant to be empty is proved by the parser afterwards: had it an end tag
//! further down, the document would still not fit together.

use almoner_core::export::{Problem, Severity};

/// Most places of mended tags that are named for one document.
const PLACE_LIMIT: usize = 20;

/// The text with its tags mended; each place is noted.
pub(super) fn mend(text: &str, problems: &mut Vec<Problem>) -> String {
    let mut mender =
        Mender { text, out: String::with_capacity(text.len()), open: Vec::new(), problems };
    mender.run();
    mender.out
}

/// The place of an offset as `line:column`.
pub(super) fn position(text: &str, offset: usize) -> String {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before.get(start..).unwrap_or_default().chars().count() + 1;
    format!("{line}:{column}")
}

struct Mender<'t, 'p> {
    text: &'t str,
    out: String,
    /// Names of the elements that are open here.
    open: Vec<&'t str>,
    problems: &'p mut Vec<Problem>,
}

impl<'t> Mender<'t, '_> {
    /// One pass over the markup, without recursion.
    fn run(&mut self) {
        let mut at = 0;
        while let Some(found) = self.rest(at).find('<') {
            let start = at + found;
            self.copy(at, start);
            at = self.markup(start);
        }
        self.copy(at, self.text.len());
    }

    /// Copies or mends the markup that starts here; gives where the text goes on.
    fn markup(&mut self, start: usize) -> usize {
        let rest = self.rest(start);
        for (opening, closing) in [("<!--", "-->"), ("<![CDATA[", "]]>"), ("<?", "?>"), ("<!", ">")]
        {
            if rest.starts_with(opening) {
                let length = rest.find(closing).map_or(rest.len(), |at| at + closing.len());
                self.copy(start, start + length);
                return start + length;
            }
        }
        let (length, whole) = tag_length(rest);
        let end = start + length;
        if let Some(name) = rest.strip_prefix("</") {
            self.close(name_of(name), start, end);
        } else {
            let name = name_of(rest.get(1..).unwrap_or_default());
            self.copy(start, end);
            if !whole && !name.is_empty() {
                let message = "A tag breaks off here. It was taken as empty; all around it was \
                               read.";
                self.note(start, "xml_repaired_tags", message);
                self.out.push_str("/>");
            } else if !rest.get(..length).is_some_and(|tag| tag.ends_with("/>")) {
                self.open.push(name);
            }
        }
        end
    }

    /// An end tag: in the narrative made to match, elsewhere copied.
    fn close(&mut self, name: &'t str, start: usize, end: usize) {
        if self.open.last() == Some(&name) {
            self.open.pop();
            return self.copy(start, end);
        }
        let Some(narrative) = self.narrative() else {
            return self.copy(start, end);
        };
        let message =
            "The layout marks of a section's text do not match here. The words were kept.";
        self.note(start, "xml_repaired_narrative", message);
        let inside = self.open.get(narrative..).unwrap_or_default();
        let Some(depth) = inside.iter().rposition(|open| *open == name) else { return };
        for unclosed in self.open.drain(narrative + depth + 1..).rev() {
            self.out.push_str("</");
            self.out.push_str(unclosed);
            self.out.push('>');
        }
        self.open.pop();
        self.copy(start, end);
    }

    /// Where in the open elements the narrative (`section/text`) begins that we are in.
    fn narrative(&self) -> Option<usize> {
        if self.open.len() > super::repair::DEPTH_LIMIT {
            return None;
        }
        let pairs = self.open.windows(2);
        pairs.into_iter().position(|pair| pair == ["section", "text"]).map(|at| at + 1)
    }

    fn rest(&self, at: usize) -> &'t str {
        self.text.get(at..).unwrap_or_default()
    }

    fn copy(&mut self, from: usize, to: usize) {
        self.out.push_str(self.text.get(from..to).unwrap_or_default());
    }

    fn note(&mut self, at: usize, code: &str, message: &str) {
        if self.problems.len() < PLACE_LIMIT {
            let place = position(self.text, at);
            self.problems.push(Problem::new(Severity::Warning, place, code, message));
        }
    }
}

/// Length of the tag at the start of the text, and whether its end is there; it breaks off where
/// another `<` stands outside of quotes.
fn tag_length(text: &str) -> (usize, bool) {
    let mut quote = None;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match (quote, byte) {
            (None, b'>') => return (at + 1, true),
            (None, b'<') => return (at, false),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            _ => {}
        }
    }
    (text.len(), false)
}

/// The name at the start of a tag's inside.
fn name_of(inside: &str) -> &str {
    let end = inside.find(|c: char| c.is_whitespace() || matches!(c, '>' | '/' | '<'));
    inside.get(..end.unwrap_or(inside.len())).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended(text: &str) -> (String, Vec<String>) {
        let mut problems = Vec::new();
        let out = mend(text, &mut problems);
        (out, problems.into_iter().map(|p| format!("{} {}", p.at, p.code)).collect())
    }

    #[test]
    fn what_fits_together_stays_as_it_is() {
        let text = "<?xml version='1.0'?><!-- a <b> --><a x='>'><b y=\"<\"/><![CDATA[<c>]]></a>";
        assert_eq!(mended(text), (text.to_owned(), Vec::new()));
    }

    #[test]
    fn a_cut_tag_is_closed_where_it_breaks_off() {
        let (out, notes) = mended("<a>\n <id root='1' <!-- x --><b/></a>");
        assert_eq!(out, "<a>\n <id root='1' /><!-- x --><b/></a>");
        assert_eq!(notes, ["2:2 xml_repaired_tags"]);
    }

    #[test]
    fn layout_of_the_narrative_is_made_to_match_and_nothing_else() {
        let (out, notes) = mended("<section><text><td>a</content></td><i>b</td></text></section>");
        assert_eq!(out, "<section><text><td>a</td><i>b</i></text></section>");
        assert_eq!(notes.len(), 3);
        let coded = "<section><entry><act></entry></section>";
        assert_eq!(mended(coded), (coded.to_owned(), Vec::new()));
    }
}
