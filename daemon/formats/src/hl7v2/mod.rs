//! Reads HL7 v2 files: one message or many, with or without batch headers, as real feeds write
//! them (HL7 v2.1 to 2.8). Every message is read on its own; a bad one costs itself only.

mod background;
mod care;
pub(crate) mod codes;
mod datatypes;
mod documents;
pub(crate) mod large;
mod lines;
mod merges;
mod message;
mod orders;
mod person;
mod results;
mod scene;
mod schedule;
mod segment;
mod staff;
mod times;
mod values;
mod visit;
mod xml;

use crate::original::{Piece, visible};
use almoner_core::export::{Export, Problem, Severity, Unreadable};
use lines::{Line, Lines, RawMessage};
use scene::Scene;
use segment::Marks;
use std::collections::HashMap;

/// What a file may demand of its reader.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of one segment that carries no document.
    pub segment_bytes: usize,
    /// Bytes of one message.
    pub message_bytes: usize,
    /// Problems that are listed; the rest is counted.
    pub problems: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { segment_bytes: 64 * 1024, message_bytes: 16 * 1024 * 1024, problems: 500 }
    }
}

/// The segments of a file as they stand in it, each with the place that statements name.
pub fn pieces(text: &str) -> Vec<Piece> {
    let bars = bars(text).or_else(|| lines::on_lines(text));
    let text = bars.as_deref().unwrap_or(text);
    let (mut message, mut index, mut inside) = (0, 0, false);
    let mut pieces = Vec::new();
    for line in Lines::of(text) {
        let id: String = line.text.chars().take(3).collect::<String>().to_uppercase();
        match id.as_str() {
            "MSH" => (message, index, inside) = (message + 1, 0, Marks::of(line.text).is_some()),
            "FHS" | "BHS" | "BTS" | "FTS" => inside = false,
            _ => {}
        }
        let mut place = String::new();
        if inside && !line.stray {
            index += 1;
            place = format!("message {message} segment {index}");
        }
        let shown = line.text.replace("\r\n", "\n").replace('\r', "\n");
        let kind = if line.stray { String::new() } else { id };
        pieces.push(Piece { place, kind, text: visible(&shown), marked: false });
    }
    pieces
}

/// Reads a file of messages that was decoded to text.
pub fn read(text: &str) -> Result<Export, Unreadable> {
    read_within(text, Limits::default())
}

/// Reads a file within limits of one's own.
///
/// # Errors
/// The file holds no message that could be read.
pub fn read_within(text: &str, limits: Limits) -> Result<Export, Unreadable> {
    let parted = lines::on_lines(text);
    let bars = bars(text);
    let text = parted.as_deref().or(bars.as_deref()).unwrap_or(text);
    let mut course = Course::default();
    let mut export = read_part(text, limits, &mut course, Export::default());
    export.problems.append(&mut course.problems);
    if parted.is_some() {
        export.problems.push(Problem::new(
            Severity::Info,
            "file",
            "segments_on_one_line",
            "The segments of a message stood on one line, parted by blanks; they were taken apart.",
        ));
    }
    finish(export, limits, course.more)
}

/// What goes on from part to part of a file that is read in parts.
#[derive(Default)]
struct Course {
    batch: Batch,
    /// Messages begun.
    count: usize,
    /// Problems that are not listed.
    more: usize,
    /// What the batch's trailers said.
    problems: Vec<Problem>,
}

/// Reads some whole messages; `export` is what was known of the file before, and is told anew.
fn read_part(text: &str, limits: Limits, course: &mut Course, export: Export) -> Export {
    let mut reader = Reader {
        limits,
        export,
        open: None,
        room: None,
        bytes: 0,
        count: course.count,
        more: course.more,
        numbers: HashMap::new(),
    };
    for line in Lines::of(text) {
        course.batch.see(line, reader.count, &mut course.problems);
        reader.take(line);
    }
    reader.close();
    (course.count, course.more) = (reader.count, reader.more);
    reader.export
}

