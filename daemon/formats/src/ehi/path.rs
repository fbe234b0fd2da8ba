//! Where a value stands in a set of tables, as the column maps write it:
//!
//! - `DX_NAME` is a column of the row at hand; `DX_ID_*` the first column that begins so;
//! - `'MR'` is a word of the map itself;
//! - `CLARITY_EDG[DX_ID].DX_NAME` goes to the rows of another table with the same `DX_ID`,
//!   `users[UID=pid].ulname` to those whose `UID` is this row's `pid`; several conditions have commas;
//! - in `NOTES[NOTE_ID, VERSION=+].TEXT` only the rows with the greatest `VERSION` count;
//! - `ufname & ulname` puts two values beside each other;
//! - `A | B` is B where A holds nothing.

use serde::Deserialize;

/// A place, as parsed; not yet bound to the tables of an export.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Path(pub Vec<Step>);

/// One alternative of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    Word(String),
    Column(String),
    /// In a condition: the greatest value that the rows have.
    Greatest,
    /// Values beside each other, with a blank between them.
    Beside(Vec<Step>),
    /// Rows of a table that meet the conditions; then a place in those rows, or the rows themselves.
    Rows {
        table: String,
        conditions: Vec<(String, Step)>,
        then: Option<Box<Step>>,
    },
}

impl Path {
    /// Adds the names of the tables that the path goes through.
    pub fn tables<'p>(&'p self, names: &mut Vec<&'p str>) {
        for step in &self.0 {
            step.tables(names);
        }
    }
}

impl Step {
    fn tables<'p>(&'p self, names: &mut Vec<&'p str>) {
        if let Self::Beside(steps) = self {
            for step in steps {
                step.tables(names);
            }
        }
        if let Self::Rows { table, conditions, then } = self {
            names.push(table);
            for step in conditions.iter().map(|(_, step)| step).chain(then.as_deref()) {
                step.tables(names);
            }
        }
    }
}

impl TryFrom<String> for Path {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let mut reader = Reader { rest: &text };
        let mut steps = vec![reader.beside()?];
        while reader.take('|') {
            steps.push(reader.beside()?);
        }
        if reader.rest.trim().is_empty() {
            Ok(Self(steps))
        } else {
            Err(format!("not a path: {text}"))
        }
    }
}

/// Deeper nesting is no path of a map.
const DEEPEST: usize = 8;

struct Reader<'t> {
    rest: &'t str,
}

impl<'t> Reader<'t> {
    fn beside(&mut self) -> Result<Step, String> {
        let first = self.step_at(0)?;
        if !self.take('&') {
            return Ok(first);
        }
        let mut steps = vec![first, self.step_at(0)?];
        while self.take('&') {
            steps.push(self.step_at(0)?);
        }
        Ok(Step::Beside(steps))
    }

    fn step_at(&mut self, depth: usize) -> Result<Step, String> {
        if depth > DEEPEST {
            return Err("a path too deep".to_owned());
        }
        if self.take('\'') {
            let (word, rest) = self.rest.split_once('\'').ok_or("a word without its end")?;
            self.rest = rest;
            return Ok(Step::Word(word.to_owned()));
        }
        let name = self.name()?.to_owned();
        if !self.take('[') {
            return Ok(Step::Column(name));
        }
        let mut conditions = Vec::new();
        loop {
            let column = self.name()?.to_owned();
            let value = match (self.take('='), self.take('+')) {
                (true, true) => Step::Greatest,
                (true, false) => self.step_at(depth + 1)?,
                _ => Step::Column(column.clone()),
            };
            conditions.push((column, value));
            if !self.take(',') {
                break;
            }
        }
        if !self.take(']') {
            return Err(format!("{name} without its closing bracket"));
        }
        let then = if self.take('.') { Some(Box::new(self.step_at(depth + 1)?)) } else { None };
        Ok(Step::Rows { table: name, conditions, then })
    }

    fn name(&mut self) -> Result<&'t str, String> {
        let rest = self.rest.trim_start();
        let end =
            rest.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '*').unwrap_or(rest.len());
        let (name, rest) = rest.split_at(end);
        if name.is_empty() {
            return Err(format!("a name is missing before {rest:?}"));
        }
        self.rest = rest;
        Ok(name)
    }

    fn take(&mut self, mark: char) -> bool {
        let rest = self.rest.trim_start();
        let found = rest.strip_prefix(mark);
        if let Some(rest) = found {
            self.rest = rest;
        }
        found.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str) -> Step {
        Step::Column(name.to_owned())
    }

    #[test]
    fn paths_are_read() {
        let parse = |text: &str| Path::try_from(text.to_owned());
        assert_eq!(parse("A | B_*").unwrap().0, [column("A"), column("B_*")]);
        assert_eq!(
            parse("T[K].V").unwrap().0,
            [Step::Rows {
                table: "T".into(),
                conditions: vec![("K".into(), column("K"))],
                then: Some(Box::new(column("V"))),
            }]
        );
        let nested = parse("T[A=U[B].C, D='x y'].V | 'w'").unwrap();
        assert_eq!(nested.0.len(), 2);
        assert_eq!(nested.0[1], Step::Word("w".into()));
        assert!(matches!(&parse("T[K, V=+].X").unwrap().0[0], Step::Rows { conditions, .. }
            if conditions[1].1 == Step::Greatest));
        assert!(
            matches!(&parse("A & T[K].B").unwrap().0[0], Step::Beside(steps) if steps.len() == 2)
        );
        for wrong in ["A &", "", "T[", "T[A", "T[A]x", "'w", "A B", "A |", "T[A].", "]"] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }
}
