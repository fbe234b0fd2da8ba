//! When two files hold one instrument, and how its questions are numbered. Pure.

use almoner_core::clinical::{Instrument, InstrumentItem};
use almoner_core::text::fold;

/// What tells an instrument from every other: its canonical address and version; where it has no
/// address, an identifier, else its name.
pub(super) fn address(it: &Instrument) -> String {
    let identifier = it.identifiers.first().map(|id| format!("{}|{}", id.system, id.value));
    let named = || identifier.unwrap_or_else(|| format!("name {}", name(it)));
    let address = if it.url.is_empty() { named() } else { it.url.clone() };
    format!("{address}|{}", it.version)
}

/// The name by which instruments are sorted.
pub(super) fn name(it: &Instrument) -> String {
    fold(it.label())
}

/// An item with its number in the outline: `2.1`.
pub(super) struct Numbered<'i> {
    pub(super) number: String,
    pub(super) item: &'i InstrumentItem,
}

/// Every item in the order in which it is asked, with its number.
pub(super) fn outline(it: &Instrument) -> Vec<Numbered<'_>> {
    let mut all = Vec::new();
    number(&it.items, "", &mut all);
    all
}

fn number<'i>(items: &'i [InstrumentItem], above: &str, all: &mut Vec<Numbered<'i>>) {
    for (item, n) in items.iter().zip(1..) {
        let number = if above.is_empty() { format!("{n}") } else { format!("{above}.{n}") };
        all.push(Numbered { number: number.clone(), item });
        self::number(&item.items, &number, all);
    }
}

/// How many questions are answered.
pub(super) fn questions(it: &Instrument) -> usize {
    let mut count = 0;
    it.walk(&mut |item| count += usize::from(item.is_question()));
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_address_and_version_is_one_instrument() {
        let with = |url: &str, version: &str, title: &str| Instrument {
            url: url.into(),
            version: version.into(),
            title: title.into(),
            ..Instrument::default()
        };
        assert_eq!(address(&with("u", "1", "A")), address(&with("u", "1", "B")));
        assert_ne!(address(&with("u", "1", "A")), address(&with("u", "2", "A")));
        assert_ne!(address(&with("", "", "A")), address(&with("", "", "B")));
    }
}
