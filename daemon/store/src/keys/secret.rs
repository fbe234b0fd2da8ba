//! The secrets themselves: 32 random bytes each, wiped from memory when dropped, never printed.

use super::{KeyError, RecoveryKey};
use ring::rand::{SecureRandom, SystemRandom};
use std::fmt;
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use zeroize::Zeroizing;

/// Length of every secret here, in bytes (256 bits).
pub(super) const SECRET_BYTES: usize = 32;

/// Key-encrypting key: opens one slot of a store. Lives in a key file (demo, tests) or in a
/// systemd credential (service), as 32 raw bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Kek(Zeroizing<[u8; SECRET_BYTES]>);

/// Data-encrypting key: the one all pages of one store file are sealed under.
#[derive(Clone)]
pub struct Dek(Zeroizing<[u8; SECRET_BYTES]>);

/// The places in a store file that hold the wrapped data key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Slot {
    /// Slot 0: the appliance's own key, so that it starts unattended.
    Device,
    /// Slot 1: the recovery key on paper.
    Recovery,
    /// Slot 2: the key of a second site, optional.
    Second,
}

/// The keys at hand for opening or making a store: at most one for each slot.
#[derive(Debug, Clone, Default)]
pub struct KeyRing {
    /// The key for [`Slot::Device`].
    pub device: Option<Kek>,
    /// The key for [`Slot::Recovery`].
    pub recovery: Option<RecoveryKey>,
    /// The key for [`Slot::Second`].
    pub second: Option<Kek>,
}

impl Kek {
    /// Makes a new random key.
    pub fn generate() -> Result<Self, KeyError> {
        random().map(Self)
    }

    /// Takes over 32 bytes that a key store gave us.
    pub fn from_bytes(bytes: [u8; SECRET_BYTES]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// Reads a key file or systemd credential: exactly 32 raw bytes.
    pub fn read_file(path: &Path) -> Result<Self, KeyError> {
        let bytes = Zeroizing::new(std::fs::read(path)?);
        let secret: [u8; SECRET_BYTES] =
            bytes.as_slice().try_into().map_err(|_| KeyError::KeyFileLength(bytes.len()))?;
        Ok(Self::from_bytes(secret))
    }

    /// Writes the key into a new file that only its owner may read; refuses to replace a file.
    pub fn write_new_file(&self, path: &Path) -> Result<(), KeyError> {
        let mut options = std::fs::OpenOptions::new();
        let mut file = options.write(true).create_new(true).mode(0o600).open(path)?;
        file.write_all(self.0.as_slice())?;
        Ok(file.sync_all()?)
    }

    pub(super) fn secret(&self) -> &[u8; SECRET_BYTES] {
        &self.0
    }
}

impl Dek {
    /// Makes a new random data key, for a new store file.
    pub fn generate() -> Result<Self, KeyError> {
        random().map(Self)
    }

    pub(super) fn from_secret(secret: Zeroizing<[u8; SECRET_BYTES]>) -> Self {
        Self(secret)
    }

    /// The key's bytes, for deriving the page keys only.
    pub(crate) fn secret(&self) -> &[u8; SECRET_BYTES] {
        &self.0
    }
}

impl Slot {
    /// All slots, in the order they lie in the file.
    pub const ALL: [Self; 3] = [Self::Device, Self::Recovery, Self::Second];

    /// The slot's number, as administrators name it.
    pub fn number(self) -> u8 {
        match self {
            Self::Device => 0,
            Self::Recovery => 1,
            Self::Second => 2,
        }
    }
}

impl KeyRing {
    /// A ring with only the appliance's key: the everyday start.
    pub fn with_device(kek: Kek) -> Self {
        Self { device: Some(kek), ..Self::default() }
    }

    /// A ring with only the recovery key: the appliance's key is lost.
    pub fn with_recovery(key: RecoveryKey) -> Self {
        Self { recovery: Some(key), ..Self::default() }
    }

    /// The secrets on the ring beside the slots they belong to.
    pub(super) fn secrets(&self) -> impl Iterator<Item = (Slot, &[u8; SECRET_BYTES])> {
        let device = self.device.as_ref().map(|key| (Slot::Device, key.secret()));
        let recovery = self.recovery.as_ref().map(|key| (Slot::Recovery, key.secret()));
        let second = self.second.as_ref().map(|key| (Slot::Second, key.secret()));
        [device, recovery, second].into_iter().flatten()
    }
}

/// 32 fresh bytes from the operating system.
pub(super) fn random() -> Result<Zeroizing<[u8; SECRET_BYTES]>, KeyError> {
    let mut secret = Zeroizing::new([0; SECRET_BYTES]);
    SystemRandom::new().fill(secret.as_mut_slice()).map_err(|_| KeyError::NoRandomness)?;
    Ok(secret)
}

impl fmt::Debug for Kek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kek(not shown)")
    }
}

impl fmt::Debug for Dek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Dek(not shown)")
    }
}

impl fmt::Display for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Device => "device",
            Self::Recovery => "recovery",
            Self::Second => "second site",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_file_comes_back_and_is_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("device.key");
        let kek = Kek::generate().unwrap();
        kek.write_new_file(&path).unwrap();
        assert!(Kek::read_file(&path).unwrap() == kek);
        assert!(matches!(kek.write_new_file(&path), Err(KeyError::Io(_))));
        std::fs::write(&path, b"short").unwrap();
        assert!(matches!(Kek::read_file(&path), Err(KeyError::KeyFileLength(5))));
    }

    #[test]
    fn no_secret_is_ever_printed() {
        let ring = KeyRing::with_device(Kek::from_bytes([0xAB; 32]));
        let text = format!("{ring:?} {:?}", Dek::generate().unwrap());
        assert!(!text.contains("171") && !text.to_lowercase().contains("ab, ab"), "{text}");
    }
}
