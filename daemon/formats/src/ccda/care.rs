//! The care team, the family's illnesses, devices and advance directives: kept as lines until
//! their own areas read them.
//!
//! Each becomes an [`Other`] with the FHIR type it will have: `CareTeam`, `FamilyMemberHistory`,
//! `Device`, `Consent`.

use super::datatypes::{effective, identifiers};
use super::node::{El, act_of, at, attr, child, child_attr, children, has_template, is, related};
use super::statements::{Spot, author_name};
use super::terms;
use almoner_core::clinical::{Concept, Content, FactKind, Identifier, Other};
use almoner_core::export::{Sense, Statement};

/// SNOMED "Implant, device": negated, it means that there are no implants.
const IMPLANT: &str = "40388003";

/// A member of the care team (template 22.4.500.1).
pub(super) fn team_member(spot: &Spot<'_, '_>) -> Option<Statement> {
    let performer = child(spot.act, "performer")?;
    let name = author_name(performer);
    let function = spot.source.concept_at(performer, "functionCode");
    if name.is_empty() && function.is_none() {
        return None;
    }
    let entity = child(performer, "assignedEntity");
    let identifiers = entity.map(identifiers).unwrap_or_default();
    let mut note = member_words(&name, entity);
    if leads(spot, &identifiers) {
        note.push_str(", lead");
    }
    for words in beside_member(spot) {
        note.push_str(", ");
        note.push_str(&words);
    }
    let other = Other {
        kind: FactKind::CarePlan,
        resource_type: "CareTeam".to_owned(),
        code: function.unwrap_or_else(|| Concept::text("Care team member")),
        status: child_attr(spot.act, "statusCode", "code").unwrap_or("active").to_owned(),
        period: effective(spot.source, spot.act),
        identifiers,
        note,
    };
    Some(spot.statement(Content::Other(other), Sense::Stated))
}

/// What kind of team it is (template 22.4.500.2, beside the members), and when the member is there for
/// the patient (22.4.500.3).
fn beside_member(spot: &Spot<'_, '_>) -> Vec<String> {
    let team = spot.chain().find(|node| is(*node, "organizer"));
    let parts = team.into_iter().flat_map(|team| children(team, "component")).filter_map(act_of);
    let kinds = parts.filter(|act| has_template(*act, &["500.2"]));
    let kinds = kinds.filter_map(|act| spot.source.concept_at(act, "value"));
    let times = related(spot.act).filter(|(_, act)| has_template(*act, &["500.3"]));
    let times = times.map(|(_, act)| {
        let told = spot.source.row(act);
        let period = effective(spot.source, act);
        let days = [period.start, period.end].into_iter().flatten().map(|day| day.to_string());
        if told.is_empty() { days.collect::<Vec<_>>().join(" to ") } else { told }
    });
    let all = kinds.map(|kind| kind.label().to_owned()).chain(times);
    all.filter(|words| !words.is_empty()).collect()
}

/// Whether a member leads the team: the primary performer (`PPRF`) of the organizer around it.
fn leads(spot: &Spot<'_, '_>, member: &[Identifier]) -> bool {
    let Some(team) = spot.chain().find(|node| is(*node, "organizer")) else { return false };
    let lead = children(team, "participant").filter(|p| attr(*p, "typeCode") == Some("PPRF"));
    let mut roles =
        lead.filter_map(|p| child(p, "associatedEntity").or_else(|| child(p, "participantRole")));
    roles.any(|role| identifiers(role).iter().any(|id| member.contains(id)))
}

/// Name, organization and telephone of a member in one line.
pub(super) fn member_words(name: &str, entity: Option<El<'_>>) -> String {
    let organization = entity.and_then(|e| at(e, "representedOrganization/name"));
    let organization = organization.map(super::node::text);
    let reach = entity.map(super::datatypes::telecoms).unwrap_or_default();
    let parts = [Some(name.to_owned()), organization, reach.first().map(|t| t.value.clone())];
    let mut words: Vec<String> = Vec::new();
    for part in parts.into_iter().flatten() {
        if !part.is_empty() && !words.contains(&part) {
            words.push(part);
        }
    }
    words.join(", ")
}

/// An illness of a relative (template 22.4.46 within the organizer .45 of that relative).
pub(super) fn family_history(spot: &Spot<'_, '_>) -> Option<Statement> {
    let code = spot.source.concept_at(spot.act, "value")?;
    if spot.null() || terms::words_say_nothing(code.label()) {
        return None;
    }
    let organizer = spot.chain().find(|node| is(*node, "organizer"));
    let subject = organizer.and_then(|o| at(o, "subject/relatedSubject"));
    let relation = subject.and_then(|s| spot.source.concept_at(s, "code"));
    let other = Other {
        kind: FactKind::Resource,
        resource_type: "FamilyMemberHistory".to_owned(),
        code,
        status: "completed".to_owned(),
        period: effective(spot.source, spot.act),
        identifiers: identifiers(spot.act),
        note: relation.map(|concept| concept.label().to_owned()).unwrap_or_default(),
    };
    let sense = if spot.negated() { Sense::Negated } else { Sense::Stated };
    Some(spot.statement(Content::Other(other), sense))
}

