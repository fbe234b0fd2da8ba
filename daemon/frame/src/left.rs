//! Drafts whose form does not stand on its page any more: somebody else finished the task meanwhile,
//! the step is over. What was typed is shown all the same, so that its person can copy it.

use crate::drafts::{Draft, PATIENT};
use crate::language::Words;
use crate::page::{Page, Trust};
use crate::visit::Visit;
use almoner_core::fault::Outcome;
use askama::Template;

#[derive(Template)]
#[template(path = "left.html")]
struct Left<'p> {
    words: &'p Words,
    page: String,
    drafts: Vec<Kept<'p>>,
}

/// A draft to be read.
struct Kept<'p> {
    id: String,
    what: &'p str,
    saved: String,
    texts: Vec<&'p str>,
}

/// The visit's drafts that no form of the page holds, to be read and discarded; empty when there is
/// none.
pub(crate) fn left(visit: &Visit, page: &Page) -> Outcome<Trust> {
    let without_form =
        |draft: &&Draft| !page.main.as_str().contains(&format!("action=\"{}\"", draft.action));
    let drafts = visit.drafts().iter().map(|(draft, _)| draft).filter(without_form);
    let kept: Vec<Kept<'_>> =
        drafts.map(|draft| kept(visit, draft)).filter(|kept| !kept.texts.is_empty()).collect();
    if kept.is_empty() {
        return Ok(Trust::default());
    }
    Trust::of(&Left { words: visit.words(), page: visit.href(), drafts: kept })
}

fn kept<'d>(visit: &Visit, draft: &'d Draft) -> Kept<'d> {
    // Whom it is about, and which button was pressed, is not typed.
    let own = |name: &str| name.starts_with('_') || name == PATIENT || name == "do";
    let fields = draft.fields.iter().filter(|(name, _)| !own(name));
    Kept {
        id: draft.id.to_string(),
        what: &draft.what,
        saved: visit.words().instant(draft.saved),
        texts: fields.map(|(_, value)| value.trim()).filter(|value| is_prose(value)).collect(),
    }
}

/// What a person wrote, as far as it can be told from a choice, a number, a day or an id.
fn is_prose(value: &str) -> bool {
    let choice = value.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    !(choice && value.contains('-')) && value.chars().filter(|c| c.is_alphabetic()).count() > 3
}

#[cfg(test)]
mod tests {
    use super::is_prose;

    #[test]
    fn prose_is_told_from_choices() {
        for prose in ["Daniel will call back", "word7x12", "Volverá a llamar", "llamó"] {
            assert!(is_prose(prose), "{prose}");
        }
        for choice in ["", "12", "2026-11-27", "no-answer", "yes", "0193-ab12cd", "+2w"] {
            assert!(!is_prose(choice), "{choice}");
        }
    }
}
