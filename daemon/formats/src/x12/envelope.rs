//! The envelope of X12: interchanges, groups and transactions, with separators that each
//! interchange names itself (ASC X12.5 and X12.6). What the trailers count is compared, never
//! trusted; a cut header or a missing trailer costs as little as can be.

use super::segment::{Marks, Segment};
use almoner_core::clinical::When;
use almoner_core::export::{Problem, Severity};

/// Longest stretch in which the elements of an `ISA` are looked for; it has 106 signs by the standard.
const HEADER: usize = 400;
/// Problems of the envelope that are listed.
const PROBLEMS: usize = 200;

/// One interchange (`ISA` … `IEA`).
#[derive(Debug)]
pub struct Interchange<'t> {
    pub marks: Marks,
    pub sender: &'t str,
    pub receiver: &'t str,
    pub control: &'t str,
    /// Marked as a test by its sender (ISA15).
    pub test: bool,
    pub groups: Vec<Group<'t>>,
}

/// A group of transactions of one kind (`GS` … `GE`).
#[derive(Debug)]
pub struct Group<'t> {
    /// `005010X279A1` (GS08).
    pub version: &'t str,
    pub control: &'t str,
    pub at: Option<When>,
    pub transactions: Vec<Transaction<'t>>,
}

/// A transaction (`ST` … `SE`).
#[derive(Debug)]
pub struct Transaction<'t> {
    /// `271`, `278` … (ST01).
    pub kind: &'t str,
    pub control: &'t str,
    /// The implementation guide (ST03), where it says it.
    pub guide: &'t str,
    /// Its number in the file, from 1.
    pub number: usize,
    /// With `ST` and `SE`.
    pub segments: Vec<Segment<'t>>,
    /// Its trailer was there: nothing of it is cut off.
    pub whole: bool,
}

/// Takes a file apart.
pub fn open(text: &str) -> (Vec<Interchange<'_>>, Vec<Problem>) {
    let mut opener = Opener {
        interchanges: Vec::new(),
        problems: Vec::new(),
        inside: false,
        count: 0,
        stray: false,
    };
    let mut rest = text;
    while let Some(start) = next_start(rest, opener.marks().is_some()) {
        rest = rest.get(start..).unwrap_or_default();
        if is_header(rest) {
            let used = opener.header(rest);
            rest = rest.get(used..).unwrap_or_default();
            continue;
        }
        let Some(marks) = opener.marks() else { break };
        let end = rest.find(marks.segment).unwrap_or(rest.len());
        let mut piece = rest.get(..end).unwrap_or_default();
        let mut used = end + marks.segment.len_utf8();
        if let Some(at) = header_within(piece) {
            // A last segment without its mark, and the next interchange after a line's end.
            piece = piece.get(..at).unwrap_or_default();
            used = at;
        }
        opener.segment(Segment { text: piece.trim(), marks, number: 0 });
        rest = rest.get(used..).unwrap_or_default();
    }
    opener.finish()
}

/// Where the next segment begins; before the first header, where that is.
fn next_start(rest: &str, begun: bool) -> Option<usize> {
    if begun {
        return rest.find(|sign: char| !sign.is_whitespace() && sign != '\0');
    }
    rest.match_indices("ISA").map(|(at, _)| at).find(|at| is_header(rest.get(*at..).unwrap_or("")))
}

/// Whether an interchange begins here: `ISA`, and its separator often enough.
pub(crate) fn is_header(text: &str) -> bool {
    let Some(after) = text.strip_prefix("ISA") else { return false };
    let Some(mark) = after.chars().next() else { return false };
    let plain = mark.is_alphanumeric() || mark.is_whitespace();
    !plain && after.chars().take(130).filter(|sign| *sign == mark).count() >= 10
}

fn header_within(piece: &str) -> Option<usize> {
    let mut lines = piece.match_indices(['\r', '\n']).map(|(at, _)| at + 1);
    lines.find(|at| is_header(piece.get(*at..).unwrap_or_default().trim_start()))
}

struct Opener<'t> {
    interchanges: Vec<Interchange<'t>>,
    problems: Vec<Problem>,
    /// Within a transaction.
    inside: bool,
    /// Transactions begun.
    count: usize,
    /// Text outside of any transaction was told.
    stray: bool,
}

