//! By what a patient is found: every word of every name, how the family name sounds, birth date,
//! telephone and record numbers. Each is a *token*: a letter that says what it is, then its text
//! (`wreyes`, `y1958`, `p0134`). The store keeps a row for every token and for every pair of words,
//! so that "reyes maria" is one short range however many people are called María. Pure.

use super::numbers;
use super::words::is_suffix;
use super::{sound, usable_day};
use crate::patients::record::{Identity, Patient, phone_keys};
use almoner_core::clinical::HumanName;
use almoner_core::text::fold;
use std::collections::BTreeSet;

/// The class of a token.
pub mod class {
    /// A word of a name.
    pub const WORD: char = 'w';
    /// "jr", "sr", "ii".
    pub const SUFFIX: char = 'x';
    /// The sound of a family name.
    pub const SOUND: char = 's';
    /// Birth date, its year, its day of the year.
    pub const BORN: char = 'b';
    pub const YEAR: char = 'y';
    pub const DAY: char = 'd';
    /// The last ten, seven and four digits of a telephone.
    pub const PHONE: char = 'p';
    /// A record number.
    pub const NUMBER: char = 'r';
    /// The language spoken first: not typed, but filtered by.
    pub const LANGUAGE: char = 'l';
}

/// Record numbers, and telephones, of one patient at most: what is beyond is a machine's noise.
const MOST: usize = 32;
/// Words of one patient that stand in pairs at most.
const PAIRED: usize = 14;
/// Letters of the text by which found people are sorted.
const SORTED_BY: usize = 24;
/// A name sounds like something from so many letters on.
const AUDIBLE: usize = 3;

/// Words that link names and say nothing alone.
pub fn is_linking(word: &str) -> bool {
    matches!(word, "de" | "del" | "la" | "las" | "los" | "y" | "da" | "dos" | "e")
}

/// A language's shortest tag: `es` of `spa` and of `es-MX`.
pub fn language_code(tag: &str) -> String {
    let primary = tag.split(['-', '_']).next().unwrap_or_default().to_lowercase();
    match primary.as_str() {
        "spa" => "es",
        "eng" => "en",
        "vie" => "vi",
        "por" => "pt",
        "zho" | "chi" => "zh",
        "hat" => "ht",
        "kor" => "ko",
        "ara" => "ar",
        "rus" => "ru",
        "fra" | "fre" => "fr",
        "pol" => "pl",
        "deu" | "ger" => "de",
        "ita" => "it",
        "jpn" => "ja",
        "hin" => "hi",
        "tgl" | "fil" => "tl",
        "som" => "so",
        "ukr" => "uk",
        "fas" | "per" => "fa",
        "khm" => "km",
        "nep" => "ne",
        "sgn" => "ase",
        other => other,
    }
    .to_owned()
}

/// The tokens of a patient, and the text by which people are sorted: "okaforreyes maria".
pub fn tokens(patient: &Patient) -> (BTreeSet<String>, String) {
    let mut all = BTreeSet::new();
    for identity in &patient.identities {
        of_identity(identity, &mut all);
    }
    for noisy in [class::NUMBER, class::PHONE] {
        let mut left = MOST;
        all.retain(|token| {
            let noise = token.starts_with(noisy);
            left = left.saturating_sub(usize::from(noise));
            !noise || left > 0
        });
    }
    (all, sorted_by(patient))
}

/// The pairs of tokens that have a row of their own: two words, a word and a birth year.
pub fn pairs(tokens: &BTreeSet<String>) -> Vec<String> {
    let paired = |token: &&String| token.starts_with([class::WORD, class::SOUND, class::YEAR]);
    let paired: Vec<&String> = tokens.iter().filter(paired).take(PAIRED).collect();
    let mut pairs = Vec::new();
    for (at, one) in paired.iter().enumerate() {
        for other in paired.iter().skip(at + 1) {
            if can_pair(one, other) {
                pairs.push(interleaved(one, other));
            }
        }
    }
    pairs
}

/// Whether two tokens (or beginnings of tokens) have rows together.
pub fn can_pair(one: &str, other: &str) -> bool {
    use class::{SOUND, WORD, YEAR};
    let kinds = (one.chars().next(), other.chars().next());
    matches!(
        kinds,
        (Some(WORD), Some(WORD | SOUND | YEAR))
            | (Some(SOUND), Some(WORD | YEAR))
            | (Some(YEAR), Some(WORD | SOUND))
    )
}

