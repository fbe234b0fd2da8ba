//! From the bytes of a text file to its characters: strict UTF-8 first, byte order marks, declared
//! encodings when they fit, windows-1252 as the last resort; what was assumed or lost is said.

use almoner_core::export::{Problem, Severity};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};
use std::borrow::Cow;

/// The characters of a file and how they were found.
#[derive(Clone, Debug)]
pub struct Decoded<'a> {
    /// Without a byte order mark.
    pub text: Cow<'a, str>,
    /// Name of the encoding by the WHATWG Encoding Standard: `UTF-8`, `windows-1252` …
    pub encoding: &'static str,
    /// True when the file began with a byte order mark.
    pub marked: bool,
    pub problems: Vec<Problem>,
}

/// Decodes a whole file. Never fails; a character that could not be read becomes U+FFFD and gives
/// a warning, so nothing is lost silently.
pub fn decode(bytes: &[u8]) -> Decoded<'_> {
    let mut decoded = decode_characters(bytes);
    drop_nul(&mut decoded);
    decoded
}

/// The first characters of a file, enough to tell what it is; never longer than `len` bytes of it.
pub fn opening(bytes: &[u8], len: usize) -> Cow<'_, str> {
    let head = bytes.get(..len).unwrap_or(bytes);
    let (encoding, rest) = mark(head).unwrap_or((UTF_8, head));
    if let Some(wide) = unmarked_utf16(rest).filter(|_| encoding == UTF_8) {
        return wide.decode_without_bom_handling(rest).0;
    }
    encoding.decode_without_bom_handling(rest).0
}

/// The bytes without a UTF-8 byte order mark.
pub fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

fn decode_characters(bytes: &[u8]) -> Decoded<'_> {
    let found = mark(bytes);
    let marked = found.is_some();
    if let Some((wide, rest)) = found.filter(|(encoding, _)| *encoding != UTF_8) {
        return decode_as(wide, rest, marked);
    }
    let rest = found.map_or(bytes, |(_, rest)| rest);
    if let Some(wide) = unmarked_utf16(rest) {
        return decode_as(wide, rest, marked);
    }
    if let Ok(text) = std::str::from_utf8(rest) {
        let text = Cow::Borrowed(text);
        return Decoded { text, encoding: UTF_8.name(), marked, problems: Vec::new() };
    }
    let says = declared(rest).filter(|encoding| *encoding != UTF_8);
    if let Some((encoding, text)) = says.and_then(|encoding| fits(encoding, rest)) {
        return Decoded { text, encoding: encoding.name(), marked, problems: Vec::new() };
    }
    let mut decoded = decode_as(WINDOWS_1252, rest, marked);
    if let Some(name) = foreign(rest) {
        let text = format!(
            "The sender names a set of characters that is not known here ({name}); the file was \
             read as windows-1252. Look at names, and ask the sender for UTF-8."
        );
        decoded.problems.push(Problem::new(Severity::Warning, "file", "charset_unknown", &text));
        return decoded;
    }
    decoded.problems.push(Problem::new(
        Severity::Info,
        line_of_first_fault(rest),
        "encoding_assumed",
        "The file is not valid UTF-8 and names no encoding that fits; it was read as windows-1252. \
         Look at accented letters in names.",
    ));
    decoded
}

/// The encoding that a byte order mark names, and the bytes after the mark.
fn mark(bytes: &[u8]) -> Option<(&'static Encoding, &[u8])> {
    let (encoding, len) = Encoding::for_bom(bytes)?;
    Some((encoding, bytes.get(len..)?))
}

/// UTF-16 without a mark: the first two characters are ASCII, so every second byte is zero.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    match bytes.get(..4)? {
        [a, 0, b, 0] if *a != 0 && *b != 0 => Some(UTF_16LE),
        [0, a, 0, b] if *a != 0 && *b != 0 => Some(UTF_16BE),
        _ => None,
    }
}

fn decode_as<'a>(encoding: &'static Encoding, bytes: &'a [u8], marked: bool) -> Decoded<'a> {
    let (text, damaged) = encoding.decode_without_bom_handling(bytes);
    let mut problems = Vec::new();
    if damaged {
        problems.push(Problem::new(
            Severity::Warning,
            "file",
            "text_damaged",
            "Some characters of the file could not be read and are shown as \u{FFFD}. Compare with \
             the original, which is kept whole.",
        ));
    }
    Decoded { text, encoding: encoding.name(), marked, problems }
}

fn fits<'a>(
    encoding: &'static Encoding,
    bytes: &'a [u8],
) -> Option<(&'static Encoding, Cow<'a, str>)> {
    let text = encoding.decode_without_bom_handling_and_without_replacement(bytes)?;
    Some((encoding, text))
}

/// The encoding that the file itself names: in its XML declaration, or in MSH-18 of HL7 v2.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(1024))?;
    let head = begun(head)?;
    if head.starts_with(b"<?xml") {
        let end = head.iter().position(|byte| *byte == b'>')?;
        return xml_declaration(head.get(..end)?);
    }
    head.starts_with(b"MSH").then(|| message_charset(head)).flatten()
}

/// What follows blanks and the sign with which MLLP begins.
fn begun(head: &[u8]) -> Option<&[u8]> {
    let start = head.iter().position(|byte| !byte.is_ascii_whitespace() && *byte != 0x0B)?;
    head.get(start..)
}

/// The character set of a message (MSH-18) that is not known here.
fn foreign(bytes: &[u8]) -> Option<String> {
    let head = begun(bytes.get(..bytes.len().min(1024))?)?;
    let name = head.starts_with(b"MSH").then(|| charset_name(head)).flatten()?;
    let known = name.is_empty() || name == "ASCII" || table_0211(&name).is_some();
    (!known).then_some(name)
}

