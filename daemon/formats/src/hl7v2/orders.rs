//! Orders: `ORC` with `OBR` as a request, with `RXO` or `RXE` as a medicine ordered, or alone as
//! news of an order (HL7 v2.5.1 chapter 4; v2.8 `OSU`). An order is a request, never a result.

use super::scene::Scene;
use super::segment::{Piece, Segment};
use super::{codes, datatypes, times};
use almoner_core::clinical::{
    Concept, Content, FactKind, Identifier, Medication, MedicationUse, Other, Period, Quantity,
    Reference, When,
};
use almoner_core::export::Statement;

/// Messages whose `OBR` asks for something, by the code of the message.
const ORDERS: [&str; 26] = [
    "ORM", "ORR", "OMG", "ORG", "OML", "ORL", "OMI", "ORI", "OMP", "ORP", "OMS", "ORS", "OMN",
    "ORN", "OMD", "ORD", "OMB", "ORB", "OPL", "OPR", "OSU", "RDE", "RRE", "RDS", "RRD", "RGV",
];

/// Beginnings of words that make an order a referral.
const REFERRAL_WORDS: [&str; 2] = ["refer", "consult"];

/// The order being read: its `ORC`, and what has been made of it so far.
#[derive(Default)]
pub(super) struct Orders {
    head: Head,
    open: Option<Statement>,
}

/// What `ORC` says of the order under it.
#[derive(Clone, Default)]
struct Head {
    identifiers: Vec<Identifier>,
    status: &'static str,
    /// What the sender wants done to the order, where it is not done yet.
    wish: &'static str,
    ordered: Option<When>,
    orderer: Option<Reference>,
    timing: Timing,
}

/// When and how often (`TQ`, `TQ1`).
#[derive(Clone, Default)]
struct Timing {
    pattern: String,
    period: Period,
    priority: String,
}

/// Whether a message of this kind orders.
pub(super) fn is_order(scene: &Scene) -> bool {
    ORDERS.contains(&scene.message.code.as_str())
}

impl Orders {
    /// Begins an order with its `ORC`; gives the one before it.
    pub(super) fn begin(&mut self, scene: &Scene, orc: &Segment<'_>) -> Option<Statement> {
        let before = self.open.take();
        self.head = Head::of(scene, orc);
        // Replaced below where an OBR or a medicine says more.
        let named = !self.head.identifiers.is_empty();
        self.open = named.then(|| {
            let other = self.head.other(Concept::text("Order"), FactKind::CarePlan);
            self.head.statement(scene, orc, Content::Other(other))
        });
        before.filter(|_| is_order(scene))
    }

    /// Reads `OBR` of an order; gives the order before it, if it stood under the same `ORC`.
    pub(super) fn request(&mut self, scene: &Scene, obr: &Segment<'_>) -> Option<Statement> {
        let before = self.open.take().filter(|open| !is_bare(open));
        let mut head = self.head.clone();
        for id in numbers(scene, obr.field(2), obr.field(3)) {
            if !head.identifiers.contains(&id) {
                head.identifiers.push(id);
            }
        }
        let code = datatypes::concept(obr.field(4)).unwrap_or_else(|| Concept::text("Order"));
        let words = code.label().to_lowercase();
        let section = obr.field(24).component(1).string();
        let referral = section == "REF"
            || words
                .split(|c: char| !c.is_alphanumeric())
                .any(|word| REFERRAL_WORDS.iter().any(|start| word.starts_with(start)));
        let kind = if referral { FactKind::Referral } else { FactKind::CarePlan };
        let mut other = head.other(code, kind);
        let time = |n: usize| times::when(&obr.field(n).component(1).text());
        let asked = times::when(&obr.field(27).component(4).sub(1).text());
        let start = time(36).or(asked).or_else(|| time(6)).or(other.period.start.take());
        other.period.start = start;
        other.note = request_notes(&head, obr);
        self.open = Some(head.statement(scene, obr, Content::Other(other)));
        before
    }