/// Two texts letter by letter in turn, so that the beginnings of both are the beginning of the row.
/// The shorter one is filled up.
pub fn interleaved(one: &str, other: &str) -> String {
    let (mut a, mut b) = (one.chars(), other.chars());
    let mut out = String::new();
    loop {
        match (a.next(), b.next()) {
            (None, None) => return out,
            (x, y) => out.extend([x.unwrap_or(FILL), y.unwrap_or(FILL)]),
        }
    }
}

/// What every row of these two beginnings begins with.
pub fn interleaved_start(one: &str, other: &str) -> String {
    let mut b = other.chars();
    let mut out = String::new();
    for x in one.chars() {
        out.push(x);
        let Some(y) = b.next() else { break };
        out.push(y);
    }
    out
}

/// The two texts of a row.
pub fn parted(row: &str) -> (String, String) {
    let (mut one, mut other) = (String::new(), String::new());
    for (at, letter) in row.chars().enumerate().filter(|(_, letter)| *letter != FILL) {
        if at % 2 == 0 { one.push(letter) } else { other.push(letter) }
    }
    (one, other)
}

const FILL: char = '\u{1}';

fn of_identity(identity: &Identity, all: &mut BTreeSet<String>) {
    let demographics = &identity.demographics;
    for name in demographics.names.iter().chain(&identity.former.names) {
        of_name(name, all);
    }
    let birth = demographics.birth_date.as_ref();
    if let Some(born) = birth.and_then(usable_day) {
        all.insert(born.format("b%Y%m%d").to_string());
        all.insert(born.format("y%Y").to_string());
        all.insert(born.format("d%m%d").to_string());
    } else if let Some(year) = birth.and_then(|it| it.as_str().get(..4)) {
        all.insert(format!("{}{year}", class::YEAR));
    }
    let spoken = &demographics.communications;
    if let Some(first) = spoken.iter().find(|it| it.preferred).or(spoken.first()) {
        all.insert(format!("{}{}", class::LANGUAGE, language_code(&first.language)));
    }
    let points = demographics.telecoms.iter().chain(&identity.former.telecoms);
    for point in points.filter(|point| point.system == "phone") {
        all.extend(phone_keys(&point.value).iter().map(|it| format!("{}{it}", class::PHONE)));
    }
    for id in &demographics.identifiers {
        if !numbers::is_ssn(id) && id.system != numbers::FHIR_ID {
            all.insert(format!("{}{}", class::NUMBER, numbers::plain(&id.value)));
        }
    }
}

fn of_name(name: &HumanName, all: &mut BTreeSet<String>) {
    let family = folded(&name.family);
    let (suffixes, parts): (Vec<_>, Vec<_>) =
        family.iter().enumerate().partition(|(at, word)| *at > 0 && is_suffix(word));
    let told = name.suffix.iter().map(|text| fold(text));
    let suffixes = suffixes.into_iter().map(|(_, word)| word.clone()).chain(told);
    all.extend(suffixes.filter(|it| is_suffix(it)).map(|it| format!("{}{it}", class::SUFFIX)));
    let parts: Vec<&String> = parts.into_iter().map(|(_, word)| word).collect();
    let joined: String = parts.iter().map(|part| part.as_str()).collect();
    let given = name.given.iter().flat_map(|part| folded(part));
    let words = parts.iter().map(|part| (*part).clone()).chain(given);
    let words: Vec<String> = words.filter(|word| !is_linking(word)).collect();
    all.extend(words.into_iter().map(|word| format!("{}{word}", class::WORD)));
    for heard in parts.iter().filter(|part| part.len() >= AUDIBLE && !is_linking(part)) {
        all.extend(sound::sounds(heard).into_iter().map(|code| format!("{}{code}", class::SOUND)));
    }
    if parts.len() > 1 {
        all.insert(format!("{}{joined}", class::WORD));
    }
}

fn sorted_by(patient: &Patient) -> String {
    let golden = patient.golden();
    let name = golden.names.first().map(|name| {
        let family = fold(&name.family).replace(' ', "");
        format!("{family} {}", fold(&name.given.join(" ")))
    });
    name.unwrap_or_default().chars().take(SORTED_BY).collect()
}

fn folded(text: &str) -> Vec<String> {
    fold(text).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_found_by_both_beginnings() {
        let row = interleaved("wmaria", "wokafor");
        assert!(row.starts_with(&interleaved_start("wmar", "wok")), "{row}");
        assert!(row.starts_with(&interleaved_start("wma", "wokafor")), "{row}");
        assert!(!row.starts_with(&interleaved_start("wmar", "wol")));
        assert_eq!(parted(&row), ("wmaria".to_owned(), "wokafor".to_owned()));
    }
}
