//! Texts of people and of foreign files: folded for search (case, accents and punctuation do not matter),
//! and made safe to read.

use std::fmt::Write;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Folds a text to lower-case letters and digits in words parted by one blank. Letters without a
/// decomposition are mapped by hand (`ø` → `o`, `ł` → `l`, `ß` → `ss` …).
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase) {
        match c {
            'ø' => out.push('o'),
            'ł' => out.push('l'),
            'đ' | 'ð' => out.push('d'),
            'ı' => out.push('i'),
            'ß' => out.push_str("ss"),
            'æ' => out.push_str("ae"),
            'œ' => out.push_str("oe"),
            'þ' => out.push_str("th"),
            '\'' | '’' | '`' | '.' => {}
            c if c.is_alphanumeric() => out.push(c),
            _ if out.ends_with(' ') || out.is_empty() => {}
            _ => out.push(' '),
        }
    }
    out.truncate(out.trim_end().len());
    out
}

/// A foreign text as it may be shown: signs that hide, or that turn about the order in which it is read,
/// are shown by their number (`[U+202E]`); other controls are shown too. What joins letters in some
/// scripts stays (U+200C, U+200D), and so do the marks of direction of right-to-left text (U+200E, U+200F).
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let hides = matches!(c,
            '\u{200b}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{ad}'
                | '\u{61c}' | '\u{180e}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}');
        if hides || (c.is_control() && !matches!(c, '\n' | '\t')) {
            let _ = write!(out, "[U+{:04X}]", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{fold, visible};

    #[test]
    fn what_hides_is_shown() {
        assert_eq!(visible("take \u{202e}01\u{202c} mg"), "take [U+202E]01[U+202C] mg");
        assert_eq!(visible("no\u{200b}ne\u{feff}\u{7}"), "no[U+200B]ne[U+FEFF][U+0007]");
        let kept = "Zoë می\u{200c}خواهم 👩\u{200d}⚕️\tא\u{200f}\n";
        assert_eq!(visible(kept), kept, "what scripts need stays");
    }

    #[test]
    fn folds_names() {
        assert_eq!(fold("Ñúñez-O’Brien  Łukasz"), "nunez obrien lukasz");
        assert_eq!(fold("  Straße, 5b "), "strasse 5b");
    }
}
