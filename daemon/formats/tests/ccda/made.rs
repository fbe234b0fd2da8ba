//! Small documents made for a test: a header, and the sections that it asks for.

use super::samples::statements;
use almoner_core::clinical::{Content, FactKind};
use almoner_core::export::{Export, Sense, Statement};

/// The text of a document with these sections.
pub(crate) fn document(sections: &str) -> String {
    format!(
        "<ClinicalDocument xmlns=\"urn:hl7-org:v3\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\
         <id root=\"1.2.3\"/><effectiveTime value=\"20260301\"/><confidentialityCode code=\"N\"/>\
         <recordTarget><patientRole><patient><name><given>Ada</given><family>Reed</family></name>\
         <birthTime value=\"19600102\"/></patient></patientRole></recordTarget>\
         <component><structuredBody>{sections}</structuredBody></component></ClinicalDocument>"
    )
}

/// Reads a text that must be readable.
pub(crate) fn read(text: &str) -> Export {
    almoner_formats::ccda::read(text).unwrap_or_else(|error| panic!("{error:?}"))
}

/// A document with these sections, read.
pub(crate) fn with(sections: &str) -> Export {
    read(&document(sections))
}

/// A section by its LOINC code.
pub(crate) fn section(code: &str, inside: &str) -> String {
    format!("<component><section><code code=\"{code}\"/>{inside}</section></component>")
}

/// An entry that holds an act of a template, given by its number in the guide.
pub(crate) fn entry(element: &str, template: &str, inside: &str) -> String {
    format!(
        "<entry><{element} classCode=\"X\" moodCode=\"EVN\">\
         <templateId root=\"2.16.840.1.113883.10.20.22.4.{template}\"/>{inside}</{element}></entry>"
    )
}

/// A value of SNOMED CT.
pub(crate) fn snomed(element: &str, code: &str, words: &str) -> String {
    format!(
        "<{element} xsi:type=\"CD\" code=\"{code}\" codeSystem=\"2.16.840.1.113883.6.96\" \
         displayName=\"{words}\"/>"
    )
}

/// The codes of what was noted.
pub(crate) fn codes(export: &Export) -> Vec<&str> {
    export.problems.iter().map(|problem| &*problem.code).collect()
}

/// The statements of the sections: kind, sense and label.
pub(crate) fn told(export: &Export) -> Vec<(FactKind, Sense, String)> {
    let of_sections = statements(export).iter().filter(|s| s.place.contains("/section"));
    of_sections.map(|s| (s.content.kind(), s.sense, label(s))).collect()
}

fn label(statement: &Statement) -> String {
    match &statement.content {
        Content::Condition(c) => c.code.label().to_owned(),
        Content::Allergy(a) => a.code.label().to_owned(),
        Content::Medication(m) => m.code.label().to_owned(),
        Content::Observation(o) => o.code.label().to_owned(),
        Content::Immunization(i) => i.code.label().to_owned(),
        Content::Procedure(p) => p.code.label().to_owned(),
        Content::Encounter(e) => e.type_.first().map(|t| t.label().to_owned()).unwrap_or_default(),
        Content::Document(d) => d.title.clone(),
        Content::Coverage(c) => c.payor.clone(),
        Content::Other(o) => o.code.label().to_owned(),
        other => panic!("{other:?}"),
    }
}
