//! Parses the XML; where a strict parser refuses it, mends what may be mended without guessing at
//! the content: the prologue, undeclared prefixes, stray characters, tags cut short, layout of the
//! narrative (`tags`). Nothing else.

use super::tags;
use almoner_core::export::{Problem, Severity, Unreadable};
use roxmltree::{Document, Error, ParsingOptions};

/// Elements nested deeper than this are no clinical document: real ones stay below 60.
pub(super) const DEPTH_LIMIT: usize = 128;

/// Prefixes that documents use without declaring them, and what they stand for.
const PREFIXES: [(&str, &str); 3] = [
    ("sdtc", "urn:hl7-org:sdtc"),
    ("xsi", "http://www.w3.org/2001/XMLSchema-instance"),
    ("voc", "urn:hl7-org:v3/voc"),
];

/// Most undeclared prefixes of one document that are mended.
const PREFIX_LIMIT: usize = 8;

/// Parses without DTD, entities or network, and within the depth limit.
pub(super) fn parse(text: &str) -> Result<Document<'_>, Fault> {
    let options = ParsingOptions { allow_dtd: false, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(Fault::Xml)?;
    if too_deep(&document) { Err(Fault::TooDeep) } else { Ok(document) }
}

/// Why a text is no tree.
pub(super) enum Fault {
    Xml(Error),
    TooDeep,
}

/// The text with everything mended that may be mended; each kind of repair is noted with its first
/// place, mended tags each with its own.
pub(super) fn mend(text: &str) -> (String, Vec<Problem>) {
    let mut problems = Vec::new();
    let mut text = tags::mend(text, &mut problems);
    for (code, message, step) in STEPS {
        let mended = step(&text);
        if mended != text {
            let same = text.bytes().zip(mended.bytes()).take_while(|(old, new)| old == new);
            let place = tags::position(&text, same.count());
            problems.push(Problem::new(Severity::Info, place, code, message));
            text = mended;
        }
    }
    (text, problems)
}

/// A repair: the code of its note, the note, and the text mended.
type Step = (&'static str, &'static str, fn(&str) -> String);

/// The repairs of the whole text, in their order.
const STEPS: [Step; 4] = [
    (
        "xml_repaired_characters",
        "Control characters that no document may hold were left out.",
        |text| text.chars().filter(|c| is_xml_char(*c)).collect(),
    ),
    (
        "xml_repaired_prologue",
        "What stood before the document, or a second XML declaration, was left out.",
        without_prologue,
    ),
    (
        "xml_repaired_ampersands",
        "A single & was read as the character that it is.",
        escape_stray_ampersands,
    ),
    (
        "xml_repaired_prefixes",
        "A prefix that the document uses without declaring it was declared.",
        declare_prefixes,
    ),
];

/// The report of a text that could not be mended.
pub(super) fn unreadable(fault: &Fault, text: &str) -> Unreadable {
    let (at, code, message) = match fault {
        Fault::TooDeep => (
            "/ClinicalDocument".to_owned(),
            "xml_too_deep",
            "The document nests its elements far deeper than any clinical document does. It was \
             set aside; ask the source for a new copy.",
        ),
        Fault::Xml(Error::DtdDetected) => (
            "1:1".to_owned(),
            "xml_dtd",
            "The document brings its own grammar (DTD), which is not allowed for safety. It was \
             set aside; ask the source to export it without one.",
        ),
        Fault::Xml(Error::UnclosedRootNode | Error::UnexpectedEndOfStream) => (
            tags::position(text, text.trim_end().len()),
            "xml_malformed",
            "The document stops here: its end is missing, as when a file is cut off on its way. It \
             was set aside; ask the source to send it again.",
        ),
        Fault::Xml(error) => {
            let position = error.pos();
            (
                format!("{}:{}", position.row, position.col),
                "xml_malformed",
                "The document is damaged at this line: its markup does not fit together. It was \
                 set aside; ask the source to send it again.",
            )
        }
    };
    Unreadable {
        format: "ccda".to_owned(),
        problem: Problem::new(Severity::Error, at, code, message),
    }
}

/// Whether any element lies below the depth limit. One pass, without recursion.
fn too_deep(document: &Document<'_>) -> bool {
    let mut depth = 0_usize;
    let mut node = document.root();
    loop {
        if let Some(first) = node.first_child() {
            depth += 1;
            if depth > DEPTH_LIMIT {
                return true;
            }
            node = first;
            continue;
        }
        loop {
            if let Some(next) = node.next_sibling() {
                node = next;
                break;
            }
            match node.parent() {
                Some(parent) => {
                    node = parent;
                    depth = depth.saturating_sub(1);
                }
                None => return false,
            }
        }
    }
}

