//! The visit or stay: `PV1` and `PV2` as an encounter, `DG1` as its diagnoses, `PR1` as what was
//! done (HL7 v2.5.1 chapters 3 and 6).

use super::scene::{Scene, in_words};
use super::segment::{Piece, Segment};
use super::{codes, datatypes, times};
use almoner_core::clinical::{
    Concept, Condition, Content, Encounter, EncounterDiagnosis, Identifier, Period, Procedure,
    Reference, When,
};
use almoner_core::export::{Problem, Severity, Statement};

/// Events of a visit itself; other messages name a visit only as the place of what they carry.
const MOVES: [&str; 31] = [
    "A01", "A02", "A03", "A04", "A05", "A06", "A07", "A08", "A09", "A10", "A11", "A12", "A13",
    "A14", "A15", "A16", "A17", "A21", "A22", "A25", "A26", "A27", "A32", "A33", "A38", "A52",
    "A53", "A54", "A55", "A61", "A62",
];

/// Reads `PV1`. `None` when it says nothing of a visit.
pub(super) fn encounter(
    scene: &Scene,
    pv1: &Segment<'_>,
    pv2: Option<&Segment<'_>>,
    account: Option<&Identifier>,
    problems: &mut Vec<Problem>,
) -> Option<Statement> {
    let mut identifiers = visit_numbers(scene, pv1, account);
    let status = status(scene, pv1);
    let period = period(scene, pv1, pv2, status);
    let moves = scene.message.code == "ADT" && scene.is(&MOVES);
    let located = !pv1.field(2).is_blank() || !pv1.field(3).is_blank();
    let told_apart = identifiers.iter().any(|id| id.kind != "AN") || period != Period::default();
    // A message about the person, or about what is to come, that names no visit tells of none.
    let of_visit = !matches!(scene.message.code.as_str(), "ADT" | "SIU" | "SRM");
    let tells = told_apart || moves || of_visit && located;
    if !tells {
        return None;
    }
    if identifiers.is_empty() && period == Period::default() {
        // A visit without number and time stands alone, known by its message.
        let message = Identifier {
            system: scene.sender.clone(),
            value: scene.message.control_id.clone(),
            kind: "message".to_owned(),
        };
        identifiers.push(message);
        identifiers.retain(|id| !id.value.is_empty());
    }
    let encounter = Encounter {
        class: class(scene, pv1, problems).to_owned(),
        status: status.to_owned(),
        type_: types(pv1),
        period,
        reason: pv2.and_then(|pv2| reason(pv2)).into_iter().collect(),
        admit_source: datatypes::concept_in(pv1.field(14), codes::ADMIT_SOURCE),
        discharge_disposition: disposition(pv1.field(36)),
        location: datatypes::location(pv1.field(3)),
        service_provider: house(scene, pv1),
        participants: participants(pv1),
        identifiers: identifiers.clone(),
        ..Encounter::default()
    };
    let mut statement = scene.statement(pv1, Content::Encounter(encounter));
    statement.identifiers = identifiers;
    Some(statement)
}

/// Reads `DG1` as a diagnosis of the visit and as a condition.
pub(super) fn diagnosis(
    scene: &Scene,
    dg1: &Segment<'_>,
    visit: Option<&Statement>,
) -> Option<(EncounterDiagnosis, Statement)> {
    let method = codes::system(&dg1.field(2).component(1).text(), "");
    let mut code = datatypes::concept_in(dg1.field(3), &method).unwrap_or_default();
    let words = dg1.field(4).string();
    if code.text.is_none() && !words.is_empty() {
        code.text = Some(words);
    }
    if code.is_empty() {
        return None;
    }
    let (role, mut category) = match &*dg1.field(6).component(1).text() {
        "A" => ("AD", "admission-diagnosis"),
        "F" => ("DD", "discharge-diagnosis"),
        _ => ("", "encounter-diagnosis"),
    };
    let stays =
        |visit: &Statement| matches!(&visit.content, Content::Encounter(e) if e.class == "AMB");
    if visit.is_some_and(stays) {
        category = "encounter-diagnosis";
    }
    let deleted = dg1.field(21).text() == "D";
    let working = dg1.field(6).text() == "W";
    let verification = if deleted {
        "entered-in-error"
    } else if working {
        "provisional"
    } else {
        ""
    };
    let condition = Condition {
        code: code.clone(),
        category: category.to_owned(),
        verification_status: verification.to_owned(),
        recorded: times::when(&dg1.field(5).component(1).text()),
        encounter: visit.map(reference),
        ..Condition::default()
    };
    let mut statement = scene.statement(dg1, Content::Condition(condition));
    statement.identifiers.extend(datatypes::entity(dg1.field(20), &scene.sender, ""));
    let diagnosis = EncounterDiagnosis { code, role: role.to_owned() };
    Some((diagnosis, statement))
}

