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
    /// How long it takes, where no end is given.
    minutes: Option<i64>,
    notes: Vec<String>,
}

impl Appointment {
    /// Reads `SCH`, or `ARQ` of a request, which agree in fields 1 to 11 but for their meaning of
    /// the last. `None` for blocked time (S23, S24, `Blocked`), which concerns no patient.
    pub(super) fn begin(scene: &Scene, sch: &Segment<'_>) -> Option<Self> {
        let blocked = sch.field(25).component(1).text().eq_ignore_ascii_case("blocked");
        if scene.is(&["S23", "S24"]) || blocked {
            return None;
        }
        if &sch.id == b"ARQ" {
            return Some(Self::request(scene, sch));
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
        // why it is made (7), and why it was moved or cancelled (6)
        let reasons = [7, 6].into_iter().filter_map(|n| datatypes::concept(sch.field(n)));
        let duration = sch.field(11).component(3).sub(1).text();
        Some(Self {
            statement,
            other,
            scheduled: start.clone(),
            start: start.map(|start| (Source::Schedule, start)),
            end: times::when(&sch.field(11).component(5).sub(1).text()),
            minutes: minutes(sch, 9).or_else(|| timed(&duration)),
            notes: reasons.map(|reason| reason.label().to_owned()).collect(),
        })
    }

    /// Reads `ARQ`: an appointment that somebody asks for, or asks to be cancelled.
    fn request(scene: &Scene, arq: &Segment<'_>) -> Self {
        let placer = datatypes::entity(arq.field(1), &scene.sender, "PLAC");
        let filler = datatypes::entity(arq.field(2), &scene.sender, "FILL");
        let identifiers: Vec<Identifier> = filler.into_iter().chain(placer).collect();
        let code = [8, 7].into_iter().find_map(|n| datatypes::concept(arq.field(n)));
        let wish = match scene.message.trigger.as_str() {
            "S04" | "S05" | "S06" => "cancellation requested",
            _ => "",
        };
        let other = Other {
            kind: FactKind::Appointment,
            resource_type: "Appointment".to_owned(),
            code: code.unwrap_or_default(),
            status: "proposed".to_owned(),
            period: Period::default(),
            identifiers: identifiers.clone(),
            note: String::new(),
        };
        let mut statement = scene.statement(arq, Content::Other(other.clone()));
        statement.identifiers = identifiers;
        let start = times::when(&arq.field(11).component(1).sub(1).text());
        Self {
            statement,
            other,
            scheduled: None,
            start: start.map(|start| (Source::Schedule, start)),
            end: None,
            minutes: minutes(arq, 9),
            notes: vec![wish.to_owned()],
        }
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
            b"AIS" => {
                self.minutes = minutes(segment, 7).or(self.minutes);
                self.service(segment.field(3));
            }
            b"AIG" => {
                let resource = datatypes::concept(segment.field(3));
                let resource = resource.or_else(|| datatypes::concept(segment.field(4)));
                self.notes.extend(resource.map(|resource| resource.label().to_owned()));
            }
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
        let lasts = || times::later(start.as_ref()?, self.minutes?);
        let end = end.or_else(lasts);
        self.other.period = Period { start, end };
        let mut seen = std::collections::HashSet::new();
        self.notes.retain(|note| !note.is_empty() && seen.insert(note.clone()));
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

/// Minutes in field `n` of a segment, whose unit is in the next.
fn minutes(segment: &Segment<'_>, n: usize) -> Option<i64> {
    let number: i64 = segment.field(n).component(1).text().parse().ok()?;
    let unit = segment.field(n + 1).component(1).text().to_ascii_lowercase();
    let times = match unit.as_str() {
        "" | "m" | "min" | "mins" | "mn" | "minute" | "minutes" => 1,
        "h" | "hr" | "hrs" | "hour" | "hours" => 60,
        "s" | "sec" | "seconds" => return Some(number / 60),
        _ => return None,
    };
    (1..=10_000).contains(&number).then_some(number * times)
}

/// Minutes of a duration as `TQ` writes it (`M30`, `H1`; HL7 v2.5.1 section 2.A.81).
fn timed(duration: &str) -> Option<i64> {
    let number: i64 = duration.get(1..)?.parse().ok()?;
    let times = match duration.get(..1)? {
        "M" => 1,
        "H" => 60,
        _ => return None,
    };
    (1..=10_000).contains(&number).then_some(number * times)
}

/// Whether the message is about a referral.
pub(super) fn refers(scene: &Scene) -> bool {
    matches!(scene.message.code.as_str(), "REF" | "RRI")
}

/// Whether the message asks for something, or answers: its procedures (`PR1`) are those that are
/// wanted, not done (HL7 v2.5.1 sections 11.4.2 and 11.5).
pub(super) fn asks(scene: &Scene) -> bool {
    matches!(scene.message.code.as_str(), "REF" | "RRI" | "RQA" | "RPA" | "RPI" | "RQI" | "RCI")
}

/// Reads `RF1` as a referral; said of it elsewhere in the message: its parties, words about it, and
/// as `reason` the first diagnosis.
pub(super) fn referral(
    scene: &Scene,
    rf1: &Segment<'_>,
    (parties, remarks): (&[(String, String)], &[String]),
    reason: Option<Concept>,
) -> Statement {
    let own = datatypes::entity(rf1.field(6), &scene.sender, "PLAC");
    let external = datatypes::entity(rf1.field(11), &scene.sender, "FILL");
    let mut identifiers: Vec<Identifier> = own.into_iter().chain(external).collect();
    if identifiers.is_empty() && !scene.message.control_id.is_empty() {
        // a referral without a number stands alone, known by its message
        identifiers.push(Identifier {
            system: scene.sender.clone(),
            value: scene.message.control_id.clone(),
            kind: "message".to_owned(),
        });
    }
    let answer = rf1.field(1).component(1).text();
    let cancelled = scene.message.code == "REF" && scene.is(&["I14"]) || answer == "E";
    let label = |n: usize| datatypes::concept(rf1.field(n)).map(|it| it.label().to_owned());
    let coded = |n: usize, words: fn(&str) -> &'static str| {
        let known = words(&rf1.field(n).component(1).text());
        if known.is_empty() { label(n) } else { Some(known.to_owned()) }
    };
    let notes = [
        Some(codes::referral_status(&answer).to_owned()),
        coded(2, codes::priority),
        coded(3, codes::referral_type),
        coded(4, codes::referral_disposition),
        coded(5, codes::referral_category),
        coded(10, codes::referral_reason),
    ];
    let mut notes: Vec<String> = notes.into_iter().flatten().collect();
    notes.extend(parties.iter().map(|(role, name)| format!("{role}: {name}")));
    notes.extend_from_slice(remarks);
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
    let name = prd.field(2).repetitions().find_map(datatypes::name).map(|name| {
        let words = name.given.iter().map(String::as_str).chain([name.family.as_str()]);
        words.collect::<Vec<_>>().join(" ").trim().to_owned()
    });
    // a house without a person: its name (PRD-10, from v2.6), else its place
    let house = prd.field(10).component(1).string();
    let house = if house.is_empty() { datatypes::location(prd.field(4)) } else { house };
    let words: Vec<String> = name.into_iter().chain([house]).filter(|w| !w.is_empty()).collect();
    (!words.is_empty()).then(|| (role.to_owned(), words.join(", ")))
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
