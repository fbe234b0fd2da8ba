//! What is meant to happen: planned acts (templates 22.4.39 to .44, .20, .120), goals (.121) and
//! referrals (.140). Kept as lines until their own areas read them.
//!
//! A referral found in a document is a draft: a coordinator confirms it before it opens a loop.

use super::datatypes::{effective, identifiers};
use super::medications::product;
use super::node::{El, attr, child, child_attr, children, related};
use super::sections::{Domain, Section};
use super::source::Source;
use super::statements::{Spot, author_name};
use super::terms;
use almoner_core::clinical::{Concept, Content, FactKind, Other, Period};
use almoner_core::export::{Sense, Statement};

/// SNOMED codes of referrals and consultations that make a planned act a referral: patient
/// referral, for consultation, to service, to a specialist, consultation, physical therapy,
/// neurologist.
const REFERRALS: &[&str] =
    &["3457005", "44383000", "306206005", "103696004", "11429006", "444831000124102", "308474002"];

/// SNOMED "instruction": the kind, which says nothing without words.
const INSTRUCTION: &str = "409073007";
/// Words longer than this (characters) are no name of a line.
const NAME_LIMIT: usize = 300;
/// Words (bytes) in which "referral" makes a planned act one.
const REFERRAL_LIMIT: usize = 200;

/// One entry of a plan, of interventions or of instructions.
pub(super) fn read(spot: &Spot<'_, '_>) -> Option<Statement> {
    if attr(spot.act, "moodCode") == Some("GOL") {
        return goal(spot);
    }
    if is_comment(spot.act) {
        return None;
    }
    let mut code = subject(spot);
    let blank = !code.label().chars().any(char::is_alphanumeric);
    if code.codings.is_empty() && blank {
        code = unnamed(spot);
    }
    let row = spot.row();
    let none = terms::words_say_none(code.label())
        || terms::words_say_none(&row)
        || row.is_empty() && code.codings.iter().any(|c| c.code == INSTRUCTION);
    if none || spot.null() || terms::words_say_nothing(code.label()) {
        return None;
    }
    let (kind, resource_type) = kind_of(spot.act, &code);
    let mut other = other(spot, kind, resource_type, code);
    planned_status(spot.act, kind).clone_into(&mut other.status);
    if other.note.is_empty() && spot.section.domain == Some(Domain::Interventions) {
        // what came of it (outcome observation, template 22.4.144)
        let value = child(spot.act, "value").map(|v| super::datatypes::value(spot.source, v));
        other.note = value.map(|value| words_of(&value)).unwrap_or_default();
    }
    let sense = if spot.negated() { Sense::Negated } else { Sense::Stated };
    Some(spot.statement(Content::Other(other), sense))
}

/// Whether an act only comments on others (template 22.4.64, LOINC 48767-8).
fn is_comment(act: El<'_>) -> bool {
    super::node::has_template(act, &["64"]) || child_attr(act, "code", "code") == Some("48767-8")
}

/// A goal: its code, its value or its words say what it is.
pub(super) fn goal(spot: &Spot<'_, '_>) -> Option<Statement> {
    let mut code = subject(spot);
    let value = child(spot.act, "value").map(|v| super::datatypes::value(spot.source, v));
    let value = value.map(|v| words_of(&v)).unwrap_or_default();
    if code.text.is_none() {
        code.text = Some(value.clone()).filter(|words| !words.is_empty());
    }
    let nothing = terms::words_say_nothing(code.label()) && terms::words_say_nothing(&value);
    let none = [code.label(), &value].iter().any(|words| terms::words_say_none(words));
    if spot.null() || nothing || none {
        return None;
    }
    let mut other = other(spot, FactKind::Goal, "Goal", code);
    let status = match child_attr(spot.act, "statusCode", "code").unwrap_or_default() {
        "completed" => "completed",
        "cancelled" | "aborted" => "cancelled",
        "suspended" | "held" => "on-hold",
        _ => "active",
    };
    status.clone_into(&mut other.status);
    if other.note.is_empty() && other.code.text.as_deref() != Some(&*value) {
        other.note = value;
    }
    let told = std::iter::once(std::mem::take(&mut other.note)).chain(beside_goal(spot));
    other.note = told.filter(|words| !words.is_empty()).collect::<Vec<_>>().join("\n");
    Some(spot.statement(Content::Other(other), Sense::Stated))
}

