//! The two key-slot pages of a store file: the data key, wrapped once for each key that may open.
//!
//! Two copies lie apart (the first page of the file, and after the header slots). Each carries a
//! sequence and a SHA-256; a change rewrites them one after the other with a sync between, so a
//! power cut in the middle leaves at least one whole. Nothing secret stands here unwrapped, and
//! a forged slot opens nothing: the wrapped key is authenticated with file, slot and format.

use super::secret::SECRET_BYTES;
use super::{Dek, KeyError, KeyRing, Slot};
use redb::StorageBackend;
use redb::backends::FileBackend;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Salt};
use ring::rand::{SecureRandom, SystemRandom};
use std::path::Path;
use zeroize::Zeroizing;

/// Identity of a store file: random, made with the file, part of what every page authenticates.
pub type FileId = [u8; 16];

/// Byte offsets of the two key-slot pages in the file.
pub const KEY_PAGES: [u64; 2] = [0, 20_480];
const PAGE_BYTES: usize = 4096;
const MAGIC: &[u8; 8] = b"ALMNKEYS";
/// Version of the key-slot pages; a higher one in a file means a newer Almoner made it.
const FORMAT: u8 = 1;
/// AES-256-GCM for wrapping (NIST SP 800-38D); the only algorithm so far.
const ALGORITHM: u8 = 1;
const TAG_BYTES: usize = 16;
const WRAPPED_BYTES: usize = SECRET_BYTES + TAG_BYTES;
/// One slot on the page: state byte, nonce, wrapped key, reserved to 64.
const SLOT_BYTES: usize = 64;
const DIGEST_BYTES: usize = 32;

/// The data key wrapped for one slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Wrapped {
    nonce: [u8; NONCE_LEN],
    key: [u8; WRAPPED_BYTES],
}

/// The key slots of one store file, as read from it or about to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeySlots {
    file: FileId,
    sequence: u64,
    slots: [Option<Wrapped>; Slot::ALL.len()],
}

/// Reads file identity and slots of a store; no key is needed, nothing is changed.
pub fn inspect(path: &Path) -> Result<KeySlots, KeyError> {
    let file = std::fs::File::open(path)?;
    KeySlots::read(&FileBackend::new(file).map_err(not_a_file)?)
}

/// Puts every key of `add` into its slot, replacing what was there; `unlock` must open the store.
/// Safe while the store is in use: pages are not touched. One caller at a time.
pub fn enroll(path: &Path, unlock: &KeyRing, add: &KeyRing) -> Result<KeySlots, KeyError> {
    let backend = writable(path)?;
    let mut slots = KeySlots::read(&backend)?;
    let dek = slots.unlock(unlock)?;
    slots.enroll(&dek, add)?;
    slots.write(&backend)?;
    Ok(slots)
}

/// Empties a slot, so that its key opens the file no more. `unlock` must open another slot:
/// the last key that is known to work is never dropped. One caller at a time.
pub fn drop_slot(path: &Path, unlock: &KeyRing, slot: Slot) -> Result<KeySlots, KeyError> {
    let backend = writable(path)?;
    let mut slots = KeySlots::read(&backend)?;
    slots.unlock(unlock)?;
    slots.drop_slot(unlock, slot)?;
    slots.write(&backend)?;
    Ok(slots)
}

impl KeySlots {
    /// Slots for a new file: a fresh identity, and `dek` wrapped for every key on the ring.
    pub fn create(dek: &Dek, keys: &KeyRing) -> Result<Self, KeyError> {
        let mut file = FileId::default();
        SystemRandom::new().fill(&mut file).map_err(|_| KeyError::NoRandomness)?;
        let mut slots = Self { file, sequence: 0, slots: [None; Slot::ALL.len()] };
        slots.enroll(dek, keys)?;
        Ok(slots)
    }

    /// The newest whole copy of the two pages.
    pub fn read(storage: &dyn StorageBackend) -> Result<Self, KeyError> {
        let length = storage.len()?;
        let mut newest: Option<Self> = None;
        let mut ours = false;
        for offset in KEY_PAGES {
            let mut page = vec![0; PAGE_BYTES];
            if offset + page.len() as u64 > length {
                continue;
            }
            storage.read(offset, &mut page)?;
            ours |= page.starts_with(MAGIC);
            let Some(found) = Self::decode(&page)? else { continue };
            if newest.as_ref().is_none_or(|other| other.sequence < found.sequence) {
                newest = Some(found);
            }
        }
        newest.ok_or(if ours { KeyError::Damaged } else { KeyError::NotAStore })
    }

