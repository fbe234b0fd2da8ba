//! Golden rows: bytes that earlier programs wrote and that every later one must read. A row here is
//! never changed; a new shape of a record adds one. Rows of real kinds are kept by their wings with
//! `almoner_store::golden`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use almoner_core::fault::{Fault, Outcome};
use almoner_core::ids::{PatientId, RawId};
use almoner_store::{Kind, Record, codec, golden};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

almoner_core::record_id!(
    /// A visit of the test.
    VisitId
);

/// A record in its second shape: `minutes` was text in the first; `place` came later, unversioned.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Visit {
    id: VisitId,
    patient: PatientId,
    minutes: u32,
    #[serde(default)]
    place: String,
}

impl Record for Visit {
    type Id = VisitId;
    const KIND: Kind = Kind { code: 920, name: "visit" };
    const SHAPE: u16 = 2;
    fn id(&self) -> VisitId {
        self.id
    }
    fn patient(&self) -> Option<PatientId> {
        Some(self.patient)
    }
    fn revive(shape: u16, body: &[u8]) -> Outcome<Self> {
        #[derive(Deserialize)]
        struct First {
            id: VisitId,
            patient: PatientId,
            minutes: String,
        }
        if shape != 1 {
            return Err(Fault::broken("a visit of an unknown shape"));
        }
        let first: First = codec::decode(body)?;
        let minutes = first.minutes.parse().unwrap_or_default();
        Ok(Self { id: first.id, patient: first.patient, minutes, place: String::new() })
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/rows")
}

fn visit(place: &str) -> Visit {
    Visit {
        id: VisitId(RawId::from_bytes([1; 16])),
        patient: PatientId(RawId::from_bytes([2; 16])),
        minutes: 15,
        place: place.to_owned(),
    }
}

/// A record that is kept packed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Report {
    id: VisitId,
    words: String,
}

impl Record for Report {
    type Id = VisitId;
    const KIND: Kind = Kind { code: 921, name: "report" };
    const PACKED: bool = true;
    fn id(&self) -> VisitId {
        self.id
    }
    fn patient(&self) -> Option<PatientId> {
        None
    }
}

fn report() -> Report {
    let words = r#"{"resourceType":"Observation","status":"final","category":"laboratory"} "#;
    Report { id: VisitId(RawId::from_bytes([3; 16])), words: words.repeat(20) }
}

/// The golden row is packed with the first dictionary: it must be read as long as there are stores.
#[test]
fn packed_rows_are_read_for_ever_and_so_are_plain_ones_of_the_same_kind() {
    golden::keep(&folder(), "report-packed-1", &report());
    assert_eq!(golden::read::<Report>(&folder(), "report-packed-1").unwrap(), report());
    let header = codec::RowHeader { shape: 1, version: 7 };
    let plain = codec::row(header, &report()).unwrap();
    assert_eq!(golden::decode::<Report>(&plain).unwrap(), report());
    let packed = codec::packed(&plain).unwrap().unwrap();
    assert!(packed.len() * 4 < plain.len(), "{} of {}", packed.len(), plain.len());
    assert_eq!(golden::decode::<Report>(&packed).unwrap(), report());
    let (told, body) = codec::split(&packed).unwrap();
    assert_eq!((told, &body[..]), (header, &plain[6..]));
}

#[test]
fn rows_of_every_shape_are_read_for_ever() {
    golden::keep(&folder(), "visit-2", &visit("home"));
    assert_eq!(golden::read::<Visit>(&folder(), "visit-2").unwrap(), visit("home"));
    assert_eq!(golden::read::<Visit>(&folder(), "visit-2-without-place").unwrap(), visit(""));
    assert_eq!(golden::read::<Visit>(&folder(), "visit-1").unwrap(), visit(""));
}

#[test]
fn a_row_of_a_later_shape_says_which_program_reads_it() {
    let later = codec::RowHeader { shape: 3, version: 1 };
    let row = codec::row(later, &visit("home")).unwrap();
    let error = golden::decode::<Visit>(&row).unwrap_err().to_string();
    assert!(error.contains("unknown shape"), "{error}");
}
