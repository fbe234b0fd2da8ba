//! Who is covered: the eligibility inquiry (270) and the payer's answer (271). A rejection (AAA)
//! wins over whatever else the answer says: then nobody is called covered.

use super::benefits;
use super::codes::{self, CODES};
use super::loops::{self, Level};
use super::scene::{self, Scene};
use super::segment::Segment;
use almoner_core::clinical::{
    Concept, Content, Coverage, Document, FactKind, Identifier, Other, Period, When, x12,
};
use almoner_core::export::{Export, Severity, Statement};

/// Dates of a plan that say from when (element 374).
const BEGINS: [&str; 6] = ["346", "356", "348", "307", "291", "539"];
/// Dates of a plan that say until when.
const ENDS: [&str; 4] = ["347", "357", "349", "540"];

/// Reads a 270 or a 271.
pub(super) fn read(scene: &Scene<'_, '_>, answer: bool, export: &mut Export) {
    let levels = loops::levels(scene.transaction);
    let mut told = false;
    for (at, level) in levels.iter().enumerate() {
        if !level.is_member() || !is_asked_about(&levels, at) {
            continue;
        }
        let Some(mut person) = scene.person(&levels, at, &mut export.problems) else { continue };
        told = true;
        person.statements =
            if answer { answered(scene, &levels, at) } else { vec![inquiry(scene, &levels, at)] };
        if person.statements.iter().any(|said| matches!(said.content, Content::Other(_))) {
            rejected(scene, &mut export.problems);
        }
        export.people.push(person);
    }
    let refused = levels.iter().any(|level| level.first("AAA").is_some());
    if !told && refused {
        rejected(scene, &mut export.problems);
    }
}

/// Whether a member's own level says or asks something: a subscriber who stands above a dependent
/// is named only so that the dependent can be found.
fn is_asked_about(levels: &[Level<'_, '_>], at: usize) -> bool {
    let Some(level) = levels.get(at) else { return false };
    let own = ["EB", "EQ", "AAA"].iter().any(|id| level.first(id).is_some());
    own || !level.has_dependent
}

fn rejected(scene: &Scene<'_, '_>, problems: &mut Vec<almoner_core::export::Problem>) {
    scene.note(
        problems,
        Severity::Warning,
        "x12_rejected",
        "The payer rejected the inquiry (AAA): whether the patient is covered is not known. See the \
         reason on the patient's page, correct the inquiry and ask again.",
    );
}

/// The answer on one member.
fn answered(scene: &Scene<'_, '_>, levels: &[Level<'_, '_>], at: usize) -> Vec<Statement> {
    let reasons = rejections(levels, at);
    if !reasons.is_empty() {
        return vec![rejection(scene, levels, at, reasons)];
    }
    let segments = levels.get(at).map_or(&[][..], |level| level.segments);
    let (head, rows) = benefits::split(segments);
    coverages(scene, levels, at, head, &rows)
}

/// Why the payer could not answer: said at the level itself or at one above it.
fn rejections(levels: &[Level<'_, '_>], at: usize) -> Vec<(Concept, String)> {
    let said = loops::line(levels, at).flat_map(|level| level.all("AAA"));
    said.map(|aaa| {
        let reason = codes::concept(&CODES.reject, x12::REJECT_REASON, aaa.element(3));
        let next = codes::words(&CODES.followup, aaa.element(4)).to_owned();
        (reason.unwrap_or_else(|| Concept::text("Rejected")), next)
    })
    .collect()
}

fn rejection(
    scene: &Scene<'_, '_>,
    levels: &[Level<'_, '_>],
    at: usize,
    reasons: Vec<(Concept, String)>,
) -> Statement {
    let (payer, _) = loops::party(levels, at, "20");
    let mut notes: Vec<String> = Vec::new();
    let mut code = Concept::default();
    for (reason, next) in reasons {
        let words = format!("{}. {next}", reason.label());
        if !notes.contains(&words) {
            notes.push(words);
        }
        for coding in reason.codings {
            if !code.codings.contains(&coding) {
                code.codings.push(coding);
            }
        }
    }
    code.text = Some(if payer.is_empty() { "Eligibility inquiry".to_owned() } else { payer });
    let content = Content::Other(Other {
        kind: FactKind::Coverage,
        resource_type: "CoverageEligibilityResponse".to_owned(),
        code,
        status: "rejected".to_owned(),
        period: Period { start: scene.at.clone(), end: None },
        identifiers: scene::traces(levels, at),
        note: notes.join(" "),
    });
    scene.statement(levels, at, "", content)
}

