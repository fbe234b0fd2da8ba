//! Text whose rows are lines and whose cells have a separator between them (RFC 4180 and its kin):
//! finds out how it is written, then reads it within the bounds of the house.

use super::{CELL, COLUMNS, ROW, Rows};
use almoner_core::export::{Problem, Severity};

/// Rows that are looked at to find the separator.
const SAMPLE: usize = 20;

/// How the lines of a text end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineEnds {
    /// There is only one line.
    None,
    Lf,
    CrLf,
    Cr,
    Mixed,
}

/// How rows and cells are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    pub delimiter: u8,
    /// True when quotes enclose cells (RFC 4180); false when a quote is a sign like any other.
    pub quoted: bool,
    pub line_ends: LineEnds,
}

impl Dialect {
    /// Epic's tables: tabs and no quoting at all.
    pub fn tabs(text: &str) -> Self {
        Self { delimiter: b'\t', quoted: false, line_ends: line_ends(text) }
    }
}

/// Finds the separator among tab, comma, semicolon and bar, and whether cells are quoted: whichever
/// gives the most even rows. `None` when no separator parts the first lines.
pub fn sniff(text: &str) -> Option<Dialect> {
    let line_ends = line_ends(text);
    let head = head(text);
    let clarity = |delimiter| delimiter == b'\t' && is_clarity(head.lines().next().unwrap_or(""));
    let mut best: Option<(Score, Dialect)> = None;
    for delimiter in *b"\t,;|" {
        for quoted in [true, false] {
            let dialect = Dialect { delimiter, quoted, line_ends };
            let Some(score) = score(head, dialect) else { continue };
            let exact = best.as_ref().is_some_and(|(held, _)| *held == score);
            let better = best.as_ref().is_none_or(|(held, _)| score > *held);
            if better || (exact && !quoted && clarity(delimiter)) {
                best = Some((score, dialect));
            }
        }
    }
    let (_, mut dialect) = best?;
    if dialect.quoted && clarity(dialect.delimiter) {
        dialect.quoted = false;
    } else if dialect.quoted && text.contains('"') {
        dialect.quoted =
            ragged(text, dialect) <= ragged(text, Dialect { quoted: false, ..dialect });
    }
    Some(dialect)
}

/// Reads all rows. What goes over a bound costs its row, as does a quote that is never closed; a text
/// too wide to be a table is refused.
///
/// # Errors
/// The text has more columns than a table of a clinic.
pub fn read(text: &str, dialect: Dialect) -> Result<(Rows, Vec<Problem>), Problem> {
    let (mut rows, mut problems) = (Rows::default(), Vec::new());
    let mut lines = Lines { bytes: text.as_bytes(), at: 0, line: 1 };
    let (mut from, mut mended) = (0, 0);
    while let Some(rest) = text.get(from..).filter(|rest| !rest.is_empty()) {
        let start = from;
        from = text.len();
        for record in records(rest, dialect) {
            let at = record.position().map_or(0, csv::Position::byte);
            let line = lines.at(at + start as u64);
            if record.len() > COLUMNS {
                return Err(too_wide(line));
            }
            let raw = rest.get(usize::try_from(at).unwrap_or(0)..).unwrap_or_default();
            let open = dialect.quoted && mended < MENDED && is_quoted_amiss(raw, dialect.delimiter);
            let message = if open { Some(AMISS) } else { beyond(&record) };
            let Some(message) = message else {
                rows.push(&record, line);
                continue;
            };
            let at = format!("line {line}");
            problems.push(Problem::new(Severity::Error, at, "row_refused", message));
            // Its place is kept, so that the rows after it keep their numbers.
            rows.push([], line);
            if open {
                // The rows after it, which its cell would have swallowed, are read again.
                let blank = raw.len() - raw.trim_start_matches(['\r', '\n']).len();
                let rest = raw.get(blank..).unwrap_or_default();
                let next = rest.find(['\r', '\n']).map_or(rest.len(), |end| end + 1);
                from = text.len() - rest.len() + next;
                mended += 1;
                break;
            }
        }
    }
    Ok((rows, problems))
}

/// Rows whose quotes don't match that are told one by one; each has the rest read again.
const MENDED: usize = 50;

const AMISS: &str = "The quotes of this row don't match: where its cells end can't be told, so the row \
                     was not taken. Close the quote in the list and drop it again.";