    /// Reads `RXO` (as ordered) or `RXE` (as the pharmacy took it): the latter says it better; `RXD`
    /// (as dispensed) or `RXG` (as to be given) where neither came.
    pub(super) fn medicine(&mut self, scene: &Scene, rx: &Segment<'_>) {
        let fields = match &rx.id {
            b"RXO" => RXO,
            b"RXE" => RXE,
            b"RXD" => RXD,
            _ => RXG,
        };
        let known = matches!(self.content(), Some(Content::Medication(_)));
        if known && matches!(&rx.id, b"RXD" | b"RXG") {
            return;
        }
        let Some(code) = datatypes::concept(rx.field(fields.code)) else { return };
        let amount = rx.field(fields.amount).component(1).string();
        let unit = unit(rx.field(fields.unit));
        let older = rx.field(1);
        let mut timing = self.head.timing.clone();
        if &rx.id == b"RXE" && timing.pattern.is_empty() {
            timing = Timing::of(older);
        }
        if &rx.id == b"RXD" && timing.period.start.is_none() {
            timing.period.start = times::when(&rx.field(3).component(1).text());
        }
        let medication = Medication {
            use_: MedicationUse::Ordered,
            status: medicine_status(self.head.status).to_owned(),
            sig: words(rx.field(fields.sig)),
            dose: (!amount.is_empty()).then(|| Quantity {
                value: amount,
                unit,
                comparator: String::new(),
            }),
            frequency: timing.pattern,
            period: timing.period,
            authored: self.head.ordered.clone(),
            refills: rx.field(fields.refills).text().parse().ok(),
            requester: self.head.orderer.clone(),
            code,
            ..Medication::default()
        };
        self.open = Some(self.head.statement(scene, rx, Content::Medication(medication)));
    }

    /// Adds `RXR`: the route.
    pub(super) fn route(&mut self, rxr: &Segment<'_>) {
        if let Some(Content::Medication(medication)) = self.content() {
            medication.route = datatypes::concept(rxr.field(1));
        }
    }

    /// Adds `TQ1`: when and how often.
    pub(super) fn timing(&mut self, tq1: &Segment<'_>) {
        let time = |n: usize| times::when(&tq1.field(n).component(1).text());
        let timing = Timing {
            pattern: pattern(tq1.field(3).component(1)),
            period: Period { start: time(7), end: time(8) },
            priority: tq1.field(9).component(1).string(),
        };
        match self.content() {
            Some(Content::Medication(medication)) => {
                medication.frequency.clone_from(&timing.pattern);
                medication.period = timing.period.clone();
            }
            Some(Content::Other(other)) if timing.period.start.is_some() => {
                other.period = timing.period.clone();
            }
            _ => {}
        }
        self.head.timing = timing;
    }

    /// Adds the words of a note.
    pub(super) fn remark(&mut self, words: &str) {
        let Some(open) = &mut self.open else { return };
        let note = match &mut open.content {
            Content::Other(other) => &mut other.note,
            _ => &mut open.narrative,
        };
        if !note.is_empty() {
            note.push('\n');
        }
        note.push_str(words.trim());
    }

    /// The last order of the message.
    pub(super) fn finish(&mut self, scene: &Scene) -> Option<Statement> {
        self.open.take().filter(|_| is_order(scene))
    }

    fn content(&mut self) -> Option<&mut Content> {
        self.open.as_mut().map(|open| &mut open.content)
    }
}

impl Head {
    fn of(scene: &Scene, orc: &Segment<'_>) -> Self {
        let (status, wish) = status(&orc.field(1).text(), &orc.field(5).text());
        Self {
            identifiers: numbers(scene, orc.field(2), orc.field(3)),
            status,
            wish,
            ordered: times::when(&orc.field(9).component(1).text()),
            orderer: orc.field(12).repetitions().find_map(datatypes::person),
            timing: Timing::of(orc.field(7)),
        }
    }

    fn other(&self, code: Concept, kind: FactKind) -> Other {
        let start = self.timing.period.start.clone().or_else(|| self.ordered.clone());
        Other {
            kind,
            resource_type: "ServiceRequest".to_owned(),
            code,
            status: if self.status.is_empty() { "active" } else { self.status }.to_owned(),
            period: Period { start, end: self.timing.period.end.clone() },
            identifiers: self.identifiers.clone(),
            note: self.wish.to_owned(),
        }
    }

    fn statement(&self, scene: &Scene, segment: &Segment<'_>, content: Content) -> Statement {
        let mut statement = scene.statement(segment, content);
        if let Content::Other(other) = &statement.content {
            statement.identifiers.clone_from(&other.identifiers);
        } else {
            statement.identifiers.clone_from(&self.identifiers);
        }
        statement.author = self.orderer.as_ref().map(|o| o.display.clone()).unwrap_or_default();
        statement
    }
}

