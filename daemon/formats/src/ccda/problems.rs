//! Problems, diagnoses and health concerns (C-CDA problem observation, template 22.4.4).
//!
//! The status is pieced together: most sources send no status observation, so the end date and the
//! concern around the problem decide.

use super::datatypes::{effective, event, quantity};
use super::node::{El, at, attr, child, child_attr, has_template, is, related, text};
use super::sections::Domain;
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
    if is(spot.act, "act") {
        code.text = Some(spot.told()).filter(|words| !words.is_empty());
    }
    spot.reword(&mut code);
    let sense = spot.sense(&code, named)?;
    let mut period = effective(spot.source, spot.act);
    if at(spot.act, "effectiveTime/high").is_some_and(|high| is_no_end(spot, high)) {
        period.end = None;
    }
    let condition = Condition {
        clinical_status: if sense == Sense::Stated { clinical_status(spot) } else { "" }.to_owned(),
        verification_status: if sense == Sense::Negated { "refuted" } else { "" }.to_owned(),
        category: category.to_owned(),
        severity: severity(spot),
        note: note(spot.act, period.start.as_ref()),
        onset: period.start,
        abatement: period.end,
        recorded: recorded(spot),
        encounter: None,
        code,
    };
    Some(spot.statement(Content::Condition(condition), sense))
}

/// The clinical status of a problem or allergy: a status observation, else the end date, else the
/// status of the concern around it. The observation's own `statusCode` is always `completed`.
///
/// A concern that is `completed`, or an end with null flavour `UNK` ("ended, date unknown" by the
/// guide), says nothing by itself: vendors send both for penicillin allergies and hypertension that
/// are still there, and to hide those does harm. Empty then: not said.
pub(super) fn clinical_status(spot: &Spot<'_, '_>) -> &'static str {
    let said = status_observation(spot.act).or_else(|| concern(spot).and_then(status_observation));
    if let Some(status) = said {
        return status;
    }
    let concern = concern(spot).and_then(|act| child_attr(act, "statusCode", "code"));
    let high = at(spot.act, "effectiveTime/high");
    if high.is_some_and(|high| is_past(spot, high)) {
        return if concern == Some("active") { "inactive" } else { "resolved" };
    }
    match concern.unwrap_or_default() {
        "active" => "active",
        "suspended" | "aborted" => "inactive",
        _ => "",
    }
}

/// The comment, else the age at which it began (template 22.4.31) where no date says so.
fn note(act: El<'_>, onset: Option<&When>) -> String {
    let comment = comment(act);
    if !comment.is_empty() || onset.is_some() {
        return comment;
    }
    let age = related(act).find(|(_, act)| has_template(*act, &["31"]));
    let age = age.and_then(|(_, act)| child(act, "value")).and_then(quantity);
    let unit = |unit: &str| match unit {
        "" | "a" => "years",
        "mo" => "months",
        "wk" => "weeks",
        _ => "days",
    };
    age.map(|age| format!("Age at onset: {} {}", age.value, unit(&age.unit))).unwrap_or_default()
}

/// Words of a comment activity (template 22.4.64) below an act.
pub(super) fn comment(act: El<'_>) -> String {
    let comment = related(act).find(|(_, act)| has_template(*act, &["64"]));
    comment.and_then(|(_, act)| child(act, "text")).map(text).unwrap_or_default()
}

/// The earliest time at which the act or the concern around it was recorded; where no author says
/// so, the date of the diagnosis (template 22.4.502).
pub(super) fn recorded(spot: &Spot<'_, '_>) -> Option<When> {
    let written = spot
        .chain()
        .filter_map(|node| spot.source.when_at(spot.source.first(node, "author")?, "time"))
        .min();
    let diagnosed = || {
        let act = related(spot.act).find(|(_, act)| has_template(*act, &["502"]))?.1;
        event(spot.source, act)
    };
    written.or_else(diagnosed)
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

/// Whether a date lies on or before the day the document was made; where that is not known, any
/// date counts.
fn is_past(spot: &Spot<'_, '_>, high: El<'_>) -> bool {
    if is_no_end(spot, high) {
        return false;
    }
    let end = spot.source.when(high);
    let made = spot.made.and_then(When::date);
    end.is_some_and(|end| end.date().zip(made).is_none_or(|(end, made)| end <= made))
}

/// Whether an end is when it was written down: the very moment of the beginning, to the second; the
/// same day in an allergy, or where the concern is still active. Vendors write the beginning of every
/// problem for its end as well, also of those that they list as active.
fn is_no_end(spot: &Spot<'_, '_>, high: El<'_>) -> bool {
    let value = attr(high, "value").unwrap_or_default();
    let begun = at(spot.act, "effectiveTime/low").and_then(|low| attr(low, "value"));
    let active = || concern(spot).and_then(|act| child_attr(act, "statusCode", "code"));
    let exact = value.len() > 8
        || spot.section.domain == Some(Domain::Allergies)
        || active() == Some("active");
    exact && begun == Some(value)
}

/// The concern act around the observation (templates 22.4.3 and 22.4.30), or the act itself, which a
/// health concern in words is.
fn concern<'a>(spot: &Spot<'a, '_>) -> Option<El<'a>> {
    spot.chain().find(|node| is(*node, "act"))
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
