//! `Patient/$match` (FHIR R4, operation Patient-match): a program says what it knows of somebody, and is
//! told who they are here, or may be. Nothing is written, but on the trail.

use super::{Caller, No, Shown, Told, entry, one};
use crate::Doors;
use crate::ask::Ask;
use almoner_core::clinical;
use almoner_core::fault::Outcome;
use almoner_core::ids::PatientId;
use almoner_formats::fhir::write::{self, Entry, Link, Rank};
use almoner_formats::fhir::{self, FHIR_ID, Json};
use almoner_frame::Resource;
use almoner_frame::fhir::{Grade, Likely, WhoIs};
use almoner_store::Reader;
use hyper::StatusCode;
use std::collections::BTreeSet;

/// So many are told where nobody says how many.
const COUNT: usize = 20;

/// What is asked.
struct Question {
    patient: clinical::Patient,
    only_certain: bool,
    count: usize,
}

impl Doors {
    pub(super) fn matched(&self, caller: &Caller, ask: &Ask, base: &str) -> Told<Shown> {
        let resources = self.resources(caller, "Patient")?;
        let who_is =
            self.house.areas.iter().find_map(|area| area.who_is).ok_or_else(No::not_found)?;
        let question = question(ask)?;
        let told = self.desk.read(|reader| {
            let found = match who_is(reader, &question.patient)? {
                WhoIs::TooLittle => return Ok(None),
                WhoIs::Found(found) => found,
            };
            let wanted = |it: &Likely| !question.only_certain || it.grade == Grade::Certain;
            let found: Vec<Likely> =
                found.into_iter().filter(wanted).take(question.count).collect();
            let entries = entries(reader, &resources, base, &found)?;
            reader.take_opened(); // those who are compared and not shown are not noted
            Ok(Some((entries, found)))
        })?;
        let (entries, found) = told.ok_or_else(too_little)?;
        let links = [Link { relation: "self", url: format!("{base}/Patient/$match") }];
        let patients: BTreeSet<PatientId> = found.iter().map(|it| it.patient).collect();
        let json = write::bundle(&links, Some(entries.len() as u64), entries);
        Ok(Shown { json: json.to_string(), patients, version: None })
    }
}

fn too_little() -> No {
    let words = "Too little is told of the person to say who they are. Send name and birth date, and an \
                 address, telephone, mail address or number besides; a social security number is not enough.";
    No(StatusCode::UNPROCESSABLE_ENTITY, "required", words.into())
}

fn entries(
    reader: &Reader<'_>,
    resources: &[&'static Resource],
    base: &str,
    found: &[Likely],
) -> Outcome<Vec<Entry>> {
    let mut entries = Vec::new();
    for it in found {
        let Some((json, _)) = one(reader, resources, it.patient.0)? else { continue };
        let grade = match it.grade {
            Grade::Certain => "certain",
            Grade::Probable => "probable",
            Grade::Possible => "possible",
        };
        let rank = Rank { score: format!("{:.3}", it.score), grade };
        entries.push(Entry { rank: Some(rank), ..entry(base, json, "match") });
    }
    Ok(entries)
}

/// Reads the question: `Parameters` with `resource`, `onlyCertainMatches` and `count`; or the Patient
/// alone, the others in the address.
fn question(ask: &Ask) -> Told<Question> {
    let json = std::str::from_utf8(&ask.body).ok().and_then(|text| Json::parse(text).ok());
    let json = json.ok_or_else(|| No::invalid("Send a Parameters resource as JSON."))?;
    let queries = ask.queries();
    let asked = |name: &str| queries.iter().find(|(key, _)| key == name).map(|(_, it)| it.clone());
    let (resource, only, count) = match json.text("resourceType") {
        "Patient" => (Some(&json), asked("onlyCertainMatches"), asked("count")),
        "Parameters" => {
            let part = |name: &str| {
                json.get("parameter").items().iter().find(|part| part.text("name") == name)
            };
            let value = |name: &str, key: &str| Some(part(name)?.get(key).to_string());
            (
                part("resource").map(|part| part.get("resource")),
                value("onlyCertainMatches", "valueBoolean"),
                value("count", "valueInteger"),
            )
        }
        _ => return Err(No::invalid("Send a Parameters resource with the Patient in it.")),
    };
    let patient = resource.filter(|it| it.text("resourceType") == "Patient");
    let export = patient.and_then(|it| fhir::read(&it.to_string()).ok());
    let person = export.and_then(|it| it.people.into_iter().next());
    let mut patient = person.ok_or_else(|| No::invalid("resource: Send a Patient."))?.patient;
    // The asker's own id of the resource means nobody here.
    patient.identifiers.retain(|id| id.system != FHIR_ID);
    let only_certain = match only.as_deref() {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return Err(No::invalid("onlyCertainMatches: Write true or false.")),
    };
    let count = match count.as_deref().map(str::parse::<usize>) {
        None => COUNT,
        Some(Ok(count)) if count > 0 => count,
        Some(_) => return Err(No::invalid("count: Write a number from 1 on.")),
    };
    Ok(Question { patient, only_certain, count })
}
