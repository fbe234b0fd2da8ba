//! When two statements tell one document. Pure.

use crate::facts::rules::{
    Likeness, Times, fill, fill_concept, fill_list, fill_text, fill_time, same_concept,
    share_number, times,
};
use almoner_core::clinical::Document;
use almoner_core::text::fold;

/// Compares two documents: by their number, else by type, date, title and words.
pub fn compare(old: &Document, new: &Document) -> Likeness {
    let time = times(old.date.as_ref(), new.date.as_ref());
    let same_text = |a: &str, b: &str| a.is_empty() || b.is_empty() || fold(a) == fold(b);
    let same_body = same_text(&old.text, &new.text)
        && (old.data_base64.is_empty()
            || new.data_base64.is_empty()
            || old.data_base64 == new.data_base64);
    if share_number(&old.identifiers, &new.identifiers) {
        let same = time != Times::Differ && same_concept(&old.type_, &new.type_);
        return if same { Likeness::Same } else { Likeness::Other };
    }
    let like = same_concept(&old.type_, &new.type_)
        && matches!(time, Times::Fit | Times::Missing)
        && same_text(&old.title, &new.title);
    if like && same_body { Likeness::Same } else { Likeness::Other }
}

/// Takes over what a further statement says: a newer text of one document replaces the older.
pub fn merge(into: &mut Document, from: &Document, newer: bool) {
    fill_list(&mut into.identifiers, &from.identifiers);
    fill_concept(&mut into.type_, &from.type_);
    fill_text(&mut into.category, &from.category, false);
    fill_text(&mut into.status, &from.status, newer);
    fill_text(&mut into.title, &from.title, false);
    fill_time(&mut into.date, &from.date);
    fill_list(&mut into.authors, &from.authors);
    fill_text(&mut into.content_type, &from.content_type, false);
    fill_text(&mut into.text, &from.text, newer);
    fill_text(&mut into.data_base64, &from.data_base64, newer);
    fill_text(&mut into.url, &from.url, false);
    fill(&mut into.encounter, &from.encounter);
}