/// What `PR1` is about, in words.
pub(super) fn procedure_words(pr1: &Segment<'_>) -> Option<String> {
    let code = datatypes::concept(pr1.field(3)).map(|code| code.label().to_owned());
    code.or_else(|| Some(pr1.field(4).string()))
}

/// Reads `PR1`.
pub(super) fn procedure(
    scene: &Scene,
    pr1: &Segment<'_>,
    visit: Option<&Statement>,
) -> Option<Statement> {
    // PR1-2 names the coding method, where PR1-3 does not.
    let method = codes::system(&pr1.field(2).component(1).text(), "");
    let method = if method.contains(':') { method.as_str() } else { "" };
    let mut code = datatypes::concept_in(pr1.field(3), method).unwrap_or_default();
    let words = pr1.field(4).string();
    if code.text.is_none() && !words.is_empty() {
        code.text = Some(words);
    }
    if code.is_empty() {
        return None;
    }
    let procedure = Procedure {
        code,
        status: "completed".to_owned(),
        performed: Period { start: times::when(&pr1.field(5).component(1).text()), end: None },
        performer: datatypes::person(pr1.field(11)),
        encounter: visit.map(reference),
        ..Procedure::default()
    };
    Some(scene.statement(pr1, Content::Procedure(procedure)))
}

/// A reference to a statement of the same message.
pub(super) fn reference(statement: &Statement) -> Reference {
    Reference { key: statement.key.clone(), display: String::new() }
}

/// The visit's numbers, the steadiest first: PV1-19, or the account number where there is none (a
/// series account may outlive a visit); then PV1-50.
fn visit_numbers(
    scene: &Scene,
    pv1: &Segment<'_>,
    account: Option<&Identifier>,
) -> Vec<Identifier> {
    let number = |n: usize, kind: &str| {
        datatypes::identifier(pv1.field(n), &scene.sender).map(|mut id| {
            if id.kind.is_empty() {
                kind.clone_into(&mut id.kind);
            }
            id
        })
    };
    let first = number(19, "VN").or_else(|| account.cloned());
    first.into_iter().chain(number(50, "VN")).collect()
}

