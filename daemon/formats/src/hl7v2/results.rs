//! Results: an `OBR` panel with its `OBX` lines and `NTE` notes (HL7 v2.5.1 chapter 7).

use super::scene::Scene;
use super::segment::{Piece, Segment};
use super::values;
use super::visit::reference;
use super::{codes, datatypes, documents, times};
use almoner_core::clinical::{
    Concept, Content, Document, Identifier, Observation, Period, Value, When, system,
};
use almoner_core::export::{Problem, Severity, Statement};

/// The panel that the next `OBX` lines belong to.
#[derive(Default)]
pub(super) struct Panel {
    /// Its segment; `None` before the first `OBR`.
    place: Option<String>,
    code: Option<Concept>,
    filler: Option<Identifier>,
    category: &'static str,
    status: &'static str,
    observed: Period,
    reported: Option<When>,
    /// Notes that stand before the first result.
    notes: String,
    /// Raw code of the last line of text, to which further lines of the same code are added.
    open_text: Option<String>,
}

impl Panel {
    /// Reads `OBR`.
    pub(super) fn of(scene: &Scene, obr: &Segment<'_>) -> Self {
        let time = |n: usize| times::when(&obr.field(n).component(1).text());
        let filler = datatypes::entity(obr.field(3), &scene.sender, "FILL")
            .or_else(|| datatypes::entity(obr.field(2), &scene.sender, "PLAC"));
        Self {
            place: Some(scene.place(obr)),
            code: datatypes::concept(obr.field(4)),
            filler,
            category: codes::section(&obr.field(24).text()),
            status: codes::result_status(&obr.field(25).component(1).text()),
            observed: Period { start: time(7), end: time(8) },
            reported: time(22),
            ..Self::default()
        }
    }

    /// The notes of a panel that has no result: they are all that the laboratory says.
    pub(super) fn finish(&mut self, scene: &Scene, visit: Option<&Statement>) -> Option<Statement> {
        let note = std::mem::take(&mut self.notes);
        let place = self.place.take()?;
        if note.is_empty() || scene.message.code != "ORU" {
            return None;
        }
        let observation = Observation {
            code: self.code.clone()?,
            category: self.category.to_owned(),
            status: self.status.to_owned(),
            effective: self.observed.clone(),
            issued: self.reported.clone(),
            encounter: visit.map(reference),
            note,
            ..Observation::default()
        };
        let mut statement = scene.statement_at(place, Content::Observation(observation));
        statement.identifiers.extend(self.filler.clone());
        Some(statement)
    }

    /// What to call a result's panel in words.
    fn label(&self) -> &str {
        self.code.as_ref().map(Concept::label).unwrap_or_default()
    }
}

/// Adds what `OBX` says: a result, a further line of the last one, or a document.
pub(super) fn result(
    scene: &Scene,
    obx: &Segment<'_>,
    panel: &mut Panel,
    visit: Option<&Statement>,
    statements: &mut Vec<Statement>,
    problems: &mut Vec<Problem>,
) {
    let type_ = obx.field(2).text();
    if matches!(&*type_, "ED" | "RP") {
        panel.open_text = None;
        if statements.last_mut().is_some_and(|last| documents::go_on(last, obx)) {
            return;
        }
        let attachment = attachment(scene, obx, panel, visit, statements);
        statements.extend(attachment);
        return;
    }
    let textual = matches!(&*type_, "TX" | "FT");
    let raw_code = obx.field(3).raw();
    if textual && panel.open_text.as_deref() == Some(raw_code) && add_line(statements, obx) {
        return;
    }
    let Some(observation) = observation(scene, obx, panel, visit, problems) else { return };
    panel.open_text = textual.then(|| raw_code.to_owned());
    let mut statement = scene.statement(obx, Content::Observation(observation));
    statement.identifiers.extend(own_id(obx, panel, statements));
    panel.label().clone_into(&mut statement.section);
    statement.author = datatypes::person(obx.field(16)).map(|p| p.display).unwrap_or_default();
    statements.push(statement);
}

/// Adds a note: to the last result of the panel, or to the panel when none came yet.
pub(super) fn note(words: &str, panel: &mut Panel, last: Option<&mut Statement>, observed: bool) {
    match last.filter(|_| observed) {
        Some(statement) if matches!(statement.content, Content::Observation(_)) => {
            remark(statement, words);
        }
        _ => append(&mut panel.notes, words),
    }
}

/// Adds words to what a statement says: to its note where its kind has one.
pub(super) fn remark(statement: &mut Statement, words: &str) {
    append(
        match &mut statement.content {
            Content::Observation(observation) => &mut observation.note,
            Content::Condition(condition) => &mut condition.note,
            Content::Procedure(procedure) => &mut procedure.note,
            Content::Other(other) => &mut other.note,
            _ => &mut statement.narrative,
        },
        words,
    );
}

