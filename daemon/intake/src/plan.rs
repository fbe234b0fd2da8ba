//! How a file's statements are cut into units of writing: small enough that a person's click waits
//! a moment at most, always the same for the same bytes, so that a restart can count them again.

use almoner_core::export::Export;
use std::ops::Range;

/// Statements in a unit, about.
const STATEMENTS: usize = 250;

/// A piece of one person's statements.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Piece {
    /// Which member of the file.
    pub member: usize,
    /// Which of its people; `None`: its statements about nobody.
    pub person: Option<usize>,
    pub statements: Range<usize>,
    /// The person's last piece: then the areas hear of the whole.
    pub last: bool,
}

/// The units of a file, in order.
pub(crate) fn plan(exports: &[(usize, &Export)]) -> Vec<Vec<Piece>> {
    let mut units = Vec::new();
    let mut unit: Vec<Piece> = Vec::new();
    let mut size = 0;
    for (member, export) in exports {
        let shared = (!export.shared.is_empty()).then_some((None, export.shared.len()));
        let people = export.people.iter().enumerate();
        let people = people.map(|(person, one)| (Some(person), one.statements.len()));
        for (person, count) in shared.into_iter().chain(people) {
            let mut from = 0;
            loop {
                let to = count.min(from + STATEMENTS.saturating_sub(size).max(1));
                unit.push(Piece {
                    member: *member,
                    person,
                    statements: from..to,
                    last: to == count,
                });
                size += to - from + 1;
                if size >= STATEMENTS {
                    units.push(std::mem::take(&mut unit));
                    size = 0;
                }
                from = to;
                if from == count {
                    break;
                }
            }
        }
    }
    if !unit.is_empty() {
        units.push(unit);
    }
    units
}

#[cfg(test)]
mod tests {
    use super::*;
    use almoner_core::clinical::{Condition, Content};
    use almoner_core::export::{PersonStatements, Sense, Statement};

    fn person(statements: usize) -> PersonStatements {
        let one = |n: usize| Statement {
            key: n.to_string(),
            place: String::new(),
            content: Content::Condition(Condition::default()),
            sense: Sense::Stated,
            identifiers: Vec::new(),
            recorded: None,
            author: String::new(),
            section: String::new(),
            narrative: String::new(),
            labels: Vec::new(),
            verbatim: None,
            distinct: false,
        };
        PersonStatements { statements: (0..statements).map(one).collect(), ..Default::default() }
    }

    #[test]
    fn every_statement_is_in_one_unit_and_every_person_has_one_last_piece() {
        let sizes = [0, 1, 249, 250, 251, 1000, 3, 0, 700];
        let export = Export { people: sizes.map(person).into(), ..Default::default() };
        let units = plan(&[(0, &export)]);
        for (index, size) in sizes.into_iter().enumerate() {
            let pieces: Vec<_> =
                units.iter().flatten().filter(|piece| piece.person == Some(index)).collect();
            let taken: usize = pieces.iter().map(|piece| piece.statements.len()).sum();
            assert_eq!(taken, size, "person {index}");
            assert_eq!(pieces.iter().filter(|piece| piece.last).count(), 1);
        }
        let heavy = units.iter().map(|unit| unit.iter().map(|p| p.statements.len()).sum::<usize>());
        assert!(heavy.max().unwrap() <= STATEMENTS);
    }
}
