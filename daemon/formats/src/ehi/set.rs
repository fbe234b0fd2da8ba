//! The tables of an export as one thing: found by name, joined by their keys, with a path of a column
//! map bound once and then followed for every row.

use super::path::{Path, Step};
use crate::tables::{Table, normal};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// A row of the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct At {
    pub sheet: usize,
    part: usize,
    row: usize,
}

/// A table of the export; several files may hold parts of it.
struct Sheet {
    /// As the file or the statement named it.
    name: String,
    parts: Vec<Table>,
    /// All columns of the parts, and where each stands in each part.
    columns: Vec<String>,
    places: Vec<Vec<Option<usize>>>,
}

/// Rows of a sheet by the value of one column, in order of their `LINE` (rows of a text stand in any order).
type Index = HashMap<String, Vec<At>>;

/// The tables of an export.
pub(super) struct Set {
    sheets: Vec<Sheet>,
    by_name: HashMap<String, usize>,
    indexes: HashMap<(usize, usize), Index>,
    /// Values that stand for nothing.
    absent: HashSet<String>,
    used: HashSet<(usize, usize)>,
}

/// A path that knows its sheets and columns.
#[derive(Clone, Debug)]
pub(super) struct Bound(Vec<Link>);

#[derive(Clone, Debug)]
enum Link {
    Word(String),
    Column(usize),
    Greatest,
    Beside(Vec<Link>),
    Rows {
        sheet: usize,
        key: usize,
        value: Box<Link>,
        others: Vec<(usize, Link)>,
        then: Option<Box<Link>>,
    },
}

impl Set {
    /// Puts tables together; those of one name become one.
    pub fn new(tables: Vec<(String, Table)>, absent: &[String]) -> Self {
        let absent = absent.iter().map(|word| word.to_lowercase()).collect();
        let mut set = Self {
            sheets: Vec::new(),
            by_name: HashMap::new(),
            indexes: HashMap::new(),
            absent,
            used: HashSet::new(),
        };
        for (name, table) in tables {
            let next = set.sheets.len();
            let at = *set.by_name.entry(normal(&name)).or_insert(next);
            if at == next {
                let (columns, places, parts) = (Vec::new(), Vec::new(), Vec::new());
                set.sheets.push(Sheet { name, parts, columns, places });
            }
            if let Some(sheet) = set.sheets.get_mut(at) {
                sheet.add(table);
            }
        }
        set
    }

    pub fn sheet(&self, name: &str) -> Option<usize> {
        self.by_name.get(&normal(name)).copied()
    }

    /// Every table's number, name and count of rows.
    pub fn sheets(&self) -> impl Iterator<Item = (usize, &str, usize)> {
        self.sheets.iter().enumerate().map(|(at, sheet)| (at, &*sheet.name, sheet.len()))
    }

    pub fn rows(&self, sheet: usize) -> impl Iterator<Item = At> {
        let parts = self.sheets.get(sheet).map(|it| it.parts.as_slice()).unwrap_or_default();
        parts
            .iter()
            .enumerate()
            .flat_map(move |(part, table)| (0..table.len()).map(move |row| At { sheet, part, row }))
    }

    /// The name of the table that a row is in.
    pub fn table(&self, at: At) -> &str {
        self.sheets.get(at.sheet).map_or("", |sheet| &sheet.name)
    }

    /// `PROBLEM_LIST.tsv row 17`.
    pub fn place(&self, at: At) -> String {
        let part = self.sheets.get(at.sheet).and_then(|sheet| sheet.parts.get(at.part));
        part.and_then(|table| table.row(at.row)).map(|row| row.place()).unwrap_or_default()
    }

    /// True when a row has as many cells as its header; more only when they are empty.
    pub fn is_even(&self, at: At) -> bool {
        let part = self.sheets.get(at.sheet).and_then(|sheet| sheet.parts.get(at.part));
        let Some((table, row)) = part.and_then(|t| Some((t, t.row(at.row)?))) else { return false };
        let columns = table.columns().len();
        row.width() == columns
            || (row.width() > columns && (columns..row.width()).all(|c| row.at(c).is_empty()))
    }

    /// A cell; empty for what stands for nothing.
    pub fn cell(&self, at: At, column: usize) -> &str {
        let Some(sheet) = self.sheets.get(at.sheet) else { return "" };
        let place = sheet.places.get(at.part).and_then(|places| *places.get(column)?);
        let row = sheet.parts.get(at.part).and_then(|table| table.row(at.row));
        let value = place.and_then(|place| Some(row?.at(place))).unwrap_or_default();
        if self.stands_for_nothing(value) { "" } else { value }
    }

