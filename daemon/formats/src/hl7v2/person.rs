//! Who the message is about: `PID`, `PD1` and `MRG` as a patient, `NK1` as the patient's people
//! (HL7 v2.5.1 chapter 3).

use super::scene::{Scene, in_words};
use super::segment::{Piece, Segment};
use super::{codes, datatypes, times};
use almoner_core::clinical::{
    Coding, Communication, Concept, Content, Identifier, Patient, Period, RelatedPerson, When,
    system,
};
use almoner_core::export::{Problem, Severity, Statement};

/// Reads `PID`.
pub(super) fn patient(scene: &Scene, pid: &Segment<'_>, problems: &mut Vec<Problem>) -> Patient {
    let death = times::when(&pid.field(29).component(1).text());
    let mut names = datatypes::names(pid.field(5));
    names.extend(pid.field(9).repetitions().filter_map(datatypes::name).map(|mut alias| {
        if alias.use_.is_empty() {
            "nickname".clone_into(&mut alias.use_);
        }
        alias
    }));
    Patient {
        identifiers: identifiers(scene, pid),
        names,
        birth_date: birth_date(scene, pid, problems),
        gender: codes::gender(&pid.field(8).component(1).text()).to_owned(),
        telecoms: telecoms(pid),
        addresses: pid.field(11).repetitions().filter_map(datatypes::address).collect(),
        deceased: death.is_some() || is_yes(pid.field(30)),
        deceased_at: death,
        marital_status: marital_status(pid.field(16)),
        race: pid.field(10).repetitions().filter_map(race).collect(),
        ethnicity: pid.field(22).repetitions().filter_map(ethnicity).collect(),
        communications: communication(pid.field(15)),
        multiple_birth: is_yes(pid.field(24)),
        ..Patient::default()
    }
}

/// Adds what `PD1` says: the primary care provider.
pub(super) fn additional(pd1: &Segment<'_>, patient: &mut Patient) {
    patient.general_practitioner.extend(pd1.field(4).repetitions().filter_map(datatypes::person));
}

/// The ids that an event gives up for the patient's own (`MRG-1`, `MRG-4`).
pub(super) fn prior(scene: &Scene, mrg: &Segment<'_>) -> Vec<Identifier> {
    let given = mrg.field(1).repetitions().chain(mrg.field(4).repetitions());
    given.filter_map(|piece| datatypes::identifier(piece, &scene.sender)).collect()
}

/// Reads `NK1`.
pub(super) fn relation(scene: &Scene, nk1: &Segment<'_>) -> Option<Statement> {
    let mut person = RelatedPerson {
        identifiers: ids(scene, nk1.field(33)).collect(),
        names: datatypes::names(nk1.field(2)),
        relationship: relationship(nk1),
        addresses: nk1.field(4).repetitions().filter_map(datatypes::address).collect(),
        gender: codes::gender(&nk1.field(15).component(1).text()).to_owned(),
        birth_date: times::when(&nk1.field(16).component(1).text()).map(|when| times::day(&when)),
        period: Period {
            start: times::when(&nk1.field(8).component(1).text()),
            end: times::when(&nk1.field(9).component(1).text()),
        },
        ..RelatedPerson::default()
    };
    for (n, use_) in [(5, "home"), (6, "work"), (40, ""), (31, "")] {
        let found = nk1.field(n).repetitions().flat_map(|piece| datatypes::telecom(piece, use_));
        person.telecoms.extend(found);
    }
    if person.names.is_empty() {
        let organization = nk1.field(13).component(1).string();
        let words = in_words(organization)?;
        let name =
            almoner_core::clinical::HumanName { family: words.display, ..Default::default() };
        person.names.push(name);
    }
    let ids = person.identifiers.clone();
    let mut statement = scene.statement(nk1, Content::Relation(person));
    statement.identifiers = ids;
    Some(statement)
}

fn relationship(nk1: &Segment<'_>) -> Vec<Concept> {
    let said = datatypes::concept_in(nk1.field(3), codes::RELATIONSHIP);
    let role = datatypes::concept_in(nk1.field(7), codes::CONTACT_ROLE);
    said.into_iter().chain(role).collect()
}

fn is_yes(field: Piece<'_>) -> bool {
    field.component(1).text().eq_ignore_ascii_case("Y")
}

fn ids<'s>(scene: &'s Scene, field: Piece<'s>) -> impl Iterator<Item = Identifier> + 's {
    field.repetitions().filter_map(|piece| datatypes::identifier(piece, &scene.sender))
}

