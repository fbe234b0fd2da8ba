//! What an encapsulated text (`ED`) carries: words, or a file packed into the document.
//!
//! Source: HL7 v3 data types R1, `ED`: `mediaType`, `representation` (`TXT`, `B64`), `compression`
//! (`DF` RFC 1951, `ZL` RFC 1950, `GZ` RFC 1952). A file is kept with its media type, never guessed at.

use super::narrative;
use super::node::{El, attr, text};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::read::{DeflateDecoder, GzDecoder, ZlibDecoder};
use std::cell::Cell;
use std::io::Read;

/// Bytes to which all compressed texts of one document may unpack; what would be more stays packed.
pub(super) const UNPACKED_LIMIT: u64 = 64 << 20;

/// What a text carries.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Body {
    Words(String),
    /// A file that is no plain text: its bytes in base64.
    File(String),
    /// Packed in a way that could not be undone: the characters as they came.
    Sealed(String),
}

/// The media type of a text; plain text where none is given (`ED.mediaType` has that default).
pub(super) fn media_type(ed: El<'_>) -> &str {
    attr(ed, "mediaType").unwrap_or("text/plain")
}

/// Whether the characters of a text are base64 and no words.
pub(super) fn is_packed(ed: El<'_>) -> bool {
    attr(ed, "representation") == Some("B64")
}

/// What a text carries, unpacked as far as that goes and `left` allows.
pub(super) fn read(ed: El<'_>, left: &Cell<u64>) -> Body {
    let media = media_type(ed);
    let plain = media.starts_with("text/plain");
    if is_packed(ed) {
        let packed = characters(ed);
        let compression = attr(ed, "compression");
        if !plain && compression.is_none() {
            return Body::File(packed);
        }
        return match unpacked(&packed, compression, left) {
            Some(bytes) if plain => Body::Words(crate::text::decode(&bytes).text.into_owned()),
            Some(bytes) => Body::File(STANDARD.encode(bytes)),
            None => Body::Sealed(packed),
        };
    }
    if ed.children().any(|child| child.is_element()) {
        return Body::Words(narrative::plain(ed));
    }
    let words = narrative::lines(ed);
    // a file in characters (RTF), or one whose sender forgot to say that it is packed
    if words.starts_with("{\\rtf") {
        return Body::File(STANDARD.encode(words));
    }
    if !media.starts_with("text/") && !words.is_empty() {
        let packed = characters(ed);
        let sound = STANDARD.decode(packed.as_bytes()).is_ok();
        return Body::File(if sound { packed } else { STANDARD.encode(words) });
    }
    Body::Words(words)
}

/// The words of a packed text, in one line; empty where it is a file of another kind.
pub(super) fn words(ed: El<'_>, left: &Cell<u64>) -> String {
    match read(ed, left) {
        Body::Words(words) => super::node::squeeze(&words),
        Body::File(_) | Body::Sealed(_) => String::new(),
    }
}

/// The characters of a packed text without the breaks between them.
fn characters(ed: El<'_>) -> String {
    text(ed).chars().filter(|c| !c.is_whitespace()).collect()
}

/// The bytes of a packed text; `None` where it is damaged, packed in an unknown way, or too large.
fn unpacked(packed: &str, compression: Option<&str>, left: &Cell<u64>) -> Option<Vec<u8>> {
    let bytes = STANDARD.decode(packed.as_bytes()).ok()?;
    let inside: Box<dyn Read + '_> = match compression {
        None => return Some(bytes),
        Some("DF") => Box::new(DeflateDecoder::new(bytes.as_slice())),
        Some("ZL") => Box::new(ZlibDecoder::new(bytes.as_slice())),
        Some("GZ") => Box::new(GzDecoder::new(bytes.as_slice())),
        Some(_) => return None,
    };
    let mut out = Vec::new();
    let most = left.get();
    let length = inside.take(most + 1).read_to_end(&mut out).ok()? as u64;
    left.set(most.saturating_sub(length));
    (length <= most).then_some(out)
}
