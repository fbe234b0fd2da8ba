//! What every segment of one message shares: who sent it, when it happened, and how a place in it
//! is written.

use super::datatypes;
use super::lines::RawMessage;
use super::segment::Segment;
use super::times;
use almoner_core::clinical::{Content, Reference, When};
use almoner_core::export::{Message, Problem, Sense, Severity, Statement};

/// The message around a segment.
pub(super) struct Scene {
    pub(super) number: usize,
    pub(super) message: Message,
    /// The authority for ids that name none: the sending facility.
    pub(super) sender: String,
    /// When it happened, else when it was recorded: EVN-6, else EVN-2.
    pub(super) occurred: Option<When>,
    /// The house where it happened, in words: EVN-7, else MSH-4.
    pub(super) facility: String,
}

impl Scene {
    /// Reads `MSH` and `EVN`.
    pub(super) fn of(raw: &RawMessage<'_>) -> Option<Self> {
        let head = raw.first(*b"MSH")?;
        let event = raw.first(*b"EVN");
        let type_ = head.field(9);
        let part = |n: usize| type_.component(n).string().to_ascii_uppercase();
        let (mut code, mut trigger) = (part(1), part(2));
        // `ADT_A01` in the place of `ADT`, and in that of `A01`
        if let Some((kind, event)) = code.split_once(['_', '-']) {
            if trigger.is_empty() {
                event.clone_into(&mut trigger);
            }
            code.truncate(kind.len());
        }
        let named = trigger.strip_prefix(&code).and_then(|rest| rest.strip_prefix('_'));
        if let Some(event) = named.filter(|_| !code.is_empty()) {
            trigger.drain(..trigger.len() - event.len());
        }
        if trigger.is_empty() {
            let structure = type_.component(3).string();
            let from_event = event.map(|e| e.field(1).component(1).string()).unwrap_or_default();
            trigger = if from_event.is_empty() {
                structure.split_once('_').map(|(_, t)| t.to_owned()).unwrap_or_default()
            } else {
                from_event
            };
        }
        if code.is_empty() && type_.is_blank() {
            guess(raw).clone_into(&mut code);
        }
        let time = |n: usize| event.and_then(|e| times::when(&e.field(n).component(1).text()));
        let facility = event.map(|e| e.field(7).component(1).string()).unwrap_or_default();
        let sending_facility = head.field(4).component(1).string();
        Some(Self {
            number: raw.number,
            sender: datatypes::facility(head.field(4)),
            occurred: time(6).or_else(|| time(2)),
            facility: if facility.is_empty() { sending_facility.clone() } else { facility },
            message: Message {
                code,
                trigger,
                control_id: head.field(10).string(),
                at: times::when(&head.field(7).component(1).text()),
                sending_application: head.field(3).component(1).string(),
                sending_facility,
            },
        })
    }

    /// True when the trigger is one of these.
    pub(super) fn is(&self, triggers: &[&str]) -> bool {
        triggers.contains(&self.message.trigger.as_str())
    }

    /// A segment's place, as receipts write it.
    pub(super) fn place(&self, segment: &Segment<'_>) -> String {
        format!("message {} segment {}", self.number, segment.index)
    }

    /// A statement that stands in `segment`.
    pub(super) fn statement(&self, segment: &Segment<'_>, content: Content) -> Statement {
        self.statement_at(self.place(segment), content)
    }

    /// A statement that stands at a place of the message.
    pub(super) fn statement_at(&self, place: String, content: Content) -> Statement {
        Statement {
            key: place.clone(),
            place,
            content,
            sense: Sense::Stated,
            identifiers: Vec::new(),
            recorded: self.message.at.clone(),
            author: String::new(),
            section: String::new(),
            narrative: String::new(),
            labels: Vec::new(),
            verbatim: None,
            distinct: false,
        }
    }

    /// A problem in field `n` of `segment`.
    pub(super) fn problem(
        &self,
        severity: Severity,
        segment: &Segment<'_>,
        n: usize,
        code: &str,
        words: &str,
    ) -> Problem {
        Problem::new(severity, format!("{} field {n}", self.place(segment)), code, words)
    }
}

/// A reference to somebody or something known by words only.
pub(super) fn in_words(words: String) -> Option<Reference> {
    (!words.is_empty()).then(|| Reference { key: String::new(), display: words })
}

/// What a message without MSH-9 is, by its segments; nothing when they do not tell.
fn guess(raw: &RawMessage<'_>) -> &'static str {
    let has = |id: &[u8; 3]| raw.first(*id).is_some();
    if has(b"SCH") {
        "SIU"
    } else if has(b"TXA") {
        "MDM"
    } else if has(b"EVN") {
        "ADT"
    } else if has(b"OBR") && has(b"OBX") {
        "ORU"
    } else {
        ""
    }
}
