//! A file of messages of any size: read in parts that end where a message does.

use super::{Course, Limits, finish, read_part};
use crate::large::Large;
use crate::telling::{self, Listen};
use crate::text;
use almoner_core::export::{Ending, Export, Told};
use std::io::Read;

/// Bytes of a part, about.
const PART: usize = 4 << 20;

/// Tells a file of messages.
pub(crate) fn tell(large: &mut Large<'_, '_>, path: &str, listen: &mut Listen<'_>) {
    let limits = Limits::default();
    let (mut course, mut export) = (Course::default(), Export::default());
    let mut begun = false;
    let mut reader = large.open(0);
    let mut bytes = Vec::new();
    loop {
        let read = reader.by_ref().take(PART as u64).read_to_end(&mut bytes).unwrap_or(0);
        let end = match last_message(&bytes) {
            _ if read == 0 => bytes.len(),
            Some(end) => end,
            // One message that is longer than any may be is cut; its reader says so.
            None if bytes.len() > limits.message_bytes + PART => bytes.len(),
            None => continue,
        };
        let rest = bytes.split_off(end);
        let decoded = text::decode(&bytes);
        export = read_part(&decoded.text, limits, &mut course, export);
        for problem in decoded.problems {
            if !export.problems.iter().any(|known| known.code == problem.code) {
                export.problems.push(problem);
            }
        }
        if !export.format.is_empty() && !std::mem::replace(&mut begun, true) {
            telling::begin(path, &export, listen);
        }
        telling::statements(&mut export, listen);
        bytes = rest;
        if read == 0 {
            break;
        }
    }
    export.problems.append(&mut course.problems);
    let outcome = finish(export, limits, course.more);
    listen(Told::End(Box::new(Ending { path: path.to_owned(), outcome })));
}

/// Where the last message of a part begins, if another is before it: it may go on behind the part.
fn last_message(bytes: &[u8]) -> Option<usize> {
    let ends = |byte: &u8| matches!(byte, b'\r' | b'\n' | 0x0B | 0x1C);
    let mut starts = bytes.windows(4).enumerate().rev();
    let last = starts.find(|(_, window)| {
        let [end, rest @ ..] = window else { return false };
        ends(end) && (rest == b"MSH" || rest == b"BHS" || rest == b"FHS")
    });
    last.map(|(at, _)| at + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::large::{File, Place};
    use crate::telling::gather;
    use std::fmt::Write as _;

    /// Messages of unlike length about many people, with a batch around them and MLLP bytes.
    fn file(messages: usize, end: &str) -> String {
        let mut text = format!("FHS|^~\\&|A{end}BHS|^~\\&|B{end}");
        for number in 0..messages {
            let note = "x".repeat(number % 700 * 7);
            let _ = write!(
                text,
                "\u{b}MSH|^~\\&|A|B|C|D|20260101||ADT^A08|{number}|P|2.5{end}PID|1||{number}^^^B^MR||\
                 Doe^Jane||19800101|F{end}NTE|1||{note}{end}\u{1c}{end}"
            );
        }
        text + &format!("BTS|{messages}{end}FTS|1{end}")
    }

    #[test]
    fn parts_make_the_same_whole() {
        for end in ["\r", "\n", "\r\n"] {
            let text = file(8_000, end);
            assert!(text.len() > 3 * PART);
            let mut bytes = std::io::Cursor::new(text.as_bytes());
            let file = File::alone("", 0, false);
            let mut large = Large { place: Place::File(&mut bytes), files: vec![file] };
            let mut told = Vec::new();
            tell(&mut large, "", &mut |one| told.push(one));
            let members = gather(told);
            assert_eq!(members.len(), 1);
            let whole = super::super::read(&text);
            assert!(members[0].outcome == whole, "another whole with line end {end:?}");
        }
    }
}
