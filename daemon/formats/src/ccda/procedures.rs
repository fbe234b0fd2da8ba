//! Procedures done (C-CDA procedure activity procedure, act and observation: templates 22.4.14,
//! .12 and .13).
//!
//! The three templates say the same thing of acts of different sorts, and vendors mix them.

use super::datatypes::effective;
use super::node::{attr, child, child_attr, related};
use super::problems::comment;
use super::statements::{Spot, author_name};
use super::terms;
use almoner_core::clinical::{Content, Procedure, Reference};
use almoner_core::export::{Sense, Statement};

/// One procedure.
pub(super) fn read(spot: &Spot<'_, '_>) -> Option<Statement> {
    let mut code = spot.source.concept_at(spot.act, "code").unwrap_or_default();
    let generic =
        !code.codings.is_empty() && code.codings.iter().all(|c| terms::is_generic(&c.code));
    let named = !code.is_empty() && !generic;
    spot.reword(&mut code);
    let sense = spot.sense(&code, named)?;
    let reason = related(spot.act).find(|(kind, _)| *kind == "RSON");
    let performer = child(spot.act, "performer").map(author_name).filter(|name| !name.is_empty());
    let procedure = Procedure {
        status: status(spot, sense).to_owned(),
        performed: effective(spot.source, spot.act),
        performer: performer.map(|display| Reference { key: String::new(), display }),
        reason: reason.and_then(|(_, act)| spot.source.concept_at(act, "value")),
        encounter: None,
        note: comment(spot.act),
        code,
    };
    Some(spot.statement(Content::Procedure(procedure), sense))
}

/// FHIR event-status of a CDA act status; an act that is only intended is in preparation.
fn status(spot: &Spot<'_, '_>, sense: Sense) -> &'static str {
    if sense == Sense::Negated {
        return "not-done";
    }
    if attr(spot.act, "moodCode").is_some_and(|mood| mood != "EVN") {
        return "preparation";
    }
    match child_attr(spot.act, "statusCode", "code").unwrap_or_default() {
        "completed" | "normal" => "completed",
        "active" => "in-progress",
        "aborted" => "stopped",
        "cancelled" => "not-done",
        "suspended" | "held" => "on-hold",
        _ => "unknown",
    }
}