/// Whether a quoted cell of the row that begins here has something behind its end, or no end
/// (RFC 4180 section 2, rules 5 to 7).
fn is_quoted_amiss(text: &str, delimiter: u8) -> bool {
    let bytes = text.trim_start_matches(['\r', '\n']).as_bytes();
    let mut at = 0;
    loop {
        if bytes.get(at) == Some(&b'"') {
            at += 1;
            loop {
                match (bytes.get(at), bytes.get(at + 1)) {
                    (Some(b'"'), Some(b'"')) => at += 2,
                    (Some(b'"'), _) => break,
                    (Some(_), _) => at += 1,
                    (None, _) => return true,
                }
            }
            at += 1;
            while bytes.get(at) == Some(&b' ') && delimiter != b' ' {
                at += 1;
            }
        } else {
            while bytes.get(at).is_some_and(|b| !matches!(b, b'\r' | b'\n') && *b != delimiter) {
                at += 1;
            }
        }
        match bytes.get(at) {
            Some(b) if *b == delimiter => at += 1,
            None | Some(b'\r' | b'\n') => return false,
            Some(_) => return true,
        }
    }
}

/// How the lines of a text end, wherever they stand.
pub fn line_ends(text: &str) -> LineEnds {
    let (cr, lf) = (text.matches('\r').count(), text.matches('\n').count());
    let both = text.matches("\r\n").count();
    match (cr - both, lf - both, both) {
        (0, 0, 0) => LineEnds::None,
        (0, 0, _) => LineEnds::CrLf,
        (0, _, 0) => LineEnds::Lf,
        (_, 0, 0) => LineEnds::Cr,
        _ => LineEnds::Mixed,
    }
}

/// Ends of lines among some bytes; `\r\n` is one.
pub(super) fn line_count(bytes: &[u8]) -> usize {
    let (mut lines, mut before) = (0, 0);
    for byte in bytes {
        lines += usize::from(*byte == b'\r' || (*byte == b'\n' && before != b'\r'));
        before = *byte;
    }
    lines
}

/// Counts lines on the way through a text.
struct Lines<'t> {
    bytes: &'t [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line in which a record begins: behind the end of the one before it, and blank lines.
    fn at(&mut self, record: u64) -> u64 {
        let from = usize::try_from(record).unwrap_or(usize::MAX).max(self.at);
        let rest = self.bytes.get(from..).unwrap_or_default();
        let blank = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let to = (from + blank).min(self.bytes.len());
        let passed = self.bytes.get(self.at..to).unwrap_or_default();
        self.line += line_count(passed) as u64;
        self.at = to;
        self.line
    }
}

/// The records that can be read; text is UTF-8 already, so none fails.
fn records(text: &str, dialect: Dialect) -> impl Iterator<Item = csv::StringRecord> {
    csv::ReaderBuilder::new()
        .delimiter(dialect.delimiter)
        .quoting(dialect.quoted)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes())
        .into_records()
        .filter_map(Result::ok)
}

/// Which bound a row breaks, in words.
fn beyond(record: &csv::StringRecord) -> Option<&'static str> {
    if record.iter().any(|cell| cell.len() > CELL) {
        return Some("A cell of this row holds more than 1 MiB; the row was not taken.");
    }
    if record.as_slice().len() > ROW {
        return Some("This row is longer than 4 MiB; it was not taken.");
    }
    let nul = record.as_slice().contains('\0');
    nul.then_some("This row holds a character that no text has (NUL); it was not taken.")
}

fn too_wide(line: u64) -> Problem {
    let message = "The table has more than 512 columns, which no list of a clinic has; nothing was \
                   taken from it. Ask the sender for an export with fewer columns.";
    Problem::new(Severity::Error, format!("line {line}"), "table_too_wide", message)
}

/// How well a dialect fits: how many of the first rows have as many cells as most have, in
/// hundredths; then how many cells that is.
type Score = (usize, usize);

fn score(head: &str, dialect: Dialect) -> Option<Score> {
    let widths: Vec<usize> =
        records(head, dialect).take(SAMPLE).map(|record| record.len()).collect();
    let first = *widths.first()?;
    let times = |width: usize| widths.iter().filter(|w| **w == width).count();
    let usual =
        widths.iter().copied().max_by_key(|width| (times(*width), *width == first, *width))?;
    let most = *widths.iter().max()?;
    if most < 2 {
        return None;
    }
    let width = if usual < 2 { most } else { usual };
    Some((times(width) * 100 / widths.len(), width))
}

/// Rows that have another width than the first one.
fn ragged(text: &str, dialect: Dialect) -> usize {
    let mut records = records(text, dialect);
    let width = records.next().map_or(0, |record| record.len());
    records.filter(|record| record.len() != width).count()
}

/// The first lines, whole; enough for the sample also when cells hold line ends.
fn head(text: &str) -> &str {
    const ENOUGH: usize = 64 * 1024;
    let Some(end) = (ENOUGH..text.len()).find(|at| text.is_char_boundary(*at)) else { return text };
    let head = text.get(..end).unwrap_or(text);
    head.rfind(['\n', '\r']).and_then(|at| head.get(..at)).unwrap_or(head)
}

