//! Finds out what a dropped file is, by its bytes alone: names and extensions lie.

mod json;
mod table;
mod xml;

pub(crate) use json::MANIFEST;

use crate::tables::ods::is_open_document;
use crate::text;

/// How much of a text is looked at for its first words.
const OPENING: usize = 64 * 1024;

/// What a file can be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// C-CDA, C32 or another CDA R2 document.
    Ccda,
    /// FHIR in JSON: a resource, a Bundle, an array of resources, or NDJSON.
    Fhir,
    /// FHIR in XML.
    FhirXml,
    /// HL7 v2 in its vertical-bar encoding.
    Hl7v2,
    /// HL7 v2 in its XML encoding.
    Hl7v2Xml,
    /// ASTM Continuity of Care Record.
    Ccr,
    /// X12 transactions: eligibility, authorisation.
    X12,
    /// A questionnaire's definition (FHIR `Questionnaire`).
    Questionnaire,
    /// A table of an EHR's full export.
    Ehi,
    /// A directory of services (Open Referral HSDS).
    Hsds,
    /// Any other table: CSV, TSV, a list.
    Table,
    Zip,
    Gzip,
    Pdf,
    Rtf,
    /// A scan or a fax: TIFF, JPEG, PNG.
    Image,
    /// A file of an office program: Word, Excel.
    Office,
    Html,
    /// XML of another kind.
    Xml,
    /// JSON of another kind.
    Json,
    /// No byte, or blanks only.
    Empty,
    Unknown,
}

/// What a file is, with the reason, which is kept beside the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub format: Format,
    /// `R2.1`, `2.5.1`, `005010X279A1` …; empty when the first look does not tell.
    pub version: String,
    /// Type of the first FHIR resource (`Bundle`, `Patient` …); empty for other formats.
    pub resource: String,
    /// What was seen, without patient data.
    pub reason: String,
}

impl Format {
    /// The token of receipts and problems.
    pub fn token(self) -> &'static str {
        match self {
            Self::Ccda => "ccda",
            Self::Fhir => "fhir",
            Self::FhirXml => "fhir_xml",
            Self::Hl7v2 => "hl7v2",
            Self::Hl7v2Xml => "hl7v2_xml",
            Self::Ccr => "ccr",
            Self::X12 => "x12",
            Self::Questionnaire => "questionnaire",
            Self::Ehi => "ehi",
            Self::Hsds => "hsds",
            Self::Table => "table",
            Self::Zip => "zip",
            Self::Gzip => "gzip",
            Self::Pdf => "pdf",
            Self::Rtf => "rtf",
            Self::Image => "image",
            Self::Office => "office",
            Self::Html => "html",
            Self::Xml => "xml",
            Self::Json => "json",
            Self::Empty => "empty",
            Self::Unknown => "unknown",
        }
    }
}

impl Verdict {
    fn new(format: Format, reason: impl Into<String>) -> Self {
        Self { format, version: String::new(), resource: String::new(), reason: reason.into() }
    }

    fn version(mut self, version: impl Into<String>) -> Self {
        self.version = version.into();
        self
    }
}

/// Looks at a file's bytes.
pub fn detect(bytes: &[u8]) -> Verdict {
    if let Some(verdict) = by_magic(bytes) {
        return verdict;
    }
    let opening = text::opening(bytes, OPENING);
    let words = opening.trim_start_matches(|c: char| c.is_whitespace() || c.is_control());
    let blank = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0;
    if words.is_empty() && text::without_mark(bytes).iter().all(blank) {
        return Verdict::new(Format::Empty, "no text in the file");
    }
    if let Some(verdict) = message(words).or_else(|| x12(words)) {
        return verdict;
    }
    if words.starts_with('<') && crate::x12::is_within(words) {
        return Verdict::new(Format::X12, "interchange within an XML envelope");
    }
    if words.starts_with('<') {
        return xml::verdict(words);
    }
    if words.starts_with(['{', '[']) {
        return json::verdict(&text::decode(bytes).text);
    }
    if let Some(verdict) = later_message(words).or_else(|| later_interchange(words)) {
        return verdict;
    }
    if is_binary(bytes) {
        return Verdict::new(Format::Unknown, "bytes that are not text");
    }
    table::verdict(words)
}

