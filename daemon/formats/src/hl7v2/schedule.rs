//! What is to come: `SCH` and the resources after it as an appointment, `RF1` as a referral
//! (HL7 v2.5.1 chapters 10 and 11).

use super::scene::Scene;
use super::segment::{Piece, Segment};
use super::{codes, datatypes, times};
use almoner_core::clinical::{
    Concept, Content, FactKind, Identifier, Other, Period, Reference, When, system,
};
use almoner_core::export::{Problem, Severity, Statement};

/// How certain a start is, by the segment that gives it; the first is the best.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    Timing,
    Service,
    Resource,
    Schedule,
}

/// An appointment being read from several segments.
pub(super) struct Appointment {
    statement: Statement,
    other: Other,
    start: Option<(Source, When)>,
    /// SCH-11, to be compared with the start that was taken.
    scheduled: Option<When>,
    end: Option<When>,
    notes: Vec<String>,
}

impl Appointment {
    /// Reads `SCH`. `None` for schedule blocks (S23, S24), which concern no patient.
    pub(super) fn begin(scene: &Scene, sch: &Segment<'_>) -> Option<Self> {
        if scene.is(&["S23", "S24"]) {
            return None;
        }
        let filler = datatypes::entity(sch.field(2), &scene.sender, "FILL");
        let placer = datatypes::entity(sch.field(1), &scene.sender, "PLAC");
        let identifiers: Vec<Identifier> = filler.into_iter().chain(placer).collect();
        let code = [8, 7, 6].into_iter().find_map(|n| datatypes::concept(sch.field(n)));
        let start = times::when(&sch.field(11).component(4).sub(1).text());
        let other = Other {
            kind: FactKind::Appointment,
            resource_type: "Appointment".to_owned(),
            code: code.unwrap_or_default(),
            status: appointment_status(scene, sch.field(25)).to_owned(),
            period: Period::default(),
            identifiers: identifiers.clone(),
            note: String::new(),
        };
        let mut statement = scene.statement(sch, Content::Other(other.clone()));
        statement.identifiers = identifiers;
        let reason = datatypes::concept(sch.field(7)).map(|reason| reason.label().to_owned());
        Some(Self {
            statement,
            other,
            scheduled: start.clone(),
            start: start.map(|start| (Source::Schedule, start)),
            end: times::when(&sch.field(11).component(5).sub(1).text()),
            notes: reason.into_iter().collect(),
        })
    }

    /// Adds a segment about the time, the service, a room or a person.
    pub(super) fn add(&mut self, segment: &Segment<'_>) {
        let (source, n) = match &segment.id {
            b"TQ1" => (Source::Timing, 7),
            b"AIS" => (Source::Service, 4),
            b"AIP" | b"AIL" => (Source::Resource, 6),
            b"AIG" => (Source::Resource, 8),
            _ => return,
        };
        let start = times::when(&segment.field(n).component(1).text());
        let better = self.start.as_ref().is_none_or(|(known, _)| source < *known);
        if let Some(start) = start.filter(|_| better) {
            self.start = Some((source, start));
        }
        match &segment.id {
            b"TQ1" => self.end = times::when(&segment.field(8).text()).or(self.end.take()),
            b"AIS" => self.service(segment.field(3)),
            b"AIL" => self.notes.push(datatypes::location(segment.field(3))),
            b"AIP" => {
                self.notes.extend(
                    datatypes::person(segment.field(3)).map(|Reference { display, .. }| display),
                );
            }
            _ => {}
        }
    }

    /// Adds the words of a note.
    pub(super) fn remark(&mut self, words: &str) {
        self.notes.push(words.trim().to_owned());
    }

