//! The fields of one row as a column map names them: texts, dates, concepts, flags.

use super::account::{Account, Loss};
use super::map::{Field, Map, Only, Piece};
use super::set::{At, Bound, Set};
use super::values;
use crate::tables::normal;
use almoner_core::clinical::{
    Concept, ContactPoint, HumanName, Period, Quantity, Reference, Value, When,
};
use std::collections::{BTreeMap, HashMap};

/// Lines shorter than this (bytes) are whole.
const CUT: usize = 200;

/// Fields of a map, bound to the tables of one export.
pub(super) struct Fields<'m> {
    bound: HashMap<&'m str, BoundField<'m>>,
}

struct BoundField<'m> {
    path: Bound,
    words: Option<&'m HashMap<String, String>>,
    other: Option<&'m str>,
    time: Option<Bound>,
}

/// A piece of a map (a telephone number, a reaction), bound.
pub(super) struct BoundPiece<'m> {
    rows: Option<Bound>,
    only: Vec<BoundOnly<'m>>,
    fields: Fields<'m>,
}

/// A condition of a map, bound.
pub(super) struct BoundOnly<'m> {
    path: Bound,
    unless: Option<Bound>,
    only: &'m Only,
}

/// What readers of one export share.
pub(super) struct Scene<'s> {
    pub set: &'s Set,
    pub account: &'s Account,
}

/// One row, seen through the fields of a map.
#[derive(Clone, Copy)]
pub(super) struct Cells<'s> {
    pub scene: &'s Scene<'s>,
    pub at: At,
    fields: &'s Fields<'s>,
}

impl<'m> Fields<'m> {
    pub fn bind(
        set: &mut Set,
        sheet: usize,
        map: &'m Map,
        fields: &'m BTreeMap<String, Field>,
    ) -> Self {
        let mut bound = HashMap::new();
        for (name, field) in fields {
            let path = set.bind(sheet, field.path());
            let field = match field {
                Field::Plain(_) => BoundField { path, words: None, other: None, time: None },
                Field::Coded { words, other, time, .. } => BoundField {
                    path,
                    words: words.as_ref().and_then(|name| Some(&map.words.get(name)?.0)),
                    other: other.as_deref(),
                    time: time.as_ref().map(|time| set.bind(sheet, time)),
                },
            };
            bound.insert(name.as_str(), field);
        }
        Self { bound }
    }

    pub fn row<'s>(&'s self, scene: &'s Scene<'s>, at: At) -> Cells<'s>
    where
        'm: 's,
    {
        Cells { scene, at, fields: self }
    }
}

impl<'m> BoundOnly<'m> {
    pub fn bind(set: &mut Set, sheet: usize, only: &'m [Only]) -> Vec<Self> {
        let mut bound = Vec::new();
        for only in only {
            let unless = only.absent_unless.as_ref().map(|path| set.bind(sheet, path));
            bound.push(Self { path: set.bind(sheet, &only.value), unless, only });
        }
        bound
    }

    /// Whether a row meets the condition; one about a column that is not there is met.
    pub fn holds(&self, set: &Set, at: At) -> bool {
        if self.path.is_empty() {
            return !self.only.present;
        }
        let value = &*self.path.first(set, at);
        let among = |words: &[String]| words.iter().any(|word| word.eq_ignore_ascii_case(value));
        let is = self.only.is.is_empty() || among(&self.only.is);
        let day = |text: &str| values::when(text).map(|when| when.as_str().to_owned());
        let early = self.only.from.as_deref().and_then(|from| Some(day(value)?.as_str() < from));
        let odd = self
            .unless
            .as_ref()
            .is_some_and(|unless| !value.is_empty() && unless.first(set, at).is_empty());
        if early == Some(true) || odd {
            return false;
        }
        is && !among(&self.only.not) && !(self.only.present && value.is_empty())
    }
}

impl<'m> BoundPiece<'m> {
    pub fn bind(set: &mut Set, sheet: usize, map: &'m Map, pieces: &'m [Piece]) -> Vec<Self> {
        let mut bound = Vec::new();
        for piece in pieces {
            let rows = piece.rows.as_ref().map(|rows| set.bind(sheet, rows));
            let target = match &rows {
                Some(rows) => rows.target(),
                None => Some(sheet),
            };
            let Some(target) = target else { continue };
            bound.push(Self {
                only: BoundOnly::bind(set, target, &piece.only),
                fields: Fields::bind(set, target, map, &piece.fields),
                rows,
            });
        }
        bound
    }

    /// The rows that this piece is made of, for one row of its record.
    pub fn each<'s>(&'s self, scene: &'s Scene<'s>, at: At) -> Vec<Cells<'s>> {
        let rows = self.rows.as_ref().map_or_else(|| vec![at], |rows| rows.rows(scene.set, at));
        let met = rows.into_iter().filter(|at| self.only.iter().all(|it| it.holds(scene.set, *at)));
        met.map(|at| self.fields.row(scene, at)).collect()
    }
}