/// Formats whose first bytes are theirs alone.
fn by_magic(bytes: &[u8]) -> Option<Verdict> {
    const MAGIC: [(&[u8], Format, &str); 16] = [
        (b"PK\x03\x04", Format::Zip, "zip archive"),
        (b"PK\x05\x06", Format::Zip, "zip archive without entries"),
        (b"\x1F\x8B", Format::Gzip, "gzip stream"),
        (b"%PDF", Format::Pdf, "PDF"),
        (b"{\\rtf", Format::Rtf, "rich text"),
        (b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", Format::Office, "old or encrypted office file"),
        (b"II*\0", Format::Image, "TIFF image"),
        (b"MM\0*", Format::Image, "TIFF image"),
        (b"\xFF\xD8\xFF", Format::Image, "JPEG image"),
        (b"\x89PNG", Format::Image, "PNG image"),
        (b"GIF8", Format::Image, "GIF image"),
        (b"7z\xBC\xAF\x27\x1C", Format::Unknown, "7z archive"),
        (b"Rar!\x1A\x07", Format::Unknown, "rar archive"),
        (b"\xFD7zXZ\0", Format::Unknown, "xz archive"),
        (b"BZh91AY&SY", Format::Unknown, "bzip2 archive"),
        (b"\x28\xB5\x2F\xFD", Format::Unknown, "zstd archive"),
    ];
    if bytes.get(257..262) == Some(b"ustar") {
        return Some(Verdict::new(Format::Unknown, "tar archive"));
    }
    let plain = text::without_mark(bytes);
    let (_, format, reason) = MAGIC.iter().find(|(magic, ..)| plain.starts_with(magic))?;
    let office = *format == Format::Zip && (is_office(bytes) || is_open_document(bytes));
    let format = if office { Format::Office } else { *format };
    Some(Verdict::new(format, if office { "Word or Excel file" } else { reason }))
}

/// An Office Open XML package: its parts name themselves near the beginning of the zip.
fn is_office(bytes: &[u8]) -> bool {
    const PARTS: [&[u8]; 6] =
        [b"[Content_Types].xml", b"_rels/.rels", b"xl/", b"word/", b"docProps/", b"customXml/"];
    let name = bytes.get(30..).unwrap_or_default();
    PARTS.iter().any(|part| name.starts_with(part))
}

/// HL7 v2 by its first segment: `MSH`, or the batch headers `FHS` and `BHS`.
fn message(words: &str) -> Option<Verdict> {
    let id = words.get(..3)?;
    let separator = *words.as_bytes().get(3)?;
    let header = ["MSH", "FHS", "BHS"].iter().any(|known| known.eq_ignore_ascii_case(id));
    if !header || !separator.is_ascii_punctuation() {
        return None;
    }
    let line = words.split(['\r', '\n']).find(|line| line.starts_with("MSH")).unwrap_or_default();
    let version = line.split(separator as char).nth(11).unwrap_or_default();
    let version = version.split(|c: char| !c.is_ascii_digit() && c != '.').next();
    let reason = format!("first segment {id}");
    Some(Verdict::new(Format::Hl7v2, reason).version(version.unwrap_or_default()))
}

/// HL7 v2 after some lines of other text: a comment, a log's heading.
fn later_message(words: &str) -> Option<Verdict> {
    let mut lines = words.split(['\r', '\n']).take(200).map(str::trim_start);
    let line = lines.find(|line| {
        let separator = line.as_bytes().get(3).copied().unwrap_or_default();
        line.starts_with("MSH")
            && separator.is_ascii_punctuation()
            && line.matches(separator as char).count() >= 3
    })?;
    let verdict = message(line)?;
    Some(Verdict { reason: "segment MSH after lines of other text".to_owned(), ..verdict })
}

/// X12 after some lines of other text: the parts of a MIME message.
fn later_interchange(words: &str) -> Option<Verdict> {
    let mut lines = words.split_inclusive(['\r', '\n']).take(200).map(str::trim_start);
    let found = lines.any(crate::x12::is_header);
    found.then(|| Verdict::new(Format::X12, "interchange header ISA after lines of other text"))
}

/// X12 interchange: `ISA` is 106 characters long, and its separator is its fourth.
fn x12(words: &str) -> Option<Verdict> {
    let rest = words.strip_prefix("ISA")?;
    let separator = rest.chars().next().filter(|c| !c.is_alphanumeric() && !c.is_whitespace())?;
    let elements = rest.get(..rest.len().min(110))?.matches(separator).count();
    if elements < 14 {
        return None;
    }
    let group = rest.split(separator).skip_while(|part| !part.ends_with("GS")).nth(8);
    let version = group.and_then(|part| part.split(|c: char| !c.is_alphanumeric()).next());
    Some(Verdict::new(Format::X12, "interchange header ISA").version(version.unwrap_or_default()))
}

/// True when the first bytes hold control characters that no text has.
fn is_binary(bytes: &[u8]) -> bool {
    let head = bytes.get(..bytes.len().min(4096)).unwrap_or_default();
    if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") {
        return false;
    }
    let odd = head.iter().filter(|byte| matches!(byte, 0..=8 | 14..=27 | 127)).count();
    odd * 50 > head.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_bytes_tell() {
        for (bytes, format, version) in [
            (&b"PK\x03\x04rest"[..], Format::Zip, ""),
            (b"\x1F\x8B\x08", Format::Gzip, ""),
            (b"%PDF-1.7", Format::Pdf, ""),
            (b"\x0BMSH|^~\\&|a|b|c|d|e||ADT^A01|1|P|2.5.1\rPID|", Format::Hl7v2, "2.5.1"),
            (b"\xEF\xBB\xBFMSH@~&#\\@S@F", Format::Hl7v2, ""),
            (b"FHS|^~\\&|a\rBHS|^~\\&|b\rMSH|^~\\&|||||||ADT|1|P|2.3", Format::Hl7v2, "2.3"),
            (b"/* note */\n\nMSH|^~\\&|a|b|c|d", Format::Hl7v2, ""),
            (b"  \r\n\t", Format::Empty, ""),
            (b"", Format::Empty, ""),
            (b"\x01\x02\x03\x04\x05\x06", Format::Unknown, ""),
            (b"MSHA is a word", Format::Unknown, ""),
            (b"Dear colleague, thank you for your letter.", Format::Unknown, ""),
            (b"<html><body>x</body></html>", Format::Html, ""),
            (b"<ADT_A01 xmlns=\"urn:hl7-org:v2xml\"/>", Format::Hl7v2Xml, ""),
            (b"{\"a\":1}", Format::Json, ""),
            (b"{\"x\":{\"resourceType\":\"Patient\"}}", Format::Json, ""),
            (b"[{\"resourceType\":\"Patient\"}]", Format::Fhir, ""),
            (b"{broken \"resourceType\":\"Patient\"", Format::Fhir, ""),
            (b"a,b,c\n1,2,3\n", Format::Table, ""),
        ] {
            let verdict = detect(bytes);
            let shown = String::from_utf8_lossy(bytes);
            assert_eq!((verdict.format, &*verdict.version), (format, version), "{shown}");
        }
    }
}
