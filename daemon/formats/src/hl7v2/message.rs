//! One message, walked segment by segment: each joins the nearest parent before it, not a rigid
//! grammar, because real feeds swap and repeat segments.

use super::documents;
use super::lines::RawMessage;
use super::orders::Orders;
use super::results::{self, Panel};
use super::scene::Scene;
use super::schedule::{self, Appointment};
use super::segment::Segment;
use super::{background, care, datatypes, merges, orders, person, values, visit};
use almoner_core::clinical::{Content, EncounterDiagnosis, Identifier, Patient};
use almoner_core::export::{PersonStatements, Problem, Severity, Statement};

/// Kinds of message that carry doses of vaccines (HL7 v2.5.1 chapter 4, sections 4.17 and 4.18).
const VACCINATIONS: [&str; 3] = ["VXU", "VXR", "VXX"];

/// Kinds of message that are about somebody; others may name nobody (HL7 v2.5.1 table 0076).
const CLINICAL: [&str; 40] = [
    "ADT", "ADR", "BAR", "CRM", "CSU", "DFT", "MDM", "OMB", "OMD", "OMG", "OMI", "OML", "OMN",
    "OMP", "OMS", "OPL", "OPU", "ORF", "ORM", "ORU", "OSU", "OUL", "PEX", "PGL", "PPG", "PPP",
    "PPR", "PTR", "RAS", "RCI", "RDE", "RDS", "REF", "RGV", "RPA", "RPI", "RQA", "RRI", "SIU",
    "VXU",
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
    /// Words about a referral: the service asked for, notes.
    remarks: Vec<String>,
    statements: Vec<Statement>,
    /// Numbers that the message gives up for the patient's own.
    prior: Vec<Identifier>,
    /// Whether a vaccine was read: an `OBX` is then about its dose.
    after_dose: bool,
    /// Whether a result came since the last order: a note is then about the result.
    observed: bool,
    /// What the last segment was, that a note may be about.
    last: Subject,
}

/// What a note (`NTE`) after a segment is about.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Subject {
    /// The patient or the visit.
    #[default]
    Visit,
    /// The statement that the segment before it gave.
    Statement,
    /// An order, a result or a document.
    Other,
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
        people.extend(one(scene, part, raw.quoted, problems));
    }
    if people.is_empty() {
        problems.push(nobody(scene));
    }
    merges::link(scene, &mut people);
    problems.extend(merges::review(scene, &people));
    people
}

