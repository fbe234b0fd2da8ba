//! Which section is which: by the LOINC code of the section, then by its template root.
//!
//! Source: C-CDA R1.1 to R2.1 and Companion Guide, section templates and their codes; HITSP C83
//! and CCD v1 roots for the older documents.

use super::node::{El, attr, child, child_attr, children};
use super::source::Source;
use almoner_core::clinical::Concept;
use std::cell::OnceCell;
use std::collections::HashMap;

/// What kind of statements a section holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Domain {
    /// Conditions, of the FHIR-like category named.
    Problems(&'static str),
    Allergies,
    /// The medication list, or the list named by its use.
    Medications(List),
    Results,
    Vitals,
    Immunizations,
    Procedures,
    Encounters,
    Social,
    /// Functional and mental status.
    Function,
    Plan,
    Goals,
    /// Interventions done and outcomes found.
    Interventions,
    CareTeam,
    Payers,
    Directives,
    Family,
    Equipment,
    Instructions,
    Referral,
    Notes,
    /// What a public health agency answers to a case report.
    Reportability,
    /// Narrative by its nature: kept with the document.
    Words,
}

/// Which list of medicines a section is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum List {
    /// What the patient takes; the mood of each entry says how it is known.
    Current,
    Discharge,
    Admission,
    Administered,
}

/// One row of the table: domain, LOINC codes, template roots.
type Row = (Domain, &'static [&'static str], &'static [&'static str]);

/// Template roots are written without `2.16.840.1.113883.10.20.22.2.` where they begin so.
const SHORT: &str = "2.16.840.1.113883.10.20.22.2.";

/// The notes section of the companion guide: its code is that of the note's kind, which other
/// sections have as well.
const NOTES: &str = "65";

/// Every section known, in the order of the guide.
const TABLE: &[Row] = &[
    (
        Domain::Problems("problem-list-item"),
        &["11450-4"],
        &["5", "5.1", "2.16.840.1.113883.10.20.1.11", "2.16.840.1.113883.3.88.11.83.103"],
    ),
    (Domain::Problems("history"), &["11348-0"], &["20", "1.3.6.1.4.1.19376.1.5.3.1.3.8"]),
    (
        Domain::Allergies,
        &["48765-2"],
        &["6", "6.1", "2.16.840.1.113883.10.20.1.2", "2.16.840.1.113883.3.88.11.83.102"],
    ),
    (
        Domain::Medications(List::Current),
        &["10160-0"],
        &["1", "1.1", "2.16.840.1.113883.10.20.1.8", "2.16.840.1.113883.3.88.11.83.112"],
    ),
    (Domain::Medications(List::Discharge), &["10183-2", "75311-1"], &["11", "11.1"]),
    (Domain::Medications(List::Admission), &["42346-7"], &["44"]),
    (Domain::Medications(List::Administered), &["29549-3"], &["38"]),
    (
        Domain::Results,
        &["30954-2"],
        &["3", "3.1", "2.16.840.1.113883.10.20.1.14", "2.16.840.1.113883.3.88.11.83.122"],
    ),
    (
        Domain::Vitals,
        &["8716-3"],
        &["4", "4.1", "2.16.840.1.113883.10.20.1.16", "2.16.840.1.113883.3.88.11.83.119"],
    ),
    (
        Domain::Immunizations,
        &["11369-6"],
        &["2", "2.1", "2.16.840.1.113883.10.20.1.6", "2.16.840.1.113883.3.88.11.83.117"],
    ),
    (
        Domain::Procedures,
        &["47519-4"],
        &["7", "7.1", "2.16.840.1.113883.10.20.1.12", "2.16.840.1.113883.3.88.11.83.108"],
    ),
    (
        Domain::Encounters,
        &["46240-8"],
        &["22", "22.1", "2.16.840.1.113883.10.20.1.3", "2.16.840.1.113883.3.88.11.83.127"],
    ),
    (Domain::Social, &["29762-2"], &["17", "2.16.840.1.113883.10.20.1.15"]),
    (Domain::Social, &["10162-6", "90767-5"], &["80", "70"]),
    (
        Domain::Function,
        &["47420-5", "10190-7", "61144-2"],
        &["14", "56", "57", "2.16.840.1.113883.10.20.1.5"],
    ),
    (
        Domain::Plan,
        &["18776-5", "51847-2", "51848-0", "59772-4"],
        &["10", "9", "8", "30", "2.16.840.1.113883.10.20.1.10"],
    ),
    (Domain::Goals, &["61146-7"], &["60"]),
    (Domain::Problems("health-concern"), &["75310-3"], &["58"]),
    (Domain::Interventions, &["62387-6", "11383-7"], &["2.16.840.1.113883.10.20.21.2.3", "61"]),
    (Domain::CareTeam, &["85847-2"], &["500", "2.16.840.1.113883.10.20.22.2.500"]),
    (Domain::Payers, &["48768-6"], &["18", "2.16.840.1.113883.10.20.1.9"]),
    (Domain::Directives, &["42348-3"], &["21", "21.1", "2.16.840.1.113883.10.20.1.1"]),
    (Domain::Problems("discharge-diagnosis"), &["11535-2", "78375-3", "C-CDAV2-DDN"], &["24"]),
    (Domain::Problems("admission-diagnosis"), &["46241-6", "42347-5"], &["43"]),
    (
        Domain::Problems("encounter-diagnosis"),
        &["59769-0", "10219-4", "55109-3", "59768-2", "59776-5"],
        &["36", "34", "37", "29", "28"],
    ),
    (Domain::Family, &["10157-6"], &["15", "2.16.840.1.113883.10.20.1.4"]),
    (Domain::Equipment, &["46264-8"], &["23", "2.16.840.1.113883.10.20.1.7"]),
    (Domain::Instructions, &["69730-0", "8653-8"], &["45", "41"]),
    (Domain::Referral, &["42349-1"], &["1.3.6.1.4.1.19376.1.5.3.1.3.1"]),
    (
        Domain::Notes,
        &[
            "34109-9", "11488-4", "11506-3", "18842-5", "28570-0", "34117-2", "34111-5", "11504-8",
            "11502-2", "11526-1",
        ],
        &[NOTES],
    ),
    (Domain::Reportability, &["55112-7"], &["2.16.840.1.113883.10.20.15.2.2.2"]),
    (
        Domain::Words,
        &[
            "8648-8", "10164-2", "29299-5", "10154-3", "46239-0", "29545-1", "10187-3", "10210-3",
            "10218-6", "29554-3", "59775-7", "59770-8", "59773-2", "11537-8", "61149-1", "61150-9",
            "42344-2", "10184-0", "11493-4", "18841-7", "10216-0", "57017-6", "48764-5", "10223-6",
            "11329-0", "18748-4", "59771-6", "59774-0", "88082-3", "88084-9",
        ],
        &["1.3.6.1.4.1.19376.1.5.3.1.3.5", "64", "12", "13", "25", "16", "42", "39", "40"],
    ),
];

