//! One line of the trail: who did what to whose record, when, from where, why, and how it ended.
//! References and short words only: no name, no clinical value and no free text ever enters an
//! entry.
//!
//! # Canonical bytes
//! What is hashed and what the store keeps are the same bytes: the entry as JSON in the canonical
//! form of RFC 8785 (JCS). Exactly: one object; members sorted by name; no white space; UTF-8; in
//! strings only `"` and `\` and controls are escaped; numbers are integers whose size is below
//! 2^53, never floats; absent members are left out, never `null`; an empty `records` or `detail`
//! is left out. Members, in their order: `actor {id, kind}`, `address`, `at`, `boot`,
//! `detail {…}`, `device`, `outcome`, `patient`, `purpose`, `reason`,
//! `records [{digest, id, kind}]`, `seq`, `v` (always 1), `verb`, `visit`. Digests and commitments
//! are standard base64 of 32 bytes. A reader refuses bytes that it would have written otherwise.

use std::collections::BTreeMap;
use std::fmt;

use ring::hmac;
use serde::{Deserialize, Serialize};

use crate::hash::{Hash, leaf_hash};
use crate::range::MAX_SIZE;

/// Version of the entry's shape, member `v`.
pub const SHAPE: u8 = 1;

/// Longest token, in bytes.
pub const MAX_TOKEN_LEN: usize = 160;

/// Longest canonical entry, in bytes (C2SP tlog-tiles entry bundles carry 16-bit lengths).
pub const MAX_ENTRY_LEN: usize = 65_535;

/// One entry. Fields stand in the order of their canonical bytes: keep them sorted by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// Who acted.
    pub actor: Actor,
    /// Network address the request came from, if it came over the network.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// When, RFC 3339 in UTC with milliseconds: `2026-11-22T09:42:11.032Z`.
    pub at: String,
    /// Which start of the daemon wrote it: tells a clock that jumped from entries out of order.
    pub boot: String,
    /// Counts, codes and field names that belong to the act. Tokens and integers only.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub detail: BTreeMap<String, Detail>,
    /// Source device, if known: a device id, the name of an intake source, `cli`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    /// How it ended: `done`, `refused`, `failed`.
    pub outcome: String,
    /// Opaque id of the patient concerned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<String>,
    /// Purpose of use: `treatment`, `operations`, `emergency`, ….
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// Commitment to the reason's words ([`reason_commitment`]); salt and words are kept elsewhere
    /// and can be purged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Hash>,
    /// Records touched, with the digest of the image that was stored.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub records: Vec<RecordRef>,
    /// Place in the trail, from 0, without gaps: the leaf's index in the tree.
    pub seq: u64,
    /// Shape version, [`SHAPE`].
    pub v: u8,
    /// What was done: the house's verb token, such as `referral.close`.
    pub verb: String,
    /// The visit (session and request) it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visit: Option<String>,
}

/// Who acted, without a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// Staff id, token id, or the part of the system: `system`, `intake`.
    pub id: String,
    /// Kind of actor: `staff`, `token`, `system`, `admin`, ….
    pub kind: String,
}

/// A record touched.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordRef {
    /// SHA-256 of the stored image after the act; absent when it was only read or is gone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<Hash>,
    /// The record's opaque id.
    pub id: String,
    /// The record's kind token, such as `condition`.
    pub kind: String,
}

/// A value in an entry's `detail`: an integer or a short token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Detail {
    /// A count or a version.
    Number(i64),
    /// A code, a field name, an id.
    Token(String),
}

/// Why an entry is not one that may stand in the trail. Names the member, never its value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EntryError {
    /// A member that must be a token has a space, a quote or a control in it, is empty, or is too
    /// long.
    Token(&'static str),
    /// `at` is not RFC 3339 in UTC with milliseconds.
    Time,
    /// A number is outside ±(2^53 - 1), or the shape is not [`SHAPE`].
    Number(&'static str),
    /// The entry is longer than [`MAX_ENTRY_LEN`].
    TooLong,
    /// The bytes are not JSON of an entry.
    NotAnEntry,
    /// The bytes say the same as an entry, but are not its canonical bytes.
    NotCanonical,
}

impl fmt::Display for EntryError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Token(member) => write!(
                out,
                "member `{member}` is not a short token (1 to {MAX_TOKEN_LEN} visible \
                 ASCII characters without quotes)"
            ),
            Self::Time => out.write_str("member `at` is not a UTC time with milliseconds"),
            Self::Number(member) => write!(out, "number `{member}` is out of bounds"),
            Self::TooLong => write!(out, "the entry is longer than {MAX_ENTRY_LEN} bytes"),
            Self::NotAnEntry => out.write_str("not an entry of the trail"),
            Self::NotCanonical => out.write_str("an entry, but not in its canonical bytes"),
        }
    }
}

