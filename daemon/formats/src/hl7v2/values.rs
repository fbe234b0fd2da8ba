//! What stands in OBX-5, by its type in OBX-2: numbers, codes, words, times, and bytes of a
//! document (HL7 v2.5.1 section 7.4.2 and chapter 2.A).

use super::segment::{Piece, Segment};
use super::{datatypes, times};
use almoner_core::clinical::{Concept, Document, Quantity, Value};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// The value of an `OBX`, and further ones where OBX-5 repeats.
pub(super) fn of(obx: &Segment<'_>) -> (Value, Vec<Value>) {
    let type_ = obx.field(2).text();
    let field = obx.field(5);
    if field.is_blank() {
        return (Value::Absent, Vec::new());
    }
    if matches!(&*type_, "TX" | "FT" | "ST") && !is_measured(obx) {
        return (Value::Text(lines(field)), Vec::new());
    }
    let mut all: Vec<Value> =
        field.repetitions().map(|piece| one(&type_, piece, &unit(obx))).collect();
    let texts: Option<Vec<&str>> = all
        .iter()
        .map(|value| if let Value::Text(text) = value { Some(text.as_str()) } else { None })
        .collect();
    if let Some(texts) = texts {
        return (Value::Text(texts.join("\n")), Vec::new());
    }
    let rest = all.split_off(1.min(all.len()));
    (all.pop().unwrap_or_default(), rest)
}

/// The words of a text field: its repetitions are its lines, blank ones too.
pub(super) fn lines(field: Piece<'_>) -> String {
    let parts: Vec<_> = field.lines().map(Piece::verbatim).collect();
    parts.join("\n").trim_end().to_owned()
}

/// Takes the bytes (`ED`) or the pointer (`RP`) of an `OBX` into a document. `None` when the
/// field holds neither.
pub(super) fn fill(document: &mut Document, obx: &Segment<'_>) -> Option<()> {
    let field = obx.field(5);
    if obx.field(2).text() == "RP" {
        document.url = field.component(1).string();
        document.content_type = media(&field.component(3).text(), &field.component(4).text(), &[]);
        return (!document.url.is_empty()).then_some(());
    }
    let encoding = field.component(4).text().to_ascii_uppercase();
    let data = field.component(5).raw();
    if data.is_empty() {
        return None;
    }
    let bytes = match encoding.as_str() {
        "A" => field.component(5).verbatim().into_owned().into_bytes(),
        "HEX" => hexadecimal(data)?,
        _ => STANDARD.decode(bare(data)).unwrap_or_default(),
    };
    let named = media(&field.component(2).text(), &field.component(3).text(), &bytes);
    match String::from_utf8(bytes) {
        Ok(text) if encoding == "A" || named == "text/plain" => document.text = text,
        Ok(text) if !text.is_empty() => document.data_base64 = STANDARD.encode(text),
        Ok(_) => document.data_base64 = bare(data),
        Err(bytes) => document.data_base64 = STANDARD.encode(bytes.into_bytes()),
    }
    document.content_type = named;
    Some(())
}

/// Takes an `OBX` as the next part of a document whose bytes the sender cut over several (there are
/// receivers that bound a segment): base64 of the same media type that begins nothing, behind base64
/// of a known kind that has no end. False where it is none, and nothing was taken.
pub(super) fn go_on(document: &mut Document, obx: &Segment<'_>) -> bool {
    use crate::detect::{Format, detect};
    let field = obx.field(5);
    let known = !matches!(&*document.content_type, "" | "application/octet-stream" | "text/plain");
    let open = !document.data_base64.is_empty() && !document.data_base64.ends_with('=');
    let packed = matches!(&*field.component(4).text().to_ascii_uppercase(), "BASE64" | "");
    if !(known && open && packed && obx.field(2).text() == "ED") {
        return false;
    }
    let data = bare(field.component(5).raw());
    // The opening is enough to tell; a part may begin in the middle of four signs, as the first ended.
    let rest = data.get(document.data_base64.len().wrapping_neg() % 4..).unwrap_or_default();
    let opening = |text: &str| {
        let whole = text.len().min(4096) / 4 * 4;
        STANDARD.decode(text.get(..whole).unwrap_or_default()).unwrap_or_default()
    };
    let begins = |text: &str| {
        let format = detect(&opening(text)).format;
        !matches!(format, Format::Unknown | Format::Table | Format::Json | Format::Empty)
    };
    let stranger = media(&field.component(2).text(), &field.component(3).text(), &[]);
    let alike = stranger == "application/octet-stream" || stranger == document.content_type;
    if data.is_empty() || !alike || begins(&data) || begins(rest) {
        return false;
    }
    document.data_base64.push_str(&data);
    true
}