/// A section being read.
pub(super) struct Section<'a> {
    pub(super) element: El<'a>,
    pub(super) title: String,
    /// `None` for a section that is not in the table.
    pub(super) domain: Option<Domain>,
    /// Its LOINC code; empty when it has none.
    pub(super) code: String,
    /// Sensitivity labels of the section, without the plain "normal".
    pub(super) labels: Vec<String>,
    /// Its own author, for the entries that name none.
    pub(super) author: Option<El<'a>>,
    words: OnceCell<String>,
    names: OnceCell<HashMap<String, String>>,
}

impl<'a> Section<'a> {
    /// Reads title, kind and labels of a `section` element; `document_labels` go for the sections
    /// that set none of their own.
    pub(super) fn of(source: &Source<'a>, element: El<'a>, document_labels: &[String]) -> Self {
        let title = child(element, "title").map(super::node::text).unwrap_or_default();
        let code = child_attr(element, "code", "code").unwrap_or_default().to_owned();
        let domain = domain(element, &code);
        let mut labels = labels(source, element);
        if labels.is_empty() && child(element, "confidentialityCode").is_none() {
            labels.extend_from_slice(document_labels);
        }
        let author = child(element, "author");
        Self {
            element,
            title,
            domain,
            code,
            labels,
            author,
            words: OnceCell::new(),
            names: OnceCell::new(),
        }
    }

    /// Its words below the headings, read once.
    pub(super) fn words(&self) -> &str {
        self.words.get_or_init(|| super::narrative::below_headings(self.element))
    }

    /// What its narrative calls a code, where it shows the code in a cell.
    pub(super) fn name_of(&self, code: &Concept) -> Option<String> {
        let names = self.names.get_or_init(|| super::narrative::names_of_codes(self.element));
        code.codings.iter().find_map(|coding| names.get(&coding.code)).cloned()
    }

    /// The acts of its entries, with the entry around each.
    pub(super) fn entries(&self) -> impl Iterator<Item = El<'a>> + use<'a> {
        let element = self.element;
        element.children().filter(|node| super::node::is(*node, "entry"))
    }
}

/// Security observations of HL7 DS4P for CDA: the general one, confidentiality, obligation, purpose
/// of use, refrain.
pub(super) const SECURITY: &[&str] = &[
    "2.16.840.1.113883.3.445.21",
    "2.16.840.1.113883.3.445.12",
    "2.16.840.1.113883.3.445.14",
    "2.16.840.1.113883.3.445.22",
    "2.16.840.1.113883.3.445.23",
];

/// Confidentiality code and DS4P security observations of an element, `N` (normal) and below left
/// out (HL7 Confidentiality).
fn labels<'a>(source: &Source<'a>, element: El<'a>) -> Vec<String> {
    let own = child_attr(element, "confidentialityCode", "code");
    // within an entry of this section
    let inside = |node: &El<'a>| {
        let entry = node.ancestors().find(|up| up.parent() == Some(element));
        entry.is_some_and(|entry| super::node::is(entry, "entry"))
    };
    let marked = source.security.iter().copied().filter(inside);
    let marked = marked.filter_map(|node| attr(child(node, "value")?, "code"));
    let mut labels: Vec<String> = Vec::new();
    for code in own.into_iter().chain(marked) {
        if !matches!(code, "N" | "M" | "L" | "U") && !labels.iter().any(|label| label == code) {
            labels.push(code.to_owned());
        }
    }
    labels
}

/// The kind of a section: by its code, by its template, by a translation of its code. Notes are told
/// by their template first.
fn domain(element: El<'_>, code: &str) -> Option<Domain> {
    let mut roots = children(element, "templateId").filter_map(|id| attr(id, "root"));
    if roots.any(|root| root.strip_prefix(SHORT) == Some(NOTES)) {
        return Some(Domain::Notes);
    }
    let by_code = |code: &str| TABLE.iter().find(|row| row.1.contains(&code)).map(|row| row.0);
    by_code(code).or_else(|| by_template(element)).or_else(|| {
        let translations = child(element, "code")?;
        children(translations, "translation").find_map(|t| by_code(attr(t, "code")?))
    })
}

/// The kind that the section's first known template root gives.
fn by_template(element: El<'_>) -> Option<Domain> {
    children(element, "templateId").filter_map(|id| attr(id, "root")).find_map(|root| {
        let short = root.strip_prefix(SHORT).unwrap_or(root);
        TABLE.iter().find(|row| row.2.contains(&short)).map(|row| row.0)
    })
}
