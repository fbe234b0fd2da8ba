//! Vaccines given or refused (C-CDA immunization activity, template 22.4.52).
//!
//! A refused vaccine is a statement of its own: who refused it and why matters for the next offer.

use super::datatypes::event;
use super::medications::{manufacturer, product};
use super::node::{at, child, child_attr, has_template, related, text};
use super::statements::Spot;
use super::terms;
use almoner_core::clinical::{Concept, Content, Immunization};
use almoner_core::export::{Sense, Statement};

/// One vaccine.
pub(super) fn read(spot: &Spot<'_, '_>) -> Option<Statement> {
    let mut code = product(spot.source, spot.act);
    let generic = code.codings.iter().all(|c| terms::is_generic(&c.code));
    let named = !code.is_empty() && (code.codings.is_empty() || !generic);
    if code.is_empty() {
        code.text = Some(spot.row()).filter(|row| !row.is_empty());
    }
    let sense = spot.sense(&code, named)?;
    let lot = at(spot.act, "consumable/manufacturedProduct/manufacturedMaterial/lotNumberText");
    let lot = lot.map(text).filter(|lot| !terms::words_say_nothing(lot));
    let immunization = Immunization {
        status: status(spot, sense).to_owned(),
        status_reason: refusal(spot),
        occurrence: event(spot.source, spot.act),
        lot_number: lot.unwrap_or_default(),
        manufacturer: manufacturer(spot.act),
        encounter: None,
        code,
    };
    Some(spot.statement(Content::Immunization(immunization), sense))
}

/// FHIR immunization-status; a negated vaccine was not given, whatever its status code says.
fn status(spot: &Spot<'_, '_>, sense: Sense) -> &'static str {
    let given = child_attr(spot.act, "statusCode", "code");
    match (sense, given) {
        (Sense::Negated, _) | (_, Some("aborted" | "cancelled")) => "not-done",
        _ => "completed",
    }
}

/// Why it was not given (template 22.4.53): its code, else its value.
fn refusal(spot: &Spot<'_, '_>) -> Option<Concept> {
    let found = related(spot.act).find(|(_, act)| has_template(*act, &["53"]))?.1;
    let coded = spot.source.concept_at(found, "code");
    let value = child(found, "value").and_then(|_| spot.source.concept_at(found, "value"));
    match coded {
        Some(code) if code.code_in("urn:oid:2.16.840.1.113883.5.4") == Some("ASSERTION") => value,
        Some(code) => Some(code),
        None => value,
    }
}