/// XML 1.0, production 2.
fn is_xml_char(c: char) -> bool {
    let in_plane = matches!(c, '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    in_plane || matches!(c, '\t' | '\n' | '\r')
}

/// Drops what precedes the first `<`, and every XML declaration but one at the very start.
fn without_prologue(text: &str) -> String {
    let text = text.find('<').and_then(|start| text.get(start..)).unwrap_or(text);
    let first = text.strip_prefix("<?xml ").and_then(|rest| rest.find("?>"));
    let (declaration, mut rest) = text.split_at(first.map_or(0, |end| "<?xml ".len() + end + 2));
    let mut out = declaration.to_owned();
    while let Some(start) = rest.find("<?xml ") {
        let Some(end) = rest.get(start..).and_then(|tail| tail.find("?>")) else { break };
        out.push_str(rest.get(..start).unwrap_or_default());
        rest = rest.get(start + end + 2..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// An `&` that begins no reference of XML itself is a character like any other.
fn escape_stray_ampersands(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        let (before, after) = rest.split_at(start);
        out.push_str(before);
        let tail = after.get(1..).unwrap_or_default();
        let name = tail.split(';').next().filter(|name| name.len() < tail.len());
        let known = name.is_some_and(|name| {
            matches!(name, "amp" | "lt" | "gt" | "quot" | "apos") || is_character_reference(name)
        });
        out.push_str(if known { "&" } else { "&amp;" });
        rest = tail;
    }
    out.push_str(rest);
    out
}

/// `#233` or `#xE9`, of a character that XML allows.
fn is_character_reference(name: &str) -> bool {
    let number = name.strip_prefix('#').unwrap_or_default();
    let code = match number.strip_prefix('x') {
        Some(hex) => u32::from_str_radix(hex, 16).ok(),
        None => number.parse().ok(),
    };
    code.and_then(char::from_u32).is_some_and(is_xml_char)
}

/// Declares on the root the prefixes that are used but nowhere declared; those that are not known
/// by name get a URI of their own, since elements are told by their local names.
fn declare_prefixes(text: &str) -> String {
    let name = "ClinicalDocument";
    let Some(start) = text.find(name) else { return text.to_owned() };
    let (head, tail) = text.split_at(start + name.len());
    let mut declared = String::new();
    for _ in 0..PREFIX_LIMIT {
        let whole = [head, &declared, tail].concat();
        let Err(Fault::Xml(Error::UnknownNamespace(prefix, _))) = parse(&whole) else { break };
        let known = PREFIXES.iter().find(|(known, _)| *known == prefix);
        let uri =
            known.map_or_else(|| format!("urn:undeclared:{prefix}"), |(_, uri)| (*uri).into());
        for part in [" xmlns:", &prefix, "=\"", &uri, "\""] {
            declared.push_str(part);
        }
    }
    [head, &declared, tail].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> Unreadable {
        unreadable(&parse(text).err().unwrap(), text)
    }

    #[test]
    fn mends_prologue_prefixes_and_stray_characters() {
        let given = " \n<?xml version=\"1.0\"?>\n<ClinicalDocument xmlns=\"urn:hl7-org:v3\">\u{1}\
                     <?xml version=\"1.0\"?><sdtc:raceCode/>A & B &amp; C &nbsp; &#65;\
                     </ClinicalDocument>";
        assert!(parse(given).is_err());
        let (mended, notes) = mend(given);
        let codes: Vec<&str> = notes.iter().map(|note| &*note.code).collect();
        let kinds = ["characters", "prologue", "ampersands", "prefixes"];
        assert_eq!(codes, kinds.map(|kind| format!("xml_repaired_{kind}")));
        let document = parse(&mended).map_err(|_| "still broken").unwrap();
        let text: String = document.descendants().filter_map(|n| n.text()).take(1).collect();
        assert_eq!(text, "A & B & C &nbsp; A");
    }

    #[test]
    fn tags_that_do_not_match_are_not_guessed_at() {
        let given = "<ClinicalDocument>\n<a><b></a></ClinicalDocument>";
        assert!(parse(&mend(given).0).is_err());
        let error = refused(given);
        assert_eq!(error.problem.code, "xml_malformed");
        assert!(error.problem.at.starts_with("2:"), "{}", error.problem.at);
    }

    #[test]
    fn a_document_that_stops_is_said_to_stop_where_it_does() {
        for cut in
            ["<a>\n<b/>\n<c>text", "<a>\n<b/>\n<c d=\"e", "<a>\n<b/>\n<c", "<a>\n<b/>\n<!-- c"]
        {
            let problem = refused(cut).problem;
            assert!(problem.at.starts_with("3:"), "{cut}: {}", problem.at);
        }
        let problem = refused("<a>\n<b/>\n<c>text\n\n").problem;
        assert_eq!((&*problem.at, &*problem.code), ("3:8", "xml_malformed"));
        assert!(problem.message.contains("stops here"));
    }

    #[test]
    fn depth_and_dtd_are_refused() {
        let deep = format!("{}{}", "<a>".repeat(100_000), "</a>".repeat(100_000));
        assert_eq!(refused(&deep).problem.code, "xml_too_deep");
        let dtd = "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>";
        assert_eq!(refused(dtd).problem.code, "xml_dtd");
    }
}