    /// Writes both pages one after the other, each made durable before the next is touched. The
    /// copy that is older or damaged comes first, so one good copy stands at every moment.
    pub fn write(&mut self, storage: &dyn StorageBackend) -> Result<(), KeyError> {
        self.sequence += 1;
        let page = self.encode();
        let [first, second] = KEY_PAGES;
        let order = if Self::stands_at(storage, first) { [second, first] } else { [first, second] };
        for offset in order {
            storage.write(offset, &page)?;
            storage.sync_data()?;
        }
        Ok(())
    }

    /// The identity of the file these slots belong to.
    pub fn file(&self) -> FileId {
        self.file
    }

    /// The slots that hold a wrapped key.
    pub fn occupied(&self) -> Vec<Slot> {
        Slot::ALL.into_iter().filter(|slot| self.wrapped(*slot).is_some()).collect()
    }

    /// The data key, by the first key on the ring that opens its slot.
    pub fn unlock(&self, keys: &KeyRing) -> Result<Dek, KeyError> {
        let mut error = KeyError::NoKey;
        for (slot, secret) in keys.secrets() {
            let Some(wrapped) = self.wrapped(slot) else {
                if !matches!(error, KeyError::WrongKey(_)) {
                    error = KeyError::NoSuchSlot(slot);
                }
                continue;
            };
            match self.unwrap_key(slot, secret, wrapped) {
                Some(dek) => return Ok(dek),
                None => error = KeyError::WrongKey(slot),
            }
        }
        Err(error)
    }

    /// Wraps `dek` for every key on the ring, replacing what its slot held.
    pub fn enroll(&mut self, dek: &Dek, keys: &KeyRing) -> Result<(), KeyError> {
        let mut enrolled = false;
        for (slot, secret) in keys.secrets() {
            let wrapped = self.wrap_key(slot, secret, dek)?;
            if let Some(place) = self.slots.get_mut(usize::from(slot.number())) {
                *place = Some(wrapped);
                enrolled = true;
            }
        }
        if enrolled { Ok(()) } else { Err(KeyError::NoKey) }
    }

    /// Empties a slot, unless the keys at hand open none of those that remain.
    pub fn drop_slot(&mut self, keys: &KeyRing, slot: Slot) -> Result<(), KeyError> {
        if self.wrapped(slot).is_none() {
            return Err(KeyError::NoSuchSlot(slot));
        }
        let mut rest = self.clone();
        if let Some(place) = rest.slots.get_mut(usize::from(slot.number())) {
            *place = None;
        }
        rest.unlock(keys).map_err(|_| KeyError::LastSlot(slot))?;
        *self = rest;
        Ok(())
    }

    fn wrapped(&self, slot: Slot) -> Option<&Wrapped> {
        self.slots.get(usize::from(slot.number()))?.as_ref()
    }

    /// Whether the copy at `offset` is whole and no older than the one about to be replaced.
    fn stands_at(storage: &dyn StorageBackend, offset: u64) -> bool {
        let mut page = vec![0; PAGE_BYTES];
        let there = storage.read(offset, &mut page).ok().and_then(|()| Self::decode(&page).ok()?);
        let newest = Self::read(storage).ok();
        there.is_some() && there == newest
    }

    /// The key that wraps for one slot: derived, so that one key file may serve several stores.
    fn wrapping_key(&self, slot: Slot, secret: &[u8; SECRET_BYTES]) -> Option<LessSafeKey> {
        let info = [b"almoner key slot".as_slice(), &[slot.number()]];
        let prk = Salt::new(HKDF_SHA256, &self.file).extract(secret);
        Some(LessSafeKey::new(UnboundKey::from(prk.expand(&info, &AES_256_GCM).ok()?)))
    }

    /// What a wrapped key authenticates beside itself: file, slot, format.
    fn context(&self, slot: Slot) -> [u8; 18] {
        let mut context = [FORMAT; 18];
        let (file, rest) = context.split_at_mut(self.file.len());
        file.copy_from_slice(&self.file);
        rest.fill(slot.number());
        if let Some(last) = rest.last_mut() {
            *last = FORMAT;
        }
        context
    }

