//! Mutations that know the marks of a format: pieces between marks are doubled, moved, left out,
//! swapped with those of other files, and replaced by words that readers trip over.

use flate2::Compression;
use flate2::write::GzEncoder;
use std::io::Write as _;

/// A mutant never grows over this, so that runs stay short (bytes).
const LONGEST: usize = 192 * 1024;

/// What a target reads.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Xml,
    Json,
    Hl7,
    Table,
    Sql,
    X12,
    Any,
    Archive,
}

/// Random numbers that are the same in every run (xorshift64*).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_F491_4F6C_DD1D)
    }

    fn below(&mut self, below: usize) -> usize {
        usize::try_from(self.next() % below.max(1) as u64).unwrap()
    }

    fn pick<'a>(&mut self, list: &[&'a [u8]]) -> &'a [u8] {
        list[self.below(list.len())]
    }
}

/// Words of all formats that readers trip over.
const WORDS: &[&[u8]] = &[
    b"",
    b"\0",
    b"\"\"",
    b"-",
    b"0",
    b"-1",
    b"99999999999999999999",
    b"1e999",
    b"00000000",
    b"NaN",
    b"true",
    b"null",
    b"\xEF\xBB\xBF",
    b"\xFF\xFE",
    b"\xC3",
    b"\xF0\x9F\x98\x80",
    b"&",
    b"#",
    b"%00",
    b"20260230",
    b"99991231235959.9999+9999",
    b"2026-13-45T25:61:61Z",
    b"..\\..",
    b"\r",
    b"\n",
    b"\t",
    "\u{202E}".as_bytes(),
    "İ".as_bytes(),
    "ß".as_bytes(),
];
const XML: &[&[u8]] = &[
    b"<",
    b">",
    b"/>",
    b"</",
    b"<!--",
    b"-->",
    b"<![CDATA[",
    b"]]>",
    b"<?xml version=\"1.0\"?>",
    b"<!DOCTYPE a>",
    b"&lt;",
    b"&#0;",
    b"&#x110000;",
    b" nullFlavor=\"UNK\"",
    b" negationInd=\"true\"",
    b" xsi:type=\"IVL_PQ\"",
    b" xmlns=\"\"",
    b" x:y=\"\"",
    b"<section>",
    b"</section>",
    b"<text>",
    b"</text>",
    b"<entry>",
    b"<observation>",
    b"<reference value=\"#a\"/>",
    b" ID=\"a\"",
    b"<recordTarget/>",
    b" code=\"ASSERTION\"",
    b" value=\"2026\"",
    b" classCode=\"OBS\"",
];
const X12: &[&[u8]] = &[
    b"~",
    b"*",
    b":",
    b"^",
    b"~ISA*",
    b"~GS*",
    b"~ST*271*1~",
    b"~SE*0*0~",
    b"~HL*1*1*22*1~",
    b"~HL*2*3*23*0~",
    b"~HL*3*2*EV*0~",
    b"~HL*4*3*SS*0~",
    b"~NM1*IL*1*A*B****MI*1~",
    b"~EB*1*IND*30~",
    b"~EB*6~",
    b"~AAA*N**72*C~",
    b"~LS*2120~",
    b"~HCR*A1*X*0~",
    b"~DTP*291*RD8*-~",
    b"~IEA*1*1~",
    b"\x1d",
];
const JSON: &[&[u8]] = &[
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\"",
    b"\\u0000",
    b"\\ud800",
    b"\\",
    b"{\"resourceType\":",
    b"\"Bundle\"",
    b"\"Patient\"",
    b"\"#\"",
    b"{\"reference\":\"Patient/1\"}",
    b"[[[[[[[[",
    b"null",
    b"1.000000000000000000000000000000000000000001",
    b"\"contained\":[",
    b"\"id\":\"1\",",
];
const HL7: &[&[u8]] = &[
    b"|",
    b"^",
    b"~",
    b"&",
    b"\\",
    b"\r",
    b"\r\n",
    b"\x0B",
    b"\x1C\r",
    b"MSH|^~\\&|",
    b"\rMSH|",
    b"\rPID|",
    b"\rOBX|1|TX|",
    b"\rOBR|",
    b"\rORC|CA|",
    b"\rZZZ|",
    b"\\X0D\\",
    b"\\.br\\",
    b"\\F\\",
    b"\"\"",
    b"BHS|^~\\&|",
    b"\rBTS|9",
    b"\rFTS|",
    b"|ED|",
    b"^^^Base64^",
    b"\rMRG|",
    b"\rSCH|",
    b"\rRXE|",
];
const TABLE: &[&[u8]] = &[
    b"\t",
    b",",
    b";",
    b"|",
    b"\"",
    b"\"\"",
    b"\r\n",
    b"\n",
    b"\r",
    b"REDACTED",
    b"1/2/2026 12:00:00 AM",
    b"\tPAT_ID\t",
    b"\tLINE\t",
    b"\tPROBLEM_LIST_ID\t",
    b"'",
];
const SQL: &[&[u8]] = &[
    b"(",
    b")",
    b",",
    b";",
    b"'",
    b"''",
    b"\\'",
    b"`",
    b"\"",
    b"--",
    b"/*",
    b"*/",
    b"INSERT INTO ",
    b" VALUES ",
    b"NULL",
    b"CREATE TABLE ",
    b"q'[",
    b"||",
    b"TO_DATE(",
    b"CHR(",
    b"f(",
    b"[",
    b".",
];
const ARCHIVE: &[&[u8]] =
    &[b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", b"\x1F\x8B\x08", b"\xFF\xFF\xFF\xFF"];

impl Kind {
    fn words(self) -> &'static [&'static [u8]] {
        match self {
            Self::Xml => XML,
            Self::Json => JSON,
            Self::Hl7 => HL7,
            Self::Table => TABLE,
            Self::Sql => SQL,
            Self::X12 => X12,
            Self::Archive => ARCHIVE,
            Self::Any => WORDS,
        }
    }

    /// Whether a byte parts pieces of the format.
    fn parts(self, byte: u8) -> bool {
        match self {
            Self::Xml => matches!(byte, b'<' | b'>' | b'"' | b' '),
            Self::Json => matches!(byte, b'{' | b'}' | b'[' | b']' | b',' | b':' | b'"'),
            Self::Hl7 => matches!(byte, b'|' | b'^' | b'~' | b'\r' | b'\n'),
            Self::X12 => matches!(byte, b'*' | b':' | b'^' | b'~' | b'\r' | b'\n'),
            Self::Table => matches!(byte, b'\t' | b',' | b';' | b'|' | b'"' | b'\n' | b'\r'),
            Self::Sql => matches!(byte, b'(' | b')' | b',' | b';' | b'\'' | b' ' | b'\n'),
            Self::Any => matches!(byte, b'<' | b'"' | b',' | b'|' | b'\n' | b'\t' | b'*' | b'~'),
            Self::Archive => byte == b'P',
        }
    }
}

