//! Reads CDA documents of the C-CDA family (C-CDA R1.1 to R3, C32, C62, eICR, RR): header, coded
//! entries of every section, narrative. What a document says becomes statements, each with its
//! place; what could not be read becomes problems.
//!
//! Start with [`read`]; `acts` finds the acts of each section, `statements` has them read, and one
//! file per domain says what an act states.

mod acts;
mod allergies;
mod authors;
mod bodies;
mod care;
mod coverage;
mod datatypes;
mod documents;
mod encounters;
mod faults;
mod header;
mod immunizations;
mod medications;
mod moods;
mod narrative;
mod node;
mod observations;
mod people;
mod plans;
mod problems;
mod procedures;
mod repair;
mod sections;
mod several;
mod source;
mod statements;
mod supplies;
mod tags;
mod terms;

use almoner_core::clinical::{Content, FactKind};
use almoner_core::export::{Export, PersonStatements, Problem, Severity, Statement, Unreadable};
use chrono::NaiveDate;
use node::{El, at, children, is};
pub(crate) use several::{part_of, read_part, several};
use source::Source;

/// Namespace of HL7 version 3, and so of every CDA document.
pub const NAMESPACE: &str = "urn:hl7-org:v3";

/// Whether a root element of this local name and namespace is a CDA document. The namespace may
/// be missing or misspelt: the name alone is telling enough.
pub fn is_ccda(local_name: &str, namespace: &str) -> bool {
    local_name == "ClinicalDocument" && (namespace.is_empty() || namespace.contains("hl7"))
}

/// Reads a document whole.
///
/// # Errors
/// The text is no XML even after the allowed repairs (`xml_malformed`, `xml_dtd`, `xml_too_deep`),
/// is no CDA document (`not_ccda`), names no patient (`no_patient`) or several
/// (`several_patients`).
pub fn read(text: &str) -> Result<Export, Unreadable> {
    read_on(text, None)
}

/// Reads a document that was received on a day: a date more than five years after it is none (C-CDA
/// writes 2099 and the like for "open").
///
/// # Errors
/// As [`read`].
pub fn read_on(text: &str, today: Option<NaiveDate>) -> Result<Export, Unreadable> {
    let fault = match repair::parse(text) {
        Ok(document) => return read_tree(document.root_element(), today),
        Err(fault) => fault,
    };
    // where mending does not help, the first complaint names a place in the file as it came
    let (mended, repairs) = repair::mend(text);
    let document = repair::parse(&mended).map_err(|_| repair::unreadable(&fault, text))?;
    let mut export = read_tree(document.root_element(), today)?;
    export.problems.splice(0..0, repairs);
    Ok(export)
}

/// The tree of a document, if it is well-formed.
pub(crate) fn parse(text: &str) -> Option<roxmltree::Document<'_>> {
    repair::parse(text).ok()
}

/// The tree of a document of any kind, within the same limits; or why it is none.
pub(crate) fn parse_or_say(text: &str) -> Result<roxmltree::Document<'_>, Problem> {
    repair::parse(text).map_err(|fault| repair::unreadable(&fault, text).problem)
}

/// The text with everything mended that may be mended.
pub(crate) fn mend(text: &str) -> String {
    repair::mend(text).0
}

/// Reads the tree of a well-formed document.
fn read_tree(root: El<'_>, today: Option<NaiveDate>) -> Result<Export, Unreadable> {
    if !is(root, "ClinicalDocument") {
        let message = "This is XML, but no clinical document (CDA).";
        return Err(refused("/", "not_ccda", message));
    }
    let source = Source::new(root, today);
    let target = patient_of(root)?;
    let mut export = Export::default();
    header::describe(&source, &mut export);
    fill(&source, target, &mut export);
    faults::note_all(&source);
    export.problems = source.take_problems();
    Ok(export)
}

/// The one patient a document is about.
fn patient_of(root: El<'_>) -> Result<El<'_>, Unreadable> {
    let mut targets = children(root, "recordTarget");
    let Some(target) = targets.next() else {
        let message = "The document does not say whose it is. It was set aside: nothing was filed.";
        return Err(refused("/ClinicalDocument", "no_patient", message));
    };
    if targets.next().is_some() {
        let message = "The document is about several patients at once. It was set aside so that \
                       nothing is filed under the wrong name.";
        return Err(refused("/ClinicalDocument/recordTarget[2]", "several_patients", message));
    }
    Ok(target)
}

/// Everything the document says, in the order of the document: itself, the stay, the people, the
/// sections.
fn fill<'a>(source: &Source<'a>, target: El<'a>, export: &mut Export) {
    let root = source.root;
    let labels: Vec<String> = Some(export.confidentiality.clone())
        .filter(|code| matches!(code.as_str(), "R" | "V"))
        .into_iter()
        .collect();
    let authors = header::authors(root);
    let author = authors.first().map(String::as_str).unwrap_or_default();
    let mut statements = vec![documents::whole(source, export, &authors, &labels)];
    if let Some(element) = at(root, "componentOf/encompassingEncounter") {
        let stay = export.document == "discharge-summary";
        statements.extend(encounters::encompassing(source, element, stay, &labels, author));
    }
    statements.extend(people::related_persons(source, author, &labels));
    statements.extend(orders(source, author, &labels));
    if let Some(body) = at(root, "component/structuredBody") {
        let made = export.created.as_ref();
        statements.extend(statements::read(source, body, made, author, &labels));
    }
    if !statements.iter().any(is_care_team) {
        statements.extend(people::care_team(source, author, &labels));
    }
    statements::drop_shared_identifiers(&mut statements);
    let place = source.place(target);
    let patient = header::patient(source, target);
    export.shared = people::directory(source);
    export.people.push(PersonStatements {
        key: place.clone(),
        place,
        patient,
        statements,
        ..PersonStatements::default()
    });
}

/// The orders that the document fulfils.
fn orders(source: &Source<'_>, author: &str, labels: &[String]) -> Vec<Statement> {
    let orders = children(source.root, "inFulfillmentOf");
    let statements = orders.filter_map(|element| {
        let other = plans::fulfilled(source, element)?;
        Some(documents::header_statement(source, element, Content::Other(other), author, labels))
    });
    statements.collect()
}

/// Whether a statement is about a member of the care team.
fn is_care_team(statement: &Statement) -> bool {
    let Content::Other(other) = &statement.content else { return false };
    other.kind == FactKind::CarePlan && other.resource_type == "CareTeam"
}

/// A document that is set aside whole.
fn refused(at: &str, code: &str, message: &str) -> Unreadable {
    Unreadable {
        format: "ccda".to_owned(),
        problem: Problem::new(Severity::Error, at, code, message),
    }
}
