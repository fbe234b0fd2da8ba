//! Leave asked for before a service, and the payer's decision (278, request and answer).

use super::benefits::{delivery, procedure, quantity};
use super::codes::{self, CODES};
use super::loops::{self, Level};
use super::names;
use super::scene::{self, Scene};
use super::segment::Segment;
use almoner_core::clinical::{
    Authorization, AuthorizedLine, Concept, Content, Period, system, x12,
};
use almoner_core::export::{Export, Severity, Statement};

/// Reads a 278. An answer says so (BHT02 `11`), or bears a decision.
pub(super) fn read(scene: &Scene<'_, '_>, export: &mut Export) {
    let levels = loops::levels(scene.transaction);
    let bht = scene.transaction.segments.iter().find(|one| one.id() == "BHT");
    let answer = bht.is_some_and(|bht| bht.element(2) == "11");
    let mut taken = 0;
    for at in 0..levels.len() {
        if !is_patient(&levels, at) {
            continue;
        }
        let below = levels.get(at).map_or(&[][..], |level| &level.below);
        let mine = std::iter::once(at).chain(below.iter().copied());
        let reviews: Vec<usize> = mine.filter(|n| is_review(&levels, at, *n)).collect();
        if reviews.is_empty() {
            continue;
        }
        let Some(mut person) = scene.person(&levels, at, &mut export.problems) else { continue };
        let made = reviews.iter().map(|n| review(scene, &levels, at, *n, answer));
        person.statements.extend(made);
        taken += person.statements.len();
        export.people.push(person);
    }
    if taken == 0 {
        let refused = levels.iter().any(|level| level.first("AAA").is_some());
        let (code, words) = if refused {
            (
                "x12_rejected",
                "The payer rejected the request for review (AAA): nothing was decided. Correct the \
                 request and send it again.",
            )
        } else {
            (
                "x12_review_without_event",
                "The file asks for or answers a review but names no service that is reviewed.",
            )
        };
        scene.note(&mut export.problems, Severity::Warning, code, words);
    }
}

/// Whether it is the patient: a dependent, or a subscriber below whom no dependent stands.
fn is_patient(levels: &[Level<'_, '_>], at: usize) -> bool {
    let Some(level) = levels.get(at) else { return false };
    level.is_member() && !(level.code == "22" && level.has_dependent)
}

/// Whether a level of a patient is a review of its own: an event, a service that stands below no
/// event, or the patient's own level with the review in it.
fn is_review(levels: &[Level<'_, '_>], patient: usize, at: usize) -> bool {
    let Some(level) = levels.get(at) else { return false };
    let reviewed = level.first("UM").is_some() || level.first("HCR").is_some();
    let below_event = || loops::line(levels, at).skip(1).any(|one| one.code == "EV");
    match level.code {
        "EV" => true,
        "SS" => !below_event(),
        "22" | "23" => at == patient && reviewed,
        _ => false,
    }
}

fn review(
    scene: &Scene<'_, '_>,
    levels: &[Level<'_, '_>],
    patient: usize,
    at: usize,
    answer: bool,
) -> Statement {
    let member = loops::line(levels, patient).find(|level| level.code == "22");
    let member = member.and_then(|level| level.first("NM1")).map(|nm1| nm1.element(9));
    let mut it = Authorization {
        identifiers: scene::traces(levels, at),
        payer: loops::party(levels, patient, "20").0,
        requester: loops::party(levels, patient, "21").0,
        member_id: member.unwrap_or_default().to_owned(),
        ..Authorization::default()
    };
    for segment in levels.get(at).into_iter().flat_map(|level| level.segments) {
        take(&mut it, segment);
    }
    rejected(&mut it, levels, at);
    let below = levels.get(at).into_iter().flat_map(|level| &level.below);
    let services = below.filter_map(|n| levels.get(*n));
    it.services.extend(services.filter(|level| level.code == "SS").map(service));
    it.answered = answer || it.decision.is_some();
    if it.answered {
        it.decided.clone_from(&scene.at);
    } else {
        it.asked.clone_from(&scene.at);
    }
    if !scene.transaction.whole {
        // What was cut off may say otherwise.
        it.decision = None;
    }
    scene.statement(levels, at, "", Content::Authorization(Box::new(it)))
}

/// A rejection of the request wins over a decision.
fn rejected(it: &mut Authorization, levels: &[Level<'_, '_>], at: usize) {
    for aaa in loops::line(levels, at).flat_map(|level| level.all("AAA")) {
        it.decision = Some(Concept::text("Rejected"));
        it.number.clear();
        it.reasons.extend(codes::concept(&CODES.reject, x12::REJECT_REASON, aaa.element(3)));
    }
}

