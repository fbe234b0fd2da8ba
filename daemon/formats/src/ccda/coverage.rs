//! Who pays (C-CDA policy activity, template 22.4.61, within a coverage activity .60).
//!
//! In samples the payers are mostly words: those are kept by `documents::of_section`.

use super::datatypes::{effective, identifiers, period};
use super::node::{El, at, attr, child, children, has_template, related, text};
use super::statements::Spot;
use super::terms;
use almoner_core::clinical::{Concept, Content, Coverage, FactKind, Other};
use almoner_core::export::{Sense, Statement};

/// Authorization activity of CCD, used by C-CDA below a policy.
const AUTHORIZATION: &str = "2.16.840.1.113883.10.20.1.19";

/// One policy, or one authorization under it.
pub(super) fn read(spot: &Spot<'_, '_>) -> Option<Statement> {
    if has_template(spot.act, &[AUTHORIZATION]) {
        return authorization(spot);
    }
    let payor = payor(spot.act);
    let plan = plan(spot);
    let type_ = spot.source.concept_at(spot.act, "code");
    let covered = participant(spot.act, "COV");
    let role = covered.and_then(|p| child(p, "participantRole"));
    let member = role.map(identifiers).unwrap_or_default();
    let policy = identifiers(spot.act);
    let said = !payor.is_empty() || !plan.is_empty() || type_.is_some() || !member.is_empty();
    if !said || spot.null() || spot.negated() {
        return None;
    }
    let holder = participant(spot.act, "HLD").and_then(|p| child(p, "participantRole"));
    let subscriber = holder.map(identifiers).unwrap_or_default();
    let subscriber = subscriber.first().or(member.first()).map(|id| id.value.clone());
    let time = covered.and_then(|p| child(p, "time")).map(|time| period(spot.source, time));
    let coverage = Coverage {
        identifiers: member,
        status: "active".to_owned(),
        type_,
        payor,
        plan,
        group: policy
            .first()
            .filter(|id| !id.value.starts_with("urn:"))
            .map(|id| id.value.clone())
            .unwrap_or_default(),
        subscriber_id: subscriber.filter(|id| !id.starts_with("urn:")).unwrap_or_default(),
        relationship: role.and_then(|role| spot.source.concept_at(role, "code")),
        period: time.unwrap_or_default(),
        ..Coverage::default()
    };
    Some(spot.statement(Content::Coverage(coverage), Sense::Stated))
}

/// What the payer agreed to beforehand: its number, what it is for, from when to when.
fn authorization(spot: &Spot<'_, '_>) -> Option<Statement> {
    let identifiers = identifiers(spot.act);
    let services = related(spot.act).filter_map(|(_, act)| spot.source.concept_at(act, "code"));
    let services: Vec<String> = services.map(|service| service.label().to_owned()).collect();
    if spot.null() || spot.negated() || identifiers.is_empty() && services.is_empty() {
        return None;
    }
    let code = spot.source.concept_at(spot.act, "code").filter(|code| !code.is_empty());
    let other = Other {
        kind: FactKind::Resource,
        resource_type: "ClaimResponse".to_owned(),
        code: code.unwrap_or_else(|| Concept::text("Prior authorization")),
        status: "active".to_owned(),
        period: effective(spot.source, spot.act),
        identifiers,
        note: services.join("\n"),
    };
    Some(spot.statement(Content::Other(other), Sense::Stated))
}

/// The payer: the performer with the payer's role, else the first that names an organization.
fn payor(act: El<'_>) -> String {
    let named = |p: El<'_>| {
        let name = at(p, "assignedEntity/representedOrganization/name").map(text);
        name.filter(|name| !terms::words_say_nothing(name))
    };
    let is_payor = |p: &El<'_>| {
        has_template(*p, &["87"])
            || at(*p, "assignedEntity/code").and_then(|c| attr(c, "code")) == Some("PAYOR")
    };
    let payor = children(act, "performer").filter(is_payor).find_map(named);
    payor.or_else(|| children(act, "performer").find_map(named)).unwrap_or_default()
}

/// Name of the plan: the text of the definition that the policy refers to (act in mood `DEF`).
fn plan(spot: &Spot<'_, '_>) -> String {
    let definition = related(spot.act)
        .find(|(kind, act)| *kind == "REFR" && attr(*act, "moodCode") == Some("DEF"));
    definition.map(|(_, act)| spot.source.row(act)).unwrap_or_default()
}

/// The participant in a role: `COV` covered party, `HLD` holder of the policy.
fn participant<'a>(act: El<'a>, kind: &'a str) -> Option<El<'a>> {
    children(act, "participant").find(|p| attr(*p, "typeCode") == Some(kind))
}
