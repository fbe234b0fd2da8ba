//! Visits and stays: encounter activities (template 22.4.49) and the header's encompassing
//! encounter, which in a discharge summary is the admission.
//!
//! The class decides later whether a visit opens a loop, so it is taken only from codes and words
//! that say it plainly.

use super::datatypes::{effective, identifiers};
use super::documents::header_statement;
use super::narrative;
use super::node::{
    El, at, attr, child, child_attr, children, has_template, related, says_true, text,
};
use super::source::Source;
use super::statements::{Spot, author_name};
use super::terms;
use almoner_core::clinical::{Concept, Content, Encounter, EncounterDiagnosis, Period, Reference};
use almoner_core::export::{Sense, Statement};

/// Sections that say why the patient came.
const REASONS: [&str; 3] = ["29299-5", "10154-3", "46239-0"];
/// Longer words (bytes) are a history and no reason.
const REASON_LIMIT: usize = 1_000;

/// One encounter activity. One with a date counts, even without a code.
pub(super) fn read(spot: &Spot<'_, '_>) -> Option<Statement> {
    let mut type_ = spot.source.concept_at(spot.act, "code").unwrap_or_default();
    if type_.text.is_none() {
        type_.text = Some(spot.row()).filter(|row| !row.is_empty());
    }
    let period = effective(spot.source, spot.act);
    let dated = period.start.is_some() || period.end.is_some();
    let sense = match spot.sense(&type_, !type_.codings.is_empty()) {
        Some(sense) => sense,
        None if dated && !spot.null() && !spot.negated() => Sense::Stated,
        None => return None,
    };
    let encounter = Encounter {
        identifiers: identifiers(spot.act),
        class: class(&type_).to_owned(),
        status: status(spot.act, &period, spot, class(&type_)).to_owned(),
        type_: Some(type_).filter(|concept| !concept.is_empty()).into_iter().collect(),
        period,
        reason: reasons(spot),
        diagnoses: diagnoses(spot),
        admit_source: None,
        discharge_disposition: spot.source.concept_at(spot.act, "dischargeDispositionCode"),
        location: location(spot.act),
        service_provider: None,
        participants: performers(spot.act),
        part_of: None,
    };
    Some(spot.statement(Content::Encounter(encounter), sense))
}

/// The header's `encompassingEncounter`, unless it says nothing. That of a discharge summary is a
/// stay, so inpatient where no class is given.
pub(super) fn encompassing<'a>(
    source: &Source<'a>,
    element: El<'a>,
    stay: bool,
    labels: &[String],
    author: &str,
) -> Option<Statement> {
    let type_ = source.concept_at(element, "code");
    let period = effective(source, element);
    let identifiers = identifiers(element);
    if identifiers.is_empty() && period == Period::default() && type_.is_none() {
        return None;
    }
    let facility = at(element, "location/healthCareFacility");
    let name = facility.and_then(|f| at(f, "location/name"));
    let organization = facility.and_then(|f| at(f, "serviceProviderOrganization/name"));
    let organization = organization.map(text).filter(|name| !name.is_empty());
    let location = name.map(text).filter(|name| !name.is_empty());
    let status = if period.end.is_some() { "finished" } else { "unknown" };
    let encounter = Encounter {
        identifiers,
        class: Some(type_.as_ref().map_or("", class))
            .filter(|class| !class.is_empty())
            .unwrap_or(if stay { "IMP" } else { "" })
            .to_owned(),
        status: status.to_owned(),
        type_: type_.into_iter().collect(),
        period,
        reason: reasons_in_words(source),
        discharge_disposition: source.concept_at(element, "dischargeDispositionCode"),
        location: location.or_else(|| organization.clone()).unwrap_or_default(),
        service_provider: organization.map(|display| Reference { key: String::new(), display }),
        participants: header_participants(element),
        ..Encounter::default()
    };
    Some(header_statement(source, element, Content::Encounter(encounter), author, labels))
}