/// Reads the segments of one patient; `quoted` where any of them may withdraw a value.
fn one(
    scene: &Scene,
    segments: &[Segment<'_>],
    quoted: bool,
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
    group.statements.extend(other_visits(scene, segments, group.visit.as_ref(), problems));
    let withdraws = |segment: &&Segment<'_>| quoted && segment.withdraws();
    problems.extend(segments.iter().find(withdraws).map(|segment| {
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

/// Visits of a second and later `PV1` that bear another number than the first.
fn other_visits(
    scene: &Scene,
    segments: &[Segment<'_>],
    first: Option<&Statement>,
    problems: &mut Vec<Problem>,
) -> Vec<Statement> {
    let mut known: Vec<Identifier> = first.map(|v| v.identifiers.clone()).unwrap_or_default();
    let mut visits = Vec::new();
    for pv1 in segments.iter().filter(|segment| &segment.id == b"PV1").skip(1) {
        if pv1.field(19).is_blank() {
            continue;
        }
        let Some(visit) = visit::encounter(scene, pv1, None, None, problems) else { continue };
        if visit.identifiers.iter().all(|id| !known.contains(id)) {
            known.extend_from_slice(&visit.identifiers);
            visits.push(visit);
        }
    }
    visits
}

impl Group {
    fn take(
        &mut self,
        scene: &Scene,
        segment: &Segment<'_>,
        order: Option<&Segment<'_>>,
        problems: &mut Vec<Problem>,
    ) {
        let before = self.statements.len();
        self.read(scene, segment, order, problems);
        self.last = match &segment.id {
            b"NTE" => self.last,
            b"PID" | b"PD1" | b"PV1" | b"PV2" => Subject::Visit,
            b"OBR" | b"ORC" | b"OBX" | b"TXA" | b"RXO" | b"RXE" | b"RXD" | b"RXG" | b"TQ1" => {
                Subject::Other
            }
            _ if self.statements.len() > before => Subject::Statement,
            _ => Subject::Other,
        };
    }

    fn read(
        &mut self,
        scene: &Scene,
        segment: &Segment<'_>,
        order: Option<&Segment<'_>>,
        problems: &mut Vec<Problem>,
    ) {
        let visit = self.visit.as_ref();
        match &segment.id {
            b"PD1" => person::additional(segment, &mut self.patient),
            b"MRG" => self.prior.extend(person::prior(scene, segment)),
            b"NK1" => self.statements.extend(person::relation(scene, segment)),
            b"AL1" | b"IAM" => self.statements.extend(background::allergy(scene, segment)),
            b"IN1" => self.statements.extend(background::coverage(scene, segment)),
            b"PR1" if schedule::asks(scene) => {
                let words = visit::procedure_words(segment);
                self.remarks.extend(words.filter(|words| !words.is_empty()));
            }
            b"PR1" => self.statements.extend(visit::procedure(scene, segment, visit)),
            b"DG1" => {
                if let Some((diagnosis, condition)) = visit::diagnosis(scene, segment, visit) {
                    self.diagnoses.push(diagnosis);
                    self.statements.push(condition);
                }
            }
            b"RXA" if is_vaccine(scene, segment) => {
                let dose = background::immunization(scene, segment, order, visit);
                self.after_dose = dose.is_some();
                self.statements.extend(dose);
            }
            b"RXA" => self.statements.extend(care::dose_given(scene, segment, visit)),
            b"AUT" => self.statements.extend(care::authorization(scene, segment)),
            b"PRB" => self.statements.extend(care::problem(scene, segment)),
            b"GOL" => self.statements.extend(care::goal(scene, segment)),
            b"PTH" => self.statements.extend(care::pathway(scene, segment)),
            b"FT1" => self.statements.extend(care::charge(scene, segment, visit)),
            b"TXA" => {
                let next = documents::begin(scene, segment, visit);
                self.statements.extend(self.document.replace(next));
                self.statements.extend(documents::replaced(scene, segment));
            }
            b"OBR" => self.order(scene, segment),
            b"ORC" => {
                self.observed = false;
                self.statements.extend(self.orders.begin(scene, segment));
            }
            b"RXO" | b"RXE" | b"RXD" | b"RXG" if orders::is_order(scene) => {
                self.orders.medicine(scene, segment);
            }
            b"RXR" => self.orders.route(segment),
            b"OBX" => self.observe(scene, segment, problems),
            b"NTE" => self.note(scene, segment),
            b"SCH" | b"ARQ" => {
                let next = Appointment::begin(scene, segment);
                let last = std::mem::replace(&mut self.appointment, next);
                self.statements.extend(last.map(|last| last.finish(problems)));
            }
            b"TQ1" | b"AIS" | b"AIG" | b"AIL" | b"AIP" => match &mut self.appointment {
                Some(appointment) => appointment.add(segment),
                None if &segment.id == b"TQ1" => self.orders.timing(segment),
                None => {}
            },
            b"PRD" => self.parties.extend(schedule::party(segment)),
            _ => {}
        }
    }

    /// An `OBR` begins a panel, and ends what was before it.
    fn order(&mut self, scene: &Scene, segment: &Segment<'_>) {
        // Outside MDM, a document ends where the next order begins.
        if scene.message.code != "MDM" {
            self.statements.extend(self.document.take());
        }
        if schedule::refers(scene) {
            let service = datatypes::concept(segment.field(4));
            self.remarks.extend(service.map(|service| service.label().to_owned()));
        }
        self.statements.extend(self.panel.finish(scene, self.visit.as_ref()));
        self.observed = false;
        if orders::is_order(scene) {
            self.statements.extend(self.orders.request(scene, segment));
        }
        self.panel = Panel::of(scene, segment);
    }

    /// An `OBX` belongs to the document of an MDM message, to the dose before it, or is a result.
    fn observe(&mut self, scene: &Scene, obx: &Segment<'_>, problems: &mut Vec<Problem>) {
        self.observed = true;
        if let Some(document) = &mut self.document {
            let part = self.statements.last_mut().filter(|it| documents::has_bytes(it));
            if !documents::go_on(part.unwrap_or(document), obx) {
                self.statements.extend(documents::add(scene, obx, document));
            }
        } else if self.after_dose {
            background::of_dose(obx, self.statements.last_mut());
        } else {
            let visit = self.visit.as_ref();
            let (panel, statements) = (&mut self.panel, &mut self.statements);
            results::result(scene, obx, panel, visit, statements, problems);
        }
    }

    /// An `NTE` belongs to the appointment, to the order, to what the segment before it said, or to
    /// the result before it, else to the panel; notes on a document stay in the kept original.
    fn note(&mut self, scene: &Scene, nte: &Segment<'_>) {
        let words = values::lines(nte.field(3));
        if words.trim().is_empty() {
            return;
        }
        if let Some(appointment) = &mut self.appointment {
            appointment.remark(&words);
        } else if self.last == Subject::Visit {
            if let Some(visit) = &mut self.visit {
                results::remark(visit, &words);
            }
        } else if self.last == Subject::Statement {
            if let Some(last) = self.statements.last_mut() {
                results::remark(last, &words);
            }
        } else if orders::is_order(scene) && !self.observed {
            self.orders.remark(&words);
        } else if schedule::refers(scene) && !self.observed {
            self.remarks.push(words.trim().to_owned());
        } else if self.document.is_none() {
            results::note(&words, &mut self.panel, self.statements.last_mut(), self.observed);
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
        self.statements.extend(self.panel.finish(scene, self.visit.as_ref()));
        self.statements.extend(self.orders.finish(scene));
        if schedule::asks(scene) && !schedule::refers(scene) {
            care::asked_for(&mut self.statements, &self.remarks);
        }
        let reason = self.diagnoses.first().map(|diagnosis| diagnosis.code.clone());
        let mut referrals: Vec<Segment<'_>> =
            segments.iter().filter(|segment| &segment.id == b"RF1").copied().collect();
        if referrals.is_empty() && scene.message.code == "REF" {
            // RF1 is optional: the parties alone make a referral
            let party = segments.iter().find(|segment| &segment.id == b"PRD");
            referrals.extend(party.map(|prd| prd.blank(*b"RF1")));
        }
        for rf1 in &referrals {
            let said = (self.parties.as_slice(), self.remarks.as_slice());
            self.statements.push(schedule::referral(scene, rf1, said, reason.clone()));
        }
        if let Some(Content::Encounter(encounter)) = self.visit.as_mut().map(|v| &mut v.content) {
            encounter.diagnoses = self.diagnoses;
        }
        let appointment = self.appointment.map(|appointment| appointment.finish(problems));
        let first = self.visit.into_iter().chain(appointment).chain(self.document);
        self.statements.splice(0..0, first);
        let others = merges::given_up(scene, self.prior).into_iter().collect();
        Some(PersonStatements {
            key: self.place.clone(),
            place: self.place,
            patient: self.patient,
            verbatim: None,
            message: Some(scene.message.clone()),
            statements: self.statements,
            remarks: Vec::new(),
            others,
        })
    }
}

/// Whether `RXA` is about a vaccine: by the kind of message, else by the code's system.
fn is_vaccine(scene: &Scene, rxa: &Segment<'_>) -> bool {
    VACCINATIONS.contains(&scene.message.code.as_str())
        || ["CVX", "HL70292"].contains(&&*rxa.field(5).component(3).text())
}

/// Says that a message names no patient: no matter for an acknowledgement or a query, but the facts of
/// any other are lost to the record.
fn nobody(scene: &Scene) -> Problem {
    let clinical = CLINICAL.contains(&scene.message.code.as_str());
    let severity = if clinical { Severity::Error } else { Severity::Info };
    Problem::new(
        severity,
        format!("message {}", scene.number),
        "message_without_patient",
        "The message names no patient, neither by number nor by name; nothing was taken from it. \
         It is kept whole with the file.",
    )
}
