//! One file encrypted alone (age v1): a dropped export that is held outside the store until its
//! retention ends.

use super::{BackupError, Identity, Recipient};
use std::io::{Read, Write};

/// Encrypts what `plain` gives to the recipients, and hands back where it went.
pub fn encrypt<W: Write>(
    plain: &mut impl Read,
    sealed: W,
    recipients: &[Recipient],
) -> Result<W, BackupError> {
    let recipients = recipients.iter().map(|one| one as &dyn age::Recipient);
    let encryptor = age::Encryptor::with_recipients(recipients)
        .map_err(|_| BackupError::Refused("no recipient that it could be encrypted to"))?;
    let mut out = encryptor.wrap_output(sealed)?;
    std::io::copy(plain, &mut out)?;
    Ok(out.finish()?)
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
        let sealed =
            super::encrypt(&mut &b"MSH|^~\\&|a name"[..], Vec::new(), &[identity.to_public()])
                .unwrap();
        assert!(!sealed.windows(6).any(|window| window == b"a name"));
        assert_eq!(super::decrypt(&sealed, &identity).unwrap(), b"MSH|^~\\&|a name");
        assert!(super::decrypt(&sealed, &super::Identity::generate()).is_err());
    }
}