/// What the event makes of the visit (specification of ADT events); a discharge may also come
/// with an update, as a time (PV1-45) or a disposition (PV1-36).
fn status(scene: &Scene, pv1: &Segment<'_>) -> &'static str {
    let discharged = discharge_time(pv1).is_some();
    let adt = scene.message.code == "ADT";
    match scene.message.trigger.as_str() {
        "A11" | "A38" | "A27" if adt => "cancelled",
        "A13" if adt => "in-progress",
        "A03" if adt => "finished",
        _ if discharged => "finished",
        "A08" if adt && !pv1.field(36).is_blank() => "finished",
        "A05" | "A14" if adt => "planned",
        "A21" | "A53" if adt => "onleave",
        "A01" | "A02" | "A04" | "A06" | "A07" | "A09" | "A10" | "A12" | "A15" | "A16" | "A17"
        | "A22" | "A25" | "A26" | "A32" | "A33" | "A52"
            if adt =>
        {
            "in-progress"
        }
        _ => "unknown",
    }
}

fn discharge_time(pv1: &Segment<'_>) -> Option<When> {
    times::when(&pv1.field(45).component(1).text())
}

/// Admission and discharge. Where the event is the fact itself and the field is empty, the
/// event's time stands for it.
fn period(scene: &Scene, pv1: &Segment<'_>, pv2: Option<&Segment<'_>>, status: &str) -> Period {
    let event = || scene.occurred.clone().or_else(|| scene.message.at.clone());
    let expected = |n| pv2.and_then(|pv2| times::when(&pv2.field(n).component(1).text()));
    let mut start = times::when(&pv1.field(44).component(1).text());
    let adt = scene.message.code == "ADT";
    if start.is_none() && adt {
        start = match status {
            "planned" => expected(8),
            "in-progress" if scene.is(&["A01", "A04"]) => event(),
            _ => None,
        };
    }
    let end = match status {
        "finished" => discharge_time(pv1).or_else(|| adt.then(event).flatten()),
        "cancelled" => discharge_time(pv1),
        _ => None,
    };
    Period { start, end }
}

fn class(scene: &Scene, pv1: &Segment<'_>, problems: &mut Vec<Problem>) -> &'static str {
    let class = codes::class(&pv1.field(2).component(1).text());
    let observed = |n: usize| codes::is_observation(pv1.field(n).raw());
    if class == "IMP" && (observed(18) || observed(10)) {
        return "OBSENC";
    }
    if class.is_empty() {
        problems.push(scene.problem(
            Severity::Info,
            pv1,
            2,
            "class_unknown",
            "The visit does not say in known words whether it is a stay, an emergency or an \
             outpatient visit.",
        ));
    }
    class
}

fn types(pv1: &Segment<'_>) -> Vec<Concept> {
    let mut admission = datatypes::concept_in(pv1.field(4), codes::ADMISSION_TYPE);
    if let Some(Concept { text: text @ None, codings }) = &mut admission {
        let code = codings.first().map_or("", |coding| coding.code.as_str());
        *text = Some(codes::admission_type(code).to_owned()).filter(|words| !words.is_empty());
    }
    admission.into_iter().chain(datatypes::concept(pv1.field(10))).collect()
}

/// PV2-3 (admit reason), else PV2-12 (description).
fn reason(pv2: &Segment<'_>) -> Option<Concept> {
    datatypes::concept(pv2.field(3))
        .or_else(|| in_words(pv2.field(12).string()).map(|words| Concept::text(words.display)))
}

/// PV1-36: two-digit codes are of table 0112; words stay words.
fn disposition(field: Piece<'_>) -> Option<Concept> {
    let code = field.component(1).string();
    if code.bytes().all(|byte| byte.is_ascii_digit()) && (1..=2).contains(&code.len()) {
        let code = format!("{code:0>2}");
        let said = field.component(2).text();
        let display = if said.is_empty() { codes::disposition(&code) } else { &said };
        return Some(Concept::coded(codes::DISPOSITION, &code, display));
    }
    if field.component(2).is_blank() {
        return in_words(code).map(|words| Concept::text(words.display));
    }
    datatypes::concept_in(field, codes::DISPOSITION)
}

/// The house, in words: EVN-7, else PV1-39, else PV1-3.4, else MSH-4.
fn house(scene: &Scene, pv1: &Segment<'_>) -> Option<Reference> {
    let named = [pv1.field(39).component(1).string(), pv1.field(3).component(4).sub(1).string()];
    let event_house = scene.facility != scene.message.sending_facility;
    let words = if event_house { None } else { named.into_iter().find(|name| !name.is_empty()) };
    in_words(words.unwrap_or_else(|| scene.facility.clone()))
}

/// Attending, referring, consulting and admitting physicians.
fn participants(pv1: &Segment<'_>) -> Vec<Reference> {
    let mut people: Vec<Reference> = Vec::new();
    for n in [7, 8, 9, 17] {
        for person in pv1.field(n).repetitions().filter_map(datatypes::person) {
            if !people.contains(&person) {
                people.push(person);
            }
        }
    }
    people
}
