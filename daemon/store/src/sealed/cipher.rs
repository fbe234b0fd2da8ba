//! The cryptography of the sealed store, all of it: AES-256-GCM (NIST SP 800-38D) by `ring`.
//!
//! From the data key three keys are derived (HKDF-SHA-256, RFC 5869, salt = file identity), one
//! each for pages, tag blocks and headers, so nothing of one kind can pass for another. Nonces are
//! 96 random bits; SP 800-38D allows 2^32 seals under such a key, the vault stops far earlier.
//! Associated data = file identity, page or region number, sequence, format: a page or block
//! moved to another place or file does not open.
//!
//! Tag blocks are sealed with AES-GCM too, instead of a MAC beside them: with hardware AES it
//! costs a fifth of HMAC-SHA-256 over 3.5 KiB, needs no second construction, and hides which pages
//! of a region a commit touched.

use super::header::PREAMBLE_BYTES;
use crate::keys::{Dek, FileId};
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, Tag, UnboundKey};
use ring::hkdf::{HKDF_SHA256, Prk, Salt};
use ring::rand::{SecureRandom, SystemRandom};
use std::io;

/// Version of the page format, authenticated with every seal.
pub(super) const FORMAT: u8 = 1;
/// AES-256-GCM; the number stands in the header, so that another algorithm can come.
pub(super) const ALGORITHM: u8 = 1;
/// Bytes of a seal on disk.
pub(super) const SEAL_BYTES: usize = NONCE_BYTES + TAG_BYTES;
const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;

/// What opens a sealed page besides the key: its nonce and its authentication tag.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Seal {
    nonce: [u8; NONCE_BYTES],
    tag: [u8; TAG_BYTES],
}

/// The derived keys of one store file. `ring` keeps them expanded and does not wipe them; the
/// process forbids core dumps and swap instead.
pub(super) struct Cipher {
    file: FileId,
    pages: LessSafeKey,
    tag_blocks: LessSafeKey,
    headers: LessSafeKey,
    random: SystemRandom,
}

impl Cipher {
    pub(super) fn new(file: FileId, dek: &Dek) -> io::Result<Self> {
        let root = Salt::new(HKDF_SHA256, &file).extract(dek.secret());
        Ok(Self {
            file,
            pages: derive(&root, b"almoner sealed page")?,
            tag_blocks: derive(&root, b"almoner sealed tag block")?,
            headers: derive(&root, b"almoner sealed header")?,
            random: SystemRandom::new(),
        })
    }

    /// Encrypts a page in place.
    pub(super) fn seal_page(&self, page: u64, bytes: &mut [u8]) -> io::Result<Seal> {
        self.seal(&self.pages, &self.context(page, 0), bytes)
    }

    /// Decrypts a page in place; `false` if it is not what was sealed, and then `bytes` is junk.
    pub(super) fn open_page(&self, page: u64, seal: &Seal, bytes: &mut [u8]) -> bool {
        open(&self.pages, &self.context(page, 0), seal, bytes)
    }

    /// Encrypts the body of a tag block in place.
    pub(super) fn seal_tags(&self, region: u64, turn: u64, body: &mut [u8]) -> io::Result<Seal> {
        self.seal(&self.tag_blocks, &self.context(region, turn), body)
    }

    /// Decrypts the body of a tag block in place; `false` if it is not what was sealed.
    pub(super) fn open_tags(&self, region: u64, turn: u64, seal: &Seal, body: &mut [u8]) -> bool {
        open(&self.tag_blocks, &self.context(region, turn), seal, body)
    }

    /// Encrypts redb's first page in place; the preamble stays readable but is authenticated.
    pub(super) fn seal_header(
        &self,
        preamble: &[u8; PREAMBLE_BYTES],
        body: &mut [u8],
    ) -> io::Result<Seal> {
        self.seal(&self.headers, preamble, body)
    }

