//! What a person typed to find a patient, taken apart: words of names, dates, numbers. Each piece
//! becomes a [`Term`] with its *probes*: the tokens of a patient ([`crate::patients`]) that it can
//! mean. Pure.

mod dates;

pub use crate::patients::rules::nicknames::alike;

use crate::patients::rules::numbers::plain;
use crate::patients::rules::sound::sounds;
use crate::patients::rules::tokens::{class, is_linking};
use crate::patients::rules::words::is_suffix;
use almoner_core::text::fold;
use almoner_frame::Language;
use chrono::{Datelike, NaiveDate};

/// A word sounds like a name from so many letters on.
const AUDIBLE: usize = 4;
/// A record number is looked for from so many digits on.
const NUMBER: usize = 3;
/// A short word before another may belong to it: "o neil", "mc donald", "van den berg".
const PARTICLE: usize = 4;

/// How a patient fits a term; the lower, the closer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Closeness {
    /// As it was typed.
    Typed,
    /// By another everyday form of the name.
    Nickname,
    /// It sounds alike.
    Heard,
}

/// A token that a term can mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Probe {
    pub token: String,
    /// The whole token must be this, not only its beginning.
    pub whole: bool,
    pub closeness: Closeness,
}

/// One thing to look for; a patient must fit all of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The piece as folded: a word, or a number.
    pub typed: String,
    pub probes: Vec<Probe>,
}

impl Probe {
    fn start(kind: char, text: &str) -> Self {
        let token = format!("{kind}{text}");
        Self { token, whole: false, closeness: Closeness::Typed }
    }

    fn whole(kind: char, text: &str, closeness: Closeness) -> Self {
        Self { token: format!("{kind}{text}"), whole: true, closeness }
    }

    /// Whether a patient's token is meant.
    pub fn takes(&self, token: &str) -> bool {
        if self.whole { self.token == token } else { token.starts_with(&self.token) }
    }
}

impl Term {
    /// How a patient of these tokens fits it, if at all.
    pub fn fits<'t>(&self, tokens: impl Iterator<Item = &'t str> + Clone) -> Option<Closeness> {
        let fits = |probe: &&Probe| tokens.clone().any(|token| probe.takes(token));
        self.probes.iter().filter(fits).map(|probe| probe.closeness).min()
    }

    /// Whether a probe is this word joined to those before it: then one token may be what several
    /// terms mean ("mc donald").
    pub fn joined(&self, probe: &Probe) -> bool {
        !probe.whole && probe.token.len() > self.typed.len() + 1
    }

    fn word(word: &str, before: &[String]) -> Self {
        let mut probes = vec![Probe::start(class::WORD, word)];
        let mut joined = word.to_owned();
        for particle in before.iter().rev().take_while(|it| it.len() <= PARTICLE) {
            joined.insert_str(0, particle);
            probes.push(Probe::start(class::WORD, &joined));
        }
        if is_suffix(word) {
            probes.push(Probe::whole(class::SUFFIX, word, Closeness::Typed));
        }
        let other = |name: &str| Probe::whole(class::WORD, name, Closeness::Nickname);
        probes.extend(alike(word).map(other));
        if word.len() >= AUDIBLE {
            let heard = |code: &String| Probe::whole(class::SOUND, code, Closeness::Heard);
            probes.extend(sounds(word).iter().map(heard));
        }
        Self { typed: word.to_owned(), probes }
    }

    fn number(text: &str, today: NaiveDate) -> Option<Self> {
        let whole = |kind: char, text: &str| Probe::whole(kind, text, Closeness::Typed);
        let digits = text.bytes().all(|b| b.is_ascii_digit());
        let mut probes = Vec::new();
        if digits && text.len() == 2 {
            let of = |century: i32| century + text.parse::<i32>().unwrap_or_default();
            let years = [of(1900), of(2000)].into_iter().filter(|year| *year <= today.year());
            probes.extend(years.map(|year| whole(class::YEAR, &year.to_string())));
        }
        if digits && dates::year(text).is_some() {
            probes.push(whole(class::YEAR, text));
        }
        if digits && matches!(text.len(), 4 | 7) {
            probes.push(whole(class::PHONE, text));
        }
        if digits && text.len() >= 10 {
            let last = text.get(text.len() - 10..).unwrap_or(text);
            probes.push(whole(class::PHONE, last));
        }
        if text.len() >= NUMBER {
            probes.push(Probe::start(class::NUMBER, text));
        }
        (!probes.is_empty()).then(|| Self { typed: text.to_owned(), probes })
    }

    fn dated(read: dates::Read, text: &str) -> Self {
        let mut probes: Vec<Probe> = Vec::new();
        let whole = |token: String| Probe { token, whole: true, closeness: Closeness::Typed };
        probes.extend(read.days.iter().map(|day| whole(day.format("b%Y%m%d").to_string())));
        let month = |(y, m): &(i32, u32)| Probe::start(class::BORN, &format!("{y}{m:02}"));
        probes.extend(read.months.iter().map(month));
        probes.extend(read.of_year.iter().map(|(m, d)| whole(format!("d{m:02}{d:02}"))));
        let number = plain(text);
        if number.len() >= NUMBER && number.bytes().all(|b| b.is_ascii_digit()) {
            probes.push(Probe::start(class::NUMBER, &number));
        }
        Self { typed: text.to_owned(), probes }
    }
}