/// The vertical-bar encoding of a file in XML encoding; `None` for a file that is in it already.
fn bars(text: &str) -> Option<String> {
    text.trim_start().starts_with('<').then(|| xml::to_bars(text)).flatten()
}

struct Reader<'a> {
    limits: Limits,
    export: Export,
    open: Option<RawMessage<'a>>,
    /// The last message, whose room the next one takes.
    room: Option<RawMessage<'a>>,
    /// Bytes of the open message.
    bytes: usize,
    /// Messages begun.
    count: usize,
    /// Problems that are not listed.
    more: usize,
    /// What the messages of each house and number said.
    numbers: HashMap<(String, String), u64>,
}

impl<'a> Reader<'a> {
    fn take(&mut self, line: Line<'a>) {
        let id = line.text.get(..3).unwrap_or_default().to_ascii_uppercase();
        match id.as_str() {
            "MSH" => self.begin(line),
            "FHS" | "BHS" | "BTS" | "FTS" => self.close(),
            _ if line.stray => self.note(
                Severity::Info,
                "text_outside_messages",
                "Text that belongs to no message was passed over.",
            ),
            _ => self.push(line),
        }
    }

    fn begin(&mut self, line: Line<'a>) {
        self.close();
        self.count += 1;
        self.bytes = line.text.len();
        let Some(marks) = Marks::of(line.text) else {
            self.note(
                Severity::Error,
                "message_header_broken",
                "The message's header (MSH) is cut off or its separators are not usable; the \
                 message was not read. Ask the sender to send it again.",
            );
            return;
        };
        let room = self.room.take();
        self.open = Some(RawMessage::begin(self.count, line, marks, room));
    }

    fn push(&mut self, line: Line<'a>) {
        let Some(open) = &mut self.open else {
            self.note(
                Severity::Warning,
                "segment_outside_message",
                "A segment stands outside any message and was passed over.",
            );
            return;
        };
        self.bytes += line.text.len();
        if self.bytes <= self.limits.message_bytes {
            open.push(line, self.limits.segment_bytes);
            return;
        }
        self.open = None;
        self.note(
            Severity::Error,
            "message_too_long",
            "A message is longer than allowed and was not read. It is kept whole with the file.",
        );
    }

    /// Reads the open message into the export.
    fn close(&mut self) {
        let Some(raw) = self.open.take() else { return };
        self.read(&raw);
        self.room = Some(raw);
    }

    fn read(&mut self, raw: &RawMessage<'_>) {
        let Some(scene) = Scene::of(raw) else { return };
        self.describe(raw, &scene);
        self.warn(raw);
        self.compare(raw, &scene);
        let staff = staff::read(raw, &scene, &mut self.export.problems);
        if staff.is_empty() {
            let people = message::read(raw, &scene, &mut self.export.problems);
            self.export.people.extend(people);
        }
        self.export.shared.extend(staff);
        if self.export.problems.len() > self.limits.problems * 4 {
            self.more += thin(&mut self.export.problems, self.limits);
        }
    }

    /// Says that a message bears the number of another one of the file that says other things (HL7
    /// v2.5.1 section 2.15.9.10: MSH-10 is unique). Both are taken.
    fn compare(&mut self, raw: &RawMessage<'_>, scene: &Scene) {
        let (house, number) = (&scene.message.sending_facility, &scene.message.control_id);
        if number.is_empty() {
            return;
        }
        let digest = raw.digest();
        let known = self.numbers.entry((house.clone(), number.clone())).or_insert(digest);
        if *known != digest {
            self.note(
                Severity::Info,
                "control_id_repeated",
                "Two messages that say different things bear the same number (MSH-10). Both were \
                 taken.",
            );
        }
    }

