//! The recovery key as a person meets it: 64 signs on paper in 8 groups, each with its own check,
//! so that a mistyped group is named instead of the whole key being refused.
//!
//! The alphabet is Crockford's base 32 (<https://www.crockford.com/base32.html>): no I, L, O or U;
//! typed I and L are read as 1, O as 0, small letters as capitals. A group carries 32 bits of the
//! key and a CRC-8 that starts from the group's place, so swapped groups are found as well.

use super::secret::{SECRET_BYTES, random};
use super::{KeyError, RecoveryKeyError};
use std::fmt;
use zeroize::Zeroizing;

/// Number of groups a recovery key is printed in.
pub const GROUPS: usize = 8;
/// Letters and digits in one group: 40 bits, 32 of key and 8 of check.
const GROUP_SIGNS: usize = 8;
/// Bytes of key in one group.
const GROUP_BYTES: usize = SECRET_BYTES / GROUPS;
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The key on paper: 256 random bits that open slot 1 of a store.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryKey(Zeroizing<[u8; SECRET_BYTES]>);

impl RecoveryKey {
    /// Makes a new random key.
    pub fn generate() -> Result<Self, KeyError> {
        random().map(Self)
    }

    /// The raw bytes: for the age key that opens backups.
    pub(crate) fn secret(&self) -> &[u8; SECRET_BYTES] {
        &self.0
    }

    /// Reads a typed key. Case, blanks, hyphens and the usual mix-ups of I, L, 1 and O, 0 are
    /// forgiven; any other slip is an error that names the group where that can be known.
    pub fn parse(text: &str) -> Result<Self, RecoveryKeyError> {
        let words: Vec<&str> = text.split(is_separator).filter(|word| !word.is_empty()).collect();
        if words.len() == GROUPS {
            return Self::from_groups(words.into_iter());
        }
        let signs: Zeroizing<Vec<char>> =
            Zeroizing::new(words.iter().flat_map(|w| w.chars()).collect());
        let groups: Vec<Zeroizing<String>> =
            signs.chunks(GROUP_SIGNS).map(|group| Zeroizing::new(group.iter().collect())).collect();
        let key = Self::from_groups(groups.iter().map(|group| group.as_str()));
        match key {
            // All that is there is right: the end is missing or something follows.
            Err(RecoveryKeyError::GroupLength { .. }) => Err(RecoveryKeyError::Length(signs.len())),
            other => other,
        }
    }

    /// The whole key for printing: 8 groups, four to a line.
    pub fn to_text(&self) -> Zeroizing<String> {
        let mut text = Zeroizing::new(String::with_capacity(GROUPS * (GROUP_SIGNS + 1)));
        for number in 1..=GROUPS {
            if number > 1 {
                text.push(if number == GROUPS / 2 + 1 { '\n' } else { ' ' });
            }
            text.push_str(&self.group(number).unwrap_or_default());
        }
        text
    }

    /// One group by its number (1 to 8), for asking the reader of the paper to type it back.
    pub fn group(&self, number: usize) -> Option<Zeroizing<String>> {
        let place = number.checked_sub(1)?;
        let data = self.0.chunks_exact(GROUP_BYTES).nth(place)?;
        let bits = data.iter().fold(0_u64, |bits, byte| bits << 8 | u64::from(*byte));
        let bits = bits << 8 | u64::from(check(place, data));
        let mut group = Zeroizing::new(String::with_capacity(GROUP_SIGNS));
        for sign in (0..GROUP_SIGNS).rev() {
            let value = usize::try_from(bits >> (5 * sign) & 31).unwrap_or_default();
            group.push(char::from(ALPHABET.get(value).copied().unwrap_or(b'?')));
        }
        Some(group)
    }

    /// Whether what was typed back is the group of this number (1 to 8).
    pub fn is_group(&self, number: usize, typed: &str) -> bool {
        let expected = self.group(number).and_then(|group| bits_of(number, &group).ok());
        let typed: Zeroizing<String> =
            Zeroizing::new(typed.chars().filter(|sign| !is_separator(*sign)).collect());
        expected.is_some() && expected == bits_of(number, &typed).ok()
    }

    fn from_groups<'a>(groups: impl Iterator<Item = &'a str>) -> Result<Self, RecoveryKeyError> {
        let mut secret = Zeroizing::new([0; SECRET_BYTES]);
        let mut places = secret.chunks_exact_mut(GROUP_BYTES);
        let mut found = 0;
        for text in groups {
            let group = found + 1;
            let bits = bits_of(group, text)?.to_be_bytes();
            let [_, _, _, data @ .., sum] = bits;
            if check(found, &data) != sum {
                return Err(RecoveryKeyError::Checksum { group });
            }
            let place = places.next().ok_or(RecoveryKeyError::GroupLength { group, found: 0 })?;
            place.copy_from_slice(&data);
            found = group;
        }
        if found < GROUPS {
            return Err(RecoveryKeyError::GroupLength { group: found + 1, found: 0 });
        }
        Ok(Self(secret))
    }
}