/// Why the patient came, in the words of the sections that say so: reason for visit (LOINC 29299-5),
/// chief complaint (10154-3), both in one (46239-0).
fn reasons_in_words(source: &Source<'_>) -> Vec<Concept> {
    let told = source.sections.iter().filter(|section| {
        let code = child_attr(**section, "code", "code").unwrap_or_default();
        REASONS.contains(&code)
    });
    let words = told.map(|section| narrative::below_headings(*section));
    let words = words.filter(|words| {
        words.len() <= REASON_LIMIT
            && !terms::words_say_nothing(words)
            && !terms::words_say_none(words)
    });
    let mut out: Vec<Concept> = Vec::new();
    for words in words.map(Concept::text) {
        if !out.contains(&words) {
            out.push(words);
        }
    }
    out
}

/// v3 ActCode class of an encounter's type, from whichever of its codes tells, else its words.
fn class(type_: &Concept) -> &'static str {
    let known = type_.codings.iter().map(|c| terms::encounter_class(&c.system, &c.code));
    let known = known.into_iter().find(|class| !class.is_empty());
    known.unwrap_or_else(|| terms::class_in_words(type_.label()))
}

/// FHIR encounter-status: planned by mood, cancelled by status, else finished when the visit is
/// over on the day the document was made.
fn status(act: El<'_>, period: &Period, spot: &Spot<'_, '_>, class: &str) -> &'static str {
    let stay = matches!(class, "IMP" | "ACUTE" | "NONAC" | "OBSENC");
    match attr(act, "moodCode").unwrap_or("EVN") {
        "EVN" => {}
        "APT" | "INT" | "ARQ" | "PRMS" | "PRP" | "RQO" => return "planned",
        _ => return "unknown",
    }
    match child_attr(act, "statusCode", "code").unwrap_or_default() {
        "cancelled" | "aborted" => "cancelled",
        "active" if period.end.is_none() => "in-progress",
        "completed" | "normal" | "active" => "finished",
        _ if period.end.is_some() => "finished",
        // a stay may last
        _ if stay => "unknown",
        // a visit on an earlier day than the document is over
        _ if period
            .start
            .as_ref()
            .zip(spot.made)
            .is_some_and(|(s, made)| s.date() < made.date()) =>
        {
            "finished"
        }
        _ => "unknown",
    }
}

/// Why the patient came (entry relationships of type `RSON`).
fn reasons(spot: &Spot<'_, '_>) -> Vec<Concept> {
    let given = related(spot.act).filter(|(kind, _)| *kind == "RSON");
    given.filter_map(|(_, act)| spot.source.concept_at(act, "value")).collect()
}

/// Diagnoses of the visit (template 22.4.80 around problem observations).
fn diagnoses(spot: &Spot<'_, '_>) -> Vec<EncounterDiagnosis> {
    let holders = related(spot.act).map(|(_, act)| act);
    let holders =
        holders.filter(|act| has_template(*act, &["80"]) && !says_true(*act, "negationInd"));
    let observations = holders.flat_map(|act| related(act).map(|(_, act)| act));
    let codes = observations.filter(|act| super::node::is(*act, "observation")).filter_map(|act| {
        let mut code = spot.source.concept_at(act, "value").unwrap_or_default();
        if code.text.is_none() {
            code.text = Some(spot.source.row(act)).filter(|row| !row.is_empty());
        }
        (!code.is_empty() && !says_true(act, "negationInd")).then_some(code)
    });
    codes.map(|code| EncounterDiagnosis { code, role: String::new() }).collect()
}

/// Name of the place (participant `LOC`, template 22.4.32).
fn location(act: El<'_>) -> String {
    let place = children(act, "participant")
        .filter(|p| matches!(attr(*p, "typeCode"), Some("LOC" | "DST")))
        .find_map(|p| at(p, "participantRole/playingEntity/name").map(text));
    place.unwrap_or_default()
}

/// Who saw the patient, by name.
fn performers(act: El<'_>) -> Vec<Reference> {
    let names = children(act, "performer").map(author_name).filter(|name| !name.is_empty());
    names.map(|display| Reference { key: String::new(), display }).collect()
}

/// The responsible party first, then attending, admitting and the others, each name once.
fn header_participants(element: El<'_>) -> Vec<Reference> {
    let responsible = child(element, "responsibleParty").into_iter();
    let others = children(element, "encounterParticipant");
    let names = responsible.chain(others).map(author_name).filter(|name| !name.is_empty());
    let mut out: Vec<Reference> = Vec::new();
    for display in names {
        if !out.iter().any(|known| known.display == display) {
            out.push(Reference { key: String::new(), display });
        }
    }
    out
}
