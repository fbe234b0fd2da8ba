//! What is agreed and planned for a patient: authorizations (`AUT`), problems (`PRB`) and goals
//! (`GOL`), and what was charged as proof that it was done (`FT1`) (HL7 v2.5.1 chapters 6, 11, 12).

use super::scene::Scene;
use super::segment::{Piece, Segment};
use super::visit::reference;
use super::{codes, datatypes, times};
use almoner_core::clinical::{
    Concept, Condition, Content, FactKind, Medication, MedicationUse, Other, Period, Procedure,
    Quantity, When, system,
};
use almoner_core::export::Statement;

/// Reads `AUT` as what a payer agreed to: its number, how many, from when to when.
pub(super) fn authorization(scene: &Scene, aut: &Segment<'_>) -> Option<Statement> {
    let identifiers: Vec<_> =
        datatypes::entity(aut.field(6), &scene.sender, "AUTH").into_iter().collect();
    let payer = [aut.field(3).component(1).string(), words(aut.field(1))];
    let payer = payer.into_iter().find(|name| !name.is_empty());
    let count = |n: usize, what: &str| {
        let number = aut.field(n).component(1).string();
        (!number.is_empty()).then(|| format!("{what} {number}"))
    };
    let notes = [payer, count(8, "requested"), count(9, "authorized")];
    let note = notes.into_iter().flatten().collect::<Vec<_>>().join("; ");
    let period = Period { start: when(aut, 4), end: when(aut, 5) };
    if identifiers.is_empty() && note.is_empty() && period == Period::default() {
        return None;
    }
    let cancelled = scene.is(&["I11"]);
    let other = Other {
        kind: FactKind::Resource,
        resource_type: "ClaimResponse".to_owned(),
        code: Concept::text("Prior authorization"),
        status: if cancelled { "cancelled" } else { "active" }.to_owned(),
        period,
        identifiers: identifiers.clone(),
        note,
    };
    let mut statement = scene.statement(aut, Content::Other(other));
    statement.identifiers = identifiers;
    Some(statement)
}

/// Adds to authorizations what they are for, in words.
pub(super) fn asked_for(statements: &mut [Statement], services: &[String]) {
    for statement in statements {
        if let Content::Other(other) = &mut statement.content
            && other.resource_type == "ClaimResponse"
        {
            let words = std::iter::once(std::mem::take(&mut other.note));
            let words = words.chain(services.iter().cloned()).filter(|words| !words.is_empty());
            other.note = words.collect::<Vec<_>>().join("; ");
        }
    }
}

/// Reads `PRB` as an entry of the problem list.
pub(super) fn problem(scene: &Scene, prb: &Segment<'_>) -> Option<Statement> {
    let code = datatypes::concept(prb.field(3))?;
    let deleted = prb.field(1).text() == "DE";
    let life = words(prb.field(14)).to_lowercase();
    let ended = when(prb, 9);
    let clinical = match life.as_str() {
        "a" | "active" => "active",
        "i" | "inactive" => "inactive",
        "r" | "resolved" => "resolved",
        _ if ended.is_some() => "resolved",
        _ => "",
    };
    let condition = Condition {
        code,
        clinical_status: clinical.to_owned(),
        verification_status: if deleted { "entered-in-error" } else { "" }.to_owned(),
        category: "problem-list-item".to_owned(),
        onset: when(prb, 16).or_else(|| when(prb, 7)),
        abatement: ended,
        recorded: when(prb, 2),
        ..Condition::default()
    };
    let mut statement = scene.statement(prb, Content::Condition(condition));
    statement.identifiers.extend(datatypes::entity(prb.field(4), &scene.sender, ""));
    Some(statement)
}

/// Reads `GOL`.
pub(super) fn goal(scene: &Scene, gol: &Segment<'_>) -> Option<Statement> {
    let code = datatypes::concept(gol.field(3))?;
    let identifiers: Vec<_> =
        datatypes::entity(gol.field(4), &scene.sender, "").into_iter().collect();
    let deleted = gol.field(1).text() == "DE";
    let other = Other {
        kind: FactKind::Goal,
        resource_type: "Goal".to_owned(),
        code,
        status: if deleted { "entered-in-error" } else { "active" }.to_owned(),
        period: Period { start: when(gol, 7), end: when(gol, 8) },
        identifiers: identifiers.clone(),
        note: words(gol.field(18)),
    };
    let mut statement = scene.statement(gol, Content::Other(other));
    statement.identifiers = identifiers;
    Some(statement)
}