    fn stands_for_nothing(&self, value: &str) -> bool {
        let absent = |word: &str| self.absent.contains(&word.to_lowercase());
        let words = || value.split([' ', ',']).filter(|word| !word.is_empty());
        value.len() <= 48 && !value.is_empty() && (absent(value) || words().all(absent))
    }

    /// The sheet's column of a name. A key that now comes as its label (`DX_ID` as `DX_ID_DX_NAME`)
    /// is found by its beginning; so is a name that ends with a star.
    fn column(&self, sheet: usize, name: &str) -> Option<usize> {
        let columns = &self.sheets.get(sheet)?.columns;
        let wanted = normal(name);
        if !name.ends_with('*') {
            let exact = columns.iter().position(|column| normal(column) == wanted);
            if exact.is_some() || !name.to_ascii_uppercase().ends_with("_ID") {
                return exact;
            }
        }
        let start = format!("{}_", name.trim_end_matches(['*', '_']).to_ascii_uppercase());
        columns.iter().position(|column| column.to_ascii_uppercase().starts_with(&start))
    }

    /// Binds a path for the rows of a sheet; what this export does not have drops out.
    pub fn bind(&mut self, sheet: usize, path: &Path) -> Bound {
        Bound(path.0.iter().filter_map(|step| self.link(sheet, step)).collect())
    }

    fn link(&mut self, sheet: usize, step: &Step) -> Option<Link> {
        match step {
            Step::Word(word) => Some(Link::Word(word.clone())),
            Step::Greatest => Some(Link::Greatest),
            Step::Beside(steps) => {
                let links = steps.iter().filter_map(|step| self.link(sheet, step));
                Some(Link::Beside(links.collect()))
            }
            Step::Column(name) => {
                let column = self.column(sheet, name)?;
                self.used.insert((sheet, column));
                Some(Link::Column(column))
            }
            Step::Rows { table, conditions, then } => {
                let to = self.sheet(table)?;
                let mut bound = Vec::new();
                for (column, value) in conditions {
                    let column = self.column(to, column)?;
                    self.used.insert((to, column));
                    bound.push((column, self.link(sheet, value)?));
                }
                let mut bound = bound.into_iter();
                let (key, value) = bound.next()?;
                self.index(to, key);
                let then = match then {
                    Some(then) => Some(Box::new(self.link(to, then)?)),
                    None => None,
                };
                let (value, others) = (Box::new(value), bound.collect());
                Some(Link::Rows { sheet: to, key, value, others, then })
            }
        }
    }

    fn index(&mut self, sheet: usize, column: usize) {
        if self.indexes.contains_key(&(sheet, column)) {
            return;
        }
        let lines = ["LINE", "LINE_COMMENT"].map(|name| self.column(sheet, name));
        let mut index = Index::new();
        for at in self.rows(sheet).filter(|at| self.is_even(*at)) {
            let value = whole(self.cell(at, column));
            if !value.is_empty() {
                index.entry(value.to_owned()).or_default().push(at);
            }
        }
        let number = |at: &At, column: Option<usize>| {
            column.and_then(|column| self.cell(*at, column).parse().ok()).unwrap_or(u64::MAX)
        };
        for rows in index.values_mut() {
            rows.sort_by_key(|at| lines.map(|it| number(at, it)));
        }
        self.indexes.insert((sheet, column), index);
    }

    /// Columns of sheets in use that hold something and that no path asks for: `TABLE.COLUMN`.
    pub fn unused_columns(&self) -> Vec<String> {
        let mut unused = Vec::new();
        for (at, sheet) in self.sheets.iter().enumerate() {
            if !self.is_used(at) {
                continue;
            }
            let free =
                (0..sheet.columns.len()).filter(|column| !self.used.contains(&(at, *column)));
            let held = free.filter(|c| self.rows(at).any(|row| !self.cell(row, *c).is_empty()));
            let names = held.filter_map(|c| sheet.columns.get(c));
            unused.extend(names.map(|name| format!("{}.{name}", sheet.name)));
        }
        unused
    }

    /// True when some path asks for a column of the sheet.
    pub fn is_used(&self, sheet: usize) -> bool {
        self.used.iter().any(|(used, _)| *used == sheet)
    }
}

/// A key as a whole number where a database wrote it with a fraction of nothing: `12.00` is `12`.
pub(super) fn whole(key: &str) -> &str {
    match key.split_once('.') {
        Some((whole, fraction))
            if !whole.is_empty()
                && whole.bytes().all(|b| b.is_ascii_digit())
                && fraction.bytes().all(|b| b == b'0') =>
        {
            whole
        }
        _ => key,
    }
}

