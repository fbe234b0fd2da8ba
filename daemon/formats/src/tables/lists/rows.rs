//! The rows of a list, one after the other: who is meant, what is said. What can't be read costs its
//! cell or its row, and is told.

use super::clinical;
use super::dates::{self, windows};
use super::free::{self, Free};
use super::people;
use super::words::Words;
use crate::tables::sheet::Sheet;
use almoner_core::clinical::{Content, Patient, When};
use almoner_core::export::{PersonStatements, Problem, Sense, Severity, Statement};
use almoner_core::lists::{Field, Heading, Mapping, Remark, Use};
use almoner_core::text::fold;
use chrono::NaiveDate;
use std::collections::{BTreeMap, HashMap};

/// Problems of one code that are listed one by one; the others are counted.
const LISTED: usize = 50;

/// Statements of one person that a new one is compared with: a list that repeats itself says it
/// once.
const LOOKED_BACK: usize = 100;

/// A sheet with its header.
pub(super) struct List<'s> {
    pub sheet: &'s Sheet,
    pub header_row: usize,
    pub columns: &'s [Heading],
    /// What its places begin with, where the file has several sheets.
    pub prefix: String,
}

impl List<'_> {
    /// What becomes of each column.
    pub fn uses(&self, mapping: &Mapping) -> Vec<Use> {
        self.columns.iter().map(|column| mapping.of(&column.key)).collect()
    }

    /// Rows below the header.
    pub fn rows(&self) -> impl Iterator<Item = usize> + use<> {
        self.header_row + 1..self.sheet.rows.len()
    }

    /// The first rows that hold something.
    pub fn sample(&self, most: usize) -> Vec<(u64, Vec<String>)> {
        let cells = |row: usize| -> Vec<String> {
            let width = 0..self.columns.len();
            width.map(|column| short(self.sheet.rows.at(row, column))).collect()
        };
        let filled = self
            .rows()
            .filter(|row| self.sheet.rows.cells(*row).any(|cell| !cell.trim().is_empty()));
        filled.take(most).map(|row| (self.sheet.number(row), cells(row))).collect()
    }

    fn is_header_again(&self, row: usize) -> bool {
        let named = self.columns.iter().enumerate().filter(|(_, it)| !it.text.is_empty());
        let mut same = 0;
        for (at, column) in named {
            if self.sheet.rows.at(row, at).trim() != column.text {
                return false;
            }
            same += 1;
        }
        same > 0
    }
}

/// A cell as a question shows it.
fn short(cell: &str) -> String {
    cell.chars().take(200).collect()
}

/// By which rows of one person are told: number, name, birth date.
type Key = (String, String, String);

/// Rows that are being taken.
pub(super) struct Taking<'m> {
    pub words: &'static Words,
    mapping: &'m Mapping,
    pub reading: dates::Reading,
    /// Every row is a person of its own: for a preview.
    pub one_each: bool,
    people: Vec<PersonStatements>,
    known: HashMap<Key, usize>,
    /// Who of the list has a name, or a number.
    names: HashMap<String, Vec<usize>>,
    numbers: HashMap<String, Vec<usize>>,
    pub problems: Problems,
}

/// Problems, of which those of one code are listed up to a number.
#[derive(Default)]
pub(super) struct Problems {
    listed: Vec<Problem>,
    counts: BTreeMap<&'static str, usize>,
}

/// One row, by what its columns are.
pub(super) struct Row<'r> {
    pub place: String,
    /// Cells with their fields, cleaned, none empty.
    cells: Vec<(Field, &'r str)>,
}

impl<'r> Row<'r> {
    /// The cell of a field; empty when nothing stands there.
    pub fn get(&self, field: Field) -> &'r str {
        self.all(field).next().unwrap_or_default()
    }

    /// All cells of a field that several columns may hold.
    pub fn all(&self, field: Field) -> impl Iterator<Item = &'r str> + '_ {
        self.cells.iter().filter(move |(it, _)| *it == field).map(|(_, cell)| *cell)
    }
}

impl<'m> Taking<'m> {
    pub fn new(words: &'static Words, mapping: &'m Mapping, today: Option<NaiveDate>) -> Self {
        let (births_from, dates_from) = windows(today, words.births_from);
        let reading =
            dates::Reading { order: mapping.dates, births_from, dates_from, from_1904: false };
        let problems = Problems::default();
        Self {
            words,
            mapping,
            reading,
            one_each: false,
            people: Vec::new(),
            known: HashMap::new(),
            names: HashMap::new(),
            numbers: HashMap::new(),
            problems,
        }
    }

