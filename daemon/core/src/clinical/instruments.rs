//! Instruments: the questions of an assessment, as a questionnaire's definition gives them (FHIR
//! `Questionnaire`, STU3 to R5). Answers given by patients are something else.

use super::{Coding, Identifier, When};
use serde::{Deserialize, Serialize};

/// One of the answers that may be chosen.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AnswerOption {
    /// The code, with its words; none where the answer is only text.
    pub coding: Option<Coding>,
    /// What to read.
    pub text: String,
    /// What it counts in a score, as written (FHIR `ordinalValue`, `itemWeight`).
    pub ordinal: String,
    /// Excludes every other answer ("none of these").
    pub exclusive: bool,
    /// Chosen beforehand.
    pub initial: bool,
}

/// A condition under which an item is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct EnableWhen {
    /// `linkId` of the item whose answer decides.
    pub question: String,
    /// FHIR questionnaire-enable-operator: `exists`, `=`, `!=`, `>`, `<`, `>=`, `<=`.
    pub operator: String,
    /// The answer that it takes: a code, a number, `true` …
    pub answer: String,
    pub coding: Option<Coding>,
}

/// A question, a group of questions, or words to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct InstrumentItem {
    pub link_id: String,
    /// Its number on paper: `1a`.
    pub prefix: String,
    pub text: String,
    /// FHIR R4 item-type: `group`, `display`, `choice`, `open-choice`, `boolean`, `integer` …
    pub type_: String,
    pub codes: Vec<Coding>,
    pub required: bool,
    pub repeats: bool,
    pub read_only: bool,
    pub hidden: bool,
    pub max_length: Option<u32>,
    /// Lowest and highest value allowed, as written.
    pub lowest: String,
    pub highest: String,
    pub unit: String,
    /// Words that help to answer.
    pub help: Vec<String>,
    pub answers: Vec<AnswerOption>,
    /// Address of a list of answers that the file does not hold.
    pub answer_set: String,
    pub enable: Vec<EnableWhen>,
    /// `all` or `any` of the conditions; empty when there is at most one.
    pub enable_behavior: String,
    /// What stands there beforehand, as text.
    pub initial: Vec<String>,
    /// FHIRPath by which its value is worked out, when it is.
    pub calculated: String,
    pub items: Vec<InstrumentItem>,
}

/// An instrument's definition.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Instrument {
    pub identifiers: Vec<Identifier>,
    /// Canonical address.
    pub url: String,
    pub version: String,
    pub name: String,
    pub title: String,
    /// `draft`, `active`, `retired`, `unknown`.
    pub status: String,
    pub date: Option<When>,
    pub publisher: String,
    pub description: String,
    pub purpose: String,
    /// Whose words they are, and what may be done with them.
    pub copyright: String,
    pub language: String,
    pub codes: Vec<Coding>,
    pub items: Vec<InstrumentItem>,
}

impl InstrumentItem {
    /// This item and all below it, in the order in which they are asked.
    pub fn walk<'i>(&'i self, see: &mut dyn FnMut(&'i Self)) {
        see(self);
        for item in &self.items {
            item.walk(see);
        }
    }

    /// Whether it is answered: neither a group nor words to be read.
    pub fn is_question(&self) -> bool {
        !matches!(self.type_.as_str(), "group" | "display")
    }
}

impl Instrument {
    /// Every item, whatever its depth, in the order in which they are asked.
    pub fn walk<'i>(&'i self, see: &mut dyn FnMut(&'i InstrumentItem)) {
        for item in &self.items {
            item.walk(see);
        }
    }

    /// What pages call it.
    pub fn label(&self) -> &str {
        let names = [&self.title, &self.name, &self.url];
        names.into_iter().find(|name| !name.is_empty()).map_or("", String::as_str)
    }
}
