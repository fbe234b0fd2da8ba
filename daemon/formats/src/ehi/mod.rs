//! Reads whole exports of electronic health records: sets of tables, as 45 CFR 170.315(b)(10) makes
//! every vendor write them, each in a form of its own. What the tables are called and hold is told by
//! column maps (`config/data/ehi`); the reading is one for all vendors.

mod account;
mod cells;
mod facts;
mod map;
mod path;
mod people;
mod pieces;
mod set;
mod sources;
mod values;

use crate::tables::{Table, normal};
use account::{Account, Loss};
use almoner_core::clinical::{Content, Identifier};
use almoner_core::export::{Export, PersonStatements, Problem, Severity, Statement, Unreadable};
use cells::{BoundOnly, BoundPiece, Fields, Scene};
use facts::Row;
use map::{Fact, Map, Wide};
use people::People;
pub use pieces::pieces;
use set::{At, Bound, Set, whole};
use std::collections::{HashMap, HashSet};

/// A vendor whose exports are known, by its word (`epic`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Vendor(&'static str);

impl Vendor {
    /// `epic`, `oracle-health` …: what receipts show as the version.
    pub fn word(self) -> &'static str {
        self.0
    }
}

/// Whose export a group of files is, by their names and first lines; `None` when they are no set that
/// is known.
pub fn recognise(files: &[(&str, &str)]) -> Option<Vendor> {
    let tables: Vec<(String, Vec<String>)> =
        files.iter().flat_map(|(path, text)| sources::headers(path, text)).collect();
    let fits = |map: &&Map| {
        let met = |(name, columns): &(&String, &Vec<String>)| {
            tables.iter().any(|(table, held)| {
                sources::is_named(table, name) && columns.iter().all(|c| held.contains(&normal(c)))
            })
        };
        map.marks.iter().filter(met).count() >= map.least
    };
    map::MAPS.iter().find(fits).map(|map| Vendor(&map.vendor))
}

/// Whether a file of an archive is of Oracle Health's longitudinal plan (concerns, goals, activities),
/// which stands beside the tables in a form that is not published.
pub(crate) fn is_plan(path: &str) -> bool {
    path.split('/').any(|part| matches!(part, "longitudinal_plan" | "longplan"))
}

/// Whether a text alone is a table that some vendor's exports are known by.
pub fn is_known(text: &str) -> bool {
    table_of(text).is_some()
}

/// Reads a table that came without the others: a table of patients gives its patients; of any other
/// it is said what is missing.
pub fn read_alone(text: &str) -> Result<Export, Unreadable> {
    let Some((map, table)) = table_of(text) else { return Err(no_patients("", "", "")) };
    if table != map.patient.table {
        return Err(no_patients(&map.name, table, &map.patient.table));
    }
    let mut problems = Vec::new();
    let tables = sources::tables(map, &[(table, text)], &mut problems);
    read_tables(map, tables, problems)
}

/// The map and the table of it whose columns a text has, written just so; the one with the most. A
/// single column tells only where it is the first one of a table in the capitals of a database.
fn table_of(text: &str) -> Option<(&'static Map, &'static str)> {
    let found = sources::exact_headers(text);
    let shouts = |held: &[String]| held.iter().all(|name| *name == name.to_uppercase());
    let fits = |columns: &[String]| {
        found.iter().any(|held| {
            let all = columns.iter().all(|column| held.contains(column));
            all && (columns.len() > 1 || (held.first() == columns.first() && shouts(held)))
        })
    };
    let marks = map::MAPS.iter().flat_map(|map| map.marks.iter().map(move |mark| (map, mark)));
    let known = marks.filter(|(_, (_, columns))| fits(columns));
    let (map, (table, _)) = known.max_by_key(|(_, (_, columns))| columns.len())?;
    Some((map, table))
}

/// Reads the files of a set: path and text of each.
pub fn read_set(vendor: Vendor, files: &[(&str, &str)]) -> Result<Export, Unreadable> {
    let Some(map) = map::of(vendor.0) else { return Err(no_patients(vendor.0, "", "")) };
    let mut problems = Vec::new();
    let tables = sources::tables(map, files, &mut problems);
    read_tables(map, tables, problems)
}

