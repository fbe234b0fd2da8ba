//! Values of longer forms: a birth date in three boxes, one of many people, sections of a long form.

use crate::area::Tone;
use crate::language::Language;
use almoner_core::phrase::Phrase;

/// A birth date as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Born {
    pub day: String,
    pub month: String,
    pub year: String,
}

/// A search for one of many.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picker {
    /// What was asked for; empty before the first search.
    pub query: String,
    pub found: Vec<Pick>,
    /// How many more there are.
    pub more: u64,
}

/// One that was found, with two identifiers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pick {
    pub value: String,
    pub name: String,
    pub sub: String,
    pub on: bool,
}

/// A section of a long form.
#[derive(Clone, Debug)]
pub struct Section {
    pub label: String,
    /// Empty while it can't be started.
    pub href: String,
    pub state: SectionState,
}

/// How far a section is, with its words.
#[derive(Clone, Debug)]
pub enum SectionState {
    NotStarted(Phrase),
    /// "In progress, 3 of 8".
    Begun(Phrase),
    Done(Phrase),
    /// Why not yet.
    Blocked(Phrase),
}

impl Born {
    /// The boxes in the order of the language: name, key of the label, value.
    pub fn boxes(&self, language: Language) -> [(&'static str, &'static str, &str); 3] {
        let day = ("day", "kit-day", self.day.as_str());
        let month = ("month", "kit-month", self.month.as_str());
        let year = ("year", "kit-year", self.year.as_str());
        match language {
            Language::English => [month, day, year],
            Language::Spanish => [day, month, year],
        }
    }
}

impl Picker {
    /// Whether a search was made.
    pub fn searched(&self) -> bool {
        !self.query.is_empty()
    }
}

impl Section {
    /// The tone of its tag; what is done is said plainly.
    pub fn tone(&self) -> Option<Tone> {
        match self.state {
            SectionState::NotStarted(_) => Some(Tone::Plain),
            SectionState::Begun(_) => Some(Tone::Info),
            SectionState::Blocked(_) => Some(Tone::Warn),
            SectionState::Done(_) => None,
        }
    }

    /// How far it is, in words.
    pub fn said(&self) -> &Phrase {
        match &self.state {
            SectionState::NotStarted(said)
            | SectionState::Begun(said)
            | SectionState::Done(said)
            | SectionState::Blocked(said) => said,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_stand_in_the_order_of_the_language() {
        let born = Born { day: "4".into(), month: "3".into(), year: "1958".into() };
        assert_eq!(born.boxes(Language::English).map(|it| it.2), ["3", "4", "1958"]);
        assert_eq!(born.boxes(Language::Spanish).map(|it| it.2), ["4", "3", "1958"]);
    }
}
