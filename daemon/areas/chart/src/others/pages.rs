//! Coverage, kin and what is only kept, as lines.

mod payers;

use crate::facts::Fact;
use crate::facts::view::Row;
use almoner_core::clinical::{Concept, Content, HumanName};
use almoner_frame::Visit;

/// Such a fact as a line.
pub(crate) fn row(visit: &Visit, fact: &Fact) -> Row {
    let mut row = Row::of(visit, fact);
    match &fact.content {
        Content::Coverage(it) => payers::coverage(visit, fact, it),
        Content::Authorization(it) => payers::authorization(visit, fact, it),
        Content::Other(it) if it.resource_type == "CoverageEligibilityResponse" => {
            payers::rejection(visit, fact, it)
        }
        Content::Relation(it) => {
            if let Some(name) = it.names.first() {
                row.label = full(name);
            }
            let ties = it.relationship.iter().map(Concept::label).collect::<Vec<_>>().join(", ");
            let phone = it.telecoms.first().map(|it| it.value.clone()).unwrap_or_default();
            row.saying(&[&ties, &phone])
        }
        Content::Practitioner(it) => {
            if let Some(name) = it.names.first() {
                row.label = full(name);
            }
            row
        }
        Content::Other(it) => row.saying(&[&it.status, &it.note]),
        _ => row,
    }
}

fn full(name: &HumanName) -> String {
    let given = name.given.join(" ");
    format!("{given} {}", name.family).trim().to_owned()
}
