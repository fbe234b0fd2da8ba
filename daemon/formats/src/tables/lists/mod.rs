//! Any list that a clinic has, row by row: patients, appointments, referrals, problems … and the
//! clinic's own tracking sheet. Columns are known by their headings, or by a profile that somebody
//! confirmed; where neither is sure, nothing is taken and the question is handed back
//! (`detection.md` §12).

mod clinical;
mod dates;
mod free;
mod header;
mod names;
mod people;
mod rows;
mod words;

use super::Rows;
use super::sheet::Sheet;
use almoner_core::clinical::When;
use almoner_core::export::{Export, PersonStatements, Problem, Severity};
use almoner_core::lists::{
    Ask, DateOrder, Doubt, Field, ListKind, Mapping, Profile, SAMPLE_ROWS, Use, fingerprint,
};
use chrono::NaiveDate;
use header::Header;
pub use header::is_many;
use rows::List;
use words::words;

/// The receipt's `format` of a list.
pub const FORMAT: &str = "list";

/// What is known beside the bytes when a list is read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Known<'p> {
    /// Name of the source, for which a profile was saved.
    pub source: &'p str,
    /// The day of receipt: years of two digits are read by it.
    pub today: Option<NaiveDate>,
    pub profiles: &'p [Profile],
}

/// Reads the sheets of one file: the one whose header says most, and those with the same header.
pub fn read(sheets: &[Sheet], known: Known<'_>) -> Export {
    let words = words();
    let headers: Vec<Header> = sheets.iter().map(|it| Header::find(words, &it.rows)).collect();
    let best = headers.iter().enumerate().max_by_key(|(at, header)| {
        (header.known, sheets.get(*at).map_or(0, |it| it.rows.len()), std::cmp::Reverse(*at))
    });
    let Some((best, header)) = best else { return nothing_there() };
    let print = fingerprint(&header.columns);
    let profile = known
        .profiles
        .iter()
        .find(|profile| profile.source == known.source && profile.fingerprint == print);
    let mut reading = header.reading(words);
    if let Some(profile) = profile {
        reading.mapping.clone_from(&profile.mapping);
        reading.doubt = None;
    }
    let same = |at: usize, other: &Header| at == best || fingerprint(&other.columns) == print;
    let (mut taken, mut left) = (Vec::new(), 0);
    for (at, (sheet, header)) in sheets.iter().zip(&headers).enumerate() {
        if same(at, header) && !header.columns.is_empty() {
            taken.push((at, sheet, header));
        } else if sheet.rows.len() > 1 {
            left += 1;
        }
    }
    let lists: Vec<List<'_>> = taken
        .into_iter()
        .map(|(at, sheet, header)| {
            let prefix =
                if sheets.len() > 1 { format!("sheet {} ", at + 1) } else { String::new() };
            List { sheet, header_row: header.at, columns: &header.columns, prefix }
        })
        .collect();
    if profile.is_none() && reading.doubt.is_none() && day_first(&lists, &reading.mapping) {
        reading.doubt = Some(Doubt::Dates);
        reading.mapping.dates = DateOrder::DayFirst;
    }
    let mut export = match reading.doubt {
        Some(doubt) => ask(doubt, &lists, reading.mapping),
        None => take(&lists, &reading.mapping, known.today),
    };
    for list in &lists {
        export.problems.extend(list.sheet.problems.iter().cloned());
    }
    if left > 0 {
        export.problems.push(sheets_left());
    }
    export
}

/// How the first rows of a question would be read: one entry for each row that names somebody, and
/// what could not be read.
pub fn preview(
    ask: &Ask,
    mapping: &Mapping,
    today: Option<NaiveDate>,
) -> (Vec<PersonStatements>, Vec<Problem>) {
    let mut rows = Rows::default();
    let texts = ask.columns.iter().map(|column| column.text.as_str());
    rows.push(texts, 0);
    let mut numbers = vec![0];
    for (number, cells) in &ask.rows {
        rows.push(cells.iter().map(String::as_str), *number);
        numbers.push(*number);
    }
    let sheet = Sheet { rows, numbers, from_1904: ask.from_1904, ..Sheet::default() };
    let list = List { sheet: &sheet, header_row: 0, columns: &ask.columns, prefix: String::new() };
    let mut taking = rows::Taking::new(words(), mapping, today);
    taking.one_each = true;
    taking.take(&list);
    taking.done()
}

