//! Who somebody is and how to reach them: patients, their people, and those who treat them.

use super::{Concept, Identifier, Period, Reference, When};
use serde::{Deserialize, Serialize};

/// One name of a person (FHIR `HumanName`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HumanName {
    /// FHIR name-use: `official`, `usual`, `nickname`, `maiden`, `old`; empty when not said.
    pub use_: String,
    pub family: String,
    /// First and middle names, in order.
    pub given: Vec<String>,
    pub prefix: Vec<String>,
    pub suffix: Vec<String>,
}

/// A postal address (FHIR `Address`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    /// FHIR address-use: `home`, `work`, `temp`, `old`; empty when not said.
    pub use_: String,
    pub lines: Vec<String>,
    pub city: String,
    pub state: String,
    pub postal_code: String,
    pub country: String,
}

/// A way to reach somebody (FHIR `ContactPoint`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ContactPoint {
    /// `phone`, `email`, `fax`, `pager`, `url` or `other`.
    pub system: String,
    pub value: String,
    /// `home`, `work`, `mobile`, `temp`, `old`; empty when not said.
    pub use_: String,
}

/// A language somebody speaks (FHIR `Patient.communication`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Communication {
    /// BCP-47 tag, such as `es` or `vi`.
    pub language: String,
    pub preferred: bool,
}

/// The person whose chart it is (FHIR `Patient`; CDA `recordTarget`; HL7 v2 `PID`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Patient {
    pub identifiers: Vec<Identifier>,
    /// The legal or official name first.
    pub names: Vec<HumanName>,
    pub birth_date: Option<When>,
    /// FHIR administrative-gender: `male`, `female`, `other`, `unknown`; empty when not recorded.
    pub gender: String,
    pub telecoms: Vec<ContactPoint>,
    pub addresses: Vec<Address>,
    pub deceased: bool,
    pub deceased_at: Option<When>,
    pub marital_status: Option<Concept>,
    /// US Core race and ethnicity; empty = not recorded.
    pub race: Vec<Concept>,
    pub ethnicity: Vec<Concept>,
    pub communications: Vec<Communication>,
    /// US Core interpreter-needed, where the source said it.
    pub interpreter_needed: Option<bool>,
    pub multiple_birth: bool,
    /// Primary care provider, in words, where the source said it.
    pub general_practitioner: Vec<Reference>,
    pub managing_organization: Option<Reference>,
}

/// Somebody who belongs to a patient: kin, guardian, caregiver (FHIR `RelatedPerson`; HL7 v2 `NK1`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RelatedPerson {
    pub identifiers: Vec<Identifier>,
    pub names: Vec<HumanName>,
    pub relationship: Vec<Concept>,
    pub telecoms: Vec<ContactPoint>,
    pub addresses: Vec<Address>,
    pub gender: String,
    pub birth_date: Option<When>,
    pub period: Period,
}

/// Somebody who treats patients (FHIR `Practitioner`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Practitioner {
    pub identifiers: Vec<Identifier>,
    pub names: Vec<HumanName>,
    pub telecoms: Vec<ContactPoint>,
    pub addresses: Vec<Address>,
    pub specialty: Option<Concept>,
}