    /// Takes the rows of one sheet.
    pub fn take(&mut self, list: &List<'_>) {
        self.reading.from_1904 = list.sheet.from_1904;
        let uses = list.uses(self.mapping);
        let free = free::columns(list, &uses, self.words, self.reading);
        for row in list.rows() {
            self.take_row(list, &uses, &free, row);
        }
    }

    /// The people of the list, and what could not be read.
    pub fn done(self) -> (Vec<PersonStatements>, Vec<Problem>) {
        (self.people, self.problems.done())
    }

    fn take_row(&mut self, list: &List<'_>, uses: &[Use], free: &[Free], at: usize) {
        let cells: Vec<&str> = list.sheet.rows.cells(at).map(clean).collect();
        let first = cells.iter().find(|cell| !cell.is_empty());
        let Some(first) = first else { return };
        if list.is_header_again(at) {
            return;
        }
        let place = format!("{}row {}", list.prefix, list.sheet.number(at));
        let mut row = Row { place, cells: Vec::new() };
        for (cell, use_) in cells.iter().zip(uses) {
            if let (Use::Field(field), false) = (use_, cell.is_empty()) {
                row.cells.push((*field, cell));
            }
        }
        let Some(who) = people::read(&row, self) else {
            if !self.words.is_foot(first) {
                self.problems.say(&row.place, "row_without_patient");
            }
            return;
        };
        let parts = !row.get(Field::LastName).is_empty() && !row.get(Field::FirstName).is_empty();
        if !parts && who.birth_date.is_none() && self.words.is_foot(first) {
            return;
        }
        let statements = clinical::read(&row, self);
        let Some(person) = self.person(&row.place, who) else { return };
        for (name, content, sense) in statements {
            add(person, &row.place, name, content, sense);
        }
        let told = free.iter().map(|column| column.remark(cells.get(column.at), &row.place));
        if person.remarks.is_empty() {
            person.remarks.extend(told);
        } else {
            merge(&mut person.remarks, told);
        }
    }

    /// The person whom a row means: the same as in an earlier row, or another one.
    fn person(&mut self, place: &str, who: Patient) -> Option<&mut PersonStatements> {
        let key = key_of(&who);
        let known = self.known.get(&key).copied().or_else(|| self.meant(&key));
        let known = known.filter(|_| !self.one_each);
        let at = known.unwrap_or(self.people.len());
        if known.is_none() {
            self.names.entry(key.1.clone()).or_default().push(at);
            self.numbers.entry(key.0.clone()).or_default().push(at);
            self.known.insert(key, at);
            self.people.push(PersonStatements {
                key: place.to_owned(),
                place: place.to_owned(),
                ..PersonStatements::default()
            });
        }
        let person = self.people.get_mut(at)?;
        if known.is_some() {
            people::fill(&mut person.patient, who);
        } else {
            person.patient = who;
        }
        Some(person)
    }

    /// Whom a row means that gives only a name, or only a number: the one person of the list who has
    /// it.
    fn meant(&self, (number, name, born): &Key) -> Option<usize> {
        let only_name = number.is_empty() && born.is_empty() && !name.is_empty();
        let only_number = name.is_empty() && !number.is_empty();
        if !only_name && !only_number {
            return None;
        }
        let (index, wanted) = if only_name { (&self.names, name) } else { (&self.numbers, number) };
        match index.get(wanted).map(Vec::as_slice) {
            Some([only]) => Some(*only),
            _ => None,
        }
    }

    /// A day of the row; one that can't be read is told, with its heading's meaning.
    pub fn day(&mut self, row: &Row<'_>, field: Field) -> Option<When> {
        let cell = row.get(field);
        if cell.is_empty() || is_no_day(cell) || self.is_nothing(cell) {
            return None;
        }
        let day = dates::when(cell, field == Field::BirthDate, self.reading);
        if day.is_none() {
            let birth = field == Field::BirthDate;
            self.problems.say(&row.place, if birth { "birth_date_unread" } else { "date_unread" });
        }
        day
    }