/// Takes what one segment of the review says.
fn take(it: &mut Authorization, one: &Segment<'_>) {
    match one.id() {
        "UM" => asked(it, one),
        "HCR" => decided(it, one),
        "DTP" => dates(one, &mut it.period),
        "REF" if matches!(one.element(1), "BB" | "G1") && it.number.is_empty() => {
            one.element(2).clone_into(&mut it.number);
        }
        "HI" => it.diagnoses.extend((1..=12).filter_map(|n| diagnosis(&one.components(n)))),
        "HSD" => {
            it.quantity = quantity(one.element(1), one.element(2));
            it.frequency = delivery(one);
        }
        "NM1" if !matches!(one.element(1), "IL" | "QC" | "03") => {
            let words = names::words(one);
            if !words.is_empty() {
                it.providers.push(words);
            }
        }
        "MSG" => add(&mut it.note, one.element(1)),
        "SV1" | "SV2" | "SV3" => it.services.extend(line(one)),
        _ => {}
    }
}

fn asked(it: &mut Authorization, um: &Segment<'_>) {
    let concept = |list, system: &str, code: &str| codes::concept(list, system, code);
    let category = "https://codesystem.x12.org/005010/1525";
    let request = "https://codesystem.x12.org/005010/1322";
    it.category = concept(&CODES.category, category, um.element(1)).unwrap_or_default();
    it.request = concept(&CODES.request, request, um.element(2)).unwrap_or_default();
    let service = concept(&CODES.service, x12::SERVICE_TYPE, um.element(3));
    it.service_type = service.unwrap_or_default();
    let urgency = "https://codesystem.x12.org/005010/1338";
    it.urgency = concept(&CODES.urgency, urgency, um.element(6));
}

fn decided(it: &mut Authorization, hcr: &Segment<'_>) {
    it.decision = codes::concept(&CODES.action, x12::REVIEW_ACTION, hcr.element(1));
    if !hcr.element(2).is_empty() {
        hcr.element(2).clone_into(&mut it.number);
    }
    let reasons = hcr.repeats(3);
    it.reasons
        .extend(reasons.filter_map(|code| codes::concept(&CODES.reject, x12::REVIEW_REASON, code)));
}

/// From when to when leave holds (element 374): certified `AAH`, effective `007`, expires `036`; of a
/// request, when the service is meant to be.
fn dates(dtp: &Segment<'_>, period: &mut Period) {
    let (start, end) = dtp.period(2, 3);
    match dtp.element(1) {
        "AAH" | "007" => *period = Period { start, end: end.or(period.end.take()) },
        "036" => period.end = start,
        "472" | "435" | "AAG" if period.start.is_none() => {
            *period = Period { start, end: period.end.take().or(end) };
        }
        "096" if period.end.is_none() => period.end = start,
        _ => {}
    }
}

/// A service below an event.
fn service(level: &Level<'_, '_>) -> AuthorizedLine {
    let mut event = Authorization::default();
    for segment in level.segments {
        take(&mut event, segment);
    }
    let first = event.services.into_iter().next().unwrap_or_default();
    let code = if first.code.is_empty() { event.service_type } else { first.code };
    AuthorizedLine {
        code,
        quantity: event.quantity.or(first.quantity),
        frequency: event.frequency,
        period: event.period,
        decision: event.decision,
        number: event.number,
        reason: event.reasons.into_iter().next(),
    }
}

/// A service line: SV1 professional, SV2 institutional (revenue code first), SV3 dental.
fn line(sv: &Segment<'_>) -> Option<AuthorizedLine> {
    let (code, unit, value) = match sv.id() {
        "SV2" => (procedure(&sv.components(2)), sv.element(4), sv.element(5)),
        "SV3" => (procedure(&sv.components(1)), "", sv.element(6)),
        _ => (procedure(&sv.components(1)), sv.element(3), sv.element(4)),
    };
    Some(AuthorizedLine { code: code?, quantity: quantity(unit, value), ..Default::default() })
}

/// A diagnosis of an `HI` segment; codes stand without their point there.
fn diagnosis(parts: &[&str]) -> Option<Concept> {
    let (list, code) = (parts.first()?, parts.get(1)?);
    let (system, at) = match *list {
        "ABK" | "ABF" | "ABJ" | "APR" => (system::ICD10CM, 3),
        "BK" | "BF" | "BJ" | "PR" => (system::ICD9CM, if code.starts_with('E') { 4 } else { 3 }),
        _ => return None,
    };
    let dotted = match code.split_at_checked(at) {
        Some((head, tail)) if !tail.is_empty() && !code.contains('.') => format!("{head}.{tail}"),
        _ => (*code).to_owned(),
    };
    (!code.is_empty()).then(|| Concept::coded(system, &dotted, ""))
}

fn add(into: &mut String, words: &str) {
    if !into.is_empty() && !words.is_empty() {
        into.push_str(". ");
    }
    into.push_str(words);
}
