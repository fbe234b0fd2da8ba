//! What a command found or did: one value that can be shown to a person, as one JSON object, or as
//! one record a line, and that carries the exit code.

use crate::options::Common;
use almoner_core::control::Failure;
use almoner_core::time::Timestamp;
use chrono::{Local, SecondsFormat};
use serde::Serialize;
use serde_json::Value;
use std::fmt;
use std::io::IsTerminal;

/// Exit code of "done, with warnings".
pub(crate) const WARNED: u8 = 3;

/// The records of a report, for `--plain`: fields without names, one record each.
pub(crate) trait Records {
    /// The records, in a steady order.
    fn records(&self) -> Vec<Vec<String>>;
}

/// What can be shown in all three forms.
trait Content: fmt::Display + Records {
    fn json(&self) -> Value;
}

impl<T: fmt::Display + Records + Serialize> Content for T {
    fn json(&self) -> Value {
        serde_json::to_value(self).unwrap_or_default()
    }
}

/// The report of one command.
pub(crate) struct Report {
    schema: &'static str,
    content: Box<dyn Content>,
    exit: u8,
    next: Option<String>,
    failure: Option<Failure>,
}

/// How reports are shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    form: Form,
    colour: bool,
    quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Text,
    Json,
    Plain,
}

/// A sentence that says what was done, or would be.
#[derive(Serialize)]
pub(crate) struct Said {
    pub said: String,
    /// Whether something was changed.
    pub changed: bool,
}

impl Report {
    /// A report; `schema` is `almoner.NOUN.VERB/1`.
    pub(crate) fn new(
        schema: &'static str,
        content: impl fmt::Display + Records + Serialize + 'static,
    ) -> Self {
        Self { schema, content: Box::new(content), exit: 0, next: None, failure: None }
    }

    /// A report of what was done, in a sentence.
    pub(crate) fn said(schema: &'static str, said: impl Into<String>) -> Self {
        Self::new(schema, Said { said: said.into(), changed: true })
    }

    /// A report of what would be done, in a sentence.
    pub(crate) fn would(schema: &'static str, said: impl Into<String>) -> Self {
        let said = format!("Would {} Nothing was changed.", said.into());
        Self::new(schema, Said { said, changed: false })
    }

    /// With another exit code than 0.
    #[must_use]
    pub(crate) fn exits(mut self, exit: u8) -> Self {
        self.exit = exit;
        self
    }

    /// With the command that comes next.
    #[must_use]
    pub(crate) fn then(mut self, next: impl Into<String>) -> Self {
        self.next = Some(next.into());
        self
    }

    /// With a failure that is said after the report.
    #[must_use]
    pub(crate) fn fails(mut self, failure: Failure) -> Self {
        self.failure = Some(failure);
        self
    }

    pub(crate) fn exit(&self) -> u8 {
        self.failure.as_ref().map_or(self.exit, |failure| failure.exit)
    }

    pub(crate) fn next(&self) -> Option<&str> {
        self.next.as_deref()
    }

    pub(crate) fn failure(&self) -> Option<&Failure> {
        self.failure.as_ref()
    }

    /// The report in the form asked for, without a line end.
    pub(crate) fn text(&self, style: Style) -> String {
        match style.form {
            Form::Json => {
                let mut object = self.content.json();
                if let Value::Object(members) = &mut object {
                    members.insert("schema".into(), self.schema.into());
                }
                object.to_string()
            }
            Form::Plain => {
                let line = |record: Vec<String>| record.join("\t").replace('\n', " ");
                let lines: Vec<_> = self.content.records().into_iter().map(line).collect();
                lines.join("\n")
            }
            Form::Text => {
                let text = self.content.to_string();
                let text = text.trim_end();
                if style.colour { text.to_owned() } else { without_colour(text) }
            }
        }
    }
}

