//! Checkpoints: "this trail has so many entries, and this is the hash of all of them", signed. A
//! copy kept elsewhere makes it impossible to change history before it unseen (C2SP
//! tlog-checkpoint).

use crate::hash::Hash;
use crate::note::{Note, NoteError, NoteSigner, VerifierKey};
use crate::range::Range;

/// A trail's state at one size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which trail: the name of the key that signs it.
    pub origin: String,
    /// Number of entries.
    pub size: u64,
    /// Merkle tree hash of these entries.
    pub root: Hash,
}

impl Checkpoint {
    /// The state of a compact range.
    pub fn of(origin: &str, range: &Range) -> Self {
        Self { origin: origin.to_owned(), size: range.size(), root: range.root() }
    }

    /// The note's text: origin, size, root, a line each.
    pub fn text(&self) -> String {
        format!("{}\n{}\n{}\n", self.origin, self.size, self.root)
    }

    /// Signs it. The signer's name must be the origin: one key, one trail.
    pub fn sign(&self, signer: &NoteSigner) -> Result<String, NoteError> {
        if self.origin != signer.verifier_key().name() {
            return Err(NoteError::OtherOrigin);
        }
        signer.sign(&self.text())
    }

    /// Opens a signed checkpoint: signature first, then the text. Which of "other origin" and
    /// "other key" is said when both hold: other origin, because that is the plainer word for a
    /// checkpoint of another clinic.
    pub fn open(note: &str, key: &VerifierKey) -> Result<Self, NoteError> {
        let note = Note::parse(note)?;
        let claimed = Self::read(note.text()).ok_or(NoteError::NotACheckpoint)?;
        match note.verify(key) {
            Ok(()) | Err(NoteError::OtherKey) if claimed.origin != key.name() => {
                Err(NoteError::OtherOrigin)
            }
            Err(error) => Err(error),
            Ok(()) => Ok(claimed),
        }
    }

    /// Reads the text of a note as a checkpoint without asking who signed it. Lines after the third
    /// are extensions: signed, otherwise ignored.
    pub fn read(text: &str) -> Option<Self> {
        let mut lines = text.strip_suffix('\n')?.split('\n');
        let (origin, size, root) = (lines.next()?, lines.next()?, lines.next()?);
        let number: u64 = size.parse().ok()?;
        if origin.is_empty() || number.to_string() != size || lines.any(str::is_empty) {
            return None;
        }
        let root = Hash::from_base64(root)?;
        Some(Self { origin: origin.to_owned(), size: number, root })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hash::{empty_root, leaf_hash};

    fn signer(name: &str) -> NoteSigner {
        NoteSigner::new(name, &[3; 32]).unwrap()
    }

    #[test]
    fn a_checkpoint_survives_signing_and_opening() {
        let mut range = Range::new();
        range.append(leaf_hash(b"one"));
        let checkpoint = Checkpoint::of("clinic.example/trail", &range);
        let signer = signer("clinic.example/trail");
        let note = checkpoint.sign(&signer).unwrap();
        assert_eq!(Checkpoint::open(&note, signer.verifier_key()), Ok(checkpoint));
    }

    #[test]
    fn another_trail_and_another_key_are_told_apart() {
        let ours = signer("ours.example");
        let theirs = signer("theirs.example");
        let note = Checkpoint::of("theirs.example", &Range::new()).sign(&theirs).unwrap();
        assert_eq!(Checkpoint::open(&note, ours.verifier_key()), Err(NoteError::OtherOrigin));
        let thief = NoteSigner::new("ours.example", &[4; 32]).unwrap();
        let note = Checkpoint::of("ours.example", &Range::new()).sign(&thief).unwrap();
        assert_eq!(Checkpoint::open(&note, ours.verifier_key()), Err(NoteError::OtherKey));
        assert!(Checkpoint::of("ours.example", &Range::new()).sign(&theirs).is_err());
    }

    #[test]
    fn texts_that_are_no_checkpoint_are_refused() {
        let root = empty_root();
        for text in [
            String::new(),
            format!("\n0\n{root}\n"),
            format!("o\n00\n{root}\n"),
            format!("o\n+1\n{root}\n"),
            format!("o\n1\n{}\n", root.to_hex()),
            format!("o\n1\n{root}"),
            format!("o\n1\n{root}\n\nx\n"),
        ] {
            assert_eq!(Checkpoint::read(&text), None, "{text:?}");
        }
        assert!(Checkpoint::read(&format!("o\n1\n{root}\nextension\n")).is_some());
    }
}