fn read_tables(
    map: &'static Map,
    tables: Vec<(String, Table)>,
    problems: Vec<Problem>,
) -> Result<Export, Unreadable> {
    let mut set = Set::new(tables, &map.absent);
    let Some(people) = People::bind(&mut set, map) else {
        return Err(no_patients(&map.name, "", &map.patient.table));
    };
    let plans: Vec<Plan<'_>> =
        map.fact.iter().filter_map(|fact| Plan::bind(&mut set, map, fact)).collect();
    let account = Account::default();
    let (people, places) = people.read(&set, &account);
    let mut reading = Reading { map, people, places, shared: Vec::new(), keys: HashSet::new() };
    let mut visits = HashMap::new();
    for plan in &plans {
        plan.read(&set, &account, &mut reading, &visits);
        if plan.fact.kind == "encounter" {
            let split = |key: &String| Some((key.split_once('/')?.1.to_owned(), key.clone()));
            visits.extend(reading.keys.iter().filter_map(split));
        }
    }
    let mut export = Export {
        format: "ehi".to_owned(),
        version: map.vendor.clone(),
        document: "ehi-export".to_owned(),
        software: map.name.clone(),
        people: reading.people,
        shared: reading.shared,
        problems,
        ..Export::default()
    };
    export.problems.extend(account.problems());
    export.problems.extend(account::unused(&set, &map.never));
    if export.people.is_empty() {
        return Err(no_patients(&map.name, "", &map.patient.table));
    }
    Ok(export)
}

/// What has been read so far.
struct Reading {
    map: &'static Map,
    people: Vec<PersonStatements>,
    places: HashMap<String, usize>,
    shared: Vec<Statement>,
    keys: HashSet<String>,
}

/// Whose a row is.
enum Whose {
    Person(usize),
    Stranger,
    Nobody,
}

impl Reading {
    /// The patient that a row names; the only one of the set when it names none.
    fn whose(&self, set: &Set, at: At, person: Option<&Bound>) -> Whose {
        let key = person.map(|person| person.first(set, at)).unwrap_or_default();
        let key = whole(&key);
        let key = if key == "0" { "" } else { key };
        match self.places.get(key) {
            Some(place) => Whose::Person(*place),
            None if !key.is_empty() => Whose::Stranger,
            None if self.people.len() == 1 => Whose::Person(0),
            None => Whose::Nobody,
        }
    }
}