/// What stands beside a goal: how far it is (progress, template 22.4.110) and how much it matters
/// (priority preference, 22.4.143).
fn beside_goal<'s>(spot: &'s Spot<'_, '_>) -> impl Iterator<Item = String> + 's {
    related(spot.act).filter_map(|(_, act)| {
        let what = [("110", "Progress"), ("143", "Priority")];
        let (_, what) = what.iter().find(|(id, _)| super::node::has_template(act, &[id]))?;
        let value = spot.source.concept_at(act, "value").map(|it| it.label().to_owned());
        let said = value.filter(|it| !it.is_empty()).unwrap_or_else(|| spot.source.row(act));
        (!said.is_empty()).then(|| format!("{what}: {said}"))
    })
}

/// A referral act: from whom, to whom, why.
pub(super) fn referral(spot: &Spot<'_, '_>) -> Option<Statement> {
    let mut code = subject(spot);
    let row = spot.row();
    let words = if row.is_empty() { spot.section.words().to_owned() } else { row };
    if code.is_empty() {
        code.text = Some(spot.section.title.clone()).filter(|title| !title.is_empty());
    }
    if spot.null() || spot.negated() {
        return None;
    }
    let mut other = other(spot, FactKind::Referral, "ServiceRequest", code);
    "draft".clone_into(&mut other.status);
    // who it goes to: the participant REFT, else who is to perform it
    let to = children(spot.act, "participant").filter(|p| attr(*p, "typeCode") == Some("REFT"));
    let to = to.chain(children(spot.act, "performer")).map(author_name);
    let to = to.into_iter().find(|name| !name.is_empty());
    // what is not routine (v3 ActPriority `R`)
    let priority = spot.source.concept_at(spot.act, "priorityCode");
    let priority = priority.filter(|priority| priority.codings.iter().all(|c| c.code != "R"));
    let why = related(spot.act).find(|(kind, _)| *kind == "RSON");
    let why = why.and_then(|(_, act)| spot.source.concept_at(act, "value"));
    let said = |concept: Option<Concept>| concept.map(|concept| concept.label().to_owned());
    let parts = [said(priority), to, said(why), Some(words)];
    let parts: Vec<String> = parts.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    other.note = parts.join("\n");
    Some(spot.statement(Content::Other(other), Sense::Stated))
}

/// The words of a section that holds no coded entries, as a draft referral, a plan, or the payers
/// as written; `None` where they say nothing.
pub(super) fn of_words(
    section: &Section<'_>,
    kind: FactKind,
    resource_type: &str,
) -> Option<Other> {
    let words = section.words();
    if terms::words_say_nothing(words) || terms::words_say_none(words) {
        return None;
    }
    Some(Other {
        kind,
        resource_type: resource_type.to_owned(),
        code: Concept::text(section.title.clone()),
        status: if kind == FactKind::Referral { "draft" } else { "active" }.to_owned(),
        period: Period::default(),
        identifiers: Vec::new(),
        note: words.to_owned(),
    })
}

/// What an act is about: its product, its code, its words.
fn subject(spot: &Spot<'_, '_>) -> Concept {
    let product = product(spot.source, spot.act);
    if !product.is_empty() {
        return product;
    }
    let mut code = spot.source.concept_at(spot.act, "code").unwrap_or_default();
    let assertion = code.codings.iter().all(|c| c.code == "ASSERTION") && !code.codings.is_empty();
    let value = child(spot.act, "value").filter(|v| attr(*v, "code").is_some());
    if let Some(value) = value.filter(|_| assertion || code.is_empty()) {
        code = spot.source.concept(value);
    }
    let told = spot.told();
    if code.text.is_none() && !told.is_empty() {
        code.text = Some(shortened(told));
    }
    code
}

/// Words as the name of a line: of a long text its beginning, the whole being the note.
fn shortened(words: String) -> String {
    if words.chars().nth(NAME_LIMIT).is_none() {
        return words;
    }
    let start: String = words.chars().take(NAME_LIMIT / 2).collect();
    format!("{}…", start.split('\n').next().unwrap_or_default().trim_end())
}

/// What an act is about that has no code, product or words of its own: the act that it refers to,
/// for a visit its reason, or who will see the patient; for a visit with a date the heading that it
/// stands under.
fn unnamed(spot: &Spot<'_, '_>) -> Concept {
    let referred = related(spot.act).filter(|(kind, _)| *kind == "REFR");
    let mut referred = referred.filter_map(|(_, act)| spot.source.concept_at(act, "code"));
    if let Some(code) = referred.find(|code| !terms::words_say_nothing(code.label())) {
        return code;
    }
    if !super::node::is(spot.act, "encounter") {
        return Concept::default();
    }
    let reasons = related(spot.act).filter(|(kind, _)| *kind == "RSON").map(|(_, act)| act);
    let reasons = reasons.flat_map(|act| {
        let words = Some(spot.source.row(act)).filter(|row| !row.is_empty()).map(Concept::text);
        let said = ["value", "code"].map(|part| spot.source.concept_at(act, part));
        words.into_iter().chain(said.into_iter().flatten())
    });
    let mut reasons = reasons.filter(|reason| !terms::words_say_nothing(reason.label()));
    let performer = || child(spot.act, "performer").map(author_name);
    let dated = || {
        let period = effective(spot.source, spot.act);
        period.start.map(|_| spot.section.title.clone())
    };
    let words = || performer().filter(|name| !name.is_empty()).or_else(dated);
    reasons.next().or_else(|| words().map(Concept::text)).unwrap_or_default()
}

