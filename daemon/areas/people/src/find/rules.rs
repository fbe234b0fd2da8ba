//! What a person typed to find a patient: words of a name, a birth date, a number. Pure.

use almoner_core::text::fold;
use chrono::{Datelike, NaiveDate};

/// One thing to look for; a patient must fit all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Term {
    /// The beginning of a name's word.
    Word(String),
    /// A birth date.
    Day(NaiveDate),
    /// Digits, perhaps with letters: record number, telephone, or a year of birth.
    Number(String),
}

const MONTHS: [(&str, u32); 24] = [
    ("jan", 1),
    ("feb", 2),
    ("mar", 3),
    ("apr", 4),
    ("may", 5),
    ("jun", 6),
    ("jul", 7),
    ("aug", 8),
    ("sep", 9),
    ("oct", 10),
    ("nov", 11),
    ("dec", 12),
    ("ene", 1),
    ("abr", 4),
    ("ago", 8),
    ("dic", 12),
    ("enero", 1),
    ("abril", 4),
    ("agosto", 8),
    ("diciembre", 12),
    ("sept", 9),
    ("set", 9),
    ("mayo", 5),
    ("marzo", 3),
];

/// Takes apart what was typed. `today` decides the century of two-digit years.
pub fn terms(typed: &str, today: NaiveDate) -> Vec<Term> {
    let typed = typed.replace(',', " ");
    let pieces: Vec<&str> = typed.split_whitespace().collect();
    let mut terms = Vec::new();
    let mut at = 0;
    while at < pieces.len() {
        let longest = (1..=5).rev().find_map(|len| {
            let part = pieces.get(at..at + len)?;
            day(part, today).map(|day| (day, len))
        });
        if let Some((day, len)) = longest {
            terms.push(Term::Day(day));
            at += len;
            continue;
        }
        terms.extend(pieces.get(at).and_then(|piece| word_or_number(piece)));
        at += 1;
    }
    numbers_joined(terms)
}

/// The year that a number can be, as a birth year.
pub fn year(number: &str) -> Option<i32> {
    let year: i32 = number.parse().ok()?;
    (number.len() == 4 && (1890..=2100).contains(&year)).then_some(year)
}

fn word_or_number(piece: &str) -> Option<Term> {
    if piece.chars().any(|c| c.is_ascii_digit()) {
        let plain: String =
            piece.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect();
        return Some(Term::Number(plain));
    }
    let word = fold(piece).replace(' ', "");
    let linking = matches!(word.as_str(), "de" | "del" | "la" | "y");
    (!word.is_empty() && !linking).then_some(Term::Word(word))
}

/// A telephone written in pieces, "(555) 013 0134", is one number.
fn numbers_joined(terms: Vec<Term>) -> Vec<Term> {
    let mut joined: Vec<Term> = Vec::new();
    for term in terms {
        match (joined.last_mut(), term) {
            (Some(Term::Number(before)), Term::Number(next)) => before.push_str(&next),
            (_, term) => joined.push(term),
        }
    }
    joined
}

/// A whole date out of all these pieces.
fn day(pieces: &[&str], today: NaiveDate) -> Option<NaiveDate> {
    let text = pieces.join(" ").to_lowercase();
    let parts: Vec<&str> = text
        .split(['/', '-', '.', ' '])
        .filter(|part| !part.is_empty() && *part != "de" && *part != "del")
        .collect();
    let [a, b, c] = parts.as_slice() else { return None };
    let number = |text: &str| {
        let digits = text.trim_end_matches(|c: char| c.is_ascii_alphabetic());
        let plain = digits.len() <= 4 && digits.bytes().all(|b| b.is_ascii_digit());
        plain.then(|| digits.parse::<u32>().ok()).flatten()
    };
    let full = |text: &str| {
        let year = number(text)?.cast_signed();
        let century = if year > today.year() % 100 { 1900 } else { 2000 };
        match text.len() {
            4 => Some(year),
            2 => Some(century + year),
            _ => None,
        }
    };
    if let Some(month) = month(a) {
        return NaiveDate::from_ymd_opt(full(c)?, month, number(b)?);
    }
    if let Some(month) = month(b) {
        return NaiveDate::from_ymd_opt(full(c)?, month, number(a)?);
    }
    if a.len() == 4 {
        return NaiveDate::from_ymd_opt(full(a)?, number(b)?, number(c)?);
    }
    NaiveDate::from_ymd_opt(full(c)?, number(a)?, number(b)?)
}

fn month(text: &str) -> Option<u32> {
    let text = text.trim_end_matches('.');
    let english = ["january", "february", "march", "april", "june", "july", "august"];
    let long = ["september", "october", "november", "december"];
    let spanish = ["febrero", "junio", "julio", "septiembre", "octubre", "noviembre"];
    let known = english.iter().chain(&long).chain(&spanish).any(|name| *name == text);
    let short: String = if known { text.chars().take(3).collect() } else { text.to_owned() };
    MONTHS.iter().find(|(name, _)| *name == short).map(|(_, month)| *month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_taken_apart() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let born = Term::Day(NaiveDate::from_ymd_opt(1958, 3, 4).unwrap());
        let word = |text: &str| Term::Word(text.to_owned());
        let number = |text: &str| Term::Number(text.to_owned());
        for (typed, expected) in [
            ("Okafor 3/4/1958", vec![word("okafor"), born.clone()]),
            ("3-4-58", vec![born.clone()]),
            ("1958-03-04", vec![born.clone()]),
            ("mar 4, 1958", vec![born.clone()]),
            ("4 de marzo de 1958", vec![born.clone()]),
            ("March 4 1958 núñez", vec![born.clone(), word("nunez")]),
            ("Okaf 1958", vec![word("okaf"), number("1958")]),
            ("004-81-937", vec![number("00481937")]),
            ("(555) 013-0134", vec![number("5550130134")]),
            ("", vec![]),
        ] {
            assert_eq!(terms(typed, today), expected, "{typed}");
        }
    }
}
