//! One message, walked segment by segment: each joins the nearest parent before it, not a rigid
//! grammar, because real feeds swap and repeat segments.

use super::documents;
use super::lines::RawMessage;
use super::orders::Orders;
use super::results::{self, Panel};
use super::scene::Scene;
use super::schedule::{self, Appointment};
use super::segment::Segment;
use super::{background, care, orders, person, values, visit};
use almoner_core::clinical::{Content, EncounterDiagnosis, Identifier, Patient};
use almoner_core::export::{PersonStatements, Problem, Severity, Statement};

/// Events that say that two records are one, or move what is theirs (HL7 v2.5.1 section 3.3).
const MERGES: [&str; 22] = [
    "A18", "A24", "A30", "A34", "A35", "A36", "A37", "A39", "A40", "A41", "A42", "A43", "A44",
    "A45", "A46", "A47", "A48", "A49", "A50", "A51", "A17", "A20",
];

/// What is known of one patient while a message is walked.
#[derive(Default)]
struct Group {
    place: String,
    patient: Patient,
    account: Option<Identifier>,
    visit: Option<Statement>,
    diagnoses: Vec<EncounterDiagnosis>,
    panel: Panel,
    document: Option<Statement>,
    appointment: Option<Appointment>,
    orders: Orders,
    parties: Vec<(String, String)>,
    statements: Vec<Statement>,
    after_dose: bool,
    /// Whether a result came since the last order: a note is then about the result.
    observed: bool,
}

/// What a message says: a patient for each `PID`, and what is wrong with it.
pub(super) fn read(
    raw: &RawMessage<'_>,
    scene: &Scene,
    problems: &mut Vec<Problem>,
) -> Vec<PersonStatements> {
    let segments: Vec<Segment<'_>> = raw.segments().collect();
    let mut starts: Vec<usize> =
        segments.iter().enumerate().filter(|(_, s)| &s.id == b"PID").map(|(at, _)| at).collect();
    // What stands before the first PID is of the first patient; some feeds swap segments.
    if let Some(first) = starts.first_mut() {
        *first = 0;
    }
    let ends = starts.iter().skip(1).copied().chain([segments.len()]);
    let mut people = Vec::new();
    for (from, to) in starts.iter().copied().zip(ends) {
        let part = segments.get(from..to).unwrap_or_default();
        people.extend(one(scene, part, problems));
    }
    if people.is_empty() {
        problems.push(nobody(scene));
    }
    problems.extend(review(scene));
    people
}