impl<'t> Opener<'t> {
    fn marks(&self) -> Option<Marks> {
        self.interchanges.last().map(|one| one.marks)
    }

    /// Opens an interchange; how much of the text its header takes.
    fn header(&mut self, text: &'t str) -> usize {
        self.close_cut();
        let header = Header::of(text);
        if !header.sound {
            self.note(
                Severity::Warning,
                "x12_header_broken",
                "The file's header (ISA) is cut off or of another length than the standard says. \
                 The separators were taken from what follows.",
            );
        }
        let element = |number: usize| header.elements.get(number).copied().unwrap_or_default();
        self.interchanges.push(Interchange {
            marks: header.marks,
            sender: element(6),
            receiver: element(8),
            control: element(13),
            test: element(15) == "T",
            groups: Vec::new(),
        });
        header.used
    }

    fn segment(&mut self, segment: Segment<'t>) {
        match segment.id() {
            "GS" => self.group(segment),
            "ST" => self.transaction(segment),
            "SE" => self.end_transaction(segment),
            "GE" => self.end_group(segment),
            "IEA" => self.end_interchange(segment),
            "TA1" => self.note(
                Severity::Info,
                "x12_acknowledgment",
                "The file holds an acknowledgment of an earlier file (TA1); it says nothing of a \
                 patient.",
            ),
            "" => {}
            _ => self.inner(segment),
        }
    }

    fn group(&mut self, segment: Segment<'t>) {
        self.close_cut();
        let time = format!("{}{}", segment.element(4), digits(segment.element(5)));
        let at = When::parse_hl7(&time).or_else(|| When::parse_hl7(segment.element(4)));
        let (version, control) = (segment.element(8), segment.element(6));
        let group = Group { version, control, at, transactions: Vec::new() };
        if let Some(one) = self.interchanges.last_mut() {
            one.groups.push(group);
        }
    }

    fn transaction(&mut self, mut segment: Segment<'t>) {
        self.close_cut();
        self.count += 1;
        let number = self.count;
        segment.number = 1;
        let begun = Transaction {
            kind: segment.element(1),
            control: segment.element(2),
            guide: segment.element(3),
            number,
            segments: vec![segment],
            whole: false,
        };
        let Some(one) = self.interchanges.last_mut() else { return };
        if one.groups.is_empty() {
            let group = Group { version: "", control: "", at: None, transactions: Vec::new() };
            one.groups.push(group);
        }
        if let Some(group) = one.groups.last_mut() {
            group.transactions.push(begun);
            self.inside = true;
        }
    }

    fn current(&mut self) -> Option<&mut Transaction<'t>> {
        if !self.inside {
            return None;
        }
        self.interchanges.last_mut()?.groups.last_mut()?.transactions.last_mut()
    }

    fn inner(&mut self, mut segment: Segment<'t>) {
        if let Some(open) = self.current() {
            segment.number = open.segments.len() + 1;
            open.segments.push(segment);
        } else if !self.stray {
            self.stray = true;
            self.note(
                Severity::Warning,
                "x12_text_outside",
                "Text that belongs to no transaction was passed over. The file is kept whole.",
            );
        }
    }

    fn end_transaction(&mut self, segment: Segment<'t>) {
        self.inner(segment);
        let Some(open) = self.current() else { return };
        open.whole = true;
        let counted =
            segment.element(1).parse().is_ok_and(|said: usize| said == open.segments.len());
        let named = segment.element(2) == open.control;
        self.inside = false;
        self.compare(counted && named, "SE", "x12_transaction_count_differs");
    }

    fn end_group(&mut self, segment: Segment<'t>) {
        self.close_cut();
        let Some(group) = self.interchanges.last().and_then(|one| one.groups.last()) else {
            return;
        };
        let said = segment.element(1).parse::<usize>();
        let fits = said.is_ok_and(|said| said == group.transactions.len())
            && segment.element(2) == group.control;
        self.compare(fits, "GE", "x12_group_count_differs");
    }

    fn end_interchange(&mut self, segment: Segment<'t>) {
        self.close_cut();
        let Some(one) = self.interchanges.last() else { return };
        let said = segment.element(1).parse::<usize>();
        let fits = said.is_ok_and(|said| said == one.groups.len())
            && segment.element(2).trim_start_matches('0') == one.control.trim_start_matches('0');
        self.compare(fits, "IEA", "x12_interchange_count_differs");
    }

    fn compare(&mut self, fits: bool, trailer: &str, code: &str) {
        if !fits {
            let message = format!(
                "The trailer ({trailer}) counts or names other than what the file holds; something \
                 may be missing. Ask the sender whether the file is whole."
            );
            self.note(Severity::Warning, code, &message);
        }
    }

    /// Ends a transaction that has no trailer.
    fn close_cut(&mut self) {
        if self.inside {
            self.note(
                Severity::Error,
                "x12_cut",
                "A transaction ends in the middle, without its trailer (SE). Whether somebody is \
                 covered is not taken from it. Ask the sender for the whole file.",
            );
            self.inside = false;
        }
    }

    fn note(&mut self, severity: Severity, code: &str, message: &str) {
        if self.problems.len() < PROBLEMS {
            let at = match self.count {
                0 => "file".to_owned(),
                number => format!("transaction {number}"),
            };
            self.problems.push(Problem::new(severity, at, code, message));
        }
    }

    fn finish(mut self) -> (Vec<Interchange<'t>>, Vec<Problem>) {
        self.close_cut();
        (self.interchanges, self.problems)
    }
}