impl Sheet {
    fn add(&mut self, table: Table) {
        let mut places = vec![None; self.columns.len()];
        for (at, name) in table.columns().iter().enumerate() {
            let wanted = normal(name);
            let held = self.columns.iter().position(|column| normal(column) == wanted);
            if let Some(place) = held.and_then(|column| places.get_mut(column)) {
                place.get_or_insert(at);
            } else {
                self.columns.push(name.clone());
                places.push(Some(at));
            }
        }
        self.places.push(places);
        self.parts.push(table);
    }

    fn len(&self) -> usize {
        self.parts.iter().map(Table::len).sum()
    }
}

impl Bound {
    /// True when this export has none of what the path asks for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The first value; empty when there is none.
    pub fn first<'s>(&'s self, set: &'s Set, at: At) -> Cow<'s, str> {
        self.all(set, at).into_iter().next().unwrap_or_default()
    }

    /// All values of the first alternative that holds any.
    pub fn all<'s>(&'s self, set: &'s Set, at: At) -> Vec<Cow<'s, str>> {
        for link in &self.0 {
            let mut values = Vec::new();
            link.values(set, at, &mut values);
            if !values.is_empty() {
                return values;
            }
        }
        Vec::new()
    }

    /// The rows that a path without a column leads to.
    pub fn rows(&self, set: &Set, at: At) -> Vec<At> {
        let mut found = Vec::new();
        for link in &self.0 {
            link.rows(set, at, &mut found);
        }
        found
    }

    /// The sheet that a path without a column leads to.
    pub fn target(&self) -> Option<usize> {
        self.0.iter().find_map(Link::target)
    }
}

impl Link {
    fn values<'s>(&'s self, set: &'s Set, at: At, out: &mut Vec<Cow<'s, str>>) {
        match self {
            Self::Greatest => {}
            Self::Beside(links) => {
                let first = |link: &'s Self| {
                    let mut values = Vec::new();
                    link.values(set, at, &mut values);
                    values.into_iter().next()
                };
                let parts: Vec<Cow<'s, str>> = links.iter().filter_map(first).collect();
                if !parts.is_empty() {
                    out.push(parts.join(" ").into());
                }
            }
            Self::Word(word) => out.push(word.into()),
            Self::Column(column) => {
                let value = set.cell(at, *column);
                if !value.is_empty() {
                    out.push(value.into());
                }
            }
            Self::Rows { then, .. } => {
                let Some(then) = then else { return };
                for row in self.met(set, at) {
                    then.values(set, row, out);
                }
            }
        }
    }

    fn rows(&self, set: &Set, at: At, out: &mut Vec<At>) {
        if let Self::Rows { then, .. } = self {
            for row in self.met(set, at) {
                match then {
                    Some(then) => then.rows(set, row, out),
                    None => out.push(row),
                }
            }
        }
    }

    /// The rows that meet the conditions.
    fn met(&self, set: &Set, at: At) -> Vec<At> {
        let Self::Rows { sheet, key, value, others, .. } = self else { return Vec::new() };
        let mut wanted = Vec::new();
        value.values(set, at, &mut wanted);
        let Some(index) = set.indexes.get(&(*sheet, *key)) else { return Vec::new() };
        let fits = |row: &At| {
            others.iter().filter(|(_, value)| !matches!(value, Self::Greatest)).all(
                |(column, value)| {
                    let mut allowed = Vec::new();
                    value.values(set, at, &mut allowed);
                    allowed.iter().any(|word| word.eq_ignore_ascii_case(set.cell(*row, *column)))
                },
            )
        };
        let found = wanted.iter().filter_map(|value| index.get(whole(value.as_ref()))).flatten();
        let mut rows: Vec<At> = found.copied().filter(fits).collect();
        for (column, _) in others.iter().filter(|(_, value)| matches!(value, Self::Greatest)) {
            let order = |at: &At| {
                let value = set.cell(*at, *column);
                (value.parse::<f64>().map_or(0, f64::to_bits), value.to_owned())
            };
            let greatest = rows.iter().map(order).max();
            rows.retain(|row| Some(order(row)) == greatest);
        }
        rows
    }

    fn target(&self) -> Option<usize> {
        match self {
            Self::Rows { sheet, then: None, .. } => Some(*sheet),
            Self::Rows { then: Some(then), .. } => then.target(),
            _ => None,
        }
    }
}