    /// Whether a cell says that nothing is known.
    pub fn is_nothing(&self, cell: &str) -> bool {
        let signs = |c: char| matches!(c, '-' | '–' | '—' | '.' | '?' | '*' | '_' | '/' | ' ');
        cell.chars().all(signs) || self.words.meaning("nothing", cell).is_some()
    }

    /// The cell of a field, without words that say that nothing is known.
    pub fn text<'r>(&self, row: &Row<'r>, field: Field) -> &'r str {
        let cell = row.get(field);
        if self.is_nothing(cell) { "" } else { cell }
    }
}

impl Problems {
    /// Notes a problem of a row.
    pub fn say(&mut self, place: &str, code: &'static str) {
        let count = self.counts.entry(code).or_default();
        *count += 1;
        if *count <= LISTED {
            let (severity, message) = message(code);
            self.listed.push(Problem::new(severity, place, code, message));
        }
    }

    fn done(mut self) -> Vec<Problem> {
        for (code, count) in self.counts {
            if count > LISTED {
                let (severity, words) = message(code);
                let more = format!("{} further rows: {words}", count - LISTED);
                self.listed.push(Problem::new(severity, "further rows", code, &more));
            }
        }
        self.listed
    }
}

fn message(code: &str) -> (Severity, &'static str) {
    match code {
        "row_without_patient" => (
            Severity::Error,
            "This row names no patient, or only half of a name; nothing was taken from it. Look at \
             the list and write down by hand what matters.",
        ),
        "birth_date_unread" => (
            Severity::Warning,
            "The birth date of this row can't be a date as it stands. The row was taken without \
             it; compare with the patient's record.",
        ),
        "time_unread" => (
            Severity::Warning,
            "The time of this row can't be read. The day was taken without it; ask for the time \
             before telling the patient.",
        ),
        _ => (
            Severity::Warning,
            "A date of this row can't be a date as it stands; it was left out. Look at the list.",
        ),
    }
}

/// What stands in a cell, without what spreadsheet programs put around it: `="00123"`, `'00123`,
/// `#N/A`.
pub(super) fn clean(cell: &str) -> &str {
    let cell = cell.trim().trim_matches(['\u{a0}', '\u{feff}']).trim();
    let formula = cell.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"'));
    let cell = formula.unwrap_or(cell);
    let cell = cell.strip_prefix('\'').unwrap_or(cell);
    let fault = cell.starts_with('#') && cell.ends_with(['!', '?', 'A']) && cell.len() < 9;
    if fault { "" } else { cell }
}

/// What programs write where there is no day.
fn is_no_day(cell: &str) -> bool {
    let zeros = |c: char| matches!(c, '0' | '/' | '-' | ':' | ' ' | '.' | '_');
    cell.chars().all(zeros) || matches!(cell, "1/0/1900" | "1/0/00" | "12/30/1899" | "12/31/1899")
}

fn add(
    person: &mut PersonStatements,
    place: &str,
    name: &'static str,
    content: Content,
    sense: Sense,
) {
    let mut before = person.statements.iter().rev().take(LOOKED_BACK);
    if before.any(|it| it.content == content && it.sense == sense) {
        return;
    }
    let identifiers = match &content {
        Content::Other(other) => other.identifiers.clone(),
        Content::Encounter(visit) => visit.identifiers.clone(),
        _ => Vec::new(),
    };
    person.statements.push(Statement {
        key: format!("{place} {name}"),
        place: place.to_owned(),
        content,
        sense,
        identifiers,
        recorded: None,
        author: String::new(),
        section: String::new(),
        narrative: String::new(),
        labels: Vec::new(),
        verbatim: None,
        distinct: false,
    });
}

fn key_of(who: &Patient) -> Key {
    let number = who.identifiers.iter().find(|id| id.kind == "MR");
    let name = who.names.first();
    let name = name.map(|name| fold(&format!("{} {}", name.family, name.given.join(" "))));
    let born = who.birth_date.as_ref().map(ToString::to_string);
    (
        number.map(|id| id.value.clone()).unwrap_or_default(),
        name.unwrap_or_default(),
        born.unwrap_or_default(),
    )
}

/// What a later row of the same person says in the clinic's columns: it fills what was empty.
fn merge(known: &mut [Remark], told: impl Iterator<Item = Remark>) {
    for remark in told {
        let same = known.iter_mut().find(|it| it.column == remark.column);
        if let Some(same) = same.filter(|it| it.value.is_empty()) {
            *same = remark;
        }
    }
}