impl Timing {
    /// A `TQ` field: 2 the interval, 4 and 5 start and end, 6 the priority.
    fn of(field: Piece<'_>) -> Self {
        let time = |n: usize| times::when(&field.component(n).sub(1).text());
        Self {
            pattern: pattern(field.component(2)),
            period: Period { start: time(4), end: time(5) },
            priority: field.component(6).string(),
        }
    }
}

/// Where `RXO`, `RXE`, `RXD` and `RXG` have what.
struct Fields {
    code: usize,
    amount: usize,
    unit: usize,
    sig: usize,
    refills: usize,
}

const RXO: Fields = Fields { code: 1, amount: 2, unit: 4, sig: 7, refills: 13 };
const RXD: Fields = Fields { code: 2, amount: 4, unit: 5, sig: 9, refills: 8 };
const RXG: Fields = Fields { code: 4, amount: 5, unit: 7, sig: 13, refills: 99 };
const RXE: Fields = Fields { code: 2, amount: 3, unit: 5, sig: 7, refills: 12 };

/// Placer's and filler's number.
fn numbers(scene: &Scene, placer: Piece<'_>, filler: Piece<'_>) -> Vec<Identifier> {
    let placer = datatypes::entity(placer, &scene.sender, "PLAC");
    let filler = datatypes::entity(filler, &scene.sender, "FILL");
    placer.into_iter().chain(filler).collect()
}

/// An order of which no more than its number is known.
fn is_bare(statement: &Statement) -> bool {
    matches!(&statement.content, Content::Other(o) if o.code == Concept::text("Order"))
}

/// Orderer's reason, clinical information and priority, in words.
fn request_notes(head: &Head, obr: &Segment<'_>) -> String {
    let reasons = obr.field(31).repetitions().filter_map(datatypes::concept);
    let reasons = reasons.map(|reason| reason.label().to_owned());
    let given = [obr.field(27).component(6).string(), obr.field(5).component(1).string()];
    let priority = given.into_iter().chain([head.timing.priority.clone()]);
    let priority = priority.map(|code| codes::priority(&code).to_owned()).find(|p| !p.is_empty());
    let notes = [head.wish.to_owned()].into_iter().chain(priority).chain(reasons);
    let mut notes: Vec<String> = notes.chain([words(obr.field(13))]).collect();
    notes.retain(|note| !note.is_empty());
    notes.join("; ")
}

/// Words of a field that may be coded or plain.
fn words(field: Piece<'_>) -> String {
    let coded = field.component(2).string();
    if coded.is_empty() { field.component(1).string() } else { coded }
}

/// A repeat pattern: its words, else its code.
fn pattern(component: Piece<'_>) -> String {
    let words = component.sub(2).string();
    if words.is_empty() { component.sub(1).string() } else { words }
}

/// A unit: its code, or its words where the code is a number of the sender's own list.
fn unit(field: Piece<'_>) -> String {
    let (code, words) = (field.component(1).string(), field.component(2).string());
    let own = code.bytes().all(|byte| byte.is_ascii_digit());
    if own && !words.is_empty() { words } else { code }
}

/// FHIR request-status of order control (table 0119) and order status (0038): what was done to the
/// order decides, and a wish to cancel or hold leaves it as it is.
fn status(control: &str, status: &str) -> (&'static str, &'static str) {
    match control {
        "OC" | "CR" | "DC" | "OD" | "DR" | "DF" | "RP" => return ("revoked", ""),
        "OH" | "HR" => return ("on-hold", ""),
        "FU" => return ("completed", ""),
        _ => {}
    }
    let wish = match control {
        "CA" => "cancellation requested",
        "HD" => "hold requested",
        _ => "",
    };
    let known = match status {
        "CM" => "completed",
        "CA" | "DC" | "RP" => "revoked",
        "HD" => "on-hold",
        "ER" => "entered-in-error",
        _ => "active",
    };
    (known, wish)
}

/// The status of an order as medicationrequest-status.
fn medicine_status(status: &str) -> &'static str {
    match status {
        "revoked" => "stopped",
        "on-hold" => "on-hold",
        "completed" => "completed",
        "entered-in-error" => "entered-in-error",
        "active" => "active",
        _ => "unknown",
    }
}
