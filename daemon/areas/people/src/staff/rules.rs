//! What a sign-in name may look like, what people may set for themselves, and how long a ticket
//! lives. Pure.

use almoner_core::fault::Refusal;
use almoner_core::phrase::Phrase;
use chrono::TimeDelta;

/// How long a one-time ticket may be used (`security.md` 2.1).
pub const TICKET_LIFE: TimeDelta = TimeDelta::minutes(20);
/// Sessions that one person may have at once (`security.md` 2.1).
pub const SESSIONS: usize = 3;
/// What programs may be allowed.
pub const SCOPES: [&str; 1] = ["fhir.read"];
/// Themes of the pages.
pub const THEMES: [&str; 3] = ["system", "light", "dark"];

/// What a person wants of their own pages, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    pub language: String,
    pub theme: String,
    pub size: String,
    pub shortcuts: bool,
}

/// Whether a text may be a sign-in name: 2 to 40 small letters, digits, `.`, `-` or `_`, with a
/// letter first.
pub fn is_sign_in_name(text: &str) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-_".contains(c);
    (2..=40).contains(&text.len())
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(fits)
}

/// A sign-in name as typed: blanks around it and capitals don't matter.
pub fn typed_name(text: &str) -> String {
    text.trim().to_lowercase()
}

/// A ticket as typed: hyphens, blanks and capitals don't matter.
pub fn typed_ticket(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase()
}

/// What is wrong with the settings of a person's own pages.
pub fn check_preferences(wished: &Preferences) -> Refusal {
    let mut refusal = Refusal::default();
    let spoken = almoner_frame::Language::of_tag(&wished.language).is_some();
    refusal.when(!spoken, "language", Phrase::new("staff-choose-language"));
    let known = THEMES.contains(&wished.theme.as_str());
    refusal.when(!known, "theme", Phrase::new("staff-choose-theme"));
    let known = almoner_frame::TextSize::of_key(&wished.size).is_some();
    refusal.when(!known, "size", Phrase::new("staff-choose-size"));
    refusal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_plain() {
        for (name, good) in [
            ("rosa", true),
            ("j.o-h_n2", true),
            ("r", false),
            ("2x", false),
            ("Rosa", false),
            ("a b", false),
        ] {
            assert_eq!(is_sign_in_name(name), good, "{name}");
        }
        assert_eq!(typed_name(" Rosa "), "rosa");
        assert_eq!(typed_ticket("AB12-cd34 ef"), "ab12cd34ef");
    }

    #[test]
    fn a_language_that_pages_are_not_drawn_in_is_refused() {
        let wished = |language: &str, theme: &str, size: &str| Preferences {
            language: language.into(),
            theme: theme.into(),
            size: size.into(),
            shortcuts: true,
        };
        assert_eq!(check_preferences(&wished("es", "dark", "large")), Refusal::default());
        assert_eq!(check_preferences(&wished("tlh", "pink", "")).problems.len(), 3);
    }
}