/// What a mapping lacks to be used: of each group one field is needed.
pub fn missing(mapping: &Mapping) -> Vec<Vec<Field>> {
    let kind = words().kinds.iter().find(|kind| kind.list == mapping.kind);
    let has = |field: &Field| mapping.columns.iter().any(|(_, use_)| *use_ == Use::Field(*field));
    let needs = kind.into_iter().flat_map(|kind| &kind.needs);
    needs.filter(|group| !group.iter().any(has)).cloned().collect()
}

/// What a column of a kind of list can be: what the kind has of its own, then who the patient is.
pub fn fields_of(kind: ListKind) -> Vec<Field> {
    let words = words();
    let own = words.kinds.iter().filter(|it| it.list == kind);
    let mut fields: Vec<Field> = Vec::new();
    let all = own.flat_map(|it| it.marks.iter().chain(&it.fields));
    for field in all.chain(Field::ALL.iter().filter(|field| words.is_person(**field))) {
        if !fields.contains(field) {
            fields.push(*field);
        }
    }
    fields
}

fn take(lists: &[List<'_>], mapping: &Mapping, today: Option<NaiveDate>) -> Export {
    let mut taking = rows::Taking::new(words(), mapping, today);
    for list in lists {
        taking.take(list);
    }
    let (people, problems) = taking.done();
    Export {
        format: FORMAT.to_owned(),
        document: mapping.kind.key().to_owned(),
        created: today.map(When::day),
        people,
        problems,
        ..Export::default()
    }
}

/// Hands the question back, with enough of the list to answer it.
fn ask(doubt: Doubt, lists: &[List<'_>], proposal: Mapping) -> Export {
    let message = match doubt {
        Doubt::Header => {
            "It is not known what the columns of this list are. Nothing was taken from it. Open the \
             file under Intake and say what each column holds; the next list like it is then read \
             by itself. If it is no list of patients, leave it as it is."
        }
        Doubt::Kind => {
            "It is not sure what this list is about, or a column that is needed was not found. \
             Nothing was taken from it. Open the file under Intake, look at the columns and save; \
             the next list like it is then read by itself."
        }
        Doubt::Dates => {
            "A date of this list begins with a number above 12, so the day may come first in all of \
             them. Nothing was taken from it. Open the file under Intake, say which comes first, \
             and save."
        }
    };
    let problem = Problem::new(Severity::Error, "file", "mapping_needed", message);
    let first = lists.first();
    let ask = first.map(|list| {
        Box::new(Ask {
            doubt,
            columns: list.columns.to_vec(),
            rows: list.sample(SAMPLE_ROWS),
            from_1904: list.sheet.from_1904,
            proposal,
        })
    });
    Export { format: FORMAT.to_owned(), problems: vec![problem], ask, ..Export::default() }
}

/// Whether some date of a date column can only be read with the day first.
fn day_first(lists: &[List<'_>], mapping: &Mapping) -> bool {
    lists.iter().any(|list| {
        let dates: Vec<usize> = list
            .uses(mapping)
            .into_iter()
            .enumerate()
            .filter(|(_, use_)| matches!(use_, Use::Field(field) if field.is_date()))
            .map(|(at, _)| at)
            .collect();
        list.rows().any(|row| {
            let cells = dates.iter().map(|column| list.sheet.rows.at(row, *column));
            cells.filter_map(dates::proof).any(|proof| proof == dates::Proof::DayFirst)
        })
    })
}

fn nothing_there() -> Export {
    let message = "The file holds a sheet without rows. Ask the sender to export it again.";
    let problem = Problem::new(Severity::Error, "file", "list_empty", message);
    Export { format: FORMAT.to_owned(), problems: vec![problem], ..Export::default() }
}

fn sheets_left() -> Problem {
    let message = "The workbook holds further sheets with other columns; they were not read. Save \
                   each of them as a file of its own and drop that.";
    Problem::new(Severity::Warning, "file", "sheets_not_read", message)
}
