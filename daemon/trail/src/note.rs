//! Signed notes: a few lines of text with an Ed25519 signature under them that a person can mail,
//! print or keep on a stick (C2SP signed-note, signature type `0x01`).

use std::fmt;
use std::str::FromStr;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

use crate::hash::{digest, hex};

/// Most signature lines a note may carry; the format asks for at least 16.
const MAX_SIGNATURES: usize = 100;
/// Signature type byte of Ed25519 in the format.
const ED25519_TYPE: u8 = 1;
/// A signature line begins with an em dash and a space.
const SIGNATURE_MARK: &str = "\u{2014} ";

/// A public key with the name it signs under, as text `name+hash+base64(type || key)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    public: [u8; 32],
}

/// Signs notes under a name. Holds the private key: make it only where signing happens.
pub struct NoteSigner {
    key: VerifierKey,
    pair: Ed25519KeyPair,
}

/// A note taken apart. Its text means nothing until [`Note::verify`] has said yes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    text: String,
    signatures: Vec<NoteSignature>,
}

/// One signature line.
#[derive(Clone, Debug, PartialEq, Eq)]
struct NoteSignature {
    name: String,
    key_id: [u8; 4],
    bytes: Vec<u8>,
}

/// What is wrong with a note or a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoteError {
    /// The verifier key is not `name+hash+base64`, or its hash is not that of its name and key.
    Key,
    /// The key name is empty or has a space, a control or a plus sign in it.
    Name,
    /// The private key is not 32 bytes that make an Ed25519 key.
    Seed,
    /// Not a signed note: text, an empty line, signature lines.
    Form,
    /// No signature of this key is under the note.
    OtherKey,
    /// The key's signature is there and is false: the text was changed, or the signature forged.
    BadSignature,
    /// The note is signed but its text is no checkpoint.
    NotACheckpoint,
    /// The checkpoint is of another trail than the key's.
    OtherOrigin,
}

impl fmt::Display for NoteError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Key => "not a verifier key (name+hash+base64), or damaged",
            Self::Name => "the key name is empty or has a space, a control or a plus sign in it",
            Self::Seed => "not an Ed25519 private key",
            Self::Form => "not a signed note (text, empty line, signature lines)",
            Self::OtherKey => "the note is not signed by this key",
            Self::BadSignature => "the signature is false: text changed or signature forged",
            Self::NotACheckpoint => "the note's text is not a checkpoint (origin, size, root)",
            Self::OtherOrigin => "the checkpoint belongs to another trail",
        })
    }
}

impl std::error::Error for NoteError {}

impl VerifierKey {
    /// A key of this name. The name becomes the trail's origin: a schema-less URL such as
    /// `harbor-street.example/trail`.
    pub fn new(name: &str, public: [u8; 32]) -> Result<Self, NoteError> {
        if is_name(name) {
            Ok(Self { name: name.to_owned(), public })
        } else {
            Err(NoteError::Name)
        }
    }

    /// The name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The 32 bytes of the Ed25519 public key (RFC 8032).
    pub fn public(&self) -> &[u8; 32] {
        &self.public
    }

    /// Key id: first four bytes of SHA-256(name || 0x0A || 0x01 || public key).
    pub fn key_id(&self) -> [u8; 4] {
        let mut bytes = self.name.clone().into_bytes();
        bytes.extend_from_slice(&[b'\n', ED25519_TYPE]);
        bytes.extend_from_slice(&self.public);
        let [a, b, c, d, ..] = digest(&bytes).0;
        [a, b, c, d]
    }

    /// Whether these bytes were signed with the key: the bare Ed25519 check, without a note around
    /// it.
    pub fn verify_bytes(&self, bytes: &[u8], signature: &[u8]) -> bool {
        UnparsedPublicKey::new(&ED25519, &self.public).verify(bytes, signature).is_ok()
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut encoded = vec![ED25519_TYPE];
        encoded.extend_from_slice(&self.public);
        write!(out, "{}+{}+{}", self.name, hex(&self.key_id()), STANDARD.encode(encoded))
    }
}

impl FromStr for VerifierKey {
    type Err = NoteError;

    fn from_str(text: &str) -> Result<Self, NoteError> {
        let mut parts = text.trim().splitn(3, '+');
        let (Some(name), Some(id), Some(encoded)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(NoteError::Key);
        };
        let bytes = STANDARD.decode(encoded).map_err(|_| NoteError::Key)?;
        let Some((&ED25519_TYPE, public)) = bytes.split_first() else {
            return Err(NoteError::Key);
        };
        let public = public.try_into().map_err(|_| NoteError::Key)?;
        let key = Self::new(name, public)?;
        if hex(&key.key_id()) == id { Ok(key) } else { Err(NoteError::Key) }
    }
}

impl NoteSigner {
    /// Makes a signer from the 32 secret bytes of RFC 8032.
    pub fn new(name: &str, seed: &[u8; 32]) -> Result<Self, NoteError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed).map_err(|_| NoteError::Seed)?;
        let public = pair.public_key().as_ref().try_into().map_err(|_| NoteError::Seed)?;
        Ok(Self { key: VerifierKey::new(name, public)?, pair })
    }

    /// The public half, to print and hand out.
    pub fn verifier_key(&self) -> &VerifierKey {
        &self.key
    }

    /// Signs a text that ends in a newline and gives the whole note.
    pub fn sign(&self, text: &str) -> Result<String, NoteError> {
        let control = |c: char| c < ' ' && c != '\n';
        if !text.ends_with('\n') || text.contains(control) {
            return Err(NoteError::Form);
        }
        let mut bytes = self.key.key_id().to_vec();
        bytes.extend_from_slice(&self.sign_bytes(text.as_bytes()));
        Ok(format!("{text}\n{SIGNATURE_MARK}{} {}\n", self.key.name, STANDARD.encode(bytes)))
    }

    /// Bare Ed25519 signature of some bytes, for files that are not notes. Sign nothing a note
    /// could be mistaken for.
    pub fn sign_bytes(&self, bytes: &[u8]) -> [u8; 64] {
        let mut signature = [0; 64];
        signature.copy_from_slice(self.pair.sign(bytes).as_ref());
        signature
    }
}