    /// Takes what the file as a whole is from its first message.
    fn describe(&mut self, raw: &RawMessage<'_>, scene: &Scene) {
        let Some(head) = raw.first(*b"MSH") else { return };
        let code = scene.message.code.to_ascii_lowercase();
        let export = &mut self.export;
        if export.format.is_empty() {
            "hl7v2".clone_into(&mut export.format);
            export.version = head.field(12).component(1).string();
            export.software.clone_from(&scene.message.sending_application);
            export.created.clone_from(&scene.message.at);
            export.document = code;
            if let Some(txa) = raw.first(*b"TXA") {
                let (own, replaces) = documents::edition(scene, &txa);
                (export.identifier, export.replaces) = (own.into_iter().next(), replaces);
            }
        } else {
            // A batch is no document.
            (export.identifier, export.replaces) = (None, Vec::new());
            if export.document != code {
                "mixed".clone_into(&mut export.document);
            }
        }
        if matches!(&*head.field(11).component(1).text(), "T" | "D") {
            self.note(
                Severity::Warning,
                "test_message",
                "The sender marks the message as test or training data (MSH-11).",
            );
        }
    }

    fn warn(&mut self, raw: &RawMessage<'_>) {
        if raw.continued > 0 {
            self.note(
                Severity::Info,
                "segment_broken_over_lines",
                "A field went on over a line end; the lines were joined.",
            );
        }
        if raw.escaped && raw.segments().any(|segment| segment.has_foreign_escape()) {
            self.note(
                Severity::Warning,
                "escape_kept",
                "A text holds signs of another character set or of the sender's own making; they \
                 are shown as they came.",
            );
        }
        if raw.too_long > 0 {
            self.note(
                Severity::Error,
                "segment_too_long",
                "A segment is longer than allowed and was left out. It is kept with the file.",
            );
        }
    }

    fn note(&mut self, severity: Severity, code: &str, words: &str) {
        let at = format!("message {}", self.count);
        self.export.problems.push(Problem::new(severity, at, code, words));
    }
}

/// Sums up what was noticed; a file without one sound message can't be read.
fn finish(mut export: Export, limits: Limits, mut more: usize) -> Result<Export, Unreadable> {
    if export.format.is_empty() {
        let why = export.problems.into_iter().find(|p| p.severity == Severity::Error);
        let problem = why.unwrap_or_else(|| {
            Problem::new(
                Severity::Error,
                "file",
                "no_message",
                "The file holds no message that could be read. Ask the sender to send it again.",
            )
        });
        return Err(Unreadable { format: "hl7v2".to_owned(), problem });
    }
    if export.problems.len() > limits.problems {
        more += thin(&mut export.problems, limits);
    }
    if more > 0 {
        export.problems.push(Problem::new(
            Severity::Info,
            "file",
            "more_problems",
            &format!("{more} further remarks of lesser weight are not listed."),
        ));
    }
    Ok(export)
}

/// Keeps the gravest problems, and tells how many others there were.
fn thin(problems: &mut Vec<Problem>, limits: Limits) -> usize {
    problems.sort_by_key(|problem| problem.severity);
    let more = problems.len().saturating_sub(limits.problems);
    problems.truncate(limits.problems);
    more
}

/// Counts of a batch, compared with what its trailers say (HL7 v2.5.1 section 2.10.3).
#[derive(Default)]
struct Batch {
    /// Messages in the file before the batch began.
    before: usize,
    batches: usize,
}

impl Batch {
    fn see(&mut self, line: Line<'_>, messages: usize, problems: &mut Vec<Problem>) {
        // FHS and BHS bring marks of their own, which need not be those of the messages
        let said = || {
            let mark = line.text.chars().nth(3)?;
            let rest = line.text.get(4..)?;
            rest.split([mark, '^']).next()?.trim().parse().ok()
        };
        let (known, code, at) = match line.text.get(..3) {
            Some("BHS") => {
                self.batches += 1;
                self.before = messages;
                return;
            }
            Some("BTS") => (messages - self.before, "batch_count_differs", "BTS"),
            Some("FTS") => (self.batches, "file_count_differs", "FTS"),
            _ => return,
        };
        let said: Option<usize> = said();
        if said.is_some_and(|said| said != known) {
            problems.push(Problem::new(
                Severity::Warning,
                at,
                code,
                "The trailer counts other than what the file holds; something may be missing. Ask \
                 the sender whether the file is whole.",
            ));
        }
    }
}