impl std::error::Error for EntryError {}

impl Entry {
    /// The bytes that are hashed, stored and exported. Refuses an entry that breaks the rules
    /// above.
    pub fn canonical(&self) -> Result<Vec<u8>, EntryError> {
        self.check()?;
        let bytes = serde_json::to_vec(self).map_err(|_| EntryError::NotAnEntry)?;
        if bytes.len() > MAX_ENTRY_LEN { Err(EntryError::TooLong) } else { Ok(bytes) }
    }

    /// Canonical bytes and the leaf they make.
    pub fn leaf(&self) -> Result<(Vec<u8>, Hash), EntryError> {
        let bytes = self.canonical()?;
        let leaf = leaf_hash(&bytes);
        Ok((bytes, leaf))
    }

    /// Reads canonical bytes; refuses anything that [`Entry::canonical`] would not have written.
    pub fn parse(bytes: &[u8]) -> Result<Self, EntryError> {
        let entry: Self = serde_json::from_slice(bytes).map_err(|_| EntryError::NotAnEntry)?;
        if entry.canonical()? == bytes { Ok(entry) } else { Err(EntryError::NotCanonical) }
    }

    fn check(&self) -> Result<(), EntryError> {
        if !is_utc_millis(&self.at) {
            return Err(EntryError::Time);
        }
        if self.seq > MAX_SIZE {
            return Err(EntryError::Number("seq"));
        }
        if self.v != SHAPE {
            return Err(EntryError::Number("v"));
        }
        token("actor.id", &self.actor.id)?;
        token("actor.kind", &self.actor.kind)?;
        token("boot", &self.boot)?;
        token("outcome", &self.outcome)?;
        token("verb", &self.verb)?;
        for (member, value) in [
            ("address", &self.address),
            ("device", &self.device),
            ("patient", &self.patient),
            ("purpose", &self.purpose),
            ("visit", &self.visit),
        ] {
            value.as_deref().map_or(Ok(()), |text| token(member, text))?;
        }
        for record in &self.records {
            token("records.id", &record.id)?;
            token("records.kind", &record.kind)?;
        }
        self.detail.iter().try_for_each(|(name, value)| check_detail(name, value))
    }
}

impl From<&str> for Detail {
    fn from(token: &str) -> Self {
        Self::Token(token.to_owned())
    }
}

impl From<i64> for Detail {
    fn from(number: i64) -> Self {
        Self::Number(number)
    }
}

/// Commitment to the words of a reason: HMAC-SHA-256 keyed with a fresh random salt of 32 bytes.
/// With salt and words anybody can check it; without the salt it says nothing about the words, so
/// both can be purged and the tree still proves.
pub fn reason_commitment(salt: &[u8; 32], words: &str) -> Hash {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, salt), words.as_bytes());
    let mut bytes = [0; Hash::LEN];
    bytes.copy_from_slice(tag.as_ref());
    Hash(bytes)
}

/// Whether a text may stand in an entry: visible ASCII without quotes, backslash or angle brackets,
/// not too long.
pub fn is_token(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'"' | b'\\' | b'<' | b'>');
    !text.is_empty() && text.len() <= MAX_TOKEN_LEN && text.bytes().all(plain)
}

fn token(member: &'static str, text: &str) -> Result<(), EntryError> {
    if is_token(text) { Ok(()) } else { Err(EntryError::Token(member)) }
}

fn check_detail(name: &str, value: &Detail) -> Result<(), EntryError> {
    token("detail", name)?;
    match value {
        Detail::Token(text) => token("detail", text),
        Detail::Number(number) if number.unsigned_abs() > MAX_SIZE => {
            Err(EntryError::Number("detail"))
        }
        Detail::Number(_) => Ok(()),
    }
}