fn append(to: &mut String, words: &str) {
    if !to.is_empty() {
        to.push('\n');
    }
    to.push_str(words.trim_end());
}

fn observation(
    scene: &Scene,
    obx: &Segment<'_>,
    panel: &mut Panel,
    visit: Option<&Statement>,
    problems: &mut Vec<Problem>,
) -> Option<Observation> {
    let code = datatypes::concept(obx.field(3)).unwrap_or_default();
    let (value, more) = values::of(obx);
    if code.is_empty() && value == Value::Absent {
        return None;
    }
    let said = obx.field(11).text();
    if matches!(&*said, "Y" | "Z") {
        problems.push(scene.problem(
            Severity::Warning,
            obx,
            11,
            "no_such_order",
            "The laboratory says that there is no such order or no such patient; look at the \
             original.",
        ));
    }
    let own = codes::result_status(&said);
    let observed = times::when(&obx.field(14).component(1).text());
    Some(Observation {
        category: category(scene, &code, panel).to_owned(),
        status: if said.is_empty() { panel.status } else { own }.to_owned(),
        effective: observed.map_or_else(
            || panel.observed.clone(),
            |start| Period { start: Some(start), end: None },
        ),
        issued: panel.reported.clone(),
        components: more.into_iter().map(|value| (code.clone(), value)).collect(),
        interpretation: obx.field(8).repetitions().filter_map(flag).collect(),
        reference_range: obx.field(7).string(),
        panel: panel.code.clone(),
        encounter: visit.map(reference),
        note: std::mem::take(&mut panel.notes),
        code,
        value,
        ..Observation::default()
    })
}

/// A flag of table 0078.
fn flag(piece: Piece<'_>) -> Option<Concept> {
    datatypes::concept_in(piece, codes::INTERPRETATION)
}

fn category(scene: &Scene, code: &Concept, panel: &Panel) -> &'static str {
    if code.code_in(system::LOINC).is_some_and(codes::is_vital_sign) {
        return "vital-signs";
    }
    match scene.message.code.as_str() {
        "ORU" | "OUL" | "OPU" | "ORF" => panel.category,
        _ => "",
    }
}

/// Joins a further line of text to the last observation.
fn add_line(statements: &mut [Statement], obx: &Segment<'_>) -> bool {
    let Some(Statement { content: Content::Observation(last), .. }) = statements.last_mut() else {
        return false;
    };
    let line = values::lines(obx.field(5));
    match &mut last.value {
        Value::Text(text) => {
            text.push('\n');
            text.push_str(&line);
        }
        Value::Absent => last.value = Value::Text(line),
        _ => return false,
    }
    true
}

/// The filler's number with the code and sub-id of the line: the same result sent again bears the
/// same id. A second line that would bear it too gets a count.
fn own_id(obx: &Segment<'_>, panel: &Panel, statements: &[Statement]) -> Option<Identifier> {
    let filler = panel.filler.as_ref()?;
    let code = obx.field(3).component(1).text();
    let code = if code.is_empty() { obx.field(3).component(2).text() } else { code };
    let mut value = format!("{}#{code}", filler.value);
    let sub = obx.field(4).text();
    if !sub.is_empty() && !matches!(&*obx.field(2).text(), "TX" | "FT") {
        value = format!("{value}#{sub}");
    }
    let same = |statement: &&Statement| {
        statement.identifiers.iter().any(|id| {
            id.value
                .strip_prefix(&value)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('@'))
        })
    };
    let before = statements.iter().rev().take(200).filter(same).count();
    if before > 0 {
        value = format!("{value}@{}", before + 1);
    }
    Some(Identifier { system: filler.system.clone(), value, kind: filler.kind.clone() })
}

/// `ED` (bytes within the message) and `RP` (a pointer, recorded and never followed).
fn attachment(
    scene: &Scene,
    obx: &Segment<'_>,
    panel: &Panel,
    visit: Option<&Statement>,
    before: &[Statement],
) -> Option<Statement> {
    let type_ = datatypes::concept(obx.field(3)).or_else(|| panel.code.clone()).unwrap_or_default();
    let mut document = Document {
        title: type_.label().to_owned(),
        type_,
        category: category(scene, &Concept::default(), panel).to_owned(),
        status: "current".to_owned(),
        date: times::when(&obx.field(14).component(1).text())
            .or_else(|| panel.observed.start.clone()),
        encounter: visit.map(reference),
        ..Document::default()
    };
    values::fill(&mut document, obx)?;
    let mut statement = scene.statement(obx, Content::Document(document));
    statement.identifiers.extend(own_id(obx, panel, before));
    Some(statement)
}