impl fmt::Debug for NoteSigner {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "NoteSigner({})", self.key)
    }
}

impl Note {
    /// Takes a note apart at its last empty line.
    pub fn parse(note: &str) -> Result<Self, NoteError> {
        if note.contains(|c: char| c < ' ' && c != '\n') || !note.ends_with('\n') {
            return Err(NoteError::Form);
        }
        let (text, lines) = note.rsplit_once("\n\n").ok_or(NoteError::Form)?;
        let signatures = lines.lines().map(signature_line).collect::<Option<Vec<_>>>();
        let signatures = signatures.ok_or(NoteError::Form)?;
        if text.is_empty() || signatures.is_empty() || signatures.len() > MAX_SIGNATURES {
            return Err(NoteError::Form);
        }
        Ok(Self { text: format!("{text}\n"), signatures })
    }

    /// The text with its last newline. Not to be believed before [`Note::verify`].
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether the key signed the text. Signatures of other keys are passed over; a false one under
    /// the key's own name and id condemns the note.
    pub fn verify(&self, key: &VerifierKey) -> Result<(), NoteError> {
        let id = key.key_id();
        let ours = |s: &&NoteSignature| s.name == key.name && s.key_id == id;
        let mut found = Err(NoteError::OtherKey);
        for signature in self.signatures.iter().filter(ours) {
            if !key.verify_bytes(self.text.as_bytes(), &signature.bytes) {
                return Err(NoteError::BadSignature);
            }
            found = Ok(());
        }
        found
    }
}

/// Whether a line belongs to a note's signatures.
pub(crate) fn is_signature_line(line: &str) -> bool {
    line.starts_with(SIGNATURE_MARK)
}

fn signature_line(line: &str) -> Option<NoteSignature> {
    let (name, encoded) = line.strip_prefix(SIGNATURE_MARK)?.split_once(' ')?;
    let bytes = STANDARD.decode(encoded).ok()?;
    let (key_id, bytes) = bytes.split_first_chunk::<4>()?;
    if !is_name(name) || bytes.is_empty() {
        return None;
    }
    Some(NoteSignature { name: name.to_owned(), key_id: *key_id, bytes: bytes.to_vec() })
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(|c: char| c.is_whitespace() || c.is_control() || c == '+')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key and note of the reference implementation's own documentation
    /// (golang.org/x/mod/sumdb/note).
    const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    const TEXT: &str = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
    const SEED: &str = "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz";
    const SIGNED: &str = "\u{2014} PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    fn published_note() -> String {
        format!("{TEXT}\n{SIGNED}")
    }

    #[test]
    fn the_published_note_verifies_and_is_signed_alike() {
        let key: VerifierKey = KEY.parse().unwrap();
        assert_eq!(key.to_string(), KEY);
        let note = Note::parse(&published_note()).unwrap();
        assert_eq!(note.text(), TEXT);
        assert_eq!(note.verify(&key), Ok(()));
        let seed = STANDARD.decode(SEED).unwrap()[1..].try_into().unwrap();
        let signer = NoteSigner::new("PeterNeumann", &seed).unwrap();
        assert_eq!(signer.verifier_key(), &key);
        assert_eq!(signer.sign(TEXT).unwrap(), published_note());
    }

    #[test]
    fn a_changed_text_or_another_key_is_told_apart() {
        let key: VerifierKey = KEY.parse().unwrap();
        let changed = Note::parse(&published_note().replace("answer", "answar")).unwrap();
        assert_eq!(changed.verify(&key), Err(NoteError::BadSignature));
        let other = NoteSigner::new("PeterNeumann", &[9; 32]).unwrap();
        let note = Note::parse(&other.sign(TEXT).unwrap()).unwrap();
        assert_eq!(note.verify(&key), Err(NoteError::OtherKey));
        assert_eq!(note.verify(other.verifier_key()), Ok(()));
    }

    #[test]
    fn signatures_of_strangers_are_passed_over() {
        let key: VerifierKey = KEY.parse().unwrap();
        let other = NoteSigner::new("witness.example", &[9; 32]).unwrap().sign(TEXT).unwrap();
        let line = other.lines().last().unwrap();
        assert_eq!(Note::parse(&format!("{TEXT}\n{line}\n{SIGNED}")).unwrap().verify(&key), Ok(()));
    }

    #[test]
    fn what_is_no_note_or_no_key_is_refused() {
        for note in ["", "text\n", "text\n\n", "text\n\nno dash\n", "a\tb\n\n\u{2014} n AAAAAAA=\n"]
        {
            assert_eq!(Note::parse(note), Err(NoteError::Form), "{note:?}");
        }
        for key in ["", "a+b", "PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"]
        {
            assert_eq!(key.parse::<VerifierKey>(), Err(NoteError::Key), "{key:?}");
        }
        assert_eq!(NoteSigner::new("two words", &[1; 32]).unwrap_err(), NoteError::Name);
    }
}