/// `YYYY-MM-DDThh:mm:ss.mmmZ`, each part within its bounds (RFC 3339 section 5.6; 60 is a leap
/// second).
fn is_utc_millis(text: &str) -> bool {
    let shape = b"0000-00-00T00:00:00.000Z";
    let fits = text.len() == shape.len()
        && text.bytes().zip(shape).all(|(byte, mark)| match mark {
            b'0' => byte.is_ascii_digit(),
            _ => byte == *mark,
        });
    let within = |from: usize, low: u8, high: u8| {
        let part = text.get(from..from + 2).and_then(|digits| digits.parse::<u8>().ok());
        part.is_some_and(|number| (low..=high).contains(&number))
    };
    fits && within(5, 1, 12)
        && within(8, 1, 31)
        && within(11, 0, 23)
        && within(14, 0, 59)
        && within(17, 0, 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::digest;

    fn full() -> Entry {
        Entry {
            actor: Actor { id: "staff-7".into(), kind: "staff".into() },
            address: Some("192.168.4.23".into()),
            at: "2026-11-22T09:42:11.032Z".into(),
            boot: "b-19".into(),
            detail: BTreeMap::from([
                ("field".into(), "status".into()),
                ("count".into(), Detail::Number(-3)),
            ]),
            device: Some("dev-2".into()),
            outcome: "done".into(),
            patient: Some("p-12".into()),
            purpose: Some("treatment".into()),
            reason: Some(reason_commitment(&[7; 32], "the words of a reason")),
            records: vec![RecordRef {
                digest: Some(digest(b"image")),
                id: "r-1".into(),
                kind: "referral".into(),
            }],
            seq: 41,
            v: SHAPE,
            verb: "referral.close".into(),
            visit: Some("v-9".into()),
        }
    }

    #[test]
    fn canonical_bytes_are_exactly_these() {
        let expected = concat!(
            r#"{"actor":{"id":"staff-7","kind":"staff"},"address":"192.168.4.23","at":"2026-11-22T09:42:11.032Z","#,
            r#""boot":"b-19","detail":{"count":-3,"field":"status"},"device":"dev-2","outcome":"done","#,
            r#""patient":"p-12","purpose":"treatment","reason":"REASON","#,
            r#""records":[{"digest":"DIGEST","id":"r-1","kind":"referral"}],"seq":41,"v":1,"#,
            r#""verb":"referral.close","visit":"v-9"}"#
        )
        .replace("REASON", &reason_commitment(&[7; 32], "the words of a reason").to_base64())
        .replace("DIGEST", &digest(b"image").to_base64());
        let bytes = full().canonical().unwrap();
        assert_eq!(String::from_utf8(bytes.clone()).unwrap(), expected);
        assert_eq!(Entry::parse(&bytes).unwrap(), full());
    }

    #[test]
    fn canonical_bytes_are_sorted_at_every_depth() {
        let bytes = full().canonical().unwrap();
        let sorted: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(serde_json::to_vec(&sorted).unwrap(), bytes, "serde_json's maps are sorted");
    }

    #[test]
    fn free_text_cannot_enter() {
        for text in ["", "two words", "quote\"", "Peña", "line\n", &"x".repeat(161)] {
            let entry = Entry { verb: text.to_owned(), ..full() };
            assert_eq!(entry.canonical(), Err(EntryError::Token("verb")), "{text:?}");
            let detail = BTreeMap::from([("note".to_owned(), Detail::from(text))]);
            let entry = Entry { detail, ..full() };
            assert_eq!(entry.canonical(), Err(EntryError::Token("detail")), "{text:?}");
        }
    }

    #[test]
    fn other_spellings_of_the_same_entry_are_refused() {
        let text = String::from_utf8(full().canonical().unwrap()).unwrap();
        for (spelling, error) in [
            (text.replace(":41,", ": 41,"), EntryError::NotCanonical),
            (text.replace("staff-7", "staff\\u002d7"), EntryError::NotCanonical),
            (text.replace("\"v\":1", "\"v\":2"), EntryError::Number("v")),
            (text.replace(":41,", ":41.0,"), EntryError::NotAnEntry),
            (text.replace("\"visit\"", "\"viewer\""), EntryError::NotAnEntry),
            (text.replace(":-3,", ":-3.5,"), EntryError::NotAnEntry),
            (text.replace(":-3,", ":9007199254740992,"), EntryError::Number("detail")),
            (text.replace("09:42", "25:42"), EntryError::Time),
        ] {
            assert_eq!(Entry::parse(spelling.as_bytes()), Err(error), "{spelling}");
        }
    }

    #[test]
    fn a_commitment_needs_its_salt_and_its_words() {
        let commitment = reason_commitment(&[1; 32], "asked by the family");
        assert_ne!(commitment, reason_commitment(&[2; 32], "asked by the family"));
        assert_ne!(commitment, reason_commitment(&[1; 32], "asked by the court"));
    }
}
