//! One segment of an interchange, and the signs by which it is taken apart.

use almoner_core::clinical::When;

/// The separators of one interchange; each interchange names its own (X12.5, ISA).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Marks {
    pub element: char,
    /// ISA11 from version 00402 on; none in older ones, where a letter stands there.
    pub repetition: Option<char>,
    pub component: char,
    pub segment: char,
}

/// A segment as it stands in the file.
#[derive(Clone, Copy, Debug)]
pub struct Segment<'t> {
    pub(super) text: &'t str,
    pub(super) marks: Marks,
    /// Its number within its transaction, from 1 (`ST`).
    pub(super) number: usize,
}

impl<'t> Segment<'t> {
    /// Its name: `NM1`, `EB` …
    pub fn id(&self) -> &'t str {
        self.element(0)
    }

    /// An element by its number in the standard (`EB03` is 3); empty when it is not there.
    pub fn element(&self, number: usize) -> &'t str {
        self.text.split(self.marks.element).nth(number).unwrap_or_default().trim()
    }

    /// The repeats of an element.
    pub fn repeats(&self, number: usize) -> impl Iterator<Item = &'t str> {
        let mark = self.marks.repetition;
        let parts = self.element(number).split(move |sign| Some(sign) == mark);
        parts.map(str::trim).filter(|part| !part.is_empty())
    }

    /// The components of an element: `HC:99213` has two.
    pub fn components(&self, number: usize) -> Vec<&'t str> {
        self.split(self.element(number))
    }

    /// The components of a text of this segment.
    pub fn split(&self, text: &'t str) -> Vec<&'t str> {
        text.split(self.marks.component).map(str::trim).collect()
    }

    /// How many elements it has beside its name.
    pub fn len(&self) -> usize {
        self.text.matches(self.marks.element).count()
    }

    /// True when it has no element.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// From when to when, of a date with its form of writing: `D8`, `RD8`, `DT`, `TM` (element 1250).
    pub(super) fn period(&self, form: usize, date: usize) -> (Option<When>, Option<When>) {
        let text = self.element(date);
        match self.element(form) {
            "RD8" | "RDT" => {
                let (start, end) = text.split_once('-').unwrap_or((text, ""));
                (When::parse_hl7(start), When::parse_hl7(end))
            }
            _ => (When::parse_hl7(text), None),
        }
    }
}
