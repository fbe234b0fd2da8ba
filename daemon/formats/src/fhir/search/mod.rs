//! Searching FHIR resources: what a query asks (FHIR R4 "Search") and whether a resource answers
//! it. Pure: knows values only; finding candidates fast is the store's matter.

mod dates;
mod matching;
mod query;
mod table;

pub use matching::{compare, matches};
pub use query::{COUNT_DEFAULT, COUNT_MAX, Chain, Filter, Query, Refusal, Sort, parse};
pub use table::{Kind, Parameter, parameters, types};
