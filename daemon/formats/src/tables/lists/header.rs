//! Finding the header of a list, and what its columns mean: which kind of list it is, or why that
//! is not sure. The order of the columns never matters.

use super::words::{Kind, Name, Words};
use crate::tables::Rows;
use almoner_core::lists::{Doubt, Field, Heading, ListKind, Mapping, Use};
use std::collections::HashMap;

/// Rows in which a header is looked for.
const LOOKED_AT: usize = 60;
/// Words that a row has to have in common with known headings.
const KNOWN: usize = 3;
/// Columns with vague headings that together tell a kind.
const MANY: usize = 3;

/// The header of a sheet.
pub(super) struct Header {
    /// Its row among the sheet's rows.
    pub at: usize,
    pub columns: Vec<Heading>,
    names: Vec<Name>,
    /// Whether enough of it is known.
    pub known: usize,
}

/// What the columns mean, and what is not sure about it.
pub(super) struct Reading {
    pub mapping: Mapping,
    pub doubt: Option<Doubt>,
}

impl Header {
    /// The row whose cells are headings: the one with the most known words, else the first that
    /// is as wide as any.
    pub fn find(words: &Words, rows: &Rows) -> Self {
        let looked_at = rows.len().min(LOOKED_AT);
        let mut best = (0, 0);
        for row in 0..looked_at {
            let known = known_in(words, rows, row);
            if known > best.1 {
                best = (row, known);
            }
        }
        let (at, known) = best;
        let filled = |row: usize| rows.cells(row).filter(|cell| !cell.trim().is_empty()).count();
        let all = known >= 2 && known == filled(at);
        if known >= KNOWN || all {
            return Self::at(words, rows, at, known);
        }
        let widest = (0..looked_at).max_by_key(|row| (filled(*row), std::cmp::Reverse(*row)));
        Self::at(words, rows, widest.unwrap_or(0), 0)
    }

    fn at(words: &Words, rows: &Rows, at: usize, known: usize) -> Self {
        let texts: Vec<&str> = rows.cells(at).map(str::trim).collect();
        let width = texts.iter().rposition(|text| !text.is_empty()).map_or(0, |last| last + 1);
        let mut times: HashMap<String, usize> = HashMap::new();
        let (mut columns, mut names) = (Vec::new(), Vec::new());
        for (place, text) in texts.into_iter().take(width).enumerate() {
            let name = words.name(text);
            let mut key = name.key.clone();
            if key.is_empty() {
                key = format!("column{}", place + 1);
            }
            let time = times.entry(key.clone()).or_default();
            *time += 1;
            if *time > 1 {
                key = format!("{key}#{time}");
            }
            columns.push(Heading { key, text: text.to_owned() });
            names.push(name);
        }
        Self { at, columns, names, known }
    }

    /// What the columns mean.
    pub fn reading(&self, words: &Words) -> Reading {
        let mut found: Vec<Candidate> = words
            .kinds
            .iter()
            .map(|kind| Candidate::of(words, self, kind))
            .filter(|candidate| candidate.fits)
            .collect();
        found.sort_by_key(|candidate| std::cmp::Reverse(candidate.score));
        let Some(first) = found.first() else { return self.nothing(words) };
        let rival =
            found.get(1).filter(|second| second.score == first.score && second.uses != first.uses);
        Reading {
            doubt: rival.map(|_| Doubt::Kind),
            mapping: self.mapping(first.kind, &first.uses),
        }
    }

    /// Where no kind fits: what is known of the columns, to begin with.
    fn nothing(&self, words: &Words) -> Reading {
        let partial = words.kinds.iter().map(|kind| Candidate::of(words, self, kind));
        let best = partial.max_by_key(|candidate| candidate.score);
        let (kind, uses) = best.map_or((ListKind::Patients, Vec::new()), |it| (it.kind, it.uses));
        let doubt = if self.known == 0 { Doubt::Header } else { Doubt::Kind };
        Reading { doubt: Some(doubt), mapping: self.mapping(kind, &uses) }
    }

    fn mapping(&self, kind: ListKind, uses: &[Use]) -> Mapping {
        let columns = self.columns.iter().zip(uses).map(|(it, use_)| (it.key.clone(), *use_));
        Mapping {
            kind,
            dates: almoner_core::lists::DateOrder::default(),
            columns: columns.collect(),
        }
    }
}

/// A kind that the list may be of.
struct Candidate {
    kind: ListKind,
    uses: Vec<Use>,
    fits: bool,
    /// Columns that only this kind has; then all columns of it.
    score: (usize, usize),
}

impl Candidate {
    fn of(words: &Words, header: &Header, kind: &Kind) -> Self {
        let mut uses = vec![Use::Leave; header.columns.len()];
        let (mut marks, mut matched) = (0, 0);
        for (column, name) in steadily(words, header) {
            let taken: Vec<Field> = uses.iter().filter_map(|it| field_of(*it)).collect();
            let free = |field: &Field| is_many(*field) || !taken.contains(field);
            let can = words.fields(name);
            let own = kind.marks.iter().chain(&kind.fields);
            let own = own.copied().find(|field| can.contains(field) && free(field));
            let field = own
                .or_else(|| can.into_iter().find(|field| words.is_person(*field) && free(field)));
            let tracking = kind.list == ListKind::Tracking && !name.key.is_empty();
            let taken_as =
                field.map_or(if tracking { Use::Caseload } else { Use::Leave }, Use::Field);
            let tells = field.is_some_and(|field| kind.marks.contains(&field))
                || (taken_as == Use::Caseload && words.is_tracking(name));
            marks += usize::from(tells && !words.is_vague(name));
            matched += usize::from(own.is_some());
            if let Some(at) = uses.get_mut(column) {
                *at = taken_as;
            }
        }
        let has = |field: &Field| uses.contains(&Use::Field(*field));
        let needs = kind.needs.iter().all(|group| group.iter().any(has));
        let plain = matches!(kind.list, ListKind::Patients | ListKind::Coverage);
        let told = marks > 0 || (matched >= MANY && kind.list != ListKind::Tracking);
        Self { kind: kind.list, fits: needs && (plain || told), score: (marks, matched), uses }
    }
}

/// Columns in an order that is the same wherever they stand: the plainest headings first.
fn steadily<'h>(words: &Words, header: &'h Header) -> Vec<(usize, &'h Name)> {
    let mut columns: Vec<(usize, &Name)> = header.names.iter().enumerate().collect();
    columns.sort_by_cached_key(|(at, name)| {
        let key = header.columns.get(*at).map(|column| column.key.clone()).unwrap_or_default();
        (words.is_vague(name), key.len(), key)
    });
    columns
}

fn field_of(use_: Use) -> Option<Field> {
    match use_ {
        Use::Field(field) => Some(field),
        _ => None,
    }
}

/// Fields that several columns may hold.
pub fn is_many(field: Field) -> bool {
    matches!(field, Field::Phone | Field::MobilePhone | Field::WorkPhone | Field::Email)
}

/// How many unlike known headings a row has.
fn known_in(words: &Words, rows: &Rows, row: usize) -> usize {
    let mut keys: Vec<String> = Vec::new();
    for cell in rows.cells(row).filter(|cell| !cell.trim().is_empty() && cell.len() <= 80) {
        let name = words.name(cell);
        let known = !words.fields(&name).is_empty() || words.is_tracking(&name);
        if known && !keys.contains(&name.key) {
            keys.push(name.key);
        }
    }
    keys.len()
}
