//! What a payer says beyond who pays: single benefits, and leave given before a service (prior
//! authorization).

use super::{Concept, Identifier, Period, Quantity, When};
use serde::{Deserialize, Serialize};

/// Code lists of ASC X12 by the number of their data element, as FHIR names them.
pub mod x12 {
    /// Eligibility or benefit information (EB01).
    pub const BENEFIT: &str = "https://codesystem.x12.org/005010/1390";
    /// Service types (EB03, UM03).
    pub const SERVICE_TYPE: &str = "https://codesystem.x12.org/005010/1365";
    /// Insurance types (EB04).
    pub const INSURANCE: &str = "https://codesystem.x12.org/005010/1336";
    /// Time periods (EB06, HSD05).
    pub const TIME_PERIOD: &str = "https://codesystem.x12.org/005010/615";
    /// Review actions (HCR01).
    pub const REVIEW_ACTION: &str = "https://codesystem.x12.org/005010/306";
    /// Why a review ended as it did (HCR03).
    pub const REVIEW_REASON: &str = "https://codesystem.x12.org/external/886";
    /// Why a request was rejected (AAA03).
    pub const REJECT_REASON: &str = "https://codesystem.x12.org/005010/901";
    /// Relation of a member to the subscriber (INS02).
    pub const RELATIONSHIP: &str = "https://codesystem.x12.org/005010/1069";
}

/// One line of a payer's answer on what a plan covers (X12 271 loop 2110; FHIR
/// `CoverageEligibilityResponse.insurance.item.benefit`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Benefit {
    /// What the line tells: co-payment, deductible, limitation …
    pub kind: Concept,
    /// For which services; none: for the plan as a whole.
    pub services: Vec<Concept>,
    /// For whom: `IND`, `FAM` …; empty when not said.
    pub level: String,
    pub insurance: Option<Concept>,
    pub plan: String,
    /// Per what time: per visit, per calendar year, remaining …
    pub per: Option<Concept>,
    /// An amount of money, as written.
    pub amount: String,
    /// A share, as written: `.2` or `20`.
    pub percent: String,
    pub quantity: Option<Quantity>,
    /// Whether leave must be asked for before the service.
    pub authorization: Option<bool>,
    pub in_network: Option<bool>,
    pub period: Period,
    /// Messages of the payer, other payers and those to be asked, in words.
    pub note: String,
}

/// Something for which leave was asked or given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuthorizedLine {
    pub code: Concept,
    pub quantity: Option<Quantity>,
    /// How often, in words, where the source says more than a number.
    pub frequency: String,
    pub period: Period,
    /// The decision on this line, where it has one of its own.
    pub decision: Option<Concept>,
    pub number: String,
    pub reason: Option<Concept>,
}

/// Leave asked for or given before a service (X12 278; FHIR `Claim` and `ClaimResponse` of use
/// `preauthorization`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Authorization {
    /// Trace numbers of the request: request and answer bear the same.
    pub identifiers: Vec<Identifier>,
    /// Whether this tells of an answer; otherwise it was only asked.
    pub answered: bool,
    /// `AR` admission, `HS` health services, `SC` specialty care (UM01), in words and code.
    pub category: Concept,
    /// `I` initial, `R` renewal, `S` revised, `3` cancelled, `4` extension (UM02).
    pub request: Concept,
    pub service_type: Concept,
    pub urgency: Option<Concept>,
    /// The payer's decision (HCR01); none while it is not known.
    pub decision: Option<Concept>,
    /// The authorization number (HCR02).
    pub number: String,
    /// Why it was decided so (HCR03), or why the request was rejected (AAA03).
    pub reasons: Vec<Concept>,
    /// From when to when it holds.
    pub period: Period,
    pub decided: Option<When>,
    pub asked: Option<When>,
    pub quantity: Option<Quantity>,
    pub frequency: String,
    pub services: Vec<AuthorizedLine>,
    pub diagnoses: Vec<Concept>,
    pub payer: String,
    pub requester: String,
    /// Who is to do it.
    pub providers: Vec<String>,
    pub member_id: String,
    pub note: String,
}
