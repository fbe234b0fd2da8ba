//! What the community offers: services as a directory of resources lists them (Open Referral HSDS
//! 1.1, 2 and 3; FHIR `HealthcareService`, `Location`, `Organization`).

use super::{Address, When};
use serde::{Deserialize, Serialize};

/// A telephone number of a directory.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Phone {
    pub number: String,
    pub extension: String,
    /// `voice`, `fax`, `text`, `hotline`, `tty` …; empty when not said.
    pub kind: String,
    pub languages: Vec<String>,
    pub description: String,
}

/// When a door is open, or closed on a holiday.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Schedule {
    /// `MO` to `SU` (RFC 5545); empty: see the description.
    pub days: Vec<String>,
    /// Clock times as the source wrote them.
    pub opens: String,
    pub closes: String,
    pub from: Option<When>,
    pub until: Option<When>,
    /// RFC 5545: `WEEKLY`, `MONTHLY` …; empty for every week.
    pub frequency: String,
    /// Every how many weeks or months; 0 when not said.
    pub interval: u32,
    /// Days of the month, as written (HSDS `bymonthday`).
    pub month_days: String,
    /// Closed on these days instead of open.
    pub closed: bool,
    /// The source's own words.
    pub description: String,
}

/// Somebody to ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ServiceContact {
    pub name: String,
    pub title: String,
    pub department: String,
    pub email: String,
    pub phones: Vec<Phone>,
}

/// What it costs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cost {
    /// For whom or in which case.
    pub option: String,
    pub amount: String,
    pub currency: String,
    pub description: String,
}

/// A term by which a service is found.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(default)]
pub struct TaxonomyTerm {
    pub code: String,
    pub name: String,
    /// Whose terms they are: `AIRS`, `Open Eligibility` …
    pub vocabulary: String,
}

/// An address with what it is for: `physical`, `postal`, `virtual`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PlaceAddress {
    pub kind: String,
    pub address: Address,
}

/// Where a service is given (HSDS `location`).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ServicePlace {
    /// The source's own id of the place.
    pub id: String,
    pub name: String,
    pub alternate_name: String,
    pub description: String,
    /// `physical`, `postal` or `virtual`; empty when not said.
    pub kind: String,
    pub url: String,
    pub latitude: String,
    pub longitude: String,
    pub transportation: String,
    pub accessibility: Vec<String>,
    pub addresses: Vec<PlaceAddress>,
    pub phones: Vec<Phone>,
    pub schedules: Vec<Schedule>,
    pub languages: Vec<String>,
    pub contacts: Vec<ServiceContact>,
}

/// Who gives a service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ServiceProvider {
    /// The source's own id of the organization.
    pub id: String,
    pub name: String,
    pub alternate_name: String,
    pub description: String,
    pub email: String,
    pub url: String,
    pub legal_status: String,
    pub tax_id: String,
    /// The organization of which it is a part, in words.
    pub parent: String,
    pub phones: Vec<Phone>,
    pub contacts: Vec<ServiceContact>,
    pub addresses: Vec<PlaceAddress>,
}

/// A service of the community with all that a directory says of it. An organization or a place of
/// which no service is listed is an entry without a service's name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ServiceEntry {
    /// The source's own id: of the service, else of the organization.
    pub id: String,
    pub provider: ServiceProvider,
    pub program: String,
    /// Empty where the directory lists no service of the organization.
    pub name: String,
    pub alternate_name: String,
    pub description: String,
    /// HSDS: `active`, `inactive`, `defunct`, `temporarily closed`; empty when not said, which the
    /// older versions allow and is taken for active.
    pub status: String,
    pub url: String,
    pub email: String,
    pub eligibility: Vec<String>,
    pub minimum_age: String,
    pub maximum_age: String,
    pub fees: String,
    pub costs: Vec<Cost>,
    /// How to apply.
    pub application: String,
    pub wait_time: String,
    pub interpretation: String,
    pub accreditations: String,
    pub licenses: String,
    pub alert: String,
    pub required_documents: Vec<String>,
    pub payments: Vec<String>,
    pub funding: Vec<String>,
    pub languages: Vec<String>,
    /// Where people must live.
    pub areas: Vec<String>,
    pub terms: Vec<TaxonomyTerm>,
    pub contacts: Vec<ServiceContact>,
    pub phones: Vec<Phone>,
    pub schedules: Vec<Schedule>,
    pub places: Vec<ServicePlace>,
    /// What else the source says, by its own headings.
    pub other: Vec<(String, String)>,
    /// When somebody last made sure that it is so.
    pub assured: Option<When>,
    pub modified: Option<When>,
}

/// A directory's word that the entries of this file are all that it lists: what it listed before and
/// does not list now is withdrawn.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ResourceList {
    pub entries: u32,
}

impl ServiceEntry {
    /// Whether people can be sent there, by the source's own word.
    pub fn is_usable(&self) -> bool {
        self.status.is_empty() || self.status.eq_ignore_ascii_case("active")
    }

    /// What pages call it: the service, else who gives it.
    pub fn title(&self) -> &str {
        if self.name.is_empty() { &self.provider.name } else { &self.name }
    }
}