fn xml_declaration(declaration: &[u8]) -> Option<&'static Encoding> {
    let at = declaration.windows(8).position(|window| window == b"encoding")?;
    let rest = declaration.get(at + 8..)?;
    let open = rest.iter().position(|byte| matches!(byte, b'"' | b'\''))?;
    let rest = rest.get(open + 1..)?;
    let close = rest.iter().position(|byte| matches!(byte, b'"' | b'\''))?;
    Encoding::for_label(rest.get(..close)?)
}

/// MSH-18, its first repetition.
fn charset_name(head: &[u8]) -> Option<String> {
    let separator = *head.get(3)?;
    let line = head.split(|byte| matches!(byte, b'\r' | b'\n')).next()?;
    let field = line.split(|byte| *byte == separator).nth(17)?;
    let name =
        field.split(|byte| !byte.is_ascii_alphanumeric() && !b"/ -_.".contains(byte)).next()?;
    let name = std::str::from_utf8(name).ok()?.trim().to_ascii_uppercase();
    Some(name.chars().take(30).collect())
}

fn message_charset(head: &[u8]) -> Option<&'static Encoding> {
    table_0211(&charset_name(head)?)
}

/// HL7 v2 table 0211. The Encoding Standard reads ISO 8859-1 as windows-1252, as HL7 v2 senders mean
/// it.
fn table_0211(name: &str) -> Option<&'static Encoding> {
    if let Some(part) = name.strip_prefix("8859/") {
        return Encoding::for_label(format!("iso-8859-{part}").as_bytes());
    }
    let label = match name {
        "GB 18030-2000" => "gb18030",
        "KS X 1001" => "euc-kr",
        "BIG-5" => "big5",
        "ISO IR14" | "ISO IR87" | "ISO IR159" => "iso-2022-jp",
        other => other.strip_prefix("UNICODE ").unwrap_or(other),
    };
    Encoding::for_label(label.as_bytes())
}

/// Takes NUL characters out: they carry nothing, and pad the end of some files.
fn drop_nul(decoded: &mut Decoded<'_>) {
    let kept = decoded.text.trim_end_matches('\0').len();
    if kept < decoded.text.len() {
        match &mut decoded.text {
            Cow::Borrowed(text) => *text = text.get(..kept).unwrap_or(text),
            Cow::Owned(text) => text.truncate(kept),
        }
    }
    if decoded.text.contains('\0') {
        decoded.text = Cow::Owned(decoded.text.replace('\0', ""));
        decoded.problems.push(Problem::new(
            Severity::Warning,
            "file",
            "nul_removed",
            "The file held NUL bytes within its text; they were left out. The original is kept whole.",
        ));
    }
}

fn line_of_first_fault(bytes: &[u8]) -> String {
    let valid = std::str::from_utf8(bytes).map_or_else(|fault| fault.valid_up_to(), str::len);
    let before = bytes.get(..valid).unwrap_or_default();
    let line = before.split(|byte| *byte == b'\n').count();
    let column = before.iter().rev().take_while(|byte| **byte != b'\n').count() + 1;
    format!("{line}:{column}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(decoded: &Decoded<'_>) -> Vec<String> {
        decoded.problems.iter().map(|problem| problem.code.clone()).collect()
    }

    #[test]
    fn marks_and_plain_utf8() {
        for (bytes, text, encoding) in [
            (&b"abc"[..], "abc", "UTF-8"),
            (b"\xEF\xBB\xBF<a/>", "<a/>", "UTF-8"),
            (b"\xFF\xFEM\0S\0H\0", "MSH", "UTF-16LE"),
            (b"\xFE\xFF\0M\0S\0H", "MSH", "UTF-16BE"),
            (b"<\0a\0/\0>\0", "<a/>", "UTF-16LE"),
            ("Zörb 山田".as_bytes(), "Zörb 山田", "UTF-8"),
            (b"end\0\0", "end", "UTF-8"),
        ] {
            let decoded = decode(bytes);
            assert_eq!((&*decoded.text, decoded.encoding), (text, encoding));
            assert!(decoded.problems.is_empty());
        }
    }

    #[test]
    fn declared_encoding_only_when_it_fits() {
        let polish = decode(b"<?xml version='1.0' encoding=\"ISO-8859-2\"?><a>\xB1</a>");
        assert_eq!((polish.encoding, polish.text.contains('ą')), ("ISO-8859-2", true));
        assert!(polish.problems.is_empty());
        let message = decode(b"MSH|^~\\&|a|b|c|d|e||f|g|P|2.5||||||8859/1\rPID|1||1||M\xFCller");
        assert_eq!((message.encoding, message.text.contains("Müller")), ("windows-1252", true));
        let lie = decode(b"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<a>caf\xE9</a>");
        assert_eq!((lie.encoding, codes(&lie)), ("windows-1252", vec!["encoding_assumed".into()]));
        assert_eq!(lie.problems[0].at, "2:7");
    }

    #[test]
    fn damage_is_said() {
        assert_eq!(codes(&decode(b"\xFF\xFEa\0\0\xD8b\0")), ["text_damaged"]);
        let nul = decode(b"a\0b");
        assert_eq!((&*nul.text, codes(&nul)), ("ab", vec!["nul_removed".to_owned()]));
    }

    #[test]
    fn opening_of_a_cut_character() {
        assert!(opening("aé".as_bytes(), 2).starts_with('a'));
        assert_eq!(&*opening(b"M\0S\0H\0|\0", 8), "MSH|");
    }
}
