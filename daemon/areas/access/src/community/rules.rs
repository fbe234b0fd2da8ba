//! What an entry is called and found by, and when two files tell of one entry. Pure.

use almoner_core::clinical::{ServiceEntry, When};
use almoner_core::text::fold;
use std::collections::BTreeSet;

/// Words of an entry that it is found by, at most: those of its name and place come first.
const WORDS: usize = 200;
/// Letters of a word that count.
const LETTERS: usize = 32;

/// The source's own number with as much beside it as makes it unlike every other: a UUID is unlike
/// all; another number means something within its source; where no source is named, within the
/// organization's name.
pub(super) fn number(service: &ServiceEntry, source: &str) -> String {
    let plain: String = service.id.chars().filter(char::is_ascii_hexdigit).collect();
    if plain.len() >= 32 {
        return service.id.to_lowercase();
    }
    if source.is_empty() {
        return format!("{}|{}", fold(&service.provider.name), service.id);
    }
    format!("{source}|{}", service.id)
}

/// The name by which entries are sorted.
pub(super) fn name(service: &ServiceEntry) -> String {
    fold(title(service))
}

/// What pages call it: the service, else who gives it, else where it is.
pub(super) fn title(service: &ServiceEntry) -> &str {
    let place = service.places.first().map_or("", |place| place.name.as_str());
    let title = service.title();
    if title.is_empty() { place } else { title }
}

/// The words that an entry is found by, folded: its names, terms, towns and ZIP codes, and what it
/// says it does.
pub(super) fn words(service: &ServiceEntry) -> BTreeSet<String> {
    let mut texts: Vec<&str> = vec![
        &service.name,
        &service.alternate_name,
        &service.provider.name,
        &service.provider.alternate_name,
        &service.program,
    ];
    texts.extend(service.terms.iter().flat_map(|term| [term.name.as_str(), &term.code]));
    for place in &service.places {
        texts.push(&place.name);
        for it in &place.addresses {
            texts.extend([it.address.city.as_str(), &it.address.postal_code]);
            texts.extend(it.address.lines.iter().map(String::as_str));
        }
    }
    texts.extend(service.areas.iter().chain(&service.languages).map(String::as_str));
    texts.extend(service.eligibility.iter().map(String::as_str));
    texts.extend(service.other.iter().map(|(_, value)| value.as_str()));
    texts.extend([service.description.as_str(), &service.provider.description]);
    let mut words = BTreeSet::new();
    for text in texts {
        for word in fold(text).split(' ').filter(|word| word.chars().count() > 1) {
            if words.len() >= WORDS {
                return words;
            }
            words.insert(word.chars().take(LETTERS).collect());
        }
    }
    words
}

/// The terms under which the source puts it, folded.
pub(super) fn terms(service: &ServiceEntry) -> BTreeSet<String> {
    let all =
        service.terms.iter().map(|term| if term.name.is_empty() { &term.code } else { &term.name });
    all.map(|term| fold(term)).filter(|term| !term.is_empty()).collect()
}

/// The words that somebody looks for.
pub(super) fn asked(typed: &str) -> Vec<String> {
    let folded = fold(typed);
    let words = folded.split(' ').filter(|word| word.chars().count() > 1).take(8);
    words.map(|word| word.chars().take(LETTERS).collect()).collect()
}

/// Whether what a file says takes the place of what is known: not when the source itself dates it
/// earlier.
pub(super) fn is_newer(known: Option<&When>, said: Option<&When>, later: bool) -> bool {
    match (known.and_then(When::date), said.and_then(When::date)) {
        (Some(known), Some(said)) if known != said => said > known,
        _ => later,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use almoner_core::clinical::ServiceProvider;

    #[test]
    fn numbers_mean_something_within_their_source() {
        let service = |id: &str| ServiceEntry {
            id: id.into(),
            provider: ServiceProvider { name: "Food Bank".into(), ..ServiceProvider::default() },
            ..ServiceEntry::default()
        };
        let uuid = "service:AC148810-d857-441c-9679-408f346de14b";
        assert_eq!(number(&service(uuid), "a"), number(&service(uuid), ""));
        assert_ne!(number(&service("service:1"), "a"), number(&service("service:1"), "b"));
        assert_eq!(number(&service("service:1"), ""), "food bank|service:1");
    }

    #[test]
    fn the_sources_own_date_decides_then_the_order_in_which_files_came() {
        let day = |text| When::parse(text);
        let (old, new) = (day("2025-01-01"), day("2026-01-01"));
        assert!(!is_newer(new.as_ref(), old.as_ref(), true));
        assert!(is_newer(old.as_ref(), new.as_ref(), false));
        assert!(is_newer(None, old.as_ref(), true));
    }
}
