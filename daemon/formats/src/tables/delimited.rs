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

/// Reads all rows. What goes over a bound costs its row; a text too wide to be a table is refused.
pub fn read(text: &str, dialect: Dialect) -> Result<(Rows, Vec<Problem>), Problem> {
    let mut rows = Rows::default();
    let mut problems = Vec::new();
    let mut lines = Lines { bytes: text.as_bytes(), at: 0, line: 1 };
    for record in records(text, dialect) {
        let line = record.position().map_or(0, |position| lines.at(position.byte()));
        if record.len() > COLUMNS {
            return Err(too_wide(line));
        }
        match beyond(&record) {
            Some(message) => {
                let at = format!("line {line}");
                problems.push(Problem::new(Severity::Error, at, "row_refused", message));
                // Its place is kept, so that the rows after it keep their numbers.
                rows.push([], line);
            }
            None => rows.push(&record, line),
        }
    }
    Ok((rows, problems))
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