impl fmt::Debug for RecoveryKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryKey(not shown)")
    }
}

fn is_separator(sign: char) -> bool {
    sign.is_whitespace() || matches!(sign, '-' | '_' | '.' | ',' | '\u{2010}'..='\u{2015}')
}

/// The 40 bits that the 8 signs of a group stand for.
fn bits_of(group: usize, text: &str) -> Result<u64, RecoveryKeyError> {
    let found = text.chars().count();
    let mut bits = 0;
    for sign in text.chars() {
        let value = match sign.to_ascii_uppercase() {
            'I' | 'L' => 1,
            'O' => 0,
            other => ALPHABET
                .iter()
                .position(|letter| char::from(*letter) == other)
                .ok_or(RecoveryKeyError::Sign { group, sign })?,
        };
        bits = bits << 5 | u64::try_from(value).unwrap_or_default();
    }
    if found == GROUP_SIGNS {
        Ok(bits)
    } else {
        Err(RecoveryKeyError::GroupLength { group, found })
    }
}

/// CRC-8 (polynomial x^8 + x^2 + x + 1) of a group's data, started from its place: it finds every
/// error within 8 neighbouring bits, so every single mistyped sign.
fn check(place: usize, data: &[u8]) -> u8 {
    let start = u8::try_from(place).unwrap_or_default().wrapping_add(1);
    data.iter().fold(start, |crc, byte| {
        (0..8).fold(crc ^ byte, |crc, _| crc << 1 ^ if crc & 0x80 == 0 { 0 } else { 0x07 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key() -> RecoveryKey {
        let mut secret = [0; SECRET_BYTES];
        for (number, byte) in (0_u8..).zip(&mut secret) {
            *byte = number.wrapping_mul(37) + 1;
        }
        RecoveryKey(Zeroizing::new(secret))
    }

    #[test]
    fn a_printed_key_is_read_back_however_it_is_typed() {
        let key = key();
        let text = key.to_text();
        assert_eq!(text.split_whitespace().count(), GROUPS);
        let slips = text.to_lowercase().replace('1', "l").replace('0', "o").replace(' ', " - ");
        let joined: String = text.split_whitespace().collect();
        for typed in [text.to_string(), slips, joined, format!("  {}\n", text.as_str())] {
            assert!(RecoveryKey::parse(&typed).unwrap() == key, "{typed}");
        }
        for _ in 0..50 {
            let fresh = RecoveryKey::generate().unwrap();
            assert!(RecoveryKey::parse(&fresh.to_text()).unwrap() == fresh);
        }
    }

    #[test]
    fn every_single_mistyped_sign_names_its_group() {
        let text = key().to_text();
        for (at, sign) in text.char_indices().filter(|(_, sign)| !sign.is_whitespace()) {
            let group = 1 + text[..at]
                .split_whitespace()
                .count()
                .saturating_sub(usize::from(!text[..at].ends_with(is_separator) && at > 0));
            for other in ALPHABET.iter().map(|b| char::from(*b)).filter(|other| *other != sign) {
                let mut typed = text.to_string();
                typed.replace_range(at..=at, &other.to_string());
                let error = RecoveryKey::parse(&typed).unwrap_err();
                assert_eq!(error, RecoveryKeyError::Checksum { group }, "{typed}");
            }
        }
    }

    #[test]
    fn swapped_short_and_foreign_groups_are_named() {
        let text = key().to_text().to_string();
        let groups: Vec<&str> = text.split_whitespace().collect();
        let typed = |groups: &[&str]| RecoveryKey::parse(&groups.join(" ")).unwrap_err();
        let mut swapped = groups.clone();
        swapped.swap(2, 5);
        assert_eq!(typed(&swapped), RecoveryKeyError::Checksum { group: 3 });
        let mut short = groups.clone();
        short[4] = &short[4][..7];
        assert_eq!(typed(&short), RecoveryKeyError::GroupLength { group: 5, found: 7 });
        assert_eq!(typed(&groups[..7]), RecoveryKeyError::Length(56));
        let foreign = text.replacen(groups[6], "ABCDEFGU", 1);
        let error = RecoveryKey::parse(&foreign).unwrap_err();
        assert_eq!(error, RecoveryKeyError::Sign { group: 7, sign: 'U' });
        assert_eq!(RecoveryKey::parse("").unwrap_err(), RecoveryKeyError::Length(0));
        assert!(RecoveryKey::parse(&format!("{text} {}", groups[0])).is_err());
    }

    #[test]
    fn a_group_typed_back_is_compared() {
        let key = key();
        let third = key.group(3).unwrap().to_lowercase();
        assert!(key.is_group(3, &third) && !key.is_group(4, &third) && !key.is_group(3, ""));
        assert!(key.group(0).is_none() && key.group(9).is_none() && !key.is_group(9, "x"));
    }
}
