//! Secrets that open a door: session tokens, bearer tokens, tickets. 256 random bits, of which the
//! store keeps only the SHA-256, so that a stolen store opens nothing.

use almoner_core::fault::{Fault, Outcome};
use std::fmt::Write;

/// A secret, known to its holder and to nobody else once it was handed out.
pub struct Secret([u8; 32]);

impl Secret {
    /// A new random secret.
    pub fn random() -> Outcome<Self> {
        let mut bytes = [0; 32];
        ring::rand::SecureRandom::fill(&ring::rand::SystemRandom::new(), &mut bytes)
            .map_err(|_| Fault::broken("the machine gave no random numbers"))?;
        Ok(Self(bytes))
    }

    /// The text that its holder gets: 64 hexadecimal digits.
    pub fn text(&self) -> String {
        hex(&self.0)
    }

    /// What the store keeps of it.
    pub fn digest(&self) -> String {
        digest(&self.text())
    }
}

/// The digest of a secret that somebody shows: 64 hexadecimal digits.
pub fn digest(shown: &str) -> String {
    hex(ring::digest::digest(&ring::digest::SHA256, shown.as_bytes()).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_kept_as_its_digest() {
        let (one, two) = (Secret::random().unwrap(), Secret::random().unwrap());
        assert_ne!(one.text(), two.text());
        assert_eq!(digest(&one.text()), one.digest());
        assert_eq!((one.text().len(), one.digest().len()), (64, 64));
    }
}
