//! A sentence for people that is not yet in any language: the key of a message and its arguments.
//! Records keep phrases, pages say them in the reader's language.

use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A message of the language files, with its arguments.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phrase {
    /// Key in `config/data/languages/*.ftl`.
    pub key: Cow<'static, str>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub args: Vec<(Cow<'static, str>, Arg)>,
}

/// An argument of a phrase, said in the way of the reader's language.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Arg {
    Text(String),
    Number(i64),
    /// A day: "Nov 9, 2026".
    Day(chrono::NaiveDate),
    /// An instant, said in the clinic's zone.
    Instant(crate::time::Timestamp),
}

impl Phrase {
    /// A phrase without arguments.
    pub fn new(key: &'static str) -> Self {
        Self { key: Cow::Borrowed(key), args: Vec::new() }
    }

    /// The same with one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, arg: impl Into<Arg>) -> Self {
        self.args.push((Cow::Borrowed(name), arg.into()));
        self
    }
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}
impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}
impl From<i64> for Arg {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}
impl From<chrono::NaiveDate> for Arg {
    fn from(day: chrono::NaiveDate) -> Self {
        Self::Day(day)
    }
}
impl From<crate::time::Timestamp> for Arg {
    fn from(at: crate::time::Timestamp) -> Self {
        Self::Instant(at)
    }
}
