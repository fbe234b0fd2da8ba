//! Codes of X12 in words, from the shipped list (`config/data/x12/codes.toml`).

use almoner_core::clinical::{Coding, Concept};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The list as shipped.
const SHIPPED: &str = include_str!("../../../../config/data/x12/codes.toml");

type List = BTreeMap<String, String>;

/// Every list, by the number of the data element that bears the codes.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Codes {
    pub(super) benefit: List,
    pub(super) service: List,
    pub(super) insurance: List,
    pub(super) period: List,
    pub(super) quantity: List,
    pub(super) action: List,
    pub(super) category: List,
    pub(super) request: List,
    pub(super) urgency: List,
    pub(super) reject: List,
    pub(super) followup: List,
    pub(super) relationship: List,
    pub(super) transaction: List,
}

/// The shipped codes. They are part of the program: a test reads them whole.
pub(super) static CODES: LazyLock<Codes> =
    LazyLock::new(|| toml::from_str(SHIPPED).unwrap_or_default());

/// The words of a code; the code itself where the list has none.
pub(super) fn words<'c>(list: &'c List, code: &'c str) -> &'c str {
    list.get(code).map_or(code, String::as_str)
}

/// A code as a concept with its words; `None` when it is empty.
pub(super) fn concept(list: &List, system: &str, code: &str) -> Option<Concept> {
    if code.is_empty() {
        return None;
    }
    let display = list.get(code).cloned();
    let coding = Coding { system: system.to_owned(), code: code.to_owned(), display };
    Some(Concept { text: None, codings: vec![coding] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_codes_are_read() {
        let codes: Codes = toml::from_str(SHIPPED).unwrap();
        let lists = [&codes.benefit, &codes.service, &codes.insurance, &codes.reject];
        assert!(lists.iter().all(|list| list.len() > 30));
        assert_eq!(words(&codes.action, "A1"), "Certified in total");
        assert_eq!(words(&codes.action, "ZZ"), "ZZ");
        assert_eq!(codes.transaction.get("834").unwrap(), "enrollment in a health plan");
    }
}