/// The reading of one kind of fact from one table.
struct Plan<'m> {
    fact: &'m Fact,
    sheet: usize,
    key: Vec<Bound>,
    person: Option<Bound>,
    only: Vec<BoundOnly<'m>>,
    fields: Fields<'m>,
    lines: Vec<(&'m str, Bound)>,
    parts: Vec<BoundPiece<'m>>,
    columns: Vec<(&'m Wide, Bound, Option<Bound>)>,
}

impl<'m> Plan<'m> {
    fn bind(set: &mut Set, map: &'m Map, fact: &'m Fact) -> Option<Self> {
        let sheet = set.sheet(&fact.table)?;
        if fact.unless.as_ref().is_some_and(|table| set.sheet(table).is_some()) {
            return None;
        }
        let mut columns = Vec::new();
        for wide in &fact.columns {
            let second = wide.second.as_ref().map(|(path, ..)| set.bind(sheet, path));
            columns.push((wide, set.bind(sheet, &wide.column), second));
        }
        Some(Self {
            fact,
            sheet,
            key: fact.key.iter().map(|key| set.bind(sheet, key)).collect(),
            person: fact.person.as_ref().map(|person| set.bind(sheet, person)),
            only: BoundOnly::bind(set, sheet, &fact.only),
            fields: Fields::bind(set, sheet, map, &fact.fields),
            lines: fact
                .lines
                .iter()
                .map(|(words, path)| (&**words, set.bind(sheet, path)))
                .collect(),
            parts: BoundPiece::bind(set, sheet, map, &fact.parts),
            columns,
        })
    }

    fn read(
        &self,
        set: &Set,
        account: &Account,
        reading: &mut Reading,
        visits: &HashMap<String, String>,
    ) {
        let scene = Scene { set, account };
        let table = &self.fact.table;
        for at in set.rows(self.sheet) {
            let lost = |loss| account.count(loss, table, || set.place(at));
            if !set.is_even(at) {
                lost(Loss::Ragged);
                continue;
            }
            if !self.only.iter().all(|only| only.holds(set, at)) {
                if !self.fact.aside {
                    lost(Loss::Excluded);
                }
                continue;
            }
            if self.fact.kind == "practitioner" {
                self.say(&scene, at, visits, reading, None);
                continue;
            }
            match reading.whose(set, at, self.person.as_ref()) {
                Whose::Person(place) => self.say(&scene, at, visits, reading, Some(place)),
                Whose::Stranger => lost(Loss::Stranger),
                Whose::Nobody => lost(Loss::Nobody),
            }
        }
    }

    /// Makes the statements of a row and hands them to whom they are about.
    fn say(
        &self,
        scene: &Scene<'_>,
        at: At,
        visits: &HashMap<String, String>,
        reading: &mut Reading,
        place: Option<usize>,
    ) {
        let (key, own) = self.key(scene.set, at);
        let identifier = own.then(|| Identifier {
            system: format!("{}:{}", reading.map.vendor, self.fact.table),
            value: key.split_once('/').map(|(_, key)| key.to_owned()).unwrap_or_default(),
            kind: String::new(),
        });
        let cells = self.fields.row(scene, at);
        let table = &self.fact.table;
        let row = Row { cells, table, parts: &self.parts, lines: &self.lines, identifier, visits };
        let mut found: Vec<(String, Content)> = Vec::new();
        if self.columns.is_empty() {
            let content = facts::content(&self.fact.kind, &row);
            found.extend(content.map(|content| (key, content)));
        } else {
            let each = facts::wide(&row, &self.columns).into_iter();
            if each.len() == 0 {
                scene.account.count(Loss::Hollow, table, || scene.set.place(at));
            }
            found.extend(each.map(|(number, content)| (format!("{key}/{}", number + 1), content)));
        }
        for (key, content) in found {
            let silent = facts::is_silent(&content);
            if silent || !reading.keys.insert(key.clone()) {
                let loss = if silent { Loss::Hollow } else { Loss::Repeated };
                scene.account.count(loss, &self.fact.table, || scene.set.place(at));
                continue;
            }
            let mut statement = facts::statement(&row, key.clone(), content);
            for id in &mut statement.identifiers {
                id.value = key.split_once('/').map(|(_, key)| key.to_owned()).unwrap_or_default();
            }
            match place.and_then(|place| reading.people.get_mut(place)) {
                Some(person) => person.statements.push(statement),
                None => reading.shared.push(statement),
            }
        }
    }

    /// `TABLE/KEY`, and whether the key is the source's own; else the row's place.
    fn key(&self, set: &Set, at: At) -> (String, bool) {
        let cells: Vec<_> = self.key.iter().map(|key| key.first(set, at)).collect();
        let parts: Vec<&str> = cells.iter().map(|cell| whole(cell)).collect();
        if parts.is_empty() || parts.iter().any(|part| part.is_empty()) {
            return (format!("{}/{}", self.fact.table, set.place(at)), false);
        }
        (format!("{}/{}", self.fact.table, parts.join("-")), true)
    }
}

/// Says which table is missing.
fn no_patients(name: &str, table: &str, patients: &str) -> Unreadable {
    let part = if table.is_empty() { "part".to_owned() } else { format!("one table ({table})") };
    let message = format!(
        "This is {part} of an export of {name}, but the table of patients ({patients}) is missing or \
         empty, so that nobody can tell whose the rows are. Nothing was taken. Drop the whole export: \
         the zip or the folder with all its tables."
    );
    let problem = Problem::new(Severity::Error, "export", "patients_missing", &message);
    Unreadable { format: "ehi".to_owned(), problem }
}
