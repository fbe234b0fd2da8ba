//! Documents: the file itself as one statement, notes within it, bodies that are no XML, and the
//! words of sections that hold nothing coded.
//!
//! The document is always kept, so that what was not understood can still be read by a person.

use super::bodies::{self, Body};
use super::datatypes::{effective, event, identifiers};
use super::narrative;
use super::node::{El, at, attr, child, children};
use super::plans;
use super::sections::{Domain, Section};
use super::source::Source;
use super::statements::{Spot, author_name};
use super::terms;
use almoner_core::clinical::{
    Concept, Content, Document, Encounter, FactKind, Identifier, Reference, When,
};
use almoner_core::export::{Export, Sense, Severity, Statement};

/// A statement about a part of the header.
pub(super) fn header_statement(
    source: &Source<'_>,
    element: El<'_>,
    content: Content,
    author: &str,
    labels: &[String],
) -> Statement {
    let place = source.place(element);
    let identifiers = match &content {
        Content::Encounter(Encounter { identifiers, .. })
        | Content::Document(Document { identifiers, .. }) => identifiers.clone(),
        Content::Relation(person) => person.identifiers.clone(),
        Content::Practitioner(person) => person.identifiers.clone(),
        Content::Organization(organization) => organization.identifiers.clone(),
        Content::Other(other) => other.identifiers.clone(),
        _ => identifiers(element),
    };
    Statement {
        key: place.clone(),
        place,
        content,
        sense: Sense::Stated,
        identifiers,
        recorded: None,
        author: author.to_owned(),
        section: String::new(),
        narrative: String::new(),
        labels: labels.to_vec(),
        verbatim: None,
        distinct: false,
    }
}

/// The whole document: its words section by section, or its body where that is no XML.
pub(super) fn whole(
    source: &Source<'_>,
    export: &Export,
    authors: &[String],
    labels: &[String],
) -> Statement {
    let root = source.root;
    let mut document = Document {
        identifiers: children(root, "id").filter_map(super::datatypes::identifier).collect(),
        type_: source.concept_at(root, "code").unwrap_or_default(),
        category: "clinical-note".to_owned(),
        status: "current".to_owned(),
        title: export.title.clone(),
        date: export.created.clone(),
        authors: references(authors),
        content_type: "text/plain".to_owned(),
        ..Document::default()
    };
    if let Some(body) = at(root, "component/nonXMLBody/text") {
        fill_body(source, body, &mut document);
    } else if let Some(body) = at(root, "component/structuredBody") {
        document.text = narrative::whole(source.sections_of(body));
    }
    let author = authors.first().map(String::as_str).unwrap_or_default();
    let mut statement = header_statement(source, root, Content::Document(document), author, labels);
    statement.recorded.clone_from(&export.created);
    statement.narrative = covered(source);
    statement
}

/// The time that the document tells of (`documentationOf/serviceEvent/effectiveTime`), in words.
fn covered(source: &Source<'_>) -> String {
    let events =
        children(source.root, "documentationOf").filter_map(|of| child(of, "serviceEvent"));
    let mut periods = events.map(|event| effective(source, event));
    let day = |when: Option<When>| when.map(|when| when.to_string()).unwrap_or_default();
    let period = periods.find(|period| period.start.is_some() && period.start != period.end);
    period.map_or_else(String::new, |period| {
        format!("Covers {} to {}", day(period.start), day(period.end)).trim_end().to_owned()
    })
}

/// A note activity (template 22.4.202).
pub(super) fn note(spot: &Spot<'_, '_>) -> Option<Statement> {
    let body = child(spot.act, "text")?;
    let mut document = Document {
        identifiers: identifiers(spot.act),
        type_: note_type(spot),
        category: "clinical-note".to_owned(),
        status: "current".to_owned(),
        title: spot.section.title.clone(),
        date: event(spot.source, spot.act),
        authors: child(spot.act, "author")
            .map(|a| references(&[author_name(a)]))
            .unwrap_or_default(),
        ..Document::default()
    };
    fill_body(spot.source, body, &mut document);
    if document.text.is_empty() && document.data_base64.is_empty() {
        document.text = spot.row();
    }
    let nothing = document.data_base64.is_empty() && terms::words_say_nothing(&document.text);
    (!nothing).then(|| spot.statement(Content::Document(document), Sense::Stated))
}

/// What a section without coded entries still says: a draft referral, a plan, the payers in words.
pub(super) fn of_section(
    source: &Source<'_>,
    section: &Section<'_>,
    domain: Domain,
    taken: bool,
) -> Option<Statement> {
    if taken || attr(section.element, "nullFlavor").is_some() {
        return None;
    }
    let (kind, resource_type) = match domain {
        Domain::Referral => (FactKind::Referral, "ServiceRequest"),
        // an assessment alone is no plan
        Domain::Plan if section.code != "51848-0" => (FactKind::CarePlan, "CarePlan"),
        Domain::Payers => (FactKind::Coverage, "Coverage"),
        _ => return None,
    };
    let other = plans::of_words(section, kind, resource_type)?;
    let author = child(section.element, "author").or_else(|| child(source.root, "author"));
    let author = author.map(author_name).unwrap_or_default();
    let content = Content::Other(other);
    let mut statement =
        header_statement(source, section.element, content, &author, &section.labels);
    statement.identifiers.clear();
    statement.section.clone_from(&section.title);
    statement.narrative = narrative::of_section(section.element);
    Some(statement)
}

/// Fills text or bytes of a body (`ED`): inline text, a packed file, or a reference to what lies
/// outside.
fn fill_body<'a>(source: &Source<'a>, body: El<'a>, document: &mut Document) {
    bodies::media_type(body).clone_into(&mut document.content_type);
    match bodies::read(body, &source.unpacked_left) {
        Body::Words(words) => document.text = words,
        Body::File(packed) => document.data_base64 = packed,
        Body::Sealed(packed) => {
            document.data_base64 = packed;
            let message = "The text of this document is packed in a way that could not be undone. \
                           The file is kept as it came.";
            source.note(Severity::Warning, body, "body_unreadable", message);
        }
    }
    let address = child(body, "reference").and_then(|reference| attr(reference, "value"));
    if document.text.is_empty() && document.data_base64.is_empty() {
        match address {
            Some(value) if source.target(value, body).is_some() => {
                document.text = source.words(body);
            }
            Some(value) => value.clone_into(&mut document.url),
            None => {}
        }
    }
}

/// The type of a note: the translation of its code says which kind, the code only that it is one.
fn note_type(spot: &Spot<'_, '_>) -> Concept {
    let Some(code) = child(spot.act, "code") else { return Concept::default() };
    let translation = child(code, "translation").map(|cd| spot.source.concept(cd));
    translation.filter(|c| !c.is_empty()).unwrap_or_else(|| spot.source.concept(code))
}

/// Authors known by name only.
fn references(names: &[String]) -> Vec<Reference> {
    let names = names.iter().filter(|name| !name.is_empty());
    names.map(|name| Reference { key: String::new(), display: name.clone() }).collect()
}

/// The document's own id, for the export.
pub(super) fn own_identifier(root: El<'_>) -> Option<Identifier> {
    child(root, "id").and_then(super::datatypes::identifier)
}