/// A condition of which a public health agency says whether it must be reported (RR R1.0, template
/// 2.16.840.1.113883.10.20.15.2.3.12, one organizer .13 for each agency).
pub(super) fn reportable(spot: &Spot<'_, '_>) -> Option<Statement> {
    if !has_template(spot.act, &["2.16.840.1.113883.10.20.15.2.3.12"]) {
        return None;
    }
    let code = spot.source.concept_at(spot.act, "value").filter(|code| !code.is_empty())?;
    let agencies = related(spot.act).filter(|(_, act)| is(*act, "organizer"));
    let answers = agencies.filter_map(|(_, agency)| {
        let answer = children(agency, "component").filter_map(super::node::act_of);
        let answer = answer
            .filter(|act| child_attr(*act, "code", "code") == Some("RR1"))
            .find_map(|act| spot.source.concept_at(act, "value"))?;
        let name = children(agency, "participant")
            .find_map(|p| at(p, "participantRole/playingEntity/name"));
        let name = name.map(super::node::text).unwrap_or_default();
        Some(format!("{}: {}", name, answer.label()).trim_start_matches(": ").to_owned())
    });
    let answers: Vec<String> = answers.collect();
    let other = Other {
        kind: FactKind::Resource,
        resource_type: "Observation".to_owned(),
        code,
        status: "final".to_owned(),
        period: effective(spot.source, spot.act),
        identifiers: identifiers(spot.act),
        note: answers.join("\n"),
    };
    Some(spot.statement(Content::Other(other), Sense::Stated))
}

/// A device or supply in use: the device of the act, else what the act is about.
pub(super) fn device(spot: &Spot<'_, '_>) -> Option<Statement> {
    let role = children(spot.act, "participant")
        .filter(|p| matches!(attr(*p, "typeCode"), Some("DEV" | "PRD")))
        .find_map(|p| child(p, "participantRole"));
    let device = role.and_then(|role| child(role, "playingDevice"));
    let mut code = device.and_then(|d| spot.source.concept_at(d, "code"));
    code = code.or_else(|| spot.source.concept_at(spot.act, "code"));
    code = code.or_else(|| Some(Concept::text(spot.row())));
    let numbers = role.map(identifiers).unwrap_or_default();
    // a device that is not named is still known by its number (UDI)
    let named = code.filter(|c| !terms::words_say_nothing(c.label()));
    let number = || numbers.iter().find(|id| id.value.starts_with("(01)"));
    let code = named.or_else(|| number().map(|id| Concept::text(id.value.clone())))?;
    let implant = code.codings.iter().all(|c| c.code == IMPLANT);
    let sense = match spot.sense(&code, !implant) {
        None if spot.null() || spot.negated() => return None,
        sense => sense.unwrap_or(Sense::Stated),
    };
    let other = Other {
        kind: FactKind::Resource,
        resource_type: "Device".to_owned(),
        code,
        status: "active".to_owned(),
        period: effective(spot.source, spot.act),
        identifiers: numbers,
        note: String::new(),
    };
    Some(spot.statement(Content::Other(other), sense))
}

/// An advance directive (template 22.4.48): which one, and what it says.
pub(super) fn directive(spot: &Spot<'_, '_>) -> Option<Statement> {
    let code = spot.source.concept_at(spot.act, "code").unwrap_or_default();
    let value = spot.source.concept_at(spot.act, "value").unwrap_or_default();
    let row = spot.row();
    // which directive there is, is not known: that one is, is not said
    let unknown = value.is_empty()
        && row.is_empty()
        && child(spot.act, "value").is_some_and(|value| attr(value, "nullFlavor").is_some());
    if spot.null()
        || unknown
        || [code.label(), value.label(), &row].iter().all(|w| terms::words_say_nothing(w))
    {
        return None;
    }
    let words = [value.label(), &row];
    let note = words.into_iter().find(|w| !w.is_empty()).unwrap_or_default().to_owned();
    let other = Other {
        kind: FactKind::Resource,
        resource_type: "Consent".to_owned(),
        code,
        status: "active".to_owned(),
        period: effective(spot.source, spot.act),
        identifiers: identifiers(spot.act),
        note,
    };
    let sense = if spot.negated() { Sense::Negated } else { Sense::Stated };
    Some(spot.statement(Content::Other(other), sense))
}