/// What all kept lines have in common; the row is the note where it says more than the code.
fn other(spot: &Spot<'_, '_>, kind: FactKind, resource_type: &str, code: Concept) -> Other {
    let told = spot.told();
    let note = if code.text.as_deref() == Some(&*told) { String::new() } else { told };
    Other {
        kind,
        resource_type: resource_type.to_owned(),
        code,
        status: String::new(),
        period: effective(spot.source, spot.act),
        identifiers: identifiers(spot.act),
        note,
    }
}

/// What a planned act will be: by its code a referral, else by its element and template.
fn kind_of(act: El<'_>, code: &Concept) -> (FactKind, &'static str) {
    let named = code.label().to_lowercase();
    // of words only short ones: a whole text may speak of a referral
    let worded = named.len() <= REFERRAL_LIMIT
        && !named.ends_with('…')
        && (named.starts_with("refer") || named.contains(" referral"));
    let referral = worded || code.codings.iter().any(|c| REFERRALS.contains(&&*c.code));
    match act.tag_name().name() {
        _ if referral => (FactKind::Referral, "ServiceRequest"),
        "encounter" => (FactKind::Appointment, "Appointment"),
        "substanceAdministration" if super::node::has_template(act, &["120", "52"]) => {
            (FactKind::CarePlan, "ImmunizationRecommendation")
        }
        "substanceAdministration" => (FactKind::CarePlan, "MedicationRequest"),
        "supply" => (FactKind::CarePlan, "DeviceRequest"),
        "act" if super::node::has_template(act, &["20", "515"]) => {
            (FactKind::CarePlan, "CommunicationRequest")
        }
        _ => (FactKind::CarePlan, "ServiceRequest"),
    }
}

/// FHIR status by mood: an appointment kept in a calendar is booked, the rest is asked or proposed.
fn planned_status(act: El<'_>, kind: FactKind) -> &'static str {
    let mood = attr(act, "moodCode").unwrap_or_default();
    let status = child_attr(act, "statusCode", "code").unwrap_or_default();
    if matches!(status, "cancelled" | "aborted") {
        return if kind == FactKind::Appointment { "cancelled" } else { "revoked" };
    }
    match (kind, mood) {
        (FactKind::Appointment, "APT" | "PRMS") => "booked",
        (FactKind::Appointment, "ARQ" | "RQO") => "pending",
        (FactKind::Appointment, "EVN") => "fulfilled",
        (FactKind::Appointment, _) => "proposed",
        (FactKind::Referral, _) => "draft",
        (_, "EVN") => "completed",
        _ => "active",
    }
}

/// A goal's value in words.
fn words_of(value: &almoner_core::clinical::Value) -> String {
    use almoner_core::clinical::Value;
    match value {
        Value::Text(words) => words.clone(),
        Value::Concept(concept) => concept.label().to_owned(),
        Value::Quantity(q) => {
            format!("{}{} {}", q.comparator, q.value, q.unit).trim_end().to_owned()
        }
        _ => String::new(),
    }
}

/// The order that a document fulfils (`inFulfillmentOf`): links a consultation note to our
/// referral; `None` where it has no id.
pub(super) fn fulfilled(source: &Source<'_>, holder: El<'_>) -> Option<Other> {
    let order = child(holder, "order")?;
    let identifiers = identifiers(order);
    (!identifiers.is_empty()).then(|| Other {
        kind: FactKind::Referral,
        resource_type: "ServiceRequest".to_owned(),
        code: child(order, "code").map(plain_code).unwrap_or_default(),
        status: "completed".to_owned(),
        period: effective(source, order),
        identifiers,
        note: String::new(),
    })
}

/// The code of an order in the header, which has no narrative to refer to.
fn plain_code(cd: El<'_>) -> Concept {
    let words = attr(cd, "displayName").unwrap_or_default();
    attr(cd, "code").map_or_else(Concept::default, |code| {
        let system = terms::system_uri(attr(cd, "codeSystem").unwrap_or_default(), "");
        Concept::coded(&system, code, words)
    })
}
