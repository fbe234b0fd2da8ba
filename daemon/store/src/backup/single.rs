//! One file encrypted alone (age v1): a dropped export that is held outside the store until its
//! retention ends.

use super::{BackupError, Identity, Recipient};
use std::io::{Read, Write};

/// Encrypts some bytes to the recipients.
pub fn encrypt(bytes: &[u8], recipients: &[Recipient]) -> Result<Vec<u8>, BackupError> {
    let recipients = recipients.iter().map(|one| one as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(recipients)
        .map_err(|_| BackupError::Refused("no recipient that it could be encrypted to"))?;
    let mut sealed = Vec::with_capacity(bytes.len() + 512);
    let mut out = encryptor.wrap_output(&mut sealed)?;
    out.write_all(bytes)?;
    out.finish()?;
    Ok(sealed)
}

/// Opens what [`encrypt`] made.
pub fn decrypt(sealed: &[u8], identity: &Identity) -> Result<Vec<u8>, BackupError> {
    let refused = |_| BackupError::Refused("it can't be opened with this key");
    let decryptor = age::Decryptor::new(sealed).map_err(refused)?;
    let identities = std::iter::once(identity as &dyn age::Identity);
    let mut plain = Vec::new();
    decryptor.decrypt(identities).map_err(refused)?.read_to_end(&mut plain)?;
    Ok(plain)
}

#[cfg(test)]
mod tests {
    #[test]
    fn what_was_encrypted_opens_again_and_shows_nothing() {
        let identity = super::Identity::generate();
        let sealed = super::encrypt(b"MSH|^~\\&|a name", &[identity.to_public()]).unwrap();
        assert!(!sealed.windows(6).any(|window| window == b"a name"));
        assert_eq!(super::decrypt(&sealed, &identity).unwrap(), b"MSH|^~\\&|a name");
        assert!(super::decrypt(&sealed, &super::Identity::generate()).is_err());
    }
}
