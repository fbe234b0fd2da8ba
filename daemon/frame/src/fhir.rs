//! How an area serves its records as FHIR R4: it names them and writes them; searching, paging and
//! permissions are the server's.

use almoner_core::clinical;
use almoner_core::fault::Outcome;
use almoner_core::ids::{PatientId, RawId};
use almoner_core::permission::May;
use almoner_core::time::Timestamp;
use almoner_store::Reader;

/// Which records are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    All,
    Patient(PatientId),
    /// Asserted by the source document with this SHA-256.
    Source([u8; 32]),
}

/// One FHIR resource type of an area.
pub struct Resource {
    /// `Patient`, `Condition` …
    pub type_: &'static str,
    pub may: May,
    /// The ids of all records in a scope, in a steady order that does not depend on the ids.
    pub ids: fn(&Reader<'_>, Scope) -> Outcome<Vec<RawId>>,
    /// One record as R4 JSON; `None` when there is no such record of this type.
    pub write: fn(&Reader<'_>, RawId) -> Outcome<Option<Written>>,
}

/// A record as FHIR.
pub struct Written {
    /// The resource, as JSON text (decimals as the source wrote them).
    pub json: String,
    /// Its `meta.versionId`; empty where it has none.
    pub version: String,
    pub patient: Option<PatientId>,
    pub last_updated: Timestamp,
}

/// How sure it is that somebody is the one who is asked for (FHIR match-grade).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Grade {
    /// A file about them would be joined to this record without asking anybody.
    Certain,
    Probable,
    Possible,
}

/// Somebody who may be the one who is asked for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Likely {
    pub patient: PatientId,
    /// How likely it is they, of all who are known: from 0 to 1.
    pub score: f64,
    pub grade: Grade,
}

/// The answer to who somebody is.
#[derive(Clone, Debug, PartialEq)]
pub enum WhoIs {
    /// Too little is told of them to say.
    TooLittle,
    /// Those who may be they, the likeliest first; nobody where they are not known.
    Found(Vec<Likely>),
}

/// Says who somebody is of whom this is told (FHIR `Patient/$match`).
pub type AskWho = fn(&Reader<'_>, &clinical::Patient) -> Outcome<WhoIs>;