/// `PID-3`; then the ids that older versions put in `PID-2` and `PID-4`, marked as of lower
/// trust; then the account number (`PID-18`), marked `AN`.
fn identifiers(scene: &Scene, pid: &Segment<'_>) -> Vec<Identifier> {
    let mut found: Vec<Identifier> = ids(scene, pid.field(3)).collect();
    for (n, kind) in [(2, "external"), (4, "alternate")] {
        for mut id in ids(scene, pid.field(n)) {
            if found.iter().all(|known| known.value != id.value) {
                if id.kind.is_empty() {
                    kind.clone_into(&mut id.kind);
                }
                found.push(id);
            }
        }
    }
    found.extend(account(scene, pid));
    found
}

/// The account number (`PID-18`), which some houses use as visit number.
pub(super) fn account(scene: &Scene, pid: &Segment<'_>) -> Option<Identifier> {
    let mut id = datatypes::identifier(pid.field(18), &scene.sender)?;
    "AN".clone_into(&mut id.kind);
    Some(id)
}

/// `PID-7`, the day alone. A birth after the message was written is kept, and said.
fn birth_date(scene: &Scene, pid: &Segment<'_>, problems: &mut Vec<Problem>) -> Option<When> {
    let given = pid.field(7).component(1).text();
    if given.is_empty() {
        return None;
    }
    let found = times::when(&given).map(|when| times::day(&when));
    let written = scene.message.at.as_ref().and_then(When::date);
    let born = found.as_ref().and_then(When::date);
    let later = written.zip(born).is_some_and(|(at, birth)| birth > at + chrono::Days::new(1));
    let said = match (&found, later) {
        (None, _) => Some((
            "birth_date_unusable",
            "The birth date is no date; it was left out. Ask the patient or the sender for it.",
        )),
        (_, true) => Some((
            "birth_date_after_message",
            "The birth date lies after the message itself. Ask the patient or the sender.",
        )),
        _ => None,
    };
    if let Some((code, words)) = said {
        problems.push(scene.problem(Severity::Warning, pid, 7, code, words));
    }
    found
}

fn telecoms(pid: &Segment<'_>) -> Vec<almoner_core::clinical::ContactPoint> {
    let mut all = Vec::new();
    for (n, use_) in [(13, "home"), (14, "work"), (40, "")] {
        all.extend(pid.field(n).repetitions().flat_map(|piece| datatypes::telecom(piece, use_)));
    }
    all
}

/// `PID-10`: the codes of CDC Race and Ethnicity are recognised without their system's name.
fn race(piece: Piece<'_>) -> Option<Concept> {
    let mut concept = datatypes::concept(piece)?;
    for coding in &mut concept.codings {
        if is_cdc(&coding.code) {
            system::RACE.clone_into(&mut coding.system);
        }
    }
    Some(concept)
}

/// `PID-22`: table 0189 (`H`, `N`) as the codes of CDC Race and Ethnicity.
fn ethnicity(piece: Piece<'_>) -> Option<Concept> {
    let mut concept = race(piece)?;
    let known = match concept.codings.first().map(|coding| coding.code.as_str()) {
        Some("H") => Some(("2135-2", "Hispanic or Latino")),
        Some("N" | "NH") => Some(("2186-5", "Not Hispanic or Latino")),
        _ => None,
    };
    if let Some((code, display)) = known {
        concept.codings.insert(
            0,
            Coding {
                system: system::RACE.to_owned(),
                code: code.to_owned(),
                display: Some(display.to_owned()),
            },
        );
    }
    Some(concept)
}

/// Four digits, a hyphen and a digit, as CDC Race and Ethnicity writes its codes.
fn is_cdc(code: &str) -> bool {
    code.split_once('-').is_some_and(|(digits, check)| {
        digits.len() == 4
            && check.len() == 1
            && digits.bytes().chain(check.bytes()).all(|byte| byte.is_ascii_digit())
    })
}

fn marital_status(field: Piece<'_>) -> Option<Concept> {
    let given = datatypes::concept(field)?;
    let code = field.component(1).text();
    let known = codes::marital(&code);
    if known.is_empty() {
        return Some(given);
    }
    let coding =
        Coding { system: codes::MARITAL.to_owned(), code: known.to_owned(), display: None };
    Some(Concept { text: given.text, codings: vec![coding] })
}

fn communication(field: Piece<'_>) -> Vec<Communication> {
    let first = field.component(1).text();
    let language = codes::language(&first, &field.component(2).text());
    if language.is_empty() {
        return Vec::new();
    }
    vec![Communication { language, preferred: true }]
}
