//! A person's name that stands in one cell: "Last, First M", "First Last", with what else people
//! write beside it.

use almoner_core::clinical::HumanName;
use almoner_core::text::fold;

const SUFFIXES: [&str; 9] = ["jr", "sr", "ii", "iii", "iv", "2nd", "3rd", "4th", "esq"];
const TITLES: [&str; 8] = ["mr", "mrs", "ms", "miss", "dr", "sr", "sra", "srta"];
/// Words that belong to the family name behind them.
const PARTICLES: [&str; 20] = [
    "de", "del", "la", "las", "los", "van", "von", "der", "den", "da", "das", "do", "dos", "di",
    "du", "el", "al", "bin", "st", "san",
];

/// What stands in a cell for a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Named {
    pub name: HumanName,
    /// The name that the person goes by: in quotes or brackets.
    pub nickname: String,
    /// A number in brackets: "Abara, Lionel (20415)".
    pub number: String,
}

/// Reads a name; an empty one where nothing stands that could be a name.
pub(super) fn read(cell: &str) -> Named {
    let mut named = Named::default();
    let plain = aside(cell, &mut named);
    let mut parts: Vec<&str> = plain.split(',').map(str::trim).collect();
    let mut suffix: Vec<String> = Vec::new();
    // "Abara, Lionel, Jr" and "Abara, Jr, Lionel": what is a suffix is no part of a name.
    if parts.len() > 1 {
        parts.retain(|part| {
            let is = is_suffix(part);
            suffix.extend(is.then(|| (*part).to_owned()));
            !is && !part.is_empty()
        });
    }
    let (family, given) = match parts.as_slice() {
        [family, given @ ..] if !given.is_empty() => (words(family), words(&given.join(" "))),
        [whole] if suffix.is_empty() && !plain.contains(',') => turned(&words(whole)),
        [family] => (words(family), Vec::new()),
        _ => return named,
    };
    named.name = assemble(family, given, suffix);
    named
}

/// A name whose parts stand in cells of their own.
pub(super) fn of_parts(family: &str, given: &str, middle: &str, suffix: &str) -> Named {
    let mut named = Named::default();
    let given = aside(given, &mut named);
    let family = aside(family, &mut named);
    let middle = words(middle);
    let suffix = words(suffix);
    let given = words(&given).into_iter().chain(middle).collect();
    named.name = assemble(words(&family), given, suffix);
    named
}

/// Takes out what stands in brackets or quotes.
fn aside(cell: &str, named: &mut Named) -> String {
    let (mut plain, mut within, mut close) = (String::new(), String::new(), None);
    for c in cell.chars() {
        match (close, c) {
            (None, '(' | '[') => close = Some(if c == '(' { ')' } else { ']' }),
            (None, '"' | '“') => close = Some(if c == '"' { '"' } else { '”' }),
            (Some(end), c) if c == end => {
                close = None;
                keep(std::mem::take(&mut within).trim(), named);
                plain.push(' ');
            }
            (Some(_), c) => within.push(c),
            (None, c) => plain.push(c),
        }
    }
    keep(within.trim(), named);
    plain
}

fn keep(within: &str, named: &mut Named) {
    let digits = within.bytes().any(|b| b.is_ascii_digit());
    if digits && named.number.is_empty() {
        let label = |c: char| !c.is_ascii_digit() && c != '-';
        let number = within.trim_start_matches(label);
        // A birth date or an age in brackets is no number of the patient's.
        if !number.contains(['/', ' ', '.']) && number.len() > 3 {
            number.clone_into(&mut named.number);
        }
    } else if !digits
        && named.nickname.is_empty()
        && within.chars().all(|c| !c.is_ascii_punctuation())
    {
        within.clone_into(&mut named.nickname);
    }
}

/// "First Middle Last": the last word is the family name, with the particles before it.
fn turned(words: &[String]) -> (Vec<String>, Vec<String>) {
    let mut words = words.to_vec();
    let mut suffix = Vec::new();
    while words.len() > 2 && words.last().is_some_and(|word| is_suffix(word)) {
        suffix.extend(words.pop());
    }
    let mut at = words.len().saturating_sub(1);
    while at > 1 && words.get(at - 1).is_some_and(|word| PARTICLES.contains(&&*fold(word))) {
        at -= 1;
    }
    let mut family = words.split_off(at.min(words.len()));
    family.extend(suffix);
    (family, words)
}

fn assemble(mut family: Vec<String>, mut given: Vec<String>, mut suffix: Vec<String>) -> HumanName {
    while family.len() > 1 && family.last().is_some_and(|word| is_suffix(word)) {
        suffix.extend(family.pop());
    }
    while given.len() > 1 && given.last().is_some_and(|word| is_suffix(word)) {
        suffix.extend(given.pop());
    }
    let mut prefix = Vec::new();
    if given.len() > 1 && given.first().is_some_and(|word| TITLES.contains(&&*fold(word))) {
        prefix.push(given.remove(0));
    }
    HumanName { use_: String::new(), family: family.join(" "), given, prefix, suffix }
}

fn is_suffix(word: &str) -> bool {
    SUFFIXES.contains(&&*fold(word))
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(cell: &str) -> String {
        let Named { name, nickname, number } = read(cell);
        let parts = [
            name.family,
            name.given.join(" "),
            name.suffix.join(" "),
            name.prefix.join(" "),
            nickname,
            number,
        ];
        parts.join("|").trim_end_matches('|').to_owned()
    }

    #[test]
    fn names_in_one_cell() {
        for (cell, expected) in [
            ("Okafor-Reyes, María", "Okafor-Reyes|María"),
            ("ABARA,LIONEL T", "ABARA|LIONEL T"),
            ("Lionel Abara", "Abara|Lionel"),
            ("Lionel T. Abara", "Abara|Lionel T."),
            ("Ana de la Cruz", "de la Cruz|Ana"),
            ("De la Cruz, Ana Lucía", "De la Cruz|Ana Lucía"),
            ("Abara Jr, Lionel", "Abara|Lionel|Jr"),
            ("Abara, Lionel Jr.", "Abara|Lionel|Jr."),
            ("Abara, Lionel, III", "Abara|Lionel|III"),
            ("Abara, Jr., Lionel", "Abara|Lionel|Jr."),
            ("Lionel Abara Sr", "Abara|Lionel|Sr"),
            ("Mrs. Ann Doe", "Doe|Ann||Mrs."),
            ("Abara, Lionel (20415)", "Abara|Lionel||||20415"),
            ("Abara, Lionel (MRN: 020415)", "Abara|Lionel||||020415"),
            ("Abara, Lionel \"Leo\"", "Abara|Lionel|||Leo"),
            ("Abara, Lionel (Leo)", "Abara|Lionel|||Leo"),
            ("Abara, Lionel (3/4/58)", "Abara|Lionel"),
            ("Cher", "Cher"),
            ("", ""),
            (" , ", ""),
        ] {
            assert_eq!(shown(cell), expected, "{cell}");
        }
    }

    #[test]
    fn names_in_cells_of_their_own() {
        let named = of_parts("Abara Jr", "Lionel (Leo)", "T", "");
        let HumanName { family, given, suffix, .. } = named.name;
        assert_eq!((family.as_str(), given.join(" ").as_str()), ("Abara", "Lionel T"));
        assert_eq!((suffix.join(" ").as_str(), named.nickname.as_str()), ("Jr", "Leo"));
    }
}