/// Takes apart what was typed. `today` decides the century of two-digit years, the language which
/// number of a date is looked at first.
pub fn terms(typed: &str, language: Language, today: NaiveDate) -> Vec<Term> {
    let typed = typed.replace([',', ';'], " ");
    let pieces: Vec<&str> = typed.split_whitespace().collect();
    let mut terms: Vec<Term> = Vec::new();
    let mut words: Vec<String> = Vec::new();
    let mut number = String::new();
    let mut at = 0;
    while at < pieces.len() {
        let dated = (1..=5).rev().find_map(|len| {
            let part = pieces.get(at..at + len)?;
            Some((dates::read(&part.join(" "), language, today)?, part.join(" "), len))
        });
        let piece = pieces.get(at).copied().unwrap_or_default();
        let digits = piece.chars().any(|c| c.is_ascii_digit());
        let joins = digits && dated.is_none() && dates::year(piece).is_none();
        if !joins {
            terms.extend(Term::number(&std::mem::take(&mut number), today));
        }
        if dated.is_some() || digits {
            words.clear();
        }
        if let Some((read, text, length)) = dated {
            terms.push(Term::dated(read, &text));
            at += length;
            continue;
        }
        match (joins, digits) {
            (true, _) => number.push_str(&plain(piece)),
            (_, true) => terms.extend(Term::number(&plain(piece), today)),
            _ => of_words(piece, &mut words, &mut terms),
        }
        at += 1;
    }
    terms.extend(Term::number(&number, today));
    let mut seen = std::collections::BTreeSet::new();
    terms.retain(|term| seen.insert(term.typed.clone()));
    terms
}

/// The words of one piece: "okafor-reyes" is two. A lone letter before another word, and words that
/// only link, count with the word that follows.
fn of_words(piece: &str, words: &mut Vec<String>, terms: &mut Vec<Term>) {
    let folded = fold(piece);
    for word in folded.split(' ').filter(|word| !word.is_empty()) {
        let initial = |term: &Term| term.typed.len() == 1;
        if words.len() == 1 && terms.last().is_some_and(initial) {
            terms.pop(); // "o neil"
        }
        if !is_linking(word) {
            terms.push(Term::word(word, words));
        }
        words.push(word.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed_as(typed: &str, language: Language) -> Vec<String> {
        let today = NaiveDate::from_ymd_opt(2026, 11, 22).unwrap();
        let close = |term: Term| {
            let typed = |it: &&Probe| it.closeness == Closeness::Typed;
            let tokens: Vec<_> =
                term.probes.iter().filter(typed).map(|it| it.token.clone()).collect();
            tokens.join("|")
        };
        terms(typed, language, today).into_iter().map(close).collect()
    }

    #[test]
    fn what_was_typed_is_taken_apart() {
        for (typed, expected) in [
            ("Okafor 3/4/1958", vec!["wokafor", "b19580304|b19580403|r341958"]),
            ("3-14-58", vec!["b19580314|r31458"]),
            ("1958-03-04", vec!["b19580304|r19580304"]),
            ("mar 4, 1958", vec!["b19580304"]),
            ("9 nov 1958", vec!["b19581109"]),
            ("4 de marzo de 1958", vec!["b19580304"]),
            ("March 4 1958 núñez", vec!["b19580304", "wnunez"]),
            ("11/9", vec!["d1109|d0911|r119"]),
            ("nov 9", vec!["d1109"]),
            ("nov 1958", vec!["b195811"]),
            ("11/1958 mari", vec!["b195811|r111958", "wmari"]),
            ("Okaf 1958", vec!["wokaf", "y1958|p1958|r1958"]),
            ("okafor 58", vec!["wokafor", "y1958"]),
            ("004-81-937", vec!["r00481937"]),
            ("0134", vec!["p0134|r0134"]),
            ("(555) 013-0134", vec!["p5550130134|r5550130134"]),
            ("O'Neil", vec!["woneil"]),
            ("o neil", vec!["wneil|woneil"]),
            ("okafor m", vec!["wokafor", "wm"]),
            ("De la Cruz", vec!["wcruz|wlacruz|wdelacruz"]),
            ("van den berg", vec!["wvan", "wden|wvanden", "wberg|wdenberg|wvandenberg"]),
            ("smith jr", vec!["wsmith", "wjr|xjr"]),
            ("Okafor-Reyes", vec!["wokafor", "wreyes"]),
            ("", vec![]),
        ] {
            assert_eq!(typed_as(typed, Language::English), expected, "{typed}");
        }
        assert_eq!(typed_as("9/11", Language::Spanish), ["d1109|d0911|r911"]);
    }

    #[test]
    fn names_have_their_other_forms() {
        let others = |name: &str| alike(name).collect::<Vec<_>>();
        assert!(others("pepe").contains(&"jose") && others("jose").contains(&"pepe"));
        assert!(others("bob").contains(&"robert"));
        assert!(others("okafor").is_empty());
    }
}