    fn wrap_key(&self, slot: Slot, secret: &[u8; 32], dek: &Dek) -> Result<Wrapped, KeyError> {
        let mut wrapped = Wrapped { nonce: [0; NONCE_LEN], key: [0; WRAPPED_BYTES] };
        SystemRandom::new().fill(&mut wrapped.nonce).map_err(|_| KeyError::NoRandomness)?;
        let nonce = Nonce::assume_unique_for_key(wrapped.nonce);
        let (key, tag) = wrapped.key.split_at_mut(SECRET_BYTES);
        key.copy_from_slice(dek.secret());
        let sealed = self.wrapping_key(slot, secret).and_then(|with| {
            with.seal_in_place_separate_tag(nonce, Aad::from(self.context(slot)), key).ok()
        });
        // Without a tag the bytes would still be bare: never let them out.
        tag.copy_from_slice(sealed.ok_or(KeyError::NoRandomness)?.as_ref());
        Ok(wrapped)
    }

    fn unwrap_key(&self, slot: Slot, secret: &[u8; 32], wrapped: &Wrapped) -> Option<Dek> {
        let mut bytes = Zeroizing::new(wrapped.key);
        let nonce = Nonce::assume_unique_for_key(wrapped.nonce);
        let with = self.wrapping_key(slot, secret)?;
        let plain =
            with.open_in_place(nonce, Aad::from(self.context(slot)), bytes.as_mut_slice()).ok()?;
        let mut dek = Zeroizing::new([0; SECRET_BYTES]);
        dek.copy_from_slice(plain.get(..SECRET_BYTES)?);
        Some(Dek::from_secret(dek))
    }

    /// magic 8, format 1, algorithm 1, zero 6, sequence 8, file 16, slots of 64; SHA-256 at the end.
    fn encode(&self) -> Vec<u8> {
        let mut page = Vec::with_capacity(PAGE_BYTES);
        page.extend_from_slice(MAGIC);
        page.extend_from_slice(&[FORMAT, ALGORITHM, 0, 0, 0, 0, 0, 0]);
        page.extend_from_slice(&self.sequence.to_le_bytes());
        page.extend_from_slice(&self.file);
        for slot in &self.slots {
            let end = page.len() + SLOT_BYTES;
            if let Some(wrapped) = slot {
                page.push(1);
                page.extend_from_slice(&wrapped.nonce);
                page.extend_from_slice(&wrapped.key);
            }
            page.resize(end, 0);
        }
        page.resize(PAGE_BYTES - DIGEST_BYTES, 0);
        let digest = ring::digest::digest(&ring::digest::SHA256, &page);
        page.extend_from_slice(digest.as_ref());
        page
    }

    /// `None` where the page is damaged; an error where it is whole but newer than we are.
    fn decode(page: &[u8]) -> Result<Option<Self>, KeyError> {
        let Some((body, digest)) = page.split_at_checked(PAGE_BYTES - DIGEST_BYTES) else {
            return Ok(None);
        };
        let expected = ring::digest::digest(&ring::digest::SHA256, body);
        if expected.as_ref() != digest || !body.starts_with(MAGIC) {
            return Ok(None);
        }
        match body.get(8..10) {
            Some([FORMAT, ALGORITHM]) => Ok(Self::decode_body(body)),
            Some([format, _]) => Err(KeyError::NewerFormat(*format)),
            _ => Ok(None),
        }
    }

    fn decode_body(body: &[u8]) -> Option<Self> {
        let sequence = u64::from_le_bytes(body.get(16..24)?.try_into().ok()?);
        let file = body.get(24..40)?.try_into().ok()?;
        let mut slots = [None; Slot::ALL.len()];
        for (slot, bytes) in slots.iter_mut().zip(body.get(40..)?.chunks_exact(SLOT_BYTES)) {
            *slot = Wrapped::decode(bytes);
        }
        Some(Self { file, sequence, slots })
    }
}

impl Wrapped {
    fn decode(bytes: &[u8]) -> Option<Self> {
        let (1, rest) = bytes.split_first()? else { return None };
        let (nonce, rest) = rest.split_first_chunk::<NONCE_LEN>()?;
        let (key, _) = rest.split_first_chunk::<WRAPPED_BYTES>()?;
        Some(Self { nonce: *nonce, key: *key })
    }
}

fn writable(path: &Path) -> Result<FileBackend, KeyError> {
    let file = std::fs::OpenOptions::new().read(true).write(true).open(path)?;
    FileBackend::new(file).map_err(not_a_file)
}

fn not_a_file(error: redb::DatabaseError) -> KeyError {
    KeyError::Io(std::io::Error::other(error))
}
