//! Age keys from the raw secrets that the key slots hold.

use age::x25519::{Identity, Recipient};
use bech32::{Bech32, Hrp};
use zeroize::{Zeroize, Zeroizing};

use super::BackupError;

/// Human-readable part of an age secret key (C2SP age, section X25519 recipient).
const SECRET_KEY: &str = "age-secret-key-";

/// The age identity of 32 secret bytes. Its public half is `identity.to_public()`; its text form,
/// to open a backup with the public `age` tool, is `identity.to_string()`.
pub fn identity_from_bytes(secret: &[u8; 32]) -> Result<Identity, BackupError> {
    let refused = BackupError::Refused("the secret bytes make no age key");
    let Ok(prefix) = Hrp::parse(SECRET_KEY) else { return Err(refused) };
    let Ok(mut lower) = bech32::encode::<Bech32>(prefix, secret) else { return Err(refused) };
    let text = Zeroizing::new(lower.to_ascii_uppercase());
    lower.zeroize();
    text.parse().map_err(|_| refused)
}

/// Reads a recipient, `age1…`.
pub fn recipient_from_text(text: &str) -> Result<Recipient, BackupError> {
    text.trim().parse().map_err(|_| BackupError::Refused("not an age recipient (age1…)"))
}
