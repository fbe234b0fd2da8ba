//! What stands around a statement of a transaction: where it is, when it was made, whose it is.

use super::envelope::{Group, Transaction};
use super::loops::{self, Level};
use super::names;
use almoner_core::clinical::{Content, Identifier, When};
use almoner_core::export::{PersonStatements, Problem, Sense, Severity, Statement};

/// A transaction while it is read.
pub(super) struct Scene<'a, 't> {
    pub(super) transaction: &'a Transaction<'t>,
    /// When it was made.
    pub(super) at: Option<When>,
}

impl<'a, 't> Scene<'a, 't> {
    pub(super) fn of(transaction: &'a Transaction<'t>, group: &Group<'t>) -> Self {
        let bht = transaction.segments.iter().find(|one| one.id() == "BHT");
        let at = super::eligibility::made(bht, group.at.as_ref());
        Self { transaction, at }
    }

    /// Where in the file a segment stands.
    pub(super) fn place(&self, segment: usize) -> String {
        format!("transaction {} segment {segment}", self.transaction.number)
    }

    /// The member of a level; `None`, with a word in the problems, where none is named.
    pub(super) fn person(
        &self,
        levels: &[Level<'_, '_>],
        at: usize,
        problems: &mut Vec<Problem>,
    ) -> Option<PersonStatements> {
        let level = levels.get(at)?;
        let own = level.segments.iter().take_while(|one| one.id() != "EB" && one.id() != "EQ");
        let own: Vec<_> = own.copied().collect();
        let (payer, id) = loops::party(levels, at, "20");
        let patient = names::patient(&own, if payer.is_empty() { &id } else { &payer });
        let nm1 = own.iter().find(|one| one.id() == "NM1");
        let place = self.place(nm1.or(level.segments.first()).map_or(1, |one| one.number));
        let named =
            patient.names.iter().any(|name| !name.family.is_empty() || !name.given.is_empty());
        if !named && patient.identifiers.is_empty() {
            problems.push(Problem::new(
                Severity::Warning,
                place,
                "x12_nobody_named",
                "The payer's file names no member here; what it says could be given to nobody.",
            ));
            return None;
        }
        let dmg = own.iter().find(|one| one.id() == "DMG" && !one.element(2).is_empty());
        if dmg.is_some_and(|dmg| names::born(dmg).is_none()) {
            problems.push(Problem::new(
                Severity::Warning,
                place.clone(),
                "x12_birth_date_unreadable",
                "A birth date is written in a way that is no date; it was left out.",
            ));
        }
        Some(PersonStatements { key: place.clone(), place, patient, ..Default::default() })
    }

    /// A statement of a level.
    pub(super) fn statement(
        &self,
        levels: &[Level<'_, '_>],
        at: usize,
        part: &str,
        content: Content,
    ) -> Statement {
        let level = levels.get(at);
        let place =
            self.place(level.and_then(|level| level.segments.first()).map_or(1, |s| s.number));
        let identifiers = match &content {
            Content::Coverage(it) => it.identifiers.clone(),
            _ => traces(levels, at),
        };
        Statement {
            key: format!("{place} {part}").trim().to_owned(),
            place,
            content,
            sense: Sense::Stated,
            identifiers,
            recorded: self.at.clone(),
            author: loops::party(levels, at, "20").0,
            section: String::new(),
            narrative: String::new(),
            labels: Vec::new(),
            verbatim: None,
            distinct: false,
        }
    }

    pub(super) fn note(
        &self,
        problems: &mut Vec<Problem>,
        severity: Severity,
        code: &str,
        message: &str,
    ) {
        let at = format!("transaction {}", self.transaction.number);
        // Problems stand in the order of the transactions.
        let mut own = problems.iter().rev().take_while(|known| known.at.starts_with(&at));
        if !own.any(|known| known.at == at && known.code == code) {
            problems.push(Problem::new(severity, at, code, message));
        }
    }
}

/// The trace numbers of a level (TRN): question and answer bear the same.
pub(super) fn traces(levels: &[Level<'_, '_>], at: usize) -> Vec<Identifier> {
    let own = levels.get(at).into_iter().flat_map(|level| level.all("TRN"));
    let named = own.filter(|trn| !trn.element(2).is_empty());
    named
        .map(|trn| Identifier {
            system: format!("urn:almoner:x12:trace:{}", trn.element(3)),
            value: trn.element(2).to_owned(),
            kind: String::new(),
        })
        .collect()
}