impl Cells<'_> {
    /// All values of a field, in order, through its list of words.
    pub fn all(&self, name: &str) -> Vec<String> {
        let Some(field) = self.fields.bound.get(name) else { return Vec::new() };
        let values = field.path.all(self.scene.set, self.at);
        values.iter().filter_map(|value| self.coded(name, field, value)).collect()
    }

    fn coded(&self, name: &str, field: &BoundField<'_>, value: &str) -> Option<String> {
        let Some(words) = field.words else { return Some(value.to_owned()) };
        let found = words.get(&normal(value)).map(String::as_str).or(field.other);
        if found.is_none() {
            self.lost(Loss::Word, name);
        }
        found.filter(|code| !code.is_empty()).map(str::to_owned)
    }

    /// Counts what a field lost, under its table.
    pub fn lost(&self, loss: Loss, name: &str) {
        let what = format!("{} {name}", self.scene.set.table(self.at));
        self.scene.account.count(loss, &what, || self.scene.set.place(self.at));
    }

    /// The first value; empty when there is none.
    pub fn text(&self, name: &str) -> String {
        self.all(name).into_iter().next().unwrap_or_default()
    }

    /// All values, a line each; but a text that was cut to lines of one greatest length goes on
    /// where it was cut.
    pub fn lines(&self, name: &str) -> String {
        let lines = self.all(name);
        let longest = lines.iter().map(String::len).max().unwrap_or_default();
        let full = |line: &String| line.len() == longest && longest >= CUT;
        let cut = lines.iter().filter(|line| full(line)).count() > 1;
        let mut text = String::new();
        for line in &lines {
            text.push_str(line);
            if !(cut && full(line)) {
                text.push('\n');
            }
        }
        text.trim_end().to_owned()
    }

    pub fn when(&self, name: &str) -> Option<When> {
        let field = self.fields.bound.get(name)?;
        let text = &*field.path.first(self.scene.set, self.at);
        if text.is_empty() {
            return None;
        }
        let Some(day) = values::when(text) else {
            self.lost(Loss::Date, name);
            return None;
        };
        let clock = field.time.as_ref().map(|time| time.first(self.scene.set, self.at));
        Some(
            clock
                .filter(|clock| !clock.is_empty())
                .map_or(day.clone(), |c| values::at_time(&day, &c)),
        )
    }

    pub fn period(&self) -> Period {
        Period { start: self.when("start"), end: self.when("end") }
    }

    /// Words under `name`; codes under `name_code` with `name_system`, `name_code2` with
    /// `name_system2`, and `name_codes` where several stand in one cell.
    pub fn concept(&self, name: &str) -> Option<Concept> {
        let mut codings = Vec::new();
        for which in ["", "2"] {
            let code = self.text(&format!("{name}_code{which}"));
            let system = self.text(&format!("{name}_system{which}"));
            let display = self.text(&format!("{name}_display{which}"));
            codings.extend(values::coding(&system, &code, &display));
        }
        let several = self.text(&format!("{name}_codes"));
        codings.extend(values::codings(&several, &self.text(&format!("{name}_system"))));
        values::concept(&self.text(name), codings)
    }

    /// Concepts of words, one for each value.
    pub fn concepts(&self, name: &str) -> Vec<Concept> {
        self.all(name).into_iter().map(Concept::text).collect()
    }

    pub fn flag(&self, name: &str) -> Option<bool> {
        match self.text(name).to_ascii_lowercase().as_str() {
            "" => None,
            "y" | "yes" | "true" | "t" | "1" | "1.0" => Some(true),
            _ => Some(false),
        }
    }

    /// A number with its unit, from two fields or from one (`10 mg`).
    pub fn quantity(&self, name: &str, unit: &str) -> Option<Quantity> {
        let (text, unit) = (self.text(name), self.text(unit));
        let (number, written) = text.split_once(' ').unwrap_or((&text, ""));
        let unit = if unit.is_empty() { written.trim() } else { &unit };
        match values::value(number, unit) {
            Value::Quantity(quantity) => Some(quantity),
            _ => None,
        }
    }

    /// Somebody or something known by words only.
    pub fn named(&self, name: &str) -> Option<Reference> {
        let display = self.text(name);
        (!display.is_empty()).then(|| Reference { key: String::new(), display })
    }

    /// A name in parts (`family`, `given`, …), or whole (`name`: `Last, First M` or `First Last`).
    pub fn name(&self) -> Option<HumanName> {
        let mut name = HumanName {
            use_: self.text("use"),
            family: self.text("family"),
            given: [self.all("given"), self.all("middle")].concat(),
            prefix: self.all("prefix"),
            suffix: self.all("suffix"),
        };
        if name.family.is_empty() && name.given.is_empty() {
            let whole = self.text("name");
            let (family, given) = match whole.split_once(',') {
                Some((family, given)) => (family.trim(), given.trim()),
                None => whole.rsplit_once(' ').map_or((whole.trim(), ""), |(g, f)| (f, g)),
            };
            family.clone_into(&mut name.family);
            name.given = given.split_whitespace().map(str::to_owned).collect();
        }
        (!name.family.is_empty() || !name.given.is_empty()).then_some(name)
    }

    /// A way to reach somebody: `value` with `system` and `use`.
    pub fn contact(&self) -> Option<ContactPoint> {
        let (value, system) = (self.text("value"), self.text("system"));
        let system = match system.as_str() {
            "" if value.contains('@') => "email".to_owned(),
            "" => "phone".to_owned(),
            _ => system,
        };
        (!value.is_empty()).then(|| ContactPoint { system, value, use_: self.text("use") })
    }

    pub fn address(&self) -> Option<almoner_core::clinical::Address> {
        let address = almoner_core::clinical::Address {
            use_: String::new(),
            lines: [self.all("line"), self.all("line2")].concat(),
            city: self.text("city"),
            state: self.text("state"),
            postal_code: self.text("postal_code"),
            country: self.text("country"),
        };
        let empty = address == almoner_core::clinical::Address::default();
        (!empty).then(|| almoner_core::clinical::Address { use_: self.text("use"), ..address })
    }
}
