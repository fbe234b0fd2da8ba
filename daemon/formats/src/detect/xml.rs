//! What an XML file is, by the name and namespace of its root element; the file need not be
//! well-formed for that.

use super::{Format, Verdict};

const HEADER: &str = "2.16.840.1.113883.10.20.22.1.1";

/// The verdict on text that begins with `<`.
pub(super) fn verdict(words: &str) -> Verdict {
    let Some(tag) = root(words) else {
        return Verdict::new(Format::Xml, "XML without a root element");
    };
    let end = tag.find(|c: char| c.is_whitespace() || matches!(c, '/' | '>')).unwrap_or(tag.len());
    let (name, attributes) = tag.split_at(end);
    let (prefix, local) = name.split_once(':').unwrap_or(("", name));
    let namespace = namespace(attributes, prefix);
    if namespace.ends_with("v2xml") {
        return Verdict::new(Format::Hl7v2Xml, "HL7 v2 in XML encoding");
    }
    match local {
        "ClinicalDocument" => {
            Verdict::new(Format::Ccda, "root element ClinicalDocument").version(release(words))
        }
        "ContinuityOfCareRecord" => Verdict::new(Format::Ccr, "root ContinuityOfCareRecord"),
        _ if local.eq_ignore_ascii_case("html") || local.eq_ignore_ascii_case("table") => {
            Verdict::new(Format::Html, "root element html")
        }
        _ if namespace == "http://hl7.org/fhir" => {
            Verdict::new(Format::FhirXml, "root element in the FHIR namespace")
        }
        _ if words.contains("<ClinicalDocument") => {
            Verdict::new(Format::Ccda, "ClinicalDocument within another element")
                .version(release(words))
        }
        _ => Verdict::new(Format::Xml, "another root element"),
    }
}

/// What follows the `<` of the root element, up to its `>`; skips declarations and comments.
fn root(words: &str) -> Option<&str> {
    let mut rest = words;
    for _ in 0..1000 {
        rest = rest.get(rest.find('<')?..)?;
        let close = if rest.starts_with("<!--") {
            rest.find("-->")? + 3
        } else if rest.starts_with("<?") || rest.starts_with("<!") {
            rest.find('>')? + 1
        } else {
            let tag = rest.get(1..)?;
            return Some(tag.get(..tag.find('>').unwrap_or(tag.len()))?.trim_start());
        };
        rest = rest.get(close..)?;
    }
    None
}

/// The namespace bound to `prefix` in a start tag.
fn namespace<'a>(attributes: &'a str, prefix: &str) -> &'a str {
    let name = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
    for (at, _) in attributes.match_indices(&name) {
        let rest = attributes.get(at + name.len()..).unwrap_or_default().trim_start();
        let Some(value) = rest.strip_prefix('=').map(str::trim_start) else { continue };
        let Some(quote) = value.chars().next().filter(|c| matches!(c, '"' | '\'')) else {
            continue;
        };
        return value.split(quote).nth(1).unwrap_or_default().trim();
    }
    ""
}

/// The release of C-CDA by the extension of the US Realm header's template id (C-CDA R2.1,
/// section 1.1); empty for what is not C-CDA.
fn release(words: &str) -> &'static str {
    const RELEASES: [(&str, &str); 4] =
        [("2024-05-01", "R3.0"), ("2015-08-01", "R2.1"), ("2014-06-09", "R2.0"), ("", "R1.1")];
    let quoted = |at: usize| matches!(words.as_bytes().get(at), Some(b'"' | b'\''));
    let tags: Vec<&str> = words
        .match_indices(HEADER)
        .filter(|(at, _)| quoted(at + HEADER.len()))
        .filter_map(|(at, _)| {
            let start = words.get(..at)?.rfind('<')?;
            let end = at + words.get(at..)?.find('>')?;
            words.get(start..end)
        })
        .collect();
    if tags.is_empty() {
        let old = words.contains("2.16.840.1.113883.3.88.11.32");
        return if old { "C32" } else { "" };
    }
    let found =
        RELEASES.iter().find(|(extension, _)| tags.iter().any(|tag| tag.contains(extension)));
    found.map_or("", |(_, release)| release)
}