/// A mutant of one of the seeds: one to six changes.
pub(crate) fn mutant(seeds: &[Vec<u8>], kind: Kind, dice: &mut Dice) -> Vec<u8> {
    let mut bytes = seeds[dice.below(seeds.len())].clone();
    for _ in 0..=dice.below(6) {
        change(&mut bytes, seeds, kind, dice);
        bytes.truncate(LONGEST);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, seeds: &[Vec<u8>], kind: Kind, dice: &mut Dice) {
    let at = dice.below(bytes.len() + 1).min(bytes.len());
    match dice.below(12) {
        0 => flip(bytes, dice),
        1 => insert(bytes, at, dice.pick(WORDS)),
        2 => insert(bytes, at, dice.pick(kind.words())),
        3 => {
            let (from, to) = piece(bytes, kind, dice);
            let word = if dice.below(2) == 0 { dice.pick(WORDS) } else { dice.pick(kind.words()) };
            bytes.splice(from..to, word.iter().copied());
        }
        4 => bytes.truncate(at),
        5 => {
            let (from, to) = piece(bytes, kind, dice);
            bytes.drain(from..to);
        }
        6 => {
            let (from, to) = stretch(bytes, kind, dice);
            bytes.drain(from..to);
        }
        7 => {
            let (from, to) = stretch(bytes, kind, dice);
            let copy = bytes[from..to].to_vec();
            let (place, _) = piece(bytes, kind, dice);
            insert(bytes, place, &copy);
        }
        8 => {
            let other = &seeds[dice.below(seeds.len())];
            let (from, to) = stretch(other, kind, dice);
            let copy = other[from..to].to_vec();
            let (place, _) = piece(bytes, kind, dice);
            insert(bytes, place, &copy);
        }
        9 => {
            let word = dice.pick(kind.words());
            let times = 1 << dice.below(12);
            insert(bytes, at, &word.repeat(times));
        }
        10 => {
            let (from, to) = piece(bytes, kind, dice);
            let long = vec![b"a9 \xC3"[dice.below(4)]; 1 << dice.below(15)];
            bytes.splice(from..to, long);
        }
        _ => recode(bytes, dice),
    }
}

fn flip(bytes: &mut [u8], dice: &mut Dice) {
    let at = dice.below(bytes.len());
    if let Some(byte) = bytes.get_mut(at) {
        *byte ^= 1 << dice.below(8);
    }
}

fn insert(bytes: &mut Vec<u8>, at: usize, word: &[u8]) {
    let at = at.min(bytes.len());
    bytes.splice(at..at, word.iter().copied());
}

/// What lies between two marks of the format.
fn piece(bytes: &[u8], kind: Kind, dice: &mut Dice) -> (usize, usize) {
    let at = dice.below(bytes.len());
    let mark = |byte: &u8| kind.parts(*byte);
    let from = bytes[..at].iter().rposition(mark).map_or(0, |at| at + 1);
    let to = bytes[at..].iter().skip(1).position(mark).map_or(bytes.len(), |end| at + end + 1);
    (from, to.max(from).min(bytes.len()))
}

/// Some pieces in a row.
fn stretch(bytes: &[u8], kind: Kind, dice: &mut Dice) -> (usize, usize) {
    let (from, _) = piece(bytes, kind, dice);
    let most = (1 << (dice.below(12) + 2)).min(bytes.len() - from);
    let to = from + dice.below(most + 1);
    (from, to.min(bytes.len()))
}

/// The same text in another encoding, or with a mark that lies.
fn recode(bytes: &mut Vec<u8>, dice: &mut Dice) {
    match dice.below(3) {
        0 => {
            let text = String::from_utf8_lossy(bytes).into_owned();
            *bytes = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        }
        1 => insert(bytes, 0, b"\xFF\xFE"),
        _ => {
            for byte in bytes.iter_mut().filter(|byte| **byte == b'e') {
                *byte = 0xE9;
            }
        }
    }
}

/// Gzip and zip archives of the seeds, and a gzip of a zip.
pub(crate) fn packed(seeds: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let gzip = |bytes: &[u8]| {
        let mut writer = GzEncoder::new(Vec::new(), Compression::fast());
        writer.write_all(bytes).unwrap();
        writer.finish().unwrap()
    };
    let zip = |files: &[Vec<u8>]| {
        let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        for (number, bytes) in files.iter().enumerate() {
            let options = zip::write::SimpleFileOptions::default();
            writer.start_file(format!("{number}.txt"), options).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    };
    let zips = seeds.chunks(4).map(zip);
    let mut all: Vec<Vec<u8>> = zips.collect();
    all.extend(seeds.iter().step_by(4).map(|bytes| gzip(bytes)));
    all.push(gzip(&all[0]));
    all
}