/// The header of an interchange.
struct Header<'t> {
    elements: Vec<&'t str>,
    marks: Marks,
    /// Of the form that the standard says.
    sound: bool,
    used: usize,
}

impl<'t> Header<'t> {
    fn of(text: &'t str) -> Self {
        let mark = text.chars().nth(3).unwrap_or('*');
        let mut end = text.len().min(HEADER);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let near = text.get(..end).unwrap_or_default();
        let alone = |at: &usize| {
            let before = near.get(..*at).and_then(|text| text.chars().next_back());
            *at > 8 && before.is_some_and(|sign| !sign.is_alphanumeric() && sign != mark)
        };
        let name = format!("GS{mark}");
        let mut groups = near.match_indices(&*name).map(|(at, _)| at);
        let group = groups.find(alone).unwrap_or(near.len());
        let head = near.get(..group).unwrap_or_default();
        let elements: Vec<&str> = head.splitn(17, mark).map(str::trim).collect();
        let tail = head.splitn(17, mark).nth(16);
        let (component, segment, sound) = tail.and_then(last_marks).unwrap_or_else(|| {
            let last = head.trim_end().chars().next_back();
            let last = last.filter(|sign| !sign.is_alphanumeric() && *sign != mark);
            (':', last.unwrap_or(if head.contains('\r') { '\r' } else { '\n' }), false)
        });
        let repetition = elements.get(11).and_then(|text| text.chars().next());
        let repetition = repetition.filter(|sign| !sign.is_alphanumeric() && *sign != mark);
        let marks = Marks { element: mark, repetition, component, segment };
        let before = head.len() - tail.map_or(0, str::len);
        let used = match tail {
            Some(tail) => {
                before + tail.find(segment).map_or(tail.len(), |at| at + segment.len_utf8())
            }
            None => head.len(),
        };
        Self { elements, marks, sound, used: used.max(4).min(text.len()) }
    }
}

/// The last two signs of a header: what parts components (ISA16) and what ends segments.
fn last_marks(tail: &str) -> Option<(char, char, bool)> {
    let mut signs = tail.chars();
    let first = signs.next().filter(|sign| !sign.is_alphanumeric())?;
    match signs.next() {
        // The sign for components is missing.
        None if !first.is_whitespace() => Some((':', first, false)),
        None => None,
        Some(second) if second.is_alphanumeric() => None,
        Some(second) if first.is_whitespace() && second.is_whitespace() => None,
        // `~` and then a line's end, where `:~` should be.
        Some('\r' | '\n') if first == '~' => Some((':', '~', false)),
        Some(second) => Some((first, second, true)),
    }
}

fn digits(text: &str) -> &str {
    let end = text.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(text.len());
    text.get(..end.min(6) / 2 * 2).unwrap_or_default()
}