/// Reads `PTH`: a clinical pathway that the patient is on.
pub(super) fn pathway(scene: &Scene, pth: &Segment<'_>) -> Option<Statement> {
    let code = datatypes::concept(pth.field(2))?;
    let identifiers: Vec<_> =
        datatypes::entity(pth.field(3), &scene.sender, "").into_iter().collect();
    let deleted = pth.field(1).text() == "DE";
    let other = Other {
        kind: FactKind::CarePlan,
        resource_type: "CarePlan".to_owned(),
        code,
        status: if deleted { "entered-in-error" } else { "active" }.to_owned(),
        period: Period { start: when(pth, 4), end: None },
        identifiers: identifiers.clone(),
        note: words(pth.field(5)),
    };
    let mut statement = scene.statement(pth, Content::Other(other));
    statement.identifiers = identifiers;
    Some(statement)
}

/// Reads `FT1`: the procedure charged and the diagnoses it was charged for. Amounts and credits
/// are left aside.
pub(super) fn charge(
    scene: &Scene,
    ft1: &Segment<'_>,
    visit: Option<&Statement>,
) -> Vec<Statement> {
    if ft1.field(6).component(1).text() == "CR" {
        return Vec::new();
    }
    let coded = datatypes::concept(ft1.field(25));
    let billed = || datatypes::concept(ft1.field(7)).filter(is_procedure);
    let done = coded.or_else(billed).map(|code| {
        let procedure = Procedure {
            code,
            status: "completed".to_owned(),
            performed: Period { start: when(ft1, 4), end: None },
            performer: ft1.field(20).repetitions().find_map(datatypes::person),
            encounter: visit.map(reference),
            ..Procedure::default()
        };
        scene.statement(ft1, Content::Procedure(procedure))
    });
    let diagnoses = ft1.field(19).repetitions().enumerate().filter_map(|(at, piece)| {
        let condition = Condition {
            code: datatypes::concept(piece)?,
            category: "encounter-diagnosis".to_owned(),
            recorded: when(ft1, 4),
            encounter: visit.map(reference),
            ..Condition::default()
        };
        let mut statement = scene.statement(ft1, Content::Condition(condition));
        statement.key = format!("{} diagnosis {}", statement.key, at + 1);
        Some(statement)
    });
    done.into_iter().chain(diagnoses).collect()
}

/// Reads `RXA` outside of vaccination messages: a dose that was given.
pub(super) fn dose_given(
    scene: &Scene,
    rxa: &Segment<'_>,
    visit: Option<&Statement>,
) -> Option<Statement> {
    let code = datatypes::concept(rxa.field(5))?;
    let amount = rxa.field(6).component(1).string();
    let refused = matches!(&*rxa.field(20).text(), "RE" | "NA");
    let given = !amount.is_empty() && amount != "999";
    let medication = Medication {
        use_: MedicationUse::Administered,
        status: if refused { "cancelled" } else { "completed" }.to_owned(),
        dose: given.then(|| Quantity {
            value: amount,
            unit: rxa.field(7).component(1).string(),
            comparator: String::new(),
        }),
        period: Period { start: when(rxa, 3), end: when(rxa, 4) },
        encounter: visit.map(reference),
        code,
        ..Medication::default()
    };
    Some(scene.statement(rxa, Content::Medication(medication)))
}

/// Whether a billing code is that of a procedure.
fn is_procedure(code: &Concept) -> bool {
    let hcpcs = codes::system("HCPCS", "");
    code.codings.iter().any(|c| c.system == system::CPT || c.system == hcpcs)
}

fn when(segment: &Segment<'_>, n: usize) -> Option<When> {
    times::when(&segment.field(n).component(1).text())
}

/// Words of a field that may be coded or plain.
fn words(field: Piece<'_>) -> String {
    let coded = field.component(2).string();
    if coded.is_empty() { field.component(1).string() } else { coded }
}