impl Style {
    /// What the options and the terminal ask for. NO_COLOR: any value that is not empty.
    pub(crate) fn of(common: &Common) -> Self {
        let form = match (common.json, common.plain) {
            (true, _) => Form::Json,
            (_, true) => Form::Plain,
            _ => Form::Text,
        };
        let plain = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let colour = std::io::stdout().is_terminal() && !common.no_color && !plain;
        Self { form, colour, quiet: common.quiet }
    }

    /// Whether hints for people are wanted beside the report.
    pub(crate) fn speaks(self) -> bool {
        self.form == Form::Text && !self.quiet
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.said)
    }
}

impl Records for Said {
    fn records(&self) -> Vec<Vec<String>> {
        vec![vec![self.said.clone()]]
    }
}

/// Text in green: all is well.
pub(crate) fn good(text: &str) -> String {
    format!("\x1b[32m{text}\x1b[0m")
}

/// Text in yellow: somebody should look.
pub(crate) fn warn(text: &str) -> String {
    format!("\x1b[33m{text}\x1b[0m")
}

/// Text in red: something is wrong.
pub(crate) fn bad(text: &str) -> String {
    format!("\x1b[31m{text}\x1b[0m")
}

fn without_colour(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, escape)) = rest.split_once("\x1b[") {
        plain.push_str(before);
        rest = escape.split_once('m').map_or("", |(_, after)| after);
    }
    plain.push_str(rest);
    plain
}

/// Rows in columns, each as wide as its widest cell; the last one is left as it is.
pub(crate) fn columns(rows: &[Vec<String>]) -> String {
    let count = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..count).map(width).collect();
    let mut text = String::new();
    for row in rows {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(&widths) {
            line.push_str(cell);
            line.extend(std::iter::repeat_n(' ', width - cell.chars().count() + 2));
        }
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

/// An instant in the time of the one who reads, with its zone.
pub(crate) fn local(at: Timestamp) -> String {
    at.with_timezone(&Local).format("%Y-%m-%d %H:%M:%S %:z").to_string()
}

/// An instant for programs.
pub(crate) fn iso(at: Timestamp) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// A number of bytes in the largest unit that keeps two digits.
pub(crate) fn bytes(count: u64) -> String {
    const UNITS: [&str; 5] = ["B", "kB", "MB", "GB", "TB"];
    let mut unit = 0;
    let mut left = count;
    let mut tenth = 0;
    while left >= 1000 && unit + 1 < UNITS.len() {
        tenth = left % 1000 / 100;
        left /= 1000;
        unit += 1;
    }
    let name = UNITS.get(unit).copied().unwrap_or_default();
    if left < 10 && unit > 0 { format!("{left}.{tenth} {name}") } else { format!("{left} {name}") }
}

/// `1 file`, `2 files`.
pub(crate) fn counted(count: u64, one: &str, many: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {many}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_has_three_forms() {
        let report = Report::said("almoner.user.disable/1", "rosa is disabled.");
        let style = |form| Style { form, colour: false, quiet: false };
        assert_eq!(report.text(style(Form::Text)), "rosa is disabled.");
        assert_eq!(report.text(style(Form::Plain)), "rosa is disabled.");
        let json: Value = serde_json::from_str(&report.text(style(Form::Json))).unwrap();
        assert_eq!(json["schema"], "almoner.user.disable/1");
        assert_eq!(json["changed"], true);
    }

    #[test]
    fn colours_are_taken_out_whole() {
        assert_eq!(without_colour(&format!("a {} b", good("●"))), "a ● b");
    }

    #[test]
    fn sizes_are_short() {
        assert_eq!(bytes(999), "999 B");
        assert_eq!(bytes(1_940_000_000), "1.9 GB");
        assert_eq!(bytes(38_100_000), "38 MB");
    }

    #[test]
    fn columns_line_up() {
        let rows = [vec!["a".into(), "b".into()], vec!["long".into(), "c".into()]];
        assert_eq!(columns(&rows), "a     b\nlong  c\n");
    }
}
