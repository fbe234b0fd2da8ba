//! Documents: `TXA` with the text or bytes of the `OBX` lines after it (HL7 v2.5.1 chapter 9).

use super::scene::Scene;
use super::segment::{Piece, Segment};
use super::visit::reference;
use super::{codes, datatypes, times, values};
use almoner_core::clinical::{Coding, Concept, Content, Document, Identifier, Reference, system};
use almoner_core::export::Statement;

/// Reads `TXA`; the text follows by [`add`].
pub(super) fn begin(scene: &Scene, txa: &Segment<'_>, visit: Option<&Statement>) -> Statement {
    let identifiers = document_id(scene, txa.field(12));
    let type_ = type_(txa.field(2));
    let title = txa.field(25).string();
    let file = txa.field(16).string();
    let time = |n: usize| times::when(&txa.field(n).component(1).text());
    let document = Document {
        identifiers: identifiers.clone(),
        title: [title, file, type_.label().to_owned()]
            .into_iter()
            .find(|words| !words.is_empty())
            .unwrap_or_default(),
        type_,
        category: "clinical-note".to_owned(),
        status: status(scene, txa).to_owned(),
        date: time(4).or_else(|| time(6)).or_else(|| time(7)),
        authors: authors(txa),
        encounter: visit.map(reference),
        ..Document::default()
    };
    let author = document.authors.first().map(|author| author.display.clone());
    let mut statement = scene.statement(txa, Content::Document(document));
    statement.identifiers = identifiers;
    statement.author = author.unwrap_or_default();
    let confidentiality = txa.field(18).component(1).string();
    if !matches!(confidentiality.as_str(), "" | "U" | "UC") {
        statement.labels.push(confidentiality);
    }
    statement
}

/// The document that this one replaces (T09, T10): its parent by TXA-13, no longer in force.
pub(super) fn replaced(scene: &Scene, txa: &Segment<'_>) -> Option<Statement> {
    if scene.message.code != "MDM" || !scene.is(&["T09", "T10"]) {
        return None;
    }
    let identifiers = document_id(scene, txa.field(13));
    let own = document_id(scene, txa.field(12));
    if identifiers.is_empty() || identifiers == own {
        return None;
    }
    let type_ = type_(txa.field(2));
    let document = Document {
        identifiers: identifiers.clone(),
        title: type_.label().to_owned(),
        type_,
        category: "clinical-note".to_owned(),
        status: "superseded".to_owned(),
        ..Document::default()
    };
    let mut statement = scene.statement(txa, Content::Document(document));
    statement.key = format!("{} replaced", statement.key);
    statement.identifiers = identifiers;
    Some(statement)
}

/// Whether a statement is a document whose bytes are here.
pub(super) fn has_bytes(statement: &Statement) -> bool {
    matches!(&statement.content, Content::Document(it) if !it.data_base64.is_empty())
}

/// Takes an `OBX` as the next part of a document; false where it is none.
pub(super) fn go_on(statement: &mut Statement, obx: &Segment<'_>) -> bool {
    let Content::Document(document) = &mut statement.content else { return false };
    values::go_on(document, obx)
}

/// Adds an `OBX` to the document: a line of its text, or its bytes. The second and later bytes
/// are documents of their own, and are returned.
pub(super) fn add(scene: &Scene, obx: &Segment<'_>, into: &mut Statement) -> Option<Statement> {
    let Content::Document(document) = &mut into.content else { return None };
    if !matches!(&*obx.field(2).text(), "ED" | "RP") {
        add_text(document, obx);
        return None;
    }
    if document.data_base64.is_empty() && document.url.is_empty() && document.text.is_empty() {
        let _ = values::fill(document, obx);
        return None;
    }
    let type_ = datatypes::concept(obx.field(3)).unwrap_or_else(|| document.type_.clone());
    let mut part = Document {
        title: type_.label().to_owned(),
        type_,
        identifiers: Vec::new(),
        text: String::new(),
        data_base64: String::new(),
        url: String::new(),
        ..document.clone()
    };
    values::fill(&mut part, obx)?;
    Some(scene.statement(obx, Content::Document(part)))
}

fn add_text(document: &mut Document, obx: &Segment<'_>) {
    let heading = datatypes::concept(obx.field(3));
    let loinc = heading.as_ref().and_then(|code| code.code_in(system::LOINC));
    let typed = document.type_.code_in(system::LOINC).is_some();
    if let (false, Some(loinc), Some(code)) = (typed, loinc, &heading) {
        let display = code.label();
        let display = (!display.is_empty()).then(|| display.to_owned());
        let coding = Coding { system: system::LOINC.to_owned(), code: loinc.to_owned(), display };
        document.type_.codings.push(coding);
    }
    let field = obx.field(5);
    let line = match values::of(obx) {
        (almoner_core::clinical::Value::Concept(concept), _) => concept.label().to_owned(),
        _ => values::lines(field),
    };
    if line.is_empty() {
        return;
    }
    if !document.text.is_empty() {
        document.text.push('\n');
    }
    document.text.push_str(&line);
    if document.data_base64.is_empty() {
        let rich = document.text.starts_with("{\\rtf");
        let media = if rich { "application/rtf" } else { "text/plain" };
        media.clone_into(&mut document.content_type);
    }
}

fn document_id(scene: &Scene, field: Piece<'_>) -> Vec<Identifier> {
    datatypes::entity(field, &scene.sender, "").into_iter().collect()
}

/// Which document a message brings, and which one it takes the place of: `TXA-12`, and of a
/// replacement (T09, T10) the parent's `TXA-13`.
pub(super) fn edition(scene: &Scene, txa: &Segment<'_>) -> (Vec<Identifier>, Vec<Identifier>) {
    let replaces = matches!(scene.message.trigger.as_str(), "T09" | "T10");
    let parent = if replaces { document_id(scene, txa.field(13)) } else { Vec::new() };
    (document_id(scene, txa.field(12)), parent)
}

/// Table 0270, with LOINC where the type has a plain counterpart.
fn type_(field: Piece<'_>) -> Concept {
    let mut concept = datatypes::concept_in(field, codes::DOCUMENT_TYPE).unwrap_or_default();
    if let Some((words, loinc)) = codes::document(&field.component(1).text()) {
        if concept.text.is_none() {
            concept.text = Some(words.to_owned());
        }
        if !loinc.is_empty() {
            let coding = Coding {
                system: system::LOINC.to_owned(),
                code: loinc.to_owned(),
                display: Some(words.to_owned()),
            };
            concept.codings.insert(0, coding);
        }
    }
    concept
}

/// T11 cancels; TXA-19 (table 0273) may say that the document is obsolete or cancelled.
fn status(scene: &Scene, txa: &Segment<'_>) -> &'static str {
    match (&*txa.field(19).text(), scene.message.trigger.as_str()) {
        (_, "T11") | ("CA", _) => "entered-in-error",
        ("OB", _) => "superseded",
        _ => "current",
    }
}

/// Originator, assigned authenticator, primary activity provider; each once.
fn authors(txa: &Segment<'_>) -> Vec<Reference> {
    let mut people: Vec<Reference> = Vec::new();
    for n in [9, 5, 10] {
        for person in txa.field(n).repetitions().filter_map(datatypes::person) {
            if !people.contains(&person) {
                people.push(person);
            }
        }
    }
    people
}