    /// The appointment as a statement. Starts that contradict each other are said: a patient must
    /// not be sent at the wrong hour.
    pub(super) fn finish(mut self, problems: &mut Vec<Problem>) -> Statement {
        let start = self.start.map(|(_, start)| start);
        let differs = |other: &When| start.as_ref().is_some_and(|start| !start.compatible(other));
        if self.scheduled.as_ref().is_some_and(differs) {
            problems.push(Problem::new(
                Severity::Warning,
                self.statement.place.clone(),
                "appointment_times_differ",
                "The appointment (SCH-11) and its service, room or person begin at unlike times; \
                 the latter was taken. Confirm the time before telling the patient.",
            ));
        }
        // An end before the start belongs to a time that another segment has corrected.
        let end = self.end.filter(|end| start.as_ref().is_none_or(|start| end >= start));
        self.other.period = Period { start, end };
        self.notes.retain(|note| !note.is_empty());
        self.notes.dedup();
        self.other.note = self.notes.join("; ");
        self.statement.content = Content::Other(self.other);
        self.statement
    }

    fn service(&mut self, field: Piece<'_>) {
        let Some(service) = datatypes::concept(field) else { return };
        let previous = std::mem::replace(&mut self.other.code, service);
        self.notes.push(previous.label().to_owned());
    }
}

/// Reads `RF1` as a referral; `reason` is the first diagnosis or order of the message.
pub(super) fn referral(
    scene: &Scene,
    rf1: &Segment<'_>,
    parties: &[(String, String)],
    reason: Option<Concept>,
) -> Statement {
    let own = datatypes::entity(rf1.field(6), &scene.sender, "PLAC");
    let external = datatypes::entity(rf1.field(11), &scene.sender, "FILL");
    let identifiers: Vec<Identifier> = own.into_iter().chain(external).collect();
    let answer = rf1.field(1).component(1).text();
    let cancelled = scene.message.code == "REF" && scene.is(&["I14"]) || answer == "E";
    let type_ = datatypes::concept(rf1.field(3)).map(|type_| type_.label().to_owned());
    let why = datatypes::concept(rf1.field(10)).map(|why| why.label().to_owned());
    let words = match &*answer {
        "A" => "accepted",
        "P" => "pending",
        "R" => "rejected",
        "E" => "expired",
        _ => "",
    };
    let mut notes = vec![words.to_owned()];
    notes.extend(type_.into_iter().chain(why));
    notes.extend(parties.iter().map(|(role, name)| format!("{role}: {name}")));
    notes.retain(|note| !note.is_empty());
    let time = |n: usize| times::when(&rf1.field(n).component(1).text());
    let code = reason.or_else(|| datatypes::concept(rf1.field(3)));
    let other = Other {
        kind: FactKind::Referral,
        resource_type: "ServiceRequest".to_owned(),
        code: code.unwrap_or_else(|| Concept::coded(system::SNOMED, "3457005", "Referral")),
        status: if cancelled { "revoked" } else { "active" }.to_owned(),
        period: Period { start: time(7), end: time(8) },
        identifiers: identifiers.clone(),
        note: notes.join("; "),
    };
    let mut statement = scene.statement(rf1, Content::Other(other));
    statement.identifiers = identifiers;
    statement
}

/// A party of a referral (`PRD`): who refers, to whom, in words.
pub(super) fn party(prd: &Segment<'_>) -> Option<(String, String)> {
    let role = match &*prd.field(1).component(1).text() {
        "RP" => "from",
        "RT" => "to",
        "PP" => "primary care",
        "CP" => "consulting",
        _ => return None,
    };
    let name = prd.field(2).repetitions().find_map(datatypes::name)?;
    let words: Vec<&str> =
        name.given.iter().map(String::as_str).chain([name.family.as_str()]).collect();
    Some((role.to_owned(), words.join(" ").trim().to_owned()))
}

/// The event wins over SCH-25 where they contradict each other.
fn appointment_status(scene: &Scene, filler: Piece<'_>) -> &'static str {
    let said = [
        codes::appointment(&filler.component(1).text()),
        codes::appointment(&filler.component(2).text()),
    ]
    .into_iter()
    .find(|status| !status.is_empty());
    match scene.message.trigger.as_str() {
        "S15" | "S16" => "cancelled",
        "S17" => "entered-in-error",
        "S26" => "noshow",
        _ => said.unwrap_or("booked"),
    }
}
