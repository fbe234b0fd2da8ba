//! Problems, diagnoses and health concerns (C-CDA problem observation, template 22.4.4).
//!
//! The status is pieced together: most sources send no status observation, so the end date and the
//! concern around the problem decide.

use super::datatypes::{effective, is_null};
use super::node::{El, at, attr, child, child_attr, has_template, is, related, text};
use super::statements::Spot;
use super::terms;
use almoner_core::clinical::{Concept, Condition, Content, When};
use almoner_core::export::{Sense, Statement};

/// LOINC "Status", the code of status observations under problems and allergies.
const STATUS: &str = "33999-4";

/// One problem observation as a condition of the given category.
pub(super) fn read(spot: &Spot<'_, '_>, category: &str) -> Option<Statement> {
    let mut code = spot.source.concept_at(spot.act, "value").unwrap_or_default();
    let named = names_one(&code);
    spot.reword(&mut code);
    let sense = spot.sense(&code, named)?;
    let period = effective(spot.source, spot.act);
    let condition = Condition {
        clinical_status: if sense == Sense::Stated { clinical_status(spot) } else { "" }.to_owned(),
        verification_status: if sense == Sense::Negated { "refuted" } else { "" }.to_owned(),
        category: category.to_owned(),
        severity: severity(spot),
        onset: period.start,
        abatement: period.end,
        recorded: recorded(spot),
        encounter: None,
        note: comment(spot.act),
        code,
    };
    Some(spot.statement(Content::Condition(condition), sense))
}

/// The clinical status of a problem or allergy: a status observation, else the end date, else the
/// status of the concern around it. The observation's own `statusCode` is always `completed`.
pub(super) fn clinical_status(spot: &Spot<'_, '_>) -> &'static str {
    let said = status_observation(spot.act).or_else(|| concern(spot).and_then(status_observation));
    if let Some(status) = said {
        return status;
    }
    let concern = concern(spot).and_then(|act| child_attr(act, "statusCode", "code"));
    let high = at(spot.act, "effectiveTime/high");
    if high.is_some_and(|high| attr(high, "value").is_some()) {
        return if concern == Some("active") { "inactive" } else { "resolved" };
    }
    match concern.unwrap_or_default() {
        "active" => "active",
        "suspended" | "aborted" => "inactive",
        // "ended, date unknown", and the concern is not held to be active
        "completed" => "resolved",
        _ if high.is_some_and(is_null) && attr_is_unk(high) => "resolved",
        _ => "",
    }
}

/// Words of a comment activity (template 22.4.64) below an act.
pub(super) fn comment(act: El<'_>) -> String {
    let comment = related(act).find(|(_, act)| has_template(*act, &["64"]));
    comment.and_then(|(_, act)| child(act, "text")).map(text).unwrap_or_default()
}

/// The earliest time at which the act or the concern around it was recorded.
pub(super) fn recorded(spot: &Spot<'_, '_>) -> Option<When> {
    spot.chain()
        .filter_map(|node| spot.source.when_at(spot.source.first(node, "author")?, "time"))
        .min()
}

/// Whether a concept names a member of its kind: it has a code that is not the kind itself, or
/// words besides such a code.
fn names_one(code: &Concept) -> bool {
    let generic = |code: &Concept| code.codings.iter().all(|c| terms::is_generic(&c.code));
    if code.codings.is_empty() {
        return code.text.as_deref().is_some_and(|t| !terms::words_say_nothing(t));
    }
    !generic(code)
}

/// Whether the end is "unknown" rather than not given.
fn attr_is_unk(high: Option<El<'_>>) -> bool {
    high.and_then(|high| attr(high, "nullFlavor")) == Some("UNK")
}

/// The concern act around the observation (templates 22.4.3 and 22.4.30).
fn concern<'a>(spot: &Spot<'a, '_>) -> Option<El<'a>> {
    spot.chain().skip(1).find(|node| is(*node, "act"))
}

/// The status that a status observation below the act gives (LOINC 33999-4; templates 22.4.6, .28).
fn status_observation(act: El<'_>) -> Option<&'static str> {
    let status = related(act).map(|(_, act)| act).find(|act| {
        child_attr(*act, "code", "code") == Some(STATUS) || has_template(*act, &["6", "28"])
    })?;
    let value = child(status, "value")?;
    let words = attr(value, "displayName").unwrap_or_default();
    let status = terms::problem_status(attr(value, "code").unwrap_or_default(), words);
    (!status.is_empty()).then_some(status)
}

/// Severity of the problem (template 22.4.8).
fn severity(spot: &Spot<'_, '_>) -> Option<Concept> {
    let severity = related(spot.act).find(|(_, act)| has_template(*act, &["8"]));
    severity.and_then(|(_, act)| spot.source.concept_at(act, "value"))
}
