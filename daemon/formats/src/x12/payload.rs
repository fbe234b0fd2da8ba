//! X12 inside something else: the payload of a SOAP envelope (CAQH CORE connectivity), as text, in a
//! CDATA section or as base64.

use super::envelope::is_header;
use base64::Engine;
use std::borrow::Cow;

/// `ISA` in base64.
const PACKED: &str = "SVNB";

/// The X12 text within an envelope; the text itself where there is none around it.
pub(super) fn unwrap(text: &str) -> Cow<'_, str> {
    let whole = Cow::Borrowed(text);
    if !text.trim_start().starts_with('<') {
        return whole;
    }
    let Some((start, packed)) = starts(text).next() else { return whole };
    let rest = text.get(start..).unwrap_or_default();
    let end = rest.find("]]>").or_else(|| rest.find("</")).unwrap_or(rest.len());
    let inner = rest.get(..end).unwrap_or_default();
    if packed {
        let plain: String = inner.chars().filter(|sign| !sign.is_whitespace()).collect();
        let bytes = base64::engine::general_purpose::STANDARD.decode(plain).unwrap_or_default();
        return Cow::Owned(String::from_utf8_lossy(&bytes).into_owned());
    }
    Cow::Owned(plain(inner))
}

/// Whether X12 stands within this XML.
pub(crate) fn is_within(text: &str) -> bool {
    starts(text).next().is_some()
}

/// Where a payload begins, and whether it is base64.
fn starts(text: &str) -> impl Iterator<Item = (usize, bool)> {
    text.match_indices(['>', '[']).filter_map(move |(at, _)| {
        let rest = text.get(at + 1..)?;
        let blank = rest.len() - rest.trim_start().len();
        let inner = rest.trim_start();
        let packed = inner.starts_with(PACKED);
        (packed || is_header(inner)).then_some((at + 1 + blank, packed))
    })
}

/// Text without the escapes of XML.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(rest.get(..at).unwrap_or_default());
        rest = rest.get(at..).unwrap_or_default();
        let end = rest.find(';').filter(|end| *end < 12);
        let sign = end.and_then(|end| entity(rest.get(1..end)?));
        let used = if let (Some(sign), Some(end)) = (sign, end) {
            out.push(sign);
            end + 1
        } else {
            out.push('&');
            1
        };
        rest = rest.get(used..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

fn entity(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        _ => {
            let number = name.strip_prefix('#')?;
            let hex = number.strip_prefix(['x', 'X']);
            let value = hex.map_or_else(|| number.parse(), |hex| u32::from_str_radix(hex, 16));
            char::from_u32(value.ok()?)
        }
    }
}
