//! Who works at a house: the staff of a master file (`MFN^M02`), `STF` and `PRA` (HL7 v2.5.1 chapters
//! 8 and 15).

use super::lines::RawMessage;
use super::scene::Scene;
use super::segment::Segment;
use super::{datatypes, times};
use almoner_core::clinical::{Content, Identifier, Practitioner, system};
use almoner_core::export::{Problem, Severity, Statement};

/// The people of a master file: one for each `STF`, with the `PRA` after it. Those that the sender
/// takes off its list (`MFE-1` of `MDL` or `MDC`) are said and not taken.
pub(super) fn read(
    raw: &RawMessage<'_>,
    scene: &Scene,
    problems: &mut Vec<Problem>,
) -> Vec<Statement> {
    let mut people: Vec<Statement> = Vec::new();
    let mut withdrawn = false;
    for segment in raw.segments() {
        match &segment.id {
            b"MFE" => {
                let event = segment.field(1).text();
                withdrawn = matches!(&*event, "MDL" | "MDC");
                if withdrawn {
                    problems.push(scene.problem(
                        Severity::Info,
                        &segment,
                        1,
                        "staff_entry_withdrawn",
                        "The sender takes somebody off its list of staff; nothing was changed here.",
                    ));
                }
            }
            b"STF" if !withdrawn => people.extend(person(scene, &segment)),
            b"PRA" if !withdrawn => {
                if let Some(Statement {
                    content: Content::Practitioner(last), identifiers, ..
                }) = people.last_mut()
                {
                    practice(scene, &segment, last);
                    identifiers.clone_from(&last.identifiers);
                }
            }
            _ => {}
        }
    }
    people
}

/// Reads `STF`; `None` for an entry without a name or one that is no longer active (STF-7).
fn person(scene: &Scene, stf: &Segment<'_>) -> Option<Statement> {
    let names = datatypes::names(stf.field(3));
    let inactive = stf.field(7).text().eq_ignore_ascii_case("I");
    let left = times::when(&stf.field(13).component(1).text()).is_some();
    if names.is_empty() || inactive || left {
        return None;
    }
    let ids = stf.field(2).repetitions();
    let mut identifiers: Vec<Identifier> =
        ids.filter_map(|id| datatypes::identifier(id, &scene.sender)).collect();
    if identifiers.is_empty() {
        identifiers.extend(datatypes::identifier(stf.field(1), &scene.sender));
    }
    let mut telecoms: Vec<_> =
        stf.field(10).repetitions().flat_map(|piece| datatypes::telecom(piece, "work")).collect();
    let mails = stf.field(15).repetitions().flat_map(|piece| datatypes::telecom(piece, "work"));
    telecoms.extend(mails);
    let person = Practitioner {
        identifiers: identifiers.clone(),
        names,
        telecoms,
        addresses: stf.field(11).repetitions().filter_map(datatypes::address).collect(),
        specialty: None,
    };
    let mut statement = scene.statement(stf, Content::Practitioner(person));
    statement.identifiers = identifiers;
    Some(statement)
}

/// Adds what `PRA` says: the specialty (PRA-5), and numbers such as the NPI (PRA-6, `PLN`).
fn practice(scene: &Scene, pra: &Segment<'_>, person: &mut Practitioner) {
    let specialty = pra.field(5).component(1).string();
    if !specialty.is_empty() {
        person.specialty = Some(almoner_core::clinical::Concept::text(specialty));
    }
    for number in pra.field(6).repetitions() {
        let (value, kind) = (number.component(1).string(), number.component(2).string());
        if value.is_empty() {
            continue;
        }
        let national = kind == "NPI" || kind.is_empty() && datatypes::is_npi(&value);
        let system = if national { system::US_NPI.to_owned() } else { scene.sender.clone() };
        let kind = if national { "NPI".to_owned() } else { kind };
        let id = Identifier { system, value, kind };
        if !person.identifiers.contains(&id) {
            person.identifiers.insert(0, id);
        }
    }
}