    /// Decrypts redb's first page in place; `false` if page or preamble is not what was sealed.
    pub(super) fn open_header(
        &self,
        preamble: &[u8; PREAMBLE_BYTES],
        seal: &Seal,
        body: &mut [u8],
    ) -> bool {
        open(&self.headers, preamble, seal, body)
    }

    /// The identity of the file these keys belong to.
    pub(super) fn file(&self) -> FileId {
        self.file
    }

    fn context(&self, number: u64, turn: u64) -> [u8; 33] {
        let mut context = [FORMAT; 33];
        let (file, rest) = context.split_at_mut(16);
        let (place, rest) = rest.split_at_mut(8);
        file.copy_from_slice(&self.file);
        place.copy_from_slice(&number.to_le_bytes());
        if let Some(place) = rest.first_chunk_mut() {
            *place = turn.to_le_bytes();
        }
        context
    }

    fn seal(&self, key: &LessSafeKey, context: &[u8], bytes: &mut [u8]) -> io::Result<Seal> {
        let mut nonce = [0; NONCE_BYTES];
        self.random.fill(&mut nonce).map_err(|_| no_randomness())?;
        let unique = Nonce::assume_unique_for_key(nonce);
        let tag = key
            .seal_in_place_separate_tag(unique, Aad::from(context), bytes)
            .map_err(|_| io::Error::other("a page could not be encrypted"))?;
        let mut seal = Seal { nonce, tag: [0; TAG_BYTES] };
        seal.tag.copy_from_slice(tag.as_ref());
        Ok(seal)
    }
}

impl Seal {
    /// Writes nonce and tag into 28 bytes.
    pub(super) fn put(&self, into: &mut [u8]) {
        if let Some((nonce, tag)) = into.split_at_mut_checked(NONCE_BYTES)
            && let Some(tag) = tag.first_chunk_mut()
        {
            nonce.copy_from_slice(&self.nonce);
            *tag = self.tag;
        }
    }

    /// Reads 28 bytes back; all zero means "never sealed".
    pub(super) fn get(from: &[u8]) -> Option<Self> {
        let (nonce, rest) = from.split_first_chunk()?;
        let seal = Self { nonce: *nonce, tag: *rest.first_chunk()? };
        (seal.nonce != [0; NONCE_BYTES] || seal.tag != [0; TAG_BYTES]).then_some(seal)
    }
}

fn derive(root: &Prk, info: &[u8]) -> io::Result<LessSafeKey> {
    let info = [info];
    let okm = root.expand(&info, &AES_256_GCM);
    okm.map(|okm| LessSafeKey::new(UnboundKey::from(okm)))
        .map_err(|_| io::Error::other("the store's page keys could not be derived"))
}

fn open(key: &LessSafeKey, context: &[u8], seal: &Seal, bytes: &mut [u8]) -> bool {
    let nonce = Nonce::assume_unique_for_key(seal.nonce);
    let tag = Tag::from(seal.tag);
    key.open_in_place_separate_tag(nonce, Aad::from(context), tag, bytes, 0..).is_ok()
}

fn no_randomness() -> io::Error {
    io::Error::other("the system gave no random numbers for a nonce; nothing was written")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_opens_only_at_its_own_place_in_its_own_file() {
        let dek = Dek::generate().unwrap();
        let cipher = Cipher::new([1; 16], &dek).unwrap();
        let mut page = vec![7; 4096];
        let seal = cipher.seal_page(5, &mut page).unwrap();
        assert!(!page.windows(4).any(|bytes| bytes == [7; 4]));
        let opens = |cipher: &Cipher, number| cipher.open_page(number, &seal, &mut page.clone());
        assert!(opens(&cipher, 5) && !opens(&cipher, 6));
        assert!(!opens(&Cipher::new([2; 16], &dek).unwrap(), 5));
        assert!(!opens(&Cipher::new([1; 16], &Dek::generate().unwrap()).unwrap(), 5));
        assert!(!cipher.open_tags(5, 0, &seal, &mut page.clone()), "another kind of key");
        page[4095] ^= 1;
        assert!(!cipher.open_page(5, &seal, &mut page));
    }
}