/// Reads the segments of one patient.
fn one(
    scene: &Scene,
    segments: &[Segment<'_>],
    problems: &mut Vec<Problem>,
) -> Option<PersonStatements> {
    let mut group = Group::default();
    let find = |id: &[u8; 3]| segments.iter().find(|segment| &segment.id == id);
    let pid = find(b"PID")?;
    group.place = scene.place(pid);
    group.patient = person::patient(scene, pid, problems);
    group.account = person::account(scene, pid);
    if let Some(pv1) = find(b"PV1") {
        let account = group.account.as_ref();
        group.visit = visit::encounter(scene, pv1, find(b"PV2"), account, problems);
    }
    problems.extend(segments.iter().find(|segment| segment.withdraws()).map(|segment| {
        Problem::new(
            Severity::Info,
            scene.place(segment),
            "value_withdrawn",
            "The sender withdraws a value (\"\"). What other statements say stays as it is.",
        )
    }));
    let mut order = None;
    for segment in segments {
        if &segment.id == b"ORC" {
            order = Some(*segment);
        }
        group.take(scene, segment, order.as_ref(), problems);
    }
    group.finish(scene, segments, problems)
}

impl Group {
    fn take(
        &mut self,
        scene: &Scene,
        segment: &Segment<'_>,
        order: Option<&Segment<'_>>,
        problems: &mut Vec<Problem>,
    ) {
        let visit = self.visit.as_ref();
        match &segment.id {
            b"PD1" => person::additional(segment, &mut self.patient),
            b"MRG" => person::prior(scene, segment, &mut self.patient),
            b"NK1" => self.statements.extend(person::relation(scene, segment)),
            b"AL1" | b"IAM" => self.statements.extend(background::allergy(scene, segment)),
            b"IN1" => self.statements.extend(background::coverage(scene, segment)),
            b"PR1" => self.statements.extend(visit::procedure(scene, segment, visit)),
            b"DG1" => {
                if let Some((diagnosis, condition)) = visit::diagnosis(scene, segment, visit) {
                    self.diagnoses.push(diagnosis);
                    self.statements.push(condition);
                }
            }
            b"RXA" if scene.message.code == "VXU" => {
                self.after_dose = true;
                let dose = background::immunization(scene, segment, order, visit);
                self.statements.extend(dose);
            }
            b"RXA" => self.statements.extend(care::dose_given(scene, segment, visit)),
            b"AUT" => self.statements.extend(care::authorization(scene, segment)),
            b"PRB" => self.statements.extend(care::problem(scene, segment)),
            b"GOL" => self.statements.extend(care::goal(scene, segment)),
            b"FT1" => self.statements.extend(care::charge(scene, segment, visit)),
            b"TXA" => self.document = Some(documents::begin(scene, segment, visit)),
            b"OBR" => {
                // Outside MDM, a document ends where the next order begins.
                if scene.message.code != "MDM" {
                    self.statements.extend(self.document.take());
                }
                if orders::is_order(scene) {
                    self.statements.extend(self.orders.request(scene, segment));
                }
                self.panel = Panel::of(scene, segment);
            }
            b"ORC" => {
                self.observed = false;
                self.statements.extend(self.orders.begin(scene, segment));
            }
            b"RXO" | b"RXE" if orders::is_order(scene) => self.orders.medicine(scene, segment),
            b"RXR" => self.orders.route(segment),
            b"OBX" => self.observe(scene, segment, problems),
            b"NTE" => self.note(scene, segment),
            b"SCH" => self.appointment = Appointment::begin(scene, segment),
            b"TQ1" | b"AIS" | b"AIG" | b"AIL" | b"AIP" => match &mut self.appointment {
                Some(appointment) => appointment.add(segment),
                None if &segment.id == b"TQ1" => self.orders.timing(segment),
                None => {}
            },
            b"PRD" => self.parties.extend(schedule::party(segment)),
            _ => {}
        }
    }

    /// An `OBX` belongs to the document of an MDM message, to the dose before it, or is a result.
    fn observe(&mut self, scene: &Scene, obx: &Segment<'_>, problems: &mut Vec<Problem>) {
        self.observed = true;
        if let Some(document) = &mut self.document {
            self.statements.extend(documents::add(scene, obx, document));
        } else if !self.after_dose {
            let visit = self.visit.as_ref();
            let (panel, statements) = (&mut self.panel, &mut self.statements);
            results::result(scene, obx, panel, visit, statements, problems);
        }
    }

    /// An `NTE` belongs to the appointment, to the order, or to the result before it, else to the
    /// panel; notes on a document stay in the kept original.
    fn note(&mut self, scene: &Scene, nte: &Segment<'_>) {
        let words = values::lines(nte.field(3));
        if let Some(appointment) = &mut self.appointment {
            appointment.remark(&words);
        } else if orders::is_order(scene) && !self.observed {
            self.orders.remark(&words);
        } else if self.document.is_none() {
            results::note(nte, &mut self.panel, self.statements.last_mut());
        }
    }

    /// Puts the visit first, then the rest in the order of the message. `None` when the message
    /// names nobody.
    fn finish(
        mut self,
        scene: &Scene,
        segments: &[Segment<'_>],
        problems: &mut Vec<Problem>,
    ) -> Option<PersonStatements> {
        if self.patient.identifiers.is_empty() && self.patient.names.is_empty() {
            return None;
        }
        self.statements.extend(self.orders.finish(scene));
        let reason = self.diagnoses.first().map(|diagnosis| diagnosis.code.clone());
        for rf1 in segments.iter().filter(|segment| &segment.id == b"RF1") {
            let referral = schedule::referral(scene, rf1, &self.parties, reason.clone());
            self.statements.push(referral);
        }
        if let Some(Content::Encounter(encounter)) = self.visit.as_mut().map(|v| &mut v.content) {
            encounter.diagnoses = self.diagnoses;
        }
        let appointment = self.appointment.map(|appointment| appointment.finish(problems));
        let statements: Vec<Statement> = self
            .visit
            .into_iter()
            .chain(appointment)
            .chain(self.document)
            .chain(self.statements)
            .collect();
        Some(PersonStatements {
            key: self.place.clone(),
            place: self.place,
            patient: self.patient,
            verbatim: None,
            message: Some(scene.message.clone()),
            statements,
        })
    }
}

/// Says that an event is kept for a person to decide: merges, moves, links and deletions.
fn review(scene: &Scene) -> Option<Problem> {
    let (code, words) = if scene.message.code != "ADT" {
        return None;
    } else if scene.is(&MERGES) {
        (
            "merge_kept_for_review",
            "The message says that two records belong together or apart. It is kept for review; \
             nothing was merged.",
        )
    } else if scene.is(&["A23", "A29"]) {
        (
            "deletion_kept_for_review",
            "The sender deleted this visit or person in its own system. It is kept for review; \
             nothing was deleted.",
        )
    } else {
        return None;
    };
    Some(Problem::new(Severity::Info, format!("message {}", scene.number), code, words))
}

/// Says that a message names no patient: no matter for an acknowledgement or a query.
fn nobody(scene: &Scene) -> Problem {
    let clinical = matches!(
        scene.message.code.as_str(),
        "ADT"
            | "ORU"
            | "SIU"
            | "MDM"
            | "VXU"
            | "REF"
            | "RRI"
            | "ORM"
            | "OML"
            | "OMG"
            | "OMI"
            | "OMP"
            | "OSU"
            | "RDE"
            | "RQA"
            | "RPA"
            | "RPI"
            | "BAR"
            | "DFT"
            | "PPR"
            | "PGL"
    );
    let severity = if clinical { Severity::Warning } else { Severity::Info };
    Problem::new(
        severity,
        format!("message {}", scene.number),
        "message_without_patient",
        "The message names no patient, neither by number nor by name; nothing was taken from it. \
         It is kept whole with the file.",
    )
}