/// A header of Epic's EHI tables: capitals, digits and underscores between tabs.
fn is_clarity(header: &str) -> bool {
    header.split('\t').all(|name| {
        name.starts_with(|c: char| c.is_ascii_uppercase())
            && name.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Option<(char, bool)> {
        sniff(text).map(|dialect| (char::from(dialect.delimiter), dialect.quoted))
    }

    #[test]
    fn separators_and_quotes() {
        for (text, expected) in [
            ("a,b,c\n1,2,3\n", Some((',', true))),
            ("a;b;c\n1;2,5;3\n4;5,5;6\n", Some((';', true))),
            ("a|b\n1|x, y\n", Some(('|', true))),
            ("PAT_ID\tNAME\r\n1\t\"x\"\r\n", Some(('\t', false))),
            ("PAT_ID\tNAME\r\n1\t\"x\r\n2\ty\r\n", Some(('\t', false))),
            ("Name\tDay\n\"Last, First\"\t1\n", Some(('\t', true))),
            ("name,note\n\"Doe, Ann\",\"two\nlines\"\n", Some((',', true))),
            ("size,what\n\"5,pipe\n6,rod\n7,bar\n", Some((',', false))),
            ("Report of June\n\nname,day,sex\na,b,c\nd,e,f\n", Some((',', true))),
            ("one column\nand no more\n", None),
            ("", None),
        ] {
            assert_eq!(found(text), expected, "{text:?}");
        }
    }

    #[test]
    fn ends_of_lines() {
        for (text, expected) in [
            ("a", LineEnds::None),
            ("a\nb", LineEnds::Lf),
            ("a\r\nb\r\n", LineEnds::CrLf),
            ("a\rb", LineEnds::Cr),
            ("a\r\n\"b\nc\"\r\n", LineEnds::Mixed),
        ] {
            assert_eq!(line_ends(text), expected, "{text:?}");
        }
    }

    #[test]
    fn an_open_quote_costs_its_row() {
        let dialect = Dialect { delimiter: b',', quoted: true, line_ends: LineEnds::Lf };
        for (text, expected, refused) in [
            ("a,b\n1,\"x, y\n2,\"z, q\"\n3,v\n", vec!["a b", "", "2 z, q", "3 v"], vec!["line 2"]),
            ("a,b\n1,x\n2,\"z\n3,v", vec!["a b", "1 x", "", "3 v"], vec!["line 3"]),
            ("a,b\r\n\r\n1,\"x\" y\r\n2,z\r\n", vec!["a b", "", "2 z"], vec!["line 3"]),
            (
                "a,b\n1,\"two\nlines\" \n2,5\" pipe\n",
                vec!["a b", "1 two\nlines ", "2 5\" pipe"],
                vec![],
            ),
            ("a,b\n1,\"say \"\"so\"\"\"\n", vec!["a b", "1 say \"so\""], vec![]),
        ] {
            let (rows, problems) = read(text, dialect).unwrap();
            let found: Vec<String> =
                (0..rows.len()).map(|n| rows.cells(n).collect::<Vec<_>>().join(" ")).collect();
            assert_eq!(found, expected, "{text:?}");
            let told: Vec<_> = problems.iter().map(|problem| &*problem.at).collect();
            assert_eq!(told, refused, "{text:?}");
        }
    }

    #[test]
    fn bounds_cost_a_row_each_and_are_told() {
        let long = "x".repeat(CELL + 1);
        let wide = vec!["y".repeat(CELL / 2); 9].join(",");
        let text = format!("a,b\n1,2\n{long},3\n{wide}\n4,\0\n5,6\n");
        let dialect = Dialect { delimiter: b',', quoted: true, line_ends: LineEnds::Lf };
        let (rows, problems) = read(&text, dialect).unwrap();
        let places: Vec<_> = problems.iter().map(|p| (&*p.at, &*p.code)).collect();
        let refused = "row_refused";
        assert_eq!(places, [("line 3", refused), ("line 4", refused), ("line 5", refused)]);
        assert_eq!(rows.len(), 6);
        assert_eq!(rows.cells(5).collect::<Vec<_>>(), ["5", "6"]);
        assert_eq!(rows.width(2), 0);
        let columns = vec!["c"; COLUMNS + 1].join(",");
        assert_eq!(read(&columns, dialect).unwrap_err().code, "table_too_wide");
        assert!(read(&vec!["c"; COLUMNS].join(","), dialect).is_ok());
    }
}