/// Base64 without what senders break it with: line ends, blanks, and their escapes.
fn bare(data: &str) -> String {
    let data = data.replace("\\.br\\", "").replace("\\X0D\\", "").replace("\\X0A\\", "");
    data.chars().filter(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=')).collect()
}

fn hexadecimal(data: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = data
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| c.to_digit(16).and_then(|digit| u8::try_from(digit).ok()))
        .collect::<Option<_>>()?;
    let pairs = digits.chunks_exact(2);
    Some(pairs.map(|pair| pair.iter().fold(0, |sum: u8, d| sum.wrapping_mul(16) | d)).collect())
}

/// The media type, by the bytes first, then by what tables 0191 and 0291 say of them.
fn media(type_: &str, subtype: &str, bytes: &[u8]) -> String {
    use crate::detect::{Format, detect};
    let seen = if bytes.is_empty() { Format::Empty } else { detect(bytes).format };
    let by_bytes = match seen {
        Format::Pdf => "application/pdf",
        Format::Rtf => "application/rtf",
        Format::Ccda => "text/xml",
        Format::Html => "text/html",
        _ => "",
    };
    let known = match subtype.to_ascii_uppercase().as_str() {
        _ if !by_bytes.is_empty() => by_bytes,
        "JPEG" | "JPG" => "image/jpeg",
        "TIFF" | "TIF" => "image/tiff",
        "PNG" => "image/png",
        "XML" => "text/xml",
        "HTML" | "HTM" => "text/html",
        "PDF" => "application/pdf",
        "RTF" => "application/rtf",
        "PLAIN" | "TXT" => "text/plain",
        "" | "TEXT" if type_.eq_ignore_ascii_case("TEXT") => "text/plain",
        _ => "application/octet-stream",
    };
    known.to_owned()
}

fn one(type_: &str, piece: Piece<'_>, unit: &str) -> Value {
    let text = || Value::Text(piece.string());
    match type_ {
        "NM" | "ST" | "" if is_bounded(&piece.text()) => quantity(&piece.text(), unit),
        "SN" => structured(piece, unit),
        "CE" | "CWE" | "CNE" | "CF" => {
            datatypes::concept(piece).map_or(Value::Absent, Value::Concept)
        }
        "IS" | "ID" => Value::Concept(Concept::text(piece.component(1).string())),
        "DT" | "TS" | "DTM" => {
            times::when(&piece.component(1).text()).map_or_else(text, Value::When)
        }
        "XPN" | "XCN" | "XAD" | "XON" | "XTN" | "CX" | "EI" | "HD" => {
            let parts: Vec<_> = (1..=8)
                .map(|n| piece.component(n).text())
                .filter(|part| !part.is_empty())
                .collect();
            Value::Text(parts.join(" "))
        }
        "" if piece.component(2).is_blank() => text(),
        "" => datatypes::concept(piece).map_or_else(text, Value::Concept),
        _ => text(),
    }
}

/// `SN`: comparator, number, separator, number.
fn structured(piece: Piece<'_>, unit: &str) -> Value {
    let part = |n: usize| piece.component(n).string();
    let (comparator, first, separator, second) = (part(1), part(2), part(3), part(4));
    let plain =
        |value: String| Quantity { value, unit: unit.to_owned(), comparator: String::new() };
    match (separator.as_str(), comparator.as_str()) {
        ("", "" | "=") if is_number(&first) => Value::Quantity(plain(first)),
        ("", "<" | "<=" | ">" | ">=") if is_number(&first) => {
            Value::Quantity(Quantity { comparator, ..plain(first) })
        }
        ("-", "") if is_number(&first) && is_number(&second) => {
            Value::Range { low: Some(plain(first)), high: Some(plain(second)) }
        }
        _ => Value::Text(format!("{comparator}{first}{separator}{second}")),
    }
}

/// A number, perhaps with a bound before it.
fn quantity(text: &str, unit: &str) -> Value {
    let value = text.trim_start_matches(['<', '>', '=']);
    let comparator = text.strip_suffix(value).unwrap_or_default();
    let value = value.trim().trim_start_matches('+');
    Value::Quantity(Quantity {
        value: if value.starts_with('.') { format!("0{value}") } else { value.to_owned() },
        unit: unit.to_owned(),
        comparator: comparator.to_owned(),
    })
}

/// OBX-6, as code, else in words.
fn unit(obx: &Segment<'_>) -> String {
    let code = obx.field(6).component(1).string();
    if code.is_empty() { obx.field(6).component(2).string() } else { code }
}

/// Words with a unit that are a number: a measurement sent as text.
fn is_measured(obx: &Segment<'_>) -> bool {
    obx.field(2).text() == "ST" && !obx.field(6).is_blank() && is_bounded(&obx.field(5).text())
}

fn is_bounded(text: &str) -> bool {
    let bound = ["<=", ">=", "<", ">"].iter().find_map(|mark| text.strip_prefix(mark));
    is_number(bound.unwrap_or(text).trim())
}

/// A decimal of at most 40 digits, as HL7 `NM` and FHIR `decimal` write it.
fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let some = !whole.is_empty() || digits.contains('.') && !fraction.is_empty();
    some && all(whole) && all(fraction) && !fraction.is_empty() && digits.len() <= 40
}