/// What the answer says of coverage: one statement for each plan or insurance that it tells apart.
fn coverages(
    scene: &Scene<'_, '_>,
    levels: &[Level<'_, '_>],
    at: usize,
    head: &[Segment<'_>],
    rows: &[benefits::Row<'_, '_>],
) -> Vec<Statement> {
    let plain = coverage(scene, levels, at, head);
    let mut plans = benefits::plans(rows, scene.at.as_ref());
    if plans.is_empty() && !rows.is_empty() {
        // Benefits without a word on whether the plan is active.
        plans.push(benefits::Plan::default());
    }
    let owners: Vec<usize> = rows.iter().map(|row| benefits::owner(&plans, row)).collect();
    let make = |(n, plan): (usize, &benefits::Plan)| {
        let mut coverage = plain.clone();
        if plan.period.start.is_some() || plan.period.end.is_some() {
            coverage.period = plan.period.clone();
        }
        coverage.status = match plan.active.filter(|_| scene.transaction.whole) {
            Some(true) => "active".to_owned(),
            Some(false) => "cancelled".to_owned(),
            None => String::new(),
        };
        coverage.type_.clone_from(&plan.insurance);
        coverage.plan.clone_from(&plan.name);
        if !plan.group.is_empty() {
            coverage.group.clone_from(&plan.group);
        }
        let mine = rows.iter().zip(&owners).filter(|(_, owner)| **owner == n);
        coverage.benefits = mine.map(|(row, _)| row.benefit()).collect();
        scene.statement(levels, at, &n.to_string(), Content::Coverage(coverage))
    };
    plans.iter().enumerate().map(make).collect()
}

/// What holds for every plan of the member.
fn coverage(
    scene: &Scene<'_, '_>,
    levels: &[Level<'_, '_>],
    at: usize,
    head: &[Segment<'_>],
) -> Coverage {
    let (payor, payer_id) = loops::party(levels, at, "20");
    let subscriber = loops::line(levels, at).find(|level| level.code == "22");
    let member = subscriber.and_then(|level| level.first("NM1")).map(|nm1| nm1.element(9));
    let mut coverage = Coverage {
        payor: if payor.is_empty() { payer_id.clone() } else { payor.clone() },
        subscriber_id: member.unwrap_or_default().to_owned(),
        checked: scene.at.clone(),
        ..Coverage::default()
    };
    if !coverage.subscriber_id.is_empty() {
        coverage.identifiers.push(Identifier {
            system: coverage.payor.clone(),
            value: coverage.subscriber_id.clone(),
            kind: super::names::MEMBER.to_owned(),
        });
    }
    for one in head {
        match (one.id(), one.element(1)) {
            ("REF", "6P" | "1L") => {
                let name = one.element(3);
                let number = one.element(2);
                coverage.group =
                    if name.is_empty() { number.to_owned() } else { format!("{number} {name}") };
            }
            ("INS", _) => {
                let code = one.element(2);
                coverage.relationship =
                    codes::concept(&CODES.relationship, x12::RELATIONSHIP, code);
            }
            ("DTP", _) => dates(one, &mut coverage.period),
            _ => {}
        }
    }
    coverage
}

/// Takes a date of a plan.
pub(super) fn dates(dtp: &Segment<'_>, period: &mut Period) {
    let (start, end) = dtp.period(2, 3);
    let what = dtp.element(1);
    if ENDS.contains(&what) {
        period.end = start.or(end).or(period.end.take());
    } else if BEGINS.contains(&what) {
        period.start = start.or(period.start.take());
        period.end = end.or(period.end.take());
    }
}

/// An inquiry is kept as a document: it asserts nothing but that somebody asked.
fn inquiry(scene: &Scene<'_, '_>, levels: &[Level<'_, '_>], at: usize) -> Statement {
    let (payer, _) = loops::party(levels, at, "20");
    let (asker, _) = loops::party(levels, at, "21");
    let lines = levels.get(at).into_iter().flat_map(|level| level.all("EQ"));
    let services: Vec<&str> = lines
        .flat_map(|eq| eq.repeats(1).collect::<Vec<_>>())
        .map(|code| codes::words(&CODES.service, code))
        .collect();
    let lines = [("Payer", payer.as_str()), ("Asked by", &asker), ("For", &services.join(", "))]
        .map(|(what, words)| (what, words.to_owned()));
    let said = lines.into_iter().filter(|(_, words)| !words.is_empty());
    let text: Vec<String> = said.map(|(what, words)| format!("{what}: {words}")).collect();
    let content = Content::Document(Document {
        identifiers: scene::traces(levels, at),
        type_: Concept::text("Eligibility inquiry"),
        category: "payer".to_owned(),
        status: "current".to_owned(),
        title: "Eligibility inquiry (X12 270)".to_owned(),
        date: scene.at.clone(),
        content_type: "text/plain".to_owned(),
        text: text.join("\n"),
        ..Document::default()
    });
    scene.statement(levels, at, "", content)
}

/// The instant a transaction was made (BHT04 and BHT05), else that of its group.
pub(super) fn made(bht: Option<&Segment<'_>>, group: Option<&When>) -> Option<When> {
    let bht = bht?;
    let time: String = bht.element(5).chars().take_while(char::is_ascii_digit).take(6).collect();
    let time = time.get(..time.len() / 2 * 2).unwrap_or_default();
    let whole = format!("{}{}", bht.element(4), if time.len() >= 4 { time } else { "" });
    When::parse_hl7(&whole).or_else(|| When::parse_hl7(bht.element(4))).or_else(|| group.cloned())
}
